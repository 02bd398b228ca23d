"""The bridge's own protocol, `/dance`: a pose in a datagram, and what is sent beside it (see bridge/PROTOCOL.md)."""

import math
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from .frame import Frame
from .osc import Message
from .skeleton import Skeleton

SEQUENCE_MODULUS: Final = 2**31
MAX_BONES: Final = 88
_MAX_SKELETONS: Final = 8
_UNIT_TOLERANCE: Final = 1e-3
_MAX_TRAVEL_M: Final = 1000.0
_RESTART_S: Final = 1.0
_ADDRESSES: Final = {
    "/dance/beat": ("ffif", ("phase", "bpm", "beat", "confidence")),
    "/dance/audio": ("fffff", ("rms", "low", "mid", "high", "onset")),
    "/dance/latency": ("fffff", ("capture_ms", "features_ms", "model_ms", "send_ms", "total_ms")),
    "/dance/status": ("si", ("state", "dropped")),
    "/dance/why": ("ss", ("reason", "text")),
    "/dance/clock": ("sff", ("source", "bpm", "confidence")),
    "/dance/pong": ("hh", ("token", "time_us")),
}


@dataclass
class DanceStream:
    """Reads `/dance` messages.

    Attributes:
        latest: The latest values, by the last part of the address: beat, audio, latency, status, why, clock, pong.
        latest_s: When each of them came, on our own clock.
        num_lost: Poses that never came, by their numbers.
        num_old: Poses that came late or twice, and were dropped.
        num_unknown: Poses whose skeleton has not arrived yet.
    """

    latest: dict[str, dict[str, Any]] = field(default_factory=dict)
    latest_s: dict[str, float] = field(default_factory=dict)
    num_lost: int = 0
    num_old: int = 0
    num_unknown: int = 0
    _bones: dict[int, dict[int, tuple[str, int, tuple[float, float, float]]]] = field(default_factory=dict)
    _skeletons: dict[int, Skeleton] = field(default_factory=dict)
    _sequence: int | None = None
    _heard_s: float = -math.inf

    def read(self, message: Message, arrival_s: float) -> Frame | None:
        """The frame of a message, if it is a pose that is newer than the last and whose skeleton is known.

        Raises:
            ValueError: The message is not as the protocol has it; nothing of it is used.
        """
        if message.address == "/dance/pose":
            return self._pose(message, arrival_s)
        if message.address == "/dance/skeleton":
            self._bone(message)
        elif message.address in _ADDRESSES:
            tags, names = _ADDRESSES[message.address]
            values = _require(message, tags)
            name = message.address.rpartition("/")[2]
            self.latest[name], self.latest_s[name] = dict(zip(names, values, strict=True)), arrival_s
        return None

    def _pose(self, message: Message, arrival_s: float) -> Frame | None:
        sequence, time_us, skeleton_id, blob = _require(message, "ihib")
        num_bones, rest = divmod(len(blob) - 12, 16)
        if rest or not 1 <= num_bones <= MAX_BONES:
            raise ValueError(f"/dance/pose: a blob of {len(blob)} bytes is not 12 + 16 x bones")
        with np.errstate(invalid="ignore"):  # a signalling NaN
            values = np.frombuffer(blob, ">f4").astype(np.float64)
        turned = values[3:].reshape(-1, 4)
        if not (np.isfinite(values).all() and np.abs(values[:3]).max() < _MAX_TRAVEL_M):
            raise ValueError("/dance/pose holds NaN, infinity, or a place beyond the horizon")
        lengths = np.sqrt(np.square(turned).sum(axis=1))
        if (np.abs(lengths - 1.0) > _UNIT_TOLERANCE).any():
            raise ValueError("/dance/pose holds a quaternion that is not of length one")
        if self._sequence is not None and arrival_s - self._heard_s < _RESTART_S:
            ahead = (sequence - self._sequence) % SEQUENCE_MODULUS
            if not 0 < ahead < SEQUENCE_MODULUS // 2:
                self.num_old += 1
                return None
            self.num_lost += min(ahead - 1, 10_000)
        self._sequence, self._heard_s = sequence, arrival_s
        skeleton = self._skeleton(skeleton_id, num_bones)
        if skeleton is None:
            self.num_unknown += 1
            return None
        return Frame(skeleton, time_us, arrival_s, values[:3], turned)

    def _bone(self, message: Message) -> None:
        skeleton_id, index, name, parent, x, y, z = _require(message, "iisifff")
        if not 0 <= index < MAX_BONES or not (parent == -1 if index == 0 else 0 <= parent < index):
            raise ValueError(f"/dance/skeleton: bone {index} cannot have the parent {parent}")
        if not 0 < len(name) <= 63 or not name.isprintable():
            raise ValueError(f"/dance/skeleton: {name[:63]!r} is no name for a bone")
        if max(abs(x), abs(y), abs(z)) > 100.0:
            raise ValueError(f"/dance/skeleton: bone {index} is {x}, {y}, {z} metres from its parent")
        if skeleton_id not in self._bones and len(self._bones) == _MAX_SKELETONS:  # forged ids fill nothing
            oldest = next(iter(self._bones))
            del self._bones[oldest]
            self._skeletons.pop(oldest, None)
        known = self._bones.setdefault(skeleton_id, {})
        if known.get(index) != (name, parent, (x, y, z)):
            known[index] = (name, parent, (x, y, z))
            self._skeletons.pop(skeleton_id, None)

    def _skeleton(self, skeleton_id: int, num_bones: int) -> Skeleton | None:
        skeleton = self._skeletons.get(skeleton_id)
        if skeleton is not None and len(skeleton.names) == num_bones:
            return skeleton
        known = self._bones.get(skeleton_id, {})
        if any(index not in known for index in range(num_bones)):
            return None
        bones = [known[index] for index in range(num_bones)]
        try:
            skeleton = Skeleton(
                tuple(name for name, _, _ in bones),
                tuple(parent for _, parent, _ in bones),
                np.array([offset for _, _, offset in bones], np.float64),
            )
        except ValueError:
            return None
        self._skeletons[skeleton_id] = skeleton
        return skeleton


def _require(message: Message, tags: str) -> tuple[Any, ...]:
    """The arguments, which must have these types; numbers must be finite."""
    if message.type_tags != tags:
        raise ValueError(f"{message.address} has arguments ,{message.type_tags[:20]}; expected ,{tags}")
    if not all(math.isfinite(value) for value in message.arguments if isinstance(value, float)):
        raise ValueError(f"{message.address} holds NaN or infinity")
    return message.arguments
