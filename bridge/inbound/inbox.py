"""The way in: one UDP port for controls, for VMC from others, and for clocks that want to be compared."""

import contextlib
import errno
import math
import socket
import struct
import threading
import time
from typing import Final

from bridge.control.control_schema import ADDRESS
from bridge.control.control_state import ControlState
from bridge.inbound.vmc_in import VmcRelay
from bridge.wire.osc_message import OscMessage, excerpt, parse_datagram
from bridge.wire.osc_template import message_head
from bridge.wire.plain_pose import plain_time_ms

DEFAULT_PORT: Final = 39540
_RECEIVE_BUFFER_BYTES: Final = 1 << 20
_MAX_DATAGRAM_BYTES: Final = 65_536
_STOP_CHECK_S: Final = 0.2
_BREATH_S: Final = 0.02
_MAX_A_BREATH: Final = 100  # a face of 52 shapes, unbundled, at 60 Hz is 63
_ERROR_PAUSE_S: Final = 0.01  # a socket that fails for good must not busy a core
_MAX_PONGS_A_SECOND: Final = 50
_PONG_HEAD: Final = message_head("/dance/pong", "hh")
_PLAIN_PONG_HEAD: Final = message_head("/dance/pong", "fi")


class Inbox:
    """Listens at a UDP port, in a thread of its own, and hands on what it understands.

    Bytes from a network are never trusted: what is malformed or asks for nothing that can be done changes nothing and
    is counted. The thread waits in the system's call, so that nobody pays while nobody speaks. It reads 5000 datagrams
    a second at most, since each costs the dance time of the interpreter; whoever speaks faster loses some in the
    system's buffer.

    Attributes:
        num_datagrams: Datagrams that came.
        num_malformed: Those that are no OSC; nothing of them was used.
        num_refused: Messages that were understood and refused, controls included.
        num_unknown: Messages to addresses that the bridge does not know.
        num_failed: Messages whose handling broke; each is a bug, none stops the thread.
        last_error: The newest reason for one of these.
    """

    def __init__(self, port: int, host: str, control_state: ControlState, relay: VmcRelay) -> None:
        """Prepares; nothing is heard before `start`."""
        self.num_datagrams = 0
        self.num_malformed = 0
        self.num_refused = 0
        self.num_unknown = 0
        self.num_failed = 0
        self.last_error: str | None = None
        self._wanted = (host, port)
        self._control_state = control_state
        self._relay = relay
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._pong_tokens = float(_MAX_PONGS_A_SECOND)
        self._pong_s = time.monotonic()

    @property
    def address(self) -> tuple[str, int]:
        """Host and port at which it listens, once started."""
        assert self._socket is not None, "not started"
        host, port = self._socket.getsockname()[:2]
        return str(host), int(port)

    def start(self) -> None:
        """Opens the port and begins to listen.

        Raises:
            ValueError: The port is taken or the host is none of this machine's; the message says what to do.
        """
        host, port = self._wanted
        inbox = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            inbox.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
            inbox.bind((host, port))
        except (OSError, OverflowError) as error:
            inbox.close()
            if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
                raise ValueError(
                    f"port {port} of {host} is taken, probably by another bridge or a VMC application; end it, or "
                    "choose another port by --control HOST:PORT"
                ) from error
            raise ValueError(f"cannot listen at {host}:{port}: {error}") from error
        inbox.settimeout(_STOP_CHECK_S)
        self._socket = inbox
        self._thread = threading.Thread(target=self._run, name="transflower inbox", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stops listening and gives the port back; may be called twice."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _run(self) -> None:
        assert self._socket is not None
        breath_s, num_read = time.monotonic(), 0
        while not self._stop.is_set():
            if num_read >= _MAX_A_BREATH:
                self._stop.wait(max(0.0, breath_s + _BREATH_S - time.monotonic()))
            if time.monotonic() >= breath_s + _BREATH_S:
                breath_s, num_read = time.monotonic(), 0
            try:
                datagram, sender = self._socket.recvfrom(_MAX_DATAGRAM_BYTES)
            except TimeoutError:
                continue
            except OSError as error:  # Windows tells here that an answer reached nobody
                self._note(error)
                self._stop.wait(_ERROR_PAUSE_S)
                continue
            num_read += 1
            pong = self.receive(datagram, sender[0], time.monotonic())
            if pong is not None:
                with contextlib.suppress(OSError):
                    self._socket.sendto(pong, sender)

    def receive(self, datagram: bytes, host: str, now_s: float) -> bytes | None:
        """Does what a datagram asks; the thread calls it, and so may a test without a socket.

        Args:
            datagram: Whatever came.
            host: From whom.
            now_s: When, `time.monotonic()` seconds.

        Returns:
            The answer, if the sender is owed one.
        """
        self.num_datagrams += 1
        try:
            messages = parse_datagram(datagram)
        except ValueError as error:
            self.num_malformed += 1
            self._note(error)
            return None
        pong = None
        for message in messages:
            try:
                pong = self._hand_on(message, host, now_s) or pong
            except (ValueError, OSError) as error:
                self.num_refused += 1
                self._note(error)
            except Exception as error:  # a bug, and no reason to go deaf before an audience
                self.num_failed += 1
                self._note(error)
        return pong

    def _note(self, error: Exception) -> None:
        """Keeps the reason, fit for a terminal: it may quote a stranger, at length and with control characters."""
        self.last_error = f"{type(error).__name__}: {excerpt(str(error))}"

    def _hand_on(self, message: OscMessage, host: str, now_s: float) -> bytes | None:
        if message.address.startswith(ADDRESS):
            self._control_state.apply(message.address.removeprefix(ADDRESS), message.arguments, now_s)
        elif message.address == "/dance/ping":
            return self._pong(message, now_s)
        elif not self._relay.receive(message, host, now_s):
            self.num_unknown += 1
        return None

    def _pong(self, message: OscMessage, now_s: float) -> bytes | None:
        """The answer to a ping: its own token and our clock. Rarer than pings when they come too fast."""
        if message.type_tags not in ("i", "h", "f") or not math.isfinite(message.arguments[0]):
            raise ValueError(f"/dance/ping has arguments ,{message.type_tags}; expected ,h")
        earned = max(0.0, now_s - self._pong_s) * _MAX_PONGS_A_SECOND
        self._pong_tokens, self._pong_s = min(self._pong_tokens + earned, float(_MAX_PONGS_A_SECOND)), now_s
        if self._pong_tokens < 1.0:
            return None
        self._pong_tokens -= 1.0
        if message.type_tags == "f":  # patches that have no other number
            return _PLAIN_PONG_HEAD + struct.pack(">fi", message.arguments[0], plain_time_ms(math.floor(now_s * 1e6)))
        return _PONG_HEAD + struct.pack(">qq", message.arguments[0], math.floor(now_s * 1e6))
