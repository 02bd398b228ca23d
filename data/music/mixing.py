"""The mixer: balance, ducking, room, saturation and a limiter that never exceeds full scale."""

import numpy as np
import scipy  # loads its parts when they are first used: `signal` takes a second
from numpy.typing import NDArray

from data.music.drums import shaped_noise

Sound = NDArray[np.float32]


def decibels(gain_db: float) -> np.float32:
    """A gain in decibels as a factor."""
    return np.float32(10.0 ** (gain_db / 20.0))


def loudness_db(sound: Sound, sample_rate_hz: int) -> float:
    """Level of the louder parts: 80th percentile of the RMS of 0.4 s blocks, dB of full scale; -200 for silence."""
    block = min(len(sound), round(0.4 * sample_rate_hz))
    blocks = sound[: len(sound) // block * block].reshape(-1, block)
    power = np.einsum("ij,ij->i", blocks, blocks) / block
    power = power[power > 1e-9]
    return float(10.0 * np.log10(np.percentile(power, 80.0))) if len(power) else -200.0


def add(bus: Sound, sound: Sound, start: int, gain: float) -> None:
    """Adds a sound into a bus, cut off at the bus's end."""
    end = min(start + len(sound), len(bus))
    if end > start:
        bus[start:end] += sound[: end - start] * np.float32(gain)


def duck(num_samples: int, starts: NDArray[np.int64], depth: float, recovery_s: float, sample_rate_hz: int) -> Sound:
    """A gain curve (num_samples,) that dips to 1 - depth at each start and recovers."""
    t = np.arange(round(1.5 * recovery_s * sample_rate_hz), dtype=np.float32) / np.float32(recovery_s * sample_rate_hz)
    dip = 1.0 - np.float32(depth) * (0.5 + 0.5 * np.cos(np.pi * np.minimum(t, 1.0)))
    curve = np.ones(num_samples, dtype=np.float32)
    for start in starts:
        end = min(start + len(dip), num_samples)
        np.minimum(curve[start:end], dip[: end - start], out=curve[start:end])
    # the dip itself must not click
    return np.asarray(scipy.ndimage.uniform_filter1d(curve, max(3, round(0.004 * sample_rate_hz))), dtype=np.float32)


def room(sound: Sound, decay_s: float, rng: np.random.Generator, sample_rate_hz: int) -> Sound:
    """The sound in a small room: only the reverberation, same length."""
    n = round(2.5 * decay_s * sample_rate_hz)
    response = shaped_noise(rng, n, 250.0, 6000.0, sample_rate_hz)
    response *= np.exp(-np.arange(n, dtype=np.float32) / np.float32(decay_s * sample_rate_hz))
    response[: round(0.008 * sample_rate_hz)] = 0.0
    response /= np.float32(np.sqrt(np.sum(response**2)))
    return np.asarray(scipy.signal.oaconvolve(sound, response)[: len(sound)], dtype=np.float32)


def without_rumble(sound: Sound, cutoff_hz: float, sample_rate_hz: int) -> Sound:
    """The sound without what lies below a corner, DC first of all."""
    sections = scipy.signal.butter(2, cutoff_hz, "highpass", fs=sample_rate_hz, output="sos")
    # float64: in float32 a corner this low rounds badly
    return np.asarray(scipy.signal.sosfilt(sections, sound.astype(np.float64)), dtype=np.float32)


def limit(sound: Sound, ceiling: float, sample_rate_hz: int) -> Sound:
    """The sound with its peaks turned down to the ceiling, by a gain that looks 20 ms ahead and behind."""
    block = max(1, sample_rate_hz // 1000)
    padded = np.zeros(-(-len(sound) // block) * block, dtype=np.float32)
    padded[: len(sound)] = np.abs(sound)
    peaks = padded.reshape(-1, block).max(axis=1)
    gain = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9))
    if gain.min() >= 1.0:
        return sound
    gain = scipy.ndimage.minimum_filter1d(gain, 43)
    gain = scipy.ndimage.uniform_filter1d(gain, 39)
    centres = (np.arange(len(gain)) + 0.5) * block
    curve = np.interp(np.arange(len(sound)), centres, gain).astype(np.float32)
    return np.asarray(np.clip(sound * curve, -ceiling, ceiling), dtype=np.float32)


def master(mix: Sound, dirt: float, target_db: float, sample_rate_hz: int) -> Sound:
    """The finished song: no rumble, saturated, at a common loudness, peaks at most 0.97."""
    mix = without_rumble(mix, 28.0, sample_rate_hz)
    # a little air: +3 dB above 4 kHz, by a first-order shelf
    b, a = scipy.signal.butter(1, min(4000.0, 0.4 * sample_rate_hz), "highpass", fs=sample_rate_hz)
    mix += np.float32(0.6) * scipy.signal.lfilter(b.astype(np.float32), a.astype(np.float32), mix)
    level = loudness_db(mix, sample_rate_hz)
    if level <= -150.0:
        return mix
    # saturation: the loud parts lie 18 dB below full scale without dirt, 8 dB at the most
    drive = decibels(-18.0 + 9.0 * dirt - level)
    mix = np.tanh(mix * drive)
    mix = without_rumble(mix, 20.0, sample_rate_hz)
    mix *= decibels(target_db - loudness_db(mix, sample_rate_hz))
    return limit(mix, 0.97, sample_rate_hz)
