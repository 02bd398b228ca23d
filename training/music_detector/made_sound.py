"""Sound of a known kind that is made, not recorded: applause, noise, hum, babble, a drum kit alone, sung syllables."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.music.drums import DrumKit, shaped_noise
from data.sound.audio_features import INTERNAL_RATE_HZ

Sound = NDArray[np.float32]
RATE_HZ: Final = INTERNAL_RATE_HZ

_KICKS, _SNARES, _HATS = ("kick", "stomp"), ("snare", "clap", "rim", "brush"), ("closed hat", "shaker", "ride")
_VOWELS_HZ: Final = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))
"""First three formants of a, i, u, e, o (Peterson and Barney 1952)."""


def applause(rng: np.random.Generator, seconds: float) -> Sound:
    """Many people clapping, each at a tempo of his own: a few who are heard one by one, up to a roar.

    A clap is a burst of noise of some ms around 0.6 to 3 kHz (Repp, The sound of two hands clapping, 1987).
    """
    n = round(seconds * RATE_HZ)
    sound = np.zeros(n + RATE_HZ, np.float32)
    num_people = round(10 ** rng.uniform(0.7, 2.3))
    for _ in range(min(num_people, 60)):
        centre_hz = float(np.exp(rng.uniform(np.log(600), np.log(3000))))
        length = round(rng.uniform(0.006, 0.03) * RATE_HZ)
        strokes = []
        for _ in range(3):
            clap = shaped_noise(rng, length, 0.6 * centre_hz, 1.6 * centre_hz, RATE_HZ)
            strokes.append(clap * np.exp(-np.arange(length) / (0.25 * length)).astype(np.float32))
        period_s, gain = rng.uniform(0.16, 0.42), 10 ** rng.uniform(-1.2, 0.0)
        time_s = rng.uniform(0.0, period_s)
        while time_s < seconds:
            stroke, at = strokes[int(rng.integers(3))], round(time_s * RATE_HZ)
            sound[at : at + length] += np.float32(gain * rng.uniform(0.6, 1.0)) * stroke
            time_s += period_s * rng.uniform(0.85, 1.15)
    if num_people > 60:  # further away they are no more than noise
        far = shaped_noise(rng, n, rng.uniform(400, 900), rng.uniform(2500, 6000), RATE_HZ)
        sound[:n] += far * np.float32(0.02 * num_people / 60)
    return swelling(rng, sound[:n])


def noise(rng: np.random.Generator, seconds: float) -> Sound:
    """A room, a fan, wind, the sea, hiss: noise of some colour that comes and goes slowly, or not at all."""
    n = round(seconds * RATE_HZ)
    low_hz = float(np.exp(rng.uniform(np.log(20), np.log(1500))))
    sound = shaped_noise(rng, n, low_hz, low_hz * np.exp(rng.uniform(0.3, 5.0)), RATE_HZ, slope=rng.uniform(0.5, 2.0))
    if rng.random() < 0.4:
        sound = sound + np.float32(rng.uniform(0.1, 1.0)) * shaped_noise(rng, n, 20.0, 200.0, RATE_HZ, slope=1.0)
    return swelling(rng, sound) if rng.random() < 0.6 else np.asarray(sound, np.float32)


def hum(rng: np.random.Generator, seconds: float) -> Sound:
    """Mains, a ventilator, a motor: steady harmonics, and a little noise."""
    n = round(seconds * RATE_HZ)
    time_s = np.arange(n) / RATE_HZ
    base_hz = float(rng.choice([50.0, 60.0, 100.0, 120.0, rng.uniform(25, 300)]))
    sound = np.zeros(n)
    for harmonic in range(1, int(rng.integers(3, 24))):
        sound += (
            rng.uniform(0.0, 1.0)
            / harmonic ** rng.uniform(0.3, 1.5)
            * np.sin(2 * np.pi * base_hz * harmonic * time_s + rng.uniform(0, 6))
        )
    sound /= max(float(np.sqrt(np.mean(sound**2))), 1e-9)
    return np.asarray(sound + 10 ** rng.uniform(-2.0, 0.0) * noise(rng, seconds), np.float32)


def machine(rng: np.random.Generator, seconds: float) -> Sound:
    """An engine, a pump, a saw, a train: harmonics of a pitch that drifts, strokes of noise at its own pace."""
    n = round(seconds * RATE_HZ)
    knots = np.cumsum(rng.normal(0.0, 10 ** rng.uniform(-2.5, -0.4), max(3, round(seconds))))
    octaves = np.interp(np.arange(n), np.linspace(0, n, len(knots)), knots)
    pitch_hz = np.exp(rng.uniform(np.log(15), np.log(400))) * 2 ** np.clip(octaves, -1.5, 1.5)
    phase = 2 * np.pi * np.cumsum(pitch_hz) / RATE_HZ
    sound = np.zeros(n)
    for harmonic in range(1, int(rng.integers(2, 30))):
        is_heard = harmonic * pitch_hz < 0.45 * RATE_HZ
        sound += (
            is_heard * rng.uniform() / harmonic ** rng.uniform(0.2, 1.2) * np.sin(harmonic * phase + rng.uniform(0, 6))
        )
    sound /= max(float(np.sqrt(np.mean(sound**2))), 1e-9)
    strokes = np.maximum(0.0, np.sin(phase / float(rng.choice([1, 2, 4, 16, 64])))) ** rng.uniform(1, 12)
    rush = noise(rng, seconds)
    rush = rush / max(float(np.sqrt(np.mean(rush**2))), 1e-9) * 10 ** rng.uniform(-1.3, 0.7)
    return swelling(rng, np.asarray(sound + rush * (strokes if rng.random() < 0.6 else 1.0), np.float32))


def tones(rng: np.random.Generator, seconds: float) -> Sound:
    """A siren, a telephone, an alarm, feedback: one tone or two that stay, beep or wail."""
    n = round(seconds * RATE_HZ)
    time_s = np.arange(n) / RATE_HZ
    period_s, sound = 10 ** rng.uniform(-0.7, 0.7), np.zeros(n)
    wail = rng.uniform(0.0, 0.5) * np.sin(2 * np.pi * time_s / period_s) if rng.random() < 0.4 else np.zeros(n)
    if rng.random() < 0.3:
        wail = rng.uniform(0.1, 0.5) * np.sign(np.sin(2 * np.pi * time_s / period_s))
    for _ in range(int(rng.integers(1, 3))):
        pitch_hz = np.exp(rng.uniform(np.log(250), np.log(4000))) * 2**wail
        for harmonic in range(1, int(rng.integers(2, 6))):
            sound += np.sin(2 * np.pi * harmonic * np.cumsum(pitch_hz) / RATE_HZ) / harmonic ** rng.uniform(0.5, 2.0)
    if rng.random() < 0.5:  # beeps
        sound *= (time_s / period_s % 1.0 < rng.uniform(0.2, 0.7)).astype(float)
    return np.asarray(sound + 10 ** rng.uniform(-2.5, -0.5) * noise(rng, seconds), np.float32)


def clatter(rng: np.random.Generator, seconds: float) -> Sound:
    """Glasses, steps, keys, rain, a door: short knocks and rings at no tempo."""
    n = round(seconds * RATE_HZ)
    sound = np.zeros(n + 2 * RATE_HZ, np.float32)
    kinds = []
    for _ in range(int(rng.integers(1, 4))):
        length = round(10 ** rng.uniform(-2.3, -0.3) * RATE_HZ)
        centre_hz = float(np.exp(rng.uniform(np.log(100), np.log(6000))))
        knock = shaped_noise(rng, length, 0.7 * centre_hz, 1.4 * centre_hz, RATE_HZ)
        if rng.random() < 0.3:
            ring = np.sin(2 * np.pi * np.outer(centre_hz * rng.uniform(0.8, 3.0, 3), np.arange(length) / RATE_HZ))
            knock = 0.3 * knock + ring.sum(axis=0)
        kinds.append(knock * np.exp(-np.arange(length) / (0.2 * length)))
    per_s = 10 ** rng.uniform(-0.3, 1.8)
    for at_s in np.cumsum(rng.exponential(1.0 / per_s, round(2 * per_s * seconds) + 1)):
        if at_s >= seconds:
            break
        knock, at = kinds[int(rng.integers(len(kinds)))], round(at_s * RATE_HZ)
        sound[at : at + len(knock)] += (10 ** rng.uniform(-1.0, 0.0) * knock).astype(np.float32)
    return np.asarray(sound[:n] + 10 ** rng.uniform(-3.0, -1.3) * noise(rng, seconds), np.float32)


def babble(rng: np.random.Generator, seconds: float, speech: Sequence[Sound]) -> Sound:
    """A crowd that talks: many voices at once."""
    n = round(seconds * RATE_HZ)
    sound = np.zeros(n, np.float32)
    for _ in range(int(rng.integers(5, 25))):
        voice = speech[int(rng.integers(len(speech)))]
        voice = np.tile(voice, n // len(voice) + 2)
        start = int(rng.integers(len(voice) - n))
        sound += voice[start : start + n] * np.float32(10 ** rng.uniform(-0.7, 0.0))
    return sound


def swelling(rng: np.random.Generator, sound: Sound) -> Sound:
    """The sound with a level that wanders by some dB over seconds."""
    knots = rng.uniform(-9.0, 0.0, max(2, len(sound) // (2 * RATE_HZ) + 2))
    level_db = np.interp(np.arange(len(sound)), np.linspace(0, len(sound), len(knots)), knots)
    return np.asarray(sound * 10 ** (level_db / 20), np.float32)


def drums(rng: np.random.Generator, seconds: float) -> Sound:
    """A drum kit alone, in four, swung or not, from kick and hat only to a busy beat with fills."""
    bpm = rng.uniform(55, 185)
    kit = DrumKit(int(rng.integers(2**31)), rng.uniform(40, 65), rng.uniform(0.08, 0.4), RATE_HZ)
    step_s, swing = 15.0 / bpm, float(rng.choice([0.5, 0.5, rng.uniform(0.5, 0.67)]))
    sound = np.zeros(round((seconds + 4.0) * RATE_HZ), np.float32)
    odds = np.full(16, rng.uniform(0.0, 0.12))
    pattern = {
        str(rng.choice(_KICKS)): (0.9, np.where(np.arange(16) % (4 if rng.random() < 0.5 else 8) == 0, 1.0, odds)),
        str(rng.choice(_SNARES)): (0.8, np.where(np.arange(16) % 8 == 4, 1.0, 0.5 * odds)),
        str(rng.choice(_HATS)): (0.35, np.where(np.arange(16) % int(rng.choice([1, 2, 2, 4])) == 0, 1.0, odds)),
    }
    if rng.random() < 0.3:
        del pattern[list(pattern)[int(rng.integers(3))]]
    if rng.random() < 0.5:
        pattern[str(rng.choice(["conga", "tom", "cowbell", "tambourine", "open hat"]))] = (0.4, 3.0 * odds)
    for voice, (gain, chances) in pattern.items():
        strokes = [kit.render(voice, variant) for variant in range(2)]
        is_fixed = rng.random(16) < chances
        for step in range(int(seconds / step_s)):
            if is_fixed[step % 16] if rng.random() < 0.9 else rng.random() < chances[step % 16]:
                at_s = step * step_s + (2.0 * swing - 1.0) * step_s * (step % 2) + max(0.0, rng.normal(0.0, 0.004))
                stroke, at = strokes[int(rng.integers(2))], round(at_s * RATE_HZ)
                sound[at : at + len(stroke)] += stroke[: len(sound) - at] * np.float32(gain * rng.uniform(0.5, 1.0))
    return sound[: round(seconds * RATE_HZ)]


def melody_hz(rng: np.random.Generator, num_samples: int) -> NDArray[np.float64]:
    """A sung melody as pitch over time (n,), Hz: notes of a scale on a beat, with vibrato and glides."""
    beat = round(60.0 / rng.uniform(60, 150) * RATE_HZ)
    scale = np.array([0, 2, 4, 5, 7, 9, 11] if rng.random() < 0.5 else [0, 2, 3, 5, 7, 8, 10])
    degree, key = 0, 57.0 + rng.uniform(-12, 7)
    pitch: list[NDArray[np.float64]] = []
    while sum(map(len, pitch)) < num_samples:
        degree = int(np.clip(degree + rng.integers(-2, 3), -3, 7))
        semitone = key + scale[degree % 7] + 12 * (degree // 7)
        pitch.append(np.full(round(beat * rng.choice([0.5, 1.0, 1.0, 2.0])), semitone))
    notes = np.concatenate(pitch)[:num_samples]
    glide = np.exp(-np.arange(2400) / 600.0)
    notes = np.convolve(np.concatenate([np.full(2399, notes[0]), notes]), glide / glide.sum(), "valid")
    vibrato = rng.uniform(0.1, 0.6) * np.sin(2 * np.pi * rng.uniform(4.5, 6.5) * np.arange(num_samples) / RATE_HZ)
    return np.asarray(440.0 * 2 ** ((notes + vibrato - 69.0) / 12.0))


def talk(rng: np.random.Generator, seconds: float) -> Sound:
    """Somebody who talks, without words: syllables of changing vowels and hisses, a pitch that glides, pauses."""
    from scipy.signal import lfilter

    n = round(seconds * RATE_HZ)
    sound = np.zeros(n + RATE_HZ)
    base_hz, at_s, syllable_s = rng.uniform(80, 260), 0.0, rng.uniform(0.13, 0.24)
    while at_s < seconds:
        num_syllables = int(rng.integers(4, 18))
        for number in range(num_syllables):
            length = round(syllable_s * rng.uniform(0.6, 1.6) * RATE_HZ)
            glide = np.linspace(rng.uniform(-3, 3), rng.uniform(-3, 3), length) - 4.0 * number / num_syllables
            phase = np.cumsum(base_hz * 2 ** (glide / 12)) / RATE_HZ
            source = 2.0 * (phase % 1.0) - 1.0 + 0.03 * rng.standard_normal(length)
            voice = np.zeros(length)
            for formant_hz, gain in zip(_VOWELS_HZ[int(rng.integers(5))], (1.0, 0.5, 0.25), strict=True):
                radius = np.exp(-np.pi * (70.0 + 0.06 * formant_hz) / RATE_HZ)
                angle = 2 * np.pi * formant_hz / RATE_HZ
                voice += gain * lfilter([1.0 - radius], [1.0, -2.0 * radius * np.cos(angle), radius**2], source)
            voice *= np.hanning(length) ** 0.5 / max(float(np.abs(voice).max()), 1e-9)
            at = round(at_s * RATE_HZ)
            sound[at : at + length] += voice[: len(sound) - at] * rng.uniform(0.4, 1.0)
            if rng.random() < 0.45:  # s, f, sh, t
                hiss_length = round(rng.uniform(0.02, 0.1) * RATE_HZ)
                hiss = shaped_noise(rng, hiss_length, rng.uniform(1500, 4500), 9000.0, RATE_HZ) * np.hanning(
                    hiss_length
                )
                sound[at : at + hiss_length] += rng.uniform(0.05, 0.25) * hiss[: len(sound) - at]
            at_s += length / RATE_HZ
            if at_s >= seconds:
                break
        at_s += rng.uniform(0.15, 0.9)
    return np.asarray(sound[:n], np.float32)


def sung(rng: np.random.Generator, seconds: float, *, num_voices: int = 1) -> Sound:
    """Vowels sung by one voice or a choir: a pulse train through three formants (source and filter)."""
    from scipy.signal import lfilter

    n = round(seconds * RATE_HZ)
    sound = np.zeros(n, np.float32)
    for _ in range(num_voices):
        phase = np.cumsum(melody_hz(rng, n)) / RATE_HZ
        source = 2.0 * (phase % 1.0) - 1.0 + 0.02 * rng.standard_normal(n)
        voice = np.zeros(n)
        syllable = round(rng.uniform(0.25, 0.9) * RATE_HZ)
        for start in range(0, n, syllable):
            part = source[start : start + syllable + 1200]
            out = np.zeros(len(part))
            for formant_hz, gain in zip(_VOWELS_HZ[int(rng.integers(5))], (1.0, 0.5, 0.25), strict=True):
                radius = np.exp(-np.pi * (60.0 + 0.05 * formant_hz) / RATE_HZ)
                angle = 2 * np.pi * formant_hz / RATE_HZ
                out += gain * lfilter([1.0 - radius], [1.0, -2.0 * radius * np.cos(angle), radius**2], part)
            ramp = np.minimum(1.0, np.arange(len(out)) / 1200.0) * np.minimum(1.0, np.arange(len(out))[::-1] / 1200.0)
            voice[start : start + len(part)] += out * ramp
        sound += (voice / max(float(np.abs(voice).max()), 1e-9)).astype(np.float32)
    return sound
