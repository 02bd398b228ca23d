"""Where the floor is: what a motion itself says of it."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.motion import rotations
from data.motion.motion import Motion
from data.motion.skeleton import STATURE_M

USUAL_SHARE: Final = 0.2
"""The figure stands in at least this share of the frames; the floor is where its lowest points are in them."""
TOLERANCE_M: Final = 0.05
"""A floor that near to 0 is taken to be at 0, for a figure of 1.6 m: soles are thick, tips are guessed."""


def lowest_points(motion: Motion) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Height of the lowest joint or end site in every frame, metres, and the joint that it is or hangs on."""
    joints, turned = motion.skeleton.forward_kinematics(motion.root_positions, motion.rotations)
    heights = [joints[..., 1]]
    owners = list(range(motion.skeleton.num_joints))
    for joint, offset in motion.skeleton.end_sites:
        tip = joints[:, joint, 1] + rotations.rotate(turned[:, joint], np.array(offset, np.float32))[:, 1]
        heights.append(tip[:, None])
        owners.append(joint)
    all_heights = np.concatenate(heights, axis=1)
    lowest = all_heights.argmin(axis=1)
    return all_heights[np.arange(len(motion)), lowest], np.array(owners)[lowest]


def usual_lowest_m(motion: Motion) -> float:
    """Height at which the lowest points usually are, metres."""
    return float(np.quantile(lowest_points(motion)[0], USUAL_SHARE))


def floor_height(motion: Motion) -> float:
    """Height of the floor in metres: 0 where the lowest points say nothing against it, else where they usually are."""
    usual = usual_lowest_m(motion)
    return 0.0 if abs(usual) < TOLERANCE_M * motion.skeleton.stature_m / STATURE_M else usual
