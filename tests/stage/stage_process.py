"""The stage's own process, the two ends that a bridge would have, and viewers."""

import asyncio
import socket
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiohttp
from aiohttp import WSMsgType
from pythonosc.osc_message import OscMessage

from bridge.stage.process import StageProcess
from bridge.stage.settings import StageSettings
from tests.end_to_end.osc_receiver import messages_in
from tests.waiting import GENEROUS_S, wait_until


class RecordingProcess(StageProcess):
    """Keeps all notices to the performer; `notice` is only the newest, and only for a while."""

    def __init__(self, settings: StageSettings) -> None:
        super().__init__(settings)
        self.notices: list[str] = []

    def _note(self, text: str) -> None:
        super()._note(text)
        assert self.notice == text
        self.notices.append(text)

    def wait_noted(self, part: str) -> None:
        """Waits until the performer has been notified of this."""
        wait_until(lambda: any(part in text for text in self.notices), f"{part!r} among {self.notices}")


class Stage:
    """A stage in its process, and the two ends that a bridge would have."""

    def __init__(self, **settings: Any) -> None:
        self.inbox = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.inbox.bind(("127.0.0.1", 0))
        self.inbox.settimeout(GENEROUS_S)
        address = self.inbox.getsockname()
        settings = {"port": 0, "control_address": address, "about": {"dancer": "x"}, **settings}
        self.process = RecordingProcess(StageSettings(**settings))
        self.process.start()
        assert self.process.target is not None
        self.mirror = ("127.0.0.1", self.process.target.port)
        self.url = self.process.urls[-1].partition("?")[0]

    def tell(self, *datagrams: bytes) -> None:
        """Sends as the bridge does."""
        for datagram in datagrams:
            self.inbox.sendto(datagram, self.mirror)

    def heard(self) -> bytes:
        """The next datagram that the bridge would get."""
        return self.inbox.recv(4096)

    def close(self) -> None:
        self.process.stop()
        self.inbox.close()


@contextmanager
def running_stage(**settings: Any) -> Iterator[Stage]:
    """A stage; it ends with the block."""
    running = Stage(**settings)
    try:
        yield running
    finally:
        running.close()


class Visit:
    """A viewer, and what it was shown and has not looked at yet."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self._unread: deque[OscMessage] = deque()

    async def next_message(self, address: str) -> list[Any]:
        """The next message to an address."""
        async with asyncio.timeout(GENEROUS_S):
            while True:
                while self._unread:
                    message = self._unread.popleft()
                    if message.address == address:
                        return list(message.params)
                packet = await self.socket.receive()
                assert packet.type is WSMsgType.BINARY, (
                    f"the stage hung up ({self.socket.close_code}) without {address}"
                )
                self._unread.extend(messages_in(packet.data))

    async def wait_message(self, address: str, *params: Any) -> None:
        """Waits for just this message."""
        while await self.next_message(address) != list(params):
            pass

    async def hung_up(self) -> int | None:
        """Waits for the stage to hang up, and returns its reason."""
        async with asyncio.timeout(GENEROUS_S):
            async for _ in self.socket:
                pass
        return self.socket.close_code


async def join(session: aiohttp.ClientSession, stage: Stage) -> Visit:
    return Visit(await session.ws_connect(stage.url + "socket"))


@asynccontextmanager
async def only_viewer(stage: Stage) -> AsyncIterator[tuple[aiohttp.ClientSession, Visit]]:
    """A viewer beside whom nobody of an earlier test is left."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        viewer = await join(session, stage)
        await viewer.wait_message("/dance/viewers", 1)
        yield session, viewer
