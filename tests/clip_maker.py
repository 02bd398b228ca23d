"""Makes folders of clips that dance on the beat: arms and hips swing, and stand still for an instant on every beat."""

import csv
from pathlib import Path

import numpy as np

from data.formats.bvh import write_bvh
from data.motion import rotations
from data.motion.humanoid import default_skeleton
from data.motion.motion import Motion


def dancing(bpm: float, num_beats: float, seed: int = 0, rate_hz: float = 30.0) -> Motion:
    """A motion that sways with a period of two beats, so that every joint turns round on the beat."""
    rng = np.random.default_rng(seed)
    skeleton = default_skeleton()
    frames = int(np.ceil(num_beats * 60 / bpm * rate_hz))
    swing = np.cos(np.pi * np.arange(frames) / rate_hz * bpm / 60)
    vectors = np.zeros((frames, skeleton.num_joints, 3))
    for name, size_rad in {
        "Spine": 0.2,
        "LeftUpperArm": 0.8,
        "RightUpperArm": 0.8,
        "LeftLowerArm": 0.5,
        "Neck": 0.2,
    }.items():
        vectors[:, skeleton.index(name), 2] = size_rad * (swing + rng.uniform(-0.5, 0.5))
    vectors[:, 0, 1] = 0.2 * swing + 0.1 * rng.uniform(-1, 1)
    roots = np.zeros((frames, 3))
    roots[:, 0], roots[:, 1] = 0.1 * swing, 0.87
    return Motion(skeleton, rate_hz, roots, rotations.from_expmap(vectors))


CLIPS = [
    ("house_a_110", "HO", "house_a", 110.0),
    ("house_a_120", "HO", "house_a", 120.0),
    ("house_b_115", "HO", "house_b", 115.0),
    ("house_c_120", "HO", "house_c", 120.0),
    ("pop_a_100", "PO", "pop_a", 100.0),
    ("pop_b_105", "PO", "pop_b", 105.0),
    ("pop_c_100", "PO", "pop_c", 100.0),
]


def write_clips(folder: Path) -> Path:
    """A folder of seven clips of 16 beats, with its clips.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed, (name, _, _, bpm) in enumerate(CLIPS):
        write_bvh(folder / f"{name}.bvh", dancing(bpm, 16, seed))
    with (folder / "clips.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["clip", "genre", "group", "bpm"])
        table.writerows(CLIPS)
    return folder
