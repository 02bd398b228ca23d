"""What a public server offers: files whose address is known, and all files of a bucket of Google Cloud Storage.

A bucket is listed by the JSON interface (cloud.google.com/storage/docs/json_api/v1/objects/list) and read by its media
form. Both are made from that documentation and have been tried with servers that follow it, not with Google's.
"""

import base64
import binascii
import http.client
import json
from collections.abc import Iterator
from functools import partial
from typing import Any, Final
from urllib.parse import quote, unquote, urlencode, urlsplit

from data.download.remote_file import RemoteFile
from data.download.safe_path import check_distinct, safe_path
from data.download.web import Patience, TransientError, host_of, open_url

MAX_PAGES: Final = 1000
MAX_PAGE_BYTES: Final = 16 << 20
FIELDS: Final = "nextPageToken,items(name,size,generation,md5Hash,crc32c)"


def describe(url: str, patience: Patience) -> RemoteFile:
    """A file of known address, from the headers of the answer to HEAD.

    Google Cloud Storage adds checksums to these headers (x-goog-hash).

    Raises:
        OSError: the server does not answer, or has no such file.
        ValueError: it does not say how large the file is.
    """

    def ask() -> RemoteFile:
        with open_url(url, method="HEAD", timeout_s=patience.timeout_s) as response:
            headers = response.headers
        length = headers.get("Content-Length", "")
        if not length.isdecimal():
            raise ValueError(f"{url}: the server does not say how large the file is")
        hashes = dict(
            entry.strip().partition("=")[::2]
            for line in headers.get_all("x-goog-hash", [])
            for entry in line.split(",")
        )
        etag = headers.get("ETag", "")
        return RemoteFile(
            url=url,
            path=safe_path(unquote(urlsplit(url).path.rpartition("/")[2])),
            size_bytes=int(length),
            md5=_digest(hashes.get("md5"), 16),
            crc32c=_checksum(hashes.get("crc32c")),
            # A weak validator does not promise the same bytes; If-Range may not carry it (RFC 9110, 13.1.5).
            if_range=etag if etag.startswith('"') else headers.get("Last-Modified", ""),
        )

    return patience.attempt(ask)


def list_bucket(endpoint: str, bucket: str, prefix: str, patience: Patience) -> list[RemoteFile]:
    """All files of a bucket whose names begin with the prefix, each pinned to the version that was listed.

    Raises:
        OSError: the server does not answer, or does not show the bucket to the public.
        ValueError: there are none, or the answer is no listing, or a name could leave the folder that is filled.
    """
    files = [
        _listed(endpoint, bucket, item)
        for page in _pages(endpoint, bucket, prefix, patience)
        for item in page.get("items", [])
        if not str(item.get("name", "")).endswith("/")  # consoles make these to show an empty folder
    ]
    if not files:
        raise ValueError(f"there is nothing in gs://{bucket}/{prefix}, as {endpoint} says")
    check_distinct(file.path for file in files)
    return files


def _pages(endpoint: str, bucket: str, prefix: str, patience: Patience) -> Iterator[dict[str, Any]]:
    query = {"prefix": prefix, "fields": FIELDS}
    tokens: set[str] = set()
    while True:
        url = f"{endpoint}/storage/v1/b/{quote(bucket, safe='')}/o?{urlencode(query)}"
        page = patience.attempt(partial(_page, url, patience.timeout_s))
        yield page
        token = str(page.get("nextPageToken", ""))
        if not token:
            return
        if token in tokens or len(tokens) == MAX_PAGES:
            raise ValueError(
                f"the list of gs://{bucket}/{prefix} does not end: page {token!r} follows page {len(tokens)}"
            )
        tokens.add(token)
        query["pageToken"] = token


def _page(url: str, timeout_s: float) -> dict[str, Any]:
    with open_url(url, timeout_s=timeout_s) as response:
        try:
            text = response.read(MAX_PAGE_BYTES)
        except (OSError, http.client.HTTPException) as error:
            raise TransientError(f"{host_of(url)} broke off in its list of files ({error})") from None
    try:
        page = json.loads(text)
    except (ValueError, RecursionError):
        page = None
    if not isinstance(page, dict) or not all(isinstance(item, dict) for item in _items(page)):
        raise ValueError(f"{host_of(url)} does not answer with a list of files; something between may have replaced it")
    return page


def _items(page: dict[str, Any]) -> list[Any]:
    items = page.get("items", [])
    return items if isinstance(items, list) else [None]


def _listed(endpoint: str, bucket: str, item: dict[str, Any]) -> RemoteFile:
    name, size, generation = (str(item.get(key, "")) for key in ("name", "size", "generation"))
    if not (size.isdecimal() and generation.isdecimal()):
        raise ValueError(f"gs://{bucket}/{name} is listed without its size and version")
    place = f"{endpoint}/storage/v1/b/{quote(bucket, safe='')}/o/{quote(name, safe='')}"
    return RemoteFile(
        url=f"{place}?alt=media&ifGenerationMatch={generation}",
        path=safe_path(name),
        size_bytes=int(size),
        md5=_digest(item.get("md5Hash"), 16),
        crc32c=_checksum(item.get("crc32c")),
        pinned=True,
    )


def _checksum(text: object) -> int | None:
    digest = _digest(text, 4)
    return None if digest is None else int.from_bytes(digest, "big")


def _digest(text: object, num_bytes: int) -> bytes | None:
    if text is None:
        return None
    try:
        digest = base64.b64decode(str(text), validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if len(digest) != num_bytes:
        raise ValueError(f"the server sent {text!r} where a checksum of {num_bytes} bytes belongs")
    return digest
