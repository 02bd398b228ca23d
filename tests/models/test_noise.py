"""Noise is a function of seed and frame alone, white or correlated, and standard normal at every frame."""

import numpy as np
import pytest
from numpy.typing import NDArray

from models.step.noise import MAX_CORRELATION, frame_noise


def stretch(first: int, frames: int, dims: int, correlation: float, seed: int = 3) -> NDArray[np.float32]:
    return np.stack([frame_noise(seed, frame, dims, correlation) for frame in range(first, first + frames)])


def autocorrelation(noise: NDArray[np.float32], lag: int) -> float:
    return float((noise[lag:] * noise[: len(noise) - lag]).mean())


def test_white_noise_is_what_it_always_was():
    """A dance of an earlier version is danced again from the same numbers."""
    expected = [0.4191567, -2.3430207, -0.40000135]
    np.testing.assert_array_equal(frame_noise(7, 100, 3), frame_noise(7, 100, 3, 0.0))
    np.testing.assert_allclose(frame_noise(7, 100, 3), expected, rtol=1e-6)


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.5, 0.8, MAX_CORRELATION])
def test_each_number_is_standard_normal_and_resembles_the_frame_before_as_much_as_asked(correlation: float):
    noise = stretch(0, 40, 2000, correlation)
    assert abs(noise.mean()) < 0.03
    for lag in (0, 1, 2, 3):
        assert autocorrelation(noise, lag) == pytest.approx(correlation**lag, abs=0.03)


@pytest.mark.parametrize("frame", [0, 1, 5])
def test_the_first_frames_of_a_dance_are_as_spread_as_any(frame: int):
    assert frame_noise(1, frame, 20000, 0.9).std() == pytest.approx(1.0, abs=0.02)


def test_it_needs_no_memory_of_the_frames_before():
    forwards = stretch(0, 30, 5, 0.7)
    alone = np.stack([frame_noise(3, frame, 5, 0.7) for frame in reversed(range(30))])[::-1]
    np.testing.assert_array_equal(forwards, alone)


def test_it_is_the_sum_that_it_says():
    white = [frame_noise(9, 50 - lag, 6) for lag in range(8)]
    weights = 0.5 ** np.arange(8)
    expected = sum(w * e for w, e in zip(weights, white, strict=True)) / np.sqrt((weights**2).sum())
    np.testing.assert_allclose(frame_noise(9, 50, 6, 0.5), expected, atol=0.08)  # the sum ends a little earlier
    assert np.corrcoef(frame_noise(9, 50, 4000, 0.5), frame_noise(10, 50, 4000, 0.5))[0, 1] < 0.05, "another seed"


@pytest.mark.parametrize("correlation", [-0.1, 0.96, 1.0, float("nan")])
def test_a_correlation_out_of_range_is_refused(correlation: float):
    with pytest.raises(ValueError, match="correlation of noise must lie in 0"):
        frame_noise(0, 0, 3, correlation)
