"""A file on a server: where it is, how large, and what proves that a copy is good."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from data.download.crc32c import crc32c

CHUNK_BYTES: Final = 1 << 20


@dataclass(frozen=True, kw_only=True)
class RemoteFile:
    """What a server says of one file.

    Attributes:
        url: where its bytes are.
        path: where it belongs in the folder that is filled.
        size_bytes: its length.
        md5: its MD5 digest, if the server knows it.
        crc32c: its CRC-32C, if the server knows it.
        if_range: the validator that a request for the rest of it carries (RFC 9110, 13.1.5), if there is one.
        pinned: the URL is of this version of the file only.
    """

    url: str
    path: PurePosixPath
    size_bytes: int
    md5: bytes | None = None
    crc32c: int | None = None
    if_range: str = ""
    pinned: bool = False

    @property
    def fingerprint(self) -> str:
        """What tells this version of the file from any other."""
        if self.md5 is not None:
            value = f"MD5 {self.md5.hex()}"
        elif self.crc32c is not None:
            value = f"CRC32C {self.crc32c:08x}"
        else:
            value = self.if_range
        return f"{self.size_bytes} bytes, {value}" if value else f"{self.size_bytes} bytes"

    @property
    def identity(self) -> str:
        """Eight characters that change when the file does."""
        facts = (self.url, self.fingerprint, self.if_range)
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:8]

    @property
    def proof(self) -> str:
        """What a copy is checked by, for people."""
        if self.md5 is not None:
            return "MD5"
        if self.crc32c is not None:
            return "CRC32C, as the server has no MD5 of it"
        return "its size only, as the server has no checksum of it"

    def mismatch(self, path: Path) -> str:
        """What is wrong with a copy, in words; empty if it is good."""
        size_bytes = path.stat().st_size
        if size_bytes != self.size_bytes:
            return f"its size is {size_bytes} bytes, not {self.size_bytes}"
        if self.md5 is not None:
            digest = hashlib.md5(usedforsecurity=False)
            for chunk in _chunks(path):
                digest.update(chunk)
            if digest.digest() != self.md5:
                return f"its MD5 is {digest.hexdigest()}, not {self.md5.hex()}"
        elif self.crc32c is not None:
            checksum = crc32c(_chunks(path))
            if checksum != self.crc32c:
                return f"its CRC32C is {checksum:08x}, not {self.crc32c:08x}"
        return ""


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
