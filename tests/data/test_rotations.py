import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from data.motion import rotations


def random_rotations(seed, *shape):
    q = np.random.default_rng(seed).normal(size=(*shape, 4))
    return q / np.linalg.norm(q, axis=-1, keepdims=True)


def test_product_inverse_and_identity_form_a_group():
    a, b, c = random_rotations(1, 3, 200)
    identity = np.array([0.0, 0, 0, 1])
    left = rotations.multiply(rotations.multiply(a, b), c)
    np.testing.assert_allclose(left, rotations.multiply(a, rotations.multiply(b, c)), atol=1e-14)
    np.testing.assert_allclose(rotations.multiply(a, rotations.inverse(a)), np.tile(identity, (200, 1)), atol=1e-14)
    np.testing.assert_array_equal(rotations.multiply(a, np.tile(identity, (200, 1))), a)


def test_agrees_with_scipy():
    a, b = random_rotations(2, 2, 300)
    vectors = np.random.default_rng(3).normal(size=(300, 3))
    sa, sb = Rotation.from_quat(a), Rotation.from_quat(b)
    product = Rotation.from_quat(rotations.multiply(a, b))
    assert (product * (sa * sb).inv()).magnitude().max() < 1e-14
    np.testing.assert_allclose(rotations.rotate(a, vectors), sa.apply(vectors), atol=1e-14)
    np.testing.assert_allclose(rotations.to_matrix(a), sa.as_matrix(), atol=1e-14)
    np.testing.assert_allclose(rotations.to_expmap(a), sa.as_rotvec(), atol=1e-12)
    np.testing.assert_allclose(rotations.angle_between(a, b), (sa.inv() * sb).magnitude(), atol=1e-12)


def test_matrices_give_back_the_rotation_even_at_half_turns():
    hard = np.concatenate([random_rotations(4, 500), np.eye(4), np.eye(4) + 1e-9, -np.eye(4)])
    hard /= np.linalg.norm(hard, axis=1, keepdims=True)
    back = rotations.from_matrix(rotations.to_matrix(hard))
    np.testing.assert_allclose(np.abs(np.sum(back * hard, axis=1)), 1, atol=1e-14)
    assert back.reshape(-1, 4).shape == hard.shape


@given(st.lists(st.floats(-3.1, 3.1), min_size=3, max_size=3))
def test_exponential_map_and_back(vector):
    v = np.array(vector)
    if np.linalg.norm(v) < np.pi - 1e-3:
        np.testing.assert_allclose(rotations.to_expmap(rotations.from_expmap(v)), v, atol=1e-9)


def test_continuous_quaternions_never_jump_and_turn_as_before():
    q = rotations.from_expmap(np.linspace(0, 20, 200)[:, None, None] * np.array([[0.0, 1, 0], [0.6, 0, 0.8]]))
    flipped = q * np.random.default_rng(5).choice([-1, 1], size=(200, 2, 1))
    continuous = rotations.make_continuous(flipped)
    assert np.sum(continuous[1:] * continuous[:-1], axis=-1).min() > 0.9
    assert rotations.angle_between(continuous, q).max() < 1e-7


def test_slerp_turns_at_constant_speed_along_the_shorter_arc():
    a = rotations.about_axis(1, 0.3)
    b = -rotations.about_axis(1, 1.5)  # the antipode is the same rotation
    between = rotations.slerp(a, b, np.linspace(0, 1, 7))
    np.testing.assert_allclose(rotations.angle_between(between, a), np.linspace(0, 1.2, 7), atol=1e-9)


@pytest.mark.parametrize("angle", [0.0, 1e-9, 1e-4, 3.0, np.pi])
def test_slerp_is_a_unit_quaternion_at_every_angle(angle):
    q = rotations.slerp(np.array([0.0, 0, 0, 1]), rotations.about_axis(0, angle), np.linspace(0, 1, 11))
    np.testing.assert_allclose(np.linalg.norm(q, axis=-1), 1, atol=1e-12)
    np.testing.assert_allclose(rotations.angle_between(q, q[0]), angle * np.linspace(0, 1, 11), atol=1e-9)


@pytest.mark.parametrize("v", [(1.0, 0, 0), (-1.0, 0, 0), (0, 1.0, 0), (0.3, -2, 0.7)])
def test_between_turns_one_direction_into_another_even_if_opposite(v):
    turned = rotations.rotate(rotations.between(np.array([1.0, 0, 0]), np.array(v)), np.array([1.0, 0, 0]))
    np.testing.assert_allclose(turned, np.array(v) / np.linalg.norm(v), atol=1e-12)


@pytest.mark.parametrize("order", ["".join(order) for order in itertools.permutations("XYZ")])
def test_euler_angles_of_every_order_rebuild_the_rotation_also_at_gimbal_lock(order):
    locked = rotations.multiply(
        rotations.about_axis("XYZ".index(order[0]), np.array([0.4, -2.0])),
        rotations.about_axis("XYZ".index(order[1]), np.array([np.pi / 2, -np.pi / 2])),
    )
    q = np.concatenate([random_rotations(6, 300), locked])
    angles = rotations.euler_angles(q, order)
    rebuilt = Rotation.from_euler(order, angles)
    assert (rebuilt * Rotation.from_quat(q).inv()).magnitude().max() < 1e-7
    assert np.abs(np.diff(angles, axis=0)).max() <= np.pi + 1e-9


def test_normalise_gives_the_identity_where_there_is_no_direction():
    q = rotations.normalise(np.array([[0.0, 0, 0, 2], [0, 0, 0, 0], [3, 0, 4, 0]]))
    np.testing.assert_allclose(q, [[0, 0, 0, 1], [0, 0, 0, 1], [0.6, 0, 0.8, 0]])
