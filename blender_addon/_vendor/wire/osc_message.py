"""OSC datagrams, taken apart in plain Python with every bound checked.

Bytes from a network are never trusted: whatever arrives, ``parse_datagram`` returns or raises ``ValueError``.
"""

import math
import struct
from dataclasses import dataclass, field
from typing import Any, Final

_MAX_BUNDLE_DEPTH: Final = 4
_MAX_SHOWN: Final = 120
_NUMBERS: Final = {
    "i": struct.Struct(">i"),
    "f": struct.Struct(">f"),
    "h": struct.Struct(">q"),
    "d": struct.Struct(">d"),
}
_CONSTANTS: Final = {"T": True, "F": False, "N": None, "I": math.inf}


@dataclass(frozen=True)
class OscMessage:
    """One OSC message, taken apart.

    Attributes:
        address: where it goes, with its leading slash.
        type_tags: the types of its arguments, without the comma.
        arguments: int for ``i`` and ``h``, float for ``f`` and ``d``, str for ``s``, bytes for ``b``.
        raw: the bytes that it was, for whoever passes it on untouched.
    """

    address: str
    type_tags: str
    arguments: tuple[Any, ...]
    raw: bytes = field(default=b"", repr=False, compare=False)

    def require(self, type_tags: str) -> "OscMessage":
        """The message itself, whose arguments are now known to be of these types.

        Raises:
            ValueError: they are not.
        """
        if self.type_tags != type_tags:
            raise ValueError(f"{self.address} has arguments ,{self.type_tags}; expected ,{type_tags}")
        return self

    def read_as(self, type_tags: str, *, more: bool = False) -> tuple[Any, ...]:
        """The arguments as these types, whatever kind of number the sender chose.

        Many senders have one kind of number: JavaScript writes 1.0 as the integer 1, Pure Data writes 1 as the float
        1.0. So any number is a float, and any whole number an integer.

        Args:
            type_tags: the types that are wanted, of ``f``, ``i``, ``h`` and others, which must be as they are.
            more: whether further arguments may follow; they are left out.

        Raises:
            ValueError: an argument is missing, too many, or cannot be read as its type.

        Example:
            >>> OscMessage("/VMC/Ext/Blend/Val", "si", ("Joy", 1)).read_as("sf")
            ('Joy', 1.0)
        """
        tags = self.type_tags[: len(type_tags)] if more else self.type_tags
        if tags == type_tags:
            return self.arguments[: len(tags)]
        if len(tags) != len(type_tags):
            raise ValueError(f"{self.address} has arguments ,{self.type_tags}; expected ,{type_tags}")
        values = []
        for wanted, tag, value in zip(type_tags, tags, self.arguments, strict=False):
            if wanted == "f" and tag in _NUMBERS:
                values.append(float(value))
            elif wanted in "ih" and tag in _NUMBERS and float(value).is_integer():
                values.append(int(value))
            elif wanted == tag:
                values.append(value)
            else:
                raise ValueError(f"{self.address} has arguments ,{self.type_tags}; expected ,{type_tags}")
        return tuple(values)


def parse_datagram(datagram: bytes) -> list[OscMessage]:
    """All messages of an OSC datagram, those of bundles in their order; timetags are ignored.

    Raises:
        ValueError: the bytes are not OSC 1.0; nothing of such a datagram may be used.

    Example:
        >>> from bridge.wire.dance_protocol import Beat, encode_beat
        >>> (message,) = parse_datagram(encode_beat(Beat(phase=0.5, bpm=120.0, beat=7, confidence=1.0)))
        >>> message.address, message.require("ffif").arguments
        ('/dance/beat', (0.5, 120.0, 7, 1.0))
    """
    messages: list[OscMessage] = []
    _parse_packet(datagram, messages, 0)
    return messages


def _parse_packet(packet: bytes, messages: list[OscMessage], depth: int) -> None:
    if len(packet) % 4 or not packet:
        raise ValueError(f"an OSC packet of {len(packet)} bytes is not a positive multiple of four")
    if not packet.startswith(b"#bundle\0"):
        messages.append(_parse_message(packet))
        return
    if depth == _MAX_BUNDLE_DEPTH:
        raise ValueError(f"bundles within bundles, more than {_MAX_BUNDLE_DEPTH} deep")
    if len(packet) < 16:
        raise ValueError("the bundle ends before its timetag does")
    position = 16
    while position < len(packet):
        size = int.from_bytes(packet[position : position + 4], "big", signed=True)
        position += 4
        if not 0 < size <= len(packet) - position:
            raise ValueError(f"a bundle element claims {size} bytes of the {len(packet) - position} that are left")
        _parse_packet(packet[position : position + size], messages, depth + 1)
        position += size


def _parse_message(packet: bytes) -> OscMessage:
    if not packet.startswith(b"/"):
        raise ValueError(f"the address {packet[:20]!r} does not start with a slash")
    address, position = _parse_string(packet, 0)
    tags, position = _parse_string(packet, position)
    if not tags.startswith(","):
        raise ValueError(f"{address}: the type tags {tags!r} do not start with a comma")
    arguments: list[Any] = []
    for tag in tags[1:]:
        value: Any
        if tag in _NUMBERS:
            number = _NUMBERS[tag]
            if position + number.size > len(packet):
                raise ValueError(f"{address}: the message ends within an argument of type {tag}")
            (value,) = number.unpack_from(packet, position)
            position += number.size
        elif tag in "sS":
            value, position = _parse_string(packet, position)
        elif tag == "b":
            size = int.from_bytes(packet[position : position + 4], "big", signed=True)
            position += 4
            if not 0 <= size <= len(packet) - position:
                raise ValueError(f"{address}: a blob claims {size} bytes of the {len(packet) - position} that are left")
            value = packet[position : position + size]
            position += size + -size % 4
        elif tag in _CONSTANTS:
            value = _CONSTANTS[tag]
        else:
            raise ValueError(f"{address}: unknown type tag {tag!r}")
        arguments.append(value)
    if position != len(packet):
        raise ValueError(f"{address}: {len(packet) - position} bytes after the last argument")
    return OscMessage(address, tags[1:], tuple(arguments), packet)


def _parse_string(packet: bytes, position: int) -> tuple[str, int]:
    """The string at a position and where it ends; bytes that are not UTF-8 are a ``ValueError`` by themselves."""
    end = packet.find(b"\0", position)
    if end < 0:
        raise ValueError("a string has no end")
    return packet[position:end].decode(), end + 4 - (end - position) % 4


def excerpt(text: str, max_letters: int = _MAX_SHOWN) -> str:
    """Text from a network on one line that no terminal takes for a command, cut to a length that can be read."""
    clean = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[: max_letters + 1]
    )
    return clean if len(clean) <= max_letters else clean[: max_letters - 1] + "…"
