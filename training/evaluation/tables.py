"""The tables of an evaluation, in Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from training.evaluation.long_run import LongRun
from training.evaluation.measures import MEASURES
from training.evaluation.prompts import PromptMatrix
from training.evaluation.rows import DancerRow, Group, RealRow, cell_of

BEATS = tuple(measure.key for measure in MEASURES if measure.key.startswith("beat_"))
OTHERS = tuple(measure.key for measure in MEASURES if measure.key not in BEATS)
Lines = list[str]


def _measure(key: str) -> Callable[[DancerRow], float]:
    return lambda row: row.measures[key]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(head)} |", "|---" * len(head) + "|", *(f"| {' | '.join(row)} |" for row in rows), ""]


def how(options: Mapping[str, Any]) -> Lines:
    """What was done."""
    o = options
    energy = "free" if o["energy_m_s"] is None else f"{o['energy_m_s']:.2f} m/s"
    clock = "an exact clock" if o["exact_clock"] else "the tracker"
    return [
        f"{o['num_dances']} dances of {o['seconds']:g} s to held-out music (split `{o['split']}` of `{o['folder']}`), "
        f"temperature {o['temperature']:g}, groove {o['groove']:g}, energy {energy}, beats from {clock}. "
        f"*Real* are dances of the training split in the same styles, measured against those of the held-out split.",
        "",
    ]


def training(groups: Sequence[Group]) -> Lines:
    """Size, training and held-out losses."""
    head = (
        "",
        "seeds",
        "M parameters",
        "minutes",
        "steps",
        "step, ms",
        "loss",
        "held-out",
        "untrained",
        "constant pose",
    )
    rows = [
        (
            group.name,
            str(len(group.rows)),
            f"{group.rows[0].num_parameters / 1e6:.1f}",
            group.cell(lambda row: row.minutes, 1),
            group.cell(lambda row: row.steps, 0),
            group.cell(lambda row: row.step_ms, 1),
            group.rows[0].loss.name,
            group.cell(lambda row: row.loss.value, 3),
            group.cell(lambda row: row.loss.untrained, 3),
            group.cell(lambda row: row.loss.constant_pose, 3),
        )
        for group in groups
    ]
    return _table(head, rows)


def measured(keys: Sequence[str], real: Sequence[RealRow], groups: Sequence[Group]) -> Lines:
    """Measures of real dance, whole and spoilt, and of the dancers."""
    chosen = [measure for measure in MEASURES if measure.key in keys]
    rows = [(row.name, *(cell_of([row.measures[m.key]], m.digits) for m in chosen)) for row in real]
    rows += [(group.name, *(group.cell(_measure(m.key), m.digits) for m in chosen)) for group in groups]
    return _table(("", *(measure.label for measure in chosen)), rows)


def controls(real: RealRow, groups: Sequence[Group]) -> Lines:
    """Mean of each beat measure with each control, with the probability that it is no worse than with the music."""
    tests = [(measure, control) for measure, found in real.beat_tests.items() for control in found]

    def cell(rows: Sequence[DancerRow | RealRow], measure: str, control: str) -> str:
        found = [row.beat_tests[measure][control] for row in rows]
        worst = max(test.p_value for test in found)
        return f"{statistics.mean(test.control for test in found):.3f} ({worst:.0e})"

    head = ("control (largest p that it is no worse)", *(f"{measure}, {control}" for measure, control in tests))
    rows = [(real.name, *(cell([real], *test) for test in tests))]
    rows += [(group.name, *(cell(group.rows, *test) for test in tests)) for group in groups]
    return _table(head, rows)


def long_runs(groups: Sequence[Group], seconds: float) -> Lines:
    """Beginnings and ends of long dances."""
    chosen = [group for group in groups if any(row.long_run for row in group.rows)]
    if not chosen:
        return []

    def run(of: Callable[[LongRun], float]) -> Callable[[DancerRow], float | None]:
        return lambda row: None if row.long_run is None else of(row.long_run)

    rows = [
        (
            group.name,
            group.cell(run(lambda r: r.longest_freeze_s), 1),
            group.cell(run(lambda r: r.speed_m_s[0]), 2),
            group.cell(run(lambda r: r.speed_m_s[1]), 2),
            group.cell(run(lambda r: r.jerk_m_s3[0]), 0),
            group.cell(run(lambda r: r.jerk_m_s3[1]), 0),
            group.cell(run(lambda r: r.fmd[0]), 0),
            group.cell(run(lambda r: r.fmd[1]), 0),
            group.cell(run(lambda r: r.travel_m), 1),
            group.cell(run(lambda r: r.hips_height_m[0]), 2),
            group.cell(run(lambda r: r.hips_height_m[1]), 2),
        )
        for group in chosen
    ]
    head = (
        f"{seconds:g} s alone",
        "longest freeze, s",
        *(f"{name}, {part} tenth" for name in ("speed, m/s", "jerk, m/s³", "FMD") for part in ("first", "last")),
        "travel, m",
        "lowest hips, m",
        "highest hips, m",
    )
    return _table(head, rows)


def prompts(groups: Sequence[Group], real: PromptMatrix) -> Lines:
    """How often dancers dance the style they are asked for."""
    chosen = [group for group in groups if any(row.prompts for row in group.rows)]
    if not chosen:
        return []
    count = len(real.styles)
    chance = ("by chance", *(f"{1 / count:.2f}", f"{(count + 1) / 2:.1f}") * 2)

    def row(name: str, matrices: Sequence[PromptMatrix]) -> tuple[str, ...]:
        return (
            name,
            cell_of([matrix.centred_nearest for matrix in matrices], 2),
            cell_of([matrix.centred_rank for matrix in matrices], 1),
            cell_of([matrix.nearest_is_own for matrix in matrices], 2),
            cell_of([matrix.mean_rank for matrix in matrices], 1),
        )

    found = [(group.name, [row.prompts for row in group.rows if row.prompts is not None]) for group in chosen]
    head = (f"asked for one of {count} styles", "nearest, centred", "rank, centred", "nearest, raw", "rank, raw")
    return _table(head, [row("real", [real]), chance, *(row(*named) for named in found)])


def ratios_table(ratios: Sequence[Mapping[str, Any]]) -> Lines:
    """Ratios of distances beside the paper's."""
    rows = [
        (r["of"], r["measure"], f"{r['paper']:.3f}", f"{r['here']:.3f}", f"{r['least']:.3f} to {r['greatest']:.3f}")
        for r in ratios
    ]
    return _table(("ratio", "measure", "the paper's", "here", "over pairs of seeds"), rows) if rows else []
