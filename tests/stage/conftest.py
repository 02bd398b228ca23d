"""A running bridge, real Chromium, and pages whose console must stay empty."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stage.bridge_process import BridgeProcess, running_bridge
from tests.stage.control_page import opened
from tests.tiny_dancer import write_tiny_dancer

WEB = Path(__file__).resolve().parents[2] / "bridge/stage/web"
CHROMIUM_OPTIONS = (
    "--no-sandbox",
    *("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"),
    *("--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--mute-audio"),
)
SOFTWARE_NOISE = ("GPU stall due to ReadPixels", "WebGL: CONTEXT_LOST_WEBGL: loseContext")
"""What Chromium says of its software renderer and of a context that a test takes away, not of our page."""


def missing(part: str) -> None:
    """Skips, or fails where a machine is meant to have all parts."""
    if os.environ.get("STAGE_MUST"):
        pytest.fail(part)
    pytest.skip(part)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny dancer's checkpoint."""
    return write_tiny_dancer(tmp_path_factory.mktemp("dancer") / "tiny.safetensors")


@pytest.fixture(scope="package")
def bridge(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BridgeProcess]:
    """One bridge for all tests that change no more than controls, which they put back."""
    with running_bridge(tiny, tmp_path_factory.mktemp("bridge")) as running:
        yield running


@pytest.fixture(scope="module")
def playwright() -> Iterator[Any]:
    """Playwright's driver. It keeps an event loop running in this thread: only until the module with pages has ended,
    since `asyncio.run` of another module's tests would be refused.
    """
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is missing (pip install -e .[dev])")
    with sync_api.sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Debian's Chromium, or whatever CHROMIUM names."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        missing("Chromium is missing (apt install chromium, or name one by the environment variable CHROMIUM)")
    assert path is not None
    return path


@pytest.fixture(scope="module")
def browser(playwright: Any, chromium_path: str) -> Iterator[Any]:
    """One Chromium for all pages of a module."""
    running = playwright.chromium.launch(executable_path=chromium_path, headless=True, args=list(CHROMIUM_OPTIONS))
    yield running
    running.close()


class Console:
    """What a page complained of.

    Attributes:
        allowed: Parts of complaints that a test causes on purpose.
    """

    def __init__(self) -> None:
        self.allowed: list[str] = []
        self.complaints: list[str] = []

    def watch(self, page: Any) -> None:
        """Hears a page from now on."""
        page.on("console", lambda message: self._hear(message) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))

    def _hear(self, message: Any) -> None:
        if not any(noise in message.text for noise in SOFTWARE_NOISE):
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def require_silence(self) -> None:
        """Fails if there was a complaint that was not allowed."""
        left = [text for text in self.complaints if not any(part in text for part in self.allowed)]
        assert not left, "\n".join(left)


@pytest.fixture
def console() -> Iterator[Console]:
    """Hears the pages of a test; it must have stayed silent at the end."""
    heard = Console()
    yield heard
    heard.require_silence()


@pytest.fixture
def page(browser: Any, console: Console) -> Iterator[Any]:
    """A new page of 960 x 540 with nothing in its storage."""
    context = browser.new_context(viewport={"width": 960, "height": 540})
    opened = context.new_page()
    console.watch(opened)
    yield opened
    context.close()


@pytest.fixture
def steered(page: Any, bridge: BridgeProcess) -> Any:
    """The page with all its panels open, once it has heard where the bridge's knobs stand."""
    return opened(page, bridge.url)
