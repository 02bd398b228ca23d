"""Unit quaternions (x, y, z, w) as numpy arrays: the last axis holds the quaternion or vector, all others broadcast.

`multiply(a, b)` turns by `b` first, then by `a`. Blender's own order is (w, x, y, z): `to_blender` is the way there.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

IDENTITY = np.array([0.0, 0.0, 0.0, 1.0])
_TINY = 1e-9


def multiply(a: Floats, b: Floats) -> Floats:
    """The rotation `b` followed by the rotation `a`."""
    ax, ay, az, aw = a[..., 0], a[..., 1], a[..., 2], a[..., 3]
    bx, by, bz, bw = b[..., 0], b[..., 1], b[..., 2], b[..., 3]
    x = aw * bx + ax * bw + ay * bz - az * by
    product = np.empty((*x.shape, 4), x.dtype)
    product[..., 0] = x
    product[..., 1] = aw * by - ax * bz + ay * bw + az * bx
    product[..., 2] = aw * bz + ax * by - ay * bx + az * bw
    product[..., 3] = aw * bw - ax * bx - ay * by - az * bz
    return product


def inverse(q: Floats) -> Floats:
    """The way back, of unit quaternions."""
    return q * np.array([-1.0, -1.0, -1.0, 1.0], q.dtype)


def rotate(q: Floats, vectors: Floats) -> Floats:
    """Vectors (..., 3) turned by unit quaternions (..., 4)."""
    axis, w = q[..., :3], q[..., 3:]
    twice = 2.0 * _cross(axis, vectors)
    return vectors + w * twice + _cross(axis, twice)


def _cross(u: Floats, v: Floats) -> Floats:
    """As `numpy.cross`, which is several times slower."""
    ux, uy, uz = u[..., 0], u[..., 1], u[..., 2]
    vx, vy, vz = v[..., 0], v[..., 1], v[..., 2]
    x = uy * vz - uz * vy
    product = np.empty((*x.shape, 3), x.dtype)
    product[..., 0], product[..., 1], product[..., 2] = x, uz * vx - ux * vz, ux * vy - uy * vx
    return product


def normalise(q: Floats) -> Floats:
    """Scaled to length one; what has no length becomes the identity."""
    length = np.linalg.norm(q, axis=-1, keepdims=True)
    return np.where(length > _TINY, q / np.maximum(length, _TINY), IDENTITY.astype(q.dtype))


def continuous(q: Floats) -> Floats:
    """Quaternions (frames, ..., 4) with signs so that none jumps to its antipode from one frame to the next."""
    flips = np.where(np.sum(q[1:] * q[:-1], axis=-1, keepdims=True) < 0, -1.0, 1.0).astype(q.dtype)
    return np.concatenate([q[:1], q[1:] * np.cumprod(flips, axis=0)])


def near(q: Floats, reference: Floats) -> Floats:
    """The same rotations with the signs that lie on the side of `reference`."""
    return np.where(np.sum(q * reference, axis=-1, keepdims=True) < 0, -q, q)


def slerp(a: Floats, b: Floats, weight: Floats) -> Floats:
    """Along the shorter arc from `a` to `b`; `weight` broadcasts against the axes before the last.

    Source: K. Shoemake, Animating Rotation with Quaternion Curves, SIGGRAPH 1985.
    """
    weight = np.asarray(weight)[..., np.newaxis]
    dot = np.sum(a * b, axis=-1, keepdims=True)
    b = np.where(dot < 0, -b, b)
    angle = np.arccos(np.clip(np.abs(dot), 0.0, 1.0))
    sine = np.sin(angle)
    is_wide = sine > 1e-4
    divisor = np.where(is_wide, sine, 1.0)
    first = np.where(is_wide, np.sin((1.0 - weight) * angle) / divisor, 1.0 - weight)
    second = np.where(is_wide, np.sin(weight * angle) / divisor, weight)
    return normalise(first * a + second * b)


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


def from_matrix(matrix: Floats) -> Floats:
    """Of rotation matrices (..., 3, 3).

    Source: I. Y. Bar-Itzhack, New method for extracting the quaternion from a rotation matrix, 2000.
    """
    m = matrix
    k = np.zeros((*m.shape[:-2], 4, 4))
    k[..., 0, 0] = m[..., 0, 0] - m[..., 1, 1] - m[..., 2, 2]
    k[..., 1, 1] = m[..., 1, 1] - m[..., 0, 0] - m[..., 2, 2]
    k[..., 2, 2] = m[..., 2, 2] - m[..., 0, 0] - m[..., 1, 1]
    k[..., 3, 3] = m[..., 0, 0] + m[..., 1, 1] + m[..., 2, 2]
    k[..., 0, 1] = k[..., 1, 0] = m[..., 1, 0] + m[..., 0, 1]
    k[..., 0, 2] = k[..., 2, 0] = m[..., 2, 0] + m[..., 0, 2]
    k[..., 1, 2] = k[..., 2, 1] = m[..., 2, 1] + m[..., 1, 2]
    k[..., 0, 3] = k[..., 3, 0] = m[..., 2, 1] - m[..., 1, 2]
    k[..., 1, 3] = k[..., 3, 1] = m[..., 0, 2] - m[..., 2, 0]
    k[..., 2, 3] = k[..., 3, 2] = m[..., 1, 0] - m[..., 0, 1]
    return np.linalg.eigh(k)[1][..., -1]


def to_blender(q: Floats) -> Floats:
    """In Blender's order (w, x, y, z)."""
    return q[..., [3, 0, 1, 2]]


def from_blender(q: Floats) -> Floats:
    """From Blender's order (w, x, y, z)."""
    return q[..., [1, 2, 3, 0]]
