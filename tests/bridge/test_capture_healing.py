"""A device or its process that dies comes back by itself, and time does not shift meanwhile."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest

from bridge.sources.device import DeviceSource
from bridge.sources.source import SoundBlock
from bridge.timeline import SoundTimeline
from tests.bridge.test_device_source import RATE_HZ, click_positions, read_until, write_clicks
from tests.sound_card import DEVICE, SoundCard

pytestmark = [
    pytest.mark.soundcard,
    pytest.mark.realtime,
    pytest.mark.skipif(sys.platform == "win32", reason="PulseAudio and signals are those of POSIX"),
]


def children() -> list[psutil.Process]:
    """The processes that listen to sound cards for this one."""
    return [child for child in psutil.Process().children() if "bridge.sources.capture_child" in child.cmdline()]


def read_until_back(source: DeviceSource, limit_s: float) -> list[SoundBlock]:
    """Reads until the source gives sound again, which it must within a limit."""
    deadline_s = time.monotonic() + limit_s
    while time.monotonic() < deadline_s:
        if (block := source.read(max_wait_s=0.05)) is not None:
            return [block]
    pytest.fail(f"no sound within {limit_s} s: {source.notice}")


def count_and_clock_agree(blocks: list[SoundBlock], within_s: float) -> None:
    """The number of samples read tells the time, over losses and outages too."""
    ends = np.cumsum([len(block.samples) for block in blocks])
    origins_s = np.array([block.capture_time_us for block in blocks]) * 1e-6 - ends / RATE_HZ
    early, late = np.median(origins_s[: len(origins_s) // 4]), np.median(origins_s[-len(origins_s) // 4 :])
    assert abs(late - early) < within_s


def kill_card(card: SoundCard) -> None:
    card.kill()


def kill_child(card: SoundCard) -> None:
    (child,) = children()
    child.kill()


@pytest.mark.parametrize("kill", [kill_card, kill_child])
def test_what_dies_comes_back_by_itself_and_time_does_not_shift(
    tmp_path: Path, sound_card: SoundCard, kill: Callable[[SoundCard], None]
) -> None:
    write_clicks(tmp_path / "clicks.wav", num_clicks=8, every_s=0.25)
    with DeviceSource(DEVICE, sample_rate_hz=RATE_HZ) as source:
        blocks = read_until(source, time.monotonic() + 1.5)
        assert source.notice is None
        kill(sound_card)
        if kill is kill_card:
            blocks += read_until(source, time.monotonic() + 2.0)
            assert source.read(max_wait_s=0.0) is None
            assert source.stalled
            assert f"no sound comes from the device '{DEVICE}': is it still plugged in?" in str(source.notice)
            sound_card.start()
        else:
            blocks += read_until(source, time.monotonic() + 0.1)  # what it had captured
        blocks += read_until_back(source, limit_s=4.0)
        blocks += read_until(source, time.monotonic() + 0.5)
        assert source.notice is None
        assert source.num_reopened == 1
        player = sound_card.play(tmp_path / "clicks.wav", latency_ms=200)
        blocks += read_until(source, time.monotonic() + 3.0)
        assert player.wait(10) == 0
        assert source.sample_rate_hz == RATE_HZ
        assert source.gap_samples > 0
    clicks = click_positions(np.concatenate([block.samples for block in blocks]))
    assert len(clicks) == 8
    np.testing.assert_allclose(np.diff(clicks), 0.25 * RATE_HZ, atol=1)
    count_and_clock_agree(blocks, within_s=0.05)
    assert not children()


@pytest.mark.parametrize("away_s", [0.2, 0.4, 2.0])
def test_the_timeline_fills_nothing_twice(sound_card: SoundCard, away_s: float) -> None:
    """What the dancer is given, silence of the timeline and sound of the source, is as long as the time that passed."""
    with DeviceSource(DEVICE, sample_rate_hz=RATE_HZ) as source:
        begin_s = time.monotonic()
        timeline = SoundTimeline(RATE_HZ, begin_s)
        num_given = 0

        def listen(until_s: float) -> float:
            """Listens as the bridge does; returns by how much more was given than time passed, at the median."""
            nonlocal num_given
            surplus_s = []
            while time.monotonic() < until_s:
                block = source.read(max_wait_s=1 / 30)
                num_given += len(timeline.fill(time.monotonic()) if block is None else timeline.accept(block))
                surplus_s.append(num_given / RATE_HZ - timeline.until_s)
            return float(np.median(surplus_s))

        before_s = listen(begin_s + 1.5)
        (child,) = children()
        child.suspend()
        listen(time.monotonic() + away_s)
        child.resume()
        listen(time.monotonic() + 2.5)
        assert source.notice is None
        assert abs(listen(time.monotonic() + 0.5) - before_s) < 0.04


def test_a_driver_that_hangs_is_given_up(sound_card: SoundCard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.sources.capture_process._HUNG_US", 1_500_000)
    with DeviceSource(DEVICE, sample_rate_hz=RATE_HZ) as source:
        read_until(source, time.monotonic() + 0.5)
        (child,) = children()
        child.suspend()
        read_until(source, time.monotonic() + 1.0)
        assert "plugged in" in str(source.notice)
        read_until_back(source, limit_s=4.0)
        assert [other.pid for other in children()] != [child.pid]
        assert source.num_reopened == 1


def test_a_child_that_cannot_start_again_is_tried_again(sound_card: SoundCard, monkeypatch: pytest.MonkeyPatch) -> None:
    with DeviceSource(DEVICE, sample_rate_hz=RATE_HZ) as source:
        read_until(source, time.monotonic() + 0.5)
        monkeypatch.setattr("sys.executable", "no-such-python")
        kill_child(sound_card)
        read_until(source, time.monotonic() + 2.5)
        assert "plugged in" in str(source.notice)
        monkeypatch.undo()
        for name, value in sound_card.environment.items():
            monkeypatch.setenv(name, value)
        read_until_back(source, limit_s=4.0)
