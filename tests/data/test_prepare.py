"""Prepared folders: what is in them, that nothing leaks between splits, and that nothing half done stays."""

import filecmp
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.dataset.choreography import read_clip_table
from data.dataset.prepare import prepare
from data.dataset.prepare_options import PrepareOptions
from data.dataset.prepared_folder import floor_std, read_fingerprint, write_folder
from data.dataset.sequences import energy_of
from data.formats.bvh import write_bvh
from data.formats.sound_file import write_sound
from data.motion.motion import Motion
from data.motion.pose_codec import PoseCodec
from data.motion.skeleton import Skeleton
from data.music import synthesise
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig
from tests.clip_maker import dancing, write_clips

CHAIN = PrepareOptions(
    chain=True, hours=0.02, performance_s=(15, 20), val_fraction=0.2, test_fraction=0.2, jobs=1, licence="CC0"
)
FEW = PrepareOptions(**{**vars(CHAIN), "hours": 0.001})


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clips(tmp_path_factory.mktemp("clips"))


@pytest.fixture(scope="module")
def chained(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "chained"
    summary = prepare(clips, out, CHAIN)
    assert summary.skipped == ()
    return out


@pytest.fixture(scope="module")
def few(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sequence for training, one held out and one for the test, made by this process."""
    out = tmp_path_factory.mktemp("few") / "prepared"
    prepare(clips, out, FEW)
    return out


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three dances of eight seconds with their music, one of them recorded at 60 frames a second."""
    folder = tmp_path_factory.mktemp("recorded")
    for seed, (bpm, rate_hz) in enumerate([(110, 30), (120, 60), (100, 30)]):
        write_bvh(folder / f"dance_{seed}.bvh", dancing(bpm, 16, seed, rate_hz))
        song = synthesise("house", bpm, 16, seed, sample_rate_hz=24000)
        write_sound(folder / f"dance_{seed}.wav", song.samples, song.sample_rate_hz)
    return folder


@pytest.fixture
def recordings(recorded: Path, tmp_path: Path) -> Path:
    """The same, for one test to change."""
    return Path(shutil.copytree(recorded, tmp_path / "recordings"))


def names(folder: Path, split: str) -> list[str]:
    return (folder / f"base_filenames_{split}.txt").read_text(encoding="utf-8").split()


def load(folder: Path, name: str) -> dict[str, np.ndarray]:
    return {
        feature: np.load(folder / f"{name}.{feature}.npy") for feature in ("pose", "audio", "beat", "energy", "style")
    }


def assert_same_files(one: Path, other: Path) -> None:
    files = sorted(path.name for path in one.iterdir())
    assert files == sorted(path.name for path in other.iterdir())
    _, different, unreadable = filecmp.cmpfiles(one, other, files, shallow=False)
    assert different == unreadable == []


in_processes = pytest.mark.xdist_group("prepare, in several processes")  # which share `few`


def test_every_sequence_has_every_feature_in_step(chained: Path) -> None:
    document = read_fingerprint(chained)
    codec = PoseCodec.from_dict(document["pose_codec"])
    features = AudioFeatures(AudioFeaturesConfig(rate_hz=document["frame_rate_hz"]))
    assert document["audio_fingerprint"] == features.fingerprint
    listed = [name for split in ("train", "val", "test") for name in names(chained, split)]
    assert sorted(listed) == sorted(document["sequences"])
    for name in listed:
        arrays = load(chained, name)
        frames = document["sequences"][name]["num_frames"]
        assert arrays["pose"].shape == (frames, codec.dims)
        assert arrays["audio"].shape == (frames, features.dims)
        assert arrays["beat"].shape == arrays["energy"].shape == (frames, 1)
        assert {arrays[feature].dtype for feature in ("pose", "audio", "beat", "energy")} == {np.dtype(np.float32)}
        assert arrays["style"].dtype == np.int64
        assert arrays["style"].shape == (1,)
        assert document["styles"][arrays["style"][0]] == document["sequences"][name]["style"]
        assert frames / 30 == pytest.approx(document["sequences"][name]["duration_s"], abs=1e-3)


def test_no_choreography_is_on_both_sides(chained: Path, clips: Path) -> None:
    document = read_fingerprint(chained)
    group_of = {entry.clip: entry.group for entry in read_clip_table(clips / "clips.csv")}
    groups: dict[str, set[str]] = {"train": set(), "val": set(), "test": set()}
    for entry in document["sequences"].values():
        groups[entry["split"]] |= {group_of[source.removesuffix("_mirrored")] for source in entry["sources"]}
    assert all(groups.values())
    assert not groups["train"] & groups["val"]
    assert not groups["train"] & groups["test"]
    assert not groups["val"] & groups["test"]
    assert {split: sorted(members) for split, members in groups.items()} == document["groups"]


def test_held_out_dances_are_shown_as_they_were_danced(chained: Path) -> None:
    sources = [
        source
        for entry in read_fingerprint(chained)["sequences"].values()
        if entry["split"] != "train"
        for source in entry["sources"]
    ]
    assert sources
    assert not any(source.endswith("_mirrored") for source in sources)


def test_the_beat_in_the_columns_is_the_beat_that_is_danced(chained: Path) -> None:
    codec = PoseCodec.from_dict(read_fingerprint(chained)["pose_codec"])
    stillness = 0j
    for name in names(chained, "train"):
        arrays = load(chained, name)
        positions = codec.decode(arrays["pose"]).global_positions()
        speeds = np.linalg.norm(np.diff(positions, axis=0), axis=-1).mean(axis=1)
        beat = arrays["beat"][:, 0]
        in_swing = (beat[:-1] > 4) & (beat[1:] > 4)
        between = (beat[1:] + beat[:-1])[in_swing] / 2
        stillness -= np.sum((speeds[in_swing] - speeds[in_swing].mean()) * np.exp(-2j * np.pi * between))
    assert abs(np.angle(stillness)) < 2 * np.pi * 0.05


def test_the_beat_begins_in_the_row_that_hears_the_music(chained: Path) -> None:
    document = read_fingerprint(chained)
    mel = slice(*document["audio_columns"]["mel"])
    late = []
    for name in document["sequences"]:
        arrays = load(chained, name)
        loudness = arrays["audio"][:, mel].mean(axis=1)
        beat = arrays["beat"][:, 0]
        for start in np.flatnonzero((beat[1:] >= 0) & (beat[:-1] < 0)) + 1:
            if start > 15 and start + 15 < len(beat):
                before, after = loudness[start - 10 : start - 2].max(), loudness[start + 5 : start + 15].mean()
                late.append(int(np.argmax(loudness[start - 5 :] > (before + after) / 2)) - 5)
    assert len(late) >= 3
    assert min(late) >= 0, "music was heard before its beat began"
    assert np.median(late) <= 1


def test_the_scaler_makes_training_poses_of_order_one(chained: Path) -> None:
    scaler = np.load(chained / "pose.scaler.npz")
    rows = np.concatenate([np.load(chained / f"{name}.pose.npy") for name in names(chained, "train")])
    scaled = (rows - scaler["mean"]) / scaler["std"]
    assert scaler["mean"].dtype == scaler["std"].dtype == np.float32
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-3)
    assert scaled.std(axis=0).max() < 1.001
    assert scaled.std(axis=0).max() > 0.999
    assert scaler["std"].min() >= 0.01 - 1e-9


def test_a_column_that_never_moves_does_not_explode() -> None:
    std = np.array([0.0, 2.0, 0.0, 1e-4])
    floored = floor_std(std, {"joints": slice(0, 2), "height": slice(2, 3), "tilt": slice(3, 4)})
    np.testing.assert_allclose(floored, [0.1 * np.sqrt(2), 2.0, 0.01, 0.01])


@in_processes
def test_two_processes_write_what_one_writes(few: Path, clips: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    prepare(clips, again, PrepareOptions(**{**vars(FEW), "jobs": 2}))
    assert_same_files(few, again)


def test_another_seed_makes_other_performances(chained: Path, clips: Path, tmp_path: Path) -> None:
    out = tmp_path / "other"
    prepare(clips, out, PrepareOptions(**{**vars(FEW), "seed": 1}))
    first, other = (np.load(folder / "train_0000.audio.npy") for folder in (chained, out))
    assert first.shape != other.shape or not np.array_equal(first, other)


def test_recordings_keep_their_own_sound(recordings: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    summary = prepare(recordings, out, PrepareOptions(jobs=1, val_fraction=0.3, test_fraction=0))
    assert not any("nothing is held out" in note for note in summary.notes)
    document = read_fingerprint(out)
    assert summary.num_sequences == len(document["sequences"]) == 5  # two trained on, on both sides, one held out
    assert document["styles"] == ["unlabelled"]
    name = names(out, "val")[0]
    arrays = load(out, name)
    seconds = 16 * 60 / [110, 120, 100][int(name[-1])]
    assert abs(len(arrays["pose"]) - seconds * 30) <= 2
    assert set(arrays["beat"].ravel()) == {-1.0}
    codec = PoseCodec.from_dict(document["pose_codec"])
    motion = dancing([110, 120, 100][int(name[-1])], 16, int(name[-1]))
    got = codec.decode(arrays["pose"]).global_positions()[:, :, 1]
    np.testing.assert_allclose(got, motion.global_positions()[1 : len(got) + 1, :, 1], atol=2e-3)


def test_a_table_beside_recordings_gives_styles_and_beats(recordings: Path, tmp_path: Path) -> None:
    rows = ["clip,genre,group,bpm", "dance_0,HO,a,110", "dance_1,HO,b,120", "dance_2,PO,c,100"]
    (recordings / "clips.csv").write_text("\n".join(rows), encoding="utf-8")
    out = tmp_path / "out"
    prepare(recordings, out, PrepareOptions(jobs=1, mirror=False, val_fraction=0, test_fraction=0))
    document = read_fingerprint(out)
    assert document["styles"] == ["HO", "PO"]
    beat = np.load(out / "dance_0.beat.npy")[:, 0]
    assert beat[0] == pytest.approx(110 / 60 / 30)
    assert beat[29] == pytest.approx(110 / 60)


def test_where_no_style_has_two_choreographies_it_is_said_that_nothing_is_held_out(
    recordings: Path, tmp_path: Path
) -> None:
    rows = ["clip,genre,group,bpm", "dance_0,HO,a,110", "dance_1,PO,b,120", "dance_2,KR,c,100"]
    (recordings / "clips.csv").write_text("\n".join(rows), encoding="utf-8")
    summary = prepare(recordings, tmp_path / "out", PrepareOptions(jobs=1, mirror=False))
    assert names(tmp_path / "out", "val") == []
    assert any("nothing is held out" in note for note in summary.notes)
    with pytest.raises(ValueError, match=r"nothing is held out.*--strict"):
        prepare(recordings, tmp_path / "strict", PrepareOptions(jobs=1, mirror=False, strict=True))


def test_a_bad_file_is_named_and_skipped(recordings: Path, tmp_path: Path) -> None:
    (recordings / "dance_0.bvh").write_text("HIERARCHY\nROOT Hips\n{ nonsense", encoding="utf-8")
    (recordings / "dance_1.wav").write_bytes(b"this is no sound")
    (recordings / "mute.bvh").write_text("", encoding="utf-8")
    out = tmp_path / "out"
    summary = prepare(recordings, out, PrepareOptions(jobs=1, val_fraction=0, test_fraction=0))
    assert sorted(reason.split(":")[0] for reason in summary.skipped) == ["dance_0.bvh", "dance_1.bvh", "mute.bvh"]
    assert names(out, "train") == ["dance_2", "dance_2_mirrored"]


def test_a_bad_clip_is_named_and_skipped(clips: Path, tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    shutil.copytree(clips, folder)
    (folder / "house_a_110.bvh").write_text("HIERARCHY", encoding="utf-8")
    (folder / "pop_b_105.bvh").unlink()
    summary = prepare(folder, tmp_path / "out", PrepareOptions(**{**vars(FEW), "val_fraction": 0, "test_fraction": 0}))
    assert [reason.split(":")[0] for reason in summary.skipped] == ["house_a_110.bvh", "pop_b_105.bvh"]


def test_bodies_of_other_sizes_dance_on_one_skeleton(recordings: Path, tmp_path: Path) -> None:
    motion = dancing(110, 16, 0)
    giant = Skeleton(motion.skeleton.names, motion.skeleton.parents, motion.skeleton.offsets * 1.3)
    write_bvh(recordings / "dance_1.bvh", Motion(giant, 30, motion.root_positions * 1.3, motion.rotations))
    prepare(recordings, tmp_path / "out", PrepareOptions(jobs=1, mirror=False, val_fraction=0, test_fraction=0))
    heights = [np.load(tmp_path / "out" / f"dance_{n}.pose.npy")[:, 2] for n in (0, 1)]
    np.testing.assert_allclose(heights[1][:200], heights[0][:200], atol=1e-3)


@pytest.mark.parametrize("chain", [False, True])
def test_an_empty_folder_is_refused(tmp_path: Path, chain: bool) -> None:
    with pytest.raises(ValueError, match=r"no \.bvh file|clips\.csv"):
        prepare(tmp_path, tmp_path / "out", PrepareOptions(chain=chain))


def test_motion_without_sound_says_the_two_ways_out(clips: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"house_a_110\.wav.*--chain"):
        prepare(clips, tmp_path / "out", PrepareOptions())


def test_a_folder_that_exists_is_not_overwritten_unasked(chained: Path, clips: Path) -> None:
    before = (chained / "fingerprint.json").read_bytes()
    with pytest.raises(ValueError, match="--overwrite"):
        prepare(clips, chained, CHAIN)
    assert (chained / "fingerprint.json").read_bytes() == before


def test_a_folder_of_something_else_is_never_overwritten(clips: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(ValueError, match="not a prepared folder"):
        prepare(clips, tmp_path, PrepareOptions(**{**vars(CHAIN), "overwrite": True}))
    assert (tmp_path / "thesis.txt").is_file()


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError])
def test_an_interrupted_run_leaves_nothing(clips: Path, tmp_path: Path, stop: type[BaseException]) -> None:
    def interrupt(done: int, total: int, name: str) -> None:
        if done == 1 and not name.startswith("reading"):
            assert list(tmp_path.iterdir()), "there was something to leave behind"
            raise stop

    with pytest.raises(stop):
        prepare(clips, tmp_path / "out", CHAIN, interrupt)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_run_keeps_the_folder_it_was_to_replace(chained: Path, clips: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(chained, old)

    def interrupt(done: int, total: int, name: str) -> None:
        if not name.startswith("reading"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(clips, old, PrepareOptions(**{**vars(CHAIN), "overwrite": True}), interrupt)
    assert sorted(path.name for path in old.iterdir()) == sorted(path.name for path in chained.iterdir())
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_a_folder_of_another_format_says_so(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a prepared folder"):
        read_fingerprint(tmp_path)
    (tmp_path / "fingerprint.json").write_text(json.dumps({"format_version": 0}), encoding="utf-8")
    with pytest.raises(ValueError, match="prepare it again"):
        read_fingerprint(tmp_path)


def test_nothing_to_train_on_is_an_error(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match="nothing to learn from"),
        write_folder(tmp_path / "out", ["HO"], {}, overwrite=False) as writer,
    ):
        writer.finish({})
    assert list(tmp_path.iterdir()) == []


def test_energy_is_the_speed_around_a_frame() -> None:
    motion = dancing(120, 16)
    energy = energy_of(motion)
    speeds = np.linalg.norm(np.diff(motion.global_positions(), axis=0), axis=-1).mean(axis=1) * 30
    assert energy.shape == (len(motion), 1)
    assert energy[100, 0] == pytest.approx(speeds[69:130].mean(), rel=0.03)
    assert energy_of(motion[:10]).shape == (10, 1)


@pytest.mark.parametrize(
    "wrong",
    [{"hours": 0.0}, {"performance_s": (50.0, 40.0)}, {"stretch": 3.0}, {"jobs": -1}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_senseless_options_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong)).replace("_", "-")):
        PrepareOptions(**wrong)


@in_processes
@pytest.mark.realtime
@pytest.mark.filterwarnings("default")  # the cluster's own, not ours
def test_a_dask_cluster_writes_what_one_process_writes(few: Path, clips: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="needs a Dask cluster: pip install distributed")
    out = tmp_path / "elsewhere"
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=None, local_directory=str(tmp_path / "dask")
    ) as cluster:
        prepare(clips, out, PrepareOptions(**{**vars(FEW), "cluster": cluster.scheduler_address}))
    assert_same_files(few, out)


def test_clips_that_end_short_of_a_bar_are_chained(tmp_path: Path) -> None:
    """Four clips of 11.9 of 12 beats at a slow tempo; the last bar, whose end nobody danced, is left out."""
    folder = tmp_path / "clips"
    folder.mkdir()
    rows = [f"slow_{number},SA,group_{number},81.5" for number in range(4)]
    (folder / "clips.csv").write_text("\n".join(["clip,genre,group,bpm", *rows]))
    for number in range(4):
        write_bvh(folder / f"slow_{number}.bvh", dancing(81.5, 11.89, number))
    summary = prepare(folder, tmp_path / "out", FEW)
    assert summary.skipped == ()
    assert summary.num_sequences == 3
    assert "hours instead of 0.001" in summary.notes[-1]
