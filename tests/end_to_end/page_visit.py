"""Somebody at the page as a remote control, in real Chromium: keys, and a MIDI controller that is learned and moved.

`python -m tests.end_to_end.page_visit URL SEED` prints how much was asked for. Headless Chromium has no MIDI port: what
one would send is made here, all after it is the page's own.
"""

import os
import random
import shutil
import sys
from typing import Any

from playwright.sync_api import sync_playwright

from tests.stage.browser import running_chromium

KEYS = ("Space", "Space", "t", "t", "t", "t", "m", "n", "r", "ArrowLeft", "ArrowRight")
KNOB, PAD = (0xB0, 7), (0x99, 36)
PATIENCE_MS = 60_000
FAKE_MIDI = """
const input = { onmidimessage: null };
window.midiSends = (...data) => input.onmidimessage({ data: new Uint8Array(data) });
navigator.requestMIDIAccess = async () => ({ inputs: new Map([["knobs", input]]), onstatechange: null });
"""


def chromium() -> str | None:
    """Where Chromium is, if anywhere."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def visit(page: Any, url: str, rng: random.Random) -> int:
    """Comes, steers and lets the dance go on; how many things were asked for."""
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(FAKE_MIDI)
    page.goto(f"{url}#remote")
    page.wait_for_selector("html[data-link=open]")
    page.locator(".help-button").click()
    for control, message in (("energy", (*KNOB, 60)), ("panic", (*PAD, 100))):
        page.locator("#midi-control").select_option(control)
        page.locator("#midi-learn").click()
        page.wait_for_function("document.querySelector('#midi-words').textContent.startsWith('Now move')")
        page.evaluate("message => window.midiSends(...message)", list(message))
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    asked = 0
    for _ in range(20):
        for value in rng.sample(range(128), 5):
            page.evaluate("message => window.midiSends(...message)", [*KNOB, value])
        page.keyboard.press(rng.choice(KEYS))
        page.wait_for_timeout(rng.uniform(50, 300))
        asked += 6
    page.evaluate("message => window.midiSends(...message)", [*PAD, 100])  # panic by a pad
    page.wait_for_selector("[data-control=idle][aria-checked=true]")
    page.keyboard.press("i")
    page.wait_for_selector("[data-control=idle][aria-checked=false]")
    if page.locator("[data-control=freeze][aria-checked=true]").count():
        page.keyboard.press("Space")
        page.wait_for_selector("[data-control=freeze][aria-checked=false]")
    return asked + 2


if __name__ == "__main__":
    path = chromium()
    assert path is not None, "Chromium is missing: apt install chromium"
    with sync_playwright() as playwright, running_chromium(playwright, path) as browser:
        print(visit(browser.new_page(), sys.argv[1], random.Random(int(sys.argv[2]))))
