"""The stage's web server: the page, the WebSocket, takes and presets."""

import asyncio
import contextlib
import mimetypes
import socket
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Final

from aiohttp import WSCloseCode, web

from bridge.stage.addresses import is_reached_by_others, page_urls
from bridge.stage.guard import MAY_STEER, Guard, Handler
from bridge.stage.mirror import Mirror
from bridge.stage.qr_code import qr_svg
from bridge.stage.settings import StageSettings
from bridge.stage.steering import SteeringLanes
from bridge.stage.takes import TakeShelf
from bridge.stage.viewer import new_socket, serve_viewer

PAGE: Final = Path(__file__).parent / "page"
AVATAR: Final = Path(__file__).parent / "avatar.vrm"

REMOTE: Final = "#remote"
"""What the page's address ends with for a remote control, which draws no stage."""

_TYPES: Final = {".vrm": "model/gltf-binary", ".js": "text/javascript", ".css": "text/css", ".html": "text/html"}
_GOODBYE_S: Final = 0.5
_FOR_EVER: Final = "public, max-age=31536000, immutable"


def make_app(
    settings: StageSettings, mirror: Mirror, steer: Callable[[bytes], None], log: Callable[[str], None]
) -> web.Application:
    """The web application.

    Args:
        settings: What is served.
        mirror: Source of the viewers' updates.
        steer: Takes datagrams of controls.
        log: Called with why somebody was refused.
    """
    guard = Guard(settings, log)
    app = web.Application(middlewares=[guard.check], client_max_size=1)
    takes = TakeShelf(settings.takes, mirror.open_take)
    steering = SteeringLanes()

    sockets: weakref.WeakSet[web.WebSocketResponse] = weakref.WeakSet()

    async def join(request: web.Request) -> web.StreamResponse:
        socket = new_socket(request)
        sockets.add(socket)
        seat = steering.seat() if request[MAY_STEER] else None
        return await serve_viewer(request, socket, mirror, seat, steer, lambda reason: guard.log_once(request, reason))

    async def say_goodbye(app: web.Application) -> None:
        leaving = (socket.close(code=WSCloseCode.GOING_AWAY, message=b"the bridge ends") for socket in set(sockets))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_S):
                await asyncio.gather(*leaving, return_exceptions=True)

    async def about(request: web.Request) -> web.Response:
        return web.json_response({**settings.about, "may_steer": request[MAY_STEER]})

    async def presets(request: web.Request) -> web.Response:
        folder = settings.presets
        names = sorted(path.stem for path in folder.glob("*.yaml")) if folder and folder.is_dir() else []
        return web.json_response(names)

    async def addresses(request: web.Request) -> web.Response:
        return web.json_response([url for url in page_urls(settings, token=None) if is_reached_by_others(url)])

    async def code(request: web.Request) -> web.Response:
        only_watches = not request[MAY_STEER] or "watch" in request.query
        token = settings.watch_token if only_watches else settings.token
        urls = [url for url in page_urls(settings, token=token) if is_reached_by_others(url)]
        index = int(request.match_info["index"])
        if index >= len(urls):
            raise web.HTTPNotFound
        fragment = REMOTE if "remote" in request.query else ""
        return web.Response(
            body=await asyncio.to_thread(qr_svg, urls[index] + fragment),
            content_type="image/svg+xml",
            headers={"Cache-Control": "no-store"},  # it holds the token
        )

    app.on_shutdown.append(say_goodbye)
    app.router.add_get("/socket", join)
    app.router.add_get("/about", about)
    app.router.add_get("/presets", presets)
    app.router.add_get("/addresses", addresses)
    app.router.add_get(r"/addresses/{index:\d{1,3}}.svg", code)
    app.router.add_get("/takes", takes.tell)
    app.router.add_get("/takes/{name}", takes.give)
    for address, path in page_files().items():
        app.router.add_get(address, _file(path))
    return app


def page_files() -> dict[str, Path]:
    """What is served of the disk, by address: just these files, so no path leads to any other."""
    files = {f"/{path.relative_to(PAGE).as_posix()}": path for path in sorted(PAGE.rglob("*")) if path.is_file()}
    if "/index.html" in files:
        files["/"] = files.pop("/index.html")
    return {**files, "/avatar.vrm": AVATAR}


def _file(path: Path) -> Handler:
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    # Names of assets hold a checksum of what is in them; all others are asked for anew.
    kept = _FOR_EVER if path.parent.name == "assets" else "no-cache"

    async def give(request: web.Request) -> web.StreamResponse:
        return web.FileResponse(path, headers={"Content-Type": kind, "Cache-Control": kept})

    return give


def keep_little_in_flight(listening: socket.socket) -> None:
    """Small send buffers for connections to come: a viewer that stops reading must not be shown seconds of the past."""
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 32_768)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
