"""What the bridge writes is read back; other rigs' BVH files become the same bones; damage is reported by name."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blender_addon.core import rotations
from blender_addon.core.generate_job import GenerateJob
from blender_addon.core.motion_file import read_motion
from blender_addon.core.skeleton import Skeleton
from blender_addon.core.take import Take
from bridge.dancer.dancer_file import DancerFile
from bridge.takes.recorder import open_take
from bridge.takes.take import read_take
from data.formats.bvh import read_bvh
from data.formats.motion_file import write_motion
from data.formats.sound_file import write_sound
from data.motion.humanoid import default_skeleton, to_humanoid
from data.motion.motion import Motion
from data.music import synthesise
from tests.blender_addon.blender_python import transflower_script
from tests.blender_addon.golden import random_rotations
from tests.bridge.test_takes import record
from tests.tiny_dancer import write_tiny_dancer
from tests.waiting import wait_until

SKELETON = default_skeleton()


@pytest.fixture(scope="module")
def motion() -> Motion:
    rng = np.random.default_rng(2)
    turned = random_rotations(rng, 50, SKELETON.num_joints).astype(np.float32)
    return Motion(SKELETON, 30.0, rng.normal(size=(50, 3)).astype(np.float32), turned)


def test_an_npz_is_read_bit_for_bit(motion: Motion, tmp_path: Path) -> None:
    write_motion(tmp_path / "dance.npz", motion)
    (take,) = read_motion(tmp_path / "dance.npz")
    assert take.name == "dance"
    assert take.rate_hz == 30.0
    np.testing.assert_array_equal(take.roots, motion.root_positions)
    dots = np.sum(take.rotations * motion.rotations, axis=-1)
    np.testing.assert_allclose(np.abs(dots), 1.0, atol=1e-6)


def test_a_bvh_of_the_bridge_is_read(motion: Motion, tmp_path: Path) -> None:
    write_motion(tmp_path / "dance.bvh", motion)
    (take,) = read_motion(tmp_path / "dance.bvh")
    order = [take.skeleton.index[name] for name in SKELETON.names]
    np.testing.assert_allclose(take.roots, motion.root_positions, atol=1e-6)
    between = rotations.multiply(rotations.inverse(take.rotations[:, order]), motion.rotations.astype(np.float64))
    assert rotations.angle(between).max() < 1e-5
    np.testing.assert_allclose(take.skeleton.offsets[order][1:], SKELETON.offsets[1:], atol=1e-6)


def test_a_take_is_read_with_its_marked_part(tmp_path: Path) -> None:
    dancer = DancerFile.open(write_tiny_dancer(tmp_path / "tiny.safetensors"))
    now = datetime(2026, 11, 23, 21, 4, 5, tzinfo=UTC)
    recorder = open_take(tmp_path, dancer=dancer, seed=3, source="noise", now=now)
    record(recorder, dancer.load_engine(device="cpu"), 120)
    recorder.close()
    theirs = read_take(recorder.path)
    whole, part = read_motion(recorder.path)
    np.testing.assert_array_equal(whole.roots.astype(np.float32), theirs.sent.root_positions)
    np.testing.assert_allclose(np.abs(np.sum(whole.rotations * theirs.sent.rotations, axis=-1)), 1.0, atol=1e-6)
    np.testing.assert_allclose(whole.times_s * 1e6, theirs.sent.time_us - theirs.sent.time_us[0], atol=1e-3)
    begin_s, end_s = theirs.parts[0]
    assert part.duration_s == pytest.approx(end_s - begin_s, abs=2 / 30)

    content = recorder.path.read_bytes()
    torn = tmp_path / "torn.take"
    torn.write_bytes(content[:-20])
    notes: list[str] = []
    assert 0 < len(read_motion(torn, notes=notes)[0]) <= len(whole)
    (note,) = notes
    assert note.startswith("torn.take was cut off: it ends after ")
    assert read_motion(recorder.path, notes=notes)
    assert notes == [note]
    broken = tmp_path / "broken.take"
    broken.write_bytes(content[:300] + b"\1" + content[301:])
    with pytest.raises(ValueError, match=r"broken\.take: damaged at byte 8"):
        read_motion(broken)


@pytest.mark.parametrize(
    "name", ["aistpp_bvh/gBR_sBM_cAll_d04_mBR1_ch02.bvh", "cmu_dance/05_02.bvh", "bvh_other/dab.bvh"]
)
def test_recordings_of_other_rigs_point_where_they_should(shared_data: Path, name: str) -> None:
    """Against the bridge's own reader, by the directions of the limbs in the world."""
    (take,) = read_motion(shared_data / name)
    theirs = to_humanoid(read_bvh(shared_data / name))
    assert take.rate_hz == pytest.approx(theirs.rate_hz)
    assert take.skeleton.index.keys() >= {"Hips", "LeftUpperArm", "RightLowerLeg", "Head"}
    ours = take.skeleton.positions(take.roots, take.skeleton.global_rotations(take.rotations))
    expected = theirs.global_positions()
    for bone, following in (
        ("UpperArm", "LowerArm"),
        ("LowerArm", "Hand"),
        ("UpperLeg", "LowerLeg"),
        ("LowerLeg", "Foot"),
    ):
        for side in ("Left", "Right"):
            a = ours[:, take.skeleton.index[side + following]] - ours[:, take.skeleton.index[side + bone]]
            names = theirs.skeleton.names
            b = expected[:, names.index(side + following)] - expected[:, names.index(side + bone)]
            cosine = np.sum(a * b, axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
            assert np.degrees(np.arccos(np.clip(cosine, -1, 1))).mean() < 8.0, (side, bone)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("dance.txt", b"", r"ends in \.take, \.bvh, \.npz"),
        ("dance.bvh", b"HIERARCHY\nROOT Hips\n{\n}\nMOTION\nFrames: 2\nFrame Time: 0.1\n1 2", r"not a whole BVH"),
        ("dance.npz", b"PK no zip", r"no dance that can be read"),
        ("dance.take", b"TFTAKE2\n", r"not a take"),
    ],
)
def test_other_files_are_refused_by_name(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=message) as caught:
        read_motion(tmp_path / name)
    assert name in str(caught.value)


def test_a_take_of_uneven_times_is_put_on_its_grid_untouched() -> None:
    rng = np.random.default_rng(1)
    skeleton = Skeleton(("Hips", "Spine"), (-1, 0), np.array([[0, 0, 0], [0, 0.1, 0.0]]))
    times = np.delete(np.arange(60), [7, 8, 30]) / 30 + 0.004 * rng.uniform(-1, 1, 57)
    times -= times[0]
    turned = rotations.continuous(random_rotations(rng, 57, 2))
    take = Take("uneven", skeleton, times, rng.normal(size=(57, 3)), turned, 30.0)
    steady = take.on_grid()
    assert len(steady) == 60
    slots = np.rint(times * 30).astype(int)
    np.testing.assert_array_equal(steady.roots[slots], take.roots)
    np.testing.assert_allclose(np.abs(np.sum(steady.rotations[slots] * turned, axis=-1)), 1.0, atol=1e-12)


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = synthesise("house", 120.0, 8, 1, sample_rate_hz=24_000)
    path = tmp_path_factory.mktemp("song") / "song.wav"
    write_sound(path, made.samples, made.sample_rate_hz)
    return path


@pytest.fixture
def command(tmp_path: Path) -> str:
    checkpoint = write_tiny_dancer(tmp_path / "tiny.safetensors")
    return transflower_script(tmp_path, "--checkpoint", str(checkpoint), "--device", "cpu")


class WatchedJob(GenerateJob):
    """Keeps every progress that it took up, however seldom somebody looked."""

    def __setattr__(self, name: str, value: object) -> None:
        if name == "progress":
            self.__dict__.setdefault("seen", []).append(value)
        super().__setattr__(name, value)


@contextmanager
def watched_job(*arguments: Any) -> Iterator[WatchedJob]:
    """A job that ends with the block, whatever happens."""
    job = WatchedJob(*arguments)
    try:
        yield job
    finally:
        job.cancel()


def wait_for(job: GenerateJob) -> None:
    wait_until(lambda: job.pump() != "running", "the dance", 300)


@pytest.mark.realtime
def test_a_dance_is_generated_beside_blender(song: Path, command: str) -> None:
    with watched_job(command, song, ("--seed", "3")) as job:
        wait_for(job)
    assert job.state == "done", job.message
    assert job.take is not None
    assert len(job.take) == 120
    seen = job.__dict__["seen"]
    assert len(set(seen)) > 3, "progress was reported"
    assert seen == sorted(seen)
    assert not job._folder.exists()


@pytest.mark.realtime
def test_a_dance_that_cannot_be_made_says_why_and_one_can_be_cancelled(
    song: Path, command: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=r"no such program.*preferences|not to be found"):
        GenerateJob("no such program", song)
    with pytest.raises(ValueError, match="no sound file"):
        GenerateJob(command, tmp_path / "no.wav")
    with watched_job(command, song, ("--style", "NONE")) as failing, watched_job(command, song) as cancelled:
        cancelled.cancel()
        assert cancelled.pump() == "cancelled"
        assert cancelled._process.returncode is not None
        wait_for(failing)
    assert failing.state == "failed"
    assert "NONE" in failing.message
    for job in (failing, cancelled):
        assert not job._folder.exists()
        assert not job._reader.is_alive()
