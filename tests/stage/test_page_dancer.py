"""The dancers on the page, in real Chromium, before a real bridge: they do what the bridge says, in any avatar."""

import base64
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.stage import avatar_files
from tests.stage.bridge_process import ROOT, BridgeProcess, running_bridge, wait_until
from tests.stage.figure_check import LIMBS, Oracle, direction, record

PICTURES = 40
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
def stage(page: Any, bridge: BridgeProcess) -> Any:
    """The page, with its first dancer dancing. It is small: Chromium draws in software."""
    page.set_viewport_size({"width": 480, "height": 300})
    page.goto(bridge.url)
    wait_for_dancers(page, 1)
    time.sleep(1.5)
    return page


def wait_for_dancers(page: Any, number: int) -> None:
    page.wait_for_function(
        "(number) => window.transflowerStage?.stage.cast.filter((d) => d.avatar.root.visible).length === number",
        arg=number,
        polling=200,
        timeout=60_000,
    )


def drop(page: Any, name: str, content: bytes, across: float) -> None:
    """Drops a file on the page; `across` runs from 0 at its left edge to 1."""
    page.evaluate(DROP, [name, base64.b64encode(content).decode(), across])


def check_limbs(bridge: BridgeProcess, recorded: list[dict[str, Any]], *, mirrored: bool = False) -> None:
    """Each limb of the avatar points where the figure's points at that moment, within a tenth of a degree."""
    time.sleep(0.2)  # until the pose after the last moment was heard
    oracle = Oracle(bridge.bones(), bridge.poses())
    moments = [shown for shown in recorded if shown["isExact"] and oracle.knows(shown["timeUs"])]
    assert len(moments) > len(recorded) / 4
    assert len({shown["timeUs"] for shown in moments}) > len(moments) / 2, "the dancer stands still"
    for shown in moments:
        places = oracle.places(shown["timeUs"])
        for bone, end in LIMBS:
            expected = direction(places, *((_other(bone), _other(end)) if mirrored else (bone, end)))
            if mirrored:
                expected = expected * [-1, 1, 1]
            angle = np.arccos(np.clip(direction(shown["places"], bone, end) @ expected, -1, 1))
            assert np.degrees(angle) < 0.1, f"{bone} at {shown['timeUs']}"


def _other(bone: str) -> str:
    return bone.replace("Left", "Right") if bone.startswith("Left") else bone.replace("Right", "Left")


def test_the_avatar_does_what_the_bridge_says(stage: Any, bridge: BridgeProcess) -> None:
    recorded = record(stage, 0, PICTURES)
    check_limbs(bridge, recorded)
    oracle = Oracle(bridge.bones(), bridge.poses())
    scale = stage.evaluate("transflowerStage.stage.cast[0].retarget.scale")
    heights = []
    for shown in recorded:
        if shown["isExact"] and oracle.knows(shown["timeUs"]):
            hips = oracle.places(shown["timeUs"])["Hips"]
            assert np.allclose(np.array(shown["places"]["Hips"])[[0, 2]], scale * hips[[0, 2]], atol=2e-3)
            heights.append(shown["places"]["Hips"][1] - shown["liftM"] - scale * hips[1])
    assert np.ptp(heights) < 2e-3, "but for the floor, the avatar goes up and down with the figure"
    assert abs(np.mean(heights)) < 0.1, "ankles are about as high as the figure's"


@pytest.mark.parametrize("kind", ["vrm0", "plain_gltf", "turned_gltf"])
def test_an_avatar_that_is_dropped_on_the_left_is_worn(stage: Any, bridge: BridgeProcess, kind: str) -> None:
    drop(stage, f"{kind}.glb", getattr(avatar_files, kind)(), 0.2)
    name = "Zero" if kind == "vrm0" else kind
    stage.wait_for_function(
        "(name) => transflowerStage.stage.dancers[0].name === name", arg=name, polling=200, timeout=60_000
    )
    wait_for_dancers(stage, 1)
    time.sleep(1)
    check_limbs(bridge, record(stage, 0, PICTURES))


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
    time.sleep(2)
    recorded = record(stage, 1, PICTURES)
    check_limbs(bridge, recorded, mirrored=True)
    times_us = stage.evaluate("""async () => {
      const { cast } = transflowerStage.stage;
      const isExact = (dancer) => dancer.state === "playing" && !dancer.isEasing;
      do await new Promise((resolve) => requestAnimationFrame(resolve)); while (!cast.every(isExact));
      return cast.map(({ pose }) => pose.timeUs);
    }""")
    assert times_us[0] - times_us[1] == pytest.approx(500_000, abs=1)
    place = stage.evaluate(
        "transflowerStage.stage.cast[1].place.getWorldPosition(transflowerStage.stage.scene.position.clone())"
    )
    assert (place["x"], place["z"]) == (1.2, -0.3)
    stage.evaluate("transflowerStage.stage.removeDancer(transflowerStage.stage.dancers[1].id)")
    wait_for_dancers(stage, 1)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("compressed", "compressed with Draco"),
        ("without_legs", "LeftUpperLeg, LeftLowerLeg, RightUpperLeg and RightLowerLeg are missing"),
        ("nonsense", "no VRM, GLB or glTF file"),
    ],
)
def test_what_cannot_be_worn_is_refused_in_words_and_the_dance_goes_on(stage: Any, kind: str, told: str) -> None:
    content = b"nonsense" if kind == "nonsense" else getattr(avatar_files, kind)()
    before = stage.evaluate("transflowerStage.stage.dancers[0].name")
    drop(stage, f"{kind}.glb", content, 0.2)
    stage.wait_for_function(
        "(told) => document.querySelector('.drop-problem').textContent.includes(told)",
        arg=told,
        polling=200,
        timeout=30_000,
    )
    assert stage.evaluate("transflowerStage.stage.dancers[0].name") == before
    moments = {shown["timeUs"] for shown in record(stage, 0, 10)}
    assert len(moments) > 5


def test_feet_of_a_real_dance_stand_on_the_floor(page: Any, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 320, "height": 200})
    with running_bridge(DEFAULT_DANCER, tmp_path) as bridge:
        page.goto(bridge.url)
        wait_for_dancers(page, 1)
        wait_until(lambda: bridge.state == "dancing", what="the dance")
        time.sleep(2)
        heights = page.evaluate("""async () => {
          const dancer = transflowerStage.stage.cast[0];
          const heights = [];
          for (let i = 0; i < 100; i++) {
            await new Promise((resolve) => requestAnimationFrame(resolve));
            heights.push(dancer.contact.lowest());
          }
          return heights;
        }""")
        page.goto("about:blank")  # it would complain of the bridge's end
    assert min(heights) > -0.01, "a sole sinks into the floor"
    assert np.median(np.abs(heights)) < 0.01, "the dancer hovers"


def test_a_take_is_danced_beside_the_living(stage: Any, bridge: BridgeProcess) -> None:
    takes = wait_until(lambda: stage.evaluate("fetch('takes').then((answer) => answer.json())"), what="a take")
    name = takes[0]["name"]
    info = stage.evaluate("(name) => transflowerStage.stage.replay(name)", name)
    assert info["dances"] == name
    wait_for_dancers(stage, 2)
    shown = record(stage, 1, 20)
    assert len({moment["timeUs"] for moment in shown}) > 10
    stage.evaluate("(id) => transflowerStage.stage.removeDancer(id)", info["id"])
    wait_for_dancers(stage, 1)


def test_a_take_begins_again_as_long_as_it_is_to_and_then_its_dancer_leaves(stage: Any) -> None:
    takes = wait_until(lambda: stage.evaluate("fetch('takes').then((answer) => answer.json())"), what="a take")
    stage.evaluate("(name) => transflowerStage.stage.replay(name)", takes[0]["name"])
    wait_for_dancers(stage, 2)
    motion = "transflowerStage.stage.cast[1].motion"
    wait_until(lambda: stage.evaluate(f"{motion}.isLoaded"), what="the whole take")
    loop = "document.querySelectorAll('#dancers [aria-checked]')[2]"  # mirror, mirror, loop
    assert stage.evaluate(f"{loop}.textContent") == "Loop"
    stage.evaluate(f"{loop}.click()")
    assert stage.evaluate(f"{loop}.getAttribute('aria-checked')") == "true"
    stage.evaluate(f"{motion}.playUs = {motion}.lengthUs - 1")
    wait_until(lambda: stage.evaluate(f"{motion}.jumps"), what="the take's second beginning")
    stage.evaluate(f"{loop}.click()")
    stage.evaluate(f"{motion}.playUs = {motion}.lengthUs - 1")
    wait_for_dancers(stage, 1)


def test_cameras_look_from_where_they_say(stage: Any) -> None:
    places = {}
    for name in stage.evaluate("transflowerStage.stage.cameras"):
        stage.evaluate("(name) => transflowerStage.stage.setCamera(name)", name)
        time.sleep(1.2)
        assert stage.evaluate("transflowerStage.stage.camera") == name
        places[name] = stage.evaluate("transflowerStage.stage.views.camera.position.toArray()")
    assert places["front"][2] > 3
    assert places["side"][0] > 2
    assert places["top"][1] > 5
    assert places["low"][1] < 0.6


def test_a_lost_graphics_context_comes_back(stage: Any) -> None:
    stage.evaluate("""async () => {
      const lose = transflowerStage.stage.renderer.getContext().getExtension("WEBGL_lose_context");
      lose.loseContext();
      await new Promise((resolve) => setTimeout(resolve, 500));
      lose.restoreContext();
    }""")
    time.sleep(2)
    assert not stage.evaluate("transflowerStage.stage.renderer.getContext().isContextLost()")
    assert brightness(stage) > 5, "nothing is drawn any more"


def brightness(page: Any) -> float:
    """Mean of what is drawn, 0 to 255."""
    value: float = page.evaluate("""() => {
      const { renderer, scene, views } = transflowerStage.stage;
      renderer.render(scene, views.camera);
      const gl = renderer.getContext();
      const pixels = new Uint8Array(4 * gl.drawingBufferWidth * gl.drawingBufferHeight);
      gl.readPixels(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
      let sum = 0;
      for (let i = 0; i < pixels.length; i += 4) sum += pixels[i] + pixels[i + 1] + pixels[i + 2];
      return (4 * sum) / (3 * pixels.length);
    }""")
    return value
