"""The sound: which devices there are, and what the one that counts hears."""

import math
import time
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bridge.body.gate import SilenceGate
from bridge.checks.finding import CheckResult
from bridge.sources.device import DeviceSource
from bridge.sources.portaudio import SoundUnavailableError, find_device, list_devices

_LISTEN_S: Final = 1.0
_OPENING_S: Final = 3.0  # a wireless microphone may take its time
_CLIPPED: Final = 0.99
_SILENT: Final = 1e-6  # less than a bit of 16


def check_devices() -> list[CheckResult]:
    """Lists inputs and outputs."""
    try:
        devices = list_devices()
    except SoundUnavailableError as error:
        found, _, advice = str(error).partition(": ")
        return [CheckResult(check="sound", verdict="warning", found=found, advice=advice)]
    inputs = [
        f"{device.index} {device.name} ({device.max_input_channels} channels)"
        for device in devices
        if device.max_input_channels
    ]
    outputs = [f"{device.index} {device.name}" for device in devices if device.max_output_channels]
    if not inputs:
        advice = "plug one in, allow the microphone, start the sound server; demo and perform --file need none"
        found = "this machine has no sound input"
        return [CheckResult(check="sound inputs", verdict="warning", found=found, advice=advice), _outputs(outputs)]
    return [CheckResult(check="sound inputs", verdict="ok", found=", ".join(inputs)), _outputs(outputs)]


def _outputs(names: list[str]) -> CheckResult:
    return CheckResult(
        check="sound outputs", verdict="ok", found=", ".join(names) or "none: songs are danced in silence"
    )


def check_file(file: Path, channels: tuple[int, ...] | None = None) -> list[CheckResult]:
    """Whether a sound file can be read."""
    from data.formats.sound_file import read_sound

    try:
        samples, rate_hz = read_sound(file, channels=channels)
    except (ValueError, OSError) as error:
        advice = "give a WAV, FLAC, OGG or MP3 file by --file"
        return [CheckResult(check="song", verdict="problem", found=str(error), advice=advice)]
    return [
        CheckResult(check="song", verdict="ok", found=f"{file.name}, {len(samples) / rate_hz:.1f} s at {rate_hz} Hz")
    ]


def check_input(device: str | None, channels: tuple[int, ...] | None = None) -> list[CheckResult]:
    """Opens the input as a performance would, and listens for a second.

    Args:
        device: As for `--input`; None is the default input. Without any device that is a warning already given by
            `check_devices`; a device that was asked for and is missing is a problem.
        channels: As for `--channels`.
    """
    try:
        if device is None and not any(candidate.max_input_channels for candidate in list_devices()):
            return []
        name = find_device(device, "input").name if device is None else device
        samples, rate_hz, gap_samples = _listen(device, channels)
    except SoundUnavailableError as error:
        if device is None:
            return []
        found, _, advice = str(error).partition(": ")
        return [CheckResult(check="input", verdict="problem", found=found, advice=advice)]
    except ValueError as error:
        advice = "look at `transflower devices`, and choose one of them by --input"
        return [CheckResult(check="input", verdict="problem", found=str(error), advice=advice)]
    others = "" if channels else _other_channels(device)
    return [judge_sound(samples, name=name, rate_hz=rate_hz, gap_samples=gap_samples, others=others)]


def _other_channels(device: str | None) -> str:
    """What to say of the channels that are not heard."""
    try:
        num_channels = find_device(device, "input").max_input_channels
    except ValueError:  # what the machine plays
        return ""
    return f"its channels 1 and 2 of {num_channels} are heard, others by --channels 3,4; " if num_channels > 2 else ""


def _listen(device: str | None, channels: tuple[int, ...] | None) -> tuple[NDArray[np.float32], int, int]:
    """A second of sound, its rate, and how many samples of it the device lost."""
    blocks: list[NDArray[np.float32]] = []
    num_samples = 0
    with DeviceSource(device, channels=channels) as source:
        rate_hz = source.sample_rate_hz
        deadline_s = time.monotonic() + _OPENING_S
        while num_samples < _LISTEN_S * rate_hz and time.monotonic() < deadline_s:
            block = source.read(0.1)
            if block is not None:
                blocks.append(block.samples)
                num_samples += len(block.samples)
        return np.concatenate([np.zeros(0, np.float32), *blocks]), rate_hz, source.gap_samples


def judge_sound(
    samples: NDArray[np.float32], *, name: str, rate_hz: int, gap_samples: int, others: str = ""
) -> CheckResult:
    """What a second of an input means for a show.

    Args:
        samples: Mono (n,), full scale is 1; none if the device gave nothing.
        name: The device's.
        rate_hz: Samples a second.
        gap_samples: How many of them the device lost.
        others: What to say of channels that are not heard, where nothing is.
    """
    check = f"input {name}"
    if len(samples) < 0.5 * _LISTEN_S * rate_hz:
        found = f"opens, but gave only {len(samples) / max(rate_hz, 1):.2f} s of sound in {_OPENING_S:g} s"
        advice = "plug it in again, end programs that use it, or choose another by --input"
        return CheckResult(check=check, verdict="problem", found=found, advice=advice)
    peak = float(np.abs(samples).max())
    rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
    level = f"{20.0 * math.log10(rms):.0f} dBFS" if rms > _SILENT else "digital silence"
    found = f"{rate_hz} Hz, level {level}"
    if rms <= 10.0 ** (SilenceGate.open_dbfs / 20.0):
        advice = (
            f"{others}the dancer idles below {SilenceGate.open_dbfs:g} dBFS: play something, unmute, turn it up, allow "
            "the microphone, or choose another by --input"
        )
        return CheckResult(check=check, verdict="warning", found=f"nothing is heard ({found})", advice=advice)
    if peak >= _CLIPPED:
        return CheckResult(check=check, verdict="warning", found=f"{found}, it distorts", advice="turn it down")
    if gap_samples:
        found += f", {1e3 * gap_samples / rate_hz:.0f} ms were lost"
        return CheckResult(
            check=check, verdict="warning", found=found, advice="end other programs; try another USB port"
        )
    return CheckResult(check=check, verdict="ok", found=found)
