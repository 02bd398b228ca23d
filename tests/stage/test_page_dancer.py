"""The dancers on the page, in real Chromium, before a real bridge: they do what the bridge says, in any avatar."""

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.stage import avatar_files
from tests.stage.bridge_process import ROOT, BridgeProcess, running_bridge
from tests.stage.browser import Console, KeptPage
from tests.stage.control_page import remember, remembered
from tests.stage.figure_check import LIMBS, PATIENCE_S, Oracle, direction, record, record_live
from tests.waiting import wait_until

MOMENTS = 20
TAKE_BYTES = 150_000
"""About five seconds of a take."""
SIZE = {"width": 320, "height": 200}
FROM_AFAR = "transflowerStage.stage.setCamera('audience')"
"""The fewer pixels a dancer covers, the sooner they are drawn in software."""
DEFAULT_DANCER = ROOT / "models/weights/default.safetensors"

DROP = """
([name, base64, across]) => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name));
  const where = { clientX: across * innerWidth, clientY: innerHeight / 2, bubbles: true, cancelable: true };
  for (const type of ["dragover", "drop"]) {
    document.body.dispatchEvent(new DragEvent(type, { dataTransfer, ...where }));
    if (type === "dragover" && !document.querySelector(".drop.is-open")) throw new Error("no hint where to drop");
  }
}
"""


@pytest.fixture
def stage(kept_page: KeptPage, console: Console, bridge: BridgeProcess) -> Any:
    """The page, with its first dancer alone, dancing. It is small: Chromium draws in software."""

    def begin(page: Any) -> None:
        page.set_viewport_size(SIZE)
        page.goto(bridge.url)
        wait_for_dancers(page, 1)
        page.evaluate(FROM_AFAR)

    page = kept_page.get(console, begin)
    page.evaluate(
        "transflowerStage.stage.dancers.slice(1).forEach(({ id }) => transflowerStage.stage.removeDancer(id))"
    )
    wait_for_dancers(page, 1)
    return page


def wait_for_dancers(page: Any, number: int) -> None:
    page.wait_for_function(
        "(number) => window.transflowerStage?.stage.cast.filter((d) => d.avatar.root.visible).length === number",
        arg=number,
        polling=200,
    )


def drop(page: Any, name: str, content: bytes, across: float) -> None:
    """Drops a file on the page; `across` runs from 0 at its left edge to 1."""
    page.evaluate(DROP, [name, base64.b64encode(content).decode(), across])


def places_of(oracle: Oracle, shown: dict[str, Any]) -> dict[str, Any]:
    """Where the figure's joints are at the moment that the page showed."""
    return oracle.places(shown["timeUs"], *shown["betweenUs"])


def check_limbs(oracle: Oracle, recorded: list[dict[str, Any]], *, mirrored: bool = False) -> None:
    """Each limb of the avatar points where the figure's points at that moment, within a tenth of a degree."""
    for shown in recorded:
        places = places_of(oracle, shown)
        for bone, end in LIMBS:
            expected = direction(places, *((_other(bone), _other(end)) if mirrored else (bone, end)))
            if mirrored:
                expected = expected * [-1, 1, 1]
            angle = np.arccos(np.clip(direction(shown["places"], bone, end) @ expected, -1, 1))
            assert np.degrees(angle) < 0.1, f"{bone} at {shown['timeUs']}"


def _other(bone: str) -> str:
    return bone.replace("Left", "Right") if bone.startswith("Left") else bone.replace("Right", "Left")


def test_the_avatar_does_what_the_bridge_says(stage: Any, bridge: BridgeProcess) -> None:
    oracle, recorded = record_live(stage, bridge, 0, MOMENTS)
    check_limbs(oracle, recorded)
    scale = stage.evaluate("transflowerStage.stage.cast[0].retarget.scale")
    heights = []
    for shown in recorded:
        hips = places_of(oracle, shown)["Hips"]
        assert np.allclose(np.array(shown["places"]["Hips"])[[0, 2]], scale * hips[[0, 2]], atol=2e-3)
        heights.append(shown["places"]["Hips"][1] - shown["liftM"] - scale * hips[1])
    assert np.ptp(heights) < 2e-3, "but for the floor, the avatar goes up and down with the figure"
    assert abs(np.mean(heights)) < 0.1, "ankles are about as high as the figure's"


@pytest.mark.parametrize("kind", ["vrm0", "plain_gltf", "turned_gltf"])
def test_an_avatar_that_is_dropped_on_the_left_is_worn(stage: Any, bridge: BridgeProcess, kind: str) -> None:
    drop(stage, f"{kind}.glb", getattr(avatar_files, kind)(), 0.2)
    name = "Zero" if kind == "vrm0" else kind
    stage.wait_for_function("(name) => transflowerStage.stage.dancers[0].name === name", arg=name, polling=200)
    wait_for_dancers(stage, 1)
    check_limbs(*record_live(stage, bridge, 0, MOMENTS))


def test_one_dropped_on_the_right_dances_beside_and_comes_again_after_a_reload(
    stage: Any, bridge: BridgeProcess
) -> None:
    drop(stage, "friend.glb", avatar_files.plain_gltf(), 0.8)
    wait_for_dancers(stage, 2)
    change = {"mirrored": True, "delayMs": 500, "x": 1.2, "z": -0.3, "turnDegrees": 30}
    stage.evaluate(
        "(change) => transflowerStage.stage.changeDancer(transflowerStage.stage.dancers[1].id, change)", change
    )
    stage.reload()
    wait_for_dancers(stage, 2)
    dancer = stage.evaluate("transflowerStage.stage.dancers[1]")
    assert dancer["name"] == "friend"
    assert {key: dancer[key] for key in change} == change
    check_limbs(*record_live(stage, bridge, 1, MOMENTS), mirrored=True)
    times_us = stage.wait_for_function("""() => {
      const { cast } = transflowerStage.stage;
      const isExact = (dancer) => dancer.state === "playing" && !dancer.isEasing;
      return cast.every(isExact) && cast.map(({ pose }) => pose.timeUs);
    }""").json_value()
    assert times_us[0] - times_us[1] == pytest.approx(500_000, abs=1)
    place = stage.evaluate(
        "transflowerStage.stage.cast[1].place.getWorldPosition(transflowerStage.stage.scene.position.clone())"
    )
    assert (place["x"], place["z"]) == (1.2, -0.3)
    stage.evaluate("transflowerStage.stage.removeDancer(transflowerStage.stage.dancers[1].id)")
    wait_for_dancers(stage, 1)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("compressed", "compressed with Draco"),
        ("without_legs", "LeftUpperLeg, LeftLowerLeg, RightUpperLeg and RightLowerLeg are missing"),
        ("nonsense", "no VRM, GLB or glTF file"),
    ],
)
def test_what_cannot_be_worn_is_refused_in_words_and_the_dance_goes_on(stage: Any, kind: str, reason: str) -> None:
    content = b"nonsense" if kind == "nonsense" else getattr(avatar_files, kind)()
    before = stage.evaluate("transflowerStage.stage.dancers[0].name")
    remember(stage, ".drop-problem")
    drop(stage, f"{kind}.glb", content, 0.2)
    wait_until(lambda: any(reason in (words or "") for (words,) in remembered(stage)), "the reason", PATIENCE_S)
    assert stage.evaluate("transflowerStage.stage.dancers[0].name") == before
    record(stage, 0, 6)


def test_feet_of_a_real_dance_stand_on_the_floor(stage: Any, page: Any, tmp_path: Path) -> None:
    stage.evaluate("transflowerStage.stage.drawn = false")  # one page at a time is enough to draw
    page.set_viewport_size(SIZE)
    with running_bridge(DEFAULT_DANCER, tmp_path) as bridge:
        page.goto(bridge.url)
        wait_for_dancers(page, 1)
        page.evaluate(FROM_AFAR)
        wait_until(lambda: bridge.state == "dancing", "the dance", PATIENCE_S)
        heights = page.evaluate("""async () => {
          const dancer = transflowerStage.stage.cast[0];
          const heights = [];
          for (let lastUs = 0; heights.length < 30; ) {
            await new Promise((resolve) => requestAnimationFrame(resolve));
            const { timeUs } = dancer.pose;
            if (timeUs < lastUs + 100_000) continue;
            lastUs = timeUs;
            heights.push(dancer.contact.lowest());
          }
          return heights;
        }""")
        page.goto("about:blank")  # it would complain of the bridge's end
    stage.evaluate("transflowerStage.stage.drawn = true")
    assert min(heights) > -0.01, "a sole sinks into the floor"
    # The dance itself leaves the floor at times; it begins where the figure stands.
    assert np.min(np.abs(heights)) < 0.005, "the dancer hovers"


REPLAY = """
async () => {
  const { stage } = transflowerStage;
  const [{ name }] = await (await fetch("takes")).json();
  const { id } = await stage.replay(name);
  const dancer = stage.cast.find(({ info }) => info.id === id);
  dancer.motion.advance = () => {}; // until it is let go, so that it is not over before a busy machine has looked
  return { id, name, dances: dancer.info.dances };
}
"""


def replay(stage: Any, bridge: BridgeProcess) -> dict[str, Any]:
    """Lets a second dancer begin what was recorded so far, and waits there."""
    takes = bridge.folder / "takes"
    wait_until(lambda: any(take.stat().st_size > TAKE_BYTES for take in takes.glob("*.take")), "some seconds of a take")
    info: dict[str, Any] = stage.evaluate(REPLAY)
    wait_for_dancers(stage, 2)
    stage.wait_for_function("() => transflowerStage.stage.cast[1].motion.isLoaded", polling=200)
    return info


def test_a_take_is_danced_beside_the_living(stage: Any, bridge: BridgeProcess) -> None:
    info = replay(stage, bridge)
    assert info["dances"] == info["name"]
    stage.evaluate("""() => {
      const { motion } = transflowerStage.stage.cast[1];
      motion.loops = true; // where a picture takes a second, a few seconds are soon over
      delete motion.advance;
    }""")
    record(stage, 1, 12)
    stage.evaluate("(id) => transflowerStage.stage.removeDancer(id)", info["id"])
    wait_for_dancers(stage, 1)


def test_a_take_begins_again_as_long_as_it_is_to_and_then_its_dancer_leaves(stage: Any, bridge: BridgeProcess) -> None:
    replay(stage, bridge)
    motion = "transflowerStage.stage.cast[1].motion"
    loop = "document.querySelectorAll('#dancers [aria-checked]')[2]"  # mirror, mirror, loop
    assert stage.evaluate(f"{loop}.textContent") == "Loop"
    stage.evaluate(f"{loop}.click()")
    assert stage.evaluate(f"{loop}.getAttribute('aria-checked')") == "true"
    stage.evaluate(f"{motion}.playUs = {motion}.lengthUs - 1; delete {motion}.advance")
    wait_until(lambda: stage.evaluate(f"{motion}.jumps"), "the take's second beginning", PATIENCE_S)
    stage.evaluate(f"{loop}.click()")
    stage.evaluate(f"{motion}.playUs = {motion}.lengthUs - 1")
    wait_for_dancers(stage, 1)


def test_cameras_look_from_where_they_say(stage: Any) -> None:
    places = {}
    for name in stage.evaluate("transflowerStage.stage.cameras"):
        stage.evaluate("(name) => transflowerStage.stage.setCamera(name)", name)
        stage.wait_for_function("() => !(transflowerStage.stage.views.travelS < 0.5)", polling=100)  # its whole way
        assert stage.evaluate("transflowerStage.stage.camera") == name
        places[name] = stage.evaluate("transflowerStage.stage.views.camera.position.toArray()")
    assert places["front"][2] > 3
    assert places["side"][0] > 2
    assert places["top"][1] > 5
    assert places["low"][1] < 0.6


def test_a_lost_graphics_context_comes_back(stage: Any) -> None:
    stage.evaluate("""async () => {
      const { renderer } = transflowerStage.stage;
      const next = (event) =>
        new Promise((resolve) => renderer.domElement.addEventListener(event, resolve, { once: true }));
      const lose = renderer.getContext().getExtension("WEBGL_lose_context");
      const lost = next("webglcontextlost");
      lose.loseContext();
      await lost;
      await new Promise((resolve) => setTimeout(resolve)); // it cannot come back before all have heard that it is lost
      const restored = next("webglcontextrestored");
      lose.restoreContext();
      await restored;
    }""")
    assert not stage.evaluate("transflowerStage.stage.renderer.getContext().isContextLost()")
    wait_until(lambda: brightness(stage) > 5, "something to be drawn again", PATIENCE_S)


def brightness(page: Any) -> float:
    """Mean of what is drawn, 0 to 255."""
    value: float = page.evaluate("""() => {
      const { renderer, scene, views } = transflowerStage.stage;
      pictures.areAllDrawn = true;
      renderer.render(scene, views.camera);
      pictures.areAllDrawn = false;
      const gl = renderer.getContext();
      const pixels = new Uint8Array(4 * gl.drawingBufferWidth * gl.drawingBufferHeight);
      gl.readPixels(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
      let sum = 0;
      for (let i = 0; i < pixels.length; i += 4) sum += pixels[i] + pixels[i + 1] + pixels[i + 2];
      return (4 * sum) / (3 * pixels.length);
    }""")
    return value
