"""Recordings: a folder of motion files, each with the sound that was danced to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.bvh import read_bvh
from data.choreography import read_clip_table
from data.humanoid import to_humanoid
from data.motion import Motion, mirror, resample
from data.skeleton import Skeleton
from data.sound_file import read_sound

SOUND_ENDINGS = (".wav", ".flac", ".ogg", ".mp3")
UNLABELLED = "unlabelled"


@dataclass(frozen=True)
class Recording:
    """One dance and its sound, on disk until it is asked for.

    Attributes:
        sequence_id: name of its files in the prepared folder.
        motion_path: a BVH file.
        sound_path: the sound; both begin at the same instant.
        style: kind of dance.
        group: the choreography.
        bpm: tempo if it is known and steady, the first frame being a downbeat.
        mirrored: whether left and right change places.
    """

    sequence_id: str
    motion_path: Path
    sound_path: Path
    style: str
    group: str
    bpm: float | None = None
    mirrored: bool = False

    def motion(self, skeleton: Skeleton, rate_hz: float) -> Motion:
        """The motion at a frame rate, on another body of the same bones.

        Raises:
            ValueError: the file is no BVH or has other bones.
        """
        motion = resample(read_motion(self.motion_path), rate_hz)
        motion = on_skeleton(motion, skeleton)
        return on_skeleton(mirror(motion), skeleton) if self.mirrored else motion

    def sound(self) -> tuple[NDArray[np.float32], int]:
        """Mono samples and their rate in Hz."""
        return read_sound(self.sound_path)


def read_motion(path: Path) -> Motion:
    """A BVH file's motion on humanoid bones."""
    return to_humanoid(read_bvh(path))


def on_skeleton(motion: Motion, skeleton: Skeleton) -> Motion:
    """The same joint angles on another body, the root's path scaled by the ratio of their heights.

    Raises:
        ValueError: the bones differ in more than length.
    """
    if motion.skeleton.fingerprint == skeleton.fingerprint:
        return motion
    if motion.skeleton.names != skeleton.names or motion.skeleton.parents != skeleton.parents:
        differing = sorted(set(motion.skeleton.names) ^ set(skeleton.names))
        raise ValueError(f"its bones are not those of the first recording: {', '.join(differing) or 'other parents'}")
    # End sites are left out: files differ in whether they have toes, not only bodies in their size.
    scale = np.ptp(skeleton.rest_positions[:, 1]) / np.ptp(motion.skeleton.rest_positions[:, 1])
    return replace(motion, skeleton=skeleton, root_positions=(motion.root_positions * scale).astype(np.float32))


def find_recordings(folder: Path) -> tuple[list[Recording], list[str]]:
    """The recordings of a folder, and a sentence for every motion file without sound.

    A `clips.csv` in the folder (columns clip, genre, group, bpm) names styles, choreographies and tempi; without one
    each file is a choreography of its own.

    Raises:
        ValueError: there is no BVH file, or not one has sound.
    """
    motion_paths = find_motion_files(folder)
    table = folder / "clips.csv"
    entries = {entry.clip: entry for entry in read_clip_table(table)} if table.is_file() else {}
    recordings, silent = [], []
    for path in motion_paths:
        sounds = [path.with_suffix(ending) for ending in SOUND_ENDINGS if path.with_suffix(ending).is_file()]
        if not sounds:
            silent.append(f"{path.name}: no sound of the same name beside it")
            continue
        entry = entries.get(path.stem)
        recordings.append(
            Recording(
                sequence_id=path.stem,
                motion_path=path,
                sound_path=sounds[0],
                style=entry.genre if entry else UNLABELLED,
                group=entry.group if entry else path.stem,
                bpm=entry.bpm if entry else None,
            )
        )
    if not recordings:
        raise ValueError(
            f"{len(motion_paths)} motion files in {folder} and no sound. Either put a sound file of the same name "
            f"beside each ({motion_paths[0].stem}.wav), or, if every clip begins on the first beat of a bar at a known "
            "tempo, list clip, genre, group and bpm in clips.csv and say --chain: music is then rendered to them"
        )
    return recordings, silent


def find_motion_files(folder: Path) -> list[Path]:
    """The BVH files of a folder, sorted by name.

    Raises:
        ValueError: there are none.
    """
    if not folder.is_dir():
        raise ValueError(f"{folder} is not a folder")
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".bvh")
    if not paths:
        raise ValueError(f"no .bvh file in {folder}")
    return paths


def with_mirrored(recordings: Sequence[Recording]) -> list[Recording]:
    """The recordings, each followed by its mirror image."""
    return [
        side
        for recording in recordings
        for side in (recording, replace(recording, sequence_id=f"{recording.sequence_id}_mirrored", mirrored=True))
    ]
