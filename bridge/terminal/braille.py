"""A canvas of braille dots: two by four dots a character, nearly square on a terminal."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

_DOT_BITS: Final = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], np.uint16)
"""Bit of each dot of a character, (row, column); Unicode, Braille Patterns, U+2800."""


class BrailleCanvas:
    """Lines drawn in dots. Dot (0, 0) is at the top left; what lies outside is cut off.

    Example:
        >>> canvas = BrailleCanvas(num_columns=4, num_rows=1)
        >>> canvas.line((0, 3), (7, 0))
        >>> canvas.rows()
        ['⣀⠤⠖⠉']
    """

    def __init__(self, num_columns: int, num_rows: int) -> None:
        self.width, self.height = 2 * num_columns, 4 * num_rows
        self._dots: NDArray[np.bool_] = np.zeros((self.height, self.width), np.bool_)

    def points(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> None:
        """Sets the dots nearest to some points, each (n,)."""
        columns, rows = np.rint(x).astype(int), np.rint(y).astype(int)
        inside = (columns >= 0) & (columns < self.width) & (rows >= 0) & (rows < self.height)
        self._dots[rows[inside], columns[inside]] = True

    def line(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draws from one (x, y) to another."""
        count = int(max(abs(end[0] - start[0]), abs(end[1] - start[1]))) + 2
        self.points(np.linspace(start[0], end[0], count), np.linspace(start[1], end[1], count))

    def circle(self, centre: tuple[float, float], radius: float) -> None:
        """Draws around an (x, y)."""
        angle = np.linspace(0.0, 2.0 * np.pi, 8 + int(8 * radius))
        self.points(centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle))

    def rows(self) -> list[str]:
        """The picture as lines of text."""
        cells = self._dots.reshape(self.height // 4, 4, self.width // 2, 2)
        codes = 0x2800 + np.einsum("rack,ak->rc", cells, _DOT_BITS)
        return ["".join(map(chr, row)) for row in codes.tolist()]
