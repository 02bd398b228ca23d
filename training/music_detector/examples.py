"""Examples to learn from: scenes as the features that a dancer hears, and a label for each frame."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from data.sound.audio_features import INTERNAL_RATE_HZ
from data.sound.level import AutomaticGain, GainConfig, power_to_dbfs
from data.sound.music_detector import RATE_HZ
from data.sound.resampler import PolyphaseResampler
from data.sound.spectral import Chroma, LogMel, OnsetFlux
from data.sound.streaming import run_offline
from training.music_detector.scenes import UNKNOWN, Library, scene

_HOP: Final = INTERNAL_RATE_HZ // RATE_HZ
_AUDIBLE_DBFS: Final = -62.0


@dataclass(frozen=True, eq=False)
class MusicExamples:
    """Stretches of features and labels.

    Attributes:
        inputs: float16 (stretches, frames, inputs), as `data.sound.music_detector` reads them.
        labels: int8 (stretches, frames): 1 music, 0 other sound, -1 unknown or silent.
    """

    inputs: NDArray[np.float16]
    labels: NDArray[np.int8]


def heard(samples: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Inputs (frames, inputs) of a sound at 24 kHz, and the level of each frame, dBFS (frames,).

    What `data.sound.audio_features` streams (a test compares them), all frames at once and without what is not an
    input.
    """
    samples = run_offline(PolyphaseResampler(INTERNAL_RATE_HZ, INTERNAL_RATE_HZ), samples)
    gain = AutomaticGain(INTERNAL_RATE_HZ, _HOP // 4, GainConfig())
    state, hops, powers = gain.initial_state(), [], []
    for start in range(0, len(samples) - len(samples) % _HOP, _HOP // 4):
        hop, state = gain.step(samples[start : start + _HOP // 4], state)
        hops.append(hop)
        powers.append(state.hop_power)
    signal = np.concatenate([np.zeros(4096, np.float32), *hops])
    mel_of, chroma_of = LogMel(2048, 80, -60.0), Chroma(4096)
    flux = OnsetFlux(120)
    mel = (_decibels(_banded(signal, mel_of.window, mel_of.bank, _HOP)) + 15.0) / 15.0
    chroma = _banded(signal, chroma_of.window, chroma_of.bank, _HOP)
    peak = chroma.max(axis=1, keepdims=True)
    chroma = np.where(peak > 1e-6, chroma / np.maximum(peak, 1e-6), 0.0)
    mel_db = _decibels(_banded(signal, flux.mel.window, flux.mel.bank, _HOP // 4))
    before = np.concatenate([np.full((flux.LAG, flux.NUM_BANDS), flux.FLOOR_DB), mel_db[: -flux.LAG]])
    onset = np.maximum(mel_db - before, 0.0) @ flux.band_means.T
    onset = np.minimum(onset.reshape(-1, 4, 4).max(axis=1), 30.0) / 10.0
    levels = [power_to_dbfs(float(power)) for power in np.reshape(powers, (-1, 4)).mean(axis=1)]
    return np.concatenate([mel, chroma, onset], axis=1).astype(np.float32), np.array(levels, np.float32)


def _banded(
    signal: NDArray[np.float32], window: NDArray[np.float32], bank: NDArray[np.float32], hop: int
) -> NDArray[np.float32]:
    """Energy of a filter bank (steps, bands) in the window that ends at each multiple of `hop` after the first 4096."""
    windows = np.lib.stride_tricks.sliding_window_view(signal, len(window))[4096 + hop - len(window) :: hop]
    spectrum = scipy.fft.rfft(windows * window)
    return np.asarray((spectrum.real**2 + spectrum.imag**2) @ bank.T, np.float32)


def _decibels(power: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(10.0 * np.log10(np.maximum(power, 1e-6)))


def make_examples(library: Library, *, num_scenes: int, seed: int) -> MusicExamples:
    """So many scenes, the same for the same seed."""
    seeds = range(1_000_000 * seed, 1_000_000 * seed + num_scenes)
    pairs = [labelled(*scene(library, np.random.default_rng(one))) for one in seeds]
    return MusicExamples(np.stack([inputs for inputs, _ in pairs]), np.stack([labels for _, labels in pairs]))


def labelled(samples: NDArray[np.float32], labels: NDArray[np.int8]) -> tuple[NDArray[np.float16], NDArray[np.int8]]:
    """Inputs and a label for each frame, that of its end; what is hardly heard has none."""
    inputs, levels = heard(samples)
    of_frames = labels[_HOP - 1 :: _HOP][: len(inputs)].copy()
    of_frames[levels < _AUDIBLE_DBFS] = UNKNOWN
    return inputs.astype(np.float16), of_frames


__all__ = ["Library", "MusicExamples", "heard", "labelled", "make_examples"]
