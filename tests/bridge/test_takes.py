"""Takes: kept bit for bit, whatever happens to the file, and danced again bit for bit."""

import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from bridge.control.controls import Controls
from bridge.dancer.dancer_file import DancerFile
from bridge.engine.engine import Engine
from bridge.takes.header import TakeHeader, controls_from_json, controls_to_json
from bridge.takes.listing import list_takes
from bridge.takes.recorder import TakeRecorder, open_take
from bridge.takes.redance import find_dancer, redance
from bridge.takes.replay import replay
from bridge.takes.take import Take, read_take
from bridge.takes.take_file import MAGIC, pack_block, read_blocks
from bridge.wire.pose_frame import PoseFrame
from bridge.wire.receiver import DancePose, DanceReceiver
from bridge.wire.target import Target
from bridge.wire.targets import UdpTargets
from data.formats.bvh import read_bvh
from data.formats.motion_file import write_motion
from data.motion.humanoid import default_skeleton
from data.motion.motion import Pose
from data.motion.rotations import angle_between
from tests.bridge.test_outputs import Ear
from tests.program import run_program
from tests.tiny_dancer import write_tiny_dancer

ROOT = Path(__file__).resolve().parents[2]
SKELETON = default_skeleton()
NOW = datetime(2026, 11, 23, 21, 4, 5, tzinfo=UTC)
PERIOD_US = 33_333


@pytest.fixture(scope="module")
def dancer(tmp_path_factory: pytest.TempPathFactory) -> DancerFile:
    return DancerFile.open(write_tiny_dancer(tmp_path_factory.mktemp("dancer") / "tiny.safetensors"))


@pytest.fixture(scope="module")
def engine(dancer: DancerFile) -> Engine:
    return dancer.load_engine(device="cpu")


def controls_at(frame: int) -> Controls:
    """A performer with busy hands."""
    return Controls(
        temperature=1.0 + 0.5 * (frame // 40 % 2),
        style=("HO", None)[frame // 50 % 2],
        seed_pose=(None, "standing later")[frame // 130 % 2],
        idle=frame // 60 % 3 == 2,
        mirror=frame // 70 % 2 == 1,
        freeze=90 <= frame < 100,
        num_resets=frame // 130,
        music_only=False,  # what "sounds" is random numbers
    )


def record(recorder: TakeRecorder, engine: Engine, num_frames: int, fail_at: tuple[int, ...] = ()) -> list[Pose]:
    """A performance without threads: real features' numbers, real engine; two of its poses are never sent."""
    rng = np.random.default_rng(5)
    state = engine.initial_state(3)
    poses = []
    step = engine.dancer.step
    for frame in range(num_frames):
        features = rng.standard_normal(engine.music_dims).astype(np.float32)
        level_dbfs = -20.0 if frame % 200 < 150 else -90.0
        controls = controls_at(frame)
        failed = False
        if frame in fail_at:
            engine.dancer.step = _raise  # type: ignore[method-assign]
        try:
            pose, state = engine.step(features, level_dbfs, state, controls)
        except MemoryError:
            failed = True
            pose, state = engine.step(features, level_dbfs, engine.give_up_dancer(state), controls)
        finally:
            engine.dancer.step = step  # type: ignore[method-assign]
        recorder.record_step(frame, features, level_dbfs, controls, failed, pose)
        if frame == 20:
            recorder.mark(True, frame * PERIOD_US)
        if frame == 50:
            recorder.mark(False, frame * PERIOD_US)
        if frame not in (30, 31):
            shown = Pose(pose.root_position + np.float32(0.001 * (frame == 10)), pose.rotations)
            sent = PoseFrame(len(poses), frame * PERIOD_US, shown.root_position, shown.rotations)
            recorder.record_sent(sent, -1 if frame == 11 else frame, "dancing" if state.dance else "idle")
            poses.append(shown)
    return poses


def _raise(*_: object) -> None:
    raise MemoryError("the card is full")


@pytest.fixture(scope="module")
def take_and_poses(
    tmp_path_factory: pytest.TempPathFactory, dancer: DancerFile, engine: Engine
) -> tuple[Take, list[Pose]]:
    recorder = open_take(tmp_path_factory.mktemp("takes"), dancer=dancer, seed=3, source="noise", now=NOW)
    poses = record(recorder, engine, 260, fail_at=(70, 71, 230))
    recorder.close()
    assert recorder.notice is None
    return read_take(recorder.path), poses


def test_what_was_sent_is_kept_bit_for_bit(take_and_poses: tuple[Take, list[Pose]]):
    take, poses = take_and_poses
    assert take.path.name == "2026-11-23_21-04-05_tiny.take"
    assert (take.header.seed, take.header.source, take.header.checkpoint) == (3, "noise", "tiny.safetensors")
    assert take.lost_bytes == 0
    np.testing.assert_array_equal(take.sent.rotations, np.stack([pose.rotations for pose in poses]))
    np.testing.assert_array_equal(take.sent.root_positions, np.stack([pose.root_position for pose in poses]))
    assert take.sent.time_us[1] - take.sent.time_us[0] == PERIOD_US
    assert set(take.sent.states) == {"dancing", "idle"}
    assert [controls_at(frame) for frame in range(260)] == take.steps.controls
    assert take.steps.failed.nonzero()[0].tolist() == [70, 230]  # at 71 the dancer had been given up already
    assert take.parts == [(pytest.approx(20 * PERIOD_US * 1e-6), pytest.approx(50 * PERIOD_US * 1e-6))]


def test_a_take_is_danced_again_bit_for_bit(take_and_poses: tuple[Take, list[Pose]], engine: Engine):
    take, _ = take_and_poses
    result = redance(take, engine)
    assert result.first_difference is None
    assert result.largest_difference == 0.0


def test_another_sound_is_another_dance(take_and_poses: tuple[Take, list[Pose]], engine: Engine):
    take, _ = take_and_poses
    take.steps.features[100, 0] += 1.0
    try:
        assert redance(take, engine).first_difference in range(100, 103)
    finally:
        take.steps.features[100, 0] -= 1.0


@pytest.mark.parametrize(
    "setting",
    ["foot_lock.release_m", "ground.touch_m", "liveliness.first_rousing", "music_detector.weights_sha256"],
)
def test_a_take_of_a_body_with_other_settings_is_not_danced_again(
    take_and_poses: tuple[Take, list[Pose]], engine: Engine, monkeypatch: pytest.MonkeyPatch, setting: str
):
    take, (part, name) = take_and_poses[0], setting.split(".")
    monkeypatch.setitem(take.header.engine[part], name, 0.1)
    with pytest.raises(ValueError, match="whose engine had other settings"):
        redance(take, engine)


def test_the_dancer_of_a_take_is_known_by_its_bytes(
    take_and_poses: tuple[Take, list[Pose]], dancer: DancerFile, tmp_path: Path
):
    take, _ = take_and_poses
    assert find_dancer(take, dancer.path).path == dancer.path
    other = write_tiny_dancer(tmp_path / "tiny.safetensors", seed=1)
    with pytest.raises(ValueError, match=r"danced by tiny\.safetensors \(sha256"):
        find_dancer(take, other)


@pytest.mark.realtime
def test_a_replay_is_the_same_bit_for_bit_and_in_the_same_rhythm(take_and_poses: tuple[Take, list[Pose]]):
    take, poses = take_and_poses
    stop = threading.Event()
    ear = Ear()

    def on_pose(row: int, targets: UdpTargets) -> None:
        (ear.counters,) = targets.counters
        if row == 59:
            stop.set()

    with ear.socket:
        begin_s = time.monotonic()
        num_sent = replay(take, [Target("127.0.0.1", ear.port, "dance")], stop=stop, on_pose=on_pose)
        assert time.monotonic() - begin_s >= float(take.sent.time_us[59] - take.sent.time_us[0]) * 1e-6  # never sooner
        receiver = DanceReceiver()
        frames = [
            event.frame
            for datagram in ear.datagrams()
            for event in receiver.receive(datagram)
            if isinstance(event, DancePose)
        ]
    assert num_sent == len(frames) == 60
    for frame, pose in zip(frames, poses, strict=False):
        np.testing.assert_array_equal(frame.rotations, pose.rotations)
        np.testing.assert_array_equal(frame.root_position, pose.root_position)
    sent_us = np.diff([frame.time_us for frame in frames])
    np.testing.assert_allclose(sent_us, np.diff(take.sent.time_us[:60]), atol=1)


@pytest.mark.parametrize("suffix", [".bvh", ".npz", ".csv"])
def test_a_take_becomes_a_file_for_others(take_and_poses: tuple[Take, list[Pose]], tmp_path: Path, suffix: str):
    take, _ = take_and_poses
    motion = take.motion()
    assert len(motion) == pytest.approx(260, abs=1)
    path = tmp_path / f"dance{suffix}"
    write_motion(path, motion)
    if suffix == ".bvh":
        back = read_bvh(path)
        assert angle_between(back.rotations, motion.rotations).max() < 1e-4
    elif suffix == ".npz":
        with np.load(path) as arrays:
            np.testing.assert_array_equal(arrays["rotations"], motion.rotations)
    else:
        table = np.genfromtxt(path, delimiter=",", names=True)
        np.testing.assert_allclose(table["time_s"], np.arange(len(motion)) / 30, atol=1e-6)
        head = SKELETON.index("Head")
        np.testing.assert_allclose(table["Head_w"], motion.rotations[:, head, 3], atol=1e-6)


def test_a_marked_part_is_exported_alone_and_others_are_refused(take_and_poses: tuple[Take, list[Pose]]):
    take, poses = take_and_poses
    part = take.motion(1)
    assert len(part) == 30
    assert angle_between(part.rotations[0], poses[20].rotations).max() < 1e-3
    with pytest.raises(ValueError, match="no part 2; it has 1"):
        take.motion(2)


def short_take(folder: Path, dancer: DancerFile, engine: Engine, num_frames: int = 6) -> Path:
    recorder = TakeRecorder(
        folder / "short.take", TakeHeader.of(dancer, seed=3, source="noise", now=NOW)
    )  # fmt: skip
    record(recorder, engine, num_frames)
    recorder.close()
    return recorder.path


def test_a_file_that_was_cut_off_anywhere_is_read_as_far_as_it_goes(tmp_path: Path, dancer: DancerFile, engine: Engine):
    path = short_take(tmp_path, dancer, engine)
    content = path.read_bytes()
    whole = read_take(path)
    first_end = next(iter(read_blocks(path))).end
    cut = tmp_path / "cut.take"
    lengths = set()
    for size in range(len(content)):
        cut.write_bytes(content[:size])
        if size < first_end:
            with pytest.raises(ValueError, match=r"cut\.take"):
                read_take(cut)
            continue
        take = read_take(cut)
        lengths.add(len(take.sent.time_us))
        np.testing.assert_array_equal(take.sent.rotations, whole.sent.rotations[: len(take.sent.rotations)])
        assert take.lost_bytes <= size - first_end
    assert lengths == {0}  # the only block of poses is the last


def test_damage_elsewhere_is_named_and_nothing_else_is_raised(tmp_path: Path, dancer: DancerFile, engine: Engine):
    content = bytearray(short_take(tmp_path, dancer, engine).read_bytes())
    rng = np.random.default_rng(0)
    broken = tmp_path / "broken.take"
    messages = []
    for _ in range(400):
        damaged = bytearray(content)
        for position in rng.integers(0, len(content), rng.integers(1, 4)):
            damaged[position] ^= int(rng.integers(1, 256))
        broken.write_bytes(damaged)
        try:
            read_take(broken)
        except ValueError as error:
            messages.append(str(error))
    assert len(messages) > 200
    assert all("broken.take" in message for message in messages)


@pytest.mark.parametrize(
    "blocks",
    [
        [],
        [pack_block(b"STEP", {})],
        [pack_block(b"HEAD", {"seed": 1})],
        [pack_block(b"HEAD", {}), pack_block(b"SENT", {"states": []})],
    ],
)
def test_whole_blocks_that_make_no_sense_are_refused(blocks: list[bytes], tmp_path: Path):
    path = tmp_path / "odd.take"
    path.write_bytes(MAGIC + b"".join(blocks))
    with pytest.raises(ValueError, match=r"odd\.take"):
        read_take(path)


def test_arrays_survive_packing_bit_for_bit(tmp_path: Path):
    rng = np.random.default_rng(1)
    arrays = {
        "floats": rng.standard_normal((50, 7, 4)).astype(np.float32),
        "odd": np.array([np.nan, -0.0, np.inf, 1e-42], np.float32),
        "long": rng.integers(-(2**60), 2**60, 20),
        "bytes": rng.integers(0, 256, (3, 5)).astype(np.uint8),
        "none": np.zeros((0, 3), np.float32),
    }
    path = tmp_path / "x.take"
    path.write_bytes(MAGIC + pack_block(b"STEP", {"a": 1}, arrays))
    (block,) = read_blocks(path)
    assert block.facts == {"a": 1}
    for name, array in arrays.items():
        assert block.arrays[name].dtype == array.dtype
        assert block.arrays[name].tobytes() == array.tobytes()


def test_two_takes_of_one_second_are_two_files(tmp_path: Path, dancer: DancerFile):
    recorders = [open_take(tmp_path, dancer=dancer, seed=0, source="x", now=NOW) for _ in range(2)]
    for recorder in recorders:
        recorder.close()
    assert recorders[0].path != recorders[1].path


def test_a_performance_that_never_began_leaves_no_take(tmp_path: Path, dancer: DancerFile):
    recorder = open_take(tmp_path, dancer=dancer, seed=0, source="x", now=NOW)
    assert recorder.path.exists()
    recorder.close()
    assert not recorder.path.exists()
    recorder.close()


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [("pose", 0x7FC00000, "is no number"), ("time_us", 10**15, "more than 48 hours"), ("time_us", -1, "run backwards")],
)
def test_poses_that_cannot_have_been_sent_are_refused(
    column: str, value: int, words: str, tmp_path: Path, dancer: DancerFile, engine: Engine
):
    path = short_take(tmp_path, dancer, engine)
    content = MAGIC
    for block in read_blocks(path):
        if block.kind == b"SENT":
            block.arrays["base"][-1] = -1  # this pose is kept whole
            block.arrays[column][-1] = value
        content += pack_block(block.kind, block.facts, block.arrays)
    path.write_bytes(content)
    with pytest.raises(ValueError, match=rf"short\.take.*{words}"):
        read_take(path)


def test_a_take_never_touches_the_file_of_another(tmp_path: Path, dancer: DancerFile, engine: Engine):
    path = tmp_path / "mine.take"
    path.write_bytes(b"mine")
    recorder = TakeRecorder(path, TakeHeader.of(dancer, seed=3, source="noise", now=NOW))
    record(recorder, engine, 6)
    recorder.close()
    assert recorder.is_empty
    assert recorder.notice is not None
    assert "--no-record" in recorder.notice
    assert path.read_bytes() == b"mine"


def test_takes_are_listed_with_what_is_wrong_with_them(tmp_path: Path, dancer: DancerFile, engine: Engine):
    content = short_take(tmp_path, dancer, engine).read_bytes()
    (tmp_path / "torn.take").write_bytes(content[:-5])
    (tmp_path / "junk.take").write_bytes(b"junk")
    lines = list_takes(tmp_path)
    assert len(lines) == 4
    assert "tiny.safetensors to noise" in next(line for line in lines if line.startswith("short"))
    assert "cut off" in next(line for line in lines if line.startswith("torn"))
    assert "cannot be read" in next(line for line in lines if line.startswith("junk"))


@pytest.mark.realtime
@pytest.mark.skipif(sys.platform == "win32", reason="files are limited as on POSIX")
def test_a_full_disk_ends_the_take_at_its_last_whole_block(tmp_path: Path, dancer: DancerFile):
    path = tmp_path / "full.take"
    command = [sys.executable, "-m", "tests.bridge.full_disk", str(dancer.path), str(path)]
    done = run_program(command, cwd=ROOT)
    assert done.returncode == 0, done.stdout
    assert "the dance goes on" in done.stdout
    take = read_take(path)
    assert take.lost_bytes == 0
    assert len(take.sent.time_us) >= 10  # one whole block at least
    assert path.stat().st_size <= 40_000


def test_a_disk_that_does_not_keep_up_ends_the_take_and_not_the_show(
    tmp_path: Path, dancer: DancerFile, engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bridge.takes.recorder._BLOCK_S", 600.0)  # as if the first write took so long
    recorder = TakeRecorder(tmp_path / "slow.take", TakeHeader.of(dancer, seed=3, source="noise", now=NOW))
    record(recorder, engine, 6)
    for time_us in range(10_000):  # more than a minute's
        recorder.mark(time_us % 2 == 0, time_us)
    recorder.close()
    assert recorder.notice is not None
    assert "too slow" in recorder.notice
    take = read_take(recorder.path)
    assert take.lost_bytes == 0
    assert len(take.motion()) > 0


def test_a_take_of_before_a_control_existed_is_danced_as_it_was():
    entries = controls_to_json(Controls(energy=0.7))
    new = ("noise_correlation", "style_guidance", "facing", "front_deg", "grounding", "keep_moving", "music_only")
    old = controls_from_json({name: value for name, value in entries.items() if name not in new})
    assert old.energy == 0.7
    assert [getattr(old, name) for name in new] == [0.0, 0.0, 0.0, 0.0, False, False, False]
    assert controls_from_json(entries) == Controls(energy=0.7)
