"""Programs that begin other programs."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.warm_start import Popen


def run_program(
    command: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Runs one to its end; what it prints, errors too, is the output.

    It and all that it began, a session of their own, end with this call, also where the test is interrupted.
    """
    program = Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        printed, _ = program.communicate()
    finally:
        with contextlib.suppress(ProcessLookupError, AttributeError):  # Windows has no such groups
            os.killpg(program.pid, signal.SIGKILL)
        program.kill()
        program.wait()
    return subprocess.CompletedProcess(command, program.returncode, printed, "")
