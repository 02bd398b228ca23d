"""A running bridge, real Chromium, and pages whose console must stay empty."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stage.bridge_process import BridgeProcess, running_bridge
from tests.stage.browser import Console, KeptPage, Shared, kept_open, new_page, running_chromium
from tests.stage.control_page import opened
from tests.stage.scripted_page import LONG_NAME, ScriptedPage, scripted_page
from tests.tiny_dancer import write_tiny_dancer

HERE = Path(__file__).resolve().parent
WEB = HERE.parents[1] / "bridge/stage/web"
RUNNING = {"shared", "stage", "guarded"}
"""Fixtures that have processes, or stand on one that has."""
DRAWN = {"test_page_dancer.py", "test_page_vr.py"}


def missing(part: str) -> None:
    """Skips, or fails where a machine is meant to have all parts."""
    if os.environ.get("STAGE_MUST"):
        pytest.fail(part)
    pytest.skip(part)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny dancer's checkpoint."""
    return write_tiny_dancer(tmp_path_factory.mktemp("dancer") / "tiny.safetensors")


_SHARED = Shared()


@pytest.fixture(scope="session")
def shared() -> Iterator[Shared]:
    """Also ended where a run is interrupted."""
    yield _SHARED
    _SHARED.end()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for a process that runs follows the clock. One worker has one bridge and one browser for several
    files: those whose pages are drawn, which takes all that a machine without a graphics card has, and the others.
    """
    for item in items:
        names = getattr(item, "fixturenames", ())
        if item.path.parent == HERE and not RUNNING.isdisjoint(names):
            item.add_marker(pytest.mark.realtime)
            if "shared" in names:
                item.add_marker(pytest.mark.xdist_group("pages, drawn" if item.path.name in DRAWN else "pages"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Ends what is shared after the last test in a row that asks for it, and a kept page with its file."""
    try:
        return (yield)
    finally:
        if nextitem is None or "shared" not in getattr(nextitem, "fixturenames", ()):
            _SHARED.end()
        elif nextitem.path != item.path:
            _SHARED.end("page")


@pytest.fixture
def bridge(shared: Shared, tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> BridgeProcess:
    """One bridge for all tests that change no more than controls, which they put back."""
    running: BridgeProcess = shared.get("bridge", lambda: running_bridge(tiny, tmp_path_factory.mktemp("bridge")))
    return running


@pytest.fixture
def playwright(shared: Shared) -> Any:
    """Playwright's driver."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is missing (pip install -e .[dev])")
    return shared.get("playwright", sync_api.sync_playwright)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Debian's Chromium, or whatever CHROMIUM names."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        missing("Chromium is missing (apt install chromium, or name one by the environment variable CHROMIUM)")
    assert path is not None
    return path


@pytest.fixture
def browser(shared: Shared, playwright: Any, chromium_path: str) -> Any:
    """One Chromium for all pages."""
    return shared.get("browser", lambda: running_chromium(playwright, chromium_path))


@pytest.fixture
def console() -> Iterator[Console]:
    """Hears the pages of a test; it must have stayed silent at the end."""
    heard = Console()
    yield heard
    heard.require_silence()


@pytest.fixture
def page(browser: Any, console: Console) -> Iterator[Any]:
    """A new page."""
    with new_page(browser, console) as opened:
        yield opened


@pytest.fixture
def kept_page(request: pytest.FixtureRequest, shared: Shared, browser: Any) -> Iterator[KeptPage]:
    """The one page of a file, until a test fails with it."""
    page: KeptPage = shared.get("page", lambda: kept_open(browser))
    failed = request.session.testsfailed
    yield page
    if request.session.testsfailed != failed:
        page.end()


@pytest.fixture
def steered(page: Any, bridge: BridgeProcess) -> Any:
    """A page with all its panels open, once it has heard where the bridge's knobs stand."""
    return opened(page, bridge.url)


@pytest.fixture
def scripted(shared: Shared, tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> ScriptedPage:
    """A stage that tells what a test tells it, with presets and takes of long names."""

    def begin() -> Any:
        folder = tmp_path_factory.mktemp("scripted")
        (folder / "presets").mkdir()
        (folder / "takes").mkdir()
        (folder / "presets" / f"{LONG_NAME}.yaml").write_text("energy: 0.2\n")
        (folder / "takes" / f"{LONG_NAME}.take").write_bytes(b"no take at all")
        return scripted_page(tiny, takes=folder / "takes", presets=folder / "presets")

    running: ScriptedPage = shared.get("scripted", begin)
    return running
