"""VMC from others: what a performer passes on to its avatars, and what avatars ask of a performer.

A face tracker sends blend shapes to the bridge, and the avatar gets face and dance from one sender. What is passed on
leaves exactly as it came, byte for byte, but only when it is whole: some receivers stop for good at one bad message.
Only numbers of another kind than the protocol's, such as the integer 1 for a weight, leave as the kind that it has:
many receivers pass over them otherwise.
"""

import math
import struct
from collections import deque
from dataclasses import dataclass
from typing import Any, Final

from bridge.wire.osc_message import OscMessage
from bridge.wire.osc_template import MAX_DATAGRAM_BYTES, bundle, message_head, osc_string

_TRANSFORM: Final = "sfffffff"
PASSED_ON: Final[dict[str, str]] = {
    "/VMC/Ext/Blend/Val": "sf",
    "/VMC/Ext/Blend/Apply": "",
    **{f"/VMC/Ext/{kind}/Pos": _TRANSFORM for kind in ("Hmd", "Con", "Tra")},
    **{f"/VMC/Ext/{kind}/Pos/Local": _TRANSFORM for kind in ("Hmd", "Con", "Tra")},
    "/VMC/Ext/Cam": _TRANSFORM + "f",
    "/VMC/Ext/Light": _TRANSFORM + "ffff",
}
"""Addresses that are passed on, and the types of their arguments. `/VMC/Thru/...` is passed on beside them."""

_THRU: Final = "/VMC/Thru/"
_THRU_TYPES: Final = ("s", "sf", "si")
_MAX_MESSAGES: Final = 512
_MAX_HOSTS: Final = 16
_MAX_MESSAGE_BYTES: Final = MAX_DATAGRAM_BYTES - len(bundle([b""]))
_REQUEST_PERIOD_S: Final = 1.0


@dataclass(frozen=True, kw_only=True)
class SetPeriod:
    """How often an avatar wants what: each kind in every so many frames."""

    status: int
    root: int
    bone: int
    blend_shape: int
    camera: int
    devices: int


class VmcRelay:
    """What waits to be passed on, and what was asked.

    One thread calls `receive`; the sender thread takes from `messages` and `requests` and reads `periods`.

    Attributes:
        messages: Whole OSC messages, oldest first; the oldest make room when nobody takes them.
        periods: The requests of each host; replaced when one comes, never changed.
        requests: Hosts that want now what is sent seldom; it is answered once a second at most, since it costs time.
        num_dropped: Messages that had to make room.
    """

    def __init__(self) -> None:
        self.messages: deque[bytes] = deque(maxlen=_MAX_MESSAGES)
        self.periods: dict[str, SetPeriod] = {}
        self.requests: deque[str] = deque(maxlen=_MAX_HOSTS)
        self.num_dropped = 0
        self._next_request_s: dict[str, float] = {}

    def receive(self, message: OscMessage, host: str, now_s: float) -> bool:
        """Takes a message in; whether it was one that a performer understands.

        Raises:
            ValueError: It is one, but too long or with wrong types or numbers; nothing of it is passed on.
        """
        if message.address == "/VMC/Ext/Set/Period":
            self._set_period(message, host)
        elif message.address == "/VMC/Ext/Set/Req":
            self._request(host, now_s)
        elif message.address in PASSED_ON or message.address.startswith(_THRU):
            raw = message.raw
            if (types := PASSED_ON.get(message.address)) is not None:
                values = message.read_as(types)
                raw = raw if message.type_tags == types else _encoded(message.address, types, values)
            elif message.type_tags not in _THRU_TYPES:
                raise ValueError(f"{message.address} has arguments ,{message.type_tags}; expected ,{_THRU_TYPES[0]}")
            if not all(math.isfinite(value) for value in message.arguments if isinstance(value, float)):
                raise ValueError(f"{message.address} holds NaN or infinity")
            if len(raw) > _MAX_MESSAGE_BYTES:
                raise ValueError(f"{message.address} has {len(raw)} bytes; at most {_MAX_MESSAGE_BYTES} are passed on")
            self.num_dropped += len(self.messages) == _MAX_MESSAGES
            self.messages.append(raw)
        else:
            return False
        return True

    def _request(self, host: str, now_s: float) -> None:
        """Notes that a host asks, if it has not asked a moment ago."""
        if now_s < self._next_request_s.get(host, -math.inf):
            return
        waiting = {name: time_s for name, time_s in self._next_request_s.items() if time_s > now_s}
        self._next_request_s = {**dict(list(waiting.items())[-_MAX_HOSTS + 1 :]), host: now_s + _REQUEST_PERIOD_S}
        self.requests.append(host)

    def _set_period(self, message: OscMessage, host: str) -> None:
        numbers = message.read_as("iiiiii")
        if min(numbers) < 1 or max(numbers) > 1000:
            raise ValueError(f"/VMC/Ext/Set/Period takes 1 to 1000 frames, not {numbers}")
        status, root, bone, blend_shape, camera, devices = numbers
        requests = SetPeriod(
            status=status, root=root, bone=bone, blend_shape=blend_shape, camera=camera, devices=devices
        )
        others = {name: period for name, period in self.periods.items() if name != host}
        self.periods = {**dict(list(others.items())[-_MAX_HOSTS + 1 :]), host: requests}


def _encoded(address: str, types: str, values: tuple[Any, ...]) -> bytes:
    """A message of strings and floats.

    Raises:
        ValueError: A number is beyond the range of a float.
    """
    try:
        parts = [
            osc_string(value) if tag == "s" else struct.pack(">f", value)
            for tag, value in zip(types, values, strict=True)
        ]
    except OverflowError as error:
        raise ValueError(f"{address} holds a number beyond the range of a float") from error
    return message_head(address, types) + b"".join(parts)
