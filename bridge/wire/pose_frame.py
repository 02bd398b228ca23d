"""What leaves the bridge: one pose with its number and its time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class PoseFrame:
    """One pose of the dancer, stamped for sending.

    Frame of reference: right-handed, Y up, metres; the figure faces +Z and its left is +X.
    Whoever makes the frame answers for unit quaternions whose signs are continuous over time.

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

    def require_sendable(self, num_bones: int) -> None:
        """Says whether an encoder for so many bones may send this frame.

        Raises:
            ValueError: it has another number of bones, or a number is not finite.
        """
        if self.rotations.shape != (num_bones, 4):
            raise ValueError(
                f"frame {self.sequence} has rotations of shape {self.rotations.shape}, "
                f"but the skeleton has {num_bones} bones"
            )
        if not (np.isfinite(self.root_position).all() and np.isfinite(self.rotations).all()):
            raise ValueError(f"frame {self.sequence} holds NaN or infinity; it must not leave the bridge")
