"""Features of single files: sound alone, motion alone, or both where they bear one name; as a folder of modalities."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from data.dataset.cluster import run_parallel
from data.dataset.made_folder import appearing, check_destination
from data.dataset.modality_description import FolderDescription, ModalityDescription
from data.dataset.motion_reading import AS_IT_IS, DANCE_ENDINGS, MOTION_ENDINGS, HowToRead, read_recording
from data.dataset.recordings import SOUND_ENDINGS, is_hidden, on_skeleton
from data.dataset.sequences import BAD_FILE
from data.formats.sound_file import read_sound
from data.motion.motion import resample
from data.motion.pose_codec import PoseCodec, Rotation
from data.motion.skeleton import Skeleton
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig

Modality = Literal["audio", "pose"]
SILENT_CUT_FRAMES: Final = 2
"""Sound and motion of one recording may differ by so many frames without a word."""


@dataclass(frozen=True, kw_only=True)
class ExtractionOptions:
    """How features are extracted.

    Attributes:
        rate_hz: Frames a second; must divide 120.
        rotation: How pose vectors hold rotations.
        how: What is said of files of motion beside what they tell.
        channels: Of sound files, those that are heard, from 1 on; None is all.
        jobs: Processes; 0 takes every core.
        packed: One compressed `[id].npz` a recording instead of one `[id].[modality].npy` a modality.
        overwrite: Whether an earlier folder of features is replaced.
    """

    rate_hz: int = 30
    rotation: Rotation = "6d"
    how: HowToRead = AS_IT_IS
    channels: tuple[int, ...] | None = None
    jobs: int = 0
    packed: bool = False
    overwrite: bool = False


@dataclass(frozen=True)
class Extracted:
    """What became of it.

    Attributes:
        description: Of the folder that was written.
        frames: Rows by recording and modality.
        skipped: A sentence for every file that could not be used.
        notes: A sentence for whatever was guessed or left out.
    """

    description: FolderDescription
    frames: dict[str, dict[Modality, int]]
    skipped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Task:
    path: Path
    modality: Modality
    skeleton: Skeleton | None
    options: ExtractionOptions


@dataclass(frozen=True, eq=False)
class _Found:
    """Features of one file, or why there are none."""

    values: NDArray[np.float32] | None
    notes: list[str] = field(default_factory=list)
    problem: str = ""


def find_sources(sources: Sequence[str | Path]) -> list[tuple[Path, Modality]]:
    """The sound and motion files among files and folders, by name, none twice.

    Raises:
        ValueError: One is not there or of no known kind, a folder has none, or two of one kind bear one name.
    """
    found: dict[tuple[str, Modality], Path] = {}
    for source in map(Path, sources):
        if not source.exists():
            raise ValueError(f"{source}: there is no such file or folder")
        inside = [p for p in sorted(source.iterdir()) if _kind(p, in_folder=True)] if source.is_dir() else [source]
        if not inside:
            endings = ", ".join((*SOUND_ENDINGS, *MOTION_ENDINGS))
            raise ValueError(f"{source}: holds no file of sound or motion ({endings})")
        for path in inside:
            kind = _kind(path, in_folder=False)
            if kind is None:
                endings = ", ".join((*SOUND_ENDINGS, *DANCE_ENDINGS))
                raise ValueError(f"{path}: is neither sound nor motion by its ending; known are {endings}")
            other = found.setdefault((path.stem, kind), path)
            if other.resolve() != path.resolve():
                raise ValueError(f"{other} and {path} bear one name, so their features would too: rename one of them")
    return [(path, kind) for (_, kind), path in sorted(found.items())]


def _kind(path: Path, *, in_folder: bool) -> Modality | None:
    """What a file holds by its ending; an .npz, which may hold anything, only where it is named itself."""
    if not path.is_file() or (in_folder and is_hidden(path)):
        return None
    ending = path.suffix.lower()
    if ending in SOUND_ENDINGS:
        return "audio"
    return "pose" if ending in (MOTION_ENDINGS if in_folder else DANCE_ENDINGS) else None


def extract(
    sources: Sequence[str | Path],
    out: str | Path,
    options: ExtractionOptions | None = None,
    on_progress: Callable[[int, int, str], None] = lambda *_: None,
) -> Extracted:
    """Writes the features of files and of folders of files into a folder, which appears when all is done.

    Row k of every feature is the instant (k + 1) / rate, as in a prepared folder; so the first frame of a motion, which
    has no time before it, has no row. Sound and motion of one name are one recording and have equally many rows.

    Args:
        sources: Sound files, motion files, and folders of them.
        out: The folder to make.
        options: How.
        on_progress: Called with how many files are done, of how many, and the newest one's name.

    Raises:
        ValueError: Nothing can be extracted, or `out` must not be replaced. Single bad files are skipped and named.
    """
    options, out = options or ExtractionOptions(), Path(out)
    features = AudioFeatures(AudioFeaturesConfig(rate_hz=options.rate_hz))
    files = find_sources(sources)
    _check_destination(out, files, overwrite=options.overwrite)
    codec, problem = _codec([path for path, kind in files if kind == "pose"], options)
    skeleton = None if codec is None else codec.skeleton
    tasks = [_Task(path, kind, skeleton, options) for path, kind in files]
    arrays: dict[str, dict[Modality, NDArray[np.float32]]] = {}
    skipped, notes = [], []
    jobs = min(options.jobs, len(tasks)) if options.jobs else (1 if len(tasks) == 1 else 0)
    for done, (task, result) in enumerate(zip(tasks, run_parallel(_extract, tasks, jobs=jobs), strict=True), start=1):
        if result.values is None:
            skipped.append(result.problem)
        else:
            arrays.setdefault(task.path.stem, {})[task.modality] = result.values
            notes += result.notes
        on_progress(done, len(tasks), task.path.name)
    if not arrays:
        raise ValueError(f"not one of {len(files)} files can be used: {skipped[0] if skipped else problem}")
    cuts = {name: note for name, modalities in arrays.items() if (note := _cut(name, modalities, options.rate_hz))}
    if options.how.strict:
        skipped += [f"{note} (an error because of --strict)" for note in cuts.values()]
        arrays = {name: modalities for name, modalities in arrays.items() if name not in cuts}
        if not arrays:
            raise ValueError(f"not one of {len(files)} files can be used: {skipped[0]}")
    else:
        notes += cuts.values()
    description = _described(arrays, features, codec, options)
    _write(out, arrays, description, packed=options.packed)
    frames = {name: {kind: len(array) for kind, array in parts.items()} for name, parts in arrays.items()}
    return Extracted(description, frames, tuple(skipped), tuple(dict.fromkeys(notes)))


def _check_destination(out: Path, files: list[tuple[Path, Modality]], *, overwrite: bool) -> None:
    if out.suffix in (".npy", ".npz"):
        raise ValueError(f"{out}: name a folder; the arrays in it are .npy files, or with --packed .npz files")
    check_destination(out, (".audio.npy", ".pose.npy", ".npz"), overwrite=overwrite)
    for path, _ in files:
        if out.resolve() in path.resolve().parents:
            raise ValueError(f"{path} lies in {out}, which would be replaced: name another folder")


def _codec(paths: list[Path], options: ExtractionOptions) -> tuple[PoseCodec | None, str]:
    """The codec of the first motion that can be read, by which all motions are encoded."""
    problem = ""
    for path in paths:
        try:
            skeleton = read_recording(path, options.how).motion.skeleton
        except BAD_FILE as error:
            problem = problem or str(error)  # named and skipped when its turn comes
            continue
        return PoseCodec(skeleton, options.rate_hz, options.rotation), ""
    return None, problem


def _extract(task: _Task) -> _Found:
    """Features of one file; runs in another process."""
    try:
        return _heard(task) if task.modality == "audio" else _moved(task)
    except BAD_FILE as error:
        reason = str(error)
        return _Found(None, problem=reason if task.path.name in reason else f"{task.path.name}: {reason}")


def _heard(task: _Task) -> _Found:
    samples, sample_rate_hz = read_sound(task.path, channels=task.options.channels)
    config = AudioFeaturesConfig(sample_rate_hz=sample_rate_hz, rate_hz=task.options.rate_hz)
    values = AudioFeatures(config).offline(samples)
    if not len(values):
        raise ValueError(f"lasts {len(samples) / sample_rate_hz:.3f} s, less than a frame of {config.rate_hz} Hz")
    return _Found(values)


def _moved(task: _Task) -> _Found:
    reading = read_recording(task.path, task.options.how)
    assert task.skeleton is not None, "the first motion that can be read has one"
    motion = on_skeleton(resample(reading.motion, task.options.rate_hz), task.skeleton)
    if len(motion) < 2:
        raise ValueError("holds one pose: two frames are needed, for a pose is stored with its speed")
    vectors = PoseCodec(task.skeleton, task.options.rate_hz, task.options.rotation).encode(motion)[1:]
    return _Found(vectors, [f"{task.path.name}: {note.text}" for note in reading.notes])


def _cut(name: str, modalities: dict[Modality, NDArray[np.float32]], rate_hz: int) -> str:
    """Makes the features of one recording equally long; what to say of it."""
    lengths = {kind: len(array) for kind, array in modalities.items()}
    shortest = min(lengths.values())
    for kind in modalities:
        modalities[kind] = modalities[kind][:shortest]
    if max(lengths.values()) - shortest <= SILENT_CUT_FRAMES:
        return ""
    listing = " and ".join(f"{length / rate_hz:.1f} s of {kind}" for kind, length in lengths.items())
    return f"{name}: {listing}; cut to {shortest / rate_hz:.1f} s"


def _described(
    arrays: dict[str, dict[Modality, NDArray[np.float32]]],
    features: AudioFeatures,
    codec: PoseCodec | None,
    options: ExtractionOptions,
) -> FolderDescription:
    kinds = {kind for modalities in arrays.values() for kind in modalities}
    descriptions: dict[str, ModalityDescription] = {}
    if "audio" in kinds:
        descriptions["audio"] = ModalityDescription(columns=_bounds(features.columns), fingerprint=features.fingerprint)
    if "pose" in kinds:
        assert codec is not None, "there are poses"
        entries = codec.to_dict()
        text = json.dumps(entries, sort_keys=True)
        descriptions["pose"] = ModalityDescription(
            columns=_bounds(codec.columns),
            fingerprint=hashlib.sha256(text.encode()).hexdigest()[:16],
            pose_codec=entries,
        )
    return FolderDescription(frame_rate_hz=options.rate_hz, modalities=descriptions)


def _bounds(columns: dict[str, slice]) -> dict[str, tuple[int, int]]:
    return {name: (int(part.start), int(part.stop)) for name, part in columns.items()}


def _write(
    out: Path,
    arrays: dict[str, dict[Modality, NDArray[np.float32]]],
    description: FolderDescription,
    *,
    packed: bool,
) -> None:
    with appearing(out) as unfinished:
        for name, modalities in arrays.items():
            if packed:
                by_name: dict[str, Any] = {kind: array for kind, array in modalities.items()}  # noqa: C416 - keys become text
                np.savez_compressed(unfinished / f"{name}.npz", **by_name)
                continue
            for kind, array in modalities.items():
                np.save(unfinished / f"{name}.{kind}.npy", array)
        description.write(unfinished)
