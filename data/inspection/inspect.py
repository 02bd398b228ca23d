"""An inspection: every clip of a folder, over all cores, and what they have in common."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from data.dataset.cluster import run_parallel
from data.dataset.motion_reading import HowToRead
from data.inspection.clips import ClipReport, ClipTask, find_clips, inspect_clip
from data.inspection.duplicates import duplicates
from data.inspection.finding import Finding, ranked
from data.inspection.prepared import SequenceTask, find_sequences, inspect_sequence
from data.inspection.thresholds import Thresholds

Task = ClipTask | SequenceTask


@dataclass(frozen=True, eq=False)
class Inspection:
    """What was found in a folder.

    Attributes:
        folder: The folder.
        is_prepared: Whether it is a prepared one.
        tasks: What was inspected, by clip.
        clips: A report of each clip.
        findings: All of them, worst first.
        thresholds: From what value on something is a finding.
    """

    folder: Path
    is_prepared: bool
    tasks: dict[str, Task]
    clips: list[ClipReport]
    findings: list[Finding]
    thresholds: Thresholds

    @property
    def duration_s(self) -> float:
        """Length of all motion that could be read."""
        return sum(clip.duration_s for clip in self.clips)


def inspect(
    folder: Path,
    thresholds: Thresholds,
    *,
    sound_folder: Path | None = None,
    how: HowToRead | None = None,
    channels: tuple[int, ...] | None = None,
    jobs: int = 0,
    on_clip: Callable[[int, int, str], None] | None = None,
) -> Inspection:
    """Inspects a folder of recordings, or a prepared one.

    Args:
        folder: The folder; it is read and never written.
        thresholds: Limits.
        sound_folder: Where the sound of recordings is, if it does not lie with the motion.
        how: What is said of recordings beside what they tell.
        channels: Of their sound, those that are heard, from 1 on; None is all.
        jobs: Processes; 0 takes every core.
        on_clip: Called with (clips done, clips in all, name of the last).

    Raises:
        ValueError: There is nothing to inspect.
    """
    if not folder.is_dir():
        raise ValueError(f"{folder} is not a folder")
    is_prepared = (folder / "fingerprint.json").is_file()
    findings: list[Finding] = []
    tasks: list[Task]
    if is_prepared:
        if sound_folder is not None:
            raise ValueError(f"--sound-folder is for recordings; {folder} is prepared and holds its sound")
        if channels is not None:
            raise ValueError(f"--channels is for recordings; in {folder}, which is prepared, no channels are left")
        sequences, findings = find_sequences(folder, thresholds)
        tasks = list(sequences)
    else:
        tasks = list(find_clips(folder, sound_folder, thresholds, how, channels))
    reports: list[ClipReport] = []
    for report in run_parallel(inspect_task, tasks, jobs=jobs):
        reports.append(report)
        if on_clip is not None:
            on_clip(len(reports), len(tasks), report.clip)
    tracks = {report.clip: report.track for report in reports if report.track is not None}
    splits = {report.clip: report.split or "" for report in reports} if is_prepared else None
    findings += duplicates(tracks, thresholds, splits)
    findings += [finding for report in reports for finding in report.findings]
    names = [task.name if isinstance(task, SequenceTask) else task.clip for task in tasks]
    return Inspection(folder, is_prepared, dict(zip(names, tasks, strict=True)), reports, ranked(findings), thresholds)


def inspect_task(task: Task) -> ClipReport:
    """The report of a clip or a sequence; runs in another process."""
    return inspect_sequence(task) if isinstance(task, SequenceTask) else inspect_clip(task)
