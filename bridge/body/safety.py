"""Safety of the figure: which vectors are believed, how high it flies, where its feet are."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.motion import Pose
from data.pose_codec import PoseCodec
from data.rotations import inverse, rotate
from data.skeleton import Skeleton


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a body can do, with room to spare over the wildest dancer; its own configuration.

    Attributes:
        max_floor_speed_m_s: Faster travel is not believed.
        max_turn_rate_rad_s: Faster turns of the whole body are not believed.
        max_height_m: Hips outside 0 to this height are not believed.
        max_component: Largest believed component of a tilt or joint rotation (a 6D rotation's is 1, an exponential
            map's pi).
        min_hip_height_m: Believed hips are drawn up softly to stay above this.
        max_hip_height_m: And down softly to stay below this.
        max_joint_speed_rad_s: No joint of the shown figure turns faster.
        max_root_speed_m_s: Nor does its root move faster.
    """

    max_floor_speed_m_s: float = 8.0
    max_turn_rate_rad_s: float = 25.0
    max_height_m: float = 2.5
    max_component: float = 4.0
    min_hip_height_m: float = 0.2
    max_hip_height_m: float = 1.4
    max_joint_speed_rad_s: float = 30.0
    max_root_speed_m_s: float = 6.0


def is_plausible(vector: NDArray[np.float32], codec: PoseCodec, limits: Limits) -> bool:
    """Whether a pose vector (dims,) could be a dancer's: finite, and within what a body can do."""
    if not np.isfinite(vector).all():
        return False
    columns = codec.columns
    height = float(vector[columns["height"]][0])
    rotations = (vector[columns["tilt"]], vector[columns["joints"]])
    return (
        math.hypot(*(float(v) for v in vector[columns["floor_velocity"]])) <= limits.max_floor_speed_m_s
        and abs(float(vector[columns["turn_rate"]][0])) <= limits.max_turn_rate_rad_s
        and 0.0 <= height <= limits.max_height_m
        and all(float(np.abs(values).max(initial=0.0)) <= limits.max_component for values in rotations)
    )


def softly_bounded(value: float, low: float, high: float, margin: float) -> float:
    """`value`, bent so that it never leaves (low, high); within `margin` of a bound it is bent, elsewhere untouched."""
    if value < low + margin:
        return low + margin * math.exp((value - low - margin) / margin)
    if value > high - margin:
        return high - margin * math.exp((high - margin - value) / margin)
    return value


Level = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]
"""Points of one depth of a tree: themselves, their parents, their offsets."""


class FloorContact:
    """Lifts a figure whose lowest point is under the floor (height 0): fast up, slowly down again.

    The lift is a number of metres, kept by the caller between frames.
    """

    def __init__(self, skeleton: Skeleton, rate_hz: float, *, rise_s: float = 0.03, fall_s: float = 0.25) -> None:
        self._rise = 1.0 - math.exp(-1.0 / (rate_hz * rise_s))
        self._fall = 1.0 - math.exp(-1.0 / (rate_hz * fall_s))
        # A tip becomes one more joint without rotation, so that one pass gives the height of everything.
        joints = [joint for joint, _ in skeleton.end_sites]
        tips = np.array([tip for _, tip in skeleton.end_sites], np.float32).reshape(-1, 3)
        offsets = np.concatenate([skeleton.offsets, tips])
        parents = [*skeleton.parents, *joints]
        self._num_joints = skeleton.num_joints
        self._levels = _levels(parents, offsets)
        self._num_points = len(parents)

    def lowest_m(self, pose: Pose) -> float:
        """Height of the figure's lowest joint or tip, metres."""
        heights = np.empty(self._num_points)
        # Only the vertical row of each global rotation matters: the world's up as seen from the joint.
        ups = np.empty((self._num_points, 3))
        heights[0] = pose.root_position[1]
        ups[0] = rotate(inverse(pose.rotations[0]), np.array([0.0, 1.0, 0.0]))
        for children, parents, offsets in self._levels:
            heights[children] = heights[parents] + np.sum(ups[parents] * offsets, -1)
            joints = children[children < self._num_joints]
            if len(joints):
                ups[joints] = rotate(inverse(pose.rotations[joints]), ups[parents[: len(joints)]])
        return float(heights.min())

    def step(self, pose: Pose, lift_m: float) -> tuple[Pose, float]:
        """The lifted pose and the lift to hand in with the next one."""
        wanted = max(0.0, -self.lowest_m(pose))
        lift_m += (self._rise if wanted > lift_m else self._fall) * (wanted - lift_m)
        position = pose.root_position + np.array([0.0, lift_m, 0.0], np.float32)
        return Pose(position, pose.rotations), lift_m


def _levels(parents: list[int], offsets: NDArray[np.float32]) -> list[Level]:
    """The tree by depth: (points, their parents, their offsets), points without rotation of their own last."""
    depth = [0] * len(parents)
    for point, parent in enumerate(parents):
        depth[point] = 0 if parent < 0 else depth[parent] + 1
    levels: list[Level] = []
    for level in range(1, max(depth) + 1):
        points = np.array([point for point in range(len(parents)) if depth[point] == level])
        levels.append((points, np.array([parents[point] for point in points]), offsets[points]))
    return levels
