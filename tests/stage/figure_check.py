"""Where a figure's joints are in a pose, by plain arithmetic: the oracle for what the page draws."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pythonosc.osc_message import OscMessage

from tests.stage.bridge_process import BridgeProcess
from tests.waiting import wait_until

PATIENCE_S = 180.0
"""Chromium draws in software, on a busy machine a picture or two a second."""
Floats = NDArray[np.float64]

LIMBS = [
    (side + bone, side + end)
    for side in ("Left", "Right")
    for bone, end in (
        ("UpperArm", "LowerArm"),
        ("LowerArm", "Hand"),
        ("UpperLeg", "LowerLeg"),
        ("LowerLeg", "Foot"),
    )
]
"""Bones whose direction is the figure's on every avatar, and where they end."""

RECORD = """
async ([dancer, wanted, patienceMs]) => {
  const stage = window.transflowerStage.stage;
  const recorded = new Map();
  const giveUpMs = performance.now() + patienceMs;
  while (recorded.size < wanted && performance.now() < giveUpMs) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const { pose, avatar, place, state, isEasing, contact } = stage.cast[dancer];
    if (state !== "playing" || isEasing) continue;
    const { timeUs } = pose;
    const { ring } = stage.motion.playout;
    const before = ring.lastBefore(timeUs);
    const betweenUs = [before, before + 1].map((at) => (at < 0 || at >= ring.count ? NaN : ring.at(at).timeUs));
    const places = {};
    place.updateWorldMatrix(true, true);
    for (const [bone, { skinNode }] of avatar.rig.bones) {
      const at = place.worldToLocal(skinNode.getWorldPosition(place.position.clone()));
      places[bone] = at.toArray();
    }
    recorded.set(timeUs, { timeUs, betweenUs, places, liftM: contact.liftM });
  }
  return [...recorded.values()];
}
"""
"""What the page shows at moments that all differ: the moment, between which of the bridge's poses it lies, and where
the avatar's own bones are, seen from the dancer's place. A page that is drawn in software on a busy machine glides on
and eases at times; what it shows then is its own guess and not looked at here."""


def record(page: Any, dancer: int, moments: int) -> list[dict[str, Any]]:
    """What the page shows of a dancer at so many moments that differ.

    Raises:
        AssertionError: It did not show so many: the dancer stands still.
    """
    recorded: list[dict[str, Any]] = page.evaluate(RECORD, [dancer, moments, 1000 * PATIENCE_S])
    assert len(recorded) == moments, f"{len(recorded)} moments in {PATIENCE_S:g} s: the dancer stands still"
    return recorded


def record_live(page: Any, bridge: BridgeProcess, dancer: int, moments: int) -> tuple["Oracle", list[dict[str, Any]]]:
    """The same of a dancer who dances live, between two poses that our receiver has heard too; and their oracle."""
    found: list[dict[str, Any]] = []

    def heard() -> bool:
        poses = bridge.poses()
        return bool(poses) and poses[-1].params[1] >= found[-1]["betweenUs"][1]

    while True:
        found += record(page, dancer, moments)
        wait_until(heard, "the poses that the page showed")
        oracle = Oracle(bridge.bones(), bridge.poses())
        known = [shown for shown in found if oracle.knows(*shown["betweenUs"])]
        if len(known) >= moments:
            return oracle, known


class Oracle:
    """The figure of a bridge, as heard over plain UDP.

    Args:
        bones: id, index, name, parent, x, y, z of each bone.
        poses: sequence, time_us, skeleton_id and blob of each pose.
    """

    def __init__(self, bones: list[list[Any]], poses: list[OscMessage]) -> None:
        self.names = [bone[2] for bone in bones]
        self._parents = [bone[3] for bone in bones]
        self._offsets = np.array([bone[4:7] for bone in bones], np.float64)
        blobs = [np.frombuffer(pose.params[3], ">f4").astype(np.float64) for pose in poses]
        self._poses = {
            pose.params[1]: (blob[:3], blob[3:].reshape(-1, 4)) for pose, blob in zip(poses, blobs, strict=True)
        }

    def knows(self, before_us: float, after_us: float) -> bool:
        """Whether both poses were heard."""
        return before_us in self._poses and after_us in self._poses

    def places(self, time_us: float, before_us: float, after_us: float) -> dict[str, Floats]:
        """Where each joint (3,) is at a moment between two poses, metres."""
        share = (time_us - before_us) / (after_us - before_us)
        (root_before, before), (root_after, after) = self._poses[before_us], self._poses[after_us]
        root = (1 - share) * root_before + share * root_after
        local = _slerp(before, after, share)
        rotations: list[Floats] = []
        places: list[Floats] = []
        for bone, parent in enumerate(self._parents):
            if parent < 0:
                rotations.append(local[bone])
                places.append(root)
            else:
                rotations.append(_multiply(rotations[parent], local[bone]))
                places.append(places[parent] + _rotate(rotations[parent], self._offsets[bone]))
        return dict(zip(self.names, places, strict=True))


def direction(places: dict[str, Any], bone: str, end: str) -> Floats:
    """Where a bone points, (3,) of length 1."""
    way = np.asarray(places[end], np.float64) - np.asarray(places[bone], np.float64)
    return np.asarray(way / np.linalg.norm(way))


def _slerp(a: Floats, b: Floats, share: float) -> Floats:
    dots = np.sum(a * b, -1, keepdims=True)
    angles = np.arccos(np.clip(np.abs(dots), 0, 1 - 1e-12))
    mixed = np.sin((1 - share) * angles) * a + np.sin(share * angles) * np.where(dots < 0, -b, b)
    return np.asarray(mixed / np.linalg.norm(mixed, axis=-1, keepdims=True))


def _multiply(a: Floats, b: Floats) -> Floats:
    axis = a[3] * b[:3] + b[3] * a[:3] + np.cross(a[:3], b[:3])
    return np.append(axis, a[3] * b[3] - a[:3] @ b[:3])


def _rotate(rotation: Floats, vector: Floats) -> Floats:
    turn = 2 * np.cross(rotation[:3], vector)
    return np.asarray(vector + rotation[3] * turn + np.cross(rotation[:3], turn))
