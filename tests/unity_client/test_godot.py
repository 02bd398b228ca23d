"""Another engine shows our stream: Godot's headless server receives the bridge's VMC, and every bone arrives."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from bridge.wire.receiver import VmcReceiver
from data.humanoid import default_skeleton
from data.music import demo_song
from data.rotations import angle_between
from data.sound_file import read_sound, write_sound
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 5

pytestmark = [
    pytest.mark.realtime,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("godot3-server") is None, reason="Godot is missing (apt install godot3-server)"),
]


def perform(song: Path, *ports: int) -> None:
    """The real bridge dances to a song, with VMC to these ports."""
    command = [
        sys.executable,
        "-m",
        "bridge.cli",
        "perform",
        "--file",
        str(song),
        "--no-aloud",
        "--quiet",
        "--no-record",
    ]
    targets = [f"vmc:127.0.0.1:{port}" for port in ports]
    subprocess.run(
        [*command, "--control", "None", "--stage", "None", "--target", *targets], cwd=ROOT, check=True, timeout=300
    )


def test_every_bone_arrives_in_godot_as_it_was_sent(tmp_path: Path) -> None:
    samples, rate = read_sound(demo_song())
    song = tmp_path / "song.wav"
    write_sound(song, samples[: 2 * SECONDS * rate], rate)
    project = shutil.copytree(Path(__file__).parent / "godot_receiver", tmp_path / "godot")
    port = free_port()
    environment = {**os.environ, "VMC_PORT": str(port), "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    sent = []
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as witness,
        subprocess.Popen(
            ["godot3-server", "--path", str(project)], env=environment, stdout=subprocess.PIPE, text=True
        ) as godot,
    ):
        try:
            assert godot.stdout is not None
            while "listening" not in (line := godot.stdout.readline()):
                assert line, "Godot ended before it listened"
            witness.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            witness.bind(("127.0.0.1", 0))
            witness.settimeout(2)
            bridge = threading.Thread(target=perform, args=(song, port, witness.getsockname()[1]))
            bridge.start()
            while bridge.is_alive() or not sent:
                try:
                    sent.append(witness.recv(65536))
                except TimeoutError:
                    continue
            bridge.join()
            told = json.loads(next(line for line in godot.stdout if line.startswith("{")))
        finally:
            godot.kill()

    names = default_skeleton().names
    receiver = VmcReceiver(names)
    poses = [pose for datagram in sent if (pose := receiver.receive(datagram)) is not None]
    print(f"\nMEASURED Godot {told['engine']}: {told['bones']} of {len(poses)} frames")
    assert set(told["bones"]) == set(names)
    assert min(told["bones"].values()) >= 0.98 * len(poses) > 30 * (SECONDS - 1) * 0.9

    shown = {round(frame[0], 4): frame[1:] for frame in told["frames"]}
    both = [(pose, shown[time_s]) for pose in poses if (time_s := round(pose.time_us * 1e-6, 4)) in shown]
    assert len(both) > 0.9 * len(poses)
    head = names.index("Head")
    for pose, frame in both:
        np.testing.assert_allclose(pose.root_position * [-1, 1, 1], frame[:3], atol=1e-4)
        expected = pose.rotations[head] * [1, -1, -1, 1]
        assert angle_between(expected, np.array(frame[3:])) < 2e-3
