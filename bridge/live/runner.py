"""The runner: threads and buffers around an engine that knows neither."""

import gc
import math
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bridge.clocks.conductor import Conductor
from bridge.control.control_state import ControlState
from bridge.control.controls import BeatControls, Controls
from bridge.engine.why import Why, why_still
from bridge.inbound.vmc_in import VmcRelay
from bridge.live.listener import Listener, RunnableEngine
from bridge.live.ready_pose import ReadyPose
from bridge.live.sender import Sender
from bridge.live.sound_update import SoundUpdate
from bridge.live.telemetry import Telemetry
from bridge.sources.source import SoundSource
from bridge.takes.recorder import TakeRecorder
from bridge.timing.metrics import LatencyMeter, PerformanceSummary, PipelineTimes, memory_mb
from bridge.wire.pose_frame import PoseFrame
from bridge.wire.targets import UdpTargets
from data.motion.motion import Pose
from data.motion.skeleton import Skeleton


@dataclass(frozen=True, kw_only=True)
class RunnerConfig:
    """Time constants of a performance.

    Attributes:
        rate_hz: Poses a second.
        seed: Chooses the dance.
        tail_s: How long the figure is shown after the end of the sound, so that it comes to rest.
        max_behind_s: An engine further behind the sound than this skips frames of dance, never of sound.
        problem_s: How long the performer is informed that the dancer was started anew.
        max_buffered: Poses kept for the sender; the oldest is dropped.
        switch_interval_s: Longest time for which one thread of Python keeps the others waiting.
    """

    rate_hz: int = 30
    seed: int = 0
    tail_s: float = 2.0
    max_behind_s: float = 0.25
    problem_s: float = 10.0
    max_buffered: int = 16
    switch_interval_s: float = 0.0005


@dataclass(frozen=True, eq=False)
class Snapshot:
    """How a performance stands, for whoever watches.

    Attributes:
        seconds: Since the start.
        state: `loading`, `idle`, `dancing`, `frozen` or `waiting`.
        pose: The newest pose sent.
        sound: The sound of the newest pose; None before any.
        times: Slow averages of where time goes; None before any pose.
        frames_sent: Poses sent.
        deadlines_missed: Ticks without a new pose.
        send_errors: Datagrams that the system refused.
        controls: What the performer asks of the dance.
        beat_controls: What the performer asks of the beat.
        is_marking: Whether a part of the take is being marked.
        absent: Targets at which nobody listens.
        notices: What a performer should know, one line each; usually none.
        why: Why the figure does not dance; None while it does.
    """

    seconds: float
    state: str
    pose: Pose
    sound: SoundUpdate | None
    times: PipelineTimes | None
    frames_sent: int
    deadlines_missed: int
    send_errors: int
    controls: Controls
    beat_controls: BeatControls
    is_marking: bool = False
    absent: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    why: Why | None = None


class Runner:
    """Performs: reads sound, steps the engine, and sends poses on a clock of its own.

    *Threading model*

    - The **engine thread** owns the source, the features, the engine and their states (`Listener`). It loads and warms
      up the engine, then starts the source, and from there on turns each block into frames and each frame into a pose
      in a small buffer. It waits for nothing but sound.
    - The **sender thread** owns the sockets, the encoders, the concealer and the playout clock (`Sender`). From the
      first moment on it sends one pose a tick: the engine's if one is due, otherwise one that bridges the gap; before
      the engine is ready that is standing idle. It waits for nothing but its deadlines.
    - The **source's own threads** (a sound card's callback) only copy samples into the source's buffer.
    - The **take's writer thread** (`TakeRecorder`) packs and writes what the two hand it; a full disk costs the take,
      never a pose.
    - **Any thread** may change the `control_state`, and read `snapshot`, `summary`, `is_finished` and `failure`.
    - `start`, `wait` and `stop` belong to the thread that made the runner. A runner performs once.

    What crosses between threads is immutable and crosses by one atomic operation of the interpreter: appending to and
    popping from a deque, or replacing a reference. There are no locks, so nobody can hold one for too long.

    Settings of the interpreter are changed from `start` to `stop`, because performing is what the process is for.
    Threads hand over after `switch_interval_s` instead of 5 ms, so that neither features nor a dashboard delay a
    deadline. And no garbage is collected until the engine is warm; then everything alive is moved out of the
    collector's sight (`gc.freeze`). A full collection over the modules of torch stops all threads for 0.15 s.
    """

    def __init__(
        self,
        *,
        source: SoundSource,
        load_engine: Callable[[], RunnableEngine],
        skeleton: Skeleton,
        targets: UdpTargets,
        control_state: ControlState | None = None,
        conductor: Conductor | None = None,
        relay: VmcRelay | None = None,
        inbound_port: int | None = None,
        recorder: TakeRecorder | None = None,
        notice: Callable[[], str | None] = lambda: None,
        config: RunnerConfig | None = None,
    ) -> None:
        """Prepares; nothing runs and nothing is sent before `start`.

        Args:
            source: Where sound comes from; the runner starts and stops it.
            load_engine: Called once, in the engine thread; may take seconds.
            skeleton: The engine's, known before it is loaded.
            targets: Where poses go; the runner closes it.
            control_state: Where the performer's requests are kept; by default one of its own, at the defaults.
            conductor: Who says where the beat is, its clocks started; by default what is heard.
            relay: What others want passed on to VMC targets.
            inbound_port: Where controls come in, for receivers that ask.
            recorder: Keeps the take; the runner closes it.
            notice: What else a performer should know now; any thread may ask.
            config: Time constants.
        """
        self.config = config or RunnerConfig()
        self.control_state = control_state or ControlState(Controls(), BeatControls(), (), None)
        self.failure: BaseException | None = None
        self._source = source
        self._load_engine = load_engine
        self._conductor = conductor or Conductor(())
        self._recorder = recorder
        self._notice = notice
        self._targets = targets
        self._latency = LatencyMeter()
        self._ready: deque[ReadyPose] = deque(maxlen=self.config.max_buffered)
        self._listener: Listener | None = None
        self._sender = Sender(
            skeleton,
            targets,
            self._ready,
            self._latency,
            rate_hz=self.config.rate_hz,
            seed=self.config.seed,
            is_pose_expected=self._is_pose_expected,
            relay=relay,
            inbound_port=inbound_port,
            why=self._why,
            on_sent=None if recorder is None else self._record_sent,
            telemetry=Telemetry(
                self.control_state,
                targets,
                self._notices,
                take=None if recorder is None or recorder.notice is not None else recorder.path.name,
            ),
        )
        self._was_marking = False
        self._stop = threading.Event()
        self._finished = threading.Event()
        self._threads: list[threading.Thread] = []
        self._switch_interval_s = sys.getswitchinterval()
        self._collects_garbage = gc.isenabled()
        self._started_s = self._stopped_s = math.nan
        self._device_name = "nothing, it was not loaded"
        self._ready_after_s: float | None = None
        self._memory_start_mb = math.nan

    def start(self) -> None:
        """Begins to perform and returns at once."""
        assert not self._threads, "a runner performs once"
        self._started_s = time.monotonic()
        sys.setswitchinterval(self.config.switch_interval_s)
        gc.disable()
        bodies = {"sender": lambda: self._sender.run(self._stop), "engine": self._run_engine}
        self._threads = [
            threading.Thread(target=self._guarded, args=(body,), name=f"transflower {name}", daemon=True)
            for name, body in bodies.items()
        ]
        for thread in self._threads:
            thread.start()

    def wait(self, timeout_s: float) -> bool:
        """Waits until the performance has come to its end, at most so long; whether it has."""
        return self._finished.wait(timeout_s)

    def stop(self) -> None:
        """Ends the performance, joins the threads and closes source and sockets. May be called twice."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        if math.isnan(self._stopped_s):
            self._stopped_s = time.monotonic()
            gc.unfreeze()
            self._collect_garbage()
            sys.setswitchinterval(self._switch_interval_s)
            self._targets.close()
            if self._recorder is not None:
                self._recorder.close()

    @property
    def is_finished(self) -> bool:
        """Whether the sound has ended and the figure come to rest, or a thread has failed (see `failure`)."""
        return self._finished.is_set()

    @property
    def has_performed(self) -> bool:
        """Whether the engine has given a pose."""
        return self._listener is not None and self._listener.is_performing

    def snapshot(self) -> Snapshot | None:
        """How the performance stands; None before the first pose."""
        sender = self._sender
        shown, latest = sender.shown, sender.latest
        if shown is None:
            return None
        return Snapshot(
            seconds=time.monotonic() - self._started_s,
            state=sender.state,
            pose=shown,
            sound=None if latest is None else latest.sound,
            times=self._latency.recent,
            frames_sent=sender.frames_sent,
            deadlines_missed=sender.deadlines_missed,
            send_errors=self._targets.num_failed,
            controls=self.control_state.controls,
            beat_controls=self.control_state.beat,
            is_marking=self.control_state.recording,
            absent=self._targets.absent,
            notices=self._notices(),
            why=self._why(),
        )

    def summary(self, *, checkpoint: str, source: str) -> PerformanceSummary:
        """The performance in numbers, so far or at its end.

        Args:
            checkpoint: The dancer's name.
            source: The sound's name.
        """
        sender, listener = self._sender, self._listener
        memory_end_mb = memory_mb()
        lost = self._source.overflow_samples + self._source.gap_samples
        return PerformanceSummary(
            seconds=(time.monotonic() if math.isnan(self._stopped_s) else self._stopped_s) - self._started_s,
            checkpoint=checkpoint,
            device=self._device_name,
            source=source,
            targets=[str(target) for target in self._targets.targets],
            frame_rate_hz=self.config.rate_hz,
            frames_sent=sender.frames_sent,
            deadlines_missed=sender.deadlines_missed,
            deadlines_missed_percent=100.0 * sender.deadlines_missed / max(1, sender.frames_sent),
            frames_danced=sender.frames_danced,
            frames_rejected=0 if listener is None else listener.frames_rejected,
            frames_skipped=0 if listener is None else listener.frames_skipped,
            num_rests=0 if listener is None else listener.num_rests,
            send_errors=self._targets.num_failed,
            dropped_audio_s=lost / max(1, self._source.sample_rate_hz),
            silence_inserted_s=0.0 if listener is None else listener.silence_s,
            first_pose_s=_number(sender.first_pose_s - self._started_s),
            ready_s=self._ready_after_s,
            dancing_after_s=_number(math.nan if listener is None else sender.first_danced_s - listener.first_sound_s),
            tick_late_ms=sender.tick_late_ms.percentiles(),
            memory_start_mb=memory_end_mb if math.isnan(self._memory_start_mb) else self._memory_start_mb,
            memory_end_mb=memory_end_mb,
            latency=self._latency.percentiles(),
            take=None if self._recorder is None or self._recorder.is_empty else str(self._recorder.path),
            take_notice=None if self._recorder is None else self._recorder.notice,
            controls_applied=self.control_state.num_applied,
            controls_refused=self.control_state.num_refused,
            problem=self._problem(),
        )

    def _problem(self) -> str | None:
        """What went wrong so far, or None."""
        listener = self._listener
        if self.failure is not None:
            return f"the performance broke off: {_named(self.failure)}"
        if listener is not None and listener.last_error is not None:
            times = "once" if listener.num_failures == 1 else f"{listener.num_failures} times"
            return f"the dancer failed {times} and was started anew; last: {_named(listener.last_error)}"
        return None

    def _notices(self) -> tuple[str, ...]:
        """What the performer should know now."""
        recorder, listener = self._recorder, self._listener
        # A dancer that dances again is no trouble any more; the summary tells of it all the same.
        is_past = listener is not None and time.monotonic() - listener.failed_s > self.config.problem_s
        conductor = self._conductor
        leading = conductor.initial_state() if listener is None else listener.conductor_state
        notices = (
            None if is_past and self.failure is None else self._problem(),
            self._source.notice,
            conductor.notice(leading),
            None if recorder is None else recorder.notice,
            self._notice(),
        )
        return tuple(notice for notice in notices if notice is not None)

    def _why(self) -> Why | None:
        """Why the figure does not dance now; any thread may ask."""
        listener = self._listener
        error = None if listener is None else listener.last_error
        return why_still(
            None if listener is None else listener.standing,
            self.control_state.controls,
            is_waiting=self._sender.state == "waiting",
            source_notice=self._source.notice,
            failure=None if self.failure is None else _named(self.failure),
            dancer_error=None if error is None else _named(error),
            device_name=self._device_name,
        )

    def _record_sent(self, frame: PoseFrame, ready: ReadyPose | None, state: str) -> None:
        """Hands a sent pose to the recorder, and what the performer marks; the sender thread calls it."""
        assert self._recorder is not None
        if self.control_state.recording != self._was_marking:
            self._was_marking = not self._was_marking
            self._recorder.mark(self._was_marking, frame.time_us)
        self._recorder.record_sent(frame, -1 if ready is None else ready.index, state)

    def _collect_garbage(self) -> None:
        if self._collects_garbage:
            gc.enable()

    def _is_pose_expected(self) -> bool:
        """Whether a tick without a new pose is a missed deadline."""
        return self.has_performed and not self._finished.is_set()

    def _guarded(self, body: Callable[[], None]) -> None:
        """Runs a thread; what it raises ends the performance and is kept in `failure`."""
        try:
            body()
        except BaseException as error:
            self.failure = error
            self._finished.set()

    def _run_engine(self) -> None:
        """The engine thread: loads, warms up, listens."""
        engine = self._load_engine()
        engine.warm_up()
        begin_s = time.monotonic()
        num_steps = engine.warm_up()
        step_s = (time.monotonic() - begin_s) / num_steps
        self._device_name = engine.device_name
        if self._stop.is_set():
            return
        gc.freeze()
        self._collect_garbage()
        with self._source as source:
            self._listener = Listener(
                source,
                engine,
                self._ready,
                self._latency,
                rate_hz=self.config.rate_hz,
                seed=self.config.seed,
                control_state=self.control_state,
                conductor=self._conductor,
                recorder=self._recorder,
                step_s=step_s,
                max_behind_s=self.config.max_behind_s,
                tail_s=self.config.tail_s,
            )
            self._ready_after_s = time.monotonic() - self._started_s
            self._memory_start_mb = memory_mb()
            self._listener.run(self._stop)
        self._finished.set()


def _named(error: BaseException) -> str:
    """An error with its type, which often says more than its text."""
    return f"{type(error).__name__}: {error}"


def _number(value: float) -> float | None:
    """None for what is not a number: JSON has no NaN."""
    return None if math.isnan(value) else value
