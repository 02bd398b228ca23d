"""Recordings: a folder of motion files, each with the sound that was danced to."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.dataset import aistpp
from data.dataset.choreography import ClipEntry, read_clip_table
from data.dataset.motion_reading import AS_IT_IS, MOTION_ENDINGS, HowToRead, read_recording
from data.formats.sound_file import read_sound
from data.motion.motion import Motion, mirror, resample
from data.motion.skeleton import Skeleton

SOUND_ENDINGS: Final = (
    *(".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff", ".opus", ".oga", ".m4a", ".caf"),
    *(".au", ".w64", ".rf64", ".bwf", ".mp2", ".aac", ".m4b", ".wma", ".mka", ".weba"),
)
"""Endings of files that hold sound and nothing else; a film is read where it is named itself."""
UNLABELLED: Final = "unlabelled"


@dataclass(frozen=True)
class Recording:
    """One dance and its sound, on disk until it is asked for.

    Attributes:
        sequence_id: name of its files in the prepared folder.
        motion_path: a file that `read_motion` reads.
        sound_path: the sound; both begin at the same instant.
        style: kind of dance.
        group: the choreography.
        bpm: tempo if it is known and steady, the first frame being a downbeat.
        mirrored: whether left and right change places.
        how: what is said of its file beside what that tells.
    """

    sequence_id: str
    motion_path: Path
    sound_path: Path
    style: str
    group: str
    bpm: float | None = None
    mirrored: bool = False
    how: HowToRead = AS_IT_IS
    channels: tuple[int, ...] | None = None

    def motion(self, skeleton: Skeleton, rate_hz: float, notes: list[str] | None = None) -> Motion:
        """The motion at a frame rate, on another body of the same bones.

        Args:
            skeleton: The body.
            rate_hz: Frames a second.
            notes: Takes a sentence for whatever is left out, guessed, or not as the file has it.

        Raises:
            ValueError: the file holds no motion or has other bones.
        """
        reading = read_recording(self.motion_path, self.how)
        if notes is not None:
            notes += [note.text for note in reading.notes]
        motion = on_skeleton(resample(reading.motion, rate_hz), skeleton)
        return on_skeleton(mirror(motion), skeleton) if self.mirrored else motion

    def sound(self) -> tuple[NDArray[np.float32], int]:
        """Mono samples and their rate in Hz."""
        return read_sound(self.sound_path, channels=self.channels)


def read_motion(path: Path, how: HowToRead | None = None) -> Motion:
    """A file's motion on humanoid bones: see `data.dataset.motion_reading.read_recording`.

    Raises:
        ValueError: it holds no motion; the message names the file.
        OSError: the file cannot be read.
    """
    return read_recording(path, how).motion


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


def find_recordings(
    folder: Path,
    sound_folder: Path | None = None,
    how: HowToRead | None = None,
    channels: tuple[int, ...] | None = None,
) -> tuple[list[Recording], list[str]]:
    """The recordings of a folder, and a sentence for every motion file without sound.

    Sound is looked for beside the motion, in `sound_folder`, or without one in a folder beside that is called after
    what it holds (`wav`, `music`, ...); it bears the motion's name or, with AIST++, the name of the piece.

    Raises:
        ValueError: there is no motion file, or not one has sound.
    """
    motion_paths = find_motion_files(folder)
    entries = clip_entries(folder, motion_paths)
    beside = motion_paths[0].parent
    sounds = sounds_by_name(
        [beside, folder, *([sound_folder] if sound_folder is not None else aistpp.music_folders(beside))]
    )
    recordings, silent = [], []
    for path in motion_paths:
        names = aistpp.sound_names(path.stem)
        sound_path = sound_of(names, sounds)
        if sound_path is None:
            silent.append(f"{path.name}: no sound called {' or '.join(names)}")
            continue
        entry = entries.get(path.stem)
        recordings.append(
            Recording(
                sequence_id=path.stem,
                motion_path=path,
                sound_path=sound_path,
                style=entry.genre if entry else UNLABELLED,
                group=entry.group if entry else path.stem,
                bpm=entry.bpm if entry else None,
                how=how or AS_IT_IS,
                channels=channels,
            )
        )
    if not recordings:
        wanted = " or ".join(f"{name}.wav" for name in aistpp.sound_names(motion_paths[0].stem))
        raise ValueError(
            f"{len(motion_paths)} motion files in {beside} and no sound. Either put a sound file of the same name "
            f"beside each ({wanted}), or say where they are with --sound-folder, or, if every clip begins on the first "
            "beat of a bar at a known tempo, list clip, genre, group and bpm in clips.csv (names of AIST++ say it "
            "themselves) and say --chain: music is then rendered to them"
        )
    return recordings, silent


def clip_entries(folder: Path, motion_paths: Iterable[Path]) -> dict[str, ClipEntry]:
    """Style, choreography and tempo of clips by name: the rows of the folder's clips.csv, or what AIST++'s names say.

    Raises:
        ValueError: the table cannot be meant.
    """
    table = folder / "clips.csv"
    if table.is_file():
        return {entry.clip: entry for entry in read_clip_table(table)}
    return {path.stem: entry for path in motion_paths if (entry := aistpp.clip_entry(path.stem)) is not None}


def find_motion_files(folder: Path) -> list[Path]:
    """The motion files of a folder or, where it holds none, of AIST++'s `motions` in it, sorted by name.

    What an `ignore_list.txt` of AIST++ names is left out.

    Raises:
        ValueError: there are none, or two of one name.
    """
    if not folder.is_dir():
        raise ValueError(f"{folder} is not a folder")
    paths = _motions_in(folder)
    if not paths:
        paths = _motions_in(aistpp.motion_folder(folder))
    if not paths:
        raise ValueError(f"no .bvh file in {folder}, and no .pkl file of AIST++ in it or its {aistpp.MOTION_FOLDER}")
    ignored = aistpp.ignored_clips(paths[0].parent)
    used = [path for path in paths if path.stem not in ignored]
    if not used:
        raise ValueError(f"{aistpp.IGNORE_LIST} names all {len(paths)} motion files in {paths[0].parent}")
    for path, following in pairwise(used):
        if path.stem == following.stem:
            raise ValueError(f"{path.name} and {following.name} in {path.parent} bear one name: keep one of them")
    return used


def _motions_in(folder: Path) -> list[Path]:
    paths = [path for path in folder.iterdir() if path.suffix.lower() in MOTION_ENDINGS and not is_hidden(path)]
    return sorted(paths, key=lambda path: (path.stem, path.suffix))


def sounds_by_name(folders: Sequence[Path]) -> dict[str, Path]:
    """Sound files by name without ending; the first folder and the first of `SOUND_ENDINGS` win.

    Raises:
        ValueError: a folder is none.
    """
    sounds: dict[str, Path] = {}
    for folder in folders:
        if not folder.is_dir():
            raise ValueError(f"{folder} is not a folder")
        paths = [path for path in folder.iterdir() if path.suffix.lower() in SOUND_ENDINGS and not is_hidden(path)]
        files = [path for path in paths if path.is_file()]
        for path in sorted(files, key=lambda path: (SOUND_ENDINGS.index(path.suffix.lower()), path.name)):
            sounds.setdefault(path.stem, path)
    return sounds


def sound_of(names: Sequence[str], sounds: Mapping[str, Path]) -> Path | None:
    """The sound that bears the first of some names; where none does, one that differs in case alone."""
    by_letters = {_letters(name): path for name, path in reversed(list(sounds.items()))}
    exact = next((sounds[name] for name in names if name in sounds), None)
    return exact or next((by_letters[_letters(name)] for name in names if _letters(name) in by_letters), None)


def _letters(name: str) -> str:
    """A name as disks compare it that tell neither case nor composed letters apart."""
    return unicodedata.normalize("NFC", name).casefold()


def is_hidden(path: Path) -> bool:
    """Whether a file is none that a person put there: macOS writes `._song.wav` beside a song on foreign disks."""
    return path.name.startswith(".")


def with_mirrored(recordings: Sequence[Recording]) -> list[Recording]:
    """The recordings, each followed by its mirror image."""
    return [
        side
        for recording in recordings
        for side in (recording, replace(recording, sequence_id=f"{recording.sequence_id}_mirrored", mirrored=True))
    ]
