import numpy as np
import pytest

from data.formats.bvh import read_bvh
from data.motion import rotations
from data.motion.humanoid import default_skeleton, to_humanoid
from data.motion.idle import IdleMotion
from data.motion.skeleton import Skeleton

RATE_HZ = 30.0


@pytest.fixture(scope="module")
def minute():
    return IdleMotion(default_skeleton(), RATE_HZ).motion(60 * 30, seed=4)


def joint(motion, name):
    return motion.global_positions()[:, motion.skeleton.index(name)]


@pytest.mark.parametrize("side", ["Left", "Right"])
def test_feet_are_planted_flat_on_the_floor(minute, side):
    ankle = joint(minute, f"{side}Foot")
    assert np.ptp(ankle, axis=0).max() < 1e-4
    index = minute.skeleton.index(f"{side}Foot")
    _, turned = minute.skeleton.forward_kinematics(minute.root_positions, minute.rotations)
    sole = rotations.rotate(turned[:, index], np.array([0, -0.06, 0.12], np.float32)) + ankle
    np.testing.assert_allclose(sole[:, 1], 0, atol=1e-5)  # the toes touch the floor
    up = rotations.rotate(turned[:, index], np.array([0, 1, 0], np.float32))
    np.testing.assert_allclose(up, np.tile([0, 1, 0], (len(up), 1)), atol=1e-5)


def test_arms_hang_at_the_sides_with_loose_elbows(minute):
    for side, sign in (("Left", 1), ("Right", -1)):
        shoulder, elbow, hand = (joint(minute, side + bone) for bone in ("UpperArm", "LowerArm", "Hand"))
        upper, lower = elbow - shoulder, hand - elbow
        assert (upper[:, 1] < -0.9 * 0.24).all()
        assert (lower[:, 1] < -0.85 * 0.22).all()
        assert (sign * (hand - joint(minute, "Hips"))[:, 0] > 0.12).all()  # beside the thighs, not in them
        cosine = np.sum(upper * lower, axis=1) / (0.24 * 0.22)
        assert np.rad2deg(np.arccos(cosine)).min() > 5
        assert np.rad2deg(np.arccos(cosine)).max() < 35
        assert (lower[:, 2] > 0).all()  # forwards


def test_it_stands_upright_with_soft_knees_that_point_forwards(minute):
    assert minute.root_positions[:, 1].min() > 0.84
    assert minute.root_positions[:, 1].max() < 0.87
    head, hips = joint(minute, "Head"), joint(minute, "Hips")
    assert (head[:, 1] - hips[:, 1] > 0.49).all()
    assert np.abs(head[:, [0, 2]] - [0, 0]).max() < 0.12
    for side in ("Left", "Right"):
        bend = rotations.to_expmap(minute.rotations[:, minute.skeleton.index(f"{side}LowerLeg")].astype(float))
        assert (bend[:, 0] > np.deg2rad(3)).all()
        assert (bend[:, 0] < np.deg2rad(25)).all()
        straight = (joint(minute, f"{side}UpperLeg") + joint(minute, f"{side}Foot")) / 2
        assert (joint(minute, f"{side}LowerLeg")[:, 2] > straight[:, 2]).all()


def test_it_breathes_about_fifteen_times_a_minute(minute):
    chest = minute.rotations[:, minute.skeleton.index("LeftShoulder"), 2].astype(float)
    spectrum = np.abs(np.fft.rfft(chest - chest.mean()))
    assert np.fft.rfftfreq(len(chest), 1 / RATE_HZ)[spectrum.argmax()] == pytest.approx(0.25, abs=0.02)


def test_it_is_alive_but_calm(minute):
    speed = np.linalg.norm(np.diff(minute.global_positions(), axis=0), axis=-1) * RATE_HZ
    second = speed[: len(speed) // 30 * 30].reshape(-1, 30, speed.shape[1])
    assert second.mean(axis=(1, 2)).min() > 0.002  # in every second something moves
    assert speed.max() < 0.15
    assert np.ptp(minute.root_positions[:, 0]) > 0.025  # it shifts its weight
    assert np.sum(minute.rotations[1:] * minute.rotations[:-1], axis=-1).min() > 0.9999


def test_it_does_not_repeat_within_a_minute(minute):
    flat = minute.rotations.reshape(len(minute), -1).astype(float)
    start = flat[:30]
    gaps = [np.abs(flat[frame : frame + 30] - start).max() for frame in range(60, len(flat) - 30)]
    assert min(gaps) > 0.005


def test_seeds_give_other_idles_and_a_state_resumes_exactly():
    idle = IdleMotion(default_skeleton(), RATE_HZ)
    assert np.abs(idle.motion(1, seed=0).rotations - idle.motion(1, seed=1).rotations).max() > 1e-3
    state = idle.initial_state(seed=0)
    for _ in range(50):
        _, state = idle.step(state)
    kept = state.copy()
    after = [idle.step(state)[0] for _ in range(10)]
    whole = idle.motion(60, seed=0)
    for frame, pose in enumerate(after):
        np.testing.assert_array_equal(pose.rotations, whole.rotations[50 + frame])
        np.testing.assert_array_equal(idle.step(kept)[0].root_position, pose.root_position)


def test_the_frame_rate_changes_nothing_but_the_number_of_frames():
    slow, fast = (IdleMotion(default_skeleton(), rate).motion(int(rate), seed=2) for rate in (20.0, 60.0))
    np.testing.assert_allclose(fast.rotations[::3], slow.rotations, atol=1e-6)


def test_it_still_stands_after_a_week():
    idle = IdleMotion(default_skeleton(), RATE_HZ)
    state = idle.initial_state()
    state.frame = 7 * 24 * 3600 * 30
    pose, _ = idle.step(state)
    np.testing.assert_allclose(np.linalg.norm(pose.rotations, axis=-1), 1, atol=1e-6)


@pytest.mark.parametrize("name", ["cmu_dance/05_01.bvh", "bvh_other/dab.bvh", "bvh_other/jesse_dance.bvh"])
def test_other_humanoids_idle_too(shared_data, name):
    skeleton = to_humanoid(read_bvh(shared_data / name, 0.056444 if "cmu" in name else 0.01)).skeleton
    motion = IdleMotion(skeleton, RATE_HZ).motion(300)
    size = skeleton.rest_height
    for side in ("Left", "Right"):
        assert np.ptp(joint(motion, f"{side}Foot"), axis=0).max() < 0.002 * size
        assert (joint(motion, f"{side}Hand")[:, 1] < joint(motion, f"{side}LowerArm")[:, 1]).all()
    assert (joint(motion, "Head")[:, 1] > 1.3 * size).all()


def test_what_is_no_humanoid_is_refused():
    with pytest.raises(ValueError, match="LeftUpperArm"):
        IdleMotion(Skeleton(("Hips", "Tail"), (-1, 0), np.zeros((2, 3))), RATE_HZ)
