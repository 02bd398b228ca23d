"""Frechet distances between sets of dances: FPD of single poses, FMD of three poses in a row.

In the paper, at 20 frames a second, three poses span 150 ms; at 30 they span 100 ms.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.floating]

Blocks = tuple[Vectors, ...]

SMALLEST_SHARE: Final = 0.1


@dataclass(frozen=True, eq=False)
class GaussianMoments:
    """Mean (dims,) and a matrix of second moments (dims, dims) of rows.

    Example:
        >>> rows = np.random.default_rng(0).standard_normal((1000, 4))
        >>> here, there = GaussianMoments.of(rows, centred=True), GaussianMoments.of(rows + 3, centred=True)
        >>> round(frechet_distance(here, here), 6), round(frechet_distance(here, there), 6)  # four times 3 squared
        (0.0, 36.0)
    """

    mean: NDArray[np.float64]
    moments: NDArray[np.float64]

    @classmethod
    def of(cls, rows: NDArray[np.floating], *, centred: bool) -> "GaussianMoments":
        """Of rows (n, dims); `centred` takes the mean out of the second moments, as a covariance does."""
        x = rows.astype(np.float64)
        mean = x.mean(0)
        moments = x.T @ x / len(x)
        return cls(mean, moments - np.outer(mean, mean) if centred else moments)


def frechet_distance(a: GaussianMoments, b: GaussianMoments) -> float:
    """|mean_a - mean_b|^2 + tr(A + B - 2 (A B)^(1/2)), after Heusel et al., "GANs Trained by a Two Time-Scale Update
    Rule", 2017, equation 6; the root's trace by the eigenvalues of A^(1/2) B A^(1/2), which are real.
    """  # noqa: D205 - the formula is the summary
    values, vectors = np.linalg.eigh(a.moments)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    cross = np.sqrt(np.linalg.eigvalsh(root @ b.moments @ root).clip(0)).sum()
    return max(0.0, float(np.square(a.mean - b.mean).sum() + np.trace(a.moments) + np.trace(b.moments) - 2 * cross))


def poses(dance: Vectors) -> Blocks:
    """Rows of FPD: single poses."""
    return (dance,)


def three_poses(dance: Vectors) -> Blocks:
    """Rows of FMD in the paper's form: three poses in a row, not overlapping, side by side."""
    return (_triples(dance).reshape(-1, 3 * dance.shape[1]),)


def movements(dance: Vectors) -> Blocks:
    """Rows of FMD here: the middle one of three poses, its change and its bend.

    The same numbers as three poses, turned so that each can be counted in its own deviation: changes are small beside
    poses, and a distance of poses side by side hardly notices a body that stops or shakes.
    """
    first, middle, last = _triples(dance).transpose(1, 0, 2)
    return middle, last - first, first - 2 * middle + last


def _triples(dance: Vectors) -> Vectors:
    return dance[: len(dance) // 3 * 3].reshape(-1, 3, dance.shape[1])


def deviations(rows: Vectors) -> NDArray[np.float64]:
    """Deviation of each number, (dims,), at least `SMALLEST_SHARE` of what is usual: one that rests does not rule."""
    std = rows.std(0, dtype=np.float64)
    return np.maximum(std, SMALLEST_SHARE * np.sqrt(np.mean(std**2)))


class DanceDistance:
    """Frechet distance of dances to reference dances.

    The paper's own form takes raw vectors and moments that are not centred, so that large numbers rule; the other is
    centred, and counts every number in its deviation over the reference.

    Args:
        reference: Pose vectors of each dance, (frames, dims).
        blocks: What a row is made of: `poses`, `three_poses` or `movements`.
        as_in_paper: Raw and not centred.
        stds: Deviations of each block to count in; those of the reference, if not given.
    """

    def __init__(
        self,
        reference: Sequence[Vectors],
        blocks: Callable[[Vectors], Blocks],
        *,
        as_in_paper: bool = False,
        stds: Sequence[NDArray[np.float64]] | None = None,
    ) -> None:
        self.blocks, self.as_in_paper = blocks, as_in_paper
        self._stds = [deviations(rows) for rows in self._rows(reference)] if stds is None else list(stds)
        if as_in_paper:
            self._stds = [np.ones_like(std) for std in self._stds]
        self._reference = self._gaussian(reference)

    def _rows(self, dances: Sequence[Vectors]) -> list[Vectors]:
        """Each block of all dances."""
        return [np.concatenate(parts) for parts in zip(*(self.blocks(dance) for dance in dances), strict=True)]

    def _gaussian(self, dances: Sequence[Vectors]) -> GaussianMoments:
        scaled = [rows / std for rows, std in zip(self._rows(dances), self._stds, strict=True)]
        return GaussianMoments.of(np.concatenate(scaled, 1), centred=not self.as_in_paper)

    def __call__(self, dances: Sequence[Vectors]) -> float:
        """The distance of dances, pose vectors (frames, dims) each."""
        return frechet_distance(self._gaussian(dances), self._reference)
