"""A bad network as a process: a UDP relay that delays, loses and reorders, and writes down what came to it whole.

Run as `python -m tests.unity_client.bad_network HOST FORWARD FILE [--seed S] [--stall FROM TO]`. It prints the port at
which it listens, and ends with its standard input. Delays are even between 0 and 40 ms (20 ms of jitter either way);
2 % of datagrams are lost, and another 2 % come 45 ms later than that, behind what was sent after them. Between FROM and
TO seconds after the first pose nothing passes.

Linux does this by `tc netem`, where its kernel has that module.
"""

import argparse
import heapq
import random
import select
import socket
import struct
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

JITTER_S = 0.040
LOSS = 0.02
OVERTAKEN = 0.02
OVERTAKEN_S = 0.045
RECORD = struct.Struct("<ddi")  # arrival, departure (NaN: lost) in seconds of the monotonic clock, length


@dataclass
class BadNetwork:
    """Decides what becomes of each datagram.

    Attributes:
        seed: Of its chance.
        stall_s: Between which seconds after the first pose nothing passes.
    """

    seed: int
    stall_s: tuple[float, float]
    _first_pose_s: float | None = None
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def leaves_s(self, datagram: bytes, now_s: float) -> float:
        """When one that comes now leaves again; NaN if it is lost."""
        if self._first_pose_s is None and datagram.startswith(b"/dance/pose"):
            self._first_pose_s = now_s
        since_s = now_s - (self._first_pose_s or now_s)
        chance = self._chance
        leaves_s = now_s + JITTER_S * chance.random() + (OVERTAKEN_S if chance.random() < OVERTAKEN else 0.0)
        is_lost = chance.random() < LOSS or self.stall_s[0] <= since_s < self.stall_s[1]
        return float("nan") if is_lost else leaves_s


def record(now_s: float, leaves_s: float, datagram: bytes) -> bytes:
    """A line of the file."""
    return RECORD.pack(now_s, leaves_s, len(datagram)) + datagram


def relay(host: str, forward: tuple[str, int], network: BadNetwork) -> list[bytes]:
    """Relays until standard input ends; what came, as records."""
    records: list[bytes] = []
    on_the_way: list[tuple[float, int, bytes]] = []
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as inlet,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out,
    ):
        inlet.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        inlet.bind((host, 0))
        inlet.setblocking(False)
        print(inlet.getsockname()[1], flush=True)
        while True:
            wait_s = max(0.0, on_the_way[0][0] - time.monotonic()) if on_the_way else 0.5
            readable, _, _ = select.select([inlet, sys.stdin], [], [], wait_s)
            now_s = time.monotonic()
            while on_the_way and on_the_way[0][0] <= now_s:
                out.sendto(heapq.heappop(on_the_way)[2], forward)
            if sys.stdin in readable and not sys.stdin.readline():
                return records
            if inlet not in readable:
                continue
            datagram = inlet.recv(65536)
            leaves_s = network.leaves_s(datagram, now_s)
            if leaves_s == leaves_s:
                heapq.heappush(on_the_way, (leaves_s, len(records), datagram))
            records.append(record(now_s, leaves_s, datagram))


def read_records(path: Path) -> list[tuple[float, float, bytes]]:
    """Arrival, departure and bytes of each datagram."""
    content, at = path.read_bytes(), 0
    found = []
    while at < len(content):
        arrival_s, leaves_s, length = RECORD.unpack_from(content, at)
        at += RECORD.size
        found.append((arrival_s, leaves_s, content[at : at + length]))
        at += length
    return found


def _address(text: str) -> tuple[str, int]:
    host, port = text.rsplit(":", 1)
    return host, int(port)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("host")
    parser.add_argument("forward", type=_address)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stall", type=float, nargs=2, default=(float("inf"), float("inf")), metavar=("FROM", "TO"))
    options = parser.parse_args()
    options.file.write_bytes(
        b"".join(relay(options.host, options.forward, BadNetwork(options.seed, tuple(options.stall))))
    )
