"""Limits of the figure: believed vectors, soft bounds, the floor."""

import math

import numpy as np
import pytest

from bridge.body.safety import Limits, is_plausible, softly_bounded
from data.motion.humanoid import default_skeleton
from data.motion.idle import IdleMotion
from data.motion.pose_codec import PoseCodec

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
