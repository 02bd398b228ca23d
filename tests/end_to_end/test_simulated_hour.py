"""An hour on stage in simulated time: music, silence and a busy hand on the controls, and memory stays flat.

Simulated means: the real chain from samples to datagrams, one frame after the other as fast as the machine can, without
threads and without waiting. Here it is 45 s of stage time; `TRANSFLOWER_SIMULATED_S=3600` makes it an hour.
"""

import gc
import os
import sys
from dataclasses import dataclass

import numpy as np
import psutil
import pytest

from bridge.body.concealment import Concealer
from bridge.body.safety import Limits
from bridge.clocks.conductor import Conductor
from bridge.control.control_state import ControlState
from bridge.control.controls import BeatControls, Controls
from bridge.dancer.dancer_file import DancerFile
from bridge.wire.dance_protocol import DanceEncoder
from bridge.wire.pose_frame import PoseFrame
from data.formats.sound_file import read_sound
from data.motion.idle import IdleMotion
from data.motion.rotations import angle_between
from data.music import demo_song
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3000)]

SIMULATED_S = int(os.environ.get("TRANSFLOWER_SIMULATED_S", "45"))
RATE_HZ = 30
LOOK_S = 15
"""How often memory is looked at."""
LIMITS = Limits()


@dataclass(frozen=True, eq=False)
class Hour:
    """What left the bridge.

    Attributes:
        roots: Hips in metres, (frames, 3).
        turns: Largest turn of a joint since the frame before, radians, (frames - 1,).
        memory_mb: Once in so many seconds of stage time.
        num_blocks: What the interpreter has allocated for objects, at the same moments.
        danced: Whether each frame was danced.
    """

    roots: np.ndarray
    turns: np.ndarray
    memory_mb: list[float]
    num_blocks: list[int]
    danced: np.ndarray


@pytest.fixture(scope="module")
def hour() -> Hour:
    """The performance, controls changed by a seeded hand about once in two seconds, music three minutes of four."""
    samples, sample_rate_hz = read_sound(demo_song())
    engine = DancerFile.open().load_engine(device="cpu")
    engine.warm_up()  # as a performance does: what a guided style needs of memory is there from the beginning
    features = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=sample_rate_hz, rate_hz=RATE_HZ))
    conductor = Conductor(())
    leading = conductor.initial_state()
    control_state = ControlState(Controls(), BeatControls(), engine.styles, None)
    concealer = Concealer(IdleMotion(engine.skeleton, RATE_HZ))
    encoder = DanceEncoder(engine.skeleton)
    hand = np.random.default_rng(0)
    heard, danced_state, shown = features.initial_state(), engine.initial_state(0), concealer.initial_state(0)
    frame_samples = sample_rate_hz // RATE_HZ
    # Made and touched beforehand, so that what grows is not this test.
    num_frames = SIMULATED_S * RATE_HZ
    roots, turns, danced = np.ones((num_frames, 3), np.float32), np.ones(num_frames), np.ones(num_frames, bool)
    memory_mb: list[float] = []
    num_blocks: list[int] = []
    num_danced = 0
    last = shown.shown
    for index in range(num_frames):
        time_s = (index + 1) / RATE_HZ
        start = index * frame_samples % (len(samples) - frame_samples)
        piece = samples[start : start + frame_samples]
        if index % 7200 >= 5400 or 600 <= index % 1800 < 780:
            piece = np.zeros_like(piece)
        if hand.uniform() < 1 / 60:
            turn_a_knob(control_state, hand, time_s, engine.styles)
        frames, heard = features.step_frames(piece, heard)
        for frame in frames:
            conducted, leading = conductor.step(frame, time_s, 0.02, control_state.beat, leading)
            frame = conducted.frame
            pose, danced_state = engine.step(frame.vector, frame.level_dbfs, danced_state, control_state.controls)
            pose, shown = concealer.step(pose, shown)
            encoder.encode(PoseFrame(index, round(time_s * 1e6), pose.root_position, pose.rotations))
            turns[num_danced] = angle_between(pose.rotations, last.rotations).max()
            roots[num_danced] = pose.root_position
            danced[num_danced] = danced_state.activity == "dancing"
            num_danced += 1
            last = pose
        if (index + 1) % (LOOK_S * RATE_HZ) == 0:
            gc.collect()
            memory_mb.append(psutil.Process().memory_info().rss / 1e6)
            num_blocks.append(sys.getallocatedblocks())
    assert num_danced >= num_frames - 1
    return Hour(roots[:num_danced], turns[:num_danced], memory_mb, num_blocks, danced[:num_danced])


def turn_a_knob(control_state: ControlState, hand: np.random.Generator, time_s: float, styles: tuple[str, ...]) -> None:
    """One change such as a performer makes, who does not leave the figure standing for long."""
    if hand.uniform() < 0.5:
        control_state.apply("idle", (0,), time_s)
        control_state.apply("freeze", (0,), time_s)
    choices = {
        "temperature": (float(hand.uniform(0.5, 1.3)),),
        "energy": (float(hand.uniform(0.2, 1.0)),),
        "groove": (float(hand.uniform(0.0, 0.4)),),
        "style": (str(hand.choice(styles)),),
        "mirror": (int(hand.integers(0, 2)),),
        "freeze": (int(hand.uniform() < 0.3),),
        "idle": (int(hand.uniform() < 0.2),),
        "leash_m": (float(hand.choice([0.0, 1.0, 1.5])),),
        "seed": (int(hand.integers(0, 100)),),
        "nudge": (float(hand.uniform(-0.2, 0.2)),),
        "reset": (),
        "panic": (),
    }
    name = str(hand.choice(list(choices)))
    control_state.apply(name, choices[name], time_s)


def test_no_pose_steps_farther_than_a_body_can(hour: Hour):
    moves = np.linalg.norm(np.diff(hour.roots, axis=0), axis=1)
    print(f"largest turn {hour.turns.max() * RATE_HZ:.1f} rad/s, largest move {moves.max() * RATE_HZ:.2f} m/s")
    assert hour.turns.max() <= LIMITS.max_joint_speed_rad_s / RATE_HZ + 1e-3
    assert moves.max() <= LIMITS.max_root_speed_m_s / RATE_HZ + 1e-4


def test_the_dancer_stays_on_stage(hour: Hour):
    distance_m = np.linalg.norm(hour.roots[:, [0, 2]], axis=1)
    print(f"farthest from home {distance_m.max():.2f} m; danced {100 * hour.danced.mean():.0f} % of the time")
    assert np.isfinite(hour.roots).all()
    assert distance_m.max() < 3.0
    assert 0.2 < hour.danced.mean() < 0.95


def test_memory_stays_flat(hour: Hour):
    """What comes once has come after the first look; then less than an object is kept for every other frame."""
    print(f"memory, MB, every {LOOK_S} s:", [round(value, 1) for value in hour.memory_mb])
    print(f"objects, every {LOOK_S} s:", hour.num_blocks)
    later_mb, later = hour.memory_mb[1:], hour.num_blocks[1:]
    # A style that is guided comes and goes with a second pass and its memory, some 50 MB; a leak would go on growing.
    assert max(later_mb) - min(later_mb) < 80
    quarter = len(later_mb) // 4
    if quarter:
        assert np.median(later_mb[-quarter:]) - np.median(later_mb[:quarter]) < 40
    assert later[-1] - later[0] < (len(later) - 1) * LOOK_S * RATE_HZ / 2
