"""Poses for patches: read by Pure Data itself, whose only kind of number is the float32, and by node-osc itself."""

import json
import shutil
import socket
import struct
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from bridge.control.control_state import ControlState
from bridge.control.controls import BeatControls, Controls
from bridge.inbound.inbox import Inbox
from bridge.inbound.vmc_in import VmcRelay
from bridge.terminal.stream_inspector import StreamInspector
from bridge.wire.osc_message import parse_datagram
from bridge.wire.osc_template import MAX_DATAGRAM_BYTES, message_head
from bridge.wire.outputs import Outputs
from bridge.wire.plain_pose import PLAIN_MODULUS, PlainDanceEncoder
from bridge.wire.pose_frame import PoseFrame
from bridge.wire.receiver import DanceReceiver
from bridge.wire.target import Target
from bridge.wire.targets import UdpTargets
from data.motion.humanoid import default_skeleton
from data.motion.motion import Pose
from data.motion.skeleton import Skeleton
from tests.bridge.random_poses import random_frame
from tests.waiting import GENEROUS_S, wait_until

SKELETON = default_skeleton()
PATCH = """#N canvas 0 0 400 300 12;
#X obj 20 20 netreceive -u -b {port};
#X obj 20 50 oscparse;
#X obj 20 80 list trim;
#X obj 20 110 print heard;
#X connect 0 0 1 0;
#X connect 1 0 2 0;
#X connect 2 0 3 0;
"""
NODE_OSC = """
const { Server } = require("node-osc");
const server = new Server(0, "127.0.0.1", () => console.log(server.port));
server.on("message", (message) => console.log(JSON.stringify(message)));
server.on("bundle", ({ elements }) => elements.forEach((message) => console.log(JSON.stringify(message))));
server.on("error", (error) => console.log(JSON.stringify([error.message])));
"""
WEB = Path(__file__).parents[2] / "bridge" / "stage" / "web"
needs_pd = pytest.mark.skipif(shutil.which("pd") is None, reason="Pure Data is missing (apt install puredata-core)")


def test_a_frame_is_one_message_of_small_numbers_that_wrap() -> None:
    frame = random_frame(SKELETON.num_joints, 1)
    late = PoseFrame(PLAIN_MODULUS + 5, (PLAIN_MODULUS + 6) * 1000 + 999, frame.root_position, frame.rotations)
    (datagram,) = PlainDanceEncoder(SKELETON).encode(late)
    (message,) = parse_datagram(datagram)
    assert message.type_tags == "ii" + "f" * (3 + 4 * SKELETON.num_joints)
    assert message.arguments[:2] == (5, 6)
    np.testing.assert_array_equal(message.arguments[2:5], frame.root_position)
    np.testing.assert_array_equal(np.reshape(message.arguments[5:], (-1, 4)), frame.rotations)


@pytest.mark.parametrize(("num_bones", "fits"), [(71, True), (72, False)])
def test_what_fits_into_no_datagram_is_refused(num_bones: int, fits: bool) -> None:
    names = tuple(f"Bone{index}" for index in range(num_bones))
    chain = Skeleton(names, tuple(range(-1, num_bones - 1)), np.ones((num_bones, 3), np.float32))
    if not fits:
        with pytest.raises(ValueError, match="72 bones do not fit"):
            PlainDanceEncoder(chain)
        return
    (datagram,) = PlainDanceEncoder(chain).encode(random_frame(num_bones, 2))
    assert len(datagram) <= MAX_DATAGRAM_BYTES


def test_plain_is_an_option_of_our_own_protocol() -> None:
    assert str(Target.parse("dance:39550,plain=yes")) == "dance:127.0.0.1:39550,plain=yes"
    with pytest.raises(ValueError, match="dance only"):
        Target.parse("vmc,plain=yes")


def test_the_monitor_draws_it() -> None:
    inspector, encoder = StreamInspector(), PlainDanceEncoder(SKELETON)
    frame = random_frame(SKELETON.num_joints, 1)
    for sequence in range(10):
        pose = PoseFrame(sequence, sequence * 33_000, frame.root_position, frame.rotations)
        for datagram in (*encoder.encode_skeleton(), *encoder.encode(pose)):
            inspector.receive(datagram, ("127.0.0.1", 50_000), sequence / 30)
    (report,) = inspector.snapshot(0.4)
    assert (report.protocol, report.frames, report.malformed, report.lost) == ("dance", 10, 0, 0)
    assert report.figure is not None
    np.testing.assert_allclose(report.figure[1].root_position, frame.root_position)


@pytest.mark.parametrize("tags", ["", "i", "iifff", "iiffff", "iifffssss", "iiffffffff"])
def test_a_pose_that_is_none_is_refused(tags: str) -> None:
    numbers = b"".join({"i": bytes(4), "f": struct.pack(">f", 0.5), "s": b"x\0\0\0"}[tag] for tag in tags)
    with pytest.raises(ValueError, match="/dance/floats"):
        DanceReceiver().receive(message_head("/dance/floats", tags) + numbers)


@pytest.mark.realtime
def test_a_ping_in_floats_is_answered_in_numbers_of_32_bits() -> None:
    inbox = Inbox(0, "127.0.0.1", ControlState(Controls(), BeatControls()), VmcRelay())
    inbox.start()
    try:
        with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as client:
            client.settimeout(GENEROUS_S)
            client.sendto(message_head("/dance/ping", "f") + struct.pack(">f", float("nan")), inbox.address)
            client.sendto(message_head("/dance/ping", "f") + struct.pack(">f", 7.5), inbox.address)
            (pong,) = parse_datagram(client.recv(100))
        assert (pong.address, pong.type_tags, pong.arguments[0]) == ("/dance/pong", "fi", 7.5)
        assert 0 <= pong.arguments[1] < PLAIN_MODULUS
        assert inbox.num_refused == 1, "the token that is no number"
    finally:
        inbox.stop()


@pytest.fixture
def pure_data(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """Pure Data without a window, which prints what it hears at a UDP port."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    patch, printed = tmp_path / "patch.pd", tmp_path / "printed.txt"
    patch.write_text(PATCH.format(port=port))
    with printed.open("w") as out:
        command = ["pd", "-nogui", "-noaudio", "-nomidi", "-noprefs", "-stderr", "-open", str(patch)]
        process = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        try:
            yield port, printed
        finally:
            process.kill()
            process.wait()


@needs_pd
@pytest.mark.realtime
def test_pure_data_reads_every_number(pure_data: tuple[int, Path]) -> None:
    port, printed = pure_data
    frame = random_frame(SKELETON.num_joints, 4)
    with UdpTargets([Target.parse(f"dance:127.0.0.1:{port},plain=yes")]) as targets:
        outputs = Outputs(SKELETON, targets, rate_hz=30, start_s=0.0)

        def lines() -> list[list[str]]:
            outputs.send_pose(Pose(frame.root_position, frame.rotations), 1.5)  # until it listens
            heard = [line.split()[1:] for line in printed.read_text().splitlines() if line.startswith("heard:")]
            return [words for words in heard if words[:2] == ["dance", "floats"] and len(words) == 4 + 3 + 4 * 19]

        wait_until(lambda: len(lines()) > 1, "Pure Data to print two poses")
        first, second = lines()[:2]
    assert (int(second[2]) - int(first[2]), first[3]) == (1, "1500")
    values = np.array(first[4:], np.float64)
    np.testing.assert_allclose(values[:3], frame.root_position, rtol=1e-4, atol=1e-5)  # it prints six digits
    np.testing.assert_allclose(values[3:].reshape(-1, 4), frame.rotations, rtol=1e-4, atol=1e-5)


@pytest.fixture
def node_osc(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A server of node-osc, one of the page's tools for tests, which prints its port and then what it hears."""
    if shutil.which("node") is None:
        pytest.skip("Node is missing (apt install nodejs npm)")
    printed = tmp_path / "printed.txt"
    with printed.open("w") as out:
        command = ["node", "-e", NODE_OSC]
        process = subprocess.Popen(command, cwd=WEB, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        try:
            wait_until(lambda: process.poll() is not None or "\n" in printed.read_text(), "node-osc to listen")
            if "Cannot find module 'node-osc'" in printed.read_text():
                pytest.skip("node-osc is missing (make stage-page installs the page's tools)")
            yield int(printed.read_text().splitlines()[0]), printed
        finally:
            process.kill()
            process.wait()


@pytest.mark.realtime
def test_node_osc_reads_every_number(node_osc: tuple[int, Path]) -> None:
    port, printed = node_osc
    frame = random_frame(SKELETON.num_joints, 4)
    with UdpTargets([Target.parse(f"dance:127.0.0.1:{port},plain=yes")]) as targets:
        outputs = Outputs(SKELETON, targets, rate_hz=30, start_s=0.0)

        def heard() -> dict[str, list[float]]:
            lines = printed.read_text().splitlines(keepends=True)[1:]
            return {message[0]: message[1:] for message in (json.loads(line) for line in lines if line.endswith("\n"))}

        outputs.send_pose(Pose(frame.root_position, frame.rotations), 1.5)
        wait_until(lambda: "/dance/floats" in heard(), "node-osc to print a pose")
    assert all(address.startswith("/dance/") for address in heard()), heard()
    pose = heard()["/dance/floats"]
    assert pose[1] == 1500
    np.testing.assert_array_equal(np.array(pose[2:5], np.float32), frame.root_position)
    np.testing.assert_array_equal(np.array(pose[5:], np.float32).reshape(-1, 4), frame.rotations)
