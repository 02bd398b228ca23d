"""What an engine is made with: how it leads from one thing to the next, and what it lets out."""

from dataclasses import dataclass, field

from bridge.body.safety import Limits
from data.sound.music_detector import WEIGHTS_CHECKSUM


@dataclass(frozen=True, kw_only=True)
class EngineConfig:
    """How the engine leads from one thing to the next.

    Attributes:
        rise_s: Time from idling to dancing, once there is sound.
        fall_s: Time from dancing to idling, once there is none; also when the dancer has failed.
        control_half_life_s: What is a number among the controls reaches a new value by halves of what is left in this
            time.
        velocity_half_life_s: A held vector's travel and turn halve in this time.
        max_bad_frames: A dancer that gives more implausible vectors than this in a row is started anew.
        first_wait_s: One that breaks again soon after rests so long first, twice as long each time,
        max_wait_s: and never longer.
        trust_s: After so much dance it is trusted as at the beginning.
        rousing_m_s: A dance that stands is asked to move so much more, metres a second,
        rousing_temperature: and at a temperature higher by so much.
        music_detector: Which weights hear whether it is music.
        limits: What a body can do.
    """

    rise_s: float = 0.45
    fall_s: float = 0.7
    control_half_life_s: float = 0.25
    velocity_half_life_s: float = 0.1
    max_bad_frames: int = 3
    first_wait_s: float = 1.0
    max_wait_s: float = 30.0
    trust_s: float = 10.0
    rousing_m_s: float = 0.5
    rousing_temperature: float = 0.25
    music_detector: str = WEIGHTS_CHECKSUM
    limits: Limits = field(default_factory=Limits)
