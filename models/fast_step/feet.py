"""Feet that stand keep their place: as `models.footing`, which needs PyTorch, of one dancer."""

from __future__ import annotations

from typing import Final

import numpy as np

from models.fast_step.weights import Array, StoredWeights

F = np.float32
# As in `models.footing`.
_RATE_HZ: Final = F(30)
_LOW_M, _LOW_WIDTH_M, _SLOW_M_S = F(0.05), F(0.012), F(0.7)
_SINK_SHARE, _RISE_SHARE, _SLACK_M = F(0.1), F(0.3), F(0.012)
_TILT: Final = np.arange(4, 10)
_SHORTEST, _LEAST_SHARE = F(1e-12), F(1e-6)
_ACROSS, _ALONG = 0, 2
"""Axes of the floor."""


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
        offsets = weights["footing.offsets"]
        self._to_upper, self._to_lower, self._to_ankle = (np.ascontiguousarray(offsets[:, part]) for part in range(3))
        # The rotations of both upper legs, both lower legs, and the hips.
        legs = columns.reshape(2, 2, 6)
        self._columns = np.concatenate([legs[:, 0], legs[:, 1], _TILT[None]])
        self._standing_m = weights["footing.standing_m"][()]

    def ankles(self, vector: Array) -> Array:
        """Ankles below the hips in the facing frame, (dims,) -> (2, 3), metres."""
        axes = _axes(vector[self._columns])
        lower = _turned([axis[2:4] for axis in axes], self._to_ankle) + self._to_lower
        upper = _turned([axis[:2] for axis in axes], lower) + self._to_upper
        return _turned([axis[4:] for axis in axes], upper)

    def planted(self, vector: Array, ankles_before: Array) -> Array:
        """Moves the hips of the vector, (dims,), in place, and returns its ankles, (2, 3).

        Args:
            vector: A pose.
            ankles_before: Those of the pose before, (2, 3).
        """
        ankles = self.ankles(vector)
        heights = vector[2] + ankles[:, 1] - self._standing_m
        lowest = np.minimum(heights[0], heights[1])
        down = _SINK_SHARE * np.maximum(lowest - _SLACK_M, F(0))
        up = _RISE_SHARE * np.maximum(-lowest - _SLACK_M, F(0))
        turn = vector[3] / _RATE_HZ
        cosine, sine = np.cos(turn), np.sin(turn)
        x, z = ankles_before[:, _ACROSS], ankles_before[:, _ALONG]
        slide_x = vector[0] + (ankles[:, _ACROSS] - (cosine * x - sine * z)) * _RATE_HZ
        slide_z = vector[1] + (ankles[:, _ALONG] - (sine * x + cosine * z)) * _RATE_HZ
        squares = np.square(slide_x / _SLOW_M_S) + np.square(slide_z / _SLOW_M_S)
        stands = np.exp(-squares) / (F(1) + np.exp((heights - _LOW_M) / _LOW_WIDTH_M))
        share = stands / np.maximum(stands[0] + stands[1], _LEAST_SHARE)
        held = np.maximum(stands[0], stands[1])
        slide_x *= share
        slide_z *= share
        vector[0] -= held * (slide_x[0] + slide_x[1])
        vector[1] -= held * (slide_z[0] + slide_z[1])
        vector[2] = vector[2] - down + up
        return ankles


def _axes(six: Array) -> list[Array]:
    """The three axes, each (count, 3), of 6D rotations (count, 6)."""
    a = six[:, :3]
    a = a / np.maximum(np.sqrt(np.square(a).sum(-1, keepdims=True)), _SHORTEST)
    b = six[:, 3:]
    b = b - (a * b).sum(-1, keepdims=True) * a
    b /= np.maximum(np.sqrt(np.square(b).sum(-1, keepdims=True)), _SHORTEST)
    a0, a1, a2 = a.T
    b0, b1, b2 = b.T
    return [a, b, np.stack([a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0], -1)]


def _turned(axes: list[Array], x: Array) -> Array:
    """Vectors x (2, 3) turned by rotations of these axes."""
    a, b, c = axes
    turned: Array = a * x[:, 0:1] + b * x[:, 1:2] + c * x[:, 2:3]
    return turned
