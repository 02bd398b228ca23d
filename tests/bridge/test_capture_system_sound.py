"""What the machine itself plays, as an input."""

import os
import sys
from pathlib import Path

import pytest

from bridge.sources import system_sound
from bridge.sources.device import DeviceSource
from bridge.sources.portaudio import SoundDevice
from bridge.sources.system_sound import SystemSound
from tests.bridge.numbered_sound import RATE_HZ, Holes, Recorder, wait_for_sound
from tests.sound_card import SoundCard
from tests.waiting import wait_until

linux = pytest.mark.skipif(sys.platform != "linux", reason="PulseAudio is Linux's")


@linux
@pytest.mark.soundcard
@pytest.mark.realtime
@pytest.mark.parametrize("device", ["system", "monitor:stage", "monitor:main_st"])
def test_what_is_played_is_heard(
    numbered_wav: Path, sound_card: SoundCard, monkeypatch: pytest.MonkeyPatch, device: str
) -> None:
    sound_card.control("load-module", "module-null-sink", "sink_name=other")
    sound_card.control("set-default-sink", "stage")
    sound_card.control("set-default-source", "other.monitor")
    monkeypatch.setenv("PULSE_SOURCE", "other.monitor")  # what a microphone would be
    sound_card.play_from_memory(numbered_wav)
    with DeviceSource(device, sample_rate_hz=RATE_HZ) as source, DeviceSource("pulse") as microphone:
        recorder = Recorder(source)
        recorder.read_on(RATE_HZ // 2)
        heard_us = recorder.blocks[-1].capture_time_us
        ears = Recorder(microphone)
        ears.read_until(lambda: ears.blocks and ears.blocks[-1].capture_time_us > heard_us, "the same time in the room")
    holes = Holes.of(recorder.numbers)
    assert holes.lost.sum() == 0
    assert holes.zeros.sum() <= source.gap_samples
    assert not ears.numbers.any(), "the microphone hears nothing of it"
    assert os.environ["PULSE_SOURCE"] == "other.monitor"


@linux
@pytest.mark.soundcard
@pytest.mark.realtime
def test_system_sound_comes_back_by_itself(sound_card: SoundCard) -> None:
    with DeviceSource("system") as source:
        wait_for_sound(source)
        sound_card.kill()
        wait_until(lambda: source.read(0.05) is None and source.stalled, "the device to be missed")
        assert "no sound comes from the device 'what this machine plays'" in str(source.notice)
        sound_card.start()
        wait_for_sound(source)
        wait_until(lambda: (source.read(0.05), source.notice is None)[1], "a device that is well")
        assert source.num_reopened >= 1


@linux
@pytest.mark.soundcard
@pytest.mark.realtime
def test_an_unknown_output_is_answered_with_those_there_are(sound_card: SoundCard) -> None:
    with pytest.raises(ValueError, match=r"'harp' is no output of this machine; choose one of: stage \(Main_Stage\)"):
        DeviceSource("monitor:harp").start()


@linux
def test_without_a_sound_server_the_error_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    with pytest.raises(ValueError, match=r"PulseAudio or PipeWire, which cannot be reached|pactl, which is missing"):
        SystemSound.find("system")
    monkeypatch.setattr(system_sound.shutil, "which", lambda name: None)
    with pytest.raises(ValueError, match="pactl, which is missing"):
        SystemSound.find("monitor:stage")


def test_the_pulse_device_of_alsa_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(device: str, direction: str) -> SoundDevice:
        raise ValueError("'pulse' is no device")

    way = SystemSound(label="what this machine plays", device="pulse")
    monkeypatch.setattr(system_sound, "find_device", nothing)
    with pytest.raises(ValueError, match="apt install libasound2-plugins"):
        way.find_input()


def test_other_devices_are_no_system_sound() -> None:
    for device in (None, 3, "pulse", "USB system", "monitor"):
        assert SystemSound.find(device) is None


def test_macos_users_are_pointed_to_blackhole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_sound.sys, "platform", "darwin")
    with pytest.raises(ValueError, match="--input BlackHole"):
        SystemSound.find("system")


def device_list(*names: str) -> list[SoundDevice]:
    return [
        SoundDevice(
            index=index,
            name=name,
            host_api="Windows WASAPI",
            max_input_channels=0 if name == "Speakers (Realtek)" else 2,
            max_output_channels=2 if name == "Speakers (Realtek)" else 0,
            default_sample_rate_hz=48000,
            is_default_input=False,
            is_default_output=name == "Speakers (Realtek)",
        )
        for index, name in enumerate(names)
    ]


def test_windows_chooses_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """No Windows was there to try it: this is what the names say."""
    monkeypatch.setattr(system_sound.sys, "platform", "win32")
    names = ["Mic", "Speakers (Realtek)", "HDMI [Loopback]", "Speakers (Realtek) [Loopback]", "Stereo Mix (Realtek)"]
    monkeypatch.setattr(system_sound, "list_devices", lambda: device_list(*names))
    found = SystemSound.find("system")
    assert found is not None
    assert (found.device, found.may_pause) == ("Speakers (Realtek) [Loopback]", True)
    found = SystemSound.find("monitor:hdmi")
    assert found is not None
    assert found.device == "HDMI [Loopback]"
    monkeypatch.setattr(system_sound, "list_devices", lambda: device_list("Mic", "Stereo Mix (Realtek)"))
    found = SystemSound.find("system")
    assert found is not None
    assert found.device == "Stereo Mix (Realtek)"
    monkeypatch.setattr(system_sound, "list_devices", lambda: device_list("Mic"))
    with pytest.raises(ValueError, match="--input CABLE"):
        SystemSound.find("system")
