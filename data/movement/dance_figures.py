"""What an audience sees of a dance, in the few numbers that need nothing but its motion; and real dance's."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from data.motion.motion import Motion
from data.movement.facing import front_share
from data.movement.feet import standing_slide_m_s
from data.movement.ground import floating_share, longest_floating_s
from data.movement.speed import joint_speed
from data.movement.standing import longest_stand_s
from data.movement.velocity_power import BAND_EDGES_HZ, velocity_power

REAL_DANCE: Final = Path(__file__).with_name("real_dance.json")


@dataclass(frozen=True, kw_only=True)
class DanceFigures:
    """A dance in numbers, or the mean of several.

    Attributes:
        num_dances: How many dances.
        seconds: How long one is.
        floating_share: Share of the time with the lower sole over 12 cm above the floor.
        longest_floating_s: Longest stretch of that; the longer a dance, the longer.
        longest_stand_s: Longest stretch in which a body hardly moves, likewise.
        front_share: Share of the time within 60 degrees of the front.
        joint_speed_m_s: Mean speed of all joints.
        velocity_power: Power of joint velocity in each band of `BAND_EDGES_HZ`, (m/s)^2; NaN for less than a second.
        standing_slide_m_s: Mean speed over the floor of feet that seem to stand.
    """

    num_dances: int
    seconds: float
    floating_share: float
    longest_floating_s: float
    longest_stand_s: float
    front_share: float
    joint_speed_m_s: float
    velocity_power: tuple[float, ...]
    standing_slide_m_s: float

    @classmethod
    def of(cls, motions: Sequence[Motion], front_rad: float | None = 0.0) -> "DanceFigures":
        """Of dances on a floor at height 0; of several it is the mean of each number.

        Args:
            motions: At least one, of two frames or more each.
            front_rad: Direction of the front, about +Y from +Z; None takes the way that each body faces on the whole.
        """

        def mean(of: Callable[[Motion], float]) -> float:
            return float(np.mean([of(motion) for motion in motions]))

        return cls(
            num_dances=len(motions),
            seconds=mean(lambda motion: len(motion) / motion.rate_hz),
            floating_share=mean(floating_share),
            longest_floating_s=mean(longest_floating_s),
            longest_stand_s=mean(longest_stand_s),
            front_share=mean(lambda motion: front_share(motion, front_rad)),
            joint_speed_m_s=mean(lambda motion: float(joint_speed(motion).mean())),
            velocity_power=tuple(np.mean([velocity_power(motion) for motion in motions], 0).tolist()),
            standing_slide_m_s=mean(standing_slide_m_s),
        )

    def to_json(self) -> dict[str, Any]:
        """Plain numbers; null for what is not known. The bands' edges, in Hz, stand beside their power."""
        power = [None if math.isnan(value) else value for value in self.velocity_power]
        return {**asdict(self), "velocity_power": power, "velocity_power_edges_hz": list(BAND_EDGES_HZ)}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "DanceFigures":
        """What `to_json` wrote.

        Raises:
            ValueError: The bands are others.
        """
        if found["velocity_power_edges_hz"] != list(BAND_EDGES_HZ):
            raise ValueError(f"bands of velocity power end at {found['velocity_power_edges_hz']}, not {BAND_EDGES_HZ}")
        power = tuple(math.nan if value is None else value for value in found["velocity_power"])
        known = {key: value for key, value in found.items() if key in cls.__dataclass_fields__}
        return cls(**{**known, "velocity_power": power})


def real_dance() -> DanceFigures:
    """Of real dance, to set a dance beside: 15 s each of AIST++, eight of each style, the front not known.

    `transflower-train audience --folder FOLDER --real data/movement/real_dance.json` writes them anew.

    Example:
        >>> 0.5 < real_dance().joint_speed_m_s < 0.8
        True
    """
    return DanceFigures.from_json(json.loads(REAL_DANCE.read_text(encoding="utf-8")))


def bands() -> list[str]:
    """Names of the bands of velocity power, for people.

    Example:
        >>> bands()[3]
        '2 to 3 Hz'
    """
    return [f"{low:g} to {high:g} Hz" for low, high in pairwise(BAND_EDGES_HZ)]
