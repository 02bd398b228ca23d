"""Repeats tests beside one busy loop on each core: `python -m tests.repeat 20 -m realtime`.

What follows the number is given to pytest. A test that passes alone and fails here trusts in a machine that has nothing
else to do.
"""

import argparse
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

from tests.busy import busy_cores


def failures(report: Path) -> list[str]:
    """The tests that failed, or broke in a fixture, by pytest's JUnit report."""
    cases = ElementTree.parse(report).getroot().iter("testcase")
    return [
        f"{case.attrib['classname'].replace('.', '/')}.py::{case.attrib['name']}"
        for case in cases
        if case.find("failure") is not None or case.find("error") is not None
    ]


def main() -> int:
    """Runs pytest so many times; returns 1 if a test failed in any round."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rounds", type=int, help="how many times")
    parser.add_argument("--quiet-machine", action="store_true", help="without the busy loops")
    options, arguments = parser.parse_known_args()
    failed: Counter[str] = Counter()
    broken = 0
    with tempfile.TemporaryDirectory() as folder, nullcontext() if options.quiet_machine else busy_cores():
        for number in range(1, options.rounds + 1):
            report, log, begin_s = Path(folder, "report.xml"), Path(folder, "output.txt"), time.monotonic()
            report.unlink(missing_ok=True)
            command = [sys.executable, "-m", "pytest", "-q", *arguments, f"--junitxml={report}"]
            with log.open("wb") as output:
                code = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT).returncode
            names = failures(report) if report.is_file() else []
            failed.update(names)
            lines = log.read_text(errors="replace").splitlines() or [""]
            print(f"round {number} of {options.rounds}: {lines[-1].strip('= ')}, {time.monotonic() - begin_s:.0f} s")
            if code:
                broken += 1
                print("\n".join(lines[-200:]), flush=True)
    for name, count in failed.most_common():
        print(f"failed {count} of {options.rounds}: {name}")
    print(f"{options.rounds - broken} of {options.rounds} rounds passed")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
