"""The command transflower-data, as a person types it."""

import io
import signal
import sys
from pathlib import Path

import pytest
import soundfile
from rich.console import Console

from data.cli import run
from data.commands.progress import progress_of
from tests.clip_maker import write_clips
from tests.data.child_process import started, wait_for_work
from tests.program import run_program

ROOT = Path(__file__).parents[2]
SMALL = ["--chain", "--performance-s", "12", "15", "--jobs", "1"]


def test_prepare_and_inspect(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clips = write_clips(tmp_path / "clips")
    out = tmp_path / "prepared"
    options = [
        *SMALL,
        "--hours",
        "0.01",
        "--val-fraction",
        "0.2",
        "--attribution",
        "Nobody",
    ]
    assert run(["prepare", str(clips), "-o", str(out), *options]) == 0
    assert "sequences" in capsys.readouterr().out
    assert run(["inspect", str(out), "--jobs", "1"]) == 0
    table = capsys.readouterr().out
    for word in ("HO", "PO", "train, min", "pose joints", "audio mel", "choreographies"):
        assert word in table


def test_where_there_is_no_terminal_lines_tell_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    seconds = iter((0.0, 4.0, 12.0, 13.0, 18.0, 24.0, 43.0, 60.0))
    with progress_of(Console(file=io.StringIO()), clock=lambda: next(seconds)) as advance:
        for done in (0, 1):
            advance(done, 2, f"reading {done}")
        for done in (0, 1, 2, 30, 40):
            advance(done, 40, f"train_{done:04}")
    assert capsys.readouterr().err.splitlines() == [
        "1 of 2: reading 1, about 8 s left",
        "2 of 40: train_0002, about 3 min left",
        "30 of 40: train_0030, about 10 s left",
    ]


def test_it_runs_as_a_module_too() -> None:
    """Where the script is another checkout's."""
    done = run_program([sys.executable, "-m", "data.cli", "--help"], cwd=ROOT)
    assert done.returncode == 0
    assert "transflower-data" in done.stdout


def test_a_skipped_file_changes_the_exit_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clips = write_clips(tmp_path / "clips")
    (clips / "house_b_115.bvh").write_text("no motion", encoding="utf-8")
    options = [
        *SMALL,
        "--hours",
        "0.001",
        "--val-fraction",
        "0",
        "--test-fraction",
        "0",
    ]
    assert run(["prepare", str(clips), "-o", str(tmp_path / "prepared"), *options]) == 2
    printed = capsys.readouterr().out
    assert "skipped house_b_115.bvh" in printed
    assert "1 files were skipped" in printed


def test_an_expected_error_is_a_sentence_and_not_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["prepare", str(tmp_path / "nowhere"), "-o", str(tmp_path / "out")]) == 1
    captured = capsys.readouterr()
    assert "is not a folder" in captured.err
    assert "Traceback" not in captured.err + captured.out
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("cluster", "package", "advice"),
    [
        ("tcp://127.0.0.1:8786", "distributed", "pip install dask distributed"),
        ("ray://127.0.0.1:10001", "ray", r"pip install ray[client]"),
    ],
)
def test_a_missing_cluster_package_is_named(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    cluster: str,
    package: str,
    advice: str,
) -> None:
    monkeypatch.setitem(sys.modules, package, None)  # what import does where it is not installed
    clips = write_clips(tmp_path / "clips")
    assert run(["prepare", str(clips), "--chain", "-o", str(tmp_path / "out"), "--cluster", cluster]) == 1
    assert advice in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_cluster_of_no_known_kind_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clips = write_clips(tmp_path / "clips")
    assert run(["prepare", str(clips), "--chain", "-o", str(tmp_path / "out"), "--cluster", "cloud"]) == 1
    assert "tcp://HOST:PORT" in capsys.readouterr().err


def test_music_is_written_with_its_length(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["music", "--style", "house", "--bpm", "120", "--seconds", "8", "-o", str(tmp_path / "song.wav")]) == 0
    assert "16 beats at 120 BPM" in capsys.readouterr().out
    info = soundfile.info(str(tmp_path / "song.wav"))
    assert info.duration >= 8.0
    assert run(["music", "--style", "polka", "-o", str(tmp_path / "polka.wav")]) == 1
    assert "house" in capsys.readouterr().err


def test_help_explains(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run(["prepare", "--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    for word in ("--chain", "--cluster", "Dask", "clips.csv", "--val-groups", "skipped"):
        assert word in text


@pytest.mark.realtime
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    clips = write_clips(tmp_path / "clips")
    command = [sys.executable, "-m", "data.cli", "prepare", str(clips), "-o", str(tmp_path / "out")]
    with started([*command, "--hours", "2", *SMALL], cwd=ROOT, start_new_session=True) as process:
        wait_for_work(process, (tmp_path / "out.part").is_dir, "it wrote its folder")
        process.send_signal(number)
        assert process.wait() == 130
    assert [path.name for path in tmp_path.iterdir()] == ["clips"]
