"""A style that is danced larger is given more energy at the same setting."""

import pytest

from bridge.control.controls import Controls
from bridge.engine.engine import Engine
from models.step.steering import Steering
from tests.bridge.test_engine import CODEC, LOUD, MUSIC_DIMS, ScriptedDancer, controls_with, play, vector


def steering_of(controls: Controls) -> Steering:
    dancer = ScriptedDancer(lambda frame: vector())
    engine = Engine(
        dancer, CODEC, music_dims=MUSIC_DIMS, styles=("HO", "LO", "PO"), energy_mean_std=(0.6, 0.2),
        style_energy={"HO": 1.5, "LO": 0.5},
    )  # fmt: skip
    play(engine, [LOUD] * 30, controls=controls)
    return dancer.given[-1]


@pytest.mark.parametrize(("style", "energy_m_s"), [(None, 0.6), ("HO", 0.9), ("LO", 0.3), ("PO", 0.6)])
def test_the_middle_of_the_energy_is_the_mean_of_the_style(style: str | None, energy_m_s: float):
    assert steering_of(controls_with(style=style)).energy_m_s == pytest.approx(energy_m_s)
    assert steering_of(controls_with(style=style, energy=0.75)).energy_m_s == pytest.approx(energy_m_s + 0.15)
    assert steering_of(controls_with(style=style, energy=None)).energy_m_s is None
