"""How a body moves: speed, jerk, freezes, travel. On joint positions in metres."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.motion.motion import Motion

FREEZE_SPEED_M_S: Final = 0.05
"""Mean joint speed below which a body counts as standing still; breathing idles at about 0.02 m/s."""

Curve = NDArray[np.float64]


def joint_speed(motion: Motion) -> Curve:
    """Mean speed of all joints in the room, m/s, (frames - 1,); value i lies between frames i and i + 1."""
    positions = motion.global_positions().astype(np.float64)
    return np.linalg.norm(np.diff(positions, axis=0), axis=-1).mean(1) * motion.rate_hz


def pose_speed(motion: Motion) -> Curve:
    """Mean speed of all joints relative to the hips, m/s, (frames - 1,): the dance without its path over the floor."""
    positions = motion.global_positions().astype(np.float64)
    relative = positions - positions[:, :1]
    return np.linalg.norm(np.diff(relative, axis=0), axis=-1).mean(1) * motion.rate_hz


def jerk(motion: Motion) -> float:
    """Mean size of the third derivative of the joint positions relative to the hips, m/s^3."""
    positions = motion.global_positions().astype(np.float64)
    relative = positions - positions[:, :1]
    return float(np.linalg.norm(np.diff(relative, n=3, axis=0), axis=-1).mean() * motion.rate_hz**3)


def longest_freeze_s(motion: Motion) -> float:
    """Longest stretch below `FREEZE_SPEED_M_S`, seconds."""
    still = np.concatenate([[False], joint_speed(motion) < FREEZE_SPEED_M_S, [False]])
    edges = np.flatnonzero(np.diff(still.astype(int)))
    lengths = edges[1::2] - edges[::2]
    return float(lengths.max(initial=0) / motion.rate_hz)


def freeze_share(motion: Motion) -> float:
    """Share of the time spent below `FREEZE_SPEED_M_S`."""
    return float((joint_speed(motion) < FREEZE_SPEED_M_S).mean())


def travel_m(motion: Motion) -> float:
    """Largest horizontal distance of the hips from where they started, metres.

    Example:
        >>> from data.motion.humanoid import default_skeleton
        >>> from data.motion.idle import IdleMotion
        >>> standing = IdleMotion(default_skeleton(), 30).motion(90)
        >>> travel_m(standing) < 0.05, freeze_share(standing)
        (True, 1.0)
    """
    path = motion.root_positions[:, [0, 2]] - motion.root_positions[:1, [0, 2]]
    return float(np.linalg.norm(path, axis=1).max())
