"""Two-bone inverse kinematics of a leg: thigh and shin turn so that the ankle comes to a given place.

The solution starts from a pose. The knee bends or stretches in the plane in which it is bent there, until the distance
from hip to ankle is right; then the whole leg turns the shortest way towards the place. So the knee keeps pointing
where it pointed, and a place where the ankle already is changes nothing.

All is computed on plain floats: for three numbers a call of numpy costs more than the arithmetic, and the live loop has
no time to lose.
"""

import math
from dataclasses import dataclass
from typing import Final

from .body_constants import BODY
from .skeleton import Skeleton

Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]

_LEG: Final = BODY["leg"]
CEILING: Final = _LEG["ceiling"]
"""Part of its length to which a leg is stretched at most, unless the given pose stretches it further: 7 degrees bent.

The closer to straight, the faster a knee turns for a millimetre at the ankle.
"""
_SOFT_PART: Final = _LEG["soft_part"]
"""Part of its length over which the leg approaches the ceiling instead of meeting it."""
_FLOOR: Final = _LEG["floor"]
"""Part of its length to which a leg is folded at most, unless the given pose folds it further."""
_HINGE_SINE: Final = _LEG["hinge_sine"]
"""Sine of the bend from which on the bend itself, rather than anatomy, says about which axis the knee turns."""
_TINY: Final = 1e-9


@dataclass(frozen=True)
class TwoBoneLeg:
    """The bones of one leg; metres, in frames that lie as the world's in the rest pose, in which the figure faces +Z.

    Attributes:
        knee: The knee as seen from the hip joint, in the thigh's frame.
        ankle: The ankle as seen from the knee, in the shin's frame.
    """

    knee: Vector
    ankle: Vector

    @classmethod
    def of(cls, skeleton: Skeleton, side: str) -> "TwoBoneLeg":
        """The leg `Left` or `Right` of a humanoid.

        Raises:
            ValueError: The skeleton lacks a bone of it, or bones of it do not hang on each other.
        """
        names = [f"{side}{bone}" for bone in ("UpperLeg", "LowerLeg", "Foot")]
        upper, lower, foot = (skeleton.index(name) for name in names)
        if skeleton.parents[lower] != upper or skeleton.parents[foot] != lower:
            raise ValueError(f"{', '.join(names)} must hang on one another")
        return cls(vector(skeleton.offsets[lower].tolist()), vector(skeleton.offsets[foot].tolist()))

    @property
    def length_m(self) -> float:
        """From hip to ankle with a straight knee."""
        return math.hypot(*self.knee) + math.hypot(*self.ankle)

    def solve(self, reach: Vector, thigh: Quaternion, shin: Quaternion) -> tuple[Quaternion, Quaternion]:
        """Rotations of thigh and shin, in the world, that bring the ankle to a place.

        With the shin turned by b about the hinge h, |knee + R(h, b) ankle| = distance is C + P cos b + Q sin b = 0. A
        place out of reach is approached: the leg points at it and stretches softly, never quite straight.

        Args:
            reach: From the hip joint to where the ankle belongs; metres, world.
            thigh: The given pose's rotation in the world.
            shin: Likewise.
        """
        knee, bent = self.knee, multiply(inverse(thigh), shin)
        ankle = rotate(bent, self.ankle)  # from the knee, in the thigh's frame
        length, given_m, wanted_m = self.length_m, math.hypot(*_sum(knee, ankle)), math.hypot(*reach)
        if wanted_m < _TINY or length < _TINY:
            return thigh, shin
        distance_m = _stretched(given_m, wanted_m, length)
        hinge = _hinge(knee, ankle)
        along = _dot(knee, hinge) * _dot(ankle, hinge)
        p, q = _dot(knee, ankle) - along, _dot(knee, _cross(hinge, ankle))
        radius = math.hypot(p, q)
        if radius < _TINY:
            return _aimed(thigh, shin, rotate(thigh, _sum(knee, ankle)), reach)
        cosine = ((distance_m**2 - _dot(knee, knee) - _dot(ankle, ankle)) / 2 - along) / radius
        straight = math.atan2(q, p)  # the turn that would stretch the knee; the given bend is its negative
        bend = straight + _signed_bend(math.acos(min(1.0, max(-1.0, cosine))), -straight)
        turn = about(hinge, bend)
        place = rotate(thigh, _sum(knee, rotate(turn, ankle)))
        return _aimed(thigh, multiply(thigh, multiply(turn, bent)), place, reach)


def _stretched(given_m: float, wanted_m: float, length_m: float) -> float:
    """Distance from hip to ankle that the leg takes: as wanted, but it stretches beyond the given pose only softly."""
    if wanted_m <= given_m:
        return max(wanted_m, min(given_m, _FLOOR * length_m))
    room_m = CEILING * length_m - given_m
    if room_m <= 0.0:
        return given_m
    soft_m = min(room_m, _SOFT_PART * length_m)
    over_m = wanted_m - given_m - (room_m - soft_m)
    return wanted_m if over_m <= 0.0 else given_m + room_m - soft_m * math.exp(-over_m / soft_m)


def _hinge(knee: Vector, ankle: Vector) -> Vector:
    """The axis about which the knee bends, a unit vector in the thigh's frame; bending is a positive turn.

    A bent knee shows its axis, a straight one does not: there it is the anatomical one, X. In between they are mixed so
    that the axis never flips, on whichever side of straight the knee is.
    """
    x, y, z = _cross(knee, ankle)
    scale = math.hypot(*knee) * math.hypot(*ankle)
    if scale < _TINY:
        return 1.0, 0.0, 0.0
    x, y, z = x / scale, y / scale, z / scale
    x, y, z = x * x + _HINGE_SINE**2, x * y, x * z
    norm = math.hypot(x, y, z)
    return x / norm, y / norm, z / norm


def _signed_bend(bend: float, given: float) -> float:
    """The knee's bend, radians, that is `bend` in size and leads continuously from the given pose's.

    Recorded knees are sometimes bent a few degrees the wrong way. Such a knee is led through straight to the right side
    as it bends; the distance it then has for a moment is wrong by a fraction of a per cent.
    """
    if given >= 0.0:
        return bend
    if bend <= -given:
        return -bend
    return bend + 2.0 * given * math.exp((bend + given) / (2.0 * given))


def _aimed(thigh: Quaternion, shin: Quaternion, place: Vector, reach: Vector) -> tuple[Quaternion, Quaternion]:
    """Both turned the shortest way that takes the direction of `place` to that of `reach`."""
    turn = between(place, reach)
    return normalised(multiply(turn, thigh)), normalised(multiply(turn, shin))


def vector(values: list[float]) -> Vector:
    """The three numbers as a vector."""
    x, y, z = values
    return x, y, z


def quaternion(values: list[float]) -> Quaternion:
    """The four numbers (x, y, z, w) as a quaternion of length one."""
    x, y, z, w = values
    return normalised((x, y, z, w))


def multiply(a: Quaternion, b: Quaternion) -> Quaternion:
    """Hamilton product: the rotation `b` followed by the rotation `a`."""
    ax, ay, az, aw = a
    bx, by, bz, bw = b
    return (
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
        aw * bw - ax * bx - ay * by - az * bz,
    )


def inverse(q: Quaternion) -> Quaternion:
    """Inverse of a unit quaternion."""
    return -q[0], -q[1], -q[2], q[3]


def normalised(q: Quaternion) -> Quaternion:
    """The quaternion scaled to length one; the identity if it has no length."""
    x, y, z, w = q
    length = math.sqrt(x * x + y * y + z * z + w * w)
    return (x / length, y / length, z / length, w / length) if length > _TINY else (0.0, 0.0, 0.0, 1.0)


def rotate(q: Quaternion, v: Vector) -> Vector:
    """The vector turned by the unit quaternion."""
    x, y, z, w = q
    vx, vy, vz = v
    tx, ty, tz = 2.0 * (y * vz - z * vy), 2.0 * (z * vx - x * vz), 2.0 * (x * vy - y * vx)
    return (
        vx + w * tx + y * tz - z * ty,
        vy + w * ty + z * tx - x * tz,
        vz + w * tz + x * ty - y * tx,
    )


def about(axis: Vector, angle_rad: float) -> Quaternion:
    """The turn about a unit axis."""
    sine = math.sin(angle_rad / 2)
    return axis[0] * sine, axis[1] * sine, axis[2] * sine, math.cos(angle_rad / 2)


def between(u: Vector, v: Vector) -> Quaternion:
    """The smallest turn that takes direction `u` to direction `v`; the identity where one of them has no direction."""
    lengths = math.hypot(*u) * math.hypot(*v)
    if lengths < _TINY:
        return 0.0, 0.0, 0.0, 1.0
    w = lengths + _dot(u, v)
    if w < 1e-12 * lengths:  # opposite: half a turn about any axis at a right angle
        least = min(range(3), key=lambda axis: abs(u[axis]))
        x, y, z = _cross(u, (float(least == 0), float(least == 1), float(least == 2)))
        return normalised((x, y, z, 0.0))
    return normalised((*_cross(u, v), w))


def _sum(a: Vector, b: Vector) -> Vector:
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]


def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _cross(a: Vector, b: Vector) -> Vector:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
