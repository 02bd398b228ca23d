"""The stage's process: settings come in on a line, reports go out on lines, and it ends with its parent.

Lines out are JSON: `{"ready": ...}` once, or `{"error": ...}`; then `{"log": ...}`, and `{"alive": true}` twice a
second, as long as viewers are served.
"""

import asyncio
import contextlib
import json
import os
import socket
import sys
import threading
from dataclasses import replace
from typing import Any, Final

from aiohttp import web

from bridge.stage.acceptor import HEAD_S, Acceptor
from bridge.stage.certificate import tls_context
from bridge.stage.mirror import Mirror
from bridge.stage.server import keep_little_in_flight, make_app
from bridge.stage.settings import StageSettings
from bridge.system.hosts import addresses_of

_RECEIVE_BUFFER_BYTES: Final = 1 << 20
_ALIVE_S: Final = 0.5
_BACKLOG: Final = 1024  # whoever finds it full tries again after a second


def main() -> None:
    """Serves until standard input ends."""
    settings = StageSettings.from_json(sys.stdin.readline())
    try:
        asyncio.run(_serve(settings))
    except (ValueError, OSError) as error:
        _report(error=str(error))
        sys.exit(2)


async def _serve(settings: StageSettings) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    mirror = Mirror()
    with contextlib.ExitStack() as stack:
        steering = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        steering.setblocking(False)

        def steer(datagram: bytes) -> None:
            with contextlib.suppress(OSError):  # a bridge that is ending hears nobody
                steering.sendto(datagram, settings.control_address)

        hearing = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        hearing.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
        hearing.bind(("127.0.0.1", settings.mirror_port))
        transport, _ = await loop.create_datagram_endpoint(lambda: mirror, sock=hearing)
        stack.callback(transport.close)
        tls = None if settings.is_local else tls_context(settings.certificate, addresses_of(settings.host))
        listening = stack.enter_context(_listening(settings))
        shown = replace(settings, port=listening.getsockname()[1])

        def log(text: str) -> None:
            _report(log=text)

        acceptor = Acceptor(listening, tls, log)
        app = make_app(shown, mirror, steer, log)
        app.middlewares.insert(0, acceptor.admit)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0, keepalive_timeout=HEAD_S)
        await runner.setup()
        assert runner.server is not None
        serving = asyncio.create_task(acceptor.serve(runner.server))
        serving.add_done_callback(lambda _: ended.set())  # nobody comes in any more: the bridge starts another process
        try:
            threading.Thread(
                target=_await_end, args=(lambda: loop.call_soon_threadsafe(ended.set),), daemon=True
            ).start()
            _report(ready={"port": shown.port, "mirror_port": hearing.getsockname()[1]})
            while not ended.is_set():
                _report(alive=True)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(ended.wait(), _ALIVE_S)
        finally:
            serving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await serving
            listening.close()
            await runner.cleanup()


def _listening(settings: StageSettings) -> socket.socket:
    """The page's port, taken.

    Raises:
        ValueError: It cannot be had; the message says what to do.
    """
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
        listening = socket.create_server(found[0][4][:2], family=found[0][0], backlog=_BACKLOG)
    except (OSError, OverflowError) as error:
        raise ValueError(
            f"the stage cannot be shown at port {settings.port} of {settings.host} ({error}); choose another by "
            "--stage HOST:PORT, or None"
        ) from error
    keep_little_in_flight(listening)
    return listening


def _await_end(end: Any) -> None:
    # Not by `sys.stdin.read`, whose lock would be held while a process that ends by itself is torn down.
    while os.read(sys.stdin.fileno(), 4096):
        pass
    with contextlib.suppress(RuntimeError):  # the loop has ended by itself
        end()


def _report(**update: Any) -> None:
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(update), flush=True)


if __name__ == "__main__":
    main()
