"""The sender: one pose a tick of its own clock, to every target, whatever happens elsewhere."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bridge.body.concealment import Concealer
from bridge.engine.why import Why
from bridge.live.ready_pose import ReadyPose
from bridge.live.telemetry import Telemetry
from bridge.timing.metrics import STAGES, Histogram, LatencyMeter
from bridge.timing.pacing import PlayoutClock, sleep_until
from bridge.wire.dance_protocol import (
    ClockUpdate,
    Latency,
    Status,
    WhyUpdate,
    encode_audio,
    encode_beat,
    encode_clock,
    encode_latency,
    encode_status,
    encode_why,
)
from bridge.wire.outputs import Outputs, Relay
from bridge.wire.pose_frame import PoseFrame
from bridge.wire.targets import UdpTargets
from data.motion.idle import IdleMotion
from data.motion.motion import Pose
from data.motion.skeleton import Skeleton

MESSAGE_PERIOD_S: Final = 1.0
"""Time between two skeletons, two status and two latency messages."""
GRACE: Final = 0.2
"""Part of a period for which the sender waits for a pose that is late, before it sends one of its own making."""
POLL_S: Final = 0.0005


class StatusUpdates:
    """Sends beat, levels, latency and state to targets of our own protocol, as each changes. One thread's own."""

    def __init__(self, outputs: Outputs) -> None:
        self._outputs = outputs
        self._next_messages_s = -math.inf
        self._sent_state = ""
        self._sent_clock = ""
        self._sent_reason = ""

    def send(
        self, tick_s: float, new: ReadyPose | None, latency: LatencyMeter, status: Status, why: Why | None
    ) -> None:
        """Sends beat and levels of a new pose; once a second, and when it changes, what changes seldom."""
        if not self._outputs.sends_status:
            return
        datagrams = [] if new is None else [encode_beat(new.sound.beat), encode_audio(new.sound.levels)]
        is_time = tick_s >= self._next_messages_s
        if is_time or status.state != self._sent_state:
            datagrams.append(encode_status(status))
            self._sent_state = status.state
        why_update = WhyUpdate(reason="", text="") if why is None else WhyUpdate(reason=why.reason, text=why.text)
        if is_time or why_update.reason != self._sent_reason:
            datagrams.append(encode_why(why_update))
            self._sent_reason = why_update.reason
        if new is not None and (is_time or new.sound.source != self._sent_clock):
            beat = new.sound.beat
            datagrams.append(
                encode_clock(ClockUpdate(source=new.sound.source, bpm=beat.bpm, confidence=beat.confidence))
            )
            self._sent_clock = new.sound.source
        if is_time:
            self._outputs.send_skeleton()
            if (recent := latency.recent) is not None:
                datagrams.append(encode_latency(Latency(**{stage: getattr(recent, stage) for stage in STAGES})))
            self._next_messages_s = tick_s + MESSAGE_PERIOD_S
        self._outputs.send_status(datagrams)


class Sender:
    """The sender thread's work: at each tick the pose that is due, or one that bridges its absence.

    Everything belongs to the sender thread, except that any thread may read the attributes.

    Attributes:
        frames_sent: Poses sent, one a tick.
        frames_danced: Those of them that came from the engine while it was dancing.
        deadlines_missed: Ticks that had no new pose, not even within their grace, although the engine should have had
            one; and ticks slept through.
        first_pose_s: When the first pose was sent; NaN before.
        first_danced_s: When the first danced pose was sent; NaN before.
        latest: The newest pose of the engine that was sent.
        shown: The newest pose that was sent.
        state: `loading`, `idle`, `dancing`, `frozen` or, when poses stay away, `waiting`.
        tick_late_ms: How late the thread woke.
    """

    def __init__(
        self,
        skeleton: Skeleton,
        targets: UdpTargets,
        ready: deque[ReadyPose],
        latency: LatencyMeter,
        *,
        rate_hz: int,
        seed: int,
        is_pose_expected: Callable[[], bool],
        relay: Relay | None = None,
        inbound_port: int | None = None,
        why: Callable[[], Why | None] = lambda: None,
        on_sent: Callable[[PoseFrame, ReadyPose | None, str], None] | None = None,
        telemetry: Telemetry | None = None,
    ) -> None:
        """Prepares.

        Args:
            skeleton: Whose poses are sent.
            targets: Where to; they stay the caller's.
            ready: Where the engine's poses come from.
            latency: Counts where time went.
            rate_hz: Ticks a second.
            seed: How the figure idles.
            is_pose_expected: Whether a tick without a new pose is a missed deadline.
            relay: What others want passed on to VMC targets.
            inbound_port: Where the bridge listens, for avatars that ask.
            why: Says why the figure does not dance now.
            on_sent: Called with each pose at the dancer's rate, the engine's that it came from if any, and the
                state.
            telemetry: What is sent to targets that want to know more than the dance.

        Raises:
            ValueError: A target asks for what cannot be had.
        """
        self.frames_sent = 0
        self.frames_danced = 0
        self.deadlines_missed = 0
        self.first_pose_s = math.nan
        self.first_danced_s = math.nan
        self.latest: ReadyPose | None = None
        self.shown: Pose | None = None
        self.state = "loading"
        self.tick_late_ms = Histogram()
        self._grace_s = GRACE / rate_hz
        self._ready = ready
        self._latency = latency
        self._is_pose_expected = is_pose_expected
        self._clock = PlayoutClock(rate_hz=rate_hz)
        start_s = time.monotonic()
        self._clock_state = self._clock.initial_state(start_s)
        self._concealer = Concealer(IdleMotion(skeleton, rate_hz))
        self._concealed = self._concealer.initial_state(seed)
        self._outputs = Outputs(
            skeleton, targets, rate_hz=rate_hz, start_s=start_s, relay=relay, inbound_port=inbound_port
        )
        self._status_updates = StatusUpdates(self._outputs)
        self._why = why
        self._on_sent = on_sent
        self._telemetry = telemetry if self._outputs.sends_telemetry else None
        self._pending: deque[ReadyPose] = deque()

    def run(self, stop: threading.Event) -> None:
        """Sends until `stop` is set."""
        while not stop.is_set():
            tick_s = self._clock_state.next_tick_s
            while (between_s := self._outputs.next_between_s) < tick_s:
                sleep_until(between_s)
                self._outputs.send_between(time.monotonic())
            sleep_until(tick_s)
            self.tick_late_ms.add(1e3 * (time.monotonic() - tick_s))
            self._send(tick_s, self._wait_for_due(tick_s))
            skipped = self._clock_state.num_ticks_skipped
            self._clock_state = self._clock.advance(time.monotonic(), self._clock_state)
            if self._is_pose_expected():
                self.deadlines_missed += self._clock_state.num_ticks_skipped - skipped

    def _wait_for_due(self, tick_s: float) -> ReadyPose | None:
        """The due pose; one that is a little late is waited for, since a late datagram looks better than a guess."""
        due = self._take_due(tick_s)
        while due is None and self._is_pose_expected() and time.monotonic() < tick_s + self._grace_s:
            time.sleep(POLL_S)
            due = self._take_due(tick_s)
        return due

    def _take_due(self, tick_s: float) -> ReadyPose | None:
        """The newest pose that is due at this tick, if there is a new one; those before it are dropped."""
        while self._ready:
            ready = self._ready.popleft()
            self._clock_state = self._clock.observe(ready.index, ready.steady_s, self._clock_state)
            self._pending.append(ready)
        due: ReadyPose | None = None
        while self._pending and self._clock.is_due(self._pending[0].index, tick_s, self._clock_state):
            due = self._pending.popleft()
        return due

    def _send(self, tick_s: float, due: ReadyPose | None) -> None:
        """Shows the due pose, or bridges its absence; then keeps count and tells the rest."""
        last_index = -1 if self.latest is None else self.latest.index
        pose, self._concealed = self._concealer.step(
            None if due is None else due.pose,
            self._concealed,
            steps=1 if due is None else due.index - last_index,
        )
        self._outputs.send_pose(pose, tick_s)
        sent_s = time.monotonic()
        sequence = self.frames_sent
        if self.frames_sent == 0:
            self.first_pose_s = sent_s
        self.frames_sent += 1
        self.shown = pose
        if due is not None:
            self._latency.add(replace(due.times, send_ms=1e3 * (sent_s - due.ready_s)))
            self.latest = due
            self.state = due.activity
            if due.activity == "dancing":
                self.first_danced_s = sent_s if self.frames_danced == 0 else self.first_danced_s
                self.frames_danced += 1
        elif self._is_pose_expected():
            self.deadlines_missed += 1
            if self._concealer.is_holding(self._concealed):
                self.state = "waiting"
        status = Status(state=self.state, dropped=self.deadlines_missed)
        self._status_updates.send(tick_s, due, self._latency, status, self._why())
        if self._telemetry is not None:
            self._outputs.send_telemetry(
                self._telemetry.updates(tick_s, due, num_sent=self.frames_sent, num_missed=self.deadlines_missed)
            )
        if self._on_sent is not None:
            frame = PoseFrame(sequence, round(tick_s * 1e6), pose.root_position, pose.rotations)
            self._on_sent(frame, due, self.state)
