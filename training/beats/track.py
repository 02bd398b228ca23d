"""What a tracker claims about a recording: where in the beat it is at every moment, how fast, and how sure."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig
from data.sound.beat_tracker import BeatState
from data.sound.beats import beat_positions
from data.sound.streaming import FloatArray

RATE_HZ: Final = 30
"""Claims a second: what a dancer reads."""

Curve = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class BeatTrack:
    """A tracker's claims.

    Attributes:
        times_s: When each claim holds, (frames,), rising.
        positions: Place in beats at each, (frames,), never falling; NaN where nothing is claimed.
        bpm: Tempo at each, (frames,).
        confidence: How sure the tracker is to be in phase, 0 to 1, (frames,); None where it does not say.
        beats_s: Beats, (beats,), rising.
        downbeats_s: Those that begin a bar; None where the tracker knows no bars.
    """

    times_s: Curve
    positions: Curve
    bpm: Curve
    confidence: Curve | None
    beats_s: Curve
    downbeats_s: Curve | None = None

    @classmethod
    def of_beats(cls, beats_s: Curve, duration_s: float, downbeats_s: Curve | None = None) -> "BeatTrack":
        """What beats alone claim: between two of them time runs evenly, before the first and after the last is nothing.

        Example:
            >>> track = BeatTrack.of_beats(np.array([0.5, 1.0, 1.5]), duration_s=2.0)
            >>> track.positions[[0, 22, 59]].round(3).tolist(), float(track.bpm[20].round(6))
            ([nan, 0.533, nan], 120.0)
        """
        times_s = (np.arange(int(duration_s * RATE_HZ)) + 1) / RATE_HZ
        if len(beats_s) < 2:
            nothing = np.full(len(times_s), np.nan)
            return cls(times_s, nothing, nothing, None, beats_s, downbeats_s)
        number = np.arange(len(beats_s), dtype=np.float64)
        positions = np.interp(times_s, beats_s, number, left=np.nan, right=np.nan)
        bpm = np.where(np.isnan(positions), np.nan, tempo_at(beats_s, times_s))
        return cls(times_s, positions, bpm, None, beats_s, downbeats_s)


def tempo_at(beats_s: Curve, times_s: Curve) -> Curve:
    """Tempo in beats a minute between the beats around each time."""
    before = np.clip(np.searchsorted(beats_s, times_s, side="right") - 1, 0, len(beats_s) - 2)
    return 60.0 / np.diff(beats_s)[before]


@dataclass(frozen=True)
class BarClaim:
    """Where in the bar a tracker believes to be.

    Attributes:
        place: Place in the bar of the newest beat that the tracker counted (`BeatState.count`), 0 for a downbeat.
        beats_per_bar: Length of the bar.
    """

    place: int
    beats_per_bar: int


def bar_of(state: BeatState) -> BarClaim:
    """What the product's tracker claims about the bar."""
    return BarClaim(state.place, state.beats_per_bar)


def track_live(samples: FloatArray, sample_rate_hz: int, ahead_s: float = 0.0) -> BeatTrack:
    """The beat as a dancer gets it, live: the beat columns of `AudioFeatures`, frame by frame, of the past alone.

    Args:
        samples: The recording, mono float32 (n,).
        sample_rate_hz: Of it.
        ahead_s: So far ahead the beat is predicted, as for an output that is that late; it is judged at the moment it
            is for.
    """
    features = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=sample_rate_hz, rate_hz=RATE_HZ))
    state = features.initial_state()
    num_frames = len(samples) * RATE_HZ // sample_rate_hz
    ends = -(-np.arange(num_frames + 1) * sample_rate_hz // RATE_HZ)
    columns = np.zeros((num_frames, 5), np.float32)
    counts = np.zeros((num_frames, 2))
    bars: list[BarClaim] = []
    for frame in range(num_frames):
        found, state = features.step(samples[ends[frame] : ends[frame + 1]], state, ahead_s)
        columns[frame] = found[0, features.columns["beat"]]
        counts[frame] = state.beat.count, state.beat.beats + ahead_s * state.beat.bpm / 60.0
        bars.append(bar_of(state.beat))
    times_s = (np.arange(num_frames) + 1) / RATE_HZ + ahead_s
    positions = beat_positions(columns, times_s) if num_frames else np.zeros(0)
    whole = np.arange(math.ceil(positions[0]), math.floor(positions[-1]) + 1) if num_frames else np.zeros(0)
    rising = positions + 1e-9 * np.arange(num_frames)
    beats_s = np.interp(whole, rising, times_s) if num_frames else np.zeros(0)
    return BeatTrack(
        times_s=times_s,
        positions=positions,
        bpm=120.0 * 2.0 ** columns[:, 2].astype(np.float64),
        # in phase and of the right tempo: of two beliefs that must both be right, the smaller
        confidence=columns[:, 3:].min(axis=1).astype(np.float64),
        beats_s=beats_s,
        downbeats_s=downbeats_of(whole, beats_s, rising, counts, bars),
    )


def downbeats_of(whole: Curve, beats_s: Curve, positions: Curve, counts: Curve, bars: list[BarClaim]) -> Curve:
    """Those beats of which the first frame after them claims that they begin a bar.

    Args:
        whole: Numbers of the beats, (beats,), in the beats of `positions`.
        beats_s: Their times, (beats,).
        positions: Place in beats that each frame tells, (frames,), rising.
        counts: Beats that the tracker itself has counted, and its own place in beats then, (frames, 2).
        bars: What it claims at each frame.
    """
    begins = []
    for number, frame in enumerate(np.searchsorted(positions, whole - 1e-6)):
        bar = bars[min(frame, len(bars) - 1)]
        # The tracker's count and the columns' phase are read at different times: beats that it has not yet counted.
        count, position = counts[min(frame, len(bars) - 1)]
        ahead = whole[number] + round(position - positions[min(frame, len(bars) - 1)]) - count
        begins.append((bar.place + int(ahead)) % bar.beats_per_bar == 0)
    return beats_s[np.array(begins, bool)]
