"""The bridge's take files, as far as the dance that was sent is in them.

A file is eight bytes and then checked blocks of about a second (see `bridge/takes/take_file.py` of the bridge): a kind,
a length, a CRC-32, and zlib of a JSON text and arrays. An array is stored column by column, each row as the exclusive
or with the row before, and of those first all lowest bytes, then the next. A pose that left as the engine made it is
stored as no more than the number of the engine's step; otherwise as the exclusive or with it.
"""

import json
import math
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .rotations import continuous, normalise
from .skeleton import Skeleton
from .take import Take, nominal_rate_hz

MAGIC = b"TFTAKE1\n"
_MAX_BLOCK_BYTES = 1 << 25
_DTYPES = frozenset({"float32", "int32", "int64", "uint8", "uint32"})
_HEAD = struct.Struct("<4sII")
_Block = tuple[bytes, dict[str, Any], dict[str, NDArray[Any]]]


def read_take_file(path: Path) -> list[Take]:
    """The whole performance, and after it each part that was marked while it ran.

    A last block that a crash or a power cut tore is passed over.

    Raises:
        ValueError: The file is no take, or holds no pose; the message names it.
        OSError: It cannot be read.
    """
    content = path.read_bytes()
    if not content.startswith(MAGIC):
        raise ValueError(f"{path.name} is not a take of transflower: it does not begin with {MAGIC!r}")
    try:
        return _takes(path.stem, list(_blocks(content)))
    except (KeyError, TypeError, IndexError, AttributeError, ValueError, OverflowError, struct.error) as error:
        raise ValueError(f"{path.name} is damaged, or of another version ({error})") from None


def _takes(name: str, blocks: list[_Block]) -> list[Take]:
    header = blocks[0][1]
    told = header["skeleton"]
    skeleton = Skeleton(
        tuple(str(bone) for bone in told["names"]),
        tuple(int(parent) for parent in told["parents"]),
        np.array(told["offsets"], np.float64),
    )
    width = 3 + 4 * len(skeleton.names)
    steps = {key: _column(blocks, b"STEP", key, width) for key in ("index", "pose")}
    sent = {key: _column(blocks, b"SENT", key, width) for key in ("time_us", "base", "pose")}
    bits = sent["pose"].copy()
    based = np.flatnonzero(sent["base"] >= 0)
    if len(based):
        rows = np.searchsorted(steps["index"], sent["base"][based])
        if rows.max() >= len(steps["index"]) or (steps["index"][rows] != sent["base"][based]).any():
            raise ValueError("a pose came from a step that is not there")
        bits[based] ^= steps["pose"][rows]
    values = bits.view(np.float32).astype(np.float64)
    times_us = sent["time_us"]
    kept = np.append(True, np.diff(times_us) > 0)[: len(times_us)]
    if not kept.any():
        raise ValueError("no pose was sent in it")
    times_s = (times_us[kept] - times_us[0]) * 1e-6
    turned = continuous(normalise(values[kept, 3:].reshape(-1, len(skeleton.names), 4)))
    rate_hz = float(header.get("rate_hz") or nominal_rate_hz(times_s))
    whole = Take(name, skeleton, times_s, values[kept, :3], turned, rate_hz)
    marks = [mark for kind, facts, _ in blocks if kind == b"MARK" for mark in facts["marks"]]
    return [whole, *_parts(whole, marks, int(times_us[0]))]


def _parts(whole: Take, marks: list[Any], first_us: int) -> list[Take]:
    parts: list[Take] = []
    begin_s: float | None = None
    for is_on, time_us in [*marks, (False, first_us + round(whole.times_s[-1] * 1e6))]:
        time_s = (int(time_us) - first_us) * 1e-6
        if is_on and begin_s is None:
            begin_s = time_s
        elif not is_on and begin_s is not None:
            rows = np.flatnonzero((whole.times_s >= begin_s) & (whole.times_s <= time_s))
            if len(rows):
                name = f"{whole.name}, part {len(parts) + 1}"
                times_s = whole.times_s[rows] - whole.times_s[rows[0]]
                parts.append(
                    Take(name, whole.skeleton, times_s, whole.roots[rows], whole.rotations[rows], whole.rate_hz)
                )
            begin_s = None
    return parts


def _column(blocks: list[_Block], kind: bytes, name: str, width: int) -> NDArray[Any]:
    dtype = np.uint32 if name == "pose" else np.int64
    shape = (0, width) if name == "pose" else (0,)
    arrays = [arrays[name] for block_kind, _, arrays in blocks if block_kind == kind]
    if any(array.dtype != dtype or array.shape[1:] != shape[1:] for array in arrays):
        raise ValueError(f"its column {name} has another form")
    return np.ascontiguousarray(np.concatenate([np.zeros(shape, dtype), *arrays]))


def _blocks(content: bytes) -> Iterator[_Block]:
    start = len(MAGIC)
    while start + _HEAD.size <= len(content):
        kind, length, checksum = _HEAD.unpack_from(content, start)
        end = start + _HEAD.size + length
        packed = content[start + _HEAD.size : end]
        if length > _MAX_BLOCK_BYTES or zlib.crc32(packed) != checksum:
            if end >= len(content) or not content[-_HEAD.size :].strip(b"\0"):
                return
            raise ValueError(f"at byte {start} of {len(content)}")
        yield kind, *_unpacked(packed)
        start = end


def _unpacked(packed: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    unpacker = zlib.decompressobj()
    content = unpacker.decompress(packed, _MAX_BLOCK_BYTES)
    (length,) = struct.unpack_from("<I", content)
    said = json.loads(content[4 : 4 + length])
    position = 4 + length
    arrays = {}
    for name, (dtype, shape) in said["arrays"].items():
        if dtype not in _DTYPES or not all(isinstance(size, int) and size >= 0 for size in shape):
            raise ValueError(f"its array {name} is {dtype} {shape}")
        size = math.prod(shape) * np.dtype(dtype).itemsize
        if size > len(content) - position:
            raise ValueError(f"its array {name} is not all there")
        arrays[name] = _from_planes(content[position : position + size], np.dtype(dtype), tuple(shape))
        position += size
    return said["facts"], arrays


def _from_planes(content: bytes, dtype: "np.dtype[Any]", shape: tuple[int, ...]) -> NDArray[Any]:
    if not content:
        return np.zeros(shape, dtype)
    planes = np.frombuffer(content, np.uint8).reshape(dtype.itemsize, -1)
    columns = np.ascontiguousarray(planes.T).view(f"<u{dtype.itemsize}").reshape(-1, shape[0])
    rows = np.bitwise_xor.accumulate(np.ascontiguousarray(columns.T), axis=0)
    return rows.view(dtype).reshape(shape)
