"""What a performance measures about itself: latencies by stage, deadlines, frames, memory. Fixed in size for ever."""

import math
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np
import psutil
from numpy.typing import NDArray

STAGES: Final = ("capture_ms", "features_ms", "model_ms", "send_ms", "total_ms")


@dataclass(frozen=True, kw_only=True)
class PipelineTimes:
    """Where one frame's time went, in milliseconds; the four stages add up to `total_ms`.

    `capture_ms` runs from the moment the frame's *first* sample reached the microphone until the engine's thread holds
    its last one: the frame's own wait (33.3 ms at 30 frames a second), the sound block's and the threads'. A beat falls
    anywhere in a frame, so this is the worst case; on average a beat waits half a frame less. `send_ms` is the wait for
    the sender's tick, encoding and the system calls.
    """

    capture_ms: float
    features_ms: float
    model_ms: float
    send_ms: float = 0.0

    @property
    def total_ms(self) -> float:
        """From the frame's first sample at the microphone to its last datagram in the network stack."""
        return self.capture_ms + self.features_ms + self.model_ms + self.send_ms


@dataclass(frozen=True, kw_only=True)
class Percentiles:
    """A distribution in a few numbers."""

    p50: float
    p99: float
    max: float
    count: int


class Histogram:
    """Counts of values from 0 to `limit` in bins of equal width: percentiles of hours of values in a few kilobytes.

    One thread adds; any thread may read (a reading may miss the newest value, never more).
    """

    def __init__(self, limit: float = 500.0, num_bins: int = 10_000) -> None:
        self._width = limit / num_bins
        self._counts: NDArray[np.int64] = np.zeros(num_bins, np.int64)
        self._max = 0.0

    def add(self, value: float) -> None:
        """Counts a value; what is not finite is left out, what lies outside counts at the edge."""
        if not math.isfinite(value):
            return
        index = int(min(max(value, 0.0), self._width * (len(self._counts) - 1)) / self._width)
        self._counts[index] += 1
        self._max = max(self._max, value)

    def percentiles(self) -> Percentiles:
        """Median, 99th percentile (upper edges of their bins), largest value and count so far; zeros when empty."""
        cumulative = np.cumsum(self._counts)
        count = int(cumulative[-1])
        if count == 0:
            return Percentiles(p50=0.0, p99=0.0, max=0.0, count=0)
        p50, p99 = ((int(np.searchsorted(cumulative, q * count)) + 1) * self._width for q in (0.5, 0.99))
        return Percentiles(p50=min(p50, self._max), p99=min(p99, self._max), max=self._max, count=count)


class LatencyMeter:
    """One histogram a stage, plus a slow average of each for the eye. One thread adds, any thread reads."""

    def __init__(self, smoothing: float = 0.05) -> None:
        self._histograms = {stage: Histogram() for stage in STAGES}
        self._smoothing = smoothing
        self.recent: PipelineTimes | None = None

    def add(self, times: PipelineTimes) -> None:
        """Counts one frame."""
        for stage, histogram in self._histograms.items():
            histogram.add(getattr(times, stage))
        if self.recent is None:
            self.recent = times
            return
        new = asdict(times)
        self.recent = PipelineTimes(
            **{stage: old + self._smoothing * (new[stage] - old) for stage, old in asdict(self.recent).items()}
        )

    def percentiles(self) -> dict[str, Percentiles]:
        """Percentiles by stage."""
        return {stage: histogram.percentiles() for stage, histogram in self._histograms.items()}


def memory_mb() -> float:
    """Resident memory of this process in megabytes (10^6 bytes)."""
    return float(psutil.Process().memory_info().rss) / 1e6


@dataclass(frozen=True, kw_only=True)
class PerformanceSummary:
    """How a performance went: the text printed at its end and, word for word, the JSON of `--json`."""

    seconds: float
    checkpoint: str
    device: str
    source: str
    targets: list[str]
    frame_rate_hz: float
    frames_sent: int
    deadlines_missed: int
    deadlines_missed_percent: float
    frames_danced: int
    frames_rejected: int
    frames_skipped: int
    send_errors: int
    dropped_audio_s: float
    silence_inserted_s: float
    first_pose_s: float | None
    ready_s: float | None
    dancing_after_s: float | None
    tick_late_ms: Percentiles
    memory_start_mb: float
    memory_end_mb: float
    latency: dict[str, Percentiles] = field(default_factory=dict)
    num_rests: int = 0
    take: str | None = None
    take_notice: str | None = None
    controls_applied: int = 0
    controls_refused: int = 0
    problem: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain dictionaries and numbers."""
        return asdict(self)

    def to_text(self) -> str:
        """A table for people, without colour."""
        rows = [
            ("performed", f"{self.seconds:.1f} s from {self.source}"),
            ("dancer", f"{self.checkpoint} on {self.device}"),
            ("targets", ", ".join(self.targets) or "none"),
            ("frames sent", f"{self.frames_sent} at {self.frame_rate_hz:g} Hz, {self.frames_danced} of them danced"),
            ("deadlines missed", f"{self.deadlines_missed} ({self.deadlines_missed_percent:.3f} %)"),
            ("poses refused", f"{self.frames_rejected} (not a number or implausible), {self.frames_skipped} skipped"),
            (
                "sound lost",
                f"{self.dropped_audio_s:.3f} s; {self.silence_inserted_s:.3f} s of silence stood in for no sound",
            ),
            ("send errors", f"{self.send_errors}"),
            ("first pose", f"{_seconds(self.first_pose_s)} after the start, dancer ready {_seconds(self.ready_s)}"),
            ("first danced", f"{_seconds(self.dancing_after_s)} after the first sound"),
            ("sender's tick late", f"p50 {self.tick_late_ms.p50:.2f} ms, p99 {self.tick_late_ms.p99:.2f} ms"),
            ("memory", f"{self.memory_start_mb:.1f} MB when ready, {self.memory_end_mb:.1f} MB at the end"),
        ]
        if self.num_rests:
            rows.append(("overload", f"the dancer rested {self.num_rests} times: this machine was too slow"))
        if self.controls_applied or self.controls_refused:
            rows.append(("controls", f"{self.controls_applied} obeyed, {self.controls_refused} refused"))
        if self.take or self.take_notice:
            rows.append(("take", f"{self.take_notice or self.take}"))
        if self.problem:
            rows.append(("problem", self.problem))
        lines = [f"{name:<20}{value}" for name, value in rows]
        if self.latency and self.latency["total_ms"].count:
            lines += ["", f"{'latency, ms':<20}{'p50':>8}{'p99':>8}{'max':>8}"]
            lines += [
                f"{'  ' + stage.removesuffix('_ms'):<20}{p.p50:>8.2f}{p.p99:>8.2f}{p.max:>8.2f}"
                for stage, p in self.latency.items()
            ]
        return "\n".join(lines)


def _seconds(value: float | None) -> str:
    return "never" if value is None else f"{value:.3f} s"
