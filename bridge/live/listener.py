"""The listener: the engine thread's work. Sound in, features, engine, poses into the sender's buffer."""

import math
import threading
import time
from collections import deque
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bridge.clocks.conductor import Conductor
from bridge.control.control_state import ControlState
from bridge.control.controls import Controls
from bridge.engine.why import Standing
from bridge.live.ready_pose import ReadyPose
from bridge.live.sound_update import sound_update
from bridge.live.timeline import SoundTimeline
from bridge.sources.source import SoundSource
from bridge.takes.recorder import TakeRecorder
from bridge.timing.metrics import LatencyMeter, PipelineTimes
from bridge.timing.overload import OverloadGuard
from data.motion.motion import Pose
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig
from data.sound.feature_frame import FeatureFrame


class RunnableEngine(Protocol):
    """What a performance asks of an engine; `bridge.engine.engine.Engine` is one.

    Its states tell their `activity` (`idle`, `dancing` or `frozen`), `standing` (why they do not dance, if so) and
    `num_rejected`, vectors that were not believed.
    """

    @property
    def device_name(self) -> str:
        """What the dancer runs on, as people know it."""
        ...

    def warm_up(self, num_steps: int = 4) -> int:
        """Makes all later steps equally fast; how many it took, at least `num_steps`."""
        ...

    def initial_state(self, seed: int = 0) -> Any:
        """The beginning of a dance."""
        ...

    def step(
        self, music_frame: NDArray[np.float32], level_dbfs: float, state: Any, controls: Controls
    ) -> tuple[Pose, Any]:
        """One frame of features and its level before any gain to one pose and the next state."""
        ...

    def give_up_dancer(self, state: Any) -> Any:
        """The state from which steps can go on after one that raised."""
        ...


class Listener:
    """Turns a source's blocks into poses, one a frame of sound, until the source has ended or it is stopped.

    Everything belongs to the engine thread, except that any thread may read the attributes.

    Attributes:
        frames_skipped: Frames of sound that were heard but not danced, because the engine had fallen behind.
        frames_rejected: Vectors of the dancer that were not believed.
        silence_s: Silence that stood in for a source that gave nothing.
        is_performing: Whether poses are coming.
        num_failures: Times the dancer raised an error and was given up, to be started anew.
        num_rests: Times the dancer was sent to rest because this machine was too slow for it.
        is_resting: Whether it rests now.
        standing: What there is to know about why it does not dance; None before the first frame.
        conductor_state: What the conductor remembers; its `notice` says what the performer should know of the beat.
        last_error: The newest of these errors.
        failed_s: When it was raised, on the monotonic clock.
        first_sound_s: When the first frame that is not silent had been in the room; NaN before.
    """

    def __init__(
        self,
        source: SoundSource,
        engine: RunnableEngine,
        ready: deque[ReadyPose],
        latency: LatencyMeter,
        *,
        rate_hz: int,
        seed: int,
        control_state: ControlState,
        conductor: Conductor,
        recorder: TakeRecorder | None,
        step_s: float,
        max_behind_s: float,
        tail_s: float,
    ) -> None:
        """Prepares.

        Args:
            source: Started; it stays the caller's.
            engine: Loaded and warm.
            ready: Where poses go.
            latency: Read to know how far ahead the beat must be.
            rate_hz: Frames a second.
            seed: Chooses the dance.
            control_state: Holds the performer's requests of the moment.
            conductor: Says where the beat is; its clocks are started.
            recorder: Keeps what went into the engine and what came out.
            step_s: How long a danced step takes on this machine, as far as is known.
            max_behind_s: An engine further behind the sound than this skips frames of dance, never of sound.
            tail_s: How long silence follows the end of the sound, so that the figure comes to rest.
        """
        self.frames_skipped = 0
        self.frames_rejected = 0
        self.is_performing = False
        self.num_failures = 0
        self.num_rests = 0
        self.is_resting = False
        self.standing: Standing | None = None
        self.last_error: Exception | None = None
        self.failed_s = -math.inf
        self.first_sound_s = math.nan
        self._source = source
        self._engine = engine
        self._ready = ready
        self._latency = latency
        self._control_state = control_state
        self._conductor = conductor
        self._recorder = recorder
        self._rate_hz = rate_hz
        self._period_s = 1.0 / rate_hz
        self._step_s = step_s
        self._max_behind_s = max_behind_s
        self._tail_s = tail_s
        self._sample_rate_hz = source.sample_rate_hz
        self._features = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=self._sample_rate_hz, rate_hz=rate_hz))
        self._features_state = self._features.initial_state()
        self._engine_state = engine.initial_state(seed)
        self._timeline = SoundTimeline(self._sample_rate_hz)
        self._timeline_state = self._timeline.initial_state(time.monotonic())
        self.conductor_state = conductor.initial_state()
        self._beat_ahead = BeatAhead()
        self._overload = OverloadGuard(rate_hz=rate_hz)
        self._overload_state = self._overload.initial_state()
        self._index = 0
        self._last_pose: Pose | None = None

    @property
    def silence_s(self) -> float:
        """Silence that stood in for a source that gave nothing, seconds."""
        return self._timeline_state.silence_s

    def run(self, stop: threading.Event) -> None:
        """Listens until `stop` is set, or until the sound and its tail have ended."""
        ended_s: float | None = None
        while not stop.is_set():
            block = self._source.read(self._period_s)
            if block is not None:
                samples, self._timeline_state = self._timeline.step(block, math.nan, self._timeline_state)
                self._listen(samples)
                continue
            now_s = time.monotonic()
            if self._source.ended:  # reading does not wait any more
                ended_s = now_s if ended_s is None else ended_s
                if now_s - ended_s > self._tail_s:
                    return
                stop.wait(0.5 * self._period_s)
            samples, self._timeline_state = self._timeline.step(None, now_s, self._timeline_state)
            self._listen(samples)

    def _listen(self, samples: NDArray[np.float32]) -> None:
        """Hears the newest samples, which end at the timeline's `until_s`, and dances the frames they complete."""
        # A long block is taken in slices of a frame, so that each frame has a time of its own: an engine that falls
        # behind within the block is noticed in it.
        slice_samples = max(1, self._sample_rate_hz // self._rate_hz)
        num_left = len(samples)
        for start in range(0, len(samples), slice_samples):
            piece = samples[start : start + slice_samples]
            begin_s = time.monotonic()
            frames, self._features_state = self._features.step_frames(
                piece, self._features_state, self._beat_ahead.ahead_s
            )
            num_left -= len(piece)
            for frame in frames:
                captured_s = self._timeline_state.until_s - num_left / self._sample_rate_hz
                self._dance(frame, captured_s, begin_s)

    def _dance(self, frame: FeatureFrame, captured_s: float, begin_s: float) -> None:
        """Steps the engine with a frame whose last sample was in the room at `captured_s` and taken up at `begin_s`."""
        heard_s = time.monotonic()
        index, self._index = self._index, self._index + 1
        # The conductor hears every frame, danced or not: its beat must not stand still.
        conducted, self.conductor_state = self._conductor.step(
            frame, captured_s, self._beat_ahead.ahead_s, self._control_state.beat, self.conductor_state
        )
        frame = conducted.frame
        is_behind = self._last_pose is not None and begin_s - captured_s > self._max_behind_s
        self._overload_state = self._overload.step(skipped=is_behind, state=self._overload_state)
        self.num_rests, self.is_resting = self._overload_state.num_rests, self._overload_state.is_resting
        if is_behind:
            self.frames_skipped += 1
            return
        if math.isnan(self.first_sound_s) and frame.level_dbfs > self._control_state.controls.threshold_dbfs:
            self.first_sound_s = captured_s
        self._last_pose = self._step_engine(index, frame)
        ready_s = time.monotonic()
        times = PipelineTimes(
            capture_ms=1e3 * (begin_s - captured_s + self._period_s),
            features_ms=1e3 * (heard_s - begin_s),
            model_ms=1e3 * (ready_s - heard_s),
        )
        rest_s = self._overload_state.rest_left_s
        self.standing = replace(self._engine_state.standing, level_dbfs=frame.level_dbfs, rest_s=rest_s)
        activity = self._engine_state.activity
        if activity == "dancing":
            self._step_s += 0.02 * (ready_s - heard_s - self._step_s)
        # An idle pose is ready sooner than a danced one. The sender's clock is given when a danced one would have been,
        # so that it need not move, and no deadline is missed, when the dance begins.
        steady_s = max(ready_s, heard_s + self._step_s)
        sound = sound_update(frame, conducted.beat, conducted.source)
        self._ready.append(ReadyPose(index, self._last_pose, ready_s, steady_s, times, sound, activity))
        self.frames_rejected = self._engine_state.num_rejected
        self.is_performing = True
        if self._latency.recent is not None:
            self._beat_ahead.follow(1e-3 * self._latency.recent.total_ms - self._period_s)

    def _step_engine(self, index: int, frame: FeatureFrame) -> Pose:
        """One step. A dancer that raises does not end the show: the figure idles, then it is started anew."""
        controls = self._control_state.controls
        if self._overload_state.is_resting:
            controls = replace(controls, idle=True)
        failed = False
        try:
            pose, self._engine_state = self._engine.step(frame.vector, frame.level_dbfs, self._engine_state, controls)
        except Exception as error:
            failed = True
            self.num_failures += 1
            self.last_error = error
            self.failed_s = time.monotonic()
            state = self._engine.give_up_dancer(self._engine_state)
            pose, self._engine_state = self._engine.step(frame.vector, frame.level_dbfs, state, controls)
        if self._recorder is not None:
            self._recorder.record_step(index, frame.vector, frame.level_dbfs, controls, failed, pose)
        return pose


class BeatAhead:
    """How far ahead of the sound the beat is read: the measured latency, in steps of 10 ms that are seldom taken.

    Steps, because the dance depends on it: on a steady machine the same sound and seed give the same dance.
    """

    def __init__(self, *, start_s: float = 0.02, step_s: float = 0.01, max_s: float = 0.1) -> None:
        self.ahead_s = start_s
        self._step_s = step_s
        self._max_s = max_s

    def follow(self, latency_s: float) -> None:
        """Hears the (averaged) time from a frame's last sample to its datagrams."""
        latency_s = min(max(latency_s, 0.0), self._max_s)
        if math.isfinite(latency_s) and abs(latency_s - self.ahead_s) > 0.75 * self._step_s:
            self.ahead_s = round(latency_s / self._step_s) * self._step_s
