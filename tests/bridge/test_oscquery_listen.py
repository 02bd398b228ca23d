"""LISTEN over OSCQuery's WebSocket, by aiohttp's client, and by bare sockets that break the rules."""

import asyncio
import json
import socket
import struct
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest

from bridge.control.control_schema import CONTROL_SPECS
from bridge.control.control_state import ControlState
from bridge.control.controls import BeatControls, Controls
from bridge.inbound.oscquery import _MAX_LISTENERS, OscQueryServer
from bridge.wire.osc_message import OscMessage, parse_datagram
from tests.waiting import GENEROUS_S, wait_until

pytestmark = pytest.mark.realtime


@pytest.fixture
def control_state() -> ControlState:
    return ControlState(Controls(), BeatControls(), ("HO", "LO"), None)


@pytest.fixture
def server(control_state: ControlState) -> Iterator[OscQueryServer]:
    server = OscQueryServer(control_state, "127.0.0.1", 0, 39540)
    server.start()
    yield server
    server.stop()


def decoded(message: aiohttp.WSMessage) -> OscMessage:
    assert message.type is aiohttp.WSMsgType.BINARY
    (found,) = parse_datagram(message.data)
    return found


def ask(server: OscQueryServer, talk: Any) -> None:
    """Runs a conversation with a client that has connected."""

    async def run() -> None:
        url = f"http://127.0.0.1:{server.port}/"
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{url}?HOST_INFO") as answer:
                assert (await answer.json())["EXTENSIONS"]["LISTEN"] is True
            async with session.ws_connect(url, autoping=False) as client:
                await asyncio.wait_for(talk(client), GENEROUS_S)

    asyncio.run(run())


async def command(client: aiohttp.ClientWebSocketResponse, name: str, address: str) -> None:
    await client.send_str(json.dumps({"COMMAND": name, "DATA": address}))
    await client.ping()
    answer = await client.receive()
    assert answer.type is aiohttp.WSMsgType.PONG, "what was sent before is done"


def test_what_is_listened_to_is_sent_when_it_changes(server: OscQueryServer, control_state: ControlState) -> None:
    async def talk(client: aiohttp.ClientWebSocketResponse) -> None:
        for name in ("energy", "freeze", "style", "seed"):
            await command(client, "LISTEN", f"/dance/control/{name}")
        control_state.apply("groove", (0.9,), 1.0)  # nobody asked
        control_state.apply("energy", (0.25,), 1.0)
        message = decoded(await client.receive())
        assert (message.address, message.type_tags, message.arguments) == ("/dance/control/energy", "f", (0.25,))
        control_state.apply("freeze", (1,), 1.0)
        message = decoded(await client.receive())
        assert (message.address, message.type_tags, message.arguments) == ("/dance/control/freeze", "i", (1,))
        control_state.apply("style", ("HO",), 1.0)
        message = decoded(await client.receive())
        assert (message.address, message.type_tags, message.arguments) == ("/dance/control/style", "s", ("HO",))
        await command(client, "IGNORE", "/dance/control/energy")
        control_state.apply("energy", (0.75,), 1.0)
        control_state.apply("seed", (7,), 1.0)
        message = decoded(await client.receive())
        assert (message.address, message.arguments) == ("/dance/control/seed", (7,))

    ask(server, talk)


def test_a_knob_that_is_turned_fast_ends_where_it_stands(server: OscQueryServer, control_state: ControlState) -> None:
    async def talk(client: aiohttp.ClientWebSocketResponse) -> None:
        await command(client, "LISTEN", "/dance/control/energy")
        for step in range(1000):
            control_state.apply("energy", (step / 1000,), 1.0)
        last = -1.0
        while last != pytest.approx(0.999):
            last = decoded(await client.receive()).arguments[0]

    ask(server, talk)


def test_every_control_can_be_listened_to_and_nonsense_is_not(
    server: OscQueryServer, control_state: ControlState
) -> None:
    async def talk(client: aiohttp.ClientWebSocketResponse) -> None:
        for text in ("", "[]", "{}", '{"COMMAND": "LISTEN"}', '{"COMMAND": "LISTEN", "DATA": {}}', "[" * 4000):
            await client.send_str(text)
        await client.send_bytes(b"\0\1")
        for spec in CONTROL_SPECS:
            await client.send_str(json.dumps({"COMMAND": "LISTEN", "DATA": spec.address}))
        await command(client, "LISTEN", "/nowhere")
        control_state.apply("energy", (0.125,), 1.0)
        assert decoded(await client.receive()).arguments == (0.125,)

    ask(server, talk)


def handshake(server: OscQueryServer) -> tuple[socket.socket, bytes]:
    client = socket.create_connection(("127.0.0.1", server.port), GENEROUS_S)
    client.sendall(
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += client.recv(4096)
    return client, answer


@pytest.mark.parametrize(("origin", "status"), [("http://127.0.0.1:{port}", 101), ("https://page.example", 403)])
def test_a_page_of_another_site_cannot_listen(server: OscQueryServer, origin: str, status: int) -> None:
    async def run() -> int:
        url = f"http://127.0.0.1:{server.port}/"
        async with aiohttp.ClientSession() as session:
            try:
                async with session.ws_connect(url, origin=origin.format(port=server.port)) as client:
                    return client._response.status
            except aiohttp.WSServerHandshakeError as error:
                return error.status

    assert asyncio.run(run()) == status


def test_the_handshake_is_that_of_the_standard_and_its_rules_hold(server: OscQueryServer) -> None:
    """RFC 6455, 1.3: the key and its answer. Frames without a mask, and those that are too long, end it."""
    for frame, code in ((b"\x81\x02{}", 1002), (b"\x81\xff" + struct.pack(">Q", 1 << 40), 1009)):
        client, answer = handshake(server)
        assert b"101" in answer.split(b"\r\n")[0]
        assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in answer
        client.sendall(frame)
        assert client.recv(64) == b"\x88\x02" + struct.pack(">H", code)
        assert client.recv(64) == b""
        client.close()


def masked(text: str) -> bytes:
    return bytes([0x81, 0x80 | len(text)]) + bytes(4) + text.encode()


def test_commands_that_come_together_or_in_pieces_are_obeyed(
    server: OscQueryServer, control_state: ControlState
) -> None:
    client, _ = handshake(server)
    words = [json.dumps({"COMMAND": "LISTEN", "DATA": f"/dance/control/{name}"}) for name in ("energy", "groove")]
    frames = b"".join(masked(text) for text in words) + masked("{}")[:3]
    client.sendall(frames)
    client.sendall(masked("{}")[3:] + b"\x89\x80" + bytes(4))
    assert client.recv(2, socket.MSG_WAITALL) == b"\x8a\x00", "a pong: all before it is done"
    control_state.apply("energy", (0.25,), 1.0)
    control_state.apply("groove", (0.75,), 1.0)
    heard = set()
    while len(heard) < 2:
        size = client.recv(2, socket.MSG_WAITALL)[1]
        (message,) = parse_datagram(client.recv(size, socket.MSG_WAITALL))
        heard.add((message.address, message.arguments))
    assert heard == {("/dance/control/energy", (0.25,)), ("/dance/control/groove", (0.75,))}
    client.close()


def test_no_more_than_so_many_listen_and_others_are_still_answered(server: OscQueryServer) -> None:
    clients = [handshake(server)[0] for _ in range(_MAX_LISTENERS)]
    extra, answer = handshake(server)
    assert b"503" in answer.split(b"\r\n")[0]
    for client in (extra, *clients):
        client.close()


def test_half_a_command_is_not_waited_for(server: OscQueryServer) -> None:
    client, _ = handshake(server)
    client.settimeout(0.05)
    client.sendall(masked('{"COMMAND": "LISTEN"}')[:9])
    wait_until(lambda: ended(client), "the server to hang up")
    client.close()


def ended(client: socket.socket) -> bool:
    try:
        return client.recv(64) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def test_at_the_end_everybody_is_let_go(control_state: ControlState) -> None:
    server = OscQueryServer(control_state, "127.0.0.1", 0, 39540)
    server.start()
    client, _ = handshake(server)
    server.stop()
    assert client.recv(64) == b""
    client.close()
