"""Takes the pictures of the documents, each of a performance that runs: the terminal, the page, the page on a phone.

Run `python -m tests.stage.stage_picture docs` from the root of the repository. The page is shown from
the front, at a moment in which the dancer faces it with its arms spread.
"""

import argparse
import fcntl
import io
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from rich.ansi import AnsiDecoder
from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI

from models.files.checkpoint_header import default_path
from tests.stage.bridge_process import BridgeProcess, running_bridge
from tests.stage.browser import CHROMIUM_OPTIONS
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
VIEWS = {"stage_page": (1280, 720), "stage_phone": (390, 844)}
TERMINAL = "stage"
COLUMNS, ROWS = 112, 26
PATIENCE_MS = 20_000

AT_ITS_BEST = """() => {
    const { vrm } = window.transflowerStage.stage.cast[0].avatar;
    const at = (bone) => vrm.humanoid.getRawBoneNode(bone).matrixWorld.elements.slice(12, 15);
    const [left, right] = [at("leftUpperLeg"), at("rightUpperLeg")];
    const faces = (left[0] - right[0]) / Math.hypot(left[0] - right[0], left[2] - right[2]);
    const [leftHand, rightHand] = [at("leftHand"), at("rightHand")];
    return faces > 0.85 && Math.hypot(...leftHand.map((value, axis) => value - rightHand[axis])) > 0.9;
}"""
# A browser that draws in software finds no time for the picture while the page keeps drawing: one frame is drawn whole,
# and then no more. The picture takes longer than the stage's patience.
DRAW_ONE = """() => {
    const { stage, live } = window.transflowerStage;
    window.requestAnimationFrame = () => 0;
    live.socket.onclose = null;
    stage.sharpness.scale = 1;
    stage.resize();
    stage.draw();
}"""


def main() -> None:
    """Writes `stage.png`, `stage_page.png` and `stage_phone.png` into a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--song", type=Path, help="what is danced to on the page; the demo song if not given")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long the dance goes on before a picture")
    parser.add_argument("--only", choices=(TERMINAL, *VIEWS), nargs="+", default=(TERMINAL, *VIEWS), help="of these")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser")
    parser.add_argument("--camera", default="front", help="name of a camera")
    options = parser.parse_args()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=options.chromium, args=list(CHROMIUM_OPTIONS))
        if TERMINAL in options.only:
            draw_terminal(browser, terminal_of_demo(options.seconds), options.folder / f"{TERMINAL}.png")
        views = {name: size for name, size in VIEWS.items() if name in options.only}
        song = ("--file", str(options.song)) if options.song else ()
        with tempfile.TemporaryDirectory() as folder:
            for name, (width, height) in views.items():
                with running_bridge(default_path(), Path(folder), *song) as bridge:
                    page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=1)
                    page.on("console", lambda message: print(message.type, message.text))
                    take_picture(page, bridge, options.folder / f"{name}.png", options)
                    page.close()
        browser.close()


def take_picture(page: Page, bridge: BridgeProcess, path: Path, options: argparse.Namespace) -> None:
    """Waits until there is something to see, and keeps it."""
    wait_until(lambda: bridge.state == "dancing", "the dance")
    page.goto(bridge.url)
    wait_until(lambda: page.evaluate("window.transflowerStage?.stage.dancers.length"), "a dancer")
    page.evaluate("name => window.transflowerStage.stage.setCamera(name)", options.camera)
    time.sleep(options.seconds)
    try:
        page.wait_for_function(AT_ITS_BEST, timeout=PATIENCE_MS, polling=20)
    except PlaywrightTimeoutError:
        print(f"{path}: no better moment came within {PATIENCE_MS / 1000:g} s")
    page.evaluate(DRAW_ONE)
    assert bridge.process.poll() is None, "the song has ended before the picture"
    page.screenshot(path=path, timeout=120_000)
    print(path)


def terminal_of_demo(seconds: float) -> str:
    """What `transflower demo` shows in a terminal after so many seconds, with its escape sequences."""
    screen, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    command = [sys.executable, "-m", "bridge.cli", "demo", "--no-open-page", "--no-aloud"]
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=terminal, stdout=terminal, stderr=terminal) as demo:
        os.close(terminal)
        shown = b""
        until = None
        while until is None or time.monotonic() < until:
            shown += os.read(screen, 65536)
            if until is None and b"dancing" in shown:
                until = time.monotonic() + seconds
        demo.send_signal(signal.SIGINT)
        try:
            while os.read(screen, 65536):  # it could not end while nobody reads
                pass
        except OSError:
            pass  # the last process that had the terminal has ended
    os.close(screen)
    # Each picture begins by taking the one before away; the last may be cut off.
    return re.split(r"(?:\r?\x1b\[2K(?:\x1b\[1A)?)+", shown.decode(errors="replace"))[-2]


def draw_terminal(browser: Browser, text: str, path: Path) -> None:
    """A terminal's content as a picture."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    for line in AnsiDecoder().decode(text):
        console.print(line, no_wrap=True, crop=True)
    form = (
        '<body style="margin:0;background:#12131a;color:#d0d4d8;padding:10px;width:fit-content">'
        '<pre style="font:15px/19px DejaVu Sans Mono,monospace;margin:0">{code}</pre></body>'
    )
    html = console.export_html(theme=DIMMED_MONOKAI, inline_styles=True, code_format=form)
    page = browser.new_page(viewport={"width": 1100, "height": 520}, device_scale_factor=1)
    page.set_content(html)
    page.locator("body").screenshot(path=path)
    page.close()
    print(path)


if __name__ == "__main__":
    main()
