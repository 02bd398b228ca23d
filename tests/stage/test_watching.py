"""A second token: who has only that sees the dance, and neither steers nor has takes."""

import asyncio
import json
from collections.abc import Iterator

import aiohttp
import pytest

from bridge.addresses import Addresses
from bridge.stage.qr_code import qr_svg
from bridge.stage.settings import StagePlace, StageSettings
from bridge.wire.dance_protocol import Status, encode_status
from tests.stage.stage_process import Stage, Visit, running_stage
from tests.stage.test_stage_server import CALM, ENERGY, PING, get

pytestmark = [pytest.mark.usefixtures("warm_children"), pytest.mark.realtime]

TOKEN = "a-token-of-this-test"
WATCH = "another-token-of-this-test"
STEERS = {"Authorization": f"Bearer {TOKEN}"}
WATCHES = {"Authorization": f"Bearer {WATCH}"}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("takes")
    (folder / "a.take").write_bytes(b"no take at all")
    with running_stage(host="0.0.0.0", token=TOKEN, watch_token=WATCH, takes=folder) as running:
        yield running


def test_who_only_watches_sees_and_cannot_steer(stage: Stage) -> None:
    async def visit() -> None:
        async with aiohttp.ClientSession() as session:

            async def join(headers: dict[str, str]) -> Visit:
                return Visit(await session.ws_connect(stage.url + "socket", headers=headers, ssl=False))

            watcher, performer = await join(WATCHES), await join(STEERS)
            stage.tell(encode_status(Status(state="dancing", dropped=7)))
            await watcher.wait_message("/dance/status", "dancing", 7)
            await watcher.socket.send_bytes(ENERGY)
            assert await watcher.next_message("/dance/refused") == [1, "this address only watches"]
            await watcher.socket.send_bytes(PING)
            await watcher.next_message("/dance/pong")
            await performer.socket.send_bytes(CALM)
            assert await asyncio.to_thread(stage.heard) == CALM, "what the watcher sent reached the bridge"
            await asyncio.gather(watcher.socket.close(), performer.socket.close())
            await asyncio.sleep(0)

    asyncio.run(visit())


def test_who_only_watches_has_no_takes_and_reads_so(stage: Stage) -> None:
    for path in ("takes", "takes/a.take", "takes/a.bvh", "takes/a.replay"):
        assert get(stage.url, path, ssl=False, headers=WATCHES)[0] == 403
        assert get(stage.url, path, ssl=False, headers=STEERS)[0] in (200, 409)
        assert get(stage.url, path, ssl=False)[0] == 401
    for headers, may_steer in ((WATCHES, False), (STEERS, True)):
        assert json.loads(get(stage.url, "about", ssl=False, headers=headers)[2])["may_steer"] is may_steer


def test_its_cookie_lets_in_to_watch_and_its_code_is_never_that_of_those_who_steer(stage: Stage) -> None:
    status, headers, _ = get(stage.url, f"?token={WATCH}", ssl=False)
    cookie = headers["Set-Cookie"].partition(";")[0]
    assert status == 200
    assert TOKEN not in cookie
    assert get(stage.url, "takes", ssl=False, headers={"Cookie": cookie})[0] == 403
    steer_url, watch_url = stage.process.urls[0], stage.process.watch_urls[0]
    assert (steer_url.partition("?")[2], watch_url.partition("?")[2]) == (f"token={TOKEN}", f"token={WATCH}")
    code = "addresses/0.svg"
    assert get(stage.url, code, ssl=False, headers=STEERS)[2] == qr_svg(steer_url)
    assert get(stage.url, f"{code}?watch", ssl=False, headers=STEERS)[2] == qr_svg(watch_url)
    assert get(stage.url, code, ssl=False, headers=WATCHES)[2] == qr_svg(watch_url)


def test_where_a_token_is_needed_there_is_one_to_watch_and_its_address_is_printed() -> None:
    settings = StagePlace(host="0.0.0.0").settings()
    assert settings.watch_token not in (None, settings.token)
    assert StagePlace().settings().watch_token is None, "on loopback nobody needs any"
    kept = StagePlace(host="0.0.0.0", token=TOKEN, watch_token=WATCH).settings()
    assert (kept.token, kept.watch_token) == (TOKEN, WATCH)
    for token in (None, WATCH):
        with pytest.raises(ValueError, match="another token"):
            StageSettings(token=token, watch_token=WATCH)
    with pytest.raises(ValueError, match="8 characters"):
        StageSettings(token=TOKEN, watch_token="short")
    assert list(Addresses(watch=("https://x/?token=w",)).lines()) == ["to watch:  https://x/?token=w"]
