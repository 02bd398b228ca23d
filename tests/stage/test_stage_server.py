"""The stage's own process, over real sockets: who may come in, what is served, and what a viewer is sent."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bridge.stage.mirror import MAX_VIEWERS
from bridge.stage.process import StageProcess
from bridge.stage.server import page_files
from bridge.stage.settings import StageSettings
from bridge.wire.dance_protocol import Status, encode_status
from bridge.wire.osc_template import bundle, message_head, osc_string
from tests.stage.stage_process import Stage, join, only_viewer, running_stage
from tests.waiting import GENEROUS_S, wait_until

pytestmark = pytest.mark.usefixtures("warm_children")

TOKEN = "a-token-of-this-test"
PING = message_head("/dance/ping", "h") + struct.pack(">q", 41)
ENERGY = message_head("/dance/control/energy", "f") + struct.pack(">f", 0.25)
CALM = message_head("/dance/control/energy", "f") + struct.pack(">f", 0.125)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("stage")
    (folder / "presets").mkdir()
    (folder / "presets/calm.yaml").write_text("energy: 0.2\n")
    (folder / "takes").mkdir()
    (folder / "takes/broken.take").write_bytes(b"no take at all")
    (folder / "secret.take").write_bytes(b"SECRET")
    with running_stage(takes=folder / "takes", presets=folder / "presets") as running:
        yield running


@pytest.fixture(scope="module")
def guarded() -> Iterator[Stage]:
    """One that wants a token, at a loopback address."""
    with running_stage(token=TOKEN) as running:
        running.url = running.url.replace("https", "http")
        yield running


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
    with socket.create_connection((host, int(port)), timeout=GENEROUS_S) as connection:
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
    for headers in ({"Host": "hostile.example"}, {"Origin": "https://hostile.example"}, {"Origin": "null"}):
        for path in ("", "about", "socket", "takes"):
            status, _, body = get(stage.url, path, headers=headers)
            assert status == 403, (headers, path)
            assert b"dancer" not in body
    assert get(stage.url, "about", headers={"Host": "localhost:1"})[0] == 200


def test_without_the_token_nothing_is_sent(guarded: Stage) -> None:
    for path in ("", "about", "socket", "takes", "presets", "avatar.vrm", "?token=", "?token=wrong", "about?token=x"):
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}, {"Cookie": "a=b"}):
            status, answered, body = get(guarded.url, path, headers=headers)
            assert status == 401, (path, headers)
            assert TOKEN.encode() not in body
            assert "Set-Cookie" not in answered
    guarded.process.wait_noted("token")


def test_the_token_in_the_address_becomes_a_cookie(guarded: Stage) -> None:
    status, headers, body = get(guarded.process.urls[0])  # what is printed, on loopback too
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    assert b"<title>Transflower stage</title>" in body
    cookie = headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert get(guarded.url, "about", headers={"Cookie": cookie.partition(";")[0]})[0] == 200
    assert get(guarded.url, "about", headers={"Authorization": f"Bearer {TOKEN}"})[0] == 200


@pytest.mark.realtime
def test_a_stage_on_the_network_speaks_https_and_wants_a_token() -> None:
    with pytest.raises(ValueError, match="token"):
        StageSettings(host="0.0.0.0")
    with running_stage(host="0.0.0.0", token=TOKEN) as running:
        url = running.process.urls[-1]  # those of a network come first, loopback last
        assert url.startswith("https://127.0.0.1:")
        assert url.endswith(f"?token={TOKEN}")
        place = url.partition("?")[0]
        assert get(place, ssl=False)[0] == 401
        status, headers, _ = get(url, ssl=False)
        assert status == 200
        assert "Secure" in headers["Set-Cookie"]
        assert get(place, "about", ssl=False, headers={"Authorization": f"Bearer {TOKEN}"})[0] == 200


def test_what_is_wrong_is_reported_once(guarded: Stage) -> None:
    get(guarded.url, "about", headers={"Origin": "https://hostile.example"})
    guarded.process.wait_noted("Origin")
    get(guarded.url, "about", headers={"Authorization": "Bearer wrong"})
    get(guarded.url, "about", headers={"Origin": "https://hostile.example"})
    get(guarded.url, "about", method="POST")
    guarded.process.wait_noted("reading")  # who reads this line has read those before it
    notices = guarded.process.notices
    assert len(notices) == len(set(notices))
    assert [sum(part in text for text in notices) for part in ("Origin", "wrong token")] == [1, 1]


def status_of(number: int) -> bytes:
    return encode_status(Status(state="dancing", dropped=number))


def test_a_viewer_gets_what_the_bridge_sends_and_who_comes_late_what_is_known(stage: Stage) -> None:
    async def watch() -> None:
        async with only_viewer(stage) as (session, first):
            stage.tell(status_of(7), b"no OSC", bundle([ENERGY]))
            assert await first.next_message("/dance/status") == ["dancing", 7]
            assert await first.next_message("/dance/control/energy") == [0.25]
            late = await join(session, stage)
            assert await late.next_message("/dance/status") == ["dancing", 7]
            assert await first.next_message("/dance/viewers") == [2]

    asyncio.run(watch())


def test_a_viewer_steers_and_is_answered_a_ping(stage: Stage) -> None:
    async def steer() -> None:
        async with aiohttp.ClientSession() as session:
            viewer = await join(session, stage)
            begin_us = time.monotonic_ns() // 1000
            await viewer.socket.send_bytes(bundle([ENERGY, PING]))
            assert await asyncio.to_thread(stage.heard) == ENERGY
            token, time_us = await viewer.next_message("/dance/pong")
            assert token == 41
            assert begin_us <= time_us <= time.monotonic_ns() // 1000

    asyncio.run(steer())


@pytest.mark.parametrize(
    ("wrong", "code", "notice"),
    [
        pytest.param("hello", 1003, "a text", id="text"),
        pytest.param(b"hello", 1007, "no OSC", id="no OSC"),
        pytest.param(b"", 1007, "no OSC", id="nothing"),
        pytest.param(ENERGY[:-1], 1007, "no OSC", id="cut short"),
        pytest.param(osc_string("/VMC/Ext/OK") + osc_string(","), 1008, "neither", id="another protocol"),
        pytest.param(
            bundle([ENERGY, osc_string("/dance/pose") + osc_string(",")]), 1008, "neither", id="what only a bridge says"
        ),
        pytest.param(message_head("/dance/ping", "s") + osc_string("now"), 1008, "neither", id="wrong type"),
        pytest.param(bytes(1473), 1009, "over 1472 bytes", id="a byte too long"),
        pytest.param(bytes(100_000), 1009, "over 1472 bytes", id="much too long"),
    ],
)
def test_what_is_no_business_of_a_viewer_ends_its_visit(
    stage: Stage, wrong: str | bytes, code: int, notice: str
) -> None:
    async def misbehave() -> int | None:
        async with aiohttp.ClientSession() as session:
            viewer = await join(session, stage)
            await (viewer.socket.send_str(wrong) if isinstance(wrong, str) else viewer.socket.send_bytes(wrong))
            return await viewer.hung_up()

    async def behave() -> None:
        async with aiohttp.ClientSession() as session:
            await (await join(session, stage)).socket.send_bytes(CALM)
            assert await asyncio.to_thread(stage.heard) == CALM, "something of the visit before reached the bridge"

    assert asyncio.run(misbehave()) == code
    asyncio.run(behave())
    stage.process.wait_noted(notice)


def test_a_viewer_who_floods_is_hung_up_on(stage: Stage) -> None:
    async def flood() -> int | None:
        async with aiohttp.ClientSession() as session:
            viewer = await join(session, stage)

            async def send() -> None:  # until it is so fast that it is too much
                with contextlib.suppress(ConnectionError):
                    while True:
                        await viewer.socket.send_bytes(PING)
                        await asyncio.sleep(0)

            sending = asyncio.create_task(send())
            try:
                return await viewer.hung_up()
            finally:
                sending.cancel()

    assert asyncio.run(flood()) in (1008, 1006)  # 1006 where our own writing found the line cut
    stage.process.wait_noted("messages a second")


def test_a_viewer_who_does_not_read_misses_frames_and_holds_up_nobody(stage: Stage) -> None:
    """One connection stops reading. Another one meanwhile gets every message; then the first gets the newest."""
    poses = 400  # half a MB, more than the buffers of a connection hold whose reader has a small one

    def small_buffer(address: Any) -> socket.socket:
        made = socket.socket(*address[:3])
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        return made

    async def watch() -> tuple[list[int], list[int]]:
        async with (
            aiohttp.ClientSession() as session,
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(socket_factory=small_buffer)) as slow_session,
        ):
            quick = await join(session, stage)
            slow = await join(slow_session, stage)
            slow.socket._response.connection.transport.pause_reading()
            got: list[int] = []
            for number in range(1, poses + 1):
                pose = message_head("/dance/pose", "ihib") + struct.pack(">iqii", number, 0, 1, 1200) + bytes(1200)
                stage.tell(pose)
                got.append((await quick.next_message("/dance/pose"))[0])
            slow.socket._response.connection.transport.resume_reading()
            late: list[int] = []
            while not late or late[-1] < poses:
                late.append((await slow.next_message("/dance/pose"))[0])
            return got, late

    got, late = asyncio.run(watch())
    assert got == list(range(1, poses + 1))
    assert late == sorted(late)
    assert len(late) < poses


def test_there_is_room_for_so_many(stage: Stage) -> None:
    async def crowd() -> int:
        async with only_viewer(stage) as (session, first):
            seated = [first, *[await join(session, stage) for _ in range(MAX_VIEWERS - 1)]]
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await join(session, stage)
            assert len(seated) == MAX_VIEWERS
            # Left open, they would be collected in the middle of somebody else's test, where a warning is an error.
            await asyncio.gather(*(visit.socket.close() for visit in seated))
            return refused.value.status

    assert asyncio.run(crowd()) == 503


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
    wait_until_back(stage, before)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no SIGSTOP on this system")
def test_a_stage_that_hangs_is_reported_and_comes_back_at_its_place(stage: Stage) -> None:
    before = stage.process._process
    assert before is not None
    os.kill(before.pid, signal.SIGSTOP)
    wait_until(lambda: "has sent nothing" in str(stage.process.notice), "the performer to be notified")
    wait_until_back(stage, before)


def wait_until_back(stage: Stage, before: "subprocess.Popen[bytes]") -> None:
    """Waits until another process shows the stage, and the performer was notified."""
    wait_until(lambda: stage.process._process is not before, "another process")

    async def watch() -> None:
        async with aiohttp.ClientSession() as session:
            viewer = await join(session, stage)
            stage.tell(status_of(9))
            await viewer.wait_message("/dance/status", "dancing", 9)

    def works() -> bool:
        try:
            asyncio.run(watch())
        except aiohttp.ClientError:
            return False
        return True

    wait_until(works, "the stage to be back")
    stage.process.wait_noted("started again")


def test_a_port_that_is_taken_is_named(stage: Stage) -> None:
    port = int(stage.url.split(":")[2].strip("/"))
    with pytest.raises(ValueError, match=f"port {port}.*--stage"):
        StageProcess(StageSettings(port=port)).start()
