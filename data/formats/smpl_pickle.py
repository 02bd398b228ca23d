"""Pickles of number arrays, read as data: nothing that such a file says is ever run.

A pickle is a program. `pickle.load` runs it, and a hostile one may then do anything. An `Unpickler` whose `find_class`
knows an allow-list of names is shorter than this reader, and not enough: nine bytes without any name, an instruction
that keeps a value under the number 2**28, make CPython 3.11's take 4 GB of memory, under 2**31 more than 30. Here the
file is only parsed (`pickletools.genops`), and this reader itself follows the few instructions with which numpy's
arrays are written. The names that arrays need are the allow-list `_CALLS`; each stands for a step of this reader, never
for the thing it names, and every other name and instruction is refused.
"""

import math
import pickletools
import reprlib
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

LARGEST_FILE_BYTES: Final = 64 * 2**20
"""More than an hour of SMPL poses at 60 frames a second."""

MOST_INSTRUCTIONS: Final = 10_000
"""An array takes about fifty."""

_CALLS: Final = {
    "numpy.ndarray": "ndarray",
    "numpy.dtype": "dtype",
    # numpy 2 renamed its inner package; files hold the name of the numpy that wrote them.
    **{f"numpy.{core}.multiarray._reconstruct": "array" for core in ("core", "_core")},
    **{f"numpy.{core}.multiarray.scalar": "scalar" for core in ("core", "_core")},
    **{f"numpy.{core}.numeric._frombuffer": "buffer" for core in ("core", "_core")},
}
"""Every name that a file may hold, and the step of this reader that it stands for."""

_ITEM_TYPES: Final = frozenset({"f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"})

_LITERALS: Final = frozenset(
    {"BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "SHORT_BINUNICODE", "BINUNICODE"}
    | {"SHORT_BINBYTES", "BINBYTES", "BINBYTES8", "BYTEARRAY8"}
)
_CONSTANTS: Final[dict[str, Any]] = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": ()}
_TUPLES: Final = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}

_SHORT: Final = reprlib.Repr()
_SHORT.maxstring = 80


@dataclass(frozen=True)
class _Name:
    """A name of `_CALLS`."""

    step: str


@dataclass
class _ItemType:
    """What an array holds; the file tells the byte order after the rest."""

    code: str
    byte_order: str = "="


@dataclass
class _Array:
    """An array; the file tells its values after having made it."""

    values: NDArray[Any] | None = None


def read_number_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a pickled dict, by name; entries that hold anything else than numbers are left out.

    Numbers become arrays of shape (). Pickle protocols 3 to 5 are read, which numpy and `pickle.dump` have written
    under every Python 3.

    Raises:
        ValueError: the file is cut off, larger than 64 MiB, holds something else than a dict of arrays, or names
            anything that no array needs; the message says the file and what was found.
        OSError: the file cannot be read.
    """
    size = path.stat().st_size
    if size > LARGEST_FILE_BYTES:
        raise ValueError(f"{path} has {size} bytes: files of poses have at most {LARGEST_FILE_BYTES}")
    try:
        content = _Reader().read(path.read_bytes())
    except ValueError as error:
        raise ValueError(f"{path} is no pickle of number arrays: {error}") from error
    arrays = {}
    for name, value in content.items():
        if isinstance(value, _Array):
            value = value.values
        if isinstance(value, (int, float)) and abs(value) < 2**63:
            value = np.array(value)
        if isinstance(value, np.ndarray):
            arrays[name] = value
    return arrays


class _Reader:
    """The state of reading one file: a stack of values, the marks in it, and values kept for later."""

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}

    def read(self, content: bytes) -> dict[str, Any]:
        """Follow every instruction; the value that is left."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # the parser's, of odd escapes in texts: damage
            for count, (opcode, argument, position) in enumerate(pickletools.genops(content)):
                if count > MOST_INSTRUCTIONS:
                    raise ValueError(f"more than {MOST_INSTRUCTIONS} instructions")
                if opcode.name == "STOP":
                    break
                self._follow(opcode.name, argument, position)
        result = self._pop()
        if not isinstance(result, dict):
            raise ValueError(f"it holds {_what(result)}, not a dict")
        return result

    def _follow(self, instruction: str, argument: Any, position: int | None) -> None:
        match instruction:
            case "PROTO" | "FRAME":
                pass
            case _ if instruction in _LITERALS:
                self._stack.append(argument)
            case _ if instruction in _CONSTANTS:
                self._stack.append(_CONSTANTS[instruction])
            case "EMPTY_DICT":
                self._stack.append({})
            case "MARK":
                self._marks.append(len(self._stack))
            case "TUPLE":
                self._stack.append(tuple(self._pop_to_mark()))
            case _ if instruction in _TUPLES:
                self._stack.append(tuple(reversed([self._pop() for _ in range(_TUPLES[instruction])])))
            case "SETITEM":
                value, key = self._pop(), self._pop()
                self._set_items([key, value])
            case "SETITEMS":
                self._set_items(self._pop_to_mark())
            case "MEMOIZE":
                self._memo[len(self._memo)] = self._top()
            case "BINPUT" | "LONG_BINPUT":
                self._memo[argument] = self._top()
            case "BINGET" | "LONG_BINGET":
                if argument not in self._memo:
                    raise ValueError(f"it refers to a value {argument} that it never kept")
                self._stack.append(self._memo[argument])
            case "GLOBAL":
                self._stack.append(_name(argument.replace(" ", ".", 1)))
            case "STACK_GLOBAL":
                name, module = self._pop(), self._pop()
                if not (isinstance(name, str) and isinstance(module, str)):
                    raise ValueError(f"it names {_what(module)} and {_what(name)} instead of a module and a name")
                self._stack.append(_name(f"{module}.{name}"))
            case "REDUCE":
                arguments, callee = self._pop(), self._pop()
                self._stack.append(_call(callee, arguments))
            case "BUILD":
                state = self._pop()
                _build(self._top(), state)
            case _:
                raise ValueError(f"no array needs its instruction {instruction} (byte {position})")

    def _top(self) -> Any:
        if len(self._stack) <= (self._marks[-1] if self._marks else 0):
            raise ValueError("a value is missing where it needs one")
        return self._stack[-1]

    def _pop(self) -> Any:
        value = self._top()
        del self._stack[-1]
        return value

    def _pop_to_mark(self) -> list[Any]:
        if not self._marks:
            raise ValueError("a mark is missing where it needs one")
        start = self._marks.pop()
        values = self._stack[start:]
        del self._stack[start:]
        return values

    def _set_items(self, items: list[Any]) -> None:
        target = self._top()
        names = items[::2]
        if not isinstance(target, dict) or len(items) % 2 or not all(isinstance(name, str) for name in names):
            raise ValueError(f"it puts {len(items)} values into {_what(target)}: only dicts with text keys are read")
        target.update(zip(names, items[1::2], strict=True))


def _name(dotted: str) -> _Name:
    """What a name in a file stands for.

    Raises:
        ValueError: it is none of those that arrays need.
    """
    if dotted not in _CALLS:
        raise ValueError(f"it asks for {_shown(dotted)}, which no array needs; nothing of it was run")
    return _Name(_CALLS[dotted])


def _call(callee: object, arguments: object) -> object:
    """The value of a call in the file, made by this reader."""
    match callee, arguments:
        case _Name("array"), (_Name("ndarray"), _, _):
            return _Array()
        case _Name("dtype"), (str() as code, *_):
            if code not in _ITEM_TYPES:
                raise ValueError(f"an array in it holds items of type {_shown(code)}, not numbers")
            return _ItemType(code)
        case _Name("scalar"), (_ItemType() as items, bytes() as raw):
            return _array(items, (), raw, "C")
        case _Name("buffer"), (
            bytes() | bytearray() as raw,
            _ItemType() as items,
            tuple() as shape,
            "C" | "F" as order,
        ):
            return _array(items, shape, raw, order)
    raise ValueError(f"it calls {_what(callee)} with {_what(arguments)} as no array does")


def _build(target: object, state: object) -> None:
    """Tell a value what the file says of it after having made it."""
    match target, state:
        case _ItemType(), (_, "<" | ">" | "|" | "=" as byte_order, *_):
            target.byte_order = byte_order
        case _Array(), (_, tuple() as shape, _ItemType() as items, bool() as fortran, bytes() as raw):
            target.values = _array(items, shape, raw, "F" if fortran else "C")
        case _:
            raise ValueError(f"it sets the state of {_what(target)} to {_what(state)} as no array does")


def _array(items: _ItemType, shape: tuple[Any, ...], raw: bytes | bytearray, order: Any) -> NDArray[Any]:
    """The numbers in some bytes, as many as the file has and never more than it says."""
    if len(shape) > 8 or not all(type(length) is int and 0 <= length <= LARGEST_FILE_BYTES for length in shape):
        raise ValueError(f"{_shown(shape)} is no shape of an array")
    dtype = np.dtype(items.byte_order.replace("|", "=") + items.code)
    num_bytes = math.prod(shape) * dtype.itemsize
    if num_bytes != len(raw):
        raise ValueError(f"an array of shape {shape} and type {dtype} takes {num_bytes} bytes, not {len(raw)}")
    return np.frombuffer(raw, dtype).reshape(shape, order=order)


def _what(value: object) -> str:
    """A value for a message; those in a file may be huge, or small and huge when written out."""
    return f"{value.step!r}" if isinstance(value, _Name) else f"a {type(value).__name__.strip('_').lower()}"


def _shown(value: object) -> str:
    """A value as it would be written in a program, cut short."""
    return _SHORT.repr(value)
