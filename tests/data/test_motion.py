import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from data.formats.bvh import read_bvh
from data.formats.motion_file import read_npz, write_motion
from data.motion import rotations
from data.motion.humanoid import default_skeleton
from data.motion.motion import Motion, blend, change_speed, concatenate, mirror, resample


def turning(rate_hz, num_frames, speed_rad_s=2.0):
    """A figure that walks along +Z at 1 m/s and turns all joints about tilted axes at a steady speed."""
    skeleton = default_skeleton()
    seconds = np.arange(num_frames) / rate_hz
    axes = np.random.default_rng(0).normal(size=(skeleton.num_joints, 3))
    axes /= np.linalg.norm(axes, axis=-1, keepdims=True)
    roots = np.stack([0 * seconds, 0 * seconds + 0.9, seconds], axis=1)
    return Motion(skeleton, rate_hz, roots, rotations.from_expmap(axes * (speed_rad_s * seconds)[:, None, None]))


@pytest.mark.parametrize("rate_hz", [20.0, 24.0, 30.0, 59.94, 60.0, 120.0, 7.3])
def test_resampling_shows_the_same_movement_at_the_same_times(rate_hz):
    motion = turning(30.0, 200)
    other = resample(motion, rate_hz)
    exact = turning(rate_hz, len(other))
    assert other.rate_hz == rate_hz
    np.testing.assert_allclose(other.root_positions, exact.root_positions, atol=1e-5)
    assert rotations.angle_between(other.rotations.astype(float), exact.rotations.astype(float)).max() < 1e-5


@pytest.mark.parametrize("rate_hz", [20.0, 29.97, 60.0, 120.0])
def test_resampling_ends_with_the_last_frame_that_the_input_covers(rate_hz):
    other = resample(turning(30.0, 91), rate_hz)  # covers 0 to exactly 3 s
    assert (len(other) - 1) / rate_hz <= 3.0 + 1e-9 < len(other) / rate_hz + 1e-6


def test_upsampling_then_downsampling_gives_the_frames_back():
    motion = turning(30.0, 50)
    back = resample(resample(motion, 120.0), 30.0)
    np.testing.assert_allclose(back.root_positions, motion.root_positions, atol=1e-6)
    assert rotations.angle_between(back.rotations.astype(float), motion.rotations.astype(float)).max() < 1e-6


def test_resampling_is_sign_continuous_even_if_the_input_is_not():
    motion = turning(30.0, 60)
    signs = np.random.default_rng(1).choice([-1, 1], size=(60, 19, 1))
    flipped = Motion(motion.skeleton, 30.0, motion.root_positions, motion.rotations * signs)
    other = resample(flipped, 50.0)
    assert np.sum(other.rotations[1:] * other.rotations[:-1], axis=-1).min() > 0.99


@pytest.mark.parametrize("rate_hz", [0.0, -30.0, float("nan"), float("inf")])
def test_impossible_rates_are_refused(rate_hz):
    with pytest.raises(ValueError, match="frame rate must be positive"):
        resample(turning(30.0, 5), rate_hz)


@pytest.mark.parametrize(("name", "rate_hz"), [("x.npz", 1e9), ("x.npz", 1e-9), ("x.bvh", 1e9), ("x.bvh", 1e-3)])
def test_a_file_whose_rate_no_recording_has_is_refused(tmp_path, name, rate_hz):
    write_motion(tmp_path / name, turning(rate_hz, 5))
    with pytest.raises(ValueError, match=f"{name}: .*no recording has .* frames a second"):
        (read_bvh if name.endswith("bvh") else read_npz)(tmp_path / name)


def test_one_frame_resamples_to_one_frame():
    assert len(resample(turning(30.0, 1), 60.0)) == 1


def test_change_of_speed_shortens_the_clip_and_keeps_the_rate():
    faster = change_speed(turning(30.0, 91), 1.5)
    assert faster.rate_hz == 30.0
    assert len(faster) == 61
    np.testing.assert_allclose(faster.root_positions[-1, 2], 3.0, atol=1e-6)


def test_slices_keep_time_and_steps_are_refused():
    motion = turning(30.0, 90)
    assert motion[30:60].duration_s == pytest.approx(1.0)
    np.testing.assert_array_equal(motion[30:].root_positions[0], motion.pose(30).root_position)
    with pytest.raises(ValueError, match="use resample"):
        motion[::2]


def test_mirroring_reflects_every_joint_and_twice_is_nothing():
    motion = turning(30.0, 40)
    reflected = mirror(motion)
    swapped = motion.global_positions()[:, motion.skeleton.mirror_joints] * [-1, 1, 1]
    np.testing.assert_allclose(reflected.global_positions(), swapped, atol=1e-5)
    np.testing.assert_array_equal(mirror(reflected).rotations, motion.rotations)
    np.testing.assert_array_equal(mirror(reflected).root_positions, motion.root_positions)


def test_concatenation_joins_clips_and_mends_signs():
    motion = turning(30.0, 20)
    flipped = Motion(motion.skeleton, 30.0, motion.root_positions, -motion.rotations)
    joined = concatenate([motion[:10], flipped[10:]])
    np.testing.assert_array_equal(joined.rotations, motion.rotations)


def test_concatenation_of_what_does_not_fit_is_refused():
    motion = turning(30.0, 20)
    with pytest.raises(ValueError, match="resample first"):
        concatenate([motion, turning(60.0, 20)])
    with pytest.raises(ValueError, match="nothing"):
        concatenate([])


def test_blending_goes_halfway():
    motion = turning(30.0, 20)
    half = blend(motion.pose(0), motion.pose(10), 0.5)
    np.testing.assert_allclose(half.root_position, motion.root_positions[5], atol=1e-6)
    expected = Rotation.from_quat(motion.rotations[5])
    assert (Rotation.from_quat(half.rotations) * expected.inv()).magnitude().max() < 1e-6
    assert half.rotations.dtype == np.float32


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rate_hz": 0.0}, "rate must be positive"),
        ({"root_positions": np.zeros((4, 3))}, "are not"),
        ({"rotations": np.full((3, 19, 4), np.nan)}, "finite"),
        ({"root_positions": np.zeros((0, 3)), "rotations": np.zeros((0, 19, 4))}, "at least one frame"),
    ],
)
def test_impossible_motions_are_refused(change, message):
    entries = {"rate_hz": 30.0, "root_positions": np.zeros((3, 3)), "rotations": np.ones((3, 19, 4)) / 2}
    with pytest.raises(ValueError, match=message):
        Motion(default_skeleton(), **(entries | change))
