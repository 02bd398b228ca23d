"""A run leaves no process and no file behind, also one that was interrupted: what remains is ended and named.

Whoever's parent dies becomes a child of this process (Linux, `PR_SET_CHILD_SUBREAPER`), so nobody escapes the list.
Temporary files go into one folder a run. Folders of `tmp_path` stay where pytest keeps those of the last runs.
"""

import ctypes
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import psutil
import pytest
from xdist.workermanage import NodeManager

from tests.warm_start import end_server

PATIENCE_S = 10.0
"""For processes that end by themselves when their parent has."""
INTERRUPTED_S = 20.0
"""For workers to leave their fixtures in order after Ctrl-C, before they are killed; it would be 10 s."""
_ENDS_WITH_US = "resource_tracker"
"""Python's and joblib's own process that removes what pools share; it ends when this one has."""
_PR_SET_CHILD_SUBREAPER = 36


class Leftovers:
    """In the process that gives out the tests: cleans up after all others."""

    def __init__(self) -> None:
        self._temporary = Path(tempfile.mkdtemp(prefix="transflower-tests-"))
        self._before = {name: os.environ.get(name) for name in ("TMPDIR", "PYTEST_DEBUG_TEMPROOT", "XDG_DATA_HOME")}
        self._left: list[str] = []
        NodeManager.EXIT_TIMEOUT = INTERRUPTED_S
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())
        os.environ["TMPDIR"] = str(self._temporary)
        os.environ["XDG_DATA_HOME"] = str(self._temporary / "data")  # what the product keeps for its user
        tempfile.tempdir = None  # it is looked up once and remembered
        signal.signal(
            signal.SIGTERM, signal.default_int_handler
        )  # a process that is asked to end does so as after Ctrl-C
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """After xdist has ended its workers: a process that outlived its test fails the run."""
        end_server()
        if (pools := sys.modules.get("joblib.externals.loky")) is not None:
            pools.get_reusable_executor().shutdown(kill_workers=True)  # joblib keeps them until this process ends
        children = [c for c in psutil.Process().children(recursive=True) if _ENDS_WITH_US not in _command(c)]
        _, alive = psutil.wait_procs(children, timeout=PATIENCE_S)
        self._left = [f"process {child.pid}: {_command(child)}" for child in alive]
        for child in alive:
            child.kill()
        psutil.wait_procs(alive, timeout=PATIENCE_S)
        if self._left and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Names them."""
        if self._left:
            terminalreporter.section("left behind by a test, and ended now", red=True)
            terminalreporter.line("\n".join(self._left))

    def pytest_unconfigure(self) -> None:
        """Removes the folder, and puts the environment back."""
        shutil.rmtree(self._temporary, ignore_errors=True)
        for name, value in self._before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        tempfile.tempdir = None


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())[:300] or process.name()
    except psutil.Error:
        return "gone"
