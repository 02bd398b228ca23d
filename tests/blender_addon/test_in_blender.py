"""The extension inside Blender: 4.2, 4.5 and 5.0 by PyPI's bpy. `make test-blender` runs all of them."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from blender_addon.make_zip import make_zip
from bridge.takes.take import read_take
from bridge.wire.dance_protocol import Status
from bridge.wire.receiver import DanceReceiver
from data.music import demo_song, synthesise
from data.rotations import angle_between, from_matrix
from data.skeleton import Skeleton
from data.sound_file import write_sound
from tests.blender_addon.blender_python import (
    INSIDE,
    ROOT,
    VERSIONS,
    blender_python,
    inside_environment,
    run_inside,
    transflower_script,
)
from tests.ports import free_ports

pytestmark = [pytest.mark.blender, pytest.mark.slow]
each_version = pytest.mark.parametrize("version", VERSIONS)
SUITES = sorted(path.name for path in INSIDE.glob("test_*.py"))
TO_BLENDER = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
SECONDS = 5.0


@each_version
@pytest.mark.parametrize("suite", SUITES)
def test_inside(version: str, suite: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The tests of `inside`, each file in a Blender of its own."""
    more = {}
    avatars = ROOT.parent / "shared" / "data" / "avatars"
    if avatars.is_dir():
        more["AVATARS"] = str(avatars)
    more["TRANSFLOWER"] = transflower_script(tmp_path)
    made = synthesise("house", 120.0, 16, 1, sample_rate_hz=44_100)
    more["SONG"] = str(tmp_path / "song.wav")
    write_sound(tmp_path / "song.wav", made.samples, made.sample_rate_hz)
    done = run_inside(
        version,
        ["-m", "pytest", "-q", "-rs", "-c", "pytest.ini", "--rootdir", ".", "--confcutdir", ".", suite],
        tmp_path,
        timeout_s=500,
        **more,
    )
    with capsys.disabled():
        print(f"\n[bpy {version}, {suite}]{done.stdout[-2000:]}")
    assert done.returncode == 0, done.stdout + done.stderr


@each_version
def test_blenders_own_validator_accepts_the_zip(version: str, tmp_path: Path) -> None:
    scripts = list(blender_python(version).parents[1].rglob("bl_pkg/cli/blender_ext.py"))
    assert scripts, "this bpy has no validator"
    done = run_inside(version, [str(scripts[0]), "validate", str(make_zip(tmp_path))], tmp_path, timeout_s=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Success" in done.stdout + done.stderr


@pytest.mark.realtime
@pytest.mark.parametrize(("version", "protocol"), [*((version, "dance") for version in VERSIONS), ("5.0", "vmc")])
def test_a_real_bridge_streams_and_every_bone_follows(
    version: str, protocol: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Over real UDP for five seconds; then baked, saved, opened, and compared with the take that the bridge kept."""
    port, control_port = free_ports(2)
    environment = inside_environment(
        tmp_path, OUT=str(tmp_path), SECONDS=str(SECONDS), PORT=str(port), CONTROL_PORT=str(control_port)
    )
    python = blender_python(version)
    with (tmp_path / "blender.log").open("w") as log, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        blender = subprocess.Popen(
            [str(python), "live_matrix.py"], cwd=INSIDE, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        wait_until(lambda: (tmp_path / "ready").exists() or blender.poll() is not None, 60)
        bridge = subprocess.Popen(
            [
                *(sys.executable, "-m", "bridge.cli", "perform", "--file", str(demo_song()), "--seconds", "90"),
                *("--target", f"{protocol}:127.0.0.1:{port}", f"dance:127.0.0.1:{ear.getsockname()[1]}"),
                *("--control", f"127.0.0.1:{control_port}", "--stage", "None"),
                *("--query-port", "None", "--takes", str(tmp_path / "takes"), "--no-aloud", "--quiet"),
            ],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            wait_until_dancing(ear, 100)
            (tmp_path / "go").touch()
            returncode = blender.wait(200)
        finally:
            blender.kill()
            bridge.send_signal(signal.SIGINT)
            _, errors = bridge.communicate(timeout=60)
    assert returncode == 0, (tmp_path / "blender.log").read_text() + errors

    summary = json.loads((tmp_path / "summary.json").read_text())
    assert summary["protocol"] == {"dance": "/dance", "vmc": "VMC"}[protocol]
    assert summary["bad"] == summary["foreign"] == 0
    assert summary["problems"] == {}
    (path,) = (tmp_path / "takes").glob("*.take")
    take = read_take(path)
    with np.load(tmp_path / "shown.npz") as arrays:
        told = dict(arrays)
    assert len(told["shown"]) > 0.2 * SECONDS * take.header.rate_hz, "a busy machine shows fewer than it records"
    assert len(told["baked"]) >= 0.98 * told["num_frames"], "nearly every pose has a frame of its own"
    if protocol == "dance":
        assert summary["round_trip_ms"] is not None
        assert set(summary["news"]) >= {"beat", "latency", "status", "audio", "clock"}
        assert any(controls.energy == 0.75 for controls in take.steps.controls), "the slider steered the bridge"
        rows, baked_rows = (rows_of(take.sent.time_us, told[key]) for key in ("times_us", "baked_times_us"))
    else:  # VMC tells its own time: each pose is looked up by itself
        rows, baked_rows = (nearest_rows(take.sent, take.header.skeleton, told, key) for key in ("shown", "baked"))
    sent = baked_rows[-1] - baked_rows[0] + 1
    assert sent > 0.5 * SECONDS * take.header.rate_hz
    assert told["num_frames"] == sent - summary["lost"], "every pose that was sent and not lost was recorded"
    shown = worst_difference(take, told, "shown", rows)
    baked = worst_difference(take, told, "baked", baked_rows)
    with capsys.disabled():
        print(
            f"\nbpy {summary['version']}, {protocol}: "
            f"{len(rows)} poses shown, off by {shown[0]:.1e} rad and {shown[1]:.1e} m; "
            f"{len(baked_rows)} baked in {summary['bake_s']:.3f} s, off by {baked[0]:.1e} rad and {baked[1]:.1e} m; "
            f"{summary['lost']} lost, jitter {summary['jitter_ms']:.1f} ms, round trip {summary['round_trip_ms']} ms"
        )
    assert shown[0] < 1e-4
    assert shown[1] < 1e-4
    assert baked[0] < 2e-6, "world matrices are float32: 4e-7 to 9e-7 were measured"
    assert baked[1] < 1e-6


def worst_difference(take, told: dict, key: str, rows: np.ndarray) -> tuple[float, float]:
    """Largest angle (rad) between what Blender showed and what was sent, in the world, and of the hips' place (m)."""
    skeleton: Skeleton = take.header.skeleton
    worlds = skeleton.forward_kinematics(
        take.sent.root_positions[rows].astype(np.float64), take.sent.rotations[rows].astype(np.float64)
    )[1]
    order = [list(told["names"]).index(name) for name in skeleton.names]
    shown, rest = told[key][:, order].astype(np.float64), told["rest"][order].astype(np.float64)
    relative = TO_BLENDER.T @ shown[..., :3, :3] @ np.swapaxes(rest[..., :3, :3], -1, -2) @ TO_BLENDER
    angles = angle_between(from_matrix(relative), worlds)
    places = shown[:, 0, :3, 3] @ TO_BLENDER
    return float(angles.max()), float(np.abs(places - take.sent.root_positions[rows]).max())


def rows_of(times_us: np.ndarray, wanted_us: np.ndarray) -> np.ndarray:
    rows = np.searchsorted(times_us, wanted_us)
    np.testing.assert_array_equal(times_us[rows], wanted_us)
    return rows


def nearest_rows(sent, skeleton: Skeleton, told: dict, key: str) -> np.ndarray:
    """The pose of the take whose hips are nearest to those that were shown."""
    order = list(told["names"]).index("Hips")
    places = told[key][:, order, :3, 3] @ TO_BLENDER
    return np.array([int(np.abs(sent.root_positions - place).sum(axis=1).argmin()) for place in places])


def wait_until_dancing(ear: socket.socket, timeout_s: float) -> None:
    """Until the bridge's dancer is loaded and dances; before, it only stands and breathes."""
    receiver, deadline_s = DanceReceiver(), time.monotonic() + timeout_s
    ear.settimeout(timeout_s)
    while time.monotonic() < deadline_s:
        events = receiver.receive(ear.recv(2000))
        if any(isinstance(event, Status) and event.state == "dancing" for event in events):
            return
    raise AssertionError(f"the bridge did not dance within {timeout_s} s")


def wait_until(condition, timeout_s: float) -> None:
    deadline_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline_s, f"waited {timeout_s} s"
        time.sleep(0.05)


def test_no_version_is_silently_left_out() -> None:
    """Where the environment says that a version must be there (CI does), a missing one is an error, not a skip."""
    for version in os.environ.get("BLENDER_MUST", "").split():
        assert (ROOT / ".venv-blender" / version / "bin" / "python").is_file()
