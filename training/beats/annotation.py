"""Beats that somebody wrote down: times, places in the bar, or a tempo map."""

import csv
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.dataset.choreography import BEATS_A_BAR
from data.music import TempoMap

SHORTEST_BEAT_S, LONGEST_BEAT_S = 0.1, 10.0
"""Beats nearer to each other, or farther, are a mistake: times in milliseconds or samples, or another column."""


@dataclass(frozen=True, eq=False)
class Annotation:
    """The beats of a recording.

    Attributes:
        times_s: (beats,) float64, rising.
        places: Place of each beat in its bar, (beats,), 0 for the downbeat; None where nobody wrote it down.
    """

    times_s: NDArray[np.float64]
    places: NDArray[np.int64] | None = None

    @property
    def downbeats_s(self) -> NDArray[np.float64] | None:
        """Times of the first beats of bars; None where nobody wrote them down."""
        return None if self.places is None else self.times_s[self.places == 0]

    def cut(self, where: str, duration_s: float) -> "Annotation":
        """Those beats that lie within a recording; the last may miss its end by a beat.

        Raises:
            ValueError: Beats lie past its end, or fewer than two within it.
        """
        last_s = self.times_s[-1]
        if len(self.times_s) > 1 and last_s > duration_s + (last_s - self.times_s[-2]):
            raise ValueError(
                f"{where}: its last beat is at {last_s:.2f} s, and the sound ends after {duration_s:.2f} s: these are "
                "beats of another recording, or no seconds, or the sound was cut; put together what belongs together"
            )
        within = (self.times_s >= 0) & (self.times_s < duration_s)
        if within.sum() < 2:
            raise ValueError(f"{where}: {within.sum()} beat(s) within {duration_s:.2f} s of sound, and two are needed")
        return Annotation(self.times_s[within], None if self.places is None else self.places[within])


def regular(times_s: NDArray[np.float64], first_place: int, beats_per_bar: int) -> Annotation:
    """Beats in bars of one length, the first of them at `first_place`, 0 for a downbeat."""
    return Annotation(times_s, (first_place + np.arange(len(times_s))) % beats_per_bar)


def read_lines(path: Path, *, knows_places: bool) -> Annotation:
    """Beats as text, a line each: seconds, and, where `knows_places`, the place in the bar from 1 in a second column.

    Columns lie between blanks, tabs, commas or semicolons; further ones are passed over, and so are empty lines and
    what stands behind #.

    Raises:
        ValueError: There is no beat, a line is no number, or the times do not rise.
    """
    times: list[float] = []
    places: list[int] = []
    for number, line in enumerate(_text(path).splitlines(), start=1):
        columns = line.partition("#")[0].replace(",", " ").replace(";", " ").split()
        if not columns:
            continue
        times.append(_time(path, number, columns[0], times[-1] if times else None))
        if knows_places and len(columns) > 1:
            places.append(_place(path, number, columns[1]))
    if not times:
        raise ValueError(f"{path} holds no beats: a line each is wanted, seconds first")
    if places and len(places) != len(times):
        raise ValueError(
            f"{path}: {len(places)} of {len(times)} beats have a place in the bar: write it for all, or for none"
        )
    return Annotation(np.array(times), np.array(places) - 1 if places else None)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path} is no text in UTF-8: beats are a line each, seconds first") from None


def _time(path: Path, number: int, text: str, before: float | None) -> float:
    try:
        time_s = float(text)
    except ValueError:
        time_s = math.nan
    if not math.isfinite(time_s):
        raise ValueError(f"{path}, line {number}: {text!r} is no time in seconds; a line begins with one, or with #")
    if time_s < 0:
        raise ValueError(f"{path}, line {number}: {time_s:g} s is before the sound begins")
    if before is None:
        return time_s
    if time_s <= before:
        raise ValueError(
            f"{path}, line {number}: {time_s:g} s is not after {before:g} s; beats are written as they come"
        )
    if not SHORTEST_BEAT_S <= time_s - before <= LONGEST_BEAT_S:
        raise ValueError(
            f"{path}, line {number}: {time_s - before:g} s lie between this beat and the one before, and a beat takes "
            f"{SHORTEST_BEAT_S:g} to {LONGEST_BEAT_S:g} s; are these seconds, and beats?"
        )
    return time_s


def _place(path: Path, number: int, text: str) -> int:
    try:
        place = float(text)
    except ValueError:
        place = math.nan
    if not place.is_integer() or place < 1:
        raise ValueError(
            f"{path}, line {number}: {text!r} is no place in the bar: 1 is the downbeat, then 2, 3, ...; a file "
            "of which the second column is something else ends in .txt"
        )
    return int(place)


def read_tempo_map(path: Path, duration_s: float) -> Annotation:
    """Beats as JSON: the times themselves, as the demo track has them, or a tempo map.

    Either `{"beat_times_s": [...], "downbeat_times_s": [...]}`, the second being optional, or
    `{"beats": [0, 32], "bpms": [120, 140], "shape": "ramp", "offset_s": 0.05, "beats_per_bar": 4}`: a `TempoMap` whose
    beat 0, a downbeat, sounds at `offset_s`; shape, offset and bar may be left out.

    Raises:
        ValueError: It is neither.
    """
    try:
        document = json.loads(_text(path))
        if "beat_times_s" in document:
            return _listed(path, document)
        tempo = TempoMap(
            tuple(float(beat) for beat in document["beats"]),
            tuple(float(bpm) for bpm in document["bpms"]),
            document.get("shape", "step"),
        )
        offset_s, per_bar = float(document.get("offset_s", 0.0)), int(document.get("beats_per_bar", BEATS_A_BAR))
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(
            f'{path} is no tempo map ({type(error).__name__}: {error}): write {{"beats": [0], "bpms": [120]}}, '
            'or {"beat_times_s": [...]}'
        ) from None
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    return steady(path, tempo, offset_s, per_bar, duration_s)


def steady(where: object, tempo: TempoMap, offset_s: float, beats_per_bar: int, duration_s: float) -> Annotation:
    """The beats of a tempo map within so much sound; before its beat 0 the first tempo holds."""
    if not (math.isfinite(offset_s) and beats_per_bar >= 1):
        raise ValueError(f"{where}: offset_s is {offset_s}, beats_per_bar {beats_per_bar}: a time, and 1 or more")
    first = math.ceil(-offset_s * tempo.bpms[0] / 60.0)
    count = max(2, math.ceil((duration_s + abs(offset_s)) * max(tempo.bpms) / 60.0) + 1)
    beats = np.arange(min(first, 0), count)
    times_s = offset_s + np.where(beats < 0, beats * 60.0 / tempo.bpms[0], tempo.seconds(np.maximum(beats, 0)))
    heard = (times_s >= 0) & (times_s < duration_s)
    return Annotation(times_s[heard], (beats % beats_per_bar)[heard])


def _listed(path: Path, document: dict[str, Any]) -> Annotation:
    times: list[float] = []
    for number, value in enumerate(document["beat_times_s"], start=1):
        times.append(_time(path, number, str(value), times[-1] if times else None))
    if not times:
        raise ValueError("beat_times_s is empty")
    if not document.get("downbeat_times_s"):
        return Annotation(np.array(times))
    downbeats = np.array(document["downbeat_times_s"], np.float64)
    is_down = np.abs(np.array(times)[:, None] - downbeats[None]).min(1) < 0.02
    if not is_down.any():
        raise ValueError("none of downbeat_times_s is one of beat_times_s")
    return Annotation(np.array(times), counted(is_down))


def counted(is_down: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Places in the bar, (beats,), where the downbeats are known; those before the first count back from it."""
    number = np.arange(len(is_down))
    last = np.maximum.accumulate(np.where(is_down, number, -1))
    first = int(np.argmax(is_down))
    following = np.flatnonzero(is_down)
    bar = int(following[1] - first) if len(following) > 1 else BEATS_A_BAR
    return np.where(last >= 0, number - last, (number - first) % max(bar, 1))


def read_clip_tempi(path: Path) -> dict[str, tuple[float, float, int]]:
    """Tempo, time of the first downbeat and beats in a bar of each clip that a clips.csv names.

    As `transflower-data prepare` reads it, of which clip and bpm are wanted here; the columns offset_s (0 if there is
    none) and beats_per_bar (4) may be added.

    Raises:
        ValueError: A column is missing, or a value is no number.
    """
    lines = _text(path).splitlines()
    rows = csv.DictReader(lines, delimiter=max(",;\t", key=(lines or [""])[0].count))
    if missing := {"clip", "bpm"} - set(rows.fieldnames or ()):
        raise ValueError(f"{path} lacks the columns {sorted(missing)}: every clip needs its name and its tempo")
    tempi = {}
    for number, row in enumerate(rows, start=2):
        try:
            bpm, offset_s = float(row["bpm"] or "nan"), float(row.get("offset_s") or 0.0)
            per_bar = int(row.get("beats_per_bar") or BEATS_A_BAR)
        except ValueError as error:
            raise ValueError(f"{path}, line {number}: {error}") from None
        if not 20 <= bpm <= 400:
            raise ValueError(f"{path}, line {number}: {row['bpm']!r} is no tempo in beats a minute (20 to 400)")
        tempi[row["clip"]] = (bpm, offset_s, per_bar)
    return tempi
