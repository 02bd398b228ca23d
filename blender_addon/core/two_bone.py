"""Two-bone inverse kinematics of a leg, for all frames of a take: the bridge's own, frame by frame."""

import numpy as np

from .._vendor.motion.two_bone import TwoBoneLeg, quaternion, vector
from .rotations import IDENTITY, Floats, inverse, multiply, rotate


def reach_turns(hip: Floats, knee: Floats, ankle: Floats, target: Floats, thigh: Floats) -> tuple[Floats, Floats]:
    """Turns in the world, of thigh and shin, (frames, 4) each, that bring the ankle to a place.

    Args:
        hip: Place of the hip joint, (frames, 3); Y up.
        knee: Likewise.
        ankle: Likewise.
        target: Where the ankle belongs; what is out of reach is approached.
        thigh: The thigh's rotation relative to a T, (frames, 4); its X is the axis of a straight knee.
    """
    in_thigh = inverse(thigh)
    knees, ankles = rotate(in_thigh, knee - hip), rotate(in_thigh, ankle - knee)
    turns = np.tile(IDENTITY, (2, len(hip), 1))
    for frame in np.flatnonzero(np.linalg.norm(target - ankle, axis=1) >= 1e-9):
        leg = TwoBoneLeg(vector(knees[frame].tolist()), vector(ankles[frame].tolist()))
        given = quaternion(thigh[frame].tolist())  # the shin's frame is the thigh's: all of the bend is in `ankles`
        turns[:, frame] = leg.solve(vector((target[frame] - hip[frame]).tolist()), given, given)
    solved = np.linalg.norm(target - ankle, axis=1) >= 1e-9
    turns[:, solved] = multiply(turns[:, solved], in_thigh[solved])
    return turns[0], turns[1]
