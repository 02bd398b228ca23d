"""The noise of a dance: a function of its seed and the frame, live as in roll-outs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def frame_noise(seed: int, frame: int, dims: int) -> NDArray[np.float32]:
    """Standard normal noise of one frame, (dims,): a function of seed and frame, so that it needs no state.

    Example:
        >>> np.array_equal(frame_noise(7, 100, dims=4), frame_noise(7, 100, dims=4))
        True
        >>> np.array_equal(frame_noise(7, 100, dims=4), frame_noise(7, 101, dims=4))
        False
    """
    generator = np.random.Generator(np.random.Philox(key=seed % 2**64, counter=[0, 0, 0, frame]))
    return generator.standard_normal(dims, np.float32)
