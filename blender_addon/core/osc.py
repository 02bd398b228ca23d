"""OSC datagrams, read in place with every bound checked, and the small messages that steer the bridge.

Bytes from a network are never trusted: whatever arrives, `read_messages` returns or raises `ValueError`.
"""

import math
import struct
from functools import lru_cache
from typing import Any, NamedTuple

MAX_BUNDLE_DEPTH = 4
_LETTERS = {"i": "i", "f": "f", "h": "q", "d": "d"}
_CONSTANTS: dict[str, Any] = {"T": True, "F": False, "N": None, "I": math.inf}


class Message(NamedTuple):
    """One OSC message.

    Attributes:
        address: Where it goes, with its leading slash.
        tags: Types of its arguments, without the comma.
        arguments: int for `i` and `h`, float for `f` and `d`, str for `s`, bytes for `b`.
    """

    address: str
    tags: str
    arguments: tuple[Any, ...]


def read_messages(datagram: bytes) -> list[Message]:
    """All messages of a datagram, those of bundles in their order; timetags are ignored.

    Raises:
        ValueError: The bytes are not OSC 1.0; nothing of such a datagram may be used.

    Example:
        >>> datagram = write_message("/dance/control/energy", "f", 0.75)
        >>> read_messages(datagram)
        [Message(address='/dance/control/energy', tags='f', arguments=(0.75,))]
    """
    messages: list[Message] = []
    _read_packet(datagram, 0, len(datagram), messages, 0)
    return messages


def read_as(message: Message, tags: str, *, more: bool = False) -> tuple[Any, ...]:
    """The arguments as these types, whatever kind of number the sender chose; every float is finite.

    Many senders have one kind of number: JavaScript writes 1.0 as the integer 1, Pure Data writes 1 as the float 1.0.

    Args:
        message: Whose arguments are wanted.
        tags: Their types; any number is read as `f`, any whole one as `i` or `h`.
        more: Whether further arguments may follow; they are left out.

    Raises:
        ValueError: An argument is missing, too many, not finite, or cannot be read as its type.
    """
    told = message.tags[: len(tags)] if more else message.tags
    values = list(message.arguments[: len(tags)])
    if told != tags:
        fits = len(told) == len(tags)
        for index, (wanted, tag) in enumerate(zip(tags, told, strict=False)):
            if wanted == tag:
                continue
            is_number = wanted in "fih" and tag in _LETTERS
            fits = fits and is_number and (wanted == "f" or float(values[index]).is_integer())
            if fits:
                values[index] = float(values[index]) if wanted == "f" else int(values[index])
        if not fits:
            raise ValueError(f"{message.address} has arguments ,{message.tags[:20]}; expected ,{tags}")
    if not all(math.isfinite(value) for value in values if isinstance(value, float)):
        raise ValueError(f"{message.address} holds NaN or infinity")
    return tuple(values)


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


def _read_packet(data: bytes, start: int, end: int, messages: list[Message], depth: int) -> None:
    size = end - start
    if size <= 0 or size % 4:
        raise ValueError(f"an OSC packet of {size} bytes is not a positive multiple of four")
    if data[start] == 47:  # "/"
        messages.append(_read_message(data, start, end))
        return
    if not data.startswith(b"#bundle\0", start, end):
        raise ValueError(f"neither an address nor a bundle: {data[start : start + 8]!r}")
    if depth == MAX_BUNDLE_DEPTH:
        raise ValueError(f"bundles within bundles, more than {MAX_BUNDLE_DEPTH} deep")
    position = start + 16
    if position > end:
        raise ValueError("the bundle ends before its timetag does")
    while position < end:
        element = int.from_bytes(data[position : position + 4], "big", signed=True)
        position += 4
        if not 0 < element <= end - position:
            raise ValueError(f"a bundle element claims {element} bytes of the {end - position} that are left")
        _read_packet(data, position, position + element, messages, depth + 1)
        position += element


def _read_message(data: bytes, start: int, end: int) -> Message:
    address, position = _read_string(data, start, end)
    tags, position = _read_string(data, position, end)
    if not tags.startswith(","):
        raise ValueError(f"{address[:40]}: the type tags {tags[:20]!r} do not start with a comma")
    arguments: list[Any] = []
    tags = tags[1:]
    index = 0
    while index < len(tags):
        tag = tags[index]
        if tag in _LETTERS:
            run = index + 1
            while run < len(tags) and tags[run] in _LETTERS:
                run += 1
            numbers = _numbers(tags[index:run])
            if position + numbers.size > end:
                raise ValueError(f"{address[:40]}: the message ends within its arguments ,{tags[:20]}")
            arguments.extend(numbers.unpack_from(data, position))
            position += numbers.size
            index = run
            continue
        if tag in "sS":
            text, position = _read_string(data, position, end)
            arguments.append(text)
        elif tag == "b":
            size = int.from_bytes(data[position : position + 4], "big", signed=True)
            position += 4
            if not 0 <= size <= end - position:
                raise ValueError(f"{address[:40]}: a blob claims {size} bytes of the {end - position} that are left")
            arguments.append(data[position : position + size])
            position += size + -size % 4
        elif tag in _CONSTANTS:
            arguments.append(_CONSTANTS[tag])
        else:
            raise ValueError(f"{address[:40]}: unknown type tag {tag!r}")
        index += 1
    if position != end:
        raise ValueError(f"{address[:40]}: its arguments end {end - position} bytes before the message does")
    return Message(address, tags, tuple(arguments))


@lru_cache(maxsize=256)
def _numbers(tags: str) -> struct.Struct:
    """The layout of a run of numbers; the cache is bounded, since tags come from the network."""
    return struct.Struct(">" + "".join(_LETTERS[tag] for tag in tags))


def _read_string(data: bytes, start: int, end: int) -> tuple[str, int]:
    """The string at a position and where it ends; bytes that are not UTF-8 are a `ValueError` by themselves."""
    stop = data.find(b"\0", start, end)
    if stop < 0:
        raise ValueError("a string has no end")
    return data[start:stop].decode(), start + (stop - start) // 4 * 4 + 4
