"""OSC datagrams whose bytes are made once and whose numbers are filled in a frame at a time.

An OSC message is an address, a string of type tags and the arguments, each padded to four bytes (Open Sound Control
1.0 specification, https://opensoundcontrol.stanford.edu/spec-1_0.html). In a pose stream only the floats change from
frame to frame. Building messages argument by argument costs hundreds of microseconds of the interpreter lock a
frame; filling a template is one vectorised big-endian copy.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

MAX_DATAGRAM_BYTES: Final = 1472
"""What one unfragmented UDP datagram carries over Ethernet: 1500 less the IPv4 and UDP headers."""

BUNDLE_HEAD: Final = b"#bundle\0" + struct.pack(">Q", 1)
"""Start of a bundle with the timetag *immediately*: a tag in the future makes some receivers sleep."""


def osc_string(text: str) -> bytes:
    """The OSC form of a string: UTF-8, ended by a zero, padded with zeros to a multiple of four bytes."""
    encoded = text.encode()
    if b"\0" in encoded:
        raise ValueError(f"an OSC string cannot hold a zero byte: {text!r}")
    return encoded + b"\0" * (4 - len(encoded) % 4)


def message_head(address: str, type_tags: str) -> bytes:
    """The constant start of a message: its address and its type tags (without the comma)."""
    return osc_string(address) + osc_string("," + type_tags)


def bundle(messages: Sequence[bytes]) -> bytes:
    """One bundle of whole messages, to be acted on immediately."""
    return BUNDLE_HEAD + b"".join(struct.pack(">i", len(message)) + message for message in messages)


def bundles(messages: Sequence[bytes], max_bytes: int = MAX_DATAGRAM_BYTES) -> list[bytes]:
    """The fewest bundles of at most ``max_bytes`` that carry whole ``messages`` in their order."""
    return [bundle(messages[start:stop]) for start, stop in _split([len(message) for message in messages], max_bytes)]


def unbundled(datagrams: Iterable[bytes]) -> list[bytes]:
    """The messages of bundles of ours, for receivers that cannot read bundles."""
    messages = []
    for datagram in datagrams:
        position = len(BUNDLE_HEAD)
        while position < len(datagram):
            (size,) = struct.unpack_from(">i", datagram, position)
            messages.append(datagram[position + 4 : position + 4 + size])
            position += 4 + size
    return messages


@dataclass(frozen=True)
class MessageTemplate:
    """One OSC message that ends in ``num_floats`` blank floats.

    Attributes:
        head: everything before the floats: address, type tags, fixed arguments.
        num_floats: how many float32 follow.
    """

    head: bytes
    num_floats: int


class BundleTemplate:
    """One bundle whose blank floats are filled frame by frame.

    ``fill`` writes into one buffer that belongs to the template: one thread at a time.

    Attributes:
        num_floats: how many values ``fill`` takes.
    """

    def __init__(self, messages: Sequence[MessageTemplate]) -> None:
        datagram = bytearray(BUNDLE_HEAD)
        slots: list[int] = []  # in words of four bytes: everything in OSC is aligned to them
        for message in messages:
            assert len(message.head) % 4 == 0, message.head
            datagram += struct.pack(">i", len(message.head) + 4 * message.num_floats) + message.head
            slots += range(len(datagram) // 4, len(datagram) // 4 + message.num_floats)
            datagram += bytes(4 * message.num_floats)
        self.num_floats = len(slots)
        self._words = np.frombuffer(datagram, dtype=">f4")
        self._slots = np.asarray(slots, dtype=np.intp)

    def fill(self, values: NDArray[np.float32]) -> bytes:
        """The datagram that carries ``values``, float32 (num_floats,), in the order of the messages."""
        assert values.shape == (self.num_floats,), (values.shape, self.num_floats)
        self._words[self._slots] = values
        return self._words.tobytes()


def bundle_templates(messages: Sequence[MessageTemplate], max_bytes: int = MAX_DATAGRAM_BYTES) -> list[BundleTemplate]:
    """The fewest bundle templates of at most ``max_bytes`` that carry whole ``messages`` in their order."""
    sizes = [len(message.head) + 4 * message.num_floats for message in messages]
    return [BundleTemplate(messages[start:stop]) for start, stop in _split(sizes, max_bytes)]


def _split(message_bytes: Sequence[int], max_bytes: int) -> list[tuple[int, int]]:
    """Ranges of messages that fit into one bundle each, filled greedily."""
    ranges = []
    start, used = 0, len(BUNDLE_HEAD)
    for index, size in enumerate(message_bytes):
        if len(BUNDLE_HEAD) + 4 + size > max_bytes:
            raise ValueError(f"an OSC message of {size} bytes does not fit into a datagram of {max_bytes}")
        if used + 4 + size > max_bytes:
            ranges.append((start, index))
            start, used = index, len(BUNDLE_HEAD)
        used += 4 + size
    if start < len(message_bytes):
        ranges.append((start, len(message_bytes)))
    return ranges
