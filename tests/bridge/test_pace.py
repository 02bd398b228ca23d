"""Pace: the energy of a dance that moves more or less than was asked for is corrected slowly until it does."""

import math
from typing import Any

import numpy as np
import pytest

from bridge.body.pace import Pace
from bridge.control.controls import Controls
from bridge.engine.engine import Engine
from tests.bridge.test_engine import CODEC, LOUD, MUSIC_DIMS, ScriptedDancer, play, vector

RATE_HZ = 30
PACE = Pace(rate_hz=RATE_HZ)


@pytest.mark.parametrize("wanted_m_s", [0.45, 0.95])
def test_a_body_that_obeys_by_half_comes_to_move_as_asked(wanted_m_s: float) -> None:
    """As dancers are: 0.4 m/s, and half of what is given, after a second or so; more when they are hotter."""
    urge, speed_m_s, speeds = 0.0, 0.7, []
    for _ in range(60 * RATE_HZ):
        obeyed_m_s = 0.4 + 0.5 * (wanted_m_s + PACE.more_m_s(urge))
        speed_m_s += (obeyed_m_s * (1.0 + PACE.hotter(urge)) - speed_m_s) / RATE_HZ
        urge = PACE.step(speed_m_s=speed_m_s, wanted_m_s=wanted_m_s, urge=urge)
        speeds.append(speed_m_s)
    assert np.mean(speeds[-30 * RATE_HZ :]) == pytest.approx(wanted_m_s, rel=0.05)
    assert np.std(speeds[-30 * RATE_HZ :]) < 0.02, "it does not swing"


def test_the_urge_is_bounded_and_goes_where_nothing_is_asked_for() -> None:
    urge = 0.3
    assert PACE.step(speed_m_s=0.5, wanted_m_s=math.nan, urge=urge) == 0.0
    for _ in range(60 * RATE_HZ):
        urge = PACE.step(speed_m_s=2.0, wanted_m_s=0.5, urge=urge)
    assert urge == -PACE.most
    assert PACE.hotter(urge) == 0.0


def waving(frame: int) -> np.ndarray:
    return vector(joints=np.tile([1, 0, 0, 0, 1, 0], 18) + 0.2 * np.sin(0.5 * frame + np.arange(108)))


def given_after(seconds: float, aim_m_s: float | None, controls: Controls) -> tuple[float | None, float]:
    """The energy given at the end, and the last temperature, of a dancer that waves its arms whatever it is given."""
    dancer = ScriptedDancer(waving)
    engine = Engine(
        dancer, CODEC, music_dims=MUSIC_DIMS, styles=("HO",), energy_mean_std=(0.6, 0.2), energy_aim_m_s=aim_m_s
    )
    play(engine, [LOUD] * round(seconds * RATE_HZ), controls=controls)
    return dancer.given[-1].energy_m_s, dancer.temperatures[-1]


def test_a_dancer_that_moves_too_much_is_given_less_and_one_that_moves_too_little_more() -> None:
    controls = Controls(music_only=False)
    at_all, _ = given_after(8.0, None, controls)
    less, temperature = given_after(8.0, 0.2, controls)
    more, hotter = given_after(8.0, 5.0, controls)
    assert at_all is not None
    assert less is not None
    assert more is not None
    assert less < at_all < more
    assert temperature == 1.0 < hotter


@pytest.mark.parametrize("asked", [{"energy": None}, {"keep_moving": False}, {"energy": 0.05}])
def test_who_leaves_it_to_the_dancer_or_wants_calm_is_not_watched(asked: dict[str, Any]) -> None:
    controls = Controls(**{"music_only": False, **asked})
    assert given_after(6.0, 0.2, controls)[0] == given_after(6.0, None, controls)[0]


def test_who_leaves_it_to_the_dancer_later_on_is_not_driven_any_more() -> None:
    dancer = ScriptedDancer(waving)
    engine = Engine(dancer, CODEC, music_dims=MUSIC_DIMS, energy_mean_std=(0.6, 0.2), energy_aim_m_s=5.0)
    _, _, state = play(engine, [LOUD] * 240, controls=Controls(music_only=False))
    assert dancer.temperatures[-1] > 1.0
    play(engine, [LOUD] * 2, state=state, controls=Controls(music_only=False, energy=None))
    assert dancer.temperatures[-1] == 1.0


def test_another_style_and_a_reset_begin_anew() -> None:
    dancer = ScriptedDancer(waving)
    engine = Engine(
        dancer, CODEC, music_dims=MUSIC_DIMS, styles=("HO",), energy_mean_std=(0.6, 0.2), energy_aim_m_s=0.2
    )
    changes: list[dict[str, Any]] = [{"style": "HO"}, {"num_resets": 1}]
    for change in changes:
        _, _, state = play(engine, [LOUD] * 240, controls=Controls(music_only=False))
        assert state.urge < -0.1
        _, _, state = play(engine, [LOUD], state=state, controls=Controls(**{"music_only": False, **change}))
        assert abs(state.urge) < 0.05
