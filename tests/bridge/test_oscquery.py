"""OSCQuery as a stranger sees it: over real HTTP, with urllib and with bare sockets that behave badly."""

import json
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection
from typing import Any
from urllib.error import HTTPError

import pytest

from bridge.control.control_schema import CONTROL_SPECS, SPEC_BY_NAME
from bridge.control.control_state import ControlState
from bridge.control.controls import BeatControls, Controls
from bridge.inbound.oscquery import OscQueryServer
from tests.waiting import GENEROUS_S, wait_until

pytestmark = pytest.mark.realtime


@pytest.fixture
def control_state() -> ControlState:
    return ControlState(Controls(), BeatControls(), ("HO", "LO"), None)


@pytest.fixture
def server(control_state: ControlState, monkeypatch: pytest.MonkeyPatch) -> Iterator[OscQueryServer]:
    monkeypatch.setattr("bridge.inbound.oscquery._STOP_CHECK_S", 0.01)  # it ends sooner
    server = OscQueryServer(control_state, "127.0.0.1", 0, 39540)
    server.start()
    yield server
    server.stop()


def asked(server: OscQueryServer, path: str) -> Any:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=GENEROUS_S) as answer:
        assert answer.headers["Content-Type"] == "application/json"
        return json.load(answer)


def status_of(server: OscQueryServer, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=GENEROUS_S) as answer:
            assert answer.read() == b""
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def said(server: OscQueryServer, request: bytes) -> bytes:
    """What comes back of raw bytes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=GENEROUS_S) as client:
        with suppress(OSError):  # it hangs up before it has heard all of it, and what it said stays to be read
            client.sendall(request)
            client.shutdown(socket.SHUT_WR)
        answer = b""
        with suppress(ConnectionResetError):
            while part := client.recv(65_536):
                answer += part
        return answer


def test_the_whole_tree_holds_every_control_with_type_range_and_value(
    server: OscQueryServer, control_state: ControlState
):
    root = asked(server, "/")
    assert (root["FULL_PATH"], list(root["CONTENTS"])) == ("/", ["dance"])
    controls = root["CONTENTS"]["dance"]["CONTENTS"]["control"]["CONTENTS"]
    assert list(controls) == [spec.name for spec in CONTROL_SPECS]
    for spec in CONTROL_SPECS:
        node = controls[spec.name]
        assert node["FULL_PATH"] == spec.address
        assert node["DESCRIPTION"] == spec.description
        assert node["TYPE"] == {"number": "f", "whole": "i", "switch": "i", "text": "s", "trigger": "T"}[spec.kind]
        assert node["ACCESS"] == 3
        if spec.kind in ("number", "whole"):
            assert node["RANGE"] == [{"MIN": spec.low, "MAX": spec.high}]
        nothing = {"trigger": False, "text": ""}.get(spec.kind, {})
        assert node["VALUE"] == [nothing if control_state.value(spec.name) is None else control_state.value(spec.name)]


def test_one_node_and_one_attribute_can_be_asked_for(server: OscQueryServer):
    node = asked(server, "/dance/control/energy")
    assert (node["FULL_PATH"], node["VALUE"]) == ("/dance/control/energy", [0.5])
    assert asked(server, "/dance/control/energy?VALUE") == {"VALUE": [0.5]}
    assert asked(server, "/dance/control/energy?RANGE") == {"RANGE": [{"MIN": 0.0, "MAX": 1.0}]}
    assert asked(server, "/dance/control/leash_m?UNIT") == {"UNIT": ["m"]}
    assert asked(server, "/dance/control/style?RANGE") == {"RANGE": [{"VALS": ["", "HO", "LO"]}]}
    assert list(asked(server, "/dance?CONTENTS")["CONTENTS"]) == ["control"]
    assert asked(server, "/dance/control/energy/")["FULL_PATH"] == "/dance/control/energy"


def test_values_are_those_of_this_moment(server: OscQueryServer, control_state: ControlState):
    for value in (0.25, 0.75):
        control_state.apply("energy", (value,), 1.0)
        assert asked(server, "/dance/control/energy?VALUE") == {"VALUE": [value]}
    control_state.apply("freeze", (1,), 1.0)
    assert asked(server, "/dance/control/freeze?VALUE") == {"VALUE": [1]}


def test_every_type_and_range_that_is_stated_is_taken(server: OscQueryServer):
    """A surface that builds itself may send what the table says: both ends of a range, true and false to a trigger."""
    control_state = ControlState(Controls(), BeatControls(), ("HO", "LO"), None)
    for name, node in asked(server, "/dance/control")["CONTENTS"].items():
        if node["TYPE"] == "T":
            before = control_state.controls, control_state.beat
            control_state.apply(name, (False,), 1.0)
            assert (control_state.controls, control_state.beat) == before, "what the tree says it is presses nothing"
            control_state.apply(name, (True,), 1.0)
            assert (control_state.controls, control_state.beat) != before
        for value in node.get("RANGE", [{}])[0].values():
            for one in value if isinstance(value, list) else [value]:
                control_state.apply(name, (one,), 1.0)
    assert control_state.num_refused == 0
    assert control_state.num_applied > len(SPEC_BY_NAME)


def test_the_host_tells_where_osc_is_heard(server: OscQueryServer, control_state: ControlState):
    info = asked(server, "/?HOST_INFO")
    assert (info["OSC_IP"], info["OSC_PORT"], info["OSC_TRANSPORT"]) == ("127.0.0.1", 39540, "UDP")
    assert info["EXTENSIONS"]["VALUE"] is True
    everywhere = OscQueryServer(control_state, "0.0.0.0", 0, 39540)
    everywhere.start()
    try:
        assert "OSC_IP" not in asked(everywhere, "/?HOST_INFO")  # nobody can send to 0.0.0.0
    finally:
        everywhere.stop()


def test_the_host_is_described_as_a_path_too(server: OscQueryServer):
    assert asked(server, "/HOST_INFO") == asked(server, "/?HOST_INFO") == asked(server, "/dance?HOST_INFO")


def test_what_nobody_has_chosen_is_an_empty_object(server: OscQueryServer, control_state: ControlState):
    assert asked(server, "/dance/control/noise_correlation?VALUE") == {}
    control_state.apply("noise_correlation", (0.5,), 1.0)
    assert asked(server, "/dance/control/noise_correlation?VALUE") == {"VALUE": [0.5]}
    assert asked(server, "/dance/control/panic?VALUE") == {"VALUE": [False]}


def test_a_connection_is_kept_as_http_1_1_has_it(server: OscQueryServer):
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=GENEROUS_S)) as client:
        for path in ("/", "/dance/control/energy?VALUE", "/HOST_INFO", "/dance/control/noise_correlation?VALUE"):
            client.request("GET", path)
            sock = client.sock
            answer = client.getresponse()
            assert (answer.version, answer.status) == (11, 200)
            json.load(answer)
            client.request("HEAD", path)
            head = client.getresponse()
            assert (head.status, head.read(), int(head.headers["Content-Length"]) > 0) == (200, b"", True)
            assert client.sock is sock, "the connection was closed"
        client.request("GET", "/nowhere")
        assert client.getresponse().status == 404


def test_the_tree_is_what_the_readers_that_exist_can_read(server: OscQueryServer):
    """tinyoscquery knows these types alone; python-oscquery wants a value where something can be read or written."""

    def read(node: dict[str, Any]) -> None:
        if "CONTENTS" in node:
            assert node["ACCESS"] == 0
            for child in node["CONTENTS"].values():
                read(child)
        else:
            assert set(node["TYPE"]) <= set("ifsTFhdt")
            assert len(node["VALUE"]) == len(node["TYPE"])
            kind = {"i": int, "f": float, "s": str, "T": bool}[node["TYPE"]]
            assert node["VALUE"] == [{}] or [kind(value) for value in node["VALUE"]] == node["VALUE"]

    read(asked(server, "/"))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/dance/control/volume", 404),
        ("/dance/control/energy/more", 404),
        ("/dance/control/CONTENTS", 404),
        ("/etc/passwd", 404),
        ("/dance/../dance", 404),
        ("/%2e%2e/%00", 404),
        ("/dance/control/energy?COLOUR", 400),
        ("/dance/control/energy?VALUE&RANGE", 400),
        ("/dance?VALUE", 204),
        ("/dance/HOST_INFO", 404),
        ("/dance/control/energy?CONTENTS", 204),
        ("/" + "a" * 60_000, 404),
        ("/" + "a/" * 30_000, 404),
        ("/" + "a" * 70_000, 414),
    ],
)
def test_what_is_not_there_has_its_status(server: OscQueryServer, path: str, status: int):
    assert status_of(server, path) == status
    assert asked(server, "/dance/control/energy?VALUE") == {"VALUE": [0.5]}


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET http://[/ HTTP/1.0\r\n\r\n", b" 400 "),
        (b"GET http://elsewhere/dance/control/energy?VALUE HTTP/1.0\r\n\r\n", b" 200 "),
        (b"POST /dance/control/energy HTTP/1.0\r\n\r\n1", b" 501 "),
        (b"DELETE / HTTP/1.0\r\n\r\n", b" 501 "),
        (b"GET / HTTP/9.9\r\n\r\n", b" 505 "),
        (b"GET\r\n\r\n", b"400"),
        (bytes(range(256)) * 40, b"400"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500), b""),
        (b"GET / HTTP/1.0\r\n" + b"X: y\r\n" * 200 + b"\r\n", b" 431 "),
        (b"GET / HTTP/1.0\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", b" 431 "),
        (b"GET /" + b"\xff\xfe" * 50 + b" HTTP/1.0\r\n\r\n", b" 404 "),
        (b"", b""),
    ],
)
def test_a_hostile_request_is_answered_by_a_status_and_harms_nobody(
    server: OscQueryServer, control_state: ControlState, request_bytes: bytes, status: bytes
):
    before = control_state.controls, control_state.beat
    answer = said(server, request_bytes)
    assert status in answer[:600]
    assert (control_state.controls, control_state.beat) == before
    assert asked(server, "/dance/control/energy?VALUE") == {"VALUE": [0.5]}


def test_slow_clients_block_nobody_until_there_are_too_many_and_then_go(server: OscQueryServer):
    with ExitStack() as stack:
        for _ in range(31):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=GENEROUS_S))
            slow.sendall(b"GET /dance HT")
        assert asked(server, "/dance/control/energy?VALUE") == {"VALUE": [0.5]}
        for _ in range(200):
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=GENEROUS_S))

    def is_answered() -> bool:
        try:
            return bool(asked(server, "/dance/control/energy?VALUE") == {"VALUE": [0.5]})
        except OSError:
            return False

    wait_until(is_answered, "room again: all have hung up, and the server will notice")


def test_clients_that_dribble_hold_no_place(server: OscQueryServer):
    """As many as are served at a time, each a byte a moment: they make room at once, and none is there for long."""
    with ExitStack() as stack:
        slow = [
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=GENEROUS_S))
            for _ in range(32)
        ]
        for client in slow:
            client.settimeout(0.001)
            client.sendall(b"GET /dance HTTP/1.1\r\nX: ")
        assert asked(server, "/dance/control/energy?VALUE") == {"VALUE": [0.5]}
        assert "OSCQuery is full: 127.0.0.1" in str(server.notice)

        def is_over(client: socket.socket) -> bool:
            try:
                client.sendall(b"y")
                return client.recv(4096) == b""
            except TimeoutError:
                return False
            except OSError:
                return True

        def are_over() -> bool:
            slow[:] = [client for client in slow if not is_over(client)]
            return not slow

        wait_until(are_over, "the server to hang up on all of them")


@pytest.mark.parametrize(
    ("listens_at", "host", "status"),
    [
        ("127.0.0.1", "127.0.0.1:39541", 200),
        ("127.0.0.1", "localhost", 200),
        ("127.0.0.1", "[::1]:39541", 200),
        ("127.0.0.1", "hostile.example", 403),
        ("127.0.0.1", "192.168.1.20", 403),
        ("127.0.0.1", "[", 403),
        ("127.0.0.1", "", 403),
        ("0.0.0.0", "192.168.1.20:39541", 200),
        ("0.0.0.0", socket.gethostname(), 200),
        ("0.0.0.0", socket.gethostname().partition(".")[0] + ".local.:39541", 200),
        ("0.0.0.0", "hostile.example:39541", 403),
    ],
)
def test_a_page_that_calls_this_machine_by_a_name_of_its_own_is_turned_away(
    control_state: ControlState, listens_at: str, host: str, status: int
):
    """A browser that asks a name server of the page's reaches us, and would let the page read the answer."""
    server = OscQueryServer(control_state, listens_at, 0, 39540)
    server.start()
    try:
        listen = "Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        for more in ("", listen if status == 403 else ""):
            request = f"GET /?HOST_INFO HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n".encode()
            assert said(server, request).startswith(f"HTTP/1.1 {status}".encode())
    finally:
        server.stop()


def test_the_server_ends_while_a_client_hangs_on_and_gives_its_port_back(control_state: ControlState):
    for _ in range(5):
        server = OscQueryServer(control_state, "127.0.0.1", 0, 39540)
        server.start()
        port = server.port
        with socket.create_connection(("127.0.0.1", port), timeout=GENEROUS_S) as slow:
            slow.sendall(b"GET")
            server.stop()
            server.stop()
        again = OscQueryServer(control_state, "127.0.0.1", port, 39540)
        try:
            again.start()
        except ValueError:  # another program was quicker to take it: that can happen once
            continue
        assert asked(again, "/?HOST_INFO")["NAME"] == "Transflower Bridge"
        again.stop()
        return
    pytest.fail("the port is never given back")


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", None), ("127.0.0.1", 99_999), ("no such host", 0)])
def test_a_port_that_cannot_be_had_is_refused_with_the_way_out(
    control_state: ControlState, host: str, port: int | None
):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        wanted = taken.getsockname()[1] if port is None else port
        with pytest.raises(ValueError, match="choose another by --query-port"):
            OscQueryServer(control_state, host, wanted, 39540).start()
