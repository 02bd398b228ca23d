"""When the beats were: times read off the beat columns of sound features."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class BeatTimes:
    """Beats as a tracker, or another clock, reported them.

    Attributes:
        times_s: (beats,) float64, rising.
        confidence: (beats,) float64, 0 to 1: how sure the phase was then. In silence the oscillator runs on at 0.
    """

    times_s: NDArray[np.float64]
    confidence: NDArray[np.float64]


def beat_times(columns: NDArray[np.float32], times_s: NDArray[np.float64]) -> BeatTimes:
    """The instants at which the phase passed a whole beat, between rows by straight lines.

    Args:
        columns: The beat columns of `AudioFeatures` (rows, 5): cos and sin of the phase, log2(bpm / 120), confidences.
        times_s: When each row's phase held, (rows,), rising; rows may be missing for up to many beats.

    Example:
        >>> times_s = np.arange(60) / 30
        >>> phase = 2 * np.pi * (times_s * 2 - 0.5)  # 120 beats a minute, the first after a quarter of a second
        >>> sure = np.ones(60)
        >>> columns = np.stack([np.cos(phase), np.sin(phase), np.zeros(60), sure, sure], axis=1).astype(np.float32)
        >>> beat_times(columns, times_s).times_s.round(3).tolist()
        [0.25, 0.75, 1.25, 1.75]
    """
    if len(columns) < 2:
        return BeatTimes(np.zeros(0), np.zeros(0))
    position = beat_positions(columns, times_s)
    beats = np.arange(np.ceil(position[0]), np.floor(position[-1]) + 1)
    # a phase that stands still has no one instant: keep the positions rising
    rising = position + 1e-9 * np.arange(len(position))
    sure = columns[:, 3].astype(np.float64)
    return BeatTimes(np.interp(beats, rising, times_s), np.interp(beats, rising, sure))


def beat_positions(columns: NDArray[np.float32], times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where each row is in beats, (rows,) float64, never falling; beats are counted from about the first row on.

    Args:
        columns: The beat columns of `AudioFeatures` (rows, 5), of at least one row.
        times_s: When each row's phase held, (rows,), rising; rows may be missing for up to many beats.
    """
    cosine, sine, octaves = columns[:, :3].astype(np.float64).T
    phases = np.arctan2(sine, cosine) / (2 * np.pi)
    # How far the phase went between two rows is known but for whole beats; those follow from the tempo.
    expected = np.diff(times_s) * 2.0 * 2.0 ** octaves[:-1]
    steps = expected + (np.diff(phases) - expected + 0.5) % 1.0 - 0.5
    # A phase that is predicted ahead steps back where the tempo was corrected: it waits there, and stays the phase.
    return np.maximum.accumulate(np.concatenate([[phases[0]], phases[0] + np.cumsum(steps)]))
