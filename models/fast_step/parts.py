"""Parts of networks that several dancers have, written into a program with the weights of a checkpoint."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from models.fast_step.program import ProgramBuilder
from models.fast_step.weights import Matrix, StoredWeights, inverse_mixing, side_by_side


class LayerBuffers:
    """Registers that the layers of a transformer share.

    Attributes:
        normed: (dims,).
        attended: (dims,).
        qkv: Queries, keys and values, (3 * dims,).
        inner: (4 * dims,).
    """

    def __init__(self, build: ProgramBuilder, dims: int) -> None:
        self.normed, self.attended = build.register(dims), build.register(dims)
        self.qkv, self.inner = build.register(3 * dims), build.register(4 * dims)


class PartWriter:
    """Writes parts by the names of their weights.

    Args:
        build: The program.
        weights: Of the dancer.
    """

    def __init__(self, build: ProgramBuilder, weights: StoredWeights) -> None:
        self._build, self._weights = build, weights

    def linear(self, name: str, x: int, y: int, **how: Any) -> None:
        """A linear map with its bias; see `ProgramBuilder.linear`."""
        self._build.linear(x, y, self._weights.matrix(f"{name}.weight"), self._weights[f"{name}.bias"], **how)

    def enter(self, names: Sequence[str], x: int, y: int, **how: Any) -> int:
        """The sum of linear maps, of inputs that follow each other; see `ProgramBuilder.linear`."""
        bias = np.stack([self._weights[f"{name}.bias"] for name in names]).sum(0, np.float64).astype(np.float32)
        matrix = side_by_side([self._weights.matrix(f"{name}.weight") for name in names])
        return self._build.linear(x, y, matrix, bias, **how)

    def layer_norm(self, name: str, x: int, y: int) -> None:
        """Layer normalisation."""
        self._build.layer_norm(x, y, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])

    def layer(self, name: str, number: int, x: int, buffers: LayerBuffers, dims: int) -> None:
        """A layer of a causal transformer, in place; `name` is the transformer's."""
        age_bias = self._weights[f"{name}.age_bias.bias"]
        name = f"{name}.layers.{number}"
        self.layer_norm(f"{name}.attention_norm", x, buffers.normed)
        self.linear(f"{name}.query_key_value", buffers.normed, buffers.qkv)
        self._build.attend(buffers.qkv, buffers.attended, dims, number, age_bias)
        self.linear(f"{name}.attention_out", buffers.attended, x, after=x)
        self.layer_norm(f"{name}.mlp_norm", x, buffers.normed)
        self.linear(f"{name}.mlp.0", buffers.normed, buffers.inner, gelu=True)
        self.linear(f"{name}.mlp.2", buffers.inner, x, after=x)

    def unmix(self, name: str, z: int, y: int, **how: Any) -> None:
        """Undoes actnorm and mixing of a step of a flow."""
        inverse, shift = inverse_mixing(self._weights, name)
        self._build.linear(z, y, Matrix(inverse), shift, **how)
