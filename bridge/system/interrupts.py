"""Ctrl-C, SIGTERM and a closed terminal as an event, so that a program ends what it does in order."""

import contextlib
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType


class Interrupt:
    """What `threading.Event` offers, and may be set in a signal handler.

    An `Event` may not: where the signal comes as the main thread begins to wait, that holds the lock which `set` wants.
    """

    def __init__(self) -> None:
        self._is_set = False
        self._wakes: queue.SimpleQueue[None] = queue.SimpleQueue()  # whose `put` may interrupt itself and `get`

    def is_set(self) -> bool:
        """Whether it was set."""
        return self._is_set

    def set(self) -> None:
        """Sets it, and wakes who waits."""
        self._is_set = True
        self._wakes.put(None)

    def wait(self, timeout_s: float | None = None) -> bool:
        """Waits until it is set, or for so long; whether it is set."""
        if not self._is_set:
            with contextlib.suppress(queue.Empty):
                self._wakes.get(timeout=timeout_s)
                self._wakes.put(None)  # for others who wait
        return self._is_set


@contextlib.contextmanager
def interrupts() -> Iterator[Interrupt]:
    """An event that Ctrl-C, SIGTERM and a terminal that is closed set instead of tearing the program down.

    Only the main thread can have it. A second Ctrl-C or SIGTERM raises `KeyboardInterrupt`, for whoever does not want
    to wait for a driver that hangs. A program that was started by `nohup` goes on when its terminal is closed.
    """
    interrupted = Interrupt()

    def interrupt(number: int, frame: FrameType | None) -> None:
        # Both the system and a shell tell that the terminal was closed: that is one request, not two.
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
