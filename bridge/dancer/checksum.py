"""Checksums: whether a file is the very one, or holds the very dancer."""

import hashlib
import json
from pathlib import Path
from typing import Final

from models.files.checkpoint_header import HEADER_KEY

_SIZE_BYTES: Final = 8
_MAX_HEADER_BYTES: Final = 100_000_000
_DANCE_NOTHING: Final = ("audio_fingerprint", "provenance")
"""Entries of a dancer's header that change when it is stamped for another beat tracker."""


def sha256(path: Path) -> str:
    """SHA-256 of a file's content, in hexadecimal.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def dancer_digest(path: Path) -> str | None:
    """SHA-256 of what dances in a .safetensors file: its weights, and its header but for what a stamp changes.

    Returns:
        Hexadecimal; None where the file is no such dancer.

    Raises:
        OSError: It cannot be read.

    Example:
        >>> from models.files.checkpoint_header import default_path
        >>> len(dancer_digest(default_path()))
        64
    """
    with path.open("rb") as file:
        size = int.from_bytes(file.read(_SIZE_BYTES), "little")
        if size > _MAX_HEADER_BYTES:
            return None
        try:
            tensors = json.loads(file.read(size))
            header = json.loads(tensors.pop("__metadata__")[HEADER_KEY])
            kept = {name: value for name, value in header.items() if name not in _DANCE_NOTHING}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        digest = hashlib.sha256(json.dumps([tensors, kept], sort_keys=True).encode())
        return hashlib.file_digest(file, lambda: digest).hexdigest()
