"""The page says why nobody dances, and what can be done about it: one line, the present one, gone with the dance."""

from typing import Any

import pytest

from bridge.control.controls import Controls
from bridge.engine.why import Standing, why_still
from tests.stage.bridge_process import BridgeProcess
from tests.waiting import GENEROUS_S, wait_until


def line_of(page: Any) -> str:
    """The line as it is seen; empty where none is."""
    line = page.locator("#why")
    return str(line.inner_text()) if line.is_visible() else ""


def wait_for_line(page: Any, *parts: str) -> None:
    """Waits until the line says all of this."""
    wait_until(lambda: all(part in line_of(page) for part in parts), f"the page to say {parts}", 2 * GENEROUS_S)


def wait_for_dance(page: Any) -> None:
    """Waits until the page says that somebody dances, and no more why nobody does."""
    try:
        wait_until(
            lambda: page.locator("#state").inner_text() == "dancing" and not line_of(page), "a dance", 2 * GENEROUS_S
        )
    except AssertionError as error:
        raise AssertionError(f"{error}; the page says: {line_of(page)!r}") from None


def press(page: Any, bridge: BridgeProcess, name: str, wanted: bool) -> None:
    """Presses a switch, and waits until bridge and page know where it stands: the next press starts from there."""
    switch = page.locator(f"button[role=switch][data-control={name}]").first
    switch.click()
    bridge.wait_for(name, int(wanted))
    wait_until(lambda: switch.get_attribute("aria-checked") == str(wanted).lower(), f"the switch {name} to follow")


def test_who_was_asked_to_stand_reads_how_to_go_on_and_the_first_reason_comes_first(
    steered: Any, bridge: BridgeProcess
) -> None:
    wait_for_dance(steered)
    press(steered, bridge, "idle", True)
    wait_for_line(steered, "told to stand idle", "(idle 0)")
    press(steered, bridge, "freeze", True)
    wait_for_line(steered, "held by freeze", "(freeze 0)")
    assert "idle" not in line_of(steered), "one reason, not two"
    press(steered, bridge, "freeze", False)
    wait_for_line(steered, "told to stand idle", "(idle 0)")
    press(steered, bridge, "idle", False)
    wait_for_dance(steered)


def test_too_quiet_a_song_is_danced_to_once_the_named_way_out_is_taken(steered: Any, bridge: BridgeProcess) -> None:
    wait_for_dance(steered)
    before = bridge.value("threshold_dbfs")
    mark = steered.locator("input[name=threshold_dbfs-mark]")
    mark.fill("0")
    wait_for_line(steered, "silence: ", "music begins at 0 dB", "threshold down (threshold_dbfs)")
    mark.fill(f"{before:g}")
    bridge.wait_for("threshold_dbfs", before)
    wait_for_dance(steered)


SEEN = """(text) => {
  const line = document.querySelector("#why");
  line.hidden = false;
  line.textContent = text;
  const box = line.getBoundingClientRect();
  return { cut: line.scrollHeight > line.clientHeight + 1, ...box.toJSON() };
}"""


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_longest_line_is_seen_to_its_end(page: Any, bridge: BridgeProcess, size: tuple[int, int]) -> None:
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{bridge.url}#remote")
    page.wait_for_selector("html[data-link=open]")
    too_slow = why_still(Standing(has_sound=True, is_music=True, is_judged=True, rest_s=30.0), Controls())
    assert too_slow is not None
    seen = page.evaluate(SEEN, too_slow.text)
    assert not seen["cut"], seen
    assert 0 <= seen["left"] < seen["right"] <= width
    assert 0 <= seen["top"] < seen["bottom"] <= height
