"""Byte-equal copies of `data/motion`; see `make_vendor.py`."""
