r"""The take file: checked blocks, only ever appended to, so that whatever cuts the file off costs a second of dance.

A file is the eight bytes ``TFTAKE1\n`` and then blocks, of about a second each. Numbers are little-endian.

========  ==========================================================================================================
4 bytes   kind: ``HEAD`` (once, first), ``STEP``, ``SENT`` or ``MARK``
u32       length of what follows the checksum
u32       CRC-32 of what follows
...       zlib of: u32 length of a JSON text; the text, ``{"facts": ..., "arrays": {name: [dtype, shape]}}``; the arrays
========  ==========================================================================================================

An array is stored so that zlib finds what there is to find: as the exclusive or of each row's bits with the row before,
one column after another, and of those first all lowest bytes, then the next. Nothing is lost.
"""

import json
import math
import os
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

MAGIC: Final = b"TFTAKE1\n"
SUFFIX: Final = ".take"
KINDS: Final = frozenset({b"HEAD", b"STEP", b"SENT", b"MARK"})
MAX_BLOCK_BYTES: Final = 1 << 25
"""Largest block, packed or not: far more than a second, or a minute on a slow disk, of any dancer."""

_BLOCK: Final = struct.Struct("<4sII")
_LENGTH: Final = struct.Struct("<I")
_DTYPES: Final = frozenset({"float32", "int32", "int64", "uint8", "uint32"})


@dataclass(frozen=True, eq=False)
class Block:
    """A block as it was packed.

    Attributes:
        kind: One of `KINDS`.
        facts: Whatever JSON can say.
        arrays: By name.
        end: Offset in the file of the byte after it.
    """

    kind: bytes
    facts: dict[str, Any]
    arrays: dict[str, NDArray[Any]]
    end: int


def pack_block(kind: bytes, facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]] | None = None) -> bytes:
    """A block.

    Raises:
        ValueError: An array is of a kind that takes do not know, or the facts are not JSON.
    """
    arrays = arrays or {}
    foreign = [name for name, array in arrays.items() if array.dtype.name not in _DTYPES]
    if foreign:
        raise ValueError(f"no array of a take can be {arrays[foreign[0]].dtype.name}: {foreign[0]}")
    layout = {name: [array.dtype.name, array.shape] for name, array in arrays.items()}
    text = json.dumps({"facts": facts, "arrays": layout}, allow_nan=False, separators=(",", ":")).encode()
    planes = b"".join(_planes(array) for array in arrays.values())
    packed = zlib.compress(_LENGTH.pack(len(text)) + text + planes, 4)
    return _BLOCK.pack(kind, len(packed), zlib.crc32(packed)) + packed


@dataclass(frozen=True, eq=False)
class PackedBlock:
    """A block whose checksum is right, as it lies in the file.

    Attributes:
        kind: One of `KINDS`.
        packed: What `unpacked` understands.
        start: Offset in the file of its first byte.
        end: Offset of the byte after it.
    """

    kind: bytes
    packed: bytes
    start: int
    end: int

    def unpacked(self, path: Path) -> Block:
        """The block as it was packed.

        Raises:
            ValueError: It makes no sense; the message names the file, `path`.
        """
        try:
            facts, arrays = _unpack(self.packed)
        except (ValueError, KeyError, TypeError, AttributeError, zlib.error, struct.error, RecursionError) as error:
            raise ValueError(f"{path}: the block at byte {self.start} makes no sense ({error})") from None
        return Block(self.kind, facts, arrays, self.end)


def read_blocks(path: Path) -> Iterator[Block]:
    """The blocks of a file, in order, one in memory at a time.

    Raises:
        ValueError: As of `walk_blocks`, or a block makes no sense.
    """
    for block in walk_blocks(path):
        yield block.unpacked(path)


def walk_blocks(path: Path) -> Iterator[PackedBlock]:
    """The blocks of a file as they lie there. A last one that is torn, as by a crash or a power cut, is passed over.

    Raises:
        ValueError: The file is no take, cannot be read, or is damaged before its end.
    """
    try:
        with path.open("rb") as file:
            yield from _walk(path, file, os.fstat(file.fileno()).st_size)
    except OSError as error:
        raise ValueError(f"{path}: cannot be read ({error.strerror or error})") from None


def _walk(path: Path, file: BinaryIO, size: int) -> Iterator[PackedBlock]:
    if file.read(len(MAGIC)) != MAGIC:
        raise ValueError(f"{path}: not a take: it does not begin with {MAGIC!r}; `transflower perform` records takes")
    start = len(MAGIC)
    while start + _BLOCK.size <= size and len(head := file.read(_BLOCK.size)) == _BLOCK.size:
        kind, length, checksum = _BLOCK.unpack(head)
        end = start + _BLOCK.size + length
        packed = file.read(length) if length <= MAX_BLOCK_BYTES else b""
        is_sound = kind in KINDS and len(packed) == length and zlib.crc32(packed) == checksum
        if not is_sound:
            # A crash leaves a block that is too short; a power cut may leave one that is zeros from some byte on.
            file.seek(max(0, size - _BLOCK.size))
            if (kind in KINDS and end >= size) or not file.read(_BLOCK.size).strip(b"\0"):
                return
            raise ValueError(
                f"{path}: damaged at byte {start} of {size}; copy it again, or cut it there to save what "
                f"lies before: head -c {start} {path.name} > saved{SUFFIX}"
            )
        yield PackedBlock(kind, packed, start, end)
        start = end


def _unpack(packed: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    unpacker = zlib.decompressobj()
    content = unpacker.decompress(packed, MAX_BLOCK_BYTES)
    if not unpacker.eof:
        raise ValueError(f"it is longer than {MAX_BLOCK_BYTES} bytes or ends within itself")
    (length,) = _LENGTH.unpack_from(content)
    position = _LENGTH.size + length
    said = json.loads(content[_LENGTH.size : position])
    facts = said["facts"]
    if not isinstance(facts, dict):
        raise ValueError("its facts are no table")
    arrays = {}
    for name, (dtype, shape) in said["arrays"].items():
        if dtype not in _DTYPES or not all(isinstance(size, int) and size >= 0 for size in shape):
            raise ValueError(f"its array {name} is {dtype} {shape}")
        num_bytes = math.prod(shape) * np.dtype(dtype).itemsize
        if num_bytes > len(content) - position:
            raise ValueError(f"its array {name} of {shape} {dtype} is not all there")
        arrays[name] = _from_planes(content[position : position + num_bytes], np.dtype(dtype), tuple(shape))
        position += num_bytes
    if position != len(content):
        raise ValueError(f"{len(content) - position} bytes follow its arrays")
    return facts, arrays


def _planes(array: NDArray[Any]) -> bytes:
    if array.size == 0:
        return b""
    rows = _as_bits(array).reshape(len(array), -1)
    changes = rows.copy()
    changes[1:] ^= rows[:-1]
    columns = np.ascontiguousarray(changes.T)
    return np.ascontiguousarray(columns.view(np.uint8).reshape(-1, array.dtype.itemsize).T).tobytes()


def _from_planes(content: bytes, dtype: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    if not content:
        return np.zeros(shape, dtype)
    planes = np.frombuffer(content, np.uint8).reshape(dtype.itemsize, -1)
    columns = np.ascontiguousarray(planes.T).view(f"<u{dtype.itemsize}").reshape(-1, shape[0])
    rows = np.bitwise_xor.accumulate(np.ascontiguousarray(columns.T), axis=0)
    return rows.view(dtype).reshape(shape)


def _as_bits(array: NDArray[Any]) -> NDArray[Any]:
    return np.ascontiguousarray(array).view(f"<u{array.dtype.itemsize}")
