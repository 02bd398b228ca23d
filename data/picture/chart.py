"""Charts over time in the colours of the stage: matplotlib's figures, without its global state."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

GROUND: Final = "#0d0f14"
INK: Final = "#a7adbd"
LINES: Final = ("#8fa3d1", "#ff6f61", "#3fb8e8", "#7bd88f")
LIMIT: Final = "#f5c04f"
_DPI: Final = 100


def new_figure(width: int, height: int) -> Figure:
    """An empty figure of so many pixels."""
    figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI, facecolor=GROUND, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def dress(axes: Any, label: str = "") -> None:
    """Gives axes their colours, and what their heights mean."""
    axes.set_facecolor(GROUND)
    for spine in axes.spines.values():
        spine.set_color("#353b4a")
    axes.tick_params(colors=INK, labelsize=8)
    axes.set_ylabel(label, color=INK, fontsize=8)
    axes.margins(x=0)


def pixels_of(figure: Figure) -> NDArray[np.uint8]:
    """A figure as a picture (height, width, 4)."""
    canvas: Any = figure.canvas
    canvas.draw()
    return np.asarray(canvas.buffer_rgba(), np.uint8)


def chart(
    size: tuple[int, int],
    times_s: NDArray[np.floating],
    curves: Sequence[tuple[str, NDArray[np.floating]]],
    label: str,
    *,
    limits: Sequence[float] = (),
    span_s: tuple[float, float] | None = None,
) -> NDArray[np.uint8]:
    """Curves over time as a picture (height, width, 4).

    Args:
        size: Width and height in pixels.
        times_s: Of the values, (n,).
        curves: Names and values (n,); a name of "" stands in no legend.
        label: What the heights are, with their unit.
        limits: Heights at which a dashed line is drawn.
        span_s: A time that is marked.
    """
    figure = new_figure(*size)
    axes = figure.subplots()
    dress(axes, label)
    for (name, values), paint in zip(curves, LINES, strict=False):
        axes.plot(times_s, values, color=paint, linewidth=1.2, label=name or None)
    for limit in limits:
        axes.axhline(limit, color=LIMIT, linewidth=1, linestyle="--")
    if span_s is not None:
        least = 0.002 * float(times_s[-1] - times_s[0])
        axes.axvspan(span_s[0], max(span_s[1], span_s[0] + least), color=LIMIT, alpha=0.25, linewidth=0)
    axes.set_xlabel("s", color=INK, fontsize=8)
    if any(name for name, _ in curves):
        axes.legend(fontsize=7, labelcolor=INK, facecolor=GROUND, edgecolor="#353b4a", loc="upper right")
    return pixels_of(figure)
