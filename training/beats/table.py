"""What was found, for a terminal and for programs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from rich.table import Table

from data.printable import printable
from training.beats.judge import JudgedClip, TrackerResult

_COLUMNS: tuple[tuple[str, str], ...] = (
    ("F", "f_measure"),
    ("CMLt", "cmlt"),
    ("AMLt", "amlt"),
    ("in phase", "in_phase"),
    ("right tempo", "right_tempo"),
    ("double", "double_tempo"),
    ("half", "half_tempo"),
    ("in phase, any octave", "in_phase_any"),
)


def groups_table(result: TrackerResult) -> Table:
    """One tracker, a row for each group of clips."""
    table = Table(title=f"{result.name}: means over clips", title_justify="left")
    table.add_column("group", no_wrap=True)
    for head in ("clips", *(head for head, _ in _COLUMNS), "lock, s", "90 %", "never", "downbeat F"):
        table.add_column(head, justify="right")
    for head in ("over 0.9 sure", "right then", "calibration error"):
        table.add_column(head, justify="right")
    for row in result.groups:
        values = asdict(row)
        cells = [_cell(values[key], 2) for _, key in _COLUMNS]
        table.add_row(
            printable(row.name),
            str(row.num_clips),
            *cells,
            _seconds(row.lock_median_s),
            _seconds(row.lock_90_s),
            str(row.num_unlocked),
            *(_cell(value, 2) for value in (row.downbeat_f, row.sure_share, row.sure_right, row.calibration_error)),
            style="bold" if row is result.whole else None,
        )
    return table


def trackers_table(results: Sequence[TrackerResult]) -> Table:
    """All trackers beside each other on all clips, and the F-measure of each by group."""
    table = Table(title="beside others: all clips, and F by group", title_justify="left")
    table.add_column("tracker", no_wrap=True)
    groups = [row.name for row in results[0].groups[:-1]]
    for head in ("clips", "F", "CMLt", "AMLt", "in phase", "lock, s", "never", "downbeat F", *map(printable, groups)):
        table.add_column(head, justify="right")
    for result in results:
        row, by_group = result.whole, {one.name: one for one in result.groups}
        table.add_row(
            printable(result.name),
            str(row.num_clips),
            *(_cell(value, 2) for value in (row.f_measure, row.cmlt, row.amlt, row.in_phase)),
            _seconds(row.lock_median_s),
            str(row.num_unlocked),
            _cell(row.downbeat_f, 2),
            *(_cell(by_group[name].f_measure if name in by_group else math.nan, 2) for name in groups),
        )
    return table


def calibration_table(result: TrackerResult) -> Table:
    """How often a tracker is in phase when it is so sure."""
    table = Table(title=f"{result.name}: is it right when it is sure?", title_justify="left")
    found = result.calibration
    table.add_column("confidence")
    for low, high in zip(found.edges[:-1], found.edges[1:], strict=True):
        table.add_column(f"{low:.1f}–{high:.1f}", justify="right")
    table.add_row("share of frames", *(_cell(value, 2) for value in found.share))
    table.add_row("of these in phase", *(_cell(value, 2) for value in found.right))
    return table


def _cell(value: float, digits: int) -> str:
    return "–" if math.isnan(value) else f"{value:.{digits}f}"


def _seconds(value: float) -> str:
    return "never" if math.isinf(value) else f"{value:.1f}"


def document(
    options: Mapping[str, Any],
    results: Sequence[TrackerResult],
    clips: Sequence[JudgedClip],
    absent: Mapping[str, str],
    without_beats: Sequence[str],
) -> dict[str, Any]:
    """All numbers, for JSON; null where there is none, or a lock that never came."""
    return {
        "format_version": 1,
        "options": dict(options),
        "absent": dict(absent),
        "without_beats": list(without_beats),
        "trackers": {
            result.name: {
                "groups": {row.name: _plain(asdict(row), but=("name",)) for row in result.groups},
                "calibration": {
                    name: [_number(value) for value in values.tolist()]
                    for name, values in vars(result.calibration).items()
                },
            }
            for result in results
        },
        "clips": [
            {
                "name": one.clip.name,
                "group": one.clip.group,
                "bpm": _number(float(60.0 / np.median(np.diff(one.truth.times_s)))),
                "measures": {
                    name: _plain(vars(measures), but=("confidence", "is_right"))
                    for name, measures in one.measures.items()
                },
            }
            for one in clips
        ],
    }


def _plain(values: Mapping[str, Any], but: tuple[str, ...]) -> dict[str, Any]:
    return {name: _number(value) for name, value in values.items() if name not in but}


def _number(value: float) -> float | None:
    if isinstance(value, int):
        return value
    return round(value, 6) if math.isfinite(value) else None
