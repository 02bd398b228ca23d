"""Clicks: a track of them that is played, and finding them again in what was heard. Pure: no device, no clock."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

MIN_GAP_S: Final = 0.5
MAX_GAP_S: Final = 0.9
LEAD_S: Final = 3.0
"""Noise before the first click: the gate opens, the dance begins, and the gain settles."""
TAIL_S: Final = 1.0

_CLICK_S: Final = 0.006
_DECAY_S: Final = 0.002
_CLICK_PEAK: Final = 0.8
_BED_RMS: Final = 0.02  # -34 dBFS; without sound between them, clicks alone are no music and the dancer would stand
_DEAD_S: Final = 0.25  # an echo sooner than this is no new click
_THRESHOLD: Final = 0.3  # of a typical click's peak
_LEAST_CONTRAST: Final = 3.0  # of a typical click's peak over the noise
_MATCH_S: Final = 0.02
_LEAST_AFTER_A_STUMBLE: Final = 3


@dataclass(frozen=True, eq=False)
class ClickTrack:
    """Clicks at irregular times over soft noise.

    A click is white noise that begins at its full height and falls to a third every two milliseconds: all bands at
    once, and an onset that is known to the sample. The times are irregular, so that they can be told from other sounds
    and from each other, and fall anywhere within a frame.

    Attributes:
        samples: float32 mono (n,), full scale is 1.
        rate_hz: Samples a second.
        onsets: Number of each click's first sample, int64 (clicks,), rising.
    """

    samples: NDArray[np.float32]
    rate_hz: int
    onsets: NDArray[np.int64]

    @property
    def seconds(self) -> float:
        """Length of the whole track."""
        return len(self.samples) / self.rate_hz


def render_clicks(num_clicks: int, rate_hz: int, *, seed: int = 0) -> ClickTrack:
    """A track of so many clicks, the same for the same seed.

    Raises:
        ValueError: There is no click at all.
    """
    if num_clicks < 1:
        raise ValueError(f"--clicks must be 1 or more, not {num_clicks}")
    rng = np.random.default_rng(seed)
    gaps_s = rng.uniform(MIN_GAP_S, MAX_GAP_S, num_clicks - 1)
    times_s = LEAD_S + np.concatenate([[0.0], np.cumsum(gaps_s)])
    onsets = np.round(times_s * rate_hz).astype(np.int64)
    num_samples = int(onsets[-1]) + round(TAIL_S * rate_hz)
    samples = (_BED_RMS * rng.uniform(-np.sqrt(3.0), np.sqrt(3.0), num_samples)).astype(np.float32)
    seconds = np.arange(round(_CLICK_S * rate_hz)) / rate_hz
    click = _CLICK_PEAK * np.exp(-seconds / _DECAY_S) * rng.uniform(-1.0, 1.0, len(seconds))
    click[:2] = _CLICK_PEAK
    for onset in onsets:
        samples[onset : onset + len(click)] = click
    return ClickTrack(samples, rate_hz, onsets)


def find_onsets(samples: NDArray[np.float32], rate_hz: int) -> NDArray[np.int64]:
    """Number of the first loud sample of everything in a recording that could be a click, int64 (onsets,).

    What is loud is taken from the recording itself: a part of what its half seconds commonly reach, and well above its
    noise. Nothing is found where nothing stands out.
    """
    half = rate_hz // 2
    if len(samples) < 2 * half:
        return np.zeros(0, np.int64)
    loudness = np.abs(samples - np.median(samples))
    peaks = loudness[: len(loudness) // half * half].reshape(-1, half).max(axis=1)
    typical = float(np.percentile(peaks, 75))
    noise = float(np.percentile(loudness, 90))
    if typical < _LEAST_CONTRAST * noise or typical == 0.0:
        return np.zeros(0, np.int64)
    loud = np.flatnonzero(loudness > max(_THRESHOLD * typical, 1.5 * noise))
    dead = round(_DEAD_S * rate_hz)
    return loud[np.diff(loud, prepend=-dead - 1) > dead].astype(np.int64)


def match_onsets(played_s: NDArray[np.float64], heard_s: NDArray[np.float64]) -> NDArray[np.int64]:
    """For each click that was played, which of the onsets that were heard is its own: int64 (clicks,), -1 for none.

    Both are known up to one shift, which is the one that brings most clicks together: to less than 20 ms. An output
    that stumbles plays the rest later, so those that are left are tried with another shift, as long as it brings
    three of them together.

    Args:
        played_s: Times of the clicks, rising.
        heard_s: Times of the onsets, rising.
    """
    own = np.full(len(played_s), -1, np.int64)
    least = 1
    while True:
        clicks = np.flatnonzero(own < 0)
        onsets = np.setdiff1d(np.arange(len(heard_s)), own)
        found = _match_at_one_shift(played_s[clicks], heard_s[onsets])
        matched = found >= 0
        if matched.sum() < least:
            return own
        own[clicks[matched]] = onsets[found[matched]]
        least = _LEAST_AFTER_A_STUMBLE


def _match_at_one_shift(played_s: NDArray[np.float64], heard_s: NDArray[np.float64]) -> NDArray[np.int64]:
    """As `match_onsets`, for the best shift alone."""
    best, best_error_s = np.full(len(played_s), -1, np.int64), np.inf
    if len(heard_s) == 0:
        return best
    for shift_s in np.unique((heard_s[np.newaxis, :] - played_s[:, np.newaxis]).ravel()):
        nearest = _nearest(heard_s, played_s + shift_s)
        errors_s = np.abs(heard_s[nearest] - played_s - shift_s)
        found = errors_s < _MATCH_S
        error_s = float(errors_s[found].sum())
        num_found, num_best = int(found.sum()), int((best >= 0).sum())
        if num_found > num_best or (num_found == num_best and error_s < best_error_s):
            best, best_error_s = np.where(found, nearest, -1), error_s
    return best


def _nearest(sorted_s: NDArray[np.float64], wanted_s: NDArray[np.float64]) -> NDArray[np.int64]:
    """Index of the nearest value for each wanted one."""
    right = np.clip(np.searchsorted(sorted_s, wanted_s), 0, len(sorted_s) - 1)
    left = np.maximum(right - 1, 0)
    return np.where(np.abs(sorted_s[left] - wanted_s) <= np.abs(sorted_s[right] - wanted_s), left, right)
