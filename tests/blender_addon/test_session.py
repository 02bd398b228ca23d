"""A session is driven by `pump` alone, bears any bytes, and always gives its port back.

Its clock is the test's; its socket is a real one.
"""

import os
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from blender_addon.core.session import Session
from bridge.wire.dance_protocol import Beat, DanceEncoder, WhyUpdate, encode_beat, encode_why
from bridge.wire.pose_frame import PoseFrame
from bridge.wire.vmc import VmcEncoder
from data.motion.humanoid import default_skeleton
from tests.blender_addon.golden import all_datagrams, random_rotations
from tests.waiting import GENEROUS_S, wait_until
from tests.whole_numbers import as_doubles, as_javascript_writes, as_pure_data_writes, as_vrm_names

pytestmark = pytest.mark.realtime
SKELETON = default_skeleton()
NUM_DATAGRAMS = int(os.environ.get("TRANSFLOWER_FUZZ_DATAGRAMS", "25000"))


class Clock:
    """Stands in for the module `time` where datagrams come in; it stands still until a test moves it."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def monotonic(self) -> float:
        return self.now_s


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("blender_addon.core.inlet.time", clock)
    return clock


@pytest.fixture
def session(clock: Clock) -> Iterator[Session]:
    session = Session()
    session.connect("127.0.0.1", 0)
    yield session
    session.disconnect()


class Performer:
    """Sends random poses of the default dancer to a session."""

    def __init__(self, session: Session, *, vmc: bool = False) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.session = session
        self.encoder = VmcEncoder(SKELETON, start_time_us=0) if vmc else DanceEncoder(SKELETON)
        self.rng = np.random.default_rng(5)
        self.sequence = 0
        self.sent: list[PoseFrame] = []
        self.num_datagrams = 0

    def send(self, *datagrams: bytes) -> None:
        self.num_datagrams += len(datagrams)
        for datagram in datagrams:
            self.socket.sendto(datagram, self.session.address or ("", 0))

    def introduce(self) -> None:
        if isinstance(self.encoder, DanceEncoder):
            self.send(*self.encoder.encode_skeleton())

    def next_frame(self, time_s: float | None = None) -> PoseFrame:
        turned = random_rotations(self.rng, SKELETON.num_joints).astype(np.float32)
        time_us = round(1e6 * (self.sequence / 30 if time_s is None else time_s))
        self.sequence += 1
        return PoseFrame(self.sequence - 1, time_us, self.rng.normal(size=3).astype(np.float32), turned)

    def pose(self, time_s: float | None = None, lose: bool = False) -> None:
        frame = self.next_frame(time_s)
        if not lose:
            self.sent.append(frame)
            self.send(*self.encoder.encode(frame))


@pytest.fixture
def performers(session: Session) -> Iterator[Callable[..., Performer]]:
    made: list[Performer] = []

    def make(*, vmc: bool = False) -> Performer:
        made.append(Performer(session, vmc=vmc))
        return made[-1]

    yield make
    for performer in made:
        performer.socket.close()


Performers = Callable[..., Performer]


def pump_until(session: Session, clock: Clock, num_datagrams: int) -> None:
    """Pumps until all that was sent has come in."""
    inlet = session._inlet
    assert inlet is not None
    for _ in range(100):  # mostly it is there at once
        if inlet.num_received >= num_datagrams:
            break
        time.sleep(0.0005)
    wait_until(lambda: inlet.num_received >= num_datagrams, "datagrams, of which the socket must lose none")
    while True:
        before = len(inlet._queue)
        session.pump(clock.now_s)
        if not before:
            return


def our_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("transflower")]


@pytest.mark.parametrize("vmc", [False, True], ids=["dance", "vmc"])
def test_the_newest_pose_is_given_and_all_are_recorded(
    session: Session, performers: Performers, clock: Clock, vmc: bool
) -> None:
    performer = performers(vmc=vmc)
    performer.introduce()
    session.start_recording()
    for _ in range(40):
        performer.pose()
    pump_until(session, clock, performer.num_datagrams)
    assert session.is_streaming(clock.now_s + 0.9)
    assert not session.is_streaming(clock.now_s + 1.1)
    assert session.protocol == ("VMC" if vmc else "/dance")
    frame = session.frame
    assert frame is not None
    order = [frame.skeleton.index[name] for name in SKELETON.names]
    np.testing.assert_allclose(frame.rotations[order], performer.sent[-1].rotations, atol=1e-6)
    take = session.stop_recording()
    assert take is not None
    assert len(take) == 40
    assert take.rate_hz == 30.0
    np.testing.assert_allclose(take.times_s, np.arange(40) / 30, atol=1e-5)
    dots = np.abs(np.sum(take.rotations[:, order] * [frame.rotations for frame in performer.sent], axis=-1))
    np.testing.assert_allclose(dots, 1.0, atol=1e-6)
    assert (np.sum(take.rotations[1:] * take.rotations[:-1], axis=-1) >= 0).all()


@pytest.mark.parametrize("rewritten", [as_javascript_writes, as_pure_data_writes, as_doubles, as_vrm_names])
def test_a_pose_is_shown_whatever_kind_of_number_its_sender_has(
    session: Session, performers: Performers, clock: Clock, rewritten: Callable[[bytes], bytes]
) -> None:
    performer = performers(vmc=True)
    session.start_recording()
    for index in range(10):
        place = np.array([0.0, 1.0 + index, 0.0], np.float32)  # whole numbers
        frame = PoseFrame(index, index * 1_000_000, place, np.tile(np.array([0, 0, 0, 1], np.float32), (19, 1)))
        performer.send(*map(rewritten, performer.encoder.encode(frame)))
    pump_until(session, clock, performer.num_datagrams)
    assert session.num_bad == 0
    assert session.frame is not None
    np.testing.assert_allclose(session.frame.root, [0.0, 10.0, 0.0])
    take = session.stop_recording()
    assert take is not None
    assert len(take) == 10
    np.testing.assert_allclose(take.times_s, np.arange(10))


def test_a_sender_with_a_port_for_each_datagram_is_one(session: Session, performers: Performers, clock: Clock) -> None:
    performer = performers(vmc=True)
    session.start_recording()
    for _ in range(240):
        for datagram in performer.encoder.encode(performer.next_frame()):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as fresh:
                fresh.sendto(datagram, session.address or ("", 0))
            performer.num_datagrams += 1
        pump_until(session, clock, performer.num_datagrams)
        clock.now_s += 1 / 60
    take = session.stop_recording()
    assert take is not None
    assert (len(take), session.num_foreign, session.num_lost) == (240, 0, 0)


def test_of_two_whole_figures_of_a_host_the_first_is_shown(
    session: Session, performers: Performers, clock: Clock
) -> None:
    performer, stranger = performers(vmc=True), performers(vmc=True)
    for index in range(30):
        performer.pose()
        if index >= 5:
            stranger.pose()
        pump_until(session, clock, performer.num_datagrams + stranger.num_datagrams)
        clock.now_s += 1 / 30
    assert session.sender is not None
    assert session.sender[1] == performer.socket.getsockname()[1]
    assert session.num_foreign == stranger.num_datagrams
    for _ in range(40):  # the first has left, and the second goes on without a break
        stranger.pose()
        pump_until(session, clock, performer.num_datagrams + stranger.num_datagrams)
        clock.now_s += 1 / 30
    assert session.sender[1] == stranger.socket.getsockname()[1]


def test_loss_restart_and_strangers_are_reported(session: Session, performers: Performers, clock: Clock) -> None:
    performer, stranger = performers(), performers()
    performer.introduce()
    stranger.introduce()
    for index in range(10):
        performer.pose(lose=index in (3, 4, 7))
        stranger.pose()
    performer.send(b"nonsense")
    pump_until(session, clock, 2 * len(DanceEncoder(SKELETON).encode_skeleton()) + 7 + 10 + 1)
    assert session.num_lost == 3
    assert session.num_bad == 1
    assert session.num_foreign == 10, "the second sender waits until the first is silent"
    assert session.sender is not None
    assert session.sender[1] == performer.socket.getsockname()[1]
    clock.now_s += 1.1
    stranger.pose()
    pump_until(session, clock, 2 * len(DanceEncoder(SKELETON).encode_skeleton()) + 7 + 10 + 1 + 1)
    assert session.sender[1] == stranger.socket.getsockname()[1]


def test_a_skeleton_that_changes_ends_the_take(session: Session, performers: Performers, clock: Clock) -> None:
    performer = performers()
    performer.introduce()
    session.start_recording()
    performer.pose()
    performer.pose()
    smaller = DanceEncoder(type(SKELETON)(SKELETON.names[:5], SKELETON.parents[:5], SKELETON.offsets[:5]))
    performer.send(*smaller.encode_skeleton())
    still = np.tile(np.array([0, 0, 0, 1], np.float32), (5, 1))
    performer.send(*smaller.encode(PoseFrame(2, 70_000, np.zeros(3, np.float32), still)))
    num = len(performer.encoder.encode_skeleton()) + len(smaller.encode_skeleton()) + 3  # type: ignore[union-attr]
    pump_until(session, clock, num)
    session.stop_recording()
    assert [len(take.skeleton.names) for take in session.takes] == [19, 5]


def test_the_port_is_given_back_and_asked_for_by_name() -> None:
    first, second = Session(), Session()
    first.connect("127.0.0.1", 0)
    assert first.address is not None
    with pytest.raises(ValueError, match=f"Port {first.address[1]} is in use"):
        second.connect("127.0.0.1", first.address[1])
    port = first.address[1]
    first.disconnect()
    first.disconnect()
    second.connect("127.0.0.1", port)
    second.connect("127.0.0.1", port)
    second.disconnect()
    assert not our_threads()
    with pytest.raises(ValueError, match="Cannot listen"):
        first.connect("no such host", 1)
    with pytest.raises(ValueError, match="Cannot listen"):
        first.connect("127.0.0.1", 70_000)


def test_a_playing_timeline_keeps_the_take_in_time(session: Session, performers: Performers, clock: Clock) -> None:
    """Frame 100 was on the screen when the first pose came in, at 24 frames a second, with a loop in the middle."""
    performer = performers()
    performer.introduce()
    session.start_recording()
    start_s = clock.now_s + 0.01
    sent = len(performer.encoder.encode_skeleton())  # type: ignore[union-attr]
    for index in range(45):
        clock.now_s = start_s + index / 30
        performer.pose(time_s=7.0 + index / 30)
        sent += 1
        wait_until(lambda sent=sent: session._inlet and session._inlet.num_received >= sent, "the pose")
        clock.now_s += 0.004
        frame = 100 + int((clock.now_s - start_s) * 24)
        session.pump(clock.now_s, timeline=float(frame if frame < 120 else frame - 20), scene_fps=24.0)
    take = session.stop_recording()
    assert take is not None
    assert take.start_frame == pytest.approx(100, abs=0.5)
    assert take.frames_per_s == 0.0


def test_controls_and_pings_reach_a_bridge(session: Session, performers: Performers, clock: Clock) -> None:
    from bridge.wire.osc_message import parse_datagram

    with pytest.raises(ValueError, match="nobody to steer"):
        session.send_control("energy", 0.5)
    performer = performers()
    bridge = performers().socket
    bridge.bind(("127.0.0.1", 0))
    bridge.settimeout(GENEROUS_S)
    session._control_port = bridge.getsockname()[1]
    performer.introduce()
    performer.pose()
    performer.send(encode_beat(Beat(phase=0.5, bpm=120.0, beat=3, confidence=1.0)))
    pump_until(session, clock, len(performer.encoder.encode_skeleton()) + 2)  # type: ignore[union-attr]
    assert session.latest["beat"]["bpm"] == 120.0
    content, address = bridge.recvfrom(2000)
    (message,) = parse_datagram(content)
    assert message.address == "/dance/ping"
    from bridge.wire.osc_template import message_head

    pong = message_head("/dance/pong", "hh") + message.arguments[0].to_bytes(8, "big", signed=True) + bytes(8)
    clock.now_s += 0.02
    bridge.sendto(pong, address)
    pump_until(session, clock, len(performer.encoder.encode_skeleton()) + 3)  # type: ignore[union-attr]
    assert session.clock.round_trip_s == pytest.approx(0.02)
    session.send_control("energy", 0.5)
    (message,) = parse_datagram(bridge.recv(2000))
    assert (message.address, message.arguments) == ("/dance/control/energy", (0.5,))


def test_why_nobody_dances_is_the_newest_word_of_a_bridge_that_still_speaks(
    session: Session, performers: Performers, clock: Clock
) -> None:
    bridge = performers()
    bridge.send(encode_why(WhyUpdate(reason="loading", text="the dancer is being loaded")))
    pump_until(session, clock, 1)
    assert session.why(clock.now_s + 2.9) == "the dancer is being loaded", "before any pose"
    bridge.send(encode_why(WhyUpdate(reason="later", text="gravity\a is  off")))
    pump_until(session, clock, 2)
    assert session.why(clock.now_s) == "gravity is off", "a reason that is not known is shown all the same"
    assert session.why(clock.now_s + 3.1) == "", "the bridge is gone"
    bridge.send(encode_why(WhyUpdate(reason="", text="")))
    pump_until(session, clock, 3)
    assert session.why(clock.now_s) == "", "somebody dances"
    session.disconnect()
    session.connect("127.0.0.1", 0)
    assert session.why(clock.now_s) == ""


@pytest.mark.timeout(600 + NUM_DATAGRAMS // 1000)
def test_mutated_datagrams_change_nothing(session: Session, performers: Performers, clock: Clock) -> None:
    """At a real socket: nothing is raised, nothing leaks, and the stream goes on."""
    chance = random.Random(20)
    seeds = all_datagrams() + DanceEncoder(SKELETON).encode_skeleton()
    performer = performers()
    performer.introduce()
    performer.pose()
    sent = len(DanceEncoder(SKELETON).encode_skeleton()) + 1
    pump_until(session, clock, sent)
    session.start_recording("fuzzed")
    threads = our_threads()
    stranger = performer.socket  # the worst case: garbage that comes from whom we listen to
    address = session.address
    assert address is not None
    for batch in range(NUM_DATAGRAMS // 100):
        for _ in range(100):  # so many fit into the socket's buffer, should its reader wait for the processor
            content = bytearray(chance.choice(seeds))
            match chance.randrange(6):
                case 0 if content:
                    content[chance.randrange(len(content))] = chance.randrange(256)
                case 1:
                    content = content[: chance.randrange(len(content) + 1)]
                case 2:
                    for _ in range(8):
                        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
                case 3:
                    at = 4 * chance.randrange(max(1, len(content) // 4))
                    content[at : at + 4] = chance.randbytes(4)
                case 4:
                    other = chance.choice(seeds)
                    content = content[: 4 * chance.randrange(len(content) // 4 + 1)] + other
                case _:
                    content = bytearray(chance.randbytes(chance.randrange(200)))
            stranger.sendto(content, address)
        sent += 100
        pump_until(session, clock, sent)
        if batch == 100:
            kept_then = _sizes(session)
    assert session.num_bad > NUM_DATAGRAMS // 2
    assert our_threads() == threads
    kept_now = _sizes(session)
    assert kept_now["skeletons"] <= 8
    assert kept_now["bones"] <= kept_then["bones"] + 8 * 88
    assert kept_now["vmc"] <= 55
    session.stop_recording()
    clock.now_s += 1.1  # as after a restart of the bridge
    performer.introduce()
    performer.pose(time_s=4000.0)
    pump_until(session, clock, sent + len(DanceEncoder(SKELETON).encode_skeleton()) + 1)
    assert session.frame is not None
    np.testing.assert_array_equal(session.frame.rotations, performer.sent[-1].rotations)


def _sizes(session: Session) -> dict[str, int]:
    bones = session.dance._bones
    return {
        "skeletons": len(bones),
        "bones": sum(map(len, bones.values())),
        "vmc": len(session.vmc._bones),
        "pings": len(session._pings),
    }
