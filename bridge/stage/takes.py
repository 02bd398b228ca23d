"""Takes over HTTP: the list, the files, and a take as the datagrams that it was.

Everything that reads files runs in threads of the stage's process, away from its event loop and from the dance.
"""

import asyncio
import struct
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from bridge.takes.header import TakeHeader
from bridge.takes.take import Take, read_take
from bridge.takes.take_file import SUFFIX, read_blocks
from bridge.wire.dance_protocol import DanceEncoder
from bridge.wire.pose_frame import PoseFrame
from data.motion_file import write_motion

_POSES_A_CHUNK: Final = 300
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
        self._exports = asyncio.Semaphore(_MAX_EXPORTS)

    async def tell(self, request: web.Request) -> web.Response:
        """All takes, newest first."""
        return web.json_response(await asyncio.to_thread(self._list, self._open_take()))

    async def give(self, request: web.Request) -> web.StreamResponse:
        """A take's file, the same as BVH, or the same as datagrams."""
        stem, _, form = request.match_info["name"].rpartition(".")
        path = next((path for path in self._paths() if path.stem == stem), None)
        if path is None or form not in ("take", "bvh", "replay"):
            raise web.HTTPNotFound
        headers = {"Content-Disposition": f'attachment; filename="{stem}.{form}"', "Cache-Control": "no-store"}
        if form == "take":
            return web.FileResponse(path, headers={**headers, "Content-Type": "application/octet-stream"})
        async with self._exports:
            try:
                take = await asyncio.to_thread(read_take, path)
                if form == "replay":
                    return await _replay(request, take)
                content = await asyncio.to_thread(_bvh, take)
            except (ValueError, OSError) as error:
                return web.Response(status=409, text=f"{path.name}: {str(error).removeprefix(f'{path}: ')}\n")
        return web.Response(body=content, headers={**headers, "Content-Type": "text/plain; charset=utf-8"})

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
                take = read_take(path)
                facts = {"seconds": take.duration_s, "parts": len(take.parts), **_of_header(take.header)}
                known = self._known[path] = stamp, facts
            return entry | known[1]
        except (ValueError, OSError) as error:
            return entry | {"problem": str(error).removeprefix(f"{path}: ")}


def replay_datagrams(take: Take) -> Iterator[bytes]:
    """The skeleton and the poses of a take, as they would leave the bridge; each after its length in four bytes."""
    encoder = DanceEncoder(take.header.skeleton)
    for datagram in encoder.encode_skeleton():
        yield struct.pack(">i", len(datagram)) + datagram
    sent = take.sent
    for row in range(len(sent.time_us)):
        pose = sent.pose(row)
        frame = PoseFrame(int(sent.sequence[row]), int(sent.time_us[row]), pose.root_position, pose.rotations)
        for datagram in encoder.encode(frame):
            yield struct.pack(">i", len(datagram)) + datagram


def _of_header(header: TakeHeader) -> dict[str, Any]:
    return {"created": header.created, "dancer": header.checkpoint, "sound": header.source}


def _bvh(take: Take) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "take.bvh"
        write_motion(path, take.motion())
        return path.read_bytes()


async def _replay(request: web.Request, take: Take) -> web.StreamResponse:
    """Streams, a chunk at a time, so that a long evening needs no memory and begins at once."""
    response = web.StreamResponse(headers={"Content-Type": "application/octet-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    datagrams = replay_datagrams(take)
    while chunk := await asyncio.to_thread(_joined, datagrams):
        await response.write(chunk)
    await response.write_eof()
    return response


def _joined(datagrams: Iterator[bytes]) -> bytes:
    return b"".join(datagram for _, datagram in zip(range(_POSES_A_CHUNK), datagrams, strict=False))
