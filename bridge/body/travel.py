"""Travel: where the dance's own steps and turns lead, once it is led back to its front and held on the leash."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.body.facing import FacingState, led_back, turned_about
from bridge.body.foot_lock import FootLockState
from bridge.body.leash import leashed
from data.motion.pose_codec import PoseCodec, PoseDecoderState


@dataclass(frozen=True, kw_only=True)
class TravelRequest:
    """What is asked of a dance's travel.

    Attributes:
        weight: Part of the dance's own travel and turn that is taken, 0 to 1.
        is_mirrored: Left and right change places.
        leash_m: Radius of the circle around home.
        facing: How strongly it is led back to its front, 0 to 1.
        front_rad: Where that is: 0 is +Z, positive towards +X.
    """

    weight: float
    is_mirrored: bool
    leash_m: float
    facing: float
    front_rad: float


def travelling(
    vector: NDArray[np.float32],
    codec: PoseCodec,
    decoder: PoseDecoderState,
    facing: FacingState,
    feet: FootLockState,
    request: TravelRequest,
) -> tuple[NDArray[np.float32], FacingState]:
    """A pose vector (dims,) with the travel and turn that are to be seen, and the facing after the frame.

    Args:
        vector: The dance's own, in the codec's units.
        codec: Its meaning.
        decoder: Where the figure is before the frame; it is not changed.
        facing: From the frame before.
        feet: Which stand. Around one that stands alone the body turns when it is led back; where both stand it waits.
        request: What is asked for.
    """
    columns, vector, period_s = codec.columns, vector.copy(), 1.0 / codec.rate_hz
    weight = request.weight
    turn_rate = float(vector[columns["turn_rate"]][0]) * (-weight if request.is_mirrored else weight)
    side, front = (weight * vector[columns["floor_velocity"]]).tolist()
    side = -side if request.is_mirrored else side
    facing = led_back(
        decoder.yaw_rad + turn_rate * period_s,
        facing,
        strength=weight * request.facing,
        front_rad=request.front_rad,
        own_turn_rad_s=turn_rate,
        is_planted=all(feet.locked),
        period_s=period_s,
    )
    turn_rate += facing.turn_rad_s
    # The facing frame, after its turn, in the world: as the codec has it.
    yaw = decoder.yaw_rad + turn_rate * period_s
    sine, cosine = math.sin(yaw), math.cos(yaw)
    velocity = cosine * side + sine * front, cosine * front - sine * side
    x, _, z = decoder.root_position.tolist()
    standing = [foot.shown for foot in feet.feet if foot.is_locked]
    if len(standing) == 1:
        heel, toe = standing[0]
        pivot = 0.5 * (heel[0] + toe[0]), 0.5 * (heel[1] + toe[1])
        moved = turned_about(pivot, (x, z), facing.turn_rad_s * period_s)
        velocity = velocity[0] + moved[0] / period_s, velocity[1] + moved[1] / period_s
    vx, vz = leashed(velocity, (x, z), leash_m=request.leash_m, period_s=period_s)
    vector[columns["floor_velocity"]] = (cosine * vx - sine * vz, sine * vx + cosine * vz)
    vector[columns["turn_rate"]] = turn_rate
    return vector, facing
