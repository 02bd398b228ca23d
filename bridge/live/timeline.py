"""The sound's timeline: silence stands in for a source that gives nothing, so that time never stops or shifts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.sources.source import SoundBlock


@dataclass
class TimelineState:
    """What has been given so far.

    Attributes:
        until_s: Monotonic time at which the last sample given so far was in the room.
        silence_s: Silence given in place of sound.
        is_filling: Whether silence was given last.
    """

    until_s: float
    silence_s: float = 0.0
    is_filling: bool = False


@dataclass(frozen=True)
class SoundTimeline:
    """Joins blocks and, when none come, silence into one gapless stream of samples; its own configuration.

    A source pads what it lost itself. But a device that has gone away gives nothing at all, and the dance must go on:
    after `patience_s` without sound the timeline gives silence up to just before now. When the device comes back, what
    it delivers for the time already filled is dropped. Pure: the caller tells the time.

    Attributes:
        sample_rate_hz: Of the sound.
        patience_s: Time without sound after which silence begins.
        lag_s: So far behind the present it ends, since sound may be on its way.
    """

    sample_rate_hz: int
    patience_s: float = 0.3
    lag_s: float = 0.05

    def initial_state(self, start_s: float) -> TimelineState:
        """Nothing was given before this moment, on the monotonic clock."""
        return TimelineState(start_s)

    def step(
        self, block: SoundBlock | None, now_s: float, state: TimelineState
    ) -> tuple[NDArray[np.float32], TimelineState]:
        """The block's samples, less those for which silence was given already; or silence for what is missing.

        Args:
            block: What the source gave; None for nothing, for which silence stands once patience has ended.
            now_s: The present, on the monotonic clock; of no matter where there is a block.
            state: From the step before.
        """
        if block is None:
            return self._silence(now_s, state)
        samples, end_s = block.samples, block.capture_time_us * 1e-6
        if state.is_filling:
            start_s = end_s - len(samples) / self.sample_rate_hz
            samples = samples[max(0, round((state.until_s - start_s) * self.sample_rate_hz)) :]
            if len(samples) == 0:
                return samples, state
            state.is_filling = False
        state.until_s = end_s
        return samples, state

    def _silence(self, now_s: float, state: TimelineState) -> tuple[NDArray[np.float32], TimelineState]:
        missing_s = now_s - state.until_s
        if missing_s <= (self.lag_s if state.is_filling else self.patience_s):
            return np.zeros(0, np.float32), state
        state.is_filling = True
        count = round((missing_s - self.lag_s) * self.sample_rate_hz)
        state.until_s += count / self.sample_rate_hz
        state.silence_s += count / self.sample_rate_hz
        return np.zeros(max(count, 0), np.float32), state
