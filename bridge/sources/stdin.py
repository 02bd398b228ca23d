"""Live sound from another program, through a pipe into standard input."""

import io
import os
import sys
import threading
import time
from collections import deque
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from bridge.sources.mixdown import Mixdown, check_channels
from bridge.sources.sample_format import SampleFormat, read_wav_header
from bridge.sources.source import SoundBlock, SoundSource

_BLOCKS_A_SECOND: Final = 100
_BUFFER_S: Final = 0.25
_MAX_LATE_S: Final = 0.05
_SILENT_S: Final = 1.0
_HEADER_S: Final = 30.0
_WAITED_US: Final = 1000
_PIECE_BYTES: Final = 1 << 14


class StdinSource(SoundSource):
    """Sound that another program writes, WAV or raw samples, in blocks of ten milliseconds.

    It is live: sample n of the pipe is in the room n / rate after the first one came. A writer that is faster is slowed
    down to that: a quarter of a second is taken in ahead, then the pipe fills and the writer waits. When the writer
    falls behind by more than 50 ms, or stops for a while, zeros for that time stand before what it writes next; until
    then `read` gives nothing, and the reader may give silence to whoever listens.

    Threading model: a thread of its own reads the pipe, since a pipe cannot be waited for on every system; it blocks
    there until the writer writes or ends, even after `stop`. All else belongs to one reading thread; `notice` may be
    asked by any.
    """

    def __init__(
        self,
        raw: str | None = None,
        *,
        stream: BinaryIO | None = None,
        channels: tuple[int, ...] | None = None,
    ) -> None:
        """Describes the source; ``start`` reads the header.

        Args:
            raw: form of samples without a header, such as `s16le:48000:2` or `f32le:44100:1` (also `s24le`, `s32le`,
                `u8`); ``None`` is WAV.
            stream: where bytes come from, unbuffered or not; ``None`` is standard input.
            channels: those that are heard, from 1 on; ``None`` is all.

        Raises:
            ValueError: ``raw`` is no such form.
        """
        self._raw = None if raw is None else SampleFormat.parse(raw)
        if self._raw is not None:
            check_channels(channels, self._raw.channels, f"sound of the form {raw}")
        self._stream = stream
        self._channels = channels
        self._format: SampleFormat | None = None
        self._is_started = False
        self._is_open = False
        self._changed = threading.Condition()  # guards all of the following
        self._pieces: deque[tuple[NDArray[np.float32], int]] = deque()  # samples and when they came, microseconds
        self._num_waiting = 0  # samples in there
        self._is_complete = False  # whether the writer has ended
        self._is_stopped = False
        self._error: Exception | None = None
        self._last_us = 0  # when something came last
        # The reader's:
        self._origin_us = 0  # when the first sample came
        self._position = 0  # samples given so far, zeros included
        self._zeros_left = 0

    @property
    def sample_rate_hz(self) -> int:
        """The rate of the samples; 0 before ``start``."""
        return 0 if self._format is None else self._format.rate_hz

    @property
    def ended(self) -> bool:
        """Whether the writer has closed the pipe and all of its sound was read, or the source was stopped."""
        return not self._is_open or (self._is_complete and not self._num_waiting)

    @property
    def notice(self) -> str | None:
        """Says so when the pipe broke, or when nothing came for a second."""
        if not self._is_open:
            return None
        if self._error is not None:
            return f"the pipe broke: {self._error}"
        if not self._is_complete and time.monotonic_ns() // 1000 - self._last_us > _SILENT_S * 1e6:
            # A writer that waits for us is not silent.
            return None if self._num_waiting else "nothing comes through the pipe: does the other program still run?"
        return None

    @property
    def overflow_samples(self) -> int:
        """None are ever dropped: the writer waits."""
        return 0

    @property
    def gap_samples(self) -> int:
        """None are lost; where the writer was late, there was no sound."""
        return 0

    def start(self) -> None:
        """Waits for the header, at most half a minute, and begins to read.

        Raises:
            ValueError: standard input is a terminal, or what comes is no WAV that is understood, or nothing comes.
        """
        assert not self._is_started, "already started; a pipe is read only once"
        stream = self._stream if self._stream is not None else _standard_input()
        self._is_started = True
        self._format = self._raw
        threading.Thread(target=self._take_in, args=(stream,), name="stdin", daemon=True).start()
        with self._changed:
            self._changed.wait_for(lambda: self._format is not None or self._is_complete, _HEADER_S)
            if self._format is None:
                self._is_stopped = True
                if isinstance(self._error, ValueError):
                    raise self._error
                why = f"broke: {self._error}" if self._error else f"gave nothing for {_HEADER_S:g} s"
                raise ValueError(f"the pipe {why}; does the other program run, and write to its standard output?")
            self._last_us = time.monotonic_ns() // 1000
        self._is_open = True

    def read(self, max_wait_s: float) -> SoundBlock | None:
        """The next ten milliseconds, once they came and are due; ``None`` after ``max_wait_s`` or at the end."""
        if self._format is None or self.ended:
            return None
        rate_hz = self._format.rate_hz
        deadline_s = time.monotonic() + max_wait_s
        if not self._zeros_left:
            block_samples = self._position * _BLOCKS_A_SECOND // rate_hz + 1
            num_samples = -(-block_samples * rate_hz // _BLOCKS_A_SECOND) - self._position
            with self._changed:
                if not self._changed.wait_for(
                    lambda: self._num_waiting >= num_samples or self._is_complete, max(max_wait_s, 0.0)
                ):
                    return None
                num_samples = min(num_samples, self._num_waiting)
                if num_samples == 0:
                    return None
                came_us = self._came_us(num_samples)
            if self._position == 0:
                self._origin_us = came_us - num_samples * 1_000_000 // rate_hz
            late_us = came_us - self._due_us(self._position + num_samples)
            if late_us > _MAX_LATE_S * 1e6:
                self._zeros_left = late_us * rate_hz // 1_000_000
        if self._zeros_left:  # they are for a time that has passed
            num_zeros = min(self._zeros_left, rate_hz)
            self._zeros_left -= num_zeros
            self._position += num_zeros
            return SoundBlock(np.zeros(num_zeros, np.float32), self._due_us(self._position))
        due_us = max(self._due_us(self._position + num_samples), came_us)
        wait_s = due_us * 1e-6 - time.monotonic()
        if wait_s > 0.0:
            time.sleep(min(wait_s, max(deadline_s - time.monotonic(), 0.0)))
            if time.monotonic() < due_us * 1e-6:
                return None
        self._position += num_samples
        return SoundBlock(self._take_out(num_samples), due_us)

    def stop(self) -> None:
        """Ends the sound; may be called twice."""
        with self._changed:
            self._is_open = False
            self._is_stopped = True
            self._changed.notify_all()

    def _due_us(self, position: int) -> int:
        assert self._format is not None
        return self._origin_us + position * 1_000_000 // self._format.rate_hz

    def _came_us(self, num_samples: int) -> int:
        """When the last of the next samples came; under the lock."""
        for samples, came_us in self._pieces:
            num_samples -= len(samples)
            if num_samples <= 0:
                return came_us
        raise AssertionError("fewer samples wait than were asked for")

    def _take_out(self, num_samples: int) -> NDArray[np.float32]:
        """The next samples, which are there."""
        taken = np.empty(num_samples, np.float32)
        start = 0
        with self._changed:
            while start < num_samples:
                samples, came_us = self._pieces.popleft()
                piece = samples[: num_samples - start]
                taken[start : start + len(piece)] = piece
                start += len(piece)
                if len(piece) < len(samples):
                    self._pieces.appendleft((samples[len(piece) :], came_us))
            self._num_waiting -= num_samples
            self._changed.notify_all()
        return taken

    def _take_in(self, stream: BinaryIO) -> None:
        """Reads the pipe to its end; runs in a thread of its own."""
        error: Exception | None = None
        try:
            left: int | None = None
            if self._raw is None:
                format_, left = read_wav_header(stream)
                check_channels(self._channels, format_.channels, "the sound from the pipe")
                with self._changed:
                    self._format = format_
                    self._changed.notify_all()
            else:
                format_ = self._raw
            mixdown = Mixdown(format_.channels, format_.rate_hz, self._channels)
            mix_state = mixdown.initial_state()
            # At most ten milliseconds or so at once: times are known by the piece.
            piece_bytes = min(_PIECE_BYTES, max(format_.rate_hz // _BLOCKS_A_SECOND, 1) * format_.frame_bytes)
            rest = b""
            came_us = time.monotonic_ns() // 1000
            while left is None or left > 0:
                asked_us = time.monotonic_ns() // 1000
                piece = stream.read(piece_bytes if left is None else min(piece_bytes, left))
                if not piece:
                    break
                now_us = time.monotonic_ns() // 1000
                left = None if left is None else left - len(piece)
                piece = rest + piece
                whole = len(piece) - len(piece) % format_.frame_bytes
                rest = piece[whole:]
                # What is there at once was there before it was asked for: then it joins what came before it.
                joined_us = came_us + whole // format_.frame_bytes * 1_000_000 // format_.rate_hz
                came_us = now_us if now_us - asked_us > _WAITED_US else min(now_us, joined_us)
                if not whole:
                    continue
                mono, mix_state = mixdown.step(format_.to_channels(piece[:whole]), mix_state)
                if not self._put(mono, came_us):
                    return
        except (OSError, ValueError) as problem:
            error = problem
        with self._changed:
            self._error = error
            self._is_complete = True
            self._changed.notify_all()

    def _put(self, samples: NDArray[np.float32], came_us: int) -> bool:
        """Hands samples to the reader, once it has room; returns whether it still wants any."""
        max_waiting = round(_BUFFER_S * self.sample_rate_hz)
        with self._changed:
            self._changed.wait_for(lambda: self._num_waiting < max_waiting or self._is_stopped)
            if self._is_stopped:
                return False
            self._last_us = time.monotonic_ns() // 1000
            self._pieces.append((samples, came_us))
            self._num_waiting += len(samples)
            self._changed.notify_all()
        return True


def _standard_input() -> BinaryIO:
    """Standard input as raw bytes.

    Raises:
        ValueError: It is a terminal, or there is none.
    """
    if sys.stdin is None or sys.stdin.isatty():
        raise ValueError(
            "standard input is no pipe: write sound into it, as in `ffmpeg -i SOUND -f wav - | transflower perform "
            "--file -`"
        )
    if sys.platform != "win32":
        os.set_blocking(sys.stdin.fileno(), True)  # some parents leave it otherwise, and an empty pipe would be an end
    # Without a buffer, whose lock a thread that waits for the pipe would hold when the interpreter shuts down.
    return io.FileIO(sys.stdin.fileno(), closefd=False)
