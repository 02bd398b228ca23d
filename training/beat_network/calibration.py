"""How sure the beat tracker may be: its confidence fitted on sound whose beats are known, into the network's file."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.formats.whole_file import whole_file
from data.sound.beat_confidence import FACTS, PHASE, TEMPO
from data.sound.beat_network import HOP_RATE_HZ, HOPS_PER_STEP, RATE_HZ, BeatNetwork
from data.sound.beat_tracker import BeatTracker
from data.sound.level import AutomaticGain
from data.sound.resampler import PolyphaseResampler
from data.sound.spectral import OnsetFlux
from data.sound.streaming import FloatArray
from training.beats.clips import find_clips
from training.beats.measures import PHASE_TOLERANCE, TEMPO_TOLERANCE

Curve = NDArray[np.float64]
_SAMPLE_RATE_HZ: Final = 24_000
_HOP_SAMPLES: Final = _SAMPLE_RATE_HZ // HOP_RATE_HZ
_SKIP_S: Final = 2.0
_RIDGE: Final = 0.001
_BINS: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)


@dataclass(frozen=True, eq=False)
class HeardClip:
    """A sound as the tracker hears it.

    Attributes:
        name: Its file.
        mel_db: Mel decibels after the gain, float32 (hops, 64).
        flux: Onset flux in dB, float32 (hops, 4).
        beats_s: True beats, rising.
    """

    name: str
    mel_db: FloatArray
    flux: FloatArray
    beats_s: Curve


@dataclass(frozen=True, eq=False)
class Claims:
    """What the tracker had to go by in each step of a clip, and whether it was right.

    Attributes:
        facts: float64 (steps, facts).
        is_right: Tempo and phase, bool (steps,).
        is_tempo_right: The tempo, bool (steps,).
    """

    facts: Curve
    is_right: NDArray[np.bool_]
    is_tempo_right: NDArray[np.bool_]


def read_clips(folder: Path) -> Iterator[HeardClip]:
    """Sounds with their beats beside them, as the tracker hears them; see `training.beats.clips.find_clips`.

    Raises:
        ValueError: There are none, or one of them cannot be read.
    """
    for clip in find_clips((folder,)).clips:
        samples, rate_hz, truth = clip.read()
        yield heard(clip.name, samples, rate_hz, truth.times_s)


def heard(name: str, samples: FloatArray, sample_rate_hz: int, beats_s: Curve) -> HeardClip:
    """A sound through resampler, gain and onset flux, as `AudioFeatures` hears it."""
    resampler = PolyphaseResampler(sample_rate_hz, _SAMPLE_RATE_HZ)
    sound, _ = resampler.step(samples, resampler.initial_state())
    gain, onset = AutomaticGain(_SAMPLE_RATE_HZ, _HOP_SAMPLES), OnsetFlux(HOP_RATE_HZ)
    gain_state, onset_state = gain.initial_state(), onset.initial_state()
    signal = np.zeros(OnsetFlux.WINDOW_SAMPLES, np.float32)
    mel_db, fluxes = [], []
    for hop in sound[: len(sound) // _HOP_SAMPLES * _HOP_SAMPLES].reshape(-1, _HOP_SAMPLES):
        levelled, gain_state = gain.step(hop, gain_state)
        signal = np.concatenate([signal[_HOP_SAMPLES:], levelled])
        flux, onset_state = onset.step(signal, onset_state)
        mel_db.append(onset_state.mel_db[-1].copy())
        fluxes.append(flux)
    return HeardClip(name, np.array(mel_db), np.array(fluxes), beats_s)


def claims_of(clip: HeardClip, tracker: BeatTracker) -> Claims:
    """Follows a clip and compares with the truth, step by step, while the music sounds and from its third second on."""
    state = tracker.initial_state()
    rows: list[tuple[float, float, float]] = []
    facts: list[Curve] = []
    for hop, (mel_db, flux) in enumerate(zip(clip.mel_db, clip.flux, strict=True)):
        _, state = tracker.step(mel_db, flux, state)
        if hop % HOPS_PER_STEP == HOPS_PER_STEP - 1 and state.quiet_s == 0.0:
            rows.append(((hop + 1) / HOP_RATE_HZ, tracker.beats_at(state), state.bpm))
            facts.append(state.facts.copy())
    if not rows:
        return Claims(np.zeros((0, len(FACTS))), np.zeros(0, bool), np.zeros(0, bool))
    time_s, beats, bpm = np.array(rows).T
    true = clip.beats_s
    inside = (time_s >= max(true[0], _SKIP_S)) & (time_s < true[-1])
    error = (beats - np.interp(time_s, true, np.arange(len(true))) + 0.5) % 1.0 - 0.5
    periods = np.diff(true)[np.clip(np.searchsorted(true, time_s, side="right") - 1, 0, len(true) - 2)]
    is_tempo_right = np.abs(bpm * periods / 60.0 - 1.0) < TEMPO_TOLERANCE
    is_right = is_tempo_right & (np.abs(error) < PHASE_TOLERANCE)
    return Claims(np.array(facts)[inside], is_right[inside], is_tempo_right[inside])


def fit_logistic(facts: Curve, is_so: NDArray[np.bool_], share: Curve) -> Curve:
    """Weights (facts,) of the likeliest logistic model, by Newton's method; a little ridge but on the first.

    Args:
        facts: (rows, facts), the first column ones.
        is_so: (rows,).
        share: Weight of each row; they add up to 1.
    """
    weights = np.zeros(facts.shape[1])
    ridge = np.diag([1e-6, *[_RIDGE] * (facts.shape[1] - 1)])
    for _ in range(40):
        probability = 1.0 / (1.0 + np.exp(-np.clip(facts @ weights, -30.0, 30.0)))
        curvature = (facts * (share * probability * (1.0 - probability))[:, None]).T @ facts
        slope = facts.T @ (share * (is_so - probability)) - ridge @ weights
        weights = weights + np.linalg.solve(curvature + ridge, slope)
    return weights


def calibrate(weights: Path, clips: Iterable[HeardClip]) -> str:
    """Fits both confidences on clips and writes them into the network's file; a table of how true they are there.

    Each clip counts the same. Use sound of which training knows nothing: no piece, no drummer, no kit.

    Raises:
        ValueError: Nothing sounds in the clips.
    """
    with np.load(weights, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    tracker = BeatTracker(network=BeatNetwork(arrays))
    claims = [found for found in (claims_of(clip, tracker) for clip in clips) if len(found.facts)]
    if not claims:
        raise ValueError("nothing sounds in these clips: there is nothing to fit")
    facts = np.concatenate([one.facts for one in claims])
    share = np.concatenate([np.full(len(one.facts), 1.0 / len(one.facts) / len(claims)) for one in claims])
    lines = []
    for name, is_so in (
        (PHASE, np.concatenate([one.is_right for one in claims])),
        (TEMPO, np.concatenate([one.is_tempo_right for one in claims])),
    ):
        fitted = fit_logistic(facts, is_so, share)
        arrays[name] = fitted.astype(np.float32)
        said = 1.0 / (1.0 + np.exp(-facts @ fitted))
        lines.append(f"{name}: {np.round(fitted, 3).tolist()}")
        for low, high in itertools.pairwise(_BINS):
            inside = (said >= low) & (said <= high)
            if inside.any():
                right = float(np.average(is_so[inside], weights=share[inside]))
                lines.append(f"  said {low:.1f} to {high:.1f}: right {right:.2f}, {share[inside].sum():.2f} of all")
    with whole_file(weights) as part, part.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    num_s = len(facts) / RATE_HZ
    return "\n".join([f"confidence fitted on {len(claims)} clips, {num_s:.0f} s", *lines])
