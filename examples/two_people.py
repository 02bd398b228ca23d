"""Two people, one of whom follows the other: a training that is no dance and hears no sound, on data that are made.

    python examples/two_people.py -o people
    transflower-train fit --config training/hparams/debug/transflower.yaml --data.folder people \
        --modalities "leader:45, follower:15@15, mood -> follower:1@30" --model.budget_steps 1500 --data.batch_size 64

The leader's hand goes about in smooth curves. The follower's does the same a third of a second later, the other way
round, as far as its mood goes (calm, lively), and with a trembling of its own that nobody could predict. So a good
model reads the leader, delays, mirrors, obeys the mood, and is as uncertain as the trembling is.
"""

import argparse
import json
from pathlib import Path

import numpy as np

RATE_HZ = 30
DELAY_FRAMES = 10
MOODS = {"calm": 0.4, "lively": 1.0}
TREMBLE_M = 0.02


def leader(frames: int, rng: np.random.Generator) -> np.ndarray:
    """A hand's way in metres, (frames, 3): slow curves, each coordinate a sum of three waves."""
    times_s = np.arange(frames)[:, None, None] / RATE_HZ
    rates_hz = rng.uniform(0.15, 0.7, (1, 3, 3))
    phases = rng.uniform(0, 2 * np.pi, (1, 3, 3))
    return 0.15 * np.sin(2 * np.pi * rates_hz * times_s + phases).sum(-1)


def follower(led: np.ndarray, size: float, rng: np.random.Generator) -> np.ndarray:
    """Who mirrors the leader's hand from left to right, later, and trembles, (frames, 3)."""
    late = np.concatenate([np.repeat(led[:1], DELAY_FRAMES, 0), led[:-DELAY_FRAMES]])
    tremble = np.zeros_like(led)
    for frame in range(1, len(led)):
        tremble[frame] = 0.8 * tremble[frame - 1] + TREMBLE_M * 0.6 * rng.normal(size=3)
    return size * late * np.array([-1, 1, 1]) + tremble


def write(folder: Path, sequences: int, seconds: float) -> None:
    """A folder of modalities: leader, follower, and the mood as a label."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(sequences):
        rng = np.random.default_rng(number)
        mood = number % len(MOODS)
        led = leader(round(seconds * RATE_HZ), rng)
        follows = follower(led, list(MOODS.values())[mood], rng)
        name = f"pair_{number:02d}"
        np.save(folder / f"{name}.leader.npy", led.astype(np.float32))
        np.save(folder / f"{name}.follower.npy", follows.astype(np.float32))
        np.save(folder / f"{name}.mood.npy", np.array([mood]))
    described = {"format_version": 1, "frame_rate_hz": RATE_HZ, "token_names": {"mood": list(MOODS)}}
    (folder / "modalities.json").write_text(json.dumps(described), encoding="utf-8")


def main() -> None:
    """Write them."""
    parser = argparse.ArgumentParser(description="Makes a folder of pairs: a hand that leads, and one that follows it.")
    parser.add_argument("-o", "--output", type=Path, default=Path("people"), help="folder (default: %(default)s)")
    parser.add_argument("--sequences", type=int, default=40, help="pairs (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=12.0, help="length of each (default: %(default)s)")
    options = parser.parse_args()
    write(options.output, options.sequences, options.seconds)
    print(f"{options.output}: {options.sequences} pairs of {options.seconds:g} s, in the moods {', '.join(MOODS)}")


if __name__ == "__main__":
    main()
