"""What this machine itself plays, as an input: the devices `system` and `monitor:NAME`."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Final, Self

from bridge.sources.portaudio import SoundDevice, find_device, list_devices

SYSTEM: Final = "system"
MONITOR: Final = "monitor:"
_PULSE: Final = "pulse"
_PACTL_S: Final = 5.0


@dataclass(frozen=True, kw_only=True)
class SystemSound:
    """The way to what this machine, or one of its outputs, plays.

    On Linux it leads through PulseAudio, or PipeWire in its place: every output has a monitor that can be recorded,
    and ALSA's device `pulse` records the source that the environment names.

    On Windows it leads through a loopback device of PortAudio (names with `[Loopback]`) or the driver's `Stereo Mix`.
    That choice is made by names and was never run: there was no such machine.

    macOS has no such thing; a virtual device has to be installed.

    Attributes:
        label: What is heard, for people.
        device: The sound input to open.
        environment: Variables that the process which opens it needs, before it loads PortAudio.
        may_pause: Whether silence of the device is normal: a loopback of Windows says nothing while nothing plays.
    """

    label: str
    device: str
    environment: dict[str, str] = field(default_factory=dict)
    may_pause: bool = False

    @classmethod
    def find(cls, device: str | int | None) -> Self | None:
        """The way to a device named `system` or `monitor:NAME`; ``None`` for all others, which are no system sound.

        Raises:
            ValueError: This machine offers no way, or has no such output; one line that says what to do.
        """
        if not isinstance(device, str) or (device != SYSTEM and not device.startswith(MONITOR)):
            return None
        output = device.removeprefix(MONITOR) if device != SYSTEM else None
        platform: str = sys.platform  # as any string, or mypy would see the branches of one platform only
        if platform == "linux":
            return cls._find_monitor(output)
        if platform == "win32":
            return cls._find_loopback(output)
        raise ValueError(
            f"{device!r}: macOS does not let programs hear what it plays; install BlackHole, route the output through "
            "it (Audio MIDI Setup, a multi-output device) and choose it: --input BlackHole"
        )

    def find_input(self) -> SoundDevice:
        """The input to open.

        Raises:
            ValueError: It is missing.
            SoundUnavailableError: sounddevice or PortAudio is missing.
        """
        try:
            return find_device(self.device, "input")
        except ValueError as error:
            if self.device != _PULSE:
                raise
            raise ValueError(
                f"{self.label} is heard through ALSA's device {_PULSE!r}, which is missing: on Debian and Ubuntu, apt "
                f"install libasound2-plugins ({error})"
            ) from error

    @classmethod
    def _find_monitor(cls, output: str | None) -> Self:
        sinks = _sinks()
        if output is None:
            if not sinks:
                raise ValueError("the sound server has no output to listen to; see pactl list sinks")
            # The server itself knows which output is the default one at the moment of opening.
            return cls(
                label="what this machine plays", device=_PULSE, environment={"PULSE_SOURCE": "@DEFAULT_MONITOR@"}
            )
        name = _choose(output, sinks)
        return cls(label=f"what {name} plays", device=_PULSE, environment={"PULSE_SOURCE": f"{name}.monitor"})

    @classmethod
    def _find_loopback(cls, output: str | None) -> Self:
        devices = list_devices()
        loopbacks = [d.name for d in devices if d.max_input_channels > 0 and "[loopback]" in d.name.casefold()]
        if output is not None:
            name = _choose(output, {loopback: loopback for loopback in loopbacks})
            return cls(label=f"what {name} plays", device=name, may_pause=True)
        default = next((d.name for d in devices if d.is_default_output), "")
        mixes = [d.name for d in devices if d.max_input_channels > 0 and "stereo mix" in d.name.casefold()]
        # Names may be cut off after 31 characters by one of Windows' sound systems, hence the beginning only.
        same = [name for name in loopbacks if default and name.casefold().startswith(default.casefold()[:24])]
        for name in (*same, *loopbacks, *mixes):
            return cls(label="what this machine plays", device=name, may_pause=True)
        raise ValueError(
            "'system': PortAudio offers no loopback here; enable Stereo Mix in the sound settings of Windows, or "
            "install VB-CABLE, play through it and choose it: --input CABLE"
        )


def _choose(wanted: str, names: dict[str, str]) -> str:
    """The name that is wanted, or that it is a part of, or part of whose description it is, in any case."""
    part = wanted.casefold()
    chosen = [name for name in names if name == wanted]
    chosen = chosen or [name for name, words in names.items() if part in name.casefold() or part in words.casefold()]
    if len(chosen) == 1:
        return chosen[0]
    listed = "; ".join(name if words == name else f"{name} ({words})" for name, words in names.items())
    problem = "fits several outputs" if chosen else "is no output of this machine"
    raise ValueError(f"{MONITOR}{wanted}: {wanted!r} {problem}; choose one of: {listed or 'there is none'}")


def _sinks() -> dict[str, str]:
    """PulseAudio's outputs: names and descriptions."""
    pactl = shutil.which("pactl")
    if pactl is None:
        raise ValueError(
            "what this machine plays is found by the program pactl, which is missing: on Debian and Ubuntu, apt "
            "install pulseaudio-utils"
        )
    try:
        result = subprocess.run(
            [pactl, "list", "sinks"],
            env={**os.environ, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_PACTL_S,
        )
        problem = " ".join(result.stderr.split()) if result.returncode else None
    except subprocess.TimeoutExpired:
        problem = f"no answer within {_PACTL_S:g} s"
    if problem is not None:
        raise ValueError(
            f"what this machine plays is heard through PulseAudio or PipeWire, which cannot be reached: {problem}"
        )
    names = re.findall(r"^\tName: (.+)$", result.stdout, re.MULTILINE)
    descriptions = re.findall(r"^\tDescription: (.*)$", result.stdout, re.MULTILINE)
    return dict(zip(names, descriptions, strict=True))
