"""The bridge's take files, as far as the dance that was sent is in them.

The blocks of a file are read by the reader of the bridge, which says what they are. A pose that left as the engine made
it is stored as no more than the number of the engine's step; otherwise as the exclusive or with it.
"""

import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._vendor.takes.take_file import Block, read_blocks
from .rotations import continuous, normalise
from .skeleton import Skeleton
from .take import Take, nominal_rate_hz


def read_take_file(path: Path, notes: "list[str] | None" = None) -> list[Take]:
    """The whole performance, and after it each part that was marked while it ran.

    A last block that a crash or a power cut tore is passed over.

    Args:
        path: The file.
        notes: Takes a sentence if it was cut off.

    Raises:
        ValueError: The file is no take, holds no pose, or cannot be read; the message names it.
    """
    blocks = list(read_blocks(path))
    try:
        takes = _takes(path.stem, blocks)
    except (KeyError, TypeError, IndexError, AttributeError, ValueError, OverflowError, struct.error) as error:
        raise ValueError(f"{path.name} is damaged, or of another version ({error})") from None
    lost = path.stat().st_size - blocks[-1].end
    if lost and notes is not None:
        ends = f"it ends after {takes[0].duration_s:.1f} s, and its last {lost} bytes cannot be read"
        notes.append(f"{path.name} was cut off: {ends}; copy it again if there is more")
    return takes


def _takes(name: str, blocks: list[Block]) -> list[Take]:
    header = blocks[0].facts
    entry = header["skeleton"]
    skeleton = Skeleton(
        tuple(str(bone) for bone in entry["names"]),
        tuple(int(parent) for parent in entry["parents"]),
        np.array(entry["offsets"], np.float64),
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
    marks = [mark for block in blocks if block.kind == b"MARK" for mark in block.facts["marks"]]
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


def _column(blocks: list[Block], kind: bytes, name: str, width: int) -> NDArray[Any]:
    dtype = np.uint32 if name == "pose" else np.int64
    shape = (0, width) if name == "pose" else (0,)
    arrays = [block.arrays[name] for block in blocks if block.kind == kind]
    if any(array.dtype != dtype or array.shape[1:] != shape[1:] for array in arrays):
        raise ValueError(f"its column {name} has another form")
    return np.ascontiguousarray(np.concatenate([np.zeros(shape, dtype), *arrays]))
