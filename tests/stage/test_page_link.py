"""The printed address works wherever it is clicked, and lets nobody in who only stands beside."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.dancer.dancer_file import DancerFile
from bridge.stage.about import describe
from tests.stage.browser import Console
from tests.stage.stage_process import Stage, running_stage

TOKEN = "a-token-of-this-test"
MAIL = "http://mail.example/inbox"


@pytest.fixture(scope="module")
def guarded(tiny: Path) -> Iterator[Stage]:
    """A stage that wants a token."""
    with running_stage(token=TOKEN, about=describe(DancerFile.open(tiny), sound="a song")) as running:
        running.url = running.url.replace("https", "http")
        yield running


def mail(page: Any, content: str) -> None:
    """Opens a page of another site."""
    page.route(MAIL, lambda route: route.fulfill(content_type="text/html", body=f"<!doctype html>{content}"))
    page.goto(MAIL)


@pytest.mark.parametrize("end", ["", "#remote"], ids=["the stage", "a remote control"])
def test_the_address_works_when_clicked_in_web_mail(page: Any, guarded: Stage, end: str) -> None:
    mail(page, f'<a href="{guarded.url}?token={TOKEN}{end}">the stage</a>')
    page.set_viewport_size({"width": 320, "height": 200})
    page.locator("a").click()
    page.wait_for_selector("html[data-link=open]")
    assert page.url == guarded.url + end, "the token does not stay in the address line"
    assert page.evaluate("document.cookie") == "", "nor can a script read it"
    page.reload()
    page.wait_for_selector("html[data-link=open]")


def test_a_foreign_page_gets_nothing_by_the_cookie_of_a_viewer(page: Any, console: Console, guarded: Stage) -> None:
    console.allowed += ["Failed to load resource", "WebSocket connection to", "CORS policy", "Refused to", "net::ERR_"]
    page.goto(f"{guarded.url}?token={TOKEN}#remote")
    page.wait_for_selector("html[data-link=open]")
    mail(page, "<p>a page that would like to steer</p>")
    tried = page.evaluate(
        """async (url) => {
          const socket = new WebSocket(url.replace("http", "ws") + "socket");
          const opened = await new Promise((resolve) => {
            socket.onopen = () => resolve(true);
            socket.onerror = () => resolve(false);
          });
          const options = { credentials: "include", mode: "no-cors" };
          const read = await fetch(url + "about", options).then((answer) => answer.text()).catch(() => "");
          return { opened, read };
        }""",
        guarded.url,
    )
    assert tried == {"opened": False, "read": ""}
