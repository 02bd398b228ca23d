"""Tempo over the course of a song, and the exact times of its beats."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

BPM_RANGE: Final = (40.0, 240.0)


def check_bpm(bpm: float) -> float:
    """The tempo as a float if it is one the synthesiser plays.

    Raises:
        ValueError: outside 40 to 240 beats per minute, or not a number.
    """
    low, high = BPM_RANGE
    if not low <= bpm <= high:
        raise ValueError(f"bpm is {bpm}, expected {low:g} to {high:g} beats per minute")
    return float(bpm)


@dataclass(frozen=True)
class TempoMap:
    """Tempo as a function of the beat: breakpoints joined by steps or by ramps that are linear in the beat.

    Attributes:
        beats: breakpoints, ascending, the first one 0.
        bpms: tempo at each breakpoint, beats per minute; after the last one the tempo stays.
        shape: `step` holds a tempo until the next breakpoint, `ramp` glides towards it.
    """

    beats: tuple[float, ...]
    bpms: tuple[float, ...]
    shape: Literal["step", "ramp"] = "step"

    def __post_init__(self) -> None:
        if not self.beats or len(self.beats) != len(self.bpms):
            raise ValueError(f"a tempo map needs as many beats as tempos, got {len(self.beats)} and {len(self.bpms)}")
        if self.beats[0] != 0.0 or np.any(np.diff(self.beats) <= 0.0):
            raise ValueError(f"the beats of a tempo map ascend from 0, got {self.beats}")
        if self.shape not in ("step", "ramp"):
            raise ValueError(f"shape of a tempo map is {self.shape!r}, expected 'step' or 'ramp'")
        for bpm in self.bpms:
            check_bpm(bpm)

    @classmethod
    def constant(cls, bpm: float) -> "TempoMap":
        """One tempo from beginning to end."""
        return cls((0.0,), (float(bpm),))

    @classmethod
    def ramp(cls, bpm_start: float, bpm_end: float, num_beats: float) -> "TempoMap":
        """A glide from one tempo to another over `num_beats`, then the second tempo."""
        return cls((0.0, float(num_beats)), (float(bpm_start), float(bpm_end)), "ramp")

    def seconds(self, beats: ArrayLike) -> NDArray[np.float64]:
        """Times of beat positions (fractions allowed, any shape), in seconds after beat 0.

        The time is the integral of 60 / bpm(beat). Over a ramp bpm = b0 + s x it has the closed form
        60 / s * log(1 + s x / b0).
        """
        positions = np.asarray(beats, dtype=np.float64)
        starts = np.asarray(self.beats)
        bpm_start = np.asarray(self.bpms, dtype=np.float64)
        slope = np.zeros_like(bpm_start)  # bpm per beat
        if self.shape == "ramp":
            slope[:-1] = np.diff(bpm_start) / np.diff(starts)

        def span_s(segment: NDArray[np.intp], length_beats: NDArray[np.float64]) -> NDArray[np.float64]:
            z = slope[segment] * length_beats / bpm_start[segment]
            safe = np.where(np.abs(z) < 1e-9, 1.0, z)
            stretch = np.where(np.abs(z) < 1e-9, 1.0, np.log1p(safe) / safe)
            return 60.0 / bpm_start[segment] * length_beats * stretch

        whole_s = np.concatenate([[0.0], np.cumsum(span_s(np.arange(len(starts) - 1), np.diff(starts)))])
        segment = np.clip(np.searchsorted(starts, positions, side="right") - 1, 0, None)
        return np.asarray(whole_s[segment] + span_s(segment, positions - starts[segment]))
