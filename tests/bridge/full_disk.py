"""A take onto a disk that fills up: `python -m tests.bridge.full_disk DANCER TAKE` prints what the recorder says of it.

It is a process of its own, whose files may not grow beyond 40 kB: what a full disk does to a write.
"""

import resource
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

import bridge.takes.recorder
from bridge.control.controls import Controls
from bridge.dancer.dancer_file import DancerFile
from bridge.takes.header import TakeHeader
from bridge.takes.recorder import TakeRecorder
from bridge.wire.pose_frame import PoseFrame
from data.motion.motion import Pose
from data.sound.audio_features import AudioFeatures
from tests.waiting import wait_until

FRAMES_A_BLOCK = 20


def main(dancer: Path, path: Path) -> None:
    """Records, block by block, until the disk is full."""
    bridge.takes.recorder._BLOCK_S = 0.1  # type: ignore[misc]  # a block is written sooner
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    sys.dont_write_bytecode = True  # what Python compiles from here on would be cut off too, and kept
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
    header = TakeHeader.of(DancerFile.open(dancer), seed=3, source="noise", now=datetime.now(UTC))
    recorder = TakeRecorder(path, header)
    rng = np.random.default_rng(0)
    frame, music_dims = 0, AudioFeatures().dims
    while recorder.notice is None:
        for _ in range(FRAMES_A_BLOCK):
            pose = Pose(*(rng.standard_normal(shape).astype(np.float32) for shape in (3, (19, 4))))
            features = rng.standard_normal(music_dims).astype(np.float32)
            recorder.record_step(frame, features, -20.0, Controls(), False, pose)
            sent = PoseFrame(frame, frame * 33_333, pose.root_position, pose.rotations)
            recorder.record_sent(sent, frame, "dancing")
            frame += 1
        size = path.stat().st_size
        wait_until(lambda size=size: recorder.notice or path.stat().st_size > size, "the block to be written")
    recorder.close()
    print(recorder.notice)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
