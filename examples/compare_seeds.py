"""Several dances to one song, and how much they move, as numbers: the dancer and numpy in a loop."""

import argparse
from pathlib import Path

import numpy as np

from bridge.dancer.dancer_file import DancerFile
from bridge.engine.offline import dance_to, song_features
from data.formats.sound_file import read_sound


def main() -> None:
    """Dances once for each seed; the features are computed once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("song", type=Path, help="WAV, FLAC, OGG or MP3")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--checkpoint", type=Path, help="a dancer; the one of the repository if not given")
    options = parser.parse_args()
    samples, sample_rate_hz = read_sound(options.song)
    engine = DancerFile.open(options.checkpoint).load_engine(device="cpu")
    features = song_features(
        samples, sample_rate_hz, rate_hz=round(engine.rate_hz), look_ahead_frames=engine.look_ahead_frames
    )
    print("seed  mean speed of joints  way of the hips  range of the hips' height")
    for seed in options.seeds:
        motion = dance_to(engine, features, seed=seed)
        positions = motion.global_positions()  # (frames, joints, 3), metres
        speed = np.linalg.norm(np.diff(positions, axis=0), axis=-1).mean() * motion.rate_hz
        hips = motion.root_positions
        way = np.linalg.norm(np.diff(hips[:, [0, 2]], axis=0), axis=-1).sum()
        print(f"{seed:4}  {speed:16.2f} m/s  {way:13.2f} m  {np.ptp(hips[:, 1]):23.2f} m")


if __name__ == "__main__":
    main()
