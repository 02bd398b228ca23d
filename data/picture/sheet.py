"""A contact sheet: poses of a dance in reading order, above the sound that they belong to."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.motion.floor import floor_height
from data.motion.motion import Motion
from data.picture.body import body_shapes
from data.picture.camera import follow, front_rad, view_axes
from data.picture.canvas import Box, Canvas
from data.picture.scene import DanceSpan
from data.picture.soundtrack import Soundtrack
from data.picture.stage import TRAIL, DrawableDance, backdrop
from data.picture.strip import WORDS, Strip

LARGEST_SHEET: Final = 400
_WIDTH: Final = 1600
_MOST_COLUMNS: Final = 12
_CELL_SHAPE: Final = 1.4
"""Height of a figure's cell over its width."""
_STRIP_SHAPE: Final = 0.42
"""Height of a row's strip over the width of a cell."""
_RING: Final = 0.07
"""Radius of the ring around a joint over the stature."""


@dataclass(frozen=True)
class SheetLayout:
    """Where the figures are.

    Attributes:
        size: Width and height of the sheet, pixels.
        columns: Figures in a row.
        rows: Rows of figures.
        cells: One for each figure.
        strips: One under each row, empty without sound.
    """

    size: tuple[int, int]
    columns: int
    rows: int
    cells: list[Box]
    strips: list[Box]


def sheet_layout(num_figures: int, size: tuple[int, int] | None, *, has_sound: bool) -> SheetLayout:
    """Rows of figures on a sheet of a given size, as large as they can be, or on one that is 1600 pixels wide.

    Raises:
        ValueError: The sheet is too small for so many.
    """
    strip = _STRIP_SHAPE if has_sound else 0.0
    if size is None:
        columns = min(num_figures, _MOST_COLUMNS)
        rows = -(-num_figures // columns)
        cell_width = _WIDTH / _MOST_COLUMNS if columns == _MOST_COLUMNS else 200.0
        size = round(columns * cell_width), round(rows * cell_width * (_CELL_SHAPE + strip))
    else:
        columns = max(
            range(1, num_figures + 1),
            key=lambda n: min(size[0] / n, size[1] / -(-num_figures // n) / (_CELL_SHAPE + strip)),
        )
        rows = -(-num_figures // columns)
    cell_width, row_height = size[0] / columns, size[1] / rows
    strip_height = row_height * strip / (_CELL_SHAPE + strip)
    if min(cell_width, row_height - strip_height) < 24:
        raise ValueError(f"{num_figures} figures do not fit on {size[0]}x{size[1]} pixels: raise --every-s or --size")
    cells: list[Box] = []
    for number in range(num_figures):
        row, column = divmod(number, columns)
        left, right = round(column * cell_width), round((column + 1) * cell_width)
        top, bottom = size[1] - round(row * row_height), size[1] - round((row + 1) * row_height - strip_height)
        cells.append((left, bottom, right - left, top - bottom))
    strips: list[Box] = [
        (0, size[1] - round((row + 1) * row_height), size[0], round(strip_height)) for row in range(rows)
    ]
    return SheetLayout(size, columns, rows, cells, strips if has_sound else [])


def draw_sheet(
    motion: Motion,
    span: DanceSpan,
    sound: Soundtrack | None,
    *,
    every_s: float,
    size: tuple[int, int] | None = None,
    shows_features: bool = False,
    front_deg: float | None = None,
) -> Canvas:
    """The sheet; every figure stands in the middle of its cell, and under a row is the sound of just that time.

    Args:
        motion: The dance.
        span: The part of it that is shown; its rate does not matter.
        sound: Shown under every row, if there is one.
        every_s: Time from figure to figure.
        size: Of the sheet in pixels; see `sheet_layout`.
        shows_features: Also what a dancer hears.
        front_deg: Whence it is seen, about +Y from +Z towards +X; None is where it faces on average.

    Raises:
        ValueError: The sheet would hold more than 400 figures, or they do not fit.
    """
    if not every_s > 0:
        raise ValueError(f"--every-s must be positive, not {every_s:g}")
    num_figures = max(1, math.ceil(span.duration_s / every_s - 1e-6))
    if num_figures > LARGEST_SHEET:
        raise ValueError(f"{num_figures} figures are more than {LARGEST_SHEET}: raise --every-s above {every_s:g}")
    layout = sheet_layout(num_figures, size, has_sound=sound is not None)
    canvas = Canvas(*layout.size)
    backdrop(canvas, layout.cells, smooth=False)
    times_s = span.start_s + np.arange(num_figures) * every_s
    frames = np.minimum(np.round(times_s * motion.rate_hz).astype(int), len(motion) - 1)
    words = [f"{time_s:.1f} s" for time_s in times_s]
    draw_figures(canvas, motion, frames, layout.cells, words, front_deg=front_deg)
    if sound is not None:
        strip = Strip(sound, shows_features=shows_features)
        for row, box in enumerate(layout.strips):
            # a figure's instant is under its middle
            begin_s = span.start_s + (row * layout.columns - 0.5) * every_s
            strip.draw(canvas, box, begin_s, begin_s + layout.columns * every_s, None)
    return canvas


def draw_figures(
    canvas: Canvas,
    motion: Motion,
    frames: NDArray[np.int64],
    cells: Sequence[Box],
    words: Sequence[str],
    *,
    ring: int | None = None,
    front_deg: float | None = None,
) -> None:
    """Draws one frame of a dance into each cell, all seen alike, the hips in the middle of each, over a `backdrop`.

    Args:
        canvas: Where to.
        motion: The dance.
        frames: One for each cell.
        cells: Equally large.
        words: Stands in the corner of each.
        ring: A joint to point out.
        front_deg: Whence they are seen; None is where the dance faces on average.
    """
    shown = Motion(motion.skeleton, motion.rate_hz, motion.root_positions[frames], motion.rotations[frames])
    shapes = body_shapes(shown)
    floor = floor_height(motion)
    letters = max(9.0, 0.085 * cells[0][2])
    lens = follow(
        shown.root_positions.astype(np.float64),
        shapes.centres.reshape(len(frames), -1, 3),
        box=cells[0],
        stature=motion.skeleton.stature_m,
        floor=floor,
        axes=view_axes(front_rad(motion, front_deg)),
        rate_hz=shown.rate_hz,
        smoothly=False,
    )
    joints = shown.global_positions().astype(np.float64)
    for number, cell in enumerate(cells):
        camera = replace(lens, box=cell, centre=(cell[0] + cell[2] / 2, cell[1] + cell[3] / 2))
        DrawableDance(shown, shapes, camera, floor, "none").draw(canvas, number)
        if ring is not None:
            place, scale = camera.project(joints[number, ring], number)
            radius = float(scale) * _RING * motion.skeleton.stature_m
            around = np.linspace(0.0, 2.0 * np.pi, 48)
            circle = place + radius * np.stack([np.cos(around), np.sin(around)], axis=1)
            canvas.polyline(circle, TRAIL, max(1.5, 0.01 * cell[3]))
        canvas.text((cell[0] + 0.6 * letters, cell[1] + cell[3] - 1.4 * letters), words[number], letters, WORDS)
