"""Shapes as signed distances: a function from points to how far outside a surface each of them is.

A shape is any function from points (n, 3) in metres to distances (n,), negative inside. Distances need only be right in
sign and near the surface smooth and not flat: `surface.mesh` divides by their slope. After the shapes and blends that
Inigo Quilez describes (https://iquilezles.org/articles/distfunctions/ and /smin/).
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Values = NDArray[np.float64]
Shape = Callable[[Points], Values]
Place = tuple[float, float, float]
Knot = tuple[float, float, float, float]

_SLOPE_STEP_M: Final = 1e-4
_LAID_DEPTH_M: Final = 0.008
_CONES_A_KNOT: Final = 4


def slope(shape: Shape, points: Points) -> Points:
    """Gradient (n, 3) of the distance, by central differences."""
    columns = []
    for axis in range(3):
        step = np.zeros(3)
        step[axis] = _SLOPE_STEP_M
        columns.append((shape(points + step) - shape(points - step)) / (2 * _SLOPE_STEP_M))
    return np.stack(columns, axis=1)


def ellipsoid(centre: Place, radii: Place) -> Shape:
    """An ellipsoid along the axes; its distance is right to first order at the surface."""
    c, r = np.array(centre), np.array(radii)

    def distance(points: Points) -> Values:
        scaled = (points - c) / r
        near = np.sqrt((scaled**2).sum(axis=1))
        steep = np.sqrt(((scaled / r) ** 2).sum(axis=1))
        return near * (near - 1.0) / np.maximum(steep, 1e-9)

    return distance


def round_cone(start: Place, end: Place, start_radius: float, end_radius: float) -> Shape:
    """The hull of two balls: a limb that tapers."""
    a, b = np.array(start), np.array(end)
    length = float(np.linalg.norm(b - a))
    along = (b - a) / length
    sine = (start_radius - end_radius) / length
    cosine = float(np.sqrt(max(1.0 - sine * sine, 0.0)))

    def distance(points: Points) -> Values:
        offset = points - a
        height = offset @ along
        beside = np.sqrt(np.maximum((offset**2).sum(axis=1) - height**2, 0.0))
        place = height * cosine - beside * sine  # where the nearest point of the side lies, along the side
        side = beside * cosine + height * sine - start_radius
        lower = np.hypot(beside, height) - start_radius
        upper = np.hypot(beside, height - length) - end_radius
        return np.where(place < 0, lower, np.where(place > length * cosine, upper, side))

    return distance


def limb(*knots: Knot) -> Shape:
    """A limb along a smooth curve through knots, each a place and a radius (x, y, z, radius)."""
    curve = _through(np.array(knots))
    return union(*(round_cone(_place(a), _place(b), float(a[3]), float(b[3])) for a, b in pairwise(curve)))


def half_space(point: Place, outward: Place) -> Shape:
    """All that lies behind a plane."""
    p, n = np.array(point), np.array(outward) / np.linalg.norm(outward)
    return lambda points: (points - p) @ n


def union(*shapes: Shape, blend: float = 0.0) -> Shape:
    """Shapes as one, their seams filled over about `blend` metres."""

    def distance(points: Points) -> Values:
        result = shapes[0](points)
        for shape in shapes[1:]:
            result = _smooth_minimum(result, shape(points), blend)
        return result

    return distance


def common(*shapes: Shape, blend: float = 0.0) -> Shape:
    """What shapes share, its edges rounded over about `blend` metres."""

    def distance(points: Points) -> Values:
        result = -shapes[0](points)
        for shape in shapes[1:]:
            result = _smooth_minimum(result, -shape(points), blend)
        return -result

    return distance


def without(shape: Shape, *holes: Shape, blend: float = 0.0) -> Shape:
    """A shape less others, its edges rounded over about `blend` metres."""
    return common(shape, *(inside_out(hole) for hole in holes), blend=blend)


def inside_out(shape: Shape) -> Shape:
    """The outside of a shape as a shape."""
    return lambda points: -shape(points)


def grown(shape: Shape, by: float) -> Shape:
    """A shape `by` metres thicker."""
    return lambda points: shape(points) - by


def mirrored(shape: Shape) -> Shape:
    """The left half (x > 0) of a shape on both sides."""
    return lambda points: shape(np.abs(points) * [1, 0, 0] + points * [0, 1, 1])


def both_sides(shape: Shape, blend: float) -> Shape:
    """A shape and its mirror image, grown together where they come near each other."""
    return union(shape, lambda points: shape(points * [-1, 1, 1]), blend=blend)


def stretched(shape: Shape, centre: Place, scale: Place) -> Shape:
    """A shape scaled along the axes about a centre."""
    c, s = np.array(centre), np.array(scale)
    return lambda points: shape((points - c) / s + c) * float(s.min())


def laid_on(body: Shape, outline: Shape, thickness_m: float, rounding_m: float) -> Shape:
    """What lies on a body's front, within what an outline is at z = 0: a button, a pocket, paint.

    It reaches as deep into the body as it needs to be a solid of its own.
    """

    def column(points: Points) -> Values:
        return outline(points * [1, 1, 0])

    front = half_space((0, 0, 0.02), (0, 0, -1))
    layer = without(grown(body, thickness_m), grown(body, -_LAID_DEPTH_M))
    return common(layer, column, front, blend=rounding_m)


def _smooth_minimum(a: Values, b: Values, blend: float) -> Values:
    if blend <= 0:
        return np.minimum(a, b)
    near = np.maximum(blend - np.abs(a - b), 0.0) / blend
    return np.minimum(a, b) - near * near * (blend / 4)


def _through(knots: Points) -> Points:
    """A Catmull-Rom curve through knots, ends included; for two knots the line between them."""
    if len(knots) == 2:
        return knots
    ends = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    a, b, c, d = (ends[start : len(ends) - 3 + start, None] for start in range(4))
    t = (np.arange(_CONES_A_KNOT) / _CONES_A_KNOT)[:, None]
    curve = b + t * ((c - a) + t * ((2 * a - 5 * b + 4 * c - d) + t * (3 * (b - c) + d - a))) / 2
    return np.concatenate([curve.reshape(-1, knots.shape[1]), knots[-1:]])


def _place(row: Points) -> Place:
    x, y, z = row[:3].tolist()
    return x, y, z
