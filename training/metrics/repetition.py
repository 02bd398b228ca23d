"""Whether a dance comes back to what it did: likeness of poses so many beats apart."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.motion import rotations
from data.motion.motion import Motion
from data.movement.facing import facing_rad
from data.movement.speed import Curve

LAGS_BEATS: Final = (1, 2, 4, 8)
"""Counts after which dances return: a beat, a half and a whole bar of four, two bars."""


def body_positions(motion: Motion) -> NDArray[np.float64]:
    """Joints as seen from a body that knows neither its place nor its direction, (frames, joints, 3), metres.

    Heights are those above the floor; +Z is where the hips face.
    """
    positions = motion.global_positions().astype(np.float64)
    positions[..., [0, 2]] -= positions[:, :1, [0, 2]]
    back = rotations.about_axis(1, -facing_rad(motion))[:, None]
    return np.asarray(rotations.rotate(back, positions), np.float64)


def likeness_after(motion: Motion, beat: Curve, lags_beats: Sequence[float] = LAGS_BEATS) -> NDArray[np.float64]:
    """Correlation of the body's poses with those so many beats later, (lags,), -1 to 1; NaN where it is unknown.

    It is unknown where the dance is too short, or has no beat. Poses are `body_positions` less their own mean over the
    dance, so a body that stands says nothing, and one that does the same again after a bar has 1 at four beats.

    Args:
        motion: Who dances.
        beat: Beat position at each frame, (frames,), rising; NaN where there is none.
        lags_beats: How many beats later.
    """
    poses = body_positions(motion).reshape(len(motion), -1)
    poses -= poses.mean(0)
    return np.array([_likeness(poses, beat, lag) for lag in lags_beats])


def _likeness(poses: NDArray[np.float64], beat: Curve, lag: float) -> float:
    if not np.isfinite(beat).all():
        return float("nan")
    frames = np.arange(len(poses), dtype=np.float64)
    later = np.interp(beat + lag, beat, frames, right=np.nan)
    now = np.flatnonzero(np.isfinite(later))
    if len(now) < len(poses) // 8:
        return float("nan")
    low = np.minimum(later[now].astype(int), len(poses) - 2)
    part = (later[now] - low)[:, None]
    there, here = poses[low] * (1 - part) + poses[low + 1] * part, poses[now]
    size = np.sqrt(np.square(here).sum() * np.square(there).sum())
    return float((here * there).sum() / size) if size > 1e-9 else float("nan")
