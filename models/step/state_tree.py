"""States as trees: dataclasses, tuples and dicts whose leaves are tensors, by name and in a fixed order."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

import torch
from torch import Tensor


def named_leaves(state: Any) -> dict[str, Tensor]:
    """The tensors of a state by their place in it, such as ``pose`` or ``cache.keys.0``, in a fixed order."""
    return dict(_named(state, ""))


def state_leaves(state: Any) -> list[Tensor]:
    """The tensors of a state, in the order of `named_leaves`."""
    return list(named_leaves(state).values())


def with_leaves(state: Any, leaves: list[Tensor]) -> Any:
    """The state of the same form whose tensors are `leaves`, in the order of `state_leaves`."""
    rest = iter(leaves)

    def build(part: Any) -> Any:
        if isinstance(part, Tensor):
            return next(rest)
        if isinstance(part, tuple):
            return tuple(build(value) for value in part)
        if isinstance(part, dict):
            return {name: build(value) for name, value in part.items()}
        return replace(part, **{field.name: build(getattr(part, field.name)) for field in fields(part)})

    return build(state)


def with_values(state: Any, values: Mapping[str, float]) -> Any:
    """The state with some leaves, by name, filled with one number each."""
    leaves = named_leaves(state)
    filled = {name: torch.full_like(leaves[name], value) for name, value in values.items()}
    return with_leaves(state, list((leaves | filled).values()))


def together(states: list[Any]) -> Any:
    """States of dancers at the same frame as the state of one batch; numbers without a batch are common to all."""
    leaves = [
        torch.cat(parts) if parts[0].ndim else parts[0]
        for parts in zip(*(state_leaves(state) for state in states), strict=True)
    ]
    return with_leaves(states[0], leaves)


def _named(part: Any, name: str) -> Iterator[tuple[str, Tensor]]:
    if isinstance(part, Tensor):
        yield name, part
        return
    if isinstance(part, tuple):
        parts = {str(index): value for index, value in enumerate(part)}
    elif isinstance(part, dict):
        parts = part
    else:
        parts = {field.name: getattr(part, field.name) for field in fields(part)}
    for own, value in parts.items():
        yield from _named(value, f"{name}.{own}" if name else own)
