"""Configurations from plain values, as a checkpoint's header holds them."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints


def config_from_dict(kind: type[Any], values: Mapping[str, Any]) -> Any:
    """A dataclass made of plain values; undoes `dataclasses.asdict`, tuples of dataclasses included.

    Raises:
        TypeError: If a key is unknown or missing.
        ValueError: If the class refuses a value.

    Example:
        >>> from dataclasses import asdict
        >>> from models.networks.modalities import InputModality
        >>> heard = InputModality(name="audio", dims=121, frames=90)
        >>> config_from_dict(InputModality, asdict(heard)) == heard
        True
    """
    hints = get_type_hints(kind)
    unknown = sorted(values.keys() - {field.name for field in fields(kind)})
    if unknown:
        raise TypeError(f"unknown keys {unknown}")
    return kind(**{name: _value(hints[name], value) for name, value in values.items()})


def _value(hint: Any, value: Any) -> Any:
    if is_dataclass(hint) and isinstance(value, Mapping):
        assert isinstance(hint, type)
        return config_from_dict(hint, value)
    if get_origin(hint) is tuple and isinstance(value, Sequence) and not isinstance(value, str):
        element = get_args(hint)[0]
        return tuple(_value(element, item) for item in value)
    return value
