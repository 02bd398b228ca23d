"""`docs/first_minute.md` is true: what it says is printed is, and what it says to press is on the page and does it."""

import re
from pathlib import Path
from typing import Any

from bridge.addresses import Addresses
from bridge.commands.options import DEFAULT_CONTROL, DEFAULT_QUERY_PORT, DEFAULT_STAGE
from tests.stage.bridge_process import BridgeProcess
from tests.stage.control_page import type_in
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/first_minute.md").read_text("utf-8")


def test_what_it_says_is_printed() -> None:
    (block,) = re.findall(r"^```text\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    host, _, port = DEFAULT_CONTROL.rpartition(":")
    addresses = Addresses(
        control=(host, int(port)), query=(host, DEFAULT_QUERY_PORT), stage=(f"http://{DEFAULT_STAGE}/",)
    )
    assert block.splitlines() == list(addresses.lines())


def test_its_pictures_are_made_by_what_makes_pictures() -> None:
    shown = re.findall(r"!\[[^\]]+\]\((\w+\.png)\)", TEXT)
    assert shown == ["stage.png", "stage_page.png", "stage_phone.png"]
    maker = (ROOT / "tests/stage/stage_picture.py").read_text("utf-8")
    assert all(f'"{name.removesuffix(".png")}"' in maker for name in shown)


def test_what_it_names_is_on_the_page_and_does_what_it_says(steered: Any, bridge: BridgeProcess) -> None:
    words = set(re.findall(r"(?<![*\w])\*([A-Z][\w -]+)\*(?!\*)", TEXT))
    assert {"Energy", "Style", "Re-roll", "Music", "Dance", "Health"} <= words
    seen = steered.evaluate("document.body.textContent")
    assert [word for word in words if word not in seen] == []
    keys = set(re.findall(r"<kbd>([^<]+)</kbd>", TEXT))
    listed = set(steered.evaluate("[...document.querySelectorAll('dialog kbd')].map((key) => key.textContent.trim())"))
    assert keys <= listed, f"the page's help has {listed}"
    type_in(steered, "energy-number", "0.8")
    bridge.wait_for("energy", 0.8)
    type_in(steered, "energy-number", "0.5")
    bridge.wait_for("energy", 0.5)
    steered.locator("body").click(position={"x": 5, "y": 5})
    for key, control in ((" ", "freeze"), ("m", "mirror")):
        for value in (1, 0):
            steered.keyboard.press(key)
            bridge.wait_for(control, value)
    before = bridge.value("seed")
    steered.get_by_role("button", name="Re-roll").first.click()
    wait_until(lambda: bridge.value("seed") != before, "another dance")
