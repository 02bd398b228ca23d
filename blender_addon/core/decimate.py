"""Fewer keyframes within a stated error: between two that stay, straight lines lead past all that go."""

import numpy as np
from numpy.typing import NDArray

from .rotations import Floats, angle, inverse, multiply, normalise


def kept_rotations(frames: Floats, rotations: Floats, largest_rad: float) -> NDArray[np.intp]:
    """Which of the continuous rotations (n, 4) to keep, so that those interpolated differ by no more than an angle.

    Interpolated is as Blender does it: each of the four numbers by a straight line, then scaled to length one.
    """

    def error(first: int, last: int) -> Floats:
        weight = _weight(frames, first, last)[:, None]
        between = normalise((1 - weight) * rotations[first] + weight * rotations[last])
        return angle(multiply(inverse(between), rotations[first + 1 : last]))

    return _kept(len(frames), error, largest_rad)


def kept_values(frames: Floats, values: Floats, largest: float) -> NDArray[np.intp]:
    """Which of the values (n, dims) to keep, so that none of those interpolated differs by more than this.

    Example:
        >>> heights = np.array([[0.0], [1.0], [2.0], [3.0], [0.0]])
        >>> kept_values(np.arange(5.0), heights, largest=0.01).tolist()  # the straight way up needs no keys between
        [0, 3, 4]
    """

    def error(first: int, last: int) -> Floats:
        weight = _weight(frames, first, last)[:, None]
        between = (1 - weight) * values[first] + weight * values[last]
        return np.asarray(np.abs(between - values[first + 1 : last]).max(axis=1))

    return _kept(len(frames), error, largest)


def _kept(num: int, error: "object", largest: float) -> NDArray[np.intp]:
    """Source: U. Ramer, An iterative procedure for the polygonal approximation of plane curves, 1972."""
    assert callable(error)
    kept = {0, num - 1}
    spans = [(0, num - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        errors = error(first, last)
        worst = int(np.argmax(errors))
        if errors[worst] > largest:
            middle = first + 1 + worst
            kept.add(middle)
            spans += [(first, middle), (middle, last)]
    return np.array(sorted(kept), np.intp)


def _weight(frames: Floats, first: int, last: int) -> Floats:
    return np.asarray((frames[first + 1 : last] - frames[first]) / (frames[last] - frames[first]))
