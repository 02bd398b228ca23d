"""Replaying a take: the same poses at the same intervals, to whoever listens."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from bridge.system.interrupts import Interrupt
from bridge.takes.take import Take
from bridge.timing.pacing import sleep_until
from bridge.wire.dance_protocol import Status, encode_status
from bridge.wire.outputs import Outputs
from bridge.wire.target import Target
from bridge.wire.targets import UdpTargets

_MESSAGE_PERIOD_S: Final = 1.0
_STOP_CHECK_S: Final = 0.1


def replay(
    take: Take,
    targets: Sequence[Target],
    *,
    stop: Interrupt,
    loop: bool = False,
    on_pose: Callable[[int, UdpTargets], None] | None = None,
) -> int:
    """Sends every pose of a take, bit for bit, in the rhythm in which it was sent.

    Args:
        take: What is performed.
        targets: For whom.
        stop: Ends it early.
        loop: Whether to begin again at the end.
        on_pose: Called after each pose, with its row and the sockets.

    Returns:
        How many poses were sent.

    Raises:
        ValueError: The take holds no pose, or a target asks for what cannot be had.
    """
    times_us, rate_hz = take.sent.time_us, take.header.rate_hz
    if len(times_us) == 0:
        raise ValueError(f"{take.path}: no pose was sent in it")
    num_sent = 0
    with UdpTargets(targets) as sockets:
        start_s = time.monotonic()
        outputs = Outputs(take.header.skeleton, sockets, rate_hz=rate_hz, start_s=start_s)
        next_messages_s = start_s
        while not stop.is_set():
            for row in range(len(times_us)):
                due_s = start_s + float(times_us[row] - times_us[0]) * 1e-6
                while (between_s := outputs.next_between_s) < due_s:
                    sleep_until(between_s)
                    outputs.send_between(time.monotonic())
                while due_s - time.monotonic() > _STOP_CHECK_S and not stop.wait(_STOP_CHECK_S):
                    pass
                if stop.is_set():
                    return num_sent
                sleep_until(due_s)
                outputs.send_pose(take.sent.pose(row), due_s)
                num_sent += 1
                if due_s >= next_messages_s:
                    outputs.send_skeleton()
                    outputs.send_status([encode_status(Status(state=take.sent.states[row], dropped=0))])
                    next_messages_s = due_s + _MESSAGE_PERIOD_S
                if on_pose is not None:
                    on_pose(row, sockets)
            if not loop:
                break
            start_s += take.duration_s
    return num_sent
