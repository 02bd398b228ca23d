"""The players of notes: bass, chords, pad and lead, over a progression."""

import numpy as np

from data.music.harmony import Harmony
from data.music.score import BEATS_PER_BAR, STEP_BEATS, STEPS_PER_BAR, Note, Section, accent, generator, last_bar
from data.music.style import Style


def _events(pattern: str, bar: int) -> list[tuple[int, int, str]]:
    """The notes of one bar of a pattern: step, length in steps, token."""
    offset = bar * STEPS_PER_BAR % len(pattern)
    steps = pattern[offset : offset + STEPS_PER_BAR]
    events = []
    for step, token in enumerate(steps):
        if token not in "._":
            held = len(steps[step + 1 :]) - len(steps[step + 1 :].lstrip("_"))
            events.append((step, 1 + held, token))
    return events


class Band:
    """Everybody but the drummer: what is drawn here stays the same for the whole song.

    Args:
        style: its bass lines, rhythms and modes.
        seed: of the song.
    """

    def __init__(self, style: Style, seed: int) -> None:
        rng = generator(seed, "band")
        first = Harmony.draw(style.modes, style.extension, rng)
        self._harmonies = (first, first.other(rng) if rng.random() < 0.6 else first)
        self._bass_lines = [style.bass_lines[i] for i in rng.choice(len(style.bass_lines), 2)]
        self._chord_rhythms = [style.chord_rhythms[i] for i in rng.choice(len(style.chord_rhythms), 2)]
        self._accent = rng.uniform(0.1, 0.45)
        self._gate = rng.uniform(0.6, 1.0)  # staccato to legato
        self._motifs = [_Motif.draw(style, rng) for _ in range(2)]

    def play(self, sections: tuple[Section, ...], form_has_ending: bool) -> dict[str, tuple[Note, ...]]:
        """The notes of each part, in beats; `riser` notes are noise that swells before the drums come back."""
        notes: dict[str, list[Note]] = {"bass": [], "chords": [], "pad": [], "lead": [], "riser": []}
        last_bar_beat = last_bar(sections[-1].end_beat) if form_has_ending else None
        for index, section in enumerate(sections):
            theme = 1 if section.name == "B" else 0
            harmony = self._harmonies[theme]
            loudness = 0.65 if section.name == "break" else 1.0
            for bar in range(-(-(section.end_beat - section.start_beat) // BEATS_PER_BAR)):
                start = section.start_beat + bar * BEATS_PER_BAR
                if start == last_bar_beat:
                    continue
                for part, played in (
                    ("bass", self._bass_bar(harmony, theme, bar)),
                    ("chords", self._chord_bar(harmony, theme, bar)),
                    ("pad", self._pad_bar(harmony, bar)),
                    ("lead", self._motifs[theme].bar(harmony, bar)),
                ):
                    if part in section.parts:
                        notes[part] += [
                            Note(
                                start + n.beat,
                                min(n.length_beats, section.end_beat - start - n.beat),
                                n.pitches,
                                n.velocity * loudness,
                            )
                            for n in played
                            if start + n.beat < section.end_beat
                        ]
            following = sections[index + 1] if index + 1 < len(sections) else None
            rise = min(2 * BEATS_PER_BAR, (section.end_beat - section.start_beat) // 2)
            if following and "snare" in following.parts and not section.has_drums and rise:
                notes["riser"].append(Note(section.end_beat - rise, rise, (), 1.0))
        if last_bar_beat is not None:
            home, length = self._harmonies[0], float(sections[-1].end_beat - last_bar_beat)
            notes["bass"].append(Note(last_bar_beat, length, (home.bass(0, "0"),), 1.0))
            notes["chords"].append(Note(last_bar_beat, length, home.chord(0), 1.0))
        return {part: tuple(played) for part, played in notes.items() if played}

    def _bass_bar(self, harmony: Harmony, theme: int, bar: int) -> list[Note]:
        return [
            Note(
                step * STEP_BEATS,
                (steps - 1 + self._gate) * STEP_BEATS,
                (harmony.bass(bar, token),),
                0.9 * accent(step, self._accent),
            )
            for step, steps, token in _events(self._bass_lines[theme], bar)
        ]

    def _chord_bar(self, harmony: Harmony, theme: int, bar: int) -> list[Note]:
        return [
            Note(
                step * STEP_BEATS,
                (steps - 1 + self._gate) * STEP_BEATS,
                harmony.chord(bar),
                0.9 * accent(step, self._accent),
            )
            for step, steps, _ in _events(self._chord_rhythms[theme], bar)
        ]

    def _pad_bar(self, harmony: Harmony, bar: int) -> list[Note]:
        return [Note(0.0, float(BEATS_PER_BAR), harmony.chord(bar), 0.8)]


class _Motif:
    """A short tune of one bar and its answer, repeated over the chords: a a b a by bars."""

    def __init__(self, bars: list[list[tuple[int, int, int]]], arpeggio: bool, floor: int) -> None:
        self._bars = bars  # step, length in steps, scale degree above the chord's root
        self._arpeggio = arpeggio
        self._floor = floor

    @classmethod
    def draw(cls, style: Style, rng: np.random.Generator) -> "_Motif":
        rhythm = style.lead_rhythms[rng.integers(len(style.lead_rhythms))]
        arpeggio = set(rhythm) == {"x"}
        floor = int(rng.integers(62, 72))
        if arpeggio:
            order = [(0, 2, 4, 7), (7, 4, 2, 0), (0, 2, 4, 2), (0, 4, 7, 4), (0, 7, 4, 9)][rng.integers(5)]
            stride = int(rng.choice([1, 2]))  # sixteenths or eighths
            bar = [(step, stride, order[step // stride % len(order)]) for step in range(0, STEPS_PER_BAR, stride)]
            return cls([bar, bar], True, floor)
        first = cls._tune(rhythm, rng)
        answer = [*first[: max(1, len(first) // 2)], *cls._tune(rhythm, rng)[max(1, len(first) // 2) :]]
        return cls([first, answer], False, floor)

    @staticmethod
    def _tune(rhythm: str, rng: np.random.Generator) -> list[tuple[int, int, int]]:
        degree, tune = int(rng.choice([0, 2, 4])), []
        for step, steps, _ in _events(rhythm, 0):
            if step % 4 == 0:  # chord tones where the beat is
                degree = min((0, 2, 4, 7), key=lambda tone: abs(tone - degree))
            tune.append((step, steps, degree))
            degree = int(np.clip(degree + rng.choice([-2, -1, -1, 1, 1, 2]), -2, 8))
        return tune

    def bar(self, harmony: Harmony, bar: int) -> list[Note]:
        """The notes of one bar."""
        root = harmony.degree(bar)
        root -= 7 if root > 3 else 0  # stay near the middle of the register
        return [
            Note(
                step * STEP_BEATS,
                0.9 * steps * STEP_BEATS,
                (harmony.scale_pitch(root + degree, self._floor),),
                0.85 if step % 4 == 0 else 0.7,
            )
            for step, steps, degree in self._bars[1 if bar % 4 == 2 else 0]
        ]
