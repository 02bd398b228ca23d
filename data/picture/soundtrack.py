"""What is shown of the sound under a dance: its waveform, its beats, and where the file is for those who listen."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from data.formats.sound_file import read_sound
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig
from data.sound.beats import BeatTimes, beat_times
from data.sound.streaming import FloatArray

ENVELOPE_HZ: Final = 200
"""Lowest and highest sample are kept so often a second."""


@dataclass(frozen=True, eq=False)
class Soundtrack:
    """The sound of a dance. All times but `starts_s` are seconds since the sound began.

    Attributes:
        envelope: Lowest and highest sample of each 1 / `ENVELOPE_HZ` s, (bins, 2) float32; the loudest are near 1.
        beats: When the beats are.
        features: What a dancer hears of it, `AudioFeatures` at `features_hz`, (frames, 121); row k ends at
            (k + 1) / features_hz.
        features_hz: Rows of features a second.
        starts_s: When the sound begins, in seconds since the dance began; negative if it was on already.
        path: The sound file, if there is one.
        channels: Of it, those that are heard, from 1 on; None is all.
    """

    envelope: FloatArray
    beats: BeatTimes
    features: FloatArray
    features_hz: float
    starts_s: float
    path: Path | None
    channels: tuple[int, ...] | None = None

    @property
    def duration_s(self) -> float:
        """Length of the sound."""
        return len(self.envelope) / ENVELOPE_HZ


def read_soundtrack(
    path: Path,
    on_progress: Callable[[int, int], None] | None = None,
    *,
    features_hz: int = 30,
    channels: tuple[int, ...] | None = None,
) -> Soundtrack:
    """The soundtrack of a sound file that begins with the dance; its beats are those of our tracker.

    Args:
        path: A sound file.
        on_progress: Called with (done, of how many).
        features_hz: Rows of features a second, a divisor of 120.
        channels: Of the file, those that are heard, from 1 on; None is all.

    Raises:
        ValueError: It cannot be read as sound.
        OSError: It is not there.
    """
    samples, sample_rate_hz = read_sound(path, channels=channels)
    chain = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=sample_rate_hz, rate_hz=features_hz))
    state = chain.initial_state()
    blocks = []
    for start in range(0, len(samples), sample_rate_hz):
        block, state = chain.step(samples[start : start + sample_rate_hz], state)
        blocks.append(block)
        if on_progress is not None:
            on_progress(min(start + sample_rate_hz, len(samples)), len(samples))
    features = np.concatenate(blocks)
    rows_s = np.arange(1, len(features) + 1) / features_hz
    beats = beat_times(features[:, chain.columns["beat"]], rows_s)
    return Soundtrack(envelope_of(samples, sample_rate_hz), beats, features, features_hz, 0.0, path, channels)


def envelope_of(samples: FloatArray, sample_rate_hz: int) -> FloatArray:
    """The waveform as `Soundtrack.envelope` has it; single clicks may go beyond 1."""
    num_bins = max(1, int(len(samples) * ENVELOPE_HZ // sample_rate_hz))
    starts = np.arange(num_bins) * len(samples) // num_bins
    envelope = np.stack([np.minimum.reduceat(samples, starts), np.maximum.reduceat(samples, starts)], axis=1)
    loudest = float(np.quantile(np.abs(envelope).max(axis=1), 0.99))
    return (envelope / loudest if loudest > 1e-4 else envelope).astype(np.float32)
