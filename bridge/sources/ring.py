"""A ring of sound between the callback of a sound card, which must never wait, and the thread that reads."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_MAX_BLOCKS: Final = 1 << 13
"""Blocks in flight: PortAudio over PulseAudio hands out blocks of as little as a few samples."""


@dataclass(frozen=True, eq=False)
class Span:
    """What a read takes out of a ring: samples, or the zeros that stand for samples that found no room.

    Attributes:
        samples: float32 (n,), n >= 1; a copy.
        last_time_us: time of the last sample.
        is_gap: whether these are zeros for samples that were dropped.
    """

    samples: NDArray[np.float32]
    last_time_us: int
    is_gap: bool


class SampleRing:
    """A ring of mono samples for one writing and one reading thread, without locks.

    The writer alone moves the write indices and the reader alone the read indices; both only grow. Samples are written
    before the index that makes them visible. When there is no room, ``write`` drops the *new* block whole and notes its
    length, and the reader finds exactly as many zeros in its place: time never shifts.

    Attributes:
        capacity: samples that fit, a power of two.
        dropped_samples: samples that ``write`` has dropped so far.
    """

    def __init__(self, capacity: int, sample_rate_hz: int) -> None:
        """Allocates all memory.

        Args:
            capacity: least number of samples that must fit; rounded up to a power of two.
            sample_rate_hz: tells the time of samples inside a block.
        """
        assert capacity >= 1, capacity
        self.capacity = 1 << (capacity - 1).bit_length()
        self.dropped_samples = 0
        self._rate_hz = sample_rate_hz
        self._samples = np.zeros(self.capacity, np.float32)
        self._blocks = np.zeros((_MAX_BLOCKS, 3), np.int64)  # samples dropped before it, its samples, its last time
        self._written = 0  # samples; the writer's
        self._blocks_written = 0  # the writer's
        self._dropped_before_next = 0  # the writer's
        self._read = 0  # samples; the reader's
        self._blocks_read = 0  # the reader's
        self._taken = 0  # samples of the block at the read index that were read already; the reader's
        self._gap_taken = 0  # zeros before that block that were read already; the reader's

    def write(self, samples: NDArray[np.float32], last_time_us: int) -> bool:
        """Takes a block in, or drops it when there is no room; allocates nothing. Returns whether it was taken.

        Args:
            samples: float32 mono (n,); copied.
            last_time_us: time of its last sample.
        """
        num_samples = len(samples)
        if num_samples == 0:
            return True
        if (
            self._written + num_samples - self._read > self.capacity
            or self._blocks_written - self._blocks_read == _MAX_BLOCKS
        ):
            self._dropped_before_next += num_samples
            self.dropped_samples += num_samples
            return False
        start = self._written % self.capacity
        until_end = min(num_samples, self.capacity - start)
        self._samples[start : start + until_end] = samples[:until_end]
        self._samples[: num_samples - until_end] = samples[until_end:]
        block = self._blocks[self._blocks_written % _MAX_BLOCKS]
        block[0] = self._dropped_before_next
        block[1] = num_samples
        block[2] = last_time_us
        self._dropped_before_next = 0
        self._written += num_samples
        self._blocks_written += 1  # makes the block visible
        return True

    def read(self, max_samples: int) -> Span | None:
        """The next samples, at most ``max_samples``, joined over blocks up to the next gap; ``None`` when empty."""
        assert max_samples >= 1, max_samples
        blocks_written = self._blocks_written
        if self._blocks_read == blocks_written:
            return None
        gap, num_samples, last_time_us = self._block()
        if self._gap_taken < gap:
            taken = min(gap - self._gap_taken, max_samples)
            self._gap_taken += taken
            samples_later = gap - self._gap_taken + num_samples
            return Span(np.zeros(taken, np.float32), last_time_us - self._microseconds(samples_later), True)
        wanted = 0
        while wanted < max_samples and self._blocks_read < blocks_written:
            gap, num_samples, last_time_us = self._block()
            if gap > self._gap_taken:
                break
            taken = min(num_samples - self._taken, max_samples - wanted)
            wanted += taken
            self._taken += taken
            time_us = last_time_us - self._microseconds(num_samples - self._taken)
            if self._taken == num_samples:
                self._taken = self._gap_taken = 0
                self._blocks_read += 1
        start = self._read % self.capacity
        until_end = min(wanted, self.capacity - start)
        samples = np.empty(wanted, np.float32)
        samples[:until_end] = self._samples[start : start + until_end]
        samples[until_end:] = self._samples[: wanted - until_end]
        self._read += wanted  # gives the room back
        return Span(samples, time_us, False)

    def _block(self) -> tuple[int, int, int]:
        """The block at the read index: samples dropped before it, its samples, time of its last sample."""
        gap, num_samples, last_time_us = self._blocks[self._blocks_read % _MAX_BLOCKS].tolist()
        return gap, num_samples, last_time_us

    def _microseconds(self, num_samples: int) -> int:
        return num_samples * 1_000_000 // self._rate_hz
