"""Preparation: recordings, or choreography under rendered music, become a prepared folder, in parallel."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from data.dataset.choreography import Choreographer, Clip, ClipEntry, make_clip
from data.dataset.cluster import run_parallel
from data.dataset.medley import SAMPLE_RATE_HZ, plan
from data.dataset.motion_reading import read_recording
from data.dataset.prepare_options import PrepareOptions
from data.dataset.prepared_folder import SPLITS, check_destination, write_folder
from data.dataset.recordings import (
    Recording,
    clip_entries,
    find_motion_files,
    find_recordings,
    on_skeleton,
    read_motion,
    with_mirrored,
)
from data.dataset.sequences import BAD_FILE, SequenceToMake, Skipped, make_sequence
from data.dataset.split import split_groups
from data.motion.idle import IdleMotion
from data.motion.pose_codec import PoseCodec
from data.motion.skeleton import Skeleton
from data.rigs.rig_reading import NO_JOINT
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig
from data.sound.channels import parse_channels

OnProgress = Callable[[int, int, str], None]

NUM_IDLE_SEED_POSES: Final = 8
_MORE_THAN_ASKED: Final = 1.25


@dataclass(frozen=True)
class PreparationSummary:
    """What became of it.

    Attributes:
        num_sequences: sequences written.
        hours: their length.
        skipped: a sentence for every file that was left out.
        notes: a sentence for whatever of the others is left out, guessed, or not as the file has it.
    """

    num_sequences: int
    hours: float
    skipped: tuple[str, ...]
    notes: tuple[str, ...] = ()


def prepare(
    folder: Path, out: Path, options: PrepareOptions, on_progress: OnProgress = lambda *_: None
) -> PreparationSummary:
    """Prepare a folder of recordings.

    Args:
        folder: motion files with their sound; with `options.chain` motion files of known beats.
        out: the prepared folder; it appears when everything is done.
        options: how.
        on_progress: Called with how many are done, of how many, and the newest one's name: of the clips that are
            chained, while they are read, then of the sequences.

    Raises:
        ValueError: nothing can be prepared, with the way out. Single bad files are skipped and named in the summary.
    """
    check_destination(out, overwrite=options.overwrite)
    notes: dict[str, list[str]] = {}
    if options.chain:
        tasks, styles, skipped = _chained_tasks(folder, options, notes, on_progress)
    else:
        tasks, styles, skipped = _recorded_tasks(folder, options, notes)
    if options.strict:
        _refuse((*_note_lines(notes), *_held_out_line(options, (task.split for task in tasks))))
    skeleton = tasks[0].skeleton
    codec = PoseCodec(skeleton, options.rate_hz, options.rotation)
    with write_folder(out, styles, codec.columns, overwrite=options.overwrite) as writer:
        results = run_parallel(make_sequence, tasks, jobs=options.jobs, cluster=options.cluster)
        for done, result in enumerate(results, start=1):
            if isinstance(result, Skipped):
                skipped.append(result.reason)
                on_progress(done, len(tasks), result.reason)
            else:
                writer.add(result)
                for note in result.notes:
                    notes.setdefault(note, []).append(result.entry.sources[0])
                on_progress(done, len(tasks), result.sequence_id)
        writer.finish(_fingerprint(codec, options))
        hours = sum(entry.duration_s for entry in writer.entries.values()) / 3600
        sources = {source for entry in writer.entries.values() for source in entry.sources}
        lines = _note_lines(notes, len(sources)) + _held_out_line(
            options, (entry.split for entry in writer.entries.values())
        )
        if options.chain and hours > _MORE_THAN_ASKED * options.hours:
            lines += (
                f"{hours:.2f} hours instead of {options.hours:g}: every split has a performance at least, of "
                f"{options.performance_s[0]:g} s or more (--performance-s)",
            )
        if options.strict:
            _refuse(lines)
        return PreparationSummary(len(writer.entries), hours, tuple(dict.fromkeys(skipped)), lines)


def _note_lines(notes: dict[str, list[str]], num_files: int | None = None) -> tuple[str, ...]:
    """Each note once, with the files that it is of; that a file of joints says nothing if it is so of all files."""
    lines = []
    for note, names in notes.items():
        files = list(dict.fromkeys(names))
        if note.startswith(NO_JOINT) and len(files) != num_files:
            continue
        more = f" and {len(files) - 2} more" if len(files) > 2 else ""
        lines.append(f"{', '.join(files[:2])}{more}: {note}")
    return tuple(lines)


def _held_out_line(options: PrepareOptions, splits: Iterable[str]) -> tuple[str, ...]:
    """What is to be said where something was to be held out and nothing is."""
    if options.val_fraction <= 0 or "val" in splits:
        return ()
    return (
        "nothing is held out: no style has two choreographies, and one of each is to be learned; add clips of another "
        "group to a style, name groups by --val-groups, or say --val-fraction 0",
    )


def _refuse(lines: Sequence[str]) -> None:
    """Makes an error of what would be told."""
    if lines:
        raise ValueError(f"{lines[0]} (an error because of --strict)")


def _recorded_tasks(
    folder: Path, options: PrepareOptions, notes: dict[str, list[str]]
) -> tuple[list[SequenceToMake], list[str], list[str]]:
    recordings, skipped = find_recordings(folder, options.sound_folder, options.how, parse_channels(options.channels))
    _note_rows(folder, recordings, notes)
    skeleton = None
    for recording in recordings:
        try:
            skeleton = read_motion(recording.motion_path, recording.how).skeleton
        except BAD_FILE:
            continue  # named and skipped when its turn comes
        break
    if skeleton is None:
        raise ValueError(
            f"not one of the {len(recordings)} motion files in {folder} can be read: {_why(recordings[0])}"
        )
    splits = split_groups({recording.group: recording.style for recording in recordings}, **_split_options(options))
    tasks = []
    for recording in recordings:
        split = splits[recording.group]
        sides = with_mirrored([recording]) if options.mirror and split == "train" else [recording]
        tasks += [SequenceToMake(side, split, skeleton, options) for side in sides]
    return tasks, sorted({recording.style for recording in recordings}), skipped


def _note_rows(folder: Path, recordings: list[Recording], notes: dict[str, list[str]]) -> None:
    """Tells of recordings that a clips.csv does not name, and of names in it that are no recording's."""
    if not (folder / "clips.csv").is_file():
        return
    paths = find_motion_files(folder)
    rows = clip_entries(folder, paths)
    for recording in recordings:
        if recording.motion_path.stem not in rows:
            notes.setdefault("no row in clips.csv, so no style and no tempo", []).append(recording.motion_path.name)
    for name in rows.keys() - {path.stem for path in paths}:
        notes.setdefault("named in clips.csv, and there is no such file", []).append(name)


def _why(recording: Recording) -> str:
    try:
        read_motion(recording.motion_path, recording.how)
    except BAD_FILE as error:
        return str(error)
    return "it can be read now"


def _chained_tasks(
    folder: Path, options: PrepareOptions, notes: dict[str, list[str]], on_progress: OnProgress
) -> tuple[list[SequenceToMake], list[str], list[str]]:
    clips, skeleton, skipped = read_clips(folder, options, notes, on_progress)
    entries = [clip.entry for clip in clips]
    splits = split_groups({entry.group: entry.genre for entry in entries}, **_split_options(options))
    shares = {"val": options.val_fraction, "test": options.test_fraction}
    shares["train"] = 1 - sum(shares.values())
    tasks: list[SequenceToMake] = []
    for number, split in enumerate(SPLITS):
        members = [clip for clip in clips if splits[clip.entry.group] == split]
        if not members:
            continue
        training = split == "train"
        choreographer = Choreographer(
            members, stretch=options.stretch if training else 1.02, may_mirror=options.mirror and training
        )
        remaining_s = options.hours * 3600 * shares[split]
        while remaining_s > 0:
            index = sum(task.split == split for task in tasks)
            rng = np.random.default_rng([options.seed, number, index])
            seconds = float(rng.uniform(*options.performance_s))
            performance = plan(f"{split}_{index:04d}", choreographer, rng, seconds=seconds)
            tasks.append(SequenceToMake(performance, split, skeleton, options))
            remaining_s -= seconds
    return tasks, sorted({entry.genre for entry in entries}), skipped


def read_clips(
    folder: Path,
    options: PrepareOptions,
    notes: dict[str, list[str]] | None = None,
    on_progress: OnProgress = lambda *_: None,
) -> tuple[list[Clip], Skeleton, list[str]]:
    """The clips whose tempo is known, their skeleton, and a sentence for each that cannot be used.

    Args:
        folder: Where they are.
        options: How they are prepared.
        notes: Takes what is left out or guessed, and the files of which.
        on_progress: Called with how many are read, of how many, and the next one's name.

    Raises:
        ValueError: no tempo is known, from clips.csv or names of AIST++, or no clip can be used.
    """
    paths = {path.stem: path for path in find_motion_files(folder)}
    entries = clip_entries(folder, paths.values())
    if not entries:
        raise ValueError(f"--chain needs {folder / 'clips.csv'}: a row a clip with the columns clip, genre, group, bpm")
    clips: list[Clip] = []
    skipped: list[str] = []
    skeleton: Skeleton | None = None
    for number, entry in enumerate(entries.values()):
        on_progress(number, len(entries), f"reading {entry.clip}")
        try:
            clip, skeleton, said = _read_clip(paths, entry, skeleton, options)
        except BAD_FILE as error:
            skipped.append(f"{paths[entry.clip].name if entry.clip in paths else entry.clip + '.bvh'}: {error}")
            continue
        clips.append(clip)
        for note in said:
            (notes if notes is not None else {}).setdefault(note, []).append(paths[entry.clip].name)
    if skeleton is None:
        raise ValueError(f"not one of {len(entries)} clips can be used: {skipped[0]}")
    return clips, skeleton, skipped


def _read_clip(
    paths: dict[str, Path], entry: ClipEntry, skeleton: Skeleton | None, options: PrepareOptions
) -> tuple[Clip, Skeleton, tuple[str, ...]]:
    if entry.clip not in paths:
        raise ValueError("listed in clips.csv, but there is no such file")
    reading = read_recording(paths[entry.clip], options.how)
    skeleton = skeleton or reading.motion.skeleton
    clip = make_clip(on_skeleton(reading.motion, skeleton), entry, options.rate_hz)
    return clip, skeleton, tuple(note.text for note in reading.notes)


def _split_options(options: PrepareOptions) -> dict[str, Any]:
    names = ("val_fraction", "test_fraction", "val_groups", "seed")
    return {name: getattr(options, name) for name in names}


def _fingerprint(codec: PoseCodec, options: PrepareOptions) -> dict[str, Any]:
    features = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=SAMPLE_RATE_HZ, rate_hz=options.rate_hz))
    standing = codec.encode(
        IdleMotion(codec.skeleton, options.rate_hz).motion(NUM_IDLE_SEED_POSES + 1, seed=options.seed)
    )
    settings = dataclasses.asdict(options)
    for here_only in ("sound_folder", "jobs", "cluster", "overwrite", "map", "unit", "strict"):
        del settings[here_only]
    if options.how.rig_map is not None:
        settings["map"] = dict(options.how.rig_map)
    if options.how.metres_per_unit is not None:
        settings["metres_per_unit"] = options.how.metres_per_unit
    return {
        "frame_rate_hz": options.rate_hz,
        "frame_instant": "row k is the instant (k + 1) / frame_rate_hz, when the sound of audio frame k is complete",
        "skeleton": codec.skeleton.to_dict(),
        "pose_codec": codec.to_dict(),
        "pose_columns": _bounds(codec.columns),
        "audio_fingerprint": features.fingerprint,
        "audio_columns": _bounds(features.columns),
        "music": "rendered by data.music at the clips' beats" if options.chain else "the recordings' own",
        "licence": options.licence,
        "attribution": options.attribution,
        # A dance may begin from any pose; standing is the one that every performance begins from.
        "seed_poses": {"idle": [[round(float(x), 6) for x in row] for row in standing[1:]]},
        "options": settings,
    }


def _bounds(columns: dict[str, slice]) -> dict[str, list[int]]:
    return {name: [part.start, part.stop] for name, part in columns.items()}
