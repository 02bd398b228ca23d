"""Pictures of a motion: a contact sheet to look at frame by frame, and a looping animation."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from data.motion import Motion, resample

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from PIL import Image

VIEW_AZIMUTH_RAD = np.radians(25)
"""The camera stands this far to the figure's left of straight ahead: arms and legs seldom hide each other."""
LEFT_COLOUR, RIGHT_COLOUR, MIDDLE_COLOUR = "#d1495b", "#00798c", "#2f2f38"
LARGEST_SHEET = 400


def contact_sheet(motion: Motion, path: Path, *, every_s: float = 0.5, columns: int = 12) -> None:
    """Writes poses side by side, in reading order, with their times.

    Args:
        motion: The motion; each figure is drawn around its own hips.
        path: Picture to write, by its ending (.png, .jpg, .pdf, .svg).
        every_s: Time between neighbouring figures.
        columns: Figures in a row.

    Raises:
        ValueError: If matplotlib is missing or the sheet would hold more than 400 figures.
    """
    pyplot = _pyplot()
    frames = np.arange(0, len(motion), max(1, round(every_s * motion.rate_hz)))
    if len(frames) > LARGEST_SHEET:
        raise ValueError(f"{len(frames)} figures are more than {LARGEST_SHEET}: raise every_s above {every_s}")
    rows = -(-len(frames) // columns)
    figure, axes = pyplot.subplots(rows, columns, figsize=(1.15 * columns, 1.6 * rows), squeeze=False)
    points = _projected(motion, around_hips=True)
    for number, axis in enumerate(axes.flat):
        axis.set_axis_off()
        if number < len(frames):
            _draw(axis, motion, points[frames[number]])
            axis.set_title(f"{frames[number] / motion.rate_hz:.1f} s", fontsize=6, pad=0)
    figure.subplots_adjust(0, 0, 1, 0.98, 0, 0.05)
    figure.savefig(path, dpi=90)
    pyplot.close(figure)


def animation(motion: Motion, path: Path, *, rate_hz: float = 15.0, height_px: int = 280) -> None:
    """Writes a looping GIF of a motion, seen from the front.

    Args:
        motion: The motion, drawn where it goes.
        path: File to write, ``*.gif``.
        rate_hz: Pictures a second.
        height_px: Height of the picture.

    Raises:
        ValueError: If matplotlib or Pillow is missing.
    """
    pyplot = _pyplot()
    motion = resample(motion, rate_hz)
    points = _projected(motion, around_hips=False)
    low, high = points[..., 0].min() - 0.15, points[..., 0].max() + 0.15
    figure = pyplot.figure(figsize=((high - low) / 2.1 * height_px / 100, height_px / 100), dpi=100)
    axis = figure.add_axes((0, 0, 1, 1))
    pictures = []
    for pose in points:
        axis.clear()
        axis.set_axis_off()
        _draw(axis, motion, pose, limits=(low, high))
        pictures.append(_rasterised(figure))
    pyplot.close(figure)
    first, *rest = [picture.quantize(24) for picture in pictures]
    first.save(path, save_all=True, append_images=rest, duration=round(1000 / rate_hz), loop=0, optimize=True)


def _rasterised(figure: Any) -> Image.Image:
    from PIL import Image

    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return Image.open(buffer).convert("RGB")


def _pyplot() -> Any:
    try:
        import matplotlib
    except ImportError:
        raise ValueError("pictures need matplotlib and Pillow: pip install -e '.[train]'") from None
    matplotlib.use("Agg")
    import matplotlib.pyplot

    return matplotlib.pyplot


def _projected(motion: Motion, *, around_hips: bool) -> NDArray[np.float64]:
    """Joints and end sites on the picture plane, (frames, points, 2): rightwards in the picture, and up, metres."""
    joints, turns = motion.skeleton.forward_kinematics(motion.root_positions, motion.rotations)
    ends = [joints[:, parent] + _rotated(turns[:, parent], offset) for parent, offset in motion.skeleton.end_sites]
    points = np.concatenate([joints, np.stack(ends, 1)], 1) if ends else np.asarray(joints)
    points = points.astype(np.float64)
    if around_hips:
        points[..., [0, 2]] -= points[:, :1, [0, 2]]
    sine, cosine = np.sin(VIEW_AZIMUTH_RAD), np.cos(VIEW_AZIMUTH_RAD)
    # Seen from the front, the figure's left (+X) is on the right of the picture.
    return np.stack([cosine * points[..., 0] - sine * points[..., 2], points[..., 1]], -1)


def _rotated(turns: NDArray[Any], offset: tuple[float, float, float]) -> NDArray[np.float64]:
    from data import rotations

    return np.asarray(rotations.rotate(turns.astype(np.float64), np.asarray(offset, np.float64)))


def _draw(axis: Axes, motion: Motion, pose: NDArray[np.float64], limits: tuple[float, float] = (-0.75, 0.75)) -> None:
    """Draws one pose (points, 2) with a floor line."""
    skeleton = motion.skeleton
    axis.axhline(0, color="#bbbbbb", linewidth=0.8)
    bones = [(parent, joint, skeleton.names[joint]) for joint, parent in enumerate(skeleton.parents) if parent >= 0]
    first_end = len(skeleton.names)
    bones += [(parent, first_end + i, skeleton.names[parent]) for i, (parent, _) in enumerate(skeleton.end_sites)]
    for start, stop, name in bones:
        colour = LEFT_COLOUR if "Left" in name else RIGHT_COLOUR if "Right" in name else MIDDLE_COLOUR
        axis.plot(*pose[[start, stop]].T, color=colour, linewidth=2.2, solid_capstyle="round")
    head = next((i for parent, i, name in bones if name == "Head" and i >= first_end), None)
    if head is not None:
        axis.plot(*pose[head], marker="o", color=MIDDLE_COLOUR, markersize=5)
    axis.set(xlim=limits, ylim=(-0.05, 1.85), aspect="equal")
