"""``transflower-train generate``: what a model makes of the inputs of a folder: arrays, and BVH of motion."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import torch
import tyro
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from data.commands.printable import printable
from data.dataset.made_folder import appearing, check_destination
from data.dataset.modality_description import FolderDescription, ModalityDescription
from data.dataset.modality_folder import ModalityFolder, ModalitySequence
from data.dataset.modality_shapes import read_shapes
from data.formats.bvh import write_bvh
from data.motion.pose_codec import PoseCodec
from models.files import modality_checkpoint
from models.files.modality_checkpoint import ModalityCheckpoint
from training.fitting.generation import GenerationOptions, Start, Streams, generate

Split = Literal["train", "val", "test", "all"]


@dataclass(frozen=True, kw_only=True)
class GenerateSequences:
    """Lets a model generate: any model of the family, any outputs, from the inputs of a folder.

    Each sequence of the folder gives the inputs, frame by frame, and its labels; the model hears them as it would live,
    and is fed with its own outputs. What it makes is written as OUT/[sequence].[output].npy, float32 (frames, dims),
    row by row beside the inputs; an output that is motion becomes OUT/[sequence].[output].bvh as well. OUT is a folder
    of modalities itself. With several samples of each sequence their names end in -1, -2, ...

    What was held out, three samples of each, with some look-ahead; and new inputs, of which there are no outputs:
    - transflower-train generate best.safetensors --folder people -o made --samples 3 --look-ahead 15
    - transflower-train generate best.safetensors --folder people -o made --split all

    Going on from the first second of the data:
    - transflower-train generate best.safetensors --folder people -o made --start data --start-frames 30

    Attributes:
        checkpoint: A model, a .safetensors file.
        folder: Folder with its inputs, `[sequence_id].[feature_name].npy`.
        output: Folder to make.
        split: Which sequences: those of base_filenames_[split].txt, or all that have the inputs. Where there is no
            such list, val are those that training held out.
        samples: Of each sequence, each with noise of its own.
        temperature: Scale of the noise: 1 is as the data vary, 0 the likeliest, without chance.
        look_ahead: Frames of the inputs past the present that the model is shown.
        start: Begins with one of the model's seed poses, or with frames of the data.
        start_frames: With --start data, how many; else as many as the model sees.
        frames: Of each sequence, at most so many.
        seed: Of the noise.
        overwrite: Replace a folder that was generated before, if it holds nothing that was added.
    """

    checkpoint: tyro.conf.Positional[Path]
    folder: Path
    output: Annotated[Path, tyro.conf.arg(aliases=["-o"])]
    split: Split = "val"
    samples: int = 1
    temperature: float = 1.0
    look_ahead: int = 0
    start: Start = "seed"
    start_frames: int | None = None
    frames: int | None = None
    seed: int = 0
    overwrite: bool = False

    @property
    def how(self) -> GenerationOptions:
        """The options of the generation."""
        return GenerationOptions(
            seed=self.seed,
            samples=self.samples,
            temperature=self.temperature,
            look_ahead_frames=self.look_ahead,
            start=self.start,
            start_frames=self.start_frames,
        )


def inputs_of(loaded: ModalityCheckpoint, folder: Path, split: Split, *, with_outputs: bool) -> list[ModalitySequence]:
    """The sequences of a split with what a model reads, and, where they are wanted, its outputs.

    Raises:
        ValueError: The folder lacks them, or they are of other dimensions or tokens than the model reads.
    """
    streams = Streams.of(loaded.model)
    kinds = streams.kinds(with_outputs=with_outputs or split in ("train", "val"))
    shapes = read_shapes(folder, kinds)
    missing = sorted(kinds.keys() - shapes.modalities.keys())
    if missing:
        outputs = {name for name, _ in streams.outputs}
        hint = "; for inputs alone say --split all" if set(missing) <= outputs else ""
        raise ValueError(f"{folder} has no {missing[0]!r}, which the model needs; it has {read_shapes(folder)}{hint}")
    files = ModalityFolder(folder, kinds)
    if split == "all":
        sequences, _ = files.all_sequences()
    elif split == "test":
        sequences, _ = files.sequences("test")
    else:
        sequences = files.splits()[0][split]
    if not sequences:
        raise ValueError(f"{folder}: no sequence in the split {split}; name another by --split")
    _check_shapes(loaded, streams, sequences, folder)
    return sequences


def _check_shapes(
    loaded: ModalityCheckpoint, streams: Streams, sequences: list[ModalitySequence], folder: Path
) -> None:
    model = loaded.model
    layout = getattr(model, "layout", None)
    if layout is None:
        wanted = {"audio": model.music_dims, "pose": dict(streams.outputs)["pose"]}
        tokens = {"style": model.config.num_styles}
    else:
        wanted = {item.name: item.dims for item in (*layout.heard, *layout.outputs) if _is_vector(item)}
        tokens = {item.name: item.num_tokens for item in layout.inputs if not _is_vector(item)}
    for sequence in sequences:
        for name, array in sequence.features.items():
            if name in wanted and array.shape[1] != wanted[name]:
                raise ValueError(
                    f"{folder / sequence.sequence_id}.{name}.npy is {array.shape}, and the model's {name} has "
                    f"{wanted[name]} dims"
                )
        known = {name: np.asarray(array) for name, array in sequence.features.items() if name in tokens}
        known |= {name: np.array([token]) for name, token in sequence.labels.items()}
        for name, array in known.items():
            if not 0 <= int(array.min()) <= int(array.max()) < tokens[name]:
                raise ValueError(
                    f"{folder / sequence.sequence_id}.{name}.npy holds tokens {array.min()}..{array.max()}, the model "
                    f"knows 0..{tokens[name] - 1}"
                )


def _is_vector(item: Any) -> bool:
    return getattr(item, "kind", "continuous") == "continuous"


def described(loaded: ModalityCheckpoint, folder: Path) -> FolderDescription:
    """The description of a model's outputs: that of its file, or else that of the folder."""
    description = FolderDescription.read(folder)
    outputs = [name for name, _ in Streams.of(loaded.model).outputs]
    modalities = {name: entry for name, entry in description.modalities.items() if name in outputs}
    for name in outputs:
        entry = loaded.modalities.get(name)
        if entry is not None:
            modalities[name] = ModalityDescription(
                columns={part: (int(a), int(b)) for part, (a, b) in (entry.get("columns") or {}).items()},
                fingerprint=str(entry.get("fingerprint", "")),
                pose_codec=entry.get("pose_codec"),
            )
    return FolderDescription(frame_rate_hz=loaded.frame_rate_hz or description.frame_rate_hz, modalities=modalities)


def run_generate(options: GenerateSequences, console: Console) -> str:
    """Generates and writes; what to say of it.

    Raises:
        ValueError: Anything does not fit; nothing is left behind then.
    """
    how = options.how
    if options.frames is not None and options.frames < 1:
        raise ValueError(f"--frames is {options.frames}: at least one")
    _check_inputs_stay(options.output.resolve(), options.folder.resolve())
    loaded = modality_checkpoint.load(options.checkpoint)
    how = GenerationOptions(**{**vars(how), "noise_correlation": float(loaded.metadata.get("noise_correlation", 0.0))})
    endings = [f".{name}.{kind}" for name, _ in Streams.of(loaded.model).outputs for kind in ("npy", "bvh")]
    check_destination(options.output, endings, overwrite=options.overwrite)
    sequences = inputs_of(loaded, options.folder, options.split, with_outputs=how.start == "data")
    if options.frames is not None:
        sequences = [sequence.part(slice(0, options.frames)) for sequence in sequences]
    description = described(loaded, options.folder)
    codecs = {
        name: PoseCodec.from_dict(entry.pose_codec)
        for name, entry in description.modalities.items()
        if entry.pose_codec
    }
    model = loaded.model.to("cuda" if torch.cuda.is_available() else "cpu")
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    num_frames = 0
    with (
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress,
        appearing(options.output) as folder,
    ):
        bar = progress.add_task("generating", total=None)
        for made in generate(
            model, sequences, how, lambda done, total: progress.update(bar, completed=done, total=total)
        ):
            name = made.sequence.sequence_id + (f"-{made.sample + 1}" if how.samples > 1 else "")
            for output, values in made.outputs.items():
                if not np.isfinite(values).all():
                    raise ValueError(
                        f"{options.checkpoint}: its {output} of {name} is no finite number; train it again"
                    )
                np.save(folder / f"{name}.{output}.npy", values)
                if output in codecs:
                    write_bvh(folder / f"{name}.{output}.bvh", codecs[output].decode(values))
            num_frames += made.sequence.num_frames
        description.write(folder)
    seconds = (
        f", {num_frames / description.frame_rate_hz:.1f} s" if description.frame_rate_hz else f", {num_frames} frames"
    )
    outputs = ", ".join(name for name, _ in Streams.of(model).outputs)
    bvh = f", and BVH of {', '.join(codecs)}" if codecs else ""
    given = f"; the first {made.num_given} frames are those of the data" if made.num_given else ""
    return f"{options.output}: {len(sequences) * how.samples} sequences of {outputs}{seconds}{bvh}{given}"


def _check_inputs_stay(out: Path, inputs: Path) -> None:
    """Replacing `out` must not remove the inputs; both are resolved."""
    if out == inputs or out in inputs.parents:
        raise ValueError(f"{out} is or holds the folder of the inputs, {inputs}: name another one by -o")


def main(arguments: list[str]) -> None:
    """Entry point of ``transflower-train generate``."""
    options = tyro.cli(
        GenerateSequences, args=arguments, prog="transflower-train generate", description=GenerateSequences.__doc__
    )
    print(printable(run_generate(options, Console(stderr=True))))
