"""A tapping finger as a clock: tempo and phase of the straight line through the last taps."""

from dataclasses import dataclass

import numpy as np

from bridge.clocks.clock import BeatTime


@dataclass(frozen=True, kw_only=True)
class TapTempo:
    """Reads a beat from taps, one tap a beat; its own configuration.

    People tap 10 to 30 ms about the beat, sometimes miss one and sometimes tap twice. So intervals are counted in
    whole beats of their median, and tempo and phase are a least-squares line through the last `max_taps`. A pause
    longer than `pause_s` starts anew. Two taps give a tempo; the beat goes on for ever after the last.

    Example:
        >>> beat = TapTempo().beat_at((10.0, 10.5, 11.0, 11.5), time_s=11.75)
        >>> round(beat.bpm, 3), round(beat.beats, 3)
        (120.0, 3.5)
    """

    pause_s: float = 2.5
    max_taps: int = 12
    min_bpm: float = 40.0
    max_bpm: float = 240.0
    sloppy_s: float = 0.08

    def beat_at(self, taps: tuple[float, ...], time_s: float) -> BeatTime | None:
        """Where the beat of these taps (times in seconds, oldest first) is at a moment; None without a tempo."""
        recent = self._last_run(taps)
        if len(recent) < 2:
            return None
        times = np.asarray(recent)
        intervals = np.diff(times)
        beats = np.concatenate([[0.0], np.cumsum(np.maximum(np.round(intervals / np.median(intervals)), 1.0))])
        period_s, first_s = np.polyfit(beats, times, 1)
        bpm = 60.0 / float(period_s)
        if not self.min_bpm <= bpm <= self.max_bpm:
            return None
        error_s = float(np.sqrt(np.mean((times - first_s - beats * period_s) ** 2)))
        # Two taps are always on a line; trust grows with their number and falls with their scatter.
        confidence = (1.0 - 0.5 ** (len(times) - 1)) * max(0.0, 1.0 - error_s / self.sloppy_s)
        return BeatTime((time_s - float(first_s)) / float(period_s), bpm, confidence, confidence)

    def _last_run(self, taps: tuple[float, ...]) -> tuple[float, ...]:
        """The taps since the last pause, doubles left out."""
        shortest_s = 60.0 / self.max_bpm
        run: list[float] = []
        for tap in taps:
            if run and tap - run[-1] > self.pause_s:
                run = []
            if not run or tap - run[-1] >= shortest_s:
                run.append(tap)
        return tuple(run[-self.max_taps :])
