"""Another engine shows our stream: Godot's headless server receives the bridge's VMC, and every bone arrives."""

import json
import os
import shutil
import socket
import subprocess
from pathlib import Path

import numpy as np
import pytest

from bridge.wire.receiver import VmcReceiver
from data.motion.humanoid import default_skeleton
from data.motion.rotations import angle_between
from tests.end_to_end.osc_receiver import RATE_HZ, OscReceivers, lost_at, port_of
from tests.end_to_end.performing import end, performing

pytestmark = [
    pytest.mark.realtime,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("godot3-server") is None, reason="Godot is missing (apt install godot3-server)"),
]


def test_every_bone_arrives_in_godot_as_it_was_sent(tmp_path: Path) -> None:
    project = shutil.copytree(Path(__file__).parent / "godot_receiver", tmp_path / "godot")
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    output = tmp_path / "output.txt"
    with (
        OscReceivers(2) as (dance, vmc),
        subprocess.Popen(
            ["godot3-server", "--path", str(project)], env=environment, stdout=subprocess.PIPE, text=True
        ) as godot,
    ):
        try:
            assert godot.stdout is not None
            while "listening" not in (line := godot.stdout.readline()):
                assert line, "Godot ended before it listened"
            port = port_of(godot)
            receivers = [f"vmc:127.0.0.1:{port}", f"vmc:127.0.0.1:{vmc.port}", f"dance:127.0.0.1:{dance.port}"]
            options = "--no-record", "--control", "None", "--stage", "None", "--target", *receivers
            with performing(output, "demo", *options) as bridge:
                dance.wait_for_poses(4 * RATE_HZ, "dancing")
                end(bridge, output)
            lost = lost_at(port)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                last.sendto(b"end", ("127.0.0.1", port))
            summary = json.loads(next(line for line in godot.stdout if line.startswith("{")))
        finally:
            godot.kill()

    names = default_skeleton().names
    receiver = VmcReceiver(names)
    poses = [pose for _, datagram in vmc.received if (pose := receiver.receive(datagram)) is not None]
    print(f"\nMEASURED Godot {summary['engine']}: {summary['bones']} of {len(poses)} frames")
    assert set(summary["bones"]) == set(names)
    assert min(summary["bones"].values()) >= len(poses) - lost
    assert len(poses) > 4 * RATE_HZ - vmc.num_lost

    frames = np.array(summary["frames"])
    nearest = [int(np.abs(frames[:, 0] - pose.time_us * 1e-6).argmin()) for pose in poses]
    both = [  # Godot writes times with six digits
        (pose, frames[row, 1:])
        for pose, row in zip(poses, nearest, strict=True)
        if abs(frames[row, 0] - pose.time_us * 1e-6) < 2e-3
    ]
    assert len(both) >= len(poses) - lost
    head = names.index("Head")
    for pose, frame in both:
        np.testing.assert_allclose(pose.root_position * [-1, 1, 1], frame[:3], atol=1e-4)
        expected = pose.rotations[head] * [1, -1, -1, 1]
        assert angle_between(expected, frame[3:]) < 2e-3
