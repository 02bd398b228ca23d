"""Byte-equal copies of `bridge/takes`; see `make_vendor.py`."""
