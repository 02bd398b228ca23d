"""The engine: a frame of features in, a pose out; live and offline. No clock, no thread, no socket."""
