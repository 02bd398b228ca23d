"""A fixed linear prediction of the next change of pose, fitted by ridge regression. NumPy alone."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

RIDGE: Final = 0.003
"""Penalty as a share of the number of rows; from 0.0003 to 0.03 it makes no difference."""
EMPTY_VARIANCE: Final = 1e-3
"""Variance of standardised poses below which a direction counts as one in which dances never lie."""
PULL: Final = 0.02
"""Share of a pose by which the prediction draws it to the mean in such directions, a frame."""
LEAST_PULL: Final = 0.0005
"""The same share in every direction, where that alone does not do: the first that is tried, then twice as much."""
STABLE_RADIUS: Final = 0.999
"""Largest spectral radius of the prediction left to itself."""


@dataclass(frozen=True, eq=False)
class LinearPrediction:
    """change_t = weights [change_(t-1), ..., change_(t-lags), pose_(t-1)] + bias, and what it leaves.

    Attributes:
        weights: (dims, (lags + 1) * dims); poses standardised, changes in their deviations.
        bias: (dims,).
        left_std: Deviation of what is left, in deviations of changes, (dims,).
        left_share: Share of the variance of the changes that is left.
        radius: Spectral radius of poses and changes stepped by the prediction alone.
    """

    weights: Array
    bias: Array
    left_std: Array
    left_share: float
    radius: float


def fit_prediction(dances: list[Array], change_std: Array, lags: int) -> LinearPrediction:
    """Ridge regression of the next change on the last changes and the pose.

    Redundant dimensions leave directions of pose in which dances never lie, and there a regression draws nothing back:
    an eigenvalue of one, along which noise would wander without end. So poses are drawn to the mean in those
    directions, and in those alone: a pull on every dimension makes the dance calmer than the data. Only where that
    leaves a prediction that does not die away by itself, as after a minute or two of dance, every dimension is pulled,
    as little as is enough.

    Args:
        dances: Standardised poses of each, (frames, dims).
        change_std: Deviation of changes in standardised poses, (dims,).
        lags: Changes to look back on.

    Raises:
        ValueError: No dance is longer than what is looked back on.
    """
    rows = [_rows(dance, change_std, lags) for dance in dances if len(dance) > lags + 1]
    if not rows:
        raise ValueError(f"no dance with music is longer than {lags + 1} frames: there is nothing to learn from")
    inputs, changes = (np.concatenate(parts).astype(np.float64) for parts in zip(*rows, strict=True))
    mean_in, mean_out = inputs.mean(0), changes.mean(0)
    centred = inputs - mean_in
    gram = centred.T @ centred + RIDGE * len(inputs) * np.eye(inputs.shape[1])
    weights = np.linalg.solve(gram, centred.T @ (changes - mean_out)).T
    poses = slice(lags * len(change_std), None)
    variance, directions = np.linalg.eigh(np.cov(centred[:, poses].T))
    empty = directions[:, variance < EMPTY_VARIANCE]
    weights[:, poses] -= PULL / change_std[:, None] * (empty @ empty.T)
    fitted, pull = weights.copy(), LEAST_PULL
    while (radius := spectral_radius(weights, change_std, lags)) >= 1:
        weights = (1 - min(1.0, pull / PULL)) * fitted  # at the end there is nothing but the pull
        weights[:, poses] -= pull * np.diag(1 / change_std)
        pull *= 2
    bias = mean_out - weights @ mean_in
    left = changes - inputs @ weights.T - bias
    return LinearPrediction(
        weights=weights.astype(np.float32),
        bias=bias.astype(np.float32),
        left_std=np.maximum(left.std(0), 1e-3).astype(np.float32),
        left_share=float(np.square(left).mean() / np.square(changes).mean()),
        radius=radius,
    )


def spectral_radius(weights: NDArray[np.floating], change_std: NDArray[np.floating], lags: int) -> float:
    """Largest modulus of the eigenvalues of poses and changes stepped by the prediction alone."""
    dims = len(change_std)
    step = np.zeros(((lags + 1) * dims, (lags + 1) * dims))
    step[:dims] = weights
    step[dims : lags * dims, : (lags - 1) * dims] = np.eye((lags - 1) * dims)
    step[lags * dims :] = change_std[:, None] * step[:dims]
    step[lags * dims :, lags * dims :] += np.eye(dims)
    return float(np.abs(np.linalg.eigvals(step)).max())


def _rows(poses: Array, change_std: Array, lags: int) -> tuple[Array, Array]:
    """Inputs (rows, (lags + 1) * dims), newest change first, and changes (rows, dims) of one standardised dance."""
    changes = np.diff(poses, axis=0) / change_std
    count = len(changes) - lags
    inputs = [changes[lags - lag : lags - lag + count] for lag in range(1, lags + 1)]
    return np.concatenate([*inputs, poses[lags:-1]], 1), changes[lags:]
