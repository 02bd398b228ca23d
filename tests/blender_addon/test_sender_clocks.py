"""What is recorded of senders whose clock tells nothing, or who have none: all that was shown, as long as it took."""

from collections.abc import Callable

import numpy as np
import pytest

from blender_addon.core.osc import read_messages
from blender_addon.core.session import Session
from bridge.wire.osc_message import parse_datagram
from bridge.wire.osc_template import message_head
from bridge.wire.pose_frame import PoseFrame
from bridge.wire.vmc import VmcEncoder
from data.motion.humanoid import default_skeleton

SKELETON = default_skeleton()
FRAMES, RATE_HZ = 90, 30.0


def seconds(value: float) -> bytes:
    return message_head("/VMC/Ext/T", "f") + np.array(value, ">f4").tobytes()


@pytest.mark.parametrize(
    "clock",
    [
        lambda s: s,
        lambda s: 80_000.0 + s,  # since midnight: steps of 8 ms
        lambda s: 0.0,
        lambda s: 1000.0 * s,
        lambda s: RATE_HZ * s,
        lambda s: 0.5 * s,
        lambda s: -s,
        lambda s: 1.7e9 + s,  # since 1970: steps of 128 s
        lambda s: float("nan"),
        None,
    ],
    ids=["good", "since midnight", "stands", "ms", "frames", "slow", "backwards", "since 1970", "nan", "none"],
)
def test_a_take_is_as_long_as_what_was_shown_whatever_the_senders_clock_says(
    clock: Callable[[float], float] | None,
) -> None:
    session, encoder = Session(), VmcEncoder(SKELETON)
    session.start_recording()
    for index in range(FRAMES):
        rotations = np.tile(np.array([0, 0, 0, 1], np.float32), (SKELETON.num_joints, 1))
        pose = PoseFrame(index, index * 1000, np.array([0, 1, 0.01 * index], np.float32), rotations)
        messages = [message.raw for datagram in encoder.encode(pose) for message in parse_datagram(datagram)]
        without_time = [raw for raw in messages if not raw.startswith(b"/VMC/Ext/T\0")]
        at_s = index / RATE_HZ
        for raw in [*([] if clock is None else [seconds(clock(at_s))]), *without_time]:
            (message,) = read_messages(raw)
            try:
                frame = session.vmc.read(message, 100.0 + at_s)
            except ValueError:
                continue
            if frame is not None:
                session._keep(frame)
    session.stop_recording()
    (take,) = session.takes
    assert FRAMES - 1 <= len(take) <= FRAMES  # the first is known to be whole when the second begins
    assert take.rate_hz == RATE_HZ
    assert take.duration_s == pytest.approx(len(take) / RATE_HZ, abs=1.5 / RATE_HZ)
    assert take.roots[-1][2] == pytest.approx(0.01 * (FRAMES - 1))


def test_a_sender_that_is_started_anew_begins_a_take() -> None:
    session, encoder = Session(), VmcEncoder(SKELETON)
    session.start_recording()
    still = np.tile(np.array([0, 0, 0, 1], np.float32), (SKELETON.num_joints, 1))
    for index in range(60):
        pose = PoseFrame(index, (index % 30) * 33_333, np.array([0, 1, 0], np.float32), still)
        for datagram in encoder.encode(pose):
            for message in read_messages(datagram):
                frame = session.vmc.read(message, 100.0 + index / RATE_HZ)
                if frame is not None:
                    session._keep(frame)
    session.stop_recording()
    assert [len(take) for take in session.takes] == [30, 30]
