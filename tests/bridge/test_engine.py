"""The engine, without a clock: it dances to sound, idles in silence, and lets nothing out that no body does."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bridge.body.safety import Limits
from bridge.control.controls import Controls
from bridge.dancer.dancer_file import DancerFile
from bridge.engine.engine import Engine
from bridge.engine.engine_state import EngineState
from data.motion.humanoid import default_skeleton
from data.motion.idle import IdleMotion
from data.motion.motion import Pose
from data.motion.pose_codec import PoseCodec
from data.motion.rotations import angle_between, rotate
from models.step.steering import Steering
from tests.tiny_dancer import write_tiny_dancer

RATE_HZ = 30
MUSIC_DIMS = 121
LOUD, SILENT = -20.0, -120.0
CODEC = PoseCodec(default_skeleton(), RATE_HZ)
STANDING = CODEC.encode(IdleMotion(CODEC.skeleton, RATE_HZ).motion(1))[0]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A real, tiny dancer with random weights in the real engine."""
    path = write_tiny_dancer(tmp_path_factory.mktemp("dancer") / "tiny.safetensors")
    return DancerFile.open(path).load_engine(device="cpu")


class ScriptedDancer:
    """A dancer whose every vector is a function of the frames since it was started; it notes what it was given."""

    noise_dims = 3
    device_name = "paper"

    def __init__(self, script: Callable[[int], np.ndarray]) -> None:
        self.script = script
        self.starts: list[int] = []
        self.given: list[Steering] = []
        self.temperatures: list[float] = []

    def initial_state(self, seed: int = 0) -> int:
        self.starts.append(seed)
        return 0

    def steer(self, state: int, steering: Steering) -> int:
        self.given.append(steering)
        return state

    def step(self, music: np.ndarray, state: int, noise: np.ndarray, temperature: float = 1.0) -> tuple[Any, int]:
        self.temperatures.append(temperature)
        return self.script(state), state + 1


def controls_with(**changes: Any) -> Controls:
    """Controls by which whatever sounds is danced to, and a dance may stand: here nothing sounds like music."""
    return Controls(**{"music_only": False, "keep_moving": False, **changes})


def scripted(script: Callable[[int], np.ndarray]) -> tuple[Engine, ScriptedDancer]:
    dancer = ScriptedDancer(script)
    return Engine(dancer, CODEC, music_dims=MUSIC_DIMS, styles=("HO", "LO"), energy_mean_std=(0.6, 0.2)), dancer


def vector(**changes: Any) -> np.ndarray:
    """A standing human's vector, with some columns changed."""
    result = STANDING.copy()
    result[CODEC.columns["floor_velocity"]] = 0
    result[CODEC.columns["turn_rate"]] = 0
    for name, value in changes.items():
        result[CODEC.columns[name]] = value
    return result


def arms_up() -> np.ndarray:
    """The vector of a T-pose: the rotations of every joint are identities, far from the idle pose's hanging arms."""
    identity = np.tile([1, 0, 0, 0, 1, 0], CODEC.skeleton.num_joints - 1)
    return vector(joints=identity)


def music(num_frames: int, seed: int = 0) -> np.ndarray:
    return 0.5 * np.random.default_rng(seed).standard_normal((num_frames, MUSIC_DIMS)).astype(np.float32)


def play(
    engine: Engine,
    levels: list[float],
    *,
    seed: int = 0,
    controls: Controls | None = None,
    frames: np.ndarray | None = None,
    state: EngineState | None = None,
) -> tuple[list[Pose], list[str], EngineState]:
    """Steps through frames with these levels; the poses, what the engine was doing, and the last state."""
    frames = music(len(levels)) if frames is None else frames
    state = engine.initial_state(seed) if state is None else state
    poses, activities = [], []
    for frame, level in zip(frames, levels, strict=True):
        pose, state = engine.step(frame, level, state, controls or controls_with())
        poses.append(pose)
        activities.append(state.activity)
    return poses, activities, state


def rotations(poses: list[Pose]) -> np.ndarray:
    return np.stack([pose.rotations for pose in poses])


def roots(poses: list[Pose]) -> np.ndarray:
    return np.stack([pose.root_position for pose in poses])


def joint_speeds(poses: list[Pose]) -> np.ndarray:
    """Angular speed of every joint between frames, rad/s (frames - 1, joints)."""
    q = rotations(poses).astype(np.float64)
    return angle_between(q[1:], q[:-1]) * RATE_HZ


def test_warming_up_tells_how_many_steps_it_took_of_every_form():
    engine, dancer = scripted(lambda frame: STANDING)
    assert engine.warm_up(num_steps=3) == len(dancer.temperatures) == 6, "without a style, and with one"
    plain = Engine(dancer, CODEC, music_dims=MUSIC_DIMS, styles=(), energy_mean_std=(0.6, 0.2))
    assert plain.warm_up(num_steps=3) == 3


def test_before_any_sound_it_stands_and_breathes(engine: Engine):
    poses, activities, state = play(engine, [SILENT] * 150)
    assert set(activities) == {"idle"}
    assert joint_speeds(poses).max() < 0.5
    assert np.abs(np.diff(rotations(poses), axis=0)).max(axis=(1, 2)).min() > 0  # it never stands stock-still
    assert state.num_starts == 0  # the dancer sleeps
    positions, _ = CODEC.skeleton.forward_kinematics(roots(poses), rotations(poses))
    assert positions[:, CODEC.skeleton.index("Head"), 1].min() > 1.2


def test_the_same_seed_and_sound_give_the_same_dance_bit_for_bit(engine: Engine):
    levels = [SILENT] * 10 + [LOUD] * 60 + [SILENT] * 60 + [LOUD] * 60
    first, _, _ = play(engine, levels, seed=3)
    again, _, _ = play(engine, levels, seed=3)
    other, _, _ = play(engine, levels, seed=4)
    assert np.array_equal(rotations(first), rotations(again))
    assert np.array_equal(roots(first), roots(again))
    assert not np.array_equal(rotations(first), rotations(other))


def test_a_copied_state_continues_in_the_same_way(engine: Engine):
    _, _, state = play(engine, [LOUD] * 40)
    branch = state.copy()
    first, _, _ = play(engine, [LOUD] * 40, state=state)
    again, _, _ = play(engine, [LOUD] * 40, state=branch)
    assert np.array_equal(rotations(first), rotations(again))
    assert np.array_equal(roots(first), roots(again))


def test_music_matters(engine: Engine):
    one, _, _ = play(engine, [LOUD] * 60, frames=music(60, seed=1))
    two, _, _ = play(engine, [LOUD] * 60, frames=music(60, seed=2))
    assert not np.array_equal(rotations(one), rotations(two))


def test_sound_leads_to_dancing_within_a_second():
    engine, _ = scripted(lambda frame: arms_up())
    poses, _, state = play(engine, [LOUD] * RATE_HZ, controls=controls_with(foot_lock=False))
    assert state.dance == 1.0
    identity = np.array([0, 0, 0, 1], np.float32)
    assert angle_between(poses[-1].rotations[1:], identity).max() < 1e-3  # wholly the dancer's pose


def test_silence_leads_to_standing_idle_within_a_second_and_a_half():
    engine, _ = scripted(lambda frame: arms_up())
    _, _, state = play(engine, [LOUD] * 60)
    poses, activities, state = play(engine, [SILENT] * 60, state=state)
    assert activities[round(1.5 * RATE_HZ)] == "idle"
    standing, _, _ = play(engine, [SILENT] * 60)
    after = poses[round(1.5 * RATE_HZ) :]
    assert angle_between(rotations(after)[:, 1:], rotations(standing)[:1, 1:]).max() < 0.3
    assert state.dancer is None


def test_a_short_rest_does_not_interrupt_the_dance():
    engine, dancer = scripted(lambda frame: arms_up())
    _, activities, _ = play(engine, [LOUD] * 30 + [SILENT] * 15 + [LOUD] * 30)
    assert set(activities[5:]) == {"dancing"}
    assert len(dancer.starts) == 1


def test_each_start_of_the_dance_takes_another_seed_pose():
    engine, dancer = scripted(lambda frame: arms_up())
    play(engine, ([LOUD] * 30 + [SILENT] * 60) * 3, seed=5)
    assert dancer.starts == [5, 6, 7]


def test_nothing_jumps_when_the_dance_begins_and_ends():
    engine, _ = scripted(lambda frame: vector(height=0.5, joints=np.tile([0, 1, 0, -1, 0, 0], 18)))
    poses, _, _ = play(engine, [SILENT] * 20 + [LOUD] * 60 + [SILENT] * 60 + [LOUD] * 10 + [SILENT] * 40)
    # Half a turn in 0.45 s, eased, peaks at 1.5 * pi / 0.45 rad/s; feet add by what they were held and laid flat.
    assert joint_speeds(poses).max() < 14.0
    assert np.abs(np.diff(roots(poses), axis=0)).max() * RATE_HZ < 2.5  # hips follow feet that unfold


@pytest.mark.parametrize("bad_value", [math.nan, math.inf, -math.inf, 1e30, 50.0])
def test_a_dancer_that_breaks_is_held_eased_out_and_started_anew(bad_value: float):
    good = vector(floor_velocity=(0.5, 0.5), turn_rate=1.0)

    def script(frame: int) -> np.ndarray:
        return good if frame < 60 else np.full(CODEC.dims, bad_value, np.float32)

    engine, dancer = scripted(script)
    poses, activities, state = play(engine, [LOUD] * 120)
    assert np.isfinite(rotations(poses)).all()
    assert np.isfinite(roots(poses)).all()
    assert np.allclose(np.linalg.norm(rotations(poses), axis=-1), 1, atol=1e-5)
    assert joint_speeds(poses).max() < 5
    assert state.num_rejected == 4
    assert "idle" in activities[65:95]
    assert activities[-1] == "dancing"
    assert len(dancer.starts) == 2
    speeds = np.linalg.norm(np.diff(roots(poses)[:, [0, 2]], axis=0), axis=1) * RATE_HZ
    assert speeds[64:80].max() < speeds[50:60].min()  # held, with its travel fading
    assert np.diff(speeds[60:80]).max() < 0.05


def test_a_single_bad_vector_is_bridged_and_the_dance_goes_on():
    def script(frame: int) -> np.ndarray:
        return np.full(CODEC.dims, np.nan, np.float32) if frame == 60 else vector()

    engine, dancer = scripted(script)
    _, activities, state = play(engine, [LOUD] * 90)
    assert state.num_rejected == 1
    assert set(activities[5:]) == {"dancing"}
    assert len(dancer.starts) == 1


def test_a_dancer_that_raises_is_given_up_and_started_anew_where_it_stands():
    errors: list[Exception] = []

    def script(frame: int) -> np.ndarray:
        if errors:
            raise errors.pop()
        return vector(floor_velocity=(0.5, 0.5))

    engine, dancer = scripted(script)
    poses, _, state = play(engine, [LOUD] * 60)
    errors.append(RuntimeError("out of memory"))
    with pytest.raises(RuntimeError, match="out of memory"):
        engine.step(music(1)[0], LOUD, state, controls_with())
    more, activities, _ = play(engine, [LOUD] * 90, state=engine.give_up_dancer(state))
    assert "idle" in activities[:30]
    assert activities[-1] == "dancing"
    assert len(dancer.starts) == 2
    poses += more
    assert joint_speeds(poses).max() < 5
    assert np.linalg.norm(np.diff(roots(poses), axis=0), axis=1).max() * RATE_HZ < 1.0


def test_a_dancer_that_cannot_even_start_leaves_a_standing_human():
    engine, dancer = scripted(lambda frame: vector())
    dancer.initial_state = lambda seed=0: 1 / 0  # type: ignore[method-assign,return-value]
    state = engine.initial_state()
    poses = []
    for frame in music(30):
        try:
            pose, state = engine.step(frame, LOUD, state, controls_with())
        except ZeroDivisionError:
            pose, state = engine.step(frame, LOUD, engine.give_up_dancer(state), controls_with())
        poses.append(pose)
    assert joint_speeds(poses).max() < 0.5


def test_a_dancer_that_never_gives_a_good_vector_leaves_a_standing_human():
    engine, _ = scripted(lambda frame: np.full(CODEC.dims, np.nan, np.float32))
    poses, _, state = play(engine, [LOUD] * 200)
    assert joint_speeds(poses).max() < 0.5
    assert 2 <= state.num_starts <= 4  # it is tried again, but less and less often


def test_music_that_is_not_a_number_breaks_nothing(engine: Engine):
    frames = music(90)
    frames[40:45] = np.nan
    poses, _, state = play(engine, [LOUD] * 90, frames=frames)
    assert np.isfinite(rotations(poses)).all()
    assert state.num_rejected == 0


def test_a_leash_calls_the_dancer_back_without_a_tug():
    engine, _ = scripted(lambda frame: vector(floor_velocity=(0.0, 0.4)))
    poses, _, _ = play(engine, [LOUD] * 900)
    path = roots(poses)[:, [0, 2]]
    distance = np.linalg.norm(path, axis=1)
    assert 1.0 < distance.max() <= 1.5 + 1e-6
    velocity = np.diff(path, axis=0) * RATE_HZ
    assert np.abs(np.diff(velocity, axis=0))[20:].max() < 0.05


@pytest.mark.parametrize("turn_rate", [0.0, 0.3])
def test_a_dancer_who_walks_away_for_two_minutes_stays_on_the_stage_and_upright(turn_rate: float):
    engine, _ = scripted(lambda frame: vector(floor_velocity=(0.0, 1.0), turn_rate=turn_rate))
    poses, _, _ = play(engine, [LOUD] * 120 * RATE_HZ, controls=controls_with(facing=0.0))
    assert np.linalg.norm(roots(poses)[:, [0, 2]], axis=1).max() <= 1.5 + 1e-6
    assert np.ptp(roots(poses)[:, 1]) < 0.1
    hips_up = rotate(rotations(poses)[:, 0], np.array([0.0, 1.0, 0.0]))
    assert hips_up[:, 1].min() > math.cos(0.2)
    assert joint_speeds(poses)[RATE_HZ:, 0].max() < turn_rate + 0.1


def test_within_the_leash_the_dancer_goes_where_it_likes():
    engine, _ = scripted(lambda frame: vector(floor_velocity=(0.0, 0.5)) if frame < 75 else vector())
    poses, _, _ = play(engine, [LOUD] * 90, controls=controls_with(leash_m=3.0))
    assert roots(poses)[-1, 2] == pytest.approx(0.5 * 75 / RATE_HZ, abs=0.25)


@pytest.mark.parametrize(("height", "low", "high"), [(0.0, 0.2, 0.4), (2.4, 1.3, 1.4 + 1e-3)])
def test_hips_stay_between_the_floor_and_the_sky(height: float, low: float, high: float):
    engine, _ = scripted(lambda frame: vector(height=height, joints=np.tile([1, 0, 0, 0, 1, 0], 18)))
    poses, _, state = play(engine, [LOUD] * 90, controls=controls_with(grounding=False))
    assert low < roots(poses)[-1, 1] - state.ground.lift_m < high


@pytest.mark.parametrize("changes", [{}, {"mirror": True}, {"foot_lock": False}])
def test_a_dancer_who_hangs_in_the_air_comes_down_unless_grounding_is_off(changes: dict[str, bool]):
    engine, _ = scripted(lambda frame: vector(height=1.2, joints=np.tile([1, 0, 0, 0, 1, 0], 18)))
    for is_on, height in ((True, CODEC.skeleton.rest_height), (False, 1.2)):
        poses, _, _ = play(engine, [LOUD] * 90, controls=controls_with(grounding=is_on, **changes))
        assert roots(poses)[-1, 1] == pytest.approx(height, abs=0.03)


def test_feet_are_not_left_under_the_floor():
    straight = np.tile([1, 0, 0, 0, 1, 0], 18)  # legs, and hips 20 cm too low
    engine, _ = scripted(lambda frame: vector(height=CODEC.skeleton.rest_height - 0.2, joints=straight))
    poses, _, _ = play(engine, [LOUD] * 90)
    positions, _ = CODEC.skeleton.forward_kinematics(roots(poses), rotations(poses))
    assert positions[-1, :, 1].min() > -0.005


def test_no_joint_turns_faster_than_a_body_can():
    poses_of = [arms_up(), vector(joints=np.tile([-1, 0, 0, 0, -1, 0], 18))]
    engine, _ = scripted(lambda frame: poses_of[frame % 2])
    poses, _, _ = play(engine, [LOUD] * 60)
    assert joint_speeds(poses).max() <= Limits().max_joint_speed_rad_s * 1.001


def test_quaternions_keep_their_signs():
    engine, _ = scripted(lambda frame: vector(turn_rate=6.0))
    poses, _, _ = play(engine, [LOUD] * 120)
    q = rotations(poses)
    assert (np.sum(q[1:] * q[:-1], axis=-1) > 0).all()


def test_steering_is_given_once_and_eased():
    engine, dancer = scripted(lambda frame: vector())
    _, _, state = play(engine, [LOUD] * 60, controls=controls_with(energy=None, groove=0.2))
    assert dancer.given == [Steering(groove=0.2)]
    play(engine, [LOUD] * 60, state=state, controls=controls_with(style="LO", energy=1.0, temperature=0.5, groove=0.0))
    assert dancer.given[1].style == 1
    assert dancer.given[1].groove > 0.1, "eased, as the temperature is"
    assert dancer.given[-1] == Steering(style=1, energy_m_s=pytest.approx(0.9), style_guidance=4.0)
    assert dancer.temperatures[60] < 1.0
    assert np.diff(dancer.temperatures[59:]).min() > -0.1
    assert dancer.temperatures[-1] == pytest.approx(0.5, abs=0.01)


def test_energy_given_while_dancing_is_eased_to_its_new_value():
    engine, dancer = scripted(lambda frame: vector())
    _, _, state = play(engine, [LOUD] * 60, controls=controls_with(energy=0.0))
    play(engine, [LOUD] * 90, state=state, controls=controls_with(energy=1.0))
    energies = [steering.energy_m_s for steering in dancer.given]
    assert energies[0] == pytest.approx(0.3)
    assert energies[-1] == pytest.approx(0.9)
    assert np.diff(energies).max() < 0.06


def test_an_order_to_idle_is_obeyed_whatever_sounds():
    engine, _ = scripted(lambda frame: arms_up())
    _, _, state = play(engine, [LOUD] * 60)
    _, activities, _ = play(engine, [LOUD] * 60, state=state, controls=controls_with(idle=True))
    assert activities[-1] == "idle"


@pytest.mark.parametrize("wrong", [{"temperature": -1.0}, {"temperature": 9.0}, {"energy": 2.0}, {"energy": -0.1}])
def test_controls_out_of_range_are_refused(wrong: dict[str, float]):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        controls_with(**wrong)


def test_a_dancer_that_looks_ahead_hears_the_music_before_it_dances(tmp_path: Path):
    dancer = DancerFile.open(write_tiny_dancer(tmp_path / "tiny.safetensors"))
    engine = dancer.load_engine(device="cpu", look_ahead_frames=4)
    state = engine.initial_state(0)
    _, state = engine.step(music(1)[0], SILENT, state, controls_with())
    assert state.dancer is not None
    with pytest.raises(ValueError, match="looks ahead by at most 6 frames, not 7"):
        dancer.load_engine(device="cpu", look_ahead_frames=7)
