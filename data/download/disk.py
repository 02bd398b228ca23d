"""Room on a disk: asked for before, and a sentence when it runs out."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def check_room(folder: Path, num_bytes: int, purpose: str) -> None:
    """Refuse what cannot fit. The folder need not exist yet.

    Raises:
        ValueError: its disk has less room, with both numbers.
    """
    place = next(parent for parent in [folder.absolute(), *folder.absolute().parents] if parent.is_dir())
    free_bytes = shutil.disk_usage(place).free
    if num_bytes > free_bytes:
        raise ValueError(
            f"{purpose} needs {size_text(num_bytes)}, but the disk of {folder} has {size_text(free_bytes)} of room"
        )


@contextmanager
def disk_full_said(folder: Path) -> Iterator[None]:
    """A block in which a full disk becomes a sentence.

    Raises:
        OSError: the disk is full.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise OSError(
            error.errno, f"the disk of {folder} is full: make room and run the same command again, it goes on from here"
        ) from None


def size_text(num_bytes: int) -> str:
    """A number of bytes for people, in powers of 1000 as disks and servers state it."""
    size = float(num_bytes)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} TB"
