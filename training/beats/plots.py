"""Plots of a beat tracker: calibration, groups, and one clip over time."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib
import numpy as np

from training.beats.judge import OURS, JudgedClip, TrackerResult
from training.beats.measures import measure

_BARS: Final = (
    ("F", "f_measure"),
    ("AMLt", "amlt"),
    ("in phase", "in_phase"),
    ("in phase, any octave", "in_phase_any"),
)


def draw(folder: Path, results: Sequence[TrackerResult], shown: JudgedClip) -> list[Path]:
    """Draws everything and returns the files.

    Args:
        folder: It is made if it is not there.
        results: Ours first.
        shown: The clip for the timeline.
    """
    matplotlib.use("Agg")
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / "calibration.png", folder / "groups.png", folder / "timeline.png"]
    _calibration(files[0], [result for result in results if np.any(result.calibration.share)])
    _groups(files[1], results)
    _timeline(files[2], shown)
    return files


def _save(figure: Any, path: Path) -> None:
    import matplotlib.pyplot as plt

    figure.savefig(path, dpi=90)
    plt.close(figure)


def _calibration(path: Path, results: Sequence[TrackerResult]) -> None:
    """Share of frames that are right over the stated confidence, and how often each was stated."""
    import matplotlib.pyplot as plt

    figure, (above, below) = plt.subplots(
        2, 1, figsize=(5.5, 6.5), layout="constrained", sharex=True, height_ratios=(3, 1)
    )
    above.plot([0, 1], [0, 1], color="black", linewidth=0.8, label="as it should be")
    for result in results:
        found = result.calibration
        is_there = found.share > 0
        label = f"{result.name}: expected error {found.error:.3f}"
        above.plot(found.stated[is_there], found.right[is_there], marker="o", label=label)
        below.bar(found.edges[:-1] + 0.05, found.share, width=0.09, alpha=0.7)
    above.set(ylabel="share of these frames in phase", title="Is it right when it is sure?", ylim=(0, 1.02))
    above.legend(loc="upper left", fontsize=8)
    below.set(xlabel="confidence", ylabel="share of all frames", xlim=(0, 1))
    _save(figure, path)


def _groups(path: Path, results: Sequence[TrackerResult]) -> None:
    """A panel a measure, a bar for each tracker in each group."""
    import matplotlib.pyplot as plt

    names = [row.name for row in results[0].groups]
    height = 0.8 / len(results)
    size = (3.2 * len(_BARS) + 1.5, 1.6 + len(names) * max(0.3, 0.16 * len(results)))
    figure, axes = plt.subplots(1, len(_BARS), figsize=size, layout="constrained", sharey=True)
    for axis, (title, key) in zip(axes, _BARS, strict=True):
        for place, result in enumerate(results):
            by_name = {row.name: vars(row)[key] for row in result.groups}
            values = [by_name.get(name, 0.0) for name in names]
            axis.barh(np.arange(len(names)) + (place + 0.5) * height - 0.4, values, height, label=result.name)
        axis.set(title=title, xlim=(0, 1))
        axis.grid(axis="x", linewidth=0.3)
    counts = [row.num_clips for row in results[0].groups]
    axes[0].set_yticks(range(len(names)), [f"{name} ({count})" for name, count in zip(names, counts, strict=True)])
    axes[0].invert_yaxis()
    if len(results) > 1:
        figure.legend(*axes[0].get_legend_handles_labels(), fontsize=8, loc="outside right upper")
    _save(figure, path)


def _timeline(path: Path, shown: JudgedClip) -> None:
    """One clip: the tracker's phase beside the true beats, the tempo, and confidence beside being right."""
    import matplotlib.pyplot as plt

    track, beats_s = shown.track, shown.truth.times_s
    figure, axes = plt.subplots(3, 1, figsize=(14, 6), layout="constrained", sharex=True, height_ratios=(2, 1, 1))
    downbeats_s = shown.truth.downbeats_s
    for axis in axes[:1]:
        axis.vlines(beats_s, 0, 1, color="tab:gray", linewidth=0.8, label="true beats")
        if downbeats_s is not None:
            axis.vlines(downbeats_s, 0, 1, color="black", linewidth=1.4, label="true downbeats")
    axes[0].plot(track.times_s, track.positions % 1.0, ".", markersize=3, color="tab:blue", label="tracked phase")
    axes[0].set(ylabel="phase, beats", ylim=(0, 1))
    axes[0].legend(loc="upper right", fontsize=8, framealpha=0.9)
    axes[0].set_title(f"{shown.clip.name}: F {shown.measures[OURS].f_measure:.2f}, "
                      f"in phase {shown.measures[OURS].in_phase:.2f}")  # fmt: skip
    axes[1].step(beats_s[:-1], 60.0 / np.diff(beats_s), where="post", color="black", label="true tempo")
    axes[1].plot(track.times_s, track.bpm, color="tab:blue", label="tracked tempo")
    axes[1].set(ylabel="beats a minute")
    axes[1].legend(loc="upper right", fontsize=8)
    found = measure(track, shown.truth, skip_s=0.0)
    within = (track.times_s >= beats_s[0]) & (track.times_s < beats_s[-1])
    axes[2].fill_between(
        track.times_s[within], 0, found.is_right, step="mid", alpha=0.3, color="tab:green", label="in phase"
    )
    if track.confidence is not None:
        axes[2].plot(track.times_s, track.confidence, color="tab:red", label="confidence")
    axes[2].set(xlabel="s", ylim=(0, 1.02), xlim=(0, float(track.times_s[-1])))
    axes[2].legend(loc="upper right", fontsize=8)
    _save(figure, path)
