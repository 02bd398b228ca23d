"""Performances as users start them, in processes that end with the block in which they were started."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.waiting import GENEROUS_S
from tests.warm_start import Popen

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def performing(
    output: Path, *arguments: str, module: str = "bridge.cli", environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """`transflower ARGUMENTS`, running; what it prints goes to a file, since nobody would empty a pipe meanwhile."""
    with (
        output.open("wb") as log,
        Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdout=log,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()  # if it has not ended by itself


def end(process: subprocess.Popen[bytes], output: Path, number: signal.Signals = signal.SIGINT) -> str:
    """Ends a performance as Ctrl-C does, and returns what it printed.

    Raises:
        AssertionError: It did not end well.
    """
    assert process.poll() is None, f"it ended by itself:\n{output.read_text(errors='replace')[-3000:]}"
    process.send_signal(number)
    code = process.wait(2 * GENEROUS_S)
    text = output.read_text(errors="replace")
    assert code == 0, text[-3000:]
    return text
