"""One moment of a dance."""

from dataclasses import dataclass

from .rotations import Floats
from .skeleton import Skeleton


@dataclass(frozen=True, eq=False)
class Frame:
    """A pose as it was sent.

    Attributes:
        skeleton: Whose pose it is.
        time_us: What moment it is meant for, microseconds of the sender's clock.
        arrival_s: When it came in, seconds of our own monotonic clock.
        root: Place of the hips, (3,), metres.
        rotations: Local, (bones, 4).
    """

    skeleton: Skeleton
    time_us: int
    arrival_s: float
    root: Floats
    rotations: Floats
