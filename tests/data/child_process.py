"""Processes that end with the block that started them, whether the test in it passes, fails or is interrupted."""

import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tests.waiting import wait_until
from tests.warm_start import Popen

BEGUN_WITHIN_S = 240.0
"""A Python that imports all of us takes seconds of a processor, and beside busy neighbours many times as long."""


@contextmanager
def started(command: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A process of text, killed when the block is left if it still runs then."""
    with Popen(command, text=True, encoding="utf-8", **options) as process:
        try:
            yield process
        finally:
            process.kill()


def limit_files() -> None:
    """No file of this process and its children may grow beyond 20 kB: what a full disk does to a write."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


def wait_for_work(process: subprocess.Popen[str], has_begun: Callable[[], bool], what: str) -> None:
    """Waits until a process does what can be seen of it from outside.

    Raises:
        AssertionError: It has ended instead, or has not begun.
    """
    wait_until(lambda: process.poll() is not None or has_begun(), what, BEGUN_WITHIN_S)
    assert process.poll() is None, f"ended with status {process.returncode} before {what}"
