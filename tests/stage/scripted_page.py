"""A page before a bridge end of ours: it can be sent what no bridge sends on command, such as five-digit numbers."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from bridge.control.control_schema import CONTROL_SPECS
from bridge.dancer.dancer_file import DancerFile
from bridge.stage.about import describe
from bridge.wire.dance_protocol import (
    Beat,
    ClockUpdate,
    DanceEncoder,
    Latency,
    Status,
    WhyUpdate,
    encode_beat,
    encode_clock,
    encode_latency,
    encode_status,
    encode_why,
)
from bridge.wire.pose_frame import PoseFrame
from bridge.wire.telemetry import (
    Health,
    encode_controls,
    encode_health,
    encode_level,
    encode_notices,
    encode_take,
    encode_targets,
)
from data.motion.humanoid import default_skeleton
from tests.stage.stage_process import Stage, running_stage

LONG_DEVICE = "Focusrite Scarlett 18i20 USB (3rd Generation) Analogue Stereo Monitor of the House Mixer"
LONG_NAME = "an-evening-with-a-name-that-has-no-end-and-no-space-in-it-at-all"
NOTICES = (
    f"no sound comes from the device '{LONG_DEVICE}': is it still plugged in? trying again every second",
    "the clock midi has nothing to say: the beat is taken from the sound",
    "the take 2026-11-28_21-03-17_a-long-evening.take ends at 114:07: No space left on device; the dance goes on",
)
WHY = (
    "this machine is too slow for the dancer, who rests for 30 s and tries again: --backend onnx is faster on a "
    "processor, a GPU faster still (--device cuda), or end other programs"
)
TARGETS = [
    "vmc:a-very-long-name-of-a-machine.studio.example.org:39539,rate=60,bones=upper",
    "dance:192.168.178.201:39541",
    "vrchat:127.0.0.1:9000",
]


class ScriptedPage:
    """What a bridge would send, sent by hand.

    Attributes:
        stage: The stage's process.
    """

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._encoder = DanceEncoder(default_skeleton())
        self._sequence = 0
        self._seconds = 0.0

    def stand(self, x: float = 0.0, z: float = 0.0) -> None:
        """One pose: upright, at a place on the floor in metres."""
        rotations = np.tile(np.array([0, 0, 0, 1], np.float32), (len(self._encoder.skeleton.names), 1))
        place = np.array([x, 0.87, z], np.float32)
        frame = PoseFrame(self._sequence, time.monotonic_ns() // 1000, place, rotations)
        self._sequence += 1
        self.stage.tell(*self._encoder.encode_skeleton(), *self._encoder.encode(frame))

    def second(
        self, *, size: float = 1.0, notices: tuple[str, ...] = (), why: str = "", state: str = "dancing"
    ) -> None:
        """The updates of a second. Numbers grow with `size`."""
        self._seconds += 1.0
        health = Health(
            rate_hz=30.0,
            step_ms=12.3 * size,
            worst_step_ms=45.6 * size,
            sent=int(123 * size),
            missed=int(1234 * size) if size > 1 else 0,
            send_errors=0,
            memory_mb=312.0 * size,
            seconds=self._seconds,
        )
        self.stage.tell(
            encode_health(health),
            encode_latency(
                Latency(
                    capture_ms=11.6 * size, features_ms=23.4 * size, model_ms=1.2 * size, send_ms=3.4 * size,
                    total_ms=41.0 * size,
                )
            ),
            encode_status(Status(state=state, dropped=0)),
            encode_why(WhyUpdate(reason="slow" if why else "", text=why)),
            encode_clock(ClockUpdate(source="audio", bpm=128.0, confidence=0.9)),
            encode_beat(Beat(phase=0.2, bpm=199.9, beat=12345, confidence=0.9)),
            encode_level(-12.0, -50.0),
            encode_notices(notices),
            encode_take("2026-11-28_21-03-17_a-long-evening-with-a-long-name.take"),
            *encode_targets(TARGETS, TARGETS[:1]),
        )  # fmt: skip

    def controls(self) -> None:
        """Where the knobs stand: as far up as they go."""
        values: dict[str, Any] = {}
        for spec in CONTROL_SPECS:
            if spec.kind == "number":
                values[spec.address] = float(spec.high if spec.high is not None else 12345.0)
            elif spec.kind == "whole":
                values[spec.address] = 2147483647
            elif spec.kind == "switch":
                values[spec.address] = int(spec.name == "record")
        self.stage.tell(*encode_controls(values))


@contextmanager
def scripted_page(dancer: Path, **settings: Any) -> Iterator[ScriptedPage]:
    """A stage with the controls of a real dancer; it ends with the block."""
    about = describe(DancerFile.open(dancer), sound=LONG_DEVICE)
    with running_stage(about=about, **settings) as stage:
        yield ScriptedPage(stage)
