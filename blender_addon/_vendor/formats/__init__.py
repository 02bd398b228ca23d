"""Byte-equal copies of `data/formats`; see `make_vendor.py`."""
