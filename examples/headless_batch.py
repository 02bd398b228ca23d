"""Dances to a whole folder of songs on a machine without screen and sound, and a table of how they came out.

The dances are made by `transflower generate`, on all cores, and where it is interrupted the same line goes on; this
program reads what it tells of them in dances.json, and measures the dances.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np

from data import read_bvh


def main() -> None:
    """Makes the dances, and prints a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("songs", type=Path, help="a song, or a folder of them")
    parser.add_argument("-o", "--output", type=Path, default=Path("dances"), help="folder for the dances")
    parser.add_argument("--samples", type=int, default=2, help="dances to each song")
    parser.add_argument("--checkpoint", type=Path, help="a dancer; the one of the repository if not given")
    options = parser.parse_args()
    line = [sys.executable, "-m", "bridge.cli", "generate", str(options.songs), "-o", str(options.output)]
    line += ["--samples", str(options.samples)]
    line += [] if options.checkpoint is None else ["--checkpoint", str(options.checkpoint)]
    done = subprocess.run(line, check=False)
    if done.returncode not in (0, 1):  # 1: some songs could not be read, and were named
        sys.exit(done.returncode)
    index = json.loads((options.output / "dances.json").read_text(encoding="utf-8"))
    print(f"{'dance':<40}{'seconds':>9}{'m/s':>7}{'path, m':>9}")
    for dance in index["dances"]:
        motion = read_bvh(options.output / dance["file"])
        places = motion.global_positions()
        speed = float(np.linalg.norm(np.diff(places, axis=0), axis=-1).mean()) * motion.rate_hz
        path = float(np.linalg.norm(np.diff(motion.root_positions[:, [0, 2]], axis=0), axis=-1).sum())
        print(f"{dance['file']:<40}{dance['seconds']:>9.1f}{speed:>7.2f}{path:>9.1f}")


if __name__ == "__main__":
    main()
