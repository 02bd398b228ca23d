"""How a body stands: whether it floats above the floor, and whether its weight is over what carries it."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from data.motion.body_constants import BODY
from data.motion.body_mass import centre_of_mass, points
from data.motion.feet import FEET
from data.motion.motion import Motion
from data.motion.rotations import rotate

_CONTACT: Final = BODY["contact"]
FLOAT_M: Final = _CONTACT["float_m"]
"""A figure whose lower sole is higher than this above the floor jumps, or floats."""
CARRY_M: Final = _CONTACT["carry_m"]
"""A point of the body that is this low may carry."""
SHOE_M: Final = _CONTACT["shoe_m"]
"""Half the width of a foot: the support reaches so far around the line from heel to toe."""
OUTSIDE_M: Final = _CONTACT["outside_m"]
"""A centre of mass that is this far outside the support, and at rest, has nothing to hold it."""
AT_REST_M_S: Final = _CONTACT["at_rest_m_s"]
"""Who moves faster than this may be on the way to the next step."""
_SMOOTH_S: Final = 0.1
_NUM_DIRECTIONS: Final = 36


def sole_heights_m(motion: Motion) -> NDArray[np.float64]:
    """Height of the lowest point of each sole, heel or toe, (frames, 2): left, right; metres.

    The heel lies under the ankle, as high as the rest pose stands; toes are the foot's children or its end site. With
    no toes the heel stands for the sole.
    """
    soles = _soles(motion)
    return np.stack([soles[side][..., 1].min(axis=1) for side in range(2)], axis=1)


def lowest_points_m(motion: Motion) -> NDArray[np.float64]:
    """Height of the lowest point of the whole body, soles included, (frames,), metres."""
    return np.minimum(points(motion)[..., 1].min(axis=1), sole_heights_m(motion).min(axis=1))


def floating_share(motion: Motion, floor_m: float = 0.0) -> float:
    """Share of the time in which the lower sole is more than `FLOAT_M` above the floor.

    It counts jumps too, and a body that lies or stands on its hands: 2 % of AIST++, nothing of G1 Moves.

    Args:
        motion: Who dances.
        floor_m: Height of the floor, such as `data.motion.floor.floor_height` of a recording.
    """
    return float((sole_heights_m(motion).min(axis=1) > floor_m + FLOAT_M).mean())


def longest_floating_s(motion: Motion, floor_m: float = 0.0) -> float:
    """Longest stretch in which the lower sole is more than `FLOAT_M` above the floor, seconds."""
    return _longest_s(sole_heights_m(motion).min(axis=1) > floor_m + FLOAT_M, motion.rate_hz)


def airborne_share(motion: Motion, floor_m: float = 0.0) -> float:
    """Share of the time in which nothing of the body is within `FLOAT_M` of the floor: jumps, and what floats."""
    return float((lowest_points_m(motion) > floor_m + FLOAT_M).mean())


def longest_airborne_s(motion: Motion, floor_m: float = 0.0) -> float:
    """Longest stretch in which nothing of the body is within `FLOAT_M` of the floor, seconds; jumps last up to 0.6."""
    return _longest_s(lowest_points_m(motion) > floor_m + FLOAT_M, motion.rate_hz)


def jumps(motion: Motion, floor_m: float = 0.0, height_m: float = 0.05) -> list[tuple[int, int]]:
    """Stretches (first frame, frame after the last) of up to 0.7 s in which the whole body is above `height_m`.

    Between contact and contact: a stretch that the clip cuts off is none.
    """
    starts, ends = _stretches(lowest_points_m(motion) > floor_m + height_m)
    longest = 0.7 * motion.rate_hz
    return [(a, b) for a, b in zip(starts, ends, strict=True) if a > 0 and b < len(motion) and b - a <= longest]


def imbalance_m(motion: Motion) -> NDArray[np.float64]:
    """How far the centre of mass is outside what carries the body, seen from above, (frames,), metres; 0 is inside.

    What carries are the soles, `SHOE_M` wide to each side, and every other point of the body, that are within
    `CARRY_M` of the lowest of them. The distance to their convex hull is the largest over all directions by which the
    centre lies beyond the farthest of them.
    """
    body, soles = points(motion), _soles(motion)
    everything = np.concatenate([*soles, body], axis=1)  # (frames, points, 3)
    carries = everything[..., 1] < everything[..., 1].min(axis=1, keepdims=True) + CARRY_M
    angles = np.arange(_NUM_DIRECTIONS) * (2 * np.pi / _NUM_DIRECTIONS)
    directions = np.stack([np.sin(angles), np.cos(angles)])  # (2, directions)
    reach = np.where(carries[..., None], everything[..., [0, 2]] @ directions, -np.inf).max(axis=1) + SHOE_M
    beyond = centre_of_mass(motion)[:, [0, 2]] @ directions - reach
    return np.maximum(beyond.max(axis=1), 0.0)


def unbalanced(motion: Motion) -> NDArray[np.bool_]:
    """The frames in which the body rests on nothing that could hold it, (frames,).

    Its centre of mass is more than `OUTSIDE_M` outside the support while it hardly moves over the floor, so that it is
    neither falling nor stepping: a figure that leans like a tilted statue.
    """
    place = gaussian_filter1d(centre_of_mass(motion)[:, [0, 2]], _SMOOTH_S * motion.rate_hz, axis=0, mode="nearest")
    speed = np.linalg.norm(np.gradient(place, axis=0), axis=1) * motion.rate_hz if len(motion) > 1 else np.zeros(1)
    return np.asarray((imbalance_m(motion) > OUTSIDE_M) & (speed < AT_REST_M_S))


def unbalanced_share(motion: Motion) -> float:
    """Share of the time in which the body is `unbalanced`: 5 % of AIST++, 0.6 % of G1 Moves."""
    return float(unbalanced(motion).mean())


def longest_unbalanced_s(motion: Motion) -> float:
    """Longest stretch in which the body is `unbalanced`, seconds."""
    return _longest_s(unbalanced(motion), motion.rate_hz)


def _soles(motion: Motion) -> list[NDArray[np.float64]]:
    """Points of the left and of the right sole, each (frames, points, 3)."""
    skeleton = motion.skeleton
    joints, turned = skeleton.forward_kinematics(
        motion.root_positions.astype(np.float64), motion.rotations.astype(np.float64)
    )
    soles = []
    for name in FEET:
        foot = skeleton.index(name)
        ankle_m = float(skeleton.rest_positions[foot][1]) + skeleton.rest_height
        ends = [np.array([0.0, -ankle_m, 0.0])]
        ends += [np.array(tip) for joint, tip in skeleton.end_sites if joint == foot]
        ends += [skeleton.offsets[joint] for joint, parent in enumerate(skeleton.parents) if parent == foot]
        soles.append(np.stack([joints[:, foot] + rotate(turned[:, foot], end) for end in ends], axis=1))
    return soles


def _stretches(is_so: NDArray[np.bool_]) -> tuple[list[int], list[int]]:
    """First frames of the stretches in which something is so, and the frames after their last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_so, [False]]).astype(int)))
    return edges[::2].tolist(), edges[1::2].tolist()


def _longest_s(is_so: NDArray[np.bool_], rate_hz: float) -> float:
    starts, ends = _stretches(is_so)
    return max((end - start for start, end in zip(starts, ends, strict=True)), default=0) / rate_hz
