"""The page's address as a QR code, read by a reader that is not ours."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from rich.console import Console as Terminal

from bridge.dancer.dancer_file import DancerFile
from bridge.performance import show_code
from bridge.stage.about import describe
from bridge.stage.qr_code import qr_lines
from tests.stage.browser import Console
from tests.stage.stage_process import Stage, running_stage
from tests.stage.test_stage_server import get
from tests.waiting import wait_until

zxingcpp = pytest.importorskip("zxingcpp", reason="the reader of QR codes is missing (pip install -e .[dev])")
TOKEN = "a-token_of-this-test-22"
WATCH = "another-token_of-this-test-22"
URLS = (
    f"https://192.168.178.201:39542/?token={TOKEN}",
    f"https://10.0.0.5:39542/?token={TOKEN}",
    f"https://127.0.0.1:39542/?token={TOKEN}",
)
INKS = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}


def read(picture: NDArray[np.uint8]) -> list[str]:
    """The texts of all QR codes in a grey picture (rows, columns), as a camera would find them."""
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def seen(lines: list[str]) -> NDArray[np.uint8]:
    """What a terminal shows of dark letters on a light ground, in the middle of its own dark one: a grey picture."""
    width = max(len(line) for line in lines)
    modules = [[INKS[letter][half] for letter in line.ljust(width)] for line in lines for half in (0, 1)]
    picture = 255 * (1 - np.array(modules, np.uint8))
    return np.pad(np.kron(picture, np.ones((6, 6), np.uint8)), 60).astype(np.uint8)


def printed(urls: tuple[str, ...], **options: Any) -> str:
    terminal = Terminal(
        file=io.StringIO(), **{"force_terminal": True, "width": 100, "color_system": "truecolor", **options}
    )
    show_code(terminal, urls)
    file = terminal.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


@pytest.fixture(scope="module")
def networked(tiny: Path) -> Iterator[Stage]:
    """A stage that the network sees."""
    about = describe(DancerFile.open(tiny), sound="a song")
    with running_stage(host="0.0.0.0", token=TOKEN, watch_token=WATCH, about=about) as running:
        yield running


@pytest.mark.parametrize("url", URLS)
def test_a_terminal_shows_the_address_to_cameras(url: str) -> None:
    assert read(seen(qr_lines(url))) == [url]


def test_the_first_address_that_others_reach_is_printed_dark_on_light() -> None:
    text = printed(URLS[::-1])
    assert re.search(r"\x1b\[30;107m", text), "black on white, whatever the colours of the terminal"
    lines = [line for line in re.sub(r"\x1b\[[0-9;]*m", "", text).split("\n") if line]
    assert read(seen(lines)) == [URLS[1]]


@pytest.mark.parametrize(
    ("urls", "options"),
    [
        (URLS[2:], {}),
        ((), {}),
        (URLS, {"force_terminal": False}),
        (URLS, {"no_color": True}),
        (URLS, {"width": 30}),
    ],
    ids=["only this machine", "no page", "a log file", "no colours", "a narrow terminal"],
)
def test_nothing_is_printed_where_it_would_be_of_no_use(urls: tuple[str, ...], options: dict[str, Any]) -> None:
    assert printed(urls, **options) == ""


def test_the_stage_serves_a_code_for_each_address_to_those_whom_it_lets_in(networked: Stage) -> None:
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert get(networked.url, "addresses", ssl=False)[0] == 401
    assert get(networked.url, "addresses/0.svg", ssl=False)[0] == 401
    status, _, body = get(networked.url, "addresses", ssl=False, headers=bearer)
    assert status == 200
    assert TOKEN.encode() not in body
    own = [url for url in networked.process.urls if "127.0.0.1" not in url]
    assert own, "this machine has no network"
    for index, url in enumerate(own):
        status, headers, picture = get(networked.url, f"addresses/{index}.svg", ssl=False, headers=bearer)
        assert (status, headers["Content-Type"]) == (200, "image/svg+xml")
        assert headers["Cache-Control"] == "no-store"
        assert TOKEN.encode() not in picture, "it is drawn, not written"
        assert url.endswith(f"?token={TOKEN}")
    for path in (f"addresses/{len(own)}.svg", "addresses/x.svg", "addresses/-1.svg", "addresses/0.png"):
        assert get(networked.url, path, ssl=False, headers=bearer)[0] == 404


def test_a_stage_of_this_machine_alone_has_no_code() -> None:
    with running_stage() as alone:
        assert get(alone.url, "addresses")[2] == b"[]"
        assert get(alone.url, "addresses/0.svg")[0] == 404


@pytest.mark.realtime
def test_a_camera_before_the_page_reads_the_address(browser: Any, console: Console, networked: Stage) -> None:
    context = browser.new_context(ignore_https_errors=True, viewport={"width": 1280, "height": 720})
    try:
        page = context.new_page()
        console.watch(page)
        page.goto(f"{networked.url}?token={TOKEN}#remote")
        page.wait_for_selector("html[data-link=open]")
        page.locator("#panel-join .fold").click()
        wait_until(lambda: page.evaluate("document.querySelector('.code').naturalWidth > 0"), "the code")
        page.locator(".code").scroll_into_view_if_needed()

        def on_screen() -> list[str]:
            return read(np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("L")))

        (url,) = wait_until(on_screen, "the code to be read")
        assert url in networked.process.urls
        page.locator("#join-remote").check()
        wait_until(lambda: on_screen() == [f"{url}#remote"], "the code of a remote control")
        assert TOKEN not in page.content()
        fresh = browser.new_context(ignore_https_errors=True).new_page()
        console.watch(fresh)
        fresh.goto(f"{url}#remote")  # what the camera opens
        fresh.wait_for_selector("html[data-link=open]")
        assert not fresh.evaluate("transflowerStage.stage.drawn")
        fresh.context.close()
        page.locator("#join-watch").check()
        (watch_url,) = wait_until(lambda: [url for url in on_screen() if WATCH in url], "the code for an audience")
        assert not page.locator("#join-remote").is_checked()
        assert watch_url in networked.process.watch_urls
    finally:
        context.close()


@pytest.mark.realtime
def test_the_page_of_those_who_only_watch_has_nothing_that_steers(
    browser: Any, console: Console, networked: Stage
) -> None:
    for name, token, steers in (("watch", WATCH, False), ("steer", TOKEN, True)):
        page = browser.new_context(ignore_https_errors=True).new_page()
        console.watch(page)
        page.goto(f"{networked.url}?token={token}#remote")
        page.wait_for_selector("html[data-link=open]")
        page.wait_for_selector("#panel-music")
        for part in ("button[data-control=freeze]", "button[data-control=panic]", "#panel-dance", "#panel-takes"):
            seen = page.locator(part)
            assert (seen.count() > 0 and seen.first.is_visible()) is steers, f"{part} of who may {name}"
        assert page.locator("#watching").is_visible() is not steers
        page.keyboard.press("?")
        page.wait_for_selector("#help[open]")
        assert ("Panic" in page.locator("#help").inner_text()) is steers
        page.context.close()
