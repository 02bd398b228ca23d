"""Grooves by style, drawn and played: verse and chorus, ghost notes, fills, breaks."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.beat_network.band_grooves import BAND_GROOVES, Groove
from training.beat_network.kits import VOICES
from training.beat_network.latin_grooves import LATIN_GROOVES

GROOVES: Final[dict[str, Groove]] = {
    **BAND_GROOVES,
    **LATIN_GROOVES,
    "sparse": Groove(  # what is easily heard at twice its tempo, or at half
        (66, 150),
        {
            "kick": ("x...............", "x.......x.......", "x.....x.........", "x...x...x...x..."),
            "snare": ("................", "........x.......", "....x.......x...", "............x..."),
            "closed hat": ("................", "x...x...x...x...", "....x.......x...", "x.x.x.x.x.x.x.x."),
            "rim": ("................", "....x.......x..."),
        },
    ),
    "march": Groove(
        (84, 130),
        {
            "kick": ("x...x...x...x...", "x.......x......."),
            "snare": ("x.xxx.xxx.xxxxxx", "xxx.xxx.xxxxxxxx", "....x.......x.xx"),
            "crash": ("................", "....x.......x..."),
        },
    ),
}  # fmt: skip


def draw_style(rng: np.random.Generator) -> str:
    """A style by weight."""
    names = list(GROOVES)
    weights = np.array([GROOVES[name].weight for name in names])
    return str(rng.choice(names, p=weights / weights.sum()))


def groove_hits(style: str, num_beats: int, rng: np.random.Generator) -> tuple[NDArray[np.float64], float]:
    """Drums of a style: hits (n, 3) of beat, General MIDI pitch and velocity, and the swing.

    Rows are drawn for verse and chorus, with ghost notes, accents, fills and a break of a bar now and then.
    """
    groove = GROOVES[style]
    steps_bar = groove.div * groove.meter
    swing = float(rng.uniform(*groove.swing)) if groove.div == 4 else 0.5
    parts = []
    for _ in range(2):
        rows = {voice: str(rng.choice(rows)) for voice, rows in groove.rows.items()}
        if rng.random() < 0.2 and len(rows) > 2:
            rows.pop(str(rng.choice([voice for voice in rows if voice != "kick"])))
        parts.append(rows)
    loose = float(rng.uniform(*groove.loose_ms)) * 1e-3
    late = {voice: rng.normal(0.0, 0.7 * loose) for voice in groove.rows}
    level = {voice: float(np.clip(rng.normal(0, 9), -20, 15)) for voice in groove.rows}
    accent, has_fills = rng.uniform(0, 22), rng.random() < 0.6
    beat_s = 60.0 / float(np.mean(groove.bpm))
    hits = []
    for bar in range(-(-num_beats // groove.meter)):
        rows = parts[(bar // 8) % 2]
        is_fill = has_fills and bar % 8 == 7 and rng.random() < 0.7
        is_break = rng.random() < 0.012
        for voice, row in rows.items():
            for step in range(steps_bar):
                mark = row[(bar * steps_bar + step) % len(row)]
                if is_break and step > 0:
                    continue
                if is_fill and step >= steps_bar // 2 and voice != "kick":
                    mark = "." if voice not in ("snare",) or rng.random() < 0.35 else "x"
                if mark == "." or rng.random() < 0.02:
                    continue
                base = {"X": 112.0, "x": 92.0, "o": 48.0}[mark] + level[voice]
                velocity = base + accent * (step % groove.div == 0) - 0.5 * accent + rng.normal(0, 6)
                beat = _swung(bar * groove.meter + step / groove.div, swing, groove.swings_16)
                jitter = (late[voice] + rng.normal(0.0, loose)) / beat_s
                hits.append((max(0.0, beat + jitter), VOICES[voice][0], float(np.clip(velocity, 15, 127))))
        if is_fill:
            hits += _fill(bar, groove, swing, rng)
        if (bar % 8 == 0) and has_fills and rng.random() < 0.5:
            hits.append((float(bar * groove.meter), VOICES["crash"][0], 105.0))
    found = np.array(sorted(hits), float).reshape(-1, 3)
    return found[found[:, 0] < num_beats], swing


def _fill(bar: int, groove: Groove, swing: float, rng: np.random.Generator) -> list[tuple[float, int, float]]:
    voices = [str(one) for one in rng.choice(["snare", "high tom", "tom", "low tom"], 4)]
    steps_bar = groove.div * groove.meter
    hits = []
    for step in range(steps_bar // 2, steps_bar):
        if rng.random() < 0.6:
            beat = _swung(bar * groove.meter + step / groove.div, swing, groove.swings_16)
            hits.append((beat, VOICES[voices[step * 4 // steps_bar]][0], float(rng.uniform(60, 115))))
    return hits


def _swung(beat: float, swing: float, is_16: bool) -> float:
    """A beat with the second of two eighths, or sixteenths, where the swing has it."""
    pair_beats = 0.5 if is_16 else 1.0
    whole, phase = divmod(beat / pair_beats, 1.0)
    late = 2 * swing * phase if phase < 0.5 else swing + 2 * (1 - swing) * (phase - 0.5)
    return float((whole + late) * pair_beats)
