"""What an engine remembers between two frames."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.body.gate import SilenceGateState
from data.idle import IdleState
from data.motion import Pose
from data.pose_codec import PoseDecoderState
from models.stepper import Steering


@dataclass
class EngineState:
    """Everything between two frames: a value, passed in and returned. `step` may reuse it; `copy` branches.

    Attributes:
        frame: Frames stepped so far; with `seed` it determines the noise.
        seed: Of the whole dance.
        dancer: The dancer's own state; None while it sleeps.
        num_starts: Times the dancer was started.
        steering: What the dancer's state was last told.
        temperature: Eased towards the controls'.
        energy: Likewise; NaN for none.
        vector: The last believed pose vector, (dims,), codec units.
        num_bad: Implausible vectors in a row.
        has_failed: The dancer broke; the figure is on its way to idling, where the dancer will be started anew.
        dance: How much of the shown pose is dance, 0 to 1, before easing.
        decoder: Where the figure is and faces.
        gate: The silence gate's.
        idle: The idle motion's.
        lift_m: Height by which the floor lifts the figure.
        shown: The last pose that left.
        num_rejected: Vectors that were not believed, since the beginning.
    """

    frame: int
    seed: int
    dancer: Any
    num_starts: int
    steering: Steering | None
    temperature: float
    energy: float
    vector: NDArray[np.float32]
    num_bad: int
    has_failed: bool
    dance: float
    decoder: PoseDecoderState
    gate: SilenceGateState
    idle: IdleState
    lift_m: float
    shown: Pose
    num_rejected: int

    @property
    def activity(self) -> str:
        """`idle` or `dancing`."""
        return "dancing" if self.dance > 0.0 else "idle"

    def copy(self) -> "EngineState":
        """A state that can be stepped without changing this one."""
        return replace(self, decoder=self.decoder.copy(), idle=self.idle.copy())
