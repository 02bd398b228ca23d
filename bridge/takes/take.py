"""A take, read: what was sent, what was heard, and which parts were marked."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bridge.control.controls import Controls
from bridge.takes.header import TakeHeader, controls_from_json
from bridge.takes.take_file import Block, read_blocks
from data.motion import rotations
from data.motion.motion import Motion, Pose

STEP_LAYOUT: Final = {"index": "int64", "features": "float32", "level_dbfs": "float32", "failed": "uint8"}
SENT_LAYOUT: Final = {"sequence": "int64", "time_us": "int64", "index": "int64", "base": "int64", "state": "uint8"}

_MAX_US: Final = 48 * 3_600_000_000  # a dance on a steady grid must fit into memory


@dataclass(frozen=True, eq=False)
class Steps:
    """What went into the engine and what came out, a row for each frame of sound that was danced.

    Attributes:
        index: Number of the frame of sound, (steps,).
        features: (steps, dims).
        level_dbfs: (steps,).
        failed: Whether the dancer was given up at this step, (steps,).
        controls: One for each step.
        root_positions: (steps, 3), metres.
        rotations: (steps, joints, 4).
    """

    index: NDArray[np.int64]
    features: NDArray[np.float32]
    level_dbfs: NDArray[np.float32]
    failed: NDArray[np.uint8]
    controls: list[Controls]
    root_positions: NDArray[np.float32]
    rotations: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class SentPoses:
    """Poses as they left, a row for each tick of the sender.

    Attributes:
        sequence: (poses,).
        time_us: What each was meant for, on the bridge's clock, (poses,).
        index: The engine's frame that it came from, or -1, (poses,).
        states: The word sent with it.
        root_positions: (poses, 3), metres.
        rotations: (poses, joints, 4).
    """

    sequence: NDArray[np.int64]
    time_us: NDArray[np.int64]
    index: NDArray[np.int64]
    states: list[str]
    root_positions: NDArray[np.float32]
    rotations: NDArray[np.float32]

    def pose(self, row: int) -> Pose:
        """One of them."""
        return Pose(self.root_positions[row], self.rotations[row])


@dataclass(frozen=True, eq=False)
class Take:
    """A performance as it was.

    Attributes:
        path: The file.
        header: Who danced.
        steps: What went into the engine.
        sent: What left.
        parts: Begin and end of what the performer marked, seconds since the first pose.
        lost_bytes: Bytes at the end of the file that were cut off in the middle of a block.
    """

    path: Path
    header: TakeHeader
    steps: Steps
    sent: SentPoses
    parts: list[tuple[float, float]]
    lost_bytes: int

    @property
    def duration_s(self) -> float:
        """From the first pose to the end of the last."""
        times_us = self.sent.time_us
        return float(times_us[-1] - times_us[0]) * 1e-6 + 1.0 / self.header.rate_hz if len(times_us) else 0.0

    @property
    def notes(self) -> list[str]:
        """A sentence if the file was cut off, as by a crash or while it was copied."""
        if not self.lost_bytes:
            return []
        lost = f"its last {self.lost_bytes} bytes cannot be read"
        return [
            f"the take was cut off: it ends after {self.duration_s:.1f} s, and {lost}; copy it again if there is more"
        ]

    @property
    def was_danced(self) -> bool:
        """Whether any sound was danced to; otherwise the figure only stood and breathed."""
        return bool(np.count_nonzero(self.sent.index >= 0) >= 2 and len(self.steps.index) >= 2)

    @property
    def front_deg(self) -> float | None:
        """The front to which the dance was led back for the longest time, degrees; None if it was to none."""
        fronts = Counter(controls.front_deg for controls in self.steps.controls if controls.facing > 0)
        return fronts.most_common(1)[0][0] if fronts else None

    def part_span(self, part: int) -> tuple[float, float]:
        """Begin and end of a marked part, seconds since the first pose.

        Args:
            part: Its number, from 1.

        Raises:
            ValueError: There is no such part.
        """
        if not 1 <= part <= len(self.parts):
            raise ValueError(f"{self.path}: no part {part}; it has {len(self.parts)} marked parts")
        return self.parts[part - 1]

    def motion(self, part: int | None = None) -> Motion:
        """The dance as it was sent, on a steady grid of its rate: frame k is the figure k / rate after the beginning.

        Ticks follow the sound and are not quite steady, so poses are interpolated to the grid, by less than a tick.

        Args:
            part: Number of a marked part, from 1; None for everything.

        Raises:
            ValueError: There is no such part, or no pose in it.
        """
        start_s, end_s = (0.0, self.duration_s) if part is None else self.part_span(part)
        times_s = (self.sent.time_us - self.sent.time_us[:1]) * 1e-6
        rate_hz = self.header.rate_hz
        grid_s = start_s + np.arange(max(0, round((end_s - start_s) * rate_hz))) / rate_hz
        grid_s = grid_s[grid_s <= times_s[-1] + 0.5 / rate_hz] if len(times_s) else grid_s[:0]
        if len(grid_s) == 0:
            raise ValueError(f"{self.path}: there is no pose to export")
        after = np.clip(np.searchsorted(times_s, grid_s), 1, max(len(times_s) - 1, 1))
        before = np.minimum(after - 1, len(times_s) - 1)
        after = np.minimum(after, len(times_s) - 1)
        span_s = np.maximum(times_s[after] - times_s[before], 1e-9)
        weight = np.clip((grid_s - times_s[before]) / span_s, 0.0, 1.0).astype(np.float32)
        roots = self.sent.root_positions
        turned = rotations.slerp(self.sent.rotations[before], self.sent.rotations[after], weight[:, None])
        return Motion(
            self.header.skeleton,
            rate_hz,
            roots[before] + weight[:, None] * (roots[after] - roots[before]),
            rotations.make_continuous(turned).astype(np.float32),
        )


def read_take(path: Path) -> Take:
    """Reads a take; one that was cut off is read as far as it goes.

    Raises:
        ValueError: There is no such file, it is no take, or is damaged elsewhere than at its end.

    Example:
        >>> from bridge.dancer.dancer_file import DancerFile
        >>> from bridge.takes.recorder import open_take
        >>> from bridge.wire.pose_frame import PoseFrame
        >>> recorder = open_take(Path("takes"), dancer=DancerFile.open(), seed=7, source="song.mp3")  # as a bridge does
        >>> pose = Pose(np.zeros(3, np.float32), np.tile(np.array([0, 0, 0, 1], np.float32), (19, 1)))
        >>> for tick in range(30):
        ...     recorder.record_step(tick, np.zeros(121, np.float32), -90.0, Controls(), False, pose)
        ...     recorder.record_sent(PoseFrame(tick, tick * 33_333, pose.root_position, pose.rotations), tick, "idle")
        >>> recorder.close()
        >>> take = read_take(recorder.path)
        >>> take.header.source, take.sent.states[0], len(take.motion())
        ('song.mp3', 'idle', 30)
    """
    if not path.is_file():
        raise ValueError(f"{path}: no such take")
    blocks = read_blocks(path)
    try:
        first = next(blocks, None)
        if first is None or first.kind != b"HEAD":
            raise ValueError("it has no header")
        header = TakeHeader.from_json(first.facts)
        rest = list(blocks)
        num_bits = 3 + 4 * header.skeleton.num_joints
        steps = _steps([block for block in rest if block.kind == b"STEP"], num_bits)
        sent = _sent([block for block in rest if block.kind == b"SENT"], steps, num_bits)
        marks = [mark for block in rest if block.kind == b"MARK" for mark in block.facts["marks"]]
        parts = _parts(marks, sent.time_us)
    except (KeyError, TypeError, IndexError, AttributeError, ValueError, OverflowError) as error:
        text = str(error)
        raise ValueError(text if text.startswith(str(path)) else f"{path}: not a usable take: {text}") from None
    end = rest[-1].end if rest else first.end
    return Take(path, header, steps, sent, parts, path.stat().st_size - end)


def _steps(blocks: list[Block], num_bits: int) -> Steps:
    columns = columns_of(blocks, STEP_LAYOUT, num_bits)
    roots, turned = poses_of(columns["pose"])
    controls: list[Controls] = []
    for block in blocks:
        changes = {int(row): controls_from_json(entries) for row, entries in block.facts["controls"]}
        for row in range(len(block.arrays["index"])):
            if row in changes:
                controls.append(changes[row])
            else:
                controls.append(controls[-1])
    return Steps(
        columns["index"], columns["features"], columns["level_dbfs"], columns["failed"], controls, roots, turned
    )


def _sent(blocks: list[Block], steps: Steps, num_bits: int) -> SentPoses:
    columns = columns_of(blocks, SENT_LAYOUT, num_bits)
    bits = columns["pose"].copy()
    based = np.flatnonzero(columns["base"] >= 0)
    if len(based):
        rows = np.searchsorted(steps.index, columns["base"][based])
        if rows.max() >= len(steps.index) or (steps.index[rows] != columns["base"][based]).any():
            raise ValueError("a pose that was sent came from a step that is not there")
        engine = np.concatenate([steps.root_positions, steps.rotations.reshape(len(steps.index), -1)], axis=1)
        bits[based] ^= np.ascontiguousarray(engine[rows]).view(np.uint32)
    roots, turned = poses_of(bits)
    states = [str(block.facts["states"][code]) for block in blocks for code in block.arrays["state"].tolist()]
    check_times(columns["time_us"])
    if not (np.isfinite(roots).all() and np.isfinite(turned).all()):
        raise ValueError("a pose of it is no number")
    return SentPoses(columns["sequence"], columns["time_us"], columns["index"], states, roots, turned)


def check_times(time_us: NDArray[np.int64]) -> None:
    """Refuses times, (poses,), that no performance has.

    Raises:
        ValueError: They run backwards, or for days.
    """
    if len(time_us) and (np.diff(time_us) < 0).any():
        raise ValueError("its times run backwards")
    if len(time_us) and int(time_us[-1]) - int(time_us[0]) > _MAX_US:
        raise ValueError(f"its times span more than {_MAX_US // 3_600_000_000} hours")


def columns_of(blocks: list[Block], layout: dict[str, str], num_bits: int) -> dict[str, NDArray[Any]]:
    """The arrays of all blocks one after another, their dtypes and shapes checked."""
    columns: dict[str, NDArray[Any]] = {}
    for name, dtype in {**layout, "pose": "uint32"}.items():
        arrays = [block.arrays[name] for block in blocks]
        shape = (num_bits,) if name == "pose" else arrays[0].shape[1:] if arrays else ()
        if any(array.dtype != dtype or array.shape[1:] != shape for array in arrays):
            raise ValueError(f"its column {name} has another form")
        columns[name] = np.concatenate([np.zeros((0, *shape), dtype), *arrays])
    if len({len(column) for column in columns.values()}) > 1:
        raise ValueError("its columns have different lengths")
    return columns


def poses_of(bits: NDArray[np.uint32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Root positions (frames, 3) and rotations (frames, joints, 4) from their bits."""
    values = np.ascontiguousarray(bits).view(np.float32)
    return values[:, :3], values[:, 3:].reshape(len(values), (values.shape[1] - 3) // 4, 4)


def _parts(marks: list[Any], times_us: NDArray[np.int64]) -> list[tuple[float, float]]:
    """Spans between on and off, in seconds since the first pose; one that was not ended ends with the take."""
    if not len(times_us):
        return []
    first_us = int(times_us[0])
    parts: list[tuple[float, float]] = []
    begin_us: int | None = None
    for is_on, time_us in marks:
        if is_on and begin_us is None:
            begin_us = int(time_us)
        elif not is_on and begin_us is not None:
            parts.append(((begin_us - first_us) * 1e-6, (int(time_us) - first_us) * 1e-6))
            begin_us = None
    if begin_us is not None:
        parts.append(((begin_us - first_us) * 1e-6, (int(times_us[-1]) - first_us) * 1e-6))
    return parts
