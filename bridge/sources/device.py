"""Live sound from a device: microphone, line in, or what the machine plays."""

import time
from dataclasses import replace
from typing import Final, Literal, Self

import numpy as np

from bridge.sources.capture_process import CaptureProcess
from bridge.sources.capture_settings import MAX_BUFFER_S, CaptureSettings
from bridge.sources.gap_detector import GapDetector
from bridge.sources.portaudio import SoundUnavailableError
from bridge.sources.ring import SampleRing
from bridge.sources.source import SoundBlock, SoundSource

_STALL_US: Final = 500_000
_RETRY_S: Final = 1.0


class DeviceSource(SoundSource):
    """A sound input, captured by a process of its own into a ring of shared memory and read from there.

    Threading model: a child process owns PortAudio and its callback, so that nothing that this process does can make
    the sound card wait. Everything here belongs to one reading thread; `stalled` and `notice` may be asked by any.

    When the reader falls behind by more than `buffer_s`, new blocks are dropped; when the device loses samples, its
    clock tells. Zeros stand in for both, so that the number of samples read always tells the time.

    A device that falls silent for half a second is opened anew, every second, for ever; so is a child that dies.
    Meanwhile `read` gives nothing, the reader may give silence to whoever listens, and `notice` says what happened.
    Then zeros for the whole time come first, with their times, so that the reader can leave out what it has given.
    """

    def __init__(
        self,
        device: str | int | None = None,
        *,
        sample_rate_hz: int | None = None,
        block_size: int = 0,
        channels: tuple[int, ...] | None = None,
        latency: Literal["low", "high"] | float = "low",
        buffer_s: float = MAX_BUFFER_S,
    ) -> None:
        """Describes the input; ``start`` opens it.

        Args:
            device: index, name or unique part of a name; ``None`` is the system's default input. `system` is what this
                machine plays, `monitor:NAME` what one of its outputs plays (see `SystemSound`).
            sample_rate_hz: ``None`` is the device's own rate, the only one that every driver accepts.
            block_size: samples a callback; 0 lets the driver choose, at its lowest latency.
            channels: those that are mixed down to mono, from 1 on; ``None`` is the first two, or the one that there is.
            latency: PortAudio's suggested latency, in seconds or by name.
            buffer_s: how much sound, at least, waits for a reader that is late; four seconds at most.
        """
        assert 0.0 < buffer_s <= MAX_BUFFER_S, buffer_s
        self._wanted = CaptureSettings(
            device=device,
            sample_rate_hz=sample_rate_hz,
            block_size=block_size,
            channels=channels,
            latency=latency,
            buffer_s=buffer_s,
        )
        self._capture: CaptureProcess | None = None
        self._ring: SampleRing | None = None
        self._name = ""
        self._rate_hz = 0
        self._alive_us = 0  # when the device was last known to be well, by the children before this one
        self._num_reopened = self._dropped_samples = self._gap_samples = 0  # likewise

    @property
    def sample_rate_hz(self) -> int:
        """The rate of the samples, that of the device when it was opened first; 0 before ``start``."""
        return self._rate_hz

    @property
    def ended(self) -> bool:
        """Whether the source is not open: a device has no end of its own."""
        return self._capture is None

    @property
    def stalled(self) -> bool:
        """Whether the device has not called for half a second: unplugged, suspended, or its sound server is gone."""
        capture = self._capture
        if capture is None:
            return False
        return time.monotonic_ns() // 1000 - max(self._alive_us, capture.memory.alive_us) > _STALL_US

    @property
    def notice(self) -> str | None:
        """Says so when the device has `stalled`."""
        if not self.stalled:
            return None
        return f"no sound comes from the device {self._name!r}: is it still plugged in? trying again every second"

    @property
    def num_reopened(self) -> int:
        """How often the device came back so far."""
        return self._num_reopened + (0 if self._capture is None else self._capture.memory.num_reopened)

    @property
    def overflow_samples(self) -> int:
        """Samples dropped so far because the reader was too slow; zeros stand for them."""
        return self._dropped_samples + (0 if self._ring is None else self._ring.dropped_samples)

    @property
    def gap_samples(self) -> int:
        """Samples that the device itself lost so far, or would have given while it was away; zeros stand for them."""
        return self._gap_samples + (0 if self._ring is None else self._ring.skipped_samples)

    def checked(self) -> Self:
        """Itself, after the device was opened once and closed: a wrong one is refused before anything else begins.

        Raises:
            ValueError: as `start`.
            SoundUnavailableError: likewise.
        """
        self.start()
        self.stop()
        return self

    def start(self) -> None:
        """Opens the device and begins to capture; takes a few tenths of a second.

        Raises:
            ValueError: there is no such device, or it does not accept the settings.
            SoundUnavailableError: sounddevice or PortAudio is missing.
        """
        assert self._capture is None, "already started"
        capture = CaptureProcess(self._wanted)
        try:
            answer = capture.wait_until_open()
        except BaseException:
            capture.close()
            raise
        self._name = answer.name
        self._rate_hz = answer.sample_rate_hz
        self._opened = replace(
            self._wanted, device=answer.device, host_api=answer.host_api, sample_rate_hz=answer.sample_rate_hz
        )
        self._num_reopened = self._dropped_samples = self._gap_samples = 0
        self._alive_us = 0
        self._ring = capture.memory.ring(self._rate_hz, self._wanted.buffer_s)
        self._capture = capture
        self._gap_detector = GapDetector(self._rate_hz)
        self._gap_left = 0
        self._held: SoundBlock | None = None
        self._last_time_us = time.monotonic_ns() // 1000

    def read(self, max_wait_s: float) -> SoundBlock | None:
        """The sound that came since the last call, at most one second of it.

        Waits for some at most ``max_wait_s``, then gives ``None``; ``stalled`` tells whether the device has gone.
        """
        deadline_s = time.monotonic() + max_wait_s
        is_late = False
        while True:
            # Asked before the look into the ring: what a child wrote before its end is still taken out.
            has_ended = self._capture is not None and self._capture.has_ended
            block = self._next_block()
            if block is not None or self._capture is None or is_late:
                return block
            left_s = deadline_s - time.monotonic()
            is_late = left_s <= 0.0
            if not has_ended:
                self._capture.wait(left_s)
            elif not self._start_again() and not is_late:
                time.sleep(min(left_s, 0.02))

    def stop(self) -> None:
        """Closes the device; may be called twice. What was captured but not read can still be read."""
        capture, self._capture = self._capture, None
        if capture is not None:
            self._num_reopened += capture.memory.num_reopened
            capture.close()

    def _start_again(self) -> bool:
        """Starts a new child in place of one that has ended, whose ring is empty; at most once a second."""
        capture = self._capture
        assert capture is not None
        if time.monotonic() - capture.started_s < _RETRY_S:
            return False
        capture.close()
        try:
            new = CaptureProcess(replace(self._opened, resume_us=self._last_time_us))
        except SoundUnavailableError:
            capture.started_s = time.monotonic()
            return False
        self._alive_us = max(self._alive_us, capture.memory.alive_us)
        self._num_reopened += capture.memory.num_reopened
        self._dropped_samples = self.overflow_samples
        self._gap_samples = self.gap_samples
        self._capture = new
        self._ring = new.memory.ring(self._rate_hz, self._wanted.buffer_s)
        return True

    def _next_block(self) -> SoundBlock | None:
        """The next block out of the ring, or the zeros that must stand before it."""
        if self._held is None:
            span = None if self._ring is None else self._ring.read(max_samples=self._rate_hz)
            if span is None:
                return None
            self._last_time_us = span.last_time_us
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
