"""The stage in VR, in an emulated Meta Quest 3: both eyes are drawn, buttons and grips do what they say."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.stage.bridge_process import BridgeProcess
from tests.stage.browser import Console, KeptPage
from tests.stage.figure_check import PATIENCE_S
from tests.stage.headset import enter_vr, leave_vr, put_on
from tests.waiting import wait_until

EYES = """
async () => {
  const { renderer } = transflowerStage.stage;
  const render = renderer.render.bind(renderer);
  pictures.areAllDrawn = true;
  return new Promise((resolve) => {
    renderer.render = (scene, camera) => {
      render(scene, camera);
      renderer.render = render;
      pictures.areAllDrawn = false;
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

EYES_ARE_AT = """
() => {
  const { viewer, views } = transflowerStage.stage;
  viewer.updateMatrixWorld();
  return views.camera.getWorldPosition(viewer.position.clone()).toArray();
}
"""


@pytest.fixture
def vr(kept_page: KeptPage, console: Console, bridge: BridgeProcess) -> Iterator[Any]:
    """The page, in VR, everything at its place."""

    def begin(new: Any) -> None:
        new.set_viewport_size({"width": 240, "height": 150})
        put_on(new)
        new.goto(bridge.url)
        new.wait_for_function("() => window.transflowerStage?.stage.cast[0]?.avatar.root.visible", polling=200)
        assert new.evaluate("transflowerStage.stage.canEnterVr")

    page = kept_page.get(console, begin)
    enter_vr(page)
    wait_until(
        lambda: page.evaluate("transflowerStage.stage.vr.hands.every((hand) => hand.side !== 'none')"),
        "hands",
        PATIENCE_S,
    )
    yield page
    leave_vr(page)


def press(page: Any, side: str, button: str) -> None:
    """Presses a button as long as it takes to be seen."""
    for value in (1, 0):
        page.evaluate(
            "([side, button, value]) => headset.controllers[side].updateButtonValue(button, value)",
            [side, button, value],
        )
        pictures(page)


def pictures(page: Any, number: int = 2) -> None:
    """Waits until so many pictures were made: what is set is sure to be seen by the second one after it."""
    page.evaluate(
        """async (number) => {
          const until = pictures.number + number;
          while (pictures.number < until) await new Promise((resolve) => setTimeout(resolve, 20));
        }""",
        number,
    )


def put(page: Any, side: str, *place: float) -> None:
    """Moves a controller."""
    page.evaluate(
        "([side, x, y, z]) => headset.controllers[side].position.set(x, y, z)",
        [side, *place],
    )
    pictures(page)


def troupe(page: Any) -> dict[str, Any]:
    """Where all dancers are, how large, and how they are turned."""
    found: dict[str, Any] = page.evaluate("""() => {
      const { position, scale, rotation } = transflowerStage.stage.troupe.group;
      return { place: position.toArray(), scale: scale.x, turn: rotation.y };
    }""")
    return found


def dances_on(page: Any) -> None:
    """Waits for moments of the dance that differ."""
    moments: set[float] = set()

    def differ() -> bool:
        pictures(page, 1)
        moments.add(page.evaluate("transflowerStage.stage.cast[0].pose.timeUs"))
        return len(moments) >= 5

    wait_until(differ, "the dancer to move on", PATIENCE_S)


def test_both_eyes_see_the_dancer_move(vr: Any) -> None:
    pictures(vr)
    seen = vr.evaluate(EYES)
    assert len(seen["views"]) == 2
    assert 0.04 < abs(seen["views"][0] - seen["views"][1]) < 0.09, "eyes are as far apart as eyes are"
    assert min(seen["eyes"]) > 3, "an eye sees nothing"
    assert seen["difference"] > 0.1, "both eyes see the same"
    viewer = vr.evaluate("transflowerStage.stage.viewer.position.toArray()")
    assert viewer[2] > 1, "the user stands before the dancer"
    dances_on(vr)


def test_a_freezes_and_goes_on_and_b_is_panic(vr: Any, bridge: BridgeProcess) -> None:
    press(vr, "right", "a-button")
    bridge.wait_for("freeze", 1)
    wait_until(lambda: bridge.state == "frozen", "the dance to freeze")
    vr.wait_for_function("() => transflowerStage.live.latest.controls.freeze === 1", polling=100)
    press(vr, "right", "a-button")
    bridge.wait_for("freeze", 0)
    press(vr, "left", "y-button")
    bridge.wait_for("idle", 1)
    vr.evaluate("transflowerStage.live.control('idle', false)")
    bridge.wait_for("idle", 0)


def test_one_grip_carries_the_dancers_and_both_scale_and_turn_them(vr: Any) -> None:
    before = troupe(vr)
    vr.evaluate("headset.controllers.right.updateButtonValue('squeeze', 1)")
    pictures(vr)
    put(vr, "right", 0.5, 1.3, -0.7)
    carried = troupe(vr)
    moved = [a - b for a, b in zip(carried["place"], before["place"], strict=True)]
    assert moved == pytest.approx([0.3, 0.1, -0.4], abs=1e-3)
    assert carried["scale"] == before["scale"]
    put(vr, "right", 0.2, 1.2, -0.3)
    vr.evaluate("headset.controllers.left.updateButtonValue('squeeze', 1)")
    pictures(vr)
    put(vr, "left", -0.6, 1.2, -0.3)
    # What is set is where a controller points from; its grip lies a little beside.
    assert troupe(vr)["scale"] == pytest.approx(2 * before["scale"], rel=0.03)
    put(vr, "left", 0.2, 1.2, -1.1)
    assert abs(troupe(vr)["turn"]) == pytest.approx(1.5708, abs=0.05)
    for side in ("left", "right"):
        vr.evaluate("(side) => headset.controllers[side].updateButtonValue('squeeze', 0)", side)
    pictures(vr)
    let_go = troupe(vr)
    put(vr, "right", -0.4, 0.9, -0.2)
    assert troupe(vr) == let_go


def test_the_left_stick_walks_and_the_right_one_turns_by_steps(vr: Any) -> None:
    before = vr.evaluate("transflowerStage.stage.viewer.position.toArray()")
    vr.evaluate("headset.controllers.left.updateAxes('thumbstick', 0, -1)")
    wait_until(
        lambda: vr.evaluate("transflowerStage.stage.viewer.position.z") < before[2] - 0.05, "a step forward", PATIENCE_S
    )
    vr.evaluate("headset.controllers.left.updateAxes('thumbstick', 0, 0)")
    pictures(vr)
    after = vr.evaluate("transflowerStage.stage.viewer.position.toArray()")
    assert after[0] == pytest.approx(before[0], abs=0.02)
    stood = vr.evaluate(EYES_ARE_AT)
    vr.evaluate("headset.controllers.right.updateAxes('thumbstick', 1, 0)")
    pictures(vr, 4)  # however long it is held, it is one step
    vr.evaluate("headset.controllers.right.updateAxes('thumbstick', 0, 0)")
    pictures(vr)
    assert vr.evaluate("transflowerStage.stage.viewer.rotation.y") == pytest.approx(-0.5236, abs=1e-3)
    assert vr.evaluate(EYES_ARE_AT) == pytest.approx(stood, abs=1e-3), "who turns stays where they stand"
    vr.evaluate("headset.controllers.left.updateAxes('thumbstick', 0, -1)")
    wait_until(lambda: vr.evaluate(EYES_ARE_AT)[0] > stood[0] + 0.05, "a step to where the user looks", PATIENCE_S)
    vr.evaluate("headset.controllers.left.updateAxes('thumbstick', 0, 0)")
    pictures(vr)


def test_leaving_vr_gives_the_page_back(vr: Any) -> None:
    vr.evaluate("transflowerStage.stage.renderer.xr.getSession().end()")
    vr.wait_for_function("() => !transflowerStage.stage.renderer.xr.isPresenting", polling=200)
    dances_on(vr)
    assert vr.evaluate("transflowerStage.stage.viewer.position.toArray()") == [0, 0, 0]


def test_the_front_follows_the_user_and_is_let_go_by_the_switch(vr: Any, bridge: BridgeProcess) -> None:
    def front_deg() -> float:
        return float(bridge.value("front_deg"))

    vr.evaluate("transflowerStage.stage.facesViewer = true")
    vr.evaluate("transflowerStage.stage.viewer.position.set(2.5, 0, 0)")
    wait_until(lambda: 45 < front_deg() < 135, "the front at the dancer's left", PATIENCE_S)
    vr.evaluate("transflowerStage.stage.viewer.position.set(-2.5, 0, 0)")
    wait_until(lambda: -135 < front_deg() < -45, "the front at the dancer's right", PATIENCE_S)
    vr.evaluate("transflowerStage.stage.facesViewer = false")
    bridge.wait_for("front_deg", 0.0)
    vr.evaluate("transflowerStage.stage.facesViewer = true")
