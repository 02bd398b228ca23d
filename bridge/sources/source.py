"""What every source of sound offers to the bridge, and its base class."""

from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class SoundBlock:
    """A stretch of sound, as it came.

    Attributes:
        samples: float32 mono (n,), n >= 1, full scale is 1; the reader's own, nobody writes to it again.
        capture_time_us: when the LAST sample was in the room, in microseconds of ``time.monotonic_ns() // 1000``;
            not later than the moment at which the block is read (unless an unpaced file is read faster than it sounds).
    """

    samples: NDArray[np.float32]
    capture_time_us: int


class SoundSource(Protocol):
    """A stream of mono sound that one thread reads.

    Blocks join without a seam: where sound was lost, exactly as many zeros stand in for it, so the number of samples
    read so far always tells the time. A source is its own context manager: entering starts it, leaving stops it.
    One thread at a time may call anything of a source.
    """

    @property
    def sample_rate_hz(self) -> int:
        """The rate of the samples, known once started."""
        ...

    @property
    def ended(self) -> bool:
        """Whether no more sound will ever come: a file at its end, or a source that was stopped."""
        ...

    @property
    def notice(self) -> str | None:
        """What a performer should know of the sound at this moment, in one line; any thread may ask."""
        ...

    @property
    def overflow_samples(self) -> int:
        """Samples dropped so far because the reader was too slow; zeros stand for them."""
        ...

    @property
    def gap_samples(self) -> int:
        """Samples that the device itself lost so far; zeros stand for them too."""
        ...

    def start(self) -> None:
        """Opens the source.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: there is no such device, or what is there cannot be used.
            SoundUnavailableError: sound cannot work on this machine as it is.
        """
        ...

    def read(self, max_wait_s: float) -> SoundBlock | None:
        """The sound that came since the last call; waits for some at most ``max_wait_s``, then gives ``None``."""
        ...

    def stop(self) -> None:
        """Closes the source; may be called twice."""
        ...

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
