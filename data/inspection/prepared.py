"""The sequences of a prepared folder, checked as the trainer would read them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from data.dataset.prepared_folder import SPLITS, read_fingerprint
from data.inspection.clips import BROKEN, ClipReport, rotation_findings
from data.inspection.duplicates import pose_track
from data.inspection.finding import Finding
from data.inspection.motion_checks import motion_findings
from data.inspection.sound_checks import silence_of, tempo_doubt
from data.inspection.thresholds import Thresholds
from data.motion.motion import Motion
from data.motion.pose_codec import LARGEST_VALUE, PoseCodec
from data.movement.measured_figure import measure

FEATURES: Final = ("pose", "audio", "beat", "energy", "style")
_SILENT_MEL: Final = -2.99
"""A mel column at its floor of -60 dB is -3."""
_FRAMED: Final = ("pose", "audio", "beat", "energy")


@dataclass(frozen=True, kw_only=True)
class SequenceTask:
    """A sequence to inspect; all that another process needs."""

    folder: Path
    name: str
    split: str
    num_frames: int
    document: dict[str, Any]
    thresholds: Thresholds


def find_sequences(folder: Path, thresholds: Thresholds) -> tuple[list[SequenceTask], list[Finding]]:
    """The sequences of a prepared folder, and what is wrong with its lists.

    Raises:
        ValueError: It is no prepared folder.
    """
    document = read_fingerprint(folder)
    shared = {key: document[key] for key in ("pose_codec", "pose_columns", "audio_columns", "frame_rate_hz")}
    tasks = [
        SequenceTask(
            folder=folder,
            name=name,
            split=entry["split"],
            num_frames=entry["num_frames"],
            document=shared,
            thresholds=thresholds,
        )
        for name, entry in document["sequences"].items()
    ]
    findings = []
    for split in SPLITS:
        path = folder / f"base_filenames_{split}.txt"
        listed = set(path.read_text("utf-8").split()) if path.is_file() else set()
        meant = {task.name for task in tasks if task.split == split}
        for name in sorted(listed ^ meant):
            where = path.name if name in listed else "fingerprint.json"
            findings.append(Finding.unusable("unreadable", name, f"of the split {split} only according to {where}"))
    return tasks, [*findings, *split_leaks(document)]


def split_leaks(document: dict[str, Any]) -> list[Finding]:
    """Choreographies that stand in two splits, by the names of what sequences were made of."""
    places: dict[str, dict[str, str]] = {}
    for name, entry in document["sequences"].items():
        for group in {*entry["groups"], *(source.removesuffix("_mirrored") for source in entry["sources"])}:
            places.setdefault(group, {}).setdefault(entry["split"], name)
    return [
        Finding.unusable(
            "split-leak",
            next(iter(where.values())),
            f"{group} stands in {' and '.join(where)}: what is held out was seen in training",
            float(len(where)),
            "splits",
            other=list(where.values())[1],
        )
        for group, where in sorted(places.items())
        if len(where) > 1
    ]


def inspect_sequence(task: SequenceTask) -> ClipReport:
    """All that can be found in a sequence by itself; whatever is broken is a finding."""
    arrays, findings = _load(task)
    rate_hz = float(task.document["frame_rate_hz"])
    lengths = {name: len(arrays[name]) for name in _FRAMED if name in arrays} | {"fingerprint.json": task.num_frames}
    if len(set(lengths.values())) > 1:
        least, most = min(lengths.values()), max(lengths.values())
        findings.append(
            Finding.beyond(
                "length-mismatch",
                task.name,
                ", ".join(f"{name} {length}" for name, length in lengths.items()) + " frames",
                (most - least) / rate_hz,
                "s",
                1 / rate_hz / 2,
                start_s=least / rate_hz,
                end_s=most / rate_hz,
            )
        )
    for name, array in arrays.items():
        if name != "pose" and not np.isfinite(array).all():
            frame = int(np.argwhere(~np.isfinite(array))[0, 0])
            findings.append(
                Finding.unusable(
                    "not-finite",
                    task.name,
                    f"{name} is NaN or infinite in row {frame}",
                    float((~np.isfinite(array)).sum()),
                    "numbers",
                    start_s=frame / rate_hz,
                    frame=frame,
                )
            )
    motion, wrong = decoded(task, arrays.get("pose"))
    findings += wrong
    track = None
    if motion is not None:
        figure = measure(task.name, motion, task.thresholds.size_factor)
        findings += motion_findings(figure, task.thresholds)
        track = pose_track(figure.motion)
    if "audio" in arrays and "beat" in arrays and not any(f.kind == "not-finite" for f in findings):
        findings += _sound_findings(task, arrays["audio"], arrays["beat"], rate_hz)
    return ClipReport(task.name, findings, task.num_frames / rate_hz, "audio" in arrays, track, task.split)


def _load(task: SequenceTask) -> tuple[dict[str, NDArray[Any]], list[Finding]]:
    arrays, findings = {}, []
    for name in FEATURES:
        path = task.folder / f"{task.name}.{name}.npy"
        try:
            array = np.load(path, allow_pickle=False)
            if name in _FRAMED and (array.ndim != 2 or not len(array)):
                raise ValueError(f"is {array.dtype} {array.shape}, expected (frames, columns)")
            arrays[name] = array
        except (*BROKEN, EOFError) as error:
            findings.append(Finding.unusable("unreadable", task.name, f"{path.name}: {error}"))
    return arrays, findings


def decoded(task: SequenceTask, pose: NDArray[np.float32] | None) -> tuple[Motion | None, list[Finding]]:
    """The motion of pose vectors, and the vectors that are none."""
    codec = PoseCodec.from_dict(task.document["pose_codec"])
    if pose is None:
        return None, []
    if pose.shape[1] != codec.dims:
        words = f"{task.name}.pose.npy has {pose.shape[1]} columns, its codec {codec.dims}"
        return None, [Finding.unusable("unreadable", task.name, words)]
    joints = list(codec.skeleton.names)
    blocks = pose[:, 4:].reshape(len(pose), len(joints), -1).astype(np.float64)
    # written so that NaN is bad too
    bad: NDArray[np.bool_] = np.asarray(~(np.abs(blocks) <= LARGEST_VALUE).all(axis=-1))
    bad[:, 0] |= ~(np.abs(pose[:, :4]) <= LARGEST_VALUE).all(axis=-1)
    error: NDArray[np.float64] = np.zeros(bad.shape)
    if codec.rotation == "6d" and not bad.any():
        a, b = blocks[..., :3], blocks[..., 3:]
        lengths = np.abs(np.linalg.norm(np.stack([a, b]), axis=-1) - 1).max(axis=0)
        error = np.maximum(lengths, np.abs(np.einsum("fji,fji->fj", a, b)))
    findings = rotation_findings(task.name, bad, error, joints, codec.rate_hz, task.thresholds)
    return (None if bad.any() else codec.decode(pose)), findings


def _sound_findings(
    task: SequenceTask, audio: NDArray[np.float32], beat: NDArray[np.float32], rate_hz: float
) -> list[Finding]:
    """Silence where there are beats, and the tempo of the beats beside the tracker's."""
    rows = min(len(audio), len(beat))
    columns = task.document["audio_columns"]
    mel = audio[:rows, slice(*columns["mel"])]
    position = beat[:rows, 0].astype(np.float64)
    sounds = position >= 0
    silent = np.asarray((mel <= _SILENT_MEL).all(axis=1))
    if sounds.any():  # where beats are known, silence without them is meant
        silent &= sounds
    step = np.diff(position, append=np.nan)
    step[~sounds | (step <= 0)] = np.nan
    bpm = 60 * rate_hz * step
    bpm[bpm > 400] = np.nan  # where one song follows another
    heard = audio[:rows, slice(*columns["beat"])]
    return [
        *silence_of(task.name, silent, rate_hz, task.thresholds),
        *tempo_doubt(task.name, heard, rate_hz, bpm, task.thresholds),
    ]
