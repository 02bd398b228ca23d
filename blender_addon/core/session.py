"""The session: everything between the socket and the rigs, driven by `pump(now)` alone.

No clock, no timer and no Blender in here: whoever owns a session calls `pump` often, from one thread, and hands the
newest frame to its rigs. The socket's thread only fills a queue.
"""

import math
import struct
from dataclasses import dataclass, field
from typing import Any, Final

from .._vendor.wire.sender_ports import SenderPorts, unit
from .controls import CONTROL_PORT, control, ping
from .dance_stream import DanceStream
from .frame import Frame
from .inlet import Datagram, Inlet
from .osc import Message, read_messages
from .stream_clock import StreamClock
from .take import Recorder, Take
from .vmc_stream import VmcStream

DANCE_PORT: Final = 39550
VMC_PORT: Final = 39539
SILENCE_S: Final = 1.0
_WHY_LASTS_S: Final = 3.0
"""A bridge says once a second why nobody dances; who has not for so long is gone, or too old to say it."""
_DATAGRAMS_PER_PUMP: Final = 2000
_PING_PERIOD_S: Final = 1.0


@dataclass
class Session:
    """A connection, its stream and its takes.

    Attributes:
        takes: What was recorded, oldest first; they outlive connections and files.
        frame: The newest frame, None as long as there is none.
        clock: How well the stream runs.
        num_bad: Datagrams that were not what they should be, and had no effect.
        num_foreign: Datagrams of a second sender, while the first is heard.
        error: Why the last connection ended by itself, for people.
    """

    takes: list[Take] = field(default_factory=list)
    frame: Frame | None = None
    clock: StreamClock = field(default_factory=StreamClock)
    num_bad: int = 0
    num_foreign: int = 0
    error: str = ""
    dance: DanceStream = field(default_factory=DanceStream)
    vmc: VmcStream = field(default_factory=VmcStream)
    _inlet: Inlet | None = None
    _control_port: int = CONTROL_PORT
    _scene_fps: float = 24.0
    _sender: tuple[str, int] | None = None
    _ports: SenderPorts = field(default_factory=SenderPorts)
    _ports_host: str = ""
    _heard_s: float = -math.inf
    _protocol: str = ""
    _recorder: Recorder | None = None
    _wanted_take: str | None = None
    _num_takes: int = 0
    _next_ping_s: float = 0.0
    _pings: dict[int, float] = field(default_factory=dict)

    # -- connection ----------------------------------------------------------------------------------------------------

    def connect(self, host: str, port: int, control_port: int = CONTROL_PORT) -> None:
        """Listens; an earlier connection is ended first.

        Raises:
            ValueError: The port cannot be had.
        """
        self.disconnect()
        self._inlet = Inlet(host, port)
        self.dance, self.vmc, self.clock = DanceStream(), VmcStream(), StreamClock()
        self.num_bad = self.num_foreign = 0
        self.error = ""
        self._control_port = control_port
        self._next_ping_s = 0.0

    def disconnect(self, error: str = "") -> None:
        """Gives the port back; what was being recorded becomes a take. Safe to call at any time."""
        inlet, self._inlet = self._inlet, None
        try:
            self.stop_recording()
        finally:
            if inlet is not None:
                inlet.close()
            self.frame, self._sender, self._protocol, self._heard_s = None, None, "", -math.inf
            self.clock.forget()
            self.error = error

    @property
    def is_connected(self) -> bool:
        """Whether a port is held."""
        return self._inlet is not None

    @property
    def address(self) -> tuple[str, int] | None:
        """Where it listens."""
        return None if self._inlet is None else (self._inlet.host, self._inlet.port)

    @property
    def sender(self) -> tuple[str, int] | None:
        """Who streams."""
        return self._sender

    @property
    def protocol(self) -> str:
        """What is spoken: `/dance`, `VMC` or nothing."""
        return self._protocol

    def is_streaming(self, now_s: float) -> bool:
        """Whether a pose came within the last second."""
        return self._sender is not None and now_s - self._heard_s < SILENCE_S

    @property
    def num_lost(self) -> int:
        """Poses of which all or a part never came."""
        return self.dance.num_lost + self.vmc.num_incomplete

    # -- the loop ------------------------------------------------------------------------------------------------------

    def pump(self, now_s: float, timeline: float | None = None, scene_fps: float = 24.0) -> Frame | None:
        """Reads all that has come in; the newest frame, or None if there is none that is new.

        Args:
            now_s: Our monotonic clock.
            timeline: The scene's current frame if the timeline plays.
            scene_fps: Its rate.
        """
        if self._inlet is None:
            return None
        newest = None
        self._scene_fps = scene_fps
        for datagram in self._inlet.take(_DATAGRAMS_PER_PUMP):
            for frame in self._read(datagram):
                self._keep(frame)
                newest = frame
        if self._recorder is not None and timeline is not None:
            self._recorder.timeline.append((now_s, timeline))
        if newest is not None:
            self.frame = newest
        if self._protocol == "/dance" and now_s >= self._next_ping_s and self.is_streaming(now_s):
            self._next_ping_s = now_s + _PING_PERIOD_S
            self._ping(now_s)
        return newest

    def _read(self, datagram: Datagram) -> list[Frame]:
        """Frames of a datagram; whatever it holds, nothing is raised."""
        try:
            messages = read_messages(datagram.content)
        except ValueError:
            self.num_bad += 1
            return []
        frames = []
        is_bad = False
        for message in messages:
            if message.address == "/dance/pong":
                self._pong(message, datagram.arrival_s)
        messages = [message for message in messages if message.address.startswith(("/dance/", "/VMC/"))]
        if messages and not self._is_from_sender(datagram, messages):
            self.num_foreign += 1
            return []
        for message in messages:
            try:
                if message.address.startswith("/dance/"):
                    frame = self.dance.read(message, datagram.arrival_s)
                else:
                    frame = self.vmc.read(message, datagram.arrival_s)
            except (ValueError, OverflowError):
                is_bad = True
                continue
            if frame is not None:
                protocol = "/dance" if message.address.startswith("/dance/") else "VMC"
                self._sender, self._heard_s, self._protocol = datagram.sender, datagram.arrival_s, protocol
                frames.append(frame)
        self.num_bad += is_bad
        return frames

    def _is_from_sender(self, datagram: Datagram, messages: list[Message]) -> bool:
        """Whether it comes from the one who streams; a second may take over once the first is silent.

        A sender is a host: many open a new port for each datagram. Only two whole figures at a time are two.
        """
        host, port = datagram.sender
        if self._sender is not None and host != self._sender[0] and datagram.arrival_s - self._heard_s < SILENCE_S:
            return False
        if host != self._ports_host:
            self._ports, self._ports_host = SenderPorts(), host
        units = [unit(message.address, *message.arguments[:1]) for message in messages]
        return self._ports.takes(port, units, datagram.arrival_s) or self._sender is None

    # -- recording -----------------------------------------------------------------------------------------------------

    @property
    def is_recording(self) -> bool:
        """Whether frames are kept."""
        return self._wanted_take is not None

    @property
    def num_recorded(self) -> int:
        """Frames of the take that is being recorded."""
        return 0 if self._recorder is None else len(self._recorder.frames)

    def start_recording(self, name: str = "") -> None:
        """Keeps all frames from now on."""
        self.stop_recording()
        self._num_takes += 1
        self._wanted_take = name or f"Take {self._num_takes}"

    def stop_recording(self) -> Take | None:
        """Ends the take; None if nothing came in."""
        self._wanted_take = None
        return self._finish_take()

    def _keep(self, frame: Frame) -> None:
        self.clock.note(frame.time_us, frame.arrival_s)
        if self._wanted_take is None:
            return
        if self._recorder is not None:
            if self._recorder.add(frame):
                return
            if len(self._recorder.frames) > 1:
                self._finish_take()
                self._num_takes += 1
                self._wanted_take = f"Take {self._num_takes}"
        self._recorder = Recorder(self._wanted_take, frame.skeleton)
        self._recorder.add(frame)

    def _finish_take(self) -> Take | None:
        recorder, self._recorder = self._recorder, None
        if recorder is None:
            return None
        take = recorder.take(self.clock.offset_s, self._scene_fps)
        if take is not None:
            self.takes.append(take)
        return take

    # -- the bridge ----------------------------------------------------------------------------------------------------

    def send_control(self, name: str, value: float | str | None = None, host: str = "") -> None:
        """Steers the bridge that streams, or the one at `host`.

        Raises:
            ValueError: Nobody streams, or there is no such control.
        """
        datagram = control(name, value)
        to = host or ("" if self._sender is None else self._sender[0])
        if self._inlet is None or not to:
            raise ValueError("No bridge is heard, so there is nobody to steer: connect, and start transflower perform")
        if not self._inlet.send(datagram, (to, self._control_port)):
            raise ValueError(f"Nothing could be sent to {to}:{self._control_port}")

    @property
    def latest(self) -> dict[str, dict[str, Any]]:
        """What the bridge sent last beside its poses: beat, audio, latency, status, why, clock."""
        return self.dance.latest

    def why(self, now_s: float) -> str:
        """Why nobody dances, and what can be done about it, in one line; empty while somebody does.

        A bridge tells it before its first pose already. VMC does not tell it.
        """
        if self._inlet is None or now_s - self.dance.latest_s.get("why", -math.inf) >= _WHY_LASTS_S:
            return ""
        text = self.dance.latest["why"]["text"]
        return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())

    def _ping(self, now_s: float) -> None:
        assert self._inlet is not None
        if self._sender is None:
            return
        token = struct.unpack(">q", struct.pack(">d", now_s))[0]
        self._pings = {token: now_s}
        self._inlet.send(ping(token), (self._sender[0], self._control_port))

    def _pong(self, message: Message, arrival_s: float) -> None:
        if message.type_tags == "hh" and message.arguments[0] in self._pings:
            sent_s = self._pings.pop(message.arguments[0])
            if 0.0 <= arrival_s - sent_s < _PING_PERIOD_S:
                self.clock.round_trip_s = arrival_s - sent_s
