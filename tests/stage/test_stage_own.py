"""What the stage's process does when its system or its own program fails it; each alone, without a bridge."""

import asyncio
import socket
from pathlib import Path

import pytest
from aiohttp import web

from bridge.stage import child
from bridge.stage.acceptor import Acceptor
from bridge.stage.process import is_hung
from bridge.stage.settings import StageSettings
from bridge.stage.takes import TakeShelf


class OldSystem(socket.socket):
    """A system that knows an option by name and refuses it."""

    def setsockopt(self, *_: object) -> None:  # type: ignore[override]
        raise OSError(22, "Invalid argument")


def test_an_option_that_the_system_refuses_keeps_nobody_out() -> None:
    async def answer(_: web.BaseRequest) -> web.Response:
        return web.Response(text="come in")

    async def ask() -> bytes:
        with OldSystem() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen()
            serving = asyncio.create_task(Acceptor(listening, None, print).serve(web.Server(answer)))
            reader, writer = await asyncio.open_connection(*listening.getsockname())
            writer.write(b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
            received = await asyncio.wait_for(reader.read(), 60)
            writer.close()
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
            return received

    assert asyncio.run(ask()).endswith(b"come in")


def test_a_process_whose_door_has_broken_ends_and_does_not_say_that_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("the door is broken")

    monkeypatch.setattr(Acceptor, "serve", broken)
    monkeypatch.setattr(child, "_await_end", lambda _: None)  # the bridge lives on
    settings = StageSettings(port=0, control_address=("127.0.0.1", 9), about={})
    with pytest.raises(RuntimeError, match="the door is broken"):
        asyncio.run(asyncio.wait_for(child._serve(settings), 60))


def test_a_link_to_nowhere_among_takes_tells_no_path_of_the_machine(tmp_path: Path) -> None:
    try:
        (tmp_path / "gone.take").symlink_to(tmp_path / "nowhere")
    except OSError:
        pytest.skip("this system lets nobody make links")
    (entry,) = TakeShelf(tmp_path, lambda: "")._list("")
    assert entry["problem"]
    assert str(tmp_path) not in entry["problem"]


def test_a_crowd_outside_leaves_those_inside_their_turn() -> None:
    """Twice a second the bridge must hear that the stage lives, however many come in at once."""
    crowd = 200

    async def how_many_when_others_had_their_turn() -> int:
        async def answer(_: web.BaseRequest) -> web.Response:
            raise AssertionError("nobody asks")

        with socket.create_server(("127.0.0.1", 0), backlog=crowd) as listening:
            waiting = [socket.create_connection(listening.getsockname()) for _ in range(crowd)]
            acceptor = Acceptor(listening, None, print)
            serving = asyncio.create_task(acceptor.serve(web.Server(answer)))
            await asyncio.sleep(0)
            inside = len(acceptor._inside)
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
            for client in waiting:
                client.close()
            return inside

    assert asyncio.run(how_many_when_others_had_their_turn()) < crowd


@pytest.mark.parametrize(
    ("silent_s", "still_s", "hung"),
    [(4.5, 4.5, False), (5.0, 4.5, True), (20.0, 0.5, False), (30.0, 0.0, True)],
    ids=["for a moment", "stopped", "kept waiting by a busy machine", "turns in circles"],
)
def test_a_busy_machine_is_no_hung_process(silent_s: float, still_s: float, hung: bool) -> None:
    assert is_hung(silent_s, still_s) is hung
