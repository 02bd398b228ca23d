"""Live sound from a device: microphone, line in, or the monitor of what the machine plays."""

import threading
import time
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from bridge.sources.gap_detector import GapDetector
from bridge.sources.portaudio import find_device, load_sounddevice
from bridge.sources.ring import SampleRing
from bridge.sources.source import SoundBlock, SoundSource

_RING_S: Final = 4.0
_POSTS_A_SECOND: Final = 200  # some drivers call for every two milliseconds: too little to wake a thread for
_STALL_US: Final = 500_000
_MAX_AGE_S: Final = 1.0


class DeviceSource(SoundSource):
    """A sound input, captured by PortAudio's callback into a ring and read from there.

    Threading model: PortAudio's own thread runs the callback, which mixes down to mono, copies into the ring and posts
    a semaphore; it allocates no sound and waits for nothing. Everything else belongs to one reading thread.

    When the reader falls behind by more than four seconds, new blocks are dropped; when the device loses samples, its
    clock tells. Zeros stand in for both, so that the number of samples read always tells the time.
    """

    def __init__(
        self,
        device: str | int | None = None,
        *,
        sample_rate_hz: int | None = None,
        block_size: int = 0,
        channels: int | None = None,
        latency: Literal["low", "high"] | float = "low",
    ) -> None:
        """Describes the input; ``start`` opens it.

        Args:
            device: index, name or unique part of a name; ``None`` is the system's default input.
            sample_rate_hz: ``None`` is the device's own rate, the only one that every driver accepts.
            block_size: samples a callback; 0 lets the driver choose, at its lowest latency.
            channels: how many channels are mixed down to mono; ``None`` is two, or one where there is one.
            latency: PortAudio's suggested latency, in seconds or by name.
        """
        self._device = device
        self._wanted_rate_hz = sample_rate_hz
        self._block_size = block_size
        self._channels = channels
        self._latency = latency
        self._stream: Any = None
        self._rate_hz = 0
        self._gap_samples = 0

    @property
    def sample_rate_hz(self) -> int:
        """The rate at which the device runs; 0 before ``start``."""
        return self._rate_hz

    @property
    def ended(self) -> bool:
        """Whether the source is not open: a device has no end of its own."""
        return self._stream is None

    @property
    def stalled(self) -> bool:
        """Whether the device has not called for half a second: unplugged, suspended, or its sound server is gone."""
        return self._stream is not None and time.monotonic_ns() // 1000 - self._last_callback_us > _STALL_US

    @property
    def notice(self) -> str | None:
        """Says so when the device has `stalled`."""
        return "no sound comes from the device: is it still plugged in?" if self.stalled else None

    @property
    def overflow_samples(self) -> int:
        """Samples dropped so far because the reader was too slow; zeros stand for them."""
        return self._ring.dropped_samples if self._rate_hz else 0

    @property
    def gap_samples(self) -> int:
        """Samples that the device itself lost so far, by its clock; zeros stand for them too."""
        return self._gap_samples

    def start(self) -> None:
        """Opens the device and begins to capture.

        Raises:
            ValueError: there is no such device, or it does not accept the settings.
            SoundUnavailableError: sounddevice or PortAudio is missing.
        """
        assert self._stream is None, "already started"
        sounddevice = load_sounddevice()
        info = find_device(self._device, "input")
        self._rate_hz = self._wanted_rate_hz or info.default_sample_rate_hz
        channels = self._channels or min(info.max_input_channels, 2)
        self._ring = SampleRing(round(_RING_S * self._rate_hz), self._rate_hz)
        self._gap_detector = GapDetector(self._rate_hz)
        self._gap_samples = 0
        self._gap_left = 0
        self._held: SoundBlock | None = None
        self._mono = np.zeros(4096, np.float32)  # mixed down here by the callback
        self._unposted = 0  # samples since the reader was last told; the callback's
        self._posted = threading.Lock()  # a binary semaphore: the callback releases it, the reader acquires it
        self._posted.acquire()
        self._last_callback_us = time.monotonic_ns() // 1000
        try:
            self._stream = sounddevice.InputStream(
                samplerate=self._rate_hz,
                blocksize=self._block_size,
                device=info.index,
                channels=channels,
                dtype="float32",
                latency=self._latency,
                callback=self._callback,
            )
            self._stream.start()
        except sounddevice.PortAudioError as error:
            self.stop()
            raise ValueError(
                f"the sound input {info.name!r} does not open at {self._rate_hz} Hz with {channels} channel(s): "
                f"{error}; leave the rate and the channels to the device, or choose another one"
            ) from error

    def read(self, max_wait_s: float) -> SoundBlock | None:
        """The sound that came since the last call, at most one second of it.

        Waits for some at most ``max_wait_s``, then gives ``None``; ``stalled`` tells whether the device has gone.
        """
        deadline_s = time.monotonic() + max_wait_s
        while True:
            block = self._next_block()
            if block is not None or self._stream is None:
                return block
            if not self._posted.acquire(timeout=max(deadline_s - time.monotonic(), 0.0)):
                return self._next_block()

    def stop(self) -> None:
        """Closes the device; may be called twice. What was captured but not read can still be read."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.abort(ignore_errors=True)
            stream.close(ignore_errors=True)

    def _next_block(self) -> SoundBlock | None:
        """The next block out of the ring, or the zeros that must stand before it."""
        if self._held is None:
            span = self._ring.read(max_samples=self._rate_hz)
            if span is None:
                return None
            block = SoundBlock(span.samples, span.last_time_us)
            self._gap_left = self._gap_detector.step(len(span.samples), span.last_time_us)
            self._gap_samples += self._gap_left
            if not self._gap_left:
                return block
            self._held = block
        if self._gap_left:
            num_zeros = min(self._gap_left, self._rate_hz)
            self._gap_left -= num_zeros
            samples_later = self._gap_left + len(self._held.samples)
            zeros_end_us = self._held.capture_time_us - samples_later * 1_000_000 // self._rate_hz
            return SoundBlock(np.zeros(num_zeros, np.float32), zeros_end_us)
        block, self._held = self._held, None
        return block

    def _callback(self, sound: NDArray[np.float32], num_frames: int, times: Any, flags: Any) -> None:
        """Runs in PortAudio's thread for every block (frames, channels)."""
        now_us = time.monotonic_ns() // 1000
        # Age of the first sample. The stream's clock is read again because the interpreter may have started this
        # call late. Some hosts leave the times at zero: then the block is as old as it is long.
        stream = self._stream
        current_s = times.currentTime if stream is None else stream.time
        age_s = current_s - times.inputBufferAdcTime
        if not 0.0 <= age_s <= _MAX_AGE_S:
            age_s = num_frames / self._rate_hz
        first_us = now_us - round(age_s * 1e6)
        num_channels = sound.shape[1]
        for start in range(0, num_frames, len(self._mono)):
            piece = sound[start : start + len(self._mono)]
            mono = self._mono[: len(piece)]
            np.add.reduce(piece, axis=1, out=mono)
            if num_channels > 1:
                mono *= 1.0 / num_channels
            self._ring.write(mono, min(first_us + (start + len(piece)) * 1_000_000 // self._rate_hz, now_us))
        self._last_callback_us = now_us
        self._unposted += num_frames
        if self._unposted * _POSTS_A_SECOND >= self._rate_hz:
            self._unposted = 0
            if self._posted.locked():
                self._posted.release()
