"""`transflower` with a clock of the day that is as far off as a file says: `python -m tests.end_to_end.jumping_clock`.

The file is the variable `TRANSFLOWER_CLOCK_FILE`; it holds seconds. Clocks that only run forward are let alone, as they
are where a time server or a person sets the clock. It is done in Python: libfaketime (0.9.10) that leaves the monotonic
clock alone makes Python's `time.sleep` fail. What libraries ask the system themselves stays as it is.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path


def _jumping(clock: Callable[[], int], file: Path) -> Callable[[], int]:
    def now_ns() -> int:
        try:
            return clock() + int(float(file.read_text()) * 1e9)
        except (OSError, ValueError):  # it is just being written
            return clock()

    return now_ns


if __name__ == "__main__":
    time_ns = _jumping(time.time_ns, Path(os.environ["TRANSFLOWER_CLOCK_FILE"]))
    time.time_ns = time_ns
    time.time = lambda: time_ns() / 1e9

    from bridge.cli import main

    main(sys.argv[1:])
