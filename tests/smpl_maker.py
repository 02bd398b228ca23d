"""Makes files as AIST++ has them: a dancer who bows and swings on the beat, as a pickle of SMPL poses."""

import pickle
from pathlib import Path

import numpy as np

from data.dataset.aistpp import RATE_HZ

SCALING = 90.0


def smpl_arrays(num_frames: int = 240, seed: int = 0, floor_cm: float = -60.0) -> dict[str, np.ndarray]:
    """Arrays of a motion whose feet stand on `floor_cm`: arms swing, the back bows, everything still on each beat."""
    rng = np.random.default_rng(seed)
    swing = np.cos(np.pi * np.arange(num_frames) / RATE_HZ * 2)
    poses = np.zeros((num_frames, 24, 3), np.float32)
    for joint, axis in ((3, 0), (16, 2), (17, 2), (18, 1), (12, 1)):
        poses[:, joint, axis] = 0.5 * (swing + rng.uniform(-0.5, 0.5))
    # In SMPL's rest pose the ankle lies 0.894 m under the pelvis, which lies 0.241 m under the translated origin.
    trans = np.zeros((num_frames, 3), np.float32)
    trans[:, 0] = 5 * swing
    trans[:, 1] = floor_cm + SCALING * (0.07 + 0.894 + 0.241)
    return {
        "smpl_poses": poses.reshape(num_frames, 72),
        "smpl_scaling": np.array([SCALING], np.float32),
        "smpl_trans": trans,
    }


def write_pickle(path: Path, content: object, protocol: int = 4) -> Path:
    """A pickle as numpy 1 wrote it, which is how AIST++ is distributed."""
    data = pickle.dumps(content, protocol)
    path.write_bytes(data.replace(b"\x8c\x16numpy._core.multiarray", b"\x8c\x15numpy.core.multiarray"))
    return path


def write_smpl(path: Path, **arrays: np.ndarray) -> Path:
    """A file of AIST++'s motions, some of its arrays replaced."""
    return write_pickle(path, {"smpl_loss": 1.5, **smpl_arrays(), **arrays})
