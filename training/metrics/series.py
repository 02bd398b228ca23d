"""What can be said of any continuous series beside a real one: moments, spectra, diversity, likeness."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]
"""A series, (frames, dims)."""

NUM_BANDS: Final = 8
_SMALLEST_STD: Final = 1e-6
_SMALLEST_SHARE: Final = 0.1
_FLOOR: Final = 1e-6


@dataclass(frozen=True, eq=False)
class RealSeries:
    """Real series, by whose means and deviations others are standardised.

    Attributes:
        series: Each (frames, dims).
        mean: Of each column, (dims,).
        std: Of each column, (dims,); at least a tenth of what columns have on the whole.
        change_std: Of the change of each column from frame to frame, in `std`, (dims,), likewise.
    """

    series: tuple[Rows, ...]
    mean: NDArray[np.float64]
    std: NDArray[np.float64]
    change_std: NDArray[np.float64]

    @classmethod
    def of(cls, series: Sequence[Rows]) -> "RealSeries":
        """Of at least one series."""
        rows = np.concatenate(series).astype(np.float64)
        std = _floored(rows.std(0))
        changes = np.concatenate([np.diff(one.astype(np.float64), axis=0) for one in series]) / std
        return cls(tuple(series), rows.mean(0), std, _floored(changes.std(0)))

    def scaled(self, series: Rows) -> NDArray[np.float64]:
        """A series in deviations from the mean."""
        return (series.astype(np.float64) - self.mean) / self.std


def _floored(std: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.maximum(std, max(_SMALLEST_STD, _SMALLEST_SHARE * float(np.sqrt(np.mean(std**2)))))


def moments(series: Sequence[Rows], real: RealSeries) -> dict[str, float]:
    """How mean and deviation of the values, and deviation of their changes, lie beside the real ones.

    Returns:
        mean gap: root mean square over columns of the gap of the means, in real deviations; 0 is right.
        deviation, deviation of changes: geometric mean over columns of their ratios to the real ones; 1 is right.
    """
    rows = np.concatenate([real.scaled(one) for one in series])
    changes = np.concatenate([np.diff(real.scaled(one), axis=0) for one in series])
    own = np.concatenate([real.scaled(one) for one in real.series]).std(0)
    return {
        "mean gap": float(np.sqrt(np.mean(rows.mean(0) ** 2))),
        "deviation": _ratio(rows.std(0), np.maximum(own, _FLOOR)),
        "deviation of changes": _ratio(changes.std(0), real.change_std),
    }


def _ratio(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    return float(np.exp(np.mean(np.log(np.maximum(a, _FLOOR) / b))))


def band_edges(num_frames: int) -> NDArray[np.float64]:
    """Edges of the bands of a spectrum, in cycles a frame, (NUM_BANDS + 1,): from one period to two frames."""
    return np.geomspace(1 / num_frames, 0.5, NUM_BANDS + 1)


def spectrum(series: Sequence[Rows], real: RealSeries, num_frames: int) -> NDArray[np.float64]:
    """Mean power of the columns, in squared real deviations, in each band of `band_edges`, (bands,).

    Stretches of `num_frames` that overlap by half, each less its mean and under a Hann window, so that shares of power
    are of the stretch's inside (Welch, 1967).

    Args:
        series: At least one of so many frames.
        real: Whose deviations are taken.
        num_frames: Length of a stretch.
    """
    window = np.hanning(num_frames + 2)[1:-1, None]
    powers = []
    for one in series:
        scaled = real.scaled(one)
        for start in range(0, len(scaled) - num_frames + 1, max(1, num_frames // 2)):
            part = scaled[start : start + num_frames]
            powers.append(np.abs(np.fft.rfft((part - part.mean(0)) * window, axis=0)) ** 2)
    mean = np.mean(powers, axis=(0, 2)) / np.sum(window**2) / num_frames * 2
    rates, edges = np.fft.rfftfreq(num_frames), band_edges(num_frames)
    bands = np.clip(np.searchsorted(edges, rates * (1 + 1e-9), side="right") - 1, 0, NUM_BANDS - 1)
    return np.array([mean[1:][bands[1:] == band].sum() for band in range(NUM_BANDS)])


def spectral_gap_db(power: NDArray[np.float64], real: NDArray[np.float64]) -> float:
    """Mean distance of two spectra over bands, in decibels; bands in which the real one has next to nothing count less.

    The floor is a ten-thousandth of all real power.
    """
    floor = 1e-4 * float(real.sum()) + 1e-12
    return float(np.mean(np.abs(10 * np.log10((power + floor) / (real + floor)))))


def distance(a: Rows, b: Rows, real: RealSeries) -> float:
    """Root mean square distance of two series, frame by frame, in real deviations; over the frames that both have."""
    frames = min(len(a), len(b))
    return float(np.sqrt(np.mean((real.scaled(a[:frames]) - real.scaled(b[:frames])) ** 2)))


def diversity(series: Sequence[Rows], real: RealSeries) -> float:
    """Mean `distance` of all pairs of series; NaN of fewer than two."""
    pairs = [distance(a, b, real) for place, a in enumerate(series) for b in series[place + 1 :]]
    return float(np.mean(pairs)) if pairs else float("nan")
