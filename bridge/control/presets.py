"""Presets and shows: what a performer wants to find again, as YAML that people can read and change."""

import re
import reprlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from bridge.control.control_schema import CONTROL_SPECS, ControlSpec
from bridge.control.controls import Controls, require_in_range
from data.formats.whole_file import whole_file
from models.step.style_names import find_seed_pose, find_style, listed

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_MAX_FILE_BYTES: Final = 65_536
_MAX_PRESETS: Final = 500
_SPECS: Final = {spec.name: spec for spec in CONTROL_SPECS if spec.is_preset}
"""What a preset holds; idle, freeze, seed and counts belong to the moment."""


def save_preset(folder: Path, name: str, controls: Controls) -> Path:
    """Writes a preset, whole or not at all, and returns its file.

    Raises:
        ValueError: The name is none for a file, or there are so many presets that somebody must be playing.
        OSError: It could not be written.
    """
    path = _preset_path(folder, name)
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists() and len(list(folder.glob("*.yaml"))) >= _MAX_PRESETS:
        raise ValueError(f"{folder}: {_MAX_PRESETS} presets are there already; delete some to save {name}")
    text = yaml.safe_dump({key: getattr(controls, key) for key in _SPECS}, sort_keys=False)
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8")
    return path


def load_preset(folder: Path, name: str, styles: Sequence[str], seed_poses: Sequence[str] = ()) -> dict[str, Any]:
    """The controls that a preset names, ready for `dataclasses.replace` on `Controls`.

    Args:
        folder: Where presets are.
        name: Of the preset.
        styles: What the dancer knows.
        seed_poses: What the dancer can start from.

    Raises:
        ValueError: There is none of this name, or it is malformed; the message names the file, the key and what the
            key takes.

    Example:
        >>> path = save_preset(Path("presets"), "calm", Controls(energy=0.2))
        >>> load_preset(Path("presets"), "calm", styles=("HO", "LO"))["energy"]
        0.2
    """
    path = _preset_path(folder, name)
    if not path.is_file():
        known = sorted(file.stem for file in folder.glob("*.yaml")) if folder.is_dir() else []
        raise ValueError(f"{path}: no such preset; there are {', '.join(known) or 'none'}")
    values = _of_today(_read_mapping(path))
    controls: dict[str, Any] = {}
    for key, value in values.items():
        if key not in _SPECS:
            raise ValueError(f"{path}: unknown key {_shown(key)}; a preset has {', '.join(_SPECS)}")
        names = {"styles": styles, "seed_poses": seed_poses, None: ()}[_SPECS[key].choices_of]
        try:
            controls[key] = _preset_value(_SPECS[key], value, names)
        except (ValueError, OverflowError):
            raise ValueError(f"{path}: {key} must be {_what_fits(_SPECS[key], names)}, not {_shown(value)}") from None
    return controls


_SAVED_BEFORE_PLANS: Final = {"temperature", "energy", "groove", "style", "mirror", "leash_m"}
"""What `save_preset` always wrote, together with a groove of 0.15 unless another was asked for."""


def _of_today(values: dict[Any, Any]) -> dict[Any, Any]:
    """A preset of earlier versions as it was meant: a groove that nobody asked for is the dancer's own."""
    is_earlier = values.keys() >= _SAVED_BEFORE_PLANS and "plan" not in values
    return {**values, "groove": None} if is_earlier and values["groove"] == 0.15 else values


def load_show(path: Path) -> list[str]:
    """The options of a show, as the command line has them: `energy: 0.8` becomes `--energy 0.8`.

    Types and ranges are left to the command line's own parser, which knows them.

    Raises:
        ValueError: There is no such file, or it is not a flat list of options; the message says where.
    """
    if not path.is_file():
        raise ValueError(f"{path}: no such show; it is a YAML file of options, such as `energy: 0.8`")
    tokens: list[str] = []
    for key, value in _read_mapping(path).items():
        if not isinstance(key, str) or not re.fullmatch(r"[a-z][a-z0-9_-]*", key):
            raise ValueError(
                f"{path}: {_shown(key)} is no option; options are written as in --help, such as `leash-m: 1`"
            )
        option = key.replace("_", "-")
        if isinstance(value, bool):
            tokens.append(f"--{option}" if value else f"--no-{option}")
        elif isinstance(value, list) and all(_is_scalar(item) for item in value):
            tokens += [f"--{option}", *(str(item) for item in value)]
        elif _is_scalar(value):
            tokens += [f"--{option}", str(value)]
        else:
            raise ValueError(f"{path}: {key} must be a value or a list of values, not {type(value).__name__}")
    return tokens


def _preset_path(folder: Path, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise ValueError(f"a preset's name has 1 to 40 letters, digits, - and _, not {name[:60]!r}")
    return folder / f"{name}.yaml"


def _preset_value(spec: ControlSpec, value: object, names: Sequence[str]) -> float | str | bool | None:
    """A value as `Controls` has it; `names` are the dancer's that a text chooses from.

    Raises:
        ValueError: It is of another type, out of range, or none of these names.
        OverflowError: It is a whole number that no float holds.
    """
    if value is None and (spec.nullable or spec.kind == "text"):
        return None
    if spec.kind == "number" and isinstance(value, int | float) and not isinstance(value, bool):
        require_in_range(spec.name, float(value))
        return float(value)
    if spec.kind == "switch" and isinstance(value, bool):
        return value
    if spec.kind == "text" and isinstance(value, str):
        return find_style(value, names) if spec.choices_of == "styles" else find_seed_pose(value, names)
    raise ValueError


def _what_fits(spec: ControlSpec, names: Sequence[str]) -> str:
    """What a key takes, for people."""
    if spec.kind == "number":
        low, high = spec.value_range()
        return f"a number from {low:g} to {high:g}{' or null' if spec.nullable else ''}"
    what = (spec.choices_of or "").replace("_", " ")
    return "true or false" if spec.kind == "switch" else f"null or one of the dancer's {what} ({listed(names)})"


def _read_mapping(path: Path) -> dict[Any, Any]:
    with path.open("rb") as file:
        content = file.read(_MAX_FILE_BYTES + 1)
    if len(content) > _MAX_FILE_BYTES:
        raise ValueError(f"{path}: larger than {_MAX_FILE_BYTES} bytes; that is no list of `name: value`")
    try:
        mapping = yaml.safe_load(content.decode("utf-8-sig"))
    except Exception as error:  # PyYAML lets out whatever its converters raise: KeyError, IndexError, RecursionError
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ValueError(f"{path}: not YAML: {reason[:300]}") from None
    if mapping is None:
        return {}
    if not isinstance(mapping, dict):
        raise ValueError(f"{path}: must be a list of `name: value`, not {type(mapping).__name__}")
    return mapping


def _shown(value: object) -> str:
    """A value as it may stand in a message: a file may hold more than memory can write down."""
    short = reprlib.Repr()
    short.maxlevel = 2
    try:
        return short.repr(value)
    except ValueError:  # a whole number of thousands of digits
        return f"a {type(value).__name__}"


def _is_scalar(value: object) -> bool:
    if isinstance(value, int) and value.bit_length() > 64:  # Python refuses to write down the longest
        return False
    return value is None or (isinstance(value, str | int | float) and not isinstance(value, bool))
