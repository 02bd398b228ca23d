"""CRC-32C (Castagnoli), the checksum that Google Cloud Storage has of every file."""

from collections.abc import Iterable

import google_crc32c


def crc32c(chunks: Iterable[bytes]) -> int:
    """The checksum of a file that comes in chunks."""
    register = 0
    for chunk in chunks:
        register = google_crc32c.extend(register, bytes(chunk))
    return int(register)
