"""LISTEN of OSCQuery: over a WebSocket a client gets controls when they change, as OSC packets.

After the OSCQuery proposal: text messages `{"COMMAND": "LISTEN", "DATA": "/dance/control/energy"}` and `IGNORE` come
in, binary messages, an OSC message each, go out. Of WebSockets (RFC 6455) it speaks what that needs.
"""

import base64
import hashlib
import json
import select
import socket
import struct
import time
from collections.abc import Callable
from typing import Final

from pythonosc.osc_message_builder import OscMessageBuilder

from bridge.control.control_schema import CONTROL_SPECS, ControlSpec
from bridge.control.control_state import ControlState

_GUID: Final = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_LOOK_S: Final = 0.05
"""How often values are looked at: a knob that is turned is sent at most twenty times a second, and where it ends."""
_MAX_COMMAND_BYTES: Final = 4096
_PING_S: Final = 20.0
_PATIENCE_S: Final = 5.0  # with a client that takes nothing, or says half a command
_TEXT, _BINARY, _CLOSE, _PING, _PONG = 1, 2, 8, 9, 10
_SPECS: Final = {spec.address: spec for spec in CONTROL_SPECS if spec.kind != "trigger"}


def accept_key(key: str) -> str:
    """What answers a client's `Sec-WebSocket-Key` (RFC 6455, 4.2.2)."""
    return base64.b64encode(hashlib.sha1((key + _GUID).encode(), usedforsecurity=False).digest()).decode()


class ListeningClient:
    """One client that listens. It holds no queue: it gets the value of the moment at which it can take one."""

    def __init__(self, control_state: ControlState, connection: socket.socket) -> None:
        """Prepares.

        Args:
            control_state: Whose controls are sent.
            connection: The client's, after the handshake.
        """
        self._control_state, self._connection = control_state, connection
        self._came = bytearray()
        self._sent: dict[str, object] = {}  # what is listened to, and what the client knows of it

    def serve(self, is_over: Callable[[], bool]) -> None:
        """Tells until the client leaves, breaks the rules, takes nothing for long, or it `is_over`."""
        self._connection.settimeout(_PATIENCE_S)
        heard_s = whole_s = time.monotonic()
        has_pinged = False
        while not is_over():
            if select.select([self._connection], [], [], _LOOK_S)[0]:
                if not (came := self._connection.recv(_MAX_COMMAND_BYTES)):
                    return
                self._came += came
                heard_s, has_pinged = time.monotonic(), False
                if not self._take_all():
                    return
            whole_s = whole_s if self._came else time.monotonic()
            if time.monotonic() - whole_s > _PATIENCE_S:
                return
            silent_s = time.monotonic() - heard_s
            if silent_s > 2 * _PING_S:
                return
            if silent_s > _PING_S and not has_pinged:
                self._send(_PING, b"")
                has_pinged = True
            self._tell()

    def _tell(self) -> None:
        for address, sent in self._sent.items():
            value = self._control_state.value(_SPECS[address].name)
            if value != sent and value is not None:
                self._send(_BINARY, as_osc(_SPECS[address], value))
            self._sent[address] = value

    def _take_all(self) -> bool:
        """Takes the frames that have come whole; whether the client stays."""
        while len(self._came) >= 2:
            first, second = self._came[:2]
            is_whole, kind, size, start = bool(first & 0x80), first & 0x0F, second & 0x7F, 2
            if size >= 126:
                start += 2 if size == 126 else 8
                if len(self._came) < start:
                    return True
                size = int.from_bytes(self._came[2:start], "big")
            if not second & 0x80 or not is_whole or size > _MAX_COMMAND_BYTES:
                self._send(_CLOSE, struct.pack(">H", 1009 if size > _MAX_COMMAND_BYTES else 1002))
                return False
            end = start + 4 + size
            if len(self._came) < end:
                return True
            mask, masked = self._came[start : start + 4], self._came[start + 4 : end]
            body = bytes(byte ^ mask[index % 4] for index, byte in enumerate(masked))
            del self._came[:end]
            if kind == _CLOSE:
                self._send(_CLOSE, body[:2])
                return False
            if kind == _PING:
                self._send(_PONG, body[:125])
            elif kind == _TEXT:
                self._obey(body)
        return True

    def _obey(self, text: bytes) -> None:
        """What is no command that is known changes nothing."""
        try:
            command = json.loads(text)
            name, address = command["COMMAND"], str(command["DATA"])
        except (ValueError, KeyError, TypeError, RecursionError):
            return
        if name == "LISTEN" and address in _SPECS and address not in self._sent:
            self._sent[address] = self._control_state.value(_SPECS[address].name)
        elif name == "IGNORE":
            self._sent.pop(address, None)

    def _send(self, kind: int, body: bytes) -> None:
        head = (
            struct.pack(">BB", 0x80 | kind, len(body))
            if len(body) < 126
            else struct.pack(">BBH", 0x80 | kind, 126, len(body))
        )
        self._connection.sendall(head + body)


def as_osc(spec: ControlSpec, value: float | int | str | bool) -> bytes:
    """The message by which a control would be set to this value."""
    builder = OscMessageBuilder(spec.address)
    number: float | int | str = int(value) if isinstance(value, bool) or spec.type_tag == "i" else value
    builder.add_arg(float(number) if spec.type_tag == "f" else number, spec.type_tag)
    return bytes(builder.build().dgram)
