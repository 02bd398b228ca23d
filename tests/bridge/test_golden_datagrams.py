"""The golden datagrams mean what they say, for our encoders, our decoders, and an independent one."""

import json
import math
import re
import runpy
import shutil
import socket
import struct
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from bridge.wire.dance_protocol import AudioLevels, Beat, ClockUpdate, DanceEncoder, Latency, Status, WhyUpdate
from bridge.wire.pose_frame import PoseFrame
from bridge.wire.receiver import DancePose, DanceReceiver, VmcReceiver
from bridge.wire.vmc import Travel, VmcEncoder
from data.motion.skeleton import Skeleton
from tests.data.child_process import started
from tests.waiting import wait_until

FOLDER = Path(__file__).parent / "golden"
PROTOCOL = Path(__file__).parents[2] / "bridge" / "PROTOCOL.md"
GOLDEN = json.loads((FOLDER / "datagrams.json").read_text())
SKELETONS = {
    entry["name"]: Skeleton(tuple(entry["bones"]), tuple(entry["parents"]), np.array(entry["offsets"], np.float32))
    for entry in GOLDEN["skeletons"]
}
each_pose = pytest.mark.parametrize("entry", GOLDEN["poses"], ids=[entry["name"] for entry in GOLDEN["poses"]])


def datagrams(texts: list[str]) -> list[bytes]:
    return [bytes.fromhex(text) for text in texts]


def frame_of(entry: dict[str, Any]) -> PoseFrame:
    return PoseFrame(
        entry["sequence"],
        entry["time_us"],
        np.array(entry["root_position"], np.float32),
        np.array(entry["rotations"], np.float32),
    )


@each_pose
def test_encoders_make_the_golden_datagrams(entry: dict[str, Any]) -> None:
    skeleton = SKELETONS[entry["skeleton"]]
    assert DanceEncoder(skeleton).encode(frame_of(entry)) == datagrams(entry["dance"])
    ways: dict[str, Travel] = {"vmc": "hips", "vmc_travel_by_root": "root"}
    for name, travel in ways.items():
        encoder = VmcEncoder(skeleton, start_time_us=GOLDEN["vmc_start_time_us"], travel=travel)
        assert encoder.encode(frame_of(entry)) == datagrams(entry[name])


@each_pose
def test_decoders_give_back_the_golden_poses(entry: dict[str, Any]) -> None:
    expected = frame_of(entry)
    (event,) = DanceReceiver().receive(datagrams(entry["dance"])[0])
    assert isinstance(event, DancePose)
    assert (event.frame.sequence, event.frame.time_us) == (expected.sequence, expected.time_us)
    for name in ("vmc", "vmc_travel_by_root"):
        receiver = VmcReceiver(SKELETONS[entry["skeleton"]].names)
        *_, received = [receiver.receive(datagram) for datagram in datagrams(entry[name])]
        assert received is not None
        seconds = (expected.time_us - GOLDEN["vmc_start_time_us"]) * 1e-6
        assert received.time_us * 1e-6 == pytest.approx(seconds, rel=1e-7)
        for frame in (event.frame, received):
            np.testing.assert_array_equal(frame.root_position, expected.root_position)
            np.testing.assert_array_equal(frame.rotations, expected.rotations)


@pytest.mark.parametrize("entry", GOLDEN["skeletons"], ids=list(SKELETONS))
def test_golden_skeletons(entry: dict[str, Any]) -> None:
    encoder = DanceEncoder(SKELETONS[entry["name"]])
    assert encoder.skeleton_id == entry["skeleton_id"]
    assert encoder.encode_skeleton() == datagrams(entry["datagrams"])
    receiver = DanceReceiver()
    for datagram in datagrams(entry["datagrams"]):
        receiver.receive(datagram)
    bones = receiver.skeletons[entry["skeleton_id"]]
    assert [bones[index].name for index in range(len(bones))] == entry["bones"]
    assert [list(bones[index].offset) for index in range(len(bones))] == entry["offsets"]


@pytest.mark.parametrize("entry", GOLDEN["messages"], ids=[entry["address"] for entry in GOLDEN["messages"]])
def test_golden_messages(entry: dict[str, Any]) -> None:
    kinds = {
        "/dance/beat": Beat,
        "/dance/audio": AudioLevels,
        "/dance/latency": Latency,
        "/dance/status": Status,
        "/dance/why": WhyUpdate,
        "/dance/clock": ClockUpdate,
    }
    expected = kinds[entry["address"]](**entry["values"])
    assert DanceReceiver().receive(bytes.fromhex(entry["datagram"])) == [expected]


@pytest.mark.parametrize("entry", GOLDEN["refused"], ids=[entry["why"] for entry in GOLDEN["refused"]])
def test_golden_datagrams_to_refuse(entry: dict[str, str]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each has words of its own
        DanceReceiver().receive(bytes.fromhex(entry["datagram"]))


def test_what_a_later_version_may_send_disturbs_nobody() -> None:
    later = GOLDEN["later"]
    assert DanceReceiver().receive(bytes.fromhex(later["datagram"])) == [
        Status(state=later["state"], dropped=0),
        WhyUpdate(reason=later["reason"], text=later["text"]),
    ]


def test_the_file_is_what_its_script_writes() -> None:
    script = runpy.run_path(str(FOLDER / "make_datagrams.py"))
    assert script["as_text"](script["golden"]()) == (FOLDER / "datagrams.json").read_text()


def test_the_literal_datagrams_of_the_protocol_page_are_golden() -> None:
    """Each line of a block is bytes in groups of four, two spaces, and what they mean."""
    golden = {
        *(text for entry in GOLDEN["poses"] for text in entry["dance"] + entry["vmc"]),
        *(text for entry in GOLDEN["skeletons"] for text in entry["datagrams"]),
        *(entry["datagram"] for entry in GOLDEN["messages"]),
    }
    blocks = re.findall(r"```hex\n(.*?)```", PROTOCOL.read_text(), re.DOTALL)
    shown = ["".join(line.split("  ")[0].replace(" ", "") for line in block.splitlines()) for block in blocks]
    assert len(shown) == 8
    assert set(shown) <= golden


def oscdump_says(sent: list[bytes], folder: Path) -> list[str]:
    """What liblo's oscdump prints for datagrams, one line a message, without its timetags."""
    printed = folder / "oscdump.txt"
    with (
        printed.open("w") as output,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
        started(["oscdump", "-L", "0"], stdout=output, stderr=output) as process,  # at any port
    ):
        ports = wait_until(lambda: ports_of(process.pid), "a port of oscdump")
        for datagram in [*sent, struct.pack(">8s4s", b"/done", b",")]:
            sender.sendto(datagram, ("127.0.0.1", ports[0]))
        wait_until(lambda: "/done" in printed.read_text(), "what was sent")
    lines = [re.sub(r"^\S+ ", "", line) for line in printed.read_text().splitlines()]
    return [line.rstrip() for line in lines if not line.startswith("/done")]


def ports_of(pid: int) -> list[int]:
    """UDP ports of a process."""
    return [found.laddr.port for found in psutil.Process(pid).net_connections("udp") if found.laddr]


@pytest.mark.realtime
@pytest.mark.skipif(shutil.which("oscdump") is None, reason="liblo's oscdump is missing (apt install liblo-tools)")
def test_an_independent_decoder_reads_every_golden_datagram(tmp_path: Path) -> None:
    poses = GOLDEN["poses"]
    vmc = oscdump_says([datagram for entry in poses for datagram in datagrams(entry["vmc"])], tmp_path)
    assert len(vmc) == sum(3 + len(entry["rotations"]) for entry in poses)
    assert sum(line == "/VMC/Ext/OK iiii 1 3 0 1" for line in vmc) == len(poses)
    bones = [line.split() for line in vmc if line.startswith("/VMC/Ext/Bone/Pos sfffffff ")]
    names = [name for entry in poses for name in SKELETONS[entry["skeleton"]].names]
    assert [bone[2].strip('"') for bone in bones] == names
    assert all(math.hypot(*map(float, bone[6:])) == pytest.approx(1, abs=1e-4) for bone in bones)

    ours = oscdump_says([bytes.fromhex(entry["datagram"]) for entry in GOLDEN["messages"]], tmp_path)
    assert [line.split()[0] for line in ours] == [entry["address"] for entry in GOLDEN["messages"]]
    assert ours[0] == "/dance/beat ffif 0.250000 128.000000 17 0.875000"
    assert ours[3] == '/dance/status si "dancing" 3'

    sent = datagrams(poses[0]["dance"]) + datagrams(GOLDEN["skeletons"][0]["datagrams"])
    pose, *bones_of_ours = oscdump_says(sent, tmp_path)
    assert pose.startswith("/dance/pose ihib 0 1000000 885537695 ")
    assert [line.split()[4].strip('"') for line in bones_of_ours] == list(SKELETONS["three_bones"].names)
