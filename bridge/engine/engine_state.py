"""What an engine remembers between two frames."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.body.dead_blend import DeadBlendState, Glide
from bridge.body.facing import FacingState
from bridge.body.foot_lock import FootLockState
from bridge.body.gate import SilenceGateState
from bridge.body.ground import GroundState
from bridge.body.liveliness import LivelinessState
from bridge.control.controls import Controls, EasedControls
from bridge.engine.why import Standing
from data.motion.idle import IdleState
from data.motion.motion import Pose
from data.motion.pose_codec import PoseDecoderState
from data.sound.music_detector import MusicDetectorState
from models.step.steering import Steering


@dataclass
class EngineState:
    """Everything between two frames; who owns it says `data.sound.streaming`. `copy` branches.

    Attributes:
        frame: Frames since the dance was begun; with `seed` it determines the noise.
        first_seed: Of the performance, for whoever asks for no other.
        seed: Of the dance.
        obeyed: Controls of the frame before; None before the first.
        dancer: The dancer's own state; None while it sleeps.
        num_starts: Times the dancer was started.
        steering: What the dancer's state was last given.
        eased: The controls that are eased, as they are by now.
        vector: The last believed pose vector, (dims,), codec units.
        num_bad: Implausible vectors in a row.
        has_failed: The dancer broke; the figure eases into idling, where the dancer will be started anew.
        wait_s: How long it waits there until then.
        next_wait_s: How long it will wait when it breaks once more.
        good_s: How long the dancer has danced well since it last broke.
        dance: How much of the shown pose is dance, 0 to 1, before easing.
        decoder: Where the figure is and faces.
        facing: Where it faced of late, and how it is led back.
        gate: The silence gate's.
        ears: The music detector's.
        verdicts: Whether to dance to what was heard ahead of the dance, oldest first.
        is_music: Whether what sounds is to be danced to, silence apart.
        liveliness: Whether the dance moves enough.
        urge: What is missing of the speed that was asked for, gathered over seconds; see `bridge.body.pace`.
        idle: The idle motion's.
        ground: The ground's.
        feet: The foot lock's.
        before: The pose that was wanted before the last.
        wanted: The last, before it was made safe.
        shown: The last pose that left.
        is_cut: The pose wanted next does not follow from the last, and must be eased into.
        bridge: Over the last cut; None when it has been crossed.
        frozen: The figure that glides to a stop and stays, while freeze is on.
        num_rejected: Vectors that were not believed, since the beginning.
    """

    frame: int
    first_seed: int
    seed: int
    obeyed: Controls | None
    dancer: Any
    num_starts: int
    steering: Steering | None
    eased: EasedControls
    vector: NDArray[np.float32]
    num_bad: int
    has_failed: bool
    wait_s: float
    next_wait_s: float
    good_s: float
    dance: float
    decoder: PoseDecoderState
    facing: FacingState
    gate: SilenceGateState
    ears: MusicDetectorState
    verdicts: Sequence[bool]
    is_music: bool
    liveliness: LivelinessState
    urge: float
    idle: IdleState
    ground: GroundState
    feet: FootLockState
    before: Pose
    wanted: Pose
    shown: Pose
    is_cut: bool
    bridge: DeadBlendState | None
    frozen: Glide | None
    num_rejected: int

    @property
    def activity(self) -> str:
        """`idle`, `dancing` or `frozen`."""
        if self.frozen is not None:
            return "frozen"
        return "dancing" if self.dance > 0.0 else "idle"

    @property
    def standing(self) -> Standing:
        """What there is to know about why it does not dance, should it not."""
        return Standing(
            has_sound=self.gate.is_open,
            is_music=self.is_music,
            is_judged=self.ears.is_judged,
            has_failed=self.has_failed,
            wait_s=max(self.wait_s, 0.0),
        )

    def copy(self) -> "EngineState":
        """A state that can be stepped without changing this one."""
        return replace(self, decoder=self.decoder.copy(), idle=self.idle.copy(), ears=self.ears.copy())
