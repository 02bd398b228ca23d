"""The stage's door: connections that ask nothing, slowly or never, keep nobody out."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Iterator
from http.client import HTTPSConnection

import aiohttp
import psutil
import pytest

from bridge.stage.acceptor import MAX_CONNECTIONS
from tests.stage.stage_process import Stage, running_stage
from tests.waiting import GENEROUS_S, wait_until

pytestmark = [pytest.mark.usefixtures("warm_children"), pytest.mark.realtime]

TOKEN = "a-token-of-this-test"
NUM_SILENT = 1000
DESCRIPTORS = 512


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """One with as many descriptors as a machine may well give it."""
    with running_stage() as running:
        limit_descriptors(running)
        yield running


def limit_descriptors(running: Stage) -> None:
    process = running.process._process
    assert process is not None
    if hasattr(psutil, "RLIMIT_NOFILE"):
        psutil.Process(process.pid).rlimit(psutil.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))


@pytest.fixture
def descriptors() -> Iterator[None]:
    """Enough for both ends of a crowd."""
    resource = pytest.importorskip("resource", reason="no limits on descriptors to raise")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * NUM_SILENT
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"this machine gives a process {hard} descriptors: ulimit -Hn")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def place(stage: Stage) -> tuple[str, int]:
    return "127.0.0.1", int(stage.url.split(":")[2].strip("/"))


@contextlib.contextmanager
def crowd(stage: Stage, number: int, words: bytes) -> Iterator[list[socket.socket]]:
    """So many connections that have said this and no more; those that are turned away stay what they are."""
    with contextlib.ExitStack() as stack:
        clients = []
        for _ in range(number):
            client = stack.enter_context(socket.create_connection(place(stage), timeout=GENEROUS_S))
            with contextlib.suppress(OSError):
                client.sendall(words)
            clients.append(client)
        yield clients


def is_shown(stage: Stage) -> bool:
    async def ask() -> bool:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(GENEROUS_S)) as session:
            async with session.get(stage.url + "about") as answer:
                assert answer.status == 200
            async with session.ws_connect(stage.url + "socket") as viewer:
                return not viewer.closed

    return asyncio.run(ask())


def is_shown_by_tls(stage: Stage) -> bool:
    client = HTTPSConnection(*place(stage), timeout=GENEROUS_S, context=ssl._create_unverified_context())
    with contextlib.closing(client):
        client.request("GET", "/about", headers={"Authorization": f"Bearer {TOKEN}"})
        with client.getresponse() as answer:
            return answer.status == 200


@pytest.mark.usefixtures("descriptors")
@pytest.mark.parametrize("words", [b"", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: "], ids=["silent", "half a request"])
def test_a_thousand_half_open_connections_keep_no_viewer_out(stage: Stage, words: bytes) -> None:
    with crowd(stage, NUM_SILENT, words):
        for _ in range(10):
            assert is_shown(stage)
        stage.process.wait_noted("the stage is full: 127.0.0.1")


@pytest.mark.usefixtures("descriptors")
def test_a_thousand_that_never_finish_their_handshake_keep_no_viewer_out() -> None:
    with running_stage(host="0.0.0.0", token=TOKEN) as running:
        limit_descriptors(running)
        with crowd(running, NUM_SILENT, b"\x16\x03\x01\x02\x00"):  # the beginning of a TLS handshake
            assert is_shown_by_tls(running)
            running.process.wait_noted("the stage is full")
        process = psutil.Process(running.process._process.pid)  # type: ignore[union-attr]
        wait_until(lambda: len(process.net_connections()) < MAX_CONNECTIONS // 2, "those that left to be forgotten")


def test_who_dribbles_is_hung_up_on(stage: Stage) -> None:
    """A byte a moment, at the beginning and after an answer: there is a deadline for the whole."""
    asked = b"GET /about HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    with contextlib.ExitStack() as stack:
        first, later = (stack.enter_context(socket.create_connection(place(stage), GENEROUS_S)) for _ in range(2))
        later.sendall(asked + b"\r\n")
        assert later.recv(65_536).startswith(b"HTTP/1.1 200")
        waiting = [first, later]
        for client in waiting:
            client.settimeout(0.01)
            client.sendall(asked + b"X: ")

        def is_over(client: socket.socket) -> bool:
            try:
                client.sendall(b"y")
                return client.recv(65_536) == b""
            except TimeoutError:
                return False
            except OSError:
                return True

        def are_over() -> bool:
            waiting[:] = [client for client in waiting if not is_over(client)]
            return not waiting

        wait_until(are_over, "the stage to hang up on both")


def test_who_speaks_no_tls_is_hung_up_on() -> None:
    with running_stage(host="0.0.0.0", token=TOKEN) as running:
        with socket.create_connection(place(running), timeout=GENEROUS_S) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            with contextlib.suppress(ConnectionResetError, ssl.SSLError):
                while client.recv(4096):
                    pass
        assert is_shown_by_tls(running)
