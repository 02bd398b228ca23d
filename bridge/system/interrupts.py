"""Ctrl-C, SIGTERM and a closed terminal as an event, so that a program ends what it does in order."""

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType


@contextlib.contextmanager
def interrupts() -> Iterator[threading.Event]:
    """An event that Ctrl-C, SIGTERM and a terminal that is closed set instead of tearing the program down.

    Only the main thread can have it. A second Ctrl-C or SIGTERM raises `KeyboardInterrupt`, for whoever does not want
    to wait for a driver that hangs. A program that was started by `nohup` goes on when its terminal is closed.
    """
    interrupted = threading.Event()

    def interrupt(number: int, frame: FrameType | None) -> None:
        # Both the system and a shell tell that the terminal was closed: that is one wish, not two.
        if interrupted.is_set() and number in (signal.SIGINT, signal.SIGTERM):
            raise KeyboardInterrupt
        interrupted.set()

    if threading.current_thread() is not threading.main_thread():
        yield interrupted
        return
    numbers = [signal.SIGINT, signal.SIGTERM]
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    previous = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield interrupted
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
