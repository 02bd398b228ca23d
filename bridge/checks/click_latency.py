"""The click test: how long it takes from a click in the room to the pose that knows of it, on the real path."""

import contextlib
import math
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bridge.checks.clicks import ClickTrack, find_onsets, match_onsets, render_clicks
from bridge.checks.probes import (
    DanceListener,
    Notes,
    ProbedConductor,
    ProbedRecorder,
    ProbedSource,
    ReceivedPose,
)
from bridge.control.control_state import ControlState
from bridge.control.controls import BeatControls, Controls
from bridge.dancer.dancer_file import DancerFile
from bridge.live.runner import Runner, RunnerConfig
from bridge.sources.device import DeviceSource
from bridge.sources.playback import Playback
from bridge.sources.portaudio import find_device
from bridge.system.interrupts import interrupts
from bridge.takes.header import TakeHeader
from bridge.timing.metrics import Percentiles, PerformanceSummary
from bridge.wire.target import Target
from bridge.wire.targets import UdpTargets

STAGES: Final = ("frame_ms", "capture_ms", "features_ms", "model_ms", "wait_ms", "send_ms")
CLEAR_ONSET: Final = 0.15
"""What `/dance/audio` says of the onset from which on a pose is taken to know of the click by its features too."""

_LOADING_S: Final = 120.0
_LAST_POSES_S: Final = 1.0
_STUCK_S: Final = 10.0
_LOOK_S: Final = 0.02
_MAX_MISALIGNMENT_S: Final = 0.1
_AROUND_S: Final = 1.0
_PUNCTUAL: Final = 0.05  # of the blocks; not the very earliest, which may be a slip of the driver's clock
_ONSET_FRAMES: Final = 4


@dataclass(frozen=True, kw_only=True)
class ClickTimes:
    """Where the time of one click went, in milliseconds; the stages add up to `total_ms`.

    The click is in the room when the *first* sample of it that stands out was captured, by the clock of the source (of
    its punctual blocks). The pose that knows of it is the first one received that was made from the frame of sound
    which holds this sample, or from a later one. That frame may end a moment after the click began: then its features
    hardly show it, see `told_ms`.

    Attributes:
        number: Of the click, from 0.
        frame: Number of the frame of sound from which the pose came.
        frame_ms: The frame's own wait: from the click to the frame's last sample in the room, by count of samples.
        capture_ms: From there until the engine's thread took the frame up: the driver, the block, the threads. Latency
            of which the driver does not tell is not in it.
        features_ms: Until its features were there.
        model_ms: Until its pose was there.
        wait_ms: Until the sender's tick.
        send_ms: Until a thread that waited at the other end of the socket held the datagram.
        hardware_ms: From when the output's clock says that the click left the loudspeaker until it was captured; the
            error of both clocks included. None if not known.
        told_ms: From the click in the room until the first such pose with which `/dance/audio` had a clear onset; None
            if none of the next four did.
        onset_before: The onset sent with the pose before; None if there was none.
        onset: That sent with the pose itself.
    """

    number: int
    frame: int
    frame_ms: float
    capture_ms: float
    features_ms: float
    model_ms: float
    wait_ms: float
    send_ms: float
    hardware_ms: float | None
    told_ms: float | None
    onset_before: float | None
    onset: float | None

    @property
    def total_ms(self) -> float:
        """From the click in the room to the datagram received."""
        return sum(getattr(self, stage) for stage in STAGES)


@dataclass(frozen=True, kw_only=True)
class ClickReport:
    """All clicks, and the performance in which they were heard.

    Attributes:
        num_played: Clicks played.
        clicks: Those that were found again, in their order.
        input: The device that heard.
        output: The device that played.
        danced_percent: Share of frames to which the dancer danced, from the first click on. Below 100 the sound was too
            soft, and the times of the model are those of standing.
        summary: The performance in its own words.
    """

    num_played: int
    clicks: tuple[ClickTimes, ...]
    input: str
    output: str
    danced_percent: float
    summary: PerformanceSummary

    @property
    def is_complete(self) -> bool:
        """Whether all but a tenth of the clicks were found."""
        return len(self.clicks) >= 0.9 * self.num_played

    @cached_property
    def rows(self) -> dict[str, Percentiles]:
        """Distributions of the stages, the total, and what stands beside it, milliseconds."""
        values = {name: [getattr(click, name) for click in self.clicks] for name in (*STAGES, "total_ms")}
        for name in ("told_ms", "hardware_ms"):
            values[name] = [value for click in self.clicks if (value := getattr(click, name)) is not None]
        return {name: _percentiles(row) for name, row in values.items()}

    def to_json(self) -> dict[str, Any]:
        """Plain dictionaries and numbers."""
        return {
            "num_played": self.num_played,
            "input": self.input,
            "output": self.output,
            "danced_percent": self.danced_percent,
            "stages": {name: asdict(row) for name, row in self.rows.items()},
            "clicks": [{**asdict(click), "total_ms": click.total_ms} for click in self.clicks],
            "performance": self.summary.to_json(),
        }

    def to_text(self) -> str:
        """A table for people, without colour."""
        lines = [f"{len(self.clicks)} of {self.num_played} clicks found again: {self.output} to {self.input}"]
        if not self.is_complete:
            lines.append(
                "turn the output up, connect it to the input by a cable, keep the room quiet, "
                "or choose other devices by --input and --output"
            )
        if not self.clicks:
            return "\n".join(lines)
        if self.danced_percent < 95.0:
            lines.append(f"the dancer danced in only {self.danced_percent:.0f} % of the time: turn the output up")
        lines += ["", f"{'ms, from a click in the room':<54}{'p50':>8}{'p99':>8}{'max':>8}"]
        lines += [f"{_LABELS[name]:<54}{row.p50:>8.1f}{row.p99:>8.1f}{row.max:>8.1f}" for name, row in self._shown()]
        return "\n".join(lines)

    def _shown(self) -> Iterator[tuple[str, Percentiles]]:
        return ((name, row) for name, row in self.rows.items() if row.count)


_LABELS: Final = {
    "frame_ms": "  wait for the end of its frame",
    "capture_ms": "  driver, block and threads",
    "features_ms": "  features",
    "model_ms": "  model",
    "wait_ms": "  wait for the sender's tick",
    "send_ms": "  send, and a receiver's thread",
    "total_ms": "to the first pose that knows of it",
    "told_ms": "to the first pose whose onset feature tells of it",
    "hardware_ms": "not included: from played to captured, by their clocks",
}


@dataclass(frozen=True, kw_only=True)
class ClickTest:
    """What is to be measured.

    Attributes:
        dancer: Who dances.
        input: Where clicks are heard, as for `DeviceSource`.
        output: Where they are played, as for `Playback`.
        num_clicks: How many.
        controls: The performer's requests.
        device: What the dancer runs on.
        cuda_graph: Whether a CUDA device captures the step as a graph.
        seed: Chooses the dance and the times of the clicks.
    """

    dancer: DancerFile
    input: str | None = None
    output: str | None = None
    num_clicks: int = 40
    controls: Controls = field(default_factory=Controls)
    device: str = "auto"
    cuda_graph: bool = True
    seed: int = 0

    @cached_property
    def track(self) -> ClickTrack:
        """What is played, at the rate that the output likes.

        Raises:
            ValueError: There is no such output, or no click is wanted.
            SoundUnavailableError: sounddevice or PortAudio is missing.
        """
        return render_clicks(self.num_clicks, find_device(self.output, "output").default_sample_rate_hz, seed=self.seed)

    def run(self) -> ClickReport:
        """Performs for as long as the clicks last, and measures.

        Raises:
            ValueError: A device is not there, or the test was interrupted.
            Exception: Whatever else kept the dance from beginning or broke it off.
        """
        track, notes = self.track, Notes()
        source = DeviceSource(self.input)
        with tempfile.TemporaryDirectory() as folder, contextlib.closing(DanceListener()) as listener:
            header = TakeHeader.of(self.dancer, seed=self.seed, source="clicks", now=datetime.now().astimezone())
            runner = Runner(
                source=ProbedSource(source, notes),
                load_engine=lambda: self.dancer.load_engine(device=self.device, cuda_graph=self.cuda_graph),
                skeleton=self.dancer.skeleton,
                targets=UdpTargets((Target("127.0.0.1", listener.port, "dance"),)),
                control_state=ControlState(
                    replace(self.controls.known_to(self.dancer.styles, self.dancer.seed_poses), music_only=False),
                    BeatControls(),
                    self.dancer.styles,
                    noise_correlation=self.dancer.noise_correlation,
                    groove=self.dancer.groove,
                ),
                conductor=ProbedConductor(notes),
                recorder=ProbedRecorder(Path(folder) / "clicks.take", header, notes),
                config=RunnerConfig(rate_hz=self.dancer.rate_hz, seed=self.seed),
            )
            runner.start()
            try:
                played_s = self._play(runner, track)
            finally:
                runner.stop()
        if runner.failure is not None:
            raise runner.failure
        rate_hz = source.sample_rate_hz
        clicks = measure_clicks(
            track, played_s, notes, listener.poses(), sample_rate_hz=rate_hz, frame_rate_hz=self.dancer.rate_hz
        )
        return ClickReport(
            num_played=self.num_clicks,
            clicks=tuple(clicks),
            input=find_device(self.input, "input").name if self.input is None else self.input,
            output=find_device(self.output, "output").name,
            danced_percent=notes.danced_percent(since=clicks[0].frame if clicks else 0),
            summary=runner.summary(checkpoint=self.dancer.path.name, source="clicks"),
        )

    def _play(self, runner: Runner, track: ClickTrack) -> NDArray[np.float64]:
        """Plays the track once there are poses; when each click left the loudspeaker by the output's clock, or NaN."""
        played_s = np.full(len(track.onsets), math.nan)
        with interrupts() as interrupted:
            deadline_s = time.monotonic() + _LOADING_S
            while not runner.has_performed and not runner.is_finished and time.monotonic() < deadline_s:
                if interrupted.wait(_LOOK_S):
                    raise ValueError("interrupted before all clicks were played")
            playback = Playback(track.samples, track.rate_hz, loop=False, device=self.output)
            try:
                playback.start()
                end_s = time.monotonic() + track.seconds + _STUCK_S  # should the output never come to the end
                pending, is_over = 0, False
                while time.monotonic() < end_s and not runner.is_finished:
                    heard = playback.heard_samples(time.monotonic_ns() // 1000)
                    if not is_over and heard >= len(track.samples):
                        is_over, end_s = True, time.monotonic() + _LAST_POSES_S
                    while pending < len(track.onsets) and track.onsets[pending] < heard:
                        played_s[pending] = 1e-6 * playback.heard_time_us(int(track.onsets[pending]) + 1)
                        pending += 1
                    if interrupted.wait(_LOOK_S):
                        raise ValueError("interrupted before all clicks were played")
            finally:
                playback.close()
        return played_s


def measure_clicks(
    track: ClickTrack,
    played_s: NDArray[np.float64],
    notes: Notes,
    poses: list[ReceivedPose],
    *,
    sample_rate_hz: int,
    frame_rate_hz: int,
) -> list[ClickTimes]:
    """Finds the clicks in what was heard, and follows each to its pose. Those that cannot be followed are left out.

    Args:
        track: What was played.
        played_s: When each click left the loudspeaker, or NaN, (clicks,).
        notes: What was seen on the way.
        poses: What came over the network, in its order.
        sample_rate_hz: Rate of the sound in `notes`.
        frame_rate_hz: Frames a second.
    """
    if not notes.blocks:
        return []
    sound = _SoundClock(notes, sample_rate_hz)
    onsets = find_onsets(np.concatenate([block.samples for block in notes.blocks]), sample_rate_hz)
    own = match_onsets(track.onsets / track.rate_hz, onsets / sample_rate_hz)
    arrivals = [(notes.sent[pose.time_us], pose) for pose in poses if notes.sent.get(pose.time_us, -1) >= 0]
    indices = np.array([index for index, _ in arrivals], np.int64)
    clicks: list[ClickTimes] = []
    for number in np.flatnonzero(own >= 0).tolist():
        onset = int(onsets[own[number]])
        first = int(np.searchsorted(indices, onset * frame_rate_hz // sample_rate_hz))
        if first == len(arrivals):
            continue
        index, pose = arrivals[first]
        frame = notes.frames[index]
        num_frame_samples = -(-(index + 1) * sample_rate_hz // frame_rate_hz)  # heard when the frame ended, rounded up
        origin_s = sound.origin_s(onset)
        room_s, end_s = origin_s + onset / sample_rate_hz, origin_s + num_frame_samples / sample_rate_hz
        if abs(frame.end_s - end_s) > _MAX_MISALIGNMENT_S:  # silence stood in for sound: numbers tell the time no more
            continue
        leaves_s = max(1e-6 * pose.time_us, frame.ready_s)  # the sender waits a little for a pose that is late
        marks_s = (room_s, end_s, frame.taken_s, frame.heard_s, frame.ready_s, leaves_s, pose.received_s)
        stages_ms = dict(zip(STAGES, (1e3 * np.diff(marks_s)).tolist(), strict=True))
        clear_s = [p.received_s for _, p in arrivals[first : first + _ONSET_FRAMES] if (p.onset or 0.0) >= CLEAR_ONSET]
        clicks.append(
            ClickTimes(
                number=number,
                frame=index,
                **stages_ms,
                hardware_ms=None if math.isnan(played_s[number]) else 1e3 * (room_s - float(played_s[number])),
                told_ms=1e3 * (clear_s[0] - room_s) if clear_s else None,
                onset_before=arrivals[first - 1][1].onset if first else None,
                onset=pose.onset,
            )
        )
    return clicks


class _SoundClock:
    """When each sample was in the room, by the clock of the source at its most punctual.

    A driver hands sound over in blocks, now sooner, now later, and the times that it tells scatter with it; the samples
    themselves come evenly. What is late is late by waiting, which is a part of what is measured; so the even clock goes
    by the blocks that came earliest.
    """

    def __init__(self, notes: Notes, sample_rate_hz: int) -> None:
        self._ends = np.cumsum([len(block.samples) for block in notes.blocks])
        times_us = np.array([block.capture_time_us for block in notes.blocks])
        self._origins_s = 1e-6 * times_us - self._ends / sample_rate_hz
        self._around = round(_AROUND_S * sample_rate_hz)

    def origin_s(self, sample: int) -> float:
        """When the first sample of all would have been in the room, going by the blocks around this one."""
        first, last = np.searchsorted(self._ends, [sample - self._around, sample + self._around])
        return float(np.percentile(self._origins_s[first : last + 1], 100.0 * _PUNCTUAL))


def _percentiles(values: list[float]) -> Percentiles:
    if not values:
        return Percentiles(p50=0.0, p99=0.0, max=0.0, count=0)
    p50, p99, largest = (float(value) for value in np.percentile(values, [50, 99, 100]))
    return Percentiles(p50=p50, p99=p99, max=largest, count=len(values))
