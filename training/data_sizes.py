"""Sizes of a model that its data decide: dimensions of poses and sound features, and how many styles there are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_STREAMING = {"pose_dims": "pose", "music_dims": "audio", "num_styles": "styles"}


def sizes_of(folder: Path) -> dict[str, int]:
    """Dimensions of pose and audio, and the number of styles, of a prepared folder; nothing where it tells none."""
    file = folder / "fingerprint.json"
    if not file.is_file():
        return {}
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        sizes = {name: max(stop for _, stop in told[f"{name}_columns"].values()) for name in ("pose", "audio")}
        return {**sizes, "styles": len(told["styles"])}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}  # who opens the folder says what is wrong


def fit_sizes(config: Any, sizes: Mapping[str, int]) -> list[str]:
    """Gives a model's configuration, as the command line parsed it, the sizes of the data.

    Args:
        config: With attributes, or keys, of `StreamingTransflowerConfig`, or with a `layout` of modalities.
        sizes: As of `sizes_of`; changed are only those that the configuration has.

    Returns:
        What was changed, in words.
    """
    changed: list[str] = []
    layout = _get(config, "layout")
    if layout is None:
        for name, size in _STREAMING.items():
            _set(config, name, sizes.get(size), name, changed)
        return changed
    for side in ("inputs", "outputs"):
        for entry in _get(layout, side) or ():
            item = _get(entry, "init_args") or entry
            name = _get(item, "name")
            if name in ("pose", "audio"):
                _set(item, "dims", sizes.get(name), f"dims of {name}", changed)
            elif name == "style":
                _set(item, "num_tokens", sizes.get("styles"), "num_tokens of style", changed)
    return list(dict.fromkeys(changed))


def _get(entry: Any, name: str) -> Any:
    return entry.get(name) if isinstance(entry, Mapping) else getattr(entry, name, None)


def _set(entry: Any, name: str, size: int | None, label: str, changed: list[str]) -> None:
    before = _get(entry, name)
    if size is None or before is None or before == size:
        return
    changed.append(f"{label} is {size}, not {before}")
    if isinstance(entry, dict):
        entry[name] = size
    else:
        setattr(entry, name, size)
