"""Everything that people and networks get wrong, in one table: what the bridge says, and its exit code."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from safetensors.numpy import load_file, save_file

from bridge.cli import main
from bridge.sources.file import FileSource
from bridge.takes.recorder import TakeRecorder, open_take
from data.cli import run as run_data_command
from data.formats.sound_file import read_sound, write_sound
from models.files.checkpoint_header import HEADER_KEY, read_header
from tests.ports import held_port
from tests.tiny_dancer import write_tiny_dancer


@dataclass(frozen=True)
class Stage:
    """Where a row of the table plays.

    Attributes:
        folder: Empty, and the row's own.
        dancer: A checkpoint that works.
        song: A song that works.
        taken_port: A UDP port in somebody else's hands.
        taken_tcp_port: Likewise of TCP.
        nobodys_port: A UDP port at which nobody listens.
    """

    folder: Path
    dancer: Path
    song: Path
    taken_port: int
    taken_tcp_port: int
    nobodys_port: int

    def file(self, name: str, content: bytes) -> str:
        (self.folder / name).write_bytes(content)
        return str(self.folder / name)

    def perform(self, *arguments: str) -> list[str]:
        """A short performance with whatever is wrong put last, where it wins."""
        return [
            *("perform", "--file", str(self.song), "--checkpoint", str(self.dancer), "--device", "cpu", "--quiet"),
            *("--no-aloud", "--no-record", "--control", "None", "--stage", "None"),
            *("--target", f"dance:127.0.0.1:{self.nobodys_port}", "--seconds", "1"),
            *arguments,
        ]

    def header_changed(self, **changes: object) -> str:
        """The dancer with another header."""
        header = {**read_header(self.dancer), "format_version": 1, **changes}
        path = self.folder / "changed.safetensors"
        save_file(load_file(self.dancer), path, {HEADER_KEY: json.dumps(header)})
        return str(path)

    def song_at(self, rate_hz: int) -> str:
        """A song whose header has this rate."""
        path = self.folder / "odd.wav"
        soundfile.write(path, np.zeros(1000), rate_hz)
        return str(path)

    def long_song(self) -> Path:
        """Ten minutes of the song."""
        samples, rate_hz = read_sound(self.song)
        path = self.folder / "long.wav"
        write_sound(path, np.tile(samples, 600), rate_hz)
        return path

    def foreign(self) -> str:
        path = self.folder / "foreign.safetensors"
        save_file({"weight": np.zeros(3, np.float32)}, path)
        return str(path)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_dancer(tmp_path_factory.mktemp("dancer") / "tiny.safetensors")


@pytest.fixture
def stage(tmp_path: Path, tiny: Path) -> Iterator[Stage]:
    rng = np.random.default_rng(0)
    write_sound(tmp_path / "song.wav", 0.3 * rng.standard_normal(24_000).astype(np.float32), 24_000)
    with (
        closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as taken,
        closing(socket.create_server(("127.0.0.1", 0))) as taken_tcp,
        held_port() as nobodys,
    ):
        taken.bind(("127.0.0.1", 0))
        ports = taken.getsockname()[1], taken_tcp.getsockname()[1], nobodys
        yield Stage(tmp_path, tiny, tmp_path / "song.wav", *ports)


Row = Callable[[Stage], list[str]]

REFUSED: dict[str, tuple[Row, str]] = {
    "missing sound device": (lambda s: [*drop_file(s.perform()), "--input", "no such device"], "no such device"),
    "device and file": (lambda s: s.perform("--input", "0"), "exclude each other"),
    "missing song": (lambda s: s.perform("--file", "nowhere.wav"), "nowhere.wav: no such file"),
    "empty song": (lambda s: s.perform("--file", s.file("empty.wav", b"")), "empty.wav"),
    "corrupt song": (lambda s: s.perform("--file", s.file("noise.mp3", bytes(range(256)) * 9)), "noise.mp3"),
    "song of a wrong sample rate": (lambda s: s.perform("--file", s.song_at(7)), "has 7 samples a second"),
    "folder as song": (lambda s: s.perform("--file", str(s.folder)), "no such file"),
    "raw form without a pipe": (lambda s: s.perform("--raw", "s16le:48000:2"), "--file -"),
    "raw form at no rate": (
        lambda s: s.perform("--file", "-", "--raw", "s16le:0:2"),
        "s16le:0:2",
    ),
    "missing checkpoint": (lambda s: s.perform("--checkpoint", "none.safetensors"), "none.safetensors: no such"),
    "truncated checkpoint": (
        lambda s: s.perform("--checkpoint", s.file("cut.safetensors", s.dancer.read_bytes()[:3000])),
        "cut.safetensors: damaged",
    ),
    "foreign checkpoint": (lambda s: s.perform("--checkpoint", s.foreign()), "no dancer of this project"),
    "checkpoint of another format": (
        lambda s: s.perform("--checkpoint", s.header_changed(format_version=99)),
        "format 99",
    ),
    "checkpoint of other features": (
        lambda s: s.perform("--checkpoint", s.header_changed(audio_fingerprint="0123456789abcdef")),
        "0123456789abcdef",
    ),
    "unknown style": (lambda s: s.perform("--style", "polka"), "knows House (HO), Lock (LO)"),
    "unknown seed pose": (lambda s: s.perform("--seed-pose", "lying"), "has standing, standing later"),
    "temperature out of range": (lambda s: s.perform("--temperature", "nan"), "temperature"),
    "leash out of range": (lambda s: s.perform("--leash-m", "-1"), "leash_m"),
    "bpm out of range": (lambda s: s.perform("--bpm", "1000"), "bpm"),
    "unknown protocol": (lambda s: s.perform("--target", "osc:1.2.3.4"), "osc"),
    "unknown option of a target": (lambda s: s.perform("--target", "vmc:127.0.0.1:9,colour=red"), "colour"),
    "impossible rate of a target": (lambda s: s.perform("--target", "vmc:127.0.0.1:9,rate=0"), "rate"),
    "missing avatar": (lambda s: s.perform("--target", "vmc:127.0.0.1:9,vrm=none.vrm"), "none.vrm"),
    "avatar that is none": (
        lambda s: s.perform("--target", f"vmc:127.0.0.1:9,vrm={s.file('junk.vrm', b'glTF' + bytes(40))}"),
        "junk.vrm",
    ),
    "occupied control port": (
        lambda s: s.perform("--control", f"127.0.0.1:{s.taken_port}", "--query-port", "None", "--stage", "None"),
        "{taken_port}",
    ),
    "occupied port of the stage": (lambda s: s.perform("--stage", f"127.0.0.1:{s.taken_tcp_port}"), "{taken_tcp_port}"),
    "stage at no address of ours": (lambda s: s.perform("--stage", "192.0.2.1:0"), "--stage HOST:PORT"),
    "token that can be guessed": (
        lambda s: s.perform("--stage", "127.0.0.1:0", "--stage-token", "abc"),
        "8 characters",
    ),
    "certificate that is none": (
        lambda s: s.perform("--stage", "0.0.0.0:0", "--stage-certificate", s.file("junk.pem", b"junk")),
        "junk.pem",
    ),
    "control address without a port": (lambda s: s.perform("--control", "localhost"), "HOST:PORT"),
    "missing preset": (lambda s: s.perform("--preset", "calm", "--presets", str(s.folder)), "calm"),
    "missing show": (lambda s: s.perform("--config", str(s.folder / "none.yaml")), "none.yaml"),
    "malformed show": (lambda s: s.perform("--config", s.file("show.yaml", b"energy: [1, 2\n")), "show.yaml"),
    "takes where there is a file": (
        lambda s: s.perform("--record", "--takes", s.file("takes", b"")),
        "takes",
    ),
    "no MIDI port of that name": (lambda s: s.perform("--midi", "no such port"), "MIDI"),
    "missing take": (lambda s: ["replay", "none.take"], "none.take"),
    "malformed take": (lambda s: ["export", s.file("junk.take", b"junk" * 50), "x.bvh"], "junk.take"),
    "empty take": (lambda s: ["redance", s.file("empty.take", b"")], "empty.take"),
    "occupied port to watch": (lambda s: ["monitor", "--port", f"{s.taken_port}"], "{taken_port}"),
}
"""What is typed, and what the one line on stderr must name; the exit code is 2."""


def drop_file(arguments: list[str]) -> list[str]:
    """The same without `--file SONG`."""
    index = arguments.index("--file")
    return arguments[:index] + arguments[index + 2 :]


@pytest.mark.parametrize("row", REFUSED)
def test_bad_input_is_refused_in_one_line(row: str, stage: Stage, capsys: pytest.CaptureFixture[str]):
    arguments, part = REFUSED[row]
    with pytest.raises(SystemExit) as exit_info:
        main(arguments(stage))
    captured = capsys.readouterr()
    assert exit_info.value.code == 2, captured.err
    assert captured.err.startswith("transflower: ")
    assert captured.err.count("\n") == 1, captured.err
    assert part.format(taken_port=stage.taken_port, taken_tcp_port=stage.taken_tcp_port) in captured.err


def test_a_malformed_bvh_is_refused_by_the_command_that_reads_bvh(stage: Stage, capsys: pytest.CaptureFixture[str]):
    broken = stage.file("broken.bvh", b"HIERARCHY\nROOT Hips\n{\nOFFSET 0 0\n")
    assert run_data_command(["picture", broken, "-o", f"{stage.folder}/x.png"]) == 1
    error = capsys.readouterr().err
    assert "broken.bvh" in error
    assert "Traceback" not in error


@pytest.mark.realtime
def test_three_channels_at_192_khz_are_danced_to(stage: Stage, capsys: pytest.CaptureFixture[str]):
    rng = np.random.default_rng(0)
    path = stage.folder / "studio.wav"
    soundfile.write(path, 0.3 * rng.standard_normal((192_000, 3)), 192_000, subtype="FLOAT")
    main(stage.perform("--file", str(path)))
    assert "frames sent" in capsys.readouterr().out


@contextmanager
def small_disk(folder: Path, options: str) -> Iterator[Path]:
    """A disk in memory, mounted with these options; the test is skipped where that is not allowed."""
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk: run the tests as root")
    folder.mkdir()
    if subprocess.run([mount, "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True).returncode:
        pytest.skip("this machine does not let a small disk be mounted: a container needs CAP_SYS_ADMIN")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.realtime
@pytest.mark.skipif(sys.platform != "linux", reason="a small disk is mounted as Linux does it")
def test_a_full_disk_costs_the_take_and_not_the_dance(
    stage: Stage, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    song = stage.long_song()
    recorders: list[TakeRecorder] = []

    def keep(*arguments: Any, **options: Any) -> TakeRecorder:
        recorders.append(open_take(*arguments, **options))
        return recorders[0]

    def ended(source: FileSource) -> bool:
        return not source._started or recorders[0].notice is not None

    monkeypatch.setattr("bridge.takes.recorder.open_take", keep)
    monkeypatch.setattr(FileSource, "ended", property(ended))  # the song lasts until the disk is full
    with small_disk(stage.folder / "disk", "size=12k") as disk:
        main(stage.perform("--file", str(song), "--record", "--takes", str(disk), "--seconds", "300"))
    out = capsys.readouterr().out
    assert "No space left on device" in out
    assert "the dance goes on" in out
    assert "problem" not in out


@pytest.mark.realtime
@pytest.mark.skipif(sys.platform != "linux", reason="a small disk is mounted as Linux does it")
@pytest.mark.parametrize(
    ("options", "reason"), [("size=4k", "No space left on device"), ("ro", "Read-only file system")]
)
def test_a_disk_that_takes_nothing_costs_the_take_and_not_the_dance(
    options: str, reason: str, stage: Stage, capsys: pytest.CaptureFixture[str]
):
    with small_disk(stage.folder / "disk", options) as disk:
        if options != "ro":
            (disk / "full").write_bytes(bytes(4096))
        main(stage.perform("--record", "--takes", str(disk)))
        assert not list(disk.glob("*.take"))
    out = capsys.readouterr().out
    assert "no take is kept" in out
    assert reason in out
    assert "--no-record" in out
    assert "problem" not in out


@pytest.mark.realtime
@pytest.mark.skipif(sys.platform != "linux", reason="a small disk is mounted as Linux does it")
def test_a_full_disk_costs_what_others_read_and_not_the_dance(stage: Stage, capsys: pytest.CaptureFixture[str]):
    with small_disk(stage.folder / "disk", "size=4k") as disk:
        (disk / "full").write_bytes(bytes(4096))
        files = ["--addresses", str(disk / "addresses.json"), "--json", str(disk / "summary.json")]
        with pytest.raises(SystemExit) as end:
            main(stage.perform("--record", "--takes", str(disk), *files))
        assert end.value.code == 1
        assert [path.name for path in disk.iterdir()] == ["full"], "no file of zero bytes, and no part of one"
    out, said = capsys.readouterr()
    assert "frames" in out
    for name in ("addresses.json", "summary.json"):
        assert f"{disk / name} could not be written: No space left on device" in said


def test_a_summary_that_has_no_place_is_refused_before_the_dance(
    stage: Stage, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(FileSource, "__init__", lambda *_, **__: pytest.fail("danced for a summary that is lost"))
    with pytest.raises(SystemExit):
        main(stage.perform("--json", str(stage.folder / "missing" / "summary.json")))
    assert "missing" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="no file of Windows has such a name")
def test_names_with_commands_for_terminals_are_printed_as_text(stage: Stage, capsys: pytest.CaptureFixture[str]):
    command = "\x1b[2J\x1b]0;mine\x07"
    song = stage.folder / f"song{command}.wav"
    song.write_bytes(stage.song.read_bytes())
    dancer = stage.header_changed(licence=f"free{command}", provenance=command)
    main(
        ["generate", str(song), "--checkpoint", str(stage.dancer), "--device", "cpu", "-o", str(stage.folder / "a.bvh")]
    )
    main(stage.perform("--file", str(song)))
    main(["dancer", dancer])
    for arguments in (
        ["generate", str(stage.folder / f"none{command}.wav")],
        ["dancer", stage.header_changed(styles=[f"A{command}", "B"])],
        ["takes", str(stage.folder / command)],
    ):
        with pytest.raises(SystemExit):
            main(arguments)
    assert run_data_command(["inspect", str(stage.folder / command)]) != 0
    printed = capsys.readouterr()
    assert "\x1b" not in printed.out + printed.err
    assert (printed.out + printed.err).count("�") > 10
