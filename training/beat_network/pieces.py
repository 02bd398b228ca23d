"""Pieces of music as notes with known beats: human drummers, grooves by style, and whole compositions as MIDI."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.music import TempoMap
from training.beat_network.band import band_notes
from training.beat_network.midi import DRUM_CHANNEL, Notes, read_midi
from training.beat_network.patterns import GROOVES, draw_style, groove_hits
from training.beat_network.tempo import tempo_curve

_BAND_OF_STYLE: Final = {
    "afrobeat": "latin",
    "latin": "latin",
    "afrocuban": "latin",
    "jazz": "jazz",
    "reggae": "reggae",
    "dance": "electronic",
    "punk": "metal",
    "highlife": "latin",
    "neworleans": "jazz",
}
_MAX_SONG_BPM, _MIN_SONG_BPM = 205.0, 58.0


@dataclass(frozen=True, eq=False)
class Piece:
    """Notes and beats, all in seconds.

    Attributes:
        name: What it is.
        drums: Hits (n, 3): time, General MIDI pitch, velocity.
        notes: All else (m, 5): begin, end, channel, pitch, velocity.
        programs: General MIDI program of each channel.
        beats_s: Times of the beats, ascending.
        places: Place of each beat in its bar, 1 is the downbeat; 0 where the bar is not known.
        seconds: Length.
    """

    name: str
    drums: NDArray[np.float64]
    notes: Notes
    programs: dict[int, int]
    beats_s: NDArray[np.float64]
    places: NDArray[np.int64]
    seconds: float


@dataclass(frozen=True)
class DrummerFile:
    """A take of the Groove MIDI set: the file, who plays, the style, the tempo of the metronome and the metre."""

    path: Path
    drummer: str
    style: str
    bpm: float
    meter: int
    seconds: float


def drummer_files(folder: Path, drummers: Sequence[str], shortest_s: float = 8.0) -> list[DrummerFile]:
    """Beats, not fills, in 4/4 and 3/4 by these drummers.

    Raises:
        ValueError: The folder is not the Groove MIDI set, or none of the drummers is there.
    """
    table = folder / "info.csv"
    if not table.is_file():
        raise ValueError(f"{folder}: no info.csv; the folder of the Groove MIDI set has one")
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    found = [
        DrummerFile(
            folder / row["midi_filename"],
            row["drummer"],
            row["style"],
            float(row["bpm"]),
            int(row["time_signature"][0]),
            float(row["duration"]),
        )
        for row in rows
        if row["drummer"] in drummers
        and row["beat_type"] == "beat"
        and row["time_signature"] in ("4-4", "3-4")
        and float(row["duration"]) >= shortest_s
        and float(row["bpm"]) <= _MAX_SONG_BPM
    ]
    if not found:
        raise ValueError(f"{folder}: none of {', '.join(drummers)} plays a beat there")
    return [one for one in found if one.path.is_file()]


def draw_drummer(files: Sequence[DrummerFile], rng: np.random.Generator) -> DrummerFile:
    """Each family of styles as often as any other; in it, longer takes more often."""
    families = sorted({_family(one) for one in files})
    counts = np.array([sum(min(one.seconds, 120.0) for one in files if _family(one) == name) for name in families])
    family = str(rng.choice(families, p=np.sqrt(counts) / np.sqrt(counts).sum()))
    inside = [one for one in files if _family(one) == family]
    weights = np.array([min(one.seconds, 120.0) for one in inside])
    return inside[int(rng.choice(len(inside), p=weights / weights.sum()))]


def _family(file: DrummerFile) -> str:
    head, _, tail = file.style.partition("/")
    return head if not tail or tail.startswith("groove") else file.style


def drummer_piece(
    file: DrummerFile,
    rng: np.random.Generator,
    *,
    longest_s: float,
    stretch: tuple[float, float] = (0.85, 1.18),
    wild: float = 0.2,
    from_start: bool = False,
) -> Piece:
    """A part of a take with a band that plays to it, at another tempo."""
    hits, *_ = read_midi(file.path)
    drums = hits[:, [0, 3, 4]]
    bpm = min(file.bpm * rng.uniform(*stretch), _MAX_SONG_BPM)
    total = int(drums[-1, 0]) + 1
    num_beats = min(total, int(longest_s * bpm / 60))
    bars_left = max(1, (total - num_beats) // file.meter + 1)
    start = 0 if from_start else file.meter * int(rng.integers(bars_left))
    drums = drums[(drums[:, 0] >= start) & (drums[:, 0] < start + num_beats)] - [start, 0, 0]
    phase = drums[:, 0] % 1.0
    late = phase[(phase > 0.4) & (phase < 0.72)]
    swing = float(np.median(late)) if len(late) > 10 and np.median(late) > 0.58 else 0.5
    div = 3 if _is_ternary(drums[:, 0]) and rng.random() < 0.7 else 4
    kind = _BAND_OF_STYLE.get(file.style.split("/")[0], "any") if rng.random() < 0.6 else "any"
    notes, programs = band_notes(
        kind, num_beats, file.meter, div, _swing(swing if div == 4 else 0.5), rng, _kick_steps(drums, file.meter, div)
    )
    name = f"{file.path.stem}"
    return _timed(name, drums, notes, programs, num_beats, file.meter, tempo_curve(bpm, num_beats, rng, wild))


def _is_ternary(beats: NDArray[np.float64]) -> bool:
    phase = beats % 1.0
    thirds = np.minimum(abs(phase - 1 / 3), abs(phase - 2 / 3)) < 0.05
    quarters = np.minimum(abs(phase - 0.25), abs(phase - 0.5)) < 0.05
    return bool(thirds.sum() > 1.5 * (quarters | (abs(phase - 0.75) < 0.05)).sum() and thirds.sum() > 8)


def _kick_steps(drums: NDArray[np.float64], meter: int, div: int) -> frozenset[int]:
    """Steps of a bar on which the kick plays in a third of all bars and more."""
    kicks = drums[np.isin(drums[:, 1], (35, 36)), 0]
    steps = np.rint(kicks * div).astype(int) % (meter * div)
    bars = max(1.0, float(drums[-1, 0]) / meter) if len(drums) else 1.0
    return frozenset(int(step) for step in np.unique(steps) if (steps == step).sum() > bars / 3)


def _swing(swing: float) -> Callable[[float], float]:
    def warp(beat: float) -> float:
        whole, phase = divmod(beat, 1.0)
        return whole + (2 * swing * phase if phase < 0.5 else swing + 2 * (1 - swing) * (phase - 0.5))

    return warp


def groove_piece(rng: np.random.Generator, *, longest_s: float, style: str | None = None, wild: float = 0.25) -> Piece:
    """A generated groove of a style with its band."""
    name = draw_style(rng) if style is None else style
    groove = GROOVES[name]
    low, high = groove.bpm
    bpm = float(np.clip(np.exp(rng.uniform(np.log(low), np.log(high))), 50, _MAX_SONG_BPM))
    num_beats = int(longest_s * bpm / 60) // groove.meter * groove.meter
    drums, swing = groove_hits(name, num_beats, rng)
    warp = _swing(swing if not groove.swings_16 else 0.5)
    kicks = _kick_steps(drums, groove.meter, groove.div)
    notes, programs = band_notes(groove.band, num_beats, groove.meter, groove.div, warp, rng, kicks)
    tempo = tempo_curve(bpm, num_beats, rng, wild)
    return _timed(f"{name} {bpm:.0f}", drums, notes, programs, num_beats, groove.meter, tempo)


def _timed(
    name: str,
    drums: NDArray[np.float64],
    notes: Notes,
    programs: dict[int, int],
    num_beats: int,
    meter: int,
    tempo: TempoMap,
) -> Piece:
    """What was in beats, in seconds."""
    drums, notes = drums.copy(), notes.copy()
    drums[:, 0] = tempo.seconds(drums[:, 0])
    notes[:, 0], notes[:, 1] = tempo.seconds(notes[:, 0]), tempo.seconds(notes[:, 1])
    beats = np.arange(num_beats)
    return Piece(
        name, drums, notes, programs, tempo.seconds(beats), beats % meter + 1, float(tempo.seconds(float(num_beats)))
    )


def song_piece(path: Path, rng: np.random.Generator, *, longest_s: float, wild: float = 0.2) -> Piece | None:
    """A part of a General MIDI song whose tempo track is its beat; None where that is not so.

    A tempo above 205 beats a minute is taken as twice what is danced, one below 58 as half of it.
    """
    notes, programs, tempos, metres = read_midi(path)
    if len(notes) < 50 or len(tempos) != 1 or any(one[2] not in (4, 2) for one in metres):
        return None
    bpm = tempos[0][1]
    meter = metres[0][1] if len({one[1:] for one in metres}) == 1 and metres[0][2] == 4 else 4 if not metres else 0
    meter = meter if meter in (2, 3, 4) else 0
    is_drum = notes[:, 2] == DRUM_CHANNEL
    onsets = notes[is_drum, 0] if is_drum.sum() > 50 else notes[:, 0]
    if not is_on_grid(onsets):
        return None
    if bpm > _MAX_SONG_BPM or bpm < _MIN_SONG_BPM:
        factor = 0.5 if bpm > _MAX_SONG_BPM else 2.0
        notes = notes * [factor, factor, 1, 1, 1]
        bpm, meter = bpm * factor, 0
    total = int(notes[:, 0].max())
    bpm = float(np.clip(bpm * rng.uniform(0.88, 1.14), 50, _MAX_SONG_BPM))
    num_beats = min(total, int(longest_s * bpm / 60))
    bar = meter or 4
    start = bar * int(rng.integers(max(1, (total - num_beats) // bar + 1)))
    notes = notes[(notes[:, 0] >= start) & (notes[:, 0] < start + num_beats)] - [start, start, 0, 0, 0]
    if len(notes) < 30:
        return None
    drums = notes[notes[:, 2] == DRUM_CHANNEL][:, [0, 3, 4]]
    rest = notes[notes[:, 2] != DRUM_CHANNEL]
    rest[:, 3] = np.clip(rest[:, 3] + int(rng.integers(-3, 4)), 0, 127)
    piece = _timed(path.stem, drums, rest, programs, num_beats, bar, tempo_curve(bpm, num_beats, rng, wild))
    return piece if meter else replace(piece, places=np.zeros(num_beats, int))


def is_on_grid(onsets: NDArray[np.float64]) -> bool:
    """Whether most onsets, in beats, lie on quarters or thirds of beats and more of them on beats than by chance."""
    phase = onsets % 1.0
    grid = np.array([0, 0.25, 1 / 3, 0.5, 2 / 3, 0.75, 1.0])
    near = np.abs(phase[:, None] - grid).min(axis=1) < 0.035
    on_beat = np.minimum(phase, 1 - phase) < 0.035
    return bool(near.mean() > 0.8 and on_beat.mean() > 0.2)


def pop_piece(folder: Path, rng: np.random.Generator, *, longest_s: float) -> Piece | None:
    """A part of a song of POP909 with its own beats, played by other instruments, with drums or without.

    The folder has `NNN.mid` and `beat_midi.txt`: time, and flags of which the last tells the downbeats.
    """
    notes, _, tempos, _ = read_midi(folder / f"{folder.name}.mid")
    table = np.loadtxt(folder / "beat_midi.txt").reshape(-1, 3)
    if len(tempos) != 1 or len(table) < 40 or len(notes) < 100:
        return None
    notes[:, :2] *= 60.0 / tempos[0][1]
    beats, downs = table[:, 0], np.flatnonzero(table[:, 2] > 0.5)
    interval = float(np.median(np.diff(beats)))
    if np.abs(np.diff(beats) - interval).max() > 0.3 * interval or len(downs) < 8:
        return None
    bars = np.diff(downs)
    meter = int(np.median(bars))
    is_known = meter in (2, 3, 4) and (bars == meter).mean() > 0.95
    stretch = float(np.clip(rng.uniform(0.85, 1.2), interval / 1.1, interval / 0.3))
    first = int(downs[int(rng.integers(max(1, int(0.6 * len(downs)))))]) if is_known else 0
    number = min(len(beats) - first, int(longest_s * stretch / interval))
    if number < 16:
        return None
    begin, end = beats[first], beats[first + number - 1] + interval
    beats = (beats[first : first + number] - begin) / stretch
    places = np.array([(index % meter) + 1 for index in range(number)]) if is_known else np.zeros(number, int)
    notes = notes[(notes[:, 0] >= begin - 0.02) & (notes[:, 0] < end)]
    if len(notes) < 30:
        return None
    notes[:, :2] = np.maximum((notes[:, :2] - begin) / stretch, 0.0)
    notes[:, 3] = np.clip(notes[:, 3] + int(rng.integers(-4, 5)), 0, 127)
    channels = sorted({int(one) for one in notes[:, 2]})
    programs = {channel: int(rng.choice((0, 1, 4, 5, 24, 25, 26, 27, 48, 50, 80, 81, 88))) for channel in channels}
    drums = np.zeros((0, 3))
    if rng.random() < 0.7:
        style = str(rng.choice(["rock", "pop ballad", "hip hop", "funk", "four on the floor", "sparse", "half time"]))
        drums, _ = groove_hits(style if meter != 3 else "waltz", number, rng)
        drums[:, 0] = np.interp(drums[:, 0], np.arange(number), beats)
    return Piece(f"pop {folder.name}", drums, notes, programs, beats, places, float((end - begin) / stretch))
