"""Real dance to hold what an audience sees against: excerpts of a prepared folder's training split, by style."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.dataset.prepared_reader import PreparedFolder
from data.motion.pose_codec import PoseCodec
from data.movement.dance_figures import DanceFigures
from data.movement.speed import jerk, joint_speed
from data.movement.velocity_power import accent_power, velocity_power
from training.audience.seen import PIECE_S, SeenDance
from training.evaluation.dances import spread
from training.fitting.rollout import Excerpt, sounding_excerpts

EXCERPTS_OF_STYLE: Final = 8


@dataclass(frozen=True, eq=False)
class RealStyle:
    """What real dance of a style is like.

    Attributes:
        speed_m_s: Mean joint speed.
        jerk_m_s3: Mean jerk.
        accents: Power of joint velocity at 2 to 4.5 Hz, (m/s)^2.
        power: Power of joint velocity by band, (bands,).
    """

    speed_m_s: float
    jerk_m_s3: float
    accents: float
    power: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RealDance:
    """Real dance by style.

    Attributes:
        codec: The folder's pose codec.
        dances: Excerpts of `PIECE_S`, by the style's name.
        styles: What they are like, by the style's name.
        kinetic_std: Deviation of each kinetic feature over all of them.
    """

    codec: PoseCodec
    dances: dict[str, list[SeenDance]]
    styles: dict[str, RealStyle]
    kinetic_std: NDArray[np.float64]

    @classmethod
    def of(cls, folder: PreparedFolder) -> "RealDance":
        """Of a prepared folder's training split: `EXCERPTS_OF_STYLE` of each style.

        Raises:
            ValueError: It has no excerpt that is long enough.
        """
        codec = PoseCodec.from_dict(folder.fingerprint["pose_codec"])
        excerpts = sounding_excerpts(folder.sequences("train"), round(PIECE_S * codec.rate_hz))
        if not excerpts:
            raise ValueError(f"{folder.path}: no {PIECE_S:g} s of dance with music in split 'train'")
        by_style: dict[str, list[Excerpt]] = {}
        for excerpt in excerpts:
            by_style.setdefault(folder.styles[excerpt.sequence.style], []).append(excerpt)
        dances = {
            style: [_seen(codec, excerpt, style) for excerpt in spread(some, min(EXCERPTS_OF_STYLE, len(some)))]
            for style, some in sorted(by_style.items())
        }
        return cls(
            codec=codec,
            dances=dances,
            styles={style: _described(some) for style, some in dances.items()},
            kinetic_std=np.std([dance.kinetics[0] for some in dances.values() for dance in some], 0),
        )

    def figures(self) -> DanceFigures:
        """All of them, in numbers that need nothing but a motion; the front is the way that each faces on the whole."""
        return DanceFigures.of([dance.motion for some in self.dances.values() for dance in some], front_rad=None)

    def like(self, dances: Sequence[SeenDance]) -> list[SeenDance]:
        """As many real dances as there are, of the same styles; of all in turn where none was asked for."""
        names, taken, found = sorted(self.dances), dict.fromkeys(self.dances, 0), []
        for place, dance in enumerate(dances):
            style = dance.style if dance.style in self.dances else names[place % len(names)]
            found.append(self.dances[style][taken[style] % len(self.dances[style])])
            taken[style] += 1
        return found

    def expected(self, style: str | None) -> RealStyle:
        """What real dance of a style is like; the mean of all styles where none, or an unknown one, was asked for."""
        if style in self.styles:
            return self.styles[style]
        all_styles = list(self.styles.values())
        return RealStyle(
            speed_m_s=float(np.mean([real.speed_m_s for real in all_styles])),
            jerk_m_s3=float(np.mean([real.jerk_m_s3 for real in all_styles])),
            accents=float(np.mean([real.accents for real in all_styles])),
            power=np.mean([real.power for real in all_styles], 0),
        )


def _seen(codec: PoseCodec, excerpt: Excerpt, style: str) -> SeenDance:
    motion = codec.decode(np.asarray(excerpt.sequence.pose[excerpt.frames]))
    return SeenDance(motion, "real", style, np.ones(len(motion), bool), front_rad=None)


def _described(dances: Sequence[SeenDance]) -> RealStyle:
    motions = [dance.motion for dance in dances]
    return RealStyle(
        speed_m_s=float(np.mean([joint_speed(motion).mean() for motion in motions])),
        jerk_m_s3=float(np.mean([jerk(motion) for motion in motions])),
        accents=float(np.mean([accent_power(motion) for motion in motions])),
        power=np.mean([velocity_power(motion) for motion in motions], 0),
    )
