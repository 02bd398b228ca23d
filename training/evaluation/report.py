"""The report of an evaluation: tables in Markdown and CSV, all numbers in JSON, plots."""

import csv
import math
import statistics
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from data.formats.json_file import write_json
from data.movement.velocity_power import BAND_EDGES_HZ
from training.evaluation import plots, tables
from training.evaluation.beliefs import Beliefs
from training.evaluation.dances import Repertoire
from training.evaluation.measures import COPYING, MEASURES
from training.evaluation.prompts import PromptMatrix
from training.evaluation.rows import Baseline, DancerRow, Group, RealRow, grouped
from training.metrics.beats import BeatTest
from training.metrics.repetition import LAGS_BEATS

PAPER_RATIOS: Final = {("Transflower", "MoGlow"): (0.852, 0.872), ("Transflower", "Transformer"): (0.531, 0.541)}
"""FPD and FMD of the first over those of the second: Valle-Perez et al., "Transflower", 2021, table 2, whose
deterministic transformer is AI Choreographer's."""


@dataclass(frozen=True, kw_only=True)
class EvaluationReport:
    """Everything that was found.

    Attributes:
        options: How.
        real: Real dances, whole first, then spoilt, then the anchors.
        baseline: What a linear regression predicts.
        real_prompts: Seed-style matrices of real dances, one half of them against the other, and of the anchors.
        dancers: The dancers, in the order they were named.
        left_out: A sentence for what was left out.
        plots: Names of the plots that `write` made.
    """

    options: dict[str, Any]
    real: list[RealRow]
    baseline: Baseline
    real_prompts: dict[str, PromptMatrix]
    dancers: list[DancerRow]
    left_out: tuple[str, ...] = ()
    plots: list[str] = field(default_factory=list)

    @property
    def groups(self) -> list[Group]:
        """The dancers, those that differ by their seed together."""
        return grouped(self.dancers)

    def markdown(self) -> str:
        """The report as tables."""
        groups = self.groups
        lines = [
            *tables.how(self.options, self.left_out),
            *tables.training(groups),
            *tables.beliefs(groups, self.baseline),
            *tables.section("seen", self.real, groups),
            *tables.section("moved", self.real, groups),
            *tables.powers(self.real, groups),
            *tables.section("distances", self.real, groups, self.baseline),
            *tables.section("beats", self.real, groups),
            *tables.controls(self.real[0], groups),
            *tables.long_runs(groups, self.options["long_seconds"]),
            *tables.prompts(groups, self.real_prompts),
            *tables.ratios_table(self.ratios()),
        ]
        return "\n".join(lines).rstrip() + "\n"

    def ratios(self) -> list[dict[str, Any]]:
        """Ratios of distances in the paper's form, of means over seeds, with the range over all pairs of seeds."""
        groups = {group.rows[0].model: group for group in self.groups}
        found = []
        for (first, second), published in PAPER_RATIOS.items():
            if not {first, second} <= groups.keys():
                continue
            for key, paper in zip(("fpd_paper", "fmd_paper"), published, strict=True):
                mine = [[row.measures[key] for row in groups[name].rows] for name in (first, second)]
                pairs = [a / b for a in mine[0] for b in mine[1]]
                ratio = statistics.mean(mine[0]) / statistics.mean(mine[1])
                found.append(
                    {
                        "of": f"{first} / {second}",
                        "measure": key,
                        "paper": paper,
                        "here": ratio,
                        "least": min(pairs),
                        "greatest": max(pairs),
                    }
                )
        return found

    def document(self) -> dict[str, Any]:
        """All numbers, for JSON."""
        real = [
            {
                "name": row.name,
                "measures": row.measures,
                "beat_tests": _plain(row.beat_tests),
                "velocity_power": tables.power_of(row.dances).tolist(),
                "likeness": plots.likeness_of(row.dances).tolist(),
            }
            for row in self.real
        ]
        dancers = [
            {
                "model": row.model,
                "file": row.short_path,
                "num_parameters": row.num_parameters,
                "minutes": row.minutes,
                "steps": row.steps,
                "step_ms": row.step_ms,
                "loss": asdict(row.loss),
                "beliefs": None if row.beliefs is None else dict(_splits(row.beliefs)),
                "velocity_power": tables.power_of(row.dances).tolist(),
                "likeness": plots.likeness_of(row.dances).tolist(),
                "measures": row.measures,
                "beat_tests": _plain(row.beat_tests),
                "prompts": None if row.prompts is None else asdict(row.prompts),
                "long_run": None if row.long_run is None else asdict(row.long_run),
            }
            for row in self.dancers
        ]
        chosen = (*MEASURES, COPYING)
        measures = {m.key: {"label": m.label, "better": m.better, "blind_to": list(m.blind_to)} for m in chosen}
        return {
            "options": self.options,
            "left_out": list(self.left_out),
            "measures": measures,
            "real": real,
            "baseline": asdict(self.baseline),
            "velocity_bands_hz": list(BAND_EDGES_HZ),
            "likeness_after_beats": list(LAGS_BEATS),
            "real_prompts": {name: asdict(matrix) for name, matrix in self.real_prompts.items()},
            "dancers": dancers,
            "ratios": self.ratios(),
        }

    def write(self, folder: Path, repertoire: Repertoire) -> None:
        """Writes report.md, report.csv, report.json and the plots into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        self.plots.extend(plots.draw(folder, self.real, self.groups, self.real_prompts, repertoire.codec.rate_hz))
        write_json(folder / "report.json", _without_nan(self.document()))
        pictures = "".join(f"\n![{name}]({name})\n" for name in self.plots)
        (folder / "report.md").write_text(self.markdown() + pictures, encoding="utf-8")
        with (folder / "report.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            keys = [measure.key for measure in (*MEASURES, COPYING)]
            writer.writerow(["name", "file", "parameters", "minutes", "step_ms", "loss", *keys])
            for row in self.real:
                writer.writerow([row.name, "", "", "", "", "", *(row.measures[key] for key in keys)])
            for dancer in self.dancers:
                columns = [dancer.num_parameters, dancer.minutes, dancer.step_ms, dancer.loss.value]
                writer.writerow([dancer.model, dancer.short_path, *columns, *(dancer.measures[key] for key in keys)])


def _splits(beliefs: tuple[Beliefs, Beliefs]) -> Iterator[tuple[str, dict[str, float]]]:
    for name, found in zip(("training", "held_out"), beliefs, strict=True):
        yield name, asdict(found)


def _plain(tests: dict[str, dict[str, BeatTest]]) -> dict[str, dict[str, Any]]:
    return {measure: {control: asdict(test) for control, test in found.items()} for measure, found in tests.items()}


def _without_nan(value: Any) -> Any:
    """JSON knows no NaN: it becomes null."""
    if isinstance(value, dict):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
