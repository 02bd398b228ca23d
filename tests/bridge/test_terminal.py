"""Nothing that is said to people ends the dance: a log that is full, a reader that leaves, a terminal that closes."""

import fcntl
import io
import json
import os
import pty
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest

from bridge.takes.take import read_take
from bridge.terminal.output import TerminalOutput
from data.formats.sound_file import write_sound
from data.music import synthesise
from tests.end_to_end.osc_receiver import OscReceiver, OscReceivers
from tests.end_to_end.performing import ROOT
from tests.tiny_dancer import write_tiny_dancer
from tests.waiting import GENEROUS_S, wait_until

POSES_LATER = 30
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes, terminals and signals as on POSIX")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_dancer(tmp_path_factory.mktemp("dancer") / "tiny.safetensors")


@pytest.fixture(scope="module")
def long_song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("song") / "long.wav"
    write_sound(path, np.tile(synthesise("house", 120.0, 4, 0, sample_rate_hz=24_000).samples, 150), 24_000)
    return path


class Pipe:
    """A pipe of one page, both ends open."""

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe()
        fcntl.fcntl(self.writing, fcntl.F_SETPIPE_SZ, 4096)

    def fill(self) -> None:
        """Until it takes no more, as when its reader hangs."""
        os.set_blocking(self.writing, False)
        try:
            while True:
                os.write(self.writing, b" " * 64)
        except BlockingIOError:
            os.set_blocking(self.writing, True)


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    pipe = Pipe()
    yield pipe
    for end in (pipe.reading, pipe.writing):
        with suppress(OSError):  # the test closed it
            os.close(end)


@contextmanager
def show(
    tiny: Path, song: Path, audience: OscReceiver, *arguments: str, **options: object
) -> Iterator["subprocess.Popen[bytes]"]:
    """A performance to a song in a session of its own, as a terminal begins it."""
    command = [
        sys.executable, "-m", "bridge.cli", "perform", "--file", str(song), "--checkpoint", str(tiny),
        "--no-aloud", "--device", "cpu", "--control", "None", "--stage", "None",
        "--target", f"dance:127.0.0.1:{audience.port}", *arguments,
    ]  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True, **options) as process:  # type: ignore[call-overload]
        try:
            yield process
        finally:
            process.kill()


def wait_for_more(audience: OscReceiver) -> None:
    """Waits for a second of poses from now on."""
    seen = len(audience.messages("/dance/pose"))
    wait_until(lambda: len(audience.messages("/dance/pose")) > seen + POSES_LATER, "more poses")


def test_what_a_reader_takes_is_written_as_it_is():
    stream = io.StringIO()
    output = TerminalOutput(stream)
    assert output.write("one\n") == 4
    output.conclude("two\n")
    assert stream.getvalue() == "one\ntwo\n"
    assert output.problem is None


@pytest.mark.skipif(not hasattr(fcntl, "F_SETPIPE_SZ"), reason="the size of a pipe is set as on Linux")
def test_nobody_waits_for_a_reader_that_hangs_and_what_is_lost_is_counted(pipe: Pipe):
    with open(pipe.writing, "w", closefd=False) as stream:
        output = TerminalOutput(stream)
        output.write("first\n")
        assert os.read(pipe.reading, 100) == b"first\n"
        pipe.fill()
        output.write("passed over\n")
        assert len(os.read(pipe.reading, 8192)) == 4096
        output.write("later\n")
    assert os.read(pipe.reading, 100) == b"later\n"
    assert (output.num_lost, output.problem) == (1, "nobody read it")


def test_letters_that_the_output_does_not_have_are_replaced():
    bytes_out = io.BytesIO()
    output = TerminalOutput(io.TextIOWrapper(bytes_out, encoding="cp1252", newline=""))
    output.write("я.wav é\n")
    output.conclude("done █\n")
    assert bytes_out.getvalue().decode("cp1252") == "?.wav é\ndone ?\n"
    assert output.problem is None


def test_a_reader_that_has_left_is_no_loss(pipe: Pipe):
    with open(pipe.writing, "w", closefd=False) as stream:
        output = TerminalOutput(stream)
        os.close(pipe.reading)
        output.write("one\n")
        output.conclude("two\n")
    assert output.problem is None


@pytest.mark.realtime
def test_a_reader_that_leaves_does_not_end_the_dance(tiny: Path, long_song: Path):
    with (
        OscReceivers(1) as (audience,),
        show(tiny, long_song, audience, "--no-record", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process,
    ):
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        audience.wait_for_state("dancing")
        wait_for_more(audience)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert process.wait(GENEROUS_S) == 0


@pytest.mark.realtime
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is what Linux has")
def test_a_log_on_a_full_disk_costs_the_log_and_that_is_reported(tiny: Path, long_song: Path, tmp_path: Path):
    report = tmp_path / "summary.json"
    with OscReceivers(1) as (audience,), Path("/dev/full").open("wb") as full:
        arguments = ("--no-record", "--json", str(report))
        with show(tiny, long_song, audience, *arguments, stdout=full, stderr=subprocess.PIPE) as process:
            audience.wait_for_state("dancing")
            wait_for_more(audience)
            process.send_signal(signal.SIGINT)
            assert process.stderr is not None
            error = process.stderr.read().decode()
            assert process.wait(GENEROUS_S) == 1
    assert error == "transflower: part of what was printed is lost: No space left on device\n"
    assert json.loads(report.read_text())["frames_danced"] > 0


def own_terminal() -> None:
    """In the new process: its standard output becomes the terminal that it belongs to."""
    fcntl.ioctl(1, termios.TIOCSCTTY, 0)


def own_terminal_by_nohup() -> None:
    """Likewise, and as `nohup` starts a program."""
    own_terminal()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


@pytest.mark.realtime
def test_a_terminal_that_is_closed_ends_it_as_ctrl_c_does(tiny: Path, long_song: Path, tmp_path: Path):
    master, slave = pty.openpty()
    takes = tmp_path / "takes"
    options = {"stdout": slave, "stderr": slave, "preexec_fn": own_terminal}
    with OscReceivers(1) as (audience,), show(tiny, long_song, audience, "--takes", str(takes), **options) as process:
        os.close(slave)
        audience.wait_for_state("dancing")
        os.close(master)
        assert process.wait(GENEROUS_S) == 0
    (path,) = takes.glob("*.take")
    take = read_take(path)
    assert take.lost_bytes == 0
    assert len(take.motion()) > 0


@pytest.mark.realtime
def test_by_nohup_it_goes_on_when_its_terminal_is_closed(tiny: Path, long_song: Path):
    master, slave = pty.openpty()
    options = {"stdout": slave, "stderr": slave, "preexec_fn": own_terminal_by_nohup}
    with OscReceivers(1) as (audience,), show(tiny, long_song, audience, "--no-record", **options) as process:
        os.close(slave)
        audience.wait_for_state("dancing")
        os.close(master)
        wait_for_more(audience)
        process.send_signal(signal.SIGINT)
        assert process.wait(GENEROUS_S) == 0
