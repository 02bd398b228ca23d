"""A dance in the numbers that need nothing but its motion, and those of real dance."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from data.motion.humanoid import default_skeleton
from data.motion.idle import IdleMotion
from data.motion.motion import Motion
from data.movement.dance_figures import REAL_DANCE, DanceFigures, bands, real_dance

RATE_HZ = 30


@pytest.fixture(scope="module")
def standing() -> Motion:
    return IdleMotion(default_skeleton(), RATE_HZ).motion(4 * RATE_HZ)


def moved(motion: Motion, **metres_of_axis: float) -> Motion:
    """A motion whose hips are so far away all the time."""
    by = [metres_of_axis.get(axis, 0.0) for axis in "xyz"]
    return replace(motion, root_positions=motion.root_positions + np.array(by, np.float32))


def test_who_stands_stands_on_the_floor_and_faces_front(standing):
    figures = DanceFigures.of([standing])
    assert (figures.num_dances, figures.seconds) == (1, 4.0)
    assert figures.floating_share == figures.longest_floating_s == 0.0
    assert figures.longest_stand_s == pytest.approx(4.0, abs=0.05)
    assert figures.front_share == 1.0
    assert figures.joint_speed_m_s < 0.05
    assert figures.standing_slide_m_s < 0.01
    assert len(figures.velocity_power) == len(bands())
    assert sum(figures.velocity_power) < 0.01


def test_several_dances_are_their_mean(standing):
    figures = DanceFigures.of([standing, moved(standing[:60], y=0.3)])
    assert (figures.num_dances, figures.seconds) == (2, 3.0)
    assert figures.floating_share == 0.5
    assert figures.longest_floating_s == 1.0
    assert figures.longest_stand_s == pytest.approx(3.0, abs=0.05)


def test_who_glides_over_the_floor_moves_and_slides(standing):
    path = np.outer(np.arange(len(standing)) / RATE_HZ, [0.4, 0.0, 0.0]).astype(np.float32)
    figures = DanceFigures.of([replace(standing, root_positions=standing.root_positions + path)])
    assert figures.joint_speed_m_s == pytest.approx(0.4, abs=0.02)
    assert figures.standing_slide_m_s == pytest.approx(0.4, abs=0.02)
    assert figures.longest_stand_s == 0.0


def test_the_front_may_be_anywhere(standing):
    assert DanceFigures.of([standing], front_rad=math.pi).front_share == 0.0
    assert DanceFigures.of([standing], front_rad=None).front_share == 1.0


def test_figures_come_back_from_json_and_what_is_not_known_is_null(standing):
    for motion in (standing, standing[:20]):
        figures = DanceFigures.of([motion])
        written = json.dumps(figures.to_json(), allow_nan=False)
        again = DanceFigures.from_json(json.loads(written))
        np.testing.assert_equal(again.velocity_power, figures.velocity_power)
        assert replace(again, velocity_power=()) == replace(figures, velocity_power=())
    assert math.isnan(again.velocity_power[0]), "less than a second tells no rate"
    with pytest.raises(ValueError, match="bands of velocity power"):
        DanceFigures.from_json({**json.loads(written), "velocity_power_edges_hz": [0, 1]})


def test_the_figures_of_real_dance_are_those_of_eight_dances_of_each_style():
    real = real_dance()
    assert (real.num_dances, real.seconds) == (80, 15.0)
    assert 0.0 < real.floating_share < 0.1
    assert 0.5 < real.front_share <= 1.0
    assert all(power > 0.0 for power in real.velocity_power)
    assert json.loads(REAL_DANCE.read_text())["velocity_power_edges_hz"][0] == 0.0
