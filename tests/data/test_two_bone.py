"""The two-bone leg: it reaches what it can, changes no more than it must, and never snaps."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.motion import rotations, two_bone
from data.motion.humanoid import default_skeleton
from data.motion.skeleton import Skeleton
from data.motion.two_bone import CEILING, Quaternion, TwoBoneLeg, Vector, about, inverse, multiply, normalised, rotate

LEG = TwoBoneLeg.of(default_skeleton(), "Left")
LENGTH = LEG.length_m

units = st.tuples(*[st.floats(-1, 1)] * 4).filter(lambda q: math.hypot(*q) > 0.1).map(normalised)
directions = st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda v: math.hypot(*v) > 0.1)
degrees = st.floats


def bent(flexion_deg: float, sideways_deg: float = 0.0, thigh: Quaternion = (0.0, 0.0, 0.0, 1.0)) -> Quaternion:
    """The shin's rotation in the world with this bend of the knee."""
    side = about((0.0, 0.0, 1.0), math.radians(sideways_deg))
    return multiply(thigh, multiply(about((1.0, 0.0, 0.0), math.radians(flexion_deg)), side))


def ankle_of(thigh: Quaternion, shin: Quaternion, leg: TwoBoneLeg = LEG) -> Vector:
    """From the hip joint to the ankle."""
    (x, y, z), (u, v, w) = rotate(thigh, leg.knee), rotate(shin, leg.ankle)
    return x + u, y + v, z + w


def scaled_to(v: Vector, length: float) -> Vector:
    factor = length / math.hypot(*v)
    return v[0] * factor, v[1] * factor, v[2] * factor


def flexion_deg(thigh: Quaternion, shin: Quaternion) -> float:
    """Bend of the knee about its anatomical axis."""
    x, _, _, w = multiply(inverse(thigh), shin)
    return math.degrees(2 * math.atan2(x, w))


def apart_deg(a: Quaternion, b: Quaternion) -> float:
    return math.degrees(float(rotations.angle_between(np.array(a), np.array(b))))


@given(units, degrees(2, 130), degrees(-15, 15), directions, st.floats(0.25, 0.985))
def test_what_is_in_reach_is_reached(thigh, flexion, sideways, direction, part):
    shin = bent(flexion, sideways, thigh)
    reach = scaled_to(direction, part * LENGTH)
    new_thigh, new_shin = LEG.solve(reach, thigh, shin)
    assert math.dist(ankle_of(new_thigh, new_shin), reach) < 1e-4
    assert math.hypot(*new_thigh) == pytest.approx(1)
    assert math.hypot(*new_shin) == pytest.approx(1)


@given(units, degrees(-20, 130), degrees(-30, 30))
def test_an_ankle_that_is_where_it_belongs_moves_nothing(thigh, flexion, sideways):
    shin = bent(flexion, sideways, thigh)
    new_thigh, new_shin = LEG.solve(ankle_of(thigh, shin), thigh, shin)
    assert apart_deg(new_thigh, thigh) < 1e-3
    assert apart_deg(new_shin, shin) < 1e-3


@given(units, degrees(5, 120), st.floats(0.4, 0.97))
def test_the_knee_stays_in_its_plane_when_the_leg_only_shortens_or_stretches(thigh, flexion, part):
    shin = bent(flexion, 0.0, thigh)
    new_thigh, new_shin = LEG.solve(scaled_to(ankle_of(thigh, shin), part * LENGTH), thigh, shin)
    hinge = rotate(thigh, (1.0, 0.0, 0.0))
    for bone in (rotate(new_thigh, LEG.knee), rotate(new_shin, LEG.ankle)):
        assert abs(np.dot(bone, hinge)) < 1e-6
    assert flexion_deg(new_thigh, new_shin) > 0  # and bends forwards


def test_out_of_reach_the_leg_points_there_and_stretches_softly():
    thigh, shin = (0.0, 0.0, 0.0, 1.0), bent(60)
    bends, distances = [], []
    for wanted in np.linspace(0.9, 1.3, 401) * LENGTH:
        reach = scaled_to((0.3, -1.0, 0.2), wanted)
        solved = LEG.solve(reach, thigh, shin)
        ankle = ankle_of(*solved)
        assert np.linalg.norm(np.cross(ankle, reach)) < 1e-6  # the same direction
        bends.append(flexion_deg(*solved))
        distances.append(math.hypot(*ankle) / LENGTH)
    assert np.diff(distances).min() >= 0
    assert distances[-1] <= CEILING
    assert distances[-1] > CEILING - 1e-4
    assert min(bends) > 5
    assert np.abs(np.diff(bends)).max() < 2  # degrees a millimetre


def test_a_leg_that_is_danced_straight_stays_as_straight_and_bends_when_it_must():
    straight = (0.0, 0.0, 0.0, 1.0)
    for wanted, flexion in ((1.2, 0.0), (1.0, 0.0), (0.95, math.degrees(2 * math.acos(0.95)))):
        solved = LEG.solve((0.0, -wanted * LENGTH, 0.0), straight, straight)
        assert flexion_deg(*solved) == pytest.approx(flexion, abs=0.1)


@pytest.mark.parametrize("sideways_deg", [0.0, 4.0, -12.0])
def test_nothing_jumps_while_the_danced_knee_passes_through_straight(sideways_deg):
    thigh = (0.0, 0.0, 0.0, 1.0)
    last = None
    for flexion in np.linspace(12, -12, 241):
        shin = bent(flexion, sideways_deg, thigh)
        x, y, z = ankle_of(thigh, shin)
        solved = LEG.solve((x + 0.01, y + 0.01, z), thigh, shin)
        if last is not None:
            assert apart_deg(solved[0], last[0]) < 2
            assert apart_deg(solved[1], last[1]) < 2
        last = solved


@given(units, units, directions, st.floats(0, 3))
def test_no_pose_and_no_place_breaks_it(thigh, shin, direction, length):
    solved = LEG.solve(scaled_to(direction, length), thigh, shin)
    for q in solved:
        assert math.hypot(*q) == pytest.approx(1)


def test_a_place_in_the_opposite_direction_is_reached_too():
    thigh, shin = (0.0, 0.0, 0.0, 1.0), bent(40)
    x, y, z = ankle_of(thigh, shin)
    assert math.dist(ankle_of(*LEG.solve((-x, -y, -z), thigh, shin)), (-x, -y, -z)) < 1e-6


@given(units, units, directions)
def test_the_plain_rotations_are_those_of_arrays(a, b, v):
    np.testing.assert_allclose(multiply(a, b), rotations.multiply(np.array(a), np.array(b)), atol=1e-12)
    np.testing.assert_allclose(rotate(a, v), rotations.rotate(np.array(a), np.array(v)), atol=1e-12)
    np.testing.assert_allclose(multiply(a, inverse(a)), (0, 0, 0, 1), atol=1e-12)
    u = rotate(b, v)
    np.testing.assert_allclose(rotate(two_bone.between(v, u), v), u, atol=1e-6)


def test_legs_without_knees_are_refused():
    names = ("Hips", "LeftUpperLeg", "LeftLowerLeg", "LeftFoot")
    with pytest.raises(ValueError, match="LeftFoot"):
        TwoBoneLeg.of(Skeleton(names[:3], (-1, 0, 1), np.zeros((3, 3))), "Left")
    with pytest.raises(ValueError, match="hang on one another"):
        TwoBoneLeg.of(Skeleton(names, (-1, 0, 1, 1), np.zeros((4, 3))), "Left")
