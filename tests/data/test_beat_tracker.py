import math
from dataclasses import dataclass

import mir_eval
import numpy as np
import pytest

from data.sound.beat_tracker import BeatState, BeatTracker
from data.sound.level import AutomaticGain
from data.sound.spectral import OnsetFlux
from data.sound.streaming import FloatArray
from tests.data.drum_loop import drum_loop
from tests.data.streaming_contract import EachFrame, verify_streaming_contract

RATE_HZ, HOP_RATE_HZ, HOP_SAMPLES = 24_000, 120, 200


class Listener:
    """A tracker that is fed hops (68,): mel decibels and flux, side by side."""

    dims, rate_hz, latency_s = BeatTracker.dims, BeatTracker.rate_hz, BeatTracker.latency_s

    def __init__(self) -> None:
        self.tracker = BeatTracker()
        self.initial_state = self.tracker.initial_state

    def step(self, hop: FloatArray, state: BeatState) -> tuple[FloatArray, BeatState]:
        return self.tracker.step(hop[: OnsetFlux.NUM_BANDS], hop[OnsetFlux.NUM_BANDS :], state)


def hops_of(samples: FloatArray) -> FloatArray:
    """Mel decibels and flux (hops, 68) of sound at 24 kHz, levelled, as the features make them."""
    gain, onset = AutomaticGain(RATE_HZ, HOP_SAMPLES), OnsetFlux(HOP_RATE_HZ)
    gain_state, onset_state = gain.initial_state(), onset.initial_state()
    signal = np.zeros(OnsetFlux.WINDOW_SAMPLES, np.float32)
    frames = []
    for hop in samples[: len(samples) // HOP_SAMPLES * HOP_SAMPLES].reshape(-1, HOP_SAMPLES):
        levelled, gain_state = gain.step(hop, gain_state)
        signal = np.concatenate([signal[HOP_SAMPLES:], levelled])
        flux, onset_state = onset.step(signal, onset_state)
        frames.append(np.concatenate([onset_state.mel_db[-1], flux]))
    return np.array(frames)


def track(hops: FloatArray, ahead_s: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray, BeatState]:
    """Position in beats and tempo at the end of each hop, features (hops, 5), and the last state."""
    listener = Listener()
    tracker, state = listener.tracker, listener.initial_state()
    beats, bpm, features = [], [], []
    for hop in hops:
        _, state = listener.step(hop, state)
        features.append(tracker.features(state, ahead_s))
        beats.append(tracker.beats_at(state, ahead_s))
        bpm.append(state.bpm)
    return np.array(beats), np.array(bpm), np.array(features), state


def silent_hops(num_hops: int) -> FloatArray:
    hops = np.zeros((num_hops, 68), np.float32)
    hops[:, :64] = OnsetFlux.FLOOR_DB
    return hops


def beat_times_s(beats: np.ndarray, ahead_s: float = 0.0) -> np.ndarray:
    """When the oscillator passes whole beats, as announced (`ahead_s` after it was said)."""
    time_s = np.arange(1, len(beats) + 1) / HOP_RATE_HZ + ahead_s
    rising = np.maximum.accumulate(beats) + 1e-9 * np.arange(len(beats))
    return np.interp(np.arange(math.ceil(rising[0]), math.floor(rising[-1])), rising, time_s)


def f_measure(reference_s: np.ndarray, estimate_s: np.ndarray, skip_s: float = 5.0) -> float:
    return mir_eval.beat.f_measure(reference_s[reference_s >= skip_s], estimate_s[estimate_s >= skip_s])


def test_it_streams() -> None:
    hops = hops_of(drum_loop(120.0, 8.0)[0])
    verify_streaming_contract(EachFrame(Listener()), hops, largest_block=50)


LOOPS = [
    (70.0, "rock", 0.0, -60.0),
    (80.0, "hiphop", 1.0, -40.0),
    (90.0, "four", 0.0, -30.0),
    (100.0, "funk", 0.0, -60.0),
    (110.0, "rock", 0.6, -30.0),
    (120.0, "four", 0.0, -60.0),
    (128.0, "four", 0.0, -24.0),
    (140.0, "hiphop", 0.0, -40.0),
    (155.0, "rock", 0.0, -30.0),
    (170.0, "funk", 0.0, -40.0),
]


@dataclass(frozen=True)
class Tracked:
    """A loop that was heard once: what the tracker's state said at the end of each hop, and the true beats."""

    beats: np.ndarray
    bpm: np.ndarray
    last: BeatState
    true_s: np.ndarray

    def beat_times_s(self, ahead_s: float = 0.0) -> np.ndarray:
        announced = self.beats + (BeatTracker().delay_s + ahead_s) * self.bpm / 60.0
        return beat_times_s(announced, ahead_s)


@pytest.fixture(scope="module")
def loops() -> list[Tracked]:
    loops = []
    for seed, (bpm, pattern, swing, noise_db) in enumerate(LOOPS):
        samples, beats_s = drum_loop(bpm, 30.0, pattern=pattern, swing=swing, noise_db=noise_db, seed=seed)
        listener = Listener()
        state = listener.initial_state()
        said = []
        for hop in hops_of(samples):
            _, state = listener.step(hop, state)
            said.append((state.beats, state.bpm))
        loops.append(Tracked(*np.array(said).T, state, beats_s))
    return loops


@pytest.mark.parametrize("ahead_s", [0.0, 0.25, 1.0])
def test_beats_are_found_also_when_announced_ahead(loops: list[Tracked], ahead_s: float) -> None:
    scores = [f_measure(loop.true_s, loop.beat_times_s(ahead_s)) for loop in loops]
    print(f"F-measure {ahead_s} s ahead: mean {np.mean(scores):.3f},", np.round(scores, 2).tolist())
    assert np.mean(scores) > 0.80
    assert sum(score > 0.9 for score in scores) >= 7


def test_the_phase_is_not_biased(loops: list[Tracked]) -> None:
    errors_s = []
    for loop in loops:
        for time_s in loop.beat_times_s():
            error_s = time_s - loop.true_s[np.abs(loop.true_s - time_s).argmin()]
            if time_s > 5.0 and abs(error_s) < 0.07:
                errors_s.append(error_s)
    assert abs(np.median(errors_s)) < 0.010


def test_it_locks_within_four_seconds(loops: list[Tracked]) -> None:
    assert f_measure(loops[5].true_s, loops[5].beat_times_s(), skip_s=4.0) > 0.95


def test_a_change_of_tempo_is_followed() -> None:
    samples, beats_s = drum_loop(lambda time_s: 100.0 if time_s < 20.0 else 118.0, 40.0, pattern="four")
    beats, bpm, _, _ = track(hops_of(samples))
    assert bpm[15 * HOP_RATE_HZ] == pytest.approx(100.0, rel=0.02)
    assert bpm[30 * HOP_RATE_HZ] == pytest.approx(118.0, rel=0.02)
    assert f_measure(beats_s, beat_times_s(beats), skip_s=27.0) > 0.9


def test_the_oscillator_never_runs_backwards_and_counts_every_beat_once(loops: list[Tracked]) -> None:
    for loop in loops:
        steps = np.diff(loop.beats, prepend=0.0)
        assert steps.min() >= 0.0
        assert steps.max() <= 3.01 * 215.0 / 60.0 / HOP_RATE_HZ
        assert loop.last.count == math.floor(loop.last.beats)
        assert loop.last.phase == loop.last.beats - loop.last.count


def test_silence_holds_the_tempo_while_confidence_dies_and_music_is_found_again() -> None:
    loop, beats_s = drum_loop(126.0, 20.0, pattern="four")
    silence = np.zeros(15 * RATE_HZ, np.float32)
    hops = hops_of(np.concatenate([loop, silence, loop]))
    beats, bpm, features, _ = track(hops)
    playing, pausing = 20 * HOP_RATE_HZ - 10, slice(25 * HOP_RATE_HZ, 35 * HOP_RATE_HZ)
    assert features[playing, 3] > 0.8
    assert features[30 * HOP_RATE_HZ : 35 * HOP_RATE_HZ, 3:].max() < 1e-3
    assert bpm[playing] == pytest.approx(126.0, rel=0.02)
    assert np.ptp(bpm[pausing]) == 0.0
    assert bpm[pausing][0] == pytest.approx(126.0, rel=0.03)
    np.testing.assert_allclose(np.diff(beats[pausing]), bpm[pausing][0] / 60.0 / HOP_RATE_HZ, rtol=0.02)
    assert f_measure(35.0 + beats_s, beat_times_s(beats), skip_s=39.0) > 0.9


def test_nothing_heard_means_no_confidence() -> None:
    _, bpm, features, state = track(silent_hops(600))
    assert features[:, 3:].max() == 0.0
    assert np.isfinite(features).all()
    assert (bpm == bpm[0]).all()
    assert state.count == math.floor(5.0 * bpm[0] / 60.0)


def test_steady_noise_gives_little_confidence() -> None:
    noise = (0.1 * np.random.default_rng(0).standard_normal(20 * RATE_HZ)).astype(np.float32)
    _, _, features, _ = track(hops_of(noise))
    assert features[5 * HOP_RATE_HZ :, 3].mean() < 0.5


def test_extreme_flux_stays_finite() -> None:
    hops = silent_hops(2000)
    hops[:, :64] = np.random.default_rng(0).choice([-60.0, 90.0], (2000, 64))
    hops[::7, 64:] = 1e6
    hops[3::11, 64:] = 1e-30
    _, bpm, features, state = track(hops)
    assert np.isfinite(features).all()
    assert np.isfinite(bpm).all()
    assert state.belief.sum() == pytest.approx(1.0, abs=1e-4)
