"""An emulated Meta Quest 3 for a page: what a browser offers to VR where there is no headset."""

from typing import Any

from tests.stage.conftest import WEB, missing

EMULATOR = WEB / "node_modules/iwer/build/iwer.min.js"
INSTALL = """
  const device = new IWER.XRDevice(IWER.metaQuest3);
  device.installRuntime({ forceInstall: true });
  device.stereoEnabled = true;
  window.headset = device;
"""
BEGIN = """
async () => {
  const { stage } = transflowerStage;
  headset.position.set(0, 1.6, 0);
  headset.controllers.left.position.set(-0.2, 1.2, -0.3);
  headset.controllers.right.position.set(0.2, 1.2, -0.3);
  stage.troupe.group.position.set(0, 0, 0);
  stage.troupe.group.rotation.set(0, 0, 0);
  stage.troupe.group.scale.setScalar(1);
  await stage.enterVr();
}
"""


def put_on(page: Any) -> None:
    """Gives a page the headset; before it is opened."""
    if not EMULATOR.is_file():
        missing("the WebXR emulator is missing: npm ci in bridge/stage/web")
    page.add_init_script(path=EMULATOR)
    page.add_init_script(INSTALL)


def enter_vr(page: Any) -> None:
    """Begins VR, everything at its place."""
    page.evaluate(BEGIN)
    page.wait_for_function("() => transflowerStage.stage.renderer.xr.isPresenting", polling=200)


def leave_vr(page: Any) -> None:
    """Ends VR, if it has not ended."""
    page.evaluate("transflowerStage.stage.renderer.xr.getSession()?.end()")
    page.wait_for_function("() => !transflowerStage.stage.renderer.xr.isPresenting", polling=200)
