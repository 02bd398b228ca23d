"""Takes over HTTP: the list, the files, and a take as the datagrams that it was.

The list is made in a thread of the stage's process; what takes longer, in a process of its own, away from viewers.
"""

import asyncio
import contextlib
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from bridge.stage.guard import MAY_STEER
from bridge.stage.viewer import PATIENCE_S
from bridge.system.child_process import start_child
from bridge.takes.header import TakeHeader
from bridge.takes.outline import read_outline
from bridge.takes.take_file import SUFFIX, read_blocks

_PIECE_BYTES: Final = 65_536
_MAX_EXPORTS: Final = 2


class TakeShelf:
    """The takes of one folder. What was learned of a finished take is kept until its file changes."""

    def __init__(self, folder: Path | None, open_take: Callable[[], str]) -> None:
        """Prepares.

        Args:
            folder: Where takes are; None has none.
            open_take: Tells the name of the take that is being recorded; empty for none.
        """
        self._folder = folder
        self._open_take = open_take
        self._known: dict[Path, tuple[tuple[int, int], dict[str, Any]]] = {}
        self._listing = asyncio.Lock()
        self._exports = asyncio.Semaphore(_MAX_EXPORTS)

    async def tell(self, request: web.Request) -> web.Response:
        """All takes, newest first."""
        _require_steering(request)
        async with self._listing:
            return web.json_response(await asyncio.to_thread(self._list, self._open_take()))

    async def give(self, request: web.Request) -> web.StreamResponse:
        """A take's file, the same as BVH, or the same as datagrams."""
        _require_steering(request)
        stem, _, form = request.match_info["name"].rpartition(".")
        path = next((path for path in self._paths() if path.stem == stem), None)
        if path is None or form not in ("take", "bvh", "replay"):
            raise web.HTTPNotFound
        headers = {"Content-Disposition": f'attachment; filename="{stem}.{form}"', "Cache-Control": "no-store"}
        if form == "take":
            return web.FileResponse(path, headers={**headers, "Content-Type": "application/octet-stream"})
        kind = "text/plain; charset=utf-8" if form == "bvh" else "application/octet-stream"
        async with self._exports:
            export = await asyncio.to_thread(_start_export, path, form)
            try:
                problem = await asyncio.to_thread(_first_line, export)
                if problem is not None:
                    return web.Response(status=409, text=f"{path.name}: {problem}\n")
                return await _pass_on(request, export, {**headers, "Content-Type": kind})
            finally:
                export.kill()
                await asyncio.to_thread(_end_process, export)

    def _paths(self) -> list[Path]:
        if self._folder is None or not self._folder.is_dir():
            return []
        return sorted(self._folder.glob(f"*{SUFFIX}"), reverse=True)

    def _list(self, open_take: str) -> list[dict[str, Any]]:
        paths = self._paths()
        self._known = {path: self._known[path] for path in paths if path in self._known}
        return [self._describe(path, path.name == open_take) for path in paths]

    def _describe(self, path: Path, is_open: bool) -> dict[str, Any]:
        entry: dict[str, Any] = {"name": path.name, "is_open": is_open, "problem": None}
        entry |= dict.fromkeys(("created", "seconds", "parts", "dancer", "sound", "bytes"))
        try:
            status = path.stat()
            entry["bytes"] = status.st_size
            if is_open:  # it grows: only its beginning is worth reading
                first = next(read_blocks(path), None)
                return entry if first is None else entry | _of_header(TakeHeader.from_json(first.facts))
            stamp = status.st_mtime_ns, status.st_size
            known = self._known.get(path)
            if known is None or known[0] != stamp:
                take = read_outline(path)
                facts = {"seconds": take.duration_s, "parts": take.num_parts, **_of_header(take.header)}
                known = self._known[path] = stamp, facts
            return entry | known[1]
        except OSError as error:  # its text names a path of this machine
            return entry | {"problem": error.strerror or "it cannot be read"}
        except ValueError as error:
            return entry | {"problem": str(error).removeprefix(f"{path}: ")}


def _require_steering(request: web.Request) -> None:
    if not request[MAY_STEER]:
        raise web.HTTPForbidden


def _of_header(header: TakeHeader) -> dict[str, Any]:
    return {"created": header.created, "dancer": header.checkpoint, "sound": header.source}


def _start_export(path: Path, form: str) -> "subprocess.Popen[bytes]":
    export = start_child("bridge.takes.export_child", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert export.stdin is not None
    with contextlib.suppress(BrokenPipeError), export.stdin as request:
        request.write(json.dumps({"path": str(path), "form": form}).encode() + b"\n")
    return export


def _first_line(export: "subprocess.Popen[bytes]") -> str | None:
    """Why nothing can be exported; None where something can."""
    assert export.stdout is not None
    try:
        problem = json.loads(export.stdout.readline())["error"]
    except ValueError:
        return "its export ended at once"
    return None if problem is None else str(problem)


async def _pass_on(
    request: web.Request, export: "subprocess.Popen[bytes]", headers: dict[str, str]
) -> web.StreamResponse:
    """Streams, a piece at a time, so that a long evening needs no memory and begins at once."""
    assert isinstance(export.stdout, io.BufferedReader)
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    while piece := await asyncio.to_thread(export.stdout.read1, _PIECE_BYTES):
        async with asyncio.timeout(PATIENCE_S):  # who takes nothing keeps others from theirs
            await response.write(piece)
    if await asyncio.to_thread(export.wait) != 0 and request.transport is not None:
        request.transport.abort()  # a file that ends too soon must not look whole
    await response.write_eof()
    return response


def _end_process(export: "subprocess.Popen[bytes]") -> None:
    assert export.stdout is not None
    export.stdout.close()
    export.wait()
