"""The learning rate that lr-find suggests is one at which the loss falls, for losses of any size and sign."""

import numpy as np
import pytest
from pytorch_lightning.tuner.lr_finder import _LRFinder

from training.fitting.lr_find import is_clear, losses_of, steepest

RATES = np.geomspace(1e-6, 1.0, 100)


def losses(seed: int, offset: float = 0.0, size: float = 1.0) -> np.ndarray:
    """Of a model that learns nothing below 1e-3, falls up to 3e-1 and flies away from there on."""
    decades = np.log10(RATES)
    fall = np.clip((decades + 3) / (np.log10(3e-1) + 3), 0, 1)
    rise = np.clip(decades - np.log10(3e-1), 0, None) * 4
    noise = np.random.default_rng(seed).normal(0, 0.04, len(RATES))
    return offset + size * (2 - fall + rise + noise)


def as_lightning_smooths(raw: np.ndarray) -> np.ndarray:
    smoothed, mean = [], 0.0
    for index, loss in enumerate(raw):
        mean = 0.98 * mean + 0.02 * loss
        smoothed.append(mean / (1 - 0.98 ** (index + 2)))
    return np.array(smoothed)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("offset", "size"), [(0.0, 1.0), (-3.0, 1.0), (100.0, 50.0)])
def test_the_suggestion_is_where_the_loss_falls(seed: int, offset: float, size: float) -> None:
    found = steepest(losses_of(as_lightning_smooths(losses(seed, offset, size))))
    assert found is not None
    assert 1e-3 < RATES[found] < 3e-1


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("size", [0.5, 2.0, 20.0])
def test_first_steps_that_are_noise_change_nothing(seed: int, size: float) -> None:
    """Scales that are set by one batch, outliers among them: what jumps for eight steps is no fall of the loss."""
    raw = losses(seed)
    raw[:8] += np.random.default_rng(100 + seed).normal(0, size, 8)
    found = steepest(losses_of(as_lightning_smooths(raw)))
    assert found is not None
    assert 1e-3 < RATES[found] < 3e-1


def test_a_curve_whose_steepest_place_is_known() -> None:
    """A logistic fall is steepest in its middle."""
    for middle in (1e-4, 1e-3, 1e-2, 1e-1):
        curve = 1 / (1 + (RATES / middle) ** 2)
        found = steepest(curve)
        assert found is not None
        assert abs(np.log10(RATES[found] / middle)) < 0.15


def test_lightnings_own_suggestion_is_not() -> None:
    """If this fails, the finder of Lightning can be used as it is."""
    finder = _LRFinder("exponential", 1e-6, 1.0, len(RATES))
    finder.results = {"loss": list(as_lightning_smooths(losses(1))), "lr": list(RATES)}
    assert finder.suggestion() < 1e-3


def test_the_losses_of_steps_are_had_back() -> None:
    raw = losses(0)
    np.testing.assert_allclose(losses_of(as_lightning_smooths(raw)), raw, atol=1e-9)


def test_nothing_is_suggested_where_nothing_falls_and_chance_is_named() -> None:
    assert steepest(np.linspace(1, 2, 50)) is None
    assert steepest(np.full(50, np.nan)) is None
    assert steepest(np.array([])) is None
    noise = [np.random.default_rng(seed).normal(2, 0.05, len(RATES)) for seed in range(20)]
    assert np.mean([is_clear(one) for one in noise]) < 0.3
    assert all(is_clear(losses(seed)) for seed in range(8))


def test_what_follows_the_first_nan_is_left_out() -> None:
    raw = losses(1)
    raw[95:] = np.nan
    found = steepest(raw)
    assert found is not None
    assert 1e-3 < RATES[found] < 3e-1
