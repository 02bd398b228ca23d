"""Files of models of any modalities: as a dancer's, with what generation needs and nothing that only a stage does."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from models.files import checkpoint
from models.files.checkpoint import MODEL_CLASSES
from models.files.checkpoint_header import FORMAT_VERSION, MODALITIES_KEY
from models.step.dancer import Dancer


@dataclass(frozen=True, eq=False)
class ModalityCheckpoint:
    """A model and what its modalities are.

    Attributes:
        path: The file it came from.
        model: In evaluation mode on the CPU.
        frame_rate_hz: Frames a second; None where its data did not tell it.
        modalities: By name, plain values: columns, fingerprint, pose_codec (of motion).
        token_names: By name of tokens and labels.
        metadata: Whatever else its header says: provenance, licence, attribution, training.
    """

    path: Path
    model: Dancer
    frame_rate_hz: float | None = None
    modalities: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    token_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)


def is_of_modalities(path: Path) -> bool:
    """Whether a file holds a model of other modalities than a dancer's; False for whatever else it is."""
    try:
        with safe_open(path, framework="np") as file:
            return MODALITIES_KEY in (file.metadata() or {})
    except (OSError, SafetensorError):
        return False


def save(path: Path, model: Dancer, description: Mapping[str, Any], *, half: bool = False) -> None:
    """Writes a model with a description of its data; an interrupted or failed write leaves an older file as it was.

    Args:
        path: File to write, by custom ``*.safetensors``.
        model: A model of `MODEL_CLASSES`.
        description: frame_rate_hz, modalities and token_names as in `ModalityCheckpoint`, and more plain values.
        half: As of `models.files.checkpoint.save`.

    Raises:
        ValueError: The model's class is unknown.
    """
    name = type(model).__name__
    if name not in MODEL_CLASSES:
        raise ValueError(f"cannot save a {name}: a checkpoint holds one of {sorted(MODEL_CLASSES)}")
    own = {
        "format_version": FORMAT_VERSION,
        "model_class": name,
        "model_config": dataclasses.asdict(model.config),
    }
    checkpoint.write_weights(path, model, {MODALITIES_KEY: json.dumps({**description, **own})}, half=half)


def load(path: Path) -> ModalityCheckpoint:
    """Reads a model of any modalities, a dancer among them.

    Raises:
        ValueError: The file is missing, damaged, or something else; the message names it and says what to do.
    """
    path = Path(path)
    if not is_of_modalities(path):
        return _of_dancer(checkpoint.load(path))
    with safe_open(path, framework="np") as file:
        text = file.metadata()[MODALITIES_KEY]
    try:
        header = dict(json.loads(text))
        if header.pop("format_version") != FORMAT_VERSION:
            raise ValueError(f"it is not of format {FORMAT_VERSION}")
        rate_hz = header.pop("frame_rate_hz", None)
        names = {name: tuple(map(str, known)) for name, known in header.pop("token_names", {}).items()}
        modalities = {name: dict(entry) for name, entry in header.pop("modalities", {}).items()}
        model_class, config = str(header.pop("model_class")), dict(header.pop("model_config"))
        frame_rate_hz = None if rate_hz is None else float(rate_hz)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"{path}: damaged header ({type(error).__name__}: {error}); train or export it again"
        ) from None
    model = checkpoint.read_model(path, model_class, config)
    return ModalityCheckpoint(path, model, frame_rate_hz, modalities, names, header)


def _of_dancer(loaded: checkpoint.Checkpoint) -> ModalityCheckpoint:
    header = loaded.metadata
    return ModalityCheckpoint(
        path=loaded.path,
        model=loaded.model,
        frame_rate_hz=float(header["frame_rate_hz"]),
        modalities={
            "pose": {"pose_codec": header["pose_codec"]},
            "audio": {"fingerprint": header["audio_fingerprint"]},
        },
        token_names={"style": tuple(header["styles"])},
        metadata=header,
    )
