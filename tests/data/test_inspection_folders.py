"""Faults of sound and of prepared folders are found; what is found becomes a report and an exit status."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from data.cli import run
from data.formats.bvh import write_bvh
from data.formats.sound_file import write_sound
from data.inspection.finding import WORST, Finding, ranked
from data.inspection.prepared import find_sequences, inspect_sequence
from data.inspection.thresholds import Thresholds
from data.music import synthesise
from tests.clip_maker import dancing, write_clips
from tests.data.faulty_clips import LIMITS, clean, found, joint_jump, under_floor

RATE_HZ = 48_000


@pytest.fixture(scope="module")
def song() -> np.ndarray:
    """Eight seconds of music at 120 BPM."""
    return synthesise("house", 120.0, 16, 0, sample_rate_hz=RATE_HZ, structure="song").samples[: 8 * RATE_HZ]


@pytest.fixture(scope="module")
def clean_folder(song: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two dances with their music in which nothing is found."""
    folder = tmp_path_factory.mktemp("without fault")
    for name in ("clean", "faulty"):
        write_bvh(folder / f"{name}.bvh", dancing(120, 16, seed=len(name)))
        write_sound(folder / f"{name}.wav", song, RATE_HZ)
    (folder / "clips.csv").write_text("clip,genre,group,bpm\nclean,HO,a,120\nfaulty,HO,b,120\n", encoding="utf-8")
    assert found(folder) == []
    return folder


def silenced(samples: np.ndarray) -> np.ndarray:
    samples = samples.copy()
    samples[len(samples) // 3 : len(samples) // 3 + 3 * RATE_HZ] = 0
    return samples


@pytest.mark.parametrize(
    ("kind", "corrupt"),
    [
        ("silence", silenced),
        ("clipping", lambda samples: np.clip(8 * samples, -1, 1)),
        ("length-mismatch", lambda samples: samples[: -3 * RATE_HZ]),
        ("length-mismatch", lambda samples: np.concatenate([samples, samples[: 3 * RATE_HZ]])),
        ("unreadable", None),
    ],
    ids=["silence", "clipping", "short", "long", "broken"],
)
def test_a_fault_of_the_sound_is_found_and_ranked_first(
    clean_folder: Path, song: np.ndarray, tmp_path: Path, kind: str, corrupt: Callable[[np.ndarray], np.ndarray] | None
) -> None:
    shutil.copytree(clean_folder, tmp_path, dirs_exist_ok=True)
    if corrupt is None:
        (tmp_path / "faulty.wav").write_bytes(b"no sound")
    else:
        write_sound(tmp_path / "faulty.wav", corrupt(song).astype(np.float32), RATE_HZ)
    findings = found(tmp_path)
    assert findings[0].kind == kind
    assert {finding.clip for finding in findings} == {"faulty.bvh"}
    if kind in ("silence", "length-mismatch"):
        assert findings[0].value == pytest.approx(3.0, abs=0.1)


def test_a_wrong_tempo_is_doubted(song: np.ndarray, tmp_path: Path) -> None:
    write_bvh(tmp_path / "a.bvh", dancing(120, 16))
    write_sound(tmp_path / "a.wav", song, RATE_HZ)
    for bpm, expected in ((120, []), (60, []), (240, []), (111, ["tempo-doubt"])):  # octaves are no doubt
        (tmp_path / "clips.csv").write_text(f"clip,genre,group,bpm\na,HO,a,{bpm}\n", encoding="utf-8")
        assert [finding.kind for finding in found(tmp_path)] == expected, bpm


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small prepared folder without fault."""
    folder = tmp_path_factory.mktemp("inspection")
    clips, out = write_clips(folder / "clips"), folder / "prepared"
    options = ["--chain", "--hours", "0.006", "--performance-s", "12", "15", "--jobs", "1", "--val-fraction", "0.2"]
    assert run(["prepare", str(clips), "-o", str(out), *options]) == 0
    return out


def edited(path: Path, change: Callable[[np.ndarray], np.ndarray | None]) -> None:
    rows = np.load(path)
    result = change(rows)
    np.save(path, rows if result is None else result)


def test_faults_of_a_prepared_folder(prepared: Path, tmp_path: Path) -> None:
    names = json.loads((prepared / "fingerprint.json").read_text("utf-8"))["sequences"]
    train = [name for name, entry in names.items() if entry["split"] == "train"]
    val = next(name for name, entry in names.items() if entry["split"] == "val")
    before = found(prepared)
    sequence = train[0]

    def corrupted(feature: str, change: Callable[[np.ndarray], np.ndarray | None]) -> list[Finding]:
        copy = tmp_path / f"copy{len(list(tmp_path.iterdir()))}"
        shutil.copytree(prepared, copy)
        edited(copy / f"{sequence}.{feature}.npy", change)
        task = next(task for task in find_sequences(copy, LIMITS)[0] if task.name == sequence)
        return [finding for finding in ranked(inspect_sequence(task).findings) if finding not in before]

    def set_nan(rows: np.ndarray) -> None:
        rows[40, 20] = np.nan

    def stretch(rows: np.ndarray) -> None:
        rows[40, 10:16] *= 1.2  # the first joint after the hips

    def silence(rows: np.ndarray) -> None:
        rows[100:250, :80] = -3.0

    hushed = corrupted("audio", silence)
    assert hushed[0].kind == "silence"
    nan = corrupted("pose", set_nan)[0]
    assert (nan.kind, nan.frame, nan.clip, nan.severity) == ("not-finite", 40, sequence, WORST)
    long = corrupted("pose", stretch)[0]
    assert (long.kind, long.frame, long.joint) == ("non-unit", 40, "Spine")
    assert corrupted("audio", set_nan)[0].kind == "not-finite"
    short = corrupted("energy", lambda rows: rows[:-15])[0]
    assert (short.kind, short.value) == ("length-mismatch", pytest.approx(0.5))
    slow = corrupted("beat", lambda rows: np.where(rows >= 0, 0.9 * rows, rows).astype(np.float32))
    assert slow[0].kind == "tempo-doubt"
    raised = corrupted("pose", lambda rows: rows + np.array([0, 0, 0.4] + [0] * (rows.shape[1] - 3), np.float32))
    assert raised[0].kind == "floor-level"

    copy = tmp_path / "leaks"
    shutil.copytree(prepared, copy)
    shutil.copy(copy / f"{sequence}.pose.npy", copy / f"{val}.pose.npy")
    (copy / f"{train[-1]}.audio.npy").unlink()
    document = json.loads((copy / "fingerprint.json").read_text("utf-8"))
    group = document["sequences"][sequence]["groups"][0]
    document["sequences"][val]["groups"].append(group)
    (copy / "fingerprint.json").write_text(json.dumps(document), "utf-8")
    kinds = {finding.kind: finding for finding in found(copy) if finding not in before}
    assert {kinds["duplicate"].clip, kinds["duplicate"].other} == {sequence, val}
    assert group in kinds["split-leak"].message
    assert train[-1] in kinds["unreadable"].clip
    assert run(["inspect", str(copy), "--jobs", "1", "--fail-on", "100"]) == 3


def test_the_report_is_whole_and_needs_nothing_else(
    song: np.ndarray, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clips, out = tmp_path / "clips", tmp_path / "report"
    clips.mkdir()
    write_bvh(clips / "a<b>.bvh", under_floor(joint_jump(clean())))
    write_bvh(clips / "good.bvh", dancing(97, 13, seed=2))
    write_sound(clips / "good.wav", silenced(song), RATE_HZ)
    assert run(["inspect", str(clips), "-o", str(out), "--jobs", "1"]) == 0
    printed = capsys.readouterr().out
    assert "joint-jump" in printed
    assert "2 clips" in printed
    page = (out / "report.html").read_text("utf-8")
    assert "a&lt;b&gt;.bvh" in page
    assert "a<b>" not in page
    assert "http" not in page  # offline
    document = json.loads((out / "findings.json").read_text("utf-8"))
    kinds = {finding["kind"] for finding in document["findings"]}
    assert kinds == {"joint-jump", "under-floor", "silence"}
    assert page.count("data:image/png;base64,") == len(document["findings"])
    assert document["thresholds"]["jump_rad_s"] == LIMITS.jump_rad_s
    severities = [finding["severity"] for finding in document["findings"]]
    assert severities == sorted(severities, reverse=True)
    rows = (out / "findings.csv").read_text("utf-8").splitlines()
    assert len(rows) == 1 + len(document["findings"])


def test_the_exit_status_and_the_limits_are_the_callers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_bvh(tmp_path / "a.bvh", under_floor(clean()))  # about 10 cm, twice the limit
    command = ["inspect", str(tmp_path), "--jobs", "1"]
    assert run(command) == 0
    assert run([*command, "--fail-on", "1.5"]) == 3
    assert run([*command, "--fail-on", "4"]) == 0
    assert run([*command, "--fail-on", "1", "--limits.under-floor-m", "0.3"]) == 0
    capsys.readouterr()
    assert run([*command, "--fail-on", "0"]) == 1
    assert "--fail-on" in capsys.readouterr().err
    (tmp_path / "nothing").mkdir()
    assert run(["inspect", str(tmp_path / "nothing")]) == 1
    assert "no motion" in capsys.readouterr().err
    with pytest.raises(ValueError, match=r"--limits\.jump-rad-s"):
        Thresholds(jump_rad_s=-1.0)
