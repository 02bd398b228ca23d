"""How feet meet the floor: sliding and contact."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.motion.body_constants import BODY
from data.motion.feet import FEET
from data.motion.motion import Motion
from data.movement.ground import sole_heights_m

CONTACT_HEIGHT_M: Final = BODY["contact"]["height_m"]
"""A foot this little above the level at which feet stand is taken to stand."""
CONTACT_SPEED_M_S: Final = BODY["contact"]["speed_m_s"]
"""A foot that is faster than this is not in contact, however low: it slides, or steps."""
SEEMS_TO_STAND_M_S: Final = BODY["contact"]["seems_to_stand_m_s"]
"""A foot that is slower than this, with its sole near the floor, is meant to stand, and whoever looks sees it slide."""


def _feet(motion: Motion) -> NDArray[np.float64]:
    """Positions of the ankles, (frames, 2, 3)."""
    names = [motion.skeleton.index(name) for name in FEET]
    return motion.global_positions()[:, names].astype(np.float64)


def standing_height_m(motion: Motion) -> float:
    """Height of the ankles when they stand: the 5th percentile of the lower one's."""
    return float(np.percentile(_feet(motion)[..., 1].min(1), 5))


def foot_sliding_m_s(motion: Motion) -> float:
    """Mean horizontal speed of the ankles while they stand, m/s.

    A foot stands where it is less than `CONTACT_HEIGHT_M` above its own 5th percentile of height, which makes the
    measure independent of the floor's level.
    """
    positions = motion.global_positions().astype(np.float64)
    speeds = []
    for name in ("LeftFoot", "RightFoot"):
        foot = positions[:, motion.skeleton.index(name)]
        standing = foot[:, 1] < np.percentile(foot[:, 1], 5) + CONTACT_HEIGHT_M
        both = standing[1:] & standing[:-1]
        speeds.append(np.linalg.norm(np.diff(foot[:, [0, 2]], axis=0), axis=1)[both] * motion.rate_hz)
    moved = np.concatenate(speeds)
    return float(moved.mean()) if len(moved) else 0.0


def standing_slide_m_s(motion: Motion) -> float:
    """Mean speed over the floor of feet that seem to stand, m/s: what an audience sees slide; 0 where none stands.

    A foot seems to stand while its sole is less than `CONTACT_HEIGHT_M` from the floor at height 0 and its ankle moves
    more slowly than `SEEMS_TO_STAND_M_S`; steps are left out, which `foot_sliding_m_s` counts.
    """
    feet, soles = _feet(motion), sole_heights_m(motion)
    low = np.abs(soles) < CONTACT_HEIGHT_M
    speed = np.linalg.norm(np.diff(feet[..., [0, 2]], axis=0), axis=-1) * motion.rate_hz
    stands = low[1:] & low[:-1] & (speed < SEEMS_TO_STAND_M_S)
    return float(speed[stands].mean()) if stands.any() else 0.0


def foot_contact_share(motion: Motion, standing_m: float) -> float:
    """Share of the time in which at least one foot is in contact with the floor: low, and hardly moving.

    Args:
        motion: Who dances.
        standing_m: Height of ankles that stand, as `standing_height_m` of real dance, so that a figure that floats or
            sinks has no contact.
    """
    feet = _feet(motion)
    low = np.abs(feet[1:, :, 1] - standing_m) < CONTACT_HEIGHT_M
    slow = np.linalg.norm(np.diff(feet, axis=0), axis=-1) * motion.rate_hz < CONTACT_SPEED_M_S
    return float((low & slow).any(1).mean())
