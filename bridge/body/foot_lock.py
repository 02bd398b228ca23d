"""Foot lock: a foot that carries the body stays where it is, and eases back to the dance once it is lifted."""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.motion.body_constants import BODY
from data.motion.motion import Pose
from data.motion.skeleton import Skeleton
from data.motion.two_bone import Quaternion, TwoBoneLeg, Vector, about, inverse, multiply, quaternion, rotate, vector

_UP: Final = (0.0, 1.0, 0.0)
_TABLE: Final = BODY["foot_lock"]
_SETTLED_M: Final = 1e-5
"""A correction smaller than this is none, and the pose is left as it is."""


@dataclass(frozen=True, kw_only=True)
class FootLockConfig:
    """When a foot carries, and how far it may be held back; its own configuration.

    The numbers are measured on the default dancer: its standing feet drift at 0.1 to 0.5 m/s and tilt all the time, so
    lower speeds leave half of the sliding, and higher ones hold steps back, which then come late and fast.

    Attributes:
        on_height_m: A foot whose sole is lower than this over the floor may be locked ...
        on_speed_m_s: ... if the carrying part of it moves over the floor no faster than this.
        off_height_m: A locked foot is let go above this ...
        off_speed_m_s: ... or if the dance moves it faster than this.
        release_m: Or if the dance has moved away so far from where the foot is held.
        relock_m: A foot that was let go is held again once the dance is so near.
        bound_m: No ankle is ever shown farther than this from where the dance has it, over the floor.
        bound_yaw_rad: No foot is turned by more; beyond it the foot pivots with the dance.
        max_raise_m: A sole under the floor is raised by at most this.
        ease_s: Time in which a correction goes away, to a twentieth.
        shared_weight_m: Heel and toe carry together while their heights differ by less than this.
        flat_rad: A locked foot that the dance tilts by less is laid flat,
        rolls_rad: one that is tilted by more rolls with the dance; in between it is laid down in part,
        bound_tilt_rad: never by more than this.
        flatten_s: Time in which it is laid down, to a third.
    """

    on_height_m: float = _TABLE["on_height_m"]
    on_speed_m_s: float = _TABLE["on_speed_m_s"]
    off_height_m: float = _TABLE["off_height_m"]
    off_speed_m_s: float = _TABLE["off_speed_m_s"]
    release_m: float = _TABLE["release_m"]
    relock_m: float = _TABLE["relock_m"]
    bound_m: float = _TABLE["bound_m"]
    bound_yaw_rad: float = math.radians(_TABLE["bound_yaw_deg"])
    max_raise_m: float = _TABLE["max_raise_m"]
    ease_s: float = _TABLE["ease_s"]
    shared_weight_m: float = _TABLE["shared_weight_m"]
    flat_rad: float = math.radians(_TABLE["flat_deg"])
    rolls_rad: float = math.radians(_TABLE["rolls_deg"])
    bound_tilt_rad: float = math.radians(_TABLE["bound_tilt_deg"])
    flatten_s: float = _TABLE["flatten_s"]

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not (math.isfinite(value) and value > 0):
                raise ValueError(f"{name} of the foot lock must be positive, not {value}")
        for low, high in (
            ("on_height_m", "off_height_m"),
            ("on_speed_m_s", "off_speed_m_s"),
            ("relock_m", "release_m"),
            ("release_m", "bound_m"),
            ("flat_rad", "rolls_rad"),
        ):
            if getattr(self, low) > getattr(self, high):
                raise ValueError(f"{low} of the foot lock must not be above {high}")


Point = tuple[float, float]
"""A place on the floor: x and z, metres."""


@dataclass(frozen=True)
class FootState:
    """What is kept of one foot from frame to frame.

    Attributes:
        danced: Heel and toe on the floor as the dance had them in the last frame; None before the first.
        shown: The same as they were shown.
        danced_yaw_rad: Where the dance's foot pointed.
        is_locked: Whether it is held.
        offset: From the danced to the shown place, metres.
        velocity: Of the offset, m/s.
        yaw_rad: From the danced to the shown direction.
        yaw_rad_s: Its velocity.
        flatness: Part of its tilt that is taken off, 0 to 1.
    """

    danced: tuple[Point, Point] | None = None
    shown: tuple[Point, Point] = ((0.0, 0.0), (0.0, 0.0))
    danced_yaw_rad: float = 0.0
    is_locked: bool = False
    offset: Point = (0.0, 0.0)
    velocity: Point = (0.0, 0.0)
    yaw_rad: float = 0.0
    yaw_rad_s: float = 0.0
    flatness: float = 0.0


@dataclass(frozen=True)
class FootLockState:
    """Both feet between two frames: a value.

    Attributes:
        feet: Left and right.
    """

    feet: tuple[FootState, FootState] = (FootState(), FootState())

    @property
    def locked(self) -> tuple[bool, bool]:
        """Whether the left and the right foot are held."""
        return self.feet[0].is_locked, self.feet[1].is_locked


@dataclass(frozen=True)
class _Leg:
    """One leg in the skeleton: joints by index, places in metres.

    Attributes:
        trunk: Joints from the root to the one that the thigh hangs on.
        upper: The thigh.
        lower: The shin.
        foot: The foot.
        trunk_offsets: Of the trunk's joints after the root, each in its parent's frame.
        hip: The hip joint in the last of the trunk's frames.
        bones: Thigh and shin.
        heel: The sole under the ankle, in the foot's frame.
        toe: The front end of the sole.
    """

    trunk: tuple[int, ...]
    upper: int
    lower: int
    foot: int
    trunk_offsets: tuple[Vector, ...]
    hip: Vector
    bones: TwoBoneLeg
    heel: Vector
    toe: Vector


class FootLock:
    """Holds feet that carry the body, by inverse kinematics of the legs; only rotations of legs and feet change.

    A foot carries while its sole is low and slow, with hysteresis. While it carries, the part of the sole that is on
    the floor - heel, toe, or what lies between - is shown where it was in the frame before, and the foot points where
    it pointed; its height follows the dance. A small tilt goes, a large one stays: a foot that stands lies flat and
    does not tremble, and it may still rise on its toes. What is kept is the offset from the danced to the shown place.
    When the foot is let go, the offset goes on with its own velocity and returns to zero critically damped, so there is
    no jump in place and none in speed. The figure needs no look-ahead and gets no latency.

    Source of the offset that fades: D. Bollo, Inertialization: High-Performance Animation Transitions in Gears of War,
    GDC 2018; of the spring: D. Holden, Spring-It-On, 2021.

    Args:
        skeleton: Humanoid bones in a T-pose.
        rate_hz: Frames a second.
        config: When and how far.

    Raises:
        ValueError: The skeleton has no legs by their humanoid names, or the rate is not positive.
    """

    def __init__(self, skeleton: Skeleton, rate_hz: float, config: FootLockConfig | None = None) -> None:
        if not (math.isfinite(rate_hz) and rate_hz > 0):
            raise ValueError(f"the frame rate must be positive, not {rate_hz} Hz")
        self.config = config or FootLockConfig()
        self._frame_s = 1.0 / rate_hz
        self._legs = (_leg(skeleton, "Left"), _leg(skeleton, "Right"))
        # (1 + wt) exp(-wt) is a twentieth at wt = 4.74.
        self._spring_per_s = 4.74 / self.config.ease_s

    def initial_state(self) -> FootLockState:
        """No foot is held."""
        return FootLockState()

    def step(self, pose: Pose, state: FootLockState, *, amount: float = 1.0) -> tuple[Pose, FootLockState]:
        """The pose with its feet held.

        Args:
            pose: As danced, on a floor at height 0.
            state: From the frame before.
            amount: Part of the correction that is shown, 0 to 1. At 0 the pose is returned as it is and nothing is
                kept, so that a lock that is faded in begins with the foot's own place.

        Returns:
            The pose and the state to hand in with the next one. A pose that is not finite is returned as it is.
        """
        if amount <= 0.0 or not (np.isfinite(pose.rotations).all() and np.isfinite(pose.root_position).all()):
            return pose, self.initial_state()
        local = pose.rotations.copy()
        root = vector(pose.root_position.tolist())
        left = self._step_leg(self._legs[0], root, local, state.feet[0], min(amount, 1.0))
        right = self._step_leg(self._legs[1], root, local, state.feet[1], min(amount, 1.0))
        return Pose(pose.root_position, local), FootLockState((left, right))

    def _step_leg(
        self, leg: _Leg, root: Vector, local: NDArray[np.float32], foot: FootState, amount: float
    ) -> FootState:
        """Sets the leg's rotations in `local`; the foot after this frame."""
        hip, parent = root, quaternion(local[0].tolist())
        for joint, offset in zip(leg.trunk[1:], leg.trunk_offsets, strict=True):
            hip = _sum(hip, rotate(parent, offset))
            parent = multiply(parent, quaternion(local[joint].tolist()))
        hip = _sum(hip, rotate(parent, leg.hip))
        thigh = multiply(parent, quaternion(local[leg.upper].tolist()))
        shin = multiply(thigh, quaternion(local[leg.lower].tolist()))
        sole = multiply(shin, quaternion(local[leg.foot].tolist()))
        ankle = _sum(_sum(hip, rotate(thigh, leg.bones.knee)), rotate(shin, leg.bones.ankle))
        axis, angle, flatness = self._flattened(sole, foot)
        flat = multiply(about(axis, angle), sole)
        drop_m = _lowest_m(leg, sole) - _lowest_m(leg, flat)
        foot, raise_m = self._follow(leg, (ankle[0], ankle[1] + drop_m, ankle[2]), flat, foot)
        foot = replace(foot, flatness=flatness)

        dx, dy, dz = amount * foot.offset[0], amount * (raise_m + drop_m), amount * foot.offset[1]
        yaw, levelled = amount * foot.yaw_rad, amount * angle
        if max(abs(dx), abs(dy), abs(dz), abs(yaw), levelled) < _SETTLED_M:
            return foot
        reach = (ankle[0] + dx - hip[0], ankle[1] + dy - hip[1], ankle[2] + dz - hip[2])
        new_thigh, new_shin = leg.bones.solve(reach, thigh, shin)
        new_sole = multiply(about(_UP, yaw), multiply(about(axis, levelled), sole))
        for joint, above, turned in (
            (leg.upper, parent, new_thigh),
            (leg.lower, new_thigh, new_shin),
            (leg.foot, new_shin, new_sole),
        ):
            local[joint] = _near(multiply(inverse(above), turned), local[joint].tolist())
        return foot

    def _flattened(self, sole: Quaternion, foot: FootState) -> tuple[Vector, float, float]:
        """The level axis and the angle about which the sole is turned down, and what part of its tilt that is."""
        config = self.config
        x, y, z = rotate(sole, _UP)
        lean = math.hypot(x, z)
        tilt = math.atan2(lean, y)
        flat = 0.0
        if foot.is_locked:
            flat = min(max((config.rolls_rad - tilt) / (config.rolls_rad - config.flat_rad), 0.0), 1.0)
        time_s = config.flatten_s if foot.is_locked else config.ease_s
        flatness = foot.flatness + (1.0 - math.exp(-self._frame_s / time_s)) * (flat - foot.flatness)
        axis = (-z / lean, 0.0, x / lean) if lean > _SETTLED_M else (1.0, 0.0, 0.0)
        # Upside down the axis turns over, and there the foot is the dance's own.
        return axis, min(flatness * tilt, config.bound_tilt_rad, max(0.0, 0.5 * (math.pi - tilt))), flatness

    def _follow(self, leg: _Leg, ankle: Vector, sole: Quaternion, foot: FootState) -> tuple[FootState, float]:
        """The foot's lock and offset for where the dance has it now, and by how much its sole is under the floor."""
        config = self.config
        heel, toe = _sum(ankle, rotate(sole, leg.heel)), _sum(ankle, rotate(sole, leg.toe))
        height_m = min(heel[1], toe[1])
        raise_m = min(max(0.0, -height_m), config.max_raise_m)
        danced = ((heel[0], heel[2]), (toe[0], toe[2]))
        x, _, z = rotate(sole, (0.0, 0.0, 1.0))
        danced_yaw = math.atan2(x, z) if math.hypot(x, z) > 0.1 else foot.danced_yaw_rad
        if foot.danced is None:
            return replace(foot, danced=danced, shown=danced, danced_yaw_rad=danced_yaw), raise_m
        toe_weight = min(max(0.5 + (heel[1] - toe[1]) / (2.0 * config.shared_weight_m), 0.0), 1.0)
        slip = _mixed(toe_weight, danced, foot.danced)
        speed_m_s = math.hypot(*slip) / self._frame_s

        if foot.is_locked:
            is_locked = height_m < config.off_height_m and speed_m_s < config.off_speed_m_s
        else:
            is_locked = (
                height_m < config.on_height_m
                and speed_m_s < config.on_speed_m_s
                and math.hypot(*foot.offset) < config.relock_m
            )
        turn = math.remainder(danced_yaw - foot.danced_yaw_rad, 2 * math.pi)
        is_locked = is_locked and abs(turn) < config.bound_yaw_rad  # more in one frame is a jump, not a movement
        if is_locked:
            yaw = foot.yaw_rad - turn
            yaw = min(max(yaw, -config.bound_yaw_rad), config.bound_yaw_rad)
            turned = _turned(danced, (ankle[0], ankle[2]), yaw)
            offset = _mixed(toe_weight, foot.shown, turned)
            is_locked = math.hypot(*offset) < config.release_m
        if is_locked:
            velocity = (
                (offset[0] - foot.offset[0]) / self._frame_s,
                (offset[1] - foot.offset[1]) / self._frame_s,
            )
            yaw_rad_s = (yaw - foot.yaw_rad) / self._frame_s
        else:
            x, vx = self._sprung(foot.offset[0], foot.velocity[0])
            z, vz = self._sprung(foot.offset[1], foot.velocity[1])
            yaw, yaw_rad_s = self._sprung(foot.yaw_rad, foot.yaw_rad_s)
            yaw = min(max(yaw, -config.bound_yaw_rad), config.bound_yaw_rad)
            inside = min(1.0, config.bound_m / max(math.hypot(x, z), 1e-9))
            offset, velocity = (x * inside, z * inside), (vx * inside, vz * inside)
            turned = _turned(danced, (ankle[0], ankle[2]), yaw)
        shown = (
            (turned[0][0] + offset[0], turned[0][1] + offset[1]),
            (turned[1][0] + offset[0], turned[1][1] + offset[1]),
        )
        return FootState(danced, shown, danced_yaw, is_locked, offset, velocity, yaw, yaw_rad_s), raise_m

    def _sprung(self, value: float, velocity: float) -> tuple[float, float]:
        """A critically damped spring towards zero, one frame on, exactly: value and velocity."""
        w, t = self._spring_per_s, self._frame_s
        pull, decay = velocity + w * value, math.exp(-w * t)
        return (value + pull * t) * decay, (velocity - w * pull * t) * decay


def _leg(skeleton: Skeleton, side: str) -> _Leg:
    """The leg of one side."""
    bones = TwoBoneLeg.of(skeleton, side)
    upper, lower, foot = (skeleton.index(f"{side}{bone}") for bone in ("UpperLeg", "LowerLeg", "Foot"))
    trunk: list[int] = []
    joint = skeleton.parents[upper]
    while joint >= 0:
        trunk.insert(0, joint)
        joint = skeleton.parents[joint]
    offsets = [vector(offset) for offset in skeleton.offsets.tolist()]
    ankle_height_m = float(skeleton.rest_positions[foot][1]) + skeleton.rest_height
    tips = [tip for joint, tip in skeleton.end_sites if joint == foot]
    tips += [offsets[joint] for joint, parent in enumerate(skeleton.parents) if parent == foot]
    # A figure without toes has a sole as long, for its legs, as the default figure's.
    sole_m = max((tip[2] for tip in tips), default=0.15 * bones.length_m)
    return _Leg(
        tuple(trunk),
        upper,
        lower,
        foot,
        tuple(offsets[joint] for joint in trunk[1:]),
        offsets[upper],
        bones,
        (0.0, -ankle_height_m, 0.0),
        (0.0, -ankle_height_m, sole_m),
    )


def _lowest_m(leg: _Leg, sole: Quaternion) -> float:
    """Height of the sole's lowest point over the ankle."""
    return min(rotate(sole, leg.heel)[1], rotate(sole, leg.toe)[1])


def _mixed(toe_weight: float, to: tuple[Point, Point], origin: tuple[Point, Point]) -> Point:
    """From `origin` to `to`, at the part of the sole that carries."""
    heel_weight = 1.0 - toe_weight
    return (
        heel_weight * (to[0][0] - origin[0][0]) + toe_weight * (to[1][0] - origin[1][0]),
        heel_weight * (to[0][1] - origin[0][1]) + toe_weight * (to[1][1] - origin[1][1]),
    )


def _turned(points: tuple[Point, Point], centre: Point, yaw_rad: float) -> tuple[Point, Point]:
    """Heel and toe turned about the vertical through the ankle."""
    sine, cosine = math.sin(yaw_rad), math.cos(yaw_rad)

    def turn(point: Point) -> Point:
        x, z = point[0] - centre[0], point[1] - centre[1]
        return centre[0] + cosine * x + sine * z, centre[1] - sine * x + cosine * z

    return turn(points[0]), turn(points[1])


def _near(q: Quaternion, old: list[float]) -> Quaternion:
    """The same rotation with the sign that lies on the old one's side."""
    dot = q[0] * old[0] + q[1] * old[1] + q[2] * old[2] + q[3] * old[3]
    return q if dot >= 0 else (-q[0], -q[1], -q[2], -q[3])


def _sum(a: Vector, b: Vector) -> Vector:
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]
