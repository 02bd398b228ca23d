"""The poses of a take, a second at a time: an evening's are exported in the memory of a minute's.

What comes out is what `read_take` has; poses bit for bit, and between two of them up to a rounding.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bridge.takes.outline import TakeOutline
from bridge.takes.take import SENT_LAYOUT, STEP_LAYOUT, check_times, columns_of, poses_of
from bridge.takes.take_file import Block, read_blocks
from data.motion import rotations
from data.motion.motion import Motion

_KEPT_S: Final = 120
"""Steps that a pose may have come from; a recorder looks back for seconds, and its blocks hold a minute at most."""


@dataclass(frozen=True, eq=False)
class SentChunk:
    """Some poses in a row, as they left.

    Attributes:
        sequence: (poses,).
        time_us: What each was meant for, on the bridge's clock, (poses,).
        root_positions: (poses, 3), metres.
        rotations: (poses, joints, 4).
    """

    sequence: NDArray[np.int64]
    time_us: NDArray[np.int64]
    root_positions: NDArray[np.float32]
    rotations: NDArray[np.float32]


def stream_sent(path: Path, outline: TakeOutline) -> Iterator[SentChunk]:
    """The poses of a take, block by block.

    Raises:
        ValueError: The take is damaged, or makes no sense.
    """
    try:
        yield from _stream(path, outline)
    except (KeyError, TypeError, IndexError, AttributeError, ValueError, OverflowError) as error:
        text = str(error)
        raise ValueError(text if text.startswith(str(path)) else f"{path}: not a usable take: {text}") from None


def _stream(path: Path, outline: TakeOutline) -> Iterator[SentChunk]:
    num_bits = 3 + 4 * outline.header.skeleton.num_joints
    index = np.zeros(0, np.int64)
    bits = np.zeros((0, num_bits), np.uint32)
    ends_us: list[int] = []
    for block in read_blocks(path):
        if block.kind == b"STEP":
            columns = columns_of([block], STEP_LAYOUT, num_bits)
            kept = -_KEPT_S * outline.header.rate_hz
            index = np.concatenate([index, columns["index"]])[kept:]
            bits = np.concatenate([bits, columns["pose"]])[kept:]
        elif block.kind == b"SENT":
            chunk = _chunk(block, index, bits, num_bits)
            check_times(np.array([*ends_us, *chunk.time_us.tolist()]))
            if len(chunk.time_us):
                ends_us = [*ends_us[:1], int(chunk.time_us[-1])]
            yield chunk


def _chunk(block: Block, index: NDArray[np.int64], steps: NDArray[np.uint32], num_bits: int) -> SentChunk:
    columns = columns_of([block], SENT_LAYOUT, num_bits)
    bits = columns["pose"].copy()
    based = np.flatnonzero(columns["base"] >= 0)
    if len(based):
        rows = np.searchsorted(index, columns["base"][based])
        if rows.max() >= len(index) or (index[rows] != columns["base"][based]).any():
            raise ValueError("a pose that was sent came from a step that is not there")
        bits[based] ^= steps[rows]
    roots, turned = poses_of(bits)
    if not (np.isfinite(roots).all() and np.isfinite(turned).all()):
        raise ValueError("a pose of it is no number")
    return SentChunk(columns["sequence"], columns["time_us"], roots, turned)


def stream_motion(path: Path, outline: TakeOutline) -> Iterator[Motion]:
    """The dance on its steady grid, as `Take.motion` has it, in pieces.

    Raises:
        ValueError: The take is damaged, makes no sense, or holds no pose.
    """
    header, first_us, last_us = outline.header, outline.first_us, outline.last_us
    if first_us is None or last_us is None or outline.num_frames == 0:
        raise ValueError(f"{path}: there is no pose to export")
    rate_hz, num_frames = header.rate_hz, outline.num_frames
    times_s, roots, turned = np.zeros(0), np.zeros((0, 3), np.float32), np.zeros((0, header.skeleton.num_joints, 4))
    previous: NDArray[np.float32] | None = None
    done = 0
    chunks = stream_sent(path, outline)
    while done < num_frames:
        chunk = next(chunks, None)
        if chunk is not None:
            times_s = np.concatenate([times_s, (chunk.time_us - first_us) * 1e-6])
            roots = np.concatenate([roots, chunk.root_positions])
            turned = np.concatenate([turned, chunk.rotations]).astype(np.float32)
        if len(times_s) == 0:
            raise ValueError(f"{path}: there is no pose to export")
        # Without a later pose the place of a frame between two is not known, but at the end.
        end_s = times_s[-1] if chunk is not None else times_s[-1] + 0.5 / rate_hz
        last = min(num_frames, int(end_s * rate_hz) + 2)
        grid_s = np.arange(done, last) / rate_hz
        grid_s = grid_s[grid_s <= end_s]
        if len(grid_s):
            after = np.clip(np.searchsorted(times_s, grid_s), 1, max(len(times_s) - 1, 1))
            before = np.minimum(after - 1, len(times_s) - 1)
            after = np.minimum(after, len(times_s) - 1)
            span_s = np.maximum(times_s[after] - times_s[before], 1e-9)
            weight = np.clip((grid_s - times_s[before]) / span_s, 0.0, 1.0).astype(np.float32)
            rotated = rotations.slerp(turned[before], turned[after], weight[:, None])
            if previous is not None:
                rotated = np.concatenate([previous[None], rotated])
            smooth = rotations.make_continuous(rotated).astype(np.float32)[0 if previous is None else 1 :]
            yield Motion(
                header.skeleton, rate_hz, roots[before] + weight[:, None] * (roots[after] - roots[before]), smooth
            )
            previous, done = smooth[-1], done + len(grid_s)
            kept = max(0, int(np.searchsorted(times_s, done / rate_hz)) - 1)
            times_s, roots, turned = times_s[kept:], roots[kept:], turned[kept:]
        if chunk is None:
            break
