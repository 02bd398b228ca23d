"""The runner over real sockets: cadence before, during and after the dance, whatever engine and source do.

Its threads follow simulated time where something is said of cadence, and the wall clock where the threads are meant.
"""

import gc
import math
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np
import pytest

from bridge.control.controls import Controls
from bridge.engine.why import Reason
from bridge.live.runner import Runner, RunnerConfig
from bridge.wire.pose_frame import PoseFrame
from bridge.wire.receiver import DancePose, DanceReceiver
from bridge.wire.target import Target
from bridge.wire.targets import UdpTargets
from data.motion.humanoid import default_skeleton
from data.motion.motion import Pose
from data.motion.rotations import angle_between
from tests.bridge.thread_time import PRODUCT_MODULES, ThreadTime
from tests.bridge.waving import ARM, RATE_HZ, ClickTrack, WavingEngine
from tests.waiting import GENEROUS_S

pytestmark = pytest.mark.usefixtures("warm_children")

PERIOD_US = 1e6 / RATE_HZ
SKELETON = default_skeleton()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> ThreadTime:
    """Time that passes when the test watches, for the runner, its engine and its source."""
    clock = ThreadTime()
    for module in (*PRODUCT_MODULES, "tests.bridge.waving"):
        monkeypatch.setattr(f"{module}.time", clock)
    return clock


class Audience:
    """A receiver of our protocol on the loopback network, with a socket of its own for each test."""

    def __init__(self, clock: ThreadTime | None) -> None:
        self.clock = clock
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(GENEROUS_S)
        self.targets = UdpTargets([Target("127.0.0.1", self.socket.getsockname()[1], "dance")])
        self.receiver = DanceReceiver()
        self.num_datagrams = 0
        self.frames: list[PoseFrame] = []
        self.came_us: list[float] = []
        self.others: list[Any] = []

    def watch(self, num_frames: int) -> list[PoseFrame]:
        """Waits for so many more frames and returns them; simulated time passes meanwhile."""
        goal = len(self.frames) + num_frames
        while len(self.frames) < goal:
            if self.clock is not None and self.num_datagrams == self.targets.num_sent:
                self.clock.step()
                continue
            self.num_datagrams += 1
            for event in self.receiver.receive(self.socket.recv(2048)):
                if isinstance(event, DancePose):
                    self.frames.append(event.frame)
                    self.came_us.append(1e6 * time.monotonic())
                else:
                    self.others.append(event)
        return self.frames[-num_frames:]


@contextmanager
def performing(
    engine: WavingEngine | Callable[[], WavingEngine],
    source: ClickTrack,
    clock: ThreadTime | None = None,
    **config: Any,
) -> Iterator[tuple[Runner, Audience]]:
    audience = Audience(clock)
    runner = Runner(
        source=source,
        load_engine=engine if callable(engine) else lambda: engine,
        skeleton=SKELETON,
        targets=audience.targets,
        config=RunnerConfig(**config),
    )
    runner.start()
    try:
        yield runner, audience
    finally:
        with nullcontext() if clock is None else clock.passing():
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
    """Sequence numbers without a gap, and times one period apart, but for the ticks that find the phase."""
    assert np.diff([frame.sequence for frame in frames]).tolist() == [1] * (len(frames) - 1)
    periods = np.diff([frame.time_us for frame in frames]) / PERIOD_US
    assert (np.abs(periods - 1) > 0.07).sum() <= 3
    assert (np.abs(periods - 1) < 0.51).all()


def test_a_standing_figure_is_sent_at_once_and_on_cadence_while_the_dancer_loads(clock: ThreadTime):
    begin_us = 1e6 * clock.monotonic()

    def load() -> WavingEngine:
        clock.sleep(2.0)
        return WavingEngine()

    with performing(load, ClickTrack(), clock) as (runner, audience):
        frames = audience.watch(40)
        assert_on_cadence(frames)
        assert frames[0].sequence == 0
        assert frames[0].time_us == begin_us
        assert max_joint_speed(frames) < 0.5
        snapshot = runner.snapshot()
        assert snapshot is not None
        assert snapshot.state == "loading"
        assert snapshot.deadlines_missed == 0
        frames = audience.watch(110)
        assert_on_cadence(frames)
        assert arm_angles(frames[-10:])[-1] != pytest.approx(arm_angles(frames[-10:])[0])
        assert max_joint_speed(frames) < 12  # from hanging arms into the wave, eased


def test_every_pose_of_a_punctual_engine_is_sent_in_order(clock: ThreadTime):
    with performing(WavingEngine(), ClickTrack(), clock) as (runner, audience):
        frames = audience.watch(150)
        assert_on_cadence(frames)
        # The engine waves with 2 rad/s of the sound's time, whatever the sender's clock does.
        np.testing.assert_allclose(np.diff(arm_angles(frames[60:])), 2.0 / RATE_HZ, rtol=1e-3)
        summary = runner.summary(checkpoint="waving", source="clicks")
    assert summary.frames_sent == 150
    assert summary.deadlines_missed == summary.frames_skipped == 0
    assert summary.latency["total_ms"].count > 130
    assert summary.latency["capture_ms"].p50 > 1e3 / RATE_HZ
    assert summary.problem is None


def test_an_engine_that_is_late_is_bridged_without_a_jump_and_counted(clock: ThreadTime):
    engine = WavingEngine(lambda frame: 0.4 if frame == 45 else 0.0)
    with performing(engine, ClickTrack(), clock, max_behind_s=10.0) as (runner, audience):
        frames = audience.watch(150)
        assert_on_cadence(frames)
        assert max_joint_speed(frames[15:]) < 8
        assert runner.summary(checkpoint="", source="").deadlines_missed >= 5
        np.testing.assert_allclose(np.diff(arm_angles(frames[-40:])), 2.0 / RATE_HZ, rtol=1e-2)


def test_an_engine_slower_than_the_music_skips_frames_and_stays_in_time(clock: ThreadTime):
    engine = WavingEngine(lambda frame: 0.07)
    with performing(engine, ClickTrack(), clock, max_behind_s=0.15) as (runner, audience):
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


def test_a_dancer_too_slow_for_this_machine_rests_and_tries_again(clock: ThreadTime):
    engine = HeavyEngine()
    with performing(engine, ClickTrack(), clock, max_behind_s=0.1) as (runner, audience):
        lines: set[str] = set()
        for _ in range(12):
            assert_on_cadence(audience.watch(30))
            if (why := runner.snapshot().why) is not None and why.reason is Reason.TOO_SLOW:
                lines.add(why.text)
        summary = runner.summary(checkpoint="", source="")
    assert lines
    assert all("--backend onnx" in line for line in lines)
    assert summary.num_rests == 1
    resting = [controls.idle for controls in engine.controls]
    assert sum(resting) == pytest.approx(2.0 * RATE_HZ, abs=5)
    assert not any(resting[-RATE_HZ:])


def test_when_the_sound_goes_away_the_dance_goes_on_in_silence_and_hears_again_when_it_is_back(clock: ThreadTime):
    engine = WavingEngine()
    with performing(engine, ClickTrack(away_s=(1.0, 3.0)), clock) as (runner, audience):
        frames = audience.watch(180)
        assert_on_cadence(frames)
        summary = runner.summary(checkpoint="", source="")
        levels = np.array(engine.levels)
    assert summary.silence_inserted_s > 1.0
    assert max_joint_speed(frames[20:]) < 8
    assert (levels[:20] > -50).all()
    assert (levels < -100).sum() > 20
    assert (levels[-20:] > -50).all()
    # Frames of sound keep the pace of the clock: nothing was lost and nothing heard twice.
    num_heard = len(levels) + summary.frames_skipped
    assert num_heard == pytest.approx((summary.seconds - (summary.ready_s or 0)) * RATE_HZ, abs=1)


def test_the_end_of_the_sound_ends_the_performance_after_a_tail(clock: ThreadTime):
    engine = WavingEngine()
    with performing(engine, ClickTrack(end_s=0.5), clock, tail_s=1.0) as (runner, audience):
        clock.pass_until(lambda: runner.is_finished)
        assert runner.wait(0)
        assert runner.failure is None
        assert clock.monotonic() - 1000.0 == pytest.approx(1.5, abs=0.1)
        frames = audience.watch(100)  # it keeps standing until it is stopped
        assert_on_cadence(frames)
    assert min(engine.levels[-5:]) < -100
    assert len(engine.levels) >= 30


def test_controls_take_effect_while_performing(clock: ThreadTime):
    engine = WavingEngine()
    with performing(engine, ClickTrack(), clock) as (runner, audience):
        audience.watch(20)
        runner.control_state.apply("temperature", (0.5,), clock.monotonic())
        audience.watch(20)
    assert engine.controls[0].temperature == 1.0
    assert engine.controls[-1].temperature == 0.5


def test_the_stage_hears_of_beat_levels_latency_state_and_skeleton(clock: ThreadTime):
    with performing(WavingEngine(), ClickTrack(), clock) as (_, audience):
        frames = audience.watch(80)
        kinds = {type(event).__name__ for event in audience.others}
        assert kinds == {"Beat", "AudioLevels", "Latency", "Status", "WhyUpdate", "ClockUpdate"}
        states = [event.state for event in audience.others if type(event).__name__ == "Status"]
        assert states[-1] == "dancing"
        bones = audience.receiver.skeletons.popitem()[1]
        assert [bones[index].name for index in range(len(bones))] == list(SKELETON.names)
        assert frames[-1].rotations.shape == (19, 4)


def test_a_dancer_that_raises_once_is_started_anew_and_the_show_goes_on(clock: ThreadTime):
    errors: list[Exception] = []

    def delay_s(frame: int) -> float:
        if errors:
            raise errors.pop()
        return 0.0

    with performing(WavingEngine(delay_s), ClickTrack(), clock) as (runner, audience):
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
        audience.watch(600)  # twenty seconds of a dance that is well
        snapshot = runner.snapshot()
        assert snapshot is not None
        assert snapshot.notices == (), "a notice would be of a trouble that is past"
        problem = runner.summary(checkpoint="", source="").problem
    assert problem == "the dancer failed once and was started anew; last: RuntimeError: out of memory"


@pytest.mark.parametrize("failing", ["load", "step"])
def test_a_failure_is_kept_and_the_figure_stays_on_its_feet(failing: str, clock: ThreadTime):
    def load() -> WavingEngine:
        if failing == "load":
            raise ValueError("no such dancer")
        return WavingEngine(lambda frame: 0.0 if frame < 10 else math.sqrt(-1))

    with performing(load, ClickTrack(), clock) as (runner, audience):
        clock.pass_until(lambda: runner.is_finished)
        assert isinstance(runner.failure, ValueError)
        assert runner.has_performed is (failing == "step")
        assert "ValueError" in (runner.summary(checkpoint="", source="").problem or "")
        frames = audience.watch(60)
        assert_on_cadence(frames)
        assert max_joint_speed(frames[1:]) < 9


@pytest.mark.realtime
def test_by_the_wall_clock_no_frame_leaves_before_its_time_and_none_is_lost():
    with performing(WavingEngine(), ClickTrack()) as (runner, audience):
        audience.watch(60)
        runner.stop()
        summary = runner.summary(checkpoint="waving", source="clicks")
        audience.watch(summary.frames_sent - 60)
    times_us = np.array([frame.time_us for frame in audience.frames])
    assert [frame.sequence for frame in audience.frames] == list(range(summary.frames_sent))
    assert (np.diff(times_us) > 0).all()
    assert (np.array(audience.came_us) >= times_us - 1).all()


@pytest.mark.realtime
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
