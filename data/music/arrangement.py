"""The form of a song: which sections there are and who plays in them."""

from typing import Literal

import numpy as np

from data.music.score import ALL_PARTS, BEATS_PER_BAR, DRUM_PARTS, Section

Structure = Literal["loop", "song"]


def arrange(structure: Structure, num_beats: int, rng: np.random.Generator) -> tuple[Section, ...]:
    """Sections that cover beats 0 to `num_beats` without a gap.

    A `song` has an intro, two themes, a break, the first theme again and an ending; a `loop` is in the middle of things
    from its first beat on.

    Raises:
        ValueError: unknown structure.
    """
    if structure == "song":
        bars = _song_bars(num_beats)
    elif structure == "loop":
        bars = _loop_bars(num_beats, rng)
    else:
        raise ValueError(f"unknown structure {structure!r}, expected 'loop' or 'song'")
    sections, start = [], 0
    for name, length, parts in bars:
        end = min(start + BEATS_PER_BAR * length, num_beats)
        if end > start:
            sections.append(Section(name, start, end, parts))
        start = end
    assert start == num_beats, "the sections cover the whole song"
    return tuple(sections)


_Bars = list[tuple[str, int, frozenset[str]]]


def _song_bars(num_beats: int) -> _Bars:
    bars = -(-num_beats // BEATS_PER_BAR)
    unit = 4 if bars >= 24 else 2 if bars >= 12 else 1
    whole = bars // unit

    def share(fraction: float) -> int:
        return max(1, round(fraction * whole)) * unit

    intro, a, b, pause, again = share(0.11), share(0.22), share(0.22), share(0.11), share(0.22)
    form: _Bars = [
        ("intro", max(1, intro // 2), frozenset({"hats", "percussion", "chords", "pad"})),
        ("intro", intro - max(1, intro // 2), frozenset({"kick", "hats", "percussion", "bass", "chords"})),
        ("A", a, ALL_PARTS - {"lead"}),
        ("B", b, ALL_PARTS),
        ("break", pause, frozenset({"chords", "pad", "lead"})),
        ("A'", again, ALL_PARTS - {"pad"}),
    ]
    rest = bars - sum(length for _, length, _ in form)
    while rest < 1 and any(length > 1 for _, length, _ in form):  # a short song: shorten the longest section
        longest = max(range(len(form)), key=lambda index: form[index][1])
        name, length, parts = form[longest]
        form[longest] = (name, length - 1, parts)
        rest += 1
    while rest < 1 and form:  # a very short one has no room for all
        rest += form.pop(0)[1]
    form.append(("ending", max(rest, 1), frozenset(DRUM_PARTS | {"bass", "chords"})))
    return [entry for entry in form if entry[1] > 0]


def _loop_bars(num_beats: int, rng: np.random.Generator) -> _Bars:
    bars = -(-num_beats // BEATS_PER_BAR)
    chance = {"hats": 0.9, "percussion": 0.6, "bass": 0.93, "chords": 0.9, "pad": 0.35, "lead": 0.5}
    band = {"kick", "snare"} | {part for part, p in chance.items() if rng.random() < p}
    if rng.random() < 0.1:  # a lone drum machine
        band &= {"kick", "snare", "hats", "percussion", "bass"}
    form: _Bars = []
    left, pause_at = bars, int(rng.integers(8, 24)) if rng.random() < 0.4 else bars
    while left > 0:
        length = int(rng.choice([4, 8]))
        if bars - left >= pause_at and left > 4:
            parts = {"chords", "pad", "lead"} & (band | {"chords"})
            if rng.random() < 0.4:
                parts |= {"hats"} & band
            form.append(("break", int(rng.choice([1, 2, 4])), frozenset(parts)))
            left -= form[-1][1]
            pause_at = bars
        name = "AB"[len(form) % 2]
        absent = {part for part in ("percussion", "pad", "lead", "chords") if form and rng.random() < 0.25}
        form.append((name, min(length, left), frozenset(band - absent)))
        left -= length
    return form
