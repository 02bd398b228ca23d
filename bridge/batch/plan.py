"""What a batch is to write, and where: decided, and refused if need be, before anything is danced."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from bridge.batch.index import DanceEntry, Recipe, read_index
from bridge.batch.messages import Order
from bridge.batch.songs import SongFile, find_songs
from bridge.dancer.checksum import sha256
from data.formats.motion_file import SUFFIXES, check_output

Format = Literal["bvh", "npz", "csv"]
DEFAULT_FOLDER: Final = Path("dances")

assert {f".{name}" for name in get_args(Format)} == set(SUFFIXES)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What was asked for.

    Attributes:
        places: Songs and folders of songs.
        output: A file for one dance, or a folder; None is a file beside the song for one, and `DEFAULT_FOLDER` for
            several.
        format: Of the files; None is that of the output's ending, or bvh.
        seed: Of the first dance to each song.
        samples: Dances to each song, whose seeds follow each other.
        overwrite: Whether files that are there already are made anew.
    """

    places: tuple[Path, ...]
    output: Path | None = None
    format: Format | None = None
    seed: int = 0
    samples: int = 1
    overwrite: bool = False


@dataclass(frozen=True, kw_only=True)
class PlannedDance:
    """One dance to be made.

    Attributes:
        song: To what.
        seed: Which.
        file: Where it will be.
    """

    song: SongFile
    seed: int
    file: Path


@dataclass(frozen=True, kw_only=True)
class BatchPlan:
    """What is to be done.

    Attributes:
        dances: To be made.
        num_there: Dances that are there already, just as they were asked for.
        folder: Where all are, with an index; None where one dance is written to a file of its own.
        dancer_sha256: Of the dancer's file.
    """

    dances: tuple[PlannedDance, ...]
    num_there: int
    folder: Path | None
    dancer_sha256: str


def make_plan(wanted: Wanted, order: Order) -> BatchPlan:
    """Finds the songs, names the files, and sees what is there already; makes the folder.

    Raises:
        ValueError: Something that a person can put right.
        OSError: A folder or a file cannot be read or made.
    """
    if wanted.samples < 1:
        raise ValueError(f"--samples must be at least 1, not {wanted.samples}")
    if not wanted.places:
        raise ValueError("name a song, or a folder of songs")
    songs = find_songs(wanted.places)
    dancer_sha256 = sha256(order.dancer.path)
    is_one = len(songs) * wanted.samples == 1 and not any(place.is_dir() for place in wanted.places)
    if wanted.output is None and is_one:
        file = songs[0].path.with_suffix(f".{wanted.format or 'bvh'}")
        if file.exists() and not wanted.overwrite:
            raise ValueError(f"{file} is there already: --overwrite replaces it, -o FILE names another one")
    elif wanted.output is not None and _means_a_file(wanted.output):
        file = wanted.output
        if len(songs) * wanted.samples > 1:
            raise ValueError(f"{file} is one file, and {len(songs) * wanted.samples} dances are asked for: -o FOLDER")
        if wanted.format not in (None, file.suffix.lower()[1:]):
            raise ValueError(f"{file} and --format {wanted.format} contradict each other: give one of them")
    else:
        return _plan_folder(wanted, order, songs, wanted.output or DEFAULT_FOLDER, dancer_sha256)
    check_output(file)
    dance = PlannedDance(song=songs[0], seed=wanted.seed, file=file)
    return BatchPlan(dances=(dance,), num_there=0, folder=None, dancer_sha256=dancer_sha256)


def _means_a_file(output: Path) -> bool:
    """Whether a name is that of a dance; a folder is what is there as one, or has no ending.

    Raises:
        ValueError: It is neither.
    """
    if output.is_dir():
        return False
    if output.suffix.lower() in SUFFIXES:
        return True
    if output.exists() or output.suffix:
        raise ValueError(
            f"{output}: a dance ends in {', '.join(SUFFIXES)}; a folder is there already, or its name has no ending"
        )
    return False


def _plan_folder(
    wanted: Wanted, order: Order, songs: Sequence[SongFile], folder: Path, dancer_sha256: str
) -> BatchPlan:
    """The plan for a folder. A file is made unless it is there; if it is, the index must tell of this very dance."""
    folder.mkdir(parents=True, exist_ok=True)
    known = read_index(folder)
    dances, in_the_way, num_there = [], [], 0
    for song in songs:
        song_sha256: str | None = None
        for seed in range(wanted.seed, wanted.seed + wanted.samples):
            name = f"{song.name}.seed{seed}.{wanted.format or 'bvh'}"
            dance = PlannedDance(song=song, seed=seed, file=folder / name)
            if wanted.overwrite or not os.path.lexists(dance.file):
                dances.append(dance)
                continue
            song_sha256 = song_sha256 or sha256(song.path)
            recipe = recipe_of(order, seed=seed, song_sha256=song_sha256, dancer_sha256=dancer_sha256)
            if difference := _difference(known.get(name), recipe):
                in_the_way.append(f"{dance.file}, {difference}")
            else:
                num_there += 1
    if in_the_way:
        raise ValueError(
            f"{len(in_the_way)} of {len(songs) * wanted.samples} files are there already as other dances, such as "
            f"{in_the_way[0]}; --overwrite replaces them, -o names another folder"
        )
    return BatchPlan(dances=tuple(dances), num_there=num_there, folder=folder, dancer_sha256=dancer_sha256)


def recipe_of(order: Order, *, seed: int, song_sha256: str, dancer_sha256: str) -> Recipe:
    """The recipe of a dance in a batch."""
    return Recipe.of(
        order.controls,
        song_sha256=song_sha256,
        dancer_sha256=dancer_sha256,
        backend=order.dancer.backend,
        seed=seed,
        look_ahead_frames=order.look_ahead_frames,
        channels=None if order.channels is None else ",".join(map(str, order.channels)),
    )


def _difference(entry: DanceEntry | None, recipe: Recipe) -> str:
    """How the dance that is there is another one; empty if it is the same."""
    return "of which the index tells nothing" if entry is None else entry.recipe.difference(recipe)
