"""The door of a server: so many clients at a time, and whoever holds most of them makes room for others.

A connection costs a descriptor, and here and there a thread, before anything has been asked over it. So a client owes
its request: in time, and sooner when there is no room left.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

_TOLD_AGAIN_S: Final = 60.0


@dataclass(eq=False)
class Guest:
    """A client that was let in.

    Attributes:
        host: Where it is.
        hang_up: Closes its connection; must not wait.
        since_s: When it came, or was last answered, on the monotonic clock.
        owes_request: Whether nothing that it asked is being answered.
    """

    host: str
    hang_up: Callable[[], None]
    since_s: float = field(default_factory=time.monotonic)
    owes_request: bool = True


class ClientLimit:
    """Who is in. Any thread may call.

    When it is full, the oldest that owe a request go, those of the host with most of these first. Where all are being
    answered, the host with the most loses its oldest, unless it is the newcomer's own, or has hardly more.
    """

    def __init__(self, name: str, max_guests: int, tell: Callable[[str], None]) -> None:
        """Nobody is in.

        Args:
            name: Of what is served, for the operator.
            max_guests: How many may be in.
            tell: Told once a minute for each host whose clients had to make room.
        """
        self._name = name
        self._max_guests = max_guests
        self._tell = tell
        self._guests: dict[Guest, None] = {}  # the oldest first
        self._told_s: dict[str, float] = {}
        self._lock = threading.Lock()

    def enter(self, host: str, hang_up: Callable[[], None]) -> Guest | None:
        """Lets a client in, for whom another may have to go; None if it must stay out."""
        guest = Guest(host, hang_up)
        with self._lock:
            gone = None
            if len(self._guests) >= self._max_guests:
                gone = self._who_goes(host)
                self._say(host if gone is None else gone.host)
                if gone is None:
                    return None
                del self._guests[gone]
            self._guests[guest] = None
        if gone is not None:
            gone.hang_up()
        return guest

    def answers(self, guest: Guest) -> None:
        """Its request has come whole."""
        guest.owes_request = False

    def has_answered(self, guest: Guest) -> None:
        """It owes another one."""
        with self._lock:
            guest.since_s, guest.owes_request = time.monotonic(), True

    def leave(self, guest: Guest) -> None:
        """It has gone; may be called twice."""
        with self._lock:
            self._guests.pop(guest, None)

    def hang_up_on_late(self, patience_s: float) -> None:
        """Hangs up on all that have owed their request for longer."""
        latest_s = time.monotonic() - patience_s
        with self._lock:
            late = [guest for guest in self._guests if guest.owes_request and guest.since_s < latest_s]
            for guest in late:
                del self._guests[guest]
        for guest in late:
            guest.hang_up()

    def _who_goes(self, newcomer: str) -> Guest | None:
        owing = Counter(guest.host for guest in self._guests if guest.owes_request)
        if owing:
            owing[newcomer] += 1
            host = max((guest.host for guest in self._guests if guest.owes_request), key=owing.__getitem__)
            return min(
                (guest for guest in self._guests if guest.owes_request and guest.host == host),
                key=lambda guest: guest.since_s,
            )
        present = Counter(guest.host for guest in self._guests)
        host, most = present.most_common(1)[0]
        if most <= present[newcomer] + 1:
            return None
        return next(guest for guest in self._guests if guest.host == host)

    def _say(self, host: str) -> None:
        now_s = time.monotonic()
        if now_s - self._told_s.get(host, -_TOLD_AGAIN_S) >= _TOLD_AGAIN_S:
            if len(self._told_s) >= self._max_guests:
                self._told_s.clear()
            self._told_s[host] = now_s
            self._tell(f"{self._name} is full: {host} holds many connections; its oldest that ask nothing make room")
