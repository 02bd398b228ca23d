"""A walk whose standing feet slide: the bridge's foot lock and the Blender extension's hold them, each in its own way.

Theirs are different things (the one hears no future, the other knows the whole take; the one holds a figure, the other
a rig), so they agree on what they are for, not on numbers. `ConformanceTests.cs` asks the same of the Unity package.
"""

import json
from typing import Any

import numpy as np
import pytest

from blender_addon.core import rotations as blender_rotations
from blender_addon.core.foot_lock import lock_feet
from blender_addon.core.retarget import Retarget
from blender_addon.core.skeleton import Skeleton as BlenderSkeleton
from bridge.body.foot_lock import FootLock
from data.motion.humanoid import default_skeleton
from data.motion.motion import Pose
from tests.conformance.figures import RIGS, rest_of
from tests.conformance.make_fixtures import HERE

SETTLED_S = 0.2
"""After it came down a foot may still be caught, before it goes up let go."""
HELD_M_S = 0.02
"""No standing foot slides faster than this; in the walk all slide at 0.12 m/s."""
MOVED_M = 0.12
"""No ankle is shown farther than this from where the walk has it."""


@pytest.fixture(scope="module")
def walk() -> dict[str, Any]:
    (case,) = json.loads((HERE / "foot_lock.json").read_text(encoding="utf-8"))["cases"]
    return case


def slides_m_s(ankles: np.ndarray, walk: dict[str, Any]) -> np.ndarray:
    """Mean speed over the floor of ankles (frames, 2, 3) that stand, for each time that one does."""
    found = []
    around = round(SETTLED_S * walk["rate_hz"])
    for foot in range(2):
        stands = np.array(walk["stands"])[:, foot]
        edges = np.flatnonzero(np.diff(np.concatenate([[False], stands, [False]]).astype(int)))
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            if last - first > 2 * around + 2 and first > 0:
                ground = ankles[first + around : last - around, foot][:, [0, 2]]
                found.append(np.linalg.norm(ground[-1] - ground[0]) * walk["rate_hz"] / (len(ground) - 1))
    assert len(found) >= 5
    return np.array(found)


def test_in_the_walk_itself_standing_feet_slide(walk: dict[str, Any]) -> None:
    assert slides_m_s(free_ankles(walk), walk) == pytest.approx(0.12, abs=0.01)


def test_the_bridge_holds_standing_feet(walk: dict[str, Any]) -> None:
    skeleton = default_skeleton()  # which knows its soles; no stream tells them
    lock = FootLock(skeleton, walk["rate_hz"])
    state, ankles = lock.initial_state(), []
    for root, turned in zip(walk["roots"], walk["rotations"], strict=True):
        pose, state = lock.step(Pose(np.array(root, np.float32), np.array(turned, np.float32)), state)
        places, _ = skeleton.forward_kinematics(pose.root_position, pose.rotations)
        ankles.append(places[[skeleton.index("LeftFoot"), skeleton.index("RightFoot")]])
    assert slides_m_s(np.array(ankles), walk).max() < HELD_M_S
    assert np.linalg.norm(np.array(ankles) - free_ankles(walk), axis=-1).max() < MOVED_M


def test_blender_holds_standing_feet(walk: dict[str, Any]) -> None:
    skeleton = BlenderSkeleton(tuple(walk["bones"]), tuple(walk["parents"]), np.array(walk["offsets"]))
    retarget = Retarget(skeleton, rest_of(RIGS["the figure itself"], skeleton))
    pose, num_pinned = lock_feet(
        retarget, retarget.pose(np.array(walk["roots"]), np.array(walk["rotations"])), walk["rate_hz"]
    )
    assert num_pinned >= 5
    feet = [retarget.index["LeftFoot"], retarget.index["RightFoot"]]
    ankles = retarget.heads(pose)[:, feet]
    assert slides_m_s(ankles, walk).max() < HELD_M_S
    away = (ankles - free_ankles(walk))[..., [0, 2]]  # the rig's soles are its own
    assert np.linalg.norm(away, axis=-1).max() < MOVED_M


def free_ankles(walk: dict[str, Any]) -> np.ndarray:
    """Where the walk has the ankles, (frames, 2, 3)."""
    skeleton = BlenderSkeleton(tuple(walk["bones"]), tuple(walk["parents"]), np.array(walk["offsets"]))
    turned = skeleton.global_rotations(blender_rotations.normalise(np.array(walk["rotations"])))
    places = skeleton.positions(np.array(walk["roots"]), turned)
    return places[:, [skeleton.index["LeftFoot"], skeleton.index["RightFoot"]]]
