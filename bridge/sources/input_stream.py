"""An open sound input: PortAudio's callback, which mixes down, tells the time and writes into a ring."""

import time
from collections.abc import Callable
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from bridge.sources.mixdown import Mixdown
from bridge.sources.portaudio import SoundDevice, load_sounddevice
from bridge.sources.ring import SampleRing

_POSTS_A_SECOND: Final = 200  # some drivers call for every two milliseconds: too little to wake a process for
_PIECE_FRAMES: Final = 4096
_MAX_AGE_S: Final = 10.0  # sound servers keep some seconds for a process that was stopped
_PAUSE_US: Final = 100_000
"""A device that has not called for so long has lost what its small buffers could not hold. Soon the bridge gives the
dancer silence in its place; so the loss must be reported at once and where it is, or it would be filled twice."""


class InputStream:
    """One sound input from its opening to its closing; mono samples go into a ring that outlives it.

    Threading model: PortAudio's own thread runs the callback; it copies and never waits. All else belongs to the thread
    that opened the stream, except that the attributes may be read anywhere.

    Attributes:
        has_called: whether the device has called yet.
        last_callback_us: when it called last, or when it was opened.
        last_time_us: time of the newest sample, of this stream or of the one before it; ``None`` before the first one.
    """

    def __init__(
        self,
        info: SoundDevice,
        ring: SampleRing,
        post: Callable[[], object],
        *,
        device_rate_hz: int,
        ring_rate_hz: int,
        channels: tuple[int, ...],
        block_size: int,
        latency: Literal["low", "high"] | float,
        last_time_us: int | None,
    ) -> None:
        """Opens the device and begins to capture.

        Args:
            info: the device.
            ring: takes the samples.
            post: tells the reader that there are some; called by the callback, at most 200 times a second.
            device_rate_hz: rate at which the device runs.
            ring_rate_hz: rate of the samples in the ring; resampled when it is another one.
            channels: those that are mixed down to mono, from 1 on.
            block_size: samples a callback; 0 lets the driver choose.
            latency: PortAudio's suggested latency, in seconds or by name.
            last_time_us: time of the last sample in the ring; what is missing since then is skipped there.

        Raises:
            ValueError: the device does not accept the settings.
        """
        sounddevice = load_sounddevice()
        self.has_called = False
        self.last_callback_us = time.monotonic_ns() // 1000
        self.last_time_us = last_time_us
        self._ring = ring
        self._post = post
        self._device_rate_hz = device_rate_hz
        self._ring_rate_hz = ring_rate_hz
        self._mixdown = Mixdown(max(channels), device_rate_hz, channels)
        self._mix_state = self._mixdown.initial_state()  # the callback's
        self._unposted = 0  # samples since the reader was last notified; the callback's
        self._stream: Any = None
        if device_rate_hz != ring_rate_hz:
            from data.sound.resampler import PolyphaseResampler

            self._resampler = PolyphaseResampler(device_rate_hz, ring_rate_hz)
            self._resampler_state = self._resampler.initial_state()
        try:
            self._stream = sounddevice.InputStream(
                samplerate=device_rate_hz,
                blocksize=block_size,
                device=info.index,
                channels=max(channels),
                dtype="float32",
                latency=latency,
                callback=self._callback,
            )
            self._stream.start()
        except sounddevice.PortAudioError as error:
            self.close()
            raise ValueError(
                f"the sound input {info.name!r} does not open at {device_rate_hz} Hz with {max(channels)} channel(s): "
                f"{error}; leave the rate and the channels to the device, or choose another one"
            ) from error

    @property
    def active(self) -> bool:
        """Whether PortAudio believes that the stream runs."""
        try:
            return bool(self._stream.active)
        except load_sounddevice().PortAudioError:
            return False

    def close(self) -> None:
        """Closes the device."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.abort(ignore_errors=True)
            stream.close(ignore_errors=True)

    def _callback(self, sound: NDArray[np.float32], num_frames: int, times: Any, flags: Any) -> None:
        """Runs in PortAudio's thread for every block (frames, channels)."""
        now_us = time.monotonic_ns() // 1000
        rate_hz = self._device_rate_hz
        # Age of the first sample. The stream's clock is read again because the interpreter may have started this
        # call late. Some hosts leave the times at zero: then the block is as old as it is long.
        stream = self._stream
        current_s = times.currentTime if stream is None else stream.time
        age_s = current_s - times.inputBufferAdcTime
        if not 0.0 <= age_s <= _MAX_AGE_S:
            age_s = num_frames / rate_hz
        first_us = now_us - round(age_s * 1e6)
        if not self.has_called or now_us - self.last_callback_us > _PAUSE_US:
            self.has_called = True
            if self.last_time_us is not None and first_us > self.last_time_us:
                self._ring.skip((first_us - self.last_time_us) * self._ring_rate_hz // 1_000_000)
        for start in range(0, num_frames, _PIECE_FRAMES):
            piece = sound[start : start + _PIECE_FRAMES]
            mono, self._mix_state = self._mixdown.step(piece, self._mix_state)
            self.last_time_us = min(first_us + (start + len(piece)) * 1_000_000 // rate_hz, now_us)
            self._write(mono, self.last_time_us)
        self.last_callback_us = now_us
        self._unposted += num_frames
        if self._unposted * _POSTS_A_SECOND >= rate_hz:
            self._unposted = 0
            self._post()

    def _write(self, mono: NDArray[np.float32], last_time_us: int) -> None:
        if self._device_rate_hz != self._ring_rate_hz:
            mono, self._resampler_state = self._resampler.step(mono, self._resampler_state)
        self._ring.write(mono, last_time_us)
