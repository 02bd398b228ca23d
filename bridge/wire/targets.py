"""Where datagrams go: UDP targets that never stop the show."""

import errno
import socket
import struct
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

from bridge.wire.target import DEFAULT_HOST, DEFAULT_PORTS, Target

DEFAULT_TARGETS: Final = tuple(Target(DEFAULT_HOST, DEFAULT_PORTS[protocol], protocol) for protocol in ("vmc", "dance"))
_SEND_BUFFER_BYTES: Final = 1 << 20
_IP_RECVERR: Final = 11  # Linux, <linux/in.h>; the module socket does not name it
_ABSENT_S: Final = 2.0
_DRAIN_PERIOD_S: Final = 0.25


@dataclass
class TargetCounters:
    """What happened to the datagrams of one target.

    Attributes:
        sent: datagrams that the operating system took.
        failed: datagrams that it refused, by the name of the error (``ENETUNREACH``, ``EAGAIN`` ...).
    """

    sent: int = 0
    failed: Counter[str] = field(default_factory=Counter)


class UdpTargets:
    """Sends datagrams to any number of targets from one unconnected, non-blocking socket.

    One socket, because receivers tell senders apart by their port; unconnected, because a connected one reports the
    absence of a listener as an error; non-blocking, because a full buffer must cost a datagram and not a deadline.
    Nothing but the constructor raises: what cannot be sent is counted. Use it from one thread at a time; any thread may
    read `absent` and the counters.

    On Linux the socket also collects the answers of machines at which nobody listens, see `absent`.

    Attributes:
        targets: as given.
        addresses: their IPv4 addresses and ports, in the same order.
        counters: one for each target, in the same order.
    """

    def __init__(self, targets: Sequence[Target] = DEFAULT_TARGETS) -> None:
        """Resolves the hosts, once, and opens the socket.

        Raises:
            ValueError: a host has no IPv4 address.
        """
        self.targets = tuple(targets)
        self.counters = tuple(TargetCounters() for _ in self.targets)
        self.addresses = tuple(_resolve(target) for target in self.targets)
        self._refused_s: dict[tuple[str, int], float] = {}  # replaced, never changed: others read it
        self._next_drain_s = 0.0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)  # 192.168.1.255 is a fair target
        self._hears_refusals = sys.platform == "linux"
        if self._hears_refusals:
            self._socket.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)

    def send(self, datagrams: Iterable[bytes], index: int) -> None:
        """Sends the datagrams, in their order, to the target of this index."""
        address, counters = self.addresses[index], self.counters[index]
        sendto = self._socket.sendto
        for datagram in datagrams:
            try:
                try:
                    sendto(datagram, address)
                except ConnectionRefusedError:
                    # It is about an earlier datagram, perhaps another target's; this one has not been sent.
                    self._drain_refusals(time.monotonic())
                    sendto(datagram, address)
            except OSError as error:
                counters.failed[errno.errorcode.get(error.errno or 0, type(error).__name__)] += 1
            else:
                counters.sent += 1

    @property
    def absent(self) -> tuple[str, ...]:
        """Targets whose machine has answered within the last two seconds that nobody listens there.

        Known on Linux only, and only of machines that answer; a machine that is switched off says nothing.
        """
        now_s, refused_s = time.monotonic(), self._refused_s
        return tuple(
            str(target)
            for target, address in zip(self.targets, self.addresses, strict=True)
            if now_s - refused_s.get(address, -_ABSENT_S) < _ABSENT_S
        )

    def look_for_refusals(self, now_s: float) -> None:
        """Takes up, a few times a second at most, what has come back of datagrams that nobody wanted."""
        if self._hears_refusals and now_s >= self._next_drain_s:
            self._next_drain_s = now_s + _DRAIN_PERIOD_S
            self._drain_refusals(now_s)

    def _drain_refusals(self, now_s: float) -> None:
        """Empties the socket's queue of errors; each names the address that its datagram went to."""
        if not self._hears_refusals:
            return
        refused: dict[tuple[str, int], float] = {}
        for _ in range(1000):
            try:
                _, extra, _, address = self._socket.recvmsg(0, 512, socket.MSG_ERRQUEUE)
            except OSError:  # the queue is empty
                break
            for level, kind, content in extra:
                if level == socket.IPPROTO_IP and kind == _IP_RECVERR and len(content) >= 4:
                    (number,) = struct.unpack_from("=I", content)
                    if number == errno.ECONNREFUSED:
                        refused[address[0], address[1]] = now_s
        if refused:
            self._refused_s = {**self._refused_s, **refused}

    @property
    def num_sent(self) -> int:
        """Datagrams sent to all targets together."""
        return sum(counters.sent for counters in self.counters)

    @property
    def num_failed(self) -> int:
        """Datagrams that could not be sent to one of the targets."""
        return sum(counters.failed.total() for counters in self.counters)

    def close(self) -> None:
        """Closes the socket; what is sent afterwards counts as failed."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _resolve(target: Target) -> tuple[str, int]:
    try:
        found = socket.getaddrinfo(target.host, target.port, socket.AF_INET, socket.SOCK_DGRAM)
    except (OSError, UnicodeError) as error:
        raise ValueError(
            f"cannot find an IPv4 address of the host {target.host!r} ({error}); give an address such as 192.168.1.20"
        ) from error
    host, port = found[0][4][:2]
    return str(host), int(port)
