"""Stretches: where something holds for a while."""

import numpy as np
from numpy.typing import NDArray


def stretches(holds: NDArray[np.bool_], bridge: int = 0) -> list[tuple[int, int]]:
    """First and one past the last index of every stretch in which `holds` (n,) is true.

    Args:
        holds: What holds where.
        bridge: Gaps of at most so many are part of a stretch.
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], holds.astype(np.int8), [0]])))
    found: list[tuple[int, int]] = []
    for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if found and start - found[-1][1] <= bridge:
            found[-1] = (found[-1][0], stop)
        else:
            found.append((start, stop))
    return found
