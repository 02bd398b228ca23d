"""``transflower-train evaluate --general``: how well models of any modalities do, beside the real thing."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import torch
import tyro
from rich.console import Console
from rich.progress import Progress

from data.commands.printable import printable
from data.dataset.modality_folder import ModalitySequence
from models.files import modality_checkpoint
from models.files.modality_checkpoint import ModalityCheckpoint
from models.networks.modalities import WindowBatch
from models.step.dancer import Dancer
from training.evaluation.held_out import data_for, held_out_loss
from training.fitting.generate_command import described, inputs_of
from training.fitting.generation import GenerationOptions, Streams, generate
from training.metrics import series
from training.metrics.series import RealSeries, Rows

_BATCH_SIZE: Final = 16
_SPECTRUM_S: Final = 4.0


@dataclass(frozen=True, kw_only=True)
class EvaluateModalities:
    """Measures what holds for any continuous modality, of any models of the family, and draws it.

    Models generate from inputs that were held out, several samples of each, and stand beside what is real: loss
    (likelihood where the model has one) of the held-out data, also with the inputs of others; moments; spectra; how
    different samples of the same inputs are; how near they come to what was real with these inputs, and with others.
    The row *real* holds what the training split has in place of a model: so much is due to the choice of sequences.

    - transflower-train evaluate --general best.safetensors --folder people -o report
    - transflower-train evaluate --general a.safetensors b.safetensors --folder people -o report --samples 8

    Without --general it is for dancers and prepared folders; models that are no dancers are judged so in any case.

    Attributes:
        checkpoints: Models, .safetensors files.
        folder: Folder of modalities.
        output: Folder for the report: report.md, report.json and plots.
        sequences: Held-out sequences, at most.
        seconds: Of each, at most; frames, where the folder tells no rate.
        samples: Of each.
        max_frames: Held-out frames whose loss is taken.
        temperature: Scale of the noise.
        look_ahead: Frames of the inputs past the present that models are shown, where they can see so many.
        seed: Of the noise.
    """

    checkpoints: tyro.conf.Positional[tuple[Path, ...]]
    folder: Path
    output: Annotated[Path, tyro.conf.arg(aliases=["-o"])]
    sequences: int = 16
    seconds: float = 20.0
    samples: int = 4
    max_frames: int = 4096
    temperature: float = 1.0
    look_ahead: int = 0
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class LossFigures:
    """Losses on held-out data.

    Attributes:
        name: ``nll``, nats a dimension of standardised outputs, or ``mse``.
        held_out: The model's.
        training: On the training split; much less than `held_out` is learned by heart.
        untrained: That of fresh weights.
        constant: That of who keeps the last frame, with a fitted deviation.
        others_inputs: The model's, when it is given the inputs of other windows; as good as `held_out` where it does
            not heed them. NaN where it has none.
    """

    name: str
    held_out: float
    training: float
    untrained: float
    constant: float
    others_inputs: float


@dataclass(frozen=True, kw_only=True)
class OutputFigures:
    """What is measured of one output; see `training.metrics.series`.

    Attributes:
        measures: By name.
        power: By band.
        edges: Of the bands, in Hz, or in cycles a frame where no rate is known.
    """

    measures: Mapping[str, float]
    power: tuple[float, ...]
    edges: tuple[float, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class ModelRow:
    """One model, or what is real.

    Attributes:
        name: For people.
        loss: None of what is real.
        outputs: By name.
        made: By output, the samples of each sequence; of what is real nothing.
    """

    name: str
    loss: LossFigures | None
    outputs: Mapping[str, OutputFigures]
    made: Mapping[str, Sequence[Sequence[Rows]]]


MEASURES: Final = {
    "mean gap": "0",
    "deviation": "1",
    "deviation of changes": "1",
    "spectrum, dB": "0",
    "diversity of samples": "> 0",
    "diversity of sequences": "as real",
    "distance to its own": "less",
    "distance to others": "more than to its own",
}
"""What is measured, and what is good."""


def evaluate_modalities(options: EvaluateModalities, console: Console) -> str:
    """Evaluates, writes the report, and returns it as text.

    Raises:
        ValueError: A model does not fit the folder, or that holds too little.
    """
    from training.evaluation.series_plots import draw

    if not options.checkpoints:
        raise ValueError("name at least one model, a .safetensors file")
    if options.samples < 1 or options.sequences < 1 or options.seconds <= 0:
        raise ValueError(
            f"--samples {options.samples}, --sequences {options.sequences}, --seconds {options.seconds:g}: "
            "each must be more than 0"
        )
    loaded = [modality_checkpoint.load(path) for path in options.checkpoints]
    outputs = Streams.of(loaded[0].model).outputs
    for other in loaded[1:]:
        if Streams.of(other.model).outputs != outputs:
            raise ValueError(f"{other.path} and {loaded[0].path} have other outputs: compare models of the same ones")
    rate_hz = described(loaded[0], options.folder).frame_rate_hz
    frames = max(8, int(options.seconds * (rate_hz or 1.0)))
    split = {name: inputs_of(loaded[0], options.folder, name, with_outputs=True) for name in ("train", "val")}
    read = [split["val"], *(inputs_of(model, options.folder, "val", with_outputs=True) for model in loaded[1:])]
    for model, val in zip(loaded, read, strict=True):
        if [sequence.sequence_id for sequence in val] != [sequence.sequence_id for sequence in split["val"]]:
            raise ValueError(
                f"{model.path} reads other features than {loaded[0].path}, so that other sequences are held out: "
                f"say which by base_filenames_train.txt and base_filenames_val.txt in {options.folder}"
            )
    held_out = [sequence.part(slice(0, frames)) for sequence in _spread(split["val"], options.sequences)]
    learned = [sequence.part(slice(0, frames)) for sequence in _spread(split["train"], options.sequences)]
    real = {name: RealSeries.of([_rows(sequence, name) for sequence in held_out]) for name, _ in outputs}
    stretch = min(int(_SPECTRUM_S * (rate_hz or 15.0)), *(sequence.num_frames for sequence in (*held_out, *learned)))
    if stretch < 8:
        raise ValueError(f"{options.folder}: a sequence of {stretch} frames is too short to be measured")
    rows = [_real_row(learned, real, stretch, rate_hz)]
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        for model, val in zip(loaded, read, strict=True):
            bar = progress.add_task(f"{model.path.name}", total=None)
            sequences = [sequence.part(slice(0, frames)) for sequence in _spread(val, options.sequences)]

            def advance(done: int, total: int, bar: Any = bar) -> None:
                progress.update(bar, completed=done, total=total)

            rows.append(_model_row(model, sequences, real, stretch, rate_hz, options, advance))
    options.output.mkdir(parents=True, exist_ok=True)
    plots = draw(options.output, rows[1:], held_out, real, rows[0], rate_hz)
    text = markdown(rows, options, plots)
    (options.output / "report.md").write_text(text, encoding="utf-8")
    kept = [
        {"name": row.name, "loss": _plain(row.loss), "outputs": {k: asdict(v) for k, v in row.outputs.items()}}
        for row in rows
    ]
    (options.output / "report.json").write_text(json.dumps(_finite(kept), indent=1) + "\n", encoding="utf-8")
    return text


def _plain(loss: LossFigures | None) -> Any:
    return None if loss is None else asdict(loss)


def _finite(value: Any) -> Any:
    """Plain values with null for what is no number."""
    if isinstance(value, Mapping):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _spread(sequences: Sequence[ModalitySequence], count: int) -> list[ModalitySequence]:
    places = np.unique(np.linspace(0, len(sequences) - 1, min(count, len(sequences))).round().astype(int))
    return [sequences[int(place)] for place in places]


def _rows(sequence: ModalitySequence, name: str) -> Rows:
    return np.asarray(sequence.features[name], np.float32)


def _figures(
    made: Sequence[Sequence[Rows]], real: RealSeries, stretch: int, rate_hz: float | None, *, is_real: bool
) -> OutputFigures:
    """Of samples by sequence; those of the real row belong to other inputs, so nothing is said of their distance."""
    flat = [sample for samples in made for sample in samples]
    power = series.spectrum(flat, real, stretch)
    true_power = series.spectrum(real.series, real, stretch)
    firsts = [samples[0] for samples in made]
    measures = {
        **series.moments(flat, real),
        "spectrum, dB": series.spectral_gap_db(power, true_power),
        "diversity of samples": _mean([series.diversity(samples, real) for samples in made]),
        "diversity of sequences": series.diversity(firsts, real),
        "distance to its own": math.nan,
        "distance to others": math.nan,
    }
    if not is_real:
        own = [series.distance(s, true, real) for samples, true in zip(made, real.series, strict=True) for s in samples]
        others = [
            series.distance(samples[0], true, real)
            for place, samples in enumerate(made)
            for other, true in enumerate(real.series)
            if other != place
        ]
        measures |= {"distance to its own": _mean(own), "distance to others": _mean(others)}
    edges = series.band_edges(stretch) * (rate_hz or 1.0)
    return OutputFigures(measures=measures, power=tuple(power.tolist()), edges=tuple(edges.tolist()))


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return float(np.mean(known)) if known else math.nan


def _real_row(
    learned: Sequence[ModalitySequence], real: Mapping[str, RealSeries], stretch: int, rate_hz: float | None
) -> ModelRow:
    made = {name: [[_rows(sequence, name)] for sequence in learned] for name in real}
    outputs = {name: _figures(made[name], real[name], stretch, rate_hz, is_real=True) for name in real}
    return ModelRow(name="real", loss=None, outputs=outputs, made=made)


def _model_row(
    loaded: ModalityCheckpoint,
    sequences: Sequence[ModalitySequence],
    real: Mapping[str, RealSeries],
    stretch: int,
    rate_hz: float | None,
    options: EvaluateModalities,
    advance: Any,
) -> ModelRow:
    how = GenerationOptions(
        seed=options.seed,
        samples=options.samples,
        temperature=options.temperature,
        look_ahead_frames=min(options.look_ahead, Streams.of(loaded.model).future_frames),
        noise_correlation=float(loaded.metadata.get("noise_correlation", 0.0)),
    )
    made: dict[str, list[list[Rows]]] = {name: [[] for _ in sequences] for name in real}
    places = {id(sequence): place for place, sequence in enumerate(sequences)}
    for one in generate(loaded.model, sequences, how, advance):
        for name, values in one.outputs.items():
            made[name][places[id(one.sequence)]].append(values)
    outputs = {name: _figures(made[name], real[name], stretch, rate_hz, is_real=False) for name in real}
    return ModelRow(
        name=_name(loaded.path),
        loss=losses(loaded.model, options.folder, options.max_frames),
        outputs=outputs,
        made=made,
    )


def _name(path: Path) -> str:
    """What a file is called for people: with its run's name where it is just the best or last of one."""
    parents = [part for part in path.resolve().parent.parts[-2:] if part]
    return "/".join([*parents, path.stem]) if path.stem in ("best", "last") else path.stem


def losses(dancer: Dancer, folder: Path, max_frames: int) -> LossFigures:
    """Held-out losses, and those with the inputs of other windows.

    Raises:
        ValueError: No held-out window is long enough.
    """
    found = held_out_loss(dancer, folder, max_frames)
    return LossFigures(
        name=found.name,
        held_out=found.value,
        training=found.training,
        untrained=found.untrained,
        constant=found.constant_pose,
        others_inputs=found.value + _worse_with_others_inputs(dancer, folder, max_frames),
    )


@torch.no_grad()
def _worse_with_others_inputs(dancer: Dancer, folder: Path, max_frames: int) -> float:
    """By how much the loss grows when each window is given what another one hears, and its labels."""
    data = data_for(dancer, folder)
    windows = data.windows("val")
    chosen = np.unique(np.linspace(0, len(windows) - 1, max(2, max_frames)).astype(int))
    chosen = np.random.default_rng(0).permutation(chosen)[: max(2, max_frames // 4)]
    heard = [name for name, _ in Streams.of(dancer).heard] + list(Streams.of(dancer).labels)
    gaps = []
    for start in range(0, len(chosen) - 1, _BATCH_SIZE):
        batch = data.collate([windows.window(int(item), None) for item in chosen[start : start + _BATCH_SIZE]])
        if not isinstance(batch, WindowBatch) or not heard or len(next(iter(batch.outputs.values()))) < 2:
            return math.nan
        inputs = {name: x.roll(1, 0) if name in heard else x for name, x in batch.inputs.items()}
        known = {name: x.roll(1, 0) if name in heard else x for name, x in batch.known.items()}
        values = []
        for each in (batch, replace(batch, inputs=inputs, known=known)):
            torch.manual_seed(start)  # for losses that draw noise
            values.append(float(dancer.held_out_loss(each)))
        gaps.append(values[1] - values[0])
    return _mean(gaps)


def markdown(rows: Sequence[ModelRow], options: EvaluateModalities, plots: Sequence[str]) -> str:
    """The report, for people."""
    models = [row for row in rows if row.loss is not None]
    lines = [
        f"# Models of {', '.join(rows[0].outputs)}, {options.folder.name}",
        "",
        f"{options.samples} samples of each held-out sequence, temperature {options.temperature:g}, look-ahead "
        f"{options.look_ahead} frames, seed {options.seed}.",
        "",
        "## Loss of held-out data",
        "",
        "nll: nats a dimension of standardised outputs; mse: squared error, in units of each model's own.",
        "",
        "| model | loss | held out | training | untrained | constant | with others' inputs |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in models:
        loss = row.loss
        assert loss is not None
        numbers = (loss.held_out, loss.training, loss.untrained, loss.constant, loss.others_inputs)
        lines.append(f"| {row.name} | {loss.name} | " + " | ".join(map(_shown, numbers)) + " |")
    for output in rows[0].outputs:
        lines += ["", f"## {output}", "", "| measure | right is | " + " | ".join(row.name for row in rows) + " |"]
        lines.append("|---" * (len(rows) + 2) + "|")
        for measure, good in MEASURES.items():
            values = [_shown(row.outputs[output].measures[measure]) for row in rows]
            lines.append(f"| {measure} | {good} | " + " | ".join(values) + " |")
    lines += ["", *(f"![{name}]({name})" for name in plots), ""]
    return "\n".join(lines)


def _shown(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f}"


def main(arguments: list[str]) -> None:
    """Entry point of ``transflower-train evaluate --general``."""
    options = tyro.cli(
        EvaluateModalities,
        args=[argument for argument in arguments if argument != "--general"],
        prog="transflower-train evaluate --general",
        description=EvaluateModalities.__doc__,
    )
    print(printable(evaluate_modalities(options, Console(stderr=True))))
    print(printable(f"written: {options.output}/report.md and .json"))


def wants_general(arguments: Sequence[str]) -> bool:
    """Whether what was typed behind `evaluate` is for any modalities: by its flag, or by a file that is no dancer."""
    files = [Path(argument) for argument in arguments if argument.endswith(".safetensors")]
    return "--general" in arguments or any(modality_checkpoint.is_of_modalities(path) for path in files)
