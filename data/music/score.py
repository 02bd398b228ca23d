"""What is played before it is sound: sections, drum hits and notes, in beats."""

import zlib
from dataclasses import dataclass, field
from typing import Final

import numpy as np

BEATS_PER_BAR: Final = 4
STEPS_PER_BAR: Final = 16
STEP_BEATS: Final = BEATS_PER_BAR / STEPS_PER_BAR

DRUM_PARTS: Final = frozenset({"kick", "snare", "hats", "percussion"})
ALL_PARTS: Final = DRUM_PARTS | {"bass", "chords", "pad", "lead"}


def generator(seed: int, *topics: str) -> np.random.Generator:
    """A random generator of its own for each topic, so that a choice in one place never shifts the others."""
    return np.random.Generator(np.random.PCG64([seed, *(zlib.crc32(topic.encode()) for topic in topics)]))


def accent(step: int, depth: float) -> float:
    """Loudness of a sixteenth step by its place in the bar: full on the beat, less on eighths, least between them."""
    return 1.0 - depth * (0.0 if step % 4 == 0 else 0.6 if step % 2 == 0 else 1.0)


def last_bar(num_beats: int) -> int:
    """The first beat of the last bar, whole or not."""
    return (num_beats - 1) // BEATS_PER_BAR * BEATS_PER_BAR


@dataclass(frozen=True)
class Section:
    """A stretch of the song's form.

    Attributes:
        name: intro, A, B, break, A' or ending.
        start_beat: first beat.
        end_beat: the beat after the last one.
        parts: who plays: names out of `ALL_PARTS`.
    """

    name: str
    start_beat: int
    end_beat: int
    parts: frozenset[str]

    @property
    def has_drums(self) -> bool:
        """Whether any drum plays a pattern here (a build-up or a fill may still sound)."""
        return bool(self.parts & DRUM_PARTS)


@dataclass(frozen=True)
class Hit:
    """One drum hit: position in beats (before swing), voice of the kit, velocity 0 to 1."""

    beat: float
    voice: str
    velocity: float


@dataclass(frozen=True)
class Note:
    """One note or chord: position and length in beats, MIDI pitches, velocity 0 to 1."""

    beat: float
    length_beats: float
    pitches: tuple[int, ...]
    velocity: float


@dataclass(frozen=True)
class Score:
    """A composed song: its form, its drum hits, the notes of each melodic part, and where its last chord rings out."""

    sections: tuple[Section, ...]
    hits: tuple[Hit, ...]
    notes: dict[str, tuple[Note, ...]] = field(default_factory=dict)
    rings_from_beat: int | None = None
