"""The dance is led back to its front, and still turns and spins."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bridge.body.facing import MAX_TURN_RAD_S, FacingState, led_back, turned_about
from bridge.body.foot_lock import FootLockState, FootState
from bridge.body.travel import TravelRequest, travelling
from bridge.control.controls import Controls
from bridge.dancer.dancer_file import DancerFile
from bridge.engine.engine import Engine
from bridge.engine.offline import dance
from data.formats.sound_file import read_sound
from data.motion.motion import Motion
from tests.bridge.test_engine import (
    CODEC,
    LOUD,
    RATE_HZ,
    SILENT,
    controls_with,
    joint_speeds,
    play,
    roots,
    rotations,
    scripted,
    vector,
)

PERIOD_S = 1.0 / RATE_HZ


def facing_deg(poses: list) -> np.ndarray:
    """Where hips face, degrees, unwrapped."""
    q = rotations(poses)[:, 0].astype(np.float64)
    return np.degrees(np.unwrap(2 * np.arctan2(q[:, 1], q[:, 3])))


def away_deg(poses: list, front_deg: float = 0.0) -> np.ndarray:
    return np.abs((facing_deg(poses) - front_deg + 180) % 360 - 180)


def led(turns_rad_s: np.ndarray, *, yaw_rad: float = 0.0, strength: float = 0.5, front_rad: float = 0.0, **kwargs):
    """Where a dance with these turns of its own faces in each frame, radians, and what was added, rad/s."""
    state, yaws, added = FacingState.towards(yaw_rad), [], []
    for turn in turns_rad_s:
        yaw_rad += turn * PERIOD_S
        state = led_back(
            yaw_rad, state, strength=strength, front_rad=front_rad, period_s=PERIOD_S,
            is_planted=kwargs.get("is_planted", False),
        )  # fmt: skip
        yaw_rad += state.turn_rad_s * PERIOD_S
        yaws.append(yaw_rad)
        added.append(state.turn_rad_s)
    return np.array(yaws), np.array(added)


def test_who_faces_the_front_is_left_alone():
    yaws, added = led(np.zeros(100))
    assert np.abs(yaws).max() == np.abs(added).max() == 0.0


@pytest.mark.parametrize("start_deg", [-170.0, -60.0, 45.0, 175.0])
@pytest.mark.parametrize("front_deg", [0.0, 90.0, -180.0])
def test_who_faces_away_comes_back_the_short_way_without_going_too_far(start_deg: float, front_deg: float):
    front = math.radians(front_deg)
    yaws, added = led(np.zeros(20 * RATE_HZ), yaw_rad=front + math.radians(start_deg), front_rad=front)
    away = np.degrees(yaws - front)
    assert abs(away[-1]) < 1
    assert np.abs(away).max() < abs(start_deg) + 1e-6
    assert (np.sign(start_deg) * away).min() > -15
    assert np.abs(added).max() <= 0.5 * MAX_TURN_RAD_S + 1e-9
    assert np.abs(np.diff(added)).max() < 0.2 * MAX_TURN_RAD_S, "it comes and goes gently"


def test_a_spin_is_not_fought():
    for spin_s in (0.7, 1.0, 1.5):
        turns = np.concatenate([np.zeros(30), np.full(round(spin_s * RATE_HZ), 2 * math.pi / spin_s), np.zeros(90)])
        yaws, _ = led(turns)
        shown = yaws[29 + round(spin_s * RATE_HZ)] - yaws[29]
        assert math.degrees(shown) > 320
        assert abs(math.remainder(yaws[-1], 2 * math.pi)) < math.radians(10)
    endless, added = led(np.full(10 * RATE_HZ, 2 * math.pi))
    assert endless[-1] > 0.9 * 10 * 2 * math.pi, "who spins for ten seconds spins"
    assert np.abs(added[RATE_HZ:]).mean() < 0.25 * MAX_TURN_RAD_S


def test_more_strength_leads_faster_and_planted_feet_slow_it_down():
    def left_deg(**kwargs) -> float:
        return abs(math.degrees(led(np.zeros(RATE_HZ), yaw_rad=2.0, **kwargs)[0][-1]))

    assert left_deg(strength=0.0) == pytest.approx(math.degrees(2.0))
    assert left_deg(strength=1.0) < left_deg(strength=0.5) < left_deg(strength=0.5, is_planted=True) < math.degrees(2.0)


def test_a_place_is_turned_about_another():
    assert turned_about((1.0, 0.0), (1.0, 2.0), math.pi / 2) == pytest.approx((2.0, -2.0))
    assert turned_about((0.3, 0.4), (0.3, 0.4), 1.0) == pytest.approx((0.0, 0.0))


def test_the_body_turns_around_the_foot_that_stands():
    foot = FootState(shown=((0.2, 0.0), (0.2, 0.2)), is_locked=True)
    request = TravelRequest(weight=1.0, is_mirrored=False, leash_m=5.0, facing=1.0, front_rad=0.0)
    state, decoder = FacingState.towards(1.5), CODEC.initial_state((0.1, 0.3), 1.5)
    feet = FootLockState((foot, replace(foot, is_locked=False)))
    pivot = np.array([0.2, 0.1])
    distances = []
    for _ in range(45):
        moved, state = travelling(vector(), CODEC, decoder, state, feet, request)
        _, decoder = CODEC.step(moved, decoder)
        distances.append(np.linalg.norm(decoder.root_position[[0, 2]] - pivot))
    assert decoder.yaw_rad < 0.8, "it turned"
    np.testing.assert_allclose(distances, distances[0], atol=1e-4)


@pytest.mark.parametrize("is_mirrored", [False, True])
@pytest.mark.parametrize("front_deg", [0.0, 120.0])
def test_a_dance_that_drifts_away_stays_before_its_front(is_mirrored: bool, front_deg: float):
    """Mirrored too: what is led back is what is seen."""
    drift = math.radians(25)
    controls = controls_with(mirror=is_mirrored, front_deg=front_deg)
    engine, _ = scripted(lambda frame: vector(turn_rate=drift + math.sin(frame / 10)))
    poses, _, _ = play(engine, [LOUD] * 20 * RATE_HZ, controls=controls)
    assert (away_deg(poses, front_deg) < 60).mean() > 0.9
    assert joint_speeds(poses)[RATE_HZ:].max() < drift + 1.0 + MAX_TURN_RAD_S
    engine, _ = scripted(lambda frame: vector(turn_rate=drift + math.sin(frame / 10)))
    free, _, _ = play(engine, [LOUD] * 20 * RATE_HZ, controls=replace(controls, facing=0.0))
    assert (away_deg(free, front_deg) < 60).mean() < 0.5


def test_a_dance_begins_before_its_front_and_a_reset_brings_it_back_there():
    controls = controls_with(front_deg=-90.0, facing=0.0)
    engine, _ = scripted(lambda frame: vector(turn_rate=1.0))
    poses, _, state = play(engine, [SILENT] * 30 + [LOUD] * 60, controls=controls)
    assert away_deg(poses[:30], -90.0).max() < 10
    assert away_deg(poses, -90.0)[-1] > 60
    assert joint_speeds(poses).max() < 15, "nothing jumps at the beginning"
    _, _, state = play(engine, [SILENT] * 60, controls=controls, state=state)
    poses, _, _ = play(engine, [SILENT] * 60, controls=replace(controls, num_resets=1), state=state)
    assert away_deg(poses, -90.0)[-1] < 10


def test_a_front_that_moves_is_followed_without_a_jump():
    engine, _ = scripted(lambda frame: vector(turn_rate=math.sin(frame / 8)))
    poses, _, state = play(engine, [LOUD] * 60)
    after, _, _ = play(engine, [LOUD] * 6 * RATE_HZ, controls=controls_with(front_deg=150.0), state=state)
    assert away_deg(after, 150.0)[-RATE_HZ:].mean() < 40
    turn = np.diff(facing_deg([poses[-1], *after])) * RATE_HZ
    assert np.abs(turn).max() < math.degrees(1.0 + MAX_TURN_RAD_S)
    assert np.linalg.norm(roots(after)[:, [0, 2]], axis=1).max() < 0.3


@pytest.fixture(scope="module")
def real_song(shared_data: Path) -> tuple[np.ndarray, int]:
    return read_sound(shared_data / "music" / "Kevin_MacLeod_-_Vibe_Ace.hq.ogg")


@pytest.fixture(scope="module")
def default_engine() -> Engine:
    return DancerFile.open().load_engine(device="cpu")


@pytest.mark.slow
@pytest.mark.parametrize(("style", "seconds"), [(None, 12), ("Break", 15), ("Waack", 15)])
def test_the_default_dancer_faces_the_front_of_a_real_song(
    real_song: tuple[np.ndarray, int], default_engine: Engine, style: str | None, seconds: int
):
    """Not led back, these dances face it in 14, 44 and 48 % of their frames."""
    (samples, rate_hz), engine = real_song, default_engine
    part = samples[15 * rate_hz : (15 + seconds) * rate_hz]
    motion: Motion = dance(engine, part, rate_hz, controls=Controls(style=style), seed=2)
    front = np.degrees(2 * np.arctan2(motion.rotations[60:, 0, 1], motion.rotations[60:, 0, 3]))
    away = np.abs((front + 180) % 360 - 180)
    assert (away < 60).mean() > 0.7
