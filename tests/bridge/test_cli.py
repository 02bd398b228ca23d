"""The command line as people meet it: help that teaches, one line for what went wrong, a summary at the end."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bridge.cli import COMMANDS, main
from bridge.live.runner import RunnerConfig
from bridge.sources.file import FileSource
from bridge.sources.portaudio import SoundDevice, device_table
from bridge.sources.source import SoundBlock
from data.formats.bvh import read_bvh
from data.formats.sound_file import read_sound, write_sound
from data.music import synthesise
from tests.data.child_process import started
from tests.end_to_end.osc_receiver import OscReceivers
from tests.ports import held_port
from tests.program import run_program
from tests.tiny_dancer import write_tiny_dancer
from tests.waiting import GENEROUS_S

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.usefixtures("warm_children")

ALONE = ("--no-record", "--control", "None", "--stage", "None")
"""A performance that leaves nothing behind and is steered by nobody: others may run beside it."""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_dancer(tmp_path_factory.mktemp("dancer") / "tiny.safetensors")


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Two seconds of drums, bass and chords."""
    path = tmp_path / "song.wav"
    write_sound(path, synthesise("house", 120.0, 4, 0, sample_rate_hz=24_000).samples, 24_000)
    return path


@pytest.fixture
def long_song(song: Path) -> Path:
    """Five minutes of it: whatever ends a performance to it, it is not the song."""
    path = song.with_name("long.wav")
    write_sound(path, np.tile(read_sound(song)[0], 150), 24_000)
    return path


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command says on stderr when it refuses: one line, exit code 2, no traceback."""
    with pytest.raises(SystemExit) as exit_info:
        main(list(arguments))
    assert exit_info.value.code == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("transflower: ")
    assert captured.err.count("\n") == 1
    return captured.err


@pytest.mark.parametrize("command", ["perform", "demo", "generate", "dancer", "export-model", "devices", "bench"])
def test_help_teaches_by_example(command: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as exit_info:
        main([command, "--help"])
    assert exit_info.value.code == 0
    assert f"- transflower {command}" in capsys.readouterr().out


def test_a_missing_checkpoint_says_what_to_do(capsys: pytest.CaptureFixture[str], tmp_path: Path, song: Path):
    missing = tmp_path / "none.safetensors"
    message = refusal(capsys, "perform", "--file", str(song), "--checkpoint", str(missing))
    assert str(missing) in message
    assert "transflower-train fit" in message


def test_the_demo_does_not_render_its_song_for_nobody(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("data.music.demo_song", lambda: pytest.fail("rendered without a dancer"))
    assert "none.safetensors" in refusal(capsys, "demo", "--checkpoint", str(tmp_path / "none.safetensors"))


def test_a_checkpoint_that_is_none_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path, song: Path):
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"not a checkpoint at all")
    assert str(broken) in refusal(capsys, "generate", str(song), "--checkpoint", str(broken))


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["--target", "osc:1.2.3.4"], "osc:1.2.3.4"),
        (["--style", "polka"], "knows House (HO), Lock (LO)"),
        (["--temperature", "9"], "temperature"),
        (["--energy", "-1"], "energy"),
        (["--seconds", "0"], "--seconds"),
        (["--input", "0"], "exclude each other"),
        (["--device", "cuda"], "cuda"),
    ],
)
def test_wrong_options_are_named(
    arguments: list[str], part: str, capsys: pytest.CaptureFixture[str], tiny: Path, song: Path
):
    if arguments[-1] == "cuda":
        import torch

        if torch.cuda.is_available():
            pytest.skip("this machine has CUDA")
    common = ["perform", "--file", str(song), "--checkpoint", str(tiny), "--quiet", "--no-aloud", *ALONE]
    assert part in refusal(capsys, *common, *arguments)


def test_a_song_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str], tiny: Path):
    assert "nowhere.wav" in refusal(capsys, "perform", "--file", "nowhere.wav", "--checkpoint", str(tiny))
    assert "nowhere.wav" in refusal(capsys, "generate", "nowhere.wav", "--checkpoint", str(tiny))


@pytest.mark.realtime
def test_a_performance_ends_with_the_song_and_leaves_its_summary(
    capsys: pytest.CaptureFixture[str], tiny: Path, song: Path, tmp_path: Path
):
    report = tmp_path / "summary.json"
    with OscReceivers(1) as (audience,):
        target = f"dance:127.0.0.1:{audience.port}"
        main(
            [
                "perform", "--file", str(song), "--checkpoint", str(tiny), "--no-aloud",
                "--json", str(report), "--target", target, "--device", "cpu", *ALONE,
            ]
        )  # fmt: skip
    out = capsys.readouterr().out
    assert "deadlines missed" in out
    summary = json.loads(report.read_text())
    poses = audience.poses()
    poses.assert_all_arrived(audience)
    assert 0 <= summary["frames_sent"] - 1 - poses.sequences[-1] <= audience.num_lost
    assert 0 < summary["frames_danced"] <= (poses.states == "dancing").sum() + audience.num_lost
    assert summary["seconds"] > 2.0 + RunnerConfig().tail_s  # the whole song
    assert summary["source"] == "song.wav"
    assert summary["targets"] == [target]
    assert set(summary["latency"]) == {"capture_ms", "features_ms", "model_ms", "send_ms", "total_ms"}
    assert summary["problem"] is None


@pytest.mark.realtime
def test_a_failed_performance_is_in_the_summary_and_the_exit_code(
    capsys: pytest.CaptureFixture[str], tiny: Path, long_song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    report = tmp_path / "summary.json"
    original = FileSource.read
    with OscReceivers(1) as (audience,):

        def read(source: FileSource, max_wait_s: float) -> SoundBlock | None:
            if any(message.params[0] == "dancing" for _, message in audience.messages("/dance/status")):
                raise OSError("the disk is gone")
            return original(source, max_wait_s)

        monkeypatch.setattr(FileSource, "read", read)
        with pytest.raises(SystemExit) as exit_info:
            main(
                [
                    "perform", "--file", str(long_song), "--checkpoint", str(tiny), "--no-aloud", "--quiet", "--device",
                    "cpu", "--json", str(report), "--target", f"dance:127.0.0.1:{audience.port}", *ALONE,
                ]
            )  # fmt: skip
    assert exit_info.value.code == 1
    assert "broke off: OSError: the disk is gone" in capsys.readouterr().out
    summary = json.loads(report.read_text())
    assert "the disk is gone" in summary["problem"]
    assert summary["frames_danced"] > 0


def test_generate_writes_beside_the_song_and_says_where(capsys: pytest.CaptureFixture[str], tiny: Path, song: Path):
    main(["generate", str(song), "--checkpoint", str(tiny), "--device", "cpu"])
    assert capsys.readouterr().out.strip() == str(song.with_suffix(".bvh"))
    assert len(read_bvh(song.with_suffix(".bvh"))) == 60


@pytest.mark.realtime
@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as on POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_it_cleanly_with_the_summary(number: signal.Signals, tiny: Path, long_song: Path):
    with held_port() as nobody:
        command = [
            sys.executable, "-m", "bridge.cli", "perform", "--file", str(long_song), "--checkpoint", str(tiny),
            "--no-aloud", "--target", f"dance:127.0.0.1:{nobody}", *ALONE,
        ]  # fmt: skip
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        with started(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
            assert process.stdout is not None
            assert any("sent" in line for line in process.stdout)  # a log line: it performs
            process.send_signal(number)
            out, err = process.communicate(timeout=GENEROUS_S)
    assert process.returncode == 0
    assert "frames sent" in out
    assert err == ""


@pytest.mark.realtime
@pytest.mark.skipif(sys.platform == "win32", reason="pipes break as on POSIX")
def test_a_reader_who_has_read_enough_is_no_error(tmp_path: Path):
    command = [sys.executable, "-m", "bridge.cli", "takes", str(tmp_path)]
    with started(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()  # long before the first line is written
        assert process.stderr.read() == ""
        assert process.wait(GENEROUS_S) == 0


def test_devices_are_listed_with_their_numbers():
    device = SoundDevice(
        index=3,
        name="USB Audio",
        host_api="ALSA",
        max_input_channels=2,
        max_output_channels=0,
        default_sample_rate_hz=48_000,
        is_default_input=True,
        is_default_output=False,
    )
    head, line = device_table([device])
    assert line.split() == ["3", "USB", "Audio", "ALSA", "2", "0", "48000", "default", "input"]
    assert head.index("rate") < line.index("48000") + 5
    assert "no sound device" in device_table([])[0]


def test_a_wrong_device_is_refused_before_anything_begins(
    capsys: pytest.CaptureFixture[str], tiny: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bridge.performance.Performance.run", lambda *_: pytest.fail("began with a wrong device"))
    message = refusal(capsys, "perform", "--input", "no such device", "--checkpoint", str(tiny), *ALONE)
    assert "no such device" in message or "PortAudio" in message


def test_only_a_performance_keeps_a_take_unasked():
    assert COMMANDS.parse(["perform"]).stage.record
    assert not COMMANDS.parse(["demo"]).stage.record
    assert COMMANDS.parse(["demo", "--record"]).stage.record
    assert "until Ctrl-C" in COMMANDS.load("demo").__doc__


@pytest.mark.realtime
def test_a_log_is_kept_beside_the_picture_in_the_terminal(tiny: Path, song: Path, tmp_path: Path):
    line = [sys.executable, "-m", "bridge.cli", "perform", "--file", str(song), "--checkpoint", str(tiny)]
    file = tmp_path / "show.log"
    done = run_program([*line, "--no-aloud", "--no-record", "--log-file", str(file), *ALONE], cwd=ROOT)
    assert done.returncode == 0, done.stdout
    text = file.read_text("utf-8")
    assert re.search(r"INFO tiny.safetensors, stepped by \w+, dances to song.wav", text)
    assert re.search(r"INFO +\d+\.\d s \| \w+", text)


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_completes_commands_and_their_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with pytest.raises(SystemExit, match="0"):
        main(["--completion", "bash"])
    place = tmp_path / "bash-completion/completions/transflower"
    assert str(place) in capsys.readouterr().out

    def completed(*words: str) -> list[str]:
        script = f"""
            source {place}
            name=$(complete -p transflower | sed "s/.*-F \\([^ ]*\\).*/\\1/")
            COMP_WORDS=({" ".join(words)}); COMP_CWORD={len(words) - 1}
            $name transflower {words[-1]} {words[-2]}
            printf "%s\\n" "${{COMPREPLY[@]}}"
        """
        return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout.split()

    assert completed("transflower", "per") == ["perform"]
    assert "--style-guidance" in completed("transflower", "perform", "--style")
    assert completed("transflower", "replay", "--st") == ["--stage"]
    monkeypatch.setattr(sys, "stderr", sys.stdout)
    with pytest.raises(SystemExit, match="2"):
        main(["--completion", "dos"])
    assert "--completion needs a shell, bash or zsh" in capsys.readouterr().out
