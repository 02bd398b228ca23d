"""What a control room wants to know beside the dance: level, spectrum, health, targets, notices, and the knobs.

``PROTOCOL.md`` is the normative text, section *Telemetry*.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bridge.wire.dance_protocol import require_finite
from bridge.wire.osc_template import bundles, message_head, osc_string

LEVEL_HEAD: Final = message_head("/dance/level", "ff")
SPECTRUM_HEAD: Final = message_head("/dance/spectrum", "b")
HEALTH_HEAD: Final = message_head("/dance/health", "fffiiiff")
TARGET_HEAD: Final = message_head("/dance/target", "iisi")
NOTICE_HEAD: Final = message_head("/dance/notice", "s")
TAKE_HEAD: Final = message_head("/dance/take", "s")
REFUSED_HEAD: Final = message_head("/dance/refused", "is")

_MAX_TEXT_BYTES: Final = 1000
"""So that a text always fits into a datagram; a longer one is cut."""


@dataclass(frozen=True, kw_only=True)
class Health:
    """Whether all is well, as of the last second.

    Attributes:
        rate_hz: Poses sent in the last second.
        step_ms: The dancer's step, the median of that second.
        worst_step_ms: Its worst.
        sent: Poses sent since the start.
        missed: Deadlines missed since the start.
        send_errors: Datagrams that the system refused since the start.
        memory_mb: Resident memory of the bridge, 10^6 bytes.
        seconds: Since the start.
    """

    rate_hz: float
    step_ms: float
    worst_step_ms: float
    sent: int
    missed: int
    send_errors: int
    memory_mb: float
    seconds: float


def encode_level(level_dbfs: float, threshold_dbfs: float) -> bytes:
    """The message ``/dance/level``; digital silence, which has no level, leaves as -200 dB."""
    return LEVEL_HEAD + struct.pack(">ff", max(level_dbfs, -200.0), threshold_dbfs)


def encode_spectrum(bands: NDArray[np.float32]) -> bytes:
    """The message ``/dance/spectrum`` of mel bands (80,), 0 to 1."""
    blob = np.rint(255.0 * np.clip(bands, 0.0, 1.0)).astype(np.uint8).tobytes()
    return SPECTRUM_HEAD + struct.pack(">i", len(blob)) + blob + bytes(-len(blob) % 4)


def encode_health(health: Health) -> bytes:
    """The message ``/dance/health``."""
    times = (health.rate_hz, health.step_ms, health.worst_step_ms, health.memory_mb, health.seconds)
    require_finite("/dance/health", *times)
    counts = (health.sent % 2**31, health.missed % 2**31, health.send_errors % 2**31)
    return HEALTH_HEAD + struct.pack(">fffiiiff", *times[:3], *counts, *times[3:])


def encode_targets(names: Sequence[str], absent: Sequence[str]) -> list[bytes]:
    """One message ``/dance/target`` for each target."""
    return [
        TARGET_HEAD
        + struct.pack(">ii", index, len(names))
        + _text(name)
        + struct.pack(">i", 0 if name in absent else 1)
        for index, name in enumerate(names)
    ]


def encode_notices(notices: Sequence[str]) -> bytes:
    """The message ``/dance/notice``."""
    return NOTICE_HEAD + _text("\n".join(notices))


def encode_take(name: str) -> bytes:
    """The message ``/dance/take``."""
    return TAKE_HEAD + _text(name)


def encode_refused(number: int, reason: str) -> bytes:
    """The message ``/dance/refused``."""
    return REFUSED_HEAD + struct.pack(">i", number % 2**31) + _text(reason)


def encode_controls(values: Mapping[str, float | int | str | bool]) -> list[bytes]:
    """Bundles of one message for each control, from its address to its value; types are those of the values."""
    return bundles([_control(address, value) for address, value in values.items()])


def _control(address: str, value: float | int | str | bool) -> bytes:
    if isinstance(value, str):
        return message_head(address, "s") + _text(value)
    if isinstance(value, int):  # switches too
        return message_head(address, "i") + struct.pack(">i", int(value))
    require_finite(address, value)
    return message_head(address, "f") + struct.pack(">f", value)


def _text(text: str) -> bytes:
    """A string that fits, without what OSC cannot carry."""
    clean = text.replace("\0", " ")
    return osc_string(clean.encode(errors="replace")[:_MAX_TEXT_BYTES].decode(errors="ignore"))
