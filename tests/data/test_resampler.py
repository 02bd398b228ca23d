import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.sound.resampler import PolyphaseResampler
from data.sound.streaming import run_offline
from tests.data.streaming_contract import verify_streaming_contract

RATES_HZ = [8_000, 11_025, 22_050, 24_000, 32_000, 44_100, 44_101, 48_000, 96_000, 192_000]


def sine(frequency_hz: float, rate_hz: int, duration_s: float = 1.0) -> np.ndarray:
    return np.sin(2 * np.pi * frequency_hz * np.arange(int(rate_hz * duration_s)) / rate_hz).astype(np.float32)


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_it_streams(rate_hz: int) -> None:
    noise = np.random.default_rng(0).standard_normal(rate_hz // 2).astype(np.float32)
    verify_streaming_contract(PolyphaseResampler(rate_hz, 24_000), noise)


@given(rate_in_hz=st.integers(8_000, 192_000), num_samples=st.integers(0, 5_000))
def test_n_samples_in_give_exactly_floor_n_times_the_ratio(rate_in_hz: int, num_samples: int) -> None:
    output = run_offline(PolyphaseResampler(rate_in_hz, 24_000), np.ones(num_samples, np.float32))
    assert len(output) == num_samples * 24_000 // rate_in_hz


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("frequency_hz", [50.0, 1000.0, 2800.0])
def test_a_tone_comes_out_as_itself_only_delayed_by_the_declared_latency(rate_hz: int, frequency_hz: float) -> None:
    resampler = PolyphaseResampler(rate_hz, 24_000)
    output = run_offline(resampler, sine(frequency_hz, rate_hz))
    time_s = np.arange(len(output)) / 24_000 - resampler.latency_s
    expected = np.sin(2 * np.pi * frequency_hz * time_s)
    settled = time_s > 0.01
    assert np.abs(output - expected)[settled].max() < 1e-3


@pytest.mark.parametrize("rate_hz", [44_100, 48_000, 96_000, 192_000])
def test_what_would_alias_is_removed(rate_hz: int) -> None:
    output = run_offline(PolyphaseResampler(rate_hz, 24_000), sine(14_000.0, rate_hz))
    assert 20 * np.log10(np.abs(output[200:]).max()) < -75.0


@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_it_is_less_than_a_millisecond_late(rate_hz: int) -> None:
    assert 0.0 < PolyphaseResampler(rate_hz, 24_000).latency_s < 1e-3


@pytest.mark.parametrize("rate_hz", [44_101, 47_999, 95_999, 191_999])
def test_an_awkward_rate_needs_little_memory(rate_hz: int) -> None:
    resampler = PolyphaseResampler(rate_hz, 24_000)
    assert resampler._kernel.nbytes < 600_000


@pytest.mark.parametrize("rate_hz", [0, -48_000, 44_100.5, 10_000_000])
def test_a_senseless_rate_is_refused(rate_hz: float) -> None:
    with pytest.raises(ValueError, match="sample rate"):
        PolyphaseResampler(rate_hz, 24_000)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("samples", "way_out"),
    [
        (np.zeros(100, np.int16), "32768"),
        (np.zeros(100, np.float64), "astype"),
        (np.zeros((100, 2), np.float32), "mean"),
        ([0.0, 1.0], "float32"),
    ],
)
def test_wrong_samples_are_refused_with_the_way_out(samples: object, way_out: str) -> None:
    resampler = PolyphaseResampler(48_000, 24_000)
    with pytest.raises(ValueError, match=way_out):
        resampler.step(samples, resampler.initial_state())  # type: ignore[arg-type]
