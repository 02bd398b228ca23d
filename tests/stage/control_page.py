"""The page as a remote control, and how tests type on it.

Without its stage, which takes a browser that draws in software all its time.
"""

from typing import Any

from tests.waiting import wait_until

PANELS = ("music", "dancers", "takes", "presets", "join", "dance", "beat", "health")


def opened(page: Any, url: str) -> Any:
    """Opens a page, and all its panels."""
    page.goto(f"{url}#remote")
    page.wait_for_selector("html[data-link=open]")
    for name in PANELS:
        fold = page.locator(f"#panel-{name} .fold")
        if fold.get_attribute("aria-expanded") == "false":
            fold.click()
    wait_until(lambda: page.locator("input[name=temperature-number]").input_value() != "", "knobs on the page")
    return page


def type_in(page: Any, name: str, text: str) -> None:
    """Types into a field and presses Enter."""
    field = page.locator(f"input[name={name}]")
    field.fill(text)
    field.press("Enter")


REMEMBER = """
(selectors) => {
  window.remembered = [];
  let last = "";
  const note = () => {
    const now = selectors.map((selector) => document.querySelector(selector)?.textContent ?? null);
    if (last !== (last = JSON.stringify(now))) window.remembered.push(now);
  };
  window.rememberer?.disconnect();
  window.rememberer = new MutationObserver(note);
  window.rememberer.observe(document.body, { subtree: true, childList: true, attributes: true });
}
"""


def remember(page: Any, *selectors: str) -> None:
    """Begins to write down what the page shows at these places, None for what is not there, with each of its changes.

    What it shows for a few seconds only would be gone before a busy machine looks.
    """
    page.evaluate(REMEMBER, list(selectors))


def remembered(page: Any) -> list[list[str | None]]:
    """What was written down."""
    found: list[list[str | None]] = page.evaluate("window.remembered")
    return found
