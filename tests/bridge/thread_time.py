"""Time for threads that follow a clock: it stands still while one of them works, and jumps when all of them sleep.

So nothing takes any time but what a test makes last, and the threads meet in the same order on every machine. They are
the product's own threads, running its own code; only the module `time` is another one.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from tests.waiting import GENEROUS_S

PRODUCT_MODULES = (
    "bridge.live.runner",
    "bridge.live.listener",
    "bridge.live.sender",
    "bridge.timing.pacing",
    "bridge.live.telemetry",
    "bridge.wire.targets",
)
"""What a performance's threads read the time in."""


class ThreadTime:
    """Stands in for the module `time` in the modules of a performance.

    Threads whose names are given sleep here until the test lets time pass, one thread at a time; everybody may read it.

    Args:
        followers: The names of the threads that follow it.
    """

    def __init__(self, followers: Sequence[str] = ("transflower engine", "transflower sender")) -> None:
        self._followers = followers
        self._now_s = 1000.0
        self._condition = threading.Condition()
        self._wakes_s: dict[threading.Thread, float] = {}

    def monotonic(self) -> float:
        """The present."""
        return self._now_s

    def sleep(self, seconds: float) -> None:
        """Sleeps until the test has let so much time pass."""
        sleeper = threading.current_thread()
        with self._condition:
            self._wakes_s[sleeper] = self._now_s + seconds
            self._condition.notify_all()
            self._condition.wait_for(lambda: sleeper not in self._wakes_s)

    def step(self) -> None:
        """Goes on to the moment at which the first of them wakes, and lets that one work until all sleep again."""
        with self._condition:
            self._rest()
            if self._wakes_s:
                first = min(self._wakes_s, key=lambda sleeper: (self._wakes_s[sleeper], sleeper.name))
                self._now_s = max(self._now_s, self._wakes_s.pop(first))
                self._condition.notify_all()
                self._rest()

    def pass_until(self, condition: Callable[[], bool], within_s: float = 600.0) -> None:
        """Lets time pass until something is so, at most so long by this clock."""
        give_up_s = self._now_s + within_s
        while not condition():
            assert self._now_s < give_up_s, f"{within_s:g} s have passed"
            self.step()

    @contextmanager
    def passing(self) -> Iterator[None]:
        """A block during which time passes by itself, as fast as it can."""
        ended = threading.Event()

        def run() -> None:
            while not ended.is_set():
                self.step()

        thread = threading.Thread(target=run, name="time")
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _rest(self) -> None:
        """Waits, really, until all threads sleep or have ended."""
        give_up_s = time.monotonic() + GENEROUS_S
        while awake := set(self._living()) - self._wakes_s.keys():
            assert time.monotonic() < give_up_s, f"neither sleep nor end: {awake}"
            self._condition.wait(0.001)  # nobody tells when a thread ends

    def _living(self) -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread.name in self._followers]
