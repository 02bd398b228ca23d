"""Pace: notices over seconds that a dance moves more or less than it was asked to, and how to make up for it."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Pace:
    """A slow closed loop around the speed of a dance; its own configuration.

    A dancer obeys an energy only more or less: given 0.4 m/s in a calm style, it moves at 0.6, and given 0.9 in a wild
    one at 0.75; a song at another tempo changes both. What is missing is gathered over `time_s` and added:
    a larger or smaller energy, and where more of it is asked for, a higher temperature too. Pure.

    Attributes:
        rate_hz: Frames of dance a second.
        time_s: So long a dance that misses what is asked for by `full_m_s` must go on to get an urge of one.
        most: The largest urge, either way.
        full_m_s: What an urge of one adds, m/s.
        temperature: The share by which an urge of one raises the temperature; one to be calmer does not lower it.

    Example:
        >>> pace = Pace(rate_hz=30)
        >>> urge = 0.0
        >>> for _ in range(150):
        ...     urge = pace.step(speed_m_s=0.6, wanted_m_s=0.4, urge=urge)
        >>> urge < -0.1
        True
    """

    rate_hz: float
    time_s: float = 5.0
    most: float = 1.0
    full_m_s: float = 0.4
    temperature: float = 0.2

    def more_m_s(self, urge: float) -> float:
        """To be added to what was asked for, m/s; in steps, so that the condition does not change with each frame."""
        return self.full_m_s * round(urge, 2)

    def hotter(self, urge: float) -> float:
        """By which share the temperature is raised."""
        return self.temperature * max(urge, 0.0)

    def step(self, *, speed_m_s: float, wanted_m_s: float, urge: float) -> float:
        """The urge after one more frame of dance, -1 (as calm as may be) to 1.

        Args:
            speed_m_s: Mean speed of the joints of late.
            wanted_m_s: That it is to have on the whole; NaN leaves it to the dancer, and there is no urge.
            urge: After the frame before; 0 at first.
        """
        if math.isnan(wanted_m_s):
            return 0.0
        missing = (wanted_m_s - speed_m_s) / self.full_m_s
        return min(max(urge + missing / (self.rate_hz * self.time_s), -self.most), self.most)
