"""What of a configuration a step depends on, as a header has it; and the shapes of parts that models share."""

import math
from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any, TypeVar

T = TypeVar("T")
Shapes = dict[str, tuple[int, ...]]


def read_sizes(kind: type[T], config: Mapping[str, Any], not_for_steps: Collection[str]) -> T | None:
    """The sizes of a header's configuration; None if it is none of this kind.

    Args:
        kind: A dataclass of int, float and bool.
        config: The configuration.
        not_for_steps: What of it no step depends on.
    """
    own = {name: value for name, value in config.items() if name not in not_for_steps}
    try:
        sizes = kind(**own)
    except TypeError:
        return None
    allowed: dict[Any, tuple[type, ...]] = {int: (int,), float: (int, float), bool: (bool,)}
    for field in fields(kind):  # type: ignore[arg-type]
        value = getattr(sizes, field.name)
        if type(value) not in allowed[field.type] or not math.isfinite(value):
            return None
    return sizes


def transformer_shapes(name: str, layers: int, dims: int, heads: int, window_frames: int) -> Shapes:
    """Of a `models.networks.causal_transformer.CausalTransformer`."""
    shapes: Shapes = {f"{name}.age_bias.bias": (heads, window_frames)} | norm_shapes(f"{name}.norm", dims)
    for number in range(layers):
        layer = f"{name}.layers.{number}"
        shapes |= linear_shapes(f"{layer}.query_key_value", dims, 3 * dims)
        shapes |= linear_shapes(f"{layer}.attention_out", dims, dims)
        shapes |= linear_shapes(f"{layer}.mlp.0", dims, 4 * dims) | linear_shapes(f"{layer}.mlp.2", 4 * dims, dims)
        shapes |= norm_shapes(f"{layer}.attention_norm", dims) | norm_shapes(f"{layer}.mlp_norm", dims)
    return shapes


def mixing_shapes(name: str, dims: int) -> Shapes:
    """Of actnorm and mixing of a step of a flow."""
    shapes: Shapes = {f"{name}.norm.initialised": ()}
    shapes |= {f"{name}.{vector}": (dims,) for vector in ("norm.shift", "norm.log_scale")}
    shapes |= {f"{name}.mixing.{vector}": (dims,) for vector in ("log_s", "sign_s")}
    return shapes | {f"{name}.mixing.{part}": (dims, dims) for part in ("permutation", "lower", "upper")}


def linear_shapes(name: str, inputs: int, outputs: int) -> Shapes:
    """Of a linear map with its bias."""
    return {f"{name}.weight": (outputs, inputs), f"{name}.bias": (outputs,)}


def norm_shapes(name: str, dims: int) -> Shapes:
    """Of a layer normalisation."""
    return {f"{name}.weight": (dims,), f"{name}.bias": (dims,)}
