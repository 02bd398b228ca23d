"""An audience for measurements: viewers of the stage in a process of their own, the last of which stops reading.

Settings come in as a line of JSON, `{"url": ..., "viewers": ...}`; when standard input ends, a line of JSON tells how
many poses each viewer saw and how old they were on the way from the bridge's tick.
"""

import asyncio
import contextlib
import json
import struct
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Final

import aiohttp
from aiohttp import WSMsgType

from bridge.timing.metrics import Histogram
from bridge.wire.dance_protocol import POSE_HEAD
from bridge.wire.osc_message import parse_datagram

_STALLED_AFTER_S: Final = 1.0


@dataclass
class Seat:
    """What one viewer saw.

    Attributes:
        num_poses: Poses that came.
        age_ms: How old they were, from the tick for which they were meant.
    """

    num_poses: int = 0
    age_ms: Histogram = field(default_factory=Histogram)

    def see(self, packet: bytes) -> None:
        """Notes the poses of a packet."""
        now_us = time.monotonic_ns() / 1e3
        poses = [packet] if packet.startswith(POSE_HEAD) else [
            message.raw for message in parse_datagram(packet) if message.address == "/dance/pose"
        ]  # fmt: skip
        for pose in poses:
            (time_us,) = struct.unpack_from(">q", pose, len(POSE_HEAD) + 4)
            self.num_poses += 1
            self.age_ms.add((now_us - time_us) / 1e3)


async def watch(url: str, seat: Seat, *, stalls: bool) -> None:
    """Watches until cancelled; one who stalls stops reading after a second."""
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{url}socket") as viewer:
        begin_s = time.monotonic()
        async for message in viewer:
            if message.type is WSMsgType.BINARY:
                seat.see(message.data)
            if stalls and time.monotonic() - begin_s > _STALLED_AFTER_S:
                await asyncio.sleep(3600.0)  # aiohttp stops reading the socket when its own buffer is full


async def _main() -> None:
    settings = json.loads(sys.stdin.readline())
    seats = [Seat() for _ in range(settings["viewers"])]
    visits = [
        asyncio.create_task(watch(settings["url"], seat, stalls=index == len(seats) - 1))
        for index, seat in enumerate(seats)
    ]
    await asyncio.to_thread(sys.stdin.read)
    for visit in visits:
        visit.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*visits, return_exceptions=True)
    print(json.dumps([{"poses": seat.num_poses, "age_ms": asdict(seat.age_ms.percentiles())} for seat in seats]))


if __name__ == "__main__":
    asyncio.run(_main())
