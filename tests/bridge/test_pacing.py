"""The playout clock finds the moment at which poses are ready, and keeps to it."""

import numpy as np
import pytest

from bridge.timing.pacing import PlayoutClock

PERIOD_S = 1 / 30


def play(ready_s: np.ndarray, start_s: float = 0.0) -> tuple[list[float], list[int | None]]:
    """Ticks until all poses have been ready; which pose each tick shows, None where no new one is due.

    `ready_s` holds the time at which pose k becomes ready.
    """
    clock = PlayoutClock(rate_hz=30)
    state = clock.initial_state(start_s)
    ticks, shown, waiting, num_observed = [], [], [], 0
    while num_observed < len(ready_s):
        tick = state.next_tick_s
        while num_observed < len(ready_s) and ready_s[num_observed] <= tick:
            state = clock.observe(num_observed, float(ready_s[num_observed]), state)
            waiting.append(num_observed)
            num_observed += 1
        due = None
        while waiting and clock.is_due(waiting[0], tick, state):
            due = waiting.pop(0)
        ticks.append(tick)
        shown.append(due)
        state = clock.advance(tick, state)
    return ticks, shown


def settled(shown: list[int | None]) -> list[int | None]:
    """The second half."""
    return shown[len(shown) // 2 :]


def test_a_slow_first_pose_does_not_delay_the_rest():
    ready = np.arange(120) * PERIOD_S + 0.7
    ready[0] += 0.2
    ready = np.maximum.accumulate(ready)  # the next ones wait behind it
    ready[1:12] = np.maximum(ready[0], np.arange(1, 12) * PERIOD_S + 0.7)
    ticks, shown = play(ready)
    waits = [tick - ready[k] for tick, k in zip(ticks[-90:], shown[-90:], strict=True) if k is not None]
    assert max(waits) < 0.04


def test_every_pose_is_shown_once_and_in_order():
    rng = np.random.default_rng(0)
    ready = np.arange(600) * PERIOD_S + 0.7 + 0.004 * rng.random(600)
    _, shown = play(ready)
    poses = settled(shown)
    assert None not in poses
    assert np.diff(poses).tolist() == [1] * (len(poses) - 1)


def test_a_pose_waits_only_for_the_slow_ones_and_a_margin():
    rng = np.random.default_rng(1)
    jitter_s = 0.004
    ready = np.arange(600) * PERIOD_S + 0.7 + jitter_s * rng.random(600)
    ticks, shown = play(ready)
    waits = [tick - ready[k] for tick, k in zip(ticks[-200:], shown[-200:], strict=True) if k is not None]
    assert min(waits) > 0
    assert max(waits) < jitter_s + PlayoutClock(rate_hz=30).margin_s + 0.001


def test_after_two_ticks_that_find_the_phase_ticks_are_steady():
    rng = np.random.default_rng(2)
    ready = np.arange(300) * PERIOD_S + 0.7 + 0.013 + 0.01 * rng.random(300)
    ticks, shown = play(ready)
    errors = np.abs(np.diff(ticks) - PERIOD_S)
    assert np.sum(errors > PlayoutClock(rate_hz=30).max_delay_s + 1e-9) <= 2
    assert errors.max() <= 0.5 * PERIOD_S
    first = shown.index(0)
    assert shown[first : first + 30].count(None) <= 5


@pytest.mark.parametrize("drift", [-200e-6, 200e-6])
def test_it_follows_a_sound_card_whose_clock_drifts(drift):
    ready = np.arange(9000) * PERIOD_S * (1 + drift) + 0.7  # 300 s: 60 ms, nearly two frames
    _, shown = play(ready)
    poses = [k for k in settled(shown) if k is not None]
    assert np.diff(poses).tolist() == [1] * (len(poses) - 1)
    assert settled(shown).count(None) <= 1


def test_poses_that_come_three_at_a_time_are_spread_out_again():
    bursts = np.repeat(np.arange(200) * 3 * PERIOD_S + 0.8, 3)  # a sound card with blocks of a tenth of a second
    _, shown = play(bursts)
    poses = settled(shown)
    assert None not in poses
    assert np.diff(poses).tolist() == [1] * (len(poses) - 1)


def test_a_break_in_the_stream_is_met_by_beginning_again():
    ready = np.arange(400) * PERIOD_S + 0.7
    ready[200:] += 2.0  # the machine stood still for two seconds
    _, shown = play(ready)
    assert settled(shown).count(None) < 70
    assert None not in shown[-100:]


def test_a_sender_that_overslept_skips_ticks_and_counts_them():
    clock = PlayoutClock(rate_hz=30)
    state = clock.initial_state(10.0)
    state = clock.advance(10.0 + 5.2 * PERIOD_S, state)
    assert state.num_ticks_skipped == 4
    assert np.isclose(state.next_tick_s, 10.0 + 5 * PERIOD_S)
