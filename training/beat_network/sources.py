"""What pieces are drawn from, and what of it is held out for development."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeVar, get_args

import numpy as np

from data.music import STYLES
from training.beat_network.kits import Drums, Kit
from training.beat_network.midi import Sound
from training.beat_network.pieces import (
    DrummerFile,
    Piece,
    draw_drummer,
    drummer_files,
    drummer_piece,
    groove_piece,
    pop_piece,
    song_piece,
)
from training.beat_network.stems import Stems, perform, stems_of, synthesised_stems
from training.beat_network.tempo import tempo_curve

Kind = Literal["drummer", "groove", "song", "pop", "synth"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_CYCLE: Final[tuple[Kind, ...]] = (
    *("drummer", "groove", "synth", "drummer", "groove", "song", "drummer", "groove", "pop", "synth"),
    *("drummer", "groove", "song", "groove", "drummer", "synth", "groove", "drummer", "groove", "pop"),
)
TEST_DRUMMERS: Final = ("drummer2", "drummer5", "drummer10")
"""Never learned from and never developed on."""
TEST_STYLES: Final = ("breakbeat", "krump", "jazz")
"""The same of the synthesiser."""
DEVELOPMENT_DRUMMERS: Final = ("drummer4", "drummer6")
_DEVELOPMENT_TAKES: Final = (
    ("drummer8", "latin/brazilian-songo"),
    ("drummer8", "latin/bounce"),
    ("drummer1", "latin/bomba"),
    ("drummer1", "afrocuban/calypso"),
    ("drummer1", "rock/shuffle"),
    ("drummer1", "reggae"),
    ("drummer7", "soul"),
    ("drummer7", "rock/indie"),
)
"""Drummer 4 has but nine takes (6 is not in the copy at hand): these styles of others are held out as well."""
_DRUMMERS: Final = tuple(f"drummer{number}" for number in range(1, 11))
_EACH_HELD_OUT: Final = 8
"""One song in so many is held out."""


@dataclass(frozen=True, eq=False)
class Sources:
    """What there is to draw from.

    Attributes:
        drums: Kits and how they are drawn.
        fonts: Sound fonts that play all that is not drums; none: drums alone and the synthesiser.
        drummers: Takes of human drummers.
        songs: General MIDI songs.
        pop: Folders of songs of POP909.
        seed: Of everything that is drawn.
        seconds: Length of a piece.
        is_held_out: Whether this is what is held out for development.
    """

    drums: Drums
    fonts: tuple[Path, ...] = ()
    drummers: tuple[DrummerFile, ...] = ()
    songs: tuple[Path, ...] = ()
    pop: tuple[Path, ...] = ()
    seed: int = 0
    seconds: float = 45.0
    is_held_out: bool = False


def open_sources(
    kits: Sequence[Kit],
    *,
    fonts: Sequence[Path] = (),
    drummers: Path | None = None,
    songs: Path | None = None,
    pop: Path | None = None,
    seed: int = 0,
    seconds: float = 45.0,
    is_held_out: bool = False,
) -> Sources:
    """Sources of which one part is learned from and the other, `is_held_out`, is developed on.

    Raises:
        ValueError: A folder holds nothing of its kind.
    """
    takes: list[DrummerFile] = []
    if drummers is not None:
        names = [one for one in _DRUMMERS if one not in TEST_DRUMMERS]
        takes = [one for one in drummer_files(drummers, names) if is_held_out == _is_held_out(one)]
    song_files = [] if songs is None else sorted(songs.rglob("*.mid"))
    if songs is not None and not song_files:
        raise ValueError(f"{songs}: no .mid file in it")
    pop_folders = [] if pop is None else sorted(one.parent for one in pop.rglob("beat_midi.txt"))
    if pop is not None and not pop_folders:
        raise ValueError(f"{pop}: no beat_midi.txt in it; the folder of POP909 has one for each song")
    return Sources(
        Drums(kits, 0.12 if is_held_out else 0.2),
        tuple(fonts),
        tuple(takes),
        tuple(_part(song_files, is_held_out)),
        tuple(_part(pop_folders, is_held_out)),
        seed,
        seconds,
        is_held_out,
    )


def _is_held_out(take: DrummerFile) -> bool:
    return take.drummer in DEVELOPMENT_DRUMMERS or (take.drummer, take.style) in _DEVELOPMENT_TAKES


def _part(files: list[Path], is_held_out: bool) -> list[Path]:
    return [one for index, one in enumerate(files) if (index % _EACH_HELD_OUT == 0) == is_held_out]


def piece_of(sources: Sources, index: int) -> tuple[Stems, Sound, Kind]:
    """Piece number `index`: its stems, its sound (stems, samples) and its kind; the same for the same sources.

    A kind of which there is nothing is a generated groove instead.
    """
    kind = _CYCLE[index % len(_CYCLE)]
    rng = np.random.default_rng([sources.seed, index, int(sources.is_held_out)])
    if kind == "synth":
        stems, sound = _synthesised(sources, rng)
        return stems, sound[None], kind
    piece: Piece | None = None
    if kind == "drummer" and sources.drummers:
        piece = drummer_piece(draw_drummer(sources.drummers, rng), rng, longest_s=sources.seconds)
    elif kind == "song":
        piece = _first(sources.songs, rng, lambda one: song_piece(one, rng, longest_s=sources.seconds))
    elif kind == "pop":
        piece = _first(sources.pop, rng, lambda one: pop_piece(one, rng, longest_s=sources.seconds))
    if piece is None:
        kind, piece = "groove", groove_piece(rng, longest_s=sources.seconds)
    font = sources.fonts[int(rng.integers(len(sources.fonts)))] if sources.fonts else None
    sound = perform(piece, sources.drums, font, rng)
    return stems_of(piece, sound), sound, kind


_Source = TypeVar("_Source")


def _first(found: Sequence[_Source], rng: np.random.Generator, make: Callable[[_Source], Piece | None]) -> Piece | None:
    """A piece of one that is drawn; some have no beat that is known, then another is drawn."""
    for _ in range(8 if found else 0):
        piece = make(found[int(rng.integers(len(found)))])
        if piece is not None:
            return piece
    return None


def _synthesised(sources: Sources, rng: np.random.Generator) -> tuple[Stems, Sound]:
    styles = [one for one in STYLES if one not in TEST_STYLES]
    bpm = float(np.exp(rng.uniform(np.log(68), np.log(185))))
    num_beats = max(8, int(sources.seconds * bpm / 60) // 4 * 4)
    return synthesised_stems(
        styles[int(rng.integers(len(styles)))],
        bpm,
        num_beats,
        int(rng.integers(1 << 30)),
        tempo_curve(bpm, num_beats, rng, 0.35),
        None if rng.random() < 0.7 else float(rng.uniform(0.5, 0.68)),
        is_song=bool(rng.random() < 0.4),
    )
