"""The measures of an evaluation: each a number for a set of dances beside real ones, and what it cannot see."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from data.motion.motion import Motion
from data.movement import feet, ground, speed
from data.movement.facing import front_share
from data.movement.standing import longest_stand_s
from data.movement.velocity_power import accent_power
from training.evaluation.corruptions import CORRUPTIONS
from training.evaluation.dances import Dance
from training.evaluation.linear_dance import LinearDance
from training.metrics.beats import BeatMatch, beat_coherence, beat_lock, match_beats, motion_beats_s, music_beats_s
from training.metrics.copying import LearnedWindows
from training.metrics.diversity import diversity, kinetic_features
from training.metrics.frechet import DanceDistance, movements, poses, three_poses
from training.metrics.repetition import LAGS_BEATS

Better = Literal["lower", "higher", "as real"]


class Reference:
    """Real dances of the held-out split, which everything is measured against.

    Args:
        dances: The real dances.
        linear: What inertia predicts, fitted to dances that were learned from; to the real dances, if not given.
        learned: Windows of the dances that were learned from; None if they are not known.
    """

    def __init__(
        self, dances: Sequence[Dance], linear: LinearDance | None = None, learned: LearnedWindows | None = None
    ) -> None:
        vectors = [dance.vectors for dance in dances]
        self.linear = LinearDance.fit(vectors) if linear is None else linear
        self.learned = learned
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
        chosen = [measure for measure in (*MEASURES, COPYING) if measure.better == "as real"]
        return {measure.key: measure.of(self.dances, self) for measure in chosen}


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One number for a set of dances.

    Attributes:
        key: Name in JSON and CSV, with its unit.
        label: Name in tables.
        better: ``lower``, ``higher``, or the nearer to that of the real dances the better.
        of: The number.
        sees: Corruptions of real dance (see `training.evaluation.corruptions`) that it ranks below it.
        needs_beats: It says nothing of dances whose beats are not known.
        digits: Behind the point, in tables.
    """

    key: str
    label: str
    better: Better
    of: Callable[[Sequence[Dance], Reference], float]
    sees: tuple[str, ...] = ()
    needs_beats: bool = False
    digits: int = 2

    @property
    def blind_to(self) -> tuple[str, ...]:
        """Corruptions that it need not rank below real dance."""
        return tuple(name for name in CORRUPTIONS if name not in self.sees)

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
    rate_hz = dance.motion.rate_hz
    return match_beats(motion_beats_s(dance.pose_speed, rate_hz), music_beats_s(dance.beat, rate_hz))


def coherence(dance: Dance) -> float:
    """Size of a dance's beat coherence."""
    return abs(beat_coherence(dance.pose_speed, dance.beat))


def knows_beats(dances: Sequence[Dance]) -> bool:
    """Whether the beats of any of the dances are known."""
    return any(np.isfinite(dance.beat).all() for dance in dances)


def lock(dance: Dance) -> float:
    """A dance's beat lock."""
    return beat_lock(dance.pose_speed, dance.beat, dance.fastest_rad)


def _contact(dances: Sequence[Dance], real: Reference) -> float:
    return float(np.mean([feet.foot_contact_share(dance.motion, real.standing_m) for dance in dances]))


def _diversity(dances: Sequence[Dance], real: Reference) -> float:
    return diversity([kinetic_features(dance.motion) for dance in dances], real.kinetic_std)


def _innovation(dances: Sequence[Dance], real: Reference) -> float:
    return real.linear.innovation_rms([dance.vectors for dance in dances])


def _copying(dances: Sequence[Dance], real: Reference) -> float:
    if real.learned is None:
        return float("nan")
    return float(np.nanmean([real.learned.distance(dance.vectors) for dance in dances]))


def _likeness(lag: int) -> Callable[[Sequence[Dance], Reference], float]:
    def mean(dances: Sequence[Dance], real: Reference) -> float:
        values = np.array([dance.likeness[LAGS_BEATS.index(lag)] for dance in dances])
        return float(values[np.isfinite(values)].mean()) if np.isfinite(values).any() else float("nan")

    return mean


def _most(of: Callable[[Motion], float]) -> Callable[[Sequence[Dance], Reference], float]:
    return lambda dances, real: max(of(dance.motion) for dance in dances)


def _of_motion(of: Callable[[Motion], float]) -> Callable[[Sequence[Dance], Reference], float]:
    return _mean(lambda dance: of(dance.motion))


MEASURES: Final[tuple[Measure, ...]] = (
    Measure(
        key="fpd",
        label="FPD",
        better="lower",
        of=_distance("fpd"),
        sees=("jitter", "floating", "leaning"),
    ),
    Measure(
        key="fmd",
        label="FMD",
        better="lower",
        of=_distance("fmd"),
        sees=("jitter", "freeze", "time warp", "blur", "floating", "leaning"),
    ),
    Measure(
        key="fpd_paper",
        label="FPD, paper's form",
        better="lower",
        of=_distance("fpd_paper"),
        sees=("jitter", "freeze", "turning away", "leaning"),
    ),
    Measure(
        key="fmd_paper",
        label="FMD, paper's form",
        better="lower",
        of=_distance("fmd_paper"),
        sees=("jitter", "freeze", "blur", "turning away", "leaning"),
    ),
    Measure(
        key="joint_speed_m_s",
        label="joint speed, m/s",
        better="as real",
        of=_of_motion(lambda body: float(speed.joint_speed(body).mean())),
        sees=("jitter", "freeze", "blur"),
    ),
    Measure(
        key="jerk_m_s3",
        label="jerk, m/s³",
        better="as real",
        of=_of_motion(speed.jerk),
        sees=("jitter", "blur"),
        digits=0,
    ),
    Measure(
        key="accent_power",
        label="power at 2 to 4.5 Hz, (m/s)²",
        better="as real",
        of=_of_motion(accent_power),
        sees=("jitter", "freeze", "time warp", "blur", "turning away"),
        digits=3,
    ),
    Measure(
        key="innovation_rms",
        label="innovations, rms",
        better="as real",
        of=_innovation,
        sees=("jitter", "freeze", "blur", "leaning"),
    ),
    Measure(
        key="floating_share",
        label="floating",
        better="lower",
        of=_of_motion(ground.floating_share),
        sees=("floating",),
        digits=3,
    ),
    Measure(
        key="longest_floating_s",
        label="longest a dance, s",
        better="lower",
        of=_of_motion(ground.longest_floating_s),
        sees=("floating",),
        digits=2,
    ),
    Measure(
        key="unbalanced_share",
        label="out of balance",
        better="lower",
        of=_of_motion(ground.unbalanced_share),
        sees=("leaning",),
        digits=3,
    ),
    Measure(
        key="foot_sliding_m_s",
        label="foot sliding, m/s",
        better="as real",
        of=_of_motion(feet.foot_sliding_m_s),
        sees=("jitter", "freeze", "time warp", "skating", "blur", "turning away", "leaning"),
    ),
    Measure(
        key="foot_contact_share",
        label="foot contact",
        better="as real",
        of=_contact,
        sees=("jitter", "freeze", "skating", "floating", "turning away", "leaning"),
    ),
    Measure(
        key="freeze_share",
        label="frozen",
        better="as real",
        of=_of_motion(speed.freeze_share),
        sees=("freeze", "time warp"),
        digits=3,
    ),
    Measure(
        key="longest_stand_s",
        label="longest stand, s",
        better="as real",
        of=_most(longest_stand_s),
        sees=("freeze", "time warp", "blur"),
        digits=1,
    ),
    Measure(
        key="front_share",
        label="facing its front",
        better="higher",
        of=_of_motion(lambda body: front_share(body, None)),
        sees=("turning away",),
    ),
    Measure(
        key="likeness_4_beats",
        label="likeness after 4 beats",
        better="as real",
        of=_likeness(4),
        sees=("freeze", "time warp", "floating"),
        needs_beats=True,
    ),
    Measure(
        key="likeness_8_beats",
        label="after 8 beats",
        better="as real",
        of=_likeness(8),
        sees=("freeze", "time warp"),
        needs_beats=True,
    ),
    Measure(
        key="diversity",
        label="diversity",
        better="as real",
        of=_diversity,
        sees=("freeze", "blur"),
    ),
    Measure(
        key="beat_precision",
        label="beat precision",
        better="higher",
        of=_beat(lambda match: match.precision),
        sees=("jitter", "freeze", "time warp", "turning away"),
        needs_beats=True,
    ),
    Measure(
        key="beat_recall",
        label="beat recall",
        better="higher",
        of=_beat(lambda match: match.recall),
        sees=("freeze", "time warp", "turning away"),
        needs_beats=True,
    ),
    Measure(
        key="beat_f1",
        label="beat F1",
        better="higher",
        of=_beat(lambda match: match.f1),
        sees=("jitter", "freeze", "time warp", "turning away"),
        needs_beats=True,
    ),
    Measure(
        key="beat_offset_s",
        label="beat offset, s",
        better="lower",
        of=_beat(lambda match: match.offset_s),
        sees=("freeze", "time warp", "turning away"),
        needs_beats=True,
        digits=3,
    ),
    Measure(
        key="beat_coherence",
        label="beat coherence",
        better="higher",
        of=_mean(coherence),
        sees=("jitter", "freeze", "time warp", "turning away"),
        needs_beats=True,
        digits=3,
    ),
    Measure(
        key="beat_lock",
        label="beat lock",
        better="higher",
        of=_mean(lock),
        sees=("jitter", "freeze", "time warp", "turning away"),
        needs_beats=True,
        digits=3,
    ),
)


COPYING: Final = Measure(
    key="learned_distance",
    label="to what was learned",
    better="as real",
    of=_copying,
)
"""How far a dance is from being a copy. No corruption of a dance makes a copy of it, so its test is one of its own."""


def measure_all(dances: Sequence[Dance], reference: Reference) -> dict[str, float]:
    """Every measure of a set of dances, by key; NaN for those that need beats, where no beat is known."""
    has_beats = knows_beats(dances)
    return {
        measure.key: measure.of(dances, reference) if has_beats or not measure.needs_beats else float("nan")
        for measure in (*MEASURES, COPYING)
    }
