"""`transflower-train beats` as it is typed: tables, JSON, pictures, other trackers, and what is refused."""

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from data.formats.sound_file import write_sound
from data.music import synthesise
from data.music.demo import demo_song
from tests.training.runs import run
from tests.warm_start import Popen
from training.beats.others import OTHERS

ROOT = Path(__file__).parents[3]
RATE_HZ = 24_000


def write_song(folder: Path, style: str, bpm: float, num_beats: int = 32, seed: int = 5) -> Path:
    """A generated song with its beats beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    song = synthesise(style, bpm, num_beats, seed, sample_rate_hz=RATE_HZ)
    write_sound(folder / f"{style}.flac", song.samples, RATE_HZ)
    lines = [f"{time_s:.4f}\t{number % 4 + 1}\n" for number, time_s in enumerate(song.beat_times_s)]
    (folder / f"{style}.beats").write_text("".join(lines))
    return folder


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two groups, the second of one clip."""
    folder = tmp_path_factory.mktemp("songs")
    write_song(folder / "quick", "house", 124)
    write_song(folder / "quick", "pop", 116)
    write_song(folder / "slow", "hiphop", 90, num_beats=24)
    return folder


@pytest.fixture(scope="module")
def judged(songs: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, Path]:
    """The JSON of these songs with controls, and the folder that it and the pictures are in."""
    out = tmp_path_factory.mktemp("out")
    run("beats", songs, "--controls", "--others", "-j", 1, "-o", out / "beats.json", "--plots", out / "plots")
    return json.loads((out / "beats.json").read_text()), out


@pytest.fixture(scope="module")
def by_two(songs: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, str]:
    """The same by two processes, in a terminal of eighty columns: the JSON, and what was printed."""
    out = tmp_path_factory.mktemp("two") / "beats.json"
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()) as printed:
        patch.setenv("COLUMNS", "80")
        run("beats", songs, "--controls", "--others", "-j", 2, "--by-clip", "-o", out)
    return json.loads(out.read_text()), printed.getvalue()


def test_groups_are_rows_and_all_comes_last(judged):
    document, _ = judged
    ours = document["trackers"]["transflower"]["groups"]
    assert list(ours) == ["quick", "slow", "all"]
    assert [row["num_clips"] for row in ours.values()] == [2, 1, 3]
    by_clip = {clip["name"]: clip["measures"]["transflower"] for clip in document["clips"]}
    assert list(by_clip) == ["quick/house", "quick/pop", "slow/hiphop"]
    for key in ("f_measure", "amlt", "in_phase", "right_tempo"):
        values = [by_clip[name][key] for name in ("quick/house", "quick/pop")]
        assert ours["quick"][key] == pytest.approx(np.mean(values), abs=1e-5)
        assert ours["all"][key] == pytest.approx(np.mean([clip[key] for clip in by_clip.values()]), abs=1e-5)
        assert ours["slow"][key] == by_clip["slow/hiphop"][key]
    assert [clip["bpm"] for clip in document["clips"]] == pytest.approx([124, 116, 90], abs=0.1)


def test_controls_rank_and_exact_beats_are_perfect(judged):
    document, _ = judged
    whole = {name: result["groups"]["all"] for name, result in document["trackers"].items()}
    assert list(whole) == ["transflower", "exact", "third late", "8 % fast", "random"]
    assert whole["exact"]["f_measure"] == whole["exact"]["amlt"] == whole["exact"]["in_phase"] == 1
    for name in ("third late", "8 % fast", "random"):
        assert whole[name]["f_measure"] < 0.6
        assert whole[name]["num_unlocked"] == 3
        assert whole[name]["lock_median_s"] is None
        assert whole[name]["in_phase"] < 0.3


def test_the_calibration_of_our_tracker_is_written_and_that_of_silent_ones_is_not(judged):
    document, _ = judged
    ours, exact = (document["trackers"][name] for name in ("transflower", "exact"))
    assert sum(ours["calibration"]["share"]) == pytest.approx(1, abs=1e-4)
    assert 0 <= ours["groups"]["all"]["calibration_error"] <= 1
    assert exact["groups"]["all"]["calibration_error"] is None


def test_pictures_are_drawn(judged):
    _, out = judged
    assert {path.name for path in (out / "plots").iterdir()} == {"calibration.png", "groups.png", "timeline.png"}
    assert all(path.stat().st_size > 5_000 for path in (out / "plots").iterdir())


def test_the_number_of_processes_changes_no_number(judged, by_two):
    document, printed = by_two
    assert document == judged[0]
    assert "share of frames" in printed
    assert "beside others: F by group" in printed


def test_tables_fit_into_eighty_columns(by_two):
    _, printed = by_two
    assert "…" not in printed
    assert max(len(line) for line in printed.splitlines()) <= 80
    assert "slow/hiphop: F" in printed


@pytest.mark.long
def test_librosa_stands_beside_ours(songs, tmp_path):
    """The short form measures another program's beats (`test_beats_of_another_program_are_measured_like_ours`)."""
    run("beats", songs / "quick", "--others", "librosa", "-j", 1, "-o", tmp_path / "beats.json")
    document = json.loads((tmp_path / "beats.json").read_text())
    assert list(document["trackers"]) == ["transflower", "librosa"]
    assert document["trackers"]["librosa"]["groups"]["quick"]["amlt"] > 0.6
    assert document["trackers"]["librosa"]["groups"]["quick"]["downbeat_f"] is None


def test_who_is_absent_is_named(songs, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))  # where no aubiotrack is
    run("beats", songs / "quick", "--others", "aubio", "-j", 1, "-o", tmp_path / "beats.json")
    document = json.loads((tmp_path / "beats.json").read_text())
    assert list(document["trackers"]) == ["transflower"]
    assert list(document["absent"]) == ["aubio"]
    assert "absent: aubio; its program aubiotrack is wanted: Debian's aubio-tools" in capsys.readouterr().out
    assert "absent: aubio" in refused(capsys, songs / "quick", "--others", "aubio", "-j", 1, "--strict")


@pytest.mark.skipif(OTHERS["BeatNet"].is_here(), reason="BeatNet is installed")
def test_beatnet_is_named_as_absent_with_the_way_to_get_it(songs, capsys):
    run("beats", songs / "slow", "--others", "BeatNet", "-j", 1)
    assert "absent: BeatNet; pip install BeatNet" in capsys.readouterr().out


@pytest.mark.skipif(shutil.which("aubiotrack") is None, reason="aubiotrack is not installed (Debian: aubio-tools)")
def test_aubio_stands_beside_ours(songs, tmp_path):
    run("beats", songs / "quick", "--others", "aubio", "-j", 1, "-o", tmp_path / "beats.json")
    document = json.loads((tmp_path / "beats.json").read_text())
    assert document["trackers"]["aubio"]["groups"]["quick"]["amlt"] > 0.3


def test_beats_of_another_program_are_measured_like_ours(songs, tmp_path, capsys):
    (tmp_path / "theirs/quick").mkdir(parents=True)
    shutil.copy(songs / "quick/house.beats", tmp_path / "theirs/quick/house.beats")
    arguments = ["--others", "-j", 1, "--beside", f"theirs={tmp_path / 'theirs'}", "-o", tmp_path / "beats.json"]
    run("beats", songs, *arguments)
    document = json.loads((tmp_path / "beats.json").read_text())
    assert document["trackers"]["theirs"]["groups"]["quick"]["f_measure"] == 1
    assert document["trackers"]["theirs"]["groups"]["quick"]["downbeat_f"] == 1
    assert document["trackers"]["theirs"]["groups"]["quick"]["num_clips"] == 1
    assert "theirs: no beats of 2 clips, such as quick/pop.beats" in capsys.readouterr().out


def test_the_demo_track_is_heard(tmp_path):
    """What ships: the demo lies in a cache with its beats as JSON beside it."""
    demo = demo_song()
    for path in (demo, demo.with_suffix(".json")):
        shutil.copy(path, tmp_path)
    run("beats", tmp_path, "--others", "-j", 1, "-o", tmp_path / "found.json")
    (clip,) = json.loads((tmp_path / "found.json").read_text())["clips"]
    assert clip["bpm"] == pytest.approx(116, abs=0.1)
    assert clip["measures"]["transflower"]["right_tempo"] > 0.9
    assert clip["measures"]["transflower"]["f_measure"] > 0.5


def test_sounds_without_beats_are_named_not_passed_over_in_silence(songs, tmp_path, capsys):
    shutil.copytree(songs / "slow", tmp_path / "slow")
    write_sound(tmp_path / "slow/other.wav", np.zeros(RATE_HZ, np.float32), RATE_HZ)
    run("beats", tmp_path, "--others", "-j", 1, "-o", tmp_path / "beats.json")
    assert f"left out, without beats: {tmp_path / 'slow/other.wav'}" in capsys.readouterr().out
    assert json.loads((tmp_path / "beats.json").read_text())["without_beats"] == [str(tmp_path / "slow/other.wav")]
    with pytest.raises(SystemExit):
        run("beats", tmp_path, "--others", "-j", 1, "--strict")
    assert "slow/other.wav (an error because of --strict)" in capsys.readouterr().err


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """What the command says when it refuses; by its exit status too."""
    with pytest.raises(SystemExit) as end:
        run("beats", *arguments)
    assert end.value.code == 2
    return capsys.readouterr().err


def test_a_clip_that_cannot_be_judged_is_named(songs, tmp_path, capsys):
    shutil.copytree(songs / "slow", tmp_path / "a")
    path = tmp_path / "a/hiphop.beats"
    whole = path.read_text()
    for text, message in (
        ("", "holds no beats"),
        ("1.0\n0.5\n", "line 2: 0.5 s is not after 1 s"),
        (whole + "19.0\n", "have a place in the bar"),
        ("".join(f"{0.5 * beat}\n" for beat in range(80)), "the sound ends after 16.00 s"),
        ("0.5\n1.0\n1.5\n", "0 beat(s) after the first 5 s, which are passed over"),
    ):
        path.write_text(text)
        said = refused(capsys, tmp_path, "--others", "-j", 1)
        assert said.startswith("transflower-train: ")
        assert message in said
        assert str(path) in said
    path.write_text(whole)
    (tmp_path / "a/hiphop.flac").write_bytes(b"")
    assert "hiphop.flac is empty" in refused(capsys, tmp_path, "--others", "-j", 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "name a folder of sound with beats"),
        (("SONGS", "--skip", -1), "--skip is a time in seconds, 0 or more, not -1"),
        (("SONGS", "--ahead", 11), "--ahead is a time in seconds, 0 to 10, not 11"),
        (("SONGS", "-j", -1), "-j is a number of processes"),
        (("SONGS", "-o", "none/beats.json"), "-o none/beats.json: its folder is not there"),
        (("SONGS", "--timeline", "pop"), "name it by --plots"),
        (("SONGS", "--plots", "plots", "--timeline", "o"), "3 clips are called so, and one is wanted"),
        (("SONGS", "--plots", "plots", "--timeline", "jazz"), "0 clips are called so"),
        (("SONGS", "--beside", "theirs"), "NAME=FOLDER is wanted"),
        (("SONGS", "--beside", "librosa=SONGS"), "librosa is run here already"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(songs, arguments, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert message in refused(capsys, *(str(part).replace("SONGS", str(songs)) for part in arguments))


def test_the_help_teaches_the_forms(capsys):
    with pytest.raises(SystemExit) as end:
        run("beats", "--help")
    assert end.value.code == 0
    printed = capsys.readouterr().out
    for word in ("NAME.beats", "NAME.mid", "clips.csv", "notes.mid", '"bpms"', "--ahead", "--controls"):
        assert word in printed


@pytest.mark.realtime
def test_an_interrupt_ends_it_with_a_word(songs, tmp_path):
    for number in range(40):
        shutil.copytree(songs, tmp_path / f"many/{number}")
    command = [sys.executable, "-m", "training.cli", "beats", str(tmp_path / "many"), "--others", "-j", "2"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    child = Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert "clips; our tracker" in child.stdout.readline()  # what comes next is the work
        os.killpg(child.pid, signal.SIGINT)  # as a terminal does
        _, said = child.communicate()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
    assert child.returncode == 130
    assert "transflower-train: interrupted" in said
    assert "Traceback" not in said
