"""Byte-equal copies of `bridge/wire`; see `make_vendor.py`."""
