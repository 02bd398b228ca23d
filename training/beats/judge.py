"""Every tracker on every clip, each clip in a process that may be another; and what that says of groups of clips."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from training.beats.annotation import Annotation, read_lines
from training.beats.clips import BeatClip
from training.beats.controls import CONTROLS, control
from training.beats.measures import ClipMeasures, measure
from training.beats.others import OTHERS, rising
from training.beats.track import BeatTrack, Curve, track_live

OURS: Final = "transflower"
ALL: Final = "all"


@dataclass(frozen=True, kw_only=True)
class Judging:
    """How clips are judged.

    Attributes:
        skip_s: So much of each clip is passed over.
        ahead_s: Our tracker tells the beat so much ahead.
        others: Trackers of others that are here.
        beside: Folders with .beats files that other programs made, by the name that they go by.
        controls: Whether claims of known worth are measured as well.
    """

    skip_s: float = 5.0
    ahead_s: float = 0.0
    others: tuple[str, ...] = ()
    beside: tuple[tuple[str, Path], ...] = ()
    controls: bool = False

    @property
    def names(self) -> list[str]:
        """Of the trackers, ours first."""
        return [OURS, *self.others, *(name for name, _ in self.beside), *(CONTROLS if self.controls else ())]


@dataclass(frozen=True)
class JudgingTask:
    """A clip to judge, for a process of its own."""

    clip: BeatClip
    judging: Judging


@dataclass(frozen=True, eq=False)
class JudgedClip:
    """What was found of a clip.

    Attributes:
        clip: Which.
        truth: Its beats.
        measures: By the tracker's name; one that has no beats of this clip is missing.
        track: Our tracker's claims.
    """

    clip: BeatClip
    truth: Annotation
    measures: Mapping[str, ClipMeasures]
    track: BeatTrack


def judge_clip(task: JudgingTask) -> JudgedClip:
    """All trackers on one clip.

    Raises:
        ValueError: Sound or beats cannot be read, do not belong together, or too little is left behind what is skipped.
    """
    clip, judging = task.clip, task.judging
    samples, rate_hz, truth = clip.read()
    duration_s = len(samples) / rate_hz
    if (left := int((truth.times_s >= judging.skip_s).sum())) < 2:
        raise ValueError(
            f"{clip.beats}: {left} beat(s) after the first {judging.skip_s:g} s, which are passed over, and two are "
            "needed; leave the clip out, or pass over less: --skip 0"
        )
    ours = track_live(samples, rate_hz, judging.ahead_s)
    measures = {OURS: measure(ours, truth, judging.skip_s)}
    for name in judging.others:
        measures[name] = measure(OTHERS[name].track(samples, rate_hz), truth, judging.skip_s)
    for name, folder in judging.beside:
        if (path := beside_path(folder, clip)).is_file():
            lines = read_lines(path, knows_places=True)
            track = BeatTrack.of_beats(rising(lines.times_s), duration_s, lines.downbeats_s)
            measures[name] = measure(track, truth, judging.skip_s)
    for name in CONTROLS if judging.controls else ():
        measures[name] = measure(control(name, truth, duration_s), truth, judging.skip_s)
    return JudgedClip(clip, truth, measures, ours)


def beside_path(folder: Path, clip: BeatClip) -> Path:
    """Where another program's beats of a clip are: at its name, as the table of clips shows it, with .beats behind."""
    return folder / f"{clip.name}.beats"


@dataclass(frozen=True, kw_only=True)
class GroupMeasures:
    """One tracker on all clips of a group: means over clips; see `ClipMeasures`.

    Attributes:
        name: Of the group.
        num_clips: How many.
        f_measure, cmlt, amlt, in_phase, right_tempo, double_tempo, half_tempo, in_phase_any: Means.
        lock_median_s: Half of the clips are locked after so long; infinite where fewer ever are.
        lock_90_s: Nine of ten are.
        num_unlocked: Clips that never are.
        downbeat_f: Mean over the clips whose bars are known to both; NaN if there is none.
        sure_share: Share of all frames with a confidence over 0.9; NaN where the tracker does not say.
        sure_right: Share of these that are in phase.
        calibration_error: Expected calibration error (Naeini, Cooper & Hauskrecht 2015); see `calibration`.
    """

    name: str
    num_clips: int
    f_measure: float
    cmlt: float
    amlt: float
    in_phase: float
    right_tempo: float
    double_tempo: float
    half_tempo: float
    in_phase_any: float
    lock_median_s: float
    lock_90_s: float
    num_unlocked: int
    downbeat_f: float
    sure_share: float
    sure_right: float
    calibration_error: float

    @classmethod
    def of(cls, name: str, some: Sequence[ClipMeasures]) -> "GroupMeasures":
        """Of at least one clip."""
        locks = np.sort([one.lock_s for one in some])
        downbeats = [one.downbeat_f for one in some if not math.isnan(one.downbeat_f)]
        confidence, is_right = pooled(some)
        sure = confidence > SURE
        return cls(
            name=name,
            num_clips=len(some),
            f_measure=float(np.mean([one.f_measure for one in some])),
            cmlt=float(np.mean([one.cmlt for one in some])),
            amlt=float(np.mean([one.amlt for one in some])),
            in_phase=float(np.mean([one.in_phase for one in some])),
            right_tempo=float(np.mean([one.right_tempo for one in some])),
            double_tempo=float(np.mean([one.double_tempo for one in some])),
            half_tempo=float(np.mean([one.half_tempo for one in some])),
            in_phase_any=float(np.mean([one.in_phase_any for one in some])),
            lock_median_s=float(np.median(locks)),
            lock_90_s=float(locks[math.ceil(0.9 * len(locks)) - 1]),
            num_unlocked=int(np.isinf(locks).sum()),
            downbeat_f=float(np.mean(downbeats)) if downbeats else math.nan,
            sure_share=float(sure.mean()) if len(confidence) else math.nan,
            sure_right=float(is_right[sure].mean()) if sure.any() else math.nan,
            calibration_error=calibration(confidence, is_right).error,
        )


SURE: Final = 0.9


def pooled(some: Sequence[ClipMeasures]) -> tuple[Curve, Curve]:
    """Confidence and rightness of the frames of all clips, (frames,) each; empty where no confidence is stated."""
    sure = [one for one in some if len(one.confidence)]
    if not sure:
        return np.zeros(0), np.zeros(0)
    return np.concatenate([one.confidence for one in sure]), np.concatenate([one.is_right for one in sure]).astype(
        float
    )


@dataclass(frozen=True, eq=False)
class Calibration:
    """Whether a tracker is right as often as it says.

    Attributes:
        edges: Of the bins of confidence, (bins + 1,).
        share: Share of the frames in each bin, (bins,).
        stated: Mean confidence in each, (bins,); NaN where there is none.
        right: Share of each bin's frames that are in phase, (bins,); NaN where there is none.
    """

    edges: Curve
    share: Curve
    stated: Curve
    right: Curve

    @property
    def error(self) -> float:
        """Expected calibration error: mean distance of stated confidence and share that is right; NaN without any."""
        if not self.share.any():
            return math.nan
        return float(np.nansum(self.share * np.abs(self.stated - self.right)))


def calibration(confidence: Curve, is_right: Curve, num_bins: int = 10) -> Calibration:
    """Bins of equal width, from 0 to 1.

    Example:
        >>> found = calibration(np.array([0.95, 0.95, 0.15, 0.15]), np.array([1.0, 0.0, 0.0, 0.0]))
        >>> found.right[9].item(), found.share[1].item(), round(found.error, 3)
        (0.5, 0.5, 0.3)
    """
    edges = np.linspace(0, 1, num_bins + 1)
    places = np.clip((confidence * num_bins).astype(int), 0, num_bins - 1)
    counts = np.bincount(places, minlength=num_bins).astype(float)
    safe = np.where(counts, counts, np.nan)
    return Calibration(
        edges=edges,
        share=counts / max(len(confidence), 1),
        stated=np.bincount(places, confidence, num_bins) / safe,
        right=np.bincount(places, is_right, num_bins) / safe,
    )


@dataclass(frozen=True, eq=False)
class TrackerResult:
    """One tracker on everything.

    Attributes:
        name: Of the tracker.
        groups: In the order of their names; `ALL` last, if there is more than one.
        calibration: Over the frames of all clips.
    """

    name: str
    groups: tuple[GroupMeasures, ...]
    calibration: Calibration

    @property
    def whole(self) -> GroupMeasures:
        """All clips."""
        return self.groups[-1]


def results_of(clips: Sequence[JudgedClip], names: Sequence[str]) -> list[TrackerResult]:
    """By tracker; one that judged no clip is left out."""
    results = []
    for name in names:
        found = [(one.clip.group, one.measures[name]) for one in clips if name in one.measures]
        if not found:
            continue
        groups = sorted({group for group, _ in found})
        rows = [GroupMeasures.of(group, [one for other, one in found if other == group]) for group in groups]
        everything = [one for _, one in found]
        if len(groups) > 1:
            rows.append(GroupMeasures.of(ALL, everything))
        results.append(TrackerResult(name, tuple(rows), calibration(*pooled(everything))))
    return results
