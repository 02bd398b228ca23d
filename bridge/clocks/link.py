"""Ableton Link: tempo and beat that all musicians on a network share.

Link is licensed under the GPL (version 2 or later) or by Ableton; so it is an extra, imported only when asked for. It
multicasts on every network that the machine is in.
"""

import contextlib
import socket
import threading
import time
from typing import Any, Final

import psutil

from bridge.clocks.clock import BeatTime

_START_BPM: Final = 120.0
_QUANTUM_BEATS: Final = 4.0
_GROUP: Final = "224.76.78.75"
_PORT: Final = 20808
_ALIVE: Final = b"_asdp_v\1\1"  # Link's discovery protocol, version 1, "I am here": four times a second
_OLDER_S: Final = 1.5
_JOIN_PERIOD_S: Final = 5.0
_POLL_S: Final = 0.25
_MAX_READINGS: Final = 3
_QUICK_S: Final = 0.0005


class LinkClock:
    """A silent member of a Link session: it follows and never sets the tempo. Without peers it has nothing to say.

    Where two sessions meet, Link lets the older one give the tempo; a bridge that waited for the musicians in a session
    of its own would force its tempo on them. So it only listens until somebody has been there for a while, joins then,
    and leaves when it is alone again.
    """

    name = "link"

    def __init__(self) -> None:
        self._link: Any = None
        self._ear: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()

    @property
    def notice(self) -> str | None:
        """Nothing: a session without peers is usual."""
        return None

    @property
    def num_peers(self) -> int:
        """Others in the session."""
        return 0 if self._link is None else int(self._link.numPeers())

    def start(self) -> None:
        """Begins to look for a session on this machine's networks.

        Raises:
            ValueError: The package is missing, or the port of Link's discovery cannot be shared.
        """
        try:
            import link
        except ImportError as error:
            raise ValueError("Ableton Link needs a package that is not installed: pip install '.[link]'") from error
        ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            ear.bind(("", _PORT))
        except OSError as error:
            ear.close()
            raise ValueError(
                f"Ableton Link cannot listen at UDP port {_PORT}: {error}; end what occupies it"
            ) from error
        ear.settimeout(_POLL_S)
        self._ear, self._link = ear, link.Link(_START_BPM)
        self._thread = threading.Thread(target=self._run, args=(ear, self._link), name="transflower link", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Leaves the session; may be called twice."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        if self._ear is not None:
            self._ear.close()
        self._thread = self._ear = self._link = None

    def beat_at(self, time_s: float) -> BeatTime | None:
        """Where the session's beat is; None without peers."""
        session = self._link
        if session is None or session.numPeers() == 0:
            return None
        state = session.captureSessionState()
        # Link has a clock of its own (on Linux one that is not slewed): both are read now and the difference taken,
        # once more if another program came between them.
        for _ in range(_MAX_READINGS):
            before_s, link_us, after_s = time.monotonic(), session.clock().micros(), time.monotonic()
            if after_s - before_s < _QUICK_S:
                break
        link_us += round((time_s - 0.5 * (before_s + after_s)) * 1e6)
        return BeatTime(state.beatAtTime(link_us, _QUANTUM_BEATS), state.tempo())

    def _run(self, ear: socket.socket, session: Any) -> None:
        """Joins when there is somebody to follow, and leaves when there is nobody any more."""
        since_s = heard_s = joined_s = next_join_s = -_JOIN_PERIOD_S
        while not self._stop.is_set():
            now_s = time.monotonic()
            if now_s >= next_join_s:  # again and again, since networks come and go
                _hear_all_networks(ear)
                next_join_s = now_s + _JOIN_PERIOD_S
            try:
                is_alive = ear.recv(2048).startswith(_ALIVE)
            except OSError:  # nobody spoke
                is_alive = False
            now_s = time.monotonic()
            if session.enabled:
                if session.numPeers() > 0:
                    joined_s = now_s
                elif now_s - joined_s > _JOIN_PERIOD_S:
                    session.enabled = False
                    since_s = heard_s = -_JOIN_PERIOD_S
            elif is_alive:
                if now_s - heard_s > 1.0:
                    since_s = now_s
                heard_s = now_s
                if now_s - since_s > _OLDER_S:
                    session.enabled, joined_s = True, now_s
        session.enabled = False


def _hear_all_networks(ear: socket.socket) -> None:
    """Joins Link's multicast group on every network of this machine."""
    for addresses in psutil.net_if_addrs().values():
        for address in addresses:
            if address.family == socket.AF_INET:
                with contextlib.suppress(OSError):  # joined already, or a network without multicast
                    group = socket.inet_aton(_GROUP) + socket.inet_aton(address.address)
                    ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
