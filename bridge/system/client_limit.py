"""The limit of clients of a server: so many at a time, and whoever holds most of them makes room for others.

A connection costs a descriptor, and here and there a thread, before anything has been asked over it. So a client owes
its request: in time, and sooner when there is no room left.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

_REPORT_AGAIN_S: Final = 60.0


@dataclass(eq=False)
class Client:
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

    def __init__(self, name: str, max_clients: int, tell: Callable[[str], None]) -> None:
        """Nobody is in.

        Args:
            name: Of what is served, for the operator.
            max_clients: How many may be in.
            tell: Called once a minute for each host whose clients had to make room.
        """
        self._name = name
        self._max_clients = max_clients
        self._tell = tell
        self._clients: dict[Client, None] = {}  # the oldest first
        self._reported_s: dict[str, float] = {}
        self._lock = threading.Lock()

    def enter(self, host: str, hang_up: Callable[[], None]) -> Client | None:
        """Lets a client in, for whom another may have to go; None if it must stay out."""
        client = Client(host, hang_up)
        with self._lock:
            gone = None
            if len(self._clients) >= self._max_clients:
                gone = self._who_goes(host)
                self._say(host if gone is None else gone.host)
                if gone is None:
                    return None
                del self._clients[gone]
            self._clients[client] = None
        if gone is not None:
            gone.hang_up()
        return client

    def answers(self, client: Client) -> None:
        """Its request has come whole."""
        client.owes_request = False

    def has_answered(self, client: Client) -> None:
        """It owes another one."""
        with self._lock:
            client.since_s, client.owes_request = time.monotonic(), True

    def leave(self, client: Client) -> None:
        """It has gone; may be called twice."""
        with self._lock:
            self._clients.pop(client, None)

    def hang_up_on_late(self, patience_s: float) -> None:
        """Hangs up on all that have owed their request for longer."""
        latest_s = time.monotonic() - patience_s
        with self._lock:
            late = [client for client in self._clients if client.owes_request and client.since_s < latest_s]
            for client in late:
                del self._clients[client]
        for client in late:
            client.hang_up()

    def _who_goes(self, newcomer: str) -> Client | None:
        owing = Counter(client.host for client in self._clients if client.owes_request)
        if owing:
            owing[newcomer] += 1
            host = max((client.host for client in self._clients if client.owes_request), key=owing.__getitem__)
            return min(
                (client for client in self._clients if client.owes_request and client.host == host),
                key=lambda client: client.since_s,
            )
        present = Counter(client.host for client in self._clients)
        host, most = present.most_common(1)[0]
        if most <= present[newcomer] + 1:
            return None
        return next(client for client in self._clients if client.host == host)

    def _say(self, host: str) -> None:
        now_s = time.monotonic()
        if now_s - self._reported_s.get(host, -_REPORT_AGAIN_S) >= _REPORT_AGAIN_S:
            if len(self._reported_s) >= self._max_clients:
                self._reported_s.clear()
            self._reported_s[host] = now_s
            self._tell(f"{self._name} is full: {host} holds many connections; its oldest that ask nothing make room")
