"""A source of sound of your own, performed live: here a drum loop that is made while it sounds.

What a source must do stands in bridge/sources/source.py: give mono float32 blocks that join without a seam, and say
when the last sample of each was heard.
"""

import argparse
import time
from pathlib import Path

import numpy as np

from bridge.dancer.dancer_file import DancerFile
from bridge.performance import Performance
from bridge.sources.source import SoundBlock, SoundSource
from bridge.wire.target import Target


class DrumLoop(SoundSource):
    """Kick and hat, made block by block at the pace of the clock."""

    sample_rate_hz = 24_000
    notice = None  # nothing is wrong with it, ever
    overflow_samples = 0
    gap_samples = 0
    ended = False

    def __init__(self, bpm: float) -> None:
        self.beat_samples = round(60.0 / bpm * self.sample_rate_hz)
        self.given = 0
        self.begun_s = 0.0

    def start(self) -> None:
        """Begins to sound."""
        self.begun_s = time.monotonic()

    def read(self, max_wait_s: float) -> SoundBlock | None:
        """What has sounded since the last call."""
        due = int((time.monotonic() - self.begun_s) * self.sample_rate_hz)
        if due <= self.given:
            time.sleep(min(max_wait_s, 0.005))
            return None
        at = np.arange(self.given, due)
        self.given = due
        since_s = at % self.beat_samples / self.sample_rate_hz
        kick = np.sin(2 * np.pi * 55.0 * since_s) * np.exp(-since_s / 0.12)
        since_hat_s = (at + self.beat_samples // 2) % self.beat_samples / self.sample_rate_hz
        hat = np.random.default_rng(due).uniform(-1.0, 1.0, len(at)) * np.exp(-since_hat_s / 0.03)
        captured_us = int((self.begun_s + due / self.sample_rate_hz) * 1e6)
        return SoundBlock((0.6 * kick + 0.2 * hat).astype(np.float32), captured_us)

    def stop(self) -> None:
        """Is silent from now on."""
        self.ended = True


def main() -> None:
    """Performs for a while."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bpm", type=float, default=120.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--checkpoint", type=Path, help="a dancer; the one of the repository if not given")
    parser.add_argument("--target", default="vmc", help="as `transflower perform --target` has it")
    options = parser.parse_args()
    summary = Performance(
        dancer=DancerFile.open(options.checkpoint),
        source=DrumLoop(options.bpm),
        source_name="a drum loop",
        targets=(Target.parse(options.target),),
        device="cpu",
        seconds=options.seconds,
    ).run()
    print(summary.to_text())


if __name__ == "__main__":
    main()
