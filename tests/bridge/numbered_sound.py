"""A sound whose samples are numbered: what was lost, doubled, moved or made up is seen to the sample."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import soundfile
from numpy.typing import NDArray

from bridge.sources.source import SoundBlock, SoundSource
from tests.waiting import wait_until

RATE_HZ = 48000
_SCALE = 1 << 24
"""A float32 holds every whole number up to here, and so does what it becomes when it is divided by it."""


def numbered(num_samples: int, first: int = 1) -> NDArray[np.float32]:
    """Samples of which each tells its number, from `first` on; 0 is silence and nobody's number."""
    return (np.arange(first, first + num_samples) / _SCALE).astype(np.float32)


def write_numbered(path: Path, seconds: float, first: int = 1) -> Path:
    """A stereo file of numbered samples; the server's memory takes up to 40 s."""
    samples = numbered(round(seconds * RATE_HZ), first)
    soundfile.write(path, np.repeat(samples[:, np.newaxis], 2, axis=1), RATE_HZ, subtype="FLOAT")
    return path


def numbers_of(samples: NDArray[np.float32]) -> NDArray[np.int64]:
    """The numbers that samples tell; 0 for silence."""
    numbers = samples.astype(np.float64) * _SCALE
    assert (numbers == np.rint(numbers)).all(), "samples came through unchanged"
    return numbers.astype(np.int64)


def wait_for_sound(source: SoundSource) -> None:
    """Reads until there is sound."""
    wait_until(lambda: source.read(0.05), "sound")


class Recorder:
    """Reads a source of numbered sound and keeps what it gives."""

    def __init__(self, source: SoundSource) -> None:
        self.blocks: list[SoundBlock] = []
        self.last_number = 0
        self._source = source

    @property
    def numbers(self) -> NDArray[np.int64]:
        """All that was read, silence and zeros included."""
        return np.concatenate([np.zeros(0, np.int64), *(numbers_of(block.samples) for block in self.blocks)])

    def read(self, max_wait_s: float = 0.05) -> SoundBlock | None:
        """The source's next block, which must not come from the future."""
        block = self._source.read(max_wait_s)
        if block is not None:
            assert block.capture_time_us <= time.monotonic_ns() // 1000
            self.last_number = int(numbers_of(block.samples[-1:])[0])
            self.blocks.append(block)
        return block

    def read_until(self, condition: Callable[[], object], what: str) -> None:
        """Reads until the condition holds."""
        wait_until(lambda: (self.read(), condition())[1], what)

    def read_on(self, num_samples: int) -> None:
        """Reads until so many numbers more than now have come; there must be sound now."""
        self.read_until(lambda: self.last_number, "numbered sound")
        wanted = self.last_number + num_samples
        self.read_until(lambda: self.last_number >= wanted, f"{num_samples} numbered samples")

    def read_rest(self) -> None:
        """Reads what a source that was stopped still holds."""
        while self.read(0.0) is not None:
            pass


@dataclass(frozen=True, eq=False)
class Holes:
    """What stands between each sample that tells a number and the next that does.

    Attributes:
        zeros: Silent samples there, int64 (pairs,).
        lost: Numbers that are missing there, int64 (pairs,).
    """

    zeros: NDArray[np.int64]
    lost: NDArray[np.int64]

    @classmethod
    def of(cls, numbers: NDArray[np.int64]) -> Self:
        """The holes of a recording, in which each number must come once, and in its order."""
        positions = np.flatnonzero(numbers)
        assert len(positions) > 1, "numbered sound was heard"
        lost = np.diff(numbers[positions]) - 1
        assert (lost >= 0).all(), "none twice, and none before another"
        return cls(np.diff(positions) - 1, lost)
