"""Zip archives from elsewhere, unpacked so that nothing leaves the folder, fills the disk or stays half done."""

import json
import shutil
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Final

from data.download.disk import check_room, disk_full_said, size_text
from data.download.safe_path import check_distinct, safe_path

MAX_FILES: Final = 200_000
MAX_EXPANSION: Final = 100  # motion in floats expands two- or threefold, a bomb a thousandfold
CHUNK_BYTES: Final = 1 << 20
SOURCE_NAME: Final = "transflower_source.json"
ENCRYPTED: Final = 0x1


def unpack_zip(
    archive: Path, folder: Path, source: dict[str, Any], on_progress: Callable[[int, int], None] = lambda *_: None
) -> int:
    """Unpack an archive into a new folder, which appears when everything is in it; the number of files.

    Args:
        archive: a zip file.
        folder: to be made; it must not exist.
        source: where the archive comes from; kept in the folder as `transflower_source.json`.
        on_progress: Called with how many bytes are unpacked, of how many.

    Raises:
        ValueError: the archive is damaged, or holds what no honest archive holds; or the folder exists.
        OSError: the disk is full.
    """
    if folder.exists():
        raise ValueError(
            f"{folder} exists and is not what {archive.name} unpacks to: move it away, or choose another -o"
        )
    unfinished = folder.with_name(f".{folder.name}.unpacking")
    if unfinished.exists():
        shutil.rmtree(unfinished)  # of a run that was killed
    try:
        with disk_full_said(folder.parent), zipfile.ZipFile(archive) as zipped:
            members = checked_members(zipped, archive)
            total_bytes = sum(info.file_size for info, _ in members)
            check_room(folder.parent, total_bytes, f"unpacking {archive.name}")
            unfinished.mkdir(parents=True)
            done_bytes = 0
            for info, path in members:
                for num_bytes in _unpack_one(zipped, info, unfinished / path):
                    done_bytes += num_bytes
                    on_progress(done_bytes, total_bytes)
            text = json.dumps(source, indent=2) + "\n"
            (unfinished / SOURCE_NAME).write_text(text, encoding="utf-8")
            unfinished.rename(folder)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise ValueError(f"{archive} is damaged or no zip archive ({error}): delete it and fetch it again") from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return len(members)


def checked_members(zipped: zipfile.ZipFile, archive: Path) -> list[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """The files of an archive with their safe paths.

    Raises:
        ValueError: a name could leave the folder; a member is no plain file, or encrypted; it is a bomb.
    """
    infos = [info for info in zipped.infolist() if not _is_folder(info)]
    members = []
    for info in infos:
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise ValueError(f"{archive}: {info.orig_filename!r} is a link or a device, which no data set needs")
        if info.flag_bits & ENCRYPTED:
            raise ValueError(f"{archive}: {info.orig_filename!r} is encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(f"{archive}: {info.orig_filename!r} is packed by method {info.compress_type}, not deflate")
        try:
            members.append((info, safe_path(info.orig_filename)))
        except ValueError as error:
            raise ValueError(f"{archive}: {error}") from None
    try:
        check_distinct([*(path for _, path in members), PurePosixPath(SOURCE_NAME)])
    except ValueError as error:
        raise ValueError(f"{archive}: {error}") from None
    if len(members) > MAX_FILES:
        raise ValueError(f"{archive} holds {len(members)} files, more than {MAX_FILES}")
    total_bytes = sum(info.file_size for info in infos)
    archive_bytes = archive.stat().st_size
    if total_bytes > MAX_EXPANSION * archive_bytes:
        raise ValueError(
            f"{archive} would grow from {size_text(archive_bytes)} to {size_text(total_bytes)}, more than "
            f"{MAX_EXPANSION} times: it may be a zip bomb"
        )
    return members


def read_source(folder: Path) -> dict[str, Any] | None:
    """Where the contents of a folder that `unpack_zip` made come from; nothing if it did not make it."""
    try:
        document = json.loads((folder / SOURCE_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) else None


def _is_folder(info: zipfile.ZipInfo) -> bool:
    """Folders are made for their files. A name that leaves the folder is none of these, whatever its end."""
    name = info.orig_filename
    if not name.endswith("/"):
        return False
    try:
        safe_path(name.removesuffix("/"))
    except ValueError:
        return False
    return True


def _unpack_one(zipped: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> Iterator[int]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipped.open(info) as packed, path.open("xb") as plain:
        while chunk := packed.read(CHUNK_BYTES):  # never more than the declared size
            plain.write(chunk)
            yield len(chunk)
