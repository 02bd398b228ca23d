"""Finds out by the clock that a sound device has lost samples, because its own overflow flags tell only of some."""

from typing import Final

_WINDOW_S: Final = 0.5
_MIN_BLOCKS: Final = 4
_THRESHOLD_S: Final = 0.03
_MAX_DRIFT: Final = 500e-6
"""Seconds a second; crystals of sound cards are better than 100 parts in a million."""


class GapDetector:
    """Compares the number of samples that came with the time that passed.

    The lag of a block is its time less the time that the samples so far would take. A late callback makes one lag long
    and the next short again; lost samples make all further lags longer. So the low quintile of the lags of each half
    second is compared with the lag so far, which itself follows the slow drift between two clocks.
    Losses are found within half a second, and small ones once they add up to 30 ms.
    """

    def __init__(self, sample_rate_hz: int) -> None:
        self._rate_hz = sample_rate_hz
        self._num_samples = 0
        self._origin_us: int | None = None
        self._baseline_s: float | None = None
        self._lags_s: list[float] = []
        self._window_end_s = _WINDOW_S

    def step(self, num_samples: int, last_time_us: int) -> int:
        """How many samples are missing before a block; they count as delivered from now on.

        Args:
            num_samples: length of the block, zeros for dropped blocks included.
            last_time_us: time of its last sample.
        """
        self._num_samples += num_samples
        if self._origin_us is None:
            self._origin_us = last_time_us
        elapsed_s = (last_time_us - self._origin_us) * 1e-6
        self._lags_s.append(elapsed_s - self._num_samples / self._rate_hz)
        if elapsed_s < self._window_end_s or len(self._lags_s) < _MIN_BLOCKS:
            return 0
        lag_s = sorted(self._lags_s)[len(self._lags_s) // 5]
        self._lags_s.clear()
        self._window_end_s = elapsed_s + _WINDOW_S
        if self._baseline_s is None or lag_s < self._baseline_s:
            self._baseline_s = lag_s
            return 0
        excess_s = lag_s - self._baseline_s
        if excess_s < _THRESHOLD_S:
            self._baseline_s += min(excess_s, _MAX_DRIFT * _WINDOW_S)
            return 0
        missing = round(excess_s * self._rate_hz)
        self._num_samples += missing
        return missing
