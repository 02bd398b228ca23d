"""Tempo as musicians keep it, or do not."""

import numpy as np

from data.music import TempoMap

_LOW, _HIGH = 50.0, 210.0


def tempo_curve(bpm: float, num_beats: int, rng: np.random.Generator, wild: float) -> TempoMap:
    """Mostly steady; with chance `wild` a drift, a ramp, a step, or rubato."""
    if rng.random() >= wild:
        return TempoMap.constant(bpm)
    kind = str(rng.choice(["drift", "ramp", "step", "rubato"]))
    if kind == "drift":
        marks = np.arange(0.0, num_beats, 16.0)
        bpms = bpm * (1 + np.clip(np.cumsum(rng.normal(0, 0.02, len(marks))), -0.12, 0.12))
        return _ramps(marks, bpms, bpm)
    if kind == "rubato":
        marks = np.arange(0.0, num_beats, 2.0)
        return _ramps(marks, bpm * (1 + np.clip(rng.normal(0, 0.03, len(marks)), -0.08, 0.08)), bpm)
    target = float(np.clip(bpm * rng.uniform(0.75, 1.32), 60, 200))
    if kind == "ramp":
        begin = num_beats * rng.uniform(0.1, 0.45)
        end = begin + max(4.0, num_beats * rng.uniform(0.05, 0.5))
        return TempoMap((0.0, begin, end), (bpm, bpm, target), "ramp")
    return TempoMap((0.0, 4.0 * max(1, round(num_beats / 4 * rng.uniform(0.25, 0.75)))), (bpm, target), "step")


def _ramps(marks: np.ndarray, bpms: np.ndarray, bpm: float) -> TempoMap:
    bpms = np.clip(bpms, _LOW, _HIGH)
    bpms[0] = bpm
    return TempoMap(tuple(float(one) for one in marks), tuple(float(one) for one in bpms), "ramp")
