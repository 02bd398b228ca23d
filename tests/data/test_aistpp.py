"""AIST++ as it is distributed becomes a prepared folder: by its names, with its music, split by choreography."""

import csv
import os
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest

from data.cli import run
from data.dataset.aistpp import ClipName, clip_entry, ignored_clips, motion_folder
from data.dataset.prepare import prepare
from data.dataset.prepare_options import PrepareOptions
from data.dataset.prepared_folder import read_fingerprint
from data.dataset.recordings import find_motion_files, find_recordings, read_motion
from data.formats.bvh import write_bvh
from data.formats.sound_file import write_sound
from data.motion.pose_codec import PoseCodec
from data.music import synthesise
from tests.clip_maker import dancing
from tests.smpl_maker import smpl_arrays, write_pickle

CLIPS = (
    "gBR_sBM_cAll_d04_mBR0_ch01",
    "gBR_sBM_cAll_d05_mBR2_ch01",
    "gBR_sBM_cAll_d06_mBR2_ch02",
    "gHO_sBM_cAll_d19_mHO3_ch02",
    "gHO_sFM_cAll_d20_mHO3_ch02",
    "gHO_sFM_cAll_d21_mHO3_ch03",
)
PIECES = {"mBR0": 80, "mBR2": 100, "mHO3": 125}
HERE = PrepareOptions(jobs=1, mirror=False, val_fraction=0.2, test_fraction=0.2)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An unpacked download of six dances of four seconds, two of them one choreography, with their music beside."""
    folder = tmp_path_factory.mktemp("original")
    (folder / "motions").mkdir()
    (folder / "wav").mkdir()
    for seed, name in enumerate(CLIPS):
        write_pickle(folder / "motions" / f"{name}.pkl", smpl_arrays(240, seed))
    for piece, bpm in PIECES.items():
        song = synthesise("house", bpm, 16, 0, sample_rate_hz=24000)  # longer than any of the dances
        write_sound(folder / "wav" / f"{piece}.wav", song.samples, song.sample_rate_hz)
    return folder


@pytest.fixture
def download(original: Path, tmp_path: Path) -> Path:
    """The same, for one test to change."""
    return Path(shutil.copytree(original, tmp_path / "aist_plusplus_final"))


def test_a_name_says_what_is_danced() -> None:
    clip = ClipName.parse("gBR_sBM_cAll_d06_mBR2_ch06")
    assert clip == ClipName(genre="BR", situation="BM", camera="All", dancer="06", music="BR2", choreography="06")
    assert clip is not None
    assert (clip.group, clip.piece, clip.bpm) == ("gBR_sBM__ch06", "mBR2", 100)


@pytest.mark.parametrize(
    "name", ["dance", "gBR_sBM_cAll_d06_mBR2", "gBR_sBM_cAll_d06_mBR6_ch06", "xgBR_sBM_cAll_d06_mBR2_ch06", ""]
)
def test_other_names_say_nothing(name: str) -> None:
    assert ClipName.parse(name) is None
    assert clip_entry(name) is None


@pytest.mark.parametrize(
    ("genre", "tempi"), [("BR", (80, 90, 100, 110, 120, 130)), ("HO", (110, 115, 120, 125, 130, 135))]
)
def test_pieces_have_their_tempi(genre: str, tempi: tuple[int, ...]) -> None:
    for number, bpm in enumerate(tempi):
        entry = clip_entry(f"g{genre}_sBM_cAll_d01_m{genre}{number}_ch01")
        assert entry is not None
        assert entry.bpm == bpm


def test_names_say_what_a_table_of_real_clips_says(shared_data: Path) -> None:
    with (shared_data / "aistpp_bvh" / "clips.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 130
    for row in rows:
        entry = clip_entry(row["clip"])
        assert entry is not None
        assert (entry.genre, entry.group, entry.bpm) == (row["genre"], row["group"], float(row["bpm"]))
        if "_sBM_" in row["clip"]:
            assert float(row["seconds"]) * entry.bpm / 60 == pytest.approx(16, abs=0.1)


def test_the_download_the_folder_above_and_the_motions_are_one(download: Path) -> None:
    expected = [f"{name}.pkl" for name in CLIPS]
    for folder in (download.parent, download, download / "motions"):
        recordings, silent = find_recordings(folder)
        assert [recording.motion_path.name for recording in recordings] == expected
        assert silent == []
        assert {recording.sound_path.parent for recording in recordings} == {download / "wav"}
    assert motion_folder(download.parent) == download / "motions"


def test_recordings_bear_what_their_names_say(download: Path) -> None:
    recordings, _ = find_recordings(download)
    assert [recording.sound_path.stem for recording in recordings] == ["mBR0", "mBR2", "mBR2", "mHO3", "mHO3", "mHO3"]
    assert [recording.style for recording in recordings] == ["BR"] * 3 + ["HO"] * 3
    assert [recording.bpm for recording in recordings] == [80, 100, 100, 125, 125, 125]
    assert recordings[0].group == recordings[1].group == "gBR_sBM__ch01"
    assert len({recording.group for recording in recordings}) == 5


def test_a_clips_own_sound_comes_before_its_piece(download: Path) -> None:
    own = download / "motions" / f"{CLIPS[0]}.wav"
    own.write_bytes((download / "wav" / "mBR2.wav").read_bytes())
    assert find_recordings(download)[0][0].sound_path == own


def test_music_may_lie_anywhere_with_sound_folder(download: Path, tmp_path: Path) -> None:
    (download / "wav").rename(tmp_path / "elsewhere")
    with pytest.raises(ValueError, match=r"d04_mBR0_ch01\.wav or mBR0\.wav.*--sound-folder.*--chain"):
        find_recordings(download)
    recordings, silent = find_recordings(download, tmp_path / "elsewhere")
    assert len(recordings) == 6
    (tmp_path / "elsewhere" / "mBR0.wav").unlink()
    recordings, silent = find_recordings(download, tmp_path / "elsewhere")
    assert silent == [f"{CLIPS[0]}.pkl: no sound called {CLIPS[0]} or mBR0"]
    with pytest.raises(ValueError, match="nowhere is not a folder"):
        find_recordings(download, tmp_path / "nowhere")


def test_what_the_ignore_list_names_is_left_out(download: Path) -> None:
    (download / "ignore_list.txt").write_text(f"{CLIPS[1]}\ngXX_unknown\n{CLIPS[3]}\n", encoding="utf-8")
    assert ignored_clips(download / "motions") == {CLIPS[1], CLIPS[3], "gXX_unknown"}
    for folder in (download, download / "motions"):
        names = [path.stem for path in find_motion_files(folder)]
        assert names == [CLIPS[0], CLIPS[2], CLIPS[4], CLIPS[5]]
    (download / "ignore_list.txt").write_text("\n".join(CLIPS), encoding="utf-8")
    with pytest.raises(ValueError, match=r"ignore_list\.txt names all 6"):
        find_motion_files(download)


def test_two_files_of_one_name_are_refused(download: Path) -> None:
    write_bvh(download / "motions" / f"{CLIPS[0]}.bvh", dancing(110, 16))
    with pytest.raises(ValueError, match=r"ch01\.bvh and gBR_.*ch01\.pkl .*one name"):
        find_motion_files(download)


def test_files_of_another_kind_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no \.bvh file .* no \.pkl file of AIST\+\+"):
        find_motion_files(tmp_path)
    with pytest.raises(ValueError, match=r"notes\.txt ends in none of \.bvh, \.pkl"):
        read_motion(tmp_path / "notes.txt")


def test_a_download_becomes_a_prepared_folder(download: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    summary = prepare(download, out, HERE)
    assert summary.skipped == ()
    assert summary.num_sequences == 6
    document = read_fingerprint(out)
    assert document["frame_rate_hz"] == 30
    assert document["styles"] == ["BR", "HO"]
    assert "sound_folder" not in document["options"]
    codec = PoseCodec.from_dict(document["pose_codec"])
    for name in CLIPS:
        entry = document["sequences"][name]
        assert (entry["style"], entry["sources"]) == (name[1:3], [f"{name}.pkl"])
        pose, audio, beat, style = (np.load(out / f"{name}.{part}.npy") for part in ("pose", "audio", "beat", "style"))
        # 240 frames at 60 a second are the instants 0 to 3.983 s: 120 at 30, the first of which has no row.
        assert pose.shape == (119, codec.dims)
        assert audio.shape == (119, 121)
        np.testing.assert_allclose(beat[:, 0], np.arange(1, 120) / 30 * PIECES[name[17:21]] / 60, rtol=1e-5)
        assert document["styles"][int(style[0])] == name[1:3]
        motion = read_motion(download / "motions" / f"{name}.pkl")
        heights = codec.decode(pose).global_positions()[..., 1]
        np.testing.assert_allclose(heights, motion.global_positions()[2::2, :, 1][:119], atol=2e-3)


def test_a_choreography_is_never_on_two_sides(download: Path, tmp_path: Path) -> None:
    for number, name in enumerate(CLIPS):  # a second and a half of each is enough
        write_pickle(download / "motions" / f"{name}.pkl", smpl_arrays(90, number))
    for seed in range(4):
        out = tmp_path / f"out_{seed}"
        prepare(download, out, PrepareOptions(**{**vars(HERE), "seed": seed}))
        document = read_fingerprint(out)
        splits: dict[str, set[str]] = {}
        for entry in document["sequences"].values():
            for group in entry["groups"]:
                splits.setdefault(group, set()).add(entry["split"])
        assert set(map(len, splits.values())) == {1}
        assert {split for sides in splits.values() for split in sides} == {"train", "val", "test"}


def test_hostile_and_damaged_motions_are_named_and_skipped(download: Path, tmp_path: Path) -> None:
    class Hostile:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(tmp_path / "executed"),)

    motions = download / "motions"
    (motions / f"{CLIPS[0]}.pkl").write_bytes(pickle.dumps({"smpl_poses": Hostile()}))
    (motions / f"{CLIPS[3]}.pkl").write_bytes((motions / f"{CLIPS[3]}.pkl").read_bytes()[:5000])
    summary = prepare(download, tmp_path / "out", HERE)
    assert not (tmp_path / "executed").exists()
    assert summary.num_sequences == 4
    hostile, cut = sorted(summary.skipped)
    assert hostile.startswith(f"{CLIPS[0]}.pkl: ")
    assert ".mkdir', which no array needs; nothing of it was run" in hostile
    assert cut.startswith(f"{CLIPS[3]}.pkl: ")


def test_without_music_the_clips_are_chained_to_rendered_music(download: Path, tmp_path: Path) -> None:
    for seed, name in enumerate(CLIPS):  # whole bars are needed
        write_pickle(download / "motions" / f"{name}.pkl", smpl_arrays(800, seed))
    options = PrepareOptions(**{**vars(HERE), "chain": True, "hours": 0.001, "performance_s": (15.0, 20.0)})
    prepare(download, tmp_path / "out", options)
    assert read_fingerprint(tmp_path / "out")["styles"] == ["BR", "HO"]
    with pytest.raises(ValueError, match=r"--sound-folder .*wav and --chain"):
        PrepareOptions(chain=True, sound_folder=download / "wav")


def test_the_command_prepares_a_download(download: Path, tmp_path: Path) -> None:
    (download / "wav").rename(tmp_path / "elsewhere")
    command = ["prepare", str(download), "-o", str(tmp_path / "out"), "--jobs", "1", "--no-mirror"]
    assert run(command) == 1
    assert run([*command, "--sound-folder", str(tmp_path / "elsewhere")]) == 0
    assert str(tmp_path) not in (tmp_path / "out" / "fingerprint.json").read_text(encoding="utf-8")
