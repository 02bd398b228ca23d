"""The process that listens to the sound card: `python -m bridge.sources.capture_child`, started by `CaptureProcess`.

It exists because PortAudio calls Python, and Python has one lock: in the bridge's own process a busy thread would keep
the callback waiting while the sound card overwrites what it has not fetched. It imports numpy and sounddevice only.
"""

import base64
import contextlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bridge.sources.capture_memory import CaptureMemory
from bridge.sources.capture_settings import DRIVER_US, CaptureAnswer, CaptureSettings
from bridge.sources.input_stream import InputStream
from bridge.sources.mixdown import check_channels
from bridge.sources.portaudio import SoundDevice, SoundUnavailableError, find_again, find_device, restart_portaudio
from bridge.sources.ring import SampleRing
from bridge.sources.system_sound import SystemSound

_STALL_US: Final = 500_000
_FIRST_CALL_US: Final = 3_000_000  # a wireless microphone takes its time
_RETRY_S: Final = 1.0
_LOOK_S: Final = 0.1


class Capture:
    """Opens an input, watches over it, and opens it anew whenever it falls silent; belongs to one thread."""

    def __init__(self, settings: CaptureSettings, memory: CaptureMemory, post: Callable[[], object]) -> None:
        self._settings = settings
        self._memory = memory
        self._post = post
        self._stream: InputStream | None = None
        self._ring: SampleRing | None = None
        self._last_time_us = settings.resume_us
        self._may_pause = False

    def open(self) -> CaptureAnswer:
        """Opens the input.

        Raises:
            ValueError: there is no such device, or it does not accept the settings.
            SoundUnavailableError: sounddevice or PortAudio is missing.
        """
        settings = self._settings
        system = SystemSound.find(settings.device)
        if system is not None:
            os.environ.update(system.environment)
            info, name, self._may_pause = system.find_input(), system.label, system.may_pause
        elif settings.host_api is not None:
            info = find_again(str(settings.device), settings.host_api, "input")
            name = info.name
        else:
            info = find_device(settings.device, "input")
            name = info.name
        check_channels(settings.channels, info.max_input_channels, f"the sound input {info.name!r}")
        rate_hz = settings.sample_rate_hz or info.default_sample_rate_hz
        if self._ring is None:
            self._ring = self._memory.ring(rate_hz, settings.buffer_s)
        try:
            self._stream = self._open_stream(info, rate_hz, rate_hz)
        except ValueError:
            if self._last_time_us is None or info.default_sample_rate_hz == rate_hz:
                raise
            self._stream = self._open_stream(info, info.default_sample_rate_hz, rate_hz)
        # From now on it is this device and this rate, or none.
        self._settings = replace(settings, sample_rate_hz=rate_hz)
        if system is None:
            self._settings = replace(self._settings, device=info.name, host_api=info.host_api)
        return CaptureAnswer(
            name=name, device=self._settings.device, host_api=self._settings.host_api, sample_rate_hz=rate_hz
        )

    def _open_stream(self, info: SoundDevice, device_rate_hz: int, rate_hz: int) -> InputStream:
        assert self._ring is not None
        return InputStream(
            info,
            self._ring,
            self._post,
            device_rate_hz=device_rate_hz,
            ring_rate_hz=rate_hz,
            channels=self._settings.channels or tuple(range(1, min(info.max_input_channels, 2) + 1)),
            block_size=self._settings.block_size,
            latency=self._settings.latency,
            last_time_us=self._last_time_us,
        )

    def look(self, now_us: int) -> bool:
        """Looks after the input; returns whether it is well."""
        if self._stream is None:
            return False
        is_active = self._stream.active
        if is_active and self._may_pause:
            self._memory.alive_us = now_us
        patience_us = _STALL_US if self._stream.has_called else _FIRST_CALL_US
        if is_active and (self._may_pause or now_us - self._stream.last_callback_us <= patience_us):
            return True
        self.close()
        return False

    def reopen(self) -> bool:
        """Tries to open the input anew, among the devices that there are now; returns whether that succeeded."""
        try:
            restart_portaudio()
            self.open()
        except (ValueError, SoundUnavailableError):
            return False
        self._memory.num_reopened += 1
        return True

    def close(self) -> None:
        """Closes the input."""
        if self._stream is not None:
            self._last_time_us = self._stream.last_time_us
            self._stream.close()
            self._stream = None


def main() -> None:
    """Captures until the bridge closes its end of the socket, which its death does too."""
    # Ctrl-C and a stop of the whole group belong to the bridge, which ends this process when it is ready to.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    order = json.loads(sys.stdin.readline())
    settings = CaptureSettings(**order["settings"])
    memory = CaptureMemory.open(order["memory"])
    if sys.platform == "win32":
        connection = socket.fromshare(base64.b64decode(order["socket"]))
    else:
        connection = socket.socket(fileno=order["socket"])
    connection.setblocking(False)

    def post() -> None:
        memory.alive_us = time.monotonic_ns() // 1000
        with contextlib.suppress(OSError):  # full: the reader has enough to wake up for; broken: `is_over` will see
            connection.send(b".")

    def is_over(wait_s: float) -> bool:
        memory.due_us = time.monotonic_ns() // 1000
        if select.select([connection], [], [], wait_s)[0]:
            return True  # the bridge sends nothing: there is nothing to read but the end
        return sys.platform != "win32" and os.getppid() != order["parent"]  # should others hold the socket open

    def reopen() -> bool:
        memory.due_us = time.monotonic_ns() // 1000 + DRIVER_US
        return capture.reopen()

    memory.due_us = time.monotonic_ns() // 1000 + DRIVER_US
    capture = Capture(settings, memory, post)
    if settings.resume_us is None:
        try:
            answer = capture.open()
        except (ValueError, SoundUnavailableError) as error:
            answer = CaptureAnswer(error=str(error), is_unavailable=isinstance(error, SoundUnavailableError))
        memory.alive_us = time.monotonic_ns() // 1000
        connection.sendall(answer.to_json().encode() + b"\n")
        if answer.error is not None:
            return
    # ALSA writes to the standard error whatever it finds odd, every second while a device is away.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    while not is_over(_LOOK_S):
        if not capture.look(time.monotonic_ns() // 1000) and not reopen() and is_over(_RETRY_S):
            break
    capture.close()


if __name__ == "__main__":
    main()
    sys.stderr.flush()
    os._exit(0)  # a driver that hangs when it is taken down must not keep this process
