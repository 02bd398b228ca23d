"""Time that passes only when somebody sleeps: what keeps pace with the clock is tested at once, on any machine."""

import math


class SimulatedTime:
    """Stands in for the module `time` in a module of the product that reads the clock and sleeps.

    `monkeypatch.setattr("bridge.sources.file.time", SimulatedTime())` gives a file its pace from here. A busy machine
    changes nothing then: nobody is later than the test says.
    """

    def __init__(self, now_s: float = 1000.0) -> None:
        self._now_ns = round(now_s * 1e9)

    def monotonic(self) -> float:
        """Seconds."""
        return self._now_ns * 1e-9

    def monotonic_ns(self) -> int:
        """Nanoseconds."""
        return self._now_ns

    def sleep(self, seconds: float) -> None:
        """Lets time pass, never less than was asked for."""
        self._now_ns += max(math.ceil(seconds * 1e9), 0)

    def sleep_until(self, time_s: float) -> None:
        """Lets time pass until then; none, if that has passed."""
        self.sleep(time_s - self.monotonic())
