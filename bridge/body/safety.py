"""Safety of the figure: which vectors are believed, how high its hips are."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.motion.pose_codec import PoseCodec


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a body can do, with room to spare over the wildest dancer; its own configuration.

    Attributes:
        max_floor_speed_m_s: Faster travel is not believed.
        max_turn_rate_rad_s: Faster turns of the whole body are not believed.
        max_height_m: Hips outside 0 to this height are not believed.
        max_component: Largest believed component of a tilt or joint rotation (a 6D rotation's is 1, an exponential
            map's pi).
        min_hip_height_m: Believed hips are drawn up softly to stay above this.
        max_hip_height_m: And down softly to stay below this.
        max_joint_speed_rad_s: No joint of the shown figure turns faster.
        max_root_speed_m_s: Nor does its root move faster.
    """

    max_floor_speed_m_s: float = 8.0
    max_turn_rate_rad_s: float = 25.0
    max_height_m: float = 2.5
    max_component: float = 4.0
    min_hip_height_m: float = 0.2
    max_hip_height_m: float = 1.4
    max_joint_speed_rad_s: float = 30.0
    max_root_speed_m_s: float = 6.0


def is_plausible(vector: NDArray[np.float32], codec: PoseCodec, limits: Limits) -> bool:
    """Whether a pose vector (dims,) could be a dancer's: finite, and within what a body can do."""
    if not np.isfinite(vector).all():
        return False
    columns = codec.columns
    height = float(vector[columns["height"]][0])
    rotations = (vector[columns["tilt"]], vector[columns["joints"]])
    return (
        math.hypot(*(float(v) for v in vector[columns["floor_velocity"]])) <= limits.max_floor_speed_m_s
        and abs(float(vector[columns["turn_rate"]][0])) <= limits.max_turn_rate_rad_s
        and 0.0 <= height <= limits.max_height_m
        and all(float(np.abs(values).max(initial=0.0)) <= limits.max_component for values in rotations)
    )


def softly_bounded(value: float, low: float, high: float, margin: float) -> float:
    """`value`, bent so that it never leaves (low, high); within `margin` of a bound it is bent, elsewhere untouched."""
    if value < low + margin:
        return low + margin * math.exp((value - low - margin) / margin)
    if value > high - margin:
        return high - margin * math.exp((high - margin - value) / margin)
    return value
