"""A canvas of pixels with antialiased shapes: matplotlib's Agg renderer, without figures, axes and artists.

A figure with axes took 28 ms for a stick figure alone; all that a picture of 480x400 holds now takes 6 ms so.
"""

import math
from functools import lru_cache
from typing import Any, Final, Literal

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path as Outline
from matplotlib.transforms import Bbox, IdentityTransform
from numpy.typing import NDArray

Colour = tuple[float, float, float, float]
"""Red, green, blue and opacity, each 0 to 1."""
Box = tuple[float, float, float, float]
"""Left, bottom, width and height in pixels."""

_IDENTITY: Final = IdentityTransform()
_NOTHING: Final[Colour] = (0.0, 0.0, 0.0, 0.0)
_DPI: Final = 72  # a point is a pixel


def colour(code: str, opacity: float = 1.0) -> Colour:
    """A colour from its hexadecimal code, such as `#ff6b6b`."""
    red, green, blue = (int(code[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue, opacity


def mixed(a: Colour, b: Colour, share: float) -> Colour:
    """The colour between two: `a` at share 0, `b` at share 1."""
    return tuple(x + (y - x) * min(max(share, 0.0), 1.0) for x, y in zip(a, b, strict=True))  # type: ignore[return-value]


class Canvas:
    """Pixels to draw on; places are in pixels from the bottom left corner, fractions count.

    Args:
        width: Pixels.
        height: Pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._renderer: Any = RendererAgg(width, height, _DPI)  # type: ignore[no-untyped-call]
        self._clip: Bbox | None = None

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """The picture (height, width, 4), red, green, blue and opacity, top row first; a view of what is drawn on."""
        return np.asarray(self._renderer.buffer_rgba(), np.uint8)

    def paint(self, pixels: NDArray[np.uint8]) -> None:
        """Replaces the whole picture by another of the same shape, (height, width, 4)."""
        np.copyto(self.pixels, pixels)

    def paste(self, place: tuple[int, int], pixels: NDArray[np.uint8]) -> None:
        """Puts a picture (height, width, 4), top row first, whose lower left corner is at `place`."""
        left, bottom = place
        height, width, _ = pixels.shape
        self.pixels[self.height - bottom - height : self.height - bottom, left : left + width] = pixels

    def clip(self, box: Box | None) -> None:
        """Draws only inside of `box` from now on, or everywhere."""
        self._clip = None if box is None else Bbox.from_bounds(*box)

    def polygon(
        self, points: NDArray[np.floating], fill: Colour, outline: Colour = _NOTHING, width: float = 0.0
    ) -> None:
        """A filled polygon (points, 2) with an outline that is `width` pixels wide."""
        self._draw(Outline(np.concatenate([points, points[:1]]), closed=True), self._pen(outline, width), fill)

    def polygons(self, points: NDArray[np.floating], fill: Colour) -> None:
        """The union of polygons (polygons, points, 2) that turn the same way: overlaps are painted once."""
        count, corners, _ = points.shape
        codes = np.full((count, corners), Outline.LINETO, np.uint8)
        codes[:, 0] = Outline.MOVETO
        self._draw(Outline(points.reshape(-1, 2), codes.reshape(-1)), self._pen(_NOTHING, 0.0), fill)

    def lines(self, segments: NDArray[np.floating], paint: Colour, width: float, *, round_ends: bool = False) -> None:
        """Straight lines (lines, 2, 2), `width` pixels wide."""
        if len(segments):
            codes = np.tile(np.array([Outline.MOVETO, Outline.LINETO], np.uint8), len(segments))
            pen = self._pen(paint, width, "round" if round_ends else "butt")
            self._draw(Outline(segments.reshape(-1, 2), codes), pen, None)

    def polyline(self, points: NDArray[np.floating], paint: Colour, width: float, *, round_ends: bool = True) -> None:
        """A line (points, 2) from point to point with round corners."""
        self._draw(Outline(points, closed=False), self._pen(paint, width, "round" if round_ends else "butt"), None)

    def discs(self, centres: NDArray[np.floating], radii: NDArray[np.floating], fill: Colour) -> None:
        """Filled circles: centres (discs, 2), radii (discs,)."""
        self.polygons(centres[:, None] + radii[:, None, None] * _UNIT_CIRCLE, fill)

    def text(self, place: tuple[float, float], words: str, size: float, paint: Colour, *, align: float = 0.0) -> None:
        """A line of text whose letters are `size` pixels high.

        Args:
            place: Of the base line, at its left end (`align` 0), middle (0.5) or right end (1).
            words: What it says.
            size: Height of the font.
            paint: Colour.
            align: See `place`.
        """
        mask, below = _written(words, size)
        height, width = mask.shape
        left = round(place[0] - align * width)
        top = self.height - round(place[1]) + below - height
        # letters are put at whole pixels, which keeps them sharp, and what lies outside of the canvas is cut
        rows = slice(max(top, 0), min(top + height, self.height))
        columns = slice(max(left, 0), min(left + width, self.width))
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return
        ink = paint[3] * mask[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left, None]
        under = self.pixels[rows, columns, :3]
        under[...] = np.round(under + ink * (255 * np.array(paint[:3]) - under)).astype(np.uint8)

    def _pen(self, paint: Colour, width: float, ends: Literal["butt", "round"] = "round") -> Any:
        pen = self._renderer.new_gc()
        pen.set_foreground(paint, isRGBA=True)
        pen.set_alpha(None)
        pen.set_linewidth(width)
        pen.set_capstyle(ends)
        pen.set_joinstyle("round")
        pen.set_snap(False)  # a line that moves slowly must not jump from pixel to pixel
        if self._clip is not None:
            pen.set_clip_rectangle(self._clip)
        return pen

    def _draw(self, outline: Outline, pen: Any, fill: Colour | None) -> None:
        outline.should_simplify = False
        self._renderer.draw_path(pen, outline, _IDENTITY, fill)


@lru_cache(maxsize=512)
def _written(words: str, size: float) -> tuple[NDArray[np.float32], int]:
    """How much ink a line of text lays on each pixel, (height, width), 0 to 1; and how many rows lie below its base."""
    font = FontProperties(family="DejaVu Sans", size=size)
    renderer: Any = RendererAgg(1, 1, _DPI)  # type: ignore[no-untyped-call]
    width, height, descent = renderer.get_text_width_height_descent(words, font, False)
    below, margin = math.ceil(descent) + 1, 2
    renderer = RendererAgg(math.ceil(width) + margin, math.ceil(height) + below + margin, _DPI)  # type: ignore[no-untyped-call]
    pen = renderer.new_gc()
    pen.set_foreground((1.0, 1.0, 1.0, 1.0), isRGBA=True)
    # unlike everything else, text is placed from the top
    renderer.draw_text(pen, margin / 2, renderer.height - below, words, font, 0.0)
    opacity = np.asarray(renderer.buffer_rgba(), np.uint8)[..., 3]
    return (opacity / 255).astype(np.float32), below


_ANGLES: Final = np.linspace(0.0, 2.0 * np.pi, 32, endpoint=False)
_UNIT_CIRCLE: Final = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=-1)
