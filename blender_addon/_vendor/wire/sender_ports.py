"""Who sends: a host, whose ports may change with every datagram, unless two figures come from one host at a time.

Many programs open a socket for each datagram, so each comes from a port of its own; others have one for the body and
one for the hands. Both are one sender. Two programs that each send the same bones again and again are two: the first
that is heard is the sender until it has been silent for a second.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

SILENCE_S: Final = 1.0
"""Who has sent nothing for so long has lost what was its own."""
STEADY: Final = 3
STEADY_DANCE: Final = 2
"""So often is no chance: systems give out ports at random, and so one twice now and then. A bridge keeps its port."""
_REMEMBERED: Final = 16
_MAX_STRANGERS: Final = 8
_MAX_RIVALS: Final = 8
_MAX_UNITS: Final = 64


def unit(address: str, name: object = None) -> str:
    """What can come from one port only at a time; empty for what anybody may add, such as a face.

    Args:
        address: Of the message.
        name: Its first argument.

    Example:
        >>> unit("/VMC/Ext/Bone/Pos", "Hips"), unit("/VMC/Ext/T", 0.5), unit("/VMC/Ext/Blend/Val", "Joy")
        ('Hips', '/VMC/Ext/T', '')
    """
    if address == "/VMC/Ext/Bone/Pos":
        return str(name)[:32]
    if address in ("/VMC/Ext/T", "/VMC/Ext/Root/Pos"):
        return address
    return "/dance/" if address.startswith("/dance/") and address != "/dance/pong" else ""


@dataclass
class _Owner:
    """Which port a unit comes from."""

    port: int
    heard_s: float
    steady: int
    is_steady: bool = False
    num_strangers: int = 0
    recent: deque[int] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    def repeats(self, port: int) -> bool:
        return self.recent.count(port) >= self.steady

    def takes(self, port: int, now_s: float) -> bool:
        self.recent.append(port)
        repeats = self.repeats(port)
        if port != self.port:
            is_held = self.is_steady and now_s - self.heard_s < SILENCE_S
            if is_held and (repeats or self.num_strangers < _MAX_STRANGERS):
                self.num_strangers += 1
                return False
            self.port, self.is_steady = port, False
        self.is_steady |= repeats
        self.num_strangers = 0
        self.heard_s = now_s
        return True


class SenderPorts:
    """Tells the datagrams of the sender at one host from those of a second one there. Its size has a limit.

    Example: a sender that opens a socket for every datagram, and two senders that keep theirs:
        >>> changing = SenderPorts()
        >>> all(changing.takes(50_000 + index, ["Hips"], index / 60) for index in range(100))
        True
        >>> two = SenderPorts()
        >>> taken = [two.takes(50_000 + index % 2, ["Hips"], index / 60) for index in range(100)]
        >>> taken[-4:]
        [True, False, True, False]
    """

    def __init__(self) -> None:
        self._owners: dict[str, _Owner] = {}
        self._rivals: dict[int, str] = {}
        self._first_port: int | None = None
        self._changes = False

    @property
    def changes(self) -> bool:
        """Whether the sender sends from more than one port."""
        return self._changes and self.port is None

    @property
    def port(self) -> int | None:
        """The port from which the sender sends; None while it is not one alone."""
        steady = {owner.port if owner.is_steady else None for owner in self._owners.values()}
        if len(steady) == 1 and None not in steady:
            return steady.pop()
        return None if self._changes else self._first_port

    def takes(self, port: int, units: Iterable[str], now_s: float) -> bool:
        """Whether a datagram from a port belongs to the sender; who is refused is so whole, with bones of its own.

        Args:
            port: From which it came.
            units: `unit` of each of its messages.
            now_s: When, on a monotonic clock.
        """
        if (rival_of := self._owners.get(self._rivals.get(port, ""))) is not None:
            if rival_of.port != port and now_s - rival_of.heard_s < SILENCE_S:
                return False
            del self._rivals[port]
        is_taken = True
        for name in dict.fromkeys(filter(None, units)):
            owner = self._owners.get(name)
            if owner is None:
                if len(self._owners) == _MAX_UNITS:  # forged names fill nothing
                    continue
                owner = self._owners[name] = _Owner(port, now_s, STEADY_DANCE if name == "/dance/" else STEADY)
            if owner.takes(port, now_s):
                continue
            is_taken = False
            if not name.startswith("/VMC/") and owner.repeats(port):
                self._rivals = {**dict(list(self._rivals.items())[1 - _MAX_RIVALS :]), port: name}
                break
        if is_taken:
            self._first_port = port if self._first_port is None else self._first_port
            self._changes |= port != self._first_port
        return is_taken
