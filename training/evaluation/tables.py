"""The tables of an evaluation, in Markdown."""

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from data.movement.velocity_power import BAND_EDGES_HZ
from training.evaluation.dances import Dance
from training.evaluation.long_run import LongRun
from training.evaluation.measures import COPYING, MEASURES
from training.evaluation.prompts import PromptMatrix
from training.evaluation.rows import Baseline, DancerRow, Group, RealRow, cell_of

Lines = list[str]


@dataclass(frozen=True, kw_only=True)
class ReportSection:
    """A table of measures that belong together.

    Attributes:
        title: Its heading.
        words: What they are, and how far they are to be trusted.
        keys: Of the measures.
    """

    title: str
    words: str
    keys: tuple[str, ...]


SECTIONS: Final[dict[str, ReportSection]] = {
    "seen": ReportSection(
        title="What an audience sees",
        words="Steer by these. *Floating*: the lower sole is over 12 cm above the floor; the longest stretch is a mean "
        "over dances. *Out of balance*: the centre of mass is outside the feet and at rest. *Longest stand*: mean "
        "joint speed below 0.2 m/s, the longest of all dances. *Its front*: within 60° of the way it faces on the "
        "whole.",
        keys=(
            "floating_share",
            "longest_floating_s",
            "unbalanced_share",
            "foot_sliding_m_s",
            "foot_contact_share",
            "freeze_share",
            "longest_stand_s",
            "front_share",
        ),
    ),
    "moved": ReportSection(
        title="How the body moves",
        words="Steer by these too; as real is best. *Innovations*: what a linear regression on the last four changes "
        "leaves of the dance, beside what it leaves of real dance: below 1 the dance is calm, above it shakes. "
        "*Likeness*: correlation with the pose so many beats later, since real dance returns. A deaf linear "
        "autoregression has every speed and power right and fails at diversity, likeness, contact and lock.",
        keys=(
            "joint_speed_m_s",
            "accent_power",
            "jerk_m_s3",
            "innovation_rms",
            "diversity",
            "likeness_4_beats",
            "likeness_8_beats",
        ),
    ),
    "distances": ReportSection(
        title="Distances to real dance",
        words="Never steer by these alone: they reward a blurred mean. A motion graph, whose dances are real but for "
        "the joins, may rank below a weak dancer here, and the deaf autoregression beside real dance. FPD sees no "
        "stops, no tempo, no gliding and hardly a missing accent; FMD no gliding and no turned back. *To what was "
        "learned*: of each second to the nearest second of the training split; 0 is a copy.",
        keys=("fpd", "fmd", "fpd_paper", "fmd_paper", "learned_distance"),
    ),
    "beats": ReportSection(
        title="Beats",
        words="Can be bought: by groove, and by blurring, which leaves fewer and clearer minima of the speed. Above "
        "real dance they say nothing good.",
        keys=("beat_precision", "beat_recall", "beat_f1", "beat_offset_s", "beat_coherence", "beat_lock"),
    ),
}


def _measure(key: str) -> Callable[[DancerRow], float]:
    return lambda row: row.measures[key]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(head)} |", "|---" * len(head) + "|", *(f"| {' | '.join(row)} |" for row in rows), ""]


def how(options: Mapping[str, Any], left_out: Sequence[str]) -> Lines:
    """What was done, and what was left out."""
    o = options
    energy = "free" if o["energy_m_s"] is None else f"{o['energy_m_s']:.2f} m/s"
    energy = "of the style" if o["style_energy"] else energy
    noise = "as in the file" if o["noise_correlation"] is None else f"{o['noise_correlation']:g}"
    clock = "an exact clock" if o["exact_clock"] else "the tracker"
    return [
        f"{o['num_dances']} dances of {o['seconds']:g} s to held-out music (split `{o['split']}` of `{o['folder']}`), "
        f"temperature {o['temperature']:g}, noise correlation {noise}, groove {o['groove']:g}, energy {energy}, style "
        f"guidance {o['style_guidance']:g}, beats from {clock}. "
        f"*Real* are dances of the training split in the same styles, measured against those of the held-out split.",
        "",
        *(line for sentence in left_out for line in (sentence, "")),
    ]


def training(groups: Sequence[Group]) -> Lines:
    """Size, held-out losses and those of the training split."""
    head = (
        "",
        "seeds",
        "M parameters",
        "minutes",
        "steps",
        "step, ms",
        "loss",
        "held-out",
        "training split",
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
            group.cell(lambda row: row.loss.training, 3),
            group.cell(lambda row: row.loss.untrained, 3),
            group.cell(lambda row: row.loss.constant_pose, 3),
        )
        for group in groups
    ]
    return _table(head, rows)


def section(name: str, real: Sequence[RealRow], groups: Sequence[Group], baseline: Baseline | None = None) -> Lines:
    """Measures of real dance, whole and spoilt, of the anchors and of the dancers, as far as beats are known."""
    about, by_key = SECTIONS[name], {measure.key: measure for measure in (*MEASURES, COPYING)}
    chosen = [by_key[key] for key in about.keys if not by_key[key].needs_beats or real[0].beat_tests]
    if not chosen:
        return []
    rows = [(row.name, *(_cell(row.measures[m.key], m.digits) for m in chosen)) for row in real]
    rows += [(group.name, *(group.cell(_measure(m.key), m.digits) for m in chosen)) for group in groups]
    more = [] if baseline is None else [f"Held-out real dance is at {baseline.held_out_distance:.2f} of it.", ""]
    return [f"## {about.title}", "", about.words, "", *more, *_table(("", *(m.label for m in chosen)), rows)]


def _cell(value: float, digits: int) -> str:
    return cell_of([value] if math.isfinite(value) else [], digits)


def beliefs(groups: Sequence[Group], baseline: Baseline) -> Lines:
    """Whether dancers believe what is so, on dance that they have learned from and on held-out dance."""

    def value(split: int, name: str) -> Callable[[DancerRow], float | None]:
        return lambda row: None if row.beliefs is None else float(getattr(row.beliefs[split], name))

    names = ("latent_std", "latent_lag1", "variance_left", "believed", "left_lag1")
    linear = [
        (f"{left:.2f}", "–", f"{lag:.2f}") for left, lag in zip(baseline.variance_left, baseline.left_lag1, strict=True)
    ]
    rows = [
        ("as it should be", "1", "0", "", "as left", "0"),
        *((f"linear regression, {split}", "–", "–", *cells) for split, cells in zip(_SPLITS, linear, strict=True)),
        *(
            (f"{group.name}, {_SPLITS[split]}", *(group.cell(value(split, name), 2) for name in names))
            for group in groups
            if any(row.beliefs for row in group.rows)
            for split in (0, 1)
        ),
    ]
    head = (
        "real dance, predicted frame by frame",
        "latent deviation",
        "its lag-1 autocorrelation",
        "variance left",
        "variance believed",
        "lag-1 autocorrelation of what is left",
    )
    words = (
        "Where the held-out variance is far above what is believed, or the held-out loss above that of the training "
        "split, the dancer has learned by heart. One that leaves more than the linear regression predicts less than "
        "inertia does."
    )
    return ["## What is believed", "", words, "", *_table(head, rows)]


_SPLITS: Final = ("training split", "held out")


def power_of(dances: Sequence[Dance]) -> NDArray[np.float64]:
    """Mean power of joint velocity in each band, (bands,)."""
    return np.asarray(np.mean([dance.velocity_power for dance in dances], 0), np.float64)


def powers(real: Sequence[RealRow], groups: Sequence[Group]) -> Lines:
    """Power of joint velocity by band, beside real dance of the same styles."""
    whole = power_of(real[0].dances)

    def row(name: str, ratios: Sequence[NDArray[np.float64]]) -> tuple[str, ...]:
        return (name, *(cell_of([ratio[band] for ratio in ratios], 2) for band in range(len(whole))))

    rows = [row(r.name, [power_of(r.dances) / whole]) for r in real]
    rows += [row(group.name, [power_of(r.dances) / whole for r in group.rows]) for group in groups]
    head = ("power of joint velocity / real", *(f"{low:g}–{high:g} Hz" for low, high in pairwise(BAND_EDGES_HZ)))
    return _table(head, rows)


def controls(real: RealRow, groups: Sequence[Group]) -> Lines:
    """Mean of each beat measure with each control, with the probability that it is no worse than with the music."""
    tests = [(measure, control) for measure, found in real.beat_tests.items() for control in found]
    if not tests:
        return []

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


def prompts(groups: Sequence[Group], real: Mapping[str, PromptMatrix]) -> Lines:
    """How often dancers dance the style they are asked for."""
    chosen = [group for group in groups if any(row.prompts for row in group.rows)]
    if not chosen:
        return []
    count = len(next(iter(real.values())).styles)
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
    anchors = [row(name, [matrix]) for name, matrix in real.items()]
    return _table(head, [*anchors, chance, *(row(*named) for named in found)])


def ratios_table(ratios: Sequence[Mapping[str, Any]]) -> Lines:
    """Ratios of distances beside the paper's."""
    rows = [
        (r["of"], r["measure"], f"{r['paper']:.3f}", f"{r['here']:.3f}", f"{r['least']:.3f} to {r['greatest']:.3f}")
        for r in ratios
    ]
    return _table(("ratio", "measure", "the paper's", "here", "over pairs of seeds"), rows) if rows else []
