"""A device or its process that dies comes back by itself, and time does not shift meanwhile.

These are real processes and a real driver, whose clock is as punctual as the machine is idle. To the sample, and for
whatever a device may lose, the same is said in simulated time by `test_capture_simulated.py`.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from bridge.sources.device import DeviceSource
from bridge.sources.source import SoundBlock
from bridge.system.child_process import start_child
from tests.bridge.numbered_sound import RATE_HZ, Holes, Recorder, numbers_of, wait_for_sound
from tests.bridge.running_timeline import RunningTimeline
from tests.sound_card import DEVICE, SoundCard
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.soundcard,
    pytest.mark.realtime,
    pytest.mark.skipif(sys.platform == "win32", reason="PulseAudio and signals are those of POSIX"),
]


def children() -> list[psutil.Process]:
    """The processes that listen to sound cards for this one."""

    def listens(process: psutil.Process) -> bool:
        try:
            return "bridge.sources.capture_child" in process.cmdline()
        except psutil.Error:  # it has just ended
            return False

    return [process for process in psutil.Process().children() if listens(process)]


def assert_count_and_clock_agree(blocks: list[SoundBlock]) -> None:
    """The zeros for an outage, given as blocks of their own, are as many as their times say since the last sound."""
    is_outage = [len(block.samples) >= RATE_HZ // 10 and not block.samples.any() for block in blocks]
    first = is_outage.index(True)
    assert blocks[first - 1].samples.any()
    passed_s = 1e-6 * (blocks[first].capture_time_us - blocks[first - 1].capture_time_us)
    assert passed_s == pytest.approx(len(blocks[first].samples) / RATE_HZ, abs=2 / RATE_HZ)


def kill_card(card: SoundCard) -> None:
    card.kill()


def kill_child(card: SoundCard) -> None:
    (child,) = children()
    child.kill()


@pytest.mark.parametrize("kill", [kill_card, kill_child])
def test_what_dies_comes_back_by_itself_and_time_does_not_shift(
    numbered_wav: Path, sound_card: SoundCard, kill: Callable[[SoundCard], None]
) -> None:
    sound_card.play_from_memory(numbered_wav)
    with DeviceSource(DEVICE, sample_rate_hz=RATE_HZ) as source:
        before = Recorder(source)
        before.read_on(RATE_HZ // 4)
        before.read_until(lambda: source.notice is None, "a device that is well")
        kill(sound_card)
        if kill is kill_card:
            before.read_until(lambda: source.stalled, "the device to be missed")
            before.read_rest()
            assert f"no sound comes from the device '{DEVICE}': is it still plugged in?" in str(source.notice)
            sound_card.start()
            sound_card.play_from_memory(numbered_wav)
        before.read_until(lambda: source.num_reopened, "the device to be opened again")
        after = Recorder(source)
        after.read_on(RATE_HZ // 4)
        after.read_until(lambda: source.notice is None, "a device that is well")
        assert source.sample_rate_hz == RATE_HZ
    assert not children()
    assert source.gap_samples >= RATE_HZ // 10
    assert_count_and_clock_agree(before.blocks + after.blocks)
    assert Holes.of(after.numbers).lost.sum() == 0, "what is heard again is whole"
    if kill is kill_child:  # the sound went on meanwhile
        holes = Holes.of(np.concatenate([before.numbers, after.numbers]))
        assert holes.zeros.sum() <= source.gap_samples, "there are no zeros but those counted"
        assert np.count_nonzero(holes.lost) == 1


@pytest.mark.parametrize("away_s", [0.2, 0.4, 2.0])
def test_the_timeline_fills_nothing_twice(
    numbered_wav: Path, sound_card: SoundCard, away_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the dancer is given, silence of the timeline and sound of the source, is as long as the time that passed."""
    monkeypatch.setattr("bridge.sources.capture_process._HUNG_US", 60_000_000)  # it comes back by itself
    sound_card.play_from_memory(numbered_wav)
    with DeviceSource(DEVICE, sample_rate_hz=RATE_HZ) as source:
        recorder = Recorder(source)
        recorder.read_on(1)
        timeline = RunningTimeline(RATE_HZ, recorder.blocks[-1].capture_time_us * 1e-6)
        given: list[np.ndarray] = []

        def listen() -> None:
            """Listens as the bridge does."""
            block = recorder.read(max_wait_s=1 / 30)
            given.append(timeline.fill(time.monotonic()) if block is None else timeline.accept(block))

        def listen_until_number(number: int) -> None:
            wait_until(lambda: (listen(), recorder.last_number > number)[1], "the numbered sound")

        listen_until_number(recorder.last_number + RATE_HZ // 4)
        before = recorder.last_number
        (child,) = children()
        child.suspend()
        end_s = time.monotonic() + away_s
        while time.monotonic() < end_s:
            listen()
        child.resume()
        listen_until_number(before + round((away_s + 0.25) * RATE_HZ))
    numbers = numbers_of(np.concatenate(given))
    holes = Holes.of(numbers)
    shift_s = (holes.zeros.sum() - holes.lost.sum()) / RATE_HZ
    assert abs(shift_s) < 0.5 * away_s


def test_a_driver_that_hangs_is_given_up(sound_card: SoundCard) -> None:
    with DeviceSource(DEVICE, sample_rate_hz=RATE_HZ) as source:
        wait_for_sound(source)
        (child,) = children()
        child.suspend()
        wait_until(lambda: source.read(0.05) is None and source.stalled, "the device to be missed")
        assert "plugged in" in str(source.notice)
        wait_until(lambda: source.read(0.05) or child not in children(), "the hung process to be given up")
        wait_for_sound(source)
        assert child not in children()
        assert source.num_reopened >= 1


def test_a_child_that_cannot_start_again_is_tried_again(sound_card: SoundCard, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = []

    def start_no_child(*arguments: Any, **options: Any) -> Any:
        attempts.append(arguments)
        return start_child(*arguments, **options)

    with DeviceSource(DEVICE, sample_rate_hz=RATE_HZ) as source:
        wait_for_sound(source)
        with monkeypatch.context() as patch:
            patch.setattr("sys.executable", "no-such-python")
            patch.setattr("bridge.sources.capture_process.start_child", start_no_child)
            kill_child(sound_card)
            wait_until(lambda: (source.read(0.05), len(attempts) > 1)[1], "more than one attempt")
            wait_until(lambda: source.read(0.05) is None and source.stalled, "the device to be missed")
            assert "plugged in" in str(source.notice)
        wait_for_sound(source)
