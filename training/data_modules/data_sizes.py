"""What the data decide of a model: dimensions of its modalities, their kinds, how many tokens and styles there are."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from jsonargparse import Namespace

from data.dataset.modality_shapes import FolderShapes, ModalityShape
from models.networks.modality_text import TypedLayout, parse_modalities
from training.data_modules.planned_dances import PlannedDances

_NAMES: Final = {"pose": "pose_dims", "audio": "music_dims", "styles": "num_styles"}
EMBEDDING_DIMS: Final = 16
"""Width of the embedding of tokens where a layout does not say it."""


def sizes_for(config: Any, folder: Path, phrase_beats: int | None) -> dict[str, int]:
    """What the data decide of a streaming model, as `fit_sizes` takes it.

    Args:
        config: As the command line parsed it.
        folder: The data.
        phrase_beats: Beats of a phrase of recordings that nobody labelled, where the model has phrases; None if not.

    Raises:
        ValueError: The model has phrases, and the folder cannot be read.
    """
    if phrase_beats is None or _get(config, "num_phrases") is None:
        return sizes_of(folder)
    return PlannedDances.open(folder, phrase_beats).sizes()


def sizes_of(folder: Path) -> dict[str, int]:
    """Dimensions of pose and audio, and the number of styles, of a prepared folder; nothing where it tells none."""
    file = folder / "fingerprint.json"
    if not file.is_file():
        return {}
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        sizes = {name: max(stop for _, stop in content[f"{name}_columns"].values()) for name in ("pose", "audio")}
        return {**sizes, "styles": len(content["styles"])}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}  # who opens the folder says what is wrong


def fit_sizes(config: Any, sizes: Mapping[str, int]) -> list[str]:
    """Gives a streaming model's configuration, as the command line parsed it, the sizes of the data.

    Args:
        config: With attributes, or keys, of `StreamingTransflowerConfig`.
        sizes: By name, in the configuration or as of `sizes_of`; changed are only those that the configuration has.

    Returns:
        What was changed, in words.
    """
    changed: list[str] = []
    for name, size in sizes.items():
        name = _NAMES.get(name, name)
        _set(config, name, size, name, changed)
    return changed


def set_modalities(config: Any, text: str) -> None:
    """Puts the layout that was typed in the place of a configuration's; `fit_layout` fills it.

    Raises:
        ValueError: The model has no layout, or the text cannot be meant.
    """
    if _get(config, "layout") is None:
        raise ValueError(
            f"--modalities {text!r}: this model reads audio and dances poses; models of other modalities are those "
            "with a layout, such as training/hparams/small/transflower.yaml"
        )
    typed: TypedLayout = parse_modalities(text)
    inputs = [
        _namespace(
            name=item.name,
            dims=0,
            frames=item.frames or 1,
            offset=item.offset,
            kind="label" if item.frames is None else "continuous",
            num_tokens=0,
        )
        for item in typed.inputs
    ]
    outputs = [_namespace(name=item.name, dims=0, frames=item.frames, offset=item.offset) for item in typed.outputs]
    layout = _namespace(inputs=inputs, outputs=outputs)
    if isinstance(config, dict):
        config["layout"] = layout
    else:
        config.layout = layout


def _namespace(**values: Any) -> Namespace:
    return Namespace(**values)  # type: ignore[no-untyped-call]


def needs_data(config: Any) -> bool:
    """Whether a layout leaves something to the data."""
    return any(_get(item, "dims") == 0 for item in _items(config))


def fit_layout(config: Any, shapes: FolderShapes, *, only_missing: bool = False) -> list[str]:
    """Gives a configuration with a layout of modalities the dimensions and kinds of a folder.

    Args:
        config: As the command line parsed it, with a `layout`.
        shapes: Of the folder.
        only_missing: Leaves alone what the layout says.

    Returns:
        What was changed, in words.

    Raises:
        ValueError: The folder has no such modality, or one of another kind; the message says what it has.
    """
    changed: list[str] = []
    outputs = {_get(item, "name") for item in _items(config, "outputs")}
    for item in _items(config):
        name = _get(item, "name")
        if only_missing and _get(item, "dims") != 0:
            continue
        shape = shapes.modalities.get(name)
        if shape is None:
            raise ValueError(
                f"{shapes.path} has no {name!r}, it has {shapes}; name those, such as --modalities "
                f"'{_example(shapes, outputs)}'"
            )
        if name in outputs and shape.kind != "continuous":
            raise ValueError(f"{shapes.path}: {shape} cannot be an output; outputs are numbers, one vector a frame")
        _fit(item, shape, changed)
    return list(dict.fromkeys(changed))


def _fit(item: Any, shape: ModalityShape, changed: list[str]) -> None:
    kind = _get(item, "kind")
    if kind is None or shape.kind == "continuous":  # an output, or vectors
        if kind == "label":
            raise ValueError(f"{shape} is no label: say how many frames of it are read, such as {shape.name}:60")
        if kind == "discrete":
            raise ValueError(f"{shape} holds no tokens: its kind is continuous")
        _set(item, "dims", shape.dims, f"dims of {shape.name}", changed)
        return
    if kind != shape.kind:
        if kind == "label":
            raise ValueError(f"{shape}, one a frame: say how many frames are read, such as {shape.name}:60")
        if shape.kind == "label":
            _set(item, "frames", 1, f"frames of the label {shape.name}", changed)
            _set(item, "offset", 0, f"offset of the label {shape.name}", changed)
        _set(item, "kind", shape.kind, f"kind of {shape.name}", changed)
    if _get(item, "dims") == 0:
        _set(item, "dims", EMBEDDING_DIMS, f"width of the embedding of {shape.name}", changed)
    if shape.token_names or _get(item, "num_tokens") < shape.num_tokens:  # there may be tokens that no file here has
        _set(item, "num_tokens", shape.num_tokens, f"num_tokens of {shape.name}", changed)


def _example(shapes: FolderShapes, outputs: set[str]) -> str:
    """A layout of what the folder has."""
    vectors = [name for name, shape in shapes.modalities.items() if shape.kind == "continuous"]
    out = next((name for name in vectors if name in outputs), vectors[-1] if vectors else "motion")
    read = next((name for name in vectors if name != out), out)
    return f"{out}:60, {read}:60 -> {out}:1@60" if read != out else f"{out}:60 -> {out}:1@60"


def _items(config: Any, *sides: str) -> list[Any]:
    layout = _get(config, "layout")
    entries = [entry for side in sides or ("inputs", "outputs") for entry in _get(layout, side) or ()]
    return [_get(entry, "init_args") or entry for entry in entries]


def _get(entry: Any, name: str) -> Any:
    return entry.get(name) if isinstance(entry, Mapping) else getattr(entry, name, None)


def _set(entry: Any, name: str, size: int | str | None, label: str, changed: list[str]) -> None:
    before = _get(entry, name)
    if size is None or before is None or before == size:
        return
    changed.append(f"{label} is {size}" + (f", not {before}" if before else ""))
    if isinstance(entry, dict):
        entry[name] = size
    else:
        setattr(entry, name, size)
