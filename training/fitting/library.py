"""A training as one function, for notebooks and programs; the command line's own, without its files."""

import logging
import warnings
from pathlib import Path
from typing import Final, Literal

from models.files.modality_checkpoint import ModalityCheckpoint
from training.fitting.export import modality_metadata, save_modal
from training.fitting.lightning import command_line

Size = Literal["debug", "small", "published"]
HPARAMS: Final = Path(__file__).parents[1] / "hparams"


def fit(
    folder: str | Path,
    modalities: str,
    *,
    model: str = "transflower",
    size: Size = "debug",
    steps: int = 500,
    batch_size: int = 64,
    seed: int = 0,
    output: str | Path | None = None,
    options: tuple[str, ...] = (),
) -> ModalityCheckpoint:
    """Trains a window model on a folder of modalities, as `transflower-train fit` does.

    Args:
        folder: With files `[sequence_id].[feature_name].npy`; see `data.dataset.modality_folder`.
        modalities: What is read and what is predicted, such as ``"audio:16, hand:8@2 -> hand:1@10"``; see
            `models.networks.modality_text`.
        model: A file of training/hparams: transflower, transformer, moglow, transglower, transformerflow, flow_matcher,
            residual_flower, vq_dancer.
        size: Of the model.
        steps: Of the optimiser.
        batch_size: Windows of a step.
        seed: Of everything random.
        output: A .safetensors file to write as well.
        options: Further options of the command line, such as ``("--model.learning_rate", "1e-4")``.

    Returns:
        The trained model, in evaluation mode on the CPU, and what its modalities are.

    Raises:
        ValueError: There is no such model, or data and modalities do not fit; the message says what to type.
    """
    folder, config = Path(folder), HPARAMS / size / f"{model}.yaml"
    if not config.is_file() or model == "streaming_transflower":
        known = sorted({path.stem for path in (HPARAMS / "debug").glob("*.yaml")} - {"streaming_transflower"})
        raise ValueError(f"there is no model {model!r} of size {size!r} for modalities; there are {', '.join(known)}")
    typed = ["--config", str(config), "--data.folder", str(folder), "--modalities", modalities]
    typed += ["--model.budget_steps", str(steps), "--data.batch_size", str(batch_size), "--seed_everything", str(seed)]
    typed += ["--trainer.logger", "false", "--trainer.callbacks", "[]", "--trainer.enable_checkpointing", "false"]
    typed += ["--trainer.enable_model_summary", "false", "--trainer.limit_val_batches", "0", *options]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Lightning's, of what it could do else
        _quiet_lightning()
        parts = command_line(typed, run=False, is_training=True)
        parts.model.begin(parts.datamodule)
        parts.trainer.fit(parts.model, parts.datamodule)
    parts.model.check_learned()
    dancer = parts.model.dancer.cpu().eval()
    metadata = modality_metadata(folder, dancer, provenance="not stated", licence=None, attribution=None)
    training = {"steps": parts.trainer.global_step, "minutes": parts.model.trained_minutes, "loss": dancer.loss_name}
    path = Path(output) if output is not None else Path()
    if output is not None:
        save_modal(path, dancer, {**metadata, "training": training})
    return ModalityCheckpoint(
        path=path,
        model=dancer,
        frame_rate_hz=metadata["frame_rate_hz"],
        modalities=metadata["modalities"],
        token_names={name: tuple(names) for name, names in metadata["token_names"].items()},
        metadata={"training": training},
    )


def _quiet_lightning() -> None:
    logging.getLogger("pytorch_lightning.utilities.rank_zero").setLevel(logging.WARNING)
