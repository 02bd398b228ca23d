"""What the machine itself plays, as an input."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from bridge.sources import system_sound
from bridge.sources.device import DeviceSource
from bridge.sources.portaudio import SoundDevice
from bridge.sources.system_sound import SystemSound
from tests.bridge.test_device_source import RATE_HZ, click_positions, read_until, write_clicks
from tests.sound_card import SoundCard

linux = pytest.mark.skipif(sys.platform != "linux", reason="PulseAudio is Linux's")


def pactl(card: SoundCard, *arguments: str) -> None:
    subprocess.run(["pactl", *arguments], env={**os.environ, **card.environment}, check=True, capture_output=True)


@linux
@pytest.mark.soundcard
@pytest.mark.realtime
@pytest.mark.parametrize("device", ["system", "monitor:stage", "monitor:main_st"])
def test_what_is_played_is_heard(
    tmp_path: Path, sound_card: SoundCard, monkeypatch: pytest.MonkeyPatch, device: str
) -> None:
    pactl(sound_card, "load-module", "module-null-sink", "sink_name=other")
    pactl(sound_card, "set-default-sink", "stage")
    pactl(sound_card, "set-default-source", "other.monitor")
    monkeypatch.setenv("PULSE_SOURCE", "other.monitor")  # what a microphone would be
    write_clicks(tmp_path / "clicks.wav", num_clicks=4, every_s=0.25)
    heard = {}
    for name in (device, "pulse"):
        with DeviceSource(name, sample_rate_hz=RATE_HZ) as source:
            blocks = read_until(source, time.monotonic() + 0.3)
            player = sound_card.play(tmp_path / "clicks.wav", latency_ms=200)
            blocks += read_until(source, time.monotonic() + 2.0)
            player.wait(10)
            heard[name] = click_positions(np.concatenate([block.samples for block in blocks]))
    np.testing.assert_allclose(np.diff(heard[device]), 0.25 * RATE_HZ, atol=1)
    assert [len(clicks) for clicks in heard.values()] == [4, 0], "the microphone hears nothing of it"
    assert os.environ["PULSE_SOURCE"] == "other.monitor"


@linux
@pytest.mark.soundcard
@pytest.mark.realtime
def test_system_sound_comes_back_by_itself(tmp_path: Path, sound_card: SoundCard) -> None:
    with DeviceSource("system") as source:
        assert read_until(source, time.monotonic() + 0.5)
        sound_card.kill()
        read_until(source, time.monotonic() + 1.0)
        assert "no sound comes from the device 'what this machine plays'" in str(source.notice)
        sound_card.start()
        read_until(source, time.monotonic() + 3.0)
        assert source.notice is None
        assert source.num_reopened == 1


@linux
@pytest.mark.soundcard
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


def test_macos_is_told_of_blackhole(monkeypatch: pytest.MonkeyPatch) -> None:
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
