"""Choreography: short clips that start on a beat, and how they follow one another at bar lines."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.motion import rotations as quaternions
from data.motion.joinable_motion import JoinableMotion, extrapolated_frames
from data.motion.motion import Motion, mirror, resample

BEATS_A_BAR: Final = 4
# Clips are cut to whole frames: 222 frames hold 16.03 beats at 130 BPM, 230 hold 15.97 at 125.
BEAT_TOLERANCE: Final = 0.1


@dataclass(frozen=True)
class ClipEntry:
    """One row of `clips.csv`: what a clip's file does not say itself.

    Args:
        clip: file name without its ending.
        genre: kind of dance; becomes the style that a dancer can be asked for.
        group: the choreography; clips of one group never stand on both sides of a split.
        bpm: beats a minute; the clip's first frame is the first beat of a bar.
    """

    clip: str
    genre: str
    group: str
    bpm: float


@dataclass(frozen=True, eq=False)
class Clip:
    """A clip of whole bars, ready to be played at any tempo, as danced and in the mirror."""

    entry: ClipEntry
    as_danced: JoinableMotion
    in_mirror: JoinableMotion

    @cached_property
    def num_beats(self) -> int:
        """Beats in whole bars."""
        return playable_beats(len(self.as_danced), self.as_danced.rate_hz, self.entry.bpm)


@dataclass(frozen=True, eq=False)
class Phrase:
    """A clip in a sequence, mirrored or not."""

    clip: Clip
    mirrored: bool

    @property
    def motion(self) -> JoinableMotion:
        """The clip's motion on the chosen side."""
        return self.clip.in_mirror if self.mirrored else self.clip.as_danced

    @property
    def name(self) -> str:
        """Name of the clip, with its side."""
        return self.clip.entry.clip + ("_mirrored" if self.mirrored else "")


def whole_bars(beats: float) -> int:
    """The largest multiple of four beats that a clip of `beats` holds, within the rounding to whole frames."""
    return int((beats + BEAT_TOLERANCE) // BEATS_A_BAR) * BEATS_A_BAR


def playable_beats(num_frames: int, rate_hz: float, bpm: float) -> int:
    """Beats in the whole bars of a clip, all of which can be played: no bar whose end would have to be invented.

    Example:
        >>> playable_beats(222, 30, 130), playable_beats(263, 30, 81.5)  # that is 16.03 beats, and 11.91
        (16, 8)
    """
    beats = whole_bars(num_frames / rate_hz * bpm / 60)
    if beats * 60 / bpm * rate_hz > num_frames - 1 + extrapolated_frames(rate_hz):
        beats -= BEATS_A_BAR
    return max(beats, 0)


def read_clip_table(path: Path) -> list[ClipEntry]:
    """Rows of a `clips.csv` with the columns clip, genre, group and bpm; other columns are ignored.

    As spreadsheets write it: with or without a mark at the beginning, between commas, semicolons or tabs.

    Raises:
        ValueError: a column is missing, a clip is named twice, or a tempo is no positive number.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not text in UTF-8: save it as CSV UTF-8") from None
    entries: list[ClipEntry] = []
    rows = csv.DictReader(lines, delimiter=max(",;\t", key=(lines or [""])[0].count))
    missing = {"clip", "genre", "group", "bpm"} - set(rows.fieldnames or ())
    if missing:
        raise ValueError(f"{path} lacks the columns {sorted(missing)}: every clip needs its name, genre, group and bpm")
    for number, row in enumerate(rows, start=2):
        try:
            bpm = float((row["bpm"] or "").replace(",", "."))
        except (TypeError, ValueError):
            bpm = float("nan")
        if not 20 <= bpm <= 400:
            raise ValueError(f"{path}, line {number}: {row['bpm']!r} is no tempo in beats a minute (20 to 400)")
        entries.append(ClipEntry(row["clip"], row["genre"], row["group"], bpm))
    twice = [name for name, count in Counter(entry.clip for entry in entries).items() if count > 1]
    if twice:
        raise ValueError(f"{path} names {twice[0]} twice: one row a clip")
    return entries


def make_clip(motion: Motion, entry: ClipEntry, rate_hz: float) -> Clip:
    """A motion whose first frame is the first beat of a bar, as a clip."""
    motion = resample(motion, rate_hz)
    beats = len(motion) / rate_hz * entry.bpm / 60
    if playable_beats(len(motion), rate_hz, entry.bpm) == 0:
        raise ValueError(f"{entry.clip}: {beats:.1f} beats at {entry.bpm:g} BPM, a clip needs at least one bar of four")
    return Clip(entry, JoinableMotion.from_motion(motion), JoinableMotion.from_motion(mirror(motion)))


def play(phrases: Sequence[Phrase], beats: NDArray[np.float64], bpm: float) -> list[JoinableMotion]:
    """The phrases' motion at the song's beat positions: one part a phrase that is heard, for `joinable_motion.join`.

    Args:
        phrases: the clips in order; the first one's first beat is the song's beat 0.
        beats: (n,) rising positions in beats, 0 or later and within the phrases' beats.
        bpm: the song's tempo, to which every clip is stretched.
    """
    parts = []
    first_beat = 0.0
    for phrase in phrases:
        inside = beats[(beats >= first_beat) & (beats < first_beat + phrase.clip.num_beats)] - first_beat
        if inside.size:
            frames = inside * 60 / phrase.clip.entry.bpm * phrase.motion.rate_hz
            parts.append(phrase.motion.sample(frames, speed=bpm / phrase.clip.entry.bpm))
        first_beat += phrase.clip.num_beats
    return parts


def seam_gap_rad(before: Phrase, after: Phrase) -> float:
    """How far the poses on the two sides of a seam are apart: root mean square of the joints' angles, radians."""
    last_beat_frame = before.clip.num_beats * 60 / before.clip.entry.bpm * before.motion.rate_hz
    end = before.motion.rotations[min(round(last_beat_frame), len(before.motion) - 1)]
    return float(np.sqrt(np.mean(quaternions.angle_between(end, after.motion.rotations[0]) ** 2)))


class Choreographer:
    """Chooses which clip follows which: one genre, tempi within reach, small gaps, every clip about equally often.

    Args:
        clips: clips of one split.
        stretch: a clip may be played up to this factor faster or slower, 1.15 for 15 %.
        may_mirror: whether clips may be mirrored.
    """

    def __init__(self, clips: Sequence[Clip], *, stretch: float, may_mirror: bool) -> None:
        if not clips:
            raise ValueError("no clips to chain")
        self._clips = list(clips)
        self._stretch = stretch
        self._sides = (False, True) if may_mirror else (False,)
        self._uses: Counter[str] = Counter()
        self._genre_uses: Counter[str] = Counter()

    def genre(self, rng: np.random.Generator) -> str:
        """The genre that is most overdue; rarer ones come more often than their number of clips says (square root)."""
        counts = Counter(clip.entry.genre for clip in self._clips)
        genres = sorted(counts)
        overdue = [(self._genre_uses[genre] + rng.random()) / np.sqrt(counts[genre]) for genre in genres]
        genre = genres[int(np.argmin(overdue))]
        self._genre_uses[genre] += 1
        return genre

    def tempo_bpm(self, genre: str, rng: np.random.Generator) -> float:
        """A tempo around that of the genre's least used clip, so that this clip can be part of the dance."""
        clip = self._least_used([clip for clip in self._clips if clip.entry.genre == genre], rng)
        span = np.log(self._stretch)
        return float(clip.entry.bpm * np.exp(rng.uniform(-span, span)))

    def phrases(self, genre: str, bpm: float, min_beats: float, rng: np.random.Generator) -> list[Phrase]:
        """Phrases that fill at least `min_beats` beats at one tempo."""
        span = np.log(self._stretch) + 1e-6
        fitting = [
            clip for clip in self._clips if clip.entry.genre == genre and abs(np.log(bpm / clip.entry.bpm)) <= span
        ]
        if not fitting:
            raise ValueError(f"no clip of {genre} can be played at {bpm:.1f} BPM")
        chosen = [Phrase(self._least_used(fitting, rng), bool(rng.choice(self._sides)))]
        while sum(phrase.clip.num_beats for phrase in chosen) < min_beats:
            chosen.append(self._next(chosen[-1], fitting, rng))
        self._uses.update(phrase.clip.entry.clip for phrase in chosen)
        return chosen

    def _next(self, last: Phrase, fitting: Sequence[Clip], rng: np.random.Generator) -> Phrase:
        """One of the best third of the continuations: a best one alone would always tell the same story."""
        others = [clip for clip in fitting if clip is not last.clip] or list(fitting)
        candidates = [Phrase(clip, side) for clip in others for side in self._sides]
        mean_uses = np.mean([self._uses[clip.entry.clip] for clip in others]) + 1
        costs = [
            seam_gap_rad(last, phrase) * (1 + self._uses[phrase.clip.entry.clip] / mean_uses) for phrase in candidates
        ]
        best = np.argsort(costs)[: max(1, len(candidates) // 3)]
        return candidates[int(rng.choice(best))]

    def _least_used(self, clips: Sequence[Clip], rng: np.random.Generator) -> Clip:
        fewest = min(self._uses[clip.entry.clip] for clip in clips)
        rarest = [clip for clip in clips if self._uses[clip.entry.clip] == fewest]
        return rarest[int(rng.integers(len(rarest)))]
