"""Feet on the floor: while one movement fades into another, the foot that carries the figure stays where it is."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.motion.motion import Motion

FEET: Final = ("LeftFoot", "RightFoot")
# The lower foot carries; within this height of each other both do.
SHARED_WEIGHT_M: Final = 0.02
EDGE_S: Final = 0.1


def plant_feet(motion: Motion, where: NDArray[np.bool_]) -> Motion:
    """The motion with its path rebuilt from the supporting foot in the frames `where`, eased in and out over 0.1 s.

    Blended joint angles move the feet although no step was danced. Here the root moves instead: what is left of the
    supporting foot's speed over the floor is taken off the root. Only x and z change; joint angles stay.

    Args:
        motion: with joints LeftFoot and RightFoot; without them it is returned as it is.
        where: (frames,) frames to correct.
    """
    names = motion.skeleton.names
    if not set(FEET) <= set(names) or not where.any() or len(motion) < 2:
        return motion
    feet = motion.global_positions()[:, [names.index(foot) for foot in FEET]].astype(np.float64)  # (frames, 2, 3)
    velocity = np.diff(feet[..., [0, 2]], axis=0, prepend=feet[:1, :, [0, 2]])
    lift = feet[..., 1] - feet[..., 1].min(axis=1, keepdims=True)
    carries = np.exp(-((lift / SHARED_WEIGHT_M) ** 2))
    carries /= carries.sum(axis=1, keepdims=True)
    edge = max(1, round(EDGE_S * motion.rate_hz))
    weight = np.convolve(where.astype(float), np.hanning(2 * edge + 3)[1:-1] / (edge + 1), mode="same")
    slide = weight[:, None] * np.sum(carries[..., None] * velocity, axis=1)
    positions = motion.root_positions.astype(np.float64)
    positions[:, [0, 2]] -= np.cumsum(slide, axis=0)
    return replace(motion, root_positions=positions.astype(np.float32))
