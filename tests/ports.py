"""Ports of this machine that are held, so that no other test and no other program can take them meanwhile.

Who listens binds port 0 and tells its port. These are for the two other cases: a port at which nobody listens, and one
at which somebody comes, goes and comes again.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def held_port(kind: socket.SocketKind = socket.SOCK_DGRAM) -> Iterator[int]:
    """A port of 127.0.0.1 that is refused to whoever sends to it, until somebody who sets SO_REUSEADDR listens there.

    A UDP socket that is connected, here to itself, hears nobody else; so the system refuses the others' datagrams as it
    does where there is no socket at all (measured on Linux 6). A TCP socket that does not listen is as good as none.
    """
    with socket.socket(socket.AF_INET, kind) as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_DGRAM:
            holder.connect(holder.getsockname())
        yield int(holder.getsockname()[1])


def listen_at(port: int) -> socket.socket:
    """A UDP socket of 127.0.0.1 at a port that is held."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    return listener
