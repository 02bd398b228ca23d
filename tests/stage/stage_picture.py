"""Takes the pictures of the stage that the README shows: a bridge with the default dancer, and Chromium.

Run `python -m tests.stage.stage_picture docs --song song.mp3` from the root of the repository.
"""

import argparse
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from models.files.checkpoint_header import default_path
from tests.stage.bridge_process import running_bridge
from tests.stage.browser import CHROMIUM_OPTIONS
from tests.waiting import wait_until

VIEWS = {"stage_page": (1280, 720), "stage_phone": (390, 844)}


def main() -> None:
    """Writes `stage_page.png` and `stage_phone.png` into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--song", type=Path, help="what is danced to; the demo song if not given")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long the dance goes on before the picture")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser")
    parser.add_argument("--camera", help="name of a camera")
    options = parser.parse_args()
    song = ("--file", str(options.song)) if options.song else ()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_bridge(default_path(), Path(folder), *song) as bridge,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=options.chromium, args=list(CHROMIUM_OPTIONS))
        wait_until(lambda: bridge.state == "dancing", "the dance")
        for name, (width, height) in VIEWS.items():
            page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=1)
            page.on("console", lambda message: print(message.type, message.text))
            page.goto(bridge.url)
            wait_until(lambda page=page: page.evaluate("window.transflowerStage?.stage.dancers.length"), "a dancer")
            take_picture(page, options.folder / f"{name}.png", options)
            page.close()
        browser.close()


def take_picture(page: Page, path: Path, options: argparse.Namespace) -> None:
    """Waits until there is something to see, and keeps it."""
    if options.camera:
        page.evaluate("name => window.transflowerStage.stage.setCamera(name)", options.camera)
    time.sleep(options.seconds)
    # A browser that draws in software finds no time for the picture while the page keeps drawing: one frame is drawn
    # whole, and then no more. The picture takes longer than the stage's patience.
    page.evaluate("""() => {
        const { stage, live } = window.transflowerStage;
        window.requestAnimationFrame = () => 0;
        live.socket.onclose = null;
        stage.sharpness.scale = 1;
        stage.resize();
        stage.draw();
    }""")
    page.screenshot(path=path, timeout=120_000)
    print(path)


if __name__ == "__main__":
    main()
