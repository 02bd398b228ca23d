"""Whether a dance is a copy: how far each second of it is from the nearest second of the dances that were learned."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

WINDOW_S: Final = 1.0
SAMPLES_HZ: Final = 10.0
"""Poses a second of which a window is made."""
_QUERY_EVERY_S: Final = 1.0
_LEARNED_EVERY_S: Final = 0.2
_MOST_WINDOWS: Final = 60_000


class LearnedWindows:
    """Windows of the dances that were learned from.

    Args:
        dances: Pose vectors of each, (frames, dims).
        rate_hz: Frames a second.
        columns: Columns of a pose vector that are the body's pose, without its path.
    """

    def __init__(self, dances: Sequence[Vectors], rate_hz: float, columns: Sequence[int]) -> None:
        self._step = max(1, round(rate_hz / SAMPLES_HZ))
        self._size = round(WINDOW_S * SAMPLES_HZ)
        self._rate_hz = rate_hz
        chosen = np.concatenate([np.asarray(dance[:: 10 * self._step], np.float64) for dance in dances])[:, columns]
        deviation = chosen.std(0)
        moves = deviation > 1e-2
        self._columns = np.asarray(columns)[moves]
        self._mean, self._std = chosen.mean(0)[moves], deviation[moves]
        every = _LEARNED_EVERY_S
        while sum(len(dance) for dance in dances) / rate_hz / every > _MOST_WINDOWS:
            every *= 1.25
        windows = [self._windows(dance, every) for dance in dances]
        self._learned = np.concatenate([rows for rows in windows if len(rows)])
        self._squares = np.square(self._learned).sum(1)

    def _windows(self, dance: Vectors, every_s: float) -> Vectors:
        """Windows of a dance, one each so many seconds, flat, (windows, numbers)."""
        span = self._step * (self._size - 1) + 1
        starts = np.arange(0, len(dance) - span + 1, max(1, round(every_s * self._rate_hz)))
        rows = ((np.asarray(dance)[:, self._columns] - self._mean) / self._std).astype(np.float32)
        frames = starts[:, None] + self._step * np.arange(self._size)
        return rows[frames].reshape(len(starts), self._size * len(self._columns))

    def distance(self, dance: Vectors) -> float:
        """Mean distance of the seconds of a dance to the nearest one learned, root mean square in deviations of poses.

        A copy has 0, but for where it lies between two windows; real dance that was not learned has about 0.8.
        """
        asked = self._windows(dance, _QUERY_EVERY_S)
        if not len(asked):
            return float("nan")
        squares = np.square(asked).sum(1)[:, None] + self._squares - 2 * asked @ self._learned.T
        return float(np.sqrt(squares.min(1).clip(0) / asked.shape[1]).mean())
