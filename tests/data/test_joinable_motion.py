"""Motion without a place: round trips, other tempi, and seams that nobody sees."""

import numpy as np
import pytest

from data.motion import rotations
from data.motion.joinable_motion import JoinableMotion, Joint, join
from data.motion.motion import Motion
from tests.clip_maker import dancing

JOINT = Joint(before_s=0.25, after_s=0.25)


def joint_speeds(motion: Motion) -> np.ndarray:
    """(frames - 1, joints) m/s"""
    return np.linalg.norm(np.diff(motion.global_positions(), axis=0), axis=-1) * motion.rate_hz


def walking_in_a_circle() -> Motion:
    """Turns through more than a full circle while it walks, from a place and heading of its own."""
    motion = dancing(120, 16)
    turn_rad = np.linspace(0.7, 9.0, len(motion))
    turned = motion.rotations.copy()
    turned[:, 0] = rotations.multiply(rotations.about_axis(1, turn_rad.astype(np.float32)), turned[:, 0])
    path = np.stack([5 + np.sin(turn_rad), motion.root_positions[:, 1], np.cos(turn_rad) - 3], axis=1)
    return Motion(motion.skeleton, motion.rate_hz, path, turned)


def test_a_motion_comes_back_the_same_but_for_where_it_stood() -> None:
    motion = walking_in_a_circle()
    back = JoinableMotion.from_motion(motion).to_motion()
    np.testing.assert_allclose(joint_speeds(back), joint_speeds(motion), atol=2e-4)
    np.testing.assert_allclose(back.root_positions[0, [0, 2]], 0, atol=1e-7)
    distances = [np.linalg.norm(m.root_positions - m.root_positions[0], axis=1) for m in (motion, back)]
    np.testing.assert_allclose(distances[1], distances[0], atol=1e-4)


def test_played_faster_it_covers_the_same_ground_in_less_time() -> None:
    motion = walking_in_a_circle()
    joinable = JoinableMotion.from_motion(motion)
    faster = joinable.sample(np.arange(0, len(motion) - 1, 1.25), speed=1.25).to_motion()
    distance = [np.linalg.norm(np.diff(m.root_positions, axis=0), axis=1).sum() for m in (motion, faster)]
    assert distance[1] == pytest.approx(distance[0], rel=0.02)
    assert joint_speeds(faster).mean() == pytest.approx(1.25 * joint_speeds(motion).mean(), rel=0.02)


def test_frames_far_outside_are_refused() -> None:
    joinable = JoinableMotion.from_motion(dancing(120, 4))
    with pytest.raises(ValueError, match="asked of a motion of 60 frames"):
        joinable.sample(np.array([63.0]), speed=1.0)


def test_one_frame_has_no_velocity() -> None:
    with pytest.raises(ValueError, match="two frames"):
        JoinableMotion.from_motion(dancing(120, 4)[:1])


@pytest.mark.parametrize("joint", [JOINT, Joint(before_s=0.0, after_s=0.6)])
def test_a_seam_between_strangers_shows_no_jump(joint: Joint) -> None:
    first, second = (JoinableMotion.from_motion(dancing(bpm, 16, seed)) for bpm, seed in ((120, 1), (97, 5)))
    # In mid-swing the velocities differ as well as the poses.
    parts = [first.frames(0, 99), second.frames(20, 180)]
    cut = Motion(first.skeleton, 30, np.zeros((259, 3)), np.concatenate([part.to_motion().rotations for part in parts]))
    joined = join(parts, [joint]).to_motion()
    near = slice(99 - 10, 99 + 20)
    assert joint_speeds(cut)[near].max() > 5
    assert joint_speeds(joined)[near].max() < 1.6 * joint_speeds(joined)[:80].max()
    acceleration = np.abs(np.diff(joint_speeds(joined), axis=0))
    assert acceleration[near].max() < 4 * acceleration[:80].max()


def test_outside_the_fade_nothing_changes() -> None:
    first, second = (JoinableMotion.from_motion(dancing(120, 16, seed)) for seed in (1, 5))
    joined = join([first, second], [JOINT])
    fade = 8
    np.testing.assert_array_equal(joined.steps[: len(first) - fade], first.steps[:-fade])
    np.testing.assert_array_equal(joined.steps[len(first) + fade :], second.steps[fade:])
    angles = rotations.angle_between(joined.rotations[len(first) + fade :], second.rotations[fade:])
    assert angles.max() < 1e-6


def test_where_nobody_could_know_the_past_stays() -> None:
    first, second = (JoinableMotion.from_motion(dancing(120, 16, seed)) for seed in (1, 5))
    joined = join([first, second], [Joint(before_s=0.0, after_s=1.2)])
    np.testing.assert_array_equal(joined.rotations[: len(first)], first.rotations)


def test_seams_closer_than_their_fades_stay_smooth() -> None:
    parts = [
        JoinableMotion.from_motion(dancing(120, 16, seed)).frames(0, length)
        for seed, length in ((1, 90), (2, 3), (3, 90))
    ]
    speeds = joint_speeds(join(parts, [JOINT, Joint(before_s=0.0, after_s=1.2)]).to_motion())
    assert speeds[80:130].max() < 2.5 * speeds[:70].max()


def test_a_part_of_a_single_frame_does_not_break_a_seam() -> None:
    parts = [
        JoinableMotion.from_motion(dancing(120, 16, seed)).frames(0, length)
        for seed, length in ((1, 90), (2, 1), (3, 90))
    ]
    speeds = joint_speeds(join(parts, [JOINT, JOINT]).to_motion())
    assert speeds[80:110].max() < 2.5 * speeds[:70].max()
