"""Checkpoints: one safetensors file that holds a dancer and everything needed to perform with it. Never a pickle."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from safetensors import safe_open
from safetensors.torch import save as to_bytes

from models.files.bounded import BoundedAllocation
from models.files.checkpoint_header import (
    FORMAT_VERSION,
    HEADER_KEY,
    ONNX_SUFFIX,
    REQUIRED_METADATA,
    check_metadata,
    read_header,
)
from models.step.config_dict import config_from_dict
from models.step.dancer import Dancer
from models.streaming.planning_transflower import PlanningTransflower
from models.streaming.streaming_transflower import StreamingTransflower
from models.window.members import MEMBERS
from models.window.residual_flower import ResidualFlower
from models.window.vq_dancer import VQDancer

MODEL_CLASSES: Final[dict[str, type[Dancer]]] = {
    "StreamingTransflower": StreamingTransflower,
    "PlanningTransflower": PlanningTransflower,
    "ResidualFlower": ResidualFlower,
    "VQDancer": VQDancer,
    **MEMBERS,
}
"""Models that a checkpoint may name. A name outside this table is refused, never imported."""
_WHOLE: Final = ("seed_poses", "prediction_weights")
"""Matrices that stay float32: the closed loop of a linear prediction is stable by little."""
_HALF: Final = ("planner.keys",)
"""What is halved beside matrices."""


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A loaded dancer, in evaluation mode on the CPU, and what it was trained for.

    Attributes:
        path: The file it came from.
        model: The dancer.
        metadata: Plain values: frame_rate_hz, skeleton and pose_codec (as their `to_dict`), audio_fingerprint, styles
            (names), energy (dict with mean and std in m/s), look_ahead_frames (largest budget), seed_poses (names),
            provenance, licence, attribution.
    """

    path: Path
    model: Dancer
    metadata: dict[str, Any]


def header_text(model: Dancer, metadata: dict[str, Any]) -> str:
    """The header of a file that holds this dancer, as JSON.

    Args:
        model: A model of `MODEL_CLASSES`.
        metadata: At least the keys of `REQUIRED_METADATA`, JSON-able values.

    Raises:
        ValueError: If the model's class is unknown, or metadata lack a key or have one of another kind.
    """
    name = type(model).__name__
    if name not in MODEL_CLASSES:
        raise ValueError(f"cannot save a {name}: a checkpoint holds one of {sorted(MODEL_CLASSES)}")
    missing = [key for key in REQUIRED_METADATA if key not in metadata]
    if missing:
        raise ValueError(f"checkpoint metadata lack {missing}")
    check_metadata(metadata)
    own = {
        "format_version": FORMAT_VERSION,
        "model_class": name,
        "model_config": dataclasses.asdict(model.config),
        "guides_style": model.guides_style,
    }
    return json.dumps({**metadata, **own})


def save(path: Path, model: Dancer, metadata: dict[str, Any], *, half: bool = False) -> None:
    """Writes a checkpoint; an interrupted or failed write leaves an older file as it was.

    Args:
        path: File to write, by custom ``*.safetensors``.
        model: A model of `MODEL_CLASSES`.
        metadata: At least the keys of `REQUIRED_METADATA`, JSON-able values.
        half: Stores matrices as bfloat16 (half the size); vectors and statistics stay float32.

    Raises:
        ValueError: If the model's class is unknown, or metadata lack a key or have one of another kind.
    """
    write_weights(path, model, {HEADER_KEY: header_text(model, metadata)}, half=half)


def write_weights(path: Path, model: Dancer, texts: dict[str, str], *, half: bool = False) -> None:
    """Writes a model's weights with texts beside them, whole or not at all; see `save`."""
    tensors = {}
    for key, tensor in model.state_dict().items():
        is_matrix = (tensor.ndim == 2 and key not in _WHOLE) or key in _HALF
        tensors[key] = tensor.detach().cpu().contiguous().to(torch.bfloat16 if half and is_matrix else tensor.dtype)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        # Not by `save_file`, whose files only their owner may read, whatever the umask says.
        part.write_bytes(to_bytes(tensors, metadata=texts))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _build(model_class: type[Dancer], config: Mapping[str, Any]) -> Dancer:
    """The model of a configuration, its weights random.

    Raises:
        ValueError: If there is no such model.
    """
    try:
        return model_class(config_from_dict(model_class.Config, config))
    except ValueError:
        raise
    except Exception as error:  # whatever a number that makes no sense leads to, in any layer
        raise ValueError(f"{type(error).__name__}: {error}") from error


def load(path: Path) -> Checkpoint:
    """Reads a checkpoint and checks all of it.

    Raises:
        ValueError: If the file is missing, damaged, of another format or of an unknown model, or if its weights do not
            fit its configuration; the message names the file and says what to do.

    Example:
        >>> from models.files.checkpoint_header import default_path
        >>> dancer = load(default_path())
        >>> type(dancer.model).__name__, dancer.metadata["frame_rate_hz"], dancer.metadata["licence"]
        ('PlanningTransflower', 30, 'CC-BY-4.0')
    """
    path = Path(path)
    if path.suffix.lower() == ONNX_SUFFIX:
        raise ValueError(f"{path}: PyTorch cannot read an ONNX file; name the .safetensors that it was exported from")
    header = read_header(path)
    model = read_model(path, header.pop("model_class"), header.pop("model_config"))
    return Checkpoint(path=path, model=model, metadata=header)


def read_model(path: Path, name: str, config: Mapping[str, Any]) -> Dancer:
    """The model that a header describes, with the weights of its file, in evaluation mode on the CPU.

    Raises:
        ValueError: They do not fit each other; see `load`.
    """
    if name not in MODEL_CLASSES:
        raise ValueError(f"{path}: holds a {name!r}, known are {sorted(MODEL_CLASSES)}; update this program")
    with safe_open(path, framework="pt", device="cpu") as file:
        tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 - no mapping
    num_values = sum(tensor.numel() for tensor in tensors.values())
    try:
        with BoundedAllocation(num_values=num_values, num_tensors=len(tensors)):
            model = _build(MODEL_CLASSES[name], config)
    except ValueError as error:
        raise ValueError(f"{path}: its model configuration does not fit this program ({error})") from None
    expected = model.state_dict()
    wrong = sorted(
        [key for key in expected.keys() | tensors.keys() if key not in expected or key not in tensors]
        or [key for key in expected if expected[key].shape != tensors[key].shape]
    )
    if wrong:
        raise ValueError(
            f"{path}: weights do not fit the configuration, first at {wrong[0]!r}; train or export it again"
        )
    other = sorted(key for key in expected if expected[key].is_floating_point() != tensors[key].is_floating_point())
    if other:
        raise ValueError(f"{path}: {other[0]!r} holds {tensors[other[0]].dtype}; train or export it again")
    broken = sorted(key for key, tensor in tensors.items() if not torch.isfinite(tensor).all())
    if broken:
        raise ValueError(f"{path}: weights are not finite, first at {broken[0]!r}; train it again")
    model.load_state_dict({key: tensor.to(expected[key].dtype) for key, tensor in tensors.items()})
    return model.eval()
