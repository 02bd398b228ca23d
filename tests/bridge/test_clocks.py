"""Clocks against truth: taps of a human hand, MIDI ticks with jitter, and the conductor between them."""

import math
from collections.abc import Sequence

import mido
import numpy as np
import pytest

from bridge.clocks.clock import BeatTime, Clock
from bridge.clocks.conductor import Conductor
from bridge.clocks.midi import MidiClockTracker
from bridge.clocks.tap import TapTempo
from bridge.control.controls import BeatControls
from data.sound.audio_features import AudioFeatures
from data.sound.beat_tracker import BeatTracker
from data.sound.feature_frame import FeatureFrame

RATE_HZ = 30
FEATURES, TRACKER = AudioFeatures(), BeatTracker()


def phase_error_ms(beat: BeatTime, true_beats: float) -> float:
    """Difference in phase, as time at the reported tempo."""
    return ((beat.beats - true_beats + 0.5) % 1.0 - 0.5) * 60e3 / beat.bpm


def ticking(tracker: MidiClockTracker, bpm: float, seconds: float, jitter_ms: float, start_s: float = 100.0) -> float:
    """Feeds ticks with random delays as a cable and a driver give them; returns when it ended."""
    rng = np.random.default_rng(1)
    period_s = 60.0 / bpm / 24
    for tick in range(math.ceil(seconds / period_s)):
        tracker.receive("clock", start_s + tick * period_s + abs(rng.normal(0.0, jitter_ms * 1e-3)))
    return start_s + seconds


def test_midi_clock_with_jitter_is_smoothed():
    """97.3 bpm, each tick late by the size of a normal deviate of 3 ms: the beat is within 3.5 ms, half of it delay."""
    tracker = MidiClockTracker()
    rng = np.random.default_rng(0)
    period_s = 60.0 / 97.3 / 24
    errors, tempi = [], []
    tracker.receive("start", 99.9)
    for tick in range(24 * 60):
        now_s = 100.0 + tick * period_s + abs(rng.normal(0.0, 3e-3))
        tracker.receive("clock", now_s)
        if tick > 24 * 5:
            beat = tracker.beat_at(now_s + 0.02)
            assert beat is not None
            errors.append(phase_error_ms(beat, (now_s + 0.02 - 100.0) / period_s / 24))
            tempi.append(beat.bpm)
    print(f"phase error: mean {np.mean(errors):.2f} ms, rms {np.std(errors):.2f} ms, max {np.abs(errors).max():.2f} ms")
    assert np.abs(errors).max() < 4.5
    assert np.std(errors) < 1.0
    assert np.mean(tempi) == pytest.approx(97.3, abs=0.05)


def test_midi_clock_counts_from_start_and_follows_song_position():
    tracker = MidiClockTracker()
    tracker.receive("start", 99.99)
    end_s = ticking(tracker, 120.0, 4.0, 0.0)
    beat = tracker.beat_at(end_s)
    assert beat is not None
    assert beat.beats == pytest.approx(8.0, abs=1e-6)
    tracker.receive("songpos", end_s, 64)  # sixteenths: beat 16
    moved = tracker.beat_at(end_s)
    assert moved is not None
    assert moved.beats == pytest.approx(16.0, abs=0.05)
    assert moved.bpm == pytest.approx(120.0)


def test_midi_clock_falls_silent_when_it_stops_or_is_unplugged():
    tracker = MidiClockTracker()
    assert tracker.beat_at(0.0) is None
    end_s = ticking(tracker, 128.0, 2.0, 1.0)
    assert tracker.beat_at(end_s) is not None
    assert tracker.beat_at(end_s + 1.0) is None
    tracker.receive("stop", end_s)
    assert tracker.beat_at(end_s) is None
    tracker.receive("continue", end_s)
    assert tracker.beat_at(end_s) is not None


def test_midi_clock_follows_another_tempo_within_its_window():
    tracker = MidiClockTracker()
    end_s = ticking(tracker, 100.0, 4.0, 1.0)
    end_s = ticking(tracker, 140.0, 4.0, 1.0, start_s=end_s)
    beat = tracker.beat_at(end_s)
    assert beat is not None
    assert beat.bpm == pytest.approx(140.0, abs=0.3)


def test_bytes_from_a_cable_drive_the_tracker_through_mido():
    """The bytes of a real clock, taken apart by mido's own parser."""
    tracker = MidiClockTracker()
    parser = mido.Parser()
    for index, byte in enumerate([0xFA] + [0xF8] * 97):
        parser.feed_byte(byte)
        for message in parser:
            tracker.receive(message.type, 50.0 + (index - 1) * 60.0 / 97.3 / 24, getattr(message, "pos", 0))
    beat = tracker.beat_at(50.0 + 96 * 60.0 / 97.3 / 24)
    assert beat is not None
    assert beat.bpm == pytest.approx(97.3, abs=1e-3)
    assert beat.beats == pytest.approx(4.0, abs=1e-4)


def tapped(bpm: float, number: int, scatter_ms: float, seed: int, missing: tuple[int, ...] = ()) -> tuple[float, ...]:
    rng = np.random.default_rng(seed)
    beats = [beat for beat in range(number) if beat not in missing]
    return tuple(10.0 + beat * 60.0 / bpm + rng.normal(0.0, scatter_ms * 1e-3) for beat in beats)


def test_a_human_hand_gives_tempo_and_phase():
    """Eight taps that scatter by 20 ms about 112 bpm: the beat is right within a human's own error."""
    errors, tempi = [], []
    for seed in range(200):
        beat = TapTempo().beat_at(tapped(112.0, 8, 20.0, seed), 10.0 + 8 * 60.0 / 112.0)
        assert beat is not None
        errors.append(phase_error_ms(beat, 8.0))
        tempi.append(beat.bpm)
    print(f"phase error of the next beat: rms {np.std(errors):.1f} ms; tempo rms {np.std(tempi):.2f} bpm")
    assert np.std(errors) < 20.0
    assert abs(np.mean(errors)) < 5.0
    assert np.std(tempi) < 1.5


def test_a_tap_that_was_missed_or_doubled_is_no_other_tempo():
    missed = TapTempo().beat_at(tapped(120.0, 9, 5.0, 0, missing=(4,)), 15.0)
    assert missed is not None
    assert missed.bpm == pytest.approx(120.0, rel=0.02)
    taps = tapped(120.0, 8, 0.0, 0)
    doubled = TapTempo().beat_at((*taps[:4], taps[3] + 0.03, *taps[4:]), 15.0)
    assert doubled is not None
    assert doubled.bpm == pytest.approx(120.0, rel=1e-6)


def test_one_tap_is_no_tempo_and_a_pause_begins_anew():
    assert TapTempo().beat_at((1.0,), 2.0) is None
    assert TapTempo().beat_at((1.0, 1.5, 9.0), 9.5) is None
    beat = TapTempo().beat_at((1.0, 1.5, 9.0, 9.6), 9.6)
    assert beat is not None
    assert beat.bpm == pytest.approx(100.0)


class Metronome:
    """A clock that is always right."""

    notice = None

    def __init__(self, name: str, bpm: float, offset_beats: float = 0.0) -> None:
        self.name, self.bpm, self.offset_beats = name, bpm, offset_beats
        self.speaks = True

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def beat_at(self, time_s: float) -> BeatTime | None:
        return BeatTime(self.offset_beats + time_s * self.bpm / 60.0, self.bpm) if self.speaks else None


class Ear:
    """Feature frames whose tracker hears a steady beat."""

    def __init__(self, bpm: float) -> None:
        self.bpm = bpm
        self.state = FEATURES.initial_state()

    def frame(self, time_s: float) -> FeatureFrame:
        self.state.beat.beats = time_s * self.bpm / 60.0
        self.state.beat.bpm = self.bpm
        angle = 2 * math.pi * (self.state.beat.beats % 1.0)
        vector = np.zeros(FEATURES.dims, np.float32)
        vector[FEATURES.columns["beat"]] = math.cos(angle), math.sin(angle), math.log2(self.bpm / 120.0), 0.7, 0.6
        return FeatureFrame(vector, -20.0, self.state.beat.beats)


class Leading:
    """A conductor with its state, as a listener has it."""

    def __init__(self, clocks: Sequence[Clock] = ()) -> None:
        self._conductor = Conductor(clocks)
        self._state = self._conductor.initial_state()

    def conduct(self, frame: FeatureFrame, frame_end_s: float, ahead_s: float, controls: BeatControls):
        conducted, self._state = self._conductor.step(frame, frame_end_s, ahead_s, controls, self._state)
        return conducted.frame, conducted.beat, conducted.source

    @property
    def notice(self) -> str | None:
        return self._conductor.notice(self._state)


def conducted(conductor: Leading, ear: Ear, controls: BeatControls, start_s: float, seconds: float):
    """What was given frame by frame: beats, tempi, names."""
    given = []
    for index in range(round(seconds * RATE_HZ)):
        time_s = start_s + index / RATE_HZ
        frame, beat, name = conductor.conduct(ear.frame(time_s), time_s, 0.0, controls)
        cosine, sine, octaves = frame.vector[FEATURES.columns["beat"]][:3].tolist()
        # What the dancer reads is what the stage is sent.
        assert (math.atan2(sine, cosine) / (2 * math.pi) - beat.beats + 0.5) % 1.0 == pytest.approx(0.5, abs=1e-4)
        assert 120.0 * 2.0**octaves == pytest.approx(beat.bpm, rel=1e-5)
        given.append((beat.beats, beat.bpm, name))
    beats, tempi, names = zip(*given, strict=True)
    return np.array(beats), np.array(tempi), names


def test_the_ear_alone_is_passed_on_bit_for_bit():
    conductor, ear = Leading(), Ear(117.0)
    for index in range(90):
        frame = ear.frame(index / RATE_HZ)
        given, beat, name = conductor.conduct(frame, index / RATE_HZ, 0.0, BeatControls())
        assert given is frame
        assert name == "audio"
        assert (beat.phase_confidence, beat.tempo_confidence) == pytest.approx((0.7, 0.6))


@pytest.mark.parametrize(
    "change",
    [
        BeatControls(nudge_beats=0.4),
        BeatControls(nudge_beats=-0.5),
        BeatControls(octave=1),
        BeatControls(octave=-1),
        BeatControls(offset_ms=300.0),
        BeatControls(bpm=140.0),
        BeatControls(taps=tapped(131.0, 6, 10.0, 3)),
        BeatControls(clock="midi"),
        BeatControls(clock="link"),
    ],
)
def test_no_change_makes_the_beat_stumble(change: BeatControls):
    """The beat that is danced never runs backwards, never races, and arrives; nor on the way back."""
    conductor = Leading([Metronome("midi", 97.3, 0.37), Metronome("link", 128.0, 0.61)])
    ear = Ear(110.0)
    plain = BeatControls(clock="audio")
    beats = [conducted(conductor, ear, plain, 20.0, 2)[0]]
    beats.append(conducted(conductor, ear, change, 22.0, 4)[0])
    beats.append(conducted(conductor, ear, plain, 26.0, 4)[0])
    steps = np.diff(np.concatenate(beats))
    assert steps.min() >= 0.0
    assert steps.max() <= 2.0 * 220.0 / 60.0 / RATE_HZ
    assert (beats[-1][-1] - (30.0 - 1 / RATE_HZ) * 110.0 / 60.0 + 0.5) % 1.0 == pytest.approx(0.5, abs=1e-6)


def test_auto_prefers_link_to_midi_to_the_finger_to_the_ear():
    link, midi = Metronome("link", 128.0), Metronome("midi", 97.3)
    conductor, ear = Leading([midi, link]), Ear(110.0)
    controls = BeatControls(taps=tapped(131.0, 6, 0.0, 0))
    names = []
    for second in range(4):
        names.append(conducted(conductor, ear, controls, 20.0 + second, 1)[2][-1])
        if second == 0:
            link.speaks = False
        elif second == 1:
            midi.speaks = False
        else:
            controls = BeatControls()
    assert names == ["link", "midi", "tap", "audio"]


def test_a_clock_that_was_asked_for_and_is_silent_is_replaced_and_reported():
    midi = Metronome("midi", 97.3)
    conductor, ear = Leading([midi]), Ear(110.0)
    midi.speaks = False
    assert conducted(conductor, ear, BeatControls(clock="midi"), 20.0, 1)[2][-1] == "audio"
    assert "midi has nothing to say" in (conductor.notice or "")
    midi.speaks = True
    assert conducted(conductor, ear, BeatControls(clock="midi"), 21.0, 1)[2][-1] == "midi"
    assert conductor.notice is None


def test_an_offset_leads_the_dance():
    conductor, ear = Leading([Metronome("link", 120.0)]), Ear(120.0)
    plain, _, _ = conducted(conductor, ear, BeatControls(clock="link"), 20.0, 3)
    led, _, _ = conducted(conductor, ear, BeatControls(clock="link", offset_ms=100.0), 23.0, 3)
    assert led[-1] - (26.0 - 1 / RATE_HZ) * 2.0 == pytest.approx(0.2, abs=1e-6)
    assert plain[-1] == pytest.approx((23.0 - 1 / RATE_HZ) * 2.0, abs=1e-6)


def test_tempi_that_no_dancer_has_heard_are_folded_by_octaves():
    for bpm, folded in ((40.0, 80.0), (250.0, 125.0), (174.0, 174.0)):
        _, tempi, _ = conducted(Leading([Metronome("link", bpm)]), Ear(110.0), BeatControls(), 20.0, 2)
        assert tempi[-1] == pytest.approx(folded)


def test_a_tempo_by_number_goes_on_from_the_beat_and_holds_its_octave():
    conductor, ear = Leading(), Ear(110.0)
    conducted(conductor, ear, BeatControls(), 20.0, 2)
    beats, tempi, names = conducted(conductor, ear, BeatControls(bpm=140.0, octave=-1, nudge_beats=0.2), 22.0, 6)
    assert names[-1] == "tap"
    assert tempi[-1] == pytest.approx(70.0)
    assert np.diff(beats)[-30:] == pytest.approx(70.0 / 60.0 / RATE_HZ, rel=1e-6)


@pytest.mark.parametrize(("bpm", "ahead_s"), [(212.0, 0.1), (124.0, 0.25), (124.0, 0.0)])
def test_half_the_tempo_keeps_its_count_however_far_the_beat_is_read_ahead(bpm: float, ahead_s: float):
    conductor, ear = Leading(), Ear(bpm)
    for index in range(300):
        time_s = index / RATE_HZ
        vector = ear.frame(time_s).vector
        vector[FEATURES.columns["beat"]] = TRACKER.features(ear.state.beat, ahead_s)
        frame = FeatureFrame(vector, -20.0, TRACKER.beats_at(ear.state.beat, ahead_s))
        _, beat, _ = conductor.conduct(frame, time_s, ahead_s, BeatControls(octave=-1))
        wanted = frame.beat / 2.0
        assert (beat.beats - wanted + 0.5) % 1.0 == pytest.approx(0.5, abs=0.03), f"frame {index}"
