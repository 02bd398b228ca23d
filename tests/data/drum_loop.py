"""A tiny drum machine with exact beat times: enough to test ears, independent of the project's own synthesiser."""

from collections.abc import Callable

import numpy as np

from data.sound.streaming import FloatArray

PATTERNS = {  # sixteenths of a 4/4 bar: kick, snare, hat
    "four": ((0, 4, 8, 12), (4, 12), (2, 6, 10, 14)),
    "rock": ((0, 8, 10), (4, 12), tuple(range(0, 16, 2))),
    "funk": ((0, 3, 10), (4, 12), tuple(range(16))),
    "hiphop": ((0, 5, 10), (4, 12), tuple(range(0, 16, 2))),
}


def drum_loop(
    bpm: float | Callable[[float], float],
    duration_s: float,
    *,
    pattern: str = "rock",
    swing: float = 0.0,
    noise_db: float = -60.0,
    seed: int = 0,
    sample_rate_hz: int = 24_000,
) -> tuple[FloatArray, np.ndarray]:
    """Kick, snare, hat, a bass note a beat and noise.

    Args:
        bpm: The tempo, or a function of time in seconds.
        duration_s: Length.
        pattern: A key of `PATTERNS`.
        swing: 0 straight, 1 triplets on the eighths.
        noise_db: Level of white noise below the peak.
        seed: Draws the noises.
        sample_rate_hz: Samples a second.

    Returns:
        Samples float32 with peak 0.5, and the beat times in seconds (the first at 0).
    """
    generator = np.random.default_rng(seed)

    def decay(seconds: float, length_s: float) -> np.ndarray:
        return np.exp(-np.arange(int(length_s * sample_rate_hz)) / (seconds * sample_rate_hz))

    time_s = np.arange(int(0.25 * sample_rate_hz)) / sample_rate_hz
    kick = np.sin(2 * np.pi * (50 * time_s + 1.8 * (1 - np.exp(-time_s / 0.03)))) * decay(0.08, 0.25)
    snare_noise = decay(0.05, 0.2)
    hat_noise = decay(0.015, 0.06)
    samples = np.zeros(int(duration_s * sample_rate_hz))

    def add(sound: np.ndarray, at_s: float) -> None:
        start = round(at_s * sample_rate_hz)
        if start < len(samples):
            samples[start : start + len(sound)] += sound[: len(samples) - start]

    kicks, snares, hats = PATTERNS[pattern]
    beats_s: list[float] = []
    now_s = 0.0
    while now_s < duration_s:
        period_s = 60.0 / (bpm(now_s) if callable(bpm) else bpm)
        for quarter in range(4):
            sixteenth = 4 * (len(beats_s) % 4) + quarter
            late = swing / 6 if quarter == 2 else 0.0
            at_s = now_s + (quarter / 4 + late) * period_s
            if sixteenth in kicks:
                add(0.9 * kick, at_s)
            if sixteenth in snares:
                add(0.4 * snare_noise * generator.standard_normal(len(snare_noise)), at_s)
            if sixteenth in hats:
                add(0.15 * hat_noise * np.diff(generator.standard_normal(len(hat_noise) + 1)), at_s)
        note_s = np.arange(int(0.8 * period_s * sample_rate_hz)) / sample_rate_hz
        note_hz = 55.0 * 2.0 ** (generator.integers(0, 7) / 12)
        add(0.2 * np.sin(2 * np.pi * note_hz * note_s) * np.minimum(1, 100 * note_s) * np.exp(-3 * note_s), now_s)
        beats_s.append(now_s)
        now_s += period_s
    samples += 10 ** (noise_db / 20) * generator.standard_normal(len(samples))
    return (0.5 * samples / np.abs(samples).max()).astype(np.float32), np.array(beats_s)
