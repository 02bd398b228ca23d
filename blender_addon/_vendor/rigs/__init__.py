"""Byte-equal copies of `data/rigs`; see `make_vendor.py`."""
