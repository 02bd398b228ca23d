"""Missing poses are bridged by gliding, holding and idling, and poses that return are eased into: never a jump."""

import numpy as np
import pytest

from bridge.body.concealment import Concealer, ConcealerState
from data.motion.humanoid import default_skeleton
from data.motion.idle import IdleMotion
from data.motion.motion import Pose
from data.motion.rotations import about_axis, angle_between

RATE_HZ = 30
IDLE = IdleMotion(default_skeleton(), RATE_HZ)
ARM = default_skeleton().index("LeftUpperArm")


def waving(frame: int) -> Pose:
    """A figure that waves an arm with 3 rad/s while it travels at 0.6 m/s."""
    rotations = np.tile(np.array([0, 0, 0, 1], np.float32), (19, 1))
    rotations[ARM] = about_axis(2, 3.0 * frame / RATE_HZ)
    return Pose(np.array([0.6 * frame / RATE_HZ, 0.9, 0.0], np.float32), rotations)


def show(poses: list[Pose | None], state: ConcealerState | None = None) -> tuple[list[Pose], ConcealerState]:
    concealer = Concealer(IDLE)
    state = concealer.initial_state() if state is None else state
    shown = []
    for pose in poses:
        pose_shown, state = concealer.step(pose, state)
        shown.append(pose_shown)
    return shown, state


def speeds(poses: list[Pose]) -> np.ndarray:
    """Fastest joint between frames, rad/s."""
    q = np.stack([pose.rotations for pose in poses]).astype(np.float64)
    return angle_between(q[1:], q[:-1]).max(axis=1) * RATE_HZ


def paths(poses: list[Pose]) -> np.ndarray:
    return np.stack([pose.root_position for pose in poses])


def test_before_any_pose_it_idles():
    shown, _ = show([None] * 90)
    idle = IDLE.motion(91)
    assert np.allclose(np.stack([pose.rotations for pose in shown]), idle.rotations[1:], atol=1e-5)


def test_poses_on_time_pass_untouched_once_eased_in():
    shown, _ = show([waving(frame) for frame in range(30)])
    for frame in range(15, 30):
        assert np.allclose(shown[frame].rotations, waving(frame).rotations, atol=1e-6)
        assert np.allclose(shown[frame].root_position, waving(frame).root_position)


def test_a_missing_pose_is_extrapolated():
    shown, state = show([waving(frame) for frame in range(30)] + [None])
    assert angle_between(shown[-1].rotations[ARM], waving(30).rotations[ARM]) < 1e-3
    assert not Concealer(IDLE).is_holding(state)


def test_a_longer_gap_glides_to_a_stop_and_then_idles():
    shown, state = show([waving(frame) for frame in range(30)] + [None] * 75)
    during = speeds(shown)[29:]
    assert during[12] < 0.1  # held
    assert not np.isinf(state.missing_s)
    assert Concealer(IDLE).is_holding(state)
    standing = IDLE.motion(200)
    nearest = angle_between(shown[-1].rotations[None, 1:], standing.rotations[:, 1:]).max(axis=1).min()
    assert nearest < 0.15
    assert np.abs(paths(shown)[-1, [0, 2]] - paths(shown)[45, [0, 2]]).max() < 0.1  # it idles where it was
    assert during.max() < 6


def test_idling_for_long_does_not_walk_away():
    shown, _ = show([waving(frame) for frame in range(30)] + [None] * 1800)
    where = paths(shown)[60:, [0, 2]]
    assert np.ptp(where, axis=0).max() < 0.2


def test_poses_that_return_are_eased_into():
    shown, _ = show([waving(f) for f in range(30)] + [None] * 60 + [waving(f) for f in range(90, 120)])
    assert speeds(shown)[30:].max() < 3 + 6  # the wave's own, and the fading difference's
    assert np.abs(np.diff(paths(shown)[30:], axis=0)).max() * RATE_HZ < 8
    assert angle_between(shown[-1].rotations, waving(119).rotations).max() < 1e-3


def test_one_late_pose_is_hardly_seen():
    shown, _ = show([waving(frame) for frame in range(30)] + [None] + [waving(frame) for frame in range(31, 60)])
    assert np.abs(speeds(shown)[15:] - 3.0).max() < 1.2


def test_poses_that_were_left_out_are_no_jump():
    concealer = Concealer(IDLE)
    _, state = show([waving(frame) for frame in range(30)])
    shown = [state.shown]
    for frame in range(39, 70):  # ten frames of the dance are skipped
        pose, state = concealer.step(waving(frame), state, steps=1 if frame > 39 else 10)
        shown.append(pose)
    assert speeds(shown).max() < 3 + 6
    assert angle_between(shown[-1].rotations, waving(69).rotations).max() < 1e-3


@pytest.mark.parametrize("late", [(0, 1), (0, 1, 1), (0, 0, 1), (1, 0, 1, 1)], ids=str)
def test_where_poses_stay_away_again_and_again_the_figure_stays_with_them(late: tuple[int, ...]):
    """A dancer for whom the machine is a little too slow; what it misses, the engine has left out."""

    concealer = Concealer(IDLE)
    state, last = concealer.initial_state(), -1
    for frame in range(300):
        if frame > 30 and late[frame % len(late)]:
            shown, state = concealer.step(None, state)
        else:
            shown, state = concealer.step(waving(frame), state, steps=frame - last)
            last = frame
        if frame > 30:  # three poses of its way of 0.6 m/s, and of its turn of 3 rad/s
            assert np.abs(shown.root_position - waving(frame).root_position).max() < 0.06
            assert angle_between(shown.rotations[ARM], waving(frame).rotations[ARM]) < 0.3


def test_a_fall_in_which_poses_begin_to_stay_away_ends_with_them():
    concealer = Concealer(IDLE)
    state = concealer.initial_state()
    heights_m = []
    for frame in range(200):
        height_m = 0.97 - 0.03 * min(max(frame - 30, 0), 4)
        pose = Pose(np.array([0.0, height_m, 0.0], np.float32), waving(0).rotations)
        shown, state = concealer.step(None if frame > 32 and frame % 2 else pose, state, steps=1 if frame < 33 else 2)
        heights_m.append(float(shown.root_position[1]))
    assert min(heights_m[35:]) > 0.85 - 0.08, "it goes on falling at most as long as a pose is missing"
    assert heights_m[-1] == pytest.approx(0.85, abs=0.005)


def test_a_wild_pose_is_reached_no_faster_than_a_body_moves():
    far = waving(0)
    far = Pose(far.root_position + np.float32(50), far.rotations)
    shown, _ = show([waving(0)] * 20 + [far] * 10)
    assert np.linalg.norm(np.diff(paths(shown), axis=0), axis=1).max() * RATE_HZ < 8.01
