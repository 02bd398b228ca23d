"""The measures of an evaluation: each a number for a set of dances beside real ones, and what it cannot see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from data.motion import Motion
from training.evaluation.dances import Dance
from training.metrics import feet, motion
from training.metrics.beats import BeatMatch, beat_coherence, beat_lock, match_beats, motion_beats_s, music_beats_s
from training.metrics.diversity import diversity, kinetic_features
from training.metrics.frechet import DanceDistance, movements, poses, three_poses

Better = Literal["lower", "higher", "as real"]


class Reference:
    """Real dances of the held-out split, which everything is measured against.

    Args:
        dances: The real dances.
    """

    def __init__(self, dances: Sequence[Dance]) -> None:
        vectors = [dance.vectors for dance in dances]
        self.dances = list(dances)
        self.distances = {
            "fpd": DanceDistance(vectors, poses),
            "fmd": DanceDistance(vectors, movements),
            "fpd_paper": DanceDistance(vectors, poses, as_in_paper=True),
            "fmd_paper": DanceDistance(vectors, three_poses, as_in_paper=True),
        }
        self.kinetic_std: NDArray[np.float64] = np.std([kinetic_features(dance.motion) for dance in dances], 0)
        self.standing_m = float(np.median([feet.standing_height_m(dance.motion) for dance in dances]))

    @cached_property
    def values(self) -> dict[str, float]:
        """What the measures say of the real dances themselves."""
        return {measure.key: measure.of(self.dances, self) for measure in MEASURES if measure.better == "as real"}


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One number for a set of dances.

    Attributes:
        key: Name in JSON and CSV, with its unit.
        label: Name in tables.
        better: ``lower``, ``higher``, or the nearer to that of the real dances the better.
        of: The number.
        blind_to: Corruptions of real dance (see `training.evaluation.corruptions`) that it need not rank below it.
        digits: Behind the point, in tables.
    """

    key: str
    label: str
    better: Better
    of: Callable[[Sequence[Dance], Reference], float]
    blind_to: tuple[str, ...] = ()
    digits: int = 2

    def badness(self, value: float, reference: Reference) -> float:
        """How bad a value is; only the order matters."""
        if not np.isfinite(value):
            return float("inf")
        if self.better == "as real":
            return abs(value - reference.values[self.key])
        return value if self.better == "lower" else -value


def _distance(key: str) -> Callable[[Sequence[Dance], Reference], float]:
    return lambda dances, real: real.distances[key]([dance.vectors for dance in dances])


def _mean(of: Callable[[Dance], float]) -> Callable[[Sequence[Dance], Reference], float]:
    return lambda dances, real: float(np.mean([of(dance) for dance in dances]))


def _beat(of: Callable[[BeatMatch], float]) -> Callable[[Sequence[Dance], Reference], float]:
    def mean(dances: Sequence[Dance], real: Reference) -> float:
        values = np.array([of(beat_match(dance)) for dance in dances])
        return float(values[np.isfinite(values)].mean()) if np.isfinite(values).any() else float("nan")

    return mean


def beat_match(dance: Dance) -> BeatMatch:
    """How a dance's beats meet those of its music."""
    return match_beats(motion_beats_s(dance.motion), music_beats_s(dance.beat, dance.motion.rate_hz))


def coherence(dance: Dance) -> float:
    """Size of a dance's beat coherence."""
    return abs(beat_coherence(dance.pose_speed, dance.beat))


def lock(dance: Dance) -> float:
    """A dance's beat lock."""
    return beat_lock(dance.pose_speed, dance.beat, dance.fastest_rad)


def _contact(dances: Sequence[Dance], real: Reference) -> float:
    return float(np.mean([feet.foot_contact_share(dance.motion, real.standing_m) for dance in dances]))


def _diversity(dances: Sequence[Dance], real: Reference) -> float:
    return diversity([kinetic_features(dance.motion) for dance in dances], real.kinetic_std)


def _of_motion(of: Callable[[Motion], float]) -> Callable[[Sequence[Dance], Reference], float]:
    return _mean(lambda dance: of(dance.motion))


MEASURES: tuple[Measure, ...] = (
    Measure(
        key="fpd",
        label="FPD",
        better="lower",
        of=_distance("fpd"),
        blind_to=("freeze", "time warp", "skating"),
    ),
    Measure(
        key="fmd",
        label="FMD",
        better="lower",
        of=_distance("fmd"),
        blind_to=("skating",),
    ),
    Measure(
        key="fpd_paper",
        label="FPD, paper's form",
        better="lower",
        of=_distance("fpd_paper"),
        blind_to=("time warp", "skating"),
    ),
    Measure(
        key="fmd_paper",
        label="FMD, paper's form",
        better="lower",
        of=_distance("fmd_paper"),
        blind_to=("time warp", "skating"),
    ),
    Measure(
        key="joint_speed_m_s",
        label="joint speed, m/s",
        better="as real",
        of=_of_motion(lambda body: float(motion.joint_speed(body).mean())),
        blind_to=("time warp", "skating"),
    ),
    Measure(
        key="jerk_m_s3",
        label="jerk, m/s³",
        better="as real",
        of=_of_motion(motion.jerk),
        blind_to=("freeze", "time warp", "skating"),
        digits=0,
    ),
    Measure(
        key="foot_sliding_m_s",
        label="foot sliding, m/s",
        better="as real",
        of=_of_motion(feet.foot_sliding_m_s),
    ),
    Measure(
        key="foot_contact_share",
        label="foot contact",
        better="as real",
        of=_contact,
        blind_to=("time warp",),
    ),
    Measure(
        key="freeze_share",
        label="frozen",
        better="as real",
        of=_of_motion(motion.freeze_share),
        blind_to=("jitter", "skating"),
        digits=3,
    ),
    Measure(
        key="diversity",
        label="diversity",
        better="as real",
        of=_diversity,
        blind_to=("jitter", "time warp", "skating"),
    ),
    Measure(
        key="beat_precision",
        label="beat precision",
        better="higher",
        of=_beat(lambda match: match.precision),
        blind_to=("skating",),
    ),
    Measure(
        key="beat_recall",
        label="beat recall",
        better="higher",
        of=_beat(lambda match: match.recall),
        blind_to=("jitter", "skating"),
    ),
    Measure(
        key="beat_f1",
        label="beat F1",
        better="higher",
        of=_beat(lambda match: match.f1),
        blind_to=("skating",),
    ),
    Measure(
        key="beat_offset_s",
        label="beat offset, s",
        better="lower",
        of=_beat(lambda match: match.offset_s),
        blind_to=("jitter", "skating"),
        digits=3,
    ),
    Measure(
        key="beat_coherence",
        label="beat coherence",
        better="higher",
        of=_mean(coherence),
        blind_to=("skating",),
        digits=3,
    ),
    Measure(
        key="beat_lock",
        label="beat lock",
        better="higher",
        of=_mean(lock),
        blind_to=("skating",),
        digits=3,
    ),
)


def measure_all(dances: Sequence[Dance], reference: Reference) -> dict[str, float]:
    """Every measure of a set of dances, by key."""
    return {measure.key: measure.of(dances, reference) for measure in MEASURES}
