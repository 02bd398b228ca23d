"""The stage in VR, in an emulated Meta Quest 3: both eyes are drawn, buttons and grips do what they say."""

import time
from typing import Any

import pytest

from tests.stage.bridge_process import BridgeProcess, wait_until
from tests.stage.conftest import WEB, missing

EMULATOR = WEB / "node_modules/iwer/build/iwer.min.js"
INSTALL = """
  const device = new IWER.XRDevice(IWER.metaQuest3);
  device.installRuntime({ forceInstall: true });
  device.stereoEnabled = true;
  device.position.set(0, 1.6, 0);
  device.controllers.left.position.set(-0.2, 1.2, -0.3);
  device.controllers.right.position.set(0.2, 1.2, -0.3);
  window.headset = device;
"""
EYES = """
async () => {
  const { renderer } = transflowerStage.stage;
  const render = renderer.render.bind(renderer);
  return new Promise((resolve) => {
    renderer.render = (scene, camera) => {
      render(scene, camera);
      renderer.render = render;
      const gl = renderer.getContext();
      const [width, height] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
      const pixels = new Uint8Array(4 * width * height);
      gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
      const eyes = [0, 0];
      let difference = 0;
      const half = width >> 1;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < half; x++) {
          const left = pixels[4 * (y * width + x) + 2];
          const right = pixels[4 * (y * width + x + half) + 2];
          eyes[0] += left;
          eyes[1] += right;
          difference += Math.abs(left - right);
        }
      }
      const views = renderer.xr.getCamera().cameras.map((eye) => eye.matrixWorld.elements[12]);
      resolve({ eyes: eyes.map((sum) => sum / (half * height)), difference: difference / (half * height), views });
    };
  });
}
"""


@pytest.fixture
def vr(page: Any, bridge: BridgeProcess) -> Any:
    """The page, in VR."""
    if not EMULATOR.is_file():
        missing("the WebXR emulator is missing: npm ci in bridge/stage/web")
    page.set_viewport_size({"width": 400, "height": 240})
    page.add_init_script(path=EMULATOR)
    page.add_init_script(INSTALL)
    page.goto(bridge.url)
    page.wait_for_function(
        "() => window.transflowerStage?.stage.cast[0]?.avatar.root.visible", polling=200, timeout=60_000
    )
    assert page.evaluate("transflowerStage.stage.canEnterVr")
    page.evaluate("transflowerStage.stage.enterVr()")
    page.wait_for_function("() => transflowerStage.stage.renderer.xr.isPresenting", polling=200, timeout=30_000)
    wait_until(lambda: page.evaluate("transflowerStage.stage.vr.hands.every((hand) => hand.side !== 'none')"))
    return page


def press(page: Any, side: str, button: str) -> None:
    """Presses a button for a while that software drawing does not miss."""
    for value in (1, 0):
        page.evaluate(
            "([side, button, value]) => headset.controllers[side].updateButtonValue(button, value)",
            [side, button, value],
        )
        pictures(page, 3)


def pictures(page: Any, number: int) -> None:
    """Waits until so many pictures were drawn."""
    page.evaluate(
        """async (number) => {
          const { info } = transflowerStage.stage.renderer;
          const until = info.render.frame + number;
          while (info.render.frame < until) await new Promise((resolve) => setTimeout(resolve, 20));
        }""",
        number,
    )


def put(page: Any, side: str, *place: float) -> None:
    """Moves a controller."""
    page.evaluate(
        "([side, x, y, z]) => headset.controllers[side].position.set(x, y, z)",
        [side, *place],
    )
    pictures(page, 3)


def troupe(page: Any) -> dict[str, Any]:
    """Where all dancers are, how large, and how they are turned."""
    found: dict[str, Any] = page.evaluate("""() => {
      const { position, scale, rotation } = transflowerStage.stage.troupe.group;
      return { place: position.toArray(), scale: scale.x, turn: rotation.y };
    }""")
    return found


def test_both_eyes_see_the_dancer_move(vr: Any) -> None:
    pictures(vr, 5)
    seen = vr.evaluate(EYES)
    assert len(seen["views"]) == 2
    assert 0.04 < abs(seen["views"][0] - seen["views"][1]) < 0.09, "eyes are as far apart as eyes are"
    assert min(seen["eyes"]) > 3, "an eye sees nothing"
    assert seen["difference"] > 0.1, "both eyes see the same"
    viewer = vr.evaluate("transflowerStage.stage.viewer.position.toArray()")
    assert viewer[2] > 1, "the user stands before the dancer"
    moments = set()
    for _ in range(5):
        pictures(vr, 2)
        moments.add(vr.evaluate("transflowerStage.stage.cast[0].pose.timeUs"))
    assert len(moments) == 5


def test_a_freezes_and_goes_on_and_b_is_panic(vr: Any, bridge: BridgeProcess) -> None:
    press(vr, "right", "a-button")
    bridge.wait_for("freeze", 1)
    wait_until(lambda: bridge.state == "frozen", what="the dance to freeze")
    vr.wait_for_function("() => transflowerStage.live.news.controls.freeze === 1", polling=100, timeout=10_000)
    press(vr, "right", "a-button")
    bridge.wait_for("freeze", 0)
    press(vr, "left", "y-button")
    bridge.wait_for("idle", 1)
    vr.evaluate("transflowerStage.live.control('idle', false)")
    bridge.wait_for("idle", 0)


def test_one_grip_carries_the_dancers_and_both_scale_and_turn_them(vr: Any) -> None:
    before = troupe(vr)
    vr.evaluate("headset.controllers.right.updateButtonValue('squeeze', 1)")
    pictures(vr, 3)
    put(vr, "right", 0.5, 1.3, -0.7)
    carried = troupe(vr)
    moved = [a - b for a, b in zip(carried["place"], before["place"], strict=True)]
    assert moved == pytest.approx([0.3, 0.1, -0.4], abs=1e-3)
    assert carried["scale"] == before["scale"]
    put(vr, "right", 0.2, 1.2, -0.3)
    vr.evaluate("headset.controllers.left.updateButtonValue('squeeze', 1)")
    pictures(vr, 3)
    put(vr, "left", -0.6, 1.2, -0.3)
    # What is set is where a controller points from; its grip lies a little beside.
    assert troupe(vr)["scale"] == pytest.approx(2 * before["scale"], rel=0.03)
    put(vr, "left", 0.2, 1.2, -1.1)
    assert abs(troupe(vr)["turn"]) == pytest.approx(1.5708, abs=0.05)
    for side in ("left", "right"):
        vr.evaluate("(side) => headset.controllers[side].updateButtonValue('squeeze', 0)", side)
    pictures(vr, 3)
    let_go = troupe(vr)
    put(vr, "right", -0.4, 0.9, -0.2)
    assert troupe(vr) == let_go


def test_the_left_stick_walks_and_the_right_one_turns_by_steps(vr: Any) -> None:
    before = vr.evaluate("transflowerStage.stage.viewer.position.toArray()")
    vr.evaluate("headset.controllers.left.updateAxes('thumbstick', 0, -1)")
    pictures(vr, 4)
    vr.evaluate("headset.controllers.left.updateAxes('thumbstick', 0, 0)")
    pictures(vr, 3)
    after = vr.evaluate("transflowerStage.stage.viewer.position.toArray()")
    assert after[2] < before[2] - 0.05
    assert after[0] == pytest.approx(before[0], abs=0.02)
    vr.evaluate("headset.controllers.right.updateAxes('thumbstick', 1, 0)")
    pictures(vr, 6)
    vr.evaluate("headset.controllers.right.updateAxes('thumbstick', 0, 0)")
    pictures(vr, 3)
    assert vr.evaluate("transflowerStage.stage.viewer.rotation.y") == pytest.approx(-0.5236, abs=1e-3)


def test_leaving_vr_gives_the_page_back(vr: Any) -> None:
    vr.evaluate("transflowerStage.stage.renderer.xr.getSession().end()")
    vr.wait_for_function("() => !transflowerStage.stage.renderer.xr.isPresenting", polling=200, timeout=30_000)
    time.sleep(0.5)
    shown = {vr.evaluate("transflowerStage.stage.cast[0].pose.timeUs")}
    pictures(vr, 3)
    shown.add(vr.evaluate("transflowerStage.stage.cast[0].pose.timeUs"))
    assert len(shown) == 2
    assert vr.evaluate("transflowerStage.stage.viewer.position.toArray()") == [0, 0, 0]
