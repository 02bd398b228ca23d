"""One file from a server: resumed where the last attempt ended, checked, and only then given its name."""

import http.client
import re
from collections.abc import Callable, Iterable
from http.client import HTTPResponse
from pathlib import Path

from data.download.disk import disk_full_said
from data.download.remote_file import CHUNK_BYTES, RemoteFile
from data.download.web import Patience, RefusedError, TransientError, UnreachableError, open_url

PRECONDITION_FAILED, RANGE_NOT_SATISFIABLE, PARTIAL_CONTENT = 412, 416, 206


def part_path(file: RemoteFile, folder: Path) -> Path:
    """Where the first bytes of a file wait for the rest.

    The name holds the file's identity, so that a file which changed on the server is begun anew and never continued.
    """
    target = folder / file.path
    return target.with_name(f"{target.name}.{file.identity}.part")


def is_complete(file: RemoteFile, folder: Path) -> bool:
    """Whether a good copy is in the folder; this reads it."""
    target = folder / file.path
    return target.is_file() and not file.mismatch(target)


def bytes_waiting(file: RemoteFile, folder: Path) -> int:
    """How much of a file an earlier attempt has left to go on from."""
    return min(_size(part_path(file, folder)), file.size_bytes) if _resumable(file) else 0


def forget_other_versions(files: Iterable[RemoteFile], folder: Path) -> None:
    """Remove what waits of versions of the files that the server has no more."""
    parts = {part_path(file, folder) for file in files}
    targets = {folder / file.path for file in files}
    for place in {target.parent for target in targets if target.parent.is_dir()}:
        for other in list(place.iterdir()):
            name = re.fullmatch(r"(.+)\.[0-9a-f]{8}\.part", other.name)
            if name and place / name[1] in targets and other not in parts:
                other.unlink()


def fetch(
    file: RemoteFile, folder: Path, patience: Patience, on_progress: Callable[[int], None] = lambda _: None
) -> Path:
    """Bring a file into a folder, and return where it is.

    Args:
        file: what the server said of it.
        folder: where it goes, under its own path; an older copy is replaced when the new one is good.
        patience: with which trouble.
        on_progress: Called with how many of its bytes are here.

    Raises:
        ValueError: the file changed on the server, or what came is not what the server described; nothing stays of it.
        OSError: the server refuses, the trouble lasts, or the disk is full; what came stays for the next time.
    """
    target, part = folder / file.path, part_path(file, folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    num_failures, furthest_bytes = 0, _size(part)
    while True:
        try:
            _pull(file, part, patience.timeout_s, on_progress)
            break
        except (TransientError, UnreachableError) as trouble:  # the host answered a moment ago, when it described it
            # Only what was never here before is progress, or a part that is lost each time were tried for ever.
            num_failures = 1 if _size(part) > furthest_bytes else num_failures + 1
            furthest_bytes = max(furthest_bytes, _size(part))
            patience.forgive(num_failures, trouble)
    problem = file.mismatch(part)
    if problem:
        part.unlink()
        raise ValueError(f"{file.url} came damaged: {problem}; it was deleted, run the same command again")
    part.replace(target)
    return target


def _pull(file: RemoteFile, part: Path, timeout_s: float, on_progress: Callable[[int], None]) -> None:
    """One attempt: ask for what is missing and append it."""
    here = _size(part)
    if here > file.size_bytes or (here and not _resumable(file)):
        part.unlink()
        here = 0
    if here == file.size_bytes:
        part.touch()  # a file of no bytes needs no request
        return
    headers = {"Range": f"bytes={here}-"} if here else {}
    if here and file.if_range:
        headers["If-Range"] = file.if_range
    try:
        response = open_url(file.url, headers=headers, timeout_s=timeout_s)
    except RefusedError as refusal:
        if refusal.status == PRECONDITION_FAILED:
            raise _changed(file, part) from None
        if refusal.status == RANGE_NOT_SATISFIABLE:
            part.unlink(missing_ok=True)
            raise TransientError(f"{file.url} cannot be continued at byte {here}") from None
        raise
    with response:
        start = _start(response, file, part)
        if start not in (0, here):
            part.unlink(missing_ok=True)
            raise TransientError(f"{file.url} was continued at byte {start} instead of {here}")
        _receive(response, file, part, start, on_progress)


def _start(response: HTTPResponse, file: RemoteFile, part: Path) -> int:
    """At which byte an answer begins, once it is known to be of the file that was described."""
    etag = response.headers.get("ETag", "")
    start, total = 0, response.headers.get("Content-Length")
    if response.status == PARTIAL_CONTENT:
        found = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", response.headers.get("Content-Range", ""))
        if found is None:
            raise _changed(file, part)
        start, total = int(found[1]), found[2]
    # Not every server knows If-Range: what it answers is compared too.
    other_version = bool(etag) and file.if_range.startswith('"') and etag != file.if_range
    if other_version or (total is not None and total != str(file.size_bytes)):
        raise _changed(file, part)
    return start


def _receive(
    response: HTTPResponse, file: RemoteFile, part: Path, start: int, on_progress: Callable[[int], None]
) -> None:
    here = start
    with disk_full_said(part.parent), part.open("ab" if start else "wb") as sink:
        on_progress(here)
        while here < file.size_bytes:
            try:
                chunk = response.read1(CHUNK_BYTES)
            except (OSError, http.client.HTTPException) as error:
                raise TransientError(f"the connection broke off at byte {here} of {file.url} ({error})") from None
            if not chunk:
                raise TransientError(f"the connection ended at byte {here} of {file.size_bytes} of {file.url}")
            sink.write(chunk)
            sink.flush()  # what is counted is in the file, however this run ends
            here += len(chunk)
            on_progress(here)


def _changed(file: RemoteFile, part: Path) -> ValueError:
    part.unlink(missing_ok=True)
    return ValueError(f"{file.url} changed on the server just now: run the same command again, it begins anew")


def _resumable(file: RemoteFile) -> bool:
    """Whether the rest of a file is sure to be of the same version as its beginning."""
    return file.pinned or bool(file.if_range)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
