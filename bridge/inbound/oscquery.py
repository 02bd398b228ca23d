"""OSCQuery: the controls, described over HTTP, so that control surfaces and patches find them by themselves.

After the OSCQuery proposal (https://github.com/Vidvox/OSCQueryProposal): a GET gives the tree below a path as JSON, or
one attribute of it. The bridge announces itself by mDNS only when asked to (`announcement.py`): that multicasts.

It uses the standard library, not aiohttp as the stage does, because it answers from the process that dances: there
aiohttp takes 12 MB and 0.3 s of processor at the start, and would bring an event loop. It would save the framing of
HTTP and WebSocket (about 130 lines here and in `oscquery_listen.py`), not the limit on clients, nor their deadlines.
"""

import contextlib
import io
import ipaddress
import json
import socket
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import urlsplit

from bridge.control.control_schema import ADDRESS, CONTROL_SPECS, ControlSpec
from bridge.control.control_state import ControlState
from bridge.inbound.oscquery_listen import ListeningClient, accept_key
from bridge.system.client_limit import Client, ClientLimit
from bridge.system.hosts import is_loopback

DEFAULT_PORT: Final = 39541
"""Beside the port of the controls themselves, so that one who knows the one finds the other."""

_TIMEOUT_S: Final = 5.0
"""For a whole request, from the connection or the last answer on; and for a client that takes nothing."""
_NOTICE_S: Final = 20.0
_STOP_CHECK_S: Final = 0.1
_MAX_CLIENTS: Final = 32
_MAX_LISTENERS: Final = 16  # each holds a thread for as long as it listens
_ANY_ADDRESS: Final = ("0.0.0.0", "")
_ATTRIBUTES: Final = ("FULL_PATH", "CONTENTS", "TYPE", "ACCESS", "VALUE", "RANGE", "DESCRIPTION", "UNIT")

_NO_VALUE: Final[list[Any]] = [{}]
"""The value of what nobody has chosen yet: readers of the tree want one for all that can be read."""


class OscQueryServer:
    """Answers questions about the controls; threads of its own, which end with `stop`."""

    def __init__(self, control_state: ControlState, host: str, port: int, osc_port: int) -> None:
        """Prepares.

        Args:
            control_state: Whose controls are described, with their present values.
            host: At which to answer.
            port: TCP port; 0 takes any.
            osc_port: Where the controls themselves are heard.
        """
        self._control_state = control_state
        self._wanted = (host, port)
        self._osc_port = osc_port
        self._is_over = threading.Event()
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None
        self._notice: tuple[float, str] = (0.0, "")

    @property
    def notice(self) -> str | None:
        """What the performer should know; None while all is well. Any thread may ask."""
        noticed_s, text = self._notice
        return text if text and time.monotonic() - noticed_s < _NOTICE_S else None

    @property
    def address(self) -> tuple[str, int]:
        """Host and TCP port at which it answers, once started."""
        assert self._server is not None, "not started"
        host, port = self._server.server_address[:2]
        return str(host), int(port)

    @property
    def port(self) -> int:
        """The port of `address`."""
        return self.address[1]

    def start(self) -> None:
        """Opens the port and begins to answer.

        Raises:
            ValueError: The port is taken; the message says what to do.
        """
        host, port = self._wanted
        describe, host_info, control_state, may_be_called = (
            self._describe,
            self._host_info,
            self._control_state,
            self._may_be_called,
        )
        is_over = self._is_over = threading.Event()
        limit = ClientLimit("OSCQuery's LISTEN", _MAX_LISTENERS, self._note)

        class Handler(BaseHTTPRequestHandler):
            timeout = _TIMEOUT_S
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else an answer to a connection that is kept waits for the last one's ACK

            def setup(self) -> None:
                super().setup()
                self._punctual = _Punctual(self.connection)
                self.rfile = io.BufferedReader(self._punctual)

            def handle_one_request(self) -> None:
                client_limit, client = self.server.client_limit, self.server.client_of(self.connection)  # type: ignore[attr-defined]
                self._punctual.wait_until(time.monotonic() + _TIMEOUT_S)
                client_limit.has_answered(client)  # and so it owes the next one
                super().handle_one_request()

            def parse_request(self) -> bool:
                is_whole = super().parse_request()
                self.server.client_limit.answers(self.server.client_of(self.connection))  # type: ignore[attr-defined]
                return is_whole

            def do_GET(self) -> None:
                if not may_be_called(self.headers.get("Host")):
                    return self.send_error(403, "a foreign Host")
                if self.command == "GET" and self.headers.get("Upgrade", "").casefold() == "websocket":
                    return self._listen()
                try:
                    path, query = urlsplit(self.path)[2:4]
                except ValueError:  # such as brackets that hold no IPv6 address
                    return self.send_error(400, "no such address")
                if query == "HOST_INFO" or path == "/HOST_INFO":  # some clients ask for it as a path
                    return self._answer(host_info())
                node = describe(path)
                if node is None:
                    return self.send_error(404, "no such path")
                if not query:
                    return self._answer(node)
                if query not in _ATTRIBUTES:
                    return self.send_error(400, "no such attribute")
                if query == "VALUE" and node.get("VALUE") == _NO_VALUE:
                    return self._answer({})
                return self._answer({query: node[query]}) if query in node else self.send_error(204)

            def do_HEAD(self) -> None:
                self.do_GET()

            def _listen(self) -> None:
                """Tells over a WebSocket of what changes."""
                key, origin = self.headers.get("Sec-WebSocket-Key"), self.headers.get("Origin")
                self.close_connection = True
                # Any page in a browser on this machine may open a WebSocket, though it can read no answer to a GET.
                if origin is not None and origin != f"http://{self.headers.get('Host', '')}":
                    return self.send_error(403, "a foreign Origin")
                if not key or self.headers.get("Sec-WebSocket-Version") != "13":
                    return self.send_error(400, "no WebSocket of version 13")
                client = limit.enter(str(self.client_address[0]), lambda: _cut(self.connection))
                if client is None:
                    return self.send_error(503, "too many listen")
                limit.answers(client)
                try:
                    self.send_response(101)
                    self.send_header("Upgrade", "websocket")
                    self.send_header("Connection", "Upgrade")
                    self.send_header("Sec-WebSocket-Accept", accept_key(key))
                    self.end_headers()
                    with contextlib.suppress(OSError):
                        ListeningClient(control_state, self.connection).serve(is_over.is_set)
                finally:
                    limit.leave(client)

            def _answer(self, content: dict[str, Any]) -> None:
                body = json.dumps(content).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            def log_message(self, format: str, *arguments: Any) -> None:
                """Keeps quiet: the terminal belongs to the dancer."""

        try:
            self._server = _Server((host, port), Handler, self._note)
        except (OSError, OverflowError) as error:
            raise ValueError(
                f"OSCQuery cannot answer at port {port} of {host} ({error}); choose another by --query-port, or None"
            ) from error
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_STOP_CHECK_S,), name="transflower oscquery", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stops answering; may be called twice."""
        self._is_over.set()
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
        self._server = self._thread = None

    def _note(self, text: str) -> None:
        self._notice = (time.monotonic(), text)

    def _may_be_called(self, host: str | None) -> bool:
        """Whether a request's `Host` names us; only browsers must say it, and may have been misled.

        A foreign page can give any machine a name of its own, and then read what is there. It cannot give it an
        address, or the name that the machine has for itself.
        """
        if host is None:
            return True
        try:
            name = (urlsplit(f"//{host}").hostname or "").removesuffix(".")
        except ValueError:
            return False
        if is_loopback(name):
            return True
        if is_loopback(self._wanted[0]):
            return False
        machine = socket.gethostname().casefold()
        return _is_address(name) or name in (machine, machine.partition(".")[0] + ".local", self._wanted[0].casefold())

    def _host_info(self) -> dict[str, Any]:
        # Without OSC_IP it is the address that was asked, which is right when we listen at all of ours.
        return {
            "NAME": "Transflower Bridge",
            **({} if self._wanted[0] in _ANY_ADDRESS else {"OSC_IP": self._wanted[0]}),
            "OSC_PORT": self._osc_port,
            "OSC_TRANSPORT": "UDP",
            "EXTENSIONS": dict.fromkeys(("ACCESS", "VALUE", "RANGE", "DESCRIPTION", "UNIT", "LISTEN"), True),
        }

    def _describe(self, path: str) -> dict[str, Any] | None:
        """The tree below a path; None where there is none."""
        controls = {spec.name: self._describe_control(spec) for spec in CONTROL_SPECS}
        node: dict[str, Any] | None = _folder(
            "/", {"dance": _folder("/dance", {"control": _folder(ADDRESS[:-1], controls)})}
        )
        for name in [part for part in path.split("/") if part]:
            node = None if node is None else node.get("CONTENTS", {}).get(name)
        return node

    def _describe_control(self, spec: ControlSpec) -> dict[str, Any]:
        node: dict[str, Any] = {
            "FULL_PATH": spec.address,
            # As true, which presses it, and false, which lets it go: many clients know neither nil nor impulse, and
            # some refuse a whole tree for a node that can be written and has no value.
            "TYPE": spec.type_tag or "T",
            "ACCESS": 3,
            "DESCRIPTION": spec.description,
        }
        if spec.kind in ("number", "whole"):
            node["RANGE"] = [{"MIN": spec.low, "MAX": spec.high}]
        elif spec.kind == "switch":
            node["RANGE"] = [{"MIN": 0, "MAX": 1}]
        elif spec.choices or spec.choices_of:
            names = {"styles": self._control_state.styles, "seed_poses": self._control_state.seed_poses}
            node["RANGE"] = [{"VALS": list(spec.choices) or ["", *names[spec.choices_of or "styles"]]}]
        if spec.unit:
            node["UNIT"] = [spec.unit]
        value = self._control_state.value(spec.name)
        if spec.kind == "trigger":
            node["VALUE"] = [False]
        elif value is None:
            node["VALUE"] = [""] if spec.kind == "text" else _NO_VALUE
        else:
            node["VALUE"] = [int(value) if isinstance(value, bool) else value]
        return node


class _Punctual(io.RawIOBase):
    """Reads a connection until a deadline, however little comes at a time."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._deadline_s = 0.0

    def wait_until(self, deadline_s: float) -> None:
        """From now on, on the monotonic clock."""
        self._deadline_s = deadline_s

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """As of any raw stream.

        Raises:
            TimeoutError: The deadline has passed.
        """
        self._connection.settimeout(max(1e-3, self._deadline_s - time.monotonic()))
        try:
            return self._connection.recv_into(buffer)
        finally:
            self._connection.settimeout(_TIMEOUT_S)


class _Server(ThreadingHTTPServer):
    """A thread a client, and not more clients than the dance can bear."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 8 * _MAX_CLIENTS

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], tell: Any) -> None:
        self.client_limit = ClientLimit("OSCQuery", _MAX_CLIENTS, tell)
        self._clients: dict[socket.socket, Client] = {}
        super().__init__(address, handler)

    def server_bind(self) -> None:
        """Binds without asking a name server who we are, which takes seconds on a network that has none."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def client_of(self, connection: socket.socket) -> Client:
        """Which client it is."""
        return self._clients[connection]

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Hangs up on a client too many."""
        client = self.client_limit.enter(str(client_address[0]), lambda: _cut(request))
        if client is None:
            return False
        self._clients[request] = client
        return True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serves a client and makes room for the next."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.client_limit.leave(self._clients.pop(request))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keeps quiet: a client may hang up in the middle."""


def _cut(connection: socket.socket) -> None:
    """Lets the connection's own thread read its end."""
    with contextlib.suppress(OSError):  # it was quicker
        connection.shutdown(socket.SHUT_RDWR)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _folder(path: str, contents: dict[str, Any]) -> dict[str, Any]:
    return {"FULL_PATH": path, "ACCESS": 0, "CONTENTS": contents}
