"""The recorder: keeps a performance in a file, and costs the dance nothing, whatever happens to the disk."""

import contextlib
import io
import os
import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from bridge.control.controls import Controls
from bridge.dancer.dancer_file import DancerFile
from bridge.takes.header import TakeHeader, controls_to_json
from bridge.takes.take_file import MAGIC, SUFFIX, pack_block
from bridge.wire.pose_frame import PoseFrame
from data.motion.motion import Pose

_BLOCK_S: Final = 1.0
_SYNC_S: Final = 5.0
_MAX_WAITING: Final = 60 * 120  # records of a minute, should the disk be slow


@dataclass(frozen=True, eq=False)
class RecordedStep:
    """What went into the engine at one frame of sound, and the pose that came out."""

    index: int
    features: NDArray[np.float32]
    level_dbfs: float
    controls: Controls
    failed: bool
    pose: Pose


@dataclass(frozen=True, eq=False)
class Sent:
    """A pose as it left, the engine's frame that it came from (or -1), and the state sent with it."""

    frame: PoseFrame
    index: int
    state: str


@dataclass(frozen=True)
class Mark:
    """The performer began or ended a part."""

    is_on: bool
    time_us: int


class TakeRecorder:
    """Writes a take.

    `record_step` belongs to the engine thread, `record_sent` and `mark` to the sender thread: each appends to a queue
    and returns. A thread of the recorder's own packs a second at a time and writes it. When the disk is full or gone
    the take ends at its last whole block, `notice` says so, and everything after is let go; where the file cannot even
    be begun, no take is kept and no file is left. A take in which the engine took no step, because the performance
    never began, is removed when it is closed.

    Attributes:
        path: The file.
        notice: What became of the take, should it have ended early or never begun; None while all is well.
        is_empty: Whether the engine has taken no step yet.
    """

    def __init__(self, path: Path, header: TakeHeader) -> None:
        """Creates the file, and its folder if need be, and starts the thread.

        Where they cannot be made, or the file exists already, `notice` says so.
        """
        self.path = path
        self.notice: str | None = None
        self.is_empty = True
        self._rate_hz = header.rate_hz
        self._num_joints = header.skeleton.num_joints
        self._waiting: deque[RecordedStep | Sent | Mark] = deque()
        self._closing = threading.Event()
        self._num_sent = 0
        self._controls: Controls | None = None  # as last written
        self._poses: dict[int, Pose] = {}  # the engine's, of frames that may still be sent
        self._whole_bytes = 0
        self._file = self._begin(header)
        self._has_begun = self.notice is None
        self._thread = threading.Thread(target=self._run, name="transflower take", daemon=True)
        self._thread.start()

    def record_step(
        self,
        index: int,
        features: NDArray[np.float32],
        level_dbfs: float,
        controls: Controls,
        failed: bool,
        pose: Pose,
    ) -> None:
        """Keeps a step of the engine; the arrays must not be changed afterwards.

        Args:
            index: Number of the frame of sound.
            features: What the engine was given, (dims,).
            level_dbfs: Likewise.
            controls: Likewise.
            failed: Whether the first attempt raised, and the dancer was given up before the second.
            pose: What came out.
        """
        self.is_empty = not self._has_begun
        self._keep(RecordedStep(index, features, level_dbfs, controls, failed, pose))

    def record_sent(self, frame: PoseFrame, index: int, state: str) -> None:
        """Keeps a pose as it left; `index` is the engine's frame that it came from, or -1."""
        self._keep(Sent(frame, index, state))

    def mark(self, is_on: bool, time_us: int) -> None:
        """Keeps that the performer began or ended a part."""
        self._keep(Mark(is_on, time_us))

    def close(self) -> None:
        """Writes what is left and closes the file, or removes it if it `is_empty`; may be called twice."""
        self._closing.set()
        self._thread.join()
        if self.is_empty and self._has_begun:
            with contextlib.suppress(OSError):  # the disk is gone: so is the file
                self.path.unlink(missing_ok=True)

    def _begin(self, header: TakeHeader) -> BinaryIO:
        """The file with its head; where it cannot be made, `notice` says so and what is written goes nowhere."""
        file: BinaryIO | None = None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = self.path.open("xb")
            self._append(file, MAGIC + pack_block(b"HEAD", header.to_json()))
            return file
        except OSError as error:
            self.notice = (
                f"no take is kept, {self.path} cannot be written: {error.strerror or error}; the dance goes on. "
                "Choose another folder by --takes, or keep none by --no-record"
            )
            if file is not None:  # begun by us, so there is nothing of others in it
                with contextlib.suppress(OSError):
                    file.close()
                with contextlib.suppress(OSError):
                    self.path.unlink()
            return io.BytesIO()

    def _keep(self, record: RecordedStep | Sent | Mark) -> None:
        if self.notice is None:
            self._waiting.append(record)
            if len(self._waiting) > _MAX_WAITING:
                self._end("the disk is too slow")

    def _run(self) -> None:
        since_sync_s = 0.0
        with self._file:
            while self.notice is None:
                is_last = self._closing.wait(_BLOCK_S)
                since_sync_s += _BLOCK_S
                try:
                    self._append(self._file, self._pack())
                    if since_sync_s >= _SYNC_S or is_last:
                        os.fsync(self._file.fileno())
                        since_sync_s = 0.0
                except OSError as error:
                    self._end(error.strerror or str(error))
                    self._cut()
                if is_last:
                    break
        self._waiting.clear()

    def _append(self, file: BinaryIO, content: bytes) -> None:
        """Appends whole blocks and hands them to the system."""
        file.write(content)
        file.flush()
        self._whole_bytes += len(content)

    def _cut(self) -> None:
        """Takes a torn block off the end, if the disk still lets us."""
        try:
            os.ftruncate(self._file.fileno(), self._whole_bytes)
            self._file.close()
        except OSError:
            pass  # a reader passes over a torn end by itself

    def _end(self, reason: str) -> None:
        minutes, seconds = divmod(self._num_sent // self._rate_hz, 60)
        self.notice = f"the take {self.path} ends at {minutes}:{seconds:02}: {reason}; the dance goes on"

    def _pack(self) -> bytes:
        """All that waits, as blocks: steps before the poses that came from them."""
        records = [self._waiting.popleft() for _ in range(len(self._waiting))]
        steps = [record for record in records if isinstance(record, RecordedStep)]
        sent = [record for record in records if isinstance(record, Sent)]
        packed = self._pack_steps(steps) if steps else b""
        packed += self._pack_sent(sent) if sent else b""
        marks = [[record.is_on, record.time_us] for record in records if isinstance(record, Mark)]
        self._num_sent += len(sent)
        return packed + (pack_block(b"MARK", {"marks": marks}) if marks else b"")

    def _pack_steps(self, steps: list[RecordedStep]) -> bytes:
        changes: list[Any] = []
        for row, step in enumerate(steps):
            if step.controls is not self._controls and step.controls != self._controls:
                changes.append([row, controls_to_json(step.controls)])
            self._controls = step.controls
            self._poses[step.index] = step.pose
        for index in list(self._poses)[: -4 * self._rate_hz]:
            del self._poses[index]
        return pack_block(
            b"STEP",
            {"controls": changes},
            {
                "index": np.array([step.index for step in steps], np.int64),
                "features": np.stack([step.features for step in steps]).astype(np.float32),
                "level_dbfs": np.array([step.level_dbfs for step in steps], np.float32),
                "failed": np.array([step.failed for step in steps], np.uint8),
                "pose": np.stack([pose_bits(step.pose) for step in steps]),
            },
        )

    def _pack_sent(self, sent: list[Sent]) -> bytes:
        """Poses are kept as the difference of their bits from the engine's pose, which most of them are."""
        nothing = np.zeros(3 + 4 * self._num_joints, np.uint32)
        states = sorted({record.state for record in sent})
        rows, bases = [], []
        for record in sent:
            base = self._poses.get(record.index)
            bases.append(-1 if base is None else record.index)
            bits = pose_bits(Pose(record.frame.root_position, record.frame.rotations))
            rows.append(bits ^ (nothing if base is None else pose_bits(base)))
        return pack_block(
            b"SENT",
            {"states": states},
            {
                "sequence": np.array([record.frame.sequence for record in sent], np.int64),
                "time_us": np.array([record.frame.time_us for record in sent], np.int64),
                "index": np.array([record.index for record in sent], np.int64),
                "base": np.array(bases, np.int64),
                "state": np.array([states.index(record.state) for record in sent], np.uint8),
                "pose": np.stack(rows),
            },
        )


def pose_bits(pose: Pose) -> NDArray[np.uint32]:
    """A pose as the bits of its float32 numbers: root, then quaternions, (3 + 4 joints,)."""
    return np.concatenate([pose.root_position, pose.rotations.reshape(-1)], dtype=np.float32).view(np.uint32)


def open_take(folder: Path, *, dancer: DancerFile, seed: int, source: str, now: datetime | None = None) -> TakeRecorder:
    """A recorder whose file is named by the date, in a folder that is made if need be.

    Raises:
        ValueError: There is a file where the folder should be.
    """
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"the folder of takes {folder} is a file; choose another by --takes")
    now = now or datetime.now().astimezone()
    header = TakeHeader.of(dancer, seed=seed, source=source, now=now)
    stem = f"{now:%Y-%m-%d_%H-%M-%S}_{dancer.path.stem}"
    path = folder / f"{stem}{SUFFIX}"
    number = 2
    while path.exists():
        path, number = folder / f"{stem}_{number}{SUFFIX}", number + 1
    return TakeRecorder(path, header)
