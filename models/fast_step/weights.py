"""Weights as a checkpoint stores them, read by NumPy alone, and the blocks in which a program reads them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models.fast_step.opcodes import BLOCK, DEPTH

Array = NDArray[np.float32]
_SIZE_BYTES: Final = 8
_DTYPES: Final = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "BOOL": "?", "I64": "<i8", "I32": "<i4"}
_FLOATS: Final = ("F64", "F32", "F16", "BF16")
_HALF_BITS: Final = 16


@dataclass(frozen=True, eq=False)
class Matrix:
    """A matrix (outputs, inputs), as bfloat16 wherever that loses nothing.

    Attributes:
        values: Its numbers: float32, or the bits of bfloat16 as uint16.
    """

    values: NDArray[Any]

    @classmethod
    def of(cls, values: Array) -> "Matrix":
        """A matrix of float32 numbers; they are kept as bfloat16 if all are the same in it."""
        bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
        if (bits & 0xFFFF).any():
            return cls(bits.view(np.float32))
        return cls((bits >> _HALF_BITS).astype(np.uint16))

    @property
    def is_wide(self) -> bool:
        """Whether it is kept as float32."""
        return self.values.dtype == np.float32

    @property
    def shape(self) -> tuple[int, int]:
        """Outputs and inputs."""
        outputs, inputs = self.values.shape
        return outputs, inputs

    def widened(self) -> Array:
        """As float32, (outputs, inputs)."""
        return self.values if self.is_wide else _widened(self.values)

    @property
    def padded(self) -> tuple[int, int, int]:
        """Shape in blocks: (blocks, inputs, `BLOCK`), with zeros where the matrix ends."""
        outputs, inputs = self.shape
        return -(-outputs // BLOCK), max(DEPTH, -(-inputs // DEPTH) * DEPTH), BLOCK

    def write_blocks(self, out: NDArray[Any]) -> None:
        """Writes its blocks into `out`, of the shape `padded`: all outputs of a block for one input, then the next.

        Of bfloat16 the first half of the outputs alternates with the second, so that a word of 32 bits holds one of
        each: one is widened by a shift, the other by clearing what is below it.
        """
        outputs, inputs = self.shape
        whole = outputs // BLOCK
        out[...] = 0
        rest = np.zeros((BLOCK, inputs), self.values.dtype)
        rest[: outputs - whole * BLOCK] = self.values[whole * BLOCK :]
        blocks = self.values[: whole * BLOCK].reshape(whole, BLOCK, inputs).transpose(0, 2, 1)
        for kept, own in ((out[:whole, :inputs], blocks), (out[whole:, :inputs], rest.T[None])):
            if self.is_wide:
                kept[...] = own[: len(kept)]
            else:
                kept[..., ::2], kept[..., 1::2] = own[: len(kept), :, : BLOCK // 2], own[: len(kept), :, BLOCK // 2 :]


def side_by_side(matrices: list[Matrix]) -> Matrix:
    """Matrices of the same outputs as one, whose inputs follow each other."""
    if any(matrix.is_wide for matrix in matrices):
        return Matrix(np.concatenate([matrix.widened() for matrix in matrices], 1))
    return Matrix(np.concatenate([matrix.values for matrix in matrices], 1))


class StoredWeights:
    """The tensors of a checkpoint by name.

    Args:
        path: The .safetensors file.
        expected: Shapes by name, of all tensors that the model has.

    Raises:
        ValueError: Its weights do not fit, or are not finite; the message names the file and says what to do.
    """

    def __init__(self, path: Path, expected: Mapping[str, tuple[int, ...]]) -> None:
        content = np.memmap(path, np.uint8, "r")
        begin = _SIZE_BYTES + int.from_bytes(content[:_SIZE_BYTES].tobytes(), "little")
        header: dict[str, Any] = json.loads(content[_SIZE_BYTES:begin].tobytes())
        header.pop("__metadata__", None)
        wrong = sorted(
            [name for name in expected.keys() | header.keys() if name not in expected or name not in header]
            or [name for name, shape in expected.items() if tuple(header[name]["shape"]) != shape]
        )
        if wrong:
            raise ValueError(
                f"{path}: weights do not fit the configuration, first at {wrong[0]!r}; train or export it again"
            )
        self._tensors: dict[str, NDArray[Any]] = {}
        self._halved: set[str] = set()
        for name, entry in header.items():
            dtype = entry["dtype"]
            if dtype not in _DTYPES:
                raise ValueError(f"{path}: {name!r} holds {dtype}; train or export it again")
            first, last = entry["data_offsets"]
            tensor = content[begin + first : begin + last].view(_DTYPES[dtype]).reshape(entry["shape"])
            if dtype == "BF16":
                self._halved.add(name)
            if not _is_finite(tensor, dtype):
                raise ValueError(f"{path}: weights are not finite, first at {name!r}; train it again")
            self._tensors[name] = tensor

    def __getitem__(self, name: str) -> Array:
        """A tensor as float32."""
        tensor = self._tensors[name]
        return _widened(tensor) if name in self._halved else np.array(tensor, np.float32)

    def integers(self, name: str) -> NDArray[np.int64]:
        """A tensor of whole numbers."""
        return np.array(self._tensors[name], np.int64)

    def matrix(self, name: str) -> Matrix:
        """A matrix of weights."""
        return Matrix(np.array(self._tensors[name])) if name in self._halved else Matrix.of(self[name])

    def count(self, names: set[str]) -> int:
        """How many numbers the tensors hold whose last name is not among these."""
        return sum(tensor.size for name, tensor in self._tensors.items() if name.rpartition(".")[2] not in names)


def inverse_mixing(weights: StoredWeights, step: str) -> tuple[Array, Array]:
    """The matrix (D, D) and shift (D,) that undo actnorm and mixing of a flow's step, computed in float64.

    As `models.flows.flow.FoldedFlow` has them: ``A = exp(-log_scale) W^-1`` with ``W = P L (U + diag(s))``.
    """
    parts = {
        name: weights[f"{step}.mixing.{name}"].astype(np.float64)
        for name in ("permutation", "lower", "upper", "log_s", "sign_s")
    }
    lower = np.tril(parts["lower"], -1) + np.eye(len(parts["lower"]))
    upper = np.triu(parts["upper"], 1) + np.diag(parts["sign_s"] * np.exp(parts["log_s"]))
    inverse = np.linalg.solve(upper, np.linalg.solve(lower, parts["permutation"].T))
    scale = np.exp(-weights[f"{step}.norm.log_scale"].astype(np.float64))
    return (scale[:, None] * inverse).astype(np.float32), -weights[f"{step}.norm.shift"]


def _widened(bits: NDArray[np.uint16]) -> Array:
    return (bits.astype(np.uint32) << _HALF_BITS).view(np.float32)


def _is_finite(tensor: NDArray[Any], dtype: str) -> bool:
    if dtype not in _FLOATS:
        return True
    if dtype == "BF16":
        return not bool(((tensor & 0x7F80) == 0x7F80).any())
    return bool(np.isfinite(tensor).all())
