"""Unit quaternions (x, y, z, w) as plain numpy arrays: the few operations that the live loop and whole clips share.

`scipy.spatial.transform.Rotation` builds an object for every call, which costs more than a whole pose may take. Here
the last axis holds the quaternion (or vector), all other axes broadcast, and the result has the inputs' floating point
type. Rotations act on column vectors: `multiply(a, b)` turns by `b` first, then by `a`.

Example:
    >>> to_the_left = about_axis(1, np.pi / 2)  # a quarter turn about Y: what faced front (Z) now faces left (X)
    >>> rotate(to_the_left, np.array([0.0, 0.0, 1.0])).round(3).tolist()
    [1.0, 0.0, 0.0]
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]

SMALLEST_LENGTH: Final = 1e-6
"""Vectors shorter than this have no usable direction."""


def multiply(a: Floats, b: Floats) -> Floats:
    """Hamilton product of quaternions (..., 4): the rotation `b` followed by the rotation `a`.

    Example:
        >>> turn = about_axis(1, np.radians(30))
        >>> float(np.degrees(angle_between(multiply(turn, turn), about_axis(1, 0.0))).round(3))
        60.0
    """
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
    """Inverse of unit quaternions (..., 4), which is their conjugate."""
    return q * np.array([-1, -1, -1, 1], q.dtype)


def rotate(q: Floats, vectors: Floats) -> Floats:
    """Vectors (..., 3) turned by unit quaternions (..., 4)."""
    axis, w = q[..., :3], q[..., 3:]
    twice = 2 * _cross(axis, vectors)
    return vectors + w * twice + _cross(axis, twice)


def normalise(q: Floats) -> Floats:
    """Quaternions (..., 4) scaled to length one; those too short to have a direction become the identity."""
    length = np.linalg.norm(q, axis=-1, keepdims=True)
    identity = np.array([0, 0, 0, 1], q.dtype)
    return np.where(length > SMALLEST_LENGTH, q / np.maximum(length, SMALLEST_LENGTH), identity)


def make_continuous(q: Floats) -> Floats:
    """Quaternions (frames, ..., 4) with signs chosen so that none jumps to its antipode from one frame to the next."""
    flips = np.where(np.sum(q[1:] * q[:-1], axis=-1, keepdims=True) < 0, -1, 1).astype(q.dtype)
    return np.concatenate([q[:1], q[1:] * np.cumprod(flips, axis=0)])


def slerp(a: Floats, b: Floats, weight: Floats | float) -> Floats:
    """Spherical interpolation of unit quaternions (..., 4) along the shorter arc: `a` at weight 0, `b` at weight 1.

    `weight` broadcasts against the quaternions' leading axes. The result lies in `a`'s hemisphere.
    Source: K. Shoemake, Animating Rotation with Quaternion Curves, SIGGRAPH 1985.

    Example:
        >>> half_way = slerp(about_axis(0, 0.0), about_axis(0, np.radians(90)), 0.5)
        >>> np.degrees(to_expmap(half_way)).round(3).tolist()  # 45 degrees about X
        [45.0, 0.0, 0.0]
    """
    weight = np.asarray(weight)[..., None]
    cosine = np.sum(a * b, axis=-1, keepdims=True)
    b = np.where(cosine < 0, -b, b)
    angle = np.arctan2(np.linalg.norm(b - a, axis=-1, keepdims=True), np.linalg.norm(b + a, axis=-1, keepdims=True)) * 2
    sine = np.sin(angle)
    nearly_equal = sine < SMALLEST_LENGTH
    safe = np.where(nearly_equal, 1, sine)
    weight_a = np.where(nearly_equal, 1 - weight, np.sin((1 - weight) * angle) / safe)
    weight_b = np.where(nearly_equal, weight, np.sin(weight * angle) / safe)
    return normalise(weight_a * a + weight_b * b).astype(np.result_type(a, b))


def about_axis(axis: int, angle_rad: Floats | float) -> Floats:
    """Quaternions (..., 4) of turns by `angle_rad` (...) about the coordinate axis 0, 1 or 2."""
    half = np.asarray(angle_rad) / 2
    q = np.zeros((*half.shape, 4), half.dtype)
    q[..., axis] = np.sin(half)
    q[..., 3] = np.cos(half)
    return q


def between(u: Floats, v: Floats) -> Floats:
    """Quaternions (..., 4) of the smallest rotation that takes direction `u` (..., 3) to direction `v` (..., 3)."""
    u = u / np.linalg.norm(u, axis=-1, keepdims=True)
    v = v / np.linalg.norm(v, axis=-1, keepdims=True)
    q = np.concatenate([_cross(u, v), 1 + np.sum(u * v, axis=-1, keepdims=True)], axis=-1)
    # Opposite directions: half a turn about any axis at a right angle to u.
    least = np.eye(3, dtype=u.dtype)[np.argmin(np.abs(u), axis=-1)]
    half_turn = np.concatenate([_cross(u, least), np.zeros_like(u[..., :1])], axis=-1)
    return normalise(np.where(q[..., 3:] < SMALLEST_LENGTH, half_turn, q))


def to_matrix(q: Floats) -> Floats:
    """Rotation matrices (..., 3, 3) of unit quaternions (..., 4)."""
    axes = np.broadcast_to(np.eye(3, dtype=q.dtype), (*q.shape[:-1], 3, 3))
    return np.swapaxes(rotate(q[..., None, :], axes), -1, -2)


def from_matrix(matrices: Floats) -> Floats:
    """Unit quaternions (..., 4) of rotation matrices (..., 3, 3)."""
    return from_columns(*(np.moveaxis(matrices[..., column], -1, 0) for column in range(3)))


def from_columns(a: Floats, b: Floats, c: Floats) -> Floats:
    """Unit quaternions (..., 4) of rotation matrices given by their columns, each (3, ...): components first.

    The symmetric matrix 4 q qT is filled from the entries, and its row with the largest diagonal, which is never near
    zero, is q times a number. Source: I. Bar-Itzhack, New Method for Extracting the Quaternion from a Rotation Matrix,
    2000; S. Shepperd, Quaternion from Rotation Matrix, 1978, for the choice of the row.
    """
    k = np.empty((*a.shape[1:], 4, 4), a.dtype)
    diagonal_sum, diagonal_difference = b[1] + c[2], b[1] - c[2]
    k[..., 0, 0] = 1 + a[0] - diagonal_sum
    k[..., 1, 1] = 1 - a[0] + diagonal_difference
    k[..., 2, 2] = 1 - a[0] - diagonal_difference
    k[..., 3, 3] = 1 + a[0] + diagonal_sum
    k[..., 0, 1] = k[..., 1, 0] = a[1] + b[0]
    k[..., 0, 2] = k[..., 2, 0] = c[0] + a[2]
    k[..., 1, 2] = k[..., 2, 1] = b[2] + c[1]
    k[..., 0, 3] = k[..., 3, 0] = b[2] - c[1]
    k[..., 1, 3] = k[..., 3, 1] = c[0] - a[2]
    k[..., 2, 3] = k[..., 3, 2] = a[1] - b[0]
    rows = k.reshape(-1, 4, 4)
    best = rows.reshape(-1, 16)[:, ::5].argmax(axis=-1)
    q = rows[np.arange(len(rows)), best]
    q /= np.sqrt(np.einsum("ij,ij->i", q, q))[:, None]
    shaped: Floats = q.reshape(*a.shape[1:], 4)
    return shaped


def from_expmap(vectors: Floats) -> Floats:
    """Unit quaternions (..., 4) of exponential maps (..., 3): axis times angle in radians."""
    angle = np.sqrt(np.sum(vectors * vectors, axis=-1, keepdims=True))
    return np.concatenate([vectors * (np.sinc(angle / (2 * np.pi)) / 2), np.cos(angle / 2)], axis=-1)


def to_expmap(q: Floats) -> Floats:
    """Exponential maps (..., 3), axis times angle in radians, angle at most pi, of unit quaternions (..., 4)."""
    q = np.where(q[..., 3:] < 0, -q, q)
    sine = np.linalg.norm(q[..., :3], axis=-1, keepdims=True)
    angle = 2 * np.arctan2(sine, q[..., 3:])
    return q[..., :3] * np.where(sine > SMALLEST_LENGTH, angle / np.maximum(sine, SMALLEST_LENGTH), 2)


def euler_angles(q: Floats, order: str) -> Floats:
    """Angles in radians (frames, ..., 3) of unit quaternions (frames, ..., 4) about the axes of `order`, such as "ZXY".

    The rotation is the product of the three turns in that order, each about the axes that the former left. Angles do
    not jump by full turns between frames. Where the middle turn is a right angle (gimbal lock) the last angle is zero.
    """
    i, j, k = ("XYZ".index(axis) for axis in order)
    sign = 1 if (j - i) % 3 == 1 else -1
    m = to_matrix(q)
    cosine = np.hypot(m[..., i, i], m[..., i, j])
    locked = cosine < 1e-7
    middle = np.arctan2(sign * m[..., i, k], cosine)
    first = np.where(
        locked, np.arctan2(sign * m[..., k, j], m[..., j, j]), np.arctan2(-sign * m[..., j, k], m[..., k, k])
    )
    last = np.where(locked, 0, np.arctan2(-sign * m[..., i, j], m[..., i, i]))
    return np.unwrap(np.stack([first, middle, last], axis=-1), axis=0)


def angle_between(a: Floats, b: Floats) -> Floats:
    """Angle in radians (...), 0 to pi, of the rotation that leads from unit quaternion `a` to `b` (..., 4)."""
    # The chords' ratio keeps its digits for tiny angles, where arccos of the dot product loses half of them.
    apart, together = np.linalg.norm(a - b, axis=-1), np.linalg.norm(a + b, axis=-1)
    angle: Floats = 4 * np.arctan2(np.minimum(apart, together), np.maximum(apart, together))
    return angle


def _cross(a: Floats, b: Floats) -> Floats:
    """Cross product over the last axis; numpy's own spends most of its time on checking axes."""
    ax, ay, az = a[..., 0], a[..., 1], a[..., 2]
    bx, by, bz = b[..., 0], b[..., 1], b[..., 2]
    x = ay * bz - az * by
    product = np.empty((*x.shape, 3), x.dtype)
    product[..., 0] = x
    product[..., 1] = az * bx - ax * bz
    product[..., 2] = ax * by - ay * bx
    return product
