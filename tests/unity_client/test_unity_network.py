"""The bridge's dance over a bad network to the C# receiver, which shows it smoothly.

`bad_network` has 20 ms of jitter either way, 2 % of loss, disorder, and a stall of two seconds. What the receiver
showed at 90 pictures a second is compared with what was sent.

The bounds are judged in simulated time: the shipped dancer's dance leaves on time, each datagram is delayed or lost,
and the receiver draws on time, however busy this machine is. The same parts then run live, the bridge on one machine
and the receiver on another, which are network namespaces. That proves that they work together. Its figures are printed,
and judged only by `TRANSFLOWER_NETWORK_S=60 pytest -s`, which is meant for a machine that is left alone, without `-n`.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pythonosc.osc_message import OscMessage

from bridge.dancer.dancer_file import DancerFile
from bridge.engine.offline import dance
from bridge.wire.dance_protocol import DanceEncoder
from bridge.wire.pose_frame import PoseFrame
from data.formats.sound_file import read_sound
from data.motion.rotations import angle_between, slerp
from data.music import demo_song
from tests.end_to_end.two_machines import ADDRESSES, Machine, missing_part, two_machines
from tests.unity_client.bad_network import BadNetwork, read_records, record
from tests.unity_client.csharp import PACKAGE, ROOT, compile_csharp, needs_mono
from tests.waiting import GENEROUS_S

pytestmark = [needs_mono, pytest.mark.slow]

SECONDS = 10.0
LIVE_S = float(os.environ.get("TRANSFLOWER_NETWORK_S", "6"))
IS_JUDGED = LIVE_S >= 60.0 and "PYTEST_XDIST_WORKER" not in os.environ
FRAME_HZ = 30
DISPLAY_HZ = 90
STALLED_S = 2.0
RESYNC_S = 0.3
LEARNING_S = 2.0
"""How long the receiver may learn the network."""
BACK_RAD = 0.1
"""So near to the dance a bone is where it belongs: what 30 frames a second and gliding over losses leave open."""


def stall_of(seconds: float) -> tuple[float, float]:
    """From when to when nothing passes in a night of this length; poses come a little before or after those moments."""
    begin_s = 0.6 * seconds + 0.01
    return begin_s, begin_s + STALLED_S


def human_bones() -> list[str]:
    """Names in the order of the receiver."""
    text = (PACKAGE / "Runtime/Core/HumanBones.cs").read_text(encoding="utf-8")
    return re.findall(r'"(\w+)"', text[text.index("string[] Names") : text.index("};")])


@dataclass(frozen=True)
class Night:
    """What was sent, what came through, and what was shown.

    Attributes:
        summary: What the receiver counted.
        stall_s: Between which seconds after the first pose nothing passed.
        sent_s: When the network took each pose in, and let it through (NaN: lost), (poses, 2).
        times_us: Of the sender's clock, (poses,).
        hips: In Unity's axes, (poses, 3).
        rotations: In Unity's axes, of the stream's bones, (poses, bones, 4).
        pictures: Rows of the receiver, without bones, (pictures, 8).
        shown: Rotations of the stream's bones, (pictures, bones, 4).
    """

    summary: dict[str, Any]
    stall_s: tuple[float, float]
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

    def errors_rad(self) -> np.ndarray:
        """How far the farthest bone of each picture is from the dance at the moment that it shows, (pictures,)."""
        return angle_between(self.shown, self.dance_at(self.pictures[:, 2])).max(axis=1)


@pytest.fixture(scope="module")
def probe(core_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("probe")
    shutil.copy(core_library, folder)
    source = ROOT / "tests/unity_client/probe/StreamProbe.cs"
    return compile_csharp(folder / "StreamProbe.exe", [source], [core_library])


@pytest.fixture(scope="module")
def night(probe: Path, tmp_path_factory: pytest.TempPathFactory) -> Night:
    """A performance over the bad network, in simulated time."""
    folder = tmp_path_factory.mktemp("simulated")
    samples, rate = read_sound(demo_song())
    motion = dance(DancerFile.open().load_engine(device="cpu"), samples[: round(SECONDS * rate)], rate)
    encoder, network, begin_s = DanceEncoder(motion.skeleton), BadNetwork(1, stall_of(SECONDS)), 1000.0
    records = []
    for index, (root, rotations) in enumerate(zip(motion.root_positions, motion.rotations, strict=True)):
        tick_s = begin_s + index / FRAME_HZ
        datagrams = encoder.encode(PoseFrame(index, round(tick_s * 1e6), root, rotations))
        if index % FRAME_HZ == 0:
            datagrams = [*datagrams, *encoder.encode_skeleton()]
        records += [record(tick_s, network.leaves_s(datagram, tick_s), datagram) for datagram in datagrams]
    (folder / "sent").write_bytes(b"".join(records))
    arguments = "replay", str(DISPLAY_HZ), str(SECONDS - 0.5), str(folder / "shown"), str(folder / "sent")
    done = subprocess.run(["mono", str(probe), *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return read_night(folder, json.loads(done.stdout), stall_of(SECONDS))


@pytest.fixture(scope="module")
def live_night(probe: Path, tmp_path_factory: pytest.TempPathFactory) -> Night:
    """A performance over the bad network by the clock; without the rights to make two machines all of it is on one."""
    folder = tmp_path_factory.mktemp("network")
    on_stage: Machine = ()
    at_home: Machine = ()
    address = "127.0.0.1"
    with ExitStack() as stack:
        if (missing := missing_part()) is None:
            on_stage, at_home = stack.enter_context(two_machines())
            address = ADDRESSES[1]
        else:
            print(f"all of it runs on this machine's loopback: {missing}")

        def start(*command: str, **pipes: Any) -> subprocess.Popen[str]:
            process = stack.enter_context(subprocess.Popen(command, cwd=ROOT, text=True, **pipes))
            stack.callback(process.kill)
            return process

        arguments = "live", str(DISPLAY_HZ), str(round(FRAME_HZ * LIVE_S)), str(folder / "shown")
        receiver = start(*at_home, "mono", str(probe), *arguments, stdout=subprocess.PIPE)
        outlet = receiver.stdout.readline().split()[1]
        stall = [str(second) for second in stall_of(LIVE_S)]
        network = start(
            *(*at_home, sys.executable, "-m", "tests.unity_client.bad_network", address),
            *(f"127.0.0.1:{outlet}", str(folder / "sent"), "--stall", *stall),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        inlet = int(network.stdout.readline())
        bridge = start(
            *(*on_stage, sys.executable, "-m", "bridge.cli", "demo", "--quiet", "--no-aloud", "--no-record"),
            *("--control", "None", "--stage", "None", "--target", f"dance:{address}:{inlet}"),
            stdout=subprocess.DEVNULL,
        )
        summary = json.loads(receiver.communicate(timeout=LIVE_S + 4 * GENEROUS_S)[0])
        assert bridge.poll() is None, "the bridge ended by itself"
        bridge.terminate()
        assert bridge.wait(2 * GENEROUS_S) == 0
        network.communicate(timeout=GENEROUS_S)
    return read_night(folder, summary, stall_of(LIVE_S))


def read_night(folder: Path, summary: dict[str, Any], stall_s: tuple[float, float]) -> Night:
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
        stall_s,
        np.array([pose[:2] for pose in poses]),
        np.array([pose[2] for pose in poses], np.float64),
        values[:, :3] * [-1, 1, 1],
        values[:, 3:].reshape(len(values), -1, 4) * [1, -1, -1, 1],
        rows[:, :8],
        rows[:, 8:].reshape(-1, 55, 4)[:, bones],
    )


def assert_bad(night: Night) -> None:
    """The network lost, delayed and reordered, and the receiver refused nothing and took the stream for one."""
    seconds = night.sent_s[:, 0] - night.sent_s[0, 0]
    outside = (seconds < night.stall_s[0]) | (seconds > night.stall_s[1])
    lost = np.isnan(night.sent_s[:, 1])
    delays_ms = 1e3 * (night.sent_s[~lost, 1] - night.sent_s[~lost, 0])
    left = night.sent_s[~lost, 1]
    print(
        f"\nMEASURED network: {len(left)} of {len(lost)} poses came through, {lost[outside].mean():.1%} lost outside "
        f"of the stall, delays {delays_ms.min():.0f} to {delays_ms.max():.0f} ms, {np.sum(np.diff(left) < 0)} overtaken"
    )
    assert delays_ms.max() > 35
    assert np.sum(np.diff(left) < 0) > 1
    assert lost[~outside].all()
    assert night.summary["refused"] == 0


def assert_smooth(night: Night, judges: bool = True) -> None:
    """No bone turns faster than the stated bound; see the test."""
    now_s, passed_s = night.pictures[:, 0] * 1e-6, night.pictures[:, 1]
    turned = angle_between(night.shown[1:], night.shown[:-1]).max(axis=1) / passed_s[1:]
    danced = angle_between(night.rotations[1:], night.rotations[:-1]).max(axis=1) / (np.diff(night.times_us) * 1e-6)
    stall = night.sent_s[0, 0] + np.array(night.stall_s)
    calm = ((now_s < stall[0]) | (now_s > stall[1] + 0.045 + 0.04 + RESYNC_S)) & (now_s > now_s[0] + LEARNING_S)
    moved = np.linalg.norm(np.diff(night.pictures[:, 5:8], axis=0), axis=1) / passed_s[1:]
    errors = night.errors_rad()[calm]
    p50, p99 = np.degrees(np.percentile(errors, [50, 99]))
    print(
        f"\nMEASURED motion: largest turn at 90 Hz {turned[calm[1:]].max() / 90:.3f} rad a picture, the dance's own "
        f"{danced.max() / 90:.3f}; around the stall {turned.max() / 90:.3f}; hips {moved.max():.1f} m/s; "
        f"from the dance p50 {p50:.3f}, p99 {p99:.1f}, max {np.degrees(errors.max()):.1f} degrees"
    )
    if judges:
        assert turned[calm[1:]].max() <= 1.5 * danced.max()
        assert turned.max() <= max(25.0, 1.5 * danced.max())
        assert moved.max() <= 8.0
        assert p99 < 10


def assert_in_time(night: Night, most_ms: float) -> None:
    """The play-out delay is what the network asks for."""
    delays_ms = night.pictures[DISPLAY_HZ * int(LEARNING_S) :, 4]
    frames = night.pictures[:, 3]
    print(
        f"\nMEASURED added latency: {np.median(delays_ms):.0f} ms ({delays_ms.min():.0f} to {delays_ms.max():.0f}), "
        f"a frame of 33 ms among it; between two frames in {np.mean(frames == 1):.1%} of pictures, the stall included; "
        f"{night.summary}"
    )
    assert np.median(delays_ms) < most_ms


def back_s(night: Night) -> float:
    """How long after the first pose that came through after the stall the receiver shows the dance again."""
    now_s, through_s = night.pictures[:, 0] * 1e-6, night.sent_s[:, 1]
    first_s = through_s[through_s > night.sent_s[0, 0] + night.stall_s[1]].min()
    errors = night.errors_rad()
    second = (now_s > first_s) & (now_s < first_s + 1.0)
    back = float(now_s[second][np.flatnonzero(errors[second] > BACK_RAD).max(initial=-1) + 1] - first_s)
    print(f"\nMEASURED resynchronised {1e3 * back:.0f} ms after the first pose that came through")
    return back


def test_the_network_was_as_bad_as_it_should_be(night: Night) -> None:
    assert_bad(night)
    assert len(night.sent_s) == FRAME_HZ * SECONDS
    assert night.summary["restarts"] == 0


def test_no_bone_steps_further_than_the_dance_does(night: Night) -> None:
    """The stated bound: at 90 Hz no bone turns in a picture by more than 1.5 times the dance's largest turn in one.

    It holds outside of the stall and the third of a second in which that is made up for; there the bound is 25 rad/s,
    and in the whole night 8 m/s for the hips, which is what the bridge itself holds.
    """
    assert_smooth(night)


def test_the_added_latency_is_what_the_jitter_asks_for(night: Night) -> None:
    assert_in_time(night, 33 + 40 + 45)  # a frame, the jitter, the overtaken
    assert night.summary["allocated_bytes"] == 0


def test_after_a_stall_of_two_seconds_it_is_back_within_three_tenths(night: Night) -> None:
    assert back_s(night) < RESYNC_S


@pytest.mark.realtime
def test_bridge_network_and_receiver_work_together_live(live_night: Night) -> None:
    """What came through is shown again after the stall, by parts that meet at real sockets, on two machines."""
    night = live_night
    assert_bad(night)
    assert night.summary["allocated_bytes"] == 0
    assert night.summary["frames"] >= FRAME_HZ * LIVE_S
    np.testing.assert_allclose(np.linalg.norm(night.shown, axis=-1), 1, atol=1e-3)
    after_s = night.sent_s[0, 0] + night.stall_s[1]
    near = night.errors_rad() < BACK_RAD
    assert near[night.pictures[:, 0] * 1e-6 > after_s].any(), "the dance was not shown again after the stall"
    assert_smooth(night, IS_JUDGED)
    if IS_JUDGED:
        assert_in_time(night, 33 + 40 + 45 + 32)  # and what this machine adds
        assert back_s(night) < RESYNC_S
        assert night.summary["restarts"] == 0
