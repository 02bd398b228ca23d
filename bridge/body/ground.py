"""The ground: hips follow the feet, so that a figure stands, flies only as bodies fly, and never sinks."""

import math
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from bridge.body.balance import Balance, BalanceConfig, BalanceState
from bridge.body.blending import heading_rad
from bridge.body.body_points import BodyPoints
from data.motion.motion import Pose
from data.motion.skeleton import STATURE_M, Skeleton

_G_M_S2: Final = 9.81


@dataclass(frozen=True, kw_only=True)
class GroundConfig:
    """How a figure leaves the floor and comes back; its own configuration.

    Lengths are those of a figure of 1.6 m, the speeds too. A flight may be slower and longer than physics allows, since
    recorded jumps are smoothed: in real street dance 0.8 of the height of jumps is kept.

    Attributes:
        touch_m: Whoever is no higher than this stands.
        settle_s: Time in which a standing figure comes down to the floor, to a third of what is left.
        gravity_m_s2: The lowest point of who has left the floor falls at least as fast as with this.
        take_off_m_s: Nobody leaves the floor faster.
        push_m_s: For a moment after leaving the floor, what still rises faster than this pushes itself off.
        push_s: Length of that moment.
        max_fall_m_s: Grounding lets nobody fall faster than this.
        land_s: Nor so fast that less than this would be left until the floor is met.
        rise_s: What is far under the floor, or without grounding at all, is lifted in this time, to a third of what is
            left,
        fall_s: and without grounding let down again in this time.
        balance: The body over its feet.
    """

    touch_m: float = 0.04
    settle_s: float = 1.0
    gravity_m_s2: float = 7.0
    take_off_m_s: float = 2.5
    push_m_s: float = 0.6
    push_s: float = 0.14
    max_fall_m_s: float = 1.4
    land_s: float = 0.05
    rise_s: float = 0.03
    fall_s: float = 0.25
    balance: BalanceConfig = field(default_factory=BalanceConfig)

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if name != "balance" and not (math.isfinite(value) and value > 0):
                raise ValueError(f"{name} of the ground must be positive, not {value}")


@dataclass(frozen=True)
class Flight:
    """How high a figure may be, as if it had been thrown: the bound of its lowest point or of its centre of mass.

    Attributes:
        height_m: Where it is.
        rise_m_s: How fast it rises.
    """

    height_m: float = 0.0
    rise_m_s: float = 0.0

    def fallen(self, gravity_m_s2: float, max_fall_m_s: float, frame_s: float) -> "Flight":
        """One frame later."""
        rise = max(self.rise_m_s - gravity_m_s2 * frame_s, -max_fall_m_s)
        return Flight(self.height_m + frame_s * rise, rise)


@dataclass(frozen=True)
class GroundState:
    """What is kept between two frames: a value.

    Attributes:
        lift_m: By how much the floor lifts the figure without grounding.
        offset_m: By how much grounding moves it up or down.
        fall_m_s: How fast it moves down.
        danced_m: Height of the lowest point as danced in the last frame; None before the first.
        centre_m: Height of the centre of mass as shown in the last frame.
        low: Bound of the lowest point.
        centre: Bound of the centre of mass.
        air_s: Time since the floor was last touched.
        balance: The balance's.
    """

    lift_m: float = 0.0
    offset_m: float = 0.0
    fall_m_s: float = 0.0
    danced_m: float | None = None
    centre_m: float = 0.0
    low: Flight = field(default_factory=Flight)
    centre: Flight = field(default_factory=Flight)
    air_s: float = 0.0
    balance: BalanceState = field(default_factory=BalanceState)

    @property
    def is_in_the_air(self) -> bool:
        """Whether nothing of the body touches the floor."""
        return self.air_s > 0.0


class Ground:
    """Moves a figure up and down so that its lowest point meets the floor (height 0), and keeps it in balance.

    The floor carries and never pulls. So a figure may leave it, but then it is thrown: neither its lowest point nor its
    centre of mass may stay above the flight that began with the speed at which it left, under gravity. What rises
    slowly, or pulls up its feet, has no such speed and stays on the floor, where its hips come down with it; what jumps
    is not touched. The lowest point is that of the whole body, trunk and knees with their flesh, so that one who lies,
    kneels or stands on the hands is on the floor too. Only the root's height is changed. Then `Balance` leans the body.

    No look-ahead: a figure that the dance leaves hanging begins to fall at once, and stands after 0.5 s at most. At an
    amount of 0 the figure is only lifted out of the floor, fast up, slowly down again.

    Args:
        skeleton: Humanoid bones in a T-pose.
        rate_hz: Frames a second.
        config: How.

    Raises:
        ValueError: The skeleton has no limbs by their humanoid names, or the rate is not positive.

    Example:
        >>> from data.motion.humanoid import default_skeleton
        >>> from data.motion.idle import IdleMotion
        >>> standing = IdleMotion(default_skeleton(), 30).motion(60)
        >>> ground = Ground(standing.skeleton, 30)
        >>> state = ground.initial_state()
        >>> for frame in range(60):  # hips rise by 30 cm in two seconds, and the feet with them
        ...     pose = standing.pose(frame)
        ...     risen = Pose(pose.root_position + np.array([0, 0.005 * frame, 0], np.float32), pose.rotations)
        ...     shown, state = ground.step(risen, state)
        >>> round(float(risen.root_position[1] - shown.root_position[1]), 1), state.is_in_the_air
        (0.3, False)
    """

    def __init__(self, skeleton: Skeleton, rate_hz: float, config: GroundConfig | None = None) -> None:
        if not (math.isfinite(rate_hz) and rate_hz > 0):
            raise ValueError(f"the frame rate must be positive, not {rate_hz} Hz")
        self.config = config or GroundConfig()
        self._frame_s = 1.0 / rate_hz
        self._size = skeleton.stature_m / STATURE_M
        self._points = BodyPoints(skeleton)
        self._balance = Balance(skeleton, rate_hz, self._size, self.config.balance)

    def initial_state(self) -> GroundState:
        """The figure has not been seen yet."""
        return GroundState()

    def step(self, pose: Pose, state: GroundState, *, amount: float = 1.0) -> tuple[Pose, GroundState]:
        """The pose on the floor.

        Args:
            pose: As danced, on a floor at height 0.
            state: From the frame before.
            amount: Part of the correction that is shown, 0 to 1.

        Returns:
            The pose and the state to hand in with the next one. A pose that is not finite is returned as it is.
        """
        if not (np.isfinite(pose.rotations).all() and np.isfinite(pose.root_position).all()):
            return pose, self.initial_state()
        amount = min(max(amount, 0.0), 1.0)
        danced = body = self._points.of(pose)
        facing = heading_rad(pose.rotations[0])
        if amount > 0.0:
            tilted = self._balance.tilted(pose, danced, state.balance, facing, amount)
            if tilted is not pose:
                pose, body = tilted, self._points.of(tilted)
        low_m = body.lowest_m
        lift_m = self._lifted(low_m, state.lift_m)
        if amount <= 0.0:
            return _raised(pose, lift_m), GroundState(lift_m=lift_m)
        followed = self._followed(low_m, body.centre[1], state)
        stands = not followed.is_in_the_air and body.other_m > low_m + self._size * self.config.balance.carry_m
        balance = self._balance.step(danced, body, facing, state.balance, stands=stands)
        pose = _raised(pose, lift_m + amount * (followed.offset_m - lift_m))
        return pose, replace(followed, lift_m=lift_m, balance=balance)

    def _lifted(self, low_m: float, lift_m: float) -> float:
        """The lift that follows what is under the floor, fast up, slowly down again."""
        wanted_m = max(0.0, -low_m)
        time_s = self.config.rise_s if wanted_m > lift_m else self.config.fall_s
        return lift_m + (1.0 - math.exp(-self._frame_s / time_s)) * (wanted_m - lift_m)

    def _followed(self, low_m: float, centre_m: float, state: GroundState) -> GroundState:
        """The state with the offset for a body whose lowest point and centre of mass are danced at these heights."""
        config, dt, size = self.config, self._frame_s, self._size
        touch_m = size * config.touch_m
        if state.danced_m is None:
            offset_m = -low_m if low_m > touch_m else max(0.0, -low_m)
            there = low_m + offset_m, centre_m + offset_m
            return GroundState(0.0, offset_m, 0.0, low_m, there[1], Flight(there[0]), Flight(there[1]))
        offset_m = state.offset_m
        over_m = min(max(low_m + offset_m, 0.0), touch_m)
        offset_m -= (1.0 - math.exp(-dt / config.settle_s)) * over_m
        rise_m_s = (low_m - state.danced_m) / dt
        low, centre = (
            flight.fallen(config.gravity_m_s2, config.max_fall_m_s, dt) for flight in (state.low, state.centre)
        )
        pushes = state.air_s < config.push_s and rise_m_s > size * config.push_m_s
        fall_m_s = 0.0
        if low_m + offset_m > touch_m and not pushes:
            highest_m = max(touch_m - low_m, low.height_m - low_m, centre.height_m - centre_m)
            # The hips begin to fall as bodies do, and land softly.
            fastest_m_s = state.fall_m_s + _G_M_S2 * dt
            softest_m_s = (1.0 - math.exp(-dt / config.land_s)) * (low_m + offset_m) / dt
            fall_m_s = min(max((offset_m - highest_m) / dt, 0.0), fastest_m_s, softest_m_s)
            offset_m -= fall_m_s * dt
        sunk_m = -low_m - offset_m
        if sunk_m > 0.0:  # what comes down fast may bend its knees, which is up to the foot lock
            share = 1.0 - math.exp(-dt / config.rise_s)
            offset_m += max(min(sunk_m, config.max_fall_m_s * dt), share * sunk_m)
        height_m, now_m = low_m + offset_m, centre_m + offset_m
        fastest = size * config.take_off_m_s
        if height_m <= touch_m + 1e-9:
            climbs = (now_m - state.centre_m) / dt
            low = Flight(height_m, min(max(low.rise_m_s, rise_m_s, climbs), fastest))
            centre = Flight(now_m, min(max(centre.rise_m_s, climbs), fastest))
            return GroundState(0.0, offset_m, fall_m_s, low_m, now_m, low, centre)
        air_s = state.air_s + dt
        if pushes:
            low = Flight(height_m, min(max(low.rise_m_s, rise_m_s), fastest - _G_M_S2 * air_s))
        return GroundState(0.0, offset_m, fall_m_s, low_m, now_m, low, centre, air_s)


def _raised(pose: Pose, height_m: float) -> Pose:
    return Pose(pose.root_position + np.array([0.0, height_m, 0.0], np.float32), pose.rotations)
