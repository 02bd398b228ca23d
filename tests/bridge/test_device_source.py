"""Live sound from a device, proved on a sound card made of software."""

import builtins
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bridge.sources.device import DeviceSource
from bridge.sources.portaudio import SoundUnavailableError, find_device, list_devices, load_sounddevice
from tests.bridge.numbered_sound import RATE_HZ, Holes, Recorder, wait_for_sound
from tests.sound_card import DEVICE, SoundCard
from tests.waiting import wait_until


@pytest.mark.soundcard
@pytest.mark.realtime
@pytest.mark.parametrize("block_size", [0, 256, 1024])
def test_clicks_that_are_played_are_heard_in_time(numbered_wav: Path, sound_card: SoundCard, block_size: int) -> None:
    """Each sample is a click of its own, whose height tells its number; the server drops none, and no more may we."""
    played_us = time.monotonic_ns() // 1000
    sound_card.play_from_memory(numbered_wav)
    with DeviceSource(DEVICE, sample_rate_hz=RATE_HZ, block_size=block_size) as source:
        assert source.sample_rate_hz == RATE_HZ
        recorder = Recorder(source)
        recorder.read_on(RATE_HZ)
    recorder.read_rest()
    holes = Holes.of(recorder.numbers)
    assert holes.lost.sum() == source.overflow_samples == 0
    # A device that calls late may be thought to have lost what it had not; no zeros stand anywhere but those counted.
    assert holes.zeros.sum() <= source.gap_samples
    # What was heard last began to sound more than a second after it was asked for.
    assert played_us < recorder.blocks[-1].capture_time_us, "nothing was in the room before it was played"


@pytest.mark.soundcard
@pytest.mark.realtime
def test_a_slow_reader_gets_zeros_for_what_was_dropped(numbered_wav: Path, sound_card: SoundCard) -> None:
    sound_card.play_from_memory(numbered_wav)
    with DeviceSource(DEVICE, sample_rate_hz=RATE_HZ, block_size=256, buffer_s=0.25) as source:
        recorder = Recorder(source)
        recorder.read_on(RATE_HZ // 10)
        wait_until(lambda: source.overflow_samples, "a ring that is full")
        recorder.read_on(RATE_HZ // 10)
        counted = source.overflow_samples
        recorder.read_on(RATE_HZ // 10)
    holes = Holes.of(recorder.numbers)
    assert 0 < counted <= holes.lost.sum() <= source.overflow_samples, "what is missing was dropped, and counted"
    assert (holes.zeros >= holes.lost).all(), "zeros stand in the place of what was dropped"
    # A device that calls late may be thought to have lost what it had not: those zeros are counted too.
    assert holes.zeros.sum() <= source.overflow_samples + source.gap_samples


@pytest.mark.soundcard
@pytest.mark.realtime
def test_a_device_that_falls_silent_is_seen_to_stall(sound_card: SoundCard) -> None:
    with DeviceSource(DEVICE) as source:
        recorder = Recorder(source)
        recorder.read_until(lambda: recorder.blocks and source.notice is None, "sound")
        assert not source.ended
        sound_card.kill()
        recorder.read_until(lambda: source.stalled, "the device to be missed")
        recorder.read_rest()
        assert "plugged in" in str(source.notice)
        assert not source.ended
    assert source.ended
    assert not source.stalled


@pytest.mark.soundcard
@pytest.mark.realtime
def test_a_device_can_be_opened_again(sound_card: SoundCard) -> None:
    source = DeviceSource(DEVICE)
    for _ in range(3):
        with source:
            wait_for_sound(source)
    source.stop()


@pytest.mark.soundcard
@pytest.mark.realtime
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
@pytest.mark.realtime
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


@pytest.mark.realtime
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
