"""Live sound from a device, proved on a sound card made of software."""

import builtins
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import soundfile

from bridge.sources.device import DeviceSource
from bridge.sources.portaudio import SoundUnavailableError, find_device, list_devices, load_sounddevice
from bridge.sources.source import SoundBlock
from tests.sound_card import DEVICE, SoundCard

RATE_HZ = 48000


def write_clicks(path: Path, num_clicks: int, every_s: float) -> None:
    samples = np.zeros((round(num_clicks * every_s * RATE_HZ), 2), np.float32)
    for click in range(num_clicks):
        start = round(click * every_s * RATE_HZ)
        samples[start : start + 96] = 0.8
    soundfile.write(path, samples, RATE_HZ)


def read_until(source: DeviceSource, deadline_s: float) -> list[SoundBlock]:
    blocks = []
    while time.monotonic() < deadline_s:
        block = source.read(max_wait_s=0.05)
        if block is not None:
            assert block.capture_time_us <= time.monotonic_ns() // 1000
            blocks.append(block)
    return blocks


def click_positions(samples: np.ndarray) -> np.ndarray:
    loud = np.flatnonzero(np.abs(samples) > 0.1)
    return loud[np.diff(loud, prepend=-RATE_HZ) > RATE_HZ // 20]


@pytest.mark.soundcard
@pytest.mark.realtime
@pytest.mark.parametrize("block_size", [0, 256, 1024])
def test_clicks_that_are_played_are_heard_in_time(tmp_path: Path, sound_card: SoundCard, block_size: int) -> None:
    write_clicks(tmp_path / "clicks.wav", num_clicks=8, every_s=0.25)
    with DeviceSource(DEVICE, sample_rate_hz=RATE_HZ, block_size=block_size) as source:
        assert source.sample_rate_hz == RATE_HZ
        blocks = read_until(source, time.monotonic() + 0.3)
        played_us = time.monotonic_ns() // 1000
        player = sound_card.play(tmp_path / "clicks.wav")
        blocks += read_until(source, time.monotonic() + 3.0)
        assert player.wait(10) == 0
        assert (source.gap_samples, source.overflow_samples) == (0, 0)

    samples = np.concatenate([block.samples for block in blocks])
    clicks = click_positions(samples)
    np.testing.assert_allclose(np.diff(clicks), 0.25 * RATE_HZ, atol=1)
    assert len(clicks) == 8

    ends = np.cumsum([len(block.samples) for block in blocks])
    times_us = np.array([block.capture_time_us for block in blocks])
    origins_us = times_us - ends * 1e6 / RATE_HZ
    assert np.percentile(np.abs(origins_us - np.median(origins_us)), 95) < 10_000, "count and clock agree"
    first_click_us = np.interp(clicks[0], ends, times_us)
    assert 0 < first_click_us - played_us < 1_000_000, "paplay's own start-up and latency"


@pytest.mark.soundcard
@pytest.mark.realtime
def test_a_slow_reader_gets_zeros_for_what_was_dropped(tmp_path: Path, sound_card: SoundCard) -> None:
    write_clicks(tmp_path / "clicks.wav", num_clicks=30, every_s=0.25)
    with DeviceSource(DEVICE, sample_rate_hz=RATE_HZ, block_size=256) as source:
        player = sound_card.play(tmp_path / "clicks.wav")
        blocks = read_until(source, time.monotonic() + 0.8)
        time.sleep(6.0)  # more than the ring holds
        blocks += read_until(source, time.monotonic() + 1.2)
        player.wait(10)
        dropped = source.overflow_samples
        assert source.gap_samples == 0
    samples = np.concatenate([block.samples for block in blocks])
    clicks = click_positions(samples)
    assert dropped > 0
    assert len(clicks) < 30, "some clicks fell into the gap"
    beats = (clicks - clicks[0]) / (0.25 * RATE_HZ)
    np.testing.assert_allclose(beats, np.round(beats), atol=2 / (0.25 * RATE_HZ))
    assert np.round(beats[-1]) == 29, "the last click is where it would be without the gap"


@pytest.mark.soundcard
@pytest.mark.realtime
def test_a_device_that_falls_silent_is_seen_to_stall(sound_card: SoundCard) -> None:
    with DeviceSource(DEVICE) as source:
        assert read_until(source, time.monotonic() + 0.5)
        assert not source.stalled
        assert source.notice is None
        assert not source.ended
        sound_card.process.terminate()
        sound_card.process.wait(10)
        read_until(source, time.monotonic() + 1.0)
        assert source.read(max_wait_s=0.0) is None
        assert source.stalled
        assert "plugged in" in str(source.notice)
    assert source.ended
    assert not source.stalled


@pytest.mark.soundcard
@pytest.mark.realtime
def test_a_device_can_be_opened_again(sound_card: SoundCard) -> None:
    source = DeviceSource(DEVICE)
    for _ in range(3):
        with source:
            assert source.read(max_wait_s=2.0) is not None
    source.stop()


@pytest.mark.soundcard
def test_devices_are_listed_and_found_by_number_name_and_part(sound_card: SoundCard) -> None:
    devices = list_devices()
    (pulse,) = [device for device in devices if device.name == DEVICE]
    assert pulse.max_input_channels > 0
    assert pulse.host_api == "ALSA"
    for named in (DEVICE, "PUL", pulse.index, str(pulse.index)):
        assert find_device(named, "input") == pulse
    assert find_device(None, "input").is_default_input
    assert find_device(None, "output").is_default_output


@pytest.mark.soundcard
def test_an_unknown_device_is_answered_with_those_there_are(sound_card: SoundCard) -> None:
    with pytest.raises(ValueError, match=r"'harp' is no device for sound input; choose one of: .*pulse \(ALSA\)"):
        DeviceSource("harp").start()
    with pytest.raises(ValueError, match="'l' fits several devices"):
        find_device("l", "input")
    with pytest.raises(ValueError, match="does not open at 7 Hz"):
        DeviceSource(DEVICE, sample_rate_hz=7).start()


def test_before_it_starts_a_source_has_ended() -> None:
    source = DeviceSource()
    assert source.ended
    assert not source.stalled
    assert (source.sample_rate_hz, source.overflow_samples, source.gap_samples) == (0, 0, 0)
    source.stop()


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (OSError("PortAudio library not found"), "apt install libportaudio2"),
        (ModuleNotFoundError("No module named 'sounddevice'"), "pip install sounddevice"),
    ],
)
def test_missing_portaudio_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, error: Exception, advice: str) -> None:
    original = builtins.__import__

    def without_sound(name: str, *arguments: Any) -> ModuleType:
        if name == "sounddevice":
            raise error
        return original(name, *arguments)

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(builtins, "__import__", without_sound)
    for attempt in (load_sounddevice, list_devices):
        with pytest.raises(SoundUnavailableError, match=advice) as caught:
            attempt()
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        ("OSError('PortAudio library not found')", "apt install libportaudio2"),
        ("ModuleNotFoundError('no sounddevice')", "pip install sounddevice"),
    ],
)
def test_a_source_without_portaudio_says_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: str, advice: str
) -> None:
    (tmp_path / "sounddevice.py").write_text(f"raise {error}")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))  # the device is opened in another process
    with pytest.raises(SoundUnavailableError, match=advice) as caught:
        DeviceSource("mic").start()
    assert "\n" not in str(caught.value)
