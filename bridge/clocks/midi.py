"""MIDI clock: twenty-four ticks a beat from a drum machine, a sequencer or a mixer, smoothed."""

import math
import time
from collections import deque
from dataclasses import dataclass
from typing import Any, Final

from bridge.clocks.clock import BeatTime

TICKS_A_BEAT: Final = 24
VIRTUAL: Final = "virtual"
_PORT_NAME: Final = "Transflower Bridge"
_SILENT_S: Final = 0.5
_MIN_PERIOD_S: Final = 60.0 / 400.0 / TICKS_A_BEAT
_MAX_PERIOD_S: Final = 60.0 / 20.0 / TICKS_A_BEAT
_SLOPPY_S: Final = 0.02  # ticks that scatter so much tell nothing
_HOLE: Final = 1.6  # periods without a tick after which one may have been lost
_EVEN: Final = 0.12  # scatter, in periods, up to which that can be told from jitter


@dataclass(frozen=True)
class _Line:
    """Ticks as a straight line: tick `count` is at `time_s`, one every `period_s`; the last that came at `last_s`."""

    count: float
    time_s: float
    period_s: float
    last_s: float
    scatter_s: float
    confidence: float


class MidiClockTracker:
    """Where the beat is, from the times at which ticks came. Pure: times go in and come out.

    Each tick says how many of them have been, and when; cables, drivers and schedulers make it late by a random
    millisecond or three. A least-squares line through the ticks of the last `window_beats` follows a change of tempo
    within that time and averages the rest away. `start` (FA) makes the next tick beat 0, `continue` (FB) goes on,
    `stop` (FC) silences, song position (F2) jumps, in sixteenths.

    Networks and drivers that run late lose ticks; each would leave the beat behind by a 24th for good. A hole between
    even ticks is therefore counted as the ticks that belong there, unless those come late, or all come slower.
    """

    def __init__(self, window_beats: float = 4.0) -> None:
        self._ticks: deque[tuple[int, float]] = deque(maxlen=max(2, round(window_beats * TICKS_A_BEAT)))
        self._count = -1  # of the last tick
        self._is_running = True  # many devices tick without ever having said start
        self._hole: tuple[int, float, float] | None = None  # count and time of the tick before it, and the period
        self._line: _Line | None = None  # replaced whole: the driver's thread writes, the engine's reads

    def receive(self, kind: str, time_s: float, position: int = 0) -> None:
        """Hears a message.

        Args:
            kind: mido's name of it: `clock`, `start`, `continue`, `stop` or `songpos`; others are ignored.
            time_s: When it came.
            position: Of `songpos`, sixteenths since the song's beginning.
        """
        match kind:
            case "clock":
                self._tick(time_s)
            case "start":
                self._is_running = True
                self._jump(-1)
            case "continue":
                self._is_running = True
            case "stop":
                self._is_running = False
            case "songpos":
                self._jump(position * TICKS_A_BEAT // 4 - 1)

    def beat_at(self, time_s: float) -> BeatTime | None:
        """Where the beat is; None when nothing ticks."""
        line = self._line
        if line is None or not self._is_running or time_s - line.last_s > _SILENT_S:
            return None
        beats = (line.count + (time_s - line.time_s) / line.period_s) / TICKS_A_BEAT
        return BeatTime(beats, 60.0 / line.period_s / TICKS_A_BEAT, line.confidence, line.confidence)

    def _jump(self, count: int) -> None:
        """The ticks to come are counted from elsewhere; the tempo stays."""
        shift = count - self._count
        self._ticks = deque(((index + shift, time_s) for index, time_s in self._ticks), maxlen=self._ticks.maxlen)
        self._count = count
        self._hole = None
        self._fit()

    def _tick(self, time_s: float) -> None:
        last_s = self._ticks[-1][1] if self._ticks else None
        if last_s is not None and (time_s < last_s or time_s - last_s > _SILENT_S):
            self._ticks.clear()  # another song, or a clock that was plugged in again
            self._line = self._hole = None
        line = self._line
        if (
            line is not None
            and last_s is not None
            and self._hole is None
            and line.scatter_s < _EVEN * line.period_s
            and time_s - last_s > _HOLE * line.period_s
        ):
            self._hole = self._count, last_s, line.period_s
        self._count += 1
        self._ticks.append((self._count, time_s))
        self._count_lost()
        self._fit()

    def _count_lost(self) -> None:
        """Three ticks after a hole it is known what it was."""
        if self._hole is None or self._count < self._hole[0] + 3:
            return
        (count, before_s, period_s), self._hole = self._hole, None
        since = [self._ticks.pop() for _ in range(3)][::-1]
        lost = math.floor((since[-1][1] - before_s) / period_s - 2.5)
        if lost < 0 or since[-1][1] - since[0][1] > (1.0 + _HOLE) * period_s:
            lost = 0
        self._ticks.extend((count + lost + index, time_s) for index, (_, time_s) in enumerate(since, start=1))
        self._count = count + lost + 3

    def _fit(self) -> None:
        """The least-squares line through the window, anchored at its mean, where it is surest."""
        number = len(self._ticks)
        if number < 4:
            self._line = None
            return
        mean_count = sum(count for count, _ in self._ticks) / number
        mean_s = sum(time_s for _, time_s in self._ticks) / number
        spread = sum((count - mean_count) ** 2 for count, _ in self._ticks)
        period_s = sum((count - mean_count) * (time_s - mean_s) for count, time_s in self._ticks) / spread
        if not _MIN_PERIOD_S <= period_s <= _MAX_PERIOD_S:
            self._line = None
            return
        errors = [time_s - mean_s - (count - mean_count) * period_s for count, time_s in self._ticks]
        scatter_s = (sum(error * error for error in errors) / number) ** 0.5
        confidence = min(1.0, number / TICKS_A_BEAT) * max(0.0, 1.0 - scatter_s / _SLOPPY_S)
        self._line = _Line(mean_count, mean_s, period_s, self._ticks[-1][1], scatter_s, confidence)


class MidiClock:
    """A MIDI input as a clock, through mido; its driver's thread calls `MidiClockTracker.receive`."""

    name = "midi"

    def __init__(self, port: str = VIRTUAL) -> None:
        """Describes the input; `start` opens it.

        Args:
            port: A part of the name of a MIDI input, or `virtual` for a port of our own to which others connect.
        """
        self._port_name = port
        self._tracker = MidiClockTracker()
        self._port: Any = None

    @property
    def notice(self) -> str | None:
        """Nothing: a clock that does not tick is usual."""
        return None

    def start(self) -> None:
        """Opens the port.

        Raises:
            ValueError: The packages are missing, or there is no such port.
        """
        try:
            import mido
            import rtmidi  # noqa: F401 - mido imports it late, and says less when it is missing
        except ImportError as error:
            raise ValueError(f"MIDI needs packages that are not installed ({error}): pip install '.[midi]'") from error
        try:
            if self._port_name == VIRTUAL:
                self._port = mido.open_input(_PORT_NAME, virtual=True, callback=self._receive)
                return
            names = mido.get_input_names()
            fitting = [name for name in names if self._port_name.casefold() in name.casefold()]
            if fitting:
                self._port = mido.open_input(fitting[0], callback=self._receive)
                return
        except Exception as error:  # rtmidi raises its own types, one a platform
            raise ValueError(f"MIDI does not work on this machine: {error}") from error
        raise ValueError(f"no MIDI input {self._port_name!r}; there are {', '.join(names) or 'none'}")

    def stop(self) -> None:
        """Closes the port; may be called twice."""
        port, self._port = self._port, None
        if port is not None:
            port.close()

    def beat_at(self, time_s: float) -> BeatTime | None:
        """See `MidiClockTracker.beat_at`."""
        return self._tracker.beat_at(time_s)

    def _receive(self, message: Any) -> None:
        self._tracker.receive(message.type, time.monotonic(), getattr(message, "pos", 0))
