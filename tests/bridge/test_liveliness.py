"""Liveliness: a dance that stands is roused, a lively one is let go, and what does not wake begins anew."""

from dataclasses import replace

import numpy as np
import pytest

from bridge.body.liveliness import Liveliness, LivelinessState, is_calm_requested
from bridge.control.controls import Controls

RATE_HZ = 30


def watched(speeds_m_s: list[float], energy: float = 0.5, style_share: float = 1.0) -> list[LivelinessState]:
    """A body of which every joint moves at these speeds, frame by frame."""
    watch = Liveliness(rate_hz=RATE_HZ)
    state, position, states = watch.initial_state(), 0.0, []
    for speed_m_s in speeds_m_s:
        position += speed_m_s / RATE_HZ
        state = watch.step(np.full((19, 3), [position, 1.0, 0.0], np.float32), state, energy, 0.0, style_share)
        states.append(state)
    return states


def test_standing_is_roused_within_a_second_and_restarted_within_two() -> None:
    states = watched([0.05] * 2 * RATE_HZ)
    assert states[RATE_HZ].rousing == 1.0
    restarts = [frame for frame, state in enumerate(states) if state.must_restart]
    assert restarts
    assert RATE_HZ < restarts[0] < 2 * RATE_HZ


def test_who_begins_anew_has_its_time_anew() -> None:
    """A dance that is begun anew in each frame is a statue."""
    restarts = [frame for frame, state in enumerate(watched([0.05] * 6 * RATE_HZ)) if state.must_restart]
    assert len(restarts) > 2
    assert np.diff(restarts).min() > 0.5 * RATE_HZ


def test_a_lively_dance_is_left_alone_and_a_roused_one_let_go_slowly() -> None:
    assert all(state.rousing == 0.0 for state in watched([0.7] * 3 * RATE_HZ))
    states = watched([0.05] * RATE_HZ + [0.7] * 5 * RATE_HZ)
    rousing = np.array([state.rousing for state in states])
    assert rousing.max() == 1.0
    assert rousing[-1] == 0.0
    assert np.abs(np.diff(rousing)).max() < 0.1  # no jump


def test_a_calm_dance_that_was_asked_for_is_measured_by_the_request() -> None:
    slow = [0.27] * 3 * RATE_HZ
    assert watched(slow, energy=0.2)[-1].rousing == 0.0
    assert watched(slow, energy=0.5)[-1].rousing == 1.0


def test_a_calm_style_is_measured_by_what_is_usual_in_it() -> None:
    slow = [0.27] * 3 * RATE_HZ
    assert watched(slow, style_share=0.6)[-1].rousing == 0.0
    assert watched(slow, style_share=1.5)[-1].rousing == 1.0
    assert watched([0.1] * 3 * RATE_HZ, style_share=0.6)[-1].rousing == 1.0, "a statue is one in any style"


@pytest.mark.parametrize("changes", [{"energy": 0.05}, {"temperature": 0.0}, {"freeze": True}, {"idle": True}])
def test_who_asks_for_standing_gets_it(changes: dict[str, float]) -> None:
    assert is_calm_requested(replace(Controls(), **changes))  # type: ignore[arg-type]
    assert not is_calm_requested(Controls())
    assert not is_calm_requested(Controls(energy=None))


def test_a_beginning_is_roused_until_it_is_lively_and_then_no_more() -> None:
    assert watched([0.1] * RATE_HZ)[-1].strength == 2.0
    strengths = [state.strength for state in watched([0.1] * 5 + [1.0] * RATE_HZ)]
    assert strengths[5] == 2.0
    assert strengths[-1] == 0.0
    assert np.abs(np.diff(strengths)).max() < 0.15  # no jump
    assert Liveliness(rate_hz=RATE_HZ).at_rest().strength == 0.0


def test_a_dance_that_hangs_in_the_air_is_begun_anew_after_a_second_and_has_its_time_anew() -> None:
    watch = Liveliness(rate_hz=RATE_HZ)
    state, restarts = watch.initial_state(), []
    for frame in range(4 * RATE_HZ):
        lowered_m = 0.3 if frame >= RATE_HZ else 0.08
        state = watch.step(np.full((19, 3), [frame / RATE_HZ, 1.0, 0.0], np.float32), state, 0.5, lowered_m)
        restarts += [frame] if state.must_restart else []
    assert 2 * RATE_HZ <= restarts[0] <= 2 * RATE_HZ + 2
    assert np.diff(restarts).min() >= RATE_HZ
