"""Where all points of a figure are, on plain floats: joints, tips, soles, and the centre of mass.

For the few numbers of one pose a call of numpy costs more than the arithmetic; the live loop has no time to lose.
"""

from dataclasses import dataclass
from typing import Final

from data.motion.body_mass import mass_shares, point_parents
from data.motion.motion import Pose
from data.motion.skeleton import STATURE_M, Skeleton
from data.motion.two_bone import Quaternion, Vector, rotate, vector

_FLESH_M: Final = {"Hips": 0.09, "Spine": 0.08, "Chest": 0.08, "UpperChest": 0.08, "UpperLeg": 0.06, "LowerLeg": 0.04}
"""A joint of the trunk, or a knee, is so deep in the body, for a figure of `STATURE_M`; others lie near the skin."""
_SIDES: Final = ("Left", "Right")


@dataclass(frozen=True, slots=True)
class PosedBody:
    """A figure in one pose; metres, world.

    Attributes:
        places: Joints, then end sites.
        turned: Global rotations of the joints.
        soles: Heel and toes of the left foot, and of the right.
        sole_m: Height of the lowest point of the left sole, and of the right.
        other_m: Height of the lowest point of the rest of the body, its flesh taken into account.
        centre: Centre of mass.
    """

    places: list[Vector]
    turned: list[Quaternion]
    soles: tuple[tuple[Vector, ...], tuple[Vector, ...]]
    sole_m: tuple[float, float]
    other_m: float
    centre: Vector

    @property
    def lowest_m(self) -> float:
        """Height of the lowest point."""
        return min(*self.sole_m, self.other_m)


class BodyPoints:
    """Forward kinematics of one humanoid skeleton.

    The heel lies under the ankle, as high as the rest pose stands; toes are what hangs on the foot.

    Raises:
        ValueError: The skeleton has no limbs by their humanoid names.
    """

    def __init__(self, skeleton: Skeleton) -> None:
        joints = skeleton.num_joints
        tips = [vector([float(value) for value in tip]) for _, tip in skeleton.end_sites]
        self._num_joints = joints
        self._parents = point_parents(skeleton)
        self._offsets = [*(vector(offset) for offset in skeleton.offsets.tolist()), *tips]
        self._shares = [(point, float(share)) for point, share in enumerate(mass_shares(skeleton)) if share > 0.0]
        feet = [skeleton.index(f"{side}Foot") for side in _SIDES]
        self._heels = [
            (foot, (0.0, -float(skeleton.rest_positions[foot][1]) - skeleton.rest_height, 0.0)) for foot in feet
        ]
        self._toes = [[point for point, parent in enumerate(self._parents) if parent == foot] for foot in feet]
        of_feet = {*feet, *self._toes[0], *self._toes[1]}
        size = skeleton.stature_m / STATURE_M
        self._others = [
            (point, size * _flesh_m(skeleton.names[point]) if point < joints else 0.0)
            for point in range(len(self._parents))
            if point not in of_feet
        ]

    def of(self, pose: Pose) -> PosedBody:
        """The body in a pose of unit quaternions."""
        locals_ = pose.rotations.tolist()
        x, y, z = pose.root_position.tolist()
        places: list[Vector] = [(x, y, z)]
        turned: list[Quaternion] = [tuple(locals_[0])]
        for point in range(1, len(self._parents)):
            parent = self._parents[point]
            px, py, pz = places[parent]
            ax, ay, az, aw = turned[parent]
            vx, vy, vz = self._offsets[point]
            tx, ty, tz = 2.0 * (ay * vz - az * vy), 2.0 * (az * vx - ax * vz), 2.0 * (ax * vy - ay * vx)
            places.append(
                (
                    px + vx + aw * tx + ay * tz - az * ty,
                    py + vy + aw * ty + az * tx - ax * tz,
                    pz + vz + aw * tz + ax * ty - ay * tx,
                )
            )
            if point < self._num_joints:
                bx, by, bz, bw = locals_[point]
                turned.append(
                    (
                        aw * bx + ax * bw + ay * bz - az * by,
                        aw * by - ax * bz + ay * bw + az * bx,
                        aw * bz + ax * by - ay * bx + az * bw,
                        aw * bw - ax * bx - ay * by - az * bz,
                    )
                )
        left, right = (self._sole(side, places, turned) for side in range(2))
        other_m = min(places[point][1] - flesh_m for point, flesh_m in self._others)
        cx = cy = cz = 0.0
        for point, share in self._shares:
            px, py, pz = places[point]
            cx, cy, cz = cx + share * px, cy + share * py, cz + share * pz
        heights = min(point[1] for point in left), min(point[1] for point in right)
        return PosedBody(places, turned, (left, right), heights, other_m, (cx, cy, cz))

    def _sole(self, side: int, places: list[Vector], turned: list[Quaternion]) -> tuple[Vector, ...]:
        foot, down = self._heels[side]
        x, y, z = rotate(turned[foot], down)
        ankle = places[foot]
        heel = ankle[0] + x, ankle[1] + y, ankle[2] + z
        return (heel, *(places[toe] for toe in self._toes[side]))


def _flesh_m(name: str) -> float:
    for side in _SIDES:
        name = name.removeprefix(side)
    return _FLESH_M.get(name, 0.0)
