"""The files of a show: whether takes can be written, and for how long; the preset that it begins with."""

import shutil
import tempfile
from pathlib import Path
from typing import Final

from bridge.checks.finding import CheckResult
from bridge.control.presets import load_preset

_LITTLE_BYTES: Final = 1_000_000_000
_BYTES_A_SECOND: Final = 35_000
"""A take of 30 frames a second: 121 features and two poses of 19 bones each, as if nothing could be packed."""


def check_takes_folder(folder: Path) -> list[CheckResult]:
    """Writes a file without a name into the folder of takes, or where it would be made; leaves nothing behind.

    Args:
        folder: Where takes would be kept; it need not exist.
    """
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    found = f"{folder}" if folder.exists() else f"{folder} (will be made)"
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"take")
            file.flush()
        free_bytes = shutil.disk_usage(place).free
    except OSError as error:
        advice = "choose another folder by --takes, or keep no take by --no-record"
        finding = f"nothing can be written to {folder}: {error.strerror or error}"
        return [CheckResult(check="takes", verdict="problem", found=finding, advice=advice)]
    found += f", {free_bytes / 1e9:.1f} GB free, enough for {free_bytes / _BYTES_A_SECOND / 3600:.0f} hours"
    if free_bytes < _LITTLE_BYTES:
        advice = "make room, or choose another disk by --takes"
        return [CheckResult(check="takes", verdict="warning", found=found, advice=advice)]
    return [CheckResult(check="takes", verdict="ok", found=found)]


def check_preset(
    folder: Path, name: str, styles: tuple[str, ...], seed_poses: tuple[str, ...] = ()
) -> list[CheckResult]:
    """Whether the preset that a show begins with can be recalled.

    Args:
        folder: Where presets are.
        name: Of the preset.
        styles: What the dancer knows.
        seed_poses: What the dancer can start from.
    """
    try:
        load_preset(folder, name, styles, seed_poses)
    except (ValueError, OSError) as error:
        advice = "name another by --preset, another folder by --presets, or correct the file"
        return [CheckResult(check="preset", verdict="problem", found=str(error), advice=advice)]
    return [CheckResult(check="preset", verdict="ok", found=f"{name} of {folder}")]
