"""Spectral features of one window of sound: log-mel, MFCC, chroma and onset flux.

The filter banks are librosa's (`filter_banks.py`); the loop is numpy and scipy. One dot product a filter (`np.vecdot`)
instead of a matrix product: its sums do not hang on the number of BLAS threads, and no thread pool is woken for so
little work.
"""

import itertools
from dataclasses import dataclass

import numpy as np

from data.sound import fourier
from data.sound.filter_banks import chroma_bank, hann, mel_bank, mel_centres_hz
from data.sound.streaming import FloatArray, StreamingState


def _power_spectrum(window: FloatArray) -> FloatArray:
    spectrum = fourier.rfft(window)
    power: FloatArray = spectrum.real**2 + spectrum.imag**2
    return power


def _decibels(power: FloatArray, floor_db: float) -> FloatArray:
    """10 log10 with a fixed floor: a floor relative to the loudest frame would need the future."""
    result: FloatArray = np.float32(10.0) * np.log10(np.maximum(power, np.float32(10.0 ** (floor_db / 10.0))))
    return result


class LogMel:
    """Mel spectrum in dB of the newest `window_samples`: Slaney's scale and area normalisation, power, Hann window."""

    def __init__(self, window_samples: int, num_bands: int, floor_db: float) -> None:
        self.window_samples = window_samples
        self._floor_db = floor_db
        self.window = hann(window_samples)
        self.bank = mel_bank(window_samples, num_bands)  # (bands, bins)
        self.centre_hz = mel_centres_hz(num_bands)

    def __call__(self, signal: FloatArray) -> FloatArray:
        """Decibels (bands,) of the end of `signal`, which has at least `window_samples`."""
        power = _power_spectrum(signal[-self.window_samples :] * self.window)
        return _decibels(np.vecdot(self.bank, power), self._floor_db)


def mfcc(mel_db: FloatArray, num_coefficients: int) -> FloatArray:
    """Mel cepstrum (num_coefficients,): orthonormal DCT-II of mel decibels, as `librosa.feature.mfcc`."""
    coefficients: FloatArray = fourier.dct(mel_db)[:num_coefficients]
    return coefficients


class Chroma:
    """Energy of the twelve pitch classes (C first), the strongest is 1; zeros in silence. No tuning estimate."""

    def __init__(self, window_samples: int) -> None:
        self.window_samples = window_samples
        self.window = hann(window_samples)
        self.bank = chroma_bank(window_samples)  # (12, bins)

    def __call__(self, signal: FloatArray) -> FloatArray:
        """Pitch classes (12,) of the end of `signal`, which has at least `window_samples`."""
        energy: FloatArray = np.vecdot(self.bank, _power_spectrum(signal[-self.window_samples :] * self.window))
        peak = energy.max()
        return energy / peak if peak > 1e-6 else np.zeros_like(energy)


@dataclass(eq=False)
class OnsetState(StreamingState):
    """The mel decibels of the newest frames, oldest first; float32 (lag, bands)."""

    mel_db: FloatArray


class OnsetFlux:
    """Streaming onset strength: the mean rise of mel decibels over `LAG` frames, in four bands.

    Columns: all, low (below 200 Hz), mid, high (from 2 kHz). The first equals `librosa.onset.onset_strength(lag=3)` on
    the same mel spectrum (Böck & Widmer, "Maximum filter vibrato suppression for onset detection", DAFx 2013, without
    the filter). An attack shows its peak about 25 ms late: `latency_s`.

    Args:
        rate_hz: Frames a second.
    """

    LAG = 3
    WINDOW_SAMPLES = 1024
    NUM_BANDS = 64
    FLOOR_DB = -60.0

    dims = 4
    latency_s = 0.025

    def __init__(self, rate_hz: int) -> None:
        self.rate_hz = rate_hz
        self.mel = LogMel(self.WINDOW_SAMPLES, self.NUM_BANDS, self.FLOOR_DB)
        edges = [0, *np.searchsorted(self.mel.centre_hz, [200.0, 2000.0]), self.NUM_BANDS]
        self.band_means = np.zeros((self.dims, self.NUM_BANDS), np.float32)
        for row, (first, last) in enumerate([(0, self.NUM_BANDS), *itertools.pairwise(edges)]):
            self.band_means[row, first:last] = 1.0 / (last - first)

    def initial_state(self) -> OnsetState:
        """Silence so far."""
        return OnsetState(mel_db=np.full((self.LAG, self.NUM_BANDS), self.FLOOR_DB, np.float32))

    def step(self, signal: FloatArray, state: OnsetState) -> tuple[FloatArray, OnsetState]:
        """Mean rise in dB, float32 (4,), at the end of `signal` (the newest `WINDOW_SAMPLES` or more samples)."""
        mel_db = self.mel(signal)
        rise = np.maximum(mel_db - state.mel_db[0], np.float32(0.0))
        state.mel_db[:-1] = state.mel_db[1:]
        state.mel_db[-1] = mel_db
        return np.vecdot(self.band_means, rise), state
