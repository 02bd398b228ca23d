"""Probes of a performance: they stand where sound, frames and poses pass, note the time, and change nothing.

Each takes the place of a part of the runner and hands everything on to the real one. So a test sees the path that a
performance takes, and needs no times that the path tells about itself.
"""

import socket
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bridge.clocks.conductor import Conducted, Conductor, ConductorState
from bridge.control.controls import BeatControls, Controls
from bridge.sources.source import SoundBlock, SoundSource
from bridge.takes.header import TakeHeader
from bridge.takes.recorder import TakeRecorder
from bridge.wire.dance_protocol import AudioLevels
from bridge.wire.pose_frame import PoseFrame
from bridge.wire.receiver import DancePose, DanceReceiver
from data.motion.motion import Pose
from data.sound.feature_frame import FeatureFrame

_OPENING_S: Final = 5.0
_RECEIVE_BUFFER_BYTES: Final = 1 << 20


@dataclass
class FrameTimes:
    """When one frame of sound passed where, seconds of `time.monotonic()`.

    Attributes:
        end_s: Its last sample was in the room.
        taken_s: The engine's thread took it up: it held the last sample, and was done with the frame before.
        heard_s: Its features were there.
        ready_s: Its pose was there.
    """

    end_s: float
    taken_s: float
    heard_s: float
    ready_s: float = float("nan")


@dataclass
class Notes:
    """What the probes saw; each list and dictionary has one writing thread.

    Attributes:
        blocks: The sound, as the engine got it.
        frames: Frames of sound by number.
        sent: Number of the frame from which each pose came, or -1, by the microsecond for which it was sent.
        danced: Numbers of those frames to which the dancer danced.
    """

    blocks: list[SoundBlock] = field(default_factory=list)
    frames: dict[int, FrameTimes] = field(default_factory=dict)
    sent: dict[int, int] = field(default_factory=dict)
    danced: set[int] = field(default_factory=set)
    _read_s: float = 0.0
    _done_s: float = 0.0

    def note_block(self, block: SoundBlock) -> None:
        """The engine's thread holds a block."""
        self._read_s = time.monotonic()
        self.blocks.append(block)

    def note_features(self, index: int, end_s: float) -> None:
        """A frame's features are there."""
        taken_s = max(self._read_s, self._done_s)
        self.frames[index] = FrameTimes(end_s, taken_s, time.monotonic())

    def note_pose(self, index: int) -> None:
        """A frame's pose is there."""
        self._done_s = self.frames[index].ready_s = time.monotonic()

    def note_sent(self, time_us: int, index: int, state: str) -> None:
        """A pose has left."""
        self.sent[time_us] = index
        if state == "dancing":
            self.danced.add(index)

    def danced_percent(self, since: int) -> float:
        """Share of the sent frames to which the dancer danced, from this one on."""
        sent = [index for index in self.sent.values() if index >= since]
        return 100.0 * sum(index in self.danced for index in sent) / max(1, len(sent))


class ProbedSource(SoundSource):
    """A source that keeps what it gives. It has started when the first sound has come, so that no silence is needed."""

    def __init__(self, source: SoundSource, notes: Notes) -> None:
        self._source = source
        self._notes = notes
        self._first: SoundBlock | None = None

    @property
    def sample_rate_hz(self) -> int:
        """The source's."""
        return self._source.sample_rate_hz

    @property
    def ended(self) -> bool:
        """The source's."""
        return self._source.ended

    @property
    def notice(self) -> str | None:
        """The source's."""
        return self._source.notice

    @property
    def overflow_samples(self) -> int:
        """The source's."""
        return self._source.overflow_samples

    @property
    def gap_samples(self) -> int:
        """The source's."""
        return self._source.gap_samples

    def start(self) -> None:
        """Opens the source, and waits for sound.

        Raises:
            ValueError: The source cannot be opened, or opens and gives nothing for five seconds.
            SoundUnavailableError: As the source's.
        """
        self._source.start()
        self._first = self._source.read(_OPENING_S)
        if self._first is None:
            self._source.stop()
            raise ValueError(f"the sound input opens, but no sound comes from it within {_OPENING_S:g} s")

    def read(self, max_wait_s: float) -> SoundBlock | None:
        """The source's next block."""
        first, self._first = self._first, None
        block = self._source.read(max_wait_s) if first is None else first
        if block is not None:
            self._notes.note_block(block)
        return block

    def stop(self) -> None:
        """Closes the source."""
        self._source.stop()


class ProbedConductor(Conductor):
    """A conductor that notes each frame of features as it comes by."""

    def __init__(self, notes: Notes) -> None:
        super().__init__()
        self._notes = notes
        self._num_frames = 0

    def step(
        self, frame: FeatureFrame, frame_end_s: float, ahead_s: float, controls: BeatControls, state: ConductorState
    ) -> tuple[Conducted, ConductorState]:
        """See `Conductor.step`."""
        self._notes.note_features(self._num_frames, frame_end_s)
        self._num_frames += 1
        return super().step(frame, frame_end_s, ahead_s, controls, state)


class ProbedRecorder(TakeRecorder):
    """A recorder of takes that notes each pose as it is made, and as it leaves."""

    def __init__(self, path: Path, header: TakeHeader, notes: Notes) -> None:
        super().__init__(path, header)
        self._notes = notes

    def record_step(
        self,
        index: int,
        features: NDArray[np.float32],
        level_dbfs: float,
        controls: Controls,
        failed: bool,
        pose: Pose,
    ) -> None:
        """See `TakeRecorder.record_step`."""
        self._notes.note_pose(index)
        super().record_step(index, features, level_dbfs, controls, failed, pose)

    def record_sent(self, frame: PoseFrame, index: int, state: str) -> None:
        """See `TakeRecorder.record_sent`."""
        self._notes.note_sent(frame.time_us, index, state)
        super().record_sent(frame, index, state)


@dataclass(frozen=True, kw_only=True)
class ReceivedPose:
    """A pose as it came over the network.

    Attributes:
        time_us: The microsecond of `time.monotonic()` for which it was sent.
        received_s: When a waiting thread held its datagram.
        onset: The attack in the sound that was sent with it, about 0 to 1; None if none was sent.
    """

    time_us: int
    received_s: float
    onset: float | None


class DanceListener:
    """A UDP port of this machine at which a thread notes when datagrams come; they are decoded afterwards."""

    def __init__(self) -> None:
        self._datagrams: list[tuple[float, bytes]] = []
        self._stop = threading.Event()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.2)
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._run, name="transflower listener", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stops listening; may be called twice."""
        self._stop.set()
        self._thread.join()
        self._socket.close()

    def poses(self) -> list[ReceivedPose]:
        """The poses that came, in their order, each with the levels that followed it."""
        receiver = DanceReceiver()
        poses: list[ReceivedPose] = []
        for received_s, datagram in self._datagrams:
            for event in receiver.receive(datagram):
                if isinstance(event, DancePose):
                    poses.append(ReceivedPose(time_us=event.frame.time_us, received_s=received_s, onset=None))
                elif isinstance(event, AudioLevels) and poses:
                    last = poses[-1]
                    poses[-1] = ReceivedPose(time_us=last.time_us, received_s=last.received_s, onset=event.onset)
        return poses

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                datagram = self._socket.recv(65536)
            except TimeoutError:
                continue
            self._datagrams.append((time.monotonic(), datagram))
