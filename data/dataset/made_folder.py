"""Folders that a command makes and may replace: nothing of anyone else's is removed with them."""

import itertools
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from data.dataset.modality_description import FILE_NAME


def check_destination(out: Path, endings: Collection[str], *, overwrite: bool) -> None:
    """Refuses a destination whose content would be lost.

    Args:
        out: The folder to make.
        endings: How the names of files end that the command itself writes beside `modalities.json`.
        overwrite: Whether a folder that holds only such files may be replaced.

    Raises:
        ValueError: With the way out.
    """
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    if not (out / FILE_NAME).is_file():
        raise ValueError(f"{out} exists and is not a folder of features: name another one")
    if not overwrite:
        raise ValueError(f"{out} exists: name another folder, or say --overwrite")
    own = tuple(endings)
    for path in sorted(out.iterdir()):
        if not path.is_file() or (path.name != FILE_NAME and not path.name.endswith(own)):
            raise ValueError(
                f"{path} was not written by this command and would be lost: move it, or name another folder"
            )


@contextmanager
def appearing(out: Path) -> Iterator[Path]:
    """A folder beside `out` that takes its place when the block ends well, or goes.

    A link is followed: what it names is replaced. What was at `out` is removed only when the new folder is there.
    """
    out = out.resolve()
    unfinished = out.with_name(out.name + ".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir(parents=True)  # here, as a signal may come as soon as it is made
        yield unfinished
        _replace(out, unfinished)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _replace(out: Path, new: Path) -> None:
    if not out.exists():
        new.rename(out)
        return
    names = (out.with_name(f"{out.name}.old{number or ''}") for number in itertools.count())
    aside = next(path for path in names if not path.exists())  # a folder of that name may be anyone's
    out.rename(aside)
    try:
        new.rename(out)
    except BaseException:
        aside.rename(out)
        raise
    shutil.rmtree(aside)
