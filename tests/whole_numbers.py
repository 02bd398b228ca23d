"""Senders that have one kind of number: JavaScript's OSC libraries write 1.0 as an integer, Pure Data 1 as a float."""

import struct
from collections.abc import Callable

from bridge.wire.osc_message import parse_datagram
from bridge.wire.osc_template import bundle, message_head, osc_string


def as_javascript_writes(datagram: bytes) -> bytes:
    """The same datagram, in which every float that is whole is an integer, as osc.js and node-osc write it."""
    return _rewritten(datagram, lambda tag, value: "i" if tag == "f" and float(value).is_integer() else tag)


def as_pure_data_writes(datagram: bytes) -> bytes:
    """The same datagram, in which every integer is a float."""
    return _rewritten(datagram, lambda tag, _: "f" if tag == "i" else tag)


def as_doubles(datagram: bytes) -> bytes:
    """The same datagram, in which every float is a double."""
    return _rewritten(datagram, lambda tag, _: "d" if tag == "f" else tag)


def as_vrm_names(datagram: bytes) -> bytes:
    """The same datagram, in which bones are written as in VRM files: leftUpperArm."""
    return _rewritten(datagram, lambda tag, _: tag, lambda name: name[0].lower() + name[1:])


def _rewritten(
    datagram: bytes, tag_of: Callable[[str, float], str], name_of: Callable[[str], str] = lambda name: name
) -> bytes:
    messages = []
    for message in parse_datagram(datagram):
        tags = "".join(map(tag_of, message.type_tags, message.arguments))
        parts = [message_head(message.address, tags)]
        for tag, value in zip(tags, message.arguments, strict=True):
            if tag == "s":
                parts.append(osc_string(name_of(value)))
            else:
                parts.append(struct.pack(">" + tag.replace("h", "q"), int(value) if tag in "ih" else value))
        messages.append(b"".join(parts))
    return bundle(messages) if datagram.startswith(b"#bundle") else messages[0]
