"""A take: what was danced, with the sender's own times."""

from dataclasses import dataclass, field, replace
from typing import Final
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from .frame import Frame
from .rotations import Floats, continuous, normalise, slerp
from .skeleton import Skeleton

_COMMON_RATES_HZ: Final = (
    15.0,
    20.0,
    24000 / 1001,
    24.0,
    25.0,
    30000 / 1001,
    30.0,
    50.0,
    60000 / 1001,
    60.0,
    72.0,
    90.0,
)
_LEAP_US: Final = 5e6
_RATE_TOLERANCE: Final = 0.08
_MAX_FRAMES: Final = 60 * 60 * 60
_FRAMES_TO_KNOW_A_CLOCK: Final = 10
_SECONDS_TO_KNOW_A_CLOCK: Final = 1.0
_BURST_S: Final = 1e-4
"""Apart are put frames that came at once."""
_PACE: Final = (0.8, 1.25)
"""A second of a clock that is of use is a second of ours; sounds and frames drift by thousandths."""
_MORE_RATES_HZ: Final = (100.0, 120.0, 144.0, 240.0)


@dataclass(frozen=True, eq=False)
class Take:
    """Poses in order.

    Attributes:
        name: For people, and for the action.
        skeleton: Whose poses they are.
        times_s: When each was meant for, (frames,), growing; 0 is the beginning of the take.
        roots: Places of the hips, (frames, 3), metres.
        rotations: Local, (frames, bones, 4), signs continuous.
        rate_hz: Frames a second that the sender meant.
        start_frame: Where on the timeline the take's 0 lies, if the timeline played while it was recorded.
        frames_per_s: How fast the timeline ran then; 0 stands for the scene's rate.
        key: By which it is known again, also renamed or cut.
    """

    name: str
    skeleton: Skeleton
    times_s: Floats
    roots: Floats
    rotations: Floats
    rate_hz: float
    start_frame: float | None = None
    frames_per_s: float = 0.0
    key: str = field(default_factory=lambda: uuid4().hex)

    def __post_init__(self) -> None:
        frames, bones = len(self.times_s), len(self.skeleton.names)
        if frames == 0:
            raise ValueError(f"take {self.name!r} has no frame")
        if self.roots.shape != (frames, 3) or self.rotations.shape != (frames, bones, 4):
            raise ValueError(
                f"take {self.name!r}: {self.roots.shape} and {self.rotations.shape} do not fit its skeleton"
            )
        if not (np.isfinite(self.roots).all() and np.isfinite(self.rotations).all()):
            raise ValueError(f"take {self.name!r} holds numbers that are not finite")
        if not np.isfinite(self.times_s).all() or (np.diff(self.times_s) <= 0).any():
            raise ValueError(f"take {self.name!r}: its times do not grow")

    def __len__(self) -> int:
        return len(self.times_s)

    @property
    def duration_s(self) -> float:
        """From the first frame to the end of the last."""
        return float(self.times_s[-1] - self.times_s[0]) + 1.0 / self.rate_hz

    def part(self, begin_s: float, end_s: float) -> "Take | None":
        """The frames between two times; None if there are none."""
        rows = np.flatnonzero((self.times_s >= begin_s - 1e-6) & (self.times_s <= end_s + 1e-6))
        if not len(rows):
            return None
        return replace(self, times_s=self.times_s[rows], roots=self.roots[rows], rotations=self.rotations[rows])

    def at(self, times_s: Floats) -> tuple[Floats, Floats]:
        """Roots (n, 3) and rotations (n, bones, 4) at any times: slerp between frames, held before and after."""
        after = np.clip(np.searchsorted(self.times_s, times_s, side="left"), 0, len(self) - 1)
        before = np.maximum(after - 1, 0)
        span = self.times_s[after] - self.times_s[before]
        weight = np.where(span > 0, (times_s - self.times_s[before]) / np.where(span > 0, span, 1.0), 1.0)
        weight = np.clip(weight, 0.0, 1.0)
        whole = weight == 1.0  # a frame of the take itself is given as it is, bit for bit
        roots = self.roots[before] + weight[:, None] * (self.roots[after] - self.roots[before])
        turned = slerp(self.rotations[before], self.rotations[after], weight[:, None])
        roots[whole], turned[whole] = self.roots[after[whole]], self.rotations[after[whole]]
        return roots, continuous(turned)

    def grid(self) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """Which frames lie on a steady grid of the take's rate, and in which place each.

        Frames of a live stream follow the sound and are not quite steady. Each takes the nearest place; of two that
        would share one, one moves to a free place beside it, and if there is none the earlier one is left out.
        """
        slots = np.rint((self.times_s - self.times_s[0]) * self.rate_hz).astype(np.int64).tolist()
        kept: list[int] = []
        placed: list[int] = []
        for frame, slot in enumerate(slots):
            if not placed or slot > placed[-1]:
                kept.append(frame)
                placed.append(slot)
                continue
            before = placed[-2] if len(placed) > 1 else -1
            if placed[-1] == slot and before < slot - 1:
                placed[-1] = slot - 1
                kept.append(frame)
                placed.append(slot)
            elif placed[-1] == slot:
                kept.append(frame)
                placed.append(slot + 1)
            else:
                kept[-1] = frame
        return np.array(kept, np.intp), np.array(placed, np.int64)

    def on_grid(self) -> "Take":
        """Frame k at k / rate: the take's frames as they are, and what was lost interpolated."""
        kept, slots = self.grid()
        exact = replace(
            self, times_s=slots[kept] / self.rate_hz, roots=self.roots[kept], rotations=self.rotations[kept]
        )
        if len(kept) == slots[-1] + 1:
            return exact
        times_s = np.arange(slots[-1] + 1) / self.rate_hz
        roots, turned = exact.at(times_s)
        return replace(exact, times_s=times_s, roots=roots, rotations=turned)


@dataclass
class Recorder:
    """Collects frames of one skeleton to a take.

    Attributes:
        num_leaps: How often the sender's clock went back or leapt ahead although the dance went on.
    """

    name: str
    skeleton: Skeleton
    frames: list[Frame] = field(default_factory=list)
    timeline: list[tuple[float, float]] = field(default_factory=list)
    num_leaps: int = 0

    def add(self, frame: Frame) -> bool:
        """Adds a frame if it belongs to the same take: same figure, and a time that goes on.

        A sender's clock that leaps after it went well is that of a sender who was started anew; one that never went
        well tells no time, and ends nothing.
        """
        if self.frames:
            if len(self.frames) >= _MAX_FRAMES or not self.skeleton.is_like(frame.skeleton):
                return False
            last = self.frames[-1]
            gap_us = 1e6 * (frame.arrival_s - last.arrival_s)
            if not last.time_us <= frame.time_us <= last.time_us + gap_us + _LEAP_US:
                if not self.num_leaps and len(self.frames) >= _FRAMES_TO_KNOW_A_CLOCK:
                    return False
                self.num_leaps += 1
        self.frames.append(frame)
        return True

    def _times_s(self) -> tuple[list[float], float]:
        """When each frame was meant for, by the sender's clock or, where that is of no use, when it came.

        The second number is 1 for the sender's clock, and 0 for ours.
        """
        sent = [frame.time_us * 1e-6 for frame in self.frames]
        came = [frame.arrival_s for frame in self.frames]
        span_s = came[-1] - came[0]
        is_of_use = not self.num_leaps and (
            span_s < _SECONDS_TO_KNOW_A_CLOCK or _PACE[0] < (sent[-1] - sent[0]) / span_s < _PACE[1]
        )
        return (sent, 1.0) if is_of_use or span_s == 0.0 else (came, 0.0)

    def take(self, clock_offset_s: float, scene_fps: float) -> Take | None:
        """What was collected; None if that is nothing.

        Args:
            clock_offset_s: Our clock minus the sender's.
            scene_fps: The timeline's nominal rate.
        """
        if not self.frames:
            return None
        all_s, is_theirs = self._times_s()
        frames: list[Frame] = []
        kept_s: list[float] = []
        for frame, time_s in zip(self.frames, all_s, strict=True):
            if kept_s and not is_theirs:
                time_s = max(time_s, kept_s[-1] + _BURST_S)
            if not kept_s or time_s > kept_s[-1]:
                frames.append(frame)
                kept_s.append(time_s)
        times_s = np.array(kept_s) - kept_s[0]
        turned = normalise(np.array([frame.rotations for frame in frames]))
        start_frame, frames_per_s = _fit_timeline(self.timeline, kept_s[0] + is_theirs * clock_offset_s, scene_fps)
        return Take(
            self.name,
            self.skeleton,
            times_s,
            np.array([frame.root for frame in frames]),
            continuous(turned),
            nominal_rate_hz(times_s),
            start_frame,
            frames_per_s,
        )


def nominal_rate_hz(times_s: Floats) -> float:
    """The rate that a stream was meant to have: a common one, if one is near enough for a stream that is not steady."""
    if len(times_s) < 2:
        return 30.0
    rate_hz = 1.0 / float(np.median(np.diff(times_s)))
    nearest = min((*_COMMON_RATES_HZ, *_MORE_RATES_HZ), key=lambda common: abs(common - rate_hz))
    whole = [rate for rate in (*_COMMON_RATES_HZ, *_MORE_RATES_HZ) if abs(rate - nearest) < 0.5 and rate == round(rate)]
    mean_hz = (len(times_s) - 1) / float(times_s[-1] - times_s[0])
    if whole and abs(mean_hz - nearest) > 0.02:  # the fine difference of 29.97 and 30 needs a steady stream to be seen
        nearest = whole[0]
    return nearest if abs(nearest - rate_hz) < _RATE_TOLERANCE * nearest else rate_hz


def _fit_timeline(pairs: list[tuple[float, float]], start_s: float, scene_fps: float) -> tuple[float | None, float]:
    """Where on the timeline our time `start_s` lies, and the timeline's frames a second.

    Pairs (our time, current frame) come from a playing timeline. It shows whole frames, each for a while, so one that
    shows frame f is on the average half a frame further. Loops are unrolled. Where the timeline keeps its rate that
    rate is taken, otherwise the one that it really had: the dance then lies where it was seen.
    """
    if len(pairs) < 2:
        return None, 0.0
    times = np.array([time for time, _ in pairs])
    shown = np.array([frame for _, frame in pairs])
    steps = np.diff(shown)
    usual = np.where(steps < 0, scene_fps * np.diff(times), steps)
    unrolled = shown[0] + np.concatenate([[0.0], np.cumsum(usual)])
    slope = scene_fps
    if times[-1] - times[0] > 1.0:
        fitted = float(np.polyfit(times - times[0], unrolled, 1)[0])
        if abs(fitted - scene_fps) > 0.02 * scene_fps and fitted > 0:
            slope = fitted
    start = float(np.median(unrolled - slope * (times - start_s))) + 0.5
    return start, (slope if slope != scene_fps else 0.0)
