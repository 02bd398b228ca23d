"""Telemetry: which datagrams are sent when, of everything that the stage in the browser shows beside the dance."""

import statistics
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from bridge.control.control_schema import CONTROL_SPECS
from bridge.control.control_state import ControlState
from bridge.live.ready_pose import ReadyPose
from bridge.timing.metrics import memory_mb
from bridge.wire.osc_template import bundle
from bridge.wire.targets import UdpTargets
from bridge.wire.telemetry import (
    Health,
    encode_controls,
    encode_health,
    encode_level,
    encode_notices,
    encode_refused,
    encode_spectrum,
    encode_take,
    encode_targets,
)

PERIOD_S: Final = 1.0
"""Time between two healths; what changes is sent at once, and again then, since a datagram may be lost."""


class Telemetry:
    """Makes the datagrams of each tick. It belongs to the sender thread."""

    def __init__(
        self,
        control_state: ControlState,
        targets: UdpTargets,
        notices: Callable[[], tuple[str, ...]],
        *,
        take: str | None,
    ) -> None:
        """Prepares.

        Args:
            control_state: What is shown of the controls.
            targets: Whose health is sent.
            notices: What a performer should know now.
            take: Name of the take that is recorded.
        """
        self._control_state = control_state
        self._targets = targets
        self._notices = notices
        self._take = encode_take(take or "")
        self._start_s = time.monotonic()
        self._next_s = self._start_s
        self._steps_ms: deque[float] = deque(maxlen=240)
        self._counted_sent = 0
        self._counted_s = self._start_s
        self._sent_applied = -1
        self._sent_refused = 0
        self._sent_notices: tuple[str, ...] = ()

    def updates(self, tick_s: float, new: ReadyPose | None, *, num_sent: int, num_missed: int) -> list[bytes]:
        """The datagrams of a tick.

        Args:
            tick_s: The tick, on the monotonic clock.
            new: The engine's pose that was just sent, if there was one.
            num_sent: Poses sent since the start.
            num_missed: Deadlines missed since the start.
        """
        control_state = self._control_state
        datagrams: list[bytes] = []
        if new is not None:
            self._steps_ms.append(new.times.model_ms)
            sound = new.sound
            level = encode_level(sound.level_dbfs, control_state.controls.threshold_dbfs)
            datagrams.append(bundle([level, encode_spectrum(sound.spectrum)]))
        is_time = tick_s >= self._next_s
        if is_time or control_state.num_applied != self._sent_applied:
            self._sent_applied = control_state.num_applied
            datagrams += self._controls()
        if control_state.num_refused != self._sent_refused or (is_time and control_state.num_refused):
            self._sent_refused = control_state.num_refused
            datagrams.append(encode_refused(control_state.num_refused, control_state.last_refusal or ""))
        notices = self._notices()
        if is_time or notices != self._sent_notices:
            self._sent_notices = notices
            datagrams.append(encode_notices(notices))
        if is_time:
            datagrams += [self._health(tick_s, num_sent, num_missed), self._take]
            datagrams += encode_targets([str(target) for target in self._targets.targets], self._targets.absent)
            self._next_s = tick_s + PERIOD_S
        return datagrams

    def _controls(self) -> list[bytes]:
        values: dict[str, float | int | str | bool] = {}
        for spec in CONTROL_SPECS:
            value = self._control_state.value(spec.name)
            if value is not None:
                values[spec.address] = float(value) if spec.kind == "number" else value
        return encode_controls(values)

    def _health(self, tick_s: float, num_sent: int, num_missed: int) -> bytes:
        elapsed_s = max(tick_s - self._counted_s, 1e-3)
        steps_ms = list(self._steps_ms) or [0.0]
        health = Health(
            rate_hz=(num_sent - self._counted_sent) / elapsed_s if self._counted_sent else 0.0,
            step_ms=statistics.median(steps_ms),
            worst_step_ms=max(steps_ms),
            sent=num_sent,
            missed=num_missed,
            send_errors=self._targets.num_failed,
            memory_mb=memory_mb(),
            seconds=tick_s - self._start_s,
        )
        self._steps_ms.clear()
        self._counted_sent, self._counted_s = num_sent, tick_s
        return encode_health(health)
