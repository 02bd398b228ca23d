"""Where the weight of a body is: the masses of its segments, as shares that hang on joints and end sites.

A segment's centre of mass lies on the line between two joints, so that the centre of mass of the whole body is a
weighted sum of points of the skeleton. Shares of the whole mass, and places along the segments, are the means of women
and men in P. de Leva, Adjustments to Zatsiorsky-Seluyanov's segment inertia parameters, J. Biomechanics 29, 1996,
table 4.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.motion.motion import Motion
from data.motion.rotations import rotate
from data.motion.skeleton import Skeleton

_LIMBS: Final = {
    "UpperArm": ("LowerArm", 0.026, 0.58),
    "LowerArm": ("Hand", 0.015, 0.46),
    "Hand": ("", 0.006, 0.40),
    "UpperLeg": ("LowerLeg", 0.145, 0.385),
    "LowerLeg": ("Foot", 0.046, 0.44),
    "Foot": ("", 0.013, 0.42),
}
"""Joint to the joint at the other end of its segment (none: its tip), share of the mass, place from joint to end."""
_HEAD_SHARE: Final = 0.068
_HEAD_PLACE: Final = 0.5
_TRUNK: Final = ((0.118, 0.09), (0.155, 0.44), (0.157, 0.88))
"""Lower, middle and upper trunk: share of the mass, height from the hip joints (0) to the base of the neck (1)."""


def point_parents(skeleton: Skeleton) -> tuple[int, ...]:
    """For each joint and then each end site the joint that it hangs on; -1 for the root."""
    return (*skeleton.parents, *(joint for joint, _ in skeleton.end_sites))


def mass_shares(skeleton: Skeleton) -> NDArray[np.float64]:
    """Weights (joints + end sites,) that add up to 1: the body's centre of mass is the sum of its points times these.

    Bones that a figure lacks give their share to the joint that they would hang on. Bones beyond the segments (fingers,
    shoulders, toes) weigh nothing of their own.

    Raises:
        ValueError: The skeleton lacks legs or arms by their humanoid names.

    Example:
        >>> from data.motion.humanoid import default_skeleton
        >>> figure = default_skeleton()
        >>> heights = [*figure.rest_positions[:, 1], *(figure.rest_positions[j][1] + t[1] for j, t in figure.end_sites)]
        >>> centre_m = float(mass_shares(figure) @ np.array(heights)) + figure.rest_height
        >>> round(centre_m / figure.stature_m, 2)  # in a T-pose, arms raised; standing people's is at 0.55
        0.58
    """
    shares = np.zeros(skeleton.num_joints + len(skeleton.end_sites))
    for side in ("Left", "Right"):
        for name, (end, share, place) in _LIMBS.items():
            start = skeleton.index(f"{side}{name}") if f"{side}{name}" in skeleton.names else None
            if start is None:  # a figure without hands or feet of its own
                shares[skeleton.index(f"{side}Lower{'Arm' if name == 'Hand' else 'Leg'}")] += share
                continue
            tip = (
                skeleton.index(f"{side}{end}")
                if end and f"{side}{end}" in skeleton.names
                else _far_end(skeleton, start)
            )
            shares[start] += share * (1.0 - place)
            shares[tip] += share * place
    head = skeleton.names.index("Head") if "Head" in skeleton.names else _trunk(skeleton)[-1]
    shares[head] += _HEAD_SHARE * (1.0 - _HEAD_PLACE)
    shares[_far_end(skeleton, head)] += _HEAD_SHARE * _HEAD_PLACE
    _add_trunk(skeleton, shares)
    return shares / shares.sum()


def points(motion: Motion) -> NDArray[np.float64]:
    """Places of all joints and then all end sites, (frames, joints + end sites, 3), metres in the world."""
    joints, turned = motion.skeleton.forward_kinematics(
        motion.root_positions.astype(np.float64), motion.rotations.astype(np.float64)
    )
    tips = [joints[:, joint] + rotate(turned[:, joint], np.array(tip)) for joint, tip in motion.skeleton.end_sites]
    return np.concatenate([joints, *(tip[:, None] for tip in tips)], axis=1)


def centre_of_mass(motion: Motion) -> NDArray[np.float64]:
    """The body's centre of mass in every frame, (frames, 3), metres in the world."""
    return np.einsum("p,fpc->fc", mass_shares(motion.skeleton), points(motion))


def _far_end(skeleton: Skeleton, joint: int) -> int:
    """The farthest child or end site of a joint, as an index among all points; the joint itself if it has none."""
    candidates = [(child, skeleton.offsets[child]) for child, parent in enumerate(skeleton.parents) if parent == joint]
    candidates += [
        (skeleton.num_joints + place, np.array(tip))
        for place, (on, tip) in enumerate(skeleton.end_sites)
        if on == joint
    ]
    return max(candidates, key=lambda one: float(np.linalg.norm(one[1])), default=(joint, None))[0]


def _trunk(skeleton: Skeleton) -> list[int]:
    """The joints from the hips up to the base of the neck, or as far as there are any."""
    up_to_neck = ("Hips", "Spine", "Chest", "UpperChest", "Neck")
    chain = [skeleton.index(name) for name in up_to_neck if name in skeleton.names]
    if "Neck" not in skeleton.names and "Head" in skeleton.names:
        chain.append(skeleton.index("Head"))
    return chain


def _add_trunk(skeleton: Skeleton, shares: NDArray[np.float64]) -> None:
    """Spreads the trunk's mass over the joints of the spine, by the heights of these in the rest pose."""
    chain = _trunk(skeleton)
    heights = [float(skeleton.rest_positions[joint][1]) for joint in chain]
    bottom = float(skeleton.rest_positions[skeleton.index("LeftUpperLeg")][1])
    for share, place in _TRUNK:
        height = bottom + place * (heights[-1] - bottom)
        above = next((number for number, other in enumerate(heights) if other > height), len(chain) - 1)
        below = max(above - 1, 0)
        gap = heights[above] - heights[below]
        weight = min(max((height - heights[below]) / gap, 0.0), 1.0) if gap > 0.0 else 0.0
        shares[chain[below]] += share * (1.0 - weight)
        shares[chain[above]] += share * weight
