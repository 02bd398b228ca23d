"""Facing: the dance is gently led back to its front, and may turn and spin as it likes."""

import math
from dataclasses import dataclass
from typing import Final

MEMORY_S: Final = 0.7
"""Time constant over which the dance's mean facing is known: a spin has hardly any."""
MAX_TURN_RAD_S: Final = math.radians(120.0)
"""The fastest that a dance is ever led back."""
_GAIN_PER_S: Final = 4.0  # turn back each second, for every radian that the mean faces away, at strength 1
_PLANTED_SHARE: Final = 0.3  # of the correction while both feet stand
_EASE_S: Final = 0.15  # time constant in which the correction comes and goes


@dataclass(frozen=True)
class FacingState:
    """Where the dance faced of late, and how it is being led back.

    Attributes:
        side: Towards +X: the mean of the facing's sine. With `ahead` a vector whose length tells how much the dance
            faced one way.
        ahead: Towards +Z: the mean of its cosine.
        turn_rad_s: The turn that was added in the last frame.
    """

    side: float = 0.0
    ahead: float = 1.0
    turn_rad_s: float = 0.0

    @classmethod
    def towards(cls, yaw_rad: float) -> "FacingState":
        """Of who has long faced one way."""
        return cls(math.sin(yaw_rad), math.cos(yaw_rad))


def led_back(
    yaw_rad: float,
    state: FacingState,
    *,
    strength: float,
    front_rad: float,
    own_turn_rad_s: float = 0.0,
    is_planted: bool = False,
    period_s: float,
) -> FacingState:
    """The state after a frame; its `turn_rad_s` is to be added to the dance's own turn.

    What is led back is the mean facing, not that of the moment: while the dance spins the mean has no direction, and
    nothing is added; a turn that ends with the back to the front is followed by a slow way round. The turn is bounded,
    comes and goes gently, and waits for the feet: while both stand there is less of it, but for what only takes back
    the dance's own turn.

    Args:
        yaw_rad: Where the figure would face after the frame; 0 is +Z, positive towards +X.
        state: From the frame before.
        strength: 0 (nothing is added) to 1.
        front_rad: Where it is to face, likewise.
        own_turn_rad_s: The turn of the dance itself in this frame.
        is_planted: Whether both feet stand.
        period_s: Length of the frame.
    """
    keep = math.exp(-period_s / MEMORY_S)
    side = keep * state.side + (1.0 - keep) * math.sin(yaw_rad)
    ahead = keep * state.ahead + (1.0 - keep) * math.cos(yaw_rad)
    away = math.remainder(math.atan2(side, ahead) - front_rad, 2 * math.pi)
    wanted = -_GAIN_PER_S * away * math.hypot(side, ahead)
    wanted = strength * min(max(wanted, -MAX_TURN_RAD_S), MAX_TURN_RAD_S)
    if is_planted:
        taken_back = min(abs(wanted), abs(own_turn_rad_s)) if wanted * own_turn_rad_s < 0.0 else 0.0
        wanted = math.copysign(taken_back + _PLANTED_SHARE * (abs(wanted) - taken_back), wanted)
    turn = state.turn_rad_s + (1.0 - math.exp(-period_s / _EASE_S)) * (wanted - state.turn_rad_s)
    # What is remembered of the figure turns with it, so that it is not led back twice.
    sine, cosine = math.sin(turn * period_s), math.cos(turn * period_s)
    return FacingState(cosine * side + sine * ahead, cosine * ahead - sine * side, turn)


def turned_about(pivot: tuple[float, float], place: tuple[float, float], angle_rad: float) -> tuple[float, float]:
    """By how much a place moves when it is turned about the vertical through another, both (x, z): metres."""
    sine, cosine = math.sin(angle_rad), math.cos(angle_rad)
    x, z = place[0] - pivot[0], place[1] - pivot[1]
    return cosine * x + sine * z - x, cosine * z - sine * x - z
