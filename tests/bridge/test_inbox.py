"""The way in over real sockets, with python-osc as the foreign client."""

import math
import socket
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.udp_client import SimpleUDPClient

from bridge.control.control_state import ControlState
from bridge.control.controls import BeatControls, Controls
from bridge.inbound.inbox import Inbox
from bridge.inbound.vmc_in import VmcRelay
from tests.waiting import GENEROUS_S, wait_until


@dataclass
class Way:
    """A way in, and a foreign client at its end."""

    inbox: Inbox
    control_state: ControlState
    relay: VmcRelay
    client: SimpleUDPClient

    def control(self, name: str, *arguments: Any) -> None:
        self.client.send_message(f"/dance/control/{name}", list(arguments))

    def until(self, is_so: Callable[[], bool]) -> None:
        """Waits until the inbox has come so far."""
        wait_until(is_so, "the inbox")

    def until_heard(self, num_datagrams: int) -> None:
        """Waits until so many datagrams have been dealt with, to the end: a ping that is answered came after them."""
        self.until(
            lambda: self.control_state.num_applied + self.inbox.num_refused + self.inbox.num_malformed >= num_datagrams
        )
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(GENEROUS_S)
            client.sendto(message("/dance/ping", 1), self.inbox.address)
            client.recv(100)


@pytest.fixture
def way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Way]:
    monkeypatch.setattr("bridge.inbound.inbox._STOP_CHECK_S", 0.01)  # it ends sooner
    control_state = ControlState(Controls(), BeatControls(), ("HO", "LO"), tmp_path)
    relay = VmcRelay()
    inbox = Inbox(0, "127.0.0.1", control_state, relay)
    inbox.start()
    host, port = inbox.address
    client = SimpleUDPClient(host, port)
    yield Way(inbox, control_state, relay, client)
    inbox.stop()
    client._sock.close()
    assert inbox.num_failed == 0, inbox.last_error


def message(address: str, *arguments: Any, types: str = "") -> bytes:
    builder = OscMessageBuilder(address)
    for index, argument in enumerate(arguments):
        builder.add_arg(argument, types[index] if types else None)
    return bytes(builder.build().dgram)


def bundle(*contents: bytes, timetag: int = IMMEDIATELY) -> bytes:
    builder = OscBundleBuilder(timetag)
    for content in contents:
        builder.add_content(OscMessage(content))
    return bytes(builder.build().dgram)


@pytest.mark.realtime
def test_every_kind_of_control_arrives_from_python_osc(way: Way):
    way.control("energy", 0.25)
    way.control("temperature", 2)
    way.control("style", "LO")
    way.control("freeze", True)
    way.control("mirror", 1)
    way.control("seed", 7)
    way.control("bpm", 97.5)
    way.control("clock", "tap")
    way.control("record", 1)
    way.control("reset")
    way.until_heard(10)
    assert way.control_state.controls == Controls(
        energy=0.25, temperature=2.0, style="LO", freeze=False, mirror=True, seed=7, num_resets=1
    )
    assert way.control_state.beat == BeatControls(bpm=97.5, clock="tap")
    assert way.control_state.recording
    assert (way.control_state.num_applied, way.control_state.num_refused) == (10, 0)


@pytest.mark.realtime
def test_a_tap_carries_the_moment_at_which_it_came(way: Way):
    before_s = time.monotonic()
    way.control("tap")
    way.until_heard(1)
    way.control("tap", 1.0)
    way.until_heard(2)
    way.control("tap", 0.0)  # the finger is lifted
    way.until_heard(3)
    first_s, second_s = way.control_state.beat.taps
    assert before_s <= first_s <= second_s <= time.monotonic()


@pytest.mark.realtime
def test_presets_are_saved_and_recalled_over_the_network(way: Way, tmp_path: Path):
    way.control("energy", 0.75)
    way.control("save_preset", "drop")
    way.control("energy", 0.0)
    way.control("preset", "drop")
    way.until_heard(4)
    assert way.control_state.controls.energy == 0.75
    assert (tmp_path / "drop.yaml").is_file()


@pytest.mark.realtime
def test_messages_of_a_bundle_are_obeyed_in_their_order_and_timetags_ignored(way: Way):
    """A timetag of next year must not make anybody wait."""
    energies = [message("/dance/control/energy", value) for value in (0.125, 0.25, 0.75)]
    way.client._sock.sendto(bundle(*energies, timetag=time.time() + 3e7), way.inbox.address)
    way.until(lambda: way.control_state.num_applied == 3)
    assert way.control_state.controls.energy == 0.75
    nested = OscBundleBuilder(IMMEDIATELY)
    inner = OscBundleBuilder(IMMEDIATELY)
    inner.add_content(OscMessage(message("/dance/control/energy", 0.5)))
    nested.add_content(inner.build())
    way.client._sock.sendto(nested.build().dgram, way.inbox.address)
    way.until(lambda: way.control_state.num_applied == 4)
    assert way.control_state.controls.energy == 0.5


@pytest.mark.realtime
def test_one_refused_message_of_a_bundle_does_not_spoil_the_others(way: Way):
    parts = [("energy", 0.25), ("energy", 7.0), ("groove", 0.75)]
    datagram = bundle(*(message(f"/dance/control/{name}", value) for name, value in parts))
    way.client._sock.sendto(datagram, way.inbox.address)
    way.until(lambda: way.control_state.num_applied == 2)
    assert (way.control_state.controls.energy, way.control_state.controls.groove) == (0.25, 0.75)
    assert (way.inbox.num_refused, way.control_state.num_refused) == (1, 1)


@pytest.mark.realtime
def test_one_malformed_message_of_a_bundle_spoils_it_whole(way: Way):
    datagram = bundle(message("/dance/control/energy", 0.25), message("/dance/control/groove", 0.75))
    way.client._sock.sendto(datagram[:-8] + b";" + datagram[-7:], way.inbox.address)
    way.until_heard(1)
    assert (way.inbox.num_malformed, way.control_state.num_applied) == (1, 0)
    assert way.control_state.controls == Controls()


WRONG = [
    ("energy", (1.5,), ""),
    ("energy", (math.nan,), ""),
    ("energy", ("0.5",), ""),
    ("energy", (), ""),
    ("energy", (0.5, 0.5), ""),
    ("energy", (True,), ""),
    ("energy", (b"1234",), ""),
    ("temperature", (math.inf,), "d"),
    ("seed", (-1,), ""),
    ("seed", (2**40,), "h"),
    ("freeze", (0.5,), ""),
    ("style", ("polka",), ""),
    ("clock", (120.0,), ""),
    ("panic", ("now",), ""),
    ("bpm", (12.0,), ""),
    ("preset", ("../../etc/passwd",), ""),
    ("volume", (1.0,), ""),
    ("", (1.0,), ""),
]


@pytest.mark.realtime
@pytest.mark.parametrize(("name", "arguments", "types"), WRONG)
def test_what_a_control_does_not_take_is_counted_and_changes_nothing(
    way: Way, name: str, arguments: tuple[Any, ...], types: str
):
    before = way.control_state.controls, way.control_state.beat, way.control_state.recording
    way.client._sock.sendto(message(f"/dance/control/{name}", *arguments, types=types), way.inbox.address)
    way.until_heard(1)
    assert (way.control_state.controls, way.control_state.beat, way.control_state.recording) == before
    assert (way.inbox.num_refused, way.control_state.num_refused, way.control_state.num_applied) == (1, 1, 0)
    assert way.inbox.last_error is not None
    assert way.inbox.last_error.isprintable()


@pytest.mark.realtime
def test_what_the_bridge_does_not_know_is_counted_and_passed_over(way: Way):
    for address in ("/1/fader1", "/dance", "/dance/control", "/dance/pose", "/VMC/Ext/Bone/Pos", "/avatar/change"):
        way.client.send_message(address, 1.0)
    way.until(lambda: way.inbox.num_unknown == 6)
    assert way.inbox.num_datagrams == 6
    assert (way.inbox.num_refused, way.inbox.num_malformed, way.control_state.num_applied) == (0, 0, 0)


@pytest.mark.realtime
@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"\0",
        b"/da",
        bytes(65_000),
        b"/dance/control/energy\0\0\0,f\0\0",
        b"/dance/control/energy\0\0\0,q\0\0\0\0\0\0",
        b"/\x1b[2J\x07" + b"\xe2\x80\xae" + b"\0" * 4,
        b"#bundle\0" + bytes(8) + b"\x7f\xff\xff\xff",
        b"#bundle\0" + bytes(8) + b"\xff\xff\xff\xff",
        (b"#bundle\0" + bytes(8) + b"\0\0\xff\x00") * 40,
    ],
)
def test_bytes_that_are_no_osc_are_counted_and_shown_in_printable_letters(way: Way, datagram: bytes):
    way.client._sock.sendto(datagram, way.inbox.address)
    way.until_heard(1)
    assert way.inbox.num_malformed == 1
    assert way.inbox.last_error is not None
    assert way.inbox.last_error.isprintable()
    assert len(way.inbox.last_error) < 300
    way.control("energy", 0.75)
    way.until(lambda: way.control_state.controls.energy == 0.75)


@pytest.mark.realtime
def test_a_ping_is_answered_with_its_token_and_the_bridges_clock(way: Way):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(GENEROUS_S)
        before_us = math.floor(time.monotonic() * 1e6)
        client.sendto(message("/dance/ping", 1234567890123, types="h"), way.inbox.address)
        pong = OscMessage(client.recv(2048))
    assert pong.address == "/dance/pong"
    token, clock_us = pong.params
    assert token == 1234567890123
    assert before_us <= clock_us <= time.monotonic() * 1e6
    assert len(pong.dgram) == len(message("/dance/ping", 0, types="h")) + 8  # nobody is flooded through us


def test_pings_in_floods_are_answered_seldom():
    inbox = Inbox(0, "127.0.0.1", ControlState(Controls(), BeatControls()), VmcRelay())
    now_s = time.monotonic() + 10.0
    pongs = [inbox.receive(message("/dance/ping", 1, types="h"), "127.0.0.1", now_s + i * 1e-3) for i in range(4000)]
    assert 200 <= sum(pong is not None for pong in pongs) <= 260
    assert inbox.receive(message("/dance/ping", 5), "127.0.0.1", now_s + 10) is not None
    for wrong in (message("/dance/ping"), message("/dance/ping", "x"), message("/dance/ping", 1.0, types="d")):
        assert inbox.receive(wrong, "127.0.0.1", now_s + 20) is None
    assert inbox.num_refused == 3


def test_the_time_of_a_pong_is_a_64_bit_number():
    inbox = Inbox(0, "127.0.0.1", ControlState(Controls(), BeatControls()), VmcRelay())
    pong = inbox.receive(message("/dance/ping", -(2**63), types="h"), "127.0.0.1", 1e9)
    assert pong is not None
    assert struct.unpack(">qq", pong[-16:]) == (-(2**63), 10**15)


@pytest.mark.realtime
def test_a_taken_port_is_refused_with_the_way_out(way: Way):
    with pytest.raises(ValueError, match="choose another port by --control"):
        Inbox(way.inbox.address[1], "127.0.0.1", way.control_state, way.relay).start()


@pytest.mark.realtime
@pytest.mark.parametrize(("host", "port"), [("192.0.2.1", 0), ("no such host", 0), ("127.0.0.1", 99_999)])
def test_an_address_that_is_not_ours_is_refused(way: Way, host: str, port: int):
    with pytest.raises(ValueError, match=host):
        Inbox(port, host, way.control_state, way.relay).start()


@pytest.mark.realtime
def test_a_port_is_given_back_and_can_be_taken_again(way: Way):
    for _ in range(5):
        inbox = Inbox(0, "127.0.0.1", way.control_state, way.relay)
        inbox.start()
        host, port = inbox.address
        inbox.stop()
        inbox.stop()
        again = Inbox(port, host, way.control_state, way.relay)
        try:
            again.start()
        except ValueError:  # another program was quicker to take it: that can happen once
            continue
        with SimpleUDPClient(host, port) as client:
            client.send_message("/dance/control/energy", 0.75)
            way.until(lambda: way.control_state.controls.energy == 0.75)
        again.stop()
        return
    pytest.fail("the port is never given back")
