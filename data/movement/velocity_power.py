"""At which rates a body moves: the power of the joints' velocity, band by band."""

from itertools import pairwise
from typing import Final

import numpy as np
import scipy  # loads `signal`, which takes a second, when it is first used
from numpy.typing import NDArray

from data.motion.motion import Motion

BAND_EDGES_HZ: Final = (0.0, 0.5, 1.0, 2.0, 3.0, 4.5, 7.0, 12.0)
"""Bands by their edges: below 1 Hz weight shifts and travels, at 1 to 3 Hz steps and swings, up to 7 Hz accents."""
ACCENTS_HZ: Final = (2.0, 4.5)
"""Where accents are: what is missing of a body that swings and never hits."""
SEGMENT_S: Final = 4.0


def velocity_power(motion: Motion) -> NDArray[np.float64]:
    """Power of joint velocity in each band of `BAND_EDGES_HZ`, (bands,), (m/s)^2, summed over axes, mean over joints.

    Without the path over the floor: positions count from the point below the hips, so the body's own rise and fall is
    in it. Welch's method (1967) with Hann windows of `SEGMENT_S`; NaN for a motion shorter than a second.
    """
    frequencies, density = _velocity_density(motion)
    return np.array([_integral(frequencies, density, low, high) for low, high in pairwise(BAND_EDGES_HZ)])


def accent_power(motion: Motion) -> float:
    """Power of joint velocity at `ACCENTS_HZ`, (m/s)^2."""
    return _integral(*_velocity_density(motion), *ACCENTS_HZ)


def _velocity_density(motion: Motion) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Frequencies (n,) in Hz and the power density at each, (m/s)^2 / Hz."""
    if len(motion) < motion.rate_hz + 1:
        return np.zeros(1), np.full(1, np.nan)
    positions = motion.global_positions().astype(np.float64)
    positions[..., [0, 2]] -= positions[:, :1, [0, 2]]
    velocity = np.diff(positions, axis=0) * motion.rate_hz
    frames = min(len(velocity), round(SEGMENT_S * motion.rate_hz))
    frequencies, density = scipy.signal.welch(velocity, motion.rate_hz, nperseg=frames, axis=0)
    return frequencies, density.sum(-1).mean(-1)


def _integral(frequencies: NDArray[np.float64], density: NDArray[np.float64], low: float, high: float) -> float:
    """Of the density over a band: every frequency counts for what lies nearest to it."""
    if len(frequencies) < 2:
        return float(density[0])
    width = frequencies[1]
    share = np.clip(np.minimum(frequencies + width / 2, high) - np.maximum(frequencies - width / 2, low), 0, width)
    return float((density * share).sum())
