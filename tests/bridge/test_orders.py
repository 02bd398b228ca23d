"""What a performer orders on stage: freeze, mirror, another dance, home, panic. Nothing ever jumps."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.body.safety import Limits
from bridge.control.controls import Controls
from bridge.engine.engine_state import EngineState
from data.motion.motion import Pose
from data.motion.rotations import angle_between
from tests.bridge.test_engine import (
    CODEC,
    LOUD,
    RATE_HZ,
    SILENT,
    arms_up,
    controls_with,
    joint_speeds,
    music,
    play,
    roots,
    rotations,
    scripted,
    vector,
)

SKELETON = CODEC.skeleton


def swinging(frame: int) -> np.ndarray:
    """The left arm swings, the body walks to the front left and turns."""
    angle = 0.8 * np.sin(frame / 5)
    pose = arms_up()
    columns = pose[CODEC.columns["joints"]].reshape(-1, 6)
    columns[SKELETON.index("LeftUpperArm") - 1] = (np.cos(angle), np.sin(angle), 0, -np.sin(angle), np.cos(angle), 0)
    pose[CODEC.columns["floor_velocity"]] = (0.3, 0.4)
    pose[CODEC.columns["turn_rate"]] = 0.5
    return pose


def begin(controls: Controls | None = None) -> tuple[Any, EngineState, Pose]:
    """An engine in the middle of a dance."""
    engine, _ = scripted(swinging)
    poses, _, state = play(engine, [LOUD] * 60, controls=controls)
    return engine, state, poses[-1]


def assert_no_jump(poses: list[Pose], rad_s: float = 9.0, m_s: float = 3.0) -> None:
    assert joint_speeds(poses).max() < rad_s
    assert np.linalg.norm(np.diff(roots(poses), axis=0), axis=1).max() * RATE_HZ < m_s


def test_a_frozen_figure_glides_to_a_stop_and_stays():
    engine, state, last = begin()
    poses, activities, state = play(engine, [LOUD] * 60, controls=controls_with(freeze=True), state=state)
    assert set(activities) == {"frozen"}
    assert_no_jump([last, *poses])
    assert joint_speeds(poses[15:]).max() < 0.05
    assert angle_between(poses[0].rotations, poses[-1].rotations).max() > 0.01, "it was not stopped dead"


def test_after_a_freeze_the_dance_goes_on_in_time_and_on_the_spot():
    engine, state, _ = begin()
    frozen, _, state = play(engine, [LOUD] * 60, controls=controls_with(freeze=True), state=state)
    poses, activities, _ = play(engine, [LOUD] * 60, state=state)
    assert set(activities) == {"dancing"}
    assert_no_jump([frozen[-1], *poses])
    through, _, _ = play(scripted(swinging)[0], [LOUD] * 180)  # one that nobody stopped
    arm = SKELETON.index("LeftUpperArm")
    assert angle_between(poses[-1].rotations[arm], through[-1].rotations[arm]) < 1e-3
    assert np.linalg.norm((poses[0].root_position - frozen[-1].root_position)[[0, 2]]) < 0.05


def test_silence_does_not_wake_a_frozen_figure():
    engine, state, _ = begin()
    poses, activities, _ = play(engine, [SILENT] * 90, controls=controls_with(freeze=True), state=state)
    assert set(activities) == {"frozen"}
    assert joint_speeds(poses[30:]).max() < 0.05


def test_in_the_mirror_the_other_arm_swings_and_the_way_bends_to_the_other_side():
    plain, _, _ = play(scripted(swinging)[0], [LOUD] * 60, controls=controls_with(leash_m=20))
    mirrored, _, _ = play(scripted(swinging)[0], [LOUD] * 60, controls=controls_with(leash_m=20, mirror=True))
    left, right = SKELETON.index("LeftUpperArm"), SKELETON.index("RightUpperArm")
    flip = np.array([1, -1, -1, 1])
    np.testing.assert_allclose(
        np.abs(np.sum(rotations(mirrored)[30:, right] * (rotations(plain)[30:, left] * flip), -1)), 1, atol=1e-5
    )
    # After the ramp, in which both idle figures sway alike, the ways are mirror images.
    np.testing.assert_allclose(roots(mirrored)[30:, 0], -roots(plain)[30:, 0], atol=0.02)
    np.testing.assert_allclose(roots(mirrored)[30:, 2], roots(plain)[30:, 2], atol=0.02)


def test_left_and_right_change_places_without_a_jump():
    engine, state, last = begin()
    poses, _, state = play(engine, [LOUD] * 60, controls=controls_with(mirror=True), state=state)
    back, _, _ = play(engine, [LOUD] * 60, state=state)
    assert_no_jump([last, *poses, *back])


def test_a_reset_begins_the_same_dance_again_at_home():
    engine, state, last = begin(controls_with(leash_m=3.0))
    assert np.linalg.norm(last.root_position[[0, 2]]) > 0.5
    controls = controls_with(leash_m=3.0, num_resets=1)
    poses, _, state = play(engine, [LOUD] * 30, controls=controls, state=state)
    assert engine.dancer.starts == [0, 0]
    assert_no_jump([last, *poses])
    walked = 0.5 * 1.0  # it has danced on for a second since
    assert np.linalg.norm(poses[-1].root_position[[0, 2]]) < walked + 0.1


def test_a_reset_leads_home_from_far_away_at_a_walk():
    engine, _ = scripted(lambda frame: vector(floor_velocity=(0.0, 1.0)) if frame < 150 else vector())
    poses, _, state = play(engine, [LOUD] * 150 + [SILENT] * 60, controls=controls_with(leash_m=20.0))
    assert poses[-1].root_position[2] > 3.5
    back, _, _ = play(engine, [SILENT] * 150, controls=controls_with(leash_m=20.0, num_resets=1), state=state)
    assert_no_jump([poses[-1], *back], m_s=3.6)
    assert np.linalg.norm(back[-1].root_position[[0, 2]]) < 0.3


def test_another_seed_is_another_dance_and_none_is_the_first_again():
    engine, state, last = begin()
    poses, _, state = play(engine, [LOUD] * 40, controls=controls_with(seed=77), state=state)
    more, _, state = play(engine, [LOUD] * 40, state=state)
    assert engine.dancer.starts == [0, 77, 0]
    assert_no_jump([last, *poses, *more])


def test_panic_stands_still_in_half_a_second():
    engine, state, last = begin()
    poses, activities, _ = play(engine, [LOUD] * 60, controls=controls_with(idle=True, num_panics=1), state=state)
    assert activities[0] == "idle"
    assert_no_jump([last, *poses])
    standing, _, _ = play(engine, [SILENT] * 10)
    assert angle_between(poses[20].rotations[1:], standing[-1].rotations[1:]).max() < 0.3
    assert joint_speeds(poses[25:]).max() < 0.5


def test_what_was_pressed_before_the_beginning_is_no_order():
    engine, _ = scripted(swinging)
    _, _, state = play(engine, [LOUD] * 40, controls=controls_with(num_resets=3, num_panics=2))
    assert state.dance == 1.0
    assert engine.dancer.starts == [0]


def test_a_dancer_that_breaks_again_and_again_is_tried_less_and_less_often():
    def script(frame: int) -> np.ndarray:
        return arms_up() if frame < 40 else np.full(CODEC.dims, np.nan, np.float32)

    engine, dancer = scripted(script)
    attempts = []
    state = engine.initial_state()
    for index, frame in enumerate(music(60 * RATE_HZ)):
        _, state = engine.step(frame, LOUD, state, controls_with())
        if len(dancer.starts) > len(attempts):
            attempts.append(index / RATE_HZ)
    pauses = np.diff(attempts)
    assert len(attempts) >= 4
    assert (np.diff(pauses) > 0.5).all()


def test_one_that_has_danced_well_for_a_while_is_trusted_again():
    def script(frame: int) -> np.ndarray:
        return arms_up() if frame < 15 * RATE_HZ else np.full(CODEC.dims, np.nan, np.float32)

    engine, dancer = scripted(script)
    play(engine, [LOUD] * 60 * RATE_HZ)
    assert len(dancer.starts) == 4, "every 15 s and a moment of idling"


ORDERS = st.fixed_dictionaries(
    {},
    optional={
        "freeze": st.booleans(),
        "mirror": st.booleans(),
        "idle": st.booleans(),
        "seed": st.sampled_from([None, 1, 2]),
        "leash_m": st.sampled_from([0.0, 1.0, 20.0]),
        "num_resets": st.integers(0, 3),
        "num_panics": st.integers(0, 3),
    },
)


@settings(deadline=None, max_examples=40)
@given(evening=st.lists(st.tuples(ORDERS, st.integers(1, 25), st.booleans()), min_size=1, max_size=12))
def test_whatever_is_ordered_no_pose_step_exceeds_what_a_body_can(evening: list[tuple[dict[str, Any], int, bool]]):
    """The stated bound: `Limits`, which the engine enforces last of all; and every pose is a pose."""
    limits = Limits()
    rng = np.random.default_rng(len(evening))
    wild = [vector(joints=rng.standard_normal(6 * 18), turn_rate=5.0, floor_velocity=(2.0, -2.0)) for _ in range(7)]
    engine, _ = scripted(lambda frame: wild[frame // 3 % 7])
    state = engine.initial_state()
    controls, shown = controls_with(), []
    for orders, num_frames, is_loud in evening:
        controls = replace(controls, **orders)
        for frame in music(num_frames):
            pose, state = engine.step(frame, LOUD if is_loud else SILENT, state, controls)
            shown.append(pose)
    assert np.isfinite(rotations(shown)).all()
    np.testing.assert_allclose(np.linalg.norm(rotations(shown), axis=-1), 1, atol=1e-5)
    if len(shown) > 1:
        assert joint_speeds(shown).max() <= limits.max_joint_speed_rad_s * 1.001
        moves = np.linalg.norm(np.diff(roots(shown), axis=0), axis=1)
        assert moves.max() * RATE_HZ <= limits.max_root_speed_m_s * 1.001


@pytest.mark.parametrize("order", [{"freeze": True}, {"mirror": True}, {"num_resets": 1}, {"num_panics": 1}])
def test_an_order_in_the_middle_of_another_is_bridged_too(order: dict[str, Any]):
    engine, state, last = begin()
    shown = [last]
    for controls in (
        controls_with(mirror=True),
        controls_with(mirror=True, **order) if "mirror" not in order else controls_with(),
    ):
        poses, _, state = play(engine, [LOUD] * 4, controls=controls, state=state)
        shown += poses
    assert_no_jump(shown)


def test_a_statue_holds_still_within_a_second_also_where_it_was_out_of_balance():
    leaning = np.tile([1, 0, 0, 0, math.cos(0.5), math.sin(0.5)], CODEC.skeleton.num_joints - 1)
    engine, _ = scripted(lambda frame: vector(joints=leaning + 0.05 * math.sin(frame / 3)))
    _, _, state = play(engine, [LOUD] * 90)
    poses, _, _ = play(engine, [LOUD] * 90, controls=controls_with(freeze=True), state=state)
    assert np.array_equal(rotations(poses)[30:], rotations(poses)[30:31].repeat(60, 0))
    assert np.array_equal(roots(poses)[30:], roots(poses)[30:31].repeat(60, 0))
