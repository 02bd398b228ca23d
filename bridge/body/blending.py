"""Moving between poses: easing, placing on the floor, and never faster than a body can move."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.motion.motion import Pose
from data.motion.rotations import Floats, about_axis, angle_between, inverse, multiply, normalise, slerp

IDENTITY: Final[NDArray[np.float32]] = np.array([0, 0, 0, 1], np.float32)


def smoothstep(x: float) -> float:
    """Eased ramp from 0 to 1: 3 x^2 - 2 x^3, level at both ends."""
    x = min(max(x, 0.0), 1.0)
    return x * x * (3.0 - 2.0 * x)


def turn_between(a: Floats, b: Floats) -> Floats:
    """The rotation that, following `a`, gives `b`: unit quaternions (..., 4)."""
    return multiply(b, inverse(a))


def scaled(turn: Floats, factor: float) -> Floats:
    """The rotation about the same axis by `factor` times the (shorter) angle: unit quaternions (..., 4)."""
    return slerp(IDENTITY, turn, np.asarray(factor, np.float32))


def heading_rad(rotation: Floats) -> float:
    """Where a body with this rotation (4,) faces: its turn about the vertical, 0 is +Z (`data.motion.pose_codec`)."""
    return 2.0 * math.atan2(float(rotation[1]), float(rotation[3]))


def placed(pose: Pose, x: float, z: float, heading: float) -> Pose:
    """A pose turned about the vertical through the origin, then moved over the floor."""
    sine, cosine = math.sin(heading), math.cos(heading)
    px, py, pz = (float(value) for value in pose.root_position)
    rotations = pose.rotations.copy()
    rotations[0] = multiply(about_axis(1, heading).astype(np.float32), pose.rotations[0])
    position = np.array([x + cosine * px + sine * pz, py, z - sine * px + cosine * pz], np.float32)
    return Pose(position, rotations)


def mirrored(pose: Pose, heading: float, partners: Sequence[int]) -> Pose:
    """The figure with left and right changed, standing where it stands and facing where it faces.

    Args:
        pose: The figure.
        heading: Where it faces, radians.
        partners: For each joint the one on the other side, as `Skeleton.mirror_joints`.
    """
    rotations = pose.rotations[list(partners)] * np.array([1, -1, -1, 1], np.float32)
    rotations[0] = multiply(about_axis(1, 2.0 * heading).astype(np.float32), rotations[0])
    return Pose(pose.root_position, rotations)


def is_alike(a: Pose, b: Pose, *, turn_rad: float = 1e-3, move_m: float = 2e-4) -> bool:
    """Whether two poses differ by less than anybody sees: each joint's turn, and the root's move."""
    turns = angle_between(a.rotations, b.rotations)
    return bool(turns.max() < turn_rad and np.abs(a.root_position - b.root_position).max() < move_m)


def followed(last: Pose, pose: Pose, *, max_turn_rad: float, max_move_m: float) -> Pose:
    """`pose`, or as near to it as a body that was in `last` gets within one frame; quaternion signs follow `last`'s.

    Joints turn by at most `max_turn_rad`, the root moves by at most `max_move_m`; rotations are unit quaternions.
    """
    goal = pose.rotations * np.where(np.sum(last.rotations * pose.rotations, -1, keepdims=True) < 0, -1, 1)
    angles = angle_between(last.rotations, goal)
    if angles.max() > max_turn_rad:
        goal = slerp(last.rotations, goal, np.minimum(1.0, max_turn_rad / np.maximum(angles, 1e-6)))
    move = pose.root_position - last.root_position
    length = float(np.linalg.norm(move))
    position = last.root_position + move * min(1.0, max_move_m / max(length, 1e-9))
    return Pose(position.astype(np.float32), normalise(goal).astype(np.float32))
