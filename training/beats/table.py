"""What was found, for a terminal and for programs."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.table import Table

from data.commands.printable import printable
from training.beats.controls import CONTROLS
from training.beats.judge import JudgedClip, TrackerResult
from training.beats.track import Curve

_SCORES: Final[tuple[tuple[str, str], ...]] = (
    ("F", "f_measure"),
    ("CMLt", "cmlt"),
    ("AMLt", "amlt"),
    ("down\nbeat F", "downbeat_f"),
)
_FRAMES: Final[tuple[tuple[str, str], ...]] = (
    ("in\nphase", "in_phase"),
    ("any\noctave", "in_phase_any"),
    ("right\ntempo", "right_tempo"),
    ("twice", "double_tempo"),
    ("half", "half_tempo"),
    ("sure\n> .9", "sure_share"),
    ("right\nthen", "sure_right"),
    ("cal.\nerror", "calibration_error"),
)


def groups_tables(result: TrackerResult) -> list[Table]:
    """One tracker, a row for each group of clips: the field's scores and the lock, then the share of frames."""
    scores = _table(f"{result.name}: scores and seconds to lock, over clips", "group", "clips")
    frames = _table(f"{result.name}: share of frames", "group")
    for head, _ in _SCORES:
        scores.add_column(head, justify="right")
    for head in ("lock,\nhalf", "lock,\n90 %", "never"):
        scores.add_column(head, justify="right")
    for head, _ in _FRAMES:
        frames.add_column(head, justify="right")
    for row in result.groups:
        values, style = asdict(row), "bold" if row is result.whole else None
        lock = (_seconds(row.lock_median_s), _seconds(row.lock_90_s), str(row.num_unlocked))
        cells = [_cell(values[key]) for _, key in _SCORES]
        scores.add_row(printable(row.name), str(row.num_clips), *cells, *lock, style=style)
        frames.add_row(printable(row.name), *(_cell(values[key]) for _, key in _FRAMES), style=style)
    return [scores, frames]


def trackers_tables(results: Sequence[TrackerResult]) -> list[Table]:
    """All trackers beside each other: on all clips, and the F-measure of each by group."""
    whole = _table("beside others: all clips", "tracker", "clips")
    for head in ("F", "CMLt", "AMLt", "down\nbeat F", "in\nphase", "any\noctave", "lock,\nhalf", "never"):
        whole.add_column(head, justify="right")
    for result in results:
        row = result.whole
        scores = (row.f_measure, row.cmlt, row.amlt, row.downbeat_f, row.in_phase, row.in_phase_any)
        lock = (_seconds(row.lock_median_s), str(row.num_unlocked))
        whole.add_row(printable(result.name), str(row.num_clips), *map(_cell, scores), *lock)
    groups = _table("beside others: F by group", "group")
    for result in results:
        head = result.name.replace(" ", "\n") if result.name in CONTROLS else printable(result.name)
        groups.add_column(head, justify="right")
    for place, row in enumerate(results[0].groups):
        by_name = [{one.name: one.f_measure for one in result.groups} for result in results]
        cells = [_cell(found.get(row.name, math.nan)) for found in by_name]
        groups.add_row(printable(row.name), *cells, style="bold" if place == len(results[0].groups) - 1 else None)
    return [whole, groups]


def calibration_table(result: TrackerResult) -> Table:
    """How often a tracker is in phase when it is so sure."""
    found = result.calibration
    table = _table(f"{result.name}: is it right when it is sure?", "confidence")
    for head in ("share of frames", "of these in phase"):
        table.add_column(head, justify="right")
    for place, (share, right) in enumerate(zip(found.share, found.right, strict=True)):
        table.add_row(f"{found.edges[place]:.1f} to {found.edges[place + 1]:.1f}", _cell(share), _cell(right))
    return table


def _table(title: str, first: str, *numbers: str) -> Table:
    """A table that fits into eighty columns."""
    table = Table(
        title=title, title_justify="left", box=SIMPLE_HEAD, title_style="bold", collapse_padding=True, pad_edge=False
    )
    table.add_column(first, overflow="fold")
    for head in numbers:
        table.add_column(head, justify="right")
    return table


def _cell(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f}"


def _seconds(value: float) -> str:
    return "never" if math.isinf(value) else f"{value:.1f}"


def _calibration(result: TrackerResult) -> dict[str, Curve]:
    found = result.calibration
    return {"edges": found.edges, "share": found.share, "told": found.stated, "right": found.right}


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
                    name: [_number(value) for value in values.tolist()] for name, values in _calibration(result).items()
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
