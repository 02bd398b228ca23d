"""Unit quaternions (x, y, z, w) as numpy arrays: the bridge's own, and what Blender needs beside them.

Blender's own order is (w, x, y, z): `to_blender` is the way there.
"""

from typing import Final

import numpy as np

from .._vendor.motion.rotations import Floats as Floats
from .._vendor.motion.rotations import from_matrix as from_matrix
from .._vendor.motion.rotations import inverse as inverse
from .._vendor.motion.rotations import make_continuous as continuous
from .._vendor.motion.rotations import multiply as multiply
from .._vendor.motion.rotations import normalise as normalise
from .._vendor.motion.rotations import rotate as rotate
from .._vendor.motion.rotations import slerp as slerp

__all__ = [
    "IDENTITY",
    "Floats",
    "about",
    "angle",
    "between",
    "continuous",
    "from_blender",
    "from_matrix",
    "inverse",
    "multiply",
    "near",
    "normalise",
    "rotate",
    "slerp",
    "to_blender",
]

IDENTITY: Final = np.array([0.0, 0.0, 0.0, 1.0])
_TINY: Final = 1e-9


def near(q: Floats, reference: Floats) -> Floats:
    """The same rotations with the signs that lie on the side of `reference`."""
    return np.where(np.sum(q * reference, axis=-1, keepdims=True) < 0, -q, q)


def about(axis: Floats, angle_rad: Floats) -> Floats:
    """Turns by angles (...) about unit axes (..., 3)."""
    half = np.asarray(angle_rad)[..., np.newaxis] / 2.0
    return np.concatenate([np.sin(half) * axis, np.cos(half)], axis=-1)


def between(u: Floats, v: Floats) -> Floats:
    """The smallest turns that take directions `u` (..., 3) to directions `v`; the identity where one has none."""
    lengths = np.linalg.norm(u, axis=-1, keepdims=True) * np.linalg.norm(v, axis=-1, keepdims=True)
    dot = np.sum(u * v, axis=-1, keepdims=True)
    q = np.concatenate([np.cross(u, v), lengths + dot], axis=-1)
    least = np.abs(u).argmin(axis=-1)
    aside = np.cross(u, np.eye(3)[least])  # for opposite directions: half a turn about anything at a right angle
    half_turn = np.concatenate([aside, np.zeros_like(dot)], axis=-1)
    q = np.where(lengths + dot < 1e-9 * np.maximum(lengths, _TINY), half_turn, q)
    return np.where(lengths < _TINY, IDENTITY, normalise(q))


def angle(q: Floats) -> Floats:
    """By how much unit quaternions turn, radians, 0 to pi; exact for small angles."""
    return np.asarray(2.0 * np.arctan2(np.linalg.norm(q[..., :3], axis=-1), np.abs(q[..., 3])))


def to_blender(q: Floats) -> Floats:
    """In Blender's order (w, x, y, z)."""
    return q[..., [3, 0, 1, 2]]


def from_blender(q: Floats) -> Floats:
    """From Blender's order (w, x, y, z)."""
    return q[..., [1, 2, 3, 0]]
