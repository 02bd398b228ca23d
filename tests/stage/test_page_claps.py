"""The clap test: what the page hears by its own microphone, and what it makes of it."""

import math
import re
import wave
from pathlib import Path
from typing import Any

import numpy as np

from bridge.control.control_schema import SPEC_BY_NAME
from tests.stage.bridge_process import running_bridge
from tests.stage.browser import Console, new_page, running_chromium
from tests.stage.control_page import opened
from tests.waiting import wait_until


def write_claps(path: Path, rate_hz: int = 48000, seconds: float = 30.0, start_s: float = 0.5) -> None:
    """A WAV of claps, one a second: bursts of noise that die away within 30 ms, as a hall would not hear them."""
    random = np.random.default_rng(5)
    samples = np.zeros(int(seconds * rate_hz))
    fade = np.exp(-np.arange(int(0.1 * rate_hz)) / (0.012 * rate_hz))
    for clap_s in np.arange(start_s, seconds - 0.2, 1.0):
        at = int(clap_s * rate_hz)
        samples[at : at + len(fade)] += 0.8 * fade * random.uniform(-1, 1, len(fade))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes((32767 * samples).astype("<i2").tobytes())


def agreed(page: Any) -> re.Match[str] | None:
    """What the page says of claps that agree.

    Where the claps of the two files fall on the same moment, each is paired with the onset before or after it, as
    chance has it. Then the measurement is begun anew, and with it the page's file, at another moment of the bridge's.
    """
    found = re.match(r"(\d+) claps: seen (\d+) ms later, ± (\d+) ms", page.locator(".clap-words").inner_text())
    if found is None or int(found[3]) <= 100:  # claps by chance, a second apart, would spread over hundreds
        return found
    if int(found[1]) >= 8:
        page.locator("#clap-start").click()
        page.locator("#clap-start").click()
    return None


TAKE_OVER = """() => {
  const use = document.querySelector("#clap-use");
  const offer = use.textContent;
  use.click();
  return offer;
}"""
"""At once, since the next clap may change the offer."""


def test_the_clap_test_measures_and_its_offer_reaches_the_bridge(
    playwright: Any, chromium_path: str, console: Console, tiny: Path, tmp_path: Path
) -> None:
    """Bridge and page hear the same claps from files that begin at different times, so the delay is only known to lie
    within a second; that it is one delay for all claps, found, offered and taken over, is what is tested here."""
    write_claps(tmp_path / "claps.wav")  # Chromium begins it again at its end, a second after the last clap
    write_claps(tmp_path / "song.wav", rate_hz=24_000, seconds=600.0)
    sound = (
        *("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"),
        f"--use-file-for-fake-audio-capture={tmp_path / 'claps.wav'}",
    )
    with (
        running_chromium(playwright, chromium_path, *sound) as chromium,
        running_bridge(tiny, tmp_path, "--file", str(tmp_path / "song.wav")) as bridge,
        new_page(chromium, console) as page,
    ):
        opened(page, bridge.url)
        page.locator("#clap-start").click()
        wait_until(lambda: agreed(page), "claps that agree", 300)
        page.wait_for_selector("#clap-use:not([hidden])")
        page.locator("#clap-start").click()
        offered = int(page.evaluate(TAKE_OVER).split()[1])
        bridge.wait_for("offset_ms", float(offered))
        assert math.isfinite(offered)
        assert SPEC_BY_NAME["offset_ms"].low <= offered <= SPEC_BY_NAME["offset_ms"].high


def test_without_a_microphone_the_clap_test_says_what_else_to_do(steered: Any) -> None:
    steered.locator("#clap-start").click()
    words = steered.locator(".clap-words")
    wait_until(lambda: "Without it" in words.inner_text(), "an explanation")
