"""Chromium, pages whose consoles are heard, and what tests of several files share."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

CHROMIUM_OPTIONS = (
    "--no-sandbox",
    *("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"),
    *("--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--mute-audio"),
    "--disable-gpu-compositing",  # put together by Skia, a third of the time of a graphics card's imitation
)
PATIENCE_MS = 180_000
"""For whatever a page is to do: it is drawn in software, perhaps beside a dozen other tests."""
SOFTWARE_NOISE = ("GPU stall due to ReadPixels", "WebGL: CONTEXT_LOST_WEBGL: loseContext")
"""What Chromium says of its software renderer and of a context that a test takes away, not of our page."""

DRAWN_SELDOM = """
{
  const every = 15, pause_ms = 1000 / 15;
  window.requestAnimationFrame = (frame) => setTimeout(() => frame(performance.now()), pause_ms);
  window.cancelAnimationFrame = clearTimeout;
  let stage;
  Object.defineProperty(window, "transflowerStage", {
    get: () => stage,
    set(value) {
      stage = value;
      const { renderer } = value.stage;
      const draw = renderer.render.bind(renderer);
      window.pictures = { number: 0, areAllDrawn: false };
      renderer.render = (scene, camera) => {
        if (pictures.number++ % every === 0 || pictures.areAllDrawn) draw(scene, camera);
        else {
          scene.updateMatrixWorld();
          if (renderer.xr.isPresenting) renderer.xr.updateCamera(camera);
        }
      };
    },
  });
}
"""
"""A page has fifteen pictures a second, and one of them is drawn; what moves, moves for each, the eyes of a headset
too. Without a graphics card drawing takes nearly all the time of a page, and of the tests beside it. Where a test looks
at what is drawn, it sets `pictures.areAllDrawn`."""


class Shared:
    """What tests of several files share, a bridge and a browser: each begins when it is first asked for.

    They end with the last of these tests in a row: a bridge that dances on would take time from all that comes after,
    and Playwright keeps an event loop running in this thread, for which `asyncio.run` of other tests would be refused.
    """

    def __init__(self) -> None:
        self._parts: dict[str, tuple[Any, ExitStack]] = {}

    def get(self, name: str, begin: Callable[[], AbstractContextManager[Any]]) -> Any:
        """A part; it is begun if it is not there."""
        if name not in self._parts:
            stack = ExitStack()
            self._parts[name] = stack.enter_context(begin()), stack
        return self._parts[name][0]

    def end(self, *names: str) -> None:
        """Ends these parts, or all, the last one first."""
        for name in [name for name in reversed(self._parts) if name in names or not names]:
            self._parts.pop(name)[1].close()


@contextmanager
def running_chromium(playwright: Any, path: str, *options: str) -> Iterator[Any]:
    """A browser; it ends with the block."""
    running = playwright.chromium.launch(
        executable_path=path, headless=True, args=[*CHROMIUM_OPTIONS, *options], timeout=PATIENCE_MS
    )
    try:
        yield running
    finally:
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


@contextmanager
def new_page(browser: Any, console: Console) -> Iterator[Any]:
    """A page of 960 x 540 with nothing in its storage; it is closed with the block."""
    context = browser.new_context(viewport={"width": 960, "height": 540})
    try:
        context.set_default_timeout(PATIENCE_MS)
        opened = context.new_page()
        opened.add_init_script(DRAWN_SELDOM)
        console.watch(opened)
        yield opened
    finally:
        context.close()


class KeptPage:
    """A page for many tests: loading it costs more than most of them. After a failure a new one takes its place."""

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self._page: Any = None
        self._stack = ExitStack()
        self._console = Console()

    def get(self, console: Console, begin: Callable[[Any], None]) -> Any:
        """The page; one that is new is begun.

        Args:
            console: Hears it until somebody else asks for it.
            begin: Opens it.
        """
        self._console.complaints = console.complaints
        if self._page is None:
            self._page = self._stack.enter_context(new_page(self._browser, self._console))
            begin(self._page)
        return self._page

    def end(self) -> None:
        """Closes it."""
        self._page = None
        self._stack.close()


@contextmanager
def kept_open(browser: Any) -> Iterator[KeptPage]:
    """A page that is kept as long as the block."""
    page = KeptPage(browser)
    try:
        yield page
    finally:
        page.end()
