"""The runner over real sockets: cadence before, during and after the dance, whatever engine and source do."""

import gc
import math
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from bridge.controls import Controls
from bridge.runner import Runner, RunnerConfig
from bridge.sources.source import SoundBlock, SoundSource
from bridge.wire.pose_frame import PoseFrame
from bridge.wire.receiver import DancePose, DanceReceiver
from bridge.wire.target import Target
from bridge.wire.targets import UdpTargets
from data.humanoid import default_skeleton
from data.motion import Pose
from data.rotations import about_axis, angle_between

pytestmark = pytest.mark.realtime

RATE_HZ = 30
PERIOD_US = 1e6 / RATE_HZ
SKELETON = default_skeleton()
ARM = SKELETON.index("LeftUpperArm")
SAMPLE_RATE_HZ = 48_000


class ClickTrack(SoundSource):
    """A source paced by the clock, in blocks of ten milliseconds; it can go away for a while, and it can end."""

    overflow_samples = 0
    gap_samples = 0
    notice = None
    sample_rate_hz = SAMPLE_RATE_HZ

    def __init__(self, end_s: float = math.inf, away_s: tuple[float, float] = (math.inf, math.inf)) -> None:
        self.end_s, self.away_s = end_s, away_s
        self.blocks = 0
        self.is_open = False

    @property
    def ended(self) -> bool:
        return not self.is_open or self.blocks * 0.01 >= self.end_s

    def start(self) -> None:
        self.is_open = True
        self.start_s = time.monotonic()

    def read(self, max_wait_s: float) -> SoundBlock | None:
        if self.ended:
            return None
        due_s = (self.blocks + 1) * 0.01
        now_s = time.monotonic() - self.start_s
        if self.away_s[0] <= now_s < self.away_s[1]:
            time.sleep(max_wait_s)
            return None
        time.sleep(max(0.0, due_s - now_s))
        self.blocks += 1
        samples = np.random.default_rng(self.blocks).standard_normal(SAMPLE_RATE_HZ // 100).astype(np.float32)
        return SoundBlock(0.1 * samples, round((self.start_s + due_s) * 1e6))

    def stop(self) -> None:
        self.is_open = False


@dataclass
class WavingState:
    frame: int = 0
    activity: str = "dancing"
    num_rejected: int = 0


class WavingEngine:
    """Waves an arm with 2 rad/s of the sound's time; can be late."""

    device_name = "nothing"

    def __init__(self, delay_s: Callable[[int], float] = lambda frame: 0.0) -> None:
        self.delay_s = delay_s
        self.levels: list[float] = []
        self.controls: list[Controls] = []

    def warm_up(self, num_steps: int = 4) -> None:
        pass

    def give_up_dancer(self, state: WavingState) -> WavingState:
        return state

    def initial_state(self, seed: int = 0) -> WavingState:
        return WavingState()

    def step(self, frame: np.ndarray, level_dbfs: float, state: Any, controls: Controls) -> tuple[Pose, Any]:
        time.sleep(self.delay_s(state.frame))
        self.levels.append(level_dbfs)
        self.controls.append(controls)
        rotations = np.tile(np.array([0, 0, 0, 1], np.float32), (19, 1))
        rotations[ARM] = about_axis(2, 2.0 * state.frame / RATE_HZ)
        state.frame += 1
        return Pose(np.array([0, 0.9, 0], np.float32), rotations), state


class Audience:
    """A receiver of our protocol on the loopback network, with a socket of its own for each test."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(20.0)
        self.receiver = DanceReceiver()
        self.frames: list[PoseFrame] = []
        self.others: list[Any] = []

    def watch(self, num_frames: int) -> list[PoseFrame]:
        """Waits for so many more frames and returns them."""
        goal = len(self.frames) + num_frames
        while len(self.frames) < goal:
            for event in self.receiver.receive(self.socket.recv(2048)):
                if isinstance(event, DancePose):
                    self.frames.append(event.frame)
                else:
                    self.others.append(event)
        return self.frames[-num_frames:]


@contextmanager
def performing(
    engine: WavingEngine | Callable[[], WavingEngine], source: ClickTrack, **config: Any
) -> Iterator[tuple[Runner, Audience]]:
    audience = Audience()
    port = audience.socket.getsockname()[1]
    runner = Runner(
        source=source,
        load_engine=engine if callable(engine) else lambda: engine,
        skeleton=SKELETON,
        targets=UdpTargets([Target("127.0.0.1", port, "dance")]),
        config=RunnerConfig(**config),
    )
    runner.start()
    try:
        yield runner, audience
    finally:
        runner.stop()
        audience.socket.close()


def arm_angles(frames: list[PoseFrame]) -> np.ndarray:
    q = np.stack([frame.rotations[ARM] for frame in frames]).astype(np.float64)
    return np.unwrap(2 * np.arctan2(q[:, 2], q[:, 3]))


def max_joint_speed(frames: list[PoseFrame]) -> float:
    """Radians a second, by the frames' own times."""
    q = np.stack([frame.rotations for frame in frames]).astype(np.float64)
    return float((angle_between(q[1:], q[:-1]).max(axis=1)).max() * RATE_HZ)


def assert_on_cadence(frames: list[PoseFrame]) -> None:
    """Sequence numbers without a gap, and times one period apart; several where the machine overslept."""
    assert np.diff([frame.sequence for frame in frames]).tolist() == [1] * (len(frames) - 1)
    periods = np.diff([frame.time_us for frame in frames]) / PERIOD_US
    whole = np.maximum(np.rint(periods), 1)
    odd = np.abs(periods - whole) > 0.07
    assert odd.sum() <= 3  # the ticks that find the phase


def test_a_standing_figure_is_sent_at_once_and_on_cadence_while_the_dancer_loads():
    loaded = threading.Event()

    def load() -> WavingEngine:
        loaded.wait(20)
        return WavingEngine()

    with performing(load, ClickTrack()) as (runner, audience):
        frames = audience.watch(40)
        assert_on_cadence(frames)
        assert frames[0].sequence == 0
        assert max_joint_speed(frames) < 0.5
        snapshot = runner.snapshot()
        assert snapshot is not None
        assert snapshot.state == "loading"
        assert snapshot.deadlines_missed == 0
        loaded.set()
        frames = audience.watch(90)
        assert_on_cadence(frames)
        assert arm_angles(frames[-10:])[-1] != pytest.approx(arm_angles(frames[-10:])[0])
        assert max_joint_speed(frames) < 12  # from hanging arms into the wave, eased


def test_every_pose_of_a_punctual_engine_is_sent_in_order():
    with performing(WavingEngine(), ClickTrack()) as (runner, audience):
        frames = audience.watch(150)
        assert_on_cadence(frames)
        steps = np.diff(arm_angles(frames[60:]))
        # The engine waves with 2 rad/s of the sound's time, whatever the sender's clock does.
        assert np.median(steps) == pytest.approx(2.0 / RATE_HZ, rel=1e-3)
        assert arm_angles(frames[60:])[-1] - arm_angles(frames[60:])[0] == pytest.approx(89 * 2.0 / RATE_HZ, rel=0.1)
    summary = runner.summary(checkpoint="waving", source="clicks")
    assert summary.frames_sent >= 150
    assert summary.latency["total_ms"].count > 100
    assert summary.latency["capture_ms"].p50 > 1e3 / RATE_HZ
    assert summary.problem is None


def test_an_engine_that_is_late_is_bridged_without_a_jump_and_counted():
    engine = WavingEngine(lambda frame: 0.4 if frame == 45 else 0.0)
    with performing(engine, ClickTrack(), max_behind_s=10.0) as (runner, audience):
        frames = audience.watch(150)
        assert_on_cadence(frames)
        assert max_joint_speed(frames[15:]) < 8
        assert runner.summary(checkpoint="", source="").deadlines_missed >= 5
        assert np.median(np.diff(arm_angles(frames[-40:]))) == pytest.approx(2.0 / RATE_HZ, rel=1e-2)


def test_an_engine_slower_than_the_music_skips_frames_and_stays_in_time():
    engine = WavingEngine(lambda frame: 0.07)
    with performing(engine, ClickTrack(), max_behind_s=0.15) as (runner, audience):
        frames = audience.watch(150)
        assert_on_cadence(frames)
        summary = runner.summary(checkpoint="", source="")
    assert summary.frames_skipped > 20
    assert summary.latency["total_ms"].p99 < 1000


class HeavyEngine(WavingEngine):
    """Needs two frames' time for each step while it dances, and none while it idles; until it has rested once."""

    def step(self, frame: np.ndarray, level_dbfs: float, state: Any, controls: Controls) -> tuple[Pose, Any]:
        has_rested = any(controls.idle for controls in self.controls)
        self.delay_s = lambda _: 0.0 if controls.idle or has_rested else 2.0 / RATE_HZ
        return super().step(frame, level_dbfs, state, controls)


def test_a_dancer_too_slow_for_this_machine_rests_and_tries_again():
    engine = HeavyEngine()
    with performing(engine, ClickTrack(), max_behind_s=0.1) as (runner, audience):
        notices: set[str] = set()
        for _ in range(12):
            assert_on_cadence(audience.watch(30))
            notices.update(runner.snapshot().notices)
        summary = runner.summary(checkpoint="", source="")
    assert any("too slow for the dancer" in notice for notice in notices)
    assert summary.num_rests == 1
    resting = [controls.idle for controls in engine.controls]
    assert 1.5 * RATE_HZ < sum(resting) < 2.5 * RATE_HZ
    assert not any(resting[-RATE_HZ:])


def test_when_the_sound_goes_away_the_dance_goes_on_in_silence_and_hears_again_when_it_is_back():
    engine = WavingEngine()
    with performing(engine, ClickTrack(away_s=(1.0, 3.0))) as (runner, audience):
        frames = audience.watch(180)
        assert_on_cadence(frames)
        summary = runner.summary(checkpoint="", source="")
    assert summary.silence_inserted_s > 1.0
    assert max_joint_speed(frames[20:]) < 8
    levels = np.array(engine.levels)
    assert (levels[:20] > -50).all()
    assert (levels < -100).sum() > 20
    assert (levels[-20:] > -50).all()
    # Frames of sound keep the pace of the clock: nothing was lost and nothing heard twice.
    assert len(levels) == pytest.approx((summary.seconds - (summary.ready_s or 0)) * RATE_HZ, abs=15)


def test_the_end_of_the_sound_ends_the_performance_after_a_tail():
    engine = WavingEngine()
    with performing(engine, ClickTrack(end_s=0.5), tail_s=1.0) as (runner, audience):
        assert runner.wait(20)
        assert runner.is_finished
        assert runner.failure is None
        frames = audience.watch(30)  # it keeps standing until it is stopped
        assert_on_cadence(frames)
    assert min(engine.levels[-5:]) < -100
    assert len(engine.levels) >= 30


def test_controls_take_effect_while_performing():
    engine = WavingEngine()
    with performing(engine, ClickTrack()) as (runner, audience):
        audience.watch(20)
        runner.desk.apply("temperature", (0.5,), time.monotonic())
        audience.watch(20)
    assert engine.controls[0].temperature == 1.0
    assert engine.controls[-1].temperature == 0.5


def test_the_stage_hears_of_beat_levels_latency_state_and_skeleton():
    with performing(WavingEngine(), ClickTrack()) as (_, audience):
        frames = audience.watch(80)
        kinds = {type(event).__name__ for event in audience.others}
        assert kinds == {"Beat", "AudioLevels", "Latency", "Status", "ClockNews"}
        states = [event.state for event in audience.others if type(event).__name__ == "Status"]
        assert states[-1] == "dancing"
        bones = audience.receiver.skeletons.popitem()[1]
        assert [bones[index].name for index in range(len(bones))] == list(SKELETON.names)
        assert frames[-1].rotations.shape == (19, 4)


def test_a_dancer_that_raises_once_is_started_anew_and_the_show_goes_on():
    errors: list[Exception] = []

    def delay_s(frame: int) -> float:
        if errors:
            raise errors.pop()
        return 0.0

    with performing(WavingEngine(delay_s), ClickTrack()) as (runner, audience):
        audience.watch(60)
        errors.append(RuntimeError("out of memory"))
        frames = audience.watch(90)
        assert_on_cadence(frames)
        assert max_joint_speed(frames) < 9
        assert runner.failure is None
        assert not runner.is_finished
        snapshot = runner.snapshot()
        assert snapshot is not None
        assert "out of memory" in snapshot.notices[0]
        problem = runner.summary(checkpoint="", source="").problem
    assert problem == "the dancer failed once and was started anew; last: RuntimeError: out of memory"


@pytest.mark.parametrize("failing", ["load", "step"])
def test_a_failure_is_kept_and_the_figure_stays_on_its_feet(failing: str):
    def load() -> WavingEngine:
        if failing == "load":
            raise ValueError("no such dancer")
        return WavingEngine(lambda frame: 0.0 if frame < 10 else math.sqrt(-1))

    with performing(load, ClickTrack()) as (runner, audience):
        assert runner.wait(20)
        assert isinstance(runner.failure, ValueError)
        assert runner.has_performed is (failing == "step")
        assert "ValueError" in (runner.summary(checkpoint="", source="").problem or "")
        frames = audience.watch(60)
        assert_on_cadence(frames)
        assert max_joint_speed(frames[1:]) < 9


def test_stopping_leaves_nothing_behind():
    interval = sys.getswitchinterval()
    source = ClickTrack()
    with performing(WavingEngine(), source) as (runner, audience):
        audience.watch(30)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("transflower")]
    assert not source.is_open
    assert sys.getswitchinterval() == interval
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    runner.stop()
    gc.collect()  # an unclosed socket would be a ResourceWarning, which is an error here


def test_a_runner_that_never_started_can_be_stopped():
    runner = Runner(source=ClickTrack(), load_engine=WavingEngine, skeleton=SKELETON, targets=UdpTargets([]))
    assert runner.snapshot() is None
    runner.stop()
