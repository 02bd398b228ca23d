"""Keys, chord progressions and their voicings."""

from dataclasses import dataclass
from typing import Final

import numpy as np

_MODES: Final[dict[str, tuple[int, ...]]] = {
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "major": (0, 2, 4, 5, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
}

# scale degrees from 0, one chord each
_PROGRESSIONS: Final[dict[str, tuple[tuple[int, ...], ...]]] = {
    "minor": ((0, 5, 2, 6), (0, 3, 5, 4), (0, 6, 5, 6), (5, 6, 0, 0), (0, 0, 3, 4), (0, 2, 6, 3), (0, 3)),
    "harmonic minor": ((0, 5, 3, 4), (0, 0, 5, 4), (0, 3, 4, 0), (0, 5)),
    "dorian": ((0, 3, 0, 3), (0, 3), (0, 1, 2, 1), (0, 6, 3, 0), (0,)),
    "phrygian": ((0, 1), (0, 0, 1, 0), (0, 5, 1, 0), (0, 1, 2, 1), (0,)),
    "major": ((0, 4, 5, 3), (5, 3, 0, 4), (1, 4, 0, 5), (0, 5, 1, 4), (3, 4, 2, 5), (0, 3, 0, 4)),
    "mixolydian": ((0, 6, 3, 0), (0, 3), (0, 6), (0,)),
}


@dataclass(frozen=True)
class Harmony:
    """A progression in a key.

    Attributes:
        tonic: pitch class of the key, 0 (C) to 11.
        scale: semitones of the seven degrees.
        progression: scale degrees of the chords, from 0.
        bars_per_chord: how long each chord lasts.
        extension: highest chord tone, 5, 7 or 9.
        chord_floor: MIDI pitch the chords lie above, within an octave: that leads the voices by itself.
        bass_floor: the same for the roots in the bass.
    """

    tonic: int
    scale: tuple[int, ...]
    progression: tuple[int, ...]
    bars_per_chord: int
    extension: int
    chord_floor: int
    bass_floor: int

    @classmethod
    def draw(cls, modes: tuple[str, ...], extension: int, rng: np.random.Generator) -> "Harmony":
        """A key, a mode out of `modes` and one of its progressions."""
        mode = modes[rng.integers(len(modes))]
        progressions = _PROGRESSIONS[mode]
        return cls(
            tonic=int(rng.integers(12)),
            scale=_MODES[mode],
            progression=progressions[rng.integers(len(progressions))],
            bars_per_chord=int(rng.choice([1, 1, 1, 2])),
            extension=int(rng.choice([extension, extension, 7 if extension > 5 else 5])),
            chord_floor=int(rng.integers(52, 60)),
            bass_floor=int(rng.integers(29, 35)),
        )

    def other(self, rng: np.random.Generator) -> "Harmony":
        """The same key with another progression, for the second part of a song."""
        mode = next(name for name, scale in _MODES.items() if scale == self.scale)
        progressions = _PROGRESSIONS[mode]
        progression = progressions[rng.integers(len(progressions))]
        return Harmony(
            self.tonic, self.scale, progression, self.bars_per_chord, self.extension, self.chord_floor, self.bass_floor
        )

    def degree(self, bar: int) -> int:
        """Scale degree of the chord in a bar."""
        return self.progression[bar // self.bars_per_chord % len(self.progression)]

    def scale_pitch(self, degree: int, floor: int) -> int:
        """MIDI pitch of a scale degree (any integer), degrees 0 to 6 lie within two octaves above `floor`."""
        octave, step = divmod(degree, 7)
        return floor + (self.tonic - floor) % 12 + self.scale[step] + 12 * octave

    def chord(self, bar: int) -> tuple[int, ...]:
        """MIDI pitches of the chord in a bar, ascending; ninth chords leave the root to the bass."""
        steps = {5: (0, 2, 4), 7: (0, 2, 4, 6), 9: (2, 4, 6, 8)}[self.extension]
        degree = self.degree(bar)
        pitches = {self.chord_floor + (self.scale_pitch(degree + step, 0) - self.chord_floor) % 12 for step in steps}
        return tuple(sorted(pitches))

    def bass(self, bar: int, token: str) -> int:
        """MIDI pitch of a token of a bass line in a bar."""
        degree = self.degree(bar)
        root = self.bass_floor + (self.scale_pitch(degree, 0) - self.bass_floor) % 12

        def above(steps: int) -> int:
            return root + self.scale_pitch(degree + steps, 0) - self.scale_pitch(degree, 0)

        match token:
            case "0":
                return root
            case "8":
                return root + 12
            case "9":
                return above(4) - 12
            case "a":
                following = self.bass_floor + (self.scale_pitch(self.degree(bar + 1), 0) - self.bass_floor) % 12
                return following - 1 if following >= root else following + 1
            case "3" | "5" | "7":
                return above(int(token) - 1)
        raise ValueError(f"unknown token {token!r} in a bass line")
