"""Draws the moving picture of the README: the default dancer on the stage's page, in front view, to a real song.

Run `python -m tests.stage.dance_picture docs/dance.webp --song song.mp3` from the root of the repository. The dance is
made as `transflower generate` makes it, a take of it is shown by the page, and the page's clock is ours: each picture
is whole, however slowly this machine draws. Of the dance it shows those seconds in which the body moves most while it
faces the front.
"""

import argparse
import base64
import io
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from bridge.control.controls import Controls
from bridge.dancer.dancer_file import DancerFile
from bridge.engine.offline import dance
from bridge.stage.about import describe
from bridge.takes.header import TakeHeader, controls_to_json
from bridge.takes.take_file import MAGIC, pack_block
from data.formats.sound_file import read_sound
from data.motion.motion import Motion
from tests.stage.browser import CHROMIUM_OPTIONS
from tests.stage.stage_process import running_stage
from tests.waiting import wait_until

TAKE = "dance"
SETTLE_S = 1.0
"""The springs of hair and cloth, and the camera, come to rest before the first picture."""

CLOCK = """
{
  const real = performance.now.bind(performance);
  window.pictureClock = { ms: null };
  performance.now = () => window.pictureClock.ms ?? real();
}
"""
BEGIN = """async (take) => {
    const { stage } = window.transflowerStage;
    document.querySelector("#panels").remove();
    Object.assign(stage.renderer.domElement.style, { position: "fixed", inset: "0", width: "100vw", height: "100vh" });
    const first = stage.dancers[0].id;
    const { id } = await stage.replay(take);
    stage.removeDancer(first);
    stage.changeDancer(id, { x: 0, z: 0 });
    stage.renderer.setAnimationLoop(null);
    stage.sharpness.scale = 1;
    stage.sharpness.observe = () => false;
    stage.cover({ left: 0, right: 0, top: 0, bottom: 0 });
    stage.cover = () => undefined;
    stage.resize();
    stage.setCamera("front");
    window.pictureClock.ms = performance.now();
}"""
NEXT = """([passed_ms, is_drawn]) => {
    const { stage } = window.transflowerStage;
    window.pictureClock.ms += passed_ms;
    const draw = stage.renderer.render;
    if (!is_drawn) stage.renderer.render = () => undefined;
    stage.draw();
    stage.renderer.render = draw;
    return is_drawn ? stage.renderer.domElement.toDataURL("image/png") : "";
}"""


def main() -> None:
    """Writes the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("picture", type=Path, help="a .webp or .gif file")
    parser.add_argument("--song", type=Path, required=True, help="what is danced to")
    parser.add_argument("--listen-s", type=float, default=40.0, help="so much of the song is danced to")
    parser.add_argument("--seconds", type=float, default=7.0, help="so much of the dance is shown")
    parser.add_argument("--seed", type=int, default=0, help="chooses the dance")
    parser.add_argument("--style", help="a style that is asked for")
    parser.add_argument("--energy", type=float, default=0.5, help="how much the body is to move, 0 to 1")
    parser.add_argument("--rate", type=float, default=15.0, help="pictures a second")
    parser.add_argument(
        "--size", type=int, nargs=2, default=(520, 600), help="of the page, of whose middle the picture is made"
    )
    parser.add_argument("--quality", type=int, default=68, help="of WebP")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser")
    options = parser.parse_args()
    dancer = DancerFile.open()
    samples, rate_hz = read_sound(options.song)
    samples = samples[: int(options.listen_s * rate_hz)]
    controls = Controls(style=options.style, energy=options.energy)
    motion = dance(dancer.load_engine(), samples, rate_hz, controls=controls, seed=options.seed)
    begin_s = liveliest(motion, options.seconds)
    print(f"from {begin_s:.1f} s of the song")
    first = max(0, int((begin_s - SETTLE_S) * motion.rate_hz))
    with tempfile.TemporaryDirectory() as folder:
        write_take(Path(folder, f"{TAKE}.take"), dancer, motion, first)
        about = describe(dancer, sound=options.song.name)
        with running_stage(about=about, takes=Path(folder)) as stage, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=options.chromium, args=list(CHROMIUM_OPTIONS))
            width, height = options.size
            page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=1)
            page.set_default_timeout(300_000)
            page.add_init_script(CLOCK)
            page.on("console", lambda message: print(message.type, message.text))
            page.goto(stage.url)
            wait_until(lambda: page.evaluate("window.transflowerStage?.stage.dancers.length"), "the avatar", 300.0)
            pictures = draw(page, options.seconds, options.rate)
            browser.close()
    save(options.picture, pictures, options.rate, options.quality)
    print(f"{options.picture}: {len(pictures)} pictures, {options.picture.stat().st_size / 1e6:.2f} MB")


def liveliest(motion: Motion, seconds: float) -> float:
    """Where those seconds begin in which the joints move most while the hips face the front, seconds."""
    positions, rotations = motion.skeleton.forward_kinematics(motion.root_positions, motion.rotations)
    speeds = np.linalg.norm(np.diff(positions, axis=0), axis=-1).mean(1) * motion.rate_hz
    x, y, _, _ = np.moveaxis(rotations[1:, 0], -1, 0)
    forward_z = 1 - 2 * (x * x + y * y)  # of the hips' +Z
    worth = np.where(forward_z > 0.7, speeds, 0.0)
    size = int(seconds * motion.rate_hz)
    means = np.convolve(worth, np.full(size, 1 / size), "valid")
    means[forward_z[: len(means)] < 0.9] = 0.0  # the first picture is the one that is seen where nothing moves
    after = int(2 * SETTLE_S * motion.rate_hz)
    return float(after + np.argmax(means[after:])) / motion.rate_hz


def write_take(path: Path, dancer: DancerFile, motion: Motion, first: int) -> None:
    """A take that holds a motion from one of its frames on."""
    header = TakeHeader.of(dancer, seed=0, source="a song", now=datetime.now(UTC))
    count = len(motion) - first
    index = np.arange(count)
    pose = np.concatenate([motion.root_positions[first:], motion.rotations[first:].reshape(count, -1)], axis=1)
    bits = np.ascontiguousarray(pose.astype(np.float32)).view(np.uint32)
    steps = {
        "index": index,
        "features": np.zeros((count, 1), np.float32),
        "level_dbfs": np.full(count, -20, np.float32),
        "failed": np.zeros(count, np.uint8),
        "pose": bits,
    }
    sent = {
        "sequence": index,
        "time_us": (index * 1_000_000 / motion.rate_hz).astype(np.int64) + 10**9,
        "index": index,
        "base": np.full(count, -1),
        "state": np.zeros(count, np.uint8),
        "pose": bits,
    }
    with path.open("wb") as file:
        file.write(MAGIC + pack_block(b"HEAD", header.to_json()))
        file.write(pack_block(b"STEP", {"controls": [[0, controls_to_json(Controls())]]}, steps))
        file.write(pack_block(b"SENT", {"states": ["dancing"]}, sent))


def draw(page: Page, seconds: float, rate: float) -> list[Image.Image]:
    """The pictures, each drawn when the page's clock says so."""
    page.evaluate(BEGIN, TAKE)
    page.wait_for_timeout(2000)  # the take is loaded meanwhile
    step_ms = 1000 / rate
    for _ in range(int(SETTLE_S * rate)):
        page.evaluate(NEXT, [step_ms, False])
    pictures = []
    for number in range(int(seconds * rate)):
        url = page.evaluate(NEXT, [step_ms, True])
        picture = Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB")
        width, height = picture.size
        pictures.append(picture.crop((width // 10, height * 3 // 20, width * 9 // 10, height * 9 // 10)))
        if number % 10 == 0:
            print(number, flush=True)
    return pictures


def save(path: Path, pictures: list[Image.Image], rate: float, quality: int) -> None:
    """As one file that moves, for ever."""
    options = {"quality": quality, "method": 4} if path.suffix == ".webp" else {"optimize": True}
    duration = round(1000 / rate)
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=duration, loop=0, **options)


if __name__ == "__main__":
    main()
