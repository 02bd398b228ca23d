"""`transflower replay` shows the take on the page, where nothing steers it."""

import asyncio
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from bridge.dancer.dancer_file import DancerFile
from tests.bridge.made_take import write_take
from tests.stage.browser import Console
from tests.stage.stage_process import Visit
from tests.stage.test_stage_server import CALM
from tests.waiting import GENEROUS_S, wait_until
from tests.warm_start import Popen

pytestmark = [pytest.mark.usefixtures("warm_children"), pytest.mark.realtime]

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def url(tiny: Path, tmp_path: Path) -> Iterator[str]:
    """Of the page, which a take of two seconds goes round and round on."""
    take = write_take(tmp_path / "a.take", DancerFile.open(tiny), seconds=2)
    program = Popen(
        [
            *(sys.executable, "-m", "bridge.cli", "replay", str(take), "--loop"),
            *("--stage", "127.0.0.1:0", "--target", "vmc:127.0.0.1:9"),
        ],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert program.stdout is not None
        address = re.search(r"the stage: (http://\S+)", program.stdout.readline())
        assert address is not None
        yield address[1]
        program.send_signal(signal.SIGINT)
        program.wait(GENEROUS_S)
        assert program.returncode == 0
    finally:
        program.kill()
        program.communicate()


def test_a_take_dances_on_the_page_and_nobody_steers_it(url: str) -> None:
    async def visit() -> None:
        async with aiohttp.ClientSession() as session:
            async with session.get(url + "about") as answer:
                about = await answer.json()
            assert about["may_steer"] is False
            assert about["controls"] == []
            async with session.get(url + "takes") as answer:
                assert answer.status == 403
            viewer = Visit(await session.ws_connect(url + "socket"))
            await viewer.next_message("/dance/pose")
            await viewer.socket.send_bytes(CALM)
            assert await viewer.next_message("/dance/refused") == [1, "this address only watches"]
            await viewer.socket.close()

    asyncio.run(visit())


def test_a_browser_shows_its_dancer(url: str, page, console: Console) -> None:
    page.goto(url)
    wait_until(lambda: page.evaluate("window.transflowerStage?.stage.dancers.length"), "a dancer", 2 * GENEROUS_S)
    wait_until(lambda: page.locator("#watching").is_visible(), "what says that nothing steers")
