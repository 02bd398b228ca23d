import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from data.formats.bvh import read_bvh
from data.motion import rotations
from data.motion.humanoid import default_skeleton
from data.motion.motion import Motion, mirror
from data.motion.pose_codec import LARGEST_VALUE, PoseCodec

RATE_HZ = 30.0
BOTH = pytest.mark.parametrize("rotation", ["6d", "expmap"])


def wandering(seed=0, frames=150, tilt_rad=0.3):
    """Smooth random motion: walks about, turns, bends all joints."""
    skeleton = default_skeleton()
    rng = np.random.default_rng(seed)
    seconds = np.arange(frames)[:, None] / RATE_HZ
    size = (1, 3 * skeleton.num_joints)
    waves = sum(rng.normal(size=size) * np.sin(seconds * f + rng.uniform(0, 6, size)) for f in (0.7, 1.9, 4.1))
    q = rotations.from_expmap(0.4 * waves.reshape(frames, skeleton.num_joints, 3))
    yaw = 2.5 * np.sin(0.8 * seconds[:, 0]) + 1.5 * seconds[:, 0]
    lean = rotations.from_expmap(tilt_rad * waves[:, :3] * [1, 0, 1])
    q[:, 0] = rotations.multiply(rotations.about_axis(1, yaw), lean)
    path = np.stack([np.sin(seconds[:, 0]), 0.9 + 0.1 * np.sin(3 * seconds[:, 0]), seconds[:, 0] ** 1.2], axis=1)
    return Motion(skeleton, RATE_HZ, path, rotations.make_continuous(q))


def hips_turning(q):
    """A motion whose hips turn as (frames, 4) and whose other joints are at rest."""
    skeleton = default_skeleton()
    local = np.zeros((len(q), skeleton.num_joints, 4))
    local[..., 3] = 1
    local[:, 0] = q
    return Motion(skeleton, RATE_HZ, np.tile([0.0, 0.9, 0.0], (len(q), 1)), local)


def errors(a, b):
    """Largest distance of joints in metres and largest angle of rotations in radians between two motions."""
    apart = np.linalg.norm(a.global_positions() - b.global_positions(), axis=-1).max()
    return apart, rotations.angle_between(a.rotations.astype(float), b.rotations.astype(float)).max()


@BOTH
def test_decoding_gives_the_motion_back_where_it_was(rotation):
    motion = wandering()
    codec = PoseCodec(motion.skeleton, RATE_HZ, rotation)
    vectors = codec.encode(motion)
    assert vectors.dtype == np.float32
    assert vectors.shape == (150, codec.dims)
    apart_m, apart_rad = errors(codec.decode(vectors, codec.state_before(motion)), motion)
    assert apart_m < 1e-5
    assert apart_rad < 1e-5


def test_vectors_do_not_depend_on_place_and_direction():
    motion = wandering()
    codec = PoseCodec(motion.skeleton, RATE_HZ)
    turn = rotations.about_axis(1, 2.1)
    q = motion.rotations.astype(np.float64)
    q[:, 0] = rotations.multiply(turn, q[:, 0])
    roots = rotations.rotate(turn, motion.root_positions.astype(np.float64)) + np.array([3.0, 0, -7.0])
    elsewhere = Motion(motion.skeleton, RATE_HZ, roots, q)
    np.testing.assert_allclose(codec.encode(elsewhere), codec.encode(motion), atol=2e-4)


def test_columns_mean_what_they_say():
    """A figure that faces its left (+X), walks back at 1 m/s, drifts to its left at 0.5 m/s, turns left at 1 rad/s."""
    seconds = np.arange(30) / RATE_HZ
    yaw = np.pi / 2 + seconds
    steps = np.stack([0.5 * np.cos(yaw) - np.sin(yaw), 0 * yaw, -0.5 * np.sin(yaw) - np.cos(yaw)], axis=1) / RATE_HZ
    motion = hips_turning(rotations.about_axis(1, yaw))
    motion = Motion(motion.skeleton, RATE_HZ, np.cumsum(steps, axis=0) + np.array([0, 0.8, 0]), motion.rotations)
    codec = PoseCodec(motion.skeleton, RATE_HZ)
    vectors = codec.encode(motion)
    columns = codec.columns
    np.testing.assert_allclose(vectors[:, columns["floor_velocity"]], np.tile([0.5, -1.0], (30, 1)), atol=1e-4)
    np.testing.assert_allclose(vectors[:, columns["height"]], 0.8, atol=1e-6)
    np.testing.assert_allclose(vectors[:, columns["turn_rate"]], 1.0, atol=1e-4)
    np.testing.assert_allclose(vectors[:, columns["tilt"]], np.tile([1, 0, 0, 0, 1, 0], (30, 1)), atol=1e-6)
    np.testing.assert_allclose(vectors[:, columns["joints"]], np.tile([1, 0, 0, 0, 1, 0] * 18, (30, 1)), atol=1e-6)
    assert [columns[name].start for name in columns] == [0, 2, 3, 4, 10]
    assert codec.dims == columns["joints"].stop == 118


@BOTH
def test_step_equals_decode_and_a_copied_state_branches(rotation):
    motion = wandering()
    codec = PoseCodec(motion.skeleton, RATE_HZ, rotation)
    vectors = codec.encode(motion)
    whole = codec.decode(vectors)
    state = codec.initial_state()
    for frame, vector in enumerate(vectors[:60]):
        pose, state = codec.step(vector, state)
        np.testing.assert_array_equal(pose.rotations, whole.rotations[frame])
        np.testing.assert_array_equal(pose.root_position, whole.root_positions[frame])
    kept = state.copy()
    codec.step(vectors[0] * 0.5, state)
    rest = codec.decode(vectors[60:], kept)
    np.testing.assert_array_equal(rest.rotations, whole.rotations[60:])
    np.testing.assert_array_equal(rest.root_positions, whole.root_positions[60:])


def test_poses_given_out_do_not_change_afterwards():
    motion = wandering()
    codec = PoseCodec(motion.skeleton, RATE_HZ)
    first, state = codec.step(codec.encode(motion)[0], codec.initial_state())
    seen = first.root_position.copy(), first.rotations.copy()
    for vector in codec.encode(motion)[1:10]:
        _, state = codec.step(vector, state)
    np.testing.assert_array_equal(first.root_position, seen[0])
    np.testing.assert_array_equal(first.rotations, seen[1])


def test_the_initial_state_sets_place_and_direction():
    codec = PoseCodec(default_skeleton(), RATE_HZ)
    forward = codec.encode(hips_turning(rotations.about_axis(1, np.zeros(2))))[0]
    forward[codec.columns["floor_velocity"]] = 0, 3.0  # 0.1 m a frame
    pose, _ = codec.step(forward, codec.initial_state((1.0, 2.0), np.pi / 2))
    np.testing.assert_allclose(pose.root_position, [1.1, 0.9, 2.0], atol=1e-6)
    np.testing.assert_allclose(pose.rotations[0], rotations.about_axis(1, np.pi / 2), atol=1e-6)


@BOTH
@settings(max_examples=200, deadline=None)
@given(vector=arrays(np.float32, 118, elements=st.floats(-99, 99, width=32)), zeros=st.integers(0, 118))
def test_wild_vectors_decode_to_unit_continuous_quaternions(rotation, vector, zeros):
    codec = PoseCodec(default_skeleton(), RATE_HZ, rotation)
    vector = vector[: codec.dims].copy()
    vector[zeros:] = 0
    state = codec.initial_state()
    before = state.rotations.copy()
    for scale in (1.0, -1.0, 1e-3, 1e-20):
        pose, state = codec.step(vector * np.float32(scale), state)
        np.testing.assert_allclose(np.linalg.norm(pose.rotations, axis=-1), 1, atol=1e-6)
        assert np.isfinite(pose.root_position).all()
        assert np.sum(pose.rotations * before, axis=-1).min() >= -1e-6
        before = pose.rotations
    assert state.num_rejected == 0


def test_a_rotation_without_direction_keeps_the_joint_as_it_was():
    motion = wandering()
    codec = PoseCodec(motion.skeleton, RATE_HZ)
    vectors = codec.encode(motion)
    before, state = codec.step(vectors[20], codec.initial_state())
    broken = vectors[21].copy()
    parallel = codec.columns["joints"].start
    broken[parallel : parallel + 6] = [1, 2, 3, 2, 4, 6]
    broken[parallel + 6 : parallel + 12] = 0
    after, _ = codec.step(broken, state)
    np.testing.assert_array_equal(after.rotations[1:3], before.rotations[1:3])
    assert not np.array_equal(after.rotations[3:], before.rotations[3:])


@BOTH
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 3e38, LARGEST_VALUE * 1.01])
def test_an_unusable_vector_repeats_the_last_pose_and_is_counted(rotation, bad):
    motion = wandering()
    codec = PoseCodec(motion.skeleton, RATE_HZ, rotation)
    vectors = codec.encode(motion)
    good, state = codec.step(vectors[0], codec.initial_state())
    for position in (0, 3, codec.dims - 1):
        vector = vectors[1].copy()
        vector[position] = bad
        pose, state = codec.step(vector, state)
        np.testing.assert_array_equal(pose.rotations, good.rotations)
        np.testing.assert_array_equal(pose.root_position, good.root_position)
    assert state.num_rejected == 3
    assert np.isfinite(codec.step(vectors[1], state)[0].rotations).all()


def test_a_bad_first_vector_shows_the_rest_pose_standing():
    codec = PoseCodec(default_skeleton(), RATE_HZ)
    pose, _ = codec.step(np.full(codec.dims, np.nan), codec.initial_state())
    np.testing.assert_allclose(pose.root_position, [0, 0.87, 0], atol=1e-6)
    np.testing.assert_array_equal(pose.rotations, np.tile([0, 0, 0, 1], (19, 1)))


@BOTH
def test_mirrored_vectors_are_the_vectors_of_the_mirrored_motion(rotation):
    motion = wandering()
    codec = PoseCodec(motion.skeleton, RATE_HZ, rotation)
    vectors = codec.encode(motion)
    np.testing.assert_allclose(codec.mirror(vectors), codec.encode(mirror(motion)), atol=1e-5)
    np.testing.assert_array_equal(codec.mirror(codec.mirror(vectors)), vectors)
    assert codec.mirror(vectors).dtype == np.float32


def test_heading_stays_calm_when_the_dancer_lies_down():
    """Falls forward until the hips' front points straight down and beyond, where a projected front would flip."""
    pitch = np.concatenate([np.linspace(0, 1.75, 45), np.linspace(1.75, 0, 45)])
    wobble = 0.02 * np.random.default_rng(0).normal(size=90)
    q = rotations.multiply(rotations.about_axis(2, wobble), rotations.about_axis(0, pitch))
    turn_rate = PoseCodec(default_skeleton(), RATE_HZ).encode(hips_turning(q))[:, 3]
    assert np.abs(turn_rate).max() < 3  # the wobble itself; a flip would be pi a frame, 94 rad/s


@BOTH
def test_a_cartwheel_and_a_handstand_turn_no_faster_than_the_body(rotation):
    """Upside down the heading is undefined; it must be bridged, and decoding must still be exact."""
    roll = np.linspace(0, 2 * np.pi, 60)
    sway = rotations.from_expmap(0.05 * np.random.default_rng(1).normal(size=(60, 3)))
    handstand = rotations.multiply(sway, rotations.about_axis(0, np.clip(np.linspace(0, 6, 60), 0, 3.12)))
    for q in (rotations.about_axis(2, roll), rotations.multiply(sway, rotations.about_axis(2, roll)), handstand):
        motion = hips_turning(rotations.make_continuous(q))
        codec = PoseCodec(motion.skeleton, RATE_HZ, rotation)
        vectors = codec.encode(motion)
        assert np.abs(vectors[:, 3]).max() < 20  # a jump by half a turn would be 94 rad/s
        apart_m, apart_rad = errors(codec.decode(vectors, codec.state_before(motion)), motion)
        assert apart_m < 1e-5
        assert apart_rad < 1e-5


def test_a_clip_that_is_all_upside_down_encodes():
    motion = hips_turning(np.tile(rotations.about_axis(0, np.pi), (10, 1)))
    codec = PoseCodec(motion.skeleton, RATE_HZ)
    assert errors(codec.decode(codec.encode(motion), codec.state_before(motion)), motion)[1] < 1e-5


def test_exponential_maps_do_not_jump_past_half_a_turn():
    """A joint that turns on beyond 180 degrees: the short form would jump from +pi to -pi."""
    skeleton = default_skeleton()
    angle = np.linspace(0, 5.5, 60)
    local = np.zeros((60, 19, 4))
    local[..., 3] = 1
    local[:, 5] = rotations.from_expmap(angle[:, None] * np.array([0.6, 0.0, 0.8]))
    codec = PoseCodec(skeleton, RATE_HZ, "expmap")
    vectors = codec.encode(Motion(skeleton, RATE_HZ, np.zeros((60, 3)), local))
    np.testing.assert_allclose(np.linalg.norm(vectors[:, 4 + 15 : 4 + 18], axis=1), angle, atol=1e-5)


def test_a_single_frame_has_no_velocity():
    codec = PoseCodec(default_skeleton(), RATE_HZ)
    motion = wandering()[5:6]
    vector = codec.encode(motion)[0]
    np.testing.assert_array_equal(vector[[0, 1, 3]], 0)
    assert errors(codec.decode(vector[None], codec.state_before(motion)), motion)[0] < 1e-6


def test_json_holds_a_codec():
    codec = PoseCodec(default_skeleton(), 20.0, "expmap")
    back = PoseCodec.from_dict(json.loads(json.dumps(codec.to_dict())))
    assert (back.rate_hz, back.rotation, back.dims, back.columns) == (20.0, "expmap", 61, codec.columns)
    assert back.skeleton.fingerprint == codec.skeleton.fingerprint
    with pytest.raises(ValueError, match="rate_hz, rotation"):
        PoseCodec.from_dict({"skeleton": {}})


def test_what_does_not_fit_is_refused():
    motion = wandering(frames=5)
    codec = PoseCodec(motion.skeleton, 60.0)
    with pytest.raises(ValueError, match="resample first"):
        codec.encode(motion)
    with pytest.raises(ValueError, match="118 numbers"):
        codec.step(np.zeros(117), codec.initial_state())
    with pytest.raises(ValueError, match="no vectors"):
        codec.decode(np.zeros((0, 118)))
    with pytest.raises(ValueError, match="'euler'"):
        PoseCodec(motion.skeleton, 30.0, "euler")
    with pytest.raises(ValueError, match="frame rate"):
        PoseCodec(motion.skeleton, 0.0)


def test_every_real_clip_decodes_without_drift(shared_data, some_of):
    """Clips of 7 to 20 s; drift is how far off a clip's last frame is, which float32 steps might add up to."""
    codec = PoseCodec(default_skeleton(), RATE_HZ)
    for path in some_of((shared_data / "aistpp_bvh").glob("*.bvh")):
        motion = read_bvh(path)
        vectors = codec.encode(motion)
        decoded = codec.decode(vectors, codec.state_before(motion))
        apart_m, apart_rad = errors(decoded, motion)
        assert apart_m < 1e-4, path.name
        assert apart_rad < 1e-3, path.name
        assert np.linalg.norm(decoded.root_positions[-1] - motion.root_positions[-1]) < 1e-5, path.name
        assert np.sum(decoded.rotations[1:] * decoded.rotations[:-1], axis=-1).min() > 0.9, path.name
        assert np.abs(vectors[:, codec.columns["turn_rate"]]).max() < 10, path.name
        np.testing.assert_allclose(codec.mirror(vectors), codec.encode(mirror(motion)), atol=1e-4)
