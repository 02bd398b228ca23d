"""Copies of modules of the bridge, written by `make vendor`: change them in `data`, and only there."""
