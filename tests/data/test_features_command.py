"""`transflower-data features`: files of sound and motion to arrays, whose columns and meaning are described."""

import json
from pathlib import Path

import numpy as np
import pytest

from data.cli import run
from data.dataset.modality_description import FolderDescription
from data.dataset.modality_folder import ModalityFolder
from data.dataset.motion_reading import read_recording
from data.formats.bvh import write_bvh
from data.formats.sound_file import read_sound, write_sound
from data.motion.motion import resample
from data.motion.pose_codec import PoseCodec
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig
from tests.clip_maker import dancing

RATE_HZ = 48_000


@pytest.fixture
def take(tmp_path: Path) -> Path:
    """A folder with a motion, its sound, which is longer, and something else."""
    folder = tmp_path / "takes"
    folder.mkdir()
    motion = dancing(bpm=120, num_beats=4)
    write_bvh(folder / "take.bvh", motion)
    noise = np.random.default_rng(0).normal(0, 0.1, int((motion.duration_s + 1) * RATE_HZ)).astype(np.float32)
    write_sound(folder / "take.wav", noise, RATE_HZ)
    (folder / "notes.txt").write_text("a rehearsal")
    return folder


def test_sound_alone_gives_what_a_dancer_hears(take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "features"
    assert run(["features", str(take / "take.wav"), "-o", str(out), "--rate-hz", "20"]) == 0
    features = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=RATE_HZ, rate_hz=20))
    description = FolderDescription.read(out)
    assert description.frame_rate_hz == 20
    assert description.modalities["audio"].fingerprint == features.fingerprint
    assert description.modalities["audio"].columns["mfcc"] == (80, 100)
    values = np.load(out / "take.audio.npy")
    assert values.dtype == np.float32
    assert values.shape[1] == features.dims
    np.testing.assert_array_equal(values, features.offline(read_sound(take / "take.wav")[0]))
    printed = capsys.readouterr().out
    assert features.fingerprint in printed
    assert "80:100" in printed


def test_motion_alone_gives_pose_vectors_and_how_to_read_them(take: Path, tmp_path: Path) -> None:
    assert run(["features", str(take / "take.bvh"), "-o", str(tmp_path / "features")]) == 0
    description = FolderDescription.read(tmp_path / "features").modalities
    assert list(description) == ["pose"]
    assert description["pose"].pose_codec is not None
    codec = PoseCodec.from_dict(description["pose"].pose_codec)
    motion = resample(read_recording(take / "take.bvh").motion, 30)
    values = np.load(tmp_path / "features" / "take.pose.npy")
    np.testing.assert_allclose(values, codec.encode(motion)[1:], atol=1e-5)


@pytest.mark.parametrize("packed", [False, True])
def test_both_of_one_name_are_one_recording_that_the_dataset_reads(
    take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], packed: bool
) -> None:
    out = tmp_path / "features"
    assert run(["features", str(take), "-o", str(out), "--jobs", "1", *(["--packed"] if packed else [])]) == 0
    assert "s of pose; cut to" in capsys.readouterr().out
    assert run(["features", str(take), "-o", str(tmp_path / "strict"), "--jobs", "1", "--strict"]) == 1
    assert "(an error because of --strict)" in capsys.readouterr().err
    (out / "base_filenames_train.txt").write_text("take\n")
    (sequence,), cuts = ModalityFolder(out, {"audio": "continuous", "pose": "continuous"}).sequences("train")
    assert not cuts
    assert sequence.features["audio"].shape == (sequence.num_frames, 121)
    assert sequence.features["pose"].shape == (sequence.num_frames, 118)
    assert (out / "take.npz").is_file() == packed
    if packed:
        with pytest.raises(ValueError, match=r"take\.npz: holds audio, pose, and no smell"):
            ModalityFolder(out, {"smell": "continuous"}).sequences("train")


def test_a_bad_file_is_named_and_the_rest_is_kept(
    take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (take / "broken.bvh").write_text("no motion")
    (take / "broken.wav").write_bytes(b"RIFF")
    out = tmp_path / "features"
    assert run(["features", str(take), "-o", str(out), "--jobs", "1"]) == 2
    printed = capsys.readouterr().out
    assert "broken.bvh" in printed
    assert "broken.wav" in printed
    assert "2 files were skipped" in printed
    assert sorted(path.name for path in out.iterdir()) == ["modalities.json", "take.audio.npy", "take.pose.npy"]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (["nowhere.wav"], "nowhere.wav: there is no such file or folder"),
        (["takes/notes.txt"], "notes.txt: is neither sound nor motion by its ending; known are .wav"),
        (["empty"], "empty: holds no file of sound or motion"),
        (["takes/take.wav", "other"], "bear one name"),
        (["takes", "--rate-hz", "31"], "rate_hz must divide 120"),
        (["takes", "--jobs", "-1"], "--jobs is -1"),
        ([], "name a sound file, a motion file or a folder of them"),
        (["other/broken.bvh"], "not one of 1 files can be used"),
    ],
)
def test_a_mistake_is_one_sentence_and_leaves_nothing(
    take: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    Path("other").mkdir()
    Path("other/take.wav").write_bytes((take / "take.wav").read_bytes())
    Path("other/broken.bvh").write_text("no motion")
    assert run(["features", *typed, "-o", "out"]) == 1
    error = capsys.readouterr().err
    assert message in " ".join(error.split())
    assert not Path("out").exists()
    assert not Path("out.part").exists()


def test_what_is_there_is_replaced_on_request_alone(
    take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "features"
    line = ["features", str(take / "take.bvh"), "-o", str(out)]
    assert run(line) == 0
    assert run(line) == 1
    assert "--overwrite" in capsys.readouterr().err
    assert run([*line, "--overwrite", "--rotation", "expmap"]) == 0
    assert np.load(out / "take.pose.npy").shape[1] == 61
    assert run(["features", str(take / "take.bvh"), "-o", str(take)]) == 1
    assert "is not a folder of features" in capsys.readouterr().err
    assert run(["features", str(take / "take.bvh"), "-o", str(tmp_path / "take.npy")]) == 1
    assert "name a folder" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["take.hand.npy", "base_filenames_train.txt"])
def test_what_someone_added_is_not_removed(
    take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    out = tmp_path / "features"
    line = ["features", str(take / "take.bvh"), "-o", str(out)]
    assert run(line) == 0
    (out / name).write_text("take")
    assert run([*line, "--overwrite"]) == 1
    error = " ".join(capsys.readouterr().err.split())
    assert f"{name} was not written by this command and would be lost: move it, or name another folder" in error
    assert sorted(path.name for path in out.iterdir()) == sorted(["modalities.json", "take.pose.npy", name])


def test_a_folder_that_holds_a_source_is_not_replaced(
    take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "features"
    assert run(["features", str(take / "take.wav"), "-o", str(out)]) == 0
    np.savez(out / "dance.npz", values=np.zeros(3))
    assert run(["features", str(out / "dance.npz"), "-o", str(out), "--overwrite"]) == 1
    assert "which would be replaced: name another folder" in " ".join(capsys.readouterr().err.split())
    assert (out / "dance.npz").is_file()


def test_a_file_that_is_named_twice_is_one(take: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(take)
    assert run(["features", "take.wav", str(take / "take.wav"), str(take), "-o", "features", "--jobs", "1"]) == 0
    assert sorted(path.name for path in Path("features").glob("*.npy")) == ["take.audio.npy", "take.pose.npy"]


def test_a_description_of_another_version_or_none_is_refused(tmp_path: Path) -> None:
    assert FolderDescription.read(tmp_path) == FolderDescription()
    description = tmp_path / "modalities.json"
    description.write_text(json.dumps({"format_version": 7}))
    with pytest.raises(ValueError, match=r"modalities\.json: damaged .*format 7, here 1 is read"):
        FolderDescription.read(tmp_path)
    description.write_text("[1")
    with pytest.raises(ValueError, match=r"modalities\.json: damaged"):
        FolderDescription.read(tmp_path)
