"""Interrupts that wait for the end of a picture."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def undisturbed() -> Iterator[None]:
    """Holds Ctrl-C and SIGTERM back until the block ends, for their handlers to raise what they raise only then.

    Matplotlib's compiled parts call Python for each path; what a handler raises there comes out of them as another
    error, "Invalid affine transformation matrix", or not at all.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread hears of signals
        return
    heard: list[tuple[int, FrameType | None]] = []
    handlers = {
        number: handler
        for number in (signal.SIGINT, signal.SIGTERM)
        if callable(handler := signal.getsignal(number))  # those of the system raise nothing
    }
    try:
        for number in handlers:
            signal.signal(number, lambda number, frame: heard.append((number, frame)))
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    for heard_number, frame in heard:
        handlers[signal.Signals(heard_number)](heard_number, frame)
