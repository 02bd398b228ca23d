"""The clap test: what the page hears by its own microphone, and what it makes of it."""

import math
import wave
from pathlib import Path
from typing import Any

import numpy as np

from bridge.inbound.control_schema import SPEC_BY_NAME
from tests.stage.bridge_process import running_bridge, wait_until
from tests.stage.conftest import CHROMIUM_OPTIONS, Console
from tests.stage.control_page import opened


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


def test_the_clap_test_measures_and_its_offer_reaches_the_bridge(
    playwright: Any, chromium_path: str, console: Console, tiny: Path, tmp_path: Path
) -> None:
    """Bridge and page hear the same claps from files that begin at different times, so the delay is only known to lie
    within a second; that it is one delay for all claps, found, offered and taken over, is what is tested here."""
    write_claps(tmp_path / "claps.wav")
    write_claps(tmp_path / "song.wav", seconds=120.0)
    chromium = playwright.chromium.launch(
        executable_path=chromium_path,
        args=[
            *CHROMIUM_OPTIONS,
            *("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"),
            f"--use-file-for-fake-audio-capture={tmp_path / 'claps.wav'}",
        ],
    )
    try:
        with running_bridge(tiny, tmp_path, "--file", str(tmp_path / "song.wav"), "--no-aloud") as bridge:
            page = chromium.new_context(viewport={"width": 960, "height": 540}).new_page()
            console.watch(page)
            opened(page, bridge.url)
            page.locator("#clap-start").click()
            page.wait_for_selector("#clap-use:not([hidden])", timeout=30000)
            words = page.locator(".clap-words").inner_text()
            offered = int(page.locator("#clap-use").inner_text().split()[1])
            page.locator("#clap-use").click()
            page.locator("#clap-start").click()
            bridge.wait_for("offset_ms", float(offered))
            spread_ms = int(words.split("±")[1].split()[0])
            assert spread_ms <= 100, words  # claps by chance, a second apart, would spread over hundreds
            assert math.isfinite(offered)
            assert SPEC_BY_NAME["offset_ms"].low <= offered <= SPEC_BY_NAME["offset_ms"].high
            page.close()
    finally:
        chromium.close()


def test_without_a_microphone_the_clap_test_says_what_else_to_do(steered: Any) -> None:
    steered.locator("#clap-start").click()
    words = steered.locator(".clap-words")
    wait_until(lambda: "Without it" in words.inner_text(), 10, "an explanation")
