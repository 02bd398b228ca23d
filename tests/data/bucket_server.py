"""A small server on this machine that behaves like a public bucket of Google Cloud Storage, or badly when asked to.

It follows the public documentation of the JSON interface (lists in pages, media with ifGenerationMatch) and of plain
addresses (ETag, x-goog-hash, Range, If-Range).
"""

import base64
import hashlib
import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from data.download.crc32c import crc32c


class BucketServer(ThreadingHTTPServer):
    """Files by their names, and how they are served.

    Attributes:
        objects: bytes of every file, by its path behind the host for plain addresses, or its name in the bucket.
        generations: the version of a file; 1 if it is not here.
        faults: what becomes of the next requests for bytes, in order: a status, "truncate" or "stall" after
            `fault_bytes`, or "" for a good answer.
        requests: method and path, Range and If-Range, of all requests.
        sent_bytes: bytes of files that were sent.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.objects: dict[str, bytes] = {}
        self.generations: dict[str, int] = {}
        self.faults: list[int | str] = []
        self.fault_bytes = 1000
        self.retry_after = ""
        self.hashes = ["crc32c", "md5"]
        self.lie = False
        self.validators = True
        self.knows_range = True
        self.knows_if_range = True
        self.page_items = 1000
        self.raw_page: bytes | None = None
        self.list_status = 200
        self.requests: list[tuple[str, str, str]] = []
        self.sent_bytes = 0
        self.stop_stalling = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def etag(self, name: str) -> str:
        return f'"{hashlib.sha256(self.objects[name]).hexdigest()[:16]}"'

    def checksums(self, name: str) -> dict[str, str]:
        content = b"another file" if self.lie else self.objects[name]
        found = {
            "md5": base64.b64encode(hashlib.md5(content).digest()).decode(),
            "crc32c": base64.b64encode(crc32c([content]).to_bytes(4, "big")).decode(),
        }
        return {kind: found[kind] for kind in self.hashes}

    def ranges(self) -> list[str]:
        """The Range headers of the requests for bytes, in order."""
        return [wanted for _, wanted, _ in self.requests if wanted]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the play."""


class Handler(BaseHTTPRequestHandler):
    server: BucketServer
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.close_connection = True
        self.server.requests.append((self.path, self.headers.get("Range", ""), self.headers.get("If-Range", "")))
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        if parts.path.endswith("/o") and parts.path.startswith("/storage/v1/b/"):
            return self.list_page(query)
        if parts.path.startswith("/storage/v1/b/"):
            name = unquote(parts.path.split("/o/", 1)[1])
            wanted = query.get("ifGenerationMatch", [""])[0]
            if name in self.server.objects and wanted != str(self.server.generations.get(name, 1)):
                return self.refuse(412)
            return self.send_object(name)
        return self.send_object(unquote(parts.path).lstrip("/"))

    def list_page(self, query: dict[str, list[str]]) -> None:
        server = self.server
        if server.list_status != 200:
            self.refuse(server.list_status)
            return
        names = sorted(name for name in server.objects if name.startswith(query["prefix"][0]))
        start = int(query.get("pageToken", ["0"])[0], 16)
        items = [
            {
                "name": name,
                "size": str(len(server.objects[name])),
                "generation": str(server.generations.get(name, 1)),
                **{{"md5": "md5Hash"}.get(kind, kind): text for kind, text in server.checksums(name).items()},
            }
            for name in names[start : start + server.page_items]
        ]
        page: dict[str, Any] = {"items": items} if items else {}
        if start + server.page_items < len(names):
            page["nextPageToken"] = f"{start + server.page_items:x}"
        body = json.dumps(page).encode() if server.raw_page is None else server.raw_page
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_object(self, name: str) -> None:
        server = self.server
        fault = server.faults.pop(0) if server.faults else ""
        if isinstance(fault, int):
            return self.refuse(fault)
        if name not in server.objects:
            return self.refuse(404)
        content, start = server.objects[name], 0
        wanted, condition = self.headers.get("Range", ""), self.headers.get("If-Range", "")
        if (
            wanted
            and server.knows_range
            and (not condition or condition == server.etag(name) or not server.knows_if_range)
        ):
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            if start >= len(content):
                return self.refuse(416)
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(content) - start))
        for kind, text in server.checksums(name).items():
            self.send_header("x-goog-hash", f"{kind}={text}")
        if server.validators:
            self.send_header("ETag", server.etag(name))
        self.end_headers()
        if self.command == "HEAD":
            return None
        body = content[start:]
        if fault:
            body = body[: server.fault_bytes]
        server.sent_bytes += len(body)  # before they leave: whoever has received them may look here at once
        self.wfile.write(body)
        self.wfile.flush()
        if fault == "stall":
            server.stop_stalling.wait()  # until the block of `running_server` ends: no stall is over too early
        elif fault == "reset":
            linger = struct.pack("ii", 1, 0)  # a close that tears the connection down
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        return None

    def refuse(self, status: int) -> None:
        self.send_response(status)
        if self.server.retry_after:
            self.send_header("Retry-After", self.server.retry_after)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def running_server() -> Iterator[BucketServer]:
    """A server that answers while the block runs."""
    with BucketServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.stop_stalling.set()
            server.shutdown()
            thread.join()
