"""Busy loops, one on each core: the neighbours beside whom every test must pass."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

# It ends with its standard input, so with whoever started it, however that one ends.
_LOOP = """
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
while True:
    pass
"""


@contextmanager
def busy_cores() -> Iterator[None]:
    """Keeps every core of this machine busy while the block runs."""
    with ExitStack() as stack:
        for _ in range(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1):
            loop = subprocess.Popen([sys.executable, "-c", _LOOP], stdin=subprocess.PIPE)
            stack.enter_context(loop)
            stack.callback(loop.kill)
        yield
