"""An independent receiver of the wire: plain sockets, and python-osc as the only decoder. Nothing of the bridge's."""

import contextlib
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_message import OscMessage

from tests.waiting import GENEROUS_S, wait_until

RATE_HZ = 30


def messages_in(datagram: bytes) -> list[OscMessage]:
    """The messages of a datagram, bundled or not."""
    if OscBundle.dgram_is_bundle(datagram):
        return [message for message in OscBundle(datagram) if isinstance(message, OscMessage)]
    return [OscMessage(datagram)]


def lost_at(port: int) -> int:
    """Datagrams that the system dropped at a UDP port because its listener did not come to read; 0 where it is mute."""
    table = Path("/proc/net/udp")
    rows = [line.split() for line in table.read_text().splitlines()[1:]] if table.is_file() else []
    return sum(int(row[-1]) for row in rows if int(row[1].rpartition(":")[2], 16) == port)


def port_of(process: subprocess.Popen[Any]) -> int:
    """The UDP port that the system gave to a program, which listens at any; waits until it has one."""

    def look() -> int:
        assert process.poll() is None, "the program has ended"
        return next((one.laddr.port for one in psutil.Process(process.pid).net_connections("udp") if one.laddr), 0)

    return wait_until(look, "a port of the program")


@dataclass
class OscReceiver:
    """What arrived at one UDP port.

    Attributes:
        port: Where it listens, on 127.0.0.1.
        received: Arrival time in seconds, and datagram.
        num_lost: Datagrams that arrived when its buffer was full; known when it has been closed.
    """

    port: int
    received: list[tuple[float, bytes]] = field(default_factory=list)
    num_lost: int = 0
    _read: list[tuple[float, OscMessage]] = field(default_factory=list)
    _num_read: int = 0

    def all_messages(self) -> list[tuple[float, OscMessage]]:
        """All messages in the order of arrival, with their arrival times."""
        while self._num_read < len(self.received):
            arrived_s, datagram = self.received[self._num_read]
            assert len(datagram) <= 1472
            self._read += [(arrived_s, message) for message in messages_in(datagram)]
            self._num_read += 1
        return self._read

    def messages(self, address: str) -> list[tuple[float, OscMessage]]:
        """All messages to an address, with their arrival times."""
        return [(arrived_s, message) for arrived_s, message in self.all_messages() if message.address == address]

    def wait_for(self, address: str, accepts: Callable[..., bool], what: str, within_s: float = GENEROUS_S) -> None:
        """Waits for a message to this address that comes from now on and whose parameters are accepted."""
        num_seen = len(self.all_messages())

        def has_come() -> bool:
            nonlocal num_seen
            new = self.all_messages()[num_seen:]
            num_seen += len(new)
            return any(message.address == address and accepts(*message.params) for _, message in new)

        wait_until(has_come, f"{address}: {what}", within_s)

    def wait_for_state(self, state: str) -> None:
        """Waits until the bridge tells that its figure is in this state; it tells changes at once, and every second."""
        self.wait_for("/dance/status", lambda reported, _: reported == state, state, 2 * GENEROUS_S)

    def wait_for_poses(self, count: int, state: str | None = None) -> None:
        """Waits for so many more poses, all of them in this state if it matters."""
        num_seen, num_poses = len(self.all_messages()), 0
        now = next((m.params[0] for _, m in reversed(self._read) if m.address == "/dance/status"), None)

        def have_come() -> bool:
            nonlocal num_seen, num_poses, now
            new = self.all_messages()[num_seen:]
            num_seen += len(new)
            for _, message in new:
                if message.address == "/dance/status":
                    now = message.params[0]
                num_poses += message.address == "/dance/pose" and state in (None, now)
            return num_poses >= count

        wait_until(have_come, f"{count} poses", 2 * GENEROUS_S)

    def poses(self) -> "Poses":
        """All `/dance/pose` frames."""
        rows, states, state = [], [], ""
        for arrived_s, message in self.all_messages():
            if message.address == "/dance/pose":
                sequence, time_us, _skeleton, blob = message.params
                rows.append((arrived_s, sequence, time_us, np.frombuffer(blob, ">f4").astype(np.float32)))
                states.append(state)
            elif message.address == "/dance/status":
                state = message.params[0]
                states[-1:] = [state] if states else []  # it is sent after the pose with which it begins
        values = np.stack([row[3] for row in rows])
        return Poses(
            np.array([row[0] for row in rows]),
            np.array([row[1] for row in rows]),
            np.array([row[2] for row in rows]),
            values[:, :3],
            values[:, 3:].reshape(len(rows), -1, 4),
            np.array(states),
        )


@dataclass(frozen=True, eq=False)
class Poses:
    """Pose frames in the order of arrival.

    Attributes:
        times_s: Arrival, (frames,).
        sequences: (frames,).
        times_us: What each was meant for, on the bridge's clock, (frames,).
        roots: Hips in metres, (frames, 3).
        rotations: Local quaternions, (frames, bones, 4).
        states: The word of `/dance/status` with each, empty before the first, (frames,).
    """

    times_s: np.ndarray
    sequences: np.ndarray
    times_us: np.ndarray
    roots: np.ndarray
    rotations: np.ndarray
    states: np.ndarray

    @property
    def turning_rad_s(self) -> np.ndarray:
        """Mean angular speed of all bones between frames, (frames - 1,)."""
        dots = np.abs(np.sum(self.rotations[1:] * self.rotations[:-1], -1)).clip(0, 1)
        return (2 * np.arccos(dots)).mean(1) / np.maximum(np.diff(self.sequences), 1) * RATE_HZ

    @property
    def ticks_left_out(self) -> np.ndarray:
        """How many ticks of the bridge's clock passed without a pose before each frame but the first, (frames - 1,).

        Ticks are a period apart, now and then up to half a period more or less where the clock finds its place anew.
        """
        periods = np.diff(self.times_us) * 1e-6 * RATE_HZ
        return np.where(np.diff(self.sequences) == 1, np.maximum(np.ceil(periods - 1.501), 0), 0).astype(int)

    def longest_repeat_s(self) -> float:
        """Longest time in which the same pose was sent again and again."""
        same = np.concatenate([[False], np.all(self.rotations[1:] == self.rotations[:-1], axis=(1, 2)), [False]])
        edges = np.flatnonzero(np.diff(same.astype(int)))
        return float((edges[1::2] - edges[::2]).max(initial=0) / RATE_HZ)

    def assert_all_arrived(self, receiver: OscReceiver) -> None:
        """In order and without a gap up to the last, but for what the system dropped at the receiver's port."""
        steps = np.diff(self.sequences)
        assert (steps >= 1).all(), "the order is wrong"
        missing = int(self.sequences[0]) + int(np.sum(steps - 1))
        assert missing <= receiver.num_lost, f"{missing} poses of {self.sequences[-1] + 1} did not arrive"


class OscReceivers:
    """Listens on several free ports until it is closed."""

    def __init__(self, count: int) -> None:
        self._sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(count)]
        self._closing = threading.Event()
        self.all = []
        self._threads = []
        for listening in self._sockets:
            listening.bind(("127.0.0.1", 0))
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
            listening.settimeout(0.1)
            receiver = OscReceiver(listening.getsockname()[1])
            self.all.append(receiver)
            self._threads.append(threading.Thread(target=self._listen, args=(listening, receiver), daemon=True))
            self._threads[-1].start()

    def _listen(self, listening: socket.socket, receiver: OscReceiver) -> None:
        while not self._closing.is_set():
            with contextlib.suppress(TimeoutError):
                receiver.received.append((time.monotonic(), listening.recv(65536)))
        listening.setblocking(False)
        with contextlib.suppress(BlockingIOError):  # until nothing is left of what had come
            while True:
                receiver.received.append((time.monotonic(), listening.recv(65536)))
        receiver.num_lost = lost_at(receiver.port)

    def __enter__(self) -> list[OscReceiver]:
        return self.all

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        for thread in self._threads:
            thread.join()
        for listening in self._sockets:
            listening.close()
