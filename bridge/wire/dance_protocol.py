"""The bridge's own protocol: one datagram a pose, and what a stage wants to know beside it.

``PROTOCOL.md`` is the normative text. All messages are OSC 1.0 under ``/dance``.
"""

import struct
import zlib
from dataclasses import dataclass
from typing import Final

import numpy as np

from bridge.wire.osc_template import MAX_DATAGRAM_BYTES, bundles, message_head, osc_string
from bridge.wire.pose_frame import PoseFrame
from data.motion.skeleton import Skeleton

SEQUENCE_MODULUS: Final = 2**31
"""After frame 2147483647 comes frame 0."""

POSE_HEAD: Final = message_head("/dance/pose", "ihib")
SKELETON_HEAD: Final = message_head("/dance/skeleton", "iisifff")
BEAT_HEAD: Final = message_head("/dance/beat", "ffif")
AUDIO_HEAD: Final = message_head("/dance/audio", "fffff")
LATENCY_HEAD: Final = message_head("/dance/latency", "fffff")
STATUS_HEAD: Final = message_head("/dance/status", "si")
WHY_HEAD: Final = message_head("/dance/why", "ss")
CLOCK_HEAD: Final = message_head("/dance/clock", "sff")

_FLOAT32_MAX: Final = float(np.finfo(np.float32).max)
_POSE_NUMBERS: Final = struct.Struct(">iqii")  # sequence, time_us, skeleton_id, bytes of the blob
_BEAT_NUMBERS: Final = struct.Struct(">ffif")
_FIVE_FLOATS: Final = struct.Struct(">5f")


@dataclass(frozen=True, kw_only=True)
class Beat:
    """Where the music is.

    Attributes:
        phase: part of the beat that has passed, 0 to 1.
        bpm: tempo in beats a minute.
        beat: beats counted since the start; it leaves as ``beat % 2**31``.
        confidence: 0 (a guess) to 1 (sure).
    """

    phase: float
    bpm: float
    beat: int
    confidence: float


@dataclass(frozen=True, kw_only=True)
class AudioLevels:
    """How loud the music is, overall and by band, and how much of an attack there is right now; each about 0 to 1."""

    rms: float
    low: float
    mid: float
    high: float
    onset: float


@dataclass(frozen=True, kw_only=True)
class Latency:
    """How long each stage took for the newest pose, in milliseconds; ``total_ms`` runs from sound to datagram."""

    capture_ms: float
    features_ms: float
    model_ms: float
    send_ms: float
    total_ms: float


@dataclass(frozen=True, kw_only=True)
class Status:
    """What the bridge is doing, in a word, and how many deadlines it missed.

    Words are ``loading``, ``idle``, ``dancing``, ``frozen`` and ``waiting`` (poses stay away); a receiver must bear
    others.
    """

    state: str
    dropped: int


@dataclass(frozen=True, kw_only=True)
class ClockUpdate:
    """Who tells the beat, its tempo in beats a minute, and how sure it is, 0 to 1.

    Names are ``audio``, ``tap``, ``midi`` and ``link``; a receiver must bear others.
    """

    source: str
    bpm: float
    confidence: float


@dataclass(frozen=True, kw_only=True)
class WhyUpdate:
    """Why the figure does not dance, for programs and for people; both empty while it does.

    Reasons are those of `bridge.engine.why.Reason`; a receiver must bear others.
    """

    reason: str
    text: str


class DanceEncoder:
    """Turns pose frames into ``/dance/pose`` and a skeleton into ``/dance/skeleton``.

    Use it from one thread at a time: the bytes of the last frame are its working memory.

    Attributes:
        skeleton: whose bones are sent.
        skeleton_id: checksum of names, parents and rest offsets, 0 to 2**31 - 1; ties poses to their skeleton.

    Example:
        >>> from bridge.wire.receiver import DanceReceiver
        >>> from data.motion.humanoid import default_skeleton
        >>> encoder, receiver = DanceEncoder(default_skeleton()), DanceReceiver()
        >>> standing = np.tile(np.array([0, 0, 0, 1], np.float32), (19, 1))
        >>> (datagram,) = encoder.encode(PoseFrame(7, 1_000_000, np.array([0, 0.87, 0], np.float32), standing))
        >>> for description in encoder.encode_skeleton():
        ...     _ = receiver.receive(description)
        >>> (pose,) = receiver.receive(datagram)
        >>> pose.frame.sequence, receiver.skeleton_of(pose)[0].name
        (7, 'Hips')
    """

    def __init__(self, skeleton: Skeleton) -> None:
        num_bones = len(skeleton.names)
        blob_bytes = 12 + 16 * num_bones
        if len(POSE_HEAD) + _POSE_NUMBERS.size + blob_bytes > MAX_DATAGRAM_BYTES:
            raise ValueError(f"{num_bones} bones do not fit into one datagram of {MAX_DATAGRAM_BYTES} bytes")
        self.skeleton = skeleton
        descriptions = [
            osc_string(name) + struct.pack(">i3f", parent, *(float(metres) for metres in offset))
            for name, parent, offset in zip(skeleton.names, skeleton.parents, skeleton.offsets, strict=True)
        ]
        self.skeleton_id = zlib.crc32(b"".join(descriptions)) % 2**31
        self._skeleton_datagrams = bundles(
            [
                SKELETON_HEAD + struct.pack(">ii", self.skeleton_id, index) + description
                for index, description in enumerate(descriptions)
            ]
        )
        self._blob_bytes = blob_bytes
        self._datagram = bytearray(POSE_HEAD + bytes(_POSE_NUMBERS.size + blob_bytes))
        self._floats = np.frombuffer(self._datagram, ">f4", offset=len(POSE_HEAD) + _POSE_NUMBERS.size)
        self._values = np.zeros(3 + 4 * num_bones, np.float32)

    def encode(self, frame: PoseFrame) -> list[bytes]:
        """The one datagram of a frame.

        Raises:
            ValueError: a number is not finite, or the frame has another number of bones than the skeleton.
        """
        frame.require_sendable(self.skeleton.num_joints)
        values = self._values
        values[:3] = frame.root_position
        values[3:] = frame.rotations.reshape(-1)
        _POSE_NUMBERS.pack_into(
            self._datagram,
            len(POSE_HEAD),
            frame.sequence % SEQUENCE_MODULUS,
            frame.time_us,
            self.skeleton_id,
            self._blob_bytes,
        )
        self._floats[:] = values
        return [bytes(self._datagram)]

    def encode_skeleton(self) -> list[bytes]:
        """The datagrams that describe the skeleton, to be sent at the start and once a second."""
        return self._skeleton_datagrams


def encode_beat(beat: Beat) -> bytes:
    """The datagram ``/dance/beat``."""
    require_finite("/dance/beat", beat.phase, beat.bpm, beat.confidence)
    return BEAT_HEAD + _BEAT_NUMBERS.pack(beat.phase, beat.bpm, beat.beat % 2**31, beat.confidence)


def encode_audio(levels: AudioLevels) -> bytes:
    """The datagram ``/dance/audio``."""
    return AUDIO_HEAD + _five_floats("/dance/audio", levels.rms, levels.low, levels.mid, levels.high, levels.onset)


def encode_latency(latency: Latency) -> bytes:
    """The datagram ``/dance/latency``."""
    return LATENCY_HEAD + _five_floats(
        "/dance/latency",
        latency.capture_ms,
        latency.features_ms,
        latency.model_ms,
        latency.send_ms,
        latency.total_ms,
    )


def encode_status(status: Status) -> bytes:
    """The datagram ``/dance/status``."""
    return STATUS_HEAD + osc_string(status.state) + struct.pack(">i", status.dropped % 2**31)


def encode_why(update: WhyUpdate) -> bytes:
    """The datagram ``/dance/why``; the text becomes one line that fits."""
    line = " ".join(update.text.replace("\0", " ").split())
    return (
        WHY_HEAD + osc_string(update.reason) + osc_string(line.encode(errors="replace")[:1000].decode(errors="ignore"))
    )


def encode_clock(clock: ClockUpdate) -> bytes:
    """The datagram ``/dance/clock``."""
    require_finite("/dance/clock", clock.bpm, clock.confidence)
    return CLOCK_HEAD + osc_string(clock.source) + struct.pack(">ff", clock.bpm, clock.confidence)


def _five_floats(address: str, *values: float) -> bytes:
    require_finite(address, *values)
    return _FIVE_FLOATS.pack(*values)


def require_finite(address: str, *values: float) -> None:
    """Says whether numbers may leave the bridge as float32.

    Raises:
        ValueError: one is NaN, infinite or too large; the message names the address.
    """
    if not all(abs(value) <= _FLOAT32_MAX for value in values):  # false for NaN too
        raise ValueError(f"{address} holds a number that is no finite float32: {values}; it must not leave the bridge")
