"""The whole way: real sound, the shipped dancer, the real command, real UDP, an independent receiver."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

from bridge.takes.redance import find_dancer, redance
from bridge.takes.take import read_take
from data.music import demo_song
from data.sound_file import read_sound, write_sound
from tests.end_to_end.witness import Witness, Witnesses
from tests.sound_card import DEVICE, missing_part, running_sound_card

pytestmark = [pytest.mark.realtime, pytest.mark.slow]

RATE_HZ = 30


def transflower(*arguments: str) -> list[str]:
    """The command line of ``transflower`` in this environment."""
    return [sys.executable, "-m", "bridge.cli", *arguments]


def perform(witnesses: list[Witness], summary: Path, *arguments: str, **options) -> dict:
    """Runs a performance to its end and returns its summary."""
    targets = ("--target", f"dance:127.0.0.1:{witnesses[0].port}", f"vmc:127.0.0.1:{witnesses[1].port}")
    kept = ("--takes", str(summary.parent / "takes"), "--control", "None", "--stage", "None")
    command = transflower(*arguments, "--json", str(summary), *targets, *kept)
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, **options)
    assert done.returncode == 0, done.stderr
    return json.loads(summary.read_text())


def assert_a_body(witness: Witness) -> None:
    """Every frame that arrived shows a body on the floor: unit quaternions, hips between 0.2 and 1.4 m."""
    poses = witness.poses()
    np.testing.assert_allclose(np.linalg.norm(poses.rotations, axis=-1), 1, atol=1e-3)
    assert poses.roots[:, 1].min() > 0.2
    assert poses.roots[:, 1].max() < 1.4
    assert np.isfinite(poses.roots).all()


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Twenty-five seconds of the demo: summary, the witness of our protocol and of VMC."""
    with Witnesses(2) as witnesses:
        summary = perform(witnesses, tmp_path_factory.mktemp("demo") / "demo.json", "demo", "--seconds", "25")
    return summary, *witnesses


def test_the_demo_arrives_whole(demo):
    summary, dance, _ = demo
    poses = dance.poses()
    assert len(poses.sequences) >= 0.99 * summary["frames_sent"]
    assert summary["frames_sent"] >= 0.99 * 25 * RATE_HZ  # loading the dancer stops nobody
    assert (np.diff(poses.sequences) >= 1).all()
    assert_a_body(dance)


def test_the_demo_dances_and_never_stops(demo):
    _, dance, _ = demo
    poses = dance.poses()
    # The song begins at once; the dancer has heard enough of it well before the eighth second.
    dancing = poses.times_s > poses.times_s[0] + 8
    turning = poses.turning_rad_s[dancing[1:]]
    assert turning.mean() > 0.3  # a standing, breathing figure turns its bones by about 0.01 rad/s
    assert poses.longest_repeat_s() <= 0.5
    assert float(np.convolve(turning, np.ones(15) / 15, "valid").min()) > 0.02


def test_the_take_holds_what_arrived_bit_for_bit(demo):
    summary, dance, _ = demo
    take = read_take(Path(summary["take"]))
    arrived = dance.poses()
    assert len(take.sent.sequence) == summary["frames_sent"]
    kept = {number: row for row, number in enumerate(take.sent.sequence.tolist())}
    rows = [kept[number] for number in arrived.sequences.tolist()]
    np.testing.assert_array_equal(take.sent.rotations[rows], arrived.rotations)
    np.testing.assert_array_equal(take.sent.root_positions[rows], arrived.roots)
    engine = find_dancer(take, None).load_engine(device="cpu")
    assert redance(take, engine).first_difference is None


def test_before_the_dance_the_figure_stands_and_breathes(demo):
    _, dance, _ = demo
    poses = dance.poses()
    first = poses.rotations[0]
    assert not np.allclose(first, [0, 0, 0, 1], atol=0.05)  # no T-pose
    assert poses.longest_repeat_s() <= 0.5


def test_vmc_tells_the_same_dance_in_unity_axes(demo):
    summary, dance, vmc = demo
    assert len(vmc.messages("/VMC/Ext/T")) >= 0.99 * summary["frames_sent"]
    oks = vmc.messages("/VMC/Ext/OK")
    assert all(message.params == [1, 3, 0, 1] for _, message in oks[:50])
    own = dance.poses()
    heads = [m.params[4:] for _, m in vmc.messages("/VMC/Ext/Bone/Pos") if m.params[0] == "Head"]
    skeleton = {m.params[2]: m.params[1] for _, m in dance.messages("/dance/skeleton")}
    index = skeleton["Head"]
    count = min(len(heads), len(own.rotations))
    flipped = own.rotations[:count, index] * [1, -1, -1, 1]
    # Frames can be lost on either port; nearly all rows agree when none is.
    if len(heads) == len(own.rotations):
        np.testing.assert_allclose(np.array(heads), flipped, atol=1e-6)


def test_the_demo_tells_of_beat_sound_latency_and_state(demo):
    _, dance, _ = demo
    beats = [m.params for _, m in dance.messages("/dance/beat")]
    late = [bpm for _, bpm, _, _ in beats[len(beats) // 2 :]]
    assert 116 * 0.97 < np.median(late) < 116 * 1.03  # the demo song's tempo
    assert max(m.params[0] for _, m in dance.messages("/dance/audio")) > 0.01
    assert all(m.params[4] < 1000 for _, m in dance.messages("/dance/latency"))
    assert {"dancing"} <= {m.params[0] for _, m in dance.messages("/dance/status")}


def test_the_same_seed_and_song_give_the_same_dance(tmp_path):
    samples, rate = read_sound(demo_song())
    song = tmp_path / "song.wav"
    write_sound(song, samples[: 12 * rate], rate)
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        command = transflower("generate", str(song), "-o", str(tmp_path / f"{name}.bvh"), "--seed", str(seed))
        subprocess.run(command, check=True, capture_output=True, timeout=240)
    a, b, c = ((tmp_path / f"{name}.bvh").read_text() for name in "abc")
    assert a == b
    assert a != c


@pytest.mark.soundcard
def test_sound_from_a_sound_card_is_danced_to(tmp_path):
    """Music played into a software sound card moves the dancer; the silence before and after does not."""
    if (missing := missing_part()) is not None:
        pytest.skip(missing)
    samples, rate = read_sound(demo_song())
    song = tmp_path / "song.wav"
    write_sound(song, samples[: 14 * rate], rate)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_sound_card(Path(folder)) as card,
        Witnesses(2) as (dance, vmc),
    ):
        summary = tmp_path / "card.json"
        command = transflower(
            *("perform", "--input", DEVICE, "--seconds", "32", "--json", str(summary)),
            *("--no-record", "--control", "None", "--stage", "None"),
            *("--target", f"dance:127.0.0.1:{dance.port}", f"vmc:127.0.0.1:{vmc.port}"),
        )
        process = subprocess.Popen(command, env={**os.environ, **card.environment}, stdout=subprocess.DEVNULL)
        wait_for_state(dance, "idle", 30)
        time.sleep(2)
        started_s = time.monotonic()
        assert card.play(song).wait(60) == 0
        ended_s = time.monotonic()
        assert process.wait(120) == 0
    poses = dance.poses()
    assert_a_body(dance)
    middle = 0.5 * (poses.times_s[1:] + poses.times_s[:-1])
    playing = (middle > started_s + 4) & (middle < ended_s - 1)
    before, after = middle < started_s - 0.3, middle > ended_s + 2.5
    assert playing.sum() > 5 * RATE_HZ
    assert after.sum() > 2 * RATE_HZ
    turning = poses.turning_rad_s
    assert turning[playing].mean() > 5 * turning[before].mean()
    assert turning[playing].mean() > 5 * turning[after].mean()
    states = [m.params[0] for _, m in dance.messages("/dance/status")]
    assert states[-1] == "idle"
    assert json.loads(summary.read_text())["frames_sent"] > 0


def wait_for_state(witness: Witness, state: str, timeout_s: float) -> None:
    deadline_s = time.monotonic() + timeout_s
    while time.monotonic() < deadline_s:
        if any(message.params[0] == state for _, message in witness.messages("/dance/status")):
            return
        time.sleep(0.1)
    pytest.fail(f"no /dance/status {state} within {timeout_s} s")


def test_ctrl_c_ends_with_the_summary():
    with Witnesses(2) as (dance, vmc):
        process = subprocess.Popen(
            transflower(
                *("demo", "--seconds", "600", "--no-record", "--control", "None", "--stage", "None"),
                *("--target", f"dance:127.0.0.1:{dance.port}", f"vmc:127.0.0.1:{vmc.port}"),
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline_s = time.monotonic() + 60
        while len(dance.received) < 60 and time.monotonic() < deadline_s:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors
    assert "frames" in output


@pytest.mark.skipif(shutil.which("oscdump") is None, reason="oscdump is not installed (apt install liblo-tools)")
def test_liblo_reads_the_dance(tmp_path):
    """liblo's oscdump, a decoder in C by other people, prints every pose of a short demo."""
    with Witnesses(1) as (free,):
        pass  # a port that was free a moment ago
    printed = tmp_path / "oscdump.txt"  # not a pipe: nobody would empty it while the demo runs
    with Witnesses(1) as (other,), printed.open("wb") as output:
        dump = subprocess.Popen(["oscdump", "-L", str(free.port)], stdout=output)
        try:
            command = transflower(
                *("demo", "--seconds", "8", "--quiet", "--no-record", "--control", "None", "--stage", "None"),
                *("--target", f"vmc:127.0.0.1:{free.port}", f"dance:127.0.0.1:{other.port}"),
            )
            subprocess.run(command, check=True, capture_output=True, timeout=120)
        finally:
            dump.terminate()
            dump.wait(20)
    lines = printed.read_text(errors="replace").splitlines()
    frames = sum("/VMC/Ext/T " in line for line in lines)
    bones = sum("/VMC/Ext/Bone/Pos sfffffff" in line for line in lines)
    assert frames >= 0.9 * 8 * RATE_HZ
    assert abs(bones - 19 * frames) <= 19 * 2
