"""What leaves the bridge: one pose with its number and its time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class PoseFrame:
    """One pose of the dancer, stamped for sending.

    Frame of reference: right-handed, Y up, metres; the figure faces +Z and its left is +X.
    Whoever makes the frame answers for unit quaternions whose signs are continuous over time; encoders only
    refuse what is not finite.

    Attributes:
        sequence: number of the frame, one more for each; it leaves as ``sequence % 2**31``.
        time_us: when the pose is due, in microseconds of the bridge's monotonic clock.
        root_position: float32 (3,), position of the root joint (the hips) in metres.
        rotations: float32 (bones, 4), local unit quaternions (x, y, z, w) in the order of the skeleton.
    """

    sequence: int
    time_us: int
    root_position: NDArray[np.float32]
    rotations: NDArray[np.float32]
