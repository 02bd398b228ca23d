"""The real bridge dances over a bad network to the C# receiver, which shows it smoothly.

The bridge runs on one machine and the receiver on another, which are network namespaces; between them stands
`bad_network` with 20 ms of jitter either way, 2 % of loss, disorder, and a stall of two seconds. What the receiver
showed at 90 pictures a second is compared with what the bridge sent. `TRANSFLOWER_NETWORK_S=60 pytest -s` measures a
minute.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pythonosc.osc_message import OscMessage

from data.music import demo_song
from data.rotations import angle_between, slerp
from data.sound_file import read_sound, write_sound
from tests.unity_client.bad_network import read_records
from tests.unity_client.csharp import PACKAGE, ROOT, compile_csharp, needs_mono

pytestmark = [needs_mono, pytest.mark.realtime, pytest.mark.slow]

SECONDS = float(os.environ.get("TRANSFLOWER_NETWORK_S", "16"))
DISPLAY_HZ = 90
STALL_S = (0.6 * SECONDS, 0.6 * SECONDS + 2.0)
RESYNC_S = 0.3
LEARNING_S = 2.0
"""How long the receiver may learn the network."""
BACK_RAD = 0.1
"""So near to the dance a bone is where it belongs: what 30 frames a second and gliding over losses leave open."""
Machines = tuple[list[str], list[str], str]
"""How to run a program on either machine, and the second one's address."""


def human_bones() -> list[str]:
    """Names in the order of the receiver."""
    text = (PACKAGE / "Runtime/Core/HumanBones.cs").read_text(encoding="utf-8")
    return re.findall(r'"(\w+)"', text[text.index("string[] Names") : text.index("};")])


@pytest.fixture(scope="module")
def machines() -> Iterator[Machines]:
    """Two, joined by a cable; without the rights to make them both are this one."""
    names = f"dance{os.getpid()}a", f"dance{os.getpid()}b"
    ends = [f"d{os.getpid() % 10**6}{letter}" for letter in "ab"]

    def run(*command: str) -> bool:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    with ExitStack() as stack:
        made = shutil.which("ip") is not None
        for name in names:
            made = made and run("ip", "netns", "add", name)
            stack.callback(run, "ip", "netns", "del", name)
        pair = (
            "ip",
            "link",
            "add",
            ends[0],
            "netns",
            names[0],
            "type",
            "veth",
            "peer",
            "name",
            ends[1],
            "netns",
            names[1],
        )
        made = made and run(*pair)
        for index, (name, end) in enumerate(zip(names, ends, strict=True)):
            made = made and run("ip", "-n", name, "addr", "add", f"10.79.0.{index + 1}/24", "dev", end)
            made = made and run("ip", "-n", name, "link", "set", "lo", "up")
            made = made and run("ip", "-n", name, "link", "set", end, "up")
        if made:
            yield ["ip", "netns", "exec", names[0]], ["ip", "netns", "exec", names[1]], "10.79.0.2"
        else:
            print("no network namespaces here: all of it runs on this machine's loopback")
            yield [], [], "127.0.0.1"


@dataclass(frozen=True)
class Night:
    """What was sent, what came through, and what was shown.

    Attributes:
        summary: What the receiver counted.
        sent_s: When the network took each pose in, and let it through (NaN: lost), (poses, 2).
        times_us: Of the sender's clock, (poses,).
        hips: In Unity's axes, (poses, 3).
        rotations: In Unity's axes, of the stream's bones, (poses, bones, 4).
        pictures: Rows of the receiver, without bones, (pictures, 8).
        shown: Rotations of the stream's bones, (pictures, bones, 4).
    """

    summary: dict[str, Any]
    sent_s: np.ndarray
    times_us: np.ndarray
    hips: np.ndarray
    rotations: np.ndarray
    pictures: np.ndarray
    shown: np.ndarray

    def dance_at(self, times_us: np.ndarray) -> np.ndarray:
        """The rotations of the dance itself at moments of the sender's clock, (moments, bones, 4)."""
        after = np.clip(np.searchsorted(self.times_us, times_us), 1, len(self.times_us) - 1)
        span = self.times_us[after] - self.times_us[after - 1]
        weight = np.clip((times_us - self.times_us[after - 1]) / span, 0, 1)
        return slerp(self.rotations[after - 1], self.rotations[after], weight[:, np.newaxis])


@pytest.fixture(scope="module")
def night(
    machines: tuple[list[str], list[str], str], core_library: Path, tmp_path_factory: pytest.TempPathFactory
) -> Night:
    """One performance over the bad network."""
    on_stage, at_home, address = machines
    folder = tmp_path_factory.mktemp("network")
    shutil.copy(core_library, folder)
    probe = compile_csharp(
        folder / "StreamProbe.exe", [ROOT / "tests/unity_client/probe/StreamProbe.cs"], [core_library]
    )
    samples, rate = read_sound(demo_song())
    song = folder / "song.wav"
    write_sound(song, np.tile(samples, 2)[: round((SECONDS + 8) * rate)], rate)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        inlet = free.getsockname()[1]
    with ExitStack() as stack:

        def start(*command: str, **pipes: Any) -> subprocess.Popen[str]:
            process = stack.enter_context(subprocess.Popen(command, cwd=ROOT, text=True, **pipes))
            stack.callback(process.kill)
            return process

        receiver = start(
            *at_home,
            "mono",
            str(probe),
            "0",
            str(DISPLAY_HZ),
            str(SECONDS),
            str(folder / "shown"),
            stdout=subprocess.PIPE,
        )
        outlet = receiver.stdout.readline().split()[1]
        stall = [str(second) for second in STALL_S]
        network = start(
            *(*at_home, sys.executable, "-m", "tests.unity_client.bad_network", f"{address}:{inlet}"),
            *(f"127.0.0.1:{outlet}", str(folder / "sent"), "--stall", *stall),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert network.stdout.readline() == "ready\n"
        bridge = start(
            *(*on_stage, sys.executable, "-m", "bridge.cli", "perform", "--file", str(song), "--no-aloud", "--quiet"),
            *("--no-record", "--control", "None", "--stage", "None", "--target", f"dance:{address}:{inlet}"),
            stdout=subprocess.DEVNULL,
        )
        summary = json.loads(receiver.communicate(timeout=SECONDS + 240)[0])
        bridge.terminate()
        bridge.wait(120)
        network.communicate(timeout=60)
    return read_night(folder, summary)


def read_night(folder: Path, summary: dict[str, Any]) -> Night:
    names: dict[int, str] = {}
    poses = []
    for arrival_s, leaves_s, datagram in read_records(folder / "sent"):
        if datagram.startswith(b"/dance/pose"):
            _sequence, time_us, _skeleton, blob = OscMessage(datagram).params
            poses.append((arrival_s, leaves_s, time_us, np.frombuffer(blob, ">f4").astype(np.float64)))
        for bone in re.finditer(rb",iisifff\0\0\0\0.{4}(.{4})(\w+)\0", datagram, re.DOTALL):
            names[int.from_bytes(bone[1], "big")] = bone[2].decode()
    values = np.stack([pose[3] for pose in poses])
    rows = np.fromfile(folder / "shown").reshape(-1, 8 + 4 * 55)
    bones = [human_bones().index(names[index]) for index in range(len(names))]
    return Night(
        summary,
        np.array([pose[:2] for pose in poses]),
        np.array([pose[2] for pose in poses], np.float64),
        values[:, :3] * [-1, 1, 1],
        values[:, 3:].reshape(len(values), -1, 4) * [1, -1, -1, 1],
        rows[:, :8],
        rows[:, 8:].reshape(-1, 55, 4)[:, bones],
    )


def test_the_network_was_as_bad_as_it_should_be(night: Night) -> None:
    seconds = night.sent_s[:, 0] - night.sent_s[0, 0]
    outside = (seconds < STALL_S[0]) | (seconds > STALL_S[1])
    lost = np.isnan(night.sent_s[:, 1])
    delays_ms = 1e3 * (night.sent_s[~lost, 1] - night.sent_s[~lost, 0])
    left = night.sent_s[~lost, 1]
    print(
        f"\nMEASURED network: {len(left)} of {len(lost)} poses came through, {lost[outside].mean():.1%} lost outside "
        f"of the stall, delays {delays_ms.min():.0f} to {delays_ms.max():.0f} ms, {np.sum(np.diff(left) < 0)} overtaken"
    )
    assert len(lost) > 0.8 * 30 * SECONDS
    assert delays_ms.max() > 35
    assert lost[~outside].all()
    assert night.summary["refused"] == 0
    assert night.summary["restarts"] == 0


def test_no_bone_steps_further_than_the_dance_does(night: Night) -> None:
    """The stated bound: at 90 Hz no bone turns in a picture by more than 1.5 times the dance's largest turn in one.

    A picture that a busy machine draws late has more time to turn in; so speeds are compared. It holds outside of the
    stall and the third of a second in which that is made up for; there the bound is 25 rad/s, and in the whole night
    8 m/s for the hips, which is what the bridge itself holds.
    """
    now_s, passed_s, play_us = night.pictures[:, 0] * 1e-6, night.pictures[:, 1], night.pictures[:, 2]
    turned = angle_between(night.shown[1:], night.shown[:-1]).max(axis=1) / passed_s[1:]
    dance = night.dance_at(play_us)
    danced = angle_between(night.rotations[1:], night.rotations[:-1]).max(axis=1) / (np.diff(night.times_us) * 1e-6)
    stall = night.sent_s[0, 0] + np.array(STALL_S)
    calm = ((now_s < stall[0]) | (now_s > stall[1] + 0.045 + 0.04 + RESYNC_S)) & (now_s > now_s[0] + LEARNING_S)
    moved = np.linalg.norm(np.diff(night.pictures[:, 5:8], axis=0), axis=1) / passed_s[1:]
    errors = angle_between(night.shown, dance).max(axis=1)[calm]
    p50, p99 = np.degrees(np.percentile(errors, [50, 99]))
    print(
        f"\nMEASURED motion: largest turn at 90 Hz {turned[calm[1:]].max() / 90:.3f} rad a picture, the dance's own "
        f"{danced.max() / 90:.3f}; around the stall {turned.max() / 90:.3f}; hips {moved.max():.1f} m/s; "
        f"from the dance p50 {p50:.3f}, p99 {p99:.1f}, max {np.degrees(errors.max()):.1f} degrees"
    )
    assert turned[calm[1:]].max() <= 1.5 * danced.max()
    assert turned.max() <= max(25.0, 1.5 * danced.max())
    assert moved.max() <= 8.0
    assert p99 < 10


def test_the_added_latency_is_what_the_jitter_asks_for(night: Night) -> None:
    delays_ms = night.pictures[DISPLAY_HZ * int(LEARNING_S) :, 4]
    frames = night.pictures[:, 3]
    print(
        f"\nMEASURED added latency: {np.median(delays_ms):.0f} ms ({delays_ms.min():.0f} to {delays_ms.max():.0f}), "
        f"a frame of 33 ms among it; between two frames in {np.mean(frames == 1):.1%} of pictures, the stall included; "
        f"{night.summary}"
    )
    assert np.median(delays_ms) < 33 + 40 + 45 + 32  # a frame, the jitter, the overtaken; and what a busy machine adds
    assert night.summary["allocated_bytes"] == 0


def test_after_a_stall_of_two_seconds_it_is_back_within_three_tenths(night: Night) -> None:
    now_s, play_us = night.pictures[:, 0] * 1e-6, night.pictures[:, 2]
    through_s = night.sent_s[:, 1]
    first_s = through_s[through_s > night.sent_s[0, 0] + STALL_S[1]].min()
    errors = angle_between(night.shown, night.dance_at(play_us)).max(axis=1)
    second = (now_s > first_s) & (now_s < first_s + 1.0)
    back_s = now_s[second][np.flatnonzero(errors[second] > BACK_RAD).max(initial=-1) + 1] - first_s
    print(f"\nMEASURED resynchronised {1e3 * back_s:.0f} ms after the first pose that came through")
    assert back_s < RESYNC_S
