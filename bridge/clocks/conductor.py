"""The conductor: chooses who tells the beat, and leads the dancer from one to the other without a stumble."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bridge.clocks.clock import BeatTime, Clock
from bridge.clocks.tap import TapTempo
from bridge.control.controls import BeatControls
from data.sound.feature_frame import COLUMNS, FeatureFrame

AUDIO: Final = "audio"
_MIN_BPM: Final = 55.0
_MAX_BPM: Final = 215.0
"""What the beat tracker can tell, and a dancer has therefore heard in training; other tempi are folded by octaves."""


@dataclass(frozen=True, kw_only=True)
class ConductorConfig:
    """How the beat is led.

    Attributes:
        follow_s: A difference in phase falls to a third in this time.
        close_beats: A difference smaller than this is none: the beat is then exactly the clock's.
        max_rate: The beat never runs faster than so many times its tempo; and never backwards.
    """

    follow_s: float = 0.3
    close_beats: float = 0.02
    max_rate: float = 2.0


class Conductor:
    """Replaces the beat in feature frames by that of the clock that the performer wants.

    It belongs to the engine thread, its memory too: the last beat given. `name` of the present clock and `notice` may
    be read by any thread.

    `auto` takes the surest of those that have something to say: Ableton Link when it has peers, MIDI clock when it
    ticks, a tempo that the performer tapped or set, and otherwise what the ear hears. A clock that was asked for and is
    silent is replaced by the ear, and the notice says so.
    """

    def __init__(self, clocks: Sequence[Clock] = (), config: ConductorConfig | None = None) -> None:
        """Prepares.

        Args:
            clocks: Beside ear and finger; they are started by whoever made them.
            config: How the beat is led.
        """
        self.name = AUDIO
        self.config = config or ConductorConfig()
        self._clocks = {clock.name: clock for clock in clocks}
        self._taps = TapTempo()
        self._silent: str | None = None
        self._set: tuple[float, float, float] | None = None  # a tempo by number: bpm, beats at the moment in seconds
        self._beats = math.nan  # the last beat given, and the moment at which it is shown
        self._time_s = math.nan

    @property
    def notice(self) -> str | None:
        """What the performer should know of the beat."""
        if self._silent is not None:
            return f"the clock {self._silent} has nothing to say: the beat is taken from the sound"
        return next((clock.notice for clock in self._clocks.values() if clock.notice is not None), None)

    def conduct(
        self,
        frame: FeatureFrame,
        frame_end_s: float,
        ahead_s: float,
        controls: BeatControls,
    ) -> tuple[FeatureFrame, BeatTime, str]:
        """The frame with the beat that is to be danced, that beat, and who tells it.

        Args:
            frame: Its beat columns are read `ahead_s` after its end.
            frame_end_s: When the frame's last sample was in the room.
            ahead_s: Latency of the output.
            controls: The performer's requests.

        Returns:
            `frame` itself, untouched, when the ear tells the beat and nothing else is asked for.
        """
        columns = COLUMNS["beat"]
        heard = _heard_beat(frame.vector[columns], frame.beat)
        offset_s = 1e-3 * controls.offset_ms
        shown_s = frame_end_s + ahead_s
        told, self.name = self._choose(shown_s + offset_s, shown_s, controls)
        is_plain = told is None and offset_s == 0.0 and controls.octave == 0 and controls.nudge_beats == 0.0
        if told is None:
            told = BeatTime(
                heard.beats + offset_s * heard.bpm / 60.0, heard.bpm, heard.phase_confidence, heard.tempo_confidence
            )
        goal = _in_range(_scaled(told, 2.0**controls.octave))
        goal = BeatTime(goal.beats + controls.nudge_beats, goal.bpm, goal.phase_confidence, goal.tempo_confidence)
        beat, is_exact = self._lead(goal, shown_s)
        if is_plain and is_exact:
            return frame, beat, self.name
        angle = 2.0 * math.pi * (beat.beats % 1.0)
        vector = frame.vector.copy()
        vector[columns] = (
            math.cos(angle),
            math.sin(angle),
            math.log2(beat.bpm / 120.0),
            beat.phase_confidence,
            beat.tempo_confidence,
        )
        return replace(frame, vector=vector, beat=beat.beats), beat, self.name

    def _choose(self, time_s: float, shown_s: float, controls: BeatControls) -> tuple[BeatTime | None, str]:
        """What the wanted clock tells of a moment, and its name; None for the ear."""
        if self._set is not None and self._set[0] != controls.bpm:
            self._set = None
        self._silent = None
        wanted = controls.clock
        for name in ("link", "midi", "tap") if wanted == "auto" else (wanted,):
            if name == AUDIO:
                break
            if name == "tap":
                told = self._by_hand(time_s, shown_s, controls)
            else:
                clock = self._clocks.get(name)
                told = None if clock is None else clock.beat_at(time_s)
            if told is not None:
                return told, name
        if wanted not in ("auto", AUDIO):
            self._silent = wanted
        return None, AUDIO

    def _by_hand(self, time_s: float, shown_s: float, controls: BeatControls) -> BeatTime | None:
        """What the performer's hand tells: taps, or a tempo by number, which goes on from the beat it found."""
        if controls.bpm is None:
            return self._taps.beat_at(controls.taps, time_s)
        if self._set is None:
            beats = 0.0
            if not math.isnan(self._beats):
                # Octave, nudge and offset are put on top of what is told, so they are taken off what was given.
                scale = 2.0**controls.octave * _fold(controls.bpm * 2.0**controls.octave)
                beats = (self._beats - controls.nudge_beats) / scale
                beats += (shown_s - self._time_s - 1e-3 * controls.offset_ms) * controls.bpm / 60.0
            self._set = controls.bpm, beats, shown_s
        bpm, beats, since_s = self._set
        return BeatTime(beats + (time_s - since_s) * bpm / 60.0, bpm)

    def _lead(self, goal: BeatTime, shown_s: float) -> tuple[BeatTime, bool]:
        """The beat to give: the goal's phase, or a step towards it; and whether it is the goal's exactly."""
        config = self.config
        elapsed_s = shown_s - self._time_s
        if math.isnan(self._beats) or not abs(elapsed_s) < 1.0:  # the beginning, or after a hole in time
            whole = (
                0.0 if math.isnan(self._beats) else math.ceil(self._beats - goal.beats % 1.0) - math.floor(goal.beats)
            )
            beats, is_exact = goal.beats + whole, True
        else:
            step = elapsed_s * goal.bpm / 60.0
            expected = self._beats + step
            error = (goal.beats - expected + 0.5) % 1.0 - 0.5  # whole beats are nobody's business but the counter's
            is_exact = abs(error) < config.close_beats
            share = 1.0 if is_exact else 1.0 - math.exp(-max(elapsed_s, 0.0) / config.follow_s)
            moved = step + share * error
            if not is_exact:
                moved = min(max(moved, 0.0), config.max_rate * max(step, 0.0))
            beats = self._beats + moved
        self._beats, self._time_s = beats, shown_s
        return BeatTime(beats, goal.bpm, goal.phase_confidence, goal.tempo_confidence), is_exact


def _heard_beat(columns: NDArray[np.float32], beats: float) -> BeatTime:
    """The tracker's beat from its columns of a frame, and its count at the same moment, to within half a beat."""
    cosine, sine, octaves, phase_confidence, tempo_confidence = columns.tolist()
    phase = math.atan2(sine, cosine) / (2.0 * math.pi) % 1.0
    return BeatTime(round(beats - phase) + phase, 120.0 * 2.0**octaves, phase_confidence, tempo_confidence)


def _scaled(beat: BeatTime, factor: float) -> BeatTime:
    return BeatTime(beat.beats * factor, beat.bpm * factor, beat.phase_confidence, beat.tempo_confidence)


def _fold(bpm: float) -> float:
    """The power of two that brings a tempo into the range of the tracker."""
    if bpm < _MIN_BPM:
        return float(2.0 ** math.ceil(math.log2(_MIN_BPM / bpm)))
    if bpm > _MAX_BPM:
        return float(2.0 ** -math.ceil(math.log2(bpm / _MAX_BPM)))
    return 1.0


def _in_range(beat: BeatTime) -> BeatTime:
    return _scaled(beat, _fold(beat.bpm))
