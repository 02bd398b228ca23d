"""Memory that the bridge shares with the process that listens to the sound card."""

import mmap
import os
import sys
import tempfile
import uuid
from typing import Final, Self

from bridge.sources.capture_settings import MAX_BUFFER_S
from bridge.sources.ring import SampleRing

_MAX_RATE_HZ: Final = 192_000
_STATUS: Final = 8
_ALIVE_US, _DUE_US, _NUM_REOPENED = range(3)
_NUM_BYTES: Final = 8 * _STATUS + SampleRing.num_bytes(round(MAX_BUFFER_S * _MAX_RATE_HZ))


class CaptureMemory:
    """A ring of sound and three numbers, each written by one side only and read by the other.

    The memory has no name on POSIX, where the child inherits its descriptor, and Windows forgets the name with the last
    process that uses it: however the two end, nothing is left behind. (Python's own ``SharedMemory`` has names, which a
    killed process leaks, and a tracker that before Python 3.13 unlinks what the other process still needs.)

    Times are microseconds of ``time.monotonic_ns() // 1000``, one clock for all processes of a machine: it counts from
    its start on Linux, macOS and Windows.
    """

    def __init__(self, memory: mmap.mmap) -> None:
        self._memory = memory  # unmapped when the last view of it has gone, wherever that is
        self._status = memoryview(memory)[: 8 * _STATUS].cast("q")

    @classmethod
    def create(cls) -> tuple[Self, int | str]:
        """New memory, zeros, and the handle by which another process opens it: a descriptor, or on Windows a name."""
        if sys.platform == "win32":
            name = f"transflower-{uuid.uuid4()}"
            return cls(mmap.mmap(-1, _NUM_BYTES, tagname=name)), name
        if sys.platform == "linux":
            descriptor = os.memfd_create("transflower")
        else:
            with tempfile.TemporaryFile() as file:
                descriptor = os.dup(file.fileno())
        os.truncate(descriptor, _NUM_BYTES)
        return cls(mmap.mmap(descriptor, _NUM_BYTES)), descriptor

    @classmethod
    def open(cls, handle: int | str) -> Self:
        """The memory behind a handle, in the other process. A descriptor is used up."""
        if sys.platform == "win32":
            return cls(mmap.mmap(-1, _NUM_BYTES, tagname=str(handle)))
        cls_memory = cls(mmap.mmap(int(handle), _NUM_BYTES))
        os.close(int(handle))
        return cls_memory

    def ring(self, sample_rate_hz: int, buffer_s: float = MAX_BUFFER_S) -> SampleRing:
        """The ring, which holds so many seconds at this rate; to be called once by each side."""
        capacity = round(buffer_s * min(sample_rate_hz, _MAX_RATE_HZ))
        return SampleRing(capacity, sample_rate_hz, memoryview(self._memory)[8 * _STATUS :])

    @property
    def alive_us(self) -> int:
        """When the device was last known to be well, which is usually when it called; the child's."""
        return self._status[_ALIVE_US]

    @alive_us.setter
    def alive_us(self, time_us: int) -> None:
        self._status[_ALIVE_US] = time_us

    @property
    def due_us(self) -> int:
        """When the child's main thread came by last, or by when it will from what it asks of a driver; the child's."""
        return self._status[_DUE_US]

    @due_us.setter
    def due_us(self, time_us: int) -> None:
        self._status[_DUE_US] = time_us

    @property
    def num_reopened(self) -> int:
        """How often the device was opened anew; the child's."""
        return self._status[_NUM_REOPENED]

    @num_reopened.setter
    def num_reopened(self, count: int) -> None:
        self._status[_NUM_REOPENED] = count
