"""The dancer as a library: a sound file in, a BVH file out. `transflower generate` does the same and more."""

import argparse
from pathlib import Path

from bridge.control.controls import Controls
from bridge.dancer.dancer_file import DancerFile
from bridge.engine.offline import dance
from data.formats.bvh import write_bvh
from data.formats.sound_file import read_sound


def main() -> None:
    """Dances once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("song", type=Path, help="WAV, FLAC, OGG or MP3")
    parser.add_argument("-o", "--output", type=Path, default=Path("dance.bvh"))
    parser.add_argument("--checkpoint", type=Path, help="a dancer; the one of the repository if not given")
    parser.add_argument("--style", default=None, help="any that `transflower dancer` lists")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    samples, sample_rate_hz = read_sound(options.song)
    engine = DancerFile.open(options.checkpoint).load_engine(device="cpu")
    controls = Controls() if options.style is None else Controls(style=options.style)
    motion = dance(engine, samples, sample_rate_hz, controls=controls, seed=options.seed)
    write_bvh(options.output, motion)
    print(f"{options.output}: {len(motion)} frames at {motion.rate_hz:g} Hz")


if __name__ == "__main__":
    main()
