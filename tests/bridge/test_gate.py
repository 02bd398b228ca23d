"""The silence gate opens to sound, not to clicks, and closes to silence, not to rests."""

import math

import pytest

from bridge.body.gate import SilenceGate

LOUD, QUIET = -20.0, -90.0


def run(levels: list[float], rate_hz: float = 30) -> list[bool]:
    gate = SilenceGate(rate_hz=rate_hz)
    state = gate.initial_state()
    answers = []
    for level in levels:
        is_open, state = gate.step(level, state)
        answers.append(is_open)
    return answers


def test_sound_opens_it_after_a_tenth_of_a_second():
    assert run([LOUD] * 6) == [False, False, True, True, True, True]


@pytest.mark.parametrize("rate_hz", [20, 24, 30, 60])
def test_it_opens_and_closes_on_time_at_any_rate(rate_hz):
    answers = run([LOUD] * rate_hz + [QUIET] * rate_hz, rate_hz)
    assert answers.index(True) == round(0.1 * rate_hz) - 1
    assert answers[rate_hz:].index(False) == round(0.6 * rate_hz) - 1


def test_a_single_click_does_not_open_it():
    assert not any(run([QUIET] * 10 + [LOUD] + [QUIET] * 30))


def test_sparse_drums_open_it_and_keep_it_open():
    answers = run(([LOUD, LOUD] + [QUIET] * 6) * 10)
    assert all(answers[20:])


def test_a_rest_does_not_close_it():
    answers = run([LOUD] * 10 + [QUIET] * 17 + [LOUD])
    assert all(answers[2:])


def test_levels_between_the_thresholds_change_nothing():
    between = -53.0
    assert not any(run([between] * 60))
    assert all(run([LOUD] * 3 + [between] * 60)[2:])


def test_what_is_not_a_number_is_silence():
    assert not any(run([math.nan] * 60))


def test_thresholds_the_wrong_way_round_are_refused():
    with pytest.raises(ValueError, match="close_dbfs"):
        SilenceGate(rate_hz=30, open_dbfs=-60, close_dbfs=-50)
