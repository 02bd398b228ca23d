"""Measures of standing: real dance ranks above dance that floats and above figures that lean like statues."""

from dataclasses import replace

import numpy as np
import pytest

from data.formats.bvh import read_bvh
from data.motion.floor import floor_height
from data.motion.humanoid import default_skeleton
from data.motion.idle import IdleMotion
from data.motion.motion import Motion
from data.motion.rotations import about_axis, multiply, rotate
from data.movement import ground

RATE_HZ = 30.0


def lifted(motion: Motion, height_m: float = 0.2, seconds: float = 2.0) -> Motion:
    """The motion raised for a while in its middle, eased within a fifth of a second."""
    time_s = (np.arange(len(motion)) - len(motion) / 2) / motion.rate_hz
    rise = np.clip((seconds / 2 - np.abs(time_s)) / 0.2 + 1, 0, 1)
    return replace(motion, root_positions=motion.root_positions + rise[:, None] * np.array([0, height_m, 0]))


def leaned(motion: Motion, angle_deg: float = 40.0) -> Motion:
    """The motion that leans back as a whole, slowly there and slowly back, about its feet."""
    time = np.linspace(0, 1, len(motion))
    turn = about_axis(0, -np.radians(angle_deg) * np.sin(np.pi * time))
    pivot = motion.root_positions * [1.0, 0.0, 1.0]
    rotations = motion.rotations.copy()
    rotations[:, 0] = multiply(turn, rotations[:, 0])
    return replace(motion, rotations=rotations, root_positions=pivot + rotate(turn, motion.root_positions - pivot))


@pytest.fixture(name="standing")
def _standing() -> Motion:
    return IdleMotion(default_skeleton(), RATE_HZ).motion(300)


def test_who_stands_neither_floats_nor_falls(standing):
    assert ground.floating_share(standing) == ground.airborne_share(standing) == 0.0
    assert ground.unbalanced_share(standing) == 0.0
    assert ground.imbalance_m(standing).max() == 0.0
    assert not ground.jumps(standing)


def test_floating_is_found_with_its_length(standing):
    floats = lifted(standing)
    assert ground.longest_floating_s(floats) == pytest.approx(2.1, abs=0.15)
    assert ground.longest_airborne_s(floats) == ground.longest_floating_s(floats)
    assert ground.floating_share(floats) == pytest.approx(0.21, abs=0.02)
    assert not ground.jumps(floats)  # far too long


def test_a_jump_is_a_jump_on_any_floor(standing):
    path = standing.root_positions.copy()
    path[100:115, 1] += np.float32(4 * 0.3) * (np.arange(15) / 15 * (1 - np.arange(15) / 15)).astype(np.float32)
    jumping = replace(standing, root_positions=path)
    assert len(ground.jumps(jumping)) == 1
    raised = replace(jumping, root_positions=path + np.array([0, 0.3, 0], np.float32))
    assert ground.jumps(raised, floor_m=0.3) == ground.jumps(jumping)


def test_a_figure_that_leans_like_a_statue_is_not_balanced(standing):
    leaning = leaned(standing)
    assert ground.unbalanced_share(leaning) > 0.5
    assert ground.longest_unbalanced_s(leaning) > 5
    assert ground.imbalance_m(leaning).max() > 0.3
    assert ground.unbalanced_share(leaned(standing, 3.0)) == 0.0  # within the length of the feet


def test_who_hangs_in_the_air_on_the_hands_stands_on_them(standing):
    turn = about_axis(0, np.full(len(standing), np.pi))
    handstand = replace(standing, rotations=standing.rotations.copy())
    handstand.rotations[:, 0] = multiply(turn, standing.rotations[:, 0])
    path = standing.root_positions - ground.lowest_points_m(handstand)[:, None] * [0, 1, 0]
    handstand = replace(handstand, root_positions=path)
    assert ground.airborne_share(handstand) == 0.0
    assert ground.floating_share(handstand) == 1.0


def test_real_dance_ranks_above_what_floats_and_what_leans(shared_data):
    names = ("gHO_sBM_cAll_d20_mHO5_ch01", "gPO_sBM_cAll_d11_mPO1_ch05", "gLO_sBM_cAll_d13_mLO2_ch05")
    for name in names:
        real = read_bvh(shared_data / "aistpp_bvh" / f"{name}.bvh")
        floor_m = floor_height(real)
        for measure in (
            ground.floating_share,
            ground.longest_floating_s,
            ground.airborne_share,
            ground.longest_airborne_s,
        ):
            assert measure(lifted(real), floor_m) > measure(real, floor_m), (name, measure.__name__)
        for measure in (ground.unbalanced_share, ground.longest_unbalanced_s):
            assert measure(leaned(real)) > measure(real), (name, measure.__name__)
