"""Limits of the figure: believed vectors, soft bounds, the floor."""

import math

import numpy as np
import pytest

from bridge.body.safety import FloorContact, Limits, is_plausible, softly_bounded
from data.humanoid import default_skeleton
from data.idle import IdleMotion
from data.motion import Pose
from data.pose_codec import PoseCodec
from data.rotations import about_axis, rotate

SKELETON = default_skeleton()
CODEC = PoseCodec(SKELETON, 30)
STANDING = CODEC.encode(IdleMotion(SKELETON, 30).motion(2))[1]


def test_a_standing_human_is_believed():
    assert is_plausible(STANDING, CODEC, Limits())


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("floor_velocity", 30.0),
        ("height", -0.5),
        ("height", 4.0),
        ("turn_rate", -80.0),
        ("tilt", 9.0),
        ("joints", -9.0),
        ("joints", math.nan),
        ("height", math.inf),
    ],
)
def test_what_no_body_does_is_not_believed(column: str, value: float):
    vector = STANDING.copy()
    vector[CODEC.columns[column].start] = value
    assert not is_plausible(vector, CODEC, Limits())


def test_soft_bounds_are_never_crossed_leave_the_middle_alone_and_have_no_kink():
    values = np.linspace(-5, 5, 20_001)
    bent = np.array([softly_bounded(float(value), 0.2, 1.4, 0.05) for value in values])
    assert bent.min() >= 0.2
    assert bent.max() <= 1.4
    middle = (values > 0.25) & (values < 1.35)
    assert np.array_equal(bent[middle], values[middle])
    slopes = np.diff(bent) / np.diff(values)
    assert slopes.min() >= 0
    assert np.abs(np.diff(slopes)).max() < 0.02


def test_the_lowest_point_is_that_of_forward_kinematics_with_tips():
    rng = np.random.default_rng(0)
    floor = FloorContact(SKELETON, 30)
    for _ in range(20):
        q = rng.standard_normal((SKELETON.num_joints, 4))
        q = (q / np.linalg.norm(q, axis=-1, keepdims=True)).astype(np.float32)
        root = rng.standard_normal(3).astype(np.float32)
        positions, turned = SKELETON.forward_kinematics(root, q)
        tips = [positions[joint] + rotate(turned[joint], np.array(tip)) for joint, tip in SKELETON.end_sites]
        expected = min(positions[:, 1].min(), *(tip[1] for tip in tips))
        assert floor.lowest_m(Pose(root, q)) == pytest.approx(expected, abs=1e-5)


def test_a_figure_under_the_floor_is_lifted_fast_and_let_down_slowly():
    floor = FloorContact(SKELETON, 30)
    still = np.tile(np.array([0, 0, 0, 1], np.float32), (SKELETON.num_joints, 1))
    sunk = Pose(np.array([0, SKELETON.rest_height - 0.1, 0], np.float32), still)
    lift, lifts = 0.0, []
    for _ in range(6):
        lifted, lift = floor.step(sunk, lift)
        lifts.append(lift)
    assert lifts[2] > 0.08
    assert floor.lowest_m(lifted) > -0.001
    standing = Pose(np.array([0, SKELETON.rest_height, 0], np.float32), still)
    _, after = floor.step(standing, lift)
    assert 0.8 * lift < after < lift


def test_a_handstand_is_lifted_by_its_hands():
    floor = FloorContact(SKELETON, 30)
    upside_down = np.tile(np.array([0, 0, 0, 1], np.float32), (SKELETON.num_joints, 1))
    upside_down[0] = about_axis(0, math.pi)
    pose = Pose(np.array([0, 0.3, 0], np.float32), upside_down)
    assert floor.lowest_m(pose) < -0.2  # the head
