"""The noise of a dance: a function of its seed and the frame, live as in roll-outs."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

MAX_CORRELATION: Final = 0.95
"""Beyond it a frame's noise would be a sum over more than 70 frames."""
_SMALLEST_WEIGHT: Final = 1 / 32
"""Frames whose weight is less than this, beside the present frame's, are left out of the sum."""
_FRAME_WORD: Final = 3


def frame_noise(seed: int, frame: int, dims: int, correlation: float = 0.0) -> NDArray[np.float32]:
    """Standard normal noise of one frame, (dims,): a function of seed and frame, so that it needs no state.

    With a correlation a it resembles the noise of the frames before, as first-order autoregressive noise does:
    z_t = sum a^k e_(t-k) / sqrt(sum a^(2k)), where e is the white noise that a correlation of 0 gives. The sum ends
    where a^k becomes small, so that each number is standard normal at every frame, the first of a dance included: the
    frames before it have noise too, though nobody dances them.

    Args:
        seed: Of the dance.
        frame: Of the dance; any whole number.
        dims: How many numbers.
        correlation: Of each number with itself one frame before, 0 to `MAX_CORRELATION`.

    Raises:
        ValueError: If the correlation lies outside.

    Example:
        >>> np.array_equal(frame_noise(7, 100, dims=4), frame_noise(7, 100, dims=4))
        True
        >>> np.array_equal(frame_noise(7, 100, dims=4), frame_noise(7, 101, dims=4))
        False
        >>> z = np.array([frame_noise(7, frame, dims=400, correlation=0.5) for frame in range(50)])
        >>> round(float((z[1:] * z[:-1]).mean()), 1), round(float(z.std()), 1)
        (0.5, 1.0)
    """
    if not 0.0 <= correlation <= MAX_CORRELATION:
        raise ValueError(f"the correlation of noise must lie in 0..{MAX_CORRELATION}, not {correlation}")
    # One generator for all frames of the sum: setting its counter costs a fifth of making another.
    bits = np.random.Philox(key=seed % 2**64, counter=np.array([0, 0, 0, frame % 2**64], np.uint64))
    generator = np.random.Generator(bits)
    if correlation == 0.0:
        return generator.standard_normal(dims, np.float32)
    start = bits.state
    counter = start["state"]["counter"]
    num_frames = 1 + math.ceil(math.log(_SMALLEST_WEIGHT) / math.log(correlation))
    total, squares, weight = np.zeros(dims, np.float32), 0.0, 1.0
    for lag in range(num_frames):
        counter[_FRAME_WORD] = (frame - lag) % 2**64
        bits.state = start
        total += np.float32(weight) * generator.standard_normal(dims, np.float32)
        squares += weight * weight
        weight *= correlation
    return total / np.float32(math.sqrt(squares))
