"""How long a body stands about: hardly moving, although it breathes, sways or shifts its weight."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.motion.motion import Motion
from data.movement.speed import Curve, joint_speed

STAND_SPEED_M_S: Final = 0.2
"""Mean joint speed over `STAND_WINDOW_S` below which nobody would say that a body dances. Idling is 0.02, a dancer
who had stopped dancing moved at 0.07 to 0.2; real street dance is at 0.7 and falls below this for moments."""
STAND_WINDOW_S: Final = 0.5


def smoothed_speed(motion: Motion) -> Curve:
    """Mean joint speed over `STAND_WINDOW_S`, m/s, (frames - 1,); value i lies between frames i and i + 1."""
    speed = joint_speed(motion)
    width = min(max(1, round(STAND_WINDOW_S * motion.rate_hz)), len(speed))
    if not width:
        return speed
    counts = np.convolve(np.ones_like(speed), np.ones(width), mode="same")
    return np.asarray(np.convolve(speed, np.ones(width), mode="same") / counts, np.float64)


def is_standing(motion: Motion) -> NDArray[np.bool_]:
    """Where the body stands about, (frames - 1,)."""
    return np.asarray(smoothed_speed(motion) < STAND_SPEED_M_S)


def longest_s(where: NDArray[np.bool_], rate_hz: float) -> float:
    """Length of the longest stretch of frames that are marked, seconds.

    Example:
        >>> longest_s(np.array([True, False, True, True, True, False]), rate_hz=2)
        1.5
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], where, [False]]).astype(int)))
    return float((edges[1::2] - edges[::2]).max(initial=0) / rate_hz)


def longest_stand_s(motion: Motion, counts: NDArray[np.bool_] | None = None) -> float:
    """Longest stretch of standing about, seconds.

    Args:
        motion: Who dances.
        counts: Frames at which it is to be danced, (frames,), such as those in which music sounds; None for all.
    """
    standing = is_standing(motion)
    return longest_s(standing if counts is None else standing & counts[1:], motion.rate_hz)
