"""The rows of an evaluation: real dances, and what each checkpoint came to."""

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.movement.speed import Curve
from training.evaluation.beliefs import Beliefs
from training.evaluation.dances import Dance
from training.evaluation.held_out import HeldOutLoss
from training.evaluation.long_run import LongRun
from training.evaluation.prompts import PromptMatrix
from training.metrics.beats import BeatTest


@dataclass(frozen=True, kw_only=True)
class RealRow:
    """Real dances of the training split, whole or spoilt, and the anchors, which are made of them.

    Attributes:
        name: What they are.
        measures: By key of `MEASURES`.
        beat_tests: By measure and control.
        dances: The dances.
    """

    name: str
    measures: dict[str, float]
    beat_tests: dict[str, dict[str, BeatTest]]
    dances: Sequence[Dance]


@dataclass(frozen=True, kw_only=True)
class DancerRow:
    """What one checkpoint came to.

    Attributes:
        path: The file.
        model: Its class.
        config: Its configuration as text; equal for dancers that differ by their seed alone.
        num_parameters: Size.
        minutes: Of training; None if the file does not tell.
        steps: Optimiser steps; None if the file does not tell.
        step_ms: Median time of a step on one thread.
        loss: On held-out dance and on dance that it has learned from.
        beliefs: On dance that it has learned from and on held-out dance; None for models without latents of frames.
        measures: By key of `MEASURES`.
        beat_tests: By measure and control.
        prompts: The seed-style matrix; None if left out.
        long_run: Of the long dances; None if left out.
        long_speed_m_s: Mean joint speed of the long dances, (frames - 1,).
        dances: Its dances.
    """

    path: Path
    model: str
    config: str
    num_parameters: int
    minutes: float | None
    steps: int | None
    step_ms: float
    loss: HeldOutLoss
    beliefs: tuple[Beliefs, Beliefs] | None
    measures: dict[str, float]
    beat_tests: dict[str, dict[str, BeatTest]]
    prompts: PromptMatrix | None
    long_run: LongRun | None
    long_speed_m_s: Curve | None
    dances: Sequence[Dance]

    @property
    def short_path(self) -> str:
        """The end of the path, which says which one it is."""
        return "/".join(self.path.with_suffix("").parts[-4:])


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """What a linear regression on the last changes and the pose predicts: what a network must better.

    Attributes:
        variance_left: Share of the variance of changes that it leaves, on the training and on the held-out split.
        left_lag1: Autocorrelation of what it leaves, from frame to frame, likewise.
        held_out_distance: Distance of held-out real dance to what was learned, see `training.metrics.copying`.
    """

    variance_left: tuple[float, float]
    left_lag1: tuple[float, float]
    held_out_distance: float


@dataclass(frozen=True, kw_only=True)
class Group:
    """Dancers of one model and configuration, trained with different seeds.

    Attributes:
        name: The model, with the file's where several configurations of it are compared.
        rows: The dancers.
    """

    name: str
    rows: list[DancerRow]

    def values(self, of: Callable[[DancerRow], float | None]) -> list[float]:
        """A number of every dancer that has it."""
        found = (of(row) for row in self.rows)
        return [value for value in found if value is not None and math.isfinite(value)]

    def cell(self, of: Callable[[DancerRow], float | None], digits: int) -> str:
        """Mean and, of several dancers, deviation of a number."""
        return cell_of(self.values(of), digits)


def cell_of(values: Sequence[float], digits: int) -> str:
    """Mean and, of several values, deviation; a dash for none."""
    if not values:
        return "–"
    mean = f"{statistics.mean(values):.{digits}f}"
    return mean if len(values) == 1 else f"{mean} ± {statistics.stdev(values):.{digits}f}"


def grouped(dancers: Sequence[DancerRow]) -> list[Group]:
    """The dancers, those that differ by their seed together, in the order of the first of each."""
    found: dict[tuple[str, str], list[DancerRow]] = {}
    for row in dancers:
        found.setdefault((row.model, row.config), []).append(row)
    models = [model for model, _ in found]
    return [
        Group(name=model if models.count(model) == 1 else f"{model} ({rows[0].short_path})", rows=rows)
        for (model, _), rows in found.items()
    ]
