"""Runs in Blender's Python (PyPI bpy): the built zip is installed as a person would, and its modules are at hand.

The environment variables are set by `test_in_blender.py`: EXTENSION_ZIP, BLENDER_USER_RESOURCES (an empty folder), and
where there are such, AVATARS and TRANSFLOWER.
"""

import importlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import bpy
import numpy as np
import pytest

PACKAGE = "bl_ext.user_default.transflower_bridge"

Addon = Callable[[str], ModuleType]


@pytest.fixture(scope="session")
def addon() -> Iterator[Addon]:
    """The installed extension's modules, by their names within it."""
    bpy.ops.extensions.package_install_files(
        filepath=os.environ["EXTENSION_ZIP"], repo="user_default", enable_on_install=True
    )
    yield lambda name: importlib.import_module(f"{PACKAGE}.{name}")
    bpy.ops.preferences.addon_disable(module=PACKAGE)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(exitstatus: int) -> None:
    """Remembers how it went, for the end."""
    global _status
    _status = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Ends without the interpreter's own end, at which bpy 4.2 crashes once an add-on with property groups was on.

    (Blender's own Rigify alone does that too.)
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(_status)


_status = 1


@pytest.fixture(autouse=True)
def empty_file(addon: Addon) -> None:
    """Every test begins with an empty file and a fresh session."""
    addon("ui.stage").STAGE.close()
    addon("ui.stage").STAGE.session.takes.clear()
    bpy.ops.wm.read_homefile(use_empty=True)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


@pytest.fixture(scope="session")
def avatars() -> Path:
    folder = os.environ.get("AVATARS")
    if not folder:
        pytest.skip("the glTF people (../shared/data/avatars beside the repository) are not here")
    return Path(folder)


def random_rotations(rng: np.random.Generator, *shape: int) -> np.ndarray:
    q = rng.normal(size=(*shape, 4))
    return q / np.linalg.norm(q, axis=-1, keepdims=True)


_LIMBS = ("Shoulder", "UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot", "Toes")
BODY = [
    *("Hips", "Spine", "Chest", "UpperChest", "Neck", "Head"),
    *(side + bone for side in ("Left", "Right") for bone in _LIMBS),
]
"""The 22 bones of a body without fingers."""


@pytest.fixture
def skeleton(addon: Addon):
    return addon("core.skeleton").humanoid_skeleton(BODY)


def smooth_take(
    addon: Addon, skeleton, rng: np.random.Generator, frames: int, rate_hz: float = 30.0, name: str = "Test"
):
    """A take that turns every bone smoothly and far, so that signs flip where they may."""
    rotations = addon("core.rotations")
    axes = rng.normal(size=(len(skeleton.names), 3))
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)
    times = np.arange(frames) / rate_hz
    angles = rng.uniform(-3, 3, len(skeleton.names)) * times[:, None] + rng.uniform(-3, 3, len(skeleton.names))
    turned = rotations.continuous(rotations.about(axes, angles))
    roots = np.array([0, 0.9, 0]) + 0.2 * np.sin(times[:, None] * rng.uniform(1, 3, 3))
    return addon("core.take").Take(name, skeleton, times, roots, turned, rate_hz)


def world_of(addon: Addon, armature: bpy.types.Object, skeleton, bone_of=lambda name: name):
    """What Blender shows, in the stream's axes: rotations relative to rest (bones, 4), and places (bones, 3)."""
    rotations = addon("core.rotations")
    to_blender = rotations.from_matrix(np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]))
    shown = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
    turned, placed = [], []
    for name in skeleton.names:
        pose = np.array(shown.pose.bones[bone_of(name)].matrix)
        rest = np.array(armature.data.bones[bone_of(name)].matrix_local)
        relative = rotations.from_matrix(pose[:3, :3] @ rest[:3, :3].T)
        turned.append(rotations.multiply(rotations.multiply(rotations.inverse(to_blender), relative), to_blender))
        placed.append(rotations.rotate(rotations.inverse(to_blender), pose[:3, 3]))
    return np.array(turned), np.array(placed)


def turn_between(addon: Addon, a: np.ndarray, b: np.ndarray) -> float:
    """The largest angle between rotations, radians."""
    rotations = addon("core.rotations")
    return float(rotations.angle(rotations.multiply(rotations.inverse(a), b)).max())
