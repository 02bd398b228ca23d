"""Rigs of another file, linked and overridden: they follow, are mapped and baked, and all of it is kept in the file."""

from pathlib import Path

import bpy
import numpy as np
import pytest
import rigs
from conftest import BODY, random_rotations, smooth_take

KINDS = ("vrm_a_pose", "mapped")


def library(addon, rng, path: Path, kind: str) -> str:
    """A file with a rig, already mapped there or not; the rig's name."""
    rig = rigs.vrm_a_pose(addon, rng)
    if kind == "mapped":
        rig.transflower.set_mapping("By hand", {"Hips": "hips", "Head": "neck", "Neck": "head"})
    bpy.ops.wm.save_as_mainfile(filepath=str(path))
    return rig.name


def link(path: Path, name: str) -> bpy.types.Object:
    """The rig in a new file, linked only."""
    bpy.ops.wm.read_homefile(use_empty=True)
    with bpy.data.libraries.load(str(path), link=True) as (_, into):
        into.objects = [name]
    (rig,) = into.objects
    bpy.context.collection.objects.link(rig)
    return rig


@pytest.fixture(params=KINDS)
def rig(request, addon, rng, tmp_path: Path) -> bpy.types.Object:
    """As Object > Library Override > Make leaves it."""
    path = tmp_path / "rigs.blend"
    linked = link(path, library(addon, rng, path, request.param))
    linked.select_set(True)
    bpy.context.view_layer.objects.active = linked
    bpy.ops.object.make_override_library()
    override = next(thing for thing in bpy.data.objects if thing.override_library is not None)
    bpy.context.view_layer.objects.active = override
    return override


def saved_and_opened(rig: bpy.types.Object, tmp_path: Path) -> bpy.types.Object:
    """The same rig after its file was kept and read again."""
    name, path = rig.name, str(tmp_path / "shot.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.open_mainfile(filepath=path)
    return next(thing for thing in bpy.data.objects if thing.name == name and thing.library is None)


def test_an_overridden_rig_is_recognised_and_follows_also_after_opening(addon, rig, tmp_path: Path) -> None:
    assert bpy.ops.transflower.map_bones() == {"FINISHED"}
    mapping = rig.transflower.mapping()
    assert mapping["LeftUpperArm"] == "leftUpperArm"
    assert mapping["Head"] == "head"
    assert bpy.ops.transflower.follow() == {"FINISHED"}
    rig.transflower.bones["Neck"].bone = ""
    opened = saved_and_opened(rig, tmp_path)
    assert opened.override_library is not None
    assert opened.transflower.follows
    assert opened.transflower.kind != "By hand"
    assert opened.transflower.mapping() == {bone: name for bone, name in mapping.items() if bone != "Neck"}


def test_a_preset_maps_an_overridden_rig(addon, rig, tmp_path: Path) -> None:
    assert bpy.ops.transflower.map_bones() == {"FINISHED"}
    mapping = rig.transflower.mapping()
    bpy.context.scene.transflower.preset = "Linked rig"
    assert bpy.ops.transflower.save_preset() == {"FINISHED"}
    rig.transflower.bones["Hips"].bone = "head"
    assert bpy.ops.transflower.load_preset(preset="Linked rig") == {"FINISHED"}
    assert saved_and_opened(rig, tmp_path).transflower.mapping() == mapping


@pytest.mark.parametrize("into", ["NLA", "ACTION"])
def test_what_is_baked_on_an_overridden_rig_moves_it_after_opening(addon, rig, rng, tmp_path: Path, into) -> None:
    skeleton = addon("core.skeleton").humanoid_skeleton(BODY)
    take = smooth_take(addon, skeleton, rng, 30)
    assert bpy.ops.transflower.map_bones() == {"FINISHED"}
    addon("ui.stage").STAGE.session.takes.append(take)
    addon("ui.takes").sync_takes(bpy.context.window_manager)
    bpy.context.scene.transflower.into = into
    bpy.context.scene.transflower.timing = "TAKE"
    assert bpy.ops.transflower.bake() == {"FINISHED"}
    mapping = rig.transflower.mapping()
    rig = saved_and_opened(rig, tmp_path)
    assert rig.transflower.mapping() == mapping
    module = addon("scene.armature")
    retarget = addon("core.retarget").Retarget(skeleton, module.read_rest(rig, mapping))
    expected = retarget.heads(retarget.pose(take.roots, take.rotations))
    for k in (0, 13, 29):
        bpy.context.scene.frame_set(bpy.context.scene.frame_start + k)
        shown = rig.evaluated_get(bpy.context.evaluated_depsgraph_get())
        heads = np.array([shown.pose.bones[name].head for name in retarget.names])
        np.testing.assert_allclose(heads, expected[k], atol=1e-4)


def test_a_stream_poses_an_overridden_rig(addon, rig, rng) -> None:
    skeleton = addon("core.skeleton").humanoid_skeleton(BODY)
    assert bpy.ops.transflower.map_bones() == {"FINISHED"}
    assert bpy.ops.transflower.follow() == {"FINISHED"}
    frame = addon("core.frame").Frame(
        skeleton, 0, 0.0, np.array([0.3, 1.1, -0.4]), random_rotations(rng, len(skeleton.names))
    )
    stage = addon("ui.stage").STAGE
    stage.show(frame, 1e9)
    assert not stage.problems
    assert rig.pose.bones["leftUpperArm"].matrix_basis.to_quaternion().angle > 1e-3


@pytest.mark.parametrize("operator", ["map_bones", "follow", "bake", "rest"])
def test_a_rig_that_is_linked_only_is_refused_with_the_way_out(addon, rng, skeleton, tmp_path: Path, operator) -> None:
    path = tmp_path / "rigs.blend"
    rig = link(path, library(addon, rng, path, "mapped"))
    bpy.context.view_layer.objects.active = rig
    addon("ui.stage").STAGE.session.takes.append(smooth_take(addon, skeleton, rng, 30))
    addon("ui.takes").sync_takes(bpy.context.window_manager)
    with pytest.raises(RuntimeError, match=r"VRM A-pose is linked.*Object > Library Override > Make"):
        getattr(bpy.ops.transflower, operator)()


@pytest.mark.parametrize("operator", ["map_bones", "follow", "bake", "rest"])
def test_an_override_that_blender_locks_is_refused_and_the_way_out_is_one(addon, rig, rng, skeleton, operator) -> None:
    """What Blender overrides because something else was overridden; its interface lets nobody change it."""
    rig.override_library.is_system_override = True
    addon("ui.stage").STAGE.session.takes.append(smooth_take(addon, skeleton, rng, 30))
    addon("ui.takes").sync_takes(bpy.context.window_manager)
    with pytest.raises(RuntimeError, match=r"VRM A-pose is an override that Blender locks.*Library Override > Make"):
        getattr(bpy.ops.transflower, operator)()
    bpy.ops.object.select_all(action="DESELECT")
    rig.select_set(True)
    assert bpy.ops.object.make_override_library() == {"FINISHED"}
    assert bpy.ops.transflower.map_bones() == {"FINISHED"}
    assert bpy.ops.transflower.follow() == {"FINISHED"}
