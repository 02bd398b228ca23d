"""The whole way: real sound, the shipped dancer, the real command, real UDP, an independent receiver.

A performance goes on until its receiver has seen enough of it, and is then ended as Ctrl-C ends it.
"""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pytest

from bridge.cli import main
from bridge.takes.redance import find_dancer, redance
from bridge.takes.take import read_take
from data.formats.sound_file import read_sound, write_sound
from data.music import demo_song
from tests.end_to_end.osc_receiver import RATE_HZ, OscReceiver, OscReceivers, lost_at, port_of
from tests.end_to_end.performing import end, performing
from tests.sound_card import DEVICE, missing_part, running_sound_card
from tests.waiting import GENEROUS_S, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("warm_children")]

ALONE = ("--control", "None", "--stage", "None")


def targets(dance: OscReceiver, vmc: OscReceiver) -> tuple[str, ...]:
    return "--target", f"dance:127.0.0.1:{dance.port}", f"vmc:127.0.0.1:{vmc.port}"


def assert_a_body(receiver: OscReceiver) -> None:
    """Every frame that arrived shows a body on the floor: unit quaternions, hips between 0.2 and 1.4 m."""
    poses = receiver.poses()
    np.testing.assert_allclose(np.linalg.norm(poses.rotations, axis=-1), 1, atol=1e-3)
    assert poses.roots[:, 1].min() > 0.2
    assert poses.roots[:, 1].max() < 1.4
    assert np.isfinite(poses.roots).all()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, OscReceiver, OscReceiver]:
    """A demo of twelve seconds or more of dance: summary, the receiver of our protocol and of VMC."""
    folder = tmp_path_factory.mktemp("demo")
    summary, kept, output = folder / "demo.json", folder / "takes", folder / "output.txt"
    with (
        OscReceivers(2) as (dance, vmc),
        performing(
            output, "demo", "--record", "--json", str(summary), "--takes", str(kept), *ALONE, *targets(dance, vmc)
        ) as process,
    ):
        dance.wait_for_poses(12 * RATE_HZ, "dancing")
        end(process, output)
    return json.loads(summary.read_text()), dance, vmc


@pytest.mark.realtime
def test_the_demo_arrives_whole(demo):
    summary, dance, _ = demo
    poses = dance.poses()
    poses.assert_all_arrived(dance)
    assert summary["frames_sent"] >= len(poses.sequences)
    assert summary["first_pose_s"] < summary["ready_s"]  # loading the dancer stops nobody
    assert (poses.states == "loading").sum() > 1
    performs = (poses.states[1:] != "loading") & (poses.states[:-1] != "loading")
    assert poses.ticks_left_out[performs].sum() <= summary["deadlines_missed"]
    assert_a_body(dance)


@pytest.mark.realtime
def test_the_demo_dances_and_never_stops(demo):
    """Where poses are the dancer's and none is missing, they move; where some are, the figure is not held for long."""
    summary, dance, _ = demo
    poses = dance.poses()
    take = read_take(Path(summary["take"]))
    steps = dict(zip(take.sent.sequence.tolist(), take.sent.index.tolist(), strict=True))
    index = np.array([steps[number] for number in poses.sequences.tolist()])
    follows = (np.diff(index) == 1) & (index[:-1] >= 0)  # the dancer's next pose, shown at the next tick
    turning = poses.turning_rad_s
    dancing = follows & (poses.states[1:] == "dancing")
    assert turning[dancing].mean() > 0.3  # a standing, breathing figure turns its bones by about 0.01 rad/s
    assert poses.longest_repeat_s() <= 0.5
    whole = np.convolve(dancing, np.ones(15), "valid") == 15
    half_seconds = np.convolve(turning, np.ones(15) / 15, "valid")[whole]
    assert half_seconds.min(initial=np.inf) > 0.02


@pytest.mark.realtime
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


@pytest.mark.realtime
def test_before_the_dance_the_figure_stands_and_breathes(demo):
    _, dance, _ = demo
    poses = dance.poses()
    first = poses.rotations[0]
    assert not np.allclose(first, [0, 0, 0, 1], atol=0.05)  # no T-pose
    assert poses.longest_repeat_s() <= 0.5


@pytest.mark.realtime
def test_vmc_tells_the_same_dance_in_unity_axes(demo):
    summary, dance, vmc = demo
    times = vmc.messages("/VMC/Ext/T")
    oks = vmc.messages("/VMC/Ext/OK")
    assert all(message.params == [1, 3, 0, 1] for _, message in oks[:50])
    own = dance.poses()
    heads = np.array([m.params[4:] for _, m in vmc.messages("/VMC/Ext/Bone/Pos") if m.params[0] == "Head"])
    skeleton = {m.params[2]: m.params[1] for _, m in dance.messages("/dance/skeleton")}
    flipped = own.rotations[:, skeleton["Head"]] * [1, -1, -1, 1]
    assert summary["frames_sent"] - len(times) <= vmc.num_lost
    if dance.num_lost == vmc.num_lost == 0:
        np.testing.assert_allclose(heads, flipped, atol=1e-6)


@pytest.mark.realtime
def test_the_demo_tells_of_beat_sound_latency_and_state(demo):
    _, dance, _ = demo
    beats = [m.params for _, m in dance.messages("/dance/beat")]
    late = [bpm for _, bpm, _, _ in beats[len(beats) // 2 :]]
    assert 116 * 0.97 < np.median(late) < 116 * 1.03  # the demo song's tempo
    assert max(m.params[0] for _, m in dance.messages("/dance/audio")) > 0.01
    for _, message in dance.messages("/dance/latency"):
        assert sum(message.params[:4]) == pytest.approx(message.params[4], rel=1e-4)
        assert min(message.params) >= 0
    assert {"dancing"} <= {m.params[0] for _, m in dance.messages("/dance/status")}


def test_the_same_seed_and_song_give_the_same_dance(tmp_path):
    samples, rate = read_sound(demo_song())
    song = tmp_path / "song.wav"
    write_sound(song, samples[: 3 * rate], rate)
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        main(["generate", str(song), "-o", str(tmp_path / f"{name}.bvh"), "--seed", str(seed)])
    a, b, c = ((tmp_path / f"{name}.bvh").read_text() for name in "abc")
    assert a == b
    assert a != c


@pytest.mark.realtime
@pytest.mark.soundcard
def test_sound_from_a_sound_card_is_danced_to(tmp_path):
    """Music played into a software sound card moves the dancer; the silence before and after does not."""
    if (missing := missing_part()) is not None:
        pytest.skip(missing)
    samples, rate = read_sound(demo_song())
    song, summary, output = tmp_path / "song.wav", tmp_path / "card.json", tmp_path / "output.txt"
    write_sound(song, np.tile(samples, int(2 * GENEROUS_S * rate / len(samples)) + 1), rate)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_sound_card(Path(folder)) as card,
        OscReceivers(2) as (dance, vmc),
        performing(
            output,
            *("perform", "--input", DEVICE, "--json", str(summary), "--no-record", *ALONE, *targets(dance, vmc)),
            environment=card.environment,
        ) as process,
    ):
        dance.wait_for_state("idle")
        dance.wait_for_poses(2 * RATE_HZ, "idle")
        num_before = len(dance.poses().sequences)
        with card.play(song, latency_ms=200) as player:
            dance.wait_for_poses(7 * RATE_HZ, "dancing")
            player.terminate()
        dance.wait_for_state("idle")
        dance.wait_for_poses(3 * RATE_HZ, "idle")
        end(process, output)
    poses = dance.poses()
    assert_a_body(dance)
    turning, states = poses.turning_rad_s, poses.states[1:]
    number = np.arange(len(states))
    begin, *_, last = np.flatnonzero(states == "dancing")
    assert begin >= num_before - 1, "it danced before there was music"
    rests = np.convolve(states == "idle", np.ones(RATE_HZ // 2), "full")[: len(states)] == RATE_HZ // 2
    playing = (states == "dancing") & (number > begin + RATE_HZ)  # once it has risen to the dance
    before, after = rests & (number < begin), rests & (number > last)
    assert after.any()
    assert turning[playing].mean() > 5 * turning[before].mean()
    assert turning[playing].mean() > 5 * turning[after].mean()
    assert json.loads(summary.read_text())["frames_sent"] > 0


@pytest.mark.realtime
def test_ctrl_c_ends_with_the_summary(tmp_path):
    output = tmp_path / "output.txt"
    with (
        OscReceivers(2) as (dance, vmc),
        performing(output, "demo", "--seconds", "600", "--no-record", *ALONE, *targets(dance, vmc)) as process,
    ):
        wait_until(lambda: len(dance.received) >= 60, "the first poses")
        printed = end(process, output)
    assert "Traceback" not in printed
    assert "frames" in printed


@pytest.mark.realtime
@pytest.mark.skipif(shutil.which("oscdump") is None, reason="oscdump is not installed (apt install liblo-tools)")
def test_liblo_reads_the_dance(tmp_path):
    """liblo's oscdump, a decoder in C by other people, prints every pose of a short demo."""
    printed, summary, output = tmp_path / "oscdump.txt", tmp_path / "demo.json", tmp_path / "output.txt"
    with (
        OscReceivers(1) as (other,),
        printed.open("wb") as lines,  # not a pipe: nobody would empty it while the demo runs
        subprocess.Popen(["oscdump", "-L", "0"], stdout=lines) as dump,
    ):
        try:
            port = port_of(dump)
            receivers = ("--target", f"vmc:127.0.0.1:{port}", f"dance:127.0.0.1:{other.port}")
            with performing(output, "demo", "--json", str(summary), "--no-record", *ALONE, *receivers) as process:
                other.wait_for_poses(2 * RATE_HZ, "dancing")
                end(process, output)
            sent = json.loads(summary.read_text())["frames_sent"]
            wait_until(lambda: printed_frames(printed) >= sent - lost_at(port), "oscdump to print every pose")
            lost = lost_at(port)
        finally:
            dump.kill()
    assert sent - lost <= printed_frames(printed) <= sent
    bones = sum("/VMC/Ext/Bone/Pos sfffffff" in line for line in printed.read_text(errors="replace").splitlines())
    assert bones <= 19 * sent
    assert bones == 19 * sent or lost


def printed_frames(file: Path) -> int:
    return sum("/VMC/Ext/T " in line for line in file.read_text(errors="replace").splitlines())
