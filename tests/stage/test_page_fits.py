"""The page at every width, however large the numbers: no text on another, none outside, no notice on a head."""

import json
from typing import Any

import pytest

from tests.stage.browser import Console, KeptPage
from tests.stage.control_page import PANELS
from tests.stage.scripted_page import LONG_DEVICE, NOTICES, WHY, ScriptedPage
from tests.waiting import wait_until

SIZES = [
    (360, 640), (414, 896), (640, 480), (768, 1024), (844, 390), (1024, 768), (1180, 820), (1280, 720), (1920, 1080),
    (2560, 1440), (3840, 2160),
]  # fmt: skip
LARGE = 5000.0

BOXES = """(selector) => {
  const root = document.querySelector(selector);
  const clipped = (node, box) => {
    for (let up = node; up && up !== document.body; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const edge = up.getBoundingClientRect();
      box = {
        left: Math.max(box.left, edge.left), right: Math.min(box.right, edge.right),
        top: Math.max(box.top, edge.top), bottom: Math.min(box.bottom, edge.bottom),
      };
    }
    return box;
  };
  const found = [];
  const add = (node, box, text) => {
    const { left, top, right, bottom } = clipped(node, box);
    if (right - left > 1 && bottom - top > 1) found.push({ node, text, box: [left, top, right, bottom] });
  };
  const isSeen = (node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest(".help, select, noscript");
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    if (!text.data.trim() || !isSeen(text.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const box of range.getClientRects()) add(text.parentElement, box, text.data.trim());
  }
  for (const node of root.querySelectorAll("button, input:not([type=range]), select, meter, canvas:not(#stage), img")) {
    if (isSeen(node)) add(node, node.getBoundingClientRect(), `<${node.name || node.id || node.textContent}>`);
  }
  const troubles = [];
  for (const { node, text } of found) {
    const lines = found.filter((other) => other.node === node && other.text === text).length;
    if (text.length < 6 && lines > 1) troubles.push(`${text} is broken into ${lines} lines`);
  }
  const [width, height] = [innerWidth, innerHeight];
  found.forEach(({ node, text, box }, index) => {
    if (box[0] < -0.5 || box[1] < -0.5 || box[2] > width + 0.5 || box[3] > height + 0.5) {
      troubles.push(`${text} leaves the window: ${box}`);
    }
    for (const other of found.slice(index + 1)) {
      if (other.node === node || other.node.contains(node) || node.contains(other.node)) continue;
      const across = Math.min(box[2], other.box[2]) - Math.max(box[0], other.box[0]);
      const down = Math.min(box[3], other.box[3]) - Math.max(box[1], other.box[1]);
      if (across > 1.5 && down > 3.5) troubles.push(`${text} lies on ${other.text}: ${box} and ${other.box}`);
    }
  });
  for (const node of document.querySelectorAll(".panel, .side, .top, .messages, .tile, dialog[open]")) {
    if (node.scrollWidth > node.clientWidth + 1) troubles.push(`${node.className || node.id} is too narrow for what is in it`);
  }
  for (const node of root.querySelectorAll("input[type=number]")) {
    if (isSeen(node) && node.scrollWidth > node.clientWidth + 1) troubles.push(`${node.name} shows ${node.value} cut`);
  }
  if (document.documentElement.scrollWidth > width) troubles.push("the page is wider than its window");
  return [...new Set(troubles)];
}"""  # noqa: E501
"""What is wrong with the places of texts and widgets; what lies outside of what scrolls is not looked at."""

HEAD = """() => {
  const { stage } = transflowerStage;
  const { views, extent } = stage;
  for (let i = 0; i < 60; i++) views.advance(0.05, extent);
  const { camera } = views;
  camera.updateMatrixWorld();
  const own = stage.renderer.domElement.getBoundingClientRect();
  const at = stage.cast[0].avatar.rig.bones.get("Head").skinNode.getWorldPosition(camera.position.clone());
  const place = (up) => {
    const seen = at.clone();
    seen.y += up;
    seen.project(camera);
    return [own.left + ((seen.x + 1) / 2) * own.width, own.top + ((1 - seen.y) / 2) * own.height];
  };
  const [[x, chin], [, crown]] = [place(-0.03), place(0.3)];
  const hidden = [...document.querySelectorAll("#panels > :not(.top), .drop-problem")].filter((node) => {
    const { left, right, top, bottom } = node.getBoundingClientRect();
    return node.checkVisibility() && left < x && right > x && top < chin && bottom > crown && bottom > top;
  });
  return {
    inPicture: x > own.left && x < own.right && crown > own.top && chin < own.bottom,
    head: [x, crown, chin],
    hidden: hidden.map((node) => node.className || node.id),
  };
}"""
"""Where the head is once the camera has made room, and what lies on it."""


def tell(page: Any, scripted: ScriptedPage, *, size: float, loud: bool) -> None:
    """Sends the updates of a second, and waits until the page shows them."""
    scripted.stand()
    scripted.controls()
    scripted.second(
        size=size, notices=NOTICES if loud else (), why=WHY if loud else "", state="waiting" if loud else "dancing"
    )
    shown = "document.querySelector('#why').textContent"
    wait_until(lambda: page.evaluate(shown) == (WHY if loud else ""), "the update on the page")


@pytest.fixture
def fitted(kept_page: KeptPage, console: Console, scripted: ScriptedPage) -> Any:
    """The page with its stage, all panels open, ranges wide: it has heard small numbers and large ones. Nothing is
    drawn, since all this is about places."""

    def begin(page: Any) -> None:
        page.goto(scripted.stage.url)
        page.wait_for_selector("html[data-link=open]")
        page.evaluate("() => { transflowerStage.stage.renderer.render = (scene) => scene.updateMatrixWorld(); }")
        for name in PANELS:
            fold = page.locator(f"#panel-{name} .fold")
            if fold.get_attribute("aria-expanded") == "false":
                fold.evaluate("fold => fold.click()")
        scripted.stand()
        wait_until(lambda: page.evaluate("transflowerStage.stage.cast[0]?.avatar.root.visible"), "a dancer")
        page.evaluate(
            """(name) => {
          const { stage } = transflowerStage;
          stage.cast[0].info.name = name;
          stage.changeDancer(stage.cast[0].info.id, { x: 0 });
        }""",
            LONG_DEVICE,
        )
        step_ms = "transflowerStage.live.latest.health.stepMs"
        for size in (0.01, LARGE):
            scripted.second(size=size)
            wait_until(lambda size=size: (page.evaluate(step_ms) > 100) == (size > 1), "the numbers")

    return kept_page.get(console, begin)


@pytest.mark.parametrize("loud", [False, True], ids=["all well", "much to say"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_no_text_lies_on_another_and_none_outside(
    fitted: Any, scripted: ScriptedPage, size: tuple[int, int], loud: bool
) -> None:
    width, height = size
    fitted.set_viewport_size({"width": width, "height": height})
    tell(fitted, scripted, size=LARGE, loud=loud)
    tabs = [button for button in fitted.locator(".tabs button").all() if button.is_visible()]
    for tab in tabs or [None]:
        if tab is not None:
            tab.click()
        fitted.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
        troubles = fitted.evaluate(BOXES, "body")
        assert not troubles, "\n".join(troubles)
        head = fitted.evaluate(HEAD)
        assert head["inPicture"], head
        assert not head["hidden"], head


@pytest.mark.parametrize("size", SIZES[:6], ids=lambda size: f"{size[0]}x{size[1]}")
def test_nor_in_the_help(fitted: Any, size: tuple[int, int]) -> None:
    fitted.set_viewport_size({"width": size[0], "height": size[1]})
    fitted.evaluate("document.querySelector('dialog').showModal()")
    try:
        troubles = fitted.evaluate(BOXES, "dialog")  # what lies beneath is dark and cannot be reached
    finally:
        fitted.evaluate("document.querySelector('dialog').close()")
    assert not troubles, "\n".join(troubles)


@pytest.mark.parametrize("size", [*SIZES[:3], (844, 390), (1180, 820)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_nor_on_a_remote_control(fitted: Any, scripted: ScriptedPage, size: tuple[int, int]) -> None:
    fitted.set_viewport_size({"width": size[0], "height": size[1]})
    fitted.evaluate("transflowerStage.stage.drawn = false")
    try:
        tell(fitted, scripted, size=LARGE, loud=True)
        for tab in [button for button in fitted.locator(".tabs button").all() if button.is_visible()] or [None]:
            if tab is not None:
                tab.click()
            troubles = fitted.evaluate(BOXES, "body")
            assert not troubles, "\n".join(troubles)
    finally:
        fitted.evaluate("transflowerStage.stage.drawn = true")


def test_the_measure_sees_what_lies_on_another(fitted: Any) -> None:
    fitted.set_viewport_size({"width": 1280, "height": 720})
    fitted.evaluate("document.querySelector('#panel-health .title').style.cssText = 'position: relative; left: 120px'")
    try:
        troubles = fitted.evaluate(BOXES, "body")
        assert any("Latency lies on" in trouble for trouble in troubles), json.dumps(troubles)
    finally:
        fitted.evaluate("document.querySelector('#panel-health .title').style.cssText = ''")
