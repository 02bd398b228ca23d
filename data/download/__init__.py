"""Public data sets, fetched: the one part of `data` that opens a socket."""
