"""Child processes of ours: this Python and this repository, deaf to Ctrl-C, which is the parent's to obey."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

_ROOT: Final = Path(__file__).resolve().parents[2]


def start_child(
    module: str,
    *,
    stdout: int | IO[bytes],
    stderr: int | IO[bytes],
    environment: Mapping[str, str] | None = None,
    pass_fds: tuple[int, ...] = (),
) -> subprocess.Popen[bytes]:
    """Starts a module of this repository as a program, with a pipe to its standard input.

    It is no ``multiprocessing.Process``, because that would import the program's main module, and PyTorch with it.

    Args:
        module: Its dotted name.
        stdout: As `subprocess.Popen` takes it.
        stderr: Likewise.
        environment: Variables beside those of this process.
        pass_fds: File descriptors that it inherits; not on Windows.

    Raises:
        OSError: No process can be started.
    """
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    own: dict[str, Any] = {}
    if sys.platform == "win32":
        own["creationflags"] = subprocess.CREATE_NO_WINDOW
    else:
        own["pass_fds"] = pass_fds
    with _interrupts_held_back():
        return subprocess.Popen(
            [sys.executable, "-P", "-m", module],
            stdin=subprocess.PIPE,
            stdout=stdout,
            stderr=stderr,
            env={**os.environ, **(environment or {}), "PYTHONPATH": os.pathsep.join(paths)},
            **own,
        )


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """A block in which Ctrl-C and the end of the terminal wait.

    A child begun in it inherits that: it is never torn out of its imports, and ends when its parent does.
    """
    if sys.platform == "win32":  # there a child without a window hears no Ctrl-C
        yield
        return
    previous = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, previous)
