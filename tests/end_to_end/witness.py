"""An independent witness of the wire: plain sockets, and python-osc as the only decoder. Nothing of the bridge's."""

import socket
import threading
import time
from dataclasses import dataclass, field

import numpy as np
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_message import OscMessage


def messages_in(datagram: bytes) -> list[OscMessage]:
    """The messages of a datagram, bundled or not."""
    if OscBundle.dgram_is_bundle(datagram):
        return [message for message in OscBundle(datagram) if isinstance(message, OscMessage)]
    return [OscMessage(datagram)]


@dataclass
class Witness:
    """What arrived at one UDP port.

    Attributes:
        port: Where it listens, on 127.0.0.1.
        received: Arrival time in seconds, and datagram.
    """

    port: int
    received: list[tuple[float, bytes]] = field(default_factory=list)

    def messages(self, address: str) -> list[tuple[float, OscMessage]]:
        """All messages to an address, with their arrival times."""
        found = []
        for arrived_s, datagram in self.received:
            assert len(datagram) <= 1472
            found += [(arrived_s, message) for message in messages_in(datagram) if message.address == address]
        return found

    def poses(self) -> "Poses":
        """All `/dance/pose` frames."""
        times_s, sequences, roots, rotations = [], [], [], []
        for arrived_s, message in self.messages("/dance/pose"):
            sequence, _time_us, _skeleton, blob = message.params
            values = np.frombuffer(blob, ">f4")
            times_s.append(arrived_s)
            sequences.append(sequence)
            roots.append(values[:3])
            rotations.append(values[3:].reshape(-1, 4))
        return Poses(np.array(times_s), np.array(sequences), np.array(roots), np.array(rotations))


@dataclass(frozen=True, eq=False)
class Poses:
    """Pose frames in the order of arrival.

    Attributes:
        times_s: Arrival, (frames,).
        sequences: (frames,).
        roots: Hips in metres, (frames, 3).
        rotations: Local quaternions, (frames, bones, 4).
    """

    times_s: np.ndarray
    sequences: np.ndarray
    roots: np.ndarray
    rotations: np.ndarray

    @property
    def turning_rad_s(self) -> np.ndarray:
        """Mean angular speed of all bones between frames, (frames - 1,)."""
        dots = np.abs(np.sum(self.rotations[1:] * self.rotations[:-1], -1)).clip(0, 1)
        return (2 * np.arccos(dots)).mean(1) / np.maximum(np.diff(self.sequences), 1) * 30

    def longest_repeat_s(self) -> float:
        """Longest time in which the same pose was sent again and again."""
        same = np.concatenate([[False], np.all(self.rotations[1:] == self.rotations[:-1], axis=(1, 2)), [False]])
        edges = np.flatnonzero(np.diff(same.astype(int)))
        return float((edges[1::2] - edges[::2]).max(initial=0) / 30)


class Witnesses:
    """Listens on several free ports until it is closed."""

    def __init__(self, count: int) -> None:
        self._sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(count)]
        self._closing = threading.Event()
        self.all = []
        self._threads = []
        for receiver in self._sockets:
            receiver.bind(("127.0.0.1", 0))
            receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            receiver.settimeout(0.1)
            witness = Witness(receiver.getsockname()[1])
            self.all.append(witness)
            self._threads.append(threading.Thread(target=self._listen, args=(receiver, witness)))
            self._threads[-1].start()

    def _listen(self, receiver: socket.socket, witness: Witness) -> None:
        while not self._closing.is_set():
            try:
                datagram = receiver.recv(65536)
            except TimeoutError:
                continue
            witness.received.append((time.monotonic(), datagram))

    def __enter__(self) -> list[Witness]:
        return self.all

    def __exit__(self, *_: object) -> None:
        time.sleep(0.2)
        self._closing.set()
        for thread in self._threads:
            thread.join()
        for receiver in self._sockets:
            receiver.close()
