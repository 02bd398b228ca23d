"""The examples, run as their README says, beside a bridge that dances."""

import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest

from bridge.control.control_schema import CONTROL_SPECS
from bridge.control.control_state import ControlState
from bridge.control.controls import BeatControls, Controls
from bridge.wire.outputs import Outputs
from bridge.wire.target import Target
from bridge.wire.targets import UdpTargets
from data.formats.bvh import read_bvh
from data.formats.sound_file import write_sound
from data.motion.humanoid import default_skeleton
from data.motion.motion import Pose
from data.music import synthesise
from tests.blender_addon.blender_python import NEWEST, blender_python, inside_environment
from tests.program import run_program
from tests.stage.bridge_process import running_bridge
from tests.tiny_dancer import write_tiny_dancer
from tests.waiting import GENEROUS_S, wait_until

pytestmark = pytest.mark.realtime

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"


@pytest.fixture(scope="module")
def dancer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_dancer(tmp_path_factory.mktemp("dancer") / "dancer.safetensors")


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = synthesise("house", 120.0, 4, 1, sample_rate_hz=24_000)  # 2 s
    path = tmp_path_factory.mktemp("song") / "song.wav"
    write_sound(path, made.samples, made.sample_rate_hz)
    return path


def command(name: str, *options: object) -> list[str]:
    return [sys.executable, str(EXAMPLES / name), *map(str, options)]


def printed(name: str, *options: object) -> str:
    done = subprocess.run(
        command(name, *options), cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=2 * GENEROUS_S
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@contextmanager
def listening(name: str, *options: object) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """An example that listens at a port of its own, and this port."""
    process = subprocess.Popen(
        command(name, "--port", 0, *options), cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        listening = re.search(r"listening at port (\d+)", process.stdout.readline())
        assert listening is not None
        yield process, int(listening[1])
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def printed_by(dancer: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the examples that need a bridge print beside one, by the name of the example."""
    with ExitStack() as stack:
        lamps = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        lamps.bind(("127.0.0.1", 0))
        lamps.settimeout(GENEROUS_S)
        listeners = {
            name: stack.enter_context(listening(name, *options))
            for name, options in {
                "vmc_receiver.py": ("--poses", 20),
                "pose_receiver.py": ("--poses", 20),
                "lights_on_the_beat.py": ("--beats", 8, "--sure", 0),
                "own_target.py": ("--poses", 20, "--node-port", lamps.getsockname()[1]),
            }.items()
        }
        targets = " ".join(
            f"{'vmc' if name.startswith('vmc') else 'dance'}:127.0.0.1:{port}" for name, (_, port) in listeners.items()
        )
        with running_bridge(dancer, tmp_path_factory.mktemp("bridge"), target=targets, steered=True) as bridge:
            found = {name: process.communicate(timeout=2 * GENEROUS_S)[0] for name, (process, _) in listeners.items()}
            options = ("--port", bridge.control_port, "--pause-s", 0.1, "--style", "HO")
            found["steer.py"] = printed("steer.py", *options)
            bridge.wait_for("energy", 0.6)
        found["lamps"] = lamps.recv(64).hex()
        assert {name: process.returncode for name, (process, _) in listeners.items()} == dict.fromkeys(listeners, 0)
    return found


def test_a_vmc_receiver_reads_the_hips(printed_by: dict[str, str]) -> None:
    heights = [float(text) for text in re.findall(r"hips at x .* y ([+-][\d.]+)", printed_by["vmc_receiver.py"])]
    assert len(heights) == 20
    assert all(0.3 < height < 1.5 for height in heights)


def test_a_pose_receiver_places_every_joint(printed_by: dict[str, str]) -> None:
    reaches = [float(text) for text in re.findall(r"([\d.]+) m\b", printed_by["pose_receiver.py"])]
    assert len(reaches) == 40
    assert all(0.02 < reach < 1.5 for reach in reaches)


def test_a_lamp_flashes_on_the_beat(printed_by: dict[str, str]) -> None:
    beats = [int(text) for text in re.findall(r"beat +(\d+) ", printed_by["lights_on_the_beat.py"])]
    assert len(beats) == 8
    assert beats == sorted(set(beats))
    assert "#" in printed_by["lights_on_the_beat.py"]


def test_a_target_of_ones_own_gets_the_dance(printed_by: dict[str, str]) -> None:
    packet = bytes.fromhex(printed_by["lamps"])
    assert packet[:14] == b"Art-Net\0" + struct.pack("<H", 0x5000) + struct.pack(">HBB", 14, 0, 0)
    assert (packet[14:18], len(packet)) == (struct.pack(">HH", 0, 4), 22)
    assert packet[18] > 0 or packet[19] > 0, "no hand is over the hips"
    assert re.search(r"\d+:\d+:\d+ (\d\.\d\d ?){4}", printed_by["own_target.py"])


def test_a_program_steers(printed_by: dict[str, str]) -> None:
    assert printed_by["steer.py"].count("/dance/control/") == 6


def test_a_song_becomes_a_dance_by_the_library(dancer: Path, song: Path, tmp_path: Path) -> None:
    output = tmp_path / "dance.bvh"
    text = printed("dance_to_a_song.py", song, "-o", output, "--checkpoint", dancer)
    assert "60 frames at 30 Hz" in text
    assert len(read_bvh(output)) == 60


def test_seeds_dance_differently(dancer: Path, song: Path) -> None:
    text = printed("compare_seeds.py", song, "--seeds", 1, 2, "--checkpoint", dancer)
    first, second = (line.split()[1:] for line in text.splitlines()[1:])
    assert first != second


def test_a_folder_of_songs_is_danced_to_and_measured(dancer: Path, song: Path, tmp_path: Path) -> None:
    text = printed("headless_batch.py", song.parent, "-o", tmp_path / "made", "--checkpoint", dancer, "--samples", 2)
    rows = [line.split() for line in text.splitlines() if line.startswith("song")]
    assert [row[1] for row in rows] == ["2.0", "2.0"]
    assert all(float(row[2]) > 0 for row in rows)


def test_a_phone_has_every_control_that_is_no_text(tmp_path: Path) -> None:
    text = printed("phone_layout.py", tmp_path / "phone.json", "--target", "10.0.0.2:39540")
    root = json.loads((tmp_path / "phone.json").read_text("utf-8"))["content"]
    assert root["type"] == "root"
    assert f"{len(root['widgets'])} controls for 10.0.0.2:39540" in text
    addresses = {spec.address for spec in CONTROL_SPECS if spec.kind != "text" and spec.name != "seed"}
    assert {each["address"] for each in root["widgets"]} == addresses
    state = ControlState(Controls(), BeatControls())
    for each in root["widgets"]:
        value = each["range"]["max"] if each["type"] == "fader" else each["on"]
        state.apply(each["address"].rpartition("/")[2], (value,), 0.0)
    assert state.controls.energy == 1.0


@pytest.mark.skipif(shutil.which("pd") is None, reason="Pure Data is missing (apt install puredata-core)")
def test_a_patch_reads_where_the_hips_are(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    patch, output = tmp_path / "patch.pd", tmp_path / "output.txt"
    text = (EXAMPLES / "pure_data.pd").read_text("utf-8")
    patch.write_text(text.replace("netreceive -u -b 39550", f"netreceive -u -b {port}"))
    line = ["pd", "-nogui", "-noaudio", "-nomidi", "-noprefs", "-stderr", "-open", str(patch)]
    with output.open("w") as out, UdpTargets([Target.parse(f"dance:127.0.0.1:{port},plain=yes")]) as targets:
        outputs = Outputs(default_skeleton(), targets, rate_hz=30, start_s=0.0)
        turns = np.tile(np.array([0, 0, 0, 1], np.float32), (19, 1))
        process = subprocess.Popen(line, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        try:

            def is_printed() -> bool:
                outputs.send_pose(Pose(np.array([0.25, 0.875, -0.5], np.float32), turns), 1.5)  # until it listens
                return "hips: 0.25 0.875 -0.5" in output.read_text()

            wait_until(is_printed, "Pure Data to print where the hips are")
        finally:
            process.kill()
            process.wait()
    assert "couldn't create" not in output.read_text()


@pytest.mark.blender
def test_a_dance_becomes_a_scene_of_blender(dancer: Path, song: Path, tmp_path: Path) -> None:
    python = blender_python(NEWEST)
    printed("dance_to_a_song.py", song, "-o", tmp_path / "dance.bvh", "--checkpoint", dancer)
    script = [str(python), str(EXAMPLES / "blender_script.py"), "--", str(tmp_path / "dance.bvh")]
    done = run_program([*script, str(tmp_path / "dance.blend")], cwd=tmp_path, env=inside_environment(tmp_path))
    assert done.returncode == 0, done.stdout
    words = r"dance: \d\d bones, 1\.[4-8] m high, 30 frames a second, frames 1 to 60"
    assert re.search(words, done.stdout), done.stdout
    assert (tmp_path / "dance.blend").stat().st_size > 10_000


def test_a_sound_of_ones_own_is_performed(dancer: Path) -> None:
    with listening("pose_receiver.py", "--poses", 30) as (process, port):
        text = printed("own_sound.py", "--seconds", 4, "--checkpoint", dancer, "--target", f"dance:127.0.0.1:{port}")
        process.communicate(timeout=GENEROUS_S)
        assert process.returncode == 0
    assert "a drum loop" in text


def test_the_readme_names_every_example() -> None:
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    here = {path.name for path in EXAMPLES.iterdir() if path.suffix in (".py", ".ipynb", ".pd")}
    assert here == set(re.findall(r"examples/(\w+\.(?:py|ipynb|pd))", text))
    assert len(here) >= 10
