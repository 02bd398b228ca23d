"""How a timbre becomes sound: harmonics under a filter and an envelope that close after the attack.

Everything is additive, so nothing aliases, and cheap: a single note reads a one-cycle table, a chord of many detuned
voices is one inverse Fourier transform whose result repeats without a seam. The filter sweep is a crossfade from a
bright rendering to a dark one.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from data.music.timbres import Timbre

Sound = NDArray[np.float32]

_TABLE_SIZE: Final = 8192  # read without interpolation: errors stay 68 dB below a sawtooth
_LOOP_S: Final = 2.7  # a chord's bins lie 0.37 Hz apart: 2 cents at middle C

_PARTIALS: Final[dict[str, dict[int, float]]] = {
    "sub": {1: 1.0, 2: 0.12, 3: 0.05},
    "organ": {1: 1.0, 2: 0.9, 3: 0.5, 4: 0.35, 6: 0.25, 8: 0.2},
    "electric piano": {1: 1.0, 2: 0.3, 3: 0.15, 4: 0.12, 5: 0.06, 7: 0.12, 14: 0.1},
    "vibraphone": {1: 1.0, 4: 0.35, 10: 0.12},
    "bell": {1: 1.0, 2: 0.4, 3: 0.5, 5: 0.35, 7: 0.25, 11: 0.15},
    "flute": {1: 1.0, 2: 0.25, 3: 0.12, 4: 0.04},
}


def midi_to_hz(pitch: float) -> float:
    """Frequency of a MIDI pitch in equal temperament, A4 = 69 = 440 Hz."""
    return float(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))


def _harmonics(wave: str, count: int) -> NDArray[np.float64]:
    k = np.arange(1.0, count + 1.0)
    match wave:
        case "saw":
            return np.asarray(1.0 / k)
        case "square":
            return np.asarray((k % 2) / k)
        case "triangle":
            return np.asarray((k % 2) / k**2 + 0.02 / k)
        case "pulse":
            return np.asarray(np.abs(np.sin(np.pi * k * 0.18)) / k)
        case "piano":
            return np.asarray(np.where(k % 8 == 7, 0.3, 1.0) / k**1.2)
    amplitudes = np.zeros(count)
    for number, amplitude in _PARTIALS[wave].items():
        if number <= count:
            amplitudes[number - 1] = amplitude
    return amplitudes


def _spectra(
    timbre: Timbre, frequency_hz: float, sample_rate_hz: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Amplitudes of the harmonics with the filter closed and open, each (harmonics,)."""
    count = int(np.clip(0.45 * sample_rate_hz / frequency_hz, 1, 400))
    amplitudes = _harmonics(timbre.wave, count)
    frequencies = frequency_hz * np.arange(1, count + 1)

    def filtered(cutoff_hz: float) -> NDArray[np.float64]:
        ratio = frequencies / max(cutoff_hz, 1.2 * frequency_hz)  # the fundamental is always heard
        peak = 1.0 + timbre.resonance * np.exp(-((np.log2(ratio) / 0.3) ** 2))
        return np.asarray(amplitudes * peak / np.sqrt(1.0 + ratio**4))

    return filtered(timbre.cutoff_hz), filtered(timbre.cutoff_hz * 2.0**timbre.open_octaves)


def _envelopes(timbre: Timbre, length_s: float, sample_rate_hz: int) -> tuple[Sound, Sound]:
    """Loudness and openness of the filter over a note and its release."""
    n = max(1, round((length_s + timbre.release_s) * sample_rate_hz))
    t = np.arange(n, dtype=np.float32) / np.float32(sample_rate_hz)
    loudness = timbre.sustain + (1.0 - timbre.sustain) * np.exp(-t / np.float32(timbre.decay_s))
    loudness *= np.minimum(t / np.float32(timbre.attack_s), 1.0)
    release = max(1, round(timbre.release_s * sample_rate_hz))
    loudness[-release:] *= np.linspace(1.0, 0.0, release, dtype=np.float32)[-n:] ** 2
    return loudness.astype(np.float32), np.exp(-t / np.float32(timbre.filter_s)).astype(np.float32)


def _driven(timbre: Timbre, sound: Sound) -> Sound:
    if timbre.drive <= 0.0:
        return sound
    peak = float(np.abs(sound).max()) or 1.0
    return np.asarray(np.tanh(sound * np.float32((1.0 + timbre.drive) / peak)), dtype=np.float32)


def render_note(timbre: Timbre, pitch: int, length_s: float, sample_rate_hz: int) -> Sound:
    """One note as samples (n,), release included, peak about 1."""
    frequency_hz = midi_to_hz(pitch)
    dark, bright = (_cycle(spectrum) for spectrum in _spectra(timbre, frequency_hz, sample_rate_hz))
    loudness, openness = _envelopes(timbre, length_s, sample_rate_hz)
    t = np.arange(len(loudness)) / sample_rate_hz
    cycles = t.copy()
    if timbre.pitch_drop:
        cycles += timbre.pitch_drop * 0.02 * (1.0 - np.exp(-t / 0.02))
    if timbre.vibrato_cents:
        depth = (2.0 ** (timbre.vibrato_cents / 1200.0) - 1.0) / (2.0 * np.pi * 5.0)
        cycles += depth * np.minimum(t / 0.4, 1.0) * np.sin(2.0 * np.pi * 5.0 * t)
    sound = np.zeros(len(t), dtype=np.float32)
    for cents in _detunes(timbre):
        # the voices start apart, or they would all peak together at the attack
        start = 0.37 * cents / (timbre.detune_cents or 1.0)
        phase = (cycles * (frequency_hz * 2.0 ** (cents / 1200.0)) + start + 1.0) * _TABLE_SIZE
        index = phase.astype(np.int64) & (_TABLE_SIZE - 1)
        closed = dark[index]
        sound += closed + openness * (bright[index] - closed)
    sound *= loudness
    sound = _driven(timbre, sound)
    return sound / np.float32(max(float(np.abs(sound).max()), 1e-9))


def _detunes(timbre: Timbre) -> NDArray[np.float64]:
    if timbre.voices == 1:
        return np.zeros(1)
    return np.linspace(-timbre.detune_cents, timbre.detune_cents, timbre.voices)


def _cycle(spectrum: NDArray[np.float64]) -> Sound:
    bins = np.zeros(_TABLE_SIZE // 2 + 1, dtype=np.complex64)
    bins[1 : len(spectrum) + 1] = -1j * spectrum  # sines: a note begins at zero
    return np.asarray(scipy.fft.irfft(bins, _TABLE_SIZE) * np.float32(_TABLE_SIZE / 2), dtype=np.float32)


@dataclass(frozen=True, eq=False)
class ChordLoop:
    """A held chord as two seamless loops, filter closed and open, each (n,); a note is a cut with an envelope."""

    timbre: Timbre
    dark: Sound
    bright: Sound
    sample_rate_hz: int

    @classmethod
    def render(
        cls, timbre: Timbre, pitches: tuple[int, ...], sample_rate_hz: int, rng: np.random.Generator
    ) -> "ChordLoop":
        """The chord of MIDI `pitches`; the phases of the partials are random, as of many players."""
        n = scipy.fft.next_fast_len(round(_LOOP_S * sample_rate_hz), real=True)
        places, dark, bright = [], [], []
        for pitch in pitches:
            for cents in _detunes(timbre):
                frequency_hz = midi_to_hz(pitch + cents / 100.0)
                closed, opened = _spectra(timbre, frequency_hz, sample_rate_hz)
                places.append(np.rint(frequency_hz * np.arange(1, len(closed) + 1) * n / sample_rate_hz).astype(int))
                dark.append(closed)
                bright.append(opened)
        place = np.concatenate(places)
        turn = np.exp(2j * np.pi * rng.random(len(place)))

        def loop(amplitudes: list[NDArray[np.float64]]) -> Sound:
            partials = np.concatenate(amplitudes) * turn
            bins = np.bincount(place, partials.real, n // 2 + 1) + 1j * np.bincount(place, partials.imag, n // 2 + 1)
            return np.asarray(scipy.fft.irfft(bins.astype(np.complex64), n), dtype=np.float32)

        dark_loop, bright_loop = loop(dark), loop(bright)
        gain = np.float32(0.25 / max(float(np.sqrt(np.mean(dark_loop**2))), 1e-9))
        return cls(timbre, dark_loop * gain, bright_loop * gain, sample_rate_hz)

    def note(self, length_s: float) -> Sound:
        """The chord played for a while, release included, samples (n,)."""
        loudness, openness = _envelopes(self.timbre, length_s, self.sample_rate_hz)
        index_wrap = len(loudness) > len(self.dark)
        n = len(loudness)
        dark = np.resize(self.dark, n) if index_wrap else self.dark[:n]
        bright = np.resize(self.bright, n) if index_wrap else self.bright[:n]
        return _driven(self.timbre, (dark + openness * (bright - dark)) * loudness)
