"""The sound devices of this machine, by PortAudio, loaded only when somebody asks for sound."""

import contextlib
from dataclasses import dataclass
from types import ModuleType
from typing import Literal


class SoundUnavailableError(RuntimeError):
    """Sound cannot work on this machine as it is; the message is one line and says what to do."""


@dataclass(frozen=True, kw_only=True)
class SoundDevice:
    """One sound device, as PortAudio sees it.

    Attributes:
        index: its number, which may change when devices come and go.
        name: its name; a part of it that fits no other device is enough to choose it.
        host_api: the driver system through which it is reached (ALSA, Core Audio, Windows WASAPI ...).
        max_input_channels: 0 for a device that only plays.
        max_output_channels: 0 for a device that only records.
        default_sample_rate_hz: the rate at which it likes to run.
        is_default_input: whether it records when no device is named.
        is_default_output: whether it plays when no device is named.
    """

    index: int
    name: str
    host_api: str
    max_input_channels: int
    max_output_channels: int
    default_sample_rate_hz: int
    is_default_input: bool
    is_default_output: bool


def load_sounddevice() -> ModuleType:
    """The module ``sounddevice``.

    Raises:
        SoundUnavailableError: the package or the PortAudio library is missing.
    """
    try:
        import sounddevice
    except ModuleNotFoundError as error:
        raise SoundUnavailableError("the package sounddevice is missing: pip install sounddevice") from error
    except OSError as error:
        raise SoundUnavailableError(
            f"the PortAudio library cannot be loaded ({error}): on Debian and Ubuntu, apt install libportaudio2; "
            "on macOS and Windows the sounddevice wheel brings it, so pip install --force-reinstall sounddevice"
        ) from error
    module: ModuleType = sounddevice
    return module


def restart_portaudio() -> None:
    """Has PortAudio look for devices anew, which it does only when it is initialised; closes all streams.

    So advises sounddevice's author (python-sounddevice, issue 125).

    Raises:
        SoundUnavailableError: the package or the PortAudio library is missing, or does not start.
    """
    sounddevice = load_sounddevice()
    with contextlib.suppress(sounddevice.PortAudioError):  # it did not start the last time
        sounddevice._terminate()
    try:
        sounddevice._initialize()
    except sounddevice.PortAudioError as error:
        raise SoundUnavailableError(f"PortAudio does not start: {error}") from error


def list_devices() -> list[SoundDevice]:
    """All sound devices, in PortAudio's order; empty on a machine that has none.

    Raises:
        SoundUnavailableError: the package or the PortAudio library is missing.
    """
    sounddevice = load_sounddevice()
    host_apis = sounddevice.query_hostapis()
    default_input, default_output = sounddevice.default.device
    return [
        SoundDevice(
            index=index,
            name=device["name"],
            host_api=host_apis[device["hostapi"]]["name"],
            max_input_channels=device["max_input_channels"],
            max_output_channels=device["max_output_channels"],
            default_sample_rate_hz=round(device["default_samplerate"]),
            is_default_input=index == default_input,
            is_default_output=index == default_output,
        )
        for index, device in enumerate(sounddevice.query_devices())
    ]


def find_device(device: str | int | None, direction: Literal["input", "output"]) -> SoundDevice:
    """The device meant by a number, a name, a unique part of a name in any case, or ``None`` for the default one.

    Raises:
        ValueError: there is none, or the part fits several; the message lists what there is.
        SoundUnavailableError: the package or the PortAudio library is missing.
    """
    able = [
        candidate
        for candidate in list_devices()
        if (candidate.max_input_channels if direction == "input" else candidate.max_output_channels) > 0
    ]
    if not able:
        asked = "" if device is None else f", {device!r} or other"
        raise ValueError(f"this machine has no sound {direction} device{asked}")
    if device is None:
        chosen = [d for d in able if (d.is_default_input if direction == "input" else d.is_default_output)] or able[:1]
    elif isinstance(device, int) or device.isdecimal():
        chosen = [candidate for candidate in able if candidate.index == int(device)]
    else:
        chosen = [candidate for candidate in able if candidate.name == device]
        chosen = chosen or [candidate for candidate in able if device.casefold() in candidate.name.casefold()]
        if len({candidate.name for candidate in chosen}) == 1:
            chosen = chosen[:1]  # one device through several host APIs: PortAudio lists the usual one first
    if len(chosen) == 1:
        return chosen[0]
    listed = "; ".join(f"{candidate.index} {candidate.name} ({candidate.host_api})" for candidate in able)
    problem = "fits several devices" if chosen else "is no device"
    raise ValueError(f"{device!r} {problem} for sound {direction}; choose one of: {listed}")


def find_again(name: str, host_api: str, direction: Literal["input", "output"]) -> SoundDevice:
    """The device of exactly this name, reached through this driver system; its number may have changed.

    Raises:
        ValueError: there is none.
        SoundUnavailableError: the package or the PortAudio library is missing.
    """
    for device in list_devices():
        num_channels = device.max_input_channels if direction == "input" else device.max_output_channels
        if (device.name, device.host_api) == (name, host_api) and num_channels > 0:
            return device
    raise ValueError(f"{name!r} is no device for sound {direction} now")


def device_table(devices: list[SoundDevice]) -> list[str]:
    """The lines that `transflower devices` prints."""
    if not devices:
        return ["this machine has no sound device; `transflower demo` and `perform --file` need none"]
    head = f"{'':>3}  {'name':<48}{'through':<20}{'in':>4}{'out':>5}{'rate':>9}"
    lines = [
        f"{d.index:>3}  {d.name:<48.47}{d.host_api:<20.19}{d.max_input_channels:>4}{d.max_output_channels:>5}"
        f"{d.default_sample_rate_hz:>9}"
        + ("  default input" if d.is_default_input else "")
        + ("  default output" if d.is_default_output else "")
        for d in devices
    ]
    return [head, *lines]
