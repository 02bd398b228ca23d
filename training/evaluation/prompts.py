"""Seed-style matrix: whether a dancer that is asked for a style dances it.

The paper's "motion prompting" (Valle-Perez et al., "Transflower", 2021, table 4) seeds dances with motion of a style
and looks for the style whose real dances are nearest. Our dancers start from a pose of a style and are given its label.

Distances alone mislead: dances of any kind lie near to a style of calm and small dances, and dances of a wild style lie
far from all. So ranks are also taken of distances less the means of their row and column: what is then left is whether
a style is nearer to its own than both would let one expect.
"""

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
        centred_nearest: As `nearest_is_own`, of centred distances.
        centred_rank: As `mean_rank`, of centred distances.
    """

    styles: list[str]
    distances: list[list[float]]
    nearest_is_own: float
    mean_rank: float
    centred_nearest: float
    centred_rank: float

    @classmethod
    def of(
        cls, styles: Sequence[str], asked: Sequence[Sequence[Vectors]], real: Sequence[Sequence[Vectors]]
    ) -> "PromptMatrix":
        """The matrix of dances, by style asked for, against real ones, by style; pose vectors (frames, dims)."""
        # One scale for all, or the columns could not be compared.
        std = deviations(np.concatenate([dance for some in real for dance in some]))
        references = [DanceDistance(some, poses, stds=[std]) for some in real]
        distances = np.array([[reference(dances) for reference in references] for dances in asked])
        ranks, centred_ranks = own_ranks(distances), own_ranks(centred(distances))
        return cls(
            styles=list(styles),
            distances=distances.round(3).tolist(),
            nearest_is_own=float((ranks == 1).mean()),
            mean_rank=float(ranks.mean()),
            centred_nearest=float((centred_ranks == 1).mean()),
            centred_rank=float(centred_ranks.mean()),
        )

    @property
    def centred_distances(self) -> NDArray[np.float64]:
        """`distances` less the means of row and column, (styles, styles)."""
        return centred(np.array(self.distances))


def centred(distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distances (rows, columns) less the means of their row and of their column, the mean of all put back.

    Example:
        >>> calm_and_wild = np.array([[0.0, 4.0], [3.0, 6.0]])  # to the calm style all are nearer
        >>> own_ranks(calm_and_wild).tolist(), own_ranks(centred(calm_and_wild)).tolist()
        ([1.0, 2.0], [1.0, 1.0])
    """
    return distances - distances.mean(1, keepdims=True) - distances.mean(0, keepdims=True) + distances.mean()


def own_ranks(distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rank of each row's own column, (rows,); 1 is the nearest, and columns that are as near share a rank.

    So who dances the same whatever the style, with centred distances of 0, has the rank of chance and not the first.
    """
    own = np.diag(distances)[:, None]
    same = np.abs(distances - own) <= 1e-6 * np.abs(distances).max() + 1e-9
    nearer = ((distances < own) & ~same).sum(1)
    return 1 + nearer + 0.5 * (same.sum(1) - 1)
