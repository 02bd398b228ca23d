"""Ctrl-C ends a run of several processes, whatever their tests have begun, and leaves no process and no file."""

import getpass
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.waiting import GENEROUS_S, wait_until

pytestmark = [
    pytest.mark.realtime,
    pytest.mark.skipif(sys.platform != "linux", reason="processes that lost their parent are found on Linux alone"),
]
ROOT = Path(__file__).resolve().parents[1]
OF_THE_RUN = "TRANSFLOWER_TEST_OF_AN_INTERRUPTED_RUN"
WAITS = """
import os, subprocess, sys, tempfile, time
from pathlib import Path

DEAF = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(1e6)"

def test_it_waits():
    folder = Path(tempfile.mkdtemp())
    (folder / "half.written").write_bytes(bytes(1000))
    child = subprocess.Popen([sys.executable, "-S", "-c", DEAF], start_new_session=True)
    begun = Path(__file__).with_suffix(".begun")
    begun.with_suffix(".part").write_text(f"{folder} {child.pid}")
    begun.with_suffix(".part").rename(begun)
    time.sleep(1e6)
"""


def of_the_run(folder: Path) -> list[psutil.Process]:
    """All processes of a run, by what they have inherited."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(OF_THE_RUN) == str(folder) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:  # gone meanwhile, or another user's
            continue
    return found


def test_ctrl_c_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    temporary, output = tmp_path / "temporary", tmp_path / "output.txt"
    temporary.mkdir()
    begun = [tmp_path / f"test_{name}.begun" for name in ("one", "other")]
    for path in begun:
        path.with_suffix(".py").write_text(WAITS)
    left_out = ("PYTEST_DEBUG_TEMPROOT", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "XDG_DATA_HOME")
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    environment |= {"TMPDIR": str(temporary), "PYTHONPATH": str(ROOT), OF_THE_RUN: str(tmp_path)}
    with output.open("wb") as log:
        run = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-n", "2", "--rootdir", str(tmp_path), "."],
            cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        wait_until(lambda: all(path.exists() for path in begun) or run.poll() is not None, "both tests", 2 * GENEROUS_S)
        assert run.poll() is None, output.read_text()
        folders, children = zip(*(path.read_text().split() for path in begun), strict=True)
        assert all(Path(folder, "half.written").exists() for folder in folders)
        assert {int(child) for child in children} < {process.pid for process in of_the_run(tmp_path)}
        os.killpg(run.pid, signal.SIGINT)  # as a terminal does
        run.wait(2 * GENEROUS_S)
        assert [process.cmdline() for process in of_the_run(tmp_path)] == []
        assert run.returncode == pytest.ExitCode.INTERRUPTED, output.read_text()
        assert [path.name for path in temporary.iterdir()] in ([], [f"pytest-of-{getpass.getuser()}"]), "that stays"
    finally:
        for process in of_the_run(tmp_path):
            process.kill()
        run.wait()
