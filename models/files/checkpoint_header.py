"""The header of a dancer's file: everything that is known of it before its weights are loaded. No torch here."""

import json
import math
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from zipfile import is_zipfile

from safetensors import SafetensorError, safe_open

from models.files.onnx_properties import read_properties

FORMAT_VERSION: Final = 1
HEADER_KEY: Final = "transflower"
"""The header is the JSON text under this key of the file's metadata, in .safetensors as in .onnx."""
MODALITIES_KEY: Final = "transflower_modalities"
"""The same of a model of other modalities than a dancer's; see `models.files.modality_checkpoint`."""
ONNX_SUFFIX: Final = ".onnx"
_PICKLED_SUFFIXES: Final = (".ckpt", ".pt", ".pth")
REST_POSE: Final = "standing"
"""Name of the seed pose that stands at rest; the others are called after styles: HO-1, HO-2."""

# The form of safetensors: the length of a JSON object, the object, the weights.
_SIZE_BYTES: Final = 8
_METADATA_KEY: Final = "__metadata__"

_MAX_FRAMES: Final = 10_000
"""Of any window: minutes at the rates of dancers. Longer ones would only take memory."""

REQUIRED_METADATA: Final = (
    "frame_rate_hz",
    "skeleton",
    "pose_codec",
    "audio_fingerprint",
    "styles",
    "energy",
    "look_ahead_frames",
    "seed_poses",
    "provenance",
    "licence",
    "attribution",
)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_whole(value: Any, lowest: int, highest: int) -> bool:
    return _is_number(value) and value == int(value) and lowest <= value <= highest


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) and name.isprintable() for name in value)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_energy(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and _is_number(value.get("mean"))
        and _is_number(value.get("std"))
        and value["mean"] >= 0.0
        and value["std"] > 0.0
    )


_FORMS: Final[Mapping[str, tuple[str, Callable[[Any], bool]]]] = {
    "frame_rate_hz": ("a whole number from 1 to 1000", lambda value: _is_whole(value, 1, 1000)),
    "skeleton": ("an object", _is_object),
    "pose_codec": ("an object", _is_object),
    "audio_fingerprint": ("a text", _is_text),
    "styles": ("a list of names", _are_names),
    "energy": ("an object with a mean and a std in m/s", _is_energy),
    "look_ahead_frames": (f"a whole number from 0 to {_MAX_FRAMES}", lambda value: _is_whole(value, 0, _MAX_FRAMES)),
    "seed_poses": ("a list of names", _are_names),
    "licence": ("a text", _is_text),
    "attribution": ("a text", _is_text),
}


def default_path() -> Path:
    """The checkpoint that ships with the repository."""
    return Path(__file__).parents[1] / "weights" / "default.safetensors"


def read_header(path: Path) -> dict[str, Any]:
    """Reads and checks a header, in a millisecond: the `REQUIRED_METADATA`, model_class and model_config.

    Args:
        path: A checkpoint, or the step that was exported from one: what ends in `ONNX_SUFFIX`.

    Raises:
        ValueError: If the file is missing, damaged or of another format; the message names it and says what to do.

    Example:
        >>> header = read_header(default_path())
        >>> header["model_class"], header["seed_poses"][:2]
        ('PlanningTransflower', ['standing', 'BR-1'])
    """
    if not path.is_file():
        raise ValueError(
            f"{path}: no such checkpoint; train one by `transflower-train fit`, or name one by --checkpoint"
        )
    is_onnx = path.suffix.lower() == ONNX_SUFFIX
    text, num_tensors = (_onnx_text(path), None) if is_onnx else _safetensors_text(path)
    try:
        header: dict[str, Any] = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}: damaged header ({error}); fetch or train it again") from None
    if not isinstance(header, dict):
        raise ValueError(f"{path}: damaged header (no JSON object); fetch or train it again")
    version = header.pop("format_version", None)
    if version != FORMAT_VERSION:
        raise ValueError(
            f"{path}: format {version}, this program reads format {FORMAT_VERSION}; update the older of the two"
        )
    missing = [key for key in (*REQUIRED_METADATA, "model_class", "model_config") if key not in header]
    if missing:
        raise ValueError(f"{path}: the header lacks {missing}; train or export the checkpoint again")
    if not isinstance(header["model_config"], dict) or not isinstance(header["model_class"], str):
        raise ValueError(f"{path}: the header names no model and its configuration; train or export it again")
    try:
        check_metadata(header)
        if num_tensors is not None:  # of an exported step nothing is built
            _check_counts(header["model_config"], num_tensors)
    except ValueError as error:
        raise ValueError(f"{path}: {error}; train or export the checkpoint again") from None
    return header


def check_metadata(metadata: Mapping[str, Any]) -> None:
    """Checks that the values that a header must have are of their kinds and agree.

    Raises:
        ValueError: If one is not; the message names it.
    """
    for key, (form, fits) in _FORMS.items():
        if not fits(metadata[key]):
            value = textwrap.shorten(json.dumps(metadata[key]), 60)  # its letters are ASCII, so it can be printed
            raise ValueError(f"the header's {key} is {value}, not {form}")
    rate_hz, codec_hz = metadata["frame_rate_hz"], metadata["pose_codec"].get("rate_hz")
    if rate_hz != codec_hz:
        raise ValueError(f"it dances at {rate_hz} Hz with poses for {codec_hz} Hz")


def _check_counts(config: Mapping[str, Any], num_tensors: int) -> None:
    """Refuses counts of a configuration by which building a model, or its memory, would take minutes or gigabytes.

    Raises:
        ValueError: There are more layers than weights, or windows of more than `_MAX_FRAMES`; the message names it.
    """
    rest: list[Any] = [config]
    while rest:
        part = rest.pop()
        rest += part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        for name, value in part.items() if isinstance(part, dict) else ():
            if not _is_number(value):
                continue
            if (name.endswith("layers") or name == "flow_steps") and value > num_tensors:
                raise ValueError(f"its model configuration has {name} {value}, and there are {num_tensors} weights")
            if name.endswith(("frames", "steps")) and value > _MAX_FRAMES:
                raise ValueError(f"its model configuration has {name} {value}, more than {_MAX_FRAMES}")


def with_changed_header(path: Path, changes: Mapping[str, Any]) -> bytes:
    """A checkpoint's file with some entries of its header changed; the bytes of its weights are as they were.

    Raises:
        ValueError: If it is no checkpoint; see `read_header`.

    Example:
        >>> changed = with_changed_header(default_path(), {"licence": "CC0-1.0"})
        >>> size = 8 + int.from_bytes(changed[:8], "little")
        >>> changed[size:] == default_path().read_bytes()[-len(changed[size:]):]
        True
    """
    read_header(path)
    content = path.read_bytes()
    size = _SIZE_BYTES + int.from_bytes(content[:_SIZE_BYTES], "little")
    file_header = json.loads(content[_SIZE_BYTES:size])
    header = json.loads(file_header[_METADATA_KEY][HEADER_KEY])
    file_header[_METADATA_KEY][HEADER_KEY] = json.dumps({**header, **changes})
    text = json.dumps(file_header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _SIZE_BYTES)  # weights begin at a multiple of eight bytes
    return len(text).to_bytes(_SIZE_BYTES, "little") + text + content[size:]


def _safetensors_text(path: Path) -> tuple[str, int]:
    """The text, and how many tensors there are."""
    try:
        with safe_open(path, framework="np") as file:
            texts: dict[str, str] = file.metadata() or {}
            text = texts.get(HEADER_KEY)
            num_tensors = len(file.keys())
    except SafetensorError as error:
        if path.suffix.lower() in _PICKLED_SUFFIXES or is_zipfile(path):
            raise ValueError(_what_training_keeps(path)) from None
        raise ValueError(f"{path}: damaged or no safetensors file ({error}); fetch or train it again") from None
    if text is None and MODALITIES_KEY in texts:
        raise ValueError(
            f"{path}: a model of other modalities than sound and poses, which no stage can feed; let it generate by "
            f"`transflower-train generate {path} --folder FOLDER -o OUT`"
        )
    if text is None:
        raise ValueError(f"{path}: a safetensors file, but no dancer of this project: its header lacks {HEADER_KEY!r}")
    return text, num_tensors


def _what_training_keeps(path: Path) -> str:
    """What to say of a file of PyTorch's, such as those from which a training goes on."""
    beside = [place for place in (path.parent, path.parent.parent) if (place / "last.safetensors").is_file()]
    dancer = f"; the dancer is in {beside[0] / 'last.safetensors'}" if beside else ""
    return (
        f"{path}: a checkpoint from which a training goes on, no dancer{dancer}; make one of it by `transflower-train "
        f"export --config CONFIG --ckpt_path {path} -o dancer.safetensors`, CONFIG being the config.yaml of its run"
    )


def _onnx_text(path: Path) -> str:
    try:
        text = read_properties(path).get(HEADER_KEY)
    except ValueError as error:
        raise ValueError(f"{path}: damaged or no ONNX file ({error}); fetch or export it again") from None
    if text is None:
        raise ValueError(
            f"{path}: an ONNX file, but no dancer of this project: its properties lack {HEADER_KEY!r}; make one by "
            "`transflower export-model`"
        )
    return text
