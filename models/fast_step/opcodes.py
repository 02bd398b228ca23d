"""The instructions of a program, as `kernel` runs them and `program` writes them: whole numbers, twelve an instruction.

The first is the kind, the second whose rows are computed; the meaning of the others is written at each kind. A register
is named by its offset in a row, in floats; weights are named by their address.
"""

from typing import Final

WORDS: Final = 12
"""Numbers of an instruction."""
BLOCK: Final = 32
"""Outputs that are computed together: the width of a block of weights."""
DEPTH: Final = 4
"""Inputs that are read together: the height of a block is a multiple of it."""
NOTHING: Final = -1
"""Stands for a register that there is not."""

ALL_ROWS: Final = 0
"""Every row: each dancer's every pass."""
OWN_ROWS: Final = 1
"""The first row of each dancer."""

LINEAR: Final = 0
"""x, y, outputs, inputs, weights, bytes of a block, bias or 0, before, activation, after; see `kernel`."""
LAYER_NORM: Final = 1
"""x, y, size, weight, bias."""
ATTEND: Final = 2
"""queries with keys and values, y, dims, heads, layer, bias by age, window frames."""
COUPLE: Final = 3
"""moved half, shift, raw log scale, size, bound in millionths: the inverse of an affine coupling, in place."""
GUIDE: Final = 4
"""contexts, size, guidance: styled + guidance * (styled - free), in place in the first row of each dancer."""
MODULATE: Final = 5
"""x, y, scale, shift, size: y = x + x * scale + shift."""

WIDE: Final = 1
"""Added to the activation where weights are float32; otherwise they are bfloat16."""
GELU: Final = 2
"""Added to the activation where there is one."""

ROW_WORDS: Final = 4
"""Numbers of a row in the table of rows: address of its ring, frames that it can hold, newest frame, frames seen."""
DANCER_WORDS: Final = 2
"""Numbers of a dancer in the table of dancers: its first row, and how many passes it has."""
