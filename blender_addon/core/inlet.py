"""The socket: a thread that does nothing but put datagrams into a queue."""

import contextlib
import errno
import socket
import threading
import time
from collections import deque
from typing import Final, NamedTuple

_BUFFER_BYTES: Final = 1 << 20
_QUEUE_LENGTH: Final = 8192
_LOOK_S: Final = 0.1


class Datagram(NamedTuple):
    """What came in: the bytes, from whom, and when on our own monotonic clock."""

    content: bytes
    sender: tuple[str, int]
    arrival_s: float


class Inlet:
    """A bound UDP port. Use it from one thread; its own thread touches the queue alone.

    Args:
        host: Address to listen at; 127.0.0.1 hears this machine only.
        port: 0 takes any that is free.

    Raises:
        ValueError: The port cannot be had; the message says why.
    """

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
            self._socket.bind((host, port))
        except (OSError, OverflowError) as error:
            self._socket.close()
            if getattr(error, "errno", None) == errno.EADDRINUSE:
                raise ValueError(f"Port {port} is in use: by another Blender, or another VMC receiver?") from None
            raise ValueError(f"Cannot listen at {host}:{port} ({error})") from None
        self._socket.settimeout(_LOOK_S)
        self.host, self.port = self._socket.getsockname()
        self.num_received = 0
        self._queue: deque[Datagram] = deque(maxlen=_QUEUE_LENGTH)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._receive, name=f"transflower inlet {self.port}", daemon=True)
        self._thread.start()

    def take(self, limit: int) -> list[Datagram]:
        """What has come in and was not taken yet, oldest first; where more came than fits, the oldest are gone."""
        taken: list[Datagram] = []
        while self._queue and len(taken) < limit:
            taken.append(self._queue.popleft())
        return taken

    def send(self, datagram: bytes, address: tuple[str, int]) -> bool:
        """Sends from this port, so that answers come in here; whether the machine took it."""
        try:
            self._socket.sendto(datagram, address)
        except (OSError, OverflowError):
            return False
        return True

    def close(self) -> None:
        """Gives the port back; safe to call twice."""
        self._stop.set()
        if self._thread is not threading.current_thread():
            self._thread.join(2.0)
        with contextlib.suppress(OSError):
            self._socket.close()

    def _receive(self) -> None:
        while not self._stop.is_set():
            try:
                content, sender = self._socket.recvfrom(65536)
            except TimeoutError:
                continue
            except OSError:  # Windows tells of an unreachable peer here; a closed socket ends the loop by the flag
                self._stop.wait(_LOOK_S)
                continue
            self._queue.append(Datagram(content, sender, time.monotonic()))
            self.num_received += 1  # last: whoever counts to here may take it
