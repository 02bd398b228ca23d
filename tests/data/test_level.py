import numpy as np
import pytest

from data.sound.level import SILENCE_DBFS, AutomaticGain, GainState, power_to_dbfs
from data.sound.streaming import FloatArray
from tests.data.drum_loop import drum_loop
from tests.data.streaming_contract import EachFrame, verify_streaming_contract

RATE_HZ, HOP_SAMPLES, HOPS_PER_S = 24_000, 200, 120


def noise(level_dbfs: float, duration_s: float, seed: int = 0) -> FloatArray:
    samples = np.random.default_rng(seed).standard_normal(int(duration_s * RATE_HZ))
    return (10 ** (level_dbfs / 20) * samples).astype(np.float32)


def run(samples: FloatArray, state: GainState | None = None) -> tuple[FloatArray, FloatArray]:
    """The levelled sound and the gain in dB (-inf when closed) at the end of each hop."""
    gain = AutomaticGain(RATE_HZ, HOP_SAMPLES)
    state = state or gain.initial_state()
    hops, gains = [], []
    for hop in samples[: len(samples) // HOP_SAMPLES * HOP_SAMPLES].reshape(-1, HOP_SAMPLES):
        output, state = gain.step(hop, state)
        hops.append(output)
        gains.append(state.gain)
    with np.errstate(divide="ignore"):
        return np.concatenate(hops), 20 * np.log10(np.array(gains, np.float32))


def level_dbfs(samples: FloatArray) -> float:
    return power_to_dbfs(float(np.mean(samples.astype(np.float64) ** 2)))


def test_it_streams() -> None:
    hops = drum_loop(120.0, 8.0)[0].reshape(-1, HOP_SAMPLES)
    verify_streaming_contract(EachFrame(AutomaticGain(RATE_HZ, HOP_SAMPLES), width=HOP_SAMPLES), hops, largest_block=50)


@pytest.mark.parametrize("input_dbfs", [-45.0, -30.0, -20.0, -6.0])
def test_the_level_is_right_within_a_tenth_of_a_second(input_dbfs: float) -> None:
    output, _ = run(noise(input_dbfs, 2.0))
    assert level_dbfs(output[RATE_HZ // 10 :]) == pytest.approx(-20.0, abs=0.5)


def test_a_kick_drum_does_not_pump() -> None:
    _, gain_db = run(drum_loop(120.0, 20.0, pattern="four")[0])
    assert np.ptp(gain_db[10 * HOPS_PER_S :]) < 1.2


def test_a_louder_song_is_turned_down_within_a_second_and_a_softer_one_up_in_twenty() -> None:
    output, _ = run(np.concatenate([noise(-40.0, 10.0), noise(-20.0, 10.0, seed=1)]))
    assert level_dbfs(output[12 * RATE_HZ : 13 * RATE_HZ]) == pytest.approx(-20.0, abs=5.0)
    output, _ = run(np.concatenate([noise(-20.0, 10.0), noise(-40.0, 30.0, seed=1)]))
    assert level_dbfs(output[30 * RATE_HZ :]) == pytest.approx(-20.0, abs=1.0)


def test_silence_and_faint_noise_stay_silence() -> None:
    assert not run(np.zeros(RATE_HZ, np.float32))[0].any()
    assert not run(noise(-80.0, 10.0))[0].any()
    assert not run(noise(-75.0, 10.0))[0].any()


def test_faint_noise_after_music_is_not_lifted() -> None:
    output, _ = run(np.concatenate([noise(-20.0, 5.0), noise(-75.0, 60.0)]))
    assert not output[10 * RATE_HZ :].any()


def test_the_lift_is_limited() -> None:
    _, gain_db = run(noise(-58.0, 10.0))
    assert gain_db.max() <= 30.0 + 1e-4


def test_after_a_pause_the_next_song_is_judged_afresh() -> None:
    pause = np.zeros(15 * RATE_HZ, np.float32)
    output, _ = run(np.concatenate([noise(-10.0, 10.0), pause, noise(-35.0, 4.0, seed=1)]))
    assert level_dbfs(output[-RATE_HZ:]) == pytest.approx(-20.0, abs=3.0)


def test_the_level_of_nothing() -> None:
    assert power_to_dbfs(0.0) == SILENCE_DBFS
