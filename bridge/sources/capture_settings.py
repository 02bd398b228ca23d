"""What the bridge asks of the process that listens to the sound card, and what that answers."""

import json
from dataclasses import asdict, dataclass
from typing import Final, Literal, Self

MAX_BUFFER_S: Final = 4.0
"""Sound that can wait for a reader; the memory for it is made beforehand."""
DRIVER_US: Final = 13_000_000
"""So long a driver may take to find its devices and to open one."""


@dataclass(frozen=True, kw_only=True)
class CaptureSettings:
    """Which input is captured, and how.

    Attributes:
        device: index, name, unique part of a name, `system`, `monitor:NAME`; ``None`` is the default input.
        host_api: the driver system of a device that was open before; ``None`` for one that was not.
        sample_rate_hz: rate of the samples; ``None`` is the device's own.
        block_size: samples a callback; 0 lets the driver choose.
        channels: those that are mixed down, from 1 on; ``None`` is the first two, or the one that there is.
        latency: PortAudio's suggested latency, in seconds or by name.
        buffer_s: how much sound waits for a reader that is late before new sound is dropped.
        resume_us: ``None`` opens the device for the first time, which must succeed. Otherwise it was open before, its
            last sample had this time, and it is opened as soon as that is possible.
    """

    device: str | int | None
    host_api: str | None = None
    sample_rate_hz: int | None = None
    block_size: int = 0
    channels: tuple[int, ...] | None = None
    latency: Literal["low", "high"] | float = "low"
    buffer_s: float = MAX_BUFFER_S
    resume_us: int | None = None


@dataclass(frozen=True, kw_only=True)
class CaptureAnswer:
    """What became of the first opening.

    Attributes:
        error: Why it failed; ``None`` when it did not.
        is_unavailable: Whether sound cannot work on this machine as it is.
        name: Name of the device.
        device: How to name it when it is opened again.
        host_api: Its driver system, where that is needed to find it again.
        sample_rate_hz: The rate of the samples.
    """

    error: str | None = None
    is_unavailable: bool = False
    name: str = ""
    device: str | int | None = None
    host_api: str | None = None
    sample_rate_hz: int = 0

    def to_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The answer that `to_json` wrote."""
        return cls(**json.loads(text))
