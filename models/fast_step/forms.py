"""The forms of the kernel, by what a processor can do, and what they are compiled with and called by."""

from typing import Final, Literal

Form = Literal["avx512", "avx2", "neon", "plain"]
ROWS_TOGETHER: Final[dict[Form, int]] = {"avx512": 4, "avx2": 2, "neon": 2, "plain": 0}
"""By form, as of `vectors.make_block_product`: as many as the processor's registers hold sums of."""
PROCESSORS: Final[dict[Form, str]] = {"avx512": "x86-64-v4", "avx2": "x86-64-v3", "plain": "x86-64-v2"}
"""LLVM's name of the level of the architecture that the code of the package is compiled for; fastest first."""
ENTRY: Final = "transflower_fast_step"
"""Name of the function in the machine code."""


def numba_variables(processor: str, features: str) -> dict[str, str]:
    """The environment in which Numba compiles for a processor, by LLVM's names, whatever this machine has."""
    return {"NUMBA_CPU_NAME": processor, "NUMBA_CPU_FEATURES": features}
