"""Mailboxes: what waits for a viewer, the newest of each kind, so that nobody who is slow holds up anybody."""

import asyncio
from typing import Final

from bridge.wire.osc_message import parse_datagram
from bridge.wire.osc_template import BUNDLE_HEAD, bundle

Key = tuple[object, ...]
_WITH_INDEX: Final = {"/dance/skeleton": 1, "/dance/target": 0}
"""Messages of which there are several: which argument tells them apart."""


def messages_by_key(datagram: bytes) -> dict[Key, bytes]:
    """The messages of a datagram, each under what it updates: its address, and its index where it has one.

    Raises:
        ValueError: It is no OSC.
    """
    if not datagram.startswith(BUNDLE_HEAD):
        address = datagram.partition(b"\0")[0].decode()
        if address == "/dance/pose":  # comes too often to be taken apart; viewers look closely anyway
            return {(address,): datagram}
    keyed: dict[Key, bytes] = {}
    for message in parse_datagram(datagram):
        index = _WITH_INDEX.get(message.address)
        key = (message.address,) if index is None else (message.address, message.arguments[index])
        keyed[key] = message.raw
    return keyed


class Mailbox:
    """What one viewer has not been sent yet. It holds one update of each kind, so it cannot grow."""

    def __init__(self) -> None:
        self._waiting: dict[Key, bytes] = {}
        self._filled = asyncio.Event()

    def put(self, key: Key, message: bytes) -> None:
        """Lets a message wait; one of the same kind that still waits is dropped."""
        self._waiting[key] = message
        self._filled.set()

    async def take(self) -> bytes:
        """Waits for updates, and returns all there is as one OSC packet."""
        await self._filled.wait()
        self._filled.clear()
        messages = list(self._waiting.values())
        self._waiting.clear()
        return messages[0] if len(messages) == 1 else bundle(messages)
