"""A set of sounds with beats to develop on: what training holds out, in groups, as files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from data.formats.sound_file import write_sound
from data.music import STYLES
from training.beat_network.kits import NUM_DRUM_STEMS
from training.beat_network.midi import RATE_HZ, Sound
from training.beat_network.pieces import Piece, drummer_piece, groove_piece, pop_piece, song_piece
from training.beat_network.sources import TEST_STYLES, Sources
from training.beat_network.stems import mixed, perform, synthesised_stems
from training.beat_network.tempo import tempo_curve

_Clip = tuple[str, str, Sound, np.ndarray, np.ndarray]
"""Group, name, samples at 24 kHz, times of the beats, their places in the bar."""
_STYLE_GROUPS: Final = {
    "ternary": ("twelve eight", "bembe", "shuffle", "twelve eight", "chacarera", "jazz"),
    "latin": ("samba", "clave", "baiao", "maracatu", "bossa", "afrobeat", "reggaeton", "cumbia"),
    "metal": ("metal", "thrash", "gallop", "blast", "metal", "punk"),
    "electronic": ("four on the floor", "drum and bass", "trap", "electro", "two step", "hard dance"),
    "other": ("sparse", "half time", "reggae", "second line", "funk", "waltz"),
}


def write_beats(path: Path, beats_s: np.ndarray, places: np.ndarray) -> None:
    """One line a beat: time in seconds and its place in the bar, 1 is the downbeat; without places, times alone."""
    is_known = bool(np.all(places > 0)) and len(places) > 0
    lines = [f"{at:.4f}\t{place}" if is_known else f"{at:.4f}" for at, place in zip(beats_s, places, strict=True)]
    path.write_text("".join(f"{line}\n" for line in lines))


def write_development(sources: Sources, folder: Path) -> Iterator[str]:
    """Writes GROUP/NAME.flac and .beats, yields each name; some 45 pieces, each drawn from what is held out."""
    for group, name, sound, beats_s, places in _pieces(sources):
        place = folder / group
        place.mkdir(parents=True, exist_ok=True)
        write_sound(place / f"{name}.flac", sound, RATE_HZ)
        write_beats(place / f"{name}.beats", beats_s, places)
        yield f"{group}/{name}"


def _pieces(sources: Sources) -> Iterator[_Clip]:
    number = 0

    def of(piece: Piece, rng: np.random.Generator, group: str) -> Iterator[_Clip]:
        font = sources.fonts[number % len(sources.fonts)] if sources.fonts else None
        stems = perform(piece, sources.drums, font, rng)
        name = f"{number:02d}_{piece.name.replace(' ', '_').replace('/', '-')}"
        whole = mixed(stems, float(rng.normal(2.0, 4.0)))
        if group == "drums":
            drums = stems[:NUM_DRUM_STEMS].sum(axis=0)
            yield "drums", name, 0.7 * drums / np.abs(drums).max(), piece.beats_s, piece.places
            group = "drums_band"
        yield group, name, whole, piece.beats_s, piece.places

    takes = [one for one in sources.drummers if one.seconds >= 20.0]
    order = np.random.default_rng(sources.seed).permutation(len(takes))
    by_style = {takes[int(one)].style: takes[int(one)] for one in order}
    for take in list(by_style.values())[:13]:
        rng = np.random.default_rng([sources.seed, 9, number])
        piece = drummer_piece(take, rng, longest_s=sources.seconds, stretch=(1.0, 1.0), wild=0.0, from_start=True)
        yield from of(piece, rng, "drums")
        number += 1
    for group, styles in _STYLE_GROUPS.items():
        for style in styles:
            rng = np.random.default_rng([sources.seed, 9, number])
            yield from of(groove_piece(rng, longest_s=sources.seconds, style=style), rng, group)
            number += 1
    for path in sources.songs[:8]:
        rng = np.random.default_rng([sources.seed, 9, number])
        if (song := song_piece(path, rng, longest_s=sources.seconds)) is not None:
            yield from of(song, rng, "song")
        number += 1
    for path in sources.pop[:5]:
        rng = np.random.default_rng([sources.seed, 9, number])
        if (song := pop_piece(path, rng, longest_s=sources.seconds)) is not None:
            yield from of(song, rng, "pop")
        number += 1
    for style in [one for one in STYLES if one not in TEST_STYLES][::2]:
        rng = np.random.default_rng([sources.seed, 9, number])
        bpm = float(np.exp(rng.uniform(np.log(72), np.log(178))))
        num_beats = int(sources.seconds * bpm / 60) // 4 * 4
        tempo = tempo_curve(bpm, num_beats, rng, 0.4)
        stems, sound = synthesised_stems(style, bpm, num_beats, 700_000 + number, tempo, None, is_song=number % 2 == 0)
        yield "synth", f"{number:02d}_{style.replace(' ', '_')}", sound, stems.beats_s, stems.places
        number += 1
