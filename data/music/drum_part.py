"""The drummer: turns a style's grooves into hits, with fills, ghost notes, rolls and build-ups."""

from typing import Final

import numpy as np

from data.music.score import BEATS_PER_BAR, STEP_BEATS, STEPS_PER_BAR, Hit, Section, accent, generator, last_bar
from data.music.style import Style

_VELOCITY: Final = {"X": 1.0, "x": 0.8, "o": 0.55, "-": 0.28}
_HAT: Final = {
    "C": ("closed hat", 0.95),
    "c": ("closed hat", 0.65),
    "g": ("closed hat", 0.35),
    "o": ("open hat", 0.75),
    "r": ("ride", 0.7),
}
_FILLS: Final = (
    "............xxxx",
    "........x.x.xxxx",
    "........x..x..x.",
    "..........xxx.xx",
    "........xxxxxxxx",
    "..............xx",
)


class Drummer:
    """Plays one song: what is drawn here stays the same for the whole song.

    Args:
        style: its grooves.
        bpm: tempo at the start; fast songs may be played in half time.
        seed: of the song.
    """

    def __init__(self, style: Style, bpm: float, seed: int) -> None:
        rng = generator(seed, "drummer")
        half_time = style.half_time_grooves and bpm >= 105.0 and rng.random() < 0.7
        grooves = style.half_time_grooves if half_time else style.grooves
        chosen = [grooves[i] for i in rng.choice(len(grooves), 2)]
        self._rng = rng
        self._style = style
        self._snare = style.snares[rng.integers(len(style.snares))]
        self._layer = "clap" if self._snare == "snare" and rng.random() < 0.2 else None
        density, ghosts = rng.random() ** 2, rng.random() ** 2
        # two themes: the second may have its own groove, both with this song's own extra notes
        self._kicks = [self._embellished(kick, "o", 0.12 * density) for kick, _ in chosen]
        self._snares = [self._embellished(snare, "-", 0.2 * ghosts) for _, snare in chosen]
        self._hats = [style.hats[i] for i in rng.choice(len(style.hats), 2)]
        count = min(len(style.percussion), int(rng.integers(0, 3)))
        self._percussion = [style.percussion[i] for i in rng.choice(len(style.percussion), count, replace=False)]
        off_voice = ("open hat", "tambourine", "clap", "cowbell")[rng.integers(4)]
        self._off_beat = off_voice if rng.random() < 0.12 else None
        pulse_voice = ("closed hat", "ride", "tambourine", "cowbell", "stomp")[rng.integers(5)]
        self._pulse = pulse_voice if self._off_beat is None and rng.random() < 0.5 else None
        self._fill_bars = int(rng.choice([4, 4, 8]))
        self._fill_chance = rng.uniform(0.4, 1.0)
        self._spread = rng.uniform(0.02, 0.15)  # uneven loudness of a player
        # whoever plays the meter clearly plays what lies between the beats softer; a few do not
        self._accent = rng.uniform(0.25, 0.6) if rng.random() < 0.85 else 0.0

    def _embellished(self, pattern: str, mark: str, chance: float) -> str:
        bars = pattern if len(pattern) > STEPS_PER_BAR else pattern * 2
        return "".join(
            mark if step == "." and index % 4 and self._rng.random() < chance else step
            for index, step in enumerate(bars)
        )

    def play(self, sections: tuple[Section, ...], form_has_ending: bool) -> list[Hit]:
        """All hits of the song, by section; a song that ends leaves its last bar to one final stroke."""
        hits: list[Hit] = []
        for index, section in enumerate(sections):
            following = sections[index + 1] if index + 1 < len(sections) else None
            hits += self._section(section, following, index)
        if form_has_ending:
            end = last_bar(sections[-1].end_beat)
            hits = [hit for hit in hits if hit.beat < end]
            hits += [Hit(end, "kick", 1.0), Hit(end, self._snare, 0.8), Hit(end, "crash", 1.0)]
        return hits

    def _section(self, section: Section, following: Section | None, index: int) -> list[Hit]:
        theme = 1 if section.name == "B" else 0
        bars = -(-(section.end_beat - section.start_beat) // BEATS_PER_BAR)
        lifts = following is not None and "snare" in following.parts and "snare" not in section.parts
        hits: list[Hit] = []
        if index and "snare" in section.parts and self._rng.random() < 0.8:
            hits.append(Hit(section.start_beat, "crash", 0.8))
        for bar in range(bars):
            start = section.start_beat + bar * BEATS_PER_BAR
            phrase_ends = (bar + 1) % self._fill_bars == 0 or bar == bars - 1
            fill = "." * STEPS_PER_BAR
            if "snare" in section.parts and bars > 1 and phrase_ends and self._rng.random() < self._fill_chance:
                fill = _FILLS[self._rng.integers(len(_FILLS))]
            hits += self._bar(section.parts, theme, bar, start, fill)
        if lifts:
            hits += self._build_up(section.end_beat - BEATS_PER_BAR * min(bars // 2, 2), section.end_beat)
        return [hit for hit in hits if hit.beat < section.end_beat]

    def _bar(self, parts: frozenset[str], theme: int, bar: int, start: float, fill: str) -> list[Hit]:
        fill_from = len(fill) - len(fill.lstrip("."))
        hits: list[Hit] = []

        def add(step: float, voice: str, velocity: float) -> None:
            loudness = velocity * float(np.clip(1.0 + self._spread * self._rng.standard_normal(), 0.5, 1.3))
            hits.append(Hit(start + step * STEP_BEATS, voice, min(loudness, 1.0)))

        def steps(pattern: str) -> list[tuple[int, str]]:
            offset = bar * STEPS_PER_BAR % len(pattern)
            return [(i, mark) for i, mark in enumerate(pattern[offset : offset + STEPS_PER_BAR]) if mark != "."]

        if "kick" in parts:
            for step, mark in steps(self._kicks[theme]):
                if mark == "X" or self._rng.random() < 0.93:
                    add(step, "kick", _VELOCITY[mark] * accent(step, 0.8 * self._accent))
        if "snare" in parts:
            for step, mark in steps(self._snares[theme]):
                if step < fill_from:
                    add(step, self._snare, _VELOCITY[mark])
                    if self._layer and mark == "X":
                        add(step, self._layer, 0.6)
            hits += self._fill(start, fill)
        if "hats" in parts:
            hits += self._hat_bar(start, steps(self._hats[theme]))
            if self._pulse:
                for step in (0, 4, 8, 12):
                    add(step, self._pulse, 0.75)
            if self._off_beat:
                for step in (2, 6, 10, 14):
                    add(step, self._off_beat, 0.9)
        if "percussion" in parts:
            for voice, pattern in self._percussion:
                for step, mark in steps(pattern):
                    add(step, voice, _VELOCITY[mark] * accent(step, 0.7 * self._accent))
        return hits

    def _hat_bar(self, start: float, steps: list[tuple[int, str]]) -> list[Hit]:
        roll_from, roll_to = STEPS_PER_BAR, STEPS_PER_BAR
        hits = []
        if self._rng.random() < self._style.hat_roll:
            roll_from = int(self._rng.choice([2, 6, 10, 12, 14]))
            roll_to = roll_from + int(self._rng.choice([1, 2, 4]))
            parts_of_step = float(self._rng.choice([2.0, 1.5, 3.0]))
            for index in range(int((roll_to - roll_from) * parts_of_step)):
                beat = start + (roll_from + index / parts_of_step) * STEP_BEATS
                hits.append(Hit(beat, "closed hat", 0.35 + 0.3 * self._rng.random()))
        for step, mark in steps:
            if not roll_from <= step < roll_to:
                voice, velocity = _HAT[mark]
                loudness = velocity * (1.0 + self._spread * self._rng.uniform(-1.0, 1.0))
                if voice != "open hat":
                    loudness *= accent(step, self._accent)
                hits.append(Hit(start + step * STEP_BEATS, voice, min(loudness, 1.0)))
        return hits

    def _fill(self, start: float, fill: str) -> list[Hit]:
        voices = ("high tom", "tom", "low tom") if self._rng.random() < 0.5 else (self._snare,)
        hits = []
        for step, mark in enumerate(fill):
            if mark != ".":
                voice = voices[min(len(voices) * (step - 8) // 8, len(voices) - 1)] if step >= 8 else voices[0]
                hits.append(Hit(start + step * STEP_BEATS, voice, 0.55 + 0.4 * step / STEPS_PER_BAR))
        return hits

    def _build_up(self, start: float, end: float) -> list[Hit]:
        """A roll that becomes denser and louder: eighths, then sixteenths."""
        hits, beat = [], float(start)
        while beat < end:
            done = (beat - start) / (end - start)
            hits.append(Hit(beat, self._snare, 0.25 + 0.6 * done))
            beat += 0.5 if done < 0.5 else 0.25
        return hits
