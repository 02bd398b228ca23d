"""The page steers the bridge: every control, by mouse, keyboard, MIDI and claps, in real Chromium with a real bridge.

The page is opened as a remote control, without its stage, which takes a browser that draws in software all its time; a
test of the page's life steers with the stage drawn.
"""

from pathlib import Path
from typing import Any

import pytest

from bridge.control.control_schema import CONTROL_SPECS
from tests.stage.bridge_process import BridgeProcess
from tests.stage.browser import Console, KeptPage
from tests.stage.control_page import opened, remember, remembered, type_in
from tests.stage.scripted_page import ScriptedPage
from tests.waiting import wait_until

NUMBERS = [spec for spec in CONTROL_SPECS if spec.kind == "number" and spec.name not in ("nudge", "threshold_dbfs")]
SWITCHES = [spec.name for spec in CONTROL_SPECS if spec.kind == "switch"]
FROZEN = "button[data-control=freeze][aria-checked=true]"
TRIED = {
    *(spec.name for spec in NUMBERS),
    *SWITCHES,
    *("style", "seed_pose", "seed", "clock", "threshold_dbfs", "nudge", "preset", "save_preset"),
    *("panic", "reset", "tap", "half", "double", "next_phrase"),
}


@pytest.fixture
def steered(kept_page: KeptPage, console: Console, bridge: BridgeProcess) -> Any:
    """The page with all its panels open, as the test before left it."""
    page = kept_page.get(console, lambda new: opened(new, bridge.url))
    page.evaluate("document.activeElement.blur()")
    return page


def test_every_control_of_the_schema_is_tried() -> None:
    assert {spec.name for spec in CONTROL_SPECS} == TRIED, "a new control needs a test of its place on the page"


@pytest.mark.parametrize("spec", NUMBERS, ids=lambda spec: spec.name)
def test_a_number_reaches_the_bridge(steered: Any, bridge: BridgeProcess, spec: Any) -> None:
    before = bridge.value(spec.name)
    wanted = 120.0 if spec.name == "bpm" else round(spec.low + 0.7 * (spec.high - spec.low), 1)
    type_in(steered, spec.name if spec.name == "bpm" else f"{spec.name}-number", str(wanted))
    bridge.wait_for(spec.name, wanted)
    type_in(steered, spec.name if spec.name == "bpm" else f"{spec.name}-number", f"{before:g}")
    bridge.wait_for(spec.name, pytest.approx(before, abs=0.01))


def test_a_slider_reaches_the_bridge_and_shows_what_another_hand_does(steered: Any, bridge: BridgeProcess) -> None:
    slider = steered.locator("input[name=energy]")
    slider.focus()
    slider.press("End")
    bridge.wait_for("energy", 1.0)
    slider.press("ArrowLeft")
    bridge.wait_for("energy", pytest.approx(0.99, abs=1e-3))
    type_in(steered, "energy-number", "0.5")
    wait_until(lambda: slider.input_value() == "0.5", "the slider to follow")


@pytest.mark.parametrize("name", SWITCHES)
def test_a_switch_reaches_the_bridge_and_back(steered: Any, bridge: BridgeProcess, name: str) -> None:
    before = bridge.value(name)
    switch = steered.locator(f"button[role=switch][data-control={name}]").first
    wait_until(lambda: switch.get_attribute("aria-checked") == ("true" if before else "false"), "the switch")
    for wanted in (1 - before, before):
        switch.click()
        bridge.wait_for(name, wanted)
        shown = "true" if wanted else "false"
        wait_until(lambda shown=shown: switch.get_attribute("aria-checked") == shown, "the switch to follow")


def test_a_switch_pressed_twice_in_haste_is_where_it_was(steered: Any, bridge: BridgeProcess) -> None:
    before = bridge.value("mirror")
    switch = steered.locator("button[role=switch][data-control=mirror]")
    both = "made => [0, 1].map(() => { made.click(); return made.getAttribute('aria-checked') === 'true'; })"
    assert switch.evaluate(both) == [not before, bool(before)], "the page waits for the bridge's answer"
    type_in(steered, "energy-number", "0.6")  # once this is heard, both presses are
    bridge.wait_for("energy", 0.6)
    assert bridge.value("mirror") == before
    type_in(steered, "energy-number", "0.5")
    bridge.wait_for("energy", 0.5)


def test_what_is_chosen_reaches_the_bridge(steered: Any, bridge: BridgeProcess) -> None:
    for name in ("style", "seed_pose", "clock"):
        before = bridge.value(name)
        select = steered.locator(f"select[name={name}]")
        options = [option.get_attribute("value") for option in select.locator("option").all()]
        others = [option for option in options if option not in ("", before, "midi", "link")]
        assert others, f"the page offers no {name} but {before!r}"
        select.select_option(others[0])
        bridge.wait_for(name, others[0])
        select.select_option(before)
        bridge.wait_for(name, before)


def test_the_seed_is_typed_and_rolled(steered: Any, bridge: BridgeProcess) -> None:
    type_in(steered, "seed", "1234567")
    bridge.wait_for("seed", 1234567)
    steered.locator(".reroll").click()
    wait_until(lambda: bridge.value("seed") != 1234567, "another seed")


def test_the_mark_of_the_level_meter_is_the_threshold(steered: Any, bridge: BridgeProcess) -> None:
    before = bridge.value("threshold_dbfs")
    mark = steered.locator("input[name=threshold_dbfs-mark]")
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    mark.hover(position={"x": 0.5 * box["width"], "y": 0.5 * box["height"]})
    steered.mouse.down()
    mark.hover(position={"x": 0.75 * box["width"], "y": 0.5 * box["height"]})
    steered.mouse.up()
    wait_until(lambda: -30 < bridge.value("threshold_dbfs") < -15, "the threshold where the mark was let go")
    mark.fill(f"{before:g}")
    bridge.wait_for("threshold_dbfs", before)


def test_beat_buttons(steered: Any, bridge: BridgeProcess) -> None:
    def bpm() -> float:
        return float(bridge.newest("/dance/beat").params[1])  # type: ignore[union-attr]

    type_in(steered, "bpm", "120")
    wait_until(lambda: abs(bpm() - 120) < 1, "120 bpm")
    for button, wanted in (("half", 60), ("double", 120)):  # further ones leave what a dancer knows, and are folded
        steered.locator(f"button[data-control={button}]").click()
        wait_until(lambda wanted=wanted: abs(bpm() - wanted) < 1, f"{wanted} bpm")
    steered.locator("[aria-label='Nudge the beat forward']").click()
    bridge.wait_for("nudge", pytest.approx(0.02, abs=1e-4))
    steered.locator("[aria-label='Nudge the beat back']").click()
    bridge.wait_for("nudge", pytest.approx(0.0, abs=1e-4))
    tap = steered.locator("button[data-control=tap]")
    tap.click()  # a tap ends what was set
    bridge.wait_for("bpm", 0.0)
    type_in(steered, "bpm", "0")


def test_panic_and_reset(steered: Any, bridge: BridgeProcess) -> None:
    steered.locator("button[data-control=freeze]").click()
    bridge.wait_for("freeze", 1)
    steered.locator("button[data-control=reset]").click()
    bridge.wait_for("freeze", 0)
    steered.locator("button[data-control=panic]").click()
    bridge.wait_for("idle", 1)
    wait_until(lambda: steered.locator("#state").inner_text() == "idle", "the page to say idle")
    steered.locator("button[role=switch][data-control=idle]").click()
    bridge.wait_for("idle", 0)


def test_another_phrase_is_asked_for_by_a_button_and_by_a_key(page: Any, scripted: ScriptedPage) -> None:
    page.goto(f"{scripted.stage.url}#remote")
    page.wait_for_selector("html[data-link=open]")
    button = page.locator("button[data-control=next_phrase]")
    for press in (button.click, lambda: page.keyboard.press("n")):
        page.evaluate("document.activeElement.blur()")
        press()
        while b"/dance/control/next_phrase" not in scripted.stage.heard():
            pass


def test_what_the_bridge_refuses_is_shown_with_its_reason(steered: Any, bridge: BridgeProcess) -> None:
    before = bridge.value("energy")
    remember(steered, "#refusal", ".knob.refused[data-control=energy]")
    type_in(steered, "energy-number", "7")
    wait_until(
        lambda: any("takes 0 to 1, not 7" in (notice or "") and knob for notice, knob in remembered(steered)),
        "the reason, and the knob to show that it is meant",
    )
    field = steered.locator("input[name=energy-number]")
    wait_until(lambda: float(field.input_value()) == pytest.approx(before), "the bridge's value again")
    assert bridge.value("energy") == before


def test_the_keyboard_steers_but_not_while_somebody_types(steered: Any, bridge: BridgeProcess) -> None:
    steered.evaluate("document.activeElement.blur()")
    steered.keyboard.press("Space")
    bridge.wait_for("freeze", 1)
    wait_until(lambda: steered.locator("#state").inner_text() == "frozen", "the page to say frozen")
    steered.wait_for_selector(FROZEN)
    steered.keyboard.press("Space")
    bridge.wait_for("freeze", 0)
    seed = bridge.value("seed")
    steered.keyboard.press("r")
    wait_until(lambda: bridge.value("seed") != seed, "another seed")
    steered.keyboard.press("ArrowRight")
    bridge.wait_for("nudge", pytest.approx(0.02, abs=1e-4))
    steered.keyboard.press("ArrowLeft")
    bridge.wait_for("nudge", pytest.approx(0.0, abs=1e-4))
    mirror = bridge.value("mirror")
    name = steered.locator("input[name=save_preset]")
    name.fill("")
    name.press_sequentially("mirror m")
    steered.keyboard.press("Escape")  # panic is for all places
    bridge.wait_for("idle", 1)
    assert bridge.value("mirror") == mirror
    name.fill("")
    steered.locator("button[role=switch][data-control=idle]").click()
    bridge.wait_for("idle", 0)


def test_the_dialog_of_keys_keeps_the_focus_and_gives_it_back(steered: Any, bridge: BridgeProcess) -> None:
    opener = steered.locator(".help-button")
    opener.focus()
    opener.press("Enter")
    inside = (
        "document.activeElement === document.body || document.querySelector('#help').contains(document.activeElement)"
    )
    for _ in range(6):
        assert steered.evaluate(inside)
        steered.keyboard.press("Tab")
    steered.keyboard.press("Escape")
    wait_until(lambda: steered.evaluate("!document.querySelector('#help').open"), "the dialog to close")
    assert steered.evaluate("document.activeElement.className") == "help-button"
    steered.locator("button[data-control=freeze]").click()
    bridge.wait_for("freeze", 1)
    assert bridge.value("idle") == 0  # this Escape was no panic: the bridge has heard what came after it
    steered.wait_for_selector(FROZEN)
    steered.locator("button[data-control=freeze]").click()
    bridge.wait_for("freeze", 0)


FAKE_MIDI = """
const input = { onmidimessage: null };
window.midiSends = (...data) => input.onmidimessage({ data: new Uint8Array(data) });
navigator.requestMIDIAccess = async () => ({ inputs: new Map([["knobs", input]]), onstatechange: null });
"""
"""No MIDI port is in headless Chromium; what a port would send comes from here, all after it is the page's own."""


def test_midi_is_learned_steers_survives_a_reload_and_is_forgotten(page: Any, bridge: BridgeProcess) -> None:
    page.add_init_script(FAKE_MIDI)
    opened(page, bridge.url)
    page.locator(".help-button").click()
    for control, message in (("energy", (0xB0, 7, 10)), ("mirror", (0x99, 36, 100))):
        page.locator("#midi-control").select_option(control)
        page.locator("#midi-learn").click()
        page.wait_for_function("document.querySelector('#midi-words').textContent.startsWith('Now move')")
        page.evaluate("message => window.midiSends(...message)", list(message))
    page.reload()
    opened(page, bridge.url)
    page.evaluate("window.midiSends(0xb0, 7, 127)")
    bridge.wait_for("energy", 1.0)
    page.evaluate("window.midiSends(0x99, 36, 100)")
    bridge.wait_for("mirror", 1)
    page.evaluate("window.midiSends(0x89, 36, 0)")
    page.wait_for_selector("[data-control=mirror][aria-checked=true]")
    page.locator(".help-button").click()
    page.locator("#midi-map li[data-source='cc:0:7'] button").click()
    page.evaluate("window.midiSends(0xb0, 7, 0)")
    page.evaluate("window.midiSends(0x99, 36, 100)")
    bridge.wait_for("mirror", 0)
    assert bridge.value("energy") == 1.0  # the bridge has heard what came after the forgotten knob
    page.keyboard.press("Escape")
    type_in(page, "energy-number", "0.5")
    bridge.wait_for("energy", 0.5)


def test_a_preset_is_saved_and_recalled(steered: Any, bridge: BridgeProcess) -> None:
    type_in(steered, "groove-number", "0.42")
    bridge.wait_for("groove", pytest.approx(0.42, abs=1e-4))
    type_in(steered, "save_preset", "from-the-page")
    saved = steered.locator("[data-preset=from-the-page]")
    saved.wait_for()
    type_in(steered, "groove-number", "0.05")
    bridge.wait_for("groove", pytest.approx(0.05, abs=1e-4))
    saved.click()
    bridge.wait_for("groove", pytest.approx(0.42, abs=1e-4))
    field = steered.locator("input[name=groove-number]")
    wait_until(lambda: float(field.input_value()) == pytest.approx(0.42), "the page to show it")
    type_in(steered, "groove-number", "0.05")
    bridge.wait_for("groove", pytest.approx(0.05, abs=1e-4))
    remember(steered, "#refusal")
    type_in(steered, "save_preset", "no such/name")
    wait_until(lambda: any("Refused" in (notice or "") for (notice,) in remembered(steered)), "the refusal")


def test_takes_are_listed_and_downloaded(steered: Any, bridge: BridgeProcess, tmp_path: Path) -> None:
    row = steered.locator("#takes li", has_text="being recorded")
    row.wait_for()
    (take,) = (bridge.folder / "takes").glob("*.take")
    wait_until(lambda: take.stat().st_size > 1000, "the beginning of the take")
    with steered.expect_download() as downloading:
        row.locator("a", has_text=".take").click()
    downloading.value.save_as(tmp_path / "page.take")
    downloaded = (tmp_path / "page.take").read_bytes()
    assert len(downloaded) > 1000
    assert take.read_bytes().startswith(downloaded[:1000])
