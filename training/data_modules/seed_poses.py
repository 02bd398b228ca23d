"""The poses that dances start from."""

import numpy as np
from numpy.typing import NDArray

from data.dataset.prepared_reader import PreparedSequence
from models.files.checkpoint_header import REST_POSE


def seed_poses(sequences: list[PreparedSequence], styles: list[str], count: int) -> dict[str, NDArray[np.float32]]:
    """Poses to start from, by name: standing, then a calm moment of each style in turn, (pose_dims,) each."""
    standing = next((s for s in sequences if not s.sounding[0]), sequences[0])
    poses = {REST_POSE: np.array(standing.pose[0])}
    for number in range(count - 1):
        style = number % len(styles)
        fitting = [s for s in sequences if s.style == style] or sequences
        sequence = fitting[(number // len(styles)) % len(fitting)]
        dancing = np.flatnonzero(sequence.sounding)[60:-60]
        if not len(dancing):
            dancing = np.arange(len(sequence))
        speed = np.abs(np.diff(sequence.pose, axis=0, prepend=sequence.pose[:1])).sum(1)
        name = f"{styles[style]}-{number // len(styles) + 1}"
        poses[name] = np.array(sequence.pose[dancing[np.argmin(speed[dancing])]])
    return poses
