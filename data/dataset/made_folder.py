"""Folders that a command makes and may replace: nothing of anyone else's is removed with them."""

from __future__ import annotations

from collections.abc import Collection
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
