"""The program's machine: one function that runs any program of `opcodes`. Numba compiles it, once for a processor.

Nothing here is known of a dancer. Arrays are pointers, so that the machine code stands for itself: what `machine_code`
keeps of it needs neither numba nor Python. Nothing is allocated, nothing can fail.
"""

from typing import Any, Final

import numpy as np
from numba import njit, types

from models.fast_step.opcodes import (
    ALL_ROWS,
    ATTEND,
    BLOCK,
    COUPLE,
    DANCER_WORDS,
    GELU,
    GUIDE,
    LAYER_NORM,
    LINEAR,
    MODULATE,
    NOTHING,
    ROW_WORDS,
    WIDE,
    WORDS,
)
from models.fast_step.vectors import float_of_bits, floats_at, make_block_product, moved, shorts_at

F = np.float32
SIGNATURE: Final = types.void(
    types.CPointer(types.int64),  # the program
    types.int64,  # its instructions
    types.CPointer(types.float32),  # rows of registers
    types.int64,  # floats of a row
    types.CPointer(types.int64),  # the table of rows
    types.int64,  # rows
    types.CPointer(types.int64),  # the table of dancers
    types.int64,  # dancers
    types.CPointer(types.float32),  # room for a block of outputs, then for a window of scores
)
"""Of the function that `make_kernel` makes."""

# Sums may be computed several at a time and products contracted, which is fixed when it is compiled; but what is not
# finite stays so, for whoever watches over the dance to see.
_compiled = njit(fastmath={"reassoc", "nsz", "arcp", "contract"}, error_model="numpy")
_inlined = njit(fastmath={"reassoc", "nsz", "arcp", "contract"}, error_model="numpy", inline="always")


def _bounded(x: Any, low: Any, high: Any) -> Any:
    """The nearest number from low to high; what is no number stays as it is."""
    x = high if x > high else x
    return low if x < low else x


bounded = _inlined(_bounded)


def _exponential(x: Any) -> Any:
    """e^x to within two units of the last place (Cephes, expf)."""
    y = bounded(x, F(-87.0), F(88.0))
    n = np.floor(y * F(1.44269504088896341) + F(0.5))
    r = y - n * F(0.693359375) + n * F(2.12194440e-4)
    p = F(1.9875691500e-4)
    p = p * r + F(1.3981999507e-3)
    p = p * r + F(8.3334519073e-3)
    p = p * r + F(4.1665795894e-2)
    p = p * r + F(1.6666665459e-1)
    p = p * r + F(5.0000001201e-1)
    return (p * r * r + r + F(1.0)) * float_of_bits(np.int32((np.int32(n) + np.int32(127)) << np.int32(23)))


exponential = _inlined(_exponential)


def _error_function(x: Any) -> Any:
    """erf(x) to within a few units of the last place: an odd rational function (as Eigen has it)."""
    x = bounded(x, F(-4.0), F(4.0))
    s = x * x
    p = F(-2.72614225801306e-10)
    p = p * s + F(2.77068142495902e-08)
    p = p * s + F(-2.10102402082508e-06)
    p = p * s + F(-5.69250639462346e-05)
    p = p * s + F(-7.34990630326855e-04)
    p = p * s + F(-2.95459980854025e-03)
    p = p * s + F(-1.60960333262415e-02)
    q = F(-1.45660718464996e-05)
    q = q * s + F(-2.13374055278905e-04)
    q = q * s + F(-1.68282697438203e-03)
    q = q * s + F(-7.37332916720468e-03)
    q = q * s + F(-1.42647390514189e-02)
    return x * p / q


error_function = _inlined(_error_function)


def _hyperbolic_tangent(x: Any) -> Any:
    """tanh(x) to within a few units of the last place: an odd rational function (as Eigen has it)."""
    x = bounded(x, F(-7.90531110763549805), F(7.90531110763549805))
    s = x * x
    p = F(-2.76076847742355e-16)
    p = p * s + F(2.00018790482477e-13)
    p = p * s + F(-8.60467152213735e-11)
    p = p * s + F(5.12229709037114e-08)
    p = p * s + F(1.48572235717979e-05)
    p = p * s + F(6.37261928875436e-04)
    p = p * s + F(4.89352455891786e-03)
    q = F(1.19825839466702e-06)
    q = q * s + F(1.18534705686654e-04)
    q = q * s + F(2.26843463243900e-03)
    q = q * s + F(4.89352518554385e-03)
    return x * p / q


hyperbolic_tangent = _inlined(_hyperbolic_tangent)


def _plain_product(weights: Any, x: Any, y: Any, inputs: Any) -> None:
    """What `make_block_product` makes, for bfloat16, without vectors of a certain width."""
    rows = shorts_at(weights)
    for j in range(BLOCK):
        y[j] = F(0.0)
    for i in range(inputs):
        number = x[i]
        for j in range(BLOCK // 2):
            y[j] += float_of_bits(np.int32(np.int32(rows[BLOCK * i + 2 * j]) << np.int32(16))) * number
            y[BLOCK // 2 + j] += float_of_bits(np.int32(np.int32(rows[BLOCK * i + 2 * j + 1]) << np.int32(16))) * number


def _plain_wide_product(weights: Any, x: Any, y: Any, inputs: Any) -> None:
    """The same for float32."""
    rows = floats_at(weights)
    for j in range(BLOCK):
        y[j] = F(0.0)
    for i in range(inputs):
        number = x[i]
        for j in range(BLOCK):
            y[j] += rows[BLOCK * i + j] * number


def _layer_norm(x: Any, y: Any, size: Any, weight: Any, bias: Any) -> None:
    mean = F(0.0)
    for i in range(size):
        mean += x[i]
    mean /= F(size)
    variance = F(0.0)
    for i in range(size):
        variance += (x[i] - mean) * (x[i] - mean)
    scale = F(1.0) / np.sqrt(variance / F(size) + F(1e-5))
    for i in range(size):
        y[i] = (x[i] - mean) * scale * weight[i] + bias[i]


layer_norm = _compiled(_layer_norm)


def _attend(
    qkv: Any,
    y: Any,
    dims: Any,
    heads: Any,
    keys: Any,
    values: Any,
    bias: Any,
    window: Any,
    row: Any,
    scores: Any,
) -> None:
    """One frame against those it sees: softmax over ages, oldest first; keys and values are (frames, dims)."""
    newest, count = row[2], row[3]
    head_dims = dims // heads
    scale = F(1.0) / np.sqrt(F(head_dims))
    new_key, new_value = moved(keys, newest * dims), moved(values, newest * dims)
    for i in range(dims):
        new_key[i] = qkv[dims + i]
        new_value[i] = qkv[2 * dims + i]
    for head in range(heads):
        query, out = moved(qkv, head * head_dims), moved(y, head * head_dims)
        own_bias = moved(bias, head * window + window - count)
        first = (newest - count + 1) * dims + head * head_dims
        own_keys, own_values = moved(keys, first), moved(values, first)
        largest = F(-3.0e38)
        for frame in range(count):
            key = moved(own_keys, frame * dims)
            total = F(0.0)
            for i in range(head_dims):
                total += query[i] * key[i]
            score = total * scale + own_bias[frame]
            scores[frame] = score
            largest = score if score > largest else largest
        total = F(0.0)
        for frame in range(count):
            share = exponential(scores[frame] - largest)
            scores[frame] = share
            total += share
        for i in range(head_dims):
            out[i] = F(0.0)
        scale_out = F(1.0) / total
        for frame in range(count):
            share, value = scores[frame] * scale_out, moved(own_values, frame * dims)
            for i in range(head_dims):
                out[i] += share * value[i]


attend = _compiled(_attend)


def _couple(half: Any, shift: Any, raw: Any, size: Any, bound: Any) -> None:
    """The inverse of ``b -> (b + t) exp(r)``, r being bounded by a hyperbolic tangent."""
    for i in range(size):
        half[i] = half[i] * exponential(-bound * hyperbolic_tangent(raw[i] / bound)) - shift[i]


couple = _compiled(_couple)


def _add(y: Any, x: Any, size: Any) -> None:
    for i in range(size):
        y[i] += x[i]


add = _compiled(_add)


def _gelu(x: Any, size: Any) -> None:
    for i in range(size):
        x[i] = F(0.5) * x[i] * (F(1.0) + error_function(x[i] * F(0.70710678118654752)))


gelu = _compiled(_gelu)


def _copy(x: Any, y: Any, size: Any) -> None:
    for i in range(size):
        y[i] = x[i]


copy = _compiled(_copy)


def _modulate(x: Any, y: Any, scale: Any, shift: Any, size: Any) -> None:
    for i in range(size):
        y[i] = x[i] + x[i] * scale[i] + shift[i]


modulate = _compiled(_modulate)


def make_kernel(rows_together: int) -> Any:
    """The function of `SIGNATURE`.

    Args:
        rows_together: As of `make_block_product`; 0 makes the plain form, which needs no vector instructions.
    """
    if rows_together:
        product = make_block_product(wide=False, rows_together=rows_together)
        wide_product = make_block_product(wide=True, rows_together=rows_together)
    else:
        product, wide_product = _compiled(_plain_product), _compiled(_plain_wide_product)

    @_compiled  # type: ignore[untyped-decorator]
    def linear(op: Any, rows: Any, stride: Any, dancers: Any, count: Any, scratch: Any) -> None:
        """``y = after + activation(W x + bias + before)``; a block is read once for all rows."""
        x_at, y_at, outputs, inputs, weights, block_bytes = op[2], op[3], op[4], op[5], op[6], op[7]
        bias_at, before_at, activation, after_at = op[8], op[9], op[10], op[11]
        for block in range((outputs + BLOCK - 1) // BLOCK):
            begin = block * BLOCK
            size = min(BLOCK, outputs - begin)
            for i in range(count):
                row = i if op[1] == ALL_ROWS else dancers[i * DANCER_WORDS]
                own = moved(rows, row * stride)
                x = moved(own, x_at)
                if activation & WIDE:
                    wide_product(weights + block * block_bytes, x, scratch, inputs)
                else:
                    product(weights + block * block_bytes, x, scratch, inputs)
                if bias_at != 0:
                    add(scratch, moved(floats_at(bias_at), begin), size)
                if before_at != NOTHING:
                    add(scratch, moved(own, before_at + begin), size)
                if activation & GELU:
                    gelu(scratch, size)
                if after_at != NOTHING:
                    add(scratch, moved(own, after_at + begin), size)
                copy(scratch, moved(own, y_at + begin), size)

    @_compiled  # type: ignore[untyped-decorator]
    def kernel(
        program: Any,
        num_instructions: Any,
        rows: Any,
        stride: Any,
        table: Any,
        num_rows: Any,
        dancers: Any,
        num_dancers: Any,
        scratch: Any,
    ) -> None:
        scores = moved(scratch, BLOCK)
        for number in range(num_instructions):
            op = moved(program, number * WORDS)
            kind = op[0]
            count = num_rows if op[1] == ALL_ROWS else num_dancers
            if kind == LINEAR:
                linear(op, rows, stride, dancers, count, scratch)
                continue
            for i in range(count):
                row = i if op[1] == ALL_ROWS else dancers[i * DANCER_WORDS]
                own = moved(rows, row * stride)
                if kind == LAYER_NORM:
                    layer_norm(moved(own, op[2]), moved(own, op[3]), op[4], floats_at(op[5]), floats_at(op[6]))
                elif kind == ATTEND:
                    entry = moved(table, row * ROW_WORDS)
                    keys = moved(floats_at(entry[0]), 2 * op[6] * entry[1] * op[4])
                    values = moved(keys, entry[1] * op[4])
                    attend(
                        moved(own, op[2]), moved(own, op[3]), op[4], op[5], keys, values, floats_at(op[7]), op[8],
                        entry, scores,
                    )  # fmt: skip
                elif kind == COUPLE:
                    bound = F(op[6]) * F(1e-6)
                    couple(moved(own, op[2]), moved(own, op[3]), moved(own, op[4]), op[5], bound)
                elif kind == MODULATE:
                    modulate(moved(own, op[2]), moved(own, op[3]), moved(own, op[4]), moved(own, op[5]), op[6])
                elif kind == GUIDE and dancers[i * DANCER_WORDS + 1] > 1:
                    context, free = moved(own, op[2]), moved(own, stride + op[2])
                    guidance = moved(own, op[4])[0]
                    for j in range(op[3]):
                        context[j] = (F(1.0) + guidance) * context[j] - guidance * free[j]

    return kernel
