"""Recordings of other programs in folders: prepared and inspected whole, or a sentence says what is left out."""

import unicodedata
from pathlib import Path

import numpy as np
import pytest

from data.cli import run
from data.dataset.choreography import read_clip_table
from data.dataset.feature_extraction import find_sources
from data.dataset.prepare import prepare
from data.dataset.prepare_options import PrepareOptions
from data.dataset.prepared_folder import read_fingerprint
from data.dataset.recordings import find_recordings
from data.formats.bvh import write_bvh
from data.formats.sound_file import write_sound
from data.motion.skeleton import Skeleton
from tests.data.faulty_clips import found
from tests.foreign_rigs import RIGS, dance, under_root, with_positions, write_rig

OPTIONS = PrepareOptions(val_fraction=0, test_fraction=0, jobs=1, mirror=False)
SECONDS = 4.0


def sound(path: Path) -> None:
    noise = 0.1 * np.random.default_rng(0).normal(size=round(SECONDS * 24_000))
    write_sound(path.with_suffix(".flac"), noise.astype(np.float32), 24_000)
    path.with_suffix(".flac").rename(path)


def recording(path: Path, rig: str = "Motive", **options: float) -> Path:
    sound(path.with_suffix(".flac"))
    return write_rig(path, RIGS[rig], seconds=SECONDS, **options)


def prepared_leg_m(folder: Path) -> float:
    skeleton = Skeleton.from_dict(read_fingerprint(folder)["skeleton"])
    return float(np.linalg.norm(skeleton.offsets[skeleton.index("LeftFoot")]))


def test_recordings_of_several_programs_are_prepared_together(tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    folder.mkdir()
    for name, rig in (("a", "Motive"), ("b", "Biped"), ("c", "HumanIK")):
        recording(folder / f"{name}.bvh", rig)
    summary = prepare(folder, tmp_path / "out", OPTIONS)
    assert (summary.num_sequences, summary.skipped, summary.notes) == (3, (), ())


@pytest.mark.parametrize("metres", [1.0, 0.0254, 0.001, 100.0])
def test_a_figure_in_any_unit_is_a_persons_and_the_unit_is_reported(tmp_path: Path, metres: float) -> None:
    folder = tmp_path / "clips"
    folder.mkdir()
    for name in "abc":
        recording(folder / f"{name}.bvh", metres_per_unit=metres)
    summary = prepare(folder, tmp_path / "out", OPTIONS)
    assert prepared_leg_m(tmp_path / "out") == pytest.approx(0.4, abs=1e-3)
    (note,) = summary.notes
    assert "a.bvh, b.bvh and 1 more: lengths are taken to be in " in note
    said = prepare(folder, tmp_path / "said", PrepareOptions(**{**vars(OPTIONS), "unit": str(metres), "strict": True}))
    assert said.notes == ()
    assert prepared_leg_m(tmp_path / "said") == pytest.approx(0.4, abs=1e-3)
    with pytest.raises(ValueError, match="--strict"):
        prepare(folder, tmp_path / "not", PrepareOptions(**{**vars(OPTIONS), "strict": True}))
    assert {finding.kind for finding in found(folder)} >= {"odd-size"} or metres == 0.0254


def test_the_command_tells_what_is_left_out_and_strict_skips_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "1000")  # or a long path is broken in the middle of a word
    folder = tmp_path / "clips"
    folder.mkdir()
    for name in "ab":
        recording(folder / f"{name}.bvh")
    text = (folder / "b.bvh").read_text()
    (folder / "b.bvh").write_text(text.replace("LUArm", "LXyzzy"))
    words = ["prepare", str(folder), "--val-fraction", "0", "--test-fraction", "0", "--jobs", "1", "--no-mirror", "-o"]
    assert run([*words, str(tmp_path / "out")]) == 2  # b has other bones than a
    (tmp_path / "joints.txt").write_text("LXyzzy = LeftUpperArm")
    assert run([*words, str(tmp_path / "whole"), "--map", str(tmp_path / "joints.txt"), "--strict"]) == 0
    assert "names none of its joints" not in capsys.readouterr().out  # b's it names
    assert run([*words, str(tmp_path / "strict"), "--strict"]) == 2
    assert "b.bvh: joints that turn are not understood and left out: LXyzzy" in " ".join(
        capsys.readouterr().out.split()
    )
    (tmp_path / "joints.txt").write_text("Plugh = LeftUpperArm")
    assert run([*words, str(tmp_path / "wrong"), "--map", str(tmp_path / "joints.txt"), "--strict"]) == 1
    assert "names none of its joints (Plugh, ...)" in " ".join(capsys.readouterr().err.split())


def test_a_rig_that_cannot_be_identified_is_a_finding_and_a_map_is_the_way_in(tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    folder.mkdir()
    names = [f"bone{number}" for number in range(21)]
    write_rig(folder / "a.bvh", names, seconds=SECONDS)
    worst = found(folder)[0]
    assert (worst.kind, worst.severity) == ("not-understood", 100.0)
    assert "--map FILE" in worst.message
    guess = worst.message.split("it may be: ")[1]
    (tmp_path / "joints.txt").write_text("\n".join(guess.split("; ")))
    assert run(["inspect", str(folder), "--map", str(tmp_path / "joints.txt"), "--fail-on", "50", "--jobs", "1"]) == 0
    assert run(["inspect", str(folder), "--fail-on", "50", "--jobs", "1"]) == 3
    assert run(["inspect", str(folder), "--strict", "--jobs", "1"]) == 3


def test_sound_beside_a_motion_that_cannot_be_read_is_not_compared_with_it(tmp_path: Path) -> None:
    recording(tmp_path / "a.bvh").write_text("no motion")
    assert {finding.kind for finding in found(tmp_path)} == {"unreadable"}


def test_joints_that_turn_and_are_not_understood_are_a_finding(tmp_path: Path) -> None:
    names = [name.replace("LUArm", "LXyzzy") for name in RIGS["Motive"]]
    write_rig(tmp_path / "a.bvh", names, seconds=SECONDS)
    (finding,) = [finding for finding in found(tmp_path) if finding.kind == "not-understood"]
    assert "LXyzzy" in finding.message


def test_the_hips_way_under_a_static_root_is_prepared(tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    folder.mkdir()
    plain = dance(seconds=SECONDS)
    write_bvh(folder / "plain.bvh", plain)
    write_bvh(folder / "rooted.bvh", under_root(plain))
    with_positions(folder / "rooted.bvh", {"Hips": 100.0 * plain.root_positions})
    for path in folder.glob("*.bvh"):
        sound(path.with_suffix(".wav"))
    summary = prepare(folder, tmp_path / "out", OPTIONS)
    assert (summary.num_sequences, summary.skipped) == (2, ())
    poses = [np.load(tmp_path / "out" / f"{name}.pose.npy") for name in ("plain", "rooted")]
    np.testing.assert_allclose(poses[0], poses[1], atol=1e-3)
    assert "limb-length" not in {finding.kind for finding in found(folder)}


@pytest.mark.parametrize("ending", [".WAV", ".Wav", ".FLAC", ".aiff", ".AIF", ".Ogg"])
def test_endings_and_names_of_sound_may_be_written_in_any_case(tmp_path: Path, ending: str) -> None:
    write_rig(tmp_path / "ZOOM0001.BVH", seconds=SECONDS)
    write_sound(tmp_path / "x.wav", np.zeros(1000, np.float32), 24_000)
    (tmp_path / "x.wav").rename(tmp_path / f"zoom0001{ending}")
    for name in ("._ZOOM0001.BVH", f"._zoom0001{ending}"):  # macOS puts them on foreign disks
        (tmp_path / name).write_bytes(b"\0\5\26\7")
    (recording,), silent = find_recordings(tmp_path)
    assert silent == []
    assert recording.sound_path.name == f"zoom0001{ending}"
    assert {finding.clip for finding in found(tmp_path)} <= {"ZOOM0001.BVH"}
    assert [path.name for path, _ in find_sources([tmp_path])] == ["ZOOM0001.BVH", f"zoom0001{ending}"]


def test_accents_may_be_written_in_one_letter_or_two(tmp_path: Path) -> None:
    """As macOS and other systems do in turn."""
    write_rig(tmp_path / unicodedata.normalize("NFD", "é.bvh"), seconds=SECONDS)
    (tmp_path / unicodedata.normalize("NFC", "é.wav")).touch()
    (recording,), _ = find_recordings(tmp_path)
    assert recording.sound_path.suffix == ".wav"


def test_dance_without_sound_at_its_end_is_reported(tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    folder.mkdir()
    for name in "ab":
        recording(folder / f"{name}.bvh")
    write_sound(folder / "b.flac", np.zeros(2 * 24_000, np.float32) + 0.1, 24_000)
    summary = prepare(folder, tmp_path / "out", OPTIONS)
    assert summary.notes == ("b.bvh: 2.0 s of dance are left out, since the sound ends before",)
    strict = prepare(folder, tmp_path / "strict", PrepareOptions(**{**vars(OPTIONS), "strict": True}))
    assert (strict.num_sequences, len(strict.skipped)) == (1, 1)


def test_a_folder_of_music_may_be_written_in_any_case(tmp_path: Path) -> None:
    for folder in ("clips", "MUSIC"):
        (tmp_path / folder).mkdir()
    write_rig(tmp_path / "clips" / "a.bvh", seconds=SECONDS)
    sound(tmp_path / "MUSIC" / "A.WAV")
    (recording,), silent = find_recordings(tmp_path / "clips")
    assert silent == []
    assert recording.sound_path == tmp_path / "MUSIC" / "A.WAV"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_table_may_be_as_a_spreadsheet_writes_it_and_what_it_misses_is_reported(
    tmp_path: Path, delimiter: str, mark: str
) -> None:
    folder = tmp_path / "clips"
    folder.mkdir()
    for name in "ab":
        recording(folder / f"{name}.bvh")
    rows = ["clip,genre,group,bpm", "a,HO,first,120.5", "typo,HO,second,110"]
    (folder / "clips.csv").write_text(mark + "\n".join(rows).replace(",", delimiter), encoding="utf-8")
    summary = prepare(folder, tmp_path / "out", OPTIONS)
    assert summary.notes == (
        "b.bvh: no row in clips.csv, so no style and no tempo",
        "typo: named in clips.csv, and there is no such file",
    )
    with pytest.raises(ValueError, match=r"b\.bvh: no row in clips\.csv.*--strict"):
        prepare(folder, tmp_path / "strict", PrepareOptions(**{**vars(OPTIONS), "strict": True}))
    assert not (tmp_path / "strict").exists()
    assert read_fingerprint(tmp_path / "out")["styles"] == ["HO", "unlabelled"]
    assert np.load(tmp_path / "out" / "a.beat.npy").max() > 5


def test_a_table_in_another_encoding_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "clips.csv").write_bytes("clip,genre,group,bpm\nfrüh,HO,a,120\n".encode("cp1252"))
    with pytest.raises(ValueError, match=r"clips\.csv is not text in UTF-8: save it as CSV UTF-8"):
        read_clip_table(tmp_path / "clips.csv")
