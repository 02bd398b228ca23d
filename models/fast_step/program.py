"""Programs: a model's parts in their order, on registers of floats, and the machine that runs them for some dancers."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models.fast_step.machine_code import Kernel
from models.fast_step.opcodes import (
    ALL_ROWS,
    ATTEND,
    BLOCK,
    COUPLE,
    DANCER_WORDS,
    DEPTH,
    GELU,
    GUIDE,
    LAYER_NORM,
    LINEAR,
    MODULATE,
    NOTHING,
    OWN_ROWS,
    ROW_WORDS,
    WIDE,
    WORDS,
)
from models.fast_step.ring import FrameRing
from models.fast_step.weights import Array, Matrix

_WEIGHTS_WORD: Final = 6
_INPUTS_WORD: Final = 5
_MILLION: Final = 1_000_000
_LINE_BYTES: Final = 64
_SPREAD_FLOATS: Final = 16
"""Added to a row, so that the same register of many rows does not fall into one set of the cache."""


@dataclass(frozen=True, eq=False)
class Program:
    """What the kernel runs.

    Attributes:
        instructions: (count, `WORDS`) int64.
        stride: Floats of a row of registers.
        scratch: Floats of room that all rows share.
        kept: Arrays whose addresses the instructions hold.
    """

    instructions: NDArray[np.int64]
    stride: int
    scratch: int
    kept: tuple[NDArray[Any], ...]

    def with_fewer_inputs(self, instruction: int, inputs: int) -> "Program":
        """The program whose linear map at this place reads its first inputs alone, the others being zeros."""
        instructions = self.instructions.copy()
        assert instructions[instruction, 0] == LINEAR
        instructions[instruction, _INPUTS_WORD] = _multiple(inputs)
        return replace(self, instructions=instructions)


class ProgramBuilder:
    """Writes a program, a part of a model after the other; registers are named by their offset in a row."""

    def __init__(self) -> None:
        self._instructions: list[list[int]] = []
        self._stride = 0
        self._scratch = BLOCK
        self._kept: list[NDArray[Any]] = []
        self._matrices: list[tuple[int, Matrix]] = []

    def register(self, size: int) -> int:
        """A new register of so many floats, zeros at first.

        It is longer than that: a product reads on to a whole number of rows of a block, where weights are zero.
        """
        offset = self._stride
        self._stride += -(-(size + DEPTH) // BLOCK) * BLOCK
        return offset

    def linear(
        self,
        x: int,
        y: int,
        weight: Matrix,
        bias: Array | None = None,
        *,
        before: int = NOTHING,
        gelu: bool = False,
        after: int = NOTHING,
        rows: int = ALL_ROWS,
    ) -> int:
        """``y = after + activation(weight x + bias + before)``; `y` may be `before` or `after`, but not `x`.

        Returns:
            Its place in the program.
        """
        outputs, _ = weight.shape
        _, inputs, _ = weight.padded
        block_bytes = inputs * BLOCK * (4 if weight.is_wide else 2)
        activation = WIDE * weight.is_wide | GELU * gelu
        self._matrices.append((len(self._instructions), weight))
        bias_at = 0 if bias is None else self._keep(bias)
        self._add(LINEAR, rows, x, y, outputs, inputs, 0, block_bytes, bias_at, before, activation, after)
        return len(self._instructions) - 1

    def layer_norm(self, x: int, y: int, weight: Array, bias: Array) -> None:
        """Layer normalisation."""
        self._add(LAYER_NORM, ALL_ROWS, x, y, len(weight), self._keep(weight), self._keep(bias))

    def attend(self, qkv: int, y: int, dims: int, layer: int, age_bias: Array) -> None:
        """Attention of a frame to those of its ring; `age_bias` (heads, window), the present frame first."""
        heads, window = age_bias.shape
        self._scratch = max(self._scratch, BLOCK + window)
        bias = self._keep(np.ascontiguousarray(age_bias[:, ::-1]))
        self._add(ATTEND, ALL_ROWS, qkv, y, dims, heads, layer, bias, window)

    def couple(self, moved: int, shift: int, raw_log_scale: int, size: int, bound: float) -> None:
        """The inverse of an affine coupling, in place."""
        self._add(COUPLE, OWN_ROWS, moved, shift, raw_log_scale, size, round(bound * _MILLION))

    def guide(self, context: int, size: int, guidance: int) -> None:
        """The context of a guided dancer from those of its two passes, in place in its own row."""
        self._add(GUIDE, OWN_ROWS, context, size, guidance)

    def modulate(self, x: int, y: int, scale: int, shift: int, size: int) -> None:
        """``y = x + x * scale + shift``, in registers; `y` may be `x`."""
        self._add(MODULATE, ALL_ROWS, x, y, scale, shift, size)

    def build(self) -> Program:
        """The program; its weights lie behind each other in the order in which it reads them."""
        sizes = [4 if matrix.is_wide else 2 for _, matrix in self._matrices]
        lengths = [
            -(-int(np.prod(matrix.padded)) * size // _LINE_BYTES) * _LINE_BYTES
            for (_, matrix), size in zip(self._matrices, sizes, strict=True)
        ]
        memory = np.empty(sum(lengths) + _LINE_BYTES, np.uint8)
        begin = -memory.ctypes.data % _LINE_BYTES
        instructions = np.array(self._instructions, np.int64)
        for (index, matrix), size, length in zip(self._matrices, sizes, lengths, strict=True):
            count = int(np.prod(matrix.padded))
            blocks = memory[begin : begin + count * size].view(matrix.values.dtype).reshape(matrix.padded)
            matrix.write_blocks(blocks)
            instructions[index, _WEIGHTS_WORD] = blocks.ctypes.data
            begin += length
        stride = self._stride + _SPREAD_FLOATS
        return Program(instructions, stride, self._scratch, (memory, *self._kept))

    def _add(self, *words: int) -> None:
        self._instructions.append([*words, *[0] * (WORDS - len(words))])

    def _keep(self, vector: Array) -> int:
        kept = np.ascontiguousarray(vector, np.float32)
        self._kept.append(kept)
        return kept.ctypes.data


class Machine:
    """Rows of registers, and the kernel that runs programs on them.

    A row is one pass of one dancer; rows of a dancer follow each other. What is written into `rows` before a run is its
    input, what stands there afterwards its output. The weights are read once for all rows, and no number of a row
    depends on what other rows there are.
    """

    def __init__(self, kernel: Kernel, program: Program, num_rows: int) -> None:
        self._kernel = kernel
        self._scratch = np.zeros(program.scratch + _LINE_BYTES, np.float32)
        memory = np.zeros(num_rows * program.stride + _LINE_BYTES, np.float32)
        begin = -memory.ctypes.data % _LINE_BYTES // memory.itemsize
        self.rows: Array = memory[begin : begin + num_rows * program.stride].reshape(num_rows, program.stride)
        self._table = np.zeros((num_rows, ROW_WORDS), np.int64)
        self._dancers = np.zeros((num_rows, DANCER_WORDS), np.int64)
        self._addresses = [array.ctypes.data for array in (self.rows, self._table, self._dancers, self._scratch)]

    def run(self, program: Program, passes: Sequence[Sequence[FrameRing]]) -> None:
        """Runs a program of the same registers.

        Args:
            program: What to run.
            passes: Of each dancer, the rings of its passes, which end with the frame that is written now.
        """
        row = 0
        for dancer, rings in enumerate(passes):
            self._dancers[dancer] = row, len(rings)
            for ring in rings:
                self._table[row] = ring.address, ring.capacity, ring.newest, ring.num_visible
                row += 1
        rows, table, dancers, scratch = self._addresses
        instructions = program.instructions
        self._kernel(
            instructions.ctypes.data, len(instructions), rows, program.stride, table, row, dancers, len(passes), scratch
        )


class Machines(threading.local):
    """The machines of a thread, by their rows: the kernel runs without the interpreter's lock, on rows of its own."""

    def __init__(self, kernel: Kernel, program: Program) -> None:
        self._kernel, self._program = kernel, program
        self._by_rows: dict[int, Machine] = {}

    def of(self, num_rows: int) -> Machine:
        """The machine of so many rows."""
        if num_rows not in self._by_rows:
            self._by_rows[num_rows] = Machine(self._kernel, self._program, num_rows)
        return self._by_rows[num_rows]


def _multiple(inputs: int) -> int:
    return -(-inputs // DEPTH) * DEPTH
