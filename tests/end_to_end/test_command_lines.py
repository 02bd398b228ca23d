"""What all commands have in common, typed as a person would: their version, and readers that leave early."""

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

MODULES = ("bridge.cli", "data.cli", "training.cli")


def typed(line: str) -> subprocess.CompletedProcess[str]:
    """A line of bash, whose status is that of the first command of its pipe."""
    line = f"{line}; exit ${{PIPESTATUS[0]}}"
    return subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("reader", ["head -n 1", "true", "head -c 10"])
def test_a_reader_that_has_read_enough_is_no_error(module: str, reader: str) -> None:
    done = typed(f"{sys.executable} -m {module} --help | {reader}")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "line", ["data.cli prepare --help", "bridge.cli perform --help", "bridge.cli devices", "data.cli --version"]
)
def test_so_it_is_with_every_command(line: str) -> None:
    done = typed(f"{sys.executable} -m {line} | true")
    assert (done.returncode, done.stderr) == (0, "")


def test_what_was_begun_is_finished_when_nobody_reads(tmp_path: Path) -> None:
    done = typed(f"{sys.executable} -m data.cli music -o {tmp_path}/song.wav --seconds 2 | true")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "song.wav").is_file()


def test_streams_with_which_nobody_started_it_lead_nowhere(tmp_path: Path) -> None:
    """Else what is opened first, here the song, has their number, and what is printed goes into it."""
    done = typed(f"{sys.executable} -m data.cli music -o {tmp_path}/song.wav --seconds 2 <&- >&- 2>&-")
    assert done.returncode == 0
    assert (tmp_path / "song.wav").read_bytes()[:4] == b"RIFF"
    assert typed(f"{sys.executable} -m bridge.cli dancer --wrong >&-").returncode == 2
    assert typed(f"{sys.executable} -m training.cli --version >&-").returncode == 0


def test_an_error_of_use_keeps_its_status_when_nobody_reads() -> None:
    done = typed(f"{sys.executable} -m bridge.cli replay missing.npz | true")
    assert done.returncode == 2
    assert "missing.npz" in done.stderr


@pytest.mark.parametrize("module", MODULES)
def test_the_version_is_printed(module: str) -> None:
    done = typed(f"{sys.executable} -m {module} --version")
    program = {"bridge.cli": "transflower"}.get(module, "transflower-" + module.split(".")[0].removesuffix("ing"))
    assert done.stdout == f"{program} {importlib.metadata.version('transflower-bridge')}\n"
    assert "--version" in typed(f"{sys.executable} -m {module} --help").stdout
