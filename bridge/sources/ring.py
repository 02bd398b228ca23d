"""A ring of sound between the callback of a sound card, which must never wait, and whoever reads."""

import mmap
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Buffer = bytearray | mmap.mmap | memoryview

_MAX_BLOCKS: Final = 1 << 13
"""Blocks in flight: PortAudio over PulseAudio hands out blocks of as little as a few samples."""
_INDICES: Final = 8
_WRITTEN, _BLOCKS_WRITTEN, _READ, _BLOCKS_READ, _DROPPED, _SKIPPED = range(6)


@dataclass(frozen=True, eq=False)
class RingSpan:
    """What a read takes out of a ring: samples, or the zeros that stand for samples that found no room.

    Attributes:
        samples: float32 (n,), n >= 1; a copy.
        last_time_us: time of the last sample.
        is_gap: whether these are zeros for samples that were dropped or skipped.
    """

    samples: NDArray[np.float32]
    last_time_us: int
    is_gap: bool


class SampleRing:
    """A ring of mono samples for one writer and one reader, threads or processes, without locks.

    The writer alone moves the write indices and the reader alone the read indices; both only grow. Samples are written
    before the index that makes them visible. When there is no room, ``write`` drops the *new* block whole and notes its
    length, and the reader finds exactly as many zeros in its place: time never shifts.

    Two processes each make a ring over the same memory. Processors that reorder stores do so within some hundred
    instructions; between the copy of a block and the store of its index lie thousands of the interpreter's.

    Attributes:
        capacity: samples that fit, a power of two.
    """

    def __init__(self, capacity: int, sample_rate_hz: int, memory: Buffer | None = None) -> None:
        """Allocates all memory.

        Args:
            capacity: least number of samples that must fit; rounded up to a power of two.
            sample_rate_hz: tells the time of samples inside a block.
            memory: where the ring lives, ``num_bytes(capacity)`` bytes or more that begin as zeros; ``None`` is memory
                of this process.
        """
        self.capacity = _power_of_two(capacity)
        if memory is None:
            memory = bytearray(self.num_bytes(capacity))
        self._rate_hz = sample_rate_hz
        self._indices = memoryview(memory)[: 8 * _INDICES].cast("q")  # gives Python's integers, faster than an array
        self._blocks = np.frombuffer(memory, np.int64, 3 * _MAX_BLOCKS, 8 * _INDICES).reshape(_MAX_BLOCKS, 3)
        # of each block: samples dropped before it, its samples, its last time
        self._samples = np.frombuffer(memory, np.float32, self.capacity, 8 * (_INDICES + 3 * _MAX_BLOCKS))
        self._lost_before_next = 0  # the writer's
        self._taken = 0  # samples of the block at the read index that were read already; the reader's
        self._gap_taken = 0  # zeros before that block that were read already; the reader's

    @staticmethod
    def num_bytes(capacity: int) -> int:
        """Memory that a ring of this capacity needs."""
        return 8 * (_INDICES + 3 * _MAX_BLOCKS) + 4 * _power_of_two(capacity)

    @property
    def dropped_samples(self) -> int:
        """Samples that ``write`` has dropped so far."""
        return self._indices[_DROPPED]

    @property
    def skipped_samples(self) -> int:
        """Samples that ``skip`` has left out so far."""
        return self._indices[_SKIPPED]

    def skip(self, num_samples: int) -> None:
        """Leaves out samples that never came: as many zeros will be read before the next block. The writer's."""
        self._lost_before_next += num_samples
        self._indices[_SKIPPED] += num_samples

    def write(self, samples: NDArray[np.float32], last_time_us: int) -> bool:
        """Takes a block in, or drops it when there is no room; allocates nothing. Returns whether it was taken.

        Args:
            samples: float32 mono (n,); copied.
            last_time_us: time of its last sample.
        """
        num_samples = len(samples)
        if num_samples == 0:
            return True
        indices = self._indices
        written, blocks_written = indices[_WRITTEN], indices[_BLOCKS_WRITTEN]
        if (
            written + num_samples - indices[_READ] > self.capacity
            or blocks_written - indices[_BLOCKS_READ] == _MAX_BLOCKS
        ):
            self._lost_before_next += num_samples
            indices[_DROPPED] += num_samples
            return False
        start = written % self.capacity
        until_end = min(num_samples, self.capacity - start)
        self._samples[start : start + until_end] = samples[:until_end]
        self._samples[: num_samples - until_end] = samples[until_end:]
        block = self._blocks[blocks_written % _MAX_BLOCKS]
        block[0] = self._lost_before_next
        block[1] = num_samples
        block[2] = last_time_us
        self._lost_before_next = 0
        indices[_WRITTEN] = written + num_samples
        indices[_BLOCKS_WRITTEN] = blocks_written + 1  # makes the block visible
        return True

    def read(self, max_samples: int) -> RingSpan | None:
        """The next samples, at most ``max_samples``, joined over blocks up to the next gap; ``None`` when empty."""
        assert max_samples >= 1, max_samples
        indices = self._indices
        blocks_written, blocks_read = indices[_BLOCKS_WRITTEN], indices[_BLOCKS_READ]
        if blocks_read == blocks_written:
            return None
        gap, num_samples, last_time_us = self._block(blocks_read)
        if self._gap_taken < gap:
            taken = min(gap - self._gap_taken, max_samples)
            self._gap_taken += taken
            samples_later = gap - self._gap_taken + num_samples
            return RingSpan(np.zeros(taken, np.float32), last_time_us - self._microseconds(samples_later), True)
        wanted = 0
        while wanted < max_samples and blocks_read < blocks_written:
            gap, num_samples, last_time_us = self._block(blocks_read)
            if gap > self._gap_taken:
                break
            taken = min(num_samples - self._taken, max_samples - wanted)
            wanted += taken
            self._taken += taken
            time_us = last_time_us - self._microseconds(num_samples - self._taken)
            if self._taken == num_samples:
                self._taken = self._gap_taken = 0
                blocks_read += 1
        start = indices[_READ] % self.capacity
        until_end = min(wanted, self.capacity - start)
        samples = np.empty(wanted, np.float32)
        samples[:until_end] = self._samples[start : start + until_end]
        samples[until_end:] = self._samples[: wanted - until_end]
        indices[_READ] += wanted  # gives the room back
        indices[_BLOCKS_READ] = blocks_read
        return RingSpan(samples, time_us, False)

    def _block(self, index: int) -> tuple[int, int, int]:
        """A block: samples lost before it, its samples, time of its last sample."""
        gap, num_samples, last_time_us = self._blocks[index % _MAX_BLOCKS].tolist()
        return gap, num_samples, last_time_us

    def _microseconds(self, num_samples: int) -> int:
        return num_samples * 1_000_000 // self._rate_hz


def _power_of_two(capacity: int) -> int:
    assert capacity >= 1, capacity
    return 1 << (capacity - 1).bit_length()
