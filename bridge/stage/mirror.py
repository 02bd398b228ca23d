"""The mirror: receives the bridge's telemetry, and puts it into the viewers' mailboxes."""

import asyncio
import struct
from typing import Final

from bridge.stage.mailbox import Key, Mailbox, messages_by_key
from bridge.wire.osc_message import parse_datagram
from bridge.wire.osc_template import message_head

VIEWERS_HEAD: Final = message_head("/dance/viewers", "i")
MAX_VIEWERS: Final = 32


class Mirror(asyncio.DatagramProtocol):
    """One UDP port in, any number of mailboxes out."""

    def __init__(self) -> None:
        self._latest: dict[Key, bytes] = {}
        self._mailboxes: set[Mailbox] = set()

    @property
    def num_viewers(self) -> int:
        """Who watches now."""
        return len(self._mailboxes)

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another viewer."""
        return self.num_viewers >= MAX_VIEWERS

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Hands on what is new, and not what repeats the message before, word for word."""
        try:
            messages = messages_by_key(data)
        except (ValueError, IndexError):  # no OSC, or none of ours: dropped silently
            return
        for key, message in messages.items():
            if self._latest.get(key) != message:
                self._put(key, message)

    def error_received(self, exc: Exception) -> None:
        """Nothing: the socket goes on."""

    def open_take(self) -> str:
        """Name of the take that the bridge records, as it said last; empty for none."""
        message = self._latest.get(("/dance/take",))
        return "" if message is None else str(parse_datagram(message)[0].arguments[0])

    def join(self, mailbox: Mailbox) -> None:
        """Lets a viewer watch, who gets at once all that is known."""
        for key, message in self._latest.items():
            mailbox.put(key, message)
        self._mailboxes.add(mailbox)
        self._count()

    def leave(self, mailbox: Mailbox) -> None:
        """Lets a viewer go."""
        self._mailboxes.discard(mailbox)
        self._count()

    def _count(self) -> None:
        self._put(("/dance/viewers",), VIEWERS_HEAD + struct.pack(">i", self.num_viewers))

    def _put(self, key: Key, message: bytes) -> None:
        self._latest[key] = message
        for mailbox in self._mailboxes:
            mailbox.put(key, message)
