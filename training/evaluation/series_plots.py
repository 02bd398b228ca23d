"""Plots of an evaluation of any modalities: what was made beside what is real, its spectrum, its values."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from data.dataset.modality_folder import ModalitySequence
from training.metrics.series import RealSeries

if TYPE_CHECKING:
    from training.evaluation.evaluate_modalities import ModelRow

_COLUMNS: Final = 3
_PAINTS: Final = ("#e4704f", "#4d7cc7", "#5fa777", "#a678b8", "#c9a33b", "#6b6b78")


def draw(
    folder: Path,
    rows: "Sequence[ModelRow]",
    held_out: Sequence[ModalitySequence],
    real: Mapping[str, RealSeries],
    real_row: "ModelRow",
    rate_hz: float | None,
) -> list[str]:
    """Draws two pictures of each output, and returns the names of the files."""
    names = []
    for output, reference in real.items():
        names += [f"{output}_curves.png", f"{output}_spectrum.png"]
        _curves(folder / names[-2], output, rows, held_out, reference, rate_hz)
        _spectra(folder / names[-1], output, rows, real_row, reference, rate_hz)
    return names


def _figure(width: float, height: float, rows: int, columns: int) -> tuple[Figure, Any]:
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.subplots(rows, columns, squeeze=False)


def _curves(
    path: Path,
    output: str,
    rows: "Sequence[ModelRow]",
    held_out: Sequence[ModalitySequence],
    real: RealSeries,
    rate_hz: float | None,
) -> None:
    """The columns that vary most, of the first sequence: real, and all samples of each model."""
    chosen = np.argsort(-real.std)[:_COLUMNS]
    figure, axes = _figure(4 * len(chosen) + 1, 2.2 * len(rows) + 0.6, len(rows), len(chosen))
    for line, row in zip(axes, rows, strict=True):
        for axis, column in zip(line, chosen, strict=True):
            true = real.series[0]
            times = np.arange(len(true)) / (rate_hz or 1.0)
            for number, sample in enumerate(row.made[output][0]):
                labels = {"label": row.name} if number == 0 else {}
                axis.plot(times[: len(sample)], sample[:, column], color=_PAINTS[0], alpha=0.5, linewidth=0.8, **labels)
            axis.plot(times, true[:, column], color="#222233", linewidth=1.2, label="real")
            axis.set_title(f"{output}, column {column}, {held_out[0].sequence_id}", fontsize=8)
            axis.set_xlabel("s" if rate_hz else "frames", fontsize=8)
            axis.tick_params(labelsize=7)
    axes[0][0].legend(fontsize=7)
    figure.savefig(path, dpi=80)


def _spectra(
    path: Path, output: str, rows: "Sequence[ModelRow]", real_row: "ModelRow", real: RealSeries, rate_hz: float | None
) -> None:
    """Power by band, and how the deviations of columns lie beside the real ones."""
    figure, ((left, right),) = _figure(10, 3.4, 1, 2)
    for paint, row in zip(("#222233", *_PAINTS), (real_row, *rows), strict=False):
        figures = row.outputs[output]
        middles = [float(np.sqrt(low * high)) for low, high in pairwise(figures.edges)]
        left.loglog(middles, np.maximum(figures.power, 1e-9), "o-", color=paint, label=row.name, markersize=3)
        if row is not real_row:
            made = np.concatenate([sample for samples in row.made[output] for sample in samples])
            right.loglog(real.std, np.maximum(made.std(0), 1e-9), "o", color=paint, markersize=3, alpha=0.7)
    left.set_xlabel("Hz" if rate_hz else "cycles a frame")
    left.set_ylabel("power")
    left.legend(fontsize=7)
    right.loglog(real.std, real.std, color="#9a9aa8", linewidth=1)
    right.set_xlabel("deviation of each column, real")
    right.set_ylabel("generated")
    left.set_title(f"{output}: power by rate", fontsize=9)
    figure.savefig(path, dpi=80)
