"""The monitor understands anybody's stream, names what is wrong with it, and no bytes end it."""

import io
import json
import math
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message import OscMessage as ForeignMessage
from pythonosc.osc_message_builder import OscMessageBuilder
from rich.console import Console

from bridge.terminal.monitor import line, monitor, render
from bridge.terminal.stream_inspector import StreamInspector, StreamReport
from bridge.wire.dance_protocol import (
    AudioLevels,
    Beat,
    DanceEncoder,
    Latency,
    Status,
    encode_audio,
    encode_beat,
    encode_latency,
    encode_status,
)
from bridge.wire.osc_message import excerpt
from bridge.wire.osc_template import message_head
from bridge.wire.pose_frame import PoseFrame
from bridge.wire.vmc import VmcEncoder
from data.motion.humanoid import HUMANOID, default_skeleton
from data.motion.idle import IdleMotion
from data.motion.rotations import about_axis, angle_between
from tests.bridge.random_poses import chain, random_frame
from tests.waiting import GENEROUS_S

HERE = ("127.0.0.1", 50000)
UNIT = (0.0, 0.0, 0.0, 1.0)
SKELETON = default_skeleton()


def osc(address: str, *arguments: float | str) -> ForeignMessage:
    builder = OscMessageBuilder(address)
    for argument in arguments:
        builder.add_arg(argument)
    return builder.build()


def bundled(*messages: ForeignMessage) -> bytes:
    builder = OscBundleBuilder(IMMEDIATELY)
    for message in messages:
        builder.add_content(message)
    return builder.build().dgram


def bone(
    name: str, position: tuple[float, ...] = (0.0, 0.0, 0.0), rotation: tuple[float, ...] = UNIT
) -> ForeignMessage:
    return osc("/VMC/Ext/Bone/Pos", name, *position, *rotation)


def inspect(*frames: list[bytes], period_s: float = 1 / 60) -> StreamReport:
    """What one sender's frames look like, sent evenly."""
    inspector = StreamInspector()
    for index, datagrams in enumerate(frames):
        for datagram in datagrams:
            inspector.receive(datagram, HERE, 100.0 + index * period_s)
    (report,) = inspector.snapshot(100.0 + len(frames) * period_s)
    return report


def idle_frames(count: int) -> Iterator[PoseFrame]:
    idle = IdleMotion(SKELETON, 30)
    state = idle.initial_state(0)
    for sequence in range(count):
        pose, state = idle.step(state)
        yield PoseFrame(sequence, sequence * 33_333, pose.root_position, pose.rotations)


def test_our_own_vmc_is_drawn_as_it_was_posed():
    frames = list(idle_frames(40))
    encoder = VmcEncoder(SKELETON)
    report = inspect(*(encoder.encode(frame) for frame in frames), period_s=1 / 30)
    assert (report.protocol, report.frames) == ("vmc", 40)
    assert report.rate_hz == pytest.approx(30, abs=0.1)
    assert set(report.bones) == set(SKELETON.names)
    assert report.notices == ()
    assert report.figure is not None
    skeleton, pose = report.figure
    expected, _ = SKELETON.forward_kinematics(frames[-1].root_position, frames[-1].rotations)
    positions, _ = skeleton.forward_kinematics(pose.root_position, pose.rotations)
    for joint, name in enumerate(SKELETON.names):
        np.testing.assert_allclose(positions[skeleton.index(name)], expected[joint], atol=1e-5)


def test_our_own_protocol_tells_everything():
    encoder = DanceEncoder(SKELETON)
    datagrams = [
        *encoder.encode_skeleton(),
        encode_beat(Beat(phase=0.5, bpm=128.0, beat=7, confidence=0.9)),
        encode_audio(AudioLevels(rms=0.25, low=0.1, mid=0.2, high=0.3, onset=0.75)),
        encode_latency(Latency(capture_ms=33, features_ms=1, model_ms=4, send_ms=7, total_ms=45)),
        encode_status(Status(state="dancing", dropped=3)),
    ]
    frames = [encoder.encode(frame) for frame in idle_frames(30)]
    report = inspect(datagrams, *frames, period_s=1 / 30)
    assert (report.protocol, report.frames, report.lost, report.reordered) == ("dance", 30, 0, 0)
    assert report.bones == SKELETON.names
    assert report.figure is not None
    assert report.notices == ()
    text = "\n".join((line((report,), "here", 1.0), shown(report)))
    for part in ("128.0 bpm", "dancing, 3 deadlines", "rms 0.250", "45.0 ms", "19"):
        assert part in text
    assert json.loads(json.dumps(report.to_json()))["status"]["state"] == "dancing"


def shown(*reports: StreamReport, width: int = 110, height: int = 34) -> str:
    console = Console(file=io.StringIO(), width=width, height=height, force_terminal=False)
    console.print(render(reports, "127.0.0.1:39539", width, height))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert len(text.splitlines()) <= height
    return text


def test_lost_and_reordered_frames_are_distinguished():
    datagrams = [DanceEncoder(SKELETON).encode(frame) for frame in idle_frames(10)]
    order = [0, 1, 3, 2, 4, 7, 8, 9]  # 5 and 6 are lost, 2 comes late
    report = inspect(*(datagrams[index] for index in order))
    assert (report.lost, report.reordered) == (2, 1)


def test_a_sequence_that_wraps_loses_nothing():
    frames = [random_frame(19, seed=0, sequence=2**31 - 2 + index) for index in range(4)]
    report = inspect(*(DanceEncoder(SKELETON).encode(frame) for frame in frames))
    assert (report.frames, report.lost, report.reordered) == (4, 0, 0)


@pytest.mark.parametrize("with_time", ["at the start", "at the end", "never"])
@pytest.mark.parametrize("is_bundled", [True, False])
def test_frames_are_counted_however_they_are_sent(with_time: str, is_bundled: bool):
    clock = osc("/VMC/Ext/T", 1.5)
    bones = [bone(name, (0.0, 0.1, 0.0)) for name in ("Hips", "Spine", "Head")]
    messages = {"at the start": [clock, *bones], "at the end": [*bones, clock], "never": bones}[with_time]
    frame = [bundled(*messages)] if is_bundled else [message.dgram for message in messages]
    report = inspect(*[frame] * 30)
    assert report.frames == 30
    assert report.rate_hz == pytest.approx(60, abs=0.1)
    assert report.interval_ms.p50 == pytest.approx(1000 / 60, abs=0.2)
    assert any("/VMC/Ext/T" in notice for notice in report.notices) == (with_time == "never")


def test_a_face_tracker_without_a_body_is_a_stream_too():
    face = [bundled(osc("/VMC/Ext/Blend/Val", "Joy", 0.75), osc("/VMC/Ext/Blend/Apply"))]
    report = inspect(*[face] * 10)
    assert report.frames == 10
    assert report.blend_shapes == {"Joy": 0.75}
    assert report.figure is None
    assert "Joy 0.75" in shown(report)


def test_bones_without_positions_get_human_proportions_and_a_notice():
    report = inspect([bundled(*(bone(name) for name in HUMANOID))])
    assert len(report.bones) == 55
    assert any("all bone positions are zero" in notice for notice in report.notices)
    assert report.figure is not None
    skeleton, pose = report.figure
    positions, _ = skeleton.forward_kinematics(pose.root_position, pose.rotations)
    assert positions[skeleton.index("Head")][1] == pytest.approx(1.3, abs=0.25)
    feet = positions[[skeleton.index("LeftFoot"), skeleton.index("RightFoot")]]
    assert 0.0 <= feet[:, 1].min() < 0.15
    default, _ = SKELETON.forward_kinematics(pose.root_position, pose.rotations[: SKELETON.num_joints] * 0 + UNIT)
    np.testing.assert_allclose(positions[skeleton.index("LeftHand")], default[SKELETON.index("LeftHand")], atol=1e-5)


def test_half_a_body_stands_on_the_legs_of_the_default():
    raised = (0.0, 0.0, -math.sin(0.5), math.cos(0.5))
    report = inspect([bundled(bone("Head", (0.0, 0.1, 0.0)), bone("LeftUpperArm", (-0.1, 0.0, 0.0), raised))])
    assert report.figure is not None
    skeleton, pose = report.figure
    arm = pose.rotations[skeleton.index("LeftUpperArm")]
    assert angle_between(arm, np.array(raised)) == pytest.approx(2.0, abs=1e-5)  # seen in the mirror: -1 became +1
    assert skeleton.offsets[skeleton.index("LeftUpperArm")][0] == pytest.approx(0.1), "left is +X inside"
    assert pose.root_position[1] == pytest.approx(skeleton.rest_height)


def test_a_root_that_turns_carries_the_figure_around():
    quarter = (0.0, math.sin(math.pi / 4), 0.0, math.cos(math.pi / 4))
    root = osc("/VMC/Ext/Root/Pos", "root", 1.0, 0.0, 0.0, *quarter, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0)  # and MR scale
    report = inspect([bundled(root, bone("Hips", (0.0, 0.9, 0.5)))])
    assert report.figure is not None
    _, pose = report.figure
    # Unity turns a forward of +Z to +X by +90 degrees about Y; its X is our -X.
    np.testing.assert_allclose(pose.root_position, (-1.5, 0.9, 0.0), atol=1e-6)
    assert angle_between(pose.rotations[0], about_axis(1, -math.pi / 2)) == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize(
    ("datagram", "words"),
    [
        (bundled(bone("Hips", rotation=(math.nan, 0.0, 0.0, 1.0))), "NaN"),
        (bundled(bone("Hips", rotation=(0.0, 0.0, 0.0, 2.0))), "length is not 1"),
        (bundled(bone("Spine", (0.0, 90.0, 0.0))), "centimetres"),
        (bundled(bone("Tail")), "'Tail' is none of the 55 bones"),
        (osc("/VMC/Ext/Bone/Pos", "Hips", 0.0).dgram, "expected ,sfffffff"),
        (bundled(osc("/VMC/Ext/OK", 1, 1, 0), bone("Hips")), "not calibrated"),
        (bundled(osc("/VMC/Ext/OK", 0), bone("Hips")), "not loaded"),
        (bundled(*(bone(name, (0.0, 0.1, 0.0)) for name in HUMANOID)), "travel in pieces"),
        (b"Skeleton: 19 bones!!", "slash"),
        (b"", "0 bytes"),
        (encode_beat(Beat(phase=0, bpm=120, beat=0, confidence=1))[:-4], "within an argument"),
        (message_head("/dance/beat", "ffif") + struct.pack(">ffif", math.inf, 0, 0, 0), "NaN or infinity"),
        (message_head("/VMC/Ext/\x1b[2J", "f") + bytes(8), "/VMC/Ext/\N{REPLACEMENT CHARACTER}[2J"),
    ],
)
def test_what_a_receiver_would_trip_over_is_named(datagram: bytes, words: str):
    report = inspect([datagram])
    assert any(words in notice for notice in report.notices), report.notices
    assert words.split("'")[0] in " ".join(shown(report, width=200).split())


def test_a_bone_with_nan_leaves_the_figure_as_it_was():
    good, bad = bundled(bone("Hips", (0.0, 0.9, 0.0))), bundled(bone("Hips", (0.0, math.nan, 0.0)))
    report = inspect([good], [bad])
    assert report.not_finite == 1
    assert report.figure is not None
    assert report.figure[1].root_position[1] == pytest.approx(0.9)


def test_single_bones_a_datagram_are_advised_against():
    frame = [osc("/VMC/Ext/T", 0.0).dgram, *(bone(name, (0.0, 0.1, 0.0)).dgram for name in SKELETON.names)]
    assert any("bundle them" in notice for notice in inspect(*[frame] * 5).notices)


def test_a_sender_that_falls_silent_is_seen():
    inspector = StreamInspector()
    inspector.receive(bundled(bone("Hips")), HERE, 10.0)
    (report,) = inspector.snapshot(15.0)
    assert report.silent_s == pytest.approx(5.0)
    assert (report.rate_hz, report.bytes_a_second) == (0.0, 0.0)
    assert any("nothing has come for 5 s" in notice for notice in report.notices)


def test_two_senders_are_distinguished_and_the_busier_is_drawn():
    inspector = StreamInspector()
    for index in range(10):
        inspector.receive(bundled(bone("Hips")), ("192.168.1.9", 1), index / 30)
        if index < 3:
            inspector.receive(bundled(bone("Hips")), HERE, index / 30)
    busy, quiet = inspector.snapshot(0.4)
    assert (busy.sender, busy.frames, quiet.frames) == ("192.168.1.9:1", 10, 3)
    assert "more than one sender" in shown(busy, quiet)


def test_a_thousand_forged_senders_do_not_push_out_the_one_that_dances():
    inspector = StreamInspector()
    for index in range(1000):
        inspector.receive(bundled(bone("Hips")), HERE, index / 100)
        inspector.receive(b"?", (f"10.0.{index // 250}.{index % 250}", 1), index / 100)
    reports = inspector.snapshot(10.0)
    assert len(reports) == 8
    assert (reports[0].sender, reports[0].frames) == ("127.0.0.1:50000", 1000)
    assert inspector.num_passed_over > 900


def test_only_the_wanted_protocol_is_decoded():
    datagrams = [bundled(bone("Hips")), *DanceEncoder(SKELETON).encode(next(idle_frames(1)))]
    for protocol in ("vmc", "dance"):
        inspector = StreamInspector(protocol)  # type: ignore[arg-type]
        for datagram in datagrams:
            inspector.receive(datagram, HERE, 1.0)
        (report,) = inspector.snapshot(1.0)
        assert report.protocol == protocol
        assert report.frames == 1


GOOD = [
    *VmcEncoder(chain(55)).encode(random_frame(55, seed=0)),
    bundled(osc("/VMC/Ext/Blend/Val", "Joy", 0.5), osc("/VMC/Ext/Blend/Apply")),
    *DanceEncoder(chain(19)).encode(random_frame(19, seed=0)),
    *DanceEncoder(chain(19)).encode_skeleton(),
    encode_status(Status(state="idle", dropped=0)),
]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from(GOOD), st.lists(st.tuples(st.integers(0, 1471), st.integers(0, 255)), max_size=6)),
        max_size=30,
    ),
    st.binary(max_size=100),
)
def test_no_bytes_end_the_monitor(changed: list[tuple[bytes, list[tuple[int, int]]]], noise: bytes):
    inspector = StreamInspector()
    for datagram, changes in changed:
        mutated = bytearray(datagram)
        for position, value in changes:
            mutated[position % len(mutated)] = value
        inspector.receive(bytes(mutated), HERE, 1.0)
        inspector.receive(noise, HERE, 1.0)
    reports = inspector.snapshot(1.1)
    shown(*reports, width=80, height=60)
    json.dumps([report.to_json() for report in reports], allow_nan=False)


def test_a_figure_of_huge_bones_is_drawn_in_little_memory():
    skeleton = chain(19)
    far = type(skeleton)(skeleton.names, skeleton.parents, skeleton.offsets * 300)
    encoder = DanceEncoder(far)
    report = inspect(encoder.encode_skeleton(), encoder.encode(random_frame(19, seed=0)))
    assert report.figure is not None
    shown(report)


def test_text_from_a_network_is_harmless_and_short():
    assert excerpt("a\x1b[31m\nb") == "a\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}b"
    assert len(excerpt("x" * 10_000)) == 120


class Screen(io.StringIO):
    """A terminal whose reader presses Ctrl-C, once, when it shows what they wait for, or when they have given up."""

    def __init__(self, is_enough: Callable[[str], bool]) -> None:
        super().__init__()
        self._is_enough = is_enough
        self._has_interrupted = False
        self._give_up_s = time.monotonic() + GENEROUS_S

    def write(self, text: str) -> int:
        is_over = self._is_enough(self.getvalue()) or time.monotonic() > self._give_up_s
        if is_over and not self._has_interrupted:
            self._has_interrupted = True
            raise KeyboardInterrupt
        return super().write(text)


def last_count(shown: str, row: str) -> int:
    """The number in a row of the monitor's picture, where it was drawn last; 0 before it was."""
    return int(([0, *re.findall(rf"{row} +(\d+)", shown)])[-1])


@pytest.mark.realtime
def test_the_monitor_watches_a_real_port():
    screen = Screen(lambda shown: last_count(shown, "frames") > 5 and last_count(shown, "refused") > 5)
    console = Console(file=screen, width=100, height=30, force_terminal=True)
    encoder, stop = VmcEncoder(SKELETON), threading.Event()

    def send() -> None:
        while not (address := re.search(r"transflower monitor at 127\.0\.0\.1:(\d+)", screen.getvalue())):
            if stop.wait(0.01):
                return
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            while not stop.is_set():
                for frame in idle_frames(5):
                    for datagram in [*encoder.encode(frame), b"noise"]:
                        sender.sendto(datagram, ("127.0.0.1", int(address[1])))
                    stop.wait(0.02)

    sending = threading.Thread(target=send)
    sending.start()
    try:
        report = monitor(port=0, console=console)
    finally:
        stop.set()
        sending.join()
    assert report.saw_frames
    (stream,) = report.streams
    assert stream.frames > 5
    assert stream.malformed > 5
    port = int(report.address.rpartition(":")[2])
    assert f"transflower monitor at 127.0.0.1:{port}" in screen.getvalue()
    assert f"127.0.0.1:{port}" in report.to_text()
    assert json.loads(json.dumps(report.to_json()))["streams"][0]["protocol"] == "vmc"


@pytest.mark.realtime
def test_a_port_to_which_nothing_comes_is_said_to_be_silent():
    report = monitor(port=0, seconds=0.1)
    assert not report.saw_frames
    assert report.seconds >= 0.1
    assert "nothing came" in report.to_text()


def test_an_occupied_port_is_refused_with_the_way_out():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind(("127.0.0.1", 0))
        with pytest.raises(ValueError, match=f"cannot listen at 127.0.0.1:{holder.getsockname()[1]} .*--port"):
            monitor(port=holder.getsockname()[1], seconds=0.1)
    for seconds in (0.0, math.nan):
        with pytest.raises(ValueError, match="--seconds must be positive"):
            monitor(seconds=seconds)
