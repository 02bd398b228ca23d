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


@dataclass
class ConductorState:
    """What the conductor remembers between two frames.

    Attributes:
        beats: The last beat given; NaN before the first.
        time_s: The moment at which it is shown, on the monotonic clock.
        silent: The clock that was asked for and has nothing to say; None if there is none.
        set_tempo: A tempo by number: beats a minute, and the beats at a moment in seconds; None without one.
    """

    beats: float = math.nan
    time_s: float = math.nan
    silent: str | None = None
    set_tempo: tuple[float, float, float] | None = None


@dataclass(frozen=True, eq=False)
class Conducted:
    """A frame as it is to be danced.

    Attributes:
        frame: With the beat that is to be danced in it.
        beat: That beat.
        source: Who tells it: `audio`, `tap`, `midi` or `link`.
    """

    frame: FeatureFrame
    beat: BeatTime
    source: str


class Conductor:
    """Replaces the beat in feature frames by that of the clock that the performer wants.

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
        self.config = config or ConductorConfig()
        self._clocks = {clock.name: clock for clock in clocks}
        self._taps = TapTempo()

    def initial_state(self) -> ConductorState:
        """No beat was given yet."""
        return ConductorState()

    def notice(self, state: ConductorState) -> str | None:
        """What the performer should know of the beat."""
        if state.silent is not None:
            return f"the clock {state.silent} has nothing to say: the beat is taken from the sound"
        return next((clock.notice for clock in self._clocks.values() if clock.notice is not None), None)

    def step(
        self, frame: FeatureFrame, frame_end_s: float, ahead_s: float, controls: BeatControls, state: ConductorState
    ) -> tuple[Conducted, ConductorState]:
        """The frame with the beat that is to be danced, and the state after it.

        Args:
            frame: Its beat columns are read `ahead_s` after its end.
            frame_end_s: When the frame's last sample was in the room.
            ahead_s: Latency of the output.
            controls: The performer's requests.
            state: From the step before.

        Returns:
            With `frame` itself, untouched, when the ear tells the beat and nothing else is asked for.
        """
        columns = COLUMNS["beat"]
        heard = _heard_beat(frame.vector[columns], frame.beat)
        offset_s = 1e-3 * controls.offset_ms
        shown_s = frame_end_s + ahead_s
        given, source = self._choose(shown_s + offset_s, shown_s, controls, state)
        is_plain = given is None and offset_s == 0.0 and controls.octave == 0 and controls.nudge_beats == 0.0
        if given is None:
            given = BeatTime(
                heard.beats + offset_s * heard.bpm / 60.0, heard.bpm, heard.phase_confidence, heard.tempo_confidence
            )
        goal = _in_range(_scaled(given, 2.0**controls.octave))
        goal = BeatTime(goal.beats + controls.nudge_beats, goal.bpm, goal.phase_confidence, goal.tempo_confidence)
        beat, is_exact = self._lead(goal, shown_s, state)
        if is_plain and is_exact:
            return Conducted(frame, beat, source), state
        angle = 2.0 * math.pi * (beat.beats % 1.0)
        vector = frame.vector.copy()
        vector[columns] = (
            math.cos(angle),
            math.sin(angle),
            math.log2(beat.bpm / 120.0),
            beat.phase_confidence,
            beat.tempo_confidence,
        )
        return Conducted(replace(frame, vector=vector, beat=beat.beats), beat, source), state

    def _choose(
        self, time_s: float, shown_s: float, controls: BeatControls, state: ConductorState
    ) -> tuple[BeatTime | None, str]:
        """What the wanted clock tells of a moment, and its name; None for the ear."""
        if state.set_tempo is not None and state.set_tempo[0] != controls.bpm:
            state.set_tempo = None
        state.silent = None
        wanted = controls.clock
        for name in ("link", "midi", "tap") if wanted == "auto" else (wanted,):
            if name == AUDIO:
                break
            if name == "tap":
                given = self._tapped_or_set(time_s, shown_s, controls, state)
            else:
                clock = self._clocks.get(name)
                given = None if clock is None else clock.beat_at(time_s)
            if given is not None:
                return given, name
        if wanted not in ("auto", AUDIO):
            state.silent = wanted
        return None, AUDIO

    def _tapped_or_set(
        self, time_s: float, shown_s: float, controls: BeatControls, state: ConductorState
    ) -> BeatTime | None:
        """The beat of the performer's taps, or of a tempo by number, which goes on from the beat it found."""
        if controls.bpm is None:
            return self._taps.beat_at(controls.taps, time_s)
        if state.set_tempo is None:
            beats = 0.0
            if not math.isnan(state.beats):
                # Octave, nudge and offset are put on top of what is given, so they are taken off what was given.
                scale = 2.0**controls.octave * _fold(controls.bpm * 2.0**controls.octave)
                beats = (state.beats - controls.nudge_beats) / scale
                beats += (shown_s - state.time_s - 1e-3 * controls.offset_ms) * controls.bpm / 60.0
            state.set_tempo = controls.bpm, beats, shown_s
        bpm, beats, since_s = state.set_tempo
        return BeatTime(beats + (time_s - since_s) * bpm / 60.0, bpm)

    def _lead(self, goal: BeatTime, shown_s: float, state: ConductorState) -> tuple[BeatTime, bool]:
        """The beat to give: the goal's phase, or a step towards it; and whether it is the goal's exactly."""
        config = self.config
        elapsed_s = shown_s - state.time_s
        if math.isnan(state.beats) or not abs(elapsed_s) < 1.0:  # the beginning, or after a hole in time
            whole = (
                0.0 if math.isnan(state.beats) else math.ceil(state.beats - goal.beats % 1.0) - math.floor(goal.beats)
            )
            beats, is_exact = goal.beats + whole, True
        else:
            step = elapsed_s * goal.bpm / 60.0
            expected = state.beats + step
            error = (goal.beats - expected + 0.5) % 1.0 - 0.5  # whole beats are nobody's business but the counter's
            is_exact = abs(error) < config.close_beats
            share = 1.0 if is_exact else 1.0 - math.exp(-max(elapsed_s, 0.0) / config.follow_s)
            moved = step + share * error
            if not is_exact:
                moved = min(max(moved, 0.0), config.max_rate * max(step, 0.0))
            beats = state.beats + moved
        state.beats, state.time_s = beats, shown_s
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
