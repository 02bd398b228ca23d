"""``transflower-train evaluate``: how well dancers dance, beside real dance and with controls."""

import statistics
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import numpy as np
import torch
import tyro
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from data.dataset.cluster import run_parallel
from data.dataset.prepared_reader import PreparedFolder
from models.files import checkpoint
from models.files.checkpoint_header import read_header
from models.step.dancer import Dancer
from training.evaluation.anchors import Anchors
from training.evaluation.beat_controls import beat_tests
from training.evaluation.beliefs import Beliefs, beliefs_of
from training.evaluation.corruptions import CORRUPTIONS
from training.evaluation.dances import Dance, Repertoire
from training.evaluation.held_out import HeldOutLoss, held_out_loss
from training.evaluation.long_run import long_run
from training.evaluation.measures import Reference, measure_all
from training.evaluation.prompts import PromptMatrix
from training.evaluation.report import EvaluationReport
from training.evaluation.rows import DancerRow, RealRow
from training.fitting.rollout import roll_out

Vectors = NDArray[np.float32]
Part = Literal["loss", "beliefs", "dances", "silence", "prompts", "long"]
BothBeliefs = tuple[Beliefs, Beliefs] | None
Result = HeldOutLoss | BothBeliefs | Vectors

_TIMED_STEPS: Final = 150


@dataclass(frozen=True, kw_only=True)
class Evaluate:
    """Lets dancers loose on held-out music and measures their dances beside the real ones.

    Any number of checkpoints is compared in one table; those of the same model and configuration, trained with other
    seeds, are one row with their spread. Real dances of the training split stand beside them, whole and spoilt in known
    ways: a measure is worth as much as it tells those apart. Two anchors need no network: a motion graph of real bars,
    and a linear autoregression that hears nothing.

    Models that are no dancers, and dancers as any other series: see `transflower-train evaluate --general --help`.

    One dancer, and a family with three seeds each:
    - transflower-train evaluate dancer.safetensors --folder prepared -o report --groove 0.05 --style-energy
    - transflower-train evaluate experiments/*/*/version_0/best.safetensors --folder prepared -o report

    Attributes:
        checkpoints: Dancers, .safetensors files.
        folder: Prepared folder.
        output: Folder for the report: report.md, report.csv, report.json and plots.
        split: val or test.
        num_dances: Dances of each, to excerpts spread over the split; and as many to silence.
        seconds: Length of a dance.
        prompt_dances: Dances in each style, for the seed-style matrix; 0 leaves it out.
        long_seconds: Length of the long dances; 0 leaves them out.
        num_long: Long dances of each; 0 leaves them out.
        long_of_all: Every dancer dances long, not only the first of those that differ by their seed alone.
        max_frames: Held-out frames whose loss is taken.
        seed: Seeds the noise.
        temperature: Scale of the noise.
        groove: How much the beat modulates the speed of the dance, 0 to 1, for dancers who know it; 0 shows what a
            dancer learned by itself, on a stage it is 0.05.
        energy_m_s: Requested mean joint speed, for dancers who know it; None leaves it to the dancer.
        style_energy: Tells the energy of each dance's style instead, as a stage does (see `transflower-train
            calibrate`).
        style_guidance: How far styles are exaggerated, 0 to 8, for dancers without a plan; on a stage it is 4.
        noise_correlation: Of the noise of a frame with that of the frame before; None takes what stands in the file.
        exact_clock: Gives dancers the exact beat oscillator, as from Ableton Link or MIDI clock, instead of the
            tracker's: what remains between the two is the tracker's fault, not the dancer's.
        jobs: Processes; 0 takes every core.
    """

    checkpoints: tyro.conf.Positional[tuple[Path, ...]]
    folder: Path
    output: Annotated[Path, tyro.conf.arg(aliases=["-o"])]
    split: str = "val"
    num_dances: int = 32
    seconds: float = 15.0
    prompt_dances: int = 2
    long_seconds: float = 600.0
    num_long: int = 2
    long_of_all: bool = False
    max_frames: int = 8192
    seed: int = 0
    temperature: float = 1.0
    groove: float = 0.0
    energy_m_s: float | None = None
    style_energy: bool = False
    style_guidance: float = 0.0
    noise_correlation: float | None = None
    exact_clock: bool = False
    jobs: int = 0


@dataclass(frozen=True)
class _Task:
    """One part of a dancer's evaluation, for a process of its own.

    Attributes:
        path: The dancer.
        part: Which part.
        options: Of the evaluation.
        music: What is danced to, (dances, frames, music_dims).
        styles: Style of each dance.
        start_poses: Number of the seed pose of each; None lets the seed choose.
    """

    path: Path
    part: Part
    options: Evaluate
    music: NDArray[np.float32]
    styles: Sequence[int | None]
    start_poses: Sequence[int] | None = None


def _run(task: _Task) -> Result:
    loaded, options = checkpoint.load(task.path), task.options
    dancer = loaded.model.eval()
    if task.part == "loss":
        return held_out_loss(dancer, options.folder, options.max_frames)
    if task.part == "beliefs":
        learned, held_out = (beliefs_of(dancer, options.folder, name, options.max_frames) for name in ("train", "val"))
        return None if learned is None or held_out is None else (learned, held_out)
    knows, correlation = dancer.steered.leaves, options.noise_correlation
    energy = style_energies(loaded.metadata, task.styles) if options.style_energy else options.energy_m_s
    return roll_out(
        dancer,
        task.music,
        task.styles,
        seed=options.seed,
        start_poses=task.start_poses,
        temperature=options.temperature,
        groove=options.groove if "groove" in knows else 0.0,
        energy_m_s=energy if "energy_m_s" in knows else None,
        style_guidance=options.style_guidance if "style_guidance" in knows else 0.0,
        noise_correlation=loaded.metadata.get("noise_correlation", 0.0) if correlation is None else correlation,
    )


def style_energies(metadata: Mapping[str, Any], styles: Sequence[int | None]) -> list[float]:
    """The energy that a stage tells a dancer for each style where a mean one is asked for, m/s.

    Args:
        metadata: The dancer's; `transflower-train calibrate` writes the energy to give, and how styles differ.
        styles: Indices of the dancer's styles; None leaves the style to the dancer, which is given the mean.
    """
    energy, names = metadata["energy"], metadata["styles"]
    mean, by_style = float(energy.get("told_mean", energy["mean"])), energy.get("by_style") or {}
    return [mean if style is None else mean * float(by_style.get(names[style], 1.0)) for style in styles]


def evaluate(options: Evaluate, console: Console) -> EvaluationReport:
    """Runs the evaluation and writes its report.

    Raises:
        ValueError: If a checkpoint does not fit the folder, or the folder holds too little.
    """
    if not options.checkpoints:
        raise ValueError("name at least one checkpoint")
    if options.style_energy and options.energy_m_s is not None:
        raise ValueError("--energy-m-s and --style-energy exclude each other")
    if options.num_dances < 6:
        raise ValueError(f"--num-dances must be at least 6, not {options.num_dances}: fewer prove nothing")
    if not options.seconds > 0:
        raise ValueError(f"--seconds is the length of a dance, and {options.seconds:g} is none")
    for name in ("long_seconds", "num_long", "prompt_dances", "jobs"):
        if getattr(options, name) < 0:
            raise ValueError(f"--{name.replace('_', '-')} is {getattr(options, name):g}: 0 or more")
    folder = PreparedFolder.open(options.folder)
    headers = {path: read_header(path) for path in options.checkpoints}
    for path, header in headers.items():  # before the first has taken its minutes
        folder.check_fits(header, path)
    with _progress(console) as progress:
        reading = progress.add_task("real dances", total=None)
        if not console.is_terminal:
            console.print("real dances and anchors", soft_wrap=True)
        repertoire = Repertoire.of(
            folder,
            split=options.split,
            seconds=options.seconds,
            num_dances=options.num_dances,
            exact_clock=options.exact_clock,
        )
        anchors = Anchors(folder, repertoire, options.split)
        reference, baseline = anchors.reference, anchors.baseline()
        real = _real_rows(repertoire, reference, anchors.dances(options.seed))
        progress.remove_task(reading)
        tasks = [task for path in options.checkpoints for task in _tasks(path, headers, repertoire, options)]
        results = _with_progress(progress, tasks, run_parallel(_run, tasks, jobs=options.jobs))
        rows = []
        for path in options.checkpoints:
            parts = {task.part: result for task, result in results if task.path == path}
            rows.append(_dancer_row(path, parts, repertoire, reference))
        timing = progress.add_task("step times, one after the other", total=len(rows))
        for index, row in enumerate(rows):
            rows[index] = replace(row, step_ms=_step_ms(checkpoint.load(options.checkpoints[index]).model))
            progress.advance(timing)
    report = EvaluationReport(
        options=options_of(options),
        real=real,
        baseline=baseline,
        real_prompts=_real_prompts(repertoire, anchors, options),
        dancers=rows,
        left_out=repertoire.left_out,
    )
    report.write(options.output, repertoire)
    return report


def _tasks(
    path: Path, headers: Mapping[Path, Mapping[str, Any]], repertoire: Repertoire, options: Evaluate
) -> Iterator[_Task]:
    """The parts of a dancer's evaluation, the longest first."""

    def kind(header: Mapping[str, Any]) -> tuple[Any, Any]:
        return header["model_class"], header["model_config"]

    music, styles = repertoire.music, repertoire.style_of
    seed_poses = headers[path]["seed_poses"]
    is_first = path == next(other for other, header in headers.items() if kind(header) == kind(headers[path]))
    if options.long_seconds and options.num_long and (options.long_of_all or is_first):
        medley = np.repeat(repertoire.medley(options.long_seconds)[None], options.num_long, 0)
        yield _Task(path, "long", options, medley, [None] * options.num_long)
    yield _Task(path, "dances", options, music, styles)
    yield _Task(path, "silence", options, repertoire.silence(), styles)
    if options.prompt_dances:
        asked = [style for style in sorted(repertoire.by_style) for _ in range(options.prompt_dances)]
        names = [f"{repertoire.styles[style]}-1" for style in asked]
        starts = [seed_poses.index(name) if name in seed_poses else 0 for name in names]
        some = [music[i % len(music)] for i in range(len(asked))]
        yield _Task(path, "prompts", options, np.stack(some), asked, starts)
    yield _Task(path, "loss", options, music[:0], [])
    yield _Task(path, "beliefs", options, music[:0], [])


def _dancer_row(path: Path, parts: dict[Part, Result], repertoire: Repertoire, reference: Reference) -> DancerRow:
    loaded = checkpoint.load(path)
    loss, beliefs = parts["loss"], parts["beliefs"]
    assert isinstance(loss, HeldOutLoss)
    assert beliefs is None or isinstance(beliefs, tuple)
    vectors = {part: result for part, result in parts.items() if isinstance(result, np.ndarray)}
    dances, silence = repertoire.dances(list(vectors["dances"])), repertoire.dances(list(vectors["silence"]))
    training = loaded.metadata.get("training") or {}
    run, curve = long_run(list(vectors["long"]), repertoire.codec, reference) if "long" in vectors else (None, None)
    return DancerRow(
        path=path,
        model=type(loaded.model).__name__,
        config=repr(loaded.model.config),
        num_parameters=sum(p.numel() for p in loaded.model.parameters()),
        minutes=training.get("minutes"),
        steps=training.get("steps"),
        step_ms=float("nan"),
        loss=loss,
        beliefs=beliefs,
        measures=measure_all(dances, reference),
        beat_tests=beat_tests(dances, silence),
        prompts=_prompts(vectors["prompts"], repertoire) if "prompts" in vectors else None,
        long_run=run,
        long_speed_m_s=curve,
        dances=dances,
    )


def _real_rows(repertoire: Repertoire, reference: Reference, anchors: Mapping[str, list[Dance]]) -> list[RealRow]:
    """Real dances of the training split, as they are and spoilt; then the anchors."""
    sets: dict[str, list[Dance]] = {"real": repertoire.learned}
    for name, corrupt in CORRUPTIONS.items():
        sets[f"real, {name}"] = [
            replace(dance, motion=corrupt(dance.motion, seed)) for seed, dance in enumerate(repertoire.learned)
        ]
    sets |= anchors
    return [
        RealRow(name=name, measures=measure_all(dances, reference), beat_tests=beat_tests(dances), dances=dances)
        for name, dances in sets.items()
    ]


def _references_of_styles(repertoire: Repertoire) -> list[list[Vectors]]:
    return [repertoire.by_style[style][1::2] or repertoire.by_style[style] for style in sorted(repertoire.by_style)]


def _style_names(repertoire: Repertoire) -> list[str]:
    return [repertoire.styles[style] for style in sorted(repertoire.by_style)]


def _prompts(vectors: Vectors, repertoire: Repertoire) -> PromptMatrix:
    """The seed-style matrix of dances in all styles, as many of each."""
    names = _style_names(repertoire)
    seen = [repertoire.codec.encode(repertoire.codec.decode(dance)) for dance in vectors]
    each = len(seen) // len(names)
    asked = [seen[i * each : (i + 1) * each] for i in range(len(names))]
    return PromptMatrix.of(names, asked, _references_of_styles(repertoire))


def _real_prompts(repertoire: Repertoire, anchors: Anchors, options: Evaluate) -> dict[str, PromptMatrix]:
    """That of real dances, one half of them against the other; and, if any dancer is asked for styles, the anchors'."""
    asked = [repertoire.by_style[style][::2] for style in sorted(repertoire.by_style)]
    found = {"real": PromptMatrix.of(_style_names(repertoire), asked, _references_of_styles(repertoire))}
    if options.prompt_dances:
        styles = [style for style in sorted(repertoire.by_style) for _ in range(options.prompt_dances)]
        for name, dances in anchors.in_styles(styles, options.seed).items():
            found[name] = _prompts(np.stack(dances), repertoire)
    return found


@torch.inference_mode()
def _step_ms(dancer: Dancer) -> float:
    """Median time of a step of one dancer on one thread, milliseconds."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    dancer.eval()
    state = dancer.initial_state(1)
    music, noise = torch.zeros(1, dancer.music_dims), torch.zeros(1, dancer.noise_dims)
    times = []
    for _ in range(_TIMED_STEPS):
        started = time.perf_counter()
        _, state = dancer.step(music, state, noise)
        times.append(1e3 * (time.perf_counter() - started))
    torch.set_num_threads(threads)
    return statistics.median(times[_TIMED_STEPS // 3 :])


def options_of(options: Evaluate) -> dict[str, object]:
    """The options with which a report was made; no paths, which are another machine's."""
    left_out = ("checkpoints", "output", "jobs")
    settings = {name: value for name, value in vars(options).items() if name not in left_out}
    return {**settings, "folder": options.folder.name}


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal)


def _with_progress(progress: Progress, tasks: list[_Task], results: Iterable[Result]) -> list[tuple[_Task, Result]]:
    """All results with their tasks; a line of progress for each where there is no terminal."""
    bar = progress.add_task("dancing", total=len(tasks))
    if not progress.console.is_terminal:
        progress.console.print(f"{len(tasks)} parts, the longest first", soft_wrap=True)
    done = []
    for task, result in zip(tasks, results, strict=True):
        done.append((task, result))
        progress.update(bar, advance=1, description=f"{task.path.parent.parent.name}: {task.part}")
        if not progress.console.is_terminal:
            progress.console.print(f"{len(done)} of {len(tasks)}: {task.path}, {task.part}", soft_wrap=True)
    return done


def main(arguments: list[str]) -> None:
    """Entry point of ``transflower-train evaluate``."""
    options = tyro.cli(Evaluate, args=arguments, prog="transflower-train evaluate", description=Evaluate.__doc__)
    report = evaluate(options, Console(stderr=True))
    print(report.markdown())
    print(f"written: {options.output}/report.md, .csv, .json and {', '.join(report.plots)}")
