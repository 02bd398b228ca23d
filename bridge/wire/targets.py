"""Where datagrams go: UDP targets that never stop the show."""

import errno
import socket
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Literal, Self, get_args

Protocol = Literal["vmc", "dance"]

DEFAULT_HOST: Final = "127.0.0.1"
DEFAULT_PORTS: Final[dict[Protocol, int]] = {"vmc": 39539, "dance": 39550}
_SEND_BUFFER_BYTES: Final = 1 << 20


@dataclass(frozen=True)
class Target:
    """One receiver of the dance.

    Attributes:
        host: name or IPv4 address.
        port: UDP port, 1 to 65535.
        protocol: what is spoken there.
    """

    host: str
    port: int
    protocol: Protocol

    def __post_init__(self) -> None:
        if self.protocol not in get_args(Protocol):
            raise ValueError(f"unknown protocol {self.protocol!r}; known are {', '.join(get_args(Protocol))}")
        if not 1 <= self.port <= 65535:
            raise ValueError(f"port {self.port} is not between 1 and 65535")

    @classmethod
    def parse(cls, text: str) -> Self:
        """A target from ``protocol[:host][:port]``: ``vmc``, ``vmc:39541``, ``dance:192.168.1.20:39550``.

        Raises:
            ValueError: the text has another form.
        """
        head, *rest = text.split(":")
        if head not in DEFAULT_PORTS:
            raise ValueError(
                f"{text!r} does not start with {' or '.join(DEFAULT_PORTS)}, as in 'vmc:192.168.1.20:39539'"
            )
        protocol: Protocol = head
        port = DEFAULT_PORTS[protocol]
        if rest and rest[-1].isdecimal():
            port = int(rest.pop())
        if len(rest) > 1 or "" in rest:
            raise ValueError(f"{text!r} is not protocol[:host][:port], as in 'vmc:192.168.1.20:39539'")
        return cls(rest[0] if rest else DEFAULT_HOST, port, protocol)

    def __str__(self) -> str:
        return f"{self.protocol}:{self.host}:{self.port}"


DEFAULT_TARGETS: Final = tuple(Target(DEFAULT_HOST, port, protocol) for protocol, port in DEFAULT_PORTS.items())


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
    Nothing but the constructor raises: what cannot be sent is counted. Use it from one thread at a time.

    Attributes:
        targets: as given.
        counters: one for each target, in the same order.
    """

    def __init__(self, targets: Sequence[Target] = DEFAULT_TARGETS) -> None:
        """Resolves the hosts, once, and opens the socket.

        Raises:
            ValueError: a host has no IPv4 address.
        """
        self.targets = tuple(targets)
        self.counters = tuple(TargetCounters() for _ in self.targets)
        self._destinations: dict[Protocol, list[tuple[tuple[str, int], TargetCounters]]] = {}
        for target, counters in zip(self.targets, self.counters, strict=True):
            self._destinations.setdefault(target.protocol, []).append((_resolve(target), counters))
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)  # 192.168.1.255 is a fair target

    def wants(self, protocol: Protocol) -> bool:
        """Whether any target speaks ``protocol``: what nobody hears need not be encoded."""
        return protocol in self._destinations

    def send(self, protocol: Protocol, datagrams: Sequence[bytes]) -> None:
        """Sends the datagrams, in their order, to every target that speaks ``protocol``."""
        sendto = self._socket.sendto
        for address, counters in self._destinations.get(protocol, ()):
            for datagram in datagrams:
                try:
                    sendto(datagram, address)
                except OSError as error:
                    counters.failed[errno.errorcode.get(error.errno or 0, type(error).__name__)] += 1
                else:
                    counters.sent += 1

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
