"""Skeletons and poses for the tests of the wire."""

import numpy as np

from bridge.wire.pose_frame import PoseFrame
from data.motion.humanoid import HUMANOID
from data.motion.skeleton import Skeleton


def random_frame(num_bones: int, seed: int, sequence: int = 0, time_us: int = 0) -> PoseFrame:
    """Unit quaternions all over the sphere, a root anywhere within a few metres."""
    rng = np.random.default_rng(seed)
    rotations = rng.normal(size=(num_bones, 4))
    rotations /= np.linalg.norm(rotations, axis=1, keepdims=True)
    return PoseFrame(sequence, time_us, rng.normal(size=3).astype(np.float32), rotations.astype(np.float32))


def chain(num_bones: int) -> Skeleton:
    """The first bones of a humanoid, each hung on the one before at a random offset."""
    offsets = np.random.default_rng(1).normal(size=(num_bones, 3)).astype(np.float32)
    return Skeleton(tuple(HUMANOID[:num_bones]), tuple(range(-1, num_bones - 1)), offsets)
