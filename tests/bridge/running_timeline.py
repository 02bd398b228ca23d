"""A timeline together with its state, for tests that only feed it."""

import numpy as np

from bridge.live.timeline import SoundTimeline
from bridge.sources.source import SoundBlock


class RunningTimeline:
    """What a listener does with a `SoundTimeline`."""

    def __init__(self, sample_rate_hz: int, start_s: float) -> None:
        self._timeline = SoundTimeline(sample_rate_hz)
        self.state = self._timeline.initial_state(start_s)

    def accept(self, block: SoundBlock) -> np.ndarray:
        samples, self.state = self._timeline.step(block, self.state.until_s, self.state)
        return samples

    def fill(self, now_s: float) -> np.ndarray:
        samples, self.state = self._timeline.step(None, now_s, self.state)
        return samples

    @property
    def until_s(self) -> float:
        return self.state.until_s

    @property
    def silence_s(self) -> float:
        return self.state.silence_s
