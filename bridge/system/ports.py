"""Who holds a port of this machine."""

from typing import Literal

import psutil


def port_owner(port: int, kind: Literal["udp", "tcp"], *, hears_all: bool = False) -> str | None:
    """The program that has a port, as `name (process 123)`; None if nobody is known to.

    Some systems do not tell who holds a port unless asked by an administrator: that is None as well.

    Args:
        port: Its number.
        kind: Which of the two sorts of ports. Of TCP, only who listens counts.
        hears_all: Whether a UDP socket that is connected to somebody, and so hears nobody else, does not count.
    """
    try:
        connections = psutil.net_connections(kind)
    except (psutil.Error, OSError):
        return None
    for connection in connections:
        listens = not (hears_all and connection.raddr) if kind == "udp" else connection.status == psutil.CONN_LISTEN
        if connection.laddr and connection.laddr.port == port and listens:
            if connection.pid is None:
                return "a program of another user"
            try:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
            except psutil.Error:
                return f"process {connection.pid}"
    return None
