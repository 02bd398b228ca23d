"""Decoders of what the bridge sends, in plain Python: for tests, checks from end to end, and as a model for clients.

Bytes from a network are never trusted: whatever arrives, a decoder here returns or raises ``ValueError``, nothing else.
"""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bridge.wire.dance_protocol import SEQUENCE_MODULUS, AudioLevels, Beat, ClockUpdate, Latency, Status, WhyUpdate
from bridge.wire.osc_message import OscMessage, parse_datagram
from bridge.wire.pose_frame import PoseFrame
from bridge.wire.vmc import POSITION_TO_UNITY, QUATERNION_TO_UNITY

_MAX_BONES: Final = 1024
_UNIT_TOLERANCE: Final = 1e-3
_NO_SKELETON: Final = -1


@dataclass(frozen=True)
class ReceivedBone:
    """One bone of ``/dance/skeleton``: name, index of its parent (-1 for the root), rest offset in metres."""

    name: str
    parent: int
    offset: tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class DancePose:
    """One ``/dance/pose``: the frame, and the skeleton that it poses."""

    frame: PoseFrame
    skeleton_id: int


DanceEvent = DancePose | Beat | AudioLevels | Latency | Status | ClockUpdate | WhyUpdate


class DanceReceiver:
    """Decodes the bridge's own protocol and remembers the skeletons that it received.

    Attributes:
        skeletons: bones by skeleton id and index, as far as they have arrived.
    """

    def __init__(self) -> None:
        self.skeletons: dict[int, dict[int, ReceivedBone]] = {}

    def receive(self, datagram: bytes) -> list[DanceEvent]:
        """What a datagram says, in its order; bones of a skeleton are noted, unknown addresses passed over.

        Raises:
            ValueError: the datagram breaks the protocol; nothing of it is used.
        """
        events: list[DanceEvent] = []
        bones: list[tuple[int, int, ReceivedBone]] = []
        for message in parse_datagram(datagram):
            if message.address == "/dance/skeleton":
                bones.append(_decode_bone(message))
            elif message.address == "/dance/floats":
                events.append(self._decode_floats(message))
            elif (event := _decode_event(message)) is not None:
                events.append(event)
        for skeleton_id, index, bone in bones:
            if skeleton_id not in self.skeletons:
                self.skeletons = {**dict(list(self.skeletons.items())[-7:]), skeleton_id: {}}  # forged ids fill nothing
            self.skeletons[skeleton_id][index] = bone
        return events

    def _decode_floats(self, message: OscMessage) -> DancePose:
        """The form for patches, which names no skeleton: it is the newest with so many bones."""
        num_bones, rest = divmod(len(message.arguments) - 5, 4)
        if rest or num_bones < 1:
            raise ValueError(f"/dance/floats: {len(message.arguments)} numbers are not 5 + 4 x bones")
        sequence, time_ms, *floats = message.require("ii" + "f" * (3 + 4 * num_bones)).arguments
        values = np.array(floats, np.float32)
        rotations = values[3:].reshape(-1, 4)
        _require_pose("/dance/floats", values[:3], rotations)
        fitting = [skeleton_id for skeleton_id, bones in self.skeletons.items() if len(bones) == num_bones]
        return DancePose(
            PoseFrame(sequence, 1000 * time_ms, values[:3], rotations), fitting[-1] if fitting else _NO_SKELETON
        )

    def skeleton_of(self, pose: DancePose) -> list[ReceivedBone] | None:
        """The bones of a pose in its order, or ``None`` as long as one of them has not arrived."""
        bones = self.skeletons.get(pose.skeleton_id, {})
        num_bones = len(pose.frame.rotations)
        return [bones[index] for index in range(num_bones)] if all(i in bones for i in range(num_bones)) else None


def is_newer(sequence: int, than: int) -> bool:
    """Whether a sequence number comes after another, the wrap after 2**31 - 1 included.

    Example:
        >>> is_newer(8, 7), is_newer(7, 8), is_newer(0, 2**31 - 1)
        (True, False, True)
    """
    return 0 < (sequence - than) % SEQUENCE_MODULUS < SEQUENCE_MODULUS // 2


def _decode_event(message: OscMessage) -> DanceEvent | None:
    match message.address:
        case "/dance/pose":
            return _decode_pose(message)
        case "/dance/beat":
            phase, bpm, beat, confidence = _numbers(message, "ffif")
            return Beat(phase=phase, bpm=bpm, beat=beat, confidence=confidence)
        case "/dance/audio":
            rms, low, mid, high, onset = _numbers(message, "fffff")
            return AudioLevels(rms=rms, low=low, mid=mid, high=high, onset=onset)
        case "/dance/latency":
            capture_ms, features_ms, model_ms, send_ms, total_ms = _numbers(message, "fffff")
            return Latency(
                capture_ms=capture_ms,
                features_ms=features_ms,
                model_ms=model_ms,
                send_ms=send_ms,
                total_ms=total_ms,
            )
        case "/dance/status":
            state, dropped = message.require("si").arguments
            return Status(state=state, dropped=dropped)
        case "/dance/why":
            reason, text = message.require("ss").arguments
            return WhyUpdate(reason=reason, text=text)
        case "/dance/clock":
            source, bpm, confidence = message.require("sff").arguments
            if not (math.isfinite(bpm) and math.isfinite(confidence)):
                raise ValueError(f"{message.address} holds NaN or infinity")
            return ClockUpdate(source=source, bpm=bpm, confidence=confidence)
    return None


def _numbers(message: OscMessage, type_tags: str) -> list[Any]:
    """The arguments of a message that must all be finite numbers."""
    numbers = list(message.require(type_tags).arguments)
    if not all(map(math.isfinite, numbers)):
        raise ValueError(f"{message.address} holds NaN or infinity: {numbers}")
    return numbers


def _decode_bone(message: OscMessage) -> tuple[int, int, ReceivedBone]:
    skeleton_id, index, name, parent, x, y, z = message.require("iisifff").arguments
    if not 0 <= index < _MAX_BONES or not (parent == -1 if index == 0 else 0 <= parent < index):
        raise ValueError(f"bone {index} ({name!r}) cannot have the parent {parent}")
    if not all(map(math.isfinite, (x, y, z))):
        raise ValueError(f"bone {index} ({name!r}) has an offset that is not finite")
    return skeleton_id, index, ReceivedBone(name, parent, (x, y, z))


def _decode_pose(message: OscMessage) -> DancePose:
    sequence, time_us, skeleton_id, blob = message.require("ihib").arguments
    if len(blob) < 28 or (len(blob) - 12) % 16:
        raise ValueError(f"/dance/pose: a blob of {len(blob)} bytes is not 12 + 16 x bones")
    values = np.frombuffer(blob, ">f4").astype(np.float32)
    rotations = values[3:].reshape(-1, 4)
    _require_pose("/dance/pose", values[:3], rotations)
    return DancePose(PoseFrame(sequence, time_us, values[:3], rotations), skeleton_id)


class VmcReceiver:
    """Decodes the VMC stream of a known skeleton back into pose frames with the bridge's own axes.

    It understands what ``VmcEncoder`` sends: the root without rotation. A frame is given once its ``/VMC/Ext/T`` and
    every bone since then have arrived, so a frame of which one datagram was lost is never given. (When the end of one
    frame and the start of the next are lost, nothing in VMC tells that the rest belongs to two frames.)

    Attributes:
        num_incomplete: frames that were given up because the next one began.
    """

    def __init__(self, bone_names: tuple[str, ...]) -> None:
        self.num_incomplete = 0
        self._names = bone_names
        self._num_given = 0
        self._time_us: int | None = None
        self._root = np.zeros(3, np.float32)
        self._bones: dict[str, NDArray[np.float32]] = {}

    def receive(self, datagram: bytes) -> PoseFrame | None:
        """The frame that this datagram completes, numbered from 0 as given; its time is that of ``/VMC/Ext/T``.

        Raises:
            ValueError: the datagram breaks the protocol; nothing of it is used.
        """
        messages = parse_datagram(datagram)
        time_us, root = self._time_us, self._root
        bones: dict[str, NDArray[np.float32]] = {}
        begins = False
        for message in messages:
            if message.address == "/VMC/Ext/T":
                (seconds,) = _numbers(message, "f")
                time_us = round(seconds * 1e6)
                begins = True
            elif message.address == "/VMC/Ext/Root/Pos":
                _, transform = _decode_transform(message)
                if abs(transform[6]) < 1.0 - 1e-6:
                    raise ValueError("/VMC/Ext/Root/Pos: this receiver knows no rotated root")
                root = transform[:3] * POSITION_TO_UNITY
            elif message.address == "/VMC/Ext/Bone/Pos":
                name, transform = _decode_transform(message)
                if name in self._names:
                    bones[name] = transform
        if begins:
            self.num_incomplete += self._time_us is not None
            self._bones = {}
        self._time_us, self._root = time_us, root
        self._bones |= bones
        if self._time_us is None or len(self._bones) < len(self._names):
            return None
        pose = np.stack([self._bones[name] for name in self._names])  # (bones, position and quaternion)
        frame = PoseFrame(
            self._num_given,
            self._time_us,
            (root + pose[0, :3] * POSITION_TO_UNITY).astype(np.float32),
            pose[:, 3:] * QUATERNION_TO_UNITY,
        )
        self._num_given += 1
        self._time_us = None
        return frame


def _decode_transform(message: OscMessage) -> tuple[str, NDArray[np.float32]]:
    """Name, and float32 (7,) position and unit quaternion in Unity's axes, of a root or bone message."""
    name, *numbers = message.read_as("sfffffff")
    transform = np.array(numbers, np.float32)
    _require_pose(message.address, transform[:3], transform[np.newaxis, 3:])
    return name, transform


def _require_pose(address: str, position: NDArray[np.float32], rotations: NDArray[np.float32]) -> None:
    """Refuses what no bridge sends: numbers that are not finite, quaternions that are not unit."""
    if not (np.isfinite(position).all() and np.isfinite(rotations).all()):
        raise ValueError(f"{address} holds NaN or infinity")
    lengths = np.sqrt(np.square(rotations, dtype=np.float64).sum(axis=-1))
    if (np.abs(lengths - 1.0) > _UNIT_TOLERANCE).any():
        raise ValueError(f"{address} holds a quaternion of length {lengths[np.argmax(np.abs(lengths - 1.0))]:.4f}")
