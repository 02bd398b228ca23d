"""The stage's own process, over real sockets: who may come in, what is served, and what a viewer is told."""

import asyncio
import json
import os
import signal
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType
from pythonosc.osc_message import OscMessage

from bridge.stage.mirror import MAX_VIEWERS
from bridge.stage.process import StageProcess
from bridge.stage.server import page_files
from bridge.stage.settings import StageSettings
from bridge.wire.dance_protocol import Status, encode_status
from bridge.wire.osc_template import bundle, message_head, osc_string
from tests.end_to_end.witness import messages_in
from tests.stage.bridge_process import wait_until

TOKEN = "a-token-of-this-test"
PING = message_head("/dance/ping", "h") + struct.pack(">q", 41)
ENERGY = message_head("/dance/control/energy", "f") + struct.pack(">f", 0.25)


class Stage:
    """A stage in its process, and the two ends that a bridge would have."""

    def __init__(self, **settings: Any) -> None:
        self.inbox = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.inbox.bind(("127.0.0.1", 0))
        self.inbox.settimeout(5)
        address = self.inbox.getsockname()
        self.process = StageProcess(StageSettings(port=0, control_address=address, about={"dancer": "x"}, **settings))
        self.process.start()
        assert self.process.target is not None
        self.mirror = ("127.0.0.1", self.process.target.port)
        self.url = self.process.urls[-1].partition("?")[0]

    def tell(self, *datagrams: bytes) -> None:
        """Sends as the bridge does."""
        for datagram in datagrams:
            self.inbox.sendto(datagram, self.mirror)

    def heard(self) -> bytes:
        """The next datagram that the bridge would get."""
        return self.inbox.recv(4096)

    def heard_nothing(self) -> bool:
        self.inbox.settimeout(0.3)
        try:
            self.inbox.recv(4096)
        except TimeoutError:
            return True
        finally:
            self.inbox.settimeout(5)
        return False

    def close(self) -> None:
        self.process.stop()
        self.inbox.close()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("stage")
    (folder / "presets").mkdir()
    (folder / "presets/calm.yaml").write_text("energy: 0.2\n")
    (folder / "takes").mkdir()
    (folder / "takes/broken.take").write_bytes(b"no take at all")
    (folder / "secret.take").write_bytes(b"SECRET")
    running = Stage(takes=folder / "takes", presets=folder / "presets")
    yield running
    running.close()


@pytest.fixture(scope="module")
def guarded() -> Iterator[Stage]:
    """One that wants a token, at a loopback address."""
    running = Stage(token=TOKEN)
    running.url = running.url.replace("https", "http")
    yield running
    running.close()


def get(url: str, path: str = "", *, method: str = "GET", **options: Any) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer; redirections are not followed."""

    async def ask() -> tuple[int, dict[str, str], bytes]:
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.request(method, url + path, allow_redirects=False, **options) as answer,
        ):
            return answer.status, dict(answer.headers), await answer.read()

    return asyncio.run(ask())


def raw(url: str, request: bytes) -> bytes:
    """What the server answers to these very bytes."""
    host, port = url.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request)
        answer = b""
        while chunk := connection.recv(65_536):
            answer += chunk
    return answer


def test_the_page_is_served_and_keeps_to_itself(stage: Stage) -> None:
    for address, path in page_files().items():
        status, headers, body = get(stage.url, address[1:])
        assert (status, body) == (200, path.read_bytes()), address
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "aiohttp" not in headers["Server"]
    assert get(stage.url)[1]["Content-Type"] == "text/html"


def test_the_page_loads_nothing_from_afar() -> None:
    """Every address in the page's own text is this stage's; those in its libraries are names, not loaded."""
    html = page_files()["/"].read_text()
    assert "http://" not in html
    assert "https://" not in html
    styles = "".join(path.read_text() for path in page_files().values() if path.suffix == ".css")
    assert "url(http" not in styles
    assert "@import" not in styles


@pytest.mark.parametrize(
    "path",
    [
        "/../settings.py",
        "/..%2fsettings.py",
        "/assets/../../server.py",
        "/assets/%2e%2e/%2e%2e/server.py",
        "/%00",
        "//etc/passwd",
        "/takes/../secret.take",
        "/takes/..%2fsecret.take",
        "/takes/..%5csecret.take",
        "/takes/none.take",
        "/takes/none.bvh",
        "/takes/broken.exe",
        "/takes/",
    ],
)
def test_no_path_leads_out_of_the_page(stage: Stage, path: str) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
    answer = raw(stage.url, request)
    assert answer.split(b" ")[1] in (b"404", b"400"), answer[:200]
    assert b"SECRET" not in answer
    assert b"import" not in answer
    assert b"Traceback" not in answer


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_the_stage_is_for_reading(stage: Stage, method: str) -> None:
    assert get(stage.url, "about", method=method)[0] == 405


def test_a_foreign_host_or_origin_is_turned_away(stage: Stage) -> None:
    own = stage.url.rstrip("/")
    assert get(stage.url, "about", headers={"Origin": own})[0] == 200
    for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        for path in ("", "about", "socket", "takes"):
            status, _, body = get(stage.url, path, headers=headers)
            assert status == 403, (headers, path)
            assert b"dancer" not in body
    assert get(stage.url, "about", headers={"Host": "localhost:1"})[0] == 200


def test_without_the_token_nothing_is_told(guarded: Stage) -> None:
    for path in ("", "about", "socket", "takes", "presets", "avatar.vrm", "?token=", "?token=wrong", "about?token=x"):
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}, {"Cookie": "a=b"}):
            status, answered, body = get(guarded.url, path, headers=headers)
            assert status == 401, (path, headers)
            assert TOKEN.encode() not in body
            assert "Set-Cookie" not in answered
    assert "token" in str(guarded.process.notice)


def test_the_token_in_the_address_becomes_a_cookie(guarded: Stage) -> None:
    status, headers, _ = get(guarded.process.urls[0])  # what is printed, on loopback too
    assert (status, headers["Location"]) == (303, "./")
    cookie = headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert get(guarded.url, "about", headers={"Cookie": cookie.partition(";")[0]})[0] == 200
    assert get(guarded.url, "about", headers={"Authorization": f"Bearer {TOKEN}"})[0] == 200


def test_a_stage_on_the_network_speaks_https_and_wants_a_token() -> None:
    with pytest.raises(ValueError, match="token"):
        StageSettings(host="0.0.0.0")
    running = Stage(host="0.0.0.0", token=TOKEN)
    try:
        url = running.process.urls[-1]  # those of a network come first, loopback last
        assert url.startswith("https://127.0.0.1:")
        assert url.endswith(f"?token={TOKEN}")
        place = url.partition("?")[0]
        assert get(place, ssl=False)[0] == 401
        status, headers, _ = get(url, ssl=False)
        assert status == 303
        assert "Secure" in headers["Set-Cookie"]
        assert get(place, "about", ssl=False, headers={"Authorization": f"Bearer {TOKEN}"})[0] == 200
    finally:
        running.close()


def test_what_is_wrong_is_told_once(guarded: Stage) -> None:
    get(guarded.url, "about", headers={"Origin": "https://evil.example"})
    assert "Origin" in str(wait_until(lambda: guarded.process.notice, what="a notice"))
    get(guarded.url, "about", headers={"Authorization": "Bearer wrong"})
    get(guarded.url, "about", headers={"Origin": "https://evil.example"})
    time.sleep(0.3)
    assert "Origin" in str(guarded.process.notice)  # neither the old reason nor the same again


async def join(session: aiohttp.ClientSession, stage: Stage, **options: Any) -> aiohttp.ClientWebSocketResponse:
    return await session.ws_connect(stage.url + "socket", **options)


async def news(viewer: aiohttp.ClientWebSocketResponse, address: str, seconds: float = 5.0) -> OscMessage:
    """The next message to an address."""
    async with asyncio.timeout(seconds):
        async for packet in viewer:
            assert packet.type is WSMsgType.BINARY
            for message in messages_in(packet.data):
                if message.address == address:
                    return message
    raise AssertionError(f"the stage hung up ({viewer.close_code}) without {address}")


def status_of(number: int) -> bytes:
    return encode_status(Status(state="dancing", dropped=number))


def test_a_viewer_is_told_what_the_bridge_tells_and_who_comes_late_what_is_known(stage: Stage) -> None:
    async def watch() -> None:
        async with aiohttp.ClientSession() as session:
            first = await join(session, stage)
            stage.tell(status_of(7), b"no OSC", bundle([ENERGY]))
            assert (await news(first, "/dance/status")).params == ["dancing", 7]
            assert (await news(first, "/dance/control/energy")).params == [0.25]
            late = await join(session, stage)
            assert (await news(late, "/dance/status")).params == ["dancing", 7]
            assert (await news(first, "/dance/viewers")).params == [2]

    asyncio.run(watch())


def test_a_viewer_steers_and_is_answered_a_ping(stage: Stage) -> None:
    async def steer() -> None:
        async with aiohttp.ClientSession() as session:
            viewer = await join(session, stage)
            begin_us = time.monotonic_ns() // 1000
            await viewer.send_bytes(bundle([ENERGY, PING]))
            assert await asyncio.to_thread(stage.heard) == ENERGY
            token, time_us = (await news(viewer, "/dance/pong")).params
            assert token == 41
            assert begin_us <= time_us <= time.monotonic_ns() // 1000

    asyncio.run(steer())


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        pytest.param("hello", 1003, id="text"),
        pytest.param(b"hello", 1007, id="no OSC"),
        pytest.param(b"", 1007, id="nothing"),
        pytest.param(ENERGY[:-1], 1007, id="cut short"),
        pytest.param(osc_string("/VMC/Ext/OK") + osc_string(","), 1008, id="another protocol"),
        pytest.param(bundle([ENERGY, osc_string("/dance/pose") + osc_string(",")]), 1008, id="what only a bridge says"),
        pytest.param(message_head("/dance/ping", "s") + osc_string("now"), 1008, id="wrong type"),
        pytest.param(bytes(1473), 1009, id="a byte too long"),
        pytest.param(bytes(100_000), 1009, id="much too long"),
    ],
)
def test_what_is_no_business_of_a_viewer_ends_its_visit(stage: Stage, wrong: str | bytes, code: int) -> None:
    async def misbehave() -> int | None:
        async with aiohttp.ClientSession() as session:
            viewer = await join(session, stage)
            await (viewer.send_str(wrong) if isinstance(wrong, str) else viewer.send_bytes(wrong))
            async with asyncio.timeout(5):
                async for _ in viewer:
                    pass
            return viewer.close_code

    assert asyncio.run(misbehave()) == code
    assert stage.heard_nothing()
    assert stage.process.notice


def test_a_viewer_who_floods_is_hung_up_on(stage: Stage) -> None:
    async def flood() -> int | None:
        async with aiohttp.ClientSession() as session:
            viewer = await join(session, stage)
            for _ in range(2000):
                if viewer.closed:
                    break
                await viewer.send_bytes(PING)
            async for _ in viewer:
                pass
            return viewer.close_code

    assert asyncio.run(flood()) in (1008, 1006)  # 1006 where our own writing found the line cut


def test_a_viewer_who_does_not_read_misses_frames_and_holds_up_nobody(stage: Stage) -> None:
    """One connection stops reading. Another one meanwhile gets every message; then the first gets the newest."""

    async def watch() -> tuple[list[int], list[int]]:
        async with aiohttp.ClientSession() as session:
            quick = await join(session, stage)
            slow = await join(session, stage)
            slow._response.connection.transport.pause_reading()
            got: list[int] = []
            for number in range(1, 4001):  # 1.5 MB, more than all buffers of a loopback connection hold
                pose = message_head("/dance/pose", "ihib") + struct.pack(">iqii", number, 0, 1, 400) + bytes(400)
                stage.tell(pose)
                got.append((await news(quick, "/dance/pose")).params[0])
            slow._response.connection.transport.resume_reading()
            late: list[int] = []
            while not late or late[-1] < 4000:
                late.append((await news(slow, "/dance/pose")).params[0])
            return got, late

    got, late = asyncio.run(watch())
    assert got == list(range(1, 4001))
    assert late == sorted(late)
    assert len(late) < 4000


def test_there_is_room_for_so_many(stage: Stage) -> None:
    async def crowd() -> int:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            seated = [await join(session, stage) for _ in range(MAX_VIEWERS)]
            try:
                seated.append(await join(session, stage))
            except aiohttp.WSServerHandshakeError as error:
                return error.status
            return 101

    wait_until(lambda: asyncio.run(crowd()) == 503, 10, "earlier viewers to be gone")


def test_presets_takes_and_what_is_wrong_with_them(stage: Stage) -> None:
    assert json.loads(get(stage.url, "presets")[2]) == ["calm"]
    (take,) = json.loads(get(stage.url, "takes")[2])
    assert take["name"] == "broken.take"
    assert take["problem"]
    assert str(Path.cwd()) not in take["problem"]
    status, _, body = get(stage.url, "takes/broken.bvh")
    assert status == 409
    assert body.startswith(b"broken.take: ")
    assert b"/" not in body.removeprefix(b"broken.take: ")


def test_a_socket_is_asked_for_properly(stage: Stage) -> None:
    assert get(stage.url, "socket")[0] == 426


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_a_stage_that_dies_comes_back_at_its_place(stage: Stage) -> None:
    before = stage.process._process
    assert before is not None
    os.kill(before.pid, signal.SIGKILL)
    wait_until(lambda: stage.process._process is not before, what="another process")

    async def watch() -> None:
        async with aiohttp.ClientSession() as session:
            viewer = await join(session, stage)
            stage.tell(status_of(9))
            assert (await news(viewer, "/dance/status")).params == ["dancing", 9]

    def works() -> bool:
        try:
            asyncio.run(watch())
        except aiohttp.ClientError:
            return False
        return True

    wait_until(works, what="the stage to be back")
    assert "started again" in str(stage.process.notice)


def test_a_port_that_is_taken_is_named(stage: Stage) -> None:
    port = int(stage.url.split(":")[2].strip("/"))
    with pytest.raises(ValueError, match=f"port {port}.*--stage"):
        StageProcess(StageSettings(port=port)).start()
