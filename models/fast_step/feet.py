"""Feet that stand keep their place: as `models.streaming.footing`, which needs PyTorch, of one dancer.

In Python's own numbers: for two legs that is a fifth of the time that arrays would take.
"""

import math
from typing import Final

import numpy as np

from models.fast_step.weights import Array, StoredWeights

# As in `models.streaming.footing`.
_RATE_HZ: Final = 30
_LOW_M, _LOW_WIDTH_M, _SLOW_M_S = 0.05, 0.012, 0.7
_SINK_SHARE, _RISE_SHARE, _SLACK_M = 0.1, 0.3, 0.012
_TILT: Final = np.arange(4, 10)
_SHORTEST, _LEAST_SHARE, _LARGEST_POWER = 1e-12, 1e-6, 80.0

_Vector = tuple[float, float, float]


class FastFooting:
    """Moves the hips of a danced pose so that feet that stand do not slide, and do not float or sink for long.

    Args:
        weights: Of the dancer.
        pose_dims: Size of a pose vector.

    Raises:
        ValueError: The legs lie outside of it; the message says what to do.
    """

    def __init__(self, weights: StoredWeights, pose_dims: int) -> None:
        columns = weights.integers("footing.columns")
        if columns.min() < 0 or columns.max() >= pose_dims:
            raise ValueError("its legs are not in its pose vectors; train it again")
        self._columns = np.concatenate([columns, _TILT])
        self._offsets: list[list[_Vector]] = weights["footing.offsets"].tolist()
        self._standing_m = float(weights["footing.standing_m"])

    def ankles(self, vector: Array) -> Array:
        """Ankles below the hips in the facing frame, (dims,) -> (2, 3), metres."""
        return np.array(self._ankles(vector), np.float32)

    def _ankles(self, vector: Array) -> list[_Vector]:
        six = vector[self._columns].tolist()
        tilt, ankles = six[24:], []
        for leg, (to_upper, to_lower, to_ankle) in enumerate(self._offsets):
            x, y, z = _turned(six[12 * leg + 6 : 12 * leg + 12], *to_ankle)
            x, y, z = _turned(six[12 * leg : 12 * leg + 6], x + to_lower[0], y + to_lower[1], z + to_lower[2])
            ankles.append(_turned(tilt, x + to_upper[0], y + to_upper[1], z + to_upper[2]))
        return ankles

    def planted(self, vector: Array, ankles_before: Array) -> Array:
        """Moves the hips of the vector, (dims,), in place, and returns its ankles, (2, 3).

        Args:
            vector: A pose.
            ankles_before: Those of the pose before, (2, 3).
        """
        ankles = self._ankles(vector)
        right, forwards, height, turn_rate = vector[:4].tolist()
        turn = turn_rate / _RATE_HZ
        cosine, sine = math.cos(turn), math.sin(turn)
        heights, slides, stands = [], [], []
        for (x, y, z), (x_before, _, z_before) in zip(ankles, ankles_before.tolist(), strict=True):
            above = height + y - self._standing_m
            slide_x = right + (x - (cosine * x_before - sine * z_before)) * _RATE_HZ
            slide_z = forwards + (z - (sine * x_before + cosine * z_before)) * _RATE_HZ
            is_slow = math.exp(-(slide_x * slide_x + slide_z * slide_z) / (_SLOW_M_S * _SLOW_M_S))
            is_low = 1 / (1 + math.exp(min((above - _LOW_M) / _LOW_WIDTH_M, _LARGEST_POWER)))
            heights.append(above)
            slides.append((slide_x, slide_z))
            stands.append(is_slow * is_low)
        lowest, held = min(heights), max(stands)
        held /= max(sum(stands), _LEAST_SHARE)
        vector[0] = right - held * (stands[0] * slides[0][0] + stands[1] * slides[1][0])
        vector[1] = forwards - held * (stands[0] * slides[0][1] + stands[1] * slides[1][1])
        down = _SINK_SHARE * max(lowest - _SLACK_M, 0.0)
        vector[2] = height - down + _RISE_SHARE * max(-lowest - _SLACK_M, 0.0)
        return np.array(ankles, np.float32)


def _turned(six: list[float], x: float, y: float, z: float) -> _Vector:
    """A vector turned by a 6D rotation."""
    a0, a1, a2, b0, b1, b2 = six
    length = max(math.sqrt(a0 * a0 + a1 * a1 + a2 * a2), _SHORTEST)
    a0, a1, a2 = a0 / length, a1 / length, a2 / length
    along = a0 * b0 + a1 * b1 + a2 * b2
    b0, b1, b2 = b0 - along * a0, b1 - along * a1, b2 - along * a2
    length = max(math.sqrt(b0 * b0 + b1 * b1 + b2 * b2), _SHORTEST)
    b0, b1, b2 = b0 / length, b1 / length, b2 / length
    return (
        a0 * x + b0 * y + (a1 * b2 - a2 * b1) * z,
        a1 * x + b1 * y + (a2 * b0 - a0 * b2) * z,
        a2 * x + b2 * y + (a0 * b1 - a1 * b0) * z,
    )
