"""Beat times against the integral they stand for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.music import TempoMap


def test_one_tempo_is_a_ruler() -> None:
    np.testing.assert_allclose(TempoMap.constant(120.0).seconds([0, 1, 2.5, 100]), [0, 0.5, 1.25, 50], rtol=1e-15)


def test_a_step_changes_the_ruler() -> None:
    tempo = TempoMap((0.0, 4.0), (60.0, 120.0), "step")
    np.testing.assert_allclose(tempo.seconds([3, 4, 5, 8]), [3, 4, 4.5, 6])


@given(
    gaps=st.lists(st.floats(0.5, 40.0), min_size=1, max_size=4),
    bpms=st.lists(st.floats(40.0, 240.0), min_size=5, max_size=5),
    shape=st.sampled_from(["step", "ramp"]),
)
def test_times_are_the_integral_of_the_period(gaps: list[float], bpms: list[float], shape: str) -> None:
    beats = np.concatenate([[0.0], np.cumsum(gaps)])
    tempo = TempoMap(tuple(beats), tuple(bpms[: len(beats)]), shape)
    for start, end, bpm_start, bpm_end in zip(beats[:-1], beats[1:], tempo.bpms[:-1], tempo.bpms[1:], strict=True):
        nodes, weights = np.polynomial.legendre.leggauss(40)
        x = 0.5 * (nodes + 1.0)
        bpm = bpm_start + (bpm_end - bpm_start) * x if shape == "ramp" else np.full_like(x, bpm_start)
        integral_s = 0.5 * (end - start) * np.sum(weights * 60.0 / bpm)
        assert tempo.seconds(end) - tempo.seconds(start) == pytest.approx(integral_s, rel=1e-9)
    assert np.all(np.diff(tempo.seconds(np.linspace(0.0, beats[-1] + 8.0, 200))) > 0.0)


@pytest.mark.parametrize(
    ("beats", "bpms", "shape", "message"),
    [
        ((1.0,), (120.0,), "step", "ascend from 0"),
        ((0.0, 4.0, 4.0), (120.0, 100.0, 90.0), "step", "ascend from 0"),
        ((0.0,), (120.0, 130.0), "step", "as many beats as tempos"),
        ((0.0,), (300.0,), "step", "bpm is 300.0"),
        ((0.0,), (120.0,), "curve", "shape of a tempo map is 'curve'"),
    ],
)
def test_an_impossible_tempo_map_is_named(beats: tuple, bpms: tuple, shape: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TempoMap(beats, bpms, shape)
