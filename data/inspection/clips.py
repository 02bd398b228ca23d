"""The clips of a folder of recordings: found, read whatever is wrong with them, and checked."""

import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.dataset import aistpp
from data.dataset.motion_reading import AS_IT_IS, DANCE_ENDINGS, HowToRead, MotionReading, read_recording
from data.dataset.recordings import clip_entries, is_hidden, sound_of, sounds_by_name
from data.formats.bvh_bones import carried_joints
from data.formats.bvh_text import read_bvh_text
from data.formats.npz_file import read_npz_arrays
from data.inspection.duplicates import PoseTrack, pose_track
from data.inspection.finding import Finding
from data.inspection.motion_checks import motion_findings
from data.inspection.sound_checks import sound_findings
from data.inspection.thresholds import Thresholds
from data.motion.motion import Motion
from data.movement.measured_figure import measure

BROKEN: Final = (OSError, ValueError, RuntimeError, MemoryError)
"""What a broken file may raise, in whatever library reads it."""


@dataclass(frozen=True, kw_only=True)
class ClipTask:
    """A clip to inspect; all that another process needs.

    Attributes:
        clip: Name below the inspected folder.
        path: The motion.
        sound: Its sound, if there is one.
        sound_is_own: Whether it bears the motion's name, not a piece's that others dance to as well.
        bpm: Stated tempo.
        thresholds: Limits.
        how: What is said of the file beside what that tells.
        channels: Of the sound, those that are heard, from 1 on; None is all.
    """

    clip: str
    path: Path
    sound: Path | None
    sound_is_own: bool
    bpm: float | None
    thresholds: Thresholds
    how: HowToRead = AS_IT_IS
    channels: tuple[int, ...] | None = None


@dataclass(frozen=True, eq=False)
class ClipReport:
    """What was found in a clip.

    Attributes:
        clip: Its name.
        findings: In it alone.
        duration_s: Of its motion; 0 where that could not be read.
        has_sound: Whether there was sound beside it.
        track: Its poses, to be compared with other clips'.
        split: Where it belongs in a prepared folder.
    """

    clip: str
    findings: list[Finding]
    duration_s: float = 0.0
    has_sound: bool = False
    track: PoseTrack | None = field(default=None, repr=False)
    split: str | None = None


def find_clips(
    folder: Path,
    sound_folder: Path | None,
    thresholds: Thresholds,
    how: HowToRead | None = None,
    channels: tuple[int, ...] | None = None,
) -> list[ClipTask]:
    """Every motion file in a folder and below, with the sound that belongs to it.

    Sound lies beside the motion, in `sound_folder`, or in a folder beside that is called after what it holds; it bears
    the motion's name or, with AIST++, that of the piece. What an `ignore_list.txt` of AIST++ names is left out.

    Raises:
        ValueError: There is no motion file, or a clips.csv that cannot be meant.
    """
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in DANCE_ENDINGS and path.is_file())
    paths = [path for path in paths if not is_hidden(path)]
    ignored = {parent: aistpp.ignored_clips(parent) for parent in {path.parent for path in paths}}
    paths = [path for path in paths if path.stem not in ignored[path.parent]]
    if not paths:
        raise ValueError(f"no motion in {folder} or below: {', '.join(DANCE_ENDINGS)} are read")
    entries = {parent: clip_entries(parent, [path for path in paths if path.parent == parent]) for parent in ignored}
    sounds = {
        parent: sounds_by_name(
            [parent, folder, *([sound_folder] if sound_folder is not None else aistpp.music_folders(parent))]
        )
        for parent in ignored
    }
    tasks = []
    for path in paths:
        beside, entry = sounds[path.parent], entries[path.parent].get(path.stem)
        sound = sound_of(aistpp.sound_names(path.stem), beside)
        tasks.append(
            ClipTask(
                clip=path.relative_to(folder).as_posix(),
                path=path,
                sound=sound,
                sound_is_own=sound is not None and sound.stem.casefold() == path.stem.casefold(),
                bpm=None if entry is None else entry.bpm,
                thresholds=thresholds,
                how=how or AS_IT_IS,
                channels=channels,
            )
        )
    return tasks


def inspect_clip(task: ClipTask) -> ClipReport:
    """All that can be found in a clip by itself; whatever is broken is a finding."""
    findings, motion = read_clip(task)
    track, duration_s = None, 0.0
    if motion is not None:
        figure = measure(task.clip, motion, task.thresholds.size_factor)
        findings += motion_findings(figure, task.thresholds)
        track, duration_s = pose_track(figure.motion), motion.duration_s
    if task.sound is not None:
        try:
            findings += sound_findings(
                task.clip,
                task.sound,
                motion_s=duration_s or np.inf,
                is_own=task.sound_is_own,
                bpm=task.bpm,
                thresholds=task.thresholds,
                channels=task.channels,
            )
        except BROKEN as error:
            findings.append(Finding.unusable("unreadable", task.clip, _sentence(error)))
    return ClipReport(task.clip, findings, duration_s, task.sound is not None, track)


def read_clip(task: ClipTask) -> tuple[list[Finding], Motion | None]:
    """The motion of a clip, and what is wrong with it as a file; no motion where there can be none."""
    ending = task.path.suffix.lower()
    findings: list[Finding] = []
    try:
        if ending == ".bvh":
            findings = limb_changes(task)
        elif ending == ".npz":
            findings = bad_rotations(task)
        if any(finding.kind == "not-finite" for finding in findings):
            return findings, None
        reading = read_recording(task.path, task.how, as_rods=True)
    except (*BROKEN, zipfile.BadZipFile, EOFError, KeyError) as error:
        if not task.how.strict and any(finding.kind == "limb-length" for finding in findings):
            return findings, None  # a skeleton of fixed bones cannot show the rest
        return [Finding.unusable("unreadable", task.clip, _sentence(error))], None
    return findings + noted(task, reading), reading.motion


def noted(task: ClipTask, reading: MotionReading) -> list[Finding]:
    """What the reader left out or guessed, as findings."""
    findings = []
    for kind, text, value in reading.notes:
        if kind == "unit":
            limit = task.thresholds.size_factor
            factor = max(value / 0.01, 0.01 / value)
            findings.append(Finding.beyond("odd-size", task.clip, text, factor, "times a centimetre", limit))
        elif kind == "body":
            findings.append(Finding.unusable("not-understood", task.clip, text))
        elif kind in ("joints", "names"):
            findings.append(Finding.beyond("not-understood", task.clip, text, 1.0, "", 1.0))
    return findings


def limb_changes(task: ClipTask) -> list[Finding]:
    """Joints of a BVH file, the hips left out, whose position channels change the length of the bone to them."""
    content = read_bvh_text(task.path)
    carried = carried_joints(content, task.how.rig_map)
    findings, column = [], 0
    for index, joint in enumerate(content.joints):
        channels = joint.channels or ()
        placed = np.tile(np.array(joint.offset, np.float64), (len(content.values), 1))
        for offset, channel in enumerate(channels):
            if channel[1] == "p":
                placed[:, "xyz".index(channel[0])] = content.values[:, column + offset]
        column += len(channels)
        length = np.linalg.norm(placed, axis=1)
        usual = float(np.median(length))
        if index in carried or usual < 1e-6:
            continue
        change = np.abs(length / usual - 1)
        frame = int(change.argmax())
        if change[frame] > task.thresholds.limb_change:
            findings.append(
                Finding.beyond(
                    "limb-length",
                    task.clip,
                    f"the bone to {joint.name} is {length[frame] / usual:.2f} times as long as usual in frame {frame}; "
                    "export with rotations only",
                    float(change[frame]),
                    "of its length",
                    task.thresholds.limb_change,
                    start_s=frame / content.rate_hz,
                    frame=frame,
                    joint=joint.name,
                )
            )
    return sorted(findings, key=lambda finding: -finding.severity)[:3]


def bad_rotations(task: ClipTask) -> list[Finding]:
    """Numbers of an .npz that are no rotations, by joint and frame."""
    with task.path.open("rb") as file:
        arrays = read_npz_arrays(file)
    if not {"rotations", "root_positions", "names", "rate_hz"} <= set(arrays):
        return []  # the reader says what is missing
    turned, roots = arrays["rotations"].astype(np.float64), arrays["root_positions"]
    names, rate_hz = [str(name) for name in arrays["names"]], float(arrays["rate_hz"])
    if turned.ndim != 3 or turned.shape[1:] != (len(names), 4) or not rate_hz > 0:
        return []
    bad: NDArray[np.bool_] = np.asarray(~np.isfinite(turned).all(axis=-1))
    if roots.shape == (len(turned), 3):
        bad[:, 0] |= ~np.isfinite(roots).all(axis=-1)
    return rotation_findings(
        task.clip, bad, np.abs(np.linalg.norm(turned, axis=-1) - 1), names, rate_hz, task.thresholds
    )


def rotation_findings(
    clip: str,
    not_finite: NDArray[np.bool_],
    length_error: NDArray[np.float64],
    names: list[str],
    rate_hz: float,
    thresholds: Thresholds,
) -> list[Finding]:
    """Findings of (frames, joints): which are not finite, and by how much lengths that should be one are off."""
    if not_finite.any():
        frame, joint = (int(index) for index in np.argwhere(not_finite)[0])
        count = Counter(np.argwhere(not_finite)[:, 1].tolist())
        return [
            Finding.unusable(
                "not-finite",
                clip,
                f"{names[joint]} is NaN or infinite in frame {frame}; {not_finite.any(axis=1).sum()} frames and "
                f"{len(count)} joints in all",
                float(not_finite.sum()),
                "numbers",
                start_s=frame / rate_hz,
                frame=frame,
                joint=names[joint],
            )
        ]
    frame, joint = (int(index) for index in np.unravel_index(int(length_error.argmax()), length_error.shape))
    error = float(length_error[frame, joint])
    if error <= thresholds.unit_error:
        return []
    return [
        Finding.beyond(
            "non-unit",
            clip,
            f"the rotation of {names[joint]} is off by {error:.2g} in its length in frame {frame}; "
            f"{(length_error > thresholds.unit_error).any(axis=1).sum()} such frames",
            error,
            "of a length of 1",
            thresholds.unit_error,
            start_s=frame / rate_hz,
            frame=frame,
            joint=names[joint],
        )
    ]


def _sentence(error: BaseException) -> str:
    return f"{error}" or type(error).__name__
