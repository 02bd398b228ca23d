"""What numba lacks: pointers, the bits of bfloat16, and a product whose sums stay in vector registers."""

from typing import Any, Final

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from models.fast_step.opcodes import BLOCK

_LANES: Final = 16
_FLOAT, _INT, _LONG = ir.FloatType(), ir.IntType(32), ir.IntType(64)
_FLOATS, _INTS = ir.VectorType(_FLOAT, _LANES), ir.VectorType(_INT, _LANES)
_HALF_BITS: Final = 16
_UPPER_HALF: Final = 0xFFFF0000
_BYTE: Final = ir.IntType(8)
_LINE_BYTES: Final = 64
_AHEAD_BYTES: Final = 4096
"""So far ahead weights are asked for: the processor by itself stops at the end of each page."""
_TO_READ: Final = (0, 3, 1)
"""Of LLVM's prefetch: to read, to keep in all caches, data."""


def _pointer_of(kind: Any, name: str) -> Any:
    def typed(context: Any, address: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.inttoptr(arguments[0], context.get_value_type(types.CPointer(kind)))

        return types.CPointer(kind)(types.int64), generate

    typed.__name__ = name
    return intrinsic(typed)


floats_at = _pointer_of(types.float32, "floats_at")
"""The address of floats, int64, as a pointer."""
shorts_at = _pointer_of(types.uint16, "shorts_at")
"""The address of bfloat16 numbers, int64, as a pointer."""


def _moved(context: Any, pointer: Any, count: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.gep(arguments[0], [arguments[1]])

    return pointer(pointer, types.int64), generate


moved = intrinsic(_moved)
"""A pointer, so many elements further on."""


def _float_of_bits(context: Any, bits: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], _FLOAT)

    return types.float32(types.int32), generate


float_of_bits = intrinsic(_float_of_bits)
"""The float32 of these bits, int32."""


def make_block_product(*, wide: bool, rows_together: int) -> Any:
    """``block_product(weights, x, y, inputs)``: a block of weights (inputs, BLOCK) times x (inputs,), into y (BLOCK,).

    Weights are read in the order in which they lie; each number of x meets all outputs at once. The sums are in an
    order that depends on nothing but the sizes.

    Args:
        wide: Whether weights are float32; otherwise bfloat16, whose bits are the upper half of a float32. Of these the
            first and second half of a row are interleaved, see `weights.Matrix.write_blocks`.
        rows_together: Rows of weights that have sums of their own, 2 or 4, as many as the registers hold: a sum waits
            for the one before. Divides the number of inputs.
    """
    row_bytes = BLOCK * (4 if wide else 2)
    parts = BLOCK // _LANES

    def weights_of(builder: Any, vectors: Any, row: int) -> list[Any]:
        """A row of weights as vectors of float32; two numbers of bfloat16 are read as one, an operation each."""
        if wide:
            places = [builder.gep(vectors, [ir.Constant(_LONG, parts * row + part)]) for part in range(parts)]
            return [builder.load(place, align=4) for place in places]
        both = builder.load(builder.gep(vectors, [ir.Constant(_LONG, row)]), align=4)
        lower = builder.shl(both, ir.Constant(_INTS, [_HALF_BITS] * _LANES))
        upper = builder.and_(both, ir.Constant(_INTS, [_UPPER_HALF] * _LANES))
        return [builder.bitcast(half, _FLOATS) for half in (lower, upper)]

    def typed(context: Any, weights: Any, x: Any, y: Any, inputs: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            weights, x, y, inputs = arguments
            module = builder.module
            name = f"llvm.fma.v{_LANES}f32"
            fma = module.globals.get(name) or ir.Function(module, ir.FunctionType(_FLOATS, [_FLOATS] * 3), name)
            name = "llvm.prefetch.p0"
            kinds = [_BYTE.as_pointer(), _INT, _INT, _INT]
            prefetch = module.globals.get(name) or ir.Function(module, ir.FunctionType(ir.VoidType(), kinds), name)
            zero, start = ir.Constant(_FLOATS, [0.0] * _LANES), builder.block
            loop, end = builder.append_basic_block("rows"), builder.append_basic_block("rows_end")
            builder.branch(loop)
            builder.position_at_end(loop)
            index = builder.phi(_LONG)
            index.add_incoming(ir.Constant(_LONG, 0), start)
            sums = [builder.phi(_FLOATS) for _ in range(rows_together * parts)]
            for total in sums:
                total.add_incoming(zero, start)
            begin = builder.add(weights, builder.mul(index, ir.Constant(_LONG, row_bytes)))
            vectors = builder.inttoptr(begin, (_FLOATS if wide else _INTS).as_pointer())
            totals = []
            for line in range(rows_together * row_bytes // _LINE_BYTES):
                place = builder.add(begin, ir.Constant(_LONG, _AHEAD_BYTES + line * _LINE_BYTES))
                words = (builder.inttoptr(place, _BYTE.as_pointer()), *(ir.Constant(_INT, word) for word in _TO_READ))
                builder.call(prefetch, words)
            for row in range(rows_together):
                number = builder.load(builder.gep(x, [builder.add(index, ir.Constant(_LONG, row))]))
                undefined = ir.Constant(_FLOATS, ir.Undefined)
                alone = builder.insert_element(undefined, number, ir.Constant(_INT, 0))
                spread = builder.shuffle_vector(alone, undefined, ir.Constant(_INTS, [0] * _LANES))
                for part, weight in enumerate(weights_of(builder, vectors, row)):
                    totals.append(builder.call(fma, [weight, spread, sums[parts * row + part]]))
            further = builder.add(index, ir.Constant(_LONG, rows_together))
            index.add_incoming(further, loop)
            for total, new in zip(sums, totals, strict=True):
                total.add_incoming(new, loop)
            builder.cbranch(builder.icmp_signed("<", further, inputs), loop, end)
            builder.position_at_end(end)
            out = builder.bitcast(y, _FLOATS.as_pointer())
            for part in range(parts):
                own = totals[part::parts]
                while len(own) > 1:
                    own = [builder.fadd(a, b) for a, b in zip(own[::2], own[1::2], strict=True)]
                builder.store(own[0], builder.gep(out, [ir.Constant(_LONG, part)]), align=4)
            return context.get_dummy_value()

        floats = types.CPointer(types.float32)
        return types.void(types.int64, floats, floats, types.int64), generate

    return intrinsic(typed)
