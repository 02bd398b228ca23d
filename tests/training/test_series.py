"""Measures of any series: each says of series that are spoilt in a known way what was done to them."""

import numpy as np
import pytest

from training.metrics.series import (
    NUM_BANDS,
    RealSeries,
    band_edges,
    distance,
    diversity,
    moments,
    spectral_gap_db,
    spectrum,
)

RNG = np.random.default_rng(0)
SERIES = [np.cumsum(RNG.normal(size=(400, 3)), 0).astype(np.float32) * [1, 10, 2] + [5, 0, 0] for _ in range(6)]
REAL = RealSeries.of(SERIES)


def test_what_is_real_is_right():
    found = moments(SERIES, REAL)
    assert found["mean gap"] == pytest.approx(0, abs=1e-6)
    assert found["deviation"] == pytest.approx(1)
    assert found["deviation of changes"] == pytest.approx(1)
    power = spectrum(SERIES, REAL, 64)
    assert spectral_gap_db(power, power) == 0


def test_moments_see_what_was_done():
    assert moments([s + REAL.std * 0.5 for s in SERIES], REAL)["mean gap"] == pytest.approx(0.5, rel=1e-3)
    wider = moments([2 * (s - REAL.mean) + REAL.mean for s in SERIES], REAL)
    assert wider["deviation"] == pytest.approx(2, rel=1e-3)
    assert wider["deviation of changes"] == pytest.approx(2, rel=1e-3)
    shaking = moments([s + 0.2 * REAL.std * RNG.normal(size=s.shape) for s in SERIES], REAL)
    assert shaking["deviation"] < 1.1
    assert shaking["deviation of changes"] > 2


def test_the_power_of_a_wave_is_in_its_band_and_as_large_as_it_is():
    frames, stretch = np.arange(512)[:, None], 64
    wave = np.sin(2 * np.pi * frames * 0.2).astype(np.float32)
    unit = RealSeries((wave,), np.zeros(1), np.ones(1), np.ones(1))
    power = spectrum([wave], unit, stretch)
    edges = band_edges(stretch)
    band = int(np.searchsorted(edges, 0.2)) - 1
    assert np.argmax(power) == band
    assert power.sum() == pytest.approx(0.5, rel=0.05)  # the mean square of a wave
    assert len(power) == NUM_BANDS
    low, high = spectrum([wave / 10], unit, stretch), spectrum([wave], unit, stretch)
    assert spectral_gap_db(low, low) == 0
    assert spectral_gap_db(low, high) > 1


def test_diversity_and_distance_are_in_real_deviations():
    one = SERIES[0]
    assert distance(one, one, REAL) == 0
    assert distance(one, one[:50] + REAL.std, REAL) == pytest.approx(1, rel=1e-3)
    assert diversity([one, one, one], REAL) == 0
    assert diversity([one, one + REAL.std, one + 2 * REAL.std], REAL) == pytest.approx(4 / 3, rel=1e-3)
    assert np.isnan(diversity([one], REAL))


def test_a_column_that_never_moves_does_not_rule():
    still = [np.concatenate([s, np.zeros((len(s), 1))], 1) for s in SERIES]
    real = RealSeries.of(still)
    assert real.std[3] > 0.05 * real.std.max()
    assert np.isfinite(list(moments(still, real).values())).all()
