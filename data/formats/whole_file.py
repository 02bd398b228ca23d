"""Files that appear whole or not at all."""

import contextlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A name beside `path` to write to; the file takes the place of `path` when the block ends well, or goes.

    So no reader ever sees half a file, and a failed write leaves an older one as it was. The writer makes the file
    itself, with the rights that the umask gives (those of `tempfile` only their owner may read). An error of the disk
    names `path`.

    Example:
        >>> with whole_file(Path("report.txt")) as part:
        ...     _ = part.write_text("complete")
        >>> Path("report.txt").read_text(), part.exists()
        ('complete', False)
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        yield part
        part.replace(path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno is not None and error.filename in (None, str(part)):
            raise OSError(error.errno, error.strerror, str(path)) from error  # of the same class, by its number
        raise
