"""The sound's timeline: silence stands in for a source that gives nothing, so that time never stops or shifts."""

import numpy as np
from numpy.typing import NDArray

from bridge.sources.source import SoundBlock


class SoundTimeline:
    """Joins blocks and, when none come, silence into one gapless stream of samples. Pure: the caller tells the time.

    A source pads what it lost itself. But a device that has gone away gives nothing at all, and the dance must go on:
    after `patience_s` without sound the timeline gives silence up to just before now. When the device comes back, what
    it delivers for the time already filled is dropped.

    Attributes:
        until_s: Monotonic time at which the last sample given so far was in the room.
        silence_s: Silence given in place of sound.
    """

    def __init__(self, sample_rate_hz: int, start_s: float, *, patience_s: float = 0.3, lag_s: float = 0.05) -> None:
        self.until_s = start_s
        self.silence_s = 0.0
        self._rate_hz = sample_rate_hz
        self._patience_s = patience_s
        self._lag_s = lag_s
        self._is_filling = False

    def accept(self, block: SoundBlock) -> NDArray[np.float32]:
        """The block's samples, less those for which silence has been given already."""
        samples, end_s = block.samples, block.capture_time_us * 1e-6
        if self._is_filling:
            start_s = end_s - len(samples) / self._rate_hz
            samples = samples[max(0, round((self.until_s - start_s) * self._rate_hz)) :]
            if len(samples) == 0:
                return samples
            self._is_filling = False
        self.until_s = end_s
        return samples

    def fill(self, now_s: float) -> NDArray[np.float32]:
        """Silence for what is missing at `now_s`; nothing while patience lasts."""
        missing_s = now_s - self.until_s
        if missing_s <= (self._lag_s if self._is_filling else self._patience_s):
            return np.zeros(0, np.float32)
        self._is_filling = True
        count = round((missing_s - self._lag_s) * self._rate_hz)
        self.until_s += count / self._rate_hz
        self.silence_s += count / self._rate_hz
        return np.zeros(max(count, 0), np.float32)
