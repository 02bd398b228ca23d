"""Concealment: what the sender shows when no new pose is there, and how it returns to the dance without a jump."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bridge.body.blending import IDENTITY, followed, heading_rad, placed, scaled, smoothstep, turn_between
from bridge.body.dead_blend import Glide
from data.motion.idle import IdleMotion, IdleState
from data.motion.motion import Pose, blend
from data.motion.rotations import angle_between, multiply

_TRUSTED_S: Final = 0.2
"""Poses that are farther apart say nothing of a velocity."""


@dataclass(frozen=True, kw_only=True)
class Concealment:
    """Timing of the bridging of missing poses, after the concealment of lost packets in audio codecs.

    A missing pose is extrapolated: each joint goes on with the velocity that it had in the engine's last poses, which
    from the second missing pose on halves every `coast_half_life_s`, so the figure glides to a stop. After `hold_s` it
    eases, over `idle_s`, into standing idle where it is. When poses come again, the difference to them fades: a small
    one within `min_ease_s`, a large one with about `ease_rad_s`; it goes on fading where more poses are missing.
    Whatever happens, no joint turns faster than `max_turn_rad_s`, and the root moves no faster than `max_move_m_s`.
    """

    coast_half_life_s: float = 0.06
    hold_s: float = 0.5
    idle_s: float = 1.0
    min_ease_s: float = 0.2
    ease_rad_s: float = 4.0
    max_turn_rad_s: float = 40.0
    max_move_m_s: float = 8.0


@dataclass
class ConcealerState:
    """What was shown last, where the engine's figure is, and how far the shown one still is from it.

    Attributes:
        shown: The pose shown at the last tick.
        last: The engine's last pose.
        goal: That pose, and where it has gone on by itself since.
        offset_turn: Rotation from the goal to what is shown when poses came back, (joints, 4).
        offset_move: The same of the root, (3,), metres.
        offset_age_s: Time since poses came back.
        ease_s: Time in which the difference fades.
        missing_s: Time since poses went missing; 0 while they come.
        idle: The idle motion's state.
        anchor: Where idling takes place: x and z in metres, heading in radians.
    """

    shown: Pose
    last: Pose
    goal: Glide
    offset_turn: NDArray[np.float32]
    offset_move: NDArray[np.float32]
    offset_age_s: float
    ease_s: float
    missing_s: float
    idle: IdleState
    anchor: tuple[float, float, float]


class Concealer:
    """Turns a stream of poses with gaps into one pose a tick. Pure: no clock; one call of `step` is one tick."""

    def __init__(self, idle: IdleMotion, config: Concealment | None = None) -> None:
        self._idle = idle
        self._period_s = 1.0 / idle.rate_hz
        self._config = config or Concealment()

    def initial_state(self, seed: int = 0) -> ConcealerState:
        """The figure stands idle, and poses have been missing for ever."""
        pose, idle = self._idle.step(self._idle.initial_state(seed))
        still = np.tile(IDENTITY, (len(pose.rotations), 1))
        rest = np.zeros(3, np.float32)
        goal = Glide(pose, still, rest)
        return ConcealerState(pose, pose, goal, still, rest, np.inf, 0.0, np.inf, idle, (0.0, 0.0, 0.0))

    def step(self, pose: Pose | None, state: ConcealerState, *, steps: int = 1) -> tuple[Pose, ConcealerState]:
        """The pose to show at this tick.

        Args:
            pose: The engine's; None when it has none ready.
            state: From the tick before.
            steps: How many of the engine's steps lie between its pose and the one before; more than 1 when some were
                left out.
        """
        wanted = self._conceal(state) if pose is None else self._ease_into(pose, state, steps)
        state.shown = followed(
            state.shown,
            wanted,
            max_turn_rad=self._config.max_turn_rad_s * self._period_s,
            max_move_m=self._config.max_move_m_s * self._period_s,
        )
        return state.shown, state

    def is_holding(self, state: ConcealerState) -> bool:
        """Whether poses have stayed away for so long that the figure no longer moves with them."""
        return state.missing_s > self._config.hold_s

    def _coasting(self, state: ConcealerState) -> Pose:
        """The goal one tick on, and what is left of the difference to it; writes into `state`.

        With its velocity at the first missing pose, and a decaying one at those after.
        """
        is_first = state.missing_s < self._period_s
        state.goal = state.goal.step(1.0 if is_first else 0.5 ** (self._period_s / self._config.coast_half_life_s))
        return self._with_offset(state.goal.pose, state)

    def _with_offset(self, pose: Pose, state: ConcealerState) -> Pose:
        """The pose and what is left of the difference to it; a tick passes in `state`."""
        left = 1.0 - smoothstep(state.offset_age_s / state.ease_s) if state.ease_s > 0.0 else 0.0
        state.offset_age_s += self._period_s
        if left <= 0.0:
            return pose
        rotations = multiply(scaled(state.offset_turn, left), pose.rotations)
        return Pose(pose.root_position + np.float32(left) * state.offset_move, rotations)

    def _conceal(self, state: ConcealerState) -> Pose:
        """Coasts, then idles; writes into `state`."""
        config = self._config
        if not self.is_holding(state):
            coasting = self._coasting(state)
            state.missing_s += self._period_s
            if not self.is_holding(state):
                return coasting
            x, _, z = state.shown.root_position.tolist()
            state.anchor = x, z, heading_rad(state.shown.rotations[0])
        else:
            state.missing_s += self._period_s
        idle, state.idle = self._idle.step(state.idle)
        # Each frame takes its share of the way that is left, so that after `idle_s` nothing is left.
        left_s = max(config.hold_s + config.idle_s - state.missing_s, 0.0)
        return blend(state.shown, placed(idle, *state.anchor), self._period_s / (left_s + self._period_s))

    def _ease_into(self, pose: Pose, state: ConcealerState, steps: int) -> Pose:
        """The engine's pose plus what is left of the difference it came back with; writes into `state`."""
        if state.missing_s > 0.0 or steps > 1:
            expected = state.shown if self.is_holding(state) else self._coasting(state)
            state.offset_turn = turn_between(pose.rotations, expected.rotations)
            state.offset_move = expected.root_position - pose.root_position
            angle = float(angle_between(pose.rotations, expected.rotations).max())
            state.ease_s = max(self._config.min_ease_s, angle / self._config.ease_rad_s)
            state.offset_age_s = 0.0
        is_near = state.missing_s <= _TRUSTED_S
        motion = Glide.of(state.last, pose)
        state.goal = Glide(pose, motion.turn, motion.move).slowed(1.0 / steps if is_near else 0.0)
        state.last, state.missing_s = pose, 0.0
        return self._with_offset(pose, state)
