"""Dead blending: what was shown glides on by itself while what is wanted now is blended in.

After D. Holden, Dead Blending (2023): the old motion need not go on being made, it is only continued with the velocity
that it had, which dies away; so any cut can be bridged, at any moment, also within another bridge.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.body.blending import scaled, smoothstep, turn_between
from data.motion.motion import Pose, blend
from data.motion.rotations import angle_between, multiply


@dataclass(frozen=True, eq=False)
class Glide:
    """A figure that goes on by itself.

    Attributes:
        pose: Where it is.
        turn: Rotation of each joint in a frame, (joints, 4).
        move: Path of the root in a frame, (3,), metres.
    """

    pose: Pose
    turn: NDArray[np.float32]
    move: NDArray[np.float32]

    @classmethod
    def of(cls, before: Pose, last: Pose) -> "Glide":
        """What goes on from `last` as it came there from `before`."""
        return cls(last, turn_between(before.rotations, last.rotations), last.root_position - before.root_position)

    def slowed(self, factor: float) -> "Glide":
        """The same figure at `factor` times the velocity."""
        return Glide(self.pose, scaled(self.turn, factor), np.float32(factor) * self.move)

    def step(self, decay: float) -> "Glide":
        """One frame on, at `decay` times the velocity."""
        slowed = self.slowed(decay)
        rotations = multiply(slowed.turn, self.pose.rotations).astype(np.float32)
        return Glide(Pose(self.pose.root_position + slowed.move, rotations), slowed.turn, slowed.move)


@dataclass(frozen=True, eq=False)
class DeadBlendState:
    """A bridge that is being crossed.

    Attributes:
        glide: What was shown, going on.
        age_s: Time since the cut.
        ease_s: Time that the whole bridge takes.
    """

    glide: Glide
    age_s: float
    ease_s: float


@dataclass(frozen=True, kw_only=True)
class DeadBlend:
    """How cuts are bridged; its own configuration.

    Attributes:
        rate_hz: Frames a second.
        half_life_s: What glides on loses half its velocity in this time.
        min_ease_s: A bridge takes at least so long,
        ease_rad_s: and longer where joints have far to turn: the whole way at this speed on average,
        ease_m_s: or where the root has far to go.
    """

    rate_hz: float
    half_life_s: float = 0.06
    min_ease_s: float = 0.3
    ease_rad_s: float = 4.0
    ease_m_s: float = 1.5

    @property
    def decay(self) -> float:
        """Factor by which what glides on slows down in a frame."""
        return float(0.5 ** (1.0 / (self.rate_hz * self.half_life_s)))

    def begin(self, before: Pose, last: Pose, goal: Pose) -> DeadBlendState:
        """A bridge from the last two poses that were shown to a goal that lies elsewhere."""
        angle = float(angle_between(last.rotations, goal.rotations).max())
        distance = float(np.linalg.norm(goal.root_position - last.root_position))
        ease_s = max(self.min_ease_s, angle / self.ease_rad_s, distance / self.ease_m_s)
        return DeadBlendState(Glide.of(before, last), 0.0, ease_s)

    def step(self, goal: Pose, state: DeadBlendState) -> tuple[Pose, DeadBlendState | None]:
        """The pose between what glides on and this frame's goal, and the state; None once the goal is reached."""
        age_s = state.age_s + 1.0 / self.rate_hz
        if age_s >= state.ease_s:
            return goal, None
        glide = state.glide.step(self.decay)
        return blend(glide.pose, goal, smoothstep(age_s / state.ease_s)), DeadBlendState(glide, age_s, state.ease_s)
