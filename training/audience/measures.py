"""The measures of what an audience sees: each a number for a set of dances beside real dance of the same styles."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from data.motion.motion import Motion
from data.movement import ground
from data.movement.facing import front_share
from data.movement.feet import standing_slide_m_s
from data.movement.speed import FREEZE_SPEED_M_S, jerk
from data.movement.standing import longest_stand_s, smoothed_speed
from data.movement.velocity_power import accent_power
from training.audience.real import RealDance, RealStyle
from training.audience.seen import SeenDance
from training.evaluation.prompts import PromptMatrix
from training.metrics.diversity import diversity

Dances = Sequence[SeenDance]


@dataclass(frozen=True, kw_only=True)
class AudienceMeasure:
    """One number for a set of dances.

    Attributes:
        key: Name in JSON.
        label: Name in tables.
        of: The number; NaN where it cannot be measured.
        must: What must hold, as in tables.
        low: Least value with which it holds; with neither bound it is for people to compare.
        high: Greatest value with which it holds.
        digits: Behind the point, in tables.
    """

    key: str
    label: str
    of: Callable[[Dances, RealDance], float]
    must: str = ""
    low: float = -math.inf
    high: float = math.inf
    digits: int = 2

    def holds(self, value: float) -> bool | None:
        """Whether a value is as it must be; None where nothing must hold, or nothing is known."""
        if (math.isinf(self.low) and math.isinf(self.high)) or math.isnan(value):
            return None
        return self.low <= value <= self.high


def _mean(of: Callable[[Motion], float]) -> Callable[[Dances, RealDance], float]:
    return lambda dances, real: float(np.mean([of(dance.motion) for dance in dances]))


def _most(of: Callable[[Motion], float]) -> Callable[[Dances, RealDance], float]:
    return lambda dances, real: max(of(dance.motion) for dance in dances)


def _beside_real(
    of: Callable[[SeenDance], float], of_real: Callable[[RealStyle], float]
) -> Callable[[Dances, RealDance], float]:
    """Ratio of the means, so that a style that hardly moves does not rule."""

    def ratio(dances: Dances, real: RealDance) -> float:
        expected = float(np.mean([of_real(real.expected(dance.style)) for dance in dances]))
        return float(np.mean([of(dance) for dance in dances])) / max(expected, 1e-9)

    return ratio


def _diversity(dances: Dances, real: RealDance) -> float:
    """Of first pieces with first pieces, of second with second ones, and so on: of different dances alone."""
    if len(dances) < 2:
        return float("nan")
    count = min(len(dance.kinetics) for dance in dances)
    sets = [[dance.kinetics[place] for dance in dances] for place in range(count)]
    return float(np.mean([diversity(some, real.kinetic_std) for some in sets]))


def _danced(dance: SeenDance) -> float:
    moves = smoothed_speed(dance.motion) >= FREEZE_SPEED_M_S
    where = dance.sounding[1:]
    return float(moves[where].mean()) if where.any() else float("nan")


def style_matrix(dances: Dances, real: RealDance) -> PromptMatrix | None:
    """Distances of the dances in each style asked for to real dances of each; None unless all styles were asked for."""
    names = sorted(real.dances)
    asked = [[dance for dance in dances if dance.style == name] for name in names]
    if not all(asked) or not all(dance.motion.skeleton.matches(real.codec.skeleton) for dance in dances):
        return None
    seen = [[real.codec.encode(dance.motion) for dance in some] for some in asked]
    return PromptMatrix.of(
        names, seen, [[real.codec.encode(dance.motion) for dance in real.dances[name]] for name in names]
    )


AUDIENCE_MEASURES: Final[tuple[AudienceMeasure, ...]] = (
    AudienceMeasure(
        key="floating_share",
        label="lower sole over 12 cm, share",
        of=_mean(ground.floating_share),
        must="≤ 0.03",
        high=0.03,
        digits=3,
    ),
    AudienceMeasure(
        key="longest_floating_s",
        label="longest, s",
        of=_most(ground.longest_floating_s),
        must="≤ 0.6",
        high=0.6,
        digits=1,
    ),
    AudienceMeasure(key="unbalanced_share", label="out of balance, share", of=_mean(ground.unbalanced_share), digits=3),
    AudienceMeasure(
        key="speed_of_real",
        label="speed / real",
        of=_beside_real(lambda dance: dance.speed_m_s, lambda real: real.speed_m_s),
        must="0.9 to 1.1",
        low=0.9,
        high=1.1,
    ),
    AudienceMeasure(
        key="accents_of_real",
        label="power at 2 to 4.5 Hz / real",
        of=_beside_real(lambda dance: accent_power(dance.motion), lambda real: real.accents),
        must="≥ 0.6",
        low=0.6,
    ),
    AudienceMeasure(
        key="jerk_of_real",
        label="jerk / real",
        of=_beside_real(lambda dance: jerk(dance.motion), lambda real: real.jerk_m_s3),
        must="≤ 1",
        high=1.0,
    ),
    AudienceMeasure(key="diversity", label="diversity", of=_diversity, must="≥ 0.7", low=0.7),
    AudienceMeasure(
        key="front_share",
        label="within 60° of the front",
        of=lambda dances, real: float(np.mean([front_share(dance.motion, dance.front_rad) for dance in dances])),
        must="≥ 0.7",
        low=0.7,
    ),
    AudienceMeasure(
        key="longest_stand_s",
        label="longest stand in music, s",
        of=lambda dances, real: max(longest_stand_s(dance.motion, dance.sounding) for dance in dances),
        must="≤ 2",
        high=2.0,
        digits=1,
    ),
    AudienceMeasure(
        key="danced_share",
        label="danced while it sounds",
        of=lambda dances, real: float(np.nanmean([_danced(dance) for dance in dances])),
    ),
    AudienceMeasure(
        key="standing_slide_m_s",
        label="sliding of feet that seem to stand, m/s",
        of=_mean(standing_slide_m_s),
        must="not worse",
        digits=3,
    ),
)


def measure_audience(dances: Dances, real: RealDance) -> dict[str, float]:
    """Every measure of a set of dances, by key."""
    return {measure.key: measure.of(dances, real) for measure in AUDIENCE_MEASURES}
