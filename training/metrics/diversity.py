"""How much dances differ from each other, in how they use the body."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from data.motion.motion import Motion


def kinetic_features(motion: Motion) -> NDArray[np.float64]:
    """Root mean square horizontal speed, vertical speed and acceleration of each joint, (3 * joints,), m/s and m/s^2.

    After the kinetic features of Onuma et al., "FMDistance", 2008, whose energies are the squares of these.
    """
    positions = motion.global_positions().astype(np.float64)
    velocity = np.diff(positions, axis=0) * motion.rate_hz
    acceleration = np.diff(velocity, axis=0) * motion.rate_hz
    squares = [velocity[..., [0, 2]] ** 2, velocity[..., [1]] ** 2, acceleration**2]
    return np.concatenate([np.sqrt(part.sum(-1).mean(0)) for part in squares])


def diversity(dances: Sequence[NDArray[np.float64]], std: NDArray[np.float64]) -> float:
    """Mean distance of two dances in their kinetic features, root mean square over features in deviations.

    Args:
        dances: Features of at least two dances.
        std: Deviation of each feature over real dances.

    Raises:
        ValueError: If there is but one dance.

    Example:
        >>> dances = [np.zeros(6), np.full(6, 2.0)]
        >>> diversity(dances, std=np.ones(6)), diversity(dances, std=np.full(6, 4.0))
        (2.0, 0.5)
    """
    if len(dances) < 2:
        raise ValueError(f"diversity needs at least 2 dances, not {len(dances)}")
    scaled = np.stack(list(dances)) / np.maximum(std, 1e-6)
    first, second = np.triu_indices(len(scaled), 1)
    return float(np.sqrt(np.square(scaled[first] - scaled[second]).mean(1)).mean())
