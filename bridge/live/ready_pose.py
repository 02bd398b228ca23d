"""What crosses from the engine's thread to the sender's."""

from dataclasses import dataclass

from bridge.live.sound_update import SoundUpdate
from bridge.timing.metrics import PipelineTimes
from data.motion.motion import Pose


@dataclass(frozen=True, eq=False)
class ReadyPose:
    """A pose that waits to be sent.

    Attributes:
        index: Number of its frame of sound, from the beginning of the sound.
        pose: The pose.
        ready_s: When it was ready, monotonic clock.
        steady_s: When it would have been ready at the latest, whatever the engine is doing: what the clock goes by.
        times: Where its time went so far.
        sound: The sound that it answers.
        activity: What the engine is doing: `idle`, `dancing` or `frozen`.
    """

    index: int
    pose: Pose
    ready_s: float
    steady_s: float
    times: PipelineTimes
    sound: SoundUpdate
    activity: str
