"""What the bench's audience sees: the dance of the live part, as it was sent, beside real dance."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bridge.takes.take import Take, read_take
from data.movement.dance_figures import DanceFigures, bands, real_dance


@dataclass(frozen=True, kw_only=True)
class BenchDance:
    """A dance beside real dance.

    Attributes:
        here: The dance of the live part; None where none was danced.
        real: Real dance of all styles.
    """

    here: DanceFigures | None
    real: DanceFigures

    def to_json(self) -> dict[str, Any]:
        """Plain dictionaries and numbers; null for what was not measured."""
        return {"here": None if self.here is None else self.here.to_json(), "real": self.real.to_json()}

    def to_text(self) -> str:
        """A table for people, without colour."""
        if self.here is None:
            return "the dance of the live part: not measured, since nothing was danced"
        lines = [
            f"the dance of the live part, {self.here.seconds:.0f} s as it was sent, rests of an overload included,",
            f"beside the mean of {self.real.num_dances} real dances of {self.real.seconds:.0f} s:",
            "",
            f"{'':<54}{'here':>9}{'real':>9}",
        ]
        for (what, here, digits), (_, real, _) in zip(_rows(self.here), _rows(self.real), strict=True):
            values = ("–" if math.isnan(value) else f"{value:.{digits}f}" for value in (here, real))
            lines.append(f"{what:<54}{''.join(f'{value:>9}' for value in values)}")
        return "\n".join(lines)


def _rows(figures: DanceFigures) -> list[tuple[str, float, int]]:
    """Names, values and digits behind the point, for people."""
    return [
        ("lower sole over 12 cm above the floor, %", 100.0 * figures.floating_share, 1),
        ("  the longest of it, s", figures.longest_floating_s, 1),
        ("longest stand, s", figures.longest_stand_s, 1),
        ("within 60 degrees of the front, %", 100.0 * figures.front_share, 0),
        ("mean joint speed, m/s", figures.joint_speed_m_s, 2),
        *(
            (f"power of joint velocity at {band}, (m/s)^2", power, 3)
            for band, power in zip(bands(), figures.velocity_power, strict=True)
        ),
        ("sliding of feet that seem to stand, cm/s", 100.0 * figures.standing_slide_m_s, 1),
    ]


def measure_dance(takes: Path) -> BenchDance:
    """The dance of the one take in a folder, from the first danced pose to the end, beside real dance."""
    paths = sorted(takes.glob("*.take"))
    return BenchDance(here=figures_of(read_take(paths[0])) if paths else None, real=real_dance())


def figures_of(take: Take) -> DanceFigures | None:
    """A take from its first danced pose to its end, stops and rests included; None if there are no two such poses."""
    danced = np.flatnonzero(np.array(take.sent.states, dtype=object) == "dancing")
    if not len(danced):
        return None
    start_s = float(take.sent.time_us[danced[0]] - take.sent.time_us[0]) * 1e-6
    motion = take.motion()[round(start_s * take.header.rate_hz) :]
    return DanceFigures.of([motion], math.radians(take.front_deg or 0.0)) if len(motion) > 1 else None
