"""The page as a remote control, and how tests type on it.

Without its stage, which takes a browser that draws in software all its time.
"""

from typing import Any

from tests.stage.bridge_process import wait_until

PANELS = ("music", "dancers", "takes", "presets", "dance", "beat", "health")


def opened(page: Any, url: str) -> Any:
    """Opens a page, and all its panels."""
    page.goto(f"{url}#remote")
    page.wait_for_selector("html[data-link=open]")
    for name in PANELS:
        fold = page.locator(f"#panel-{name} .fold")
        if fold.get_attribute("aria-expanded") == "false":
            fold.click()
    wait_until(lambda: page.locator("input[name=temperature-number]").input_value() != "", 15, "knobs on the page")
    return page


def type_in(page: Any, name: str, text: str) -> None:
    """Types into a field and presses Enter."""
    field = page.locator(f"input[name={name}]")
    field.fill(text)
    field.press("Enter")
