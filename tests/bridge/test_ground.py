"""The ground: nobody floats, jumps stay jumps, nothing sinks, and who leans like a statue is led back over the feet."""

import math
from dataclasses import replace

import numpy as np
import pytest

from bridge.body.balance import BalanceConfig, beyond_support
from bridge.body.blending import placed
from bridge.body.body_points import BodyPoints
from bridge.body.ground import Ground, GroundConfig
from bridge.control.controls import Controls
from bridge.dancer.dancer_file import DancerFile
from bridge.engine.offline import dance
from data.formats.bvh import read_bvh
from data.motion.body_mass import centre_of_mass, points
from data.motion.humanoid import default_skeleton, to_humanoid
from data.motion.idle import IdleMotion
from data.motion.motion import Motion, Pose, resample
from data.motion.rotations import about_axis, multiply, normalise, rotate
from data.motion.skeleton import Skeleton
from data.music import synthesise
from models.files.checkpoint_header import default_path

RATE_HZ = 30
SKELETON = default_skeleton()
FLOAT_M = 0.12
LEGS = [SKELETON.index(side + bone) for side in ("Left", "Right") for bone in ("UpperLeg", "LowerLeg", "Foot")]


def standing(num_frames: int, skeleton: Skeleton = SKELETON, rate_hz: int = RATE_HZ) -> Motion:
    return IdleMotion(skeleton, rate_hz).motion(num_frames)


def raised(motion: Motion, heights: np.ndarray) -> Motion:
    """The motion with heights (frames,), metres, added to the root's."""
    path = motion.root_positions + heights[:, None] * np.array([0.0, 1.0, 0.0])
    return replace(motion, root_positions=path.astype(np.float32))


def leaned(motion: Motion, angles_rad: np.ndarray, axis: int = 0) -> Motion:
    """The motion turned as a whole about the feet by angles (frames,)."""
    turn = about_axis(axis, angles_rad)
    pivot = motion.root_positions * [1.0, 0.0, 1.0]
    rotations = motion.rotations.copy()
    rotations[:, 0] = multiply(turn, rotations[:, 0])
    path = pivot + rotate(turn, motion.root_positions - pivot)
    return replace(motion, rotations=rotations, root_positions=path.astype(np.float32))


def squatting(motion: Motion, depths: np.ndarray) -> Motion:
    """The motion that pulls up its feet by bending hips and knees by angles (frames,), the hips at their height."""
    rotations = motion.rotations.copy()
    for joint, factor in zip(LEGS, (-1.0, 2.0, -1.0) * 2, strict=True):
        rotations[:, joint] = multiply(rotations[:, joint], about_axis(0, factor * depths).astype(np.float32))
    return replace(motion, rotations=rotations)


def grounded(motion: Motion, amount: float = 1.0, config: GroundConfig | None = None) -> Motion:
    ground = Ground(motion.skeleton, motion.rate_hz, config)
    state, poses = ground.initial_state(), []
    for frame in range(len(motion)):
        pose, state = ground.step(motion.pose(frame), state, amount=amount)
        poses.append(pose)
    return replace(
        motion,
        root_positions=np.stack([pose.root_position for pose in poses]),
        rotations=np.stack([pose.rotations for pose in poses]),
    )


def lowest_m(motion: Motion) -> np.ndarray:
    body = BodyPoints(motion.skeleton)
    return np.array([body.of(motion.pose(frame)).lowest_m for frame in range(len(motion))])


def longest_s(is_so: np.ndarray, rate_hz: float = RATE_HZ) -> float:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_so.astype(int), [0]])))
    return float((edges[1::2] - edges[::2]).max(initial=0)) / rate_hz


def lean_m(motion: Motion) -> np.ndarray:
    """From the middle of the feet to the centre of mass, over the floor, (frames,)."""
    feet = points(motion)[:, [SKELETON.index("LeftFoot"), SKELETON.index("RightFoot")]].mean(axis=1)
    return np.linalg.norm((centre_of_mass(motion) - feet)[:, [0, 2]], axis=1)


def parabola(num_frames: int, start: int, seconds: float, rate_hz: int = RATE_HZ) -> np.ndarray:
    """Heights of a jump, under gravity."""
    time_s = (np.arange(num_frames) - start) / rate_hz
    return np.clip(0.5 * 9.81 * time_s * (seconds - time_s), 0.0, None)


def test_points_and_centre_of_mass_are_those_of_forward_kinematics():
    rng = np.random.default_rng(0)
    body = BodyPoints(SKELETON)
    for _ in range(10):
        q = normalise(rng.standard_normal((SKELETON.num_joints, 4))).astype(np.float32)
        pose = Pose(rng.standard_normal(3).astype(np.float32), q)
        posed = body.of(pose)
        motion = Motion(SKELETON, RATE_HZ, pose.root_position[None], q[None])
        np.testing.assert_allclose(posed.places, points(motion)[0], atol=1e-5)
        np.testing.assert_allclose(posed.centre, centre_of_mass(motion)[0], atol=1e-5)


def test_who_stands_is_not_touched():
    motion = standing(300)
    shown = grounded(motion)
    assert np.abs(shown.root_positions - motion.root_positions).max() < 5e-3
    np.testing.assert_array_equal(shown.rotations, motion.rotations)


@pytest.mark.parametrize("seconds", [0.25, 0.4, 0.5])
def test_a_jump_stays_a_jump(seconds: float):
    motion = raised(standing(90), parabola(90, 40, seconds))
    np.testing.assert_allclose(lowest_m(grounded(motion)), lowest_m(motion), atol=0.02)


def test_a_smooth_hop_of_half_a_second_stays_a_hop():
    rise = 0.25 * np.sin(np.pi * np.clip((np.arange(90) - 40) / 15, 0, 1)) ** 2
    motion = raised(standing(90), rise)
    assert lowest_m(grounded(motion)).max() > 0.8 * 0.25


@pytest.mark.parametrize("speed_m_s", [0.05, 0.2, 0.45, 1.0, 2.0])
def test_who_is_lifted_and_left_in_the_air_comes_down(speed_m_s: float):
    heights = np.clip((np.arange(240) - 30) / RATE_HZ * speed_m_s, 0.0, 0.4)
    shown = lowest_m(grounded(raised(standing(240), heights)))
    assert longest_s(shown > FLOAT_M) <= 0.6
    assert shown[-60:].max() < 0.045  # is still being lifted, at the lowest speed
    if speed_m_s < 0.5:
        assert shown.max() < 0.06  # never left the floor


def test_who_pulls_up_the_feet_slowly_sinks_to_them():
    motion = squatting(standing(150), 1.1 * np.clip((np.arange(150) - 30) / 45, 0, 1))
    assert lowest_m(motion).max() > 0.25
    shown = grounded(motion)
    assert lowest_m(shown).max() < 0.06
    assert shown.root_positions[-1, 1] < motion.root_positions[-1, 1] - 0.25


@pytest.mark.parametrize(("seed", "wildness"), [(0, 0.05), (1, 0.1), (2, 0.15), (3, 0.2), (4, 0.2)])
def test_whatever_is_danced_nobody_floats_or_sinks(seed: int, wildness: float):
    rng = np.random.default_rng(seed)
    motion = standing(300)

    def smooth(num_frames: int = 15) -> np.ndarray:
        kernel = np.hanning(num_frames) / np.linalg.norm(np.hanning(num_frames))
        return np.convolve(rng.standard_normal(299 + num_frames), kernel, "valid")

    rotations = motion.rotations.copy()
    for joint in range(SKELETON.num_joints):
        for axis in range(3):
            turn = about_axis(axis, wildness * smooth()).astype(np.float32)
            rotations[:, joint] = multiply(rotations[:, joint], turn)
    motion = raised(replace(motion, rotations=rotations), 0.3 + 0.2 * smooth(60))
    shown = grounded(motion)
    assert np.isfinite(shown.rotations).all()
    np.testing.assert_allclose(np.linalg.norm(shown.rotations, axis=-1), 1, atol=1e-5)
    low = lowest_m(shown)
    assert longest_s(low > FLOAT_M) <= 0.7
    assert (low > FLOAT_M).mean() < 0.15  # limbs that are thrown about lift it now and then
    assert low.min() > -0.1
    assert (low < -0.02).mean() < 0.02


def test_nothing_sinks():
    sunk = raised(standing(60), np.where(np.arange(60) < 30, 0.0, -0.15))
    low = lowest_m(grounded(sunk))
    assert low[33:].min() > -1e-3
    waves = raised(standing(200), -0.1 + 0.1 * np.cos(np.arange(200) / 6))
    assert lowest_m(grounded(waves)).min() > -1e-3


def test_without_grounding_a_figure_is_only_lifted_out_of_the_floor():
    floating = raised(standing(30), np.full(30, 0.3))
    np.testing.assert_array_equal(grounded(floating, 0.0).root_positions, floating.root_positions)
    ground = Ground(SKELETON, RATE_HZ)
    sunk = raised(standing(1), np.array([-0.1])).pose(0)
    state, heights = ground.initial_state(), []
    for _ in range(8):
        pose, state = ground.step(sunk, state, amount=0.0)
        heights.append(pose.root_position[1] - sunk.root_position[1])
    assert heights[2] > 0.08
    assert heights[-1] == pytest.approx(0.1, abs=1e-3)
    _, after = ground.step(standing(1).pose(0), state, amount=0.0)
    assert 0.8 * state.lift_m < after.lift_m < state.lift_m


def test_switched_on_and_off_slowly_nothing_jumps():
    ground = Ground(SKELETON, RATE_HZ)
    motion = raised(standing(120), np.full(120, 0.3))
    amounts = np.clip(np.minimum(np.arange(120) - 30, 100 - np.arange(120)) / 20, 0, 1)
    state, heights = ground.initial_state(), []
    for frame, amount in enumerate(amounts):
        pose, state = ground.step(motion.pose(frame), state, amount=float(amount))
        heights.append(float(pose.root_position[1]))
    assert np.ptp(heights) > 0.28
    assert np.abs(np.diff(heights)).max() < 0.06


def test_who_lies_kneels_or_stands_on_the_hands_is_on_the_floor():
    still = standing(60)
    for angle in (math.pi / 2, math.pi):
        turned = replace(still, rotations=still.rotations.copy())
        turned.rotations[:, 0] = multiply(about_axis(0, np.full(60, angle)).astype(np.float32), still.rotations[:, 0])
        resting = raised(turned, 0.1 - lowest_m(turned))
        shown = grounded(resting)
        assert -1e-3 < lowest_m(shown)[-1] < 0.1  # a back has flesh
        np.testing.assert_array_equal(shown.rotations, resting.rotations)


@pytest.mark.parametrize(("axis", "sign"), [(0, -1.0), (0, 1.0), (2, 1.0), (2, -1.0)])
def test_who_leans_like_a_statue_is_led_back_over_the_feet_which_stay(axis: int, sign: float):
    angle = np.radians(45) * np.clip((np.arange(240) - 30) / 90, 0, 1)
    motion = leaned(standing(240), sign * angle, axis)
    shown = grounded(motion)
    assert lean_m(motion)[-1] > 0.4
    assert lean_m(shown)[-1] < 0.35
    assert lean_m(shown)[-1] < 0.65 * lean_m(motion)[-1]
    assert np.abs(lowest_m(shown)[30:]).max() < 0.03
    feet = [SKELETON.index("LeftFoot"), SKELETON.index("RightFoot")]
    moved = np.linalg.norm((points(shown) - points(motion))[:, feet][..., [0, 2]], axis=-1)
    assert moved.max() < 0.02
    speed = np.diff(shown.root_positions, axis=0) * RATE_HZ
    assert np.linalg.norm(speed, axis=1).max() < 1.5


def test_a_fast_lean_is_dance():
    angle = np.radians(30) * np.sin(np.pi * np.clip((np.arange(60) - 20) / 12, 0, 1))
    motion = leaned(standing(60), -angle)
    assert np.linalg.norm((points(grounded(motion)) - points(motion)), axis=-1).max() < 0.06


def test_where_the_figure_stands_and_faces_does_not_matter():
    angle = np.radians(35) * np.clip((np.arange(120) - 20) / 60, 0, 1)
    motion = leaned(raised(standing(120), parabola(120, 50, 0.4)), -angle)
    poses = [placed(motion.pose(frame), 1.0, -2.0, 2.0) for frame in range(120)]
    elsewhere = replace(
        motion,
        root_positions=np.stack([pose.root_position for pose in poses]),
        rotations=np.stack([pose.rotations for pose in poses]),
    )
    here, there = grounded(motion), grounded(elsewhere)
    np.testing.assert_allclose(there.rotations[:, 1:], here.rotations[:, 1:], atol=2e-3)
    np.testing.assert_allclose(there.root_positions[:, 1], here.root_positions[:, 1], atol=2e-3)


@pytest.mark.parametrize("size", [0.5, 1.6])
def test_figures_of_any_size_stand_and_keep_their_balance(size: float):
    skeleton = replace(
        SKELETON,
        offsets=SKELETON.offsets * np.float32(size),
        end_sites=tuple((joint, tuple(size * value for value in tip)) for joint, tip in SKELETON.end_sites),
    )
    motion = standing(150, skeleton)
    floating = grounded(raised(motion, size * np.clip((np.arange(150) - 20) / 100, 0, 0.4)))
    assert lowest_m(floating).max() < 0.06 * size
    leaning = leaned(motion, -np.radians(45) * np.clip((np.arange(150) - 10) / 90, 0, 1))
    assert lean_m(grounded(leaning))[-1] < 0.7 * lean_m(leaning)[-1]


def test_the_frame_rate_hardly_matters():
    slow = grounded(raised(standing(90), np.clip(np.arange(90) / 90, 0, 0.4)))
    fast = grounded(raised(standing(179, rate_hz=60), np.clip(np.arange(179) / 180, 0, 0.4)))
    np.testing.assert_allclose(lowest_m(fast)[::2], lowest_m(slow), atol=0.02)


def test_a_state_is_a_value_that_resumes_exactly():
    motion = leaned(raised(standing(90), parabola(90, 30, 0.45)), -0.6 * np.clip(np.arange(90) / 60, 0, 1))
    ground = Ground(SKELETON, RATE_HZ)
    state = ground.initial_state()
    for frame in range(40):
        _, state = ground.step(motion.pose(frame), state)
    kept, first = state, []
    for frame in range(40, 90):
        pose, state = ground.step(motion.pose(frame), state)
        first.append(pose)
    for frame, expected in zip(range(40, 90), first, strict=True):
        pose, kept = ground.step(motion.pose(frame), kept)
        np.testing.assert_array_equal(pose.root_position, expected.root_position)
        np.testing.assert_array_equal(pose.rotations, expected.rotations)
    assert kept == state


def test_a_pose_that_is_no_pose_passes_and_is_forgotten():
    ground = Ground(SKELETON, RATE_HZ)
    good = standing(1).pose(0)
    _, state = ground.step(good, ground.initial_state())
    bad = Pose(np.full(3, np.nan, np.float32), good.rotations)
    shown, state = ground.step(bad, state)
    assert shown is bad
    assert np.isfinite(ground.step(good, state)[0].rotations).all()


def test_the_way_out_of_the_support_is_the_shortest():
    square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    assert beyond_support((0.5, 0.5), square) == (0.0, 0.0)
    assert beyond_support((2.0, 0.5), square) == (1.0, 0.0)
    assert beyond_support((2.0, 2.0), square) == (1.0, 1.0)
    assert beyond_support((0.5, -0.25), [(0.0, 0.0), (1.0, 0.0)]) == (0.0, -0.25)


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="rate"):
        Ground(SKELETON, 0)
    with pytest.raises(ValueError, match="settle_s"):
        GroundConfig(settle_s=0.0)
    with pytest.raises(ValueError, match="slack_m"):
        BalanceConfig(slack_m=math.nan)
    with pytest.raises(ValueError, match="squat"):
        BalanceConfig(squat=(0.7, 0.5))


def test_real_dance_is_hardly_changed(shared_data):
    for name in ("g1_moves_dance/J_Dance7_Party", "g1_moves_dance/B_SpiralDance", "cmu_salsa/salsa_60_02"):
        motion = resample(to_humanoid(read_bvh(shared_data / f"{name}.bvh"), skeleton=SKELETON), RATE_HZ)[:600]
        free, shown = grounded(motion, 0.0), grounded(motion)
        assert np.linalg.norm(points(shown) - points(free), axis=-1).mean() < 0.015, name


@pytest.mark.slow
def test_a_dancer_that_floats_by_itself_does_not_on_a_stage():
    """The one without a plan; the default dancer plants its feet itself."""
    engine = DancerFile.open(default_path().with_name("streaming.safetensors")).load_engine(device="cpu")
    song = synthesise("house", bpm=121, num_beats=20, seed=11)
    wild = Controls(style="BR", energy=0.95)
    free = dance(engine, song.samples, song.sample_rate_hz, controls=replace(wild, grounding=False), seed=3)
    shown = dance(engine, song.samples, song.sample_rate_hz, controls=wild, seed=3)
    assert longest_s(lowest_m(free) > FLOAT_M) > 0.6  # or nothing would be shown
    assert longest_s(lowest_m(shown) > FLOAT_M) <= 0.4
    assert (lowest_m(shown) > FLOAT_M).mean() <= 0.5 * (lowest_m(free) > FLOAT_M).mean()
    assert lowest_m(shown).min() > -0.03
