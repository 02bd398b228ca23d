"""Where a figure's joints are in a pose, by plain arithmetic: the oracle for what the page draws."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pythonosc.osc_message import OscMessage

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
async ([dancer, pictures]) => {
  const stage = window.transflowerStage.stage;
  const recorded = [];
  while (recorded.length < pictures) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const { pose, avatar, place, state, isEasing, contact } = stage.cast[dancer];
    const places = {};
    place.updateWorldMatrix(true, true);
    for (const [bone, { skinNode }] of avatar.rig.bones) {
      const at = place.worldToLocal(skinNode.getWorldPosition(place.position.clone()));
      places[bone] = at.toArray();
    }
    recorded.push({ timeUs: pose.timeUs, places, isExact: state === "playing" && !isEasing, liftM: contact.liftM });
  }
  return recorded;
}
"""
"""What the page shows: the moment, where the avatar's own bones are, seen from the dancer's place, and whether that is
between two poses that came in time: a page that is drawn in software on a busy machine guesses and eases at times."""


def record(page: Any, dancer: int, pictures: int) -> list[dict[str, Any]]:
    """What the page shows of a dancer in so many pictures."""
    recorded: list[dict[str, Any]] = page.evaluate(RECORD, [dancer, pictures])
    return recorded


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
        self._times_us = np.array([pose.params[1] for pose in poses])
        blobs = np.array([np.frombuffer(pose.params[3], ">f4") for pose in poses], np.float64)
        self._roots = blobs[:, :3]
        self._rotations = blobs[:, 3:].reshape(len(poses), -1, 4)

    def knows(self, time_us: float) -> bool:
        """Whether poses on both sides of a moment were heard."""
        return bool(self._times_us[0] < time_us < self._times_us[-1])

    def places(self, time_us: float) -> dict[str, Floats]:
        """Where each joint (3,) is at a moment between two poses, metres."""
        after = int(np.searchsorted(self._times_us, time_us, side="right"))
        share = (time_us - self._times_us[after - 1]) / (self._times_us[after] - self._times_us[after - 1])
        root = (1 - share) * self._roots[after - 1] + share * self._roots[after]
        local = _slerp(self._rotations[after - 1], self._rotations[after], share)
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
