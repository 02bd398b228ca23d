"""Rows and tables of the bench."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from bridge.bench.bench_dance import BenchDance
from bridge.timing.metrics import PerformanceSummary


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """One row of the report.

    Attributes:
        what: What was measured.
        unit: Of all numbers of the row.
        p50: Median, or the only value; None if it was not measured.
        p99: 99th percentile.
        budget_p50: What must hold for the median or the only value.
        budget_p99: What must hold for the 99th percentile.
        original: The original's figure, where one exists.
        note: What else to know.
    """

    what: str
    unit: str
    p50: float | None = None
    p99: float | None = None
    budget_p50: float | None = None
    budget_p99: float | None = None
    original: str = ""
    note: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the budget holds; None where there is no budget or no measurement."""
        checks = [
            value <= budget
            for value, budget in ((self.p50, self.budget_p50), (self.p99, self.budget_p99))
            if value is not None and budget is not None
        ]
        return all(checks) if checks else None


@dataclass(frozen=True, kw_only=True)
class BenchReport:
    """All measurements, and the machine they were made on.

    Attributes:
        machine: What it is, by name.
        measurements: What things cost here.
        dance: What the live part looked like.
        live: How the live part went.
    """

    machine: dict[str, Any]
    measurements: list[Measurement]
    dance: BenchDance
    live: PerformanceSummary

    def to_json(self) -> dict[str, Any]:
        """Plain dictionaries and numbers."""
        rows = [{**asdict(row), "holds": row.holds} for row in self.measurements]
        return {
            "machine": self.machine,
            "measurements": rows,
            "dance": self.dance.to_json(),
            "live": self.live.to_json(),
        }

    def to_text(self) -> str:
        """A table for people, without colour."""
        head = f"{'':<44}{'p50':>9}{'p99':>9}{'budget':>14}  {'':<8}"
        lines = [", ".join(f"{name} {value}" for name, value in self.machine.items()), "", head]
        for row in self.measurements:
            budget = " / ".join(f"{b:g}" for b in (row.budget_p50, row.budget_p99) if b is not None)
            verdict = {True: "holds", False: "BROKEN", None: ""}[row.holds]
            notes = "; ".join(note for note in (row.original and f"original: {row.original}", row.note) if note)
            values = "".join(f"{'' if value is None else f'{value:.2f}':>9}" for value in (row.p50, row.p99))
            lines.append(f"{f'{row.what}, {row.unit}':<44}{values}{budget:>14}  {verdict:<8}{notes}".rstrip())
        return "\n".join([*lines, "", self.dance.to_text(), "", "the live part:", "", self.live.to_text()])


def time_ms(function: Callable[[], Any], count: int, warm_up: int = 20) -> tuple[float, float]:
    """Median and 99th percentile of `count` calls in milliseconds."""
    return time_in_turn_ms([function], count, warm_up)[0]


def time_in_turn_ms(
    functions: Sequence[Callable[[], Any]], count: int, warm_up: int = 20, turn: int = 10
) -> list[tuple[float, float]]:
    """The same of several functions, each being called a few times in its turn until all have been called often enough.

    What else the machine does meanwhile then meets all of them, and their ratios hold.
    """
    for function in functions:
        for _ in range(warm_up):
            function()
    times: list[list[float]] = [[] for _ in functions]
    for begin in range(0, count, turn):
        for own, function in zip(times, functions, strict=True):
            for _ in range(min(turn, count - begin)):
                start = time.perf_counter()
                function()
                own.append(1e3 * (time.perf_counter() - start))
    return [(float(np.percentile(own, 50)), float(np.percentile(own, 99))) for own in times]
