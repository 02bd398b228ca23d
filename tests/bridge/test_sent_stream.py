"""Takes are listed by their outline, and exported a second at a time: what comes out is what a whole take has."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bridge.dancer.dancer_file import DancerFile
from bridge.takes.outline import read_outline
from bridge.takes.sent_stream import stream_motion, stream_sent
from bridge.takes.take import read_take
from bridge.wire.dance_protocol import DanceEncoder
from bridge.wire.pose_frame import PoseFrame
from data.formats.motion_file import write_motion
from tests.bridge.made_take import write_take
from tests.tiny_dancer import write_tiny_dancer

pytestmark = pytest.mark.realtime

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def dancer(tmp_path_factory: pytest.TempPathFactory) -> DancerFile:
    return DancerFile.open(write_tiny_dancer(tmp_path_factory.mktemp("dancer") / "tiny.safetensors"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, dancer: DancerFile) -> Path:
    return write_take(tmp_path_factory.mktemp("takes") / "made.take", dancer, seconds=17, parts=3)


def exported(path: Path, form: str) -> tuple[str | None, bytes, int]:
    """The reason why nothing comes, what comes, and how much memory the process had at most, in KiB."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bridge.takes.export_child"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin as request:
        request.write(json.dumps({"path": str(path), "form": form}).encode() + b"\n")
    with process.stdout as out:
        error = json.loads(out.readline())["error"]
        content = out.read()
    if not hasattr(os, "wait4"):
        process.wait()
        return error, content, 0
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return error, content, usage.ru_maxrss


def test_the_outline_is_that_of_the_whole_take(made: Path) -> None:
    take, outline = read_take(made), read_outline(made)
    assert outline.duration_s == take.duration_s
    assert outline.num_parts == len(take.parts) == 3
    assert outline.lost_bytes == take.lost_bytes == 0
    assert outline.header.to_json() == take.header.to_json()
    assert outline.num_frames == len(take.motion())


def test_a_take_that_was_cut_off_is_sent_as_far_as_it_goes(made: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn.take"
    torn.write_bytes(made.read_bytes()[:-100])
    take, outline = read_take(torn), read_outline(torn)
    assert (outline.duration_s, outline.lost_bytes) == (take.duration_s, take.lost_bytes)
    assert outline.lost_bytes > 0


@pytest.mark.parametrize("seconds", [1, 17])
def test_the_stream_is_what_the_whole_take_has(dancer: DancerFile, tmp_path: Path, seconds: int) -> None:
    path = write_take(tmp_path / "made.take", dancer, seconds=seconds)
    take, outline = read_take(path), read_outline(path)
    pieces, whole = list(stream_motion(path, outline)), take.motion()
    turned = np.concatenate([piece.rotations for piece in pieces])
    np.testing.assert_allclose(turned, whole.rotations, atol=1e-6, rtol=0)  # numpy rounds ends of arrays otherwise
    roots = np.concatenate([piece.root_positions for piece in pieces])
    np.testing.assert_allclose(roots, whole.root_positions, atol=1e-7, rtol=0)
    chunks = list(stream_sent(path, outline))
    np.testing.assert_array_equal(np.concatenate([chunk.rotations for chunk in chunks]), take.sent.rotations)
    np.testing.assert_array_equal(np.concatenate([chunk.time_us for chunk in chunks]), take.sent.time_us)


def test_the_process_writes_the_same_files(made: Path, tmp_path: Path) -> None:
    take = read_take(made)
    write_motion(tmp_path / "whole.bvh", take.motion())
    error, content, _ = exported(made, "bvh")
    assert error is None
    lines, whole = content.decode().splitlines(), (tmp_path / "whole.bvh").read_text().splitlines()
    head = whole.index("MOTION") + 3
    assert lines[:head] == whole[:head]
    numbers = [np.array([line.split() for line in text[head:]], np.float64) for text in (lines, whole)]
    np.testing.assert_allclose(numbers[0], numbers[1], atol=1e-4)
    encoder, sent = DanceEncoder(take.header.skeleton), take.sent
    datagrams = list(encoder.encode_skeleton())
    for row in range(len(sent.time_us)):
        pose = sent.pose(row)
        frame = PoseFrame(int(sent.sequence[row]), int(sent.time_us[row]), pose.root_position, pose.rotations)
        datagrams += encoder.encode(frame)
    error, content, _ = exported(made, "replay")
    assert content == b"".join(len(datagram).to_bytes(4, "big") + datagram for datagram in datagrams)


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="this system does not tell how much memory a process had")
def test_a_long_take_needs_hardly_more_memory_than_a_short_one(dancer: DancerFile, tmp_path: Path) -> None:
    peaks = [exported(write_take(tmp_path / "x.take", dancer, seconds=seconds), "bvh")[2] for seconds in (5, 200)]
    assert peaks[1] < peaks[0] + 20_000, "KiB: an hour whole takes a gigabyte"


@pytest.mark.parametrize("form", ["bvh", "replay"])
def test_what_cannot_be_exported_is_refused_in_a_sentence(made: Path, tmp_path: Path, form: str) -> None:
    content = bytearray(made.read_bytes())
    content[len(content) // 40] ^= 255
    (tmp_path / "bad.take").write_bytes(content)
    error, rest, _ = exported(tmp_path / "bad.take", form)
    assert error is not None
    assert "damaged at byte" in error
    assert str(tmp_path) not in error
    assert rest == b""
