"""The acceptor of the stage: connections are taken one by one, must ask in time, and are shared among hosts.

Who must make room for whom, `system/client_limit.py` says.

aiohttp would take whatever comes, and sees a connection only after its TLS handshake.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable
from typing import Final

from aiohttp import web

from bridge.stage.guard import Handler
from bridge.system.client_limit import Client, ClientLimit

HEAD_S: Final = 10.0
"""Within which a connection must have shaken hands and asked something."""
MAX_CONNECTIONS: Final = 256
_LOOK_S: Final = 1.0
_UNREAD_MS: Final = 30_000
"""After which the system gives up on a connection whose other end takes nothing."""


class Acceptor:
    """Belongs to the event loop."""

    def __init__(self, listening: socket.socket, tls: ssl.SSLContext | None, log: Callable[[str], None]) -> None:
        """Prepares.

        Args:
            listening: Where connections come in.
            tls: What they are spoken to by; None speaks plainly.
            log: Called with whose connections had to make room.
        """
        self._listening = listening
        self._tls = tls
        self._client_limit = ClientLimit("the stage", MAX_CONNECTIONS, log)
        self._inside: dict[tuple[object, ...], _Connection] = {}

    @web.middleware
    async def admit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Notes that a connection has asked something. Its next request has aiohttp's own deadline."""
        peer = None if request.transport is None else request.transport.get_extra_info("peername")
        connection = None if peer is None else self._inside.get(peer)
        if connection is not None and connection.client is not None:
            self._client_limit.answers(connection.client)
        return await handler(request)

    async def serve(self, server: web.Server) -> None:
        """Lets connections in until cancelled."""
        loop = asyncio.get_running_loop()
        self._listening.setblocking(False)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # on Linux; connections inherit it
            with contextlib.suppress(OSError):  # a system that knows it by name alone
                self._listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNREAD_MS)
        looking = asyncio.create_task(self._look_after())
        try:
            while True:
                try:
                    taken, peer = await loop.sock_accept(self._listening)
                except OSError:  # it has gone again, or there is no descriptor left
                    self._sweep()
                    await asyncio.sleep(_LOOK_S / 10)
                    continue
                self._take(taken, peer, server)
                await asyncio.sleep(0)  # where many wait outside, those inside have their turn too
        finally:
            looking.cancel()
            for connection in self._inside.values():
                if connection.greeting is not None:
                    connection.greeting.cancel()

    def _take(self, taken: socket.socket, peer: tuple[object, ...], server: web.Server) -> None:
        self._sweep()
        connection = _Connection(taken)
        connection.client = self._client_limit.enter(str(peer[0]), connection.hang_up)
        if connection.client is None:
            taken.close()
            return
        self._inside[peer] = connection
        connection.greeting = asyncio.create_task(connection.greet(server, self._tls))

    async def _look_after(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_S)
            self._sweep()
            self._client_limit.hang_up_on_late(HEAD_S)

    def _sweep(self) -> None:
        """Makes room for those whose connection is closed."""
        for peer in [peer for peer, connection in self._inside.items() if connection.is_closed]:
            client = self._inside.pop(peer).client
            assert client is not None
            self._client_limit.leave(client)


class _Connection:
    """A connection on its way from the system to aiohttp."""

    def __init__(self, taken: socket.socket) -> None:
        self.client: Client | None = None
        self.greeting: asyncio.Task[None] | None = None
        self._socket = taken
        self._is_greeted = False
        self._transport: asyncio.BaseTransport | None = None

    @property
    def is_closed(self) -> bool:
        return self._socket.fileno() < 0

    async def greet(self, server: web.Server, tls: ssl.SSLContext | None) -> None:
        self._is_greeted = True
        with contextlib.suppress(OSError):  # it gives up in the middle, or speaks no TLS
            self._transport, _ = await asyncio.get_running_loop().connect_accepted_socket(
                server, self._socket, ssl=tls, ssl_handshake_timeout=None if tls is None else HEAD_S
            )

    def hang_up(self) -> None:
        if isinstance(self._transport, asyncio.WriteTransport):
            self._transport.abort()
        elif self.greeting is not None:
            self.greeting.cancel()
            if not self._is_greeted:  # and never will be; otherwise asyncio closes it
                self._socket.close()
