"""Music that is hard to tell from what is none, made: slow chords without a beat, and words sung by a single voice."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_toeplitz
from scipy.signal import fftconvolve, lfilter

from training.music_detector.made_sound import RATE_HZ, Sound, melody_hz, noise

_SCALES: Final = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 3, 5, 7, 9, 10), (0, 2, 4, 7, 9, 12, 14))
_VOICE_HOP, _VOICE_WINDOW, _VOICE_ORDER = 240, 600, 26


def ambient(rng: np.random.Generator, seconds: float) -> Sound:
    """Slow chords or a drone of pads, strings or bells, with or without a few notes over it; no drums, no beat.

    Each note is a sum of harmonics of two or three detuned voices that swell and fade over seconds.
    """
    n = round(seconds * RATE_HZ)
    sound = np.zeros(n + 8 * RATE_HZ)
    scale, key = _SCALES[int(rng.integers(4))], 36.0 + rng.uniform(0, 16)
    slope, num_harmonics = rng.uniform(0.8, 2.5), int(rng.integers(2, 14))
    chord_s = float(np.exp(rng.uniform(np.log(1.2), np.log(12.0))))
    attack_s = min(float(np.exp(rng.uniform(np.log(0.03), np.log(3.0)))), 0.5 * chord_s)
    is_drone, at_s, root = rng.random() < 0.25, -rng.uniform(0.0, chord_s), 0
    while at_s < seconds:
        root = 0 if is_drone else int(rng.integers(7))
        for degree in root + rng.choice([0, 2, 4, 6, 7, 9, 11], int(rng.integers(2, 6)), replace=False):
            length_s = chord_s * rng.uniform(0.9, 1.3)
            note = _pad(rng, _hz(key, scale, int(degree)), length_s, attack_s, slope, num_harmonics)
            start = round(at_s * RATE_HZ)
            _add(sound, 10 ** rng.uniform(-0.6, 0.0) * note, start)
        at_s += chord_s * (rng.uniform(0.7, 1.4) if rng.random() < 0.5 else 1.0)
    if rng.random() < 0.55:  # a few notes of a piano, a harp or bells
        per_s, decay_s, stretch = (
            10 ** rng.uniform(-0.8, 0.5),
            10 ** rng.uniform(-0.5, 0.6),
            rng.choice([1.0, 1.005, 1.4]),
        )
        gain = 10 ** rng.uniform(-0.7, 0.5)
        for strike_s in np.cumsum(rng.choice([0.5, 1.0, 1.0, 2.0], round(4 * per_s * seconds) + 1) / per_s):
            if strike_s >= seconds:
                break
            pitch_hz = _hz(key + 12.0, scale, int(rng.integers(0, 12)))
            _add(
                sound,
                gain * rng.uniform(0.4, 1.0) * _struck(pitch_hz, decay_s, float(stretch)),
                round(strike_s * RATE_HZ),
            )
    if rng.random() < 0.3:  # wind, tape, breath
        sound[:n] += 10 ** rng.uniform(-1.5, -0.4) * float(np.abs(sound).max()) * noise(rng, seconds)[:n]
    if rng.random() < 0.7:  # a hall
        length = round(rng.uniform(1.0, 5.0) * RATE_HZ)
        tail = rng.standard_normal(length) * np.exp(-6.9 * np.arange(length) / length)
        sound += 10 ** rng.uniform(-1.0, 0.3) * fftconvolve(sound, tail / np.sqrt(np.sum(tail**2)))[: len(sound)]
    return np.asarray(sound[:n], np.float32)


def _hz(key: float, scale: tuple[int, ...], degree: int) -> float:
    return float(440.0 * 2 ** ((key + scale[degree % 7] + 12 * (degree // 7) - 69.0) / 12.0))


def _add(sound: NDArray[np.float64], note: NDArray[np.float64], start: int) -> None:
    """Adds a note that may have begun before the sound."""
    note = note[max(0, -start) :]
    start = max(0, start)
    end = min(len(sound), start + len(note))
    sound[start:end] += note[: end - start]


def _pad(
    rng: np.random.Generator, pitch_hz: float, length_s: float, attack_s: float, slope: float, num_harmonics: int
) -> NDArray[np.float64]:
    release_s = rng.uniform(0.3, 1.0) * max(attack_s, 0.3) * 2.0
    num_samples = round((length_s + release_s) * RATE_HZ)
    note = np.zeros(num_samples)
    for _ in range(int(rng.integers(1, 4))):
        voice_hz = pitch_hz * 2 ** (rng.normal(0.0, 6.0) / 1200.0)
        for harmonic in range(1, num_harmonics + 1):
            if harmonic * voice_hz > 10_000.0:
                break
            depth = rng.uniform(0.0, 0.7)
            tone = depth * _sine(rng.uniform(0.05, 0.6), num_samples, rng.uniform(0, 6))
            tone += 1.0
            tone *= _sine(harmonic * voice_hz, num_samples, rng.uniform(0, 6))
            tone *= rng.uniform(0.3, 1.0) / harmonic**slope
            note += tone
    time_s = np.arange(num_samples) / RATE_HZ
    rises, falls = np.minimum(1.0, time_s / attack_s), np.clip((length_s + release_s - time_s) / release_s, 0.0, 1.0)
    return np.asarray(note * rises * falls)


def _sine(frequency_hz: float, num_samples: int, phase_rad: float = 0.0) -> NDArray[np.float64]:
    """A sine (num_samples,), by the theorem of addition from one of each block: a sixth of the time of `np.sin`."""
    block = 256
    step_rad = 2 * np.pi * frequency_hz / RATE_HZ
    begins = phase_rad + step_rad * block * np.arange(-(-num_samples // block))
    within = step_rad * np.arange(block)
    blocks = np.stack([np.sin(begins), np.cos(begins)], axis=1) @ np.stack([np.cos(within), np.sin(within)])
    return np.asarray(blocks.reshape(-1)[:num_samples])


def _struck(pitch_hz: float, decay_s: float, stretch: float) -> NDArray[np.float64]:
    time_s = np.arange(round(3.0 * decay_s * RATE_HZ)) / RATE_HZ
    note = np.zeros(len(time_s))
    for number in range(1, 7):
        partial_hz = pitch_hz * number**stretch
        if partial_hz < 10_000.0:
            note += _sine(partial_hz, len(time_s)) * np.exp(-time_s * number**0.7 / decay_s) / number**1.3
    return note


def sung_speech(rng: np.random.Generator, seconds: float, speech: Sequence[Sound], *, num_voices: int = 1) -> Sound:
    """Words sung by one voice or by several in unison: speech, slowed down, with the pitch of a melody."""
    n = round(seconds * RATE_HZ)
    melody, sound = melody_hz(rng, n), np.zeros(n, np.float32)
    for _ in range(num_voices):
        voice, slower = speech[int(rng.integers(len(speech)))], rng.uniform(1.3, 3.0)
        sound += _revoiced(rng, voice, melody * 2 ** (rng.normal(0.0, 0.1) / 12.0), slower)
    return sound


def respoken(rng: np.random.Generator, seconds: float, speech: Sequence[Sound]) -> Sound:
    """The same voice as of `sung_speech`, but talking: other pitch that glides, so that not the making is learned."""
    n = round(seconds * RATE_HZ)
    knots = np.cumsum(rng.normal(0.0, 2.0, round(6 * seconds) + 3))
    knots -= np.convolve(knots, np.ones(9) / 9.0, "same")
    glide = np.interp(np.arange(n), np.linspace(0, n, len(knots)), knots)
    pitch_hz = rng.uniform(80, 260) * 2 ** (np.clip(glide, -8.0, 8.0) / 12.0)
    return _revoiced(rng, speech[int(rng.integers(len(speech)))], pitch_hz, rng.uniform(0.8, 1.25))


def _revoiced(rng: np.random.Generator, speech: Sound, pitch_hz: NDArray[np.float64], slower: float) -> Sound:
    """Speech of another pitch and pace: linear prediction (Atal and Hanauer 1971), a pulse train for a voice."""
    n, hop = len(pitch_hz), _VOICE_HOP
    needed = round(n / slower) + _VOICE_WINDOW
    speech = np.tile(speech, needed // len(speech) + 2)
    first = int(rng.integers(len(speech) - needed))
    windows = np.lib.stride_tricks.sliding_window_view(speech[first : first + needed], _VOICE_WINDOW)[::hop]
    spectra = np.abs(np.fft.rfft(windows * np.hanning(_VOICE_WINDOW), 2048)) ** 2
    correlation = np.fft.irfft(spectra)[:, : _VOICE_ORDER + 1]
    is_hiss = spectra[:, 240:].sum(axis=1) > spectra[:, :100].sum(axis=1)  # more above 2.8 kHz than below 1.2 kHz
    phase = np.cumsum(pitch_hz) / RATE_HZ
    pulses = np.diff(np.floor(phase), prepend=0.0) * np.sqrt(RATE_HZ / pitch_hz)
    pulses = pulses + rng.uniform(0.02, 0.2) * rng.standard_normal(n)
    hiss, out = rng.standard_normal(n), np.zeros(n)
    memory = np.zeros(_VOICE_ORDER)
    loudest = float(correlation[:, 0].max()) + 1e-12
    for start in range(0, n - hop + 1, hop):
        frame = min(int(start / slower / hop), len(correlation) - 1)
        row = correlation[frame].copy()
        row[0] = 1.0001 * row[0] + 1e-7 * loudest
        weights = solve_toeplitz(row[:-1], row[1:])
        power = max(float(row[0] - weights @ row[1:]), 0.0) / _VOICE_WINDOW
        source = (hiss if is_hiss[frame] else pulses)[start : start + hop] * np.sqrt(power)
        out[start : start + hop], memory = lfilter([1.0], np.concatenate([[1.0], -weights]), source, zi=memory)
    return np.asarray(out / max(float(np.sqrt(np.mean(out**2))), 1e-9) * 0.1, np.float32)
