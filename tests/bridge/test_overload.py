"""The overload guard: one stall is forgiven, a machine that is too slow rests, and is trusted again."""

import itertools

from bridge.timing.overload import OverloadGuard

GUARD = OverloadGuard(rate_hz=30)


def test_one_long_stall_is_no_overload():
    state = GUARD.initial_state()
    for frame in range(300):
        state = GUARD.step(skipped=100 <= frame < 160, state=state)
        assert not state.is_resting
    assert state.num_rests == 0


def test_a_machine_that_is_too_slow_rests_and_tries_again_ever_more_seldom():
    state = GUARD.initial_state()
    rests: list[int] = []
    for frame in range(30 * 120):
        too_slow = frame % 3 == 0 and not state.is_resting  # every third frame left out, while it dances
        before = state.num_rests
        state = GUARD.step(skipped=too_slow, state=state)
        if state.num_rests > before:
            rests.append(frame)
    lengths_s = [(later - earlier) / 30 for earlier, later in itertools.pairwise(rests)]
    assert 0 < rests[0] / 30 <= GUARD.window_s
    assert lengths_s == sorted(lengths_s)
    assert lengths_s[0] < 4
    assert lengths_s[-1] <= GUARD.max_rest_s + GUARD.window_s


def test_the_figure_is_free_again_after_the_rest_and_trusted_after_a_while():
    state = GUARD.initial_state()
    frame = 0
    while not state.is_resting:
        state = GUARD.step(skipped=frame % 2 == 0, state=state)
        frame += 1
    assert state.next_rest_s == 2 * GUARD.rest_s
    for _ in range(round(30 * GUARD.rest_s) + 1):
        state = GUARD.step(skipped=False, state=state)
    assert not state.is_resting
    for _ in range(round(30 * GUARD.trust_s) + 1):
        state = GUARD.step(skipped=False, state=state)
    assert state.next_rest_s == GUARD.rest_s
