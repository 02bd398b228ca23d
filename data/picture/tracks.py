"""A figure of a dance over time: what was heard, what was danced, what was asked for, and where the dancer looked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from data.formats.whole_file import whole_file
from data.motion.motion import Motion
from data.movement.measured_figure import foot_speeds, measure, speed
from data.picture.scene import DanceSpan
from data.picture.soundtrack import Soundtrack
from data.sound.audio_features import AudioFeatures

PLOT_ENDINGS: Final = (".png", ".svg", ".pdf")

_WIDTH_IN, _UNIT_IN, _DPI = 11.0, 0.62, 130
_INK, _SOFT, _LEFT, _RIGHT, _BEAT = "#1b2030", "#8a93a8", "#e4572e", "#2a7fb8", "#c98a00"
_SHARES: Final = ("#2a7fb8", "#7fb2d6", "#e4572e", "#f2a48c", "#5b8c5a", "#a9c9a4", "#7a5195", "#c9a9d6", "#999999")
_STATES: Final = {
    "dancing": "#5b8c5a",
    "idle": "#c3c8d4",
    "waiting": "#e4572e",
    "loading": "#eef0f4",
    "frozen": "#7fb2d6",
}
_NAMES: Final = ("C", "", "D", "", "E", "F", "", "G", "", "A", "", "B")
_STANDS_M_S: Final = 0.4
"""A foot within 3 cm of its lowest that moves slower than this is taken to stand."""


@dataclass(frozen=True, eq=False)
class AttentionTrace:
    """Where a dancer looked.

    Attributes:
        times_s: When, seconds since the dance began, (looks,).
        weights: Attention to each key, (looks, keys); a row sums to 1.
        kinds: Kind of each key.
        offsets_s: Time of each key beside the frame that was danced, negative in the past, NaN without one, (keys,).
        of: Whose attention, for the title: the mean of layers and heads, or which.
    """

    times_s: NDArray[np.float64]
    weights: NDArray[np.float32]
    kinds: tuple[str, ...]
    offsets_s: NDArray[np.float64]
    of: str


@dataclass(frozen=True, eq=False)
class Tracks:
    """All that is known of a dance over time; times are seconds since it began.

    Attributes:
        title: Stands above.
        motion: The dance.
        sound: What was danced to.
        level: Times and level of the input before any gain, dBFS.
        states: Begin, end and word of what the figure did.
        controls: Of each control that changed: its name, times, and its value from each on.
        parts: Begin and end of what was marked.
        missed_s: Ticks at which there was no new pose.
        failed_s: When the dancer failed.
        attention_trace: Where the dancer looked.
    """

    title: str
    motion: Motion
    sound: Soundtrack | None = None
    level: tuple[NDArray[np.float64], NDArray[np.floating]] | None = None
    states: Sequence[tuple[float, float, str]] = ()
    controls: Sequence[tuple[str, NDArray[np.float64], Sequence[Any]]] = ()
    parts: Sequence[tuple[float, float]] = ()
    missed_s: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    failed_s: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    attention_trace: AttentionTrace | None = None


def check_plot(path: Path) -> None:
    """Refuses a file that could not be written, before the work is done.

    Raises:
        ValueError: Its ending is none of `PLOT_ENDINGS`, or its folder does not exist.
    """
    if path.suffix.lower() not in PLOT_ENDINGS:
        raise ValueError(
            f"{path}: a plot is one of {', '.join(PLOT_ENDINGS)}, not {path.suffix or 'without an ending'}"
        )
    if not path.parent.is_dir():
        raise ValueError(f"{path}: there is no folder {path.parent}")


def plot_tracks(tracks: Tracks, span: DanceSpan, path: Path) -> None:
    """Draws what there is of a span into a file, which appears whole or not at all.

    Raises:
        ValueError: See `check_plot`.
        OSError: The file cannot be written.
    """
    check_plot(path)
    figure = draw_tracks(tracks, span)
    with whole_file(path) as part:
        figure.savefig(part, format=path.suffix.lower().removeprefix("."), dpi=_DPI)


def draw_tracks(tracks: Tracks, span: DanceSpan) -> Figure:
    """The figure: one panel under the other, on one axis of time."""
    panels = _panels(tracks)
    heights = [height for height, _ in panels]
    figure = Figure(figsize=(_WIDTH_IN, 0.9 + _UNIT_IN * sum(heights)), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.subplots(len(panels), 1, sharex=True, squeeze=False, height_ratios=heights)[:, 0]
    for axis, (_, draw) in zip(axes, panels, strict=True):
        axis.tick_params(labelsize=7, colors=_INK)
        draw(axis)
        axis.yaxis.label.set(fontsize=8, color=_INK)
        for begin_s, end_s in tracks.parts:
            for edge_s in (begin_s, end_s):
                axis.axvline(edge_s, color="#7a5195", linewidth=0.8, linestyle=":")
    axes[-1].set_xlim(span.start_s, span.start_s + span.duration_s)
    axes[-1].set_xlabel("seconds since the dance began", fontsize=8, color=_INK)
    axes[0].set_title(tracks.title, fontsize=10, color=_INK, loc="left")
    return figure


def _panels(tracks: Tracks) -> list[tuple[float, Callable[[Any], None]]]:
    """Height of each panel and who draws it; those of which nothing is known are not there."""
    panels: list[tuple[float, Callable[[Any], None]]] = []
    sound = tracks.sound
    if sound is not None and len(sound.features):
        panels += [(2.4, lambda axis: _mel(axis, sound)), (1.4, lambda axis: _chroma(axis, sound)),
                   (1.4, lambda axis: _onsets(axis, sound)), (1.6, lambda axis: _tempo(axis, sound))]  # fmt: skip
    if tracks.level is not None or tracks.states:
        panels.append((1.3, lambda axis: _level(axis, tracks)))
    panels += [(1.5, lambda axis: _speed(axis, tracks)), (0.7, lambda axis: _contacts(axis, tracks.motion))]
    if tracks.controls:
        panels.append((0.45 * len(tracks.controls) + 0.3, lambda axis: _controls(axis, tracks)))
    attention_trace = tracks.attention_trace
    if attention_trace is not None and len(attention_trace.times_s):
        panels += [(1.8, lambda axis: _shares(axis, attention_trace)), (2.6, lambda axis: _map(axis, attention_trace))]
    return panels


def _columns(sound: Soundtrack, name: str) -> NDArray[np.float32]:
    """Features by name; NaN before there was sound, where an onset's strength is below 0."""
    columns = AudioFeatures().columns
    heard = sound.features[:, columns["onset"]][:, :1] >= 0
    return np.where(heard, sound.features[:, columns[name]], np.nan).astype(np.float32)


def _rows_s(sound: Soundtrack) -> NDArray[np.float64]:
    return sound.starts_s + np.arange(1, len(sound.features) + 1) / sound.features_hz


def _image(axis: Any, sound: Soundtrack, values: NDArray[np.float32], label: str, **colours: Any) -> None:
    end_s = sound.starts_s + len(values) / sound.features_hz
    axis.imshow(
        values.T, origin="lower", aspect="auto", interpolation="nearest",
        extent=(sound.starts_s, end_s, 0, values.shape[1]), rasterized=True, **colours,
    )  # fmt: skip
    axis.set_ylabel(label)


def _mel(axis: Any, sound: Soundtrack) -> None:
    _image(axis, sound, _columns(sound, "mel"), "mel band", cmap="magma", vmin=-2, vmax=2)


def _chroma(axis: Any, sound: Soundtrack) -> None:
    _image(axis, sound, _columns(sound, "chroma"), "chroma", cmap="Greys", vmin=0, vmax=1)
    axis.set_yticks(np.arange(12) + 0.5, _NAMES)
    axis.tick_params(axis="y", length=0, labelsize=6)


def _onsets(axis: Any, sound: Soundtrack) -> None:
    for band, (name, paint) in enumerate(zip(("all", "low", "mid", "high"), (_INK, _LEFT, _BEAT, _RIGHT), strict=True)):
        axis.plot(_rows_s(sound), _columns(sound, "onset")[:, band], color=paint, linewidth=0.7, label=name)
    axis.set_ylabel("onset\n10 dB")
    _legend(axis)


def _tempo(axis: Any, sound: Soundtrack) -> None:
    """Tempo, how sure the tracker is of it, and the beats: the paler, the less sure."""
    beat = _columns(sound, "beat").astype(np.float64)
    times_s = _rows_s(sound)
    axis.plot(times_s, 120.0 * 2.0 ** beat[:, 2], color=_INK, linewidth=1)
    axis.set_ylabel("tempo\nBPM")
    sure = axis.twinx()
    sure.plot(times_s, beat[:, 4], color=_RIGHT, linewidth=0.7, label="sure of tempo")
    sure.plot(times_s, beat[:, 3], color=_LEFT, linewidth=0.7, label="sure of phase")
    sure.plot(times_s, np.arctan2(beat[:, 1], beat[:, 0]) / (2 * np.pi) % 1, color=_SOFT, linewidth=0.4, label="phase")
    sure.set_ylim(0, 1.05)
    sure.tick_params(labelsize=7, colors=_INK)
    for time_s, confidence in zip(sound.beats.times_s + sound.starts_s, sound.beats.confidence, strict=True):
        sure.plot([time_s, time_s], [0.92, 1.05], color=_BEAT, alpha=float(np.clip(confidence, 0.05, 1)), linewidth=1.2)
    _legend(sure, beside=1.03)


def _level(axis: Any, tracks: Tracks) -> None:
    """The input before any gain, over what the figure did."""
    labelled = set()
    for begin_s, end_s, state in tracks.states:
        label = None if state in labelled else state
        labelled.add(state)
        axis.axvspan(begin_s, end_s, color=_STATES.get(state, "#dddddd"), alpha=0.35, linewidth=0, label=label)
    if tracks.level is not None:
        times_s, level = tracks.level
        axis.plot(times_s, level, color=_INK, linewidth=0.7)
    axis.set_ylim(-90, 0)
    axis.set_ylabel("input\ndBFS")
    for times_s, paint, name in (
        (tracks.missed_s, _LEFT, "no new pose"),
        (tracks.failed_s, "#7a5195", "dancer failed"),
    ):
        if len(times_s):
            axis.plot(times_s, np.full(len(times_s), -6.0), "|", color=paint, markersize=9, label=name)
    if axis.get_legend_handles_labels()[1]:
        _legend(axis)


def _speed(axis: Any, tracks: Tracks) -> None:
    motion = tracks.motion
    positions = motion.global_positions().astype(np.float64)
    times_s = (np.arange(len(motion) - 1) + 0.5) / motion.rate_hz
    whole = speed(positions, motion.rate_hz).mean(axis=1)
    axis.plot(times_s, whole, color=_INK, linewidth=0.8, label="all joints")
    axis.plot(times_s, speed(positions - positions[:, :1], motion.rate_hz).mean(axis=1), color=_RIGHT, linewidth=0.7,
              label="beside the hips")  # fmt: skip
    axis.plot(times_s, speed(positions[:, 0][:, None], motion.rate_hz)[:, 0], color=_BEAT, linewidth=0.7, label="hips")
    if len(whole):
        axis.set_ylim(0, 1.15 * max(float(np.quantile(whole, 0.995)), 0.1))
    axis.set_ylabel("speed\nm/s")
    _legend(axis)


def _contacts(axis: Any, motion: Motion) -> None:
    """Bars where a foot stands."""
    speeds, low = foot_speeds(measure("", motion))
    axis.set_yticks([0.5, 1.5], ["right", "left"])
    axis.set_ylim(0, 2)
    axis.set_ylabel("foot\nstands")
    if not speeds.size:
        return
    times_s = np.arange(len(speeds)) / motion.rate_hz
    for side, (paint, bottom) in enumerate(((_LEFT, 1.1), (_RIGHT, 0.1))):
        stands = low[:, side] & (speeds[:, side] < _STANDS_M_S)
        axis.fill_between(times_s, bottom, bottom + 0.8, where=stands, step="post", color=paint, linewidth=0)


def _controls(axis: Any, tracks: Tracks) -> None:
    """A row for each control that changed: its curve if it is a number, a bar where it is on, words otherwise."""
    end_s = tracks.motion.duration_s
    rows = list(reversed(tracks.controls))
    for row, (_, times_s, values) in enumerate(rows):
        numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
        least, most = (min(numbers), max(numbers)) if numbers else (0.0, 1.0)
        for value, begin_s, until_s in zip(values, times_s, [*times_s[1:], end_s], strict=True):
            if isinstance(value, bool):
                height = 0.8 if value else 0.0
            elif isinstance(value, int | float):
                height = 0.15 + 0.65 * (value - least) / max(most - least, 1e-9)
            else:
                height = 0.4 if value is not None else 0.0
            axis.fill_between([begin_s, until_s], row + 0.05, row + 0.05 + height, color="#c9d6e8", linewidth=0)
            if not isinstance(value, bool):
                words = "free" if value is None else f"{value:g}" if isinstance(value, int | float) else str(value)
                axis.text(begin_s, row + 0.1, f" {words}", fontsize=6, color=_INK, clip_on=True)
    axis.set_yticks(np.arange(len(rows)) + 0.45, [name for name, _, _ in rows])
    axis.set_ylim(0, len(rows))
    axis.set_ylabel("controls")


def _shares(axis: Any, attention_trace: AttentionTrace) -> None:
    """How much of the attention goes where, stacked to 1."""
    groups = attention_groups(attention_trace)
    sums = np.stack([attention_trace.weights[:, members].sum(axis=1) for members in groups.values()], axis=1)
    times_s, grid = _on_grid(attention_trace.times_s, sums)
    labels = [f"{name}, {100 * float(mean):.0f} %" for name, mean in zip(groups, sums.mean(axis=0), strict=True)]
    axis.stackplot(times_s, *np.nan_to_num(grid).T, labels=labels, colors=_SHARES, linewidth=0, step="post")
    axis.set_ylim(0, 1)
    axis.set_ylabel("attention,\nshares")
    _legend(axis)


def attention_groups(attention_trace: AttentionTrace) -> dict[str, NDArray[np.bool_]]:
    """Keys by what they are: of several kinds, the past, present and future of each; of one, by how old they are."""
    kinds, offsets = np.array(attention_trace.kinds), attention_trace.offsets_s
    groups: dict[str, NDArray[np.bool_]] = {}
    if len(set(attention_trace.kinds)) == 1:
        bounds = (0.0, 0.1, 0.5, 1.0, np.inf)
        ages = -offsets
        groups["this frame"] = np.asarray(ages <= 0.0)
        for low, high in pairwise(bounds):
            name = f"up to {high:g} s old" if np.isfinite(high) else f"more than {low:g} s old"
            groups[name] = np.asarray((ages > low) & (ages <= high))
    else:
        for kind in dict.fromkeys(attention_trace.kinds):
            own = kinds == kind
            for when, member in (("past", offsets < 0), ("now", offsets == 0), ("to come", offsets > 0)):
                if (own & member).any():
                    groups[kind if kind == "frames to come" else f"{kind}, {when}"] = np.asarray(own & (
                        offsets >= 0 if kind == "frames to come" else member))  # fmt: skip
            if (own & np.isnan(offsets)).any():
                groups[kind] = np.asarray(own)
    return {name: members for name, members in groups.items() if members.any()}


def _map(axis: Any, attention_trace: AttentionTrace) -> None:
    """Attention by when (across) and by how old or far ahead (upwards) what was looked at is."""
    timed = np.isfinite(attention_trace.offsets_s)
    offsets_s = np.unique(attention_trace.offsets_s[timed])
    column = np.searchsorted(offsets_s, attention_trace.offsets_s[timed])
    values = np.zeros((len(attention_trace.weights), len(offsets_s)), np.float32)
    np.add.at(values.T, column, attention_trace.weights[:, timed].T)
    times_s, grid = _on_grid(attention_trace.times_s, values)
    frame_s = float(times_s[1] - times_s[0])
    half = 0.5 * (float(np.diff(offsets_s).min()) if len(offsets_s) > 1 else frame_s)
    extent = (float(times_s[0]), float(times_s[-1]) + frame_s, float(offsets_s[0]) - half, float(offsets_s[-1]) + half)
    top = max(float(np.nanquantile(grid, 0.999)), 1e-6)
    image = axis.imshow(
        grid.T, origin="lower", aspect="auto", interpolation="nearest", extent=extent, cmap="viridis",
        norm=PowerNorm(0.5, 0.0, top), rasterized=True,
    )  # fmt: skip
    axis.set_ylabel(f"looked at, s\n({attention_trace.of})")
    bar = axis.figure.colorbar(image, cax=axis.inset_axes((1.005, 0.0, 0.012, 1.0)))
    bar.ax.tick_params(labelsize=6)


def _on_grid(
    times_s: NDArray[np.float64], values: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Rows of values (n, dims) on a steady grid; what was not danced, as in silence, is NaN."""
    frame_s = float(np.median(np.diff(times_s))) if len(times_s) > 1 else 1 / 30
    steps = np.round((times_s - times_s[0]) / frame_s).astype(int)
    grid = np.full((steps[-1] + 2, values.shape[1]), np.nan, np.float32)
    grid[steps] = values
    return times_s[0] + np.arange(len(grid)) * frame_s, grid


def _legend(axis: Any, beside: float = 1.005) -> None:
    """Names of the curves, to the right of the panel, where they hide nothing."""
    axis.legend(fontsize=6, loc="upper left", bbox_to_anchor=(beside, 1.0), frameon=False, borderpad=0, handlelength=1)
