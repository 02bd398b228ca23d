"""Everything of a performance that steps keeps the one contract of states: engine, body, conductor, timeline."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bridge.body.concealment import Concealer
from bridge.body.foot_lock import FootLock
from bridge.body.gate import SilenceGate
from bridge.body.ground import Ground
from bridge.body.liveliness import Liveliness
from bridge.clocks.clock import BeatTime
from bridge.clocks.conductor import Conductor
from bridge.control.controls import BeatControls
from bridge.dancer.dancer_file import DancerFile
from bridge.live.timeline import SoundTimeline
from bridge.sources.mixdown import Mixdown
from bridge.sources.source import SoundBlock
from bridge.timing.overload import OverloadGuard
from bridge.timing.pacing import PlayoutClock
from data.motion.idle import IdleMotion
from data.motion.motion import Pose
from data.sound.audio_features import AudioFeatures
from data.sound.feature_frame import COLUMNS, FeatureFrame
from data.sound.music_detector import MusicDetector
from tests.bridge.test_engine import CODEC, LOUD, RATE_HZ, SILENT, controls_with, music, scripted, vector
from tests.state_contract import verify_states
from tests.tiny_dancer import write_tiny_dancer

Case = tuple[Callable[[], Any], Callable[[Any, Any], tuple[Any, Any]], list[Any]]
SECONDS = 4
FRAMES = SECONDS * RATE_HZ


def poses() -> list[Pose]:
    """Somebody who walks on the spot, bends, and hops now and then."""
    state, found = CODEC.initial_state(), []
    for frame in range(FRAMES):
        swing = math.sin(frame / 4)
        given = vector(
            height=0.86 + 0.1 * max(0.0, math.sin(frame / 11)), turn_rate=swing, floor_velocity=[0.3 * swing, 0.2]
        )
        pose, state = CODEC.step(given, state)
        found.append(Pose(pose.root_position.copy(), pose.rotations.copy()))
    return found


def engine_case(engine: Any) -> Case:
    """Music, silence, and a performer who turns and presses everything in between."""
    changes: list[dict[str, Any]] = [
        *({}, {"style": "LO", "energy": 0.9}, {"mirror": True, "temperature": 0.4}, {"freeze": True}, {"seed": 5}),
        *({"num_resets": 1, "num_panics": 1, "leash_m": 1.0}, {"idle": True}, {"front_deg": 90.0, "groove": 0.5}),
    ]
    inputs = [
        (frame, SILENT if index % 60 > 40 else LOUD, controls_with(**changes[index // 13 % len(changes)]))
        for index, frame in enumerate(music(FRAMES))
    ]
    return lambda: engine.initial_state(3), lambda x, state: engine.step(x[0], x[1], state, x[2]), inputs


def body_cases() -> dict[str, Case]:
    walked = poses()
    foot_lock, ground = FootLock(CODEC.skeleton, RATE_HZ), Ground(CODEC.skeleton, RATE_HZ)
    gate, liveliness, idle = (
        SilenceGate(rate_hz=RATE_HZ),
        Liveliness(rate_hz=RATE_HZ),
        IdleMotion(CODEC.skeleton, RATE_HZ),
    )
    concealer = Concealer(idle)
    steps = [(pose, 1.0 if index % 50 < 40 else 0.3) for index, pose in enumerate(walked)]
    missing = [None if index % 40 > 30 else pose for index, pose in enumerate(walked)]
    levels = [LOUD if index % 70 < 30 else SILENT for index in range(2 * FRAMES)]
    places = [CODEC.skeleton.forward_kinematics(pose.root_position, pose.rotations)[0] for pose in walked]
    stopped = places[:40] + [places[40]] * (FRAMES - 40)
    vectors = [vector(height=0.8 + 0.01 * math.sin(index), turn_rate=math.cos(index / 5)) for index in range(FRAMES)]

    def lively(x: Any, state: Any) -> tuple[Any, Any]:
        state = liveliness.step(x, state, 0.2)
        return (state.rousing, state.must_restart), state

    return {
        "foot lock": (foot_lock.initial_state, lambda x, s: foot_lock.step(x[0], s, amount=x[1]), steps),
        "ground": (ground.initial_state, lambda x, s: ground.step(x[0], s, amount=x[1]), steps),
        "gate": (gate.initial_state, gate.step, levels),
        "liveliness": (liveliness.initial_state, lively, stopped),
        "idle motion": (lambda: idle.initial_state(2), lambda _, s: idle.step(s), list(range(FRAMES))),
        "concealer": (concealer.initial_state, concealer.step, missing),
        "pose decoder": (CODEC.initial_state, CODEC.step, vectors),
    }


class Metronome:
    """A clock that says the same whenever it is asked."""

    name, notice = "link", None

    def beat_at(self, time_s: float) -> BeatTime | None:
        return None if 1.0 < time_s % 3.0 < 1.5 else BeatTime(time_s * 1.9, 114.0)


def sound_cases() -> dict[str, Case]:
    rng = np.random.default_rng(1)
    conductor, timeline = Conductor([Metronome()]), SoundTimeline(1000)  # type: ignore[list-item]
    frames = []
    for index in range(FRAMES):
        beats = 0.061 * index
        row = np.zeros(AudioFeatures().dims if index == 0 else len(frames[0].vector), np.float32)
        row[COLUMNS["beat"]] = math.cos(2 * math.pi * beats), math.sin(2 * math.pi * beats), -0.1, 0.7, 0.6
        frames.append(FeatureFrame(row, -20.0, beats))
    led = [
        (frame, index / RATE_HZ, BeatControls(**change))
        for index, frame in enumerate(frames)
        for change in [[{}, {"bpm": 97.0}, {"clock": "midi"}, {"octave": 1, "nudge_beats": 0.3}][index // 20 % 4]]
    ]
    sounds = [SoundBlock(rng.standard_normal(10).astype(np.float32), 10_000 * (index + 1)) for index in range(300)]
    blocks = [(None if 40 < index % 100 < 90 else sound, 0.01 * (index + 1)) for index, sound in enumerate(sounds)]
    mixdown, detector = Mixdown(2, 1000), MusicDetector()
    stereo = [rng.standard_normal((100, 2)) * np.array([1.0, -1.0 if index > 40 else 1.0]) for index in range(80)]
    ready = [(index, index / RATE_HZ + 0.002 * (index % 5)) for index in range(150)]
    overload, playout = OverloadGuard(rate_hz=RATE_HZ), PlayoutClock(rate_hz=RATE_HZ)

    def guarded(x: bool, state: Any) -> tuple[Any, Any]:
        state = overload.step(skipped=x, state=state)
        return (state.is_resting, state.num_rests), state

    def ticked(x: tuple[int, float], state: Any) -> tuple[Any, Any]:
        state = playout.observe(x[0], x[1], state)
        state = playout.advance(x[1], state)
        return state.next_tick_s, state

    return {
        "conductor": (conductor.initial_state, lambda x, s: conductor.step(x[0], x[1], 0.02, x[2], s), led),
        "timeline": (lambda: timeline.initial_state(0.0), lambda x, s: timeline.step(x[0], x[1], s), blocks),
        "mixdown": (mixdown.initial_state, mixdown.step, stereo),
        "music detector": (detector.initial_state, lambda x, s: _with_evidence(detector, x, s), list(music(FRAMES))),
        "overload guard": (overload.initial_state, guarded, [index % 4 == 0 and index < 60 for index in range(150)]),
        "playout clock": (lambda: playout.initial_state(0.0), ticked, ready),
    }


def _with_evidence(detector: MusicDetector, frame: np.ndarray, state: Any) -> tuple[Any, Any]:
    is_music, state = detector.step(frame, state)
    return (is_music, state.logit), state


CASES = body_cases() | sound_cases()


@pytest.mark.parametrize("name", CASES)
def test_the_contract_of_states(name: str) -> None:
    verify_states(*CASES[name])


def test_the_engine_with_a_scripted_dancer_keeps_it() -> None:
    engine, _ = scripted(lambda frame: vector(height=0.85 + 0.01 * math.sin(frame / 3), turn_rate=math.sin(frame / 7)))
    verify_states(*engine_case(engine))


@pytest.mark.parametrize("backend", ["torch", "fast"])
def test_the_engine_with_a_network_keeps_it(tmp_path: Path, backend: str) -> None:
    path = write_tiny_dancer(tmp_path / "tiny.safetensors")
    verify_states(*engine_case(DancerFile.open(path, backend).load_engine(device="cpu")))  # type: ignore[arg-type]
