"""Balance: a body at rest leans so that its centre of mass is over the feet that carry it."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from bridge.body.blending import smoothstep
from bridge.body.body_points import PosedBody
from data.motion.motion import Pose
from data.motion.skeleton import Skeleton
from data.motion.two_bone import Quaternion, TwoBoneLeg, Vector, about, inverse, multiply, rotate

Flat = tuple[float, float]
"""A vector over the floor: x and z."""

_SETTLED_RAD: Final = 1e-3
"""A smaller tilt is none, and the pose is left as it is."""
_SETTLED_M: Final = 1e-3
_SIDES: Final = ("Left", "Right")
_TOPS: Final = ("Neck", "Head", "UpperChest", "Chest", "Spine", "Hips")


@dataclass(frozen=True, kw_only=True)
class BalanceConfig:
    """When a body is out of balance, and how fast it is led back; its own configuration.

    Lengths are those of a figure of 1.6 m.

    Attributes:
        shoe_m: The support reaches so far around the lines between heels and toes.
        slack_m: The centre of mass may be so far outside, since bodies are recorded no better.
        carry_m: A sole so much higher than the lower one does not carry.
        rest_m_s: A centre of mass that is faster than this over the floor is on its way to somewhere.
        speed_s: Time over which that speed is averaged.
        patience_s: Who is outside the support for longer than this is led back at any speed, from twice as long on
            with all strength.
        gain_per_s: Part of the angle that is missing by which the body turns in a second.
        release_per_s: Part of the tilt that goes away in a second when nothing calls for it.
        max_rate_rad_s: The body tilts no faster.
        max_rate_change_rad_s2: Nor does its rate change faster.
        max_tilt_rad: Nor any farther.
        max_shift_m: The hips are shifted no farther.
        lean: A trunk whose neck is so far off the vertical through the hips, as a part of its length, is righted by
            tilting alone, or, if tilting would bend it further, left as it is and the hips shifted alone.
        squat: Height of the hips over the feet, as a part of their height in the rest pose, up to which a body is left
            alone, and from which on it is balanced.
        pivot_s: Time in which the point that it turns about follows the feet.
    """

    shoe_m: float = 0.04
    slack_m: float = 0.03
    carry_m: float = 0.06
    rest_m_s: float = 0.18
    speed_s: float = 0.1
    patience_s: float = 0.2
    gain_per_s: float = 5.0
    release_per_s: float = 1.0
    max_rate_rad_s: float = 0.8
    max_rate_change_rad_s2: float = 2.5
    max_tilt_rad: float = 0.8
    max_shift_m: float = 0.25
    lean: float = 0.2
    squat: tuple[float, float] = (0.5, 0.7)
    pivot_s: float = 0.2

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if name != "squat" and not (math.isfinite(value) and value > 0):
                raise ValueError(f"{name} of the balance must be positive, not {value}")
        if not 0.0 < self.squat[0] < self.squat[1]:
            raise ValueError(f"squat of the balance must be two positive numbers, the larger last, not {self.squat}")


@dataclass(frozen=True)
class BalanceState:
    """What is kept of the balance from frame to frame; vectors over the floor turn with the figure's heading.

    Attributes:
        tilt: Rotation vector of the correction, in the frame of the heading, radians.
        rate: Its change, rad/s.
        shift: From where the hips are danced to where they are shown, in the same frame, metres.
        shift_rate: Its change, m/s.
        pivot: From the root to the point that the body turns about, in the same frame, metres; None before the first.
        centre: Centre of mass as it was danced in the last frame, world, metres; None before the first.
        velocity: Of the danced centre of mass, averaged, world, m/s.
        outside_s: Time since which the centre of mass is outside the support.
    """

    tilt: Flat = (0.0, 0.0)
    rate: Flat = (0.0, 0.0)
    shift: Flat = (0.0, 0.0)
    shift_rate: Flat = (0.0, 0.0)
    pivot: Flat | None = None
    centre: Flat | None = None
    velocity: Flat = (0.0, 0.0)
    outside_s: float = 0.0


class Balance:
    """Tilts the body about its feet until its centre of mass is over them, while the legs keep the feet in place.

    A body that stands and whose centre of mass is outside the support is falling; one that does so slowly is a statue
    that leans. Only that is corrected: who moves, jumps, kneels or stands on the hands is left alone, and a correction
    fades as soon as the support reaches the centre of mass without it. Where tilting rights the trunk the body tilts;
    where it would bend the trunk further (knees far in front of the feet) the hips are shifted instead. Head, trunk and
    arms keep their pose, and thighs and shins are solved by inverse kinematics, so that feet stay as danced.

    The support is the hull of heels and toes that carry; the centre of mass is that of `data.motion.body_mass`. No
    look-ahead; the tilt follows within about half a second, by design: what is over sooner is not touched.

    Args:
        skeleton: Humanoid bones in a T-pose.
        rate_hz: Frames a second.
        size: Of the figure, as a factor on lengths.
        config: When and how fast.
    """

    def __init__(self, skeleton: Skeleton, rate_hz: float, size: float, config: BalanceConfig | None = None) -> None:
        self.config = config or BalanceConfig()
        self._frame_s = 1.0 / rate_hz
        self._size = size
        self._hips_m = skeleton.rest_height
        self._neck = next(skeleton.index(name) for name in _TOPS if name in skeleton.names)
        self._legs = [
            (
                skeleton.parents[skeleton.index(f"{side}UpperLeg")],
                skeleton.index(f"{side}UpperLeg"),
                skeleton.index(f"{side}LowerLeg"),
                skeleton.index(f"{side}Foot"),
                TwoBoneLeg.of(skeleton, side),
            )
            for side in _SIDES
        ]

    def tilted(self, pose: Pose, body: PosedBody, state: BalanceState, heading_rad: float, amount: float) -> Pose:
        """The pose with the tilt of the state: turned about the feet, which stay.

        Args:
            pose: As danced.
            body: Its points.
            state: From the frame before.
            heading_rad: Where the figure faces.
            amount: Part of the tilt that is shown, 0 to 1.
        """
        x, z = _turned(state.tilt, heading_rad)
        amount *= self._uprightness(body)
        angle = amount * math.hypot(x, z)
        sx, sz = _turned(state.shift, heading_rad)
        shift = amount * sx, amount * sz
        if state.pivot is None or (angle < _SETTLED_RAD and math.hypot(*shift) < _SETTLED_M):
            return pose
        turn = about((amount * x / angle, 0.0, amount * z / angle), angle) if angle > 0.0 else (0.0, 0.0, 0.0, 1.0)
        root = body.places[0]
        px, pz = _turned(state.pivot, heading_rad)
        pivot = root[0] + px, body.lowest_m, root[2] + pz
        rotations = pose.rotations.copy()
        rotations[0] = multiply(turn, body.turned[0])
        for trunk, upper, lower, foot, leg in self._legs:
            hip, ankle = _about(pivot, turn, body.places[upper], shift), body.places[foot]
            reach = ankle[0] - hip[0], ankle[1] - hip[1], ankle[2] - hip[2]
            thigh, shin = leg.solve(reach, multiply(turn, body.turned[upper]), multiply(turn, body.turned[lower]))
            above = multiply(turn, body.turned[trunk])
            for joint, parent, turned in ((upper, above, thigh), (lower, thigh, shin), (foot, shin, body.turned[foot])):
                rotations[joint] = _near(multiply(inverse(parent), turned), pose.rotations[joint].tolist())
        return Pose(np.array(_about(pivot, turn, root, shift), np.float32), rotations)

    def step(
        self, danced: PosedBody, shown: PosedBody, heading_rad: float, state: BalanceState, *, stands: bool
    ) -> BalanceState:
        """The state after a frame.

        Args:
            danced: The body as it was danced.
            shown: The same with the tilt of the state.
            heading_rad: Where the figure faces.
            state: From the frame before; it is not changed.
            stands: Whether feet, and nothing else, touch the floor.
        """
        config, dt = self.config, self._frame_s
        centre = danced.centre[0], danced.centre[2]
        velocity = state.velocity
        if state.centre is not None:
            share = 1.0 - math.exp(-dt / config.speed_s)
            vx, vz = (centre[0] - state.centre[0]) / dt, (centre[1] - state.centre[1]) / dt
            velocity = velocity[0] + share * (vx - velocity[0]), velocity[1] + share * (vz - velocity[1])
        carrying = [
            sole
            for sole, height_m in zip(shown.soles, shown.sole_m, strict=True)
            if height_m < min(shown.sole_m) + self._size * config.carry_m
        ]
        over, excess_m, is_at_rest, outside_s = (0.0, 0.0), 0.0, 0.0, 0.0
        if stands:
            over = beyond_support((shown.centre[0], shown.centre[2]), [(p[0], p[2]) for sole in carrying for p in sole])
            excess_m = max(math.hypot(*over) - self._size * (config.shoe_m + config.slack_m), 0.0)
            outside_s = state.outside_s + dt if excess_m > 0.0 else 0.0
            speed = math.hypot(*velocity) / (self._size * config.rest_m_s)
            falls = smoothstep(state.outside_s / config.patience_s - 1.0)
            is_at_rest = self._uprightness(danced) * max(1.0 / (1.0 + speed**4), falls)
        back = (0.0, 0.0)
        if excess_m > 0.0:
            distance = math.hypot(*over)
            back = _turned((-excess_m / distance * over[0], -excess_m / distance * over[1]), -heading_rad)
        height_m = max(shown.centre[1] - shown.lowest_m, 0.3 * self._size)
        tilts = self._righted(danced, over)
        gain = is_at_rest * config.gain_per_s
        release = config.release_per_s if excess_m == 0.0 else config.release_per_s * (1.0 - is_at_rest)
        call = tilts * gain / height_m
        tilt, rate = self._led(
            state.tilt, state.rate, (call * back[1], -call * back[0]), release, 1.0, config.max_tilt_rad
        )
        call = (1.0 - tilts) * gain
        shift, shift_rate = self._led(
            state.shift,
            state.shift_rate,
            (call * back[0], call * back[1]),
            release,
            height_m,
            self._size * config.max_shift_m,
        )
        pivot = self._pivot(danced, heading_rad, state.pivot)
        return BalanceState(tilt, rate, shift, shift_rate, pivot, centre, velocity, outside_s)

    def _led(
        self, value: Flat, rate: Flat, call: Flat, release: float, arm_m: float, farthest: float
    ) -> tuple[Flat, Flat]:
        """A correction one frame on, and its rate: as fast as the head may go, on an arm of this length."""
        config, dt = self.config, self._frame_s
        wanted = _shortened((call[0] - release * value[0], call[1] - release * value[1]), arm_m * config.max_rate_rad_s)
        change = _shortened((wanted[0] - rate[0], wanted[1] - rate[1]), arm_m * config.max_rate_change_rad_s2 * dt)
        rate = rate[0] + change[0], rate[1] + change[1]
        return _shortened((value[0] + dt * rate[0], value[1] + dt * rate[1]), farthest), rate

    def _righted(self, body: PosedBody, over: Flat) -> float:
        """1 where tilting the body back rights its trunk, 0 where it would bend it further, half for one upright."""
        hips, neck, distance = body.places[0], body.places[self._neck], math.hypot(*over)
        length = math.dist(hips, neck)
        if distance == 0.0 or length == 0.0:
            return 0.5
        lean = ((neck[0] - hips[0]) * over[0] + (neck[2] - hips[2]) * over[1]) / (distance * length)
        return smoothstep(0.5 + 0.5 * lean / self.config.lean)

    def _uprightness(self, body: PosedBody) -> float:
        """1 for hips high over the feet, 0 for a body that squats deep, kneels, lies, or is upside down."""
        low, high = self.config.squat
        return smoothstep(((body.places[0][1] - min(body.sole_m)) / self._hips_m - low) / (high - low))

    def _pivot(self, body: PosedBody, heading_rad: float, pivot: Flat | None) -> Flat:
        """From the root to the middle of the feet that carry, smoothed, in the frame of the heading."""
        lower = min(body.sole_m)
        x = z = total = 0.0
        for sole, height_m in zip(body.soles, body.sole_m, strict=True):
            weight = math.exp(-(((height_m - lower) / (self._size * self.config.carry_m)) ** 2)) / len(sole)
            for point in sole:
                x, z, total = x + weight * point[0], z + weight * point[2], total + weight
        root = body.places[0]
        there = _turned((x / total - root[0], z / total - root[2]), -heading_rad)
        if pivot is None:
            return there
        share = 1.0 - math.exp(-self._frame_s / self.config.pivot_s)
        return pivot[0] + share * (there[0] - pivot[0]), pivot[1] + share * (there[1] - pivot[1])


def beyond_support(centre: Flat, support: list[Flat]) -> Flat:
    """The shortest way from the hull of some points on the floor to another point; (0, 0) if that is inside.

    Example:
        >>> feet = [(0.1, 0.0), (0.1, 0.2), (-0.1, 0.0), (-0.1, 0.2)]
        >>> beyond_support((0.0, 0.1), feet), beyond_support((0.0, -0.3), feet)
        ((0.0, 0.0), (0.0, -0.3))
    """
    angles = sorted(math.atan2(x - centre[0], z - centre[1]) for x, z in support)
    gaps = [b - a for a, b in zip(angles, [*angles[1:], angles[0] + 2 * math.pi], strict=True)]
    if max(gaps) < math.pi:
        return 0.0, 0.0
    nearest, least = (0.0, 0.0), math.inf
    for number, (ax, az) in enumerate(support):
        for bx, bz in support[number:]:
            dx, dz = bx - ax, bz - az
            length = dx * dx + dz * dz
            along = ((centre[0] - ax) * dx + (centre[1] - az) * dz) / length if length > 0.0 else 0.0
            along = min(max(along, 0.0), 1.0)
            wx, wz = centre[0] - ax - along * dx, centre[1] - az - along * dz
            distance = wx * wx + wz * wz
            if distance < least:
                nearest, least = (wx, wz), distance
    return nearest


def _turned(flat: Flat, angle_rad: float) -> Flat:
    """A vector over the floor turned about the vertical."""
    sine, cosine = math.sin(angle_rad), math.cos(angle_rad)
    return cosine * flat[0] + sine * flat[1], cosine * flat[1] - sine * flat[0]


def _shortened(flat: Flat, longest: float) -> Flat:
    """The vector, or as much of it as is no longer than `longest`."""
    length = math.hypot(*flat)
    return flat if length <= longest else (flat[0] * longest / length, flat[1] * longest / length)


def _about(pivot: Vector, turn: Quaternion, place: Vector, shift: Flat) -> Vector:
    """A place turned about a pivot, then shifted over the floor."""
    x, y, z = rotate(turn, (place[0] - pivot[0], place[1] - pivot[1], place[2] - pivot[2]))
    return pivot[0] + x + shift[0], pivot[1] + y, pivot[2] + z + shift[1]


def _near(q: Quaternion, old: list[float]) -> Quaternion:
    """The same rotation with the sign that lies on the old one's side."""
    dot = q[0] * old[0] + q[1] * old[1] + q[2] * old[2] + q[3] * old[3]
    return q if dot >= 0 else (-q[0], -q[1], -q[2], -q[3])
