"""Names from elsewhere, of an archive or a bucket, as paths that cannot leave their folder."""

import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Final

# To open a file of such a name on Windows is to open the device, whatever its ending.
DEVICES: Final = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{number}" for number in range(10)), *(f"lpt{number}" for number in range(10))]
)
LONGEST_PART_BYTES: Final = 255


def safe_path(name: str) -> PurePosixPath:
    """The relative path that a name with forward slashes stands for.

    The rules are the same on every system, so that what one computer unpacks another can read: no absolute path, no
    step upwards, no drive, no backslash, no device of Windows, no control character, no final dot or space.

    Raises:
        ValueError: the name breaks a rule, with the rule.
    """
    for part in name.split("/"):
        rule = _broken_rule(part)
        if rule:
            raise ValueError(f"unsafe name {name!r}: {rule}")
    return PurePosixPath(name)


def _broken_rule(part: str) -> str:
    if not part:
        return "it is absolute or has an empty part"
    if part in (".", ".."):
        return "it steps through folders"
    if "\\" in part or ":" in part:
        return "backslashes and colons mean other folders and drives on Windows"
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in part):
        return "it has a control character"
    if part[-1] in ". ":
        return "Windows drops a dot or a space at the end"
    if part.split(".")[0].strip().casefold() in DEVICES:
        return "it is a device on Windows"
    if len(part.encode()) > LONGEST_PART_BYTES:
        return f"a part is longer than {LONGEST_PART_BYTES} bytes"
    return ""


def check_distinct(paths: Iterable[PurePosixPath]) -> None:
    """Refuse files of which one would overwrite another, also where capital and small letters are the same.

    Raises:
        ValueError: two paths are one, or a path is a file and a folder.
    """
    files: set[str] = set()
    folders: set[str] = set()
    for path in paths:
        key = _key(path)
        if key in files:
            raise ValueError(f"unsafe name {str(path)!r}: there are two files of this name")
        files.add(key)
        folders.update(_key(parent) for parent in path.parents)
    for both in sorted(files & folders):
        raise ValueError(f"unsafe name {both!r}: it is a file and a folder")


def _key(path: PurePosixPath) -> str:
    return unicodedata.normalize("NFC", str(path)).casefold()
