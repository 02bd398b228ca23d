"""OSC datagrams, read by the bridge's own reader, and the small messages that steer the bridge."""

import math
import struct
from typing import Any, Final

from .._vendor.wire.osc_message import OscMessage as Message
from .._vendor.wire.osc_message import parse_datagram

__all__ = ["Message", "read_as", "read_messages", "write_message"]

_LETTERS: Final = {"i": "i", "f": "f", "h": "q"}


def read_messages(datagram: bytes) -> list[Message]:
    """All messages of a datagram, those of bundles in their order; timetags are ignored.

    Raises:
        ValueError: The bytes are not OSC 1.0; nothing of such a datagram may be used.

    Example:
        >>> datagram = write_message("/dance/control/energy", "f", 0.75)
        >>> read_messages(datagram)
        [OscMessage(address='/dance/control/energy', type_tags='f', arguments=(0.75,))]
    """
    return parse_datagram(datagram)


def read_as(message: Message, tags: str, *, more: bool = False) -> tuple[Any, ...]:
    """The arguments as these types, whatever kind of number the sender chose; every float is finite.

    Args:
        message: Whose arguments are wanted.
        tags: Their types; any number is read as `f`, any whole one as `i` or `h`.
        more: Whether further arguments may follow; they are left out.

    Raises:
        ValueError: An argument is missing, too many, not finite, or cannot be read as its type.
    """
    values = message.read_as(tags, more=more)
    if not all(math.isfinite(value) for value in values if isinstance(value, float)):
        raise ValueError(f"{message.address} holds NaN or infinity")
    return values


def write_message(address: str, tags: str, *arguments: float | str) -> bytes:
    """A message of the types `f`, `i`, `h` and `s`."""
    parts = [_string(address), _string("," + tags)]
    for tag, argument in zip(tags, arguments, strict=True):
        if tag == "s":
            parts.append(_string(str(argument)))
        else:
            parts.append(struct.pack(">" + _LETTERS[tag], argument))
    return b"".join(parts)


def _string(text: str) -> bytes:
    encoded = text.encode()
    return encoded + bytes(4 - len(encoded) % 4)
