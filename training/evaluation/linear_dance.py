"""A linear autoregression of dance: what inertia predicts of the next change of pose, and a deaf dancer made of it.

It is the baseline beside which a network's prediction must be seen, and, with Gaussian noise, the lower anchor of an
evaluation: a dancer with neither a network nor music, whose distances to real dance are small all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.step.noise import frame_noise

Vectors = NDArray[np.float32]
Matrix = NDArray[np.float64]

LAGS: Final = 4
"""Changes that are looked back upon; eight predict no more."""
RIDGE: Final = 0.003
"""Penalty as a share of the rows; from 0.0003 to 0.03 it makes no difference."""
MOVING_CHANGE: Final = 0.005
"""Numbers of a pose that change less than this a frame (deviation, codec's units) count as still, ..."""
MOVING_SHARE: Final = 0.1
"""... unless they change by more than this share of their own deviation."""
_EMPTY_VARIANCE, _PULL = 1e-3, 0.02
_STABLE_RADIUS, _MOST_SHRINKING = 0.998, 40
_LARGEST_POSE: Final = 6.0
_BURN_IN_FRAMES: Final = 60


@dataclass(frozen=True, eq=False)
class LinearDance:
    """Ridge regression of the next change of pose on the last `LAGS` changes and the pose, over the moving numbers.

    Attributes:
        moving: Columns of a pose vector that move, (dims,).
        mean: Mean pose vector, (pose_dims,).
        std: Deviations of pose vectors, (pose_dims,).
        change_std: Deviations of changes of the moving numbers, in `std`, (dims,).
        weights: From last changes, newest first, and the pose to the change, (dims, (LAGS + 1) * dims).
        bias: (dims,).
        innovations: Covariance of what is left of the dance it was fitted to, in `change_std`, (dims, dims).
    """

    moving: NDArray[np.int64]
    mean: NDArray[np.float64]
    std: NDArray[np.float64]
    change_std: NDArray[np.float64]
    weights: Matrix
    bias: NDArray[np.float64]
    innovations: Matrix

    @classmethod
    def fit(cls, dances: Sequence[Vectors]) -> "LinearDance":
        """Fitted to pose vectors (frames, pose_dims) of each dance.

        Raises:
            ValueError: If nothing moves, or there are too few frames.
        """
        mean = np.mean([dance.mean(0, dtype=np.float64) for dance in dances], 0)
        spread = np.mean([np.square(dance - mean).mean(0, dtype=np.float64) for dance in dances], 0)
        std = np.maximum(np.sqrt(spread), 1e-2)
        change = np.sqrt(np.mean([np.square(np.diff(dance, axis=0)).mean(0, dtype=np.float64) for dance in dances], 0))
        moving = np.flatnonzero((change > MOVING_CHANGE) | (change > MOVING_SHARE * std))
        if not len(moving) or sum(len(dance) for dance in dances) < 10 * (LAGS + 1):
            raise ValueError("dances that are too short, or in which nothing moves, predict nothing")
        change_std = np.maximum((change / std)[moving], 1e-3)
        size = (LAGS + 1) * len(moving)
        gram, cross, count = np.zeros((size, size)), np.zeros((size, len(moving))), 0
        sums, sums_out = np.zeros(size), np.zeros(len(moving))
        for dance in dances:
            inputs, changes = _rows(((dance - mean) / std)[:, moving], change_std)
            gram += inputs.T @ inputs
            cross += inputs.T @ changes
            sums, sums_out, count = sums + inputs.sum(0), sums_out + changes.sum(0), count + len(inputs)
        mean_in, mean_out = sums / count, sums_out / count
        gram += count * (RIDGE * np.eye(size) - np.outer(mean_in, mean_in))
        fitted = np.asarray(np.linalg.solve(gram, cross - count * np.outer(mean_in, mean_out)).T, np.float64)
        weights = _stable(fitted, gram / count - RIDGE * np.eye(size), change_std)
        made = cls(
            moving=moving,
            mean=mean,
            std=std,
            change_std=change_std,
            weights=weights,
            bias=mean_out - weights @ mean_in,
            innovations=np.eye(len(moving)),
        )
        left = np.concatenate([made.left(dance) for dance in dances[:: max(1, len(dances) // 20)]])
        object.__setattr__(made, "innovations", np.cov(left.T).reshape(len(moving), len(moving)))
        return made

    def left(self, vectors: Vectors) -> Matrix:
        """Innovations of a dance: what is left of its changes, in `change_std`, (frames - 1 - LAGS, dims).

        Args:
            vectors: Pose vectors, (frames, pose_dims).
        """
        inputs, changes = _rows(((vectors - self.mean) / self.std)[:, self.moving], self.change_std)
        return changes - inputs @ self.weights.T - self.bias

    def variance_left(self, dances: Sequence[Vectors]) -> float:
        """Share of the variance of changes that is left: 1 is that of who keeps the last pose."""
        left = sum(float(np.square(self.left(dance)).sum()) for dance in dances)
        changes = [np.diff(((dance - self.mean) / self.std)[:, self.moving], axis=0)[LAGS:] for dance in dances]
        return left / max(sum(float(np.square(change / self.change_std).sum()) for change in changes), 1e-12)

    def lag1(self, dances: Sequence[Vectors]) -> float:
        """Autocorrelation of innovations from frame to frame; 0 where nothing more can be predicted linearly."""
        rests = [self.left(dance) for dance in dances]
        power = sum(float(np.square(rest).sum()) for rest in rests)
        return sum(float((rest[1:] * rest[:-1]).sum()) for rest in rests) / max(power, 1e-12)

    def innovation_rms(self, dances: Sequence[Vectors]) -> float:
        """Root mean square of innovations of dances, each number in the deviation that those fitted to have."""
        scale = np.sqrt(np.diag(self.innovations)).clip(1e-6)
        return float(np.sqrt(np.mean([np.square(self.left(dance) / scale).mean() for dance in dances])))

    def dance(self, num_frames: int, seed: int) -> Vectors:
        """The deaf dance: the regression fed with its own poses and Gaussian innovations, (num_frames, pose_dims)."""
        dims = len(self.moving)
        root = np.linalg.cholesky(self.innovations + 1e-6 * np.eye(dims))
        pose, changes = np.zeros(dims), np.zeros((LAGS, dims))
        vectors = np.tile(self.mean.astype(np.float32), (num_frames, 1))
        for frame in range(-_BURN_IN_FRAMES, num_frames):
            noise = root @ frame_noise(seed, frame + _BURN_IN_FRAMES, dims)
            change = self.weights @ np.concatenate([changes.ravel(), pose]) + self.bias + noise
            pose = np.clip(pose + change * self.change_std, -_LARGEST_POSE, _LARGEST_POSE)
            changes = np.concatenate([change[None], changes[:-1]])
            if frame >= 0:
                vectors[frame, self.moving] = pose * self.std[self.moving] + self.mean[self.moving]
        return vectors


def _rows(poses: Matrix, change_std: NDArray[np.float64]) -> tuple[Matrix, Matrix]:
    """Inputs (rows, (LAGS + 1) * dims) and changes (rows, dims) of one dance of standardised moving numbers."""
    changes = np.diff(poses, axis=0) / change_std
    count = max(0, len(changes) - LAGS)
    inputs = [changes[LAGS - lag : LAGS - lag + count] for lag in range(1, LAGS + 1)]
    return np.concatenate([*inputs, poses[LAGS : LAGS + count]], 1), changes[LAGS:]


def _stable(weights: Matrix, covariance: Matrix, change_std: NDArray[np.float64]) -> Matrix:
    """Weights with which a dance left to them dies away.

    Redundant numbers (of six for a rotation three are free) leave directions in which poses never lie. There a ridge
    regression draws nothing back, and noise would wander without end: so poses are drawn to the mean there, and there
    alone, since a pull on every number makes the dance calmer than the data. If that is not enough, the share of the
    last changes is taken down by 2 % at a time.
    """
    dims = len(change_std)
    poses = slice(LAGS * dims, None)
    variance, directions = np.linalg.eigh(covariance[poses, poses])
    empty = directions[:, variance < _EMPTY_VARIANCE]
    weights = weights.copy()
    weights[:, poses] -= _PULL / change_std[:, None] * (empty @ empty.T)
    for _ in range(_MOST_SHRINKING):
        if _radius(weights, change_std) <= _STABLE_RADIUS:
            break
        weights[:, : LAGS * dims] *= 0.98
        weights[:, poses] -= np.diag(0.001 / change_std)
    return weights


def _radius(weights: Matrix, change_std: NDArray[np.float64]) -> float:
    """Largest modulus of the eigenvalues of changes and pose stepped by the weights alone."""
    dims = len(change_std)
    step = np.zeros(((LAGS + 1) * dims,) * 2)
    step[:dims] = weights
    step[dims : LAGS * dims, : (LAGS - 1) * dims] = np.eye((LAGS - 1) * dims)
    step[LAGS * dims :] = change_std[:, None] * step[:dims]
    step[LAGS * dims :, LAGS * dims :] += np.eye(dims)
    return float(np.abs(np.linalg.eigvals(step)).max())
