"""From a signed distance to triangles: surface nets, drawn onto the surface.

Naive surface nets (Gibson 1998, "Constrained Elastic Surface Nets"): one vertex in every cell of a grid that the
surface passes, one quadrilateral for every edge of the grid that it crosses. The vertices are then spread evenly and
moved onto the surface, so that a coarse grid gives a smooth body; normals are the distance's own slope.
"""

from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from bridge.stage.default_avatar.distance import Place, Points, Shape, Values, slope

_RELAXATIONS: Final = 4
_PROJECTIONS: Final = 3


@dataclass(frozen=True, eq=False)
class Mesh:
    """Triangles of a closed surface.

    Attributes:
        positions: (vertices, 3) metres.
        normals: (vertices, 3) unit vectors that point outside.
        triangles: (triangles, 3) indices, anticlockwise seen from outside.
    """

    positions: Points
    normals: Points
    triangles: NDArray[np.int64]


def mesh(shape: Shape, low: Place, high: Place, cells_m: Place) -> Mesh:
    """The surface of a shape that lies inside a box.

    The grid is symmetric about x = 0 if the box is, and then so is the mesh of a symmetric shape.

    Args:
        shape: what to mesh.
        low: corner of the box, metres.
        high: opposite corner.
        cells_m: the grid's cells along x, y and z: about the triangles, which may be longer along a limb.

    Raises:
        ValueError: the surface leaves the box, or there is none.
    """
    axes = [_nodes(a, b, cell_m) for a, b, cell_m in zip(low, high, cells_m, strict=True)]
    nodes = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    values = shape(nodes.reshape(-1, 3)).reshape(nodes.shape[:3])
    inside = values < 0
    border = np.ones_like(inside)
    border[1:-1, 1:-1, 1:-1] = False
    if not inside.any() or (inside & border).any():
        raise ValueError(f"no closed surface between {low} and {high}")
    positions, vertex_of_cell = _vertices(nodes, values)
    quads = _quads(inside, vertex_of_cell)
    positions = _drawn_onto(shape, positions, quads, min(cells_m))
    normals = slope(shape, positions)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return Mesh(positions, normals, _triangles(positions, quads))


def _nodes(low: float, high: float, cell_m: float) -> Values:
    """Coordinates of the grid's nodes about the middle of a side; none of them is the middle."""
    count = int(np.ceil((high - low) / cell_m / 2)) * 2
    steps: Values = np.arange(count, dtype=np.float64) - (count - 1) / 2
    return steps * cell_m + (low + high) / 2


def _vertices(nodes: Points, values: Points) -> tuple[Points, NDArray[np.int64]]:
    """A vertex for each cell that the surface passes: the mean of where its edges are crossed."""
    shape = tuple(n - 1 for n in values.shape)
    total, count = np.zeros((*shape, 3)), np.zeros(shape)
    for axis in range(3):
        first = tuple(slice(0, -1) if a == axis else slice(None) for a in range(3))
        second = tuple(slice(1, None) if a == axis else slice(None) for a in range(3))
        a, b = values[first], values[second]
        crossed = (a < 0) != (b < 0)
        share = np.where(crossed, a / np.where(crossed, a - b, 1.0), 0.0)
        crossing = nodes[first] + share[..., None] * (nodes[second] - nodes[first])
        across = [other for other in range(3) if other != axis]
        for corner in product((0, 1), repeat=2):  # the four edges of a cell along this axis
            part = [slice(None)] * 3
            for other, start in zip(across, corner, strict=True):
                part[other] = slice(start, start + shape[other])
            total += np.where(crossed[tuple(part)][..., None], crossing[tuple(part)], 0.0)
            count += crossed[tuple(part)]
    passed = count > 0
    vertex_of_cell = np.full(shape, -1, np.int64)
    vertex_of_cell[passed] = np.arange(int(passed.sum()))
    return total[passed] / count[passed][:, None], vertex_of_cell


def _quads(inside: NDArray[np.bool_], vertex_of_cell: NDArray[np.int64]) -> NDArray[np.int64]:
    """The four cells round every crossed edge, anticlockwise seen from outside."""
    quads = []
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        first = tuple(slice(0, -1) if a == axis else slice(1, -1) for a in range(3))
        second = tuple(slice(1, None) if a == axis else slice(1, -1) for a in range(3))
        a, b = inside[first], inside[second]
        where = np.argwhere(a != b)
        where[:, u] += 1
        where[:, v] += 1
        corners = []
        for du, dv in ((-1, -1), (0, -1), (0, 0), (-1, 0)):
            cell = where.copy()
            cell[:, u] += du
            cell[:, v] += dv
            corners.append(vertex_of_cell[tuple(cell.T)])
        ring = np.stack(corners, axis=1)
        outward = a[a != b]  # inside first: the surface faces along the axis
        quads.append(np.where(outward[:, None], ring, ring[:, ::-1]))
    return np.concatenate(quads)


def _drawn_onto(shape: Shape, positions: Points, quads: NDArray[np.int64], cell_m: float) -> Points:
    """Vertices spread evenly along the surface, and on it."""
    count = len(positions)
    a, b = quads.reshape(-1), np.roll(quads, -1, axis=1).reshape(-1)
    links = coo_array((np.ones(2 * len(a)), (np.concatenate([a, b]), np.concatenate([b, a]))), shape=(count, count))
    neighbours = links.tocsr()
    degrees = np.asarray(neighbours.sum(axis=1)).reshape(-1, 1)
    for _ in range(_RELAXATIONS):
        towards = neighbours @ positions / degrees - positions
        normal = slope(shape, positions)
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
        positions = positions + 0.6 * (towards - (towards * normal).sum(axis=1, keepdims=True) * normal)
        positions = _projected(shape, positions, 1, cell_m)
    return _projected(shape, positions, _PROJECTIONS, cell_m)


def _projected(shape: Shape, positions: Points, steps: int, cell_m: float) -> Points:
    """Vertices moved onto the surface by Newton's method, at most half a cell a step."""
    for _ in range(steps):
        gradient = slope(shape, positions)
        step = (shape(positions) / np.maximum((gradient**2).sum(axis=1), 0.1))[:, None] * gradient
        size = np.linalg.norm(step, axis=1, keepdims=True)
        positions = positions - step * np.minimum(1.0, 0.5 * cell_m / np.maximum(size, 1e-12))
    return positions


def _triangles(positions: Points, quads: NDArray[np.int64]) -> NDArray[np.int64]:
    """Two triangles a quadrilateral, cut along the shorter diagonal; near ties fall the same way on every machine."""
    p = positions[quads]
    first = np.linalg.norm(p[:, 0] - p[:, 2], axis=1)
    second = np.linalg.norm(p[:, 1] - p[:, 3], axis=1)
    turned = np.where((first > second * (1 + 1e-4))[:, None], np.roll(quads, -1, axis=1), quads)
    return np.concatenate([turned[:, [0, 1, 2]], turned[:, [0, 2, 3]]])
