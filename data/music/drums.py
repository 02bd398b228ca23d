"""The drum kit: every voice made from sines and shaped noise."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from data.music.score import generator

Sound = NDArray[np.float32]


def shaped_noise(
    rng: np.random.Generator, n: int, low_hz: float, high_hz: float, sample_rate_hz: int, slope: float = 2.0
) -> Sound:
    """Noise (n,) between two corners, RMS 1; the corners are as steep as a filter of order `slope`."""
    size = scipy.fft.next_fast_len(max(n, 64), real=True)
    frequency = np.maximum(scipy.fft.rfftfreq(size, 1.0 / sample_rate_hz), 1.0)
    high_hz = min(high_hz, 0.47 * sample_rate_hz)
    gain = 1.0 / np.sqrt((1.0 + (low_hz / frequency) ** (2 * slope)) * (1.0 + (frequency / high_hz) ** (2 * slope)))
    spectrum = scipy.fft.rfft(rng.standard_normal(size, dtype=np.float32)) * gain.astype(np.float32)
    spectrum[0] = 0.0
    noise = scipy.fft.irfft(spectrum, size)[:n]
    return np.asarray(noise / max(float(np.sqrt(np.mean(noise**2))), 1e-9), dtype=np.float32)


@dataclass(frozen=True)
class DrumKit:
    """A kit with its own pitches, lengths and brightness, drawn from the seed.

    Attributes:
        seed: of the song.
        kick_hz: pitch the kick falls to.
        kick_decay_s: time constant of the kick.
        sample_rate_hz: of the rendered hits.
    """

    seed: int
    kick_hz: float
    kick_decay_s: float
    sample_rate_hz: int

    def render(self, voice: str, variant: int = 0) -> Sound:
        """One hit at full velocity, samples (n,), peak 1, beginning at its onset.

        Variants of a voice differ only in their noise, as two strokes of one player do.
        """
        maker = _VOICES[voice]
        # parameters come before noise from the same stream: they do not depend on the sample rate
        sound = maker(self, generator(self.seed, "kit", voice), generator(self.seed, "stroke", voice, str(variant)))
        edge = min(len(sound), round(0.0005 * self.sample_rate_hz))
        sound[:edge] *= np.linspace(0.0, 1.0, edge, dtype=np.float32)
        tail = min(len(sound), round(0.01 * self.sample_rate_hz))
        sound[-tail:] *= np.linspace(1.0, 0.0, tail, dtype=np.float32)
        return sound / np.float32(np.abs(sound).max())

    def time(self, length_s: float) -> NDArray[np.float32]:
        """Sample times of a hit of this length."""
        return np.arange(round(length_s * self.sample_rate_hz), dtype=np.float32) / np.float32(self.sample_rate_hz)

    def noise(self, rng: np.random.Generator, n: int, low_hz: float, high_hz: float) -> Sound:
        """Shaped noise at this kit's sample rate."""
        return shaped_noise(rng, n, low_hz, high_hz, self.sample_rate_hz)


def _sweep(t: Sound, start_hz: float, end_hz: float, fall_s: float) -> Sound:
    """A sine that falls exponentially from one pitch to another."""
    cycles = end_hz * t + (start_hz - end_hz) * fall_s * (1.0 - np.exp(-t / fall_s))
    return np.asarray(np.sin(2.0 * np.pi * cycles), dtype=np.float32)


def _kick(kit: DrumKit, timbre: np.random.Generator, stroke: np.random.Generator) -> Sound:
    decay = kit.kick_decay_s
    t = kit.time(min(5.0 * decay, 1.2))
    body = _sweep(t, kit.kick_hz * timbre.uniform(3.0, 7.0), kit.kick_hz, timbre.uniform(0.012, 0.035))
    body = np.tanh(body * np.exp(-t / 0.06) * timbre.uniform(0.5, 2.0)) + 0.7 * body
    body *= np.exp(-((t / (1.2 * decay)) ** 1.3))
    click = kit.noise(stroke, len(t), 900.0, timbre.uniform(4000.0, 9000.0)) * np.exp(-t / 0.004)
    return np.asarray(body + timbre.uniform(0.3, 0.9) * click, dtype=np.float32)


def _stomp(kit: DrumKit, timbre: np.random.Generator, stroke: np.random.Generator) -> Sound:
    t = kit.time(0.35)
    body = _sweep(t, timbre.uniform(110, 160), timbre.uniform(48, 65), 0.03) * np.exp(-t / 0.08)
    return np.asarray(body + 0.3 * kit.noise(stroke, len(t), 100, 900) * np.exp(-t / 0.04), dtype=np.float32)


def _snare(kit: DrumKit, timbre: np.random.Generator, stroke: np.random.Generator) -> Sound:
    decay = timbre.uniform(0.05, 0.12)
    t = kit.time(6.0 * decay)
    low_hz = timbre.uniform(160, 230)
    body = _sweep(t, 1.5 * low_hz, low_hz, 0.012) * np.exp(-t / 0.07)
    body += 0.6 * _sweep(t, 1.9 * low_hz, 1.75 * low_hz, 0.02) * np.exp(-t / 0.05)
    wires = kit.noise(stroke, len(t), timbre.uniform(700, 1800), timbre.uniform(6000, 10000)) * np.exp(-t / decay)
    return np.asarray(timbre.uniform(0.5, 1.0) * body + timbre.uniform(0.3, 0.6) * wires, dtype=np.float32)


def _electro_snare(kit: DrumKit, timbre: np.random.Generator, stroke: np.random.Generator) -> Sound:
    t = kit.time(timbre.uniform(0.25, 0.45))
    tone = _sweep(t, timbre.uniform(300, 450), timbre.uniform(160, 210), 0.02) * np.exp(-t / 0.06)
    gate = np.exp(-t / timbre.uniform(0.08, 0.18))
    return np.asarray(0.7 * tone + 0.45 * kit.noise(stroke, len(t), 900, 7000) * gate, dtype=np.float32)


def _clap(kit: DrumKit, timbre: np.random.Generator, stroke: np.random.Generator) -> Sound:
    t = kit.time(0.4)
    centre = timbre.uniform(1000, 1700)
    noise = kit.noise(stroke, len(t), 0.7 * centre, 2.2 * centre) + 0.35 * kit.noise(stroke, len(t), 3000, 9000)
    envelope = np.exp(-t / timbre.uniform(0.05, 0.1)) * 0.7
    for burst in range(3):  # several hands, a few milliseconds apart
        start = burst * timbre.uniform(0.006, 0.011)
        envelope += np.where(t >= start, np.exp(-np.maximum(t - start, 0) / 0.003), 0.0)
    return np.asarray(noise * envelope, dtype=np.float32)


def _snap(kit: DrumKit, timbre: np.random.Generator, stroke: np.random.Generator) -> Sound:
    t = kit.time(0.2)
    centre = timbre.uniform(1800, 2600)
    envelope = np.exp(-t / 0.012) + 0.15 * np.exp(-t / 0.05)
    return np.asarray(kit.noise(stroke, len(t), 0.8 * centre, 1.4 * centre) * envelope, dtype=np.float32)


def _brush(kit: DrumKit, timbre: np.random.Generator, stroke: np.random.Generator) -> Sound:
    t = kit.time(0.3)
    envelope = np.minimum(t / 0.004, 1.0) * np.exp(-t / timbre.uniform(0.05, 0.09))
    drum = 0.5 * _sweep(t, 260, 190, 0.02) * np.exp(-t / 0.05)
    return np.asarray(kit.noise(stroke, len(t), 900, 7000) * envelope * 0.6 + drum, dtype=np.float32)


def _rim(kit: DrumKit, timbre: np.random.Generator, stroke: np.random.Generator) -> Sound:
    t = kit.time(0.08)
    pitch = timbre.uniform(420, 560)
    tone = np.sin(2 * np.pi * pitch * t) + 0.8 * np.sin(2 * np.pi * 3.5 * pitch * t)
    return np.asarray((tone + 0.2 * kit.noise(stroke, len(t), 1500, 6000)) * np.exp(-t / 0.012), dtype=np.float32)


def _metal(
    kit: DrumKit, timbre: np.random.Generator, stroke: np.random.Generator, length_s: float, low_hz: float, tone: float
) -> Sound:
    """Six clashing square waves and noise above a corner, without envelope: the stuff of cymbals."""
    t = kit.time(length_s)
    noise = kit.noise(stroke, len(t), low_hz, 16000)
    base = timbre.uniform(300, 420)
    ring = np.zeros(len(t), dtype=np.float32)
    for ratio in (2.0, 3.0, 4.16, 5.43, 6.79, 8.21):
        for harmonic in (1, 3, 5, 7, 9):
            frequency, turn = base * ratio * harmonic * timbre.uniform(0.99, 1.01), 2 * np.pi * timbre.random()
            if low_hz < frequency < 0.45 * kit.sample_rate_hz:
                ring += np.sin(2 * np.pi * frequency * t + turn).astype(np.float32) / np.float32(harmonic**0.5)
    ring /= max(float(np.sqrt(np.mean(ring**2))), 1e-9)
    return np.asarray((1.0 - tone) * noise + tone * ring, dtype=np.float32)


def _closed_hat(kit: DrumKit, timbre: np.random.Generator, stroke: np.random.Generator) -> Sound:
    decay = timbre.uniform(0.012, 0.04)
    sound = _metal(kit, timbre, stroke, 6 * decay, timbre.uniform(6000, 8000), timbre.uniform(0.1, 0.6))
    return np.asarray(sound * np.exp(-kit.time(6 * decay) / decay), dtype=np.float32)


def _open_hat(kit: DrumKit, timbre: np.random.Generator, stroke: np.random.Generator) -> Sound:
    decay = timbre.uniform(0.07, 0.16)
    sound = _metal(kit, timbre, stroke, 3.5 * decay, timbre.uniform(5500, 7500), timbre.uniform(0.1, 0.6))
    return np.asarray(sound * np.exp(-kit.time(3.5 * decay) / decay), dtype=np.float32)


def _ride(kit: DrumKit, timbre: np.random.Generator, stroke: np.random.Generator) -> Sound:
    t = kit.time(0.9)
    wash = _metal(kit, timbre, stroke, 0.9, timbre.uniform(3000, 4500), 0.6)
    return np.asarray(wash * (0.7 * np.exp(-t / 0.03) + 0.3 * np.exp(-t / 0.3)), dtype=np.float32)


def _crash(kit: DrumKit, timbre: np.random.Generator, stroke: np.random.Generator) -> Sound:
    t = kit.time(1.8)
    return np.asarray(_metal(kit, timbre, stroke, 1.8, 2500, 0.4) * np.exp(-t / 0.5), dtype=np.float32)


def _tom(low_hz: float, high_hz: float) -> Callable[[DrumKit, np.random.Generator, np.random.Generator], Sound]:
    def render(kit: DrumKit, timbre: np.random.Generator, stroke: np.random.Generator) -> Sound:
        t = kit.time(0.5)
        pitch = timbre.uniform(low_hz, high_hz)
        body = _sweep(t, 1.6 * pitch, pitch, 0.04) * np.exp(-t / timbre.uniform(0.1, 0.18))
        return np.asarray(body + 0.1 * kit.noise(stroke, len(t), 500, 4000) * np.exp(-t / 0.01), dtype=np.float32)

    return render


def _conga(kit: DrumKit, timbre: np.random.Generator, stroke: np.random.Generator) -> Sound:
    t = kit.time(0.3)
    body = _sweep(t, 1.15 * (pitch := timbre.uniform(190, 330)), pitch, 0.02) * np.exp(-t / 0.08)
    return np.asarray(body + 0.25 * kit.noise(stroke, len(t), 800, 4000) * np.exp(-t / 0.008), dtype=np.float32)


def _shaker(kit: DrumKit, timbre: np.random.Generator, stroke: np.random.Generator) -> Sound:
    t = kit.time(0.12)
    envelope = np.minimum(t / 0.012, 1.0) * np.exp(-np.maximum(t - 0.012, 0) / timbre.uniform(0.015, 0.03))
    return np.asarray(kit.noise(stroke, len(t), timbre.uniform(4500, 6500), 11000) * envelope, dtype=np.float32)


def _tambourine(kit: DrumKit, timbre: np.random.Generator, stroke: np.random.Generator) -> Sound:
    t = kit.time(0.25)
    sound = _metal(kit, timbre, stroke, 0.25, 5000, 0.5)
    return np.asarray(sound * (np.exp(-t / 0.015) + 0.4 * np.exp(-t / 0.07)), dtype=np.float32)


def _cowbell(kit: DrumKit, timbre: np.random.Generator, stroke: np.random.Generator) -> Sound:
    t = kit.time(0.3)
    pitch = timbre.uniform(520, 620)
    tone = sum(
        np.sin(2 * np.pi * pitch * ratio * k * t) / k for ratio in (1.0, 1.48) for k in (1, 3, 5)
    ) + 0.05 * kit.noise(stroke, len(t), 1000, 4000)
    return np.asarray(tone * (0.7 * np.exp(-t / 0.02) + 0.3 * np.exp(-t / 0.08)), dtype=np.float32)


_VOICES: Final[dict[str, Callable[[DrumKit, np.random.Generator, np.random.Generator], Sound]]] = {
    "kick": _kick,
    "stomp": _stomp,
    "snare": _snare,
    "electro snare": _electro_snare,
    "clap": _clap,
    "snap": _snap,
    "brush": _brush,
    "rim": _rim,
    "closed hat": _closed_hat,
    "open hat": _open_hat,
    "ride": _ride,
    "crash": _crash,
    "tom": _tom(100, 140),
    "low tom": _tom(75, 95),
    "high tom": _tom(150, 190),
    "conga": _conga,
    "shaker": _shaker,
    "tambourine": _tambourine,
    "cowbell": _cowbell,
}

DRUM_VOICES: Final[tuple[str, ...]] = tuple(_VOICES)
