"""What the page says is of now: it comes with its cause and goes with it, and nothing is kept of what nobody tells."""

from typing import Any

import pytest

from tests.stage.browser import Console, KeptPage
from tests.stage.scripted_page import NOTICES, WHY, ScriptedPage
from tests.waiting import wait_until


@pytest.fixture
def steered(kept_page: KeptPage, console: Console, scripted: ScriptedPage) -> Any:
    """The page as a remote control, which has heard of a second in which all is well."""

    def begin(page: Any) -> None:
        page.goto(f"{scripted.stage.url}#remote")
        page.wait_for_selector("html[data-link=open]")

    page = kept_page.get(console, begin)
    scripted.second()
    wait_until(lambda: says(page) == "" and state(page) == "dancing", "a page that has nothing to say")
    return page


def says(page: Any) -> str:
    """All that is written over the stage."""
    text: str = page.evaluate("document.querySelector('.messages').innerText")
    return text.strip()


def state(page: Any) -> str:
    text: str = page.evaluate("document.querySelector('#state').textContent")
    return text


def test_a_notice_comes_and_goes_with_its_cause(steered: Any, scripted: ScriptedPage) -> None:
    scripted.second(notices=NOTICES[:2], why=WHY, state="idle")
    wait_until(lambda: all(text in says(steered) for text in (*NOTICES[:2], WHY)), "the notices")
    scripted.second(notices=NOTICES[1:2])
    wait_until(lambda: says(steered) == NOTICES[1], "the notice that is left")
    scripted.second()
    wait_until(lambda: says(steered) == "", "the page to say nothing")


def test_of_a_bridge_that_falls_silent_nothing_is_shown_but_that(steered: Any, scripted: ScriptedPage) -> None:
    scripted.second(notices=NOTICES[:1], why=WHY, state="idle")
    wait_until(lambda: WHY in says(steered), "the reason")
    scripted.controls()  # the recording is marked
    marked = "document.querySelector('#recording').textContent"
    wait_until(lambda: steered.evaluate(marked), "the mark")
    wait_until(lambda: "sent nothing for" in says(steered), "the page to miss its bridge")
    assert WHY not in says(steered)
    assert NOTICES[0] not in says(steered)
    assert (state(steered), steered.evaluate(marked)) == ("–", "")
    scripted.second()
    wait_until(lambda: says(steered) == "" and state(steered) == "dancing", "the page to go on")


def test_a_list_that_could_not_be_had_is_no_trouble_once_it_is_there(
    steered: Any, scripted: ScriptedPage, console: Console
) -> None:
    console.allowed += ["Failed to load resource"]
    steered.route("**/takes", lambda route: route.fulfill(status=503, body="no"))
    fold = steered.locator("#panel-takes .fold")
    fold.click()
    takes_text = "document.querySelector('#panel-takes').innerText"
    wait_until(lambda: "lists no takes (503)" in steered.evaluate(takes_text), "the trouble")
    steered.unroute("**/takes")
    fold.click()
    fold.click()
    wait_until(lambda: "503" not in steered.evaluate(takes_text), "the trouble to go")


def test_a_page_that_found_no_bridge_forgets_that_as_soon_as_it_does(
    page: Any, console: Console, scripted: ScriptedPage
) -> None:
    console.allowed += ["Failed to load resource"]
    page.route("**/about", lambda route: route.fulfill(status=500, body="no"))
    page.goto(f"{scripted.stage.url}#remote")
    page.wait_for_selector("text=does not say what it is (500)")
    page.unroute("**/about")
    page.wait_for_selector("html[data-link=open]")
    scripted.second()
    assert "500" not in page.evaluate("document.body.innerText")


def test_an_avatar_that_cannot_be_had_at_first_comes_as_soon_as_it_can(
    page: Any, console: Console, scripted: ScriptedPage
) -> None:
    console.allowed += ["Failed to load resource"]
    page.set_viewport_size({"width": 320, "height": 200})
    page.route("**/avatar.vrm", lambda route: route.fulfill(status=503, body="no"))
    page.goto(scripted.stage.url)
    page.wait_for_selector("text=cannot be had (503)")
    page.unroute("**/avatar.vrm")
    wait_until(lambda: page.evaluate("transflowerStage.stage.cast.length"), "a dancer")
    assert "503" not in page.evaluate("document.body.innerText")
