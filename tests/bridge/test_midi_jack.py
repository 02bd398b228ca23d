"""MIDI clock through a real MIDI system: a drum machine with jitter, JACK between two processes, our clock.

Through JACK it is shown that every message arrives and is followed. How near to the truth that is, is shown with the
same ticks on paper, where no busy machine makes them late; for the real ones it is printed.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Container, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bridge.clocks.midi as midi
from bridge.clocks.clock import BeatTime
from bridge.clocks.midi import TICKS_A_BEAT, MidiClock, MidiClockTracker
from tests.data.child_process import started
from tests.midi_cables import missing_part, running_jack
from tests.waiting import GENEROUS_S, wait_until

ROOT = Path(__file__).resolve().parents[2]
BPM = 97.3
PERIOD_S = 60.0 / BPM / TICKS_A_BEAT
JITTER_S = 3e-3
SECONDS = float(os.environ.get("TRANSFLOWER_MIDI_S", "5"))
GRID_S = 0.02
AHEAD_S = 0.02


def delays_s(num_ticks: int) -> np.ndarray:
    """How late a drum machine's ticks are: each by the size of a normal deviate."""
    return np.abs(np.random.default_rng(0).normal(0.0, JITTER_S, num_ticks))


def drum_machine() -> Iterator[dict[str, Any]]:
    """Sends start, clock and stop to the Transflower Bridge, then waits for the end of standard input."""
    import rtmidi

    out = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name="drum machine")
    names = wait_until(lambda: [name for name in out.get_ports() if "Transflower Bridge" in name], "the bridge's port")
    out.open_port(out.get_ports().index(names[0]))
    delays = delays_s(round(SECONDS / PERIOD_S))
    first_s = time.monotonic() + 0.5
    yield {"first_s": first_s}
    out.send_message([0xFA])
    for tick, delay_s in enumerate(delays):
        time.sleep(max(0.0, first_s + tick * PERIOD_S + delay_s - time.monotonic()))
        yield {"sent_s": time.monotonic()}
        out.send_message([0xF8])
    out.send_message([0xFC])
    sys.stdin.read()  # JACK delivers in its own time
    out.delete()


class RecordingTracker(MidiClockTracker):
    """The tracker, and what it has heard so far."""

    heard: list[tuple[str, float]] = []  # noqa: RUF012 - the process has one clock

    def receive(self, kind: str, time_s: float, position: int = 0) -> None:
        super().receive(kind, time_s, position)
        self.heard.append((kind, time_s))


def bridge() -> Iterator[dict[str, Any]]:
    """What our clock tells of moments a little ahead, between messages; at last all that it heard, up to a stop."""
    midi.MidiClockTracker = RecordingTracker  # type: ignore[misc]
    clock, heard, give_up_s = MidiClock(), RecordingTracker.heard, time.monotonic() + SECONDS + 2 * GENEROUS_S
    clock.start()
    while (now_s := time.monotonic()) < give_up_s and not (heard and heard[-1][0] == "stop"):
        num_heard = len(heard)
        beat = clock.beat_at(now_s + AHEAD_S)
        if beat is not None and num_heard == len(heard):
            yield {"num_heard": num_heard, "s": now_s + AHEAD_S, "beats": beat.beats, "bpm": beat.bpm}
        time.sleep(GRID_S)
    yield {"heard": list(heard), "tells": clock.beat_at(time.monotonic()) is not None}
    clock.stop()


@pytest.fixture
def jack() -> Iterator[dict[str, str]]:
    """A JACK server without a sound card, and the environment in which programs find it and mido uses it."""
    if (missing := missing_part()) is not None:
        pytest.skip(missing)
    with running_jack() as variables:
        if variables is None:
            pytest.skip("JACK does not start on this machine")
        yield {**os.environ, **variables}


@pytest.mark.realtime
@pytest.mark.skipif(sys.platform != "linux", reason="JACK's dummy driver stands in for a MIDI interface on Linux")
def test_our_clock_follows_a_drum_machine_through_jack(jack: dict[str, str], tmp_path: Path):
    """What arrives is in order; and what our clock tells is what a tracker of these messages tells.

    JACK drops what a client did not fetch in its cycle: of a busy machine's messages one was missing in a run.
    """
    files = {role: tmp_path / role for role in ("bridge", "drum_machine")}
    with ExitStack() as stack:
        processes = []
        for role, file in files.items():
            program = [sys.executable, "-m", "tests.bridge.test_midi_jack", role]
            out = stack.enter_context(file.open("w"))
            processes.append(
                stack.enter_context(started(program, cwd=ROOT, env=jack, stdin=subprocess.PIPE, stdout=out))
            )
        assert processes[0].wait(SECONDS + 5 * GENEROUS_S) == 0
        processes[1].communicate()
        assert processes[1].returncode == 0
    (*readings_of_bridge, end), (begin, *ticks) = (
        list(map(json.loads, file.read_text().splitlines())) for file in files.values()
    )
    kinds, times_s = zip(*end["heard"], strict=True)
    assert len(ticks) == round(SECONDS / PERIOD_S)
    assert re.fullmatch("(start )?(clock )+(stop )?", "".join(f"{kind} " for kind in kinds))
    clocks_s = [time_s for kind, time_s in end["heard"] if kind == "clock"]
    assert len(clocks_s) <= len(ticks), "none is heard twice"
    assert list(times_s) == sorted(times_s)
    assert all(heard_s >= tick["sent_s"] for heard_s, tick in zip(clocks_s, ticks, strict=False))
    assert readings_of_bridge
    for line in readings_of_bridge:
        # It may have received a message that it had not counted yet.
        replayed = [tracked(end["heard"][: line["num_heard"] + more]).beat_at(line["s"]) for more in (0, 1)]
        assert (line["beats"], line["bpm"]) in [(beat.beats, beat.bpm) for beat in replayed if beat is not None]
    assert not end["tells"]  # it was stopped
    readings = [(line["s"], BeatTime(line["beats"], line["bpm"])) for line in readings_of_bridge]
    print("through JACK:", figures(readings, begin["first_s"]))


def tracked(messages: Sequence[tuple[str, float]]) -> MidiClockTracker:
    """A tracker that has heard these messages."""
    tracker = MidiClockTracker()
    for kind, time_s in messages:
        tracker.receive(kind, time_s)
    return tracker


def late_ms(readings: Sequence[tuple[float, BeatTime]], first_s: float) -> np.ndarray:
    """How late the reported beats are at the moments for which they were reported; whole beats count."""
    return np.array([(time_s - first_s) * 1e3 - beat.beats * 60e3 / BPM for time_s, beat in readings])


def figures(readings: Sequence[tuple[float, BeatTime]], first_s: float) -> str:
    """As the README quotes them, of `TRANSFLOWER_MIDI_S=36`."""
    late, bpm = late_ms(readings, first_s), np.array([beat.bpm for _, beat in readings])
    return (
        f"{readings[-1][0] - readings[0][0]:.1f} s of {BPM} bpm, late by {late.mean():.2f} ms, rms about that "
        f"{late.std():.2f} ms, p99 {np.percentile(np.abs(late), 99):.2f} ms, tempo {bpm.mean():.3f} +- {bpm.std():.3f}"
    )


def test_the_ticks_of_the_drum_machine_on_paper_give_its_tempo_and_beat():
    """97.3 bpm with 3 ms of jitter: the tempo is exact and the beat late by the mean delay, and steady."""
    jack_period_s, first_s = 128 / 48_000, 10.0
    num_ticks = round(36.0 / PERIOD_S)
    left_s = first_s + np.arange(num_ticks) * PERIOD_S + delays_s(num_ticks)
    arrive_s = list(np.maximum.accumulate(np.ceil(left_s / jack_period_s) * jack_period_s))
    tracker = MidiClockTracker()
    tracker.receive("start", 9.99)
    readings = []
    for now_s in np.arange(first_s, left_s[-1], GRID_S):
        while arrive_s and arrive_s[0] <= now_s:
            tracker.receive("clock", float(arrive_s.pop(0)))
        beat = tracker.beat_at(float(now_s + AHEAD_S))
        if now_s > first_s + 4.0:  # settled
            assert beat is not None
            readings.append((float(now_s + AHEAD_S), beat))
    print("on paper:", figures(readings, first_s))
    late = late_ms(readings, first_s)
    assert readings[-1][0] - readings[0][0] > 30.0
    assert np.mean([beat.bpm for _, beat in readings]) == pytest.approx(BPM, abs=0.1)
    # Half of the jitter's size, and JACK's periods; whole beats count: `start` made the first tick beat 0.
    assert abs(late.mean()) < 15.0
    assert late.std() < 5.0
    assert np.median([beat.phase_confidence for _, beat in readings]) > 0.5


def phase_error_beats(
    bpm: float, *, lost: Container[int] = (), held: Container[int] = (), jitter_s: float = JITTER_S
) -> float:
    """Where the beat ends up, after ticks of which some never came and some came together with the one after next."""
    tracker = MidiClockTracker()
    tracker.receive("start", 9.99)
    rng = np.random.default_rng(4)
    period_s = 60.0 / bpm / TICKS_A_BEAT
    for tick in range(480):
        arrives_s = 10.0 + tick * period_s + abs(rng.normal(0.0, jitter_s))
        if tick in held or tick - 1 in held:
            arrives_s = 10.0 + ((tick if tick in held else tick - 1) + 2) * period_s
        if tick not in lost:
            tracker.receive("clock", arrives_s)
    end_s = 10.0 + 480 * period_s
    beat = tracker.beat_at(end_s)
    assert beat is not None
    return beat.beats - (end_s - 10.0) / period_s / TICKS_A_BEAT


@pytest.mark.parametrize("bpm", [60.0, 97.3, 120.0])  # faster, 3 ms of jitter hide what is missing
def test_ticks_that_are_lost_on_the_way_leave_the_beat_where_it_is(bpm: float):
    whole = phase_error_beats(bpm)
    assert abs(whole) < 0.25 / TICKS_A_BEAT
    for lost in ({200}, {200, 201, 202}, {100, 200, 300, 400}):
        assert phase_error_beats(bpm, lost=lost) == pytest.approx(whole, abs=0.2 / TICKS_A_BEAT)


@pytest.mark.parametrize("bpm", [60.0, 97.3, 140.0])
def test_ticks_that_come_late_and_together_are_not_taken_for_lost(bpm: float):
    whole = phase_error_beats(bpm)
    assert phase_error_beats(bpm, held={100, 200, 300}) == pytest.approx(whole, abs=0.2 / TICKS_A_BEAT)


@pytest.mark.parametrize("bpm", [97.3, 140.0, 200.0, 300.0])
def test_jitter_is_not_taken_for_lost_ticks(bpm: float):
    assert abs(phase_error_beats(bpm, jitter_s=JITTER_S)) < 0.5 / TICKS_A_BEAT


@pytest.mark.parametrize(("first_bpm", "then_bpm"), [(140.0, 70.0), (200.0, 60.0), (97.0, 95.0), (160.0, 100.0)])
def test_a_slower_tempo_is_not_taken_for_lost_ticks(first_bpm: float, then_bpm: float):
    tracker = MidiClockTracker()
    tracker.receive("start", 9.99)
    time_s, num_ticks = 10.0, 0
    for bpm in (first_bpm, then_bpm):
        for _ in range(240):
            tracker.receive("clock", time_s)
            num_ticks += 1
            time_s += 60.0 / bpm / TICKS_A_BEAT
    beat = tracker.beat_at(time_s)
    assert beat is not None
    assert beat.beats == pytest.approx(num_ticks / TICKS_A_BEAT, abs=1e-6)


if __name__ == "__main__":
    for line in {"bridge": bridge, "drum_machine": drum_machine}[sys.argv[1]]():
        print(json.dumps(line), flush=True)
