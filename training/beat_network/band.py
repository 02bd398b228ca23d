"""A band that plays to a groove: bass, chords, a lead and, for metal, riffs; all of it drawn at random."""

from collections.abc import Callable
from typing import Final

import numpy as np

from training.beat_network.midi import Notes

_BASSES: Final = {
    "electronic": (38, 39, 38, 87),
    "metal": (33, 34),
    "jazz": (32, 35),
    "reggae": (33,),
    "latin": (32, 33, 35),
}
_CHORDS: Final = {
    "electronic": (80, 81, 88, 89, 90, 50, 51, 62, 63, 4, 5),
    "metal": (29, 30, 29, 30, 48, 18),
    "jazz": (0, 1, 26, 4, 16),
    "reggae": (27, 28, 16, 17, 0),
    "latin": (0, 1, 24, 25, 61, 21, 4),
}
_LEADS: Final = {
    "electronic": (80, 81, 82, 84, 87, 98, 99),
    "metal": (29, 30, 81),
    "jazz": (56, 65, 66, 11, 26, 71),
    "reggae": (56, 57, 65, 22, 17),
    "latin": (56, 57, 61, 73, 65, 0, 22, 12),
}
_ANY_CHORDS: Final = (0, 1, 2, 4, 5, 7, 16, 17, 18, 21, 24, 25, 26, 27, 28, 29, 30, 48, 50, 61, 80, 81, 87, 88, 89, 90)
_ANY_LEADS: Final = (0, 4, 11, 12, 22, 25, 26, 29, 40, 52, 56, 61, 65, 66, 71, 73, 75, 80, 81, 84, 98)
_MONTUNOS: Final = ("x.xx.xx.x.xx.xx.", "xx.x.xx.xx.x.xx.", "x..xx.x.xx.xx.x.")
_TUMBAOS: Final = ("...x..x....x..x.", "x..x..x....x..x.", "x.....x.x.....x.", "x..x....x..x....")
BASS, CHORDS, LEAD = 0, 1, 2
"""Channels. The bass is a stem of its own."""


def band_notes(
    kind: str,
    num_beats: int,
    meter: int,
    div: int,
    warp: Callable[[float], float],
    rng: np.random.Generator,
    kicks: frozenset[int] = frozenset(),
) -> tuple[Notes, dict[int, int]]:
    """Notes in beats and the programs that play them.

    Args:
        kind: Kind of the band: any, electronic, metal, jazz, reggae or latin.
        num_beats: Length.
        meter: Beats of a bar.
        div: Steps of a beat.
        warp: Where a beat is played: swing.
        rng: Draws everything.
        kicks: Steps of the bar on which the kick plays, for a bass that follows it.
    """
    steps = meter * div
    scale = np.array([0, 2, 3, 5, 7, 8, 10] if rng.random() < 0.6 else [0, 2, 4, 5, 7, 9, 11])
    key = int(rng.integers(-5, 7))
    roots = [0, *(int(one) for one in rng.choice([0, 0, 3, 4, 5, 2, 6, 1], int(rng.choice([0, 1, 3, 3]))))]
    bars_each = int(rng.choice([1, 1, 2]))
    patterns = {
        BASS: _bass(kind, steps, div, rng, kicks),
        CHORDS: _chords(kind, steps, div, rng),
        LEAD: [_rhythm(steps, div, rng.uniform(0.1, 0.5), 1.2, rng) for _ in range(2)],
    }
    programs = {
        BASS: int(rng.choice(_BASSES.get(kind, tuple(range(32, 40))))),
        CHORDS: int(rng.choice(_CHORDS.get(kind, _ANY_CHORDS) if rng.random() < 0.8 else _ANY_CHORDS)),
        LEAD: int(rng.choice(_LEADS.get(kind, _ANY_LEADS) if rng.random() < 0.8 else _ANY_LEADS)),
    }
    is_riff = kind == "metal" and rng.random() < 0.75
    if is_riff:
        patterns[CHORDS] = patterns[BASS]
        programs[CHORDS] = int(rng.choice([29, 30, 30]))
    is_held, has_lead = not is_riff and rng.random() < 0.3, rng.random() < 0.55
    is_walking = kind == "jazz" and rng.random() < 0.7
    drag, loose = rng.normal(0.0, 0.01), 0.002 if kind == "electronic" else 0.008
    rests = rng.random(num_beats // meter + 1) < 0.04
    riff = rng.choice([0, 0, 0, 0, 1, 3, 5, 6], steps)
    notes = []
    for bar in range(num_beats // meter):
        root = roots[(bar // bars_each) % len(roots)]
        for channel, both in patterns.items():
            if (channel == LEAD and (not has_lead or (bar // 8) % 2)) or (rests[bar] and channel != BASS):
                continue
            is_on = both[bar % 4 == 3]
            if channel == CHORDS and is_held:
                is_on = np.arange(steps) == 0
            if channel == BASS and is_walking:
                is_on = np.arange(steps) % div == 0
            at = np.flatnonzero(is_on)
            for index, step in enumerate(at):
                following = at[index + 1] if index + 1 < len(at) else steps
                full = (following - step) / div
                length = full * (float(rng.choice([0.35, 0.9])) if channel == CHORDS and not is_held else 0.95)
                start = max(0.0, warp(bar * meter + step / div) + drag * (channel != BASS) + rng.normal(0, loose))
                velocity = float(np.clip(85 + 14 * (step % div == 0) + rng.normal(0, 8), 30, 127))
                degree = root + (int(riff[step]) if is_riff else 0)
                if channel == BASS:
                    steps_up = int(rng.choice([0, 2, 4, 6, 7, 5])) if is_walking else int(rng.choice([0, 0, 0, 4, 7]))
                    pitches = [_pitch(degree + (0 if is_riff else steps_up), 36 + key, scale)]
                elif channel == CHORDS and is_riff:
                    low = _pitch(degree, 40 + key, scale)
                    pitches = [low, low + 7, low + 12][: 2 + int(rng.random() < 0.5)]
                elif channel == CHORDS:
                    pitches = [_pitch(root + up, 60 + key, scale) for up in (0, 2, 4, 6)[: int(rng.choice([3, 3, 4]))]]
                else:
                    pitches = [_pitch(root + int(rng.choice([0, 2, 4, 5, 7, 1])), 72 + key, scale)]
                notes += [(start, start + length, channel, pitch, velocity) for pitch in pitches]
    return np.array(sorted(notes), float).reshape(-1, 5), programs


def _pitch(degree: int, base: int, scale: np.ndarray) -> int:
    return int(base + scale[degree % 7] + 12 * (degree // 7))


def _rhythm(steps: int, div: int, density: float, pull: float, rng: np.random.Generator) -> np.ndarray:
    """Steps that sound (steps,): beats more often than what lies between them, the first of the bar most often."""
    weight = np.full(steps, density * (0.45 if div == 4 else 0.8))
    if div == 4:
        weight[::2] = density
    weight[::div] = density * pull
    weight[0] = density * pull * 1.7
    return np.asarray(rng.random(steps) < np.minimum(weight, 0.97))


def _row(marks: str, steps: int) -> np.ndarray:
    return np.array([mark == "x" for mark in (marks * 2)[:steps]])


def _bass(kind: str, steps: int, div: int, rng: np.random.Generator, kicks: frozenset[int]) -> list[np.ndarray]:
    if kind == "metal" and rng.random() < 0.7:
        if kicks and rng.random() < 0.5:
            return [np.isin(np.arange(steps), list(kicks))] * 2
        if div == 3:
            return [np.tile(np.array([[True] * 3, [True, False, True]][int(rng.integers(2))]), steps // 3)] * 2
        chug = ([True] * 4, [True, False] * 2, [True, False, True, True], [True, True, True, False])
        return [np.tile(np.array(chug[int(rng.integers(4))]), steps // 4)] * 2
    if kind == "latin" and steps == 16 and rng.random() < 0.75:
        return [_row(str(rng.choice(_TUMBAOS)), steps)] * 2
    if kind == "electronic" and div == 4 and rng.random() < 0.5:
        rows = (
            "..x...x...x...x.",
            ".xxx.xxx.xxx.xxx",
            "xxxxxxxxxxxxxxxx",
            "x.x.x.x.x.x.x.x.",
            "x...............",
            "x..x..x...x..x..",
        )
        return [_row(str(rng.choice(rows)), steps)] * 2
    if kicks and rng.random() < 0.3:
        return [np.isin(np.arange(steps), list(kicks))] * 2
    density, pull = rng.uniform(0.25, 0.8), rng.uniform(0.7, 2.0)
    return [_rhythm(steps, div, density, pull, rng) for _ in range(2)]


def _chords(kind: str, steps: int, div: int, rng: np.random.Generator) -> list[np.ndarray]:
    if kind == "reggae" or (rng.random() < 0.12 and div == 4):
        return [np.arange(steps) % div == div // 2] * 2
    if kind == "latin" and steps == 16 and rng.random() < 0.5:
        return [_row(str(rng.choice(_MONTUNOS)), steps)] * 2
    density, pull = rng.uniform(0.1, 0.6), rng.uniform(0.4, 1.8)
    return [_rhythm(steps, div, density, pull, rng) for _ in range(2)]
