"""Seed-style matrix: whether a dancer that is asked for a style dances it.

The paper's "motion prompting" (Valle-Perez et al., "Transflower", 2021, table 4) seeds dances with motion of a style
and looks for the style whose real dances are nearest. Our dancers start from a pose of a style and are told its label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.metrics.frechet import DanceDistance, deviations, poses

Vectors = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class PromptMatrix:
    """FPD of dances in each style asked for to real dances of each style.

    Attributes:
        styles: Names, in the order of rows and columns.
        distances: Row: style asked for; column: style of the real dances.
        nearest_is_own: Share of rows whose own style is nearest.
        mean_rank: Mean rank of the own style in its row; 1 is best, (styles + 1) / 2 is chance.
    """

    styles: list[str]
    distances: list[list[float]]
    nearest_is_own: float
    mean_rank: float

    @classmethod
    def of(
        cls, styles: Sequence[str], asked: Sequence[Sequence[Vectors]], real: Sequence[Sequence[Vectors]]
    ) -> PromptMatrix:
        """The matrix of dances, by style asked for, against real ones, by style; pose vectors (frames, dims)."""
        # One scale for all, or the columns could not be compared.
        std = deviations(np.concatenate([dance for some in real for dance in some]))
        references = [DanceDistance(some, poses, stds=[std]) for some in real]
        distances = np.array([[reference(dances) for reference in references] for dances in asked])
        ranks = (distances < np.diag(distances)[:, None]).sum(1) + 1
        return cls(
            styles=list(styles),
            distances=distances.round(3).tolist(),
            nearest_is_own=float((ranks == 1).mean()),
            mean_rank=float(ranks.mean()),
        )
