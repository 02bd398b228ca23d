"""Measures of what an audience sees, on motions whose values are known."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from data.motion.humanoid import default_skeleton
from data.motion.idle import IdleMotion
from data.motion.motion import Motion
from data.motion.rotations import about_axis, multiply
from data.movement.facing import facing_rad, front_share, main_direction_rad
from data.movement.standing import is_standing, longest_stand_s
from data.movement.velocity_power import ACCENTS_HZ, BAND_EDGES_HZ, accent_power, velocity_power
from training.metrics.repetition import body_positions, likeness_after


def turned(motion: Motion, yaw_rad: np.ndarray | float) -> Motion:
    """The body turned about the vertical through its hips."""
    yaw = np.broadcast_to(yaw_rad, len(motion))
    hips = multiply(np.stack([about_axis(1, a) for a in yaw]), motion.rotations[:, 0].astype(np.float64))
    return replace(motion, rotations=np.concatenate([hips[:, None], motion.rotations[:, 1:]], 1).astype(np.float32))


def bouncing(rate: float, height_m: float = 0.05, seconds: float = 12) -> Motion:
    """A stiff body whose hips go up and down so many times a second."""
    skeleton = default_skeleton()
    time_s = np.arange(int(seconds * 30)) / 30
    path = np.zeros((len(time_s), 3), np.float32)
    path[:, 1] = 0.9 + height_m * np.sin(2 * np.pi * rate * time_s)
    still = np.tile(np.array([0, 0, 0, 1], np.float32), (len(time_s), skeleton.num_joints, 1))
    return Motion(skeleton, 30.0, path, still)


@pytest.mark.parametrize("rate", [0.75, 1.5, 2.5, 3.75, 5.5])
def test_power_lies_in_the_band_of_the_movement(rate):
    power = velocity_power(bouncing(rate))
    band = int(np.searchsorted(BAND_EDGES_HZ, rate)) - 1
    assert power.argmax() == band
    # A sine of amplitude a has the mean square velocity (2 pi f a)^2 / 2, less a little for differences of frames.
    assert power.sum() == pytest.approx((2 * np.pi * rate * 0.05) ** 2 / 2, rel=0.2)
    is_accent = ACCENTS_HZ[0] < rate < ACCENTS_HZ[1]
    assert (accent_power(bouncing(rate)) > 0.5 * power.sum()) == is_accent


def test_power_knows_nothing_of_place_path_and_direction(swaying_motion):
    motion, _ = swaying_motion(bpm=110, seconds=12)
    moved = turned(motion, 1.0)
    path = moved.root_positions.copy()
    path[:, 0] += np.arange(len(path)) / 30
    assert velocity_power(replace(moved, root_positions=path)) == pytest.approx(velocity_power(motion), rel=1e-3)
    assert np.isnan(velocity_power(motion[:20])).all()


def test_a_body_that_idles_stands_and_one_that_dances_does_not(swaying_motion):
    idle = IdleMotion(default_skeleton(), 30).motion(300)
    assert is_standing(idle).all()
    assert longest_stand_s(idle) == pytest.approx(10, abs=0.1)
    motion, _ = swaying_motion(bpm=110, seconds=12)
    assert longest_stand_s(motion) < 0.6


def test_a_stand_counts_only_where_it_is_to_be_danced():
    idle = IdleMotion(default_skeleton(), 30).motion(300)
    sounding = np.zeros(300, bool)
    sounding[100:160] = True
    assert longest_stand_s(idle, sounding) == pytest.approx(2.0, abs=0.1)


def test_slow_shifting_of_weight_is_standing_about():
    """0.07 to 0.2 m/s is what a dancer did who had stopped dancing: not frozen, and no dance."""
    swaying = bouncing(0.5, height_m=0.05)
    assert longest_stand_s(swaying) > 10


def test_facing_is_that_of_the_hips(swaying_motion):
    motion, _ = swaying_motion(bpm=110, seconds=8)
    for angle in (-2.5, -0.5, 0.0, 1.0, 3.0):
        assert facing_rad(turned(motion, angle)) == pytest.approx(angle, abs=1e-5)
        assert main_direction_rad(turned(motion, angle)) == pytest.approx(angle, abs=1e-5)
    half = turned(motion, np.where(np.arange(len(motion)) < len(motion) / 4, 0.5, np.pi))
    assert front_share(half) == pytest.approx(0.25, abs=0.01)
    assert front_share(half, np.pi) == pytest.approx(0.75, abs=0.01)
    assert front_share(half, None) == pytest.approx(0.75, abs=0.01)
    assert front_share(turned(motion, np.radians(59))) == 1
    assert front_share(turned(motion, np.radians(61))) == 0


def test_who_lies_on_the_back_faces_where_the_feet_point():
    lying = bouncing(1)
    on_the_back = Rotation.from_euler("x", -90, degrees=True).as_quat()
    rotations = lying.rotations.copy()
    rotations[:, 0] = on_the_back
    assert np.cos(facing_rad(replace(lying, rotations=rotations))) == pytest.approx(1, abs=1e-5)


def test_a_dance_is_like_itself_when_it_returns(swaying_motion):
    """It swings to one side on a beat and to the other on the next."""
    motion, beat = swaying_motion(bpm=110, seconds=16)
    for seen in (motion, turned(motion, 0.02 * np.arange(len(motion)))):
        likeness = likeness_after(seen, beat)
        assert likeness[0] < -0.5
        assert likeness[1:] == pytest.approx(1, abs=0.02)
    warped = np.interp(beat + 1.5 * np.sin(beat / 2.3), beat, np.arange(len(beat))).astype(int)
    other = replace(motion, rotations=motion.rotations[warped])
    assert np.all(likeness_after(other, beat)[1:] < 0.5)


def test_likeness_needs_beats_and_enough_of_them(swaying_motion):
    motion, beat = swaying_motion(bpm=60, seconds=5)
    assert np.isnan(likeness_after(motion, np.full(len(beat), np.nan))).all()
    assert np.isnan(likeness_after(motion, beat)[3])
    assert np.isfinite(likeness_after(motion, beat)[2])


def test_a_body_without_place_and_direction(swaying_motion):
    motion, _ = swaying_motion(bpm=110, seconds=4)
    moved = turned(replace(motion, root_positions=motion.root_positions + np.float32([3, 0, -2])), 2.0)
    np.testing.assert_allclose(body_positions(moved), body_positions(motion), atol=1e-4)
