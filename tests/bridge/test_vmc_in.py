"""VMC from others: what reaches an avatar, what does not, and what an avatar may ask, all over real sockets."""

import math
import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message import OscMessage as ForeignMessage
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.udp_client import UDPClient

from bridge.control.control_state import ControlState
from bridge.control.controls import BeatControls, Controls
from bridge.inbound.inbox import Inbox
from bridge.inbound.vmc_in import PASSED_ON, VmcRelay
from bridge.wire.osc_message import OscMessage, parse_datagram
from bridge.wire.osc_template import MAX_DATAGRAM_BYTES
from bridge.wire.outputs import Outputs
from bridge.wire.target import Target
from bridge.wire.targets import UdpTargets
from data.motion.humanoid import default_skeleton
from data.motion.motion import Pose
from tests.bridge.random_poses import random_frame
from tests.waiting import GENEROUS_S, wait_until

SKELETON = default_skeleton()
Q = (0.0, 0.0, 0.0, 1.0)
TRANSFORM = ("serial", 0.5, 1.0, -0.25, 0.0, 0.0, 0.0, 1.0)


def message(address: str, *arguments: Any, types: str = "") -> bytes:
    builder = OscMessageBuilder(address)
    for index, argument in enumerate(arguments):
        builder.add_arg(argument, types[index] if types else None)
    return bytes(builder.build().dgram)


def pose(seed: int) -> Pose:
    frame = random_frame(SKELETON.num_joints, seed)
    return Pose(frame.root_position, frame.rotations)


class Show:
    """A face tracker on one side, an avatar on the other, the bridge between them."""

    def __init__(self) -> None:
        self.relay = VmcRelay()
        self.inbox = Inbox(0, "127.0.0.1", ControlState(Controls(), BeatControls()), self.relay)
        self.inbox.start()
        self.tracker = UDPClient(*self.inbox.address)
        self.avatar = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.avatar.bind(("127.0.0.1", 0))
        self.avatar.settimeout(GENEROUS_S)
        targets = UdpTargets([Target.parse(f"vmc:127.0.0.1:{self.avatar.getsockname()[1]}")])
        port = self.inbox.address[1]
        self.outputs = Outputs(SKELETON, targets, rate_hz=30, start_s=0.0, relay=self.relay, inbound_port=port)
        self.targets = targets
        self.num_sent = self.num_poses = 0

    def close(self) -> None:
        self.inbox.stop()
        self.targets.close()
        self.avatar.close()
        self.tracker._sock.close()

    def send(self, *datagrams: bytes) -> None:
        """Sends from the tracker and waits until the bridge has dealt with it."""
        for datagram in datagrams:
            self.tracker._sock.sendto(datagram, self.inbox.address)
        self.num_sent += len(datagrams)
        wait_until(lambda: self.inbox.num_datagrams >= self.num_sent, "the inbox")
        # The count rises before the work: a ping that is answered comes after it.
        with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as client:
            client.settimeout(GENEROUS_S)
            client.sendto(message("/dance/ping", 1), self.inbox.address)
            client.recv(100)
        self.num_sent += 1

    def next_pose(self) -> list[OscMessage]:
        """What reaches the avatar with the next pose."""
        num_before = self.targets.num_sent
        self.outputs.send_pose(pose(self.num_poses), self.num_poses / 30)
        self.num_poses += 1
        heard: list[OscMessage] = []
        for _ in range(self.targets.num_sent - num_before):
            datagram = self.avatar.recv(65_536)
            assert len(datagram) <= MAX_DATAGRAM_BYTES
            heard += parse_datagram(datagram)
        return heard

    def passed_on(self) -> list[bytes]:
        """Messages of others that reach the avatar with the next pose, byte for byte."""
        own = ("/VMC/Ext/OK", "/VMC/Ext/T", "/VMC/Ext/Root/Pos", "/VMC/Ext/Bone/Pos")
        return [heard.raw for heard in self.next_pose() if heard.address not in own]


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Iterator[Show]:
    monkeypatch.setattr("bridge.inbound.inbox._STOP_CHECK_S", 0.01)  # it ends sooner
    show = Show()
    yield show
    show.close()
    assert show.inbox.num_failed == 0, show.inbox.last_error


def blend_shapes(count: int) -> list[bytes]:
    names = [f"Shape{index}" for index in range(count)]
    shapes = [message("/VMC/Ext/Blend/Val", name, index / count) for index, name in enumerate(names)]
    return [*shapes, message("/VMC/Ext/Blend/Apply")]


@pytest.mark.realtime
def test_a_face_reaches_the_avatar_byte_for_byte_and_in_order(show: Show):
    face = blend_shapes(52)
    builder = OscBundleBuilder(IMMEDIATELY)
    for part in face:
        builder.add_content(ForeignMessage(part))
    show.send(bytes(builder.build().dgram))
    assert show.passed_on() == face
    assert show.passed_on() == []


@pytest.mark.realtime
@pytest.mark.parametrize(
    "datagram",
    [
        message("/VMC/Ext/Blend/Val", "喜び", 0.5),
        message("/VMC/Ext/Tra/Pos", *TRANSFORM),
        message("/VMC/Ext/Hmd/Pos", *TRANSFORM),
        message("/VMC/Ext/Con/Pos", *TRANSFORM),
        message("/VMC/Ext/Tra/Pos/Local", *TRANSFORM),
        message("/VMC/Ext/Cam", *TRANSFORM, 60.0),
        message("/VMC/Ext/Light", *TRANSFORM, 1.0, 1.0, 1.0, 1.0),
        message("/VMC/Thru/confetti", "now"),
        message("/VMC/Thru/confetti/size", "big", 3),
        message("/VMC/Thru/confetti/size", "big", 3.5),
    ],
)
def test_what_a_performer_passes_on(show: Show, datagram: bytes):
    show.send(datagram)
    assert show.passed_on() == [datagram]
    assert (show.inbox.num_refused, show.inbox.num_unknown) == (0, 0)


@pytest.mark.realtime
@pytest.mark.parametrize(
    ("datagram", "expected"),
    [
        (message("/VMC/Ext/Blend/Val", "Joy", 1), message("/VMC/Ext/Blend/Val", "Joy", 1.0)),
        (message("/VMC/Ext/Blend/Val", "Joy", 0.5, types="sd"), message("/VMC/Ext/Blend/Val", "Joy", 0.5)),
        (message("/VMC/Ext/Blend/Val", "Joy", 1, types="sh"), message("/VMC/Ext/Blend/Val", "Joy", 1.0)),
        (message("/VMC/Ext/Tra/Pos", "t", 0, 1, 0.5, 0, 0, 0, 1), message("/VMC/Ext/Tra/Pos", "t", 0.0, 1.0, 0.5, *Q)),
        (message("/VMC/Ext/Cam", "c", 0, 1, 0, 0, 0, 0, 1, 60), message("/VMC/Ext/Cam", "c", 0.0, 1.0, 0.0, *Q, 60.0)),
    ],
)
def test_numbers_of_another_kind_leave_as_the_protocol_has_them(show: Show, datagram: bytes, expected: bytes):
    show.send(datagram)
    assert show.passed_on() == [expected]
    assert show.inbox.num_refused == 0


@pytest.mark.realtime
@pytest.mark.parametrize(
    ("datagram", "is_known"),
    [
        (message("/VMC/Ext/Bone/Pos", *TRANSFORM), False),  # the body is ours
        (message("/VMC/Ext/Root/Pos", *TRANSFORM), False),
        (message("/VMC/Ext/OK", 0), False),
        (message("/VMC/Ext/VRM", "hostile.vrm", "Hostile"), False),  # it would make avatars load a file
        (message("/VMC/Ext/Opt", "x"), False),
        (message("/VMC/Ext/Blend/Val", "Joy"), True),
        (message("/VMC/Ext/Blend/Val", "Joy", True), True),
        (message("/VMC/Ext/Blend/Val", "Joy", 1e300, types="sd"), True),
        (message("/VMC/Ext/Blend/Val", "Joy", math.nan), True),
        (message("/VMC/Ext/Blend/Val", "Joy", math.inf), True),
        (message("/VMC/Ext/Blend/Apply", 1), True),
        (message("/VMC/Ext/Tra/Pos", *TRANSFORM[:-1]), True),
        (message("/VMC/Ext/Tra/Pos", *TRANSFORM[:-1], math.nan), True),
        (message("/VMC/Thru/confetti"), True),
        (message("/VMC/Thru/confetti", 1), True),
        (message("/VMC/Thru/confetti", "now", 0.5, types="sd"), True),
        (message("/VMC/Thru/confetti", "x" * 2000), True),
        (message("/VMC/Thru/" + "x" * 2000, "now"), True),
    ],
)
def test_what_is_not_passed_on(show: Show, datagram: bytes, is_known: bool):
    show.send(datagram)
    assert show.passed_on() == []
    assert (show.inbox.num_refused, show.inbox.num_unknown) == ((1, 0) if is_known else (0, 1))


@pytest.mark.realtime
@pytest.mark.parametrize("address", [*PASSED_ON, "/VMC/Thru/x"])
def test_a_message_of_any_length_leaves_in_whole_datagrams_or_not_at_all(show: Show, address: str):
    """The sender thread must never meet a message that fits into no datagram: that would end the show."""
    for size in (1300, 1380, 1400, 1410, 1420, 1440, 1460, 8000, 60_000):
        rest = [0.0 if tag == "f" else 0 for tag in PASSED_ON.get(address, "s")[1:]]
        show.send(message(address, "x" * size, *rest))
        assert all(len(raw) <= MAX_DATAGRAM_BYTES - 20 for raw in show.passed_on())


@pytest.mark.realtime
def test_more_than_can_be_passed_on_drops_the_oldest(show: Show):
    shapes = blend_shapes(700)
    show.send(*shapes[:350])
    show.send(*shapes[350:])
    assert show.relay.num_dropped == len(shapes) - 512
    passed: list[bytes] = []
    while part := show.passed_on():
        assert len(part) <= 128  # a pose is never held up for long
        passed += part
    assert passed == shapes[-512:]


@pytest.mark.realtime
def test_an_avatars_period_is_honoured(show: Show):
    show.send(message("/VMC/Ext/Set/Period", 3, 3, 2, 1, 1, 1))
    counts = [[m.address for m in show.next_pose()] for _ in range(12)]
    assert [addresses.count("/VMC/Ext/T") for addresses in counts] == [1, 0, 0] * 4
    assert [addresses.count("/VMC/Ext/Bone/Pos") for addresses in counts] == [SKELETON.num_joints, 0] * 6
    show.send(message("/VMC/Ext/Set/Period", 1, 1, 1, 1, 1, 1))
    assert {m.address for m in show.next_pose()} >= {"/VMC/Ext/T", "/VMC/Ext/Bone/Pos"}


@pytest.mark.realtime
def test_a_period_in_floats_is_understood(show: Show):
    """Pure Data has no other numbers."""
    show.send(message("/VMC/Ext/Set/Period", 1.0, 1.0, 2.0, 1.0, 1.0, 1.0))
    assert [period.bone for period in show.relay.periods.values()] == [2]
    assert show.inbox.num_refused == 0


@pytest.mark.realtime
@pytest.mark.parametrize(
    "numbers",
    [(0, 1, 1, 1, 1, 1), (-1, 1, 1, 1, 1, 1), (1, 1, 1001, 1, 1, 1), (1, 1, 1, 1, 1), (1.5, 1, 1, 1, 1, 1)],
)
def test_a_period_that_makes_no_sense_is_refused_and_changes_nothing(show: Show, numbers: tuple[Any, ...]):
    show.send(message("/VMC/Ext/Set/Period", *numbers))
    assert show.inbox.num_refused == 1
    assert show.relay.periods == {}


def test_the_periods_of_16_hosts_are_remembered_the_newest():
    relay = VmcRelay()
    for index in range(40):
        period = parse_datagram(message("/VMC/Ext/Set/Period", *([index + 1] * 6)))[0]
        relay.receive(period, f"10.0.0.{index}", 0.0)
    assert list(relay.periods) == [f"10.0.0.{index}" for index in range(24, 40)]
    assert relay.periods["10.0.0.39"].bone == 40


@pytest.mark.realtime
def test_an_avatar_that_asks_is_answered_once_a_second(show: Show):
    show.send(*[message("/VMC/Ext/Set/Req")] * 50)
    answers = [m for m in show.next_pose() if m.address == "/VMC/Ext/Rcv"]
    assert [m.arguments for m in answers] == [(1, show.inbox.address[1])]
    assert not any(m.address == "/VMC/Ext/Rcv" for m in show.next_pose())


def test_requests_of_many_hosts_are_kept_apart_and_bounded():
    relay = VmcRelay()
    request = parse_datagram(message("/VMC/Ext/Set/Req"))[0]
    for now_s in (0.0, 0.5):
        for index in range(3):
            relay.receive(request, f"10.0.0.{index}", now_s)
    assert list(relay.requests) == ["10.0.0.0", "10.0.0.1", "10.0.0.2"]
    relay.receive(request, "10.0.0.1", 1.0)
    assert list(relay.requests)[3:] == ["10.0.0.1"]
    for index in range(1000):
        relay.receive(request, f"10.0.1.{index}", 2.0)
    assert len(relay.requests) == 16
