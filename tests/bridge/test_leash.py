"""The leash: a circle that no dancer leaves, felt only near its edge."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.body.leash import SPOT_M, leashed

PERIOD_S = 1 / 30


def moved(place: tuple[float, float], velocity: tuple[float, float]) -> tuple[float, float]:
    return place[0] + velocity[0] * PERIOD_S, place[1] + velocity[1] * PERIOD_S


def test_nothing_is_felt_at_home():
    assert leashed((0.7, -0.2), (0.5, 0.5), leash_m=1.5, period_s=PERIOD_S) == (0.7, -0.2)


SPEED = st.floats(-8, 8)


@given(
    requests=st.lists(st.tuples(SPEED, SPEED), min_size=1, max_size=60),
    start=st.tuples(st.floats(-3, 3), st.floats(-3, 3)),
    leash_m=st.floats(0, 5),
)
def test_whatever_is_wanted_nobody_leaves_the_circle(
    requests: list[tuple[float, float]], start: tuple[float, float], leash_m: float
):
    place = start
    for request in requests:
        farthest = max(leash_m, SPOT_M, math.hypot(*place))
        place = moved(place, leashed(request, place, leash_m=leash_m, period_s=PERIOD_S))
        assert math.hypot(*place) <= farthest + 1e-9


def test_who_is_outside_is_called_back_at_a_walk():
    place, slowest, fastest = (5.0, 0.0), math.inf, 0.0
    for _ in range(12 * 30):
        velocity = leashed((0.0, 0.0), place, leash_m=1.0, period_s=PERIOD_S)
        place = moved(place, velocity)
        fastest = max(fastest, math.hypot(*velocity))
        slowest = min(slowest, math.hypot(*velocity))
    assert math.hypot(*place) < 1.1
    assert 0.9 < fastest < 1.3


def test_at_the_edge_a_dancer_may_go_home_and_along_it():
    home = leashed((-1.0, 0.0), (1.5, 0.0), leash_m=1.5, period_s=PERIOD_S)
    assert home[0] <= -1.0
    along = leashed((0.0, 0.5), (1.5, 0.0), leash_m=1.5, period_s=PERIOD_S)
    assert along[1] == pytest.approx(0.5, abs=0.02)


def test_the_call_grows_without_a_tug():
    last = (0.5, 0.0)
    for centimetre in range(151):
        velocity = leashed((0.5, 0.0), (0.01 * centimetre, 0.0), leash_m=1.5, period_s=PERIOD_S)
        assert abs(velocity[0] - last[0]) < 0.02
        last = velocity
