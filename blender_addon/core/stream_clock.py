"""What the sender's clock says in ours, and how well the stream runs."""

from collections import deque
from dataclasses import dataclass, field
from statistics import median
from typing import Final

_WINDOW_S: Final = 3.0
_RESTART_S: Final = 1.0


@dataclass
class StreamClock:
    """Follows pairs of (the sender's time, our time of arrival).

    The fastest datagram of the last seconds tells the difference of the clocks, up to its own time on the way, which
    a ping measures.

    Attributes:
        round_trip_s: From a ping to its answer; None as long as there was none.
    """

    round_trip_s: float | None = None
    _pairs: deque[tuple[float, float]] = field(default_factory=deque)

    def note(self, time_us: int, arrival_s: float) -> None:
        """A frame has come in."""
        sent_s = time_us * 1e-6
        if self._pairs:
            last_sent_s, last_arrival_s = self._pairs[-1]
            if sent_s < last_sent_s or sent_s - last_sent_s > arrival_s - last_arrival_s + _RESTART_S:
                self._pairs.clear()  # another sender, or it was started anew
        self._pairs.append((sent_s, arrival_s))
        while arrival_s - self._pairs[0][1] > _WINDOW_S:
            self._pairs.popleft()

    def forget(self) -> None:
        """There is no stream any more."""
        self._pairs.clear()
        self.round_trip_s = None

    @property
    def offset_s(self) -> float:
        """Our clock minus the sender's, 0 as long as nothing is known."""
        return min((arrival - sent for sent, arrival in self._pairs), default=0.0)

    @property
    def rate_hz(self) -> float:
        """Frames a second by the sender's clock, 0 as long as it is not known."""
        span_s = self._pairs[-1][0] - self._pairs[0][0] if len(self._pairs) > 1 else 0.0
        return (len(self._pairs) - 1) / span_s if span_s > 0 else 0.0

    @property
    def jitter_s(self) -> float:
        """By how much a frame is later than the fastest, half of the time."""
        offset_s = self.offset_s
        return median(arrival - sent - offset_s for sent, arrival in self._pairs) if self._pairs else 0.0
