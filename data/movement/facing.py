"""Which way a body faces, and how much of the time it shows the audience its front."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.motion import rotations
from data.motion.motion import Motion

FRONT_RAD: Final = np.radians(60.0)
"""A body within this angle of the front faces it."""


def facing_rad(motion: Motion) -> NDArray[np.float64]:
    """Direction in which the hips face, (frames,), about +Y from +Z towards +X, not unwrapped.

    That of the hips' own front on the floor; of hips that lie on their back or front it is that of the body's up.
    """
    hips = rotations.normalise(motion.rotations[:, 0].astype(np.float64))
    front = rotations.rotate(hips, np.array([0.0, 0.0, 1.0]))
    up = rotations.rotate(hips, np.array([0.0, 1.0, 0.0]))
    lying = np.hypot(front[:, 0], front[:, 2]) < 0.3
    front[lying] = -np.sign(front[lying, 1:2]) * up[lying]
    return np.arctan2(front[:, 0], front[:, 2])


def main_direction_rad(motion: Motion) -> float:
    """The direction that a body faces on the whole: the angle of the mean of unit vectors."""
    return float(np.angle(np.exp(1j * facing_rad(motion)).mean()))


def front_share(motion: Motion, front_rad: float | None = 0.0) -> float:
    """Share of the time in which a body faces within `FRONT_RAD` of the front.

    Args:
        motion: Who dances.
        front_rad: Direction of the front, about +Y from +Z; None takes the body's own main direction, for motion whose
            front is not known. It is the kinder one: it forgives who turns away once and stays so.
    """
    front = main_direction_rad(motion) if front_rad is None else front_rad
    off = np.angle(np.exp(1j * (facing_rad(motion) - front)))
    return float((np.abs(off) <= FRONT_RAD).mean())
