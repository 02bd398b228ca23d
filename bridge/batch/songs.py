"""The songs of a batch: found in folders, and named so that no two of their dances get into each other's way."""

import hashlib
import os
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from data.dataset.recordings import SOUND_ENDINGS


@dataclass(frozen=True)
class SongFile:
    """A sound file that is to be danced to.

    Attributes:
        path: The file, as it was asked for.
        name: What its dances are called: a relative path without ending, as POSIX writes it.
    """

    path: Path
    name: str


def find_songs(places: Iterable[Path]) -> list[SongFile]:
    """The songs among files and in folders, each once; those of a folder with all folders in it, sorted by path.

    A song is called as its file, without the ending, and one from a folder keeps its place in it. Where two would be
    called alike, they keep the ending, or the folder above, as far as needed; letters' case makes no difference, since
    it makes none to many disks.

    Raises:
        ValueError: There is no such file, or no song in a folder; the message names it.
    """
    paths: dict[Path, Path] = {}
    names: dict[Path, Iterator[str]] = {}
    for place in places:
        for path, inside in _songs_at(place):
            resolved = path.resolve()
            if resolved not in paths:
                paths[resolved], names[resolved] = path, iter(_names(resolved, inside))
    chosen = {resolved: next(candidates) for resolved, candidates in names.items()}
    while alike := _alike(chosen):
        for resolved in alike:
            chosen[resolved] = next(names[resolved])
    return [SongFile(path, chosen[resolved]) for resolved, path in paths.items()]


def _songs_at(place: Path) -> Iterator[tuple[Path, Path]]:
    """Sound files, each with its path inside of what was asked for."""
    if not place.is_dir():
        if not place.exists():
            raise ValueError(f"{place}: no such file or folder")
        yield place, Path(place.name)
        return
    inside = sorted(_sound_files(place))
    if not inside:
        raise ValueError(f"{place}: no song in this folder: no file that ends in {', '.join(SOUND_ENDINGS)}")
    yield from ((place / path, path) for path in inside)


def _sound_files(folder: Path) -> Iterator[Path]:
    """Sound files by their path in a folder. What is hidden is left out: macOS writes `._song.mp3` beside a song."""
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if not name.startswith(".") and Path(name).suffix.lower() in SOUND_ENDINGS:
                yield (Path(parent) / name).relative_to(folder)


def _names(resolved: Path, inside: Path) -> list[str]:
    """What a song may be called, the shortest first; the last is that of no other."""
    above = resolved.parts[1 : len(resolved.parts) - len(inside.parts)]
    longer = [Path(*above[len(above) - number :], inside) for number in range(len(above) + 1)]
    digest = hashlib.sha256(os.fsencode(resolved)).hexdigest()[:12]
    names = [inside.with_suffix(""), *longer, longer[-1].with_name(f"{inside.name}.{digest}")]
    return [name.as_posix() for name in names]


def _alike(chosen: dict[Path, str]) -> list[Path]:
    """Songs whose name another one bears too, to a disk that tells neither case nor composed letters apart."""
    folded = {path: unicodedata.normalize("NFC", name).casefold() for path, name in chosen.items()}
    counts = Counter(folded.values())
    return [path for path, name in folded.items() if counts[name] > 1]
