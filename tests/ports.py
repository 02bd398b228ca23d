"""Ports of this machine that nobody has."""

import socket
from contextlib import ExitStack


def free_ports(count: int, kind: socket.SocketKind = socket.SOCK_DGRAM) -> list[int]:
    """Different ports of 127.0.0.1 at which nobody listens."""
    with ExitStack() as held:
        found = [held.enter_context(socket.socket(socket.AF_INET, kind)) for _ in range(count)]
        for one in found:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in found]


def free_port(kind: socket.SocketKind = socket.SOCK_DGRAM) -> int:
    """A port of 127.0.0.1 at which nobody listens."""
    return free_ports(1, kind)[0]
