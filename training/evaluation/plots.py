"""Plots of an evaluation: measures, speed over long dances, speed over the beat, the seed-style matrix."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from numpy.typing import NDArray

from data.movement.velocity_power import BAND_EDGES_HZ
from training.evaluation.anchors import LOWER, UPPER
from training.evaluation.dances import Dance
from training.evaluation.measures import MEASURES
from training.evaluation.prompts import PromptMatrix
from training.evaluation.rows import DancerRow, Group, RealRow
from training.evaluation.tables import power_of
from training.metrics.beats import speed_by_beat_phase
from training.metrics.repetition import LAGS_BEATS


def draw(
    folder: Path,
    real: Sequence[RealRow],
    groups: Sequence[Group],
    real_prompts: Mapping[str, PromptMatrix],
    rate_hz: float,
) -> list[str]:
    """Draws everything there is, and returns the names of the files."""
    matplotlib.use("Agg")
    names = ["measures.png", "power.png"]
    _measures(folder / names[0], real, groups)
    _power(folder / names[1], real, groups)
    if real[0].beat_tests:  # else no beat is known
        _likeness(folder / "likeness.png", real, groups)
        _beat(folder / "beat.png", real[0], groups)
        names += ["likeness.png", "beat.png"]
    if any(row.long_speed_m_s is not None for group in groups for row in group.rows):
        _long(folder / "long.png", real[0], groups, rate_hz)
        names.append("long.png")
    if any(row.prompts for group in groups for row in group.rows):
        _matrices(folder / "prompts.png", groups, real_prompts)
        names.append("prompts.png")
    return names


def _value(key: str, row: DancerRow) -> float:
    return row.measures[key]


def _save(figure: Any, path: Path) -> None:
    import matplotlib.pyplot as plt

    figure.savefig(path, dpi=80)
    plt.close(figure)


def _measures(path: Path, real: Sequence[RealRow], groups: Sequence[Group]) -> None:
    """One panel a measure: a dot for every seed of every dancer, beside real dance and the spoilt ones."""
    import matplotlib.pyplot as plt

    shown = [measure for measure in MEASURES if real[0].beat_tests or not measure.needs_beats]
    columns = 4
    rows = -(-len(shown) // columns)
    names = [row.name for row in real] + [group.name for group in groups]
    left, panel = 0.3 + 0.08 * max(map(len, names)), 0.2 + 0.2 * len(names)
    width, height = left + 4.0 * columns, rows * (panel + 0.8)
    # Places in inches, not a constrained layout: that draws every text of 25 panels twice more, half of all the time.
    figure, axes = plt.subplots(
        rows,
        columns,
        figsize=(width, height),
        sharey=True,
        gridspec_kw={
            "left": left / width, "right": 1 - 0.2 / width, "bottom": 0.35 / height, "top": 1 - 0.45 / height,
            "wspace": 0.08, "hspace": 0.8 / panel,
        },
    )  # fmt: skip
    kinds = ["black", *("tab:blue" if row.name in (UPPER, LOWER) else "tab:gray" for row in real[1:])]
    kinds += ["tab:red"] * len(groups)
    for axis, measure in zip(axes.flat, shown, strict=False):
        values = [[row.measures[measure.key]] for row in real]
        values += [group.values(partial(_value, measure.key)) for group in groups]
        places = [place for place, some in enumerate(values) for _ in some]
        colours = [kinds[place] for place in places]
        axis.scatter([value for some in values for value in some], places, s=25, c=colours, alpha=0.8, zorder=2)
        axis.axvline(values[0][0], color="black", linewidth=0.8)
        arrows = {"lower": "smaller is better", "higher": "larger is better", "as real": "as real is best"}
        axis.set_title(f"{measure.label}\n{arrows[measure.better]}", fontsize=10)
        flat = [value for some in values for value in some]
        if min(flat) > 0 and max(flat) > 30 * min(flat):
            axis.set_xscale("log")
        axis.grid(axis="y", linewidth=0.3)
    for axis in axes.flat[len(shown) :]:
        axis.set_visible(False)
    axes.flat[0].set_yticks(range(len(names)), names)  # all share them
    axes.flat[0].invert_yaxis()
    _save(figure, path)


def likeness_of(dances: Sequence[Dance]) -> NDArray[np.float64]:
    """Mean likeness of poses after each of `LAGS_BEATS`, (lags,); NaN where no dance is long enough."""
    values = np.stack([dance.likeness for dance in dances])
    known = np.isfinite(values)
    means = np.where(known, values, 0).sum(0) / np.maximum(known.sum(0), 1)
    return np.where(known.any(0), means, np.nan)


def _lines(axis: Any, real: Sequence[RealRow], groups: Sequence[Group], of: Callable[[Sequence[Dance]], Any]) -> None:
    """A line for real dance, for each anchor and for each dancer; spoilt real dances are left out."""
    places = np.arange(len(of(real[0].dances)))
    for row in real:
        if row.name in (UPPER, LOWER):
            axis.plot(
                places, of(row.dances), color="tab:gray", linestyle="--" if row.name == LOWER else ":", label=row.name
            )
    axis.plot(places, of(real[0].dances), color="black", linewidth=2.5, label="real")
    for group in groups:
        axis.plot(places, np.mean([of(row.dances) for row in group.rows], 0), marker="o", label=group.name)


def _power(path: Path, real: Sequence[RealRow], groups: Sequence[Group]) -> None:
    """Power of joint velocity by band beside real dance: what is missing of a body that swings and never hits."""
    import matplotlib.pyplot as plt

    whole = power_of(real[0].dances)
    figure, axis = plt.subplots(figsize=(9, 4), layout="constrained")
    _lines(axis, real, groups, lambda dances: power_of(dances) / whole)
    bands = [f"{low:g}–{high:g}" for low, high in pairwise(BAND_EDGES_HZ)]
    axis.set_xticks(range(len(bands)), bands)
    axis.set(xlabel="Hz", ylabel="power / real", title="Slow swings and fast accents: power of joint velocity")
    axis.set_ylim(bottom=0)
    figure.legend(fontsize=8, loc="outside right upper")
    _save(figure, path)


def _likeness(path: Path, real: Sequence[RealRow], groups: Sequence[Group]) -> None:
    """Likeness of poses so many beats apart: whether a dance returns."""
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(9, 4), layout="constrained")
    _lines(axis, real, groups, likeness_of)
    axis.axhline(0, color="black", linewidth=0.6)
    axis.set_xticks(range(len(LAGS_BEATS)), [f"{lag:g}" for lag in LAGS_BEATS])
    axis.set(xlabel="beats later", ylabel="correlation of poses", title="What is danced again")
    figure.legend(fontsize=8, loc="outside right upper")
    _save(figure, path)


def _beat(path: Path, real: RealRow, groups: Sequence[Group]) -> None:
    """Speed over the beat's phase, turned so that every style is fastest in the middle."""
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(8, 4), layout="constrained")
    centres = (np.arange(12) + 0.5) / 12

    def curve(dances: Sequence[Dance]) -> Any:
        turned = [dance.beat - dance.fastest_rad / (2 * np.pi) + 0.5 for dance in dances]
        return np.mean([speed_by_beat_phase(d.pose_speed, beat) for d, beat in zip(dances, turned, strict=True)], 0)

    axis.plot(centres, curve(real.dances), color="black", linewidth=2.5, label="real")
    for group in groups:
        axis.plot(centres, np.mean([curve(row.dances) for row in group.rows], 0), marker="o", label=group.name)
    axis.set(
        xlabel="phase of the beat, the style's fastest at 0.5",
        ylabel="pose speed / its mean",
        title="How the body pulses with the beat",
    )
    figure.legend(fontsize=8, loc="outside right upper")
    _save(figure, path)


def _long(path: Path, real: RealRow, groups: Sequence[Group], rate_hz: float) -> None:
    """Joint speed over the long dances, means of ten seconds."""
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(10, 4.5), layout="constrained")
    axis.axhline(real.measures["joint_speed_m_s"], color="black", linestyle="--", label="real, mean")
    frames = int(10 * rate_hz)
    for group in groups:
        curves = [row.long_speed_m_s for row in group.rows if row.long_speed_m_s is not None]
        if not curves:
            continue
        speed = np.mean(curves, 0)
        usable = max(1, len(speed) // frames) * frames
        means = speed[:usable].reshape(-1, frames).mean(1) if len(speed) >= frames else speed[None].mean(1)
        axis.plot((np.arange(len(means)) + 0.5) * 10 / 60, means, label=group.name, linewidth=1.2)
    axis.set(xlabel="minutes", ylabel="mean joint speed, m/s", title="Left alone with the music")
    axis.set_yscale("log")
    figure.legend(fontsize=8, loc="outside right upper")
    _save(figure, path)


def _matrices(path: Path, groups: Sequence[Group], real: Mapping[str, PromptMatrix]) -> None:
    """Every seed-style matrix, distances less the means of row and column: a red diagonal is a style that shows."""
    import matplotlib.pyplot as plt

    matrices = list(real.items())
    for group in groups:
        found = [row.prompts for row in group.rows if row.prompts is not None]
        if found:
            matrices.append((group.name, found[0]))
    columns = min(len(matrices), 5)
    rows = -(-len(matrices) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(3 * columns, 3.1 * rows), layout="constrained", squeeze=False, sharex=True, sharey=True
    )
    for axis in axes.flat[len(matrices) :]:
        axis.set_visible(False)
    for axis, (name, matrix) in zip(axes.flat, matrices, strict=False):
        distances = matrix.centred_distances
        size = max(float(np.abs(distances).max()), 1e-9)
        axis.imshow(distances, cmap="RdBu", vmin=-size, vmax=size)
        axis.set_title(f"{name}\nown is nearest: {matrix.centred_nearest:.2f}", fontsize=9)
        axis.set_xticks(range(len(matrix.styles)), matrix.styles, rotation=90, fontsize=7)
        axis.set_yticks(range(len(matrix.styles)), matrix.styles, fontsize=7)
    figure.supxlabel("real dances of")
    figure.supylabel("asked for")
    _save(figure, path)
