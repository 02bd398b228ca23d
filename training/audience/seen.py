"""Dances as an audience sees them: files with an index that says to which song, in which style, from which seed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from data.formats.bvh import read_bvh
from data.formats.motion_file import read_npz
from data.formats.sound_file import read_sound
from data.motion.motion import Motion
from data.movement.speed import joint_speed
from training.metrics.diversity import kinetic_features

INDEX_NAME: Final = "dances.json"
SOUNDING_DBFS: Final = -50.0
"""A song sounds where its level over `LEVEL_S` is above this."""
LEVEL_S: Final = 1.0
PIECE_S: Final = 15.0
"""Dances are compared in pieces of this length: how alike two of them are depends on how long they are."""


@dataclass(frozen=True, eq=False)
class SeenDance:
    """One dance, whoever danced it.

    Attributes:
        motion: What is seen.
        song: Name of the song.
        style: Name of the style asked for; None where it was left to the dancer.
        sounding: Frames in which the song sounds, (frames,).
        front_rad: Direction of the front, about +Y from +Z; None where it is not known, and the way the body faces on
            the whole counts as such.
    """

    motion: Motion
    song: str
    style: str | None
    sounding: NDArray[np.bool_]
    front_rad: float | None = 0.0

    @cached_property
    def speed_m_s(self) -> float:
        """Mean joint speed while the song sounds."""
        speed, where = joint_speed(self.motion), self.sounding[1:]
        return float(speed[where].mean()) if where.any() else 0.0

    @cached_property
    def pieces(self) -> list[Motion]:
        """The dance in pieces of `PIECE_S`; all of it if it is shorter."""
        frames = round(PIECE_S * self.motion.rate_hz)
        whole = [self.motion[start : start + frames] for start in range(0, len(self.motion) - frames + 1, frames)]
        return whole or [self.motion]

    @cached_property
    def kinetics(self) -> list[NDArray[np.float64]]:
        """Kinetic features of each piece."""
        return [kinetic_features(piece) for piece in self.pieces]


def read_dances(folders: Sequence[Path], seconds: float | None = None, front_rad: float = 0.0) -> list[SeenDance]:
    """The dances of every index below some folders, as `transflower generate` writes them.

    Args:
        folders: Folders with a `dances.json`, or with folders that have one.
        seconds: Only the beginning of each dance is seen; None sees all.
        front_rad: Direction of the front, about +Y from +Z.

    Raises:
        ValueError: There is no dance, an index or a file is damaged; the message names it.
        OSError: A file cannot be read.
    """
    indices = [path for folder in folders for path in sorted(Path(folder).rglob(INDEX_NAME))]
    if not indices:
        raise ValueError(
            f"no {INDEX_NAME} in {', '.join(map(str, folders))}; dances are made by `transflower generate`"
        )
    levels: dict[Path, tuple[NDArray[np.float32], int] | None] = {}
    read = [_read_dance(index.parent, entry, seconds, levels) for index in indices for entry in _entries(index)]
    return [replace(dance, front_rad=front_rad) for dance in read]


def _entries(index: Path) -> list[dict[str, Any]]:
    try:
        entries = json.loads(index.read_text(encoding="utf-8"))["dances"]
        if not all(isinstance(entry[name], str) for entry in entries for name in ("file", "song")):
            raise TypeError("its entries name no files")
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{index}: no index of dances that can be read ({error!r})") from None
    return list(entries)


def _read_dance(
    folder: Path,
    entry: dict[str, Any],
    seconds: float | None,
    songs: dict[Path, tuple[NDArray[np.float32], int] | None],
) -> SeenDance:
    path, song = folder / entry["file"], (folder / entry["song"]).resolve()
    motion = read_bvh(path) if path.suffix.lower() == ".bvh" else read_npz(path)
    if seconds is not None:
        motion = motion[: round(seconds * motion.rate_hz)]
    if song not in songs:
        songs[song] = read_sound(song) if song.is_file() else None
    heard = songs[song]
    sounding = np.ones(len(motion), bool) if heard is None else sounding_frames(*heard, motion.rate_hz, len(motion))
    return SeenDance(motion, song.stem, entry.get("style"), sounding)


def sounding_frames(
    samples: NDArray[np.float32], sample_rate_hz: int, rate_hz: float, num_frames: int
) -> NDArray[np.bool_]:
    """In which frames a sound is above `SOUNDING_DBFS`, (num_frames,); silence follows its end.

    Args:
        samples: Mono, (n,).
        sample_rate_hz: Their rate.
        rate_hz: Frames a second.
        num_frames: How many frames.

    Example:
        >>> noise = np.float32(0.1) * np.ones(24_000, np.float32)
        >>> sounding_frames(np.concatenate([noise, 0 * noise, 0 * noise]), 24_000, rate_hz=2, num_frames=6).tolist()
        [True, True, True, False, False, False]
    """
    total = np.concatenate([[0.0], np.cumsum(np.square(samples.astype(np.float64)))])
    middle = (np.arange(num_frames) + 0.5) / rate_hz
    first = np.clip(((middle - LEVEL_S / 2) * sample_rate_hz).round().astype(int), 0, len(samples))
    last = np.clip(((middle + LEVEL_S / 2) * sample_rate_hz).round().astype(int), 0, len(samples))
    power = (total[last] - total[first]) / np.maximum(last - first, 1)
    return np.asarray(10 * np.log10(power + 1e-12) > SOUNDING_DBFS)
