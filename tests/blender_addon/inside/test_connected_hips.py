"""Hips connected to a bone above, as importers leave them, are disconnected by whoever needs them to travel."""

from pathlib import Path

import bpy
import numpy as np
import pytest
import rigs
from conftest import smooth_take
from test_import import write_bvh
from test_linked import link


def connect_hips(rig: bpy.types.Object, hips: str) -> None:
    """A root that ends in the hips, as the VRM add-on makes of VRM files."""
    bpy.context.view_layer.objects.active = rig
    bpy.ops.object.mode_set(mode="EDIT")
    bones = rig.data.edit_bones
    root = bones.new("Root")
    root.head, root.tail = (0, 0, 0), bones[hips].head
    bones[hips].parent, bones[hips].use_connect = root, True
    bpy.ops.object.mode_set(mode="OBJECT")


@pytest.fixture
def rig(addon, skeleton, rng) -> bpy.types.Object:
    rig = rigs.vrm_a_pose(addon, rng)
    connect_hips(rig, "hips")
    addon("ui.stage").STAGE.session.takes.append(smooth_take(addon, skeleton, rng, 30))
    addon("ui.takes").sync_takes(bpy.context.window_manager)
    return rig


@pytest.mark.parametrize("mode", ["OBJECT", "POSE"])
@pytest.mark.parametrize("operator", ["bake", "follow"])
def test_the_hips_are_disconnected_which_is_reported_and_can_be_undone(rig, capfd, operator: str, mode: str) -> None:
    bpy.ops.object.mode_set(mode=mode)
    rest = {bone.name: np.array(bone.matrix_local) for bone in rig.data.bones}
    connected = {bone.name for bone in rig.data.bones if bone.use_connect}
    bpy.ops.ed.undo_push(message="before")
    assert getattr(bpy.ops.transflower, operator)() == {"FINISHED"}
    assert "hips was disconnected from Root, so that it can travel" in capfd.readouterr().out
    assert {bone.name for bone in rig.data.bones if bone.use_connect} == connected - {"hips"}
    assert rig.data.bones["hips"].parent.name == "Root"
    assert rig.mode == mode
    assert bpy.context.view_layer.objects.active == rig
    for bone in rig.data.bones:
        np.testing.assert_allclose(np.array(bone.matrix_local), rest[bone.name], atol=1e-6)
    bpy.ops.ed.undo_push(message=operator)
    name = rig.name
    bpy.ops.ed.undo()
    assert bpy.data.objects[name].data.bones["hips"].use_connect


def test_a_skinned_body_that_is_active_stays_active(rig) -> None:
    body = bpy.data.objects.new("Body", bpy.data.meshes.new("Body"))
    bpy.context.collection.objects.link(body)
    body.modifiers.new("Armature", "ARMATURE").object = rig
    body.parent = rig
    bpy.context.view_layer.objects.active = body
    rig.hide_set(True)
    assert bpy.ops.transflower.bake() == {"FINISHED"}
    assert not rig.data.bones["hips"].use_connect
    assert bpy.context.view_layer.objects.active == body
    assert rig.hide_get()


def test_recognising_bones_leaves_the_rig_as_it_is(rig, capfd) -> None:
    assert bpy.ops.transflower.map_bones() == {"FINISHED"}
    assert rig.data.bones["hips"].use_connect
    assert "Follow and Bake will disconnect hips" in capfd.readouterr().out


def test_what_blenders_own_importer_of_bvh_connects_travels(addon, skeleton, rng, tmp_path: Path) -> None:
    text = write_bvh(tmp_path / "dance.bvh", {}).read_text(encoding="utf-8")
    place, turn = "Xposition Yposition Zposition", "Zrotation Xrotation Yrotation"
    hierarchy, motion = text.replace(f"CHANNELS 6 {place}", "CHANNELS 3", 1).split("MOTION")
    root = f"HIERARCHY\nROOT Reference\n{{\nOFFSET 0 0 0\nCHANNELS 6 {place} {turn}\n"
    hierarchy = hierarchy.replace("HIERARCHY\nROOT", f"{root}JOINT") + "}\n"
    text = f"{hierarchy}MOTION" + motion.replace("\n0 0.95 0", "\n0 0.95 0 0 0 0")
    (tmp_path / "dance.bvh").write_text(text, encoding="utf-8")
    assert bpy.ops.import_anim.bvh(filepath=str(tmp_path / "dance.bvh"), axis_up="Y") == {"FINISHED"}
    rig = bpy.context.object
    rig.animation_data_clear()
    assert rig.data.bones["Hips"].use_connect
    addon("ui.stage").STAGE.session.takes.append(smooth_take(addon, skeleton, rng, 30))
    addon("ui.takes").sync_takes(bpy.context.window_manager)
    assert bpy.ops.transflower.bake() == {"FINISHED"}
    places = []
    for frame in (1, 12, 24):
        bpy.context.scene.frame_set(frame)
        places.append(np.array(rig.pose.bones["Hips"].head))
    assert np.ptp(places, axis=0).max() > 0.05


def test_hips_in_another_file_are_refused_with_the_way_out(addon, rig, tmp_path: Path) -> None:
    name, takes = rig.name, list(addon("ui.stage").STAGE.session.takes)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "rigs.blend"))
    linked = link(tmp_path / "rigs.blend", name)
    override = linked.override_create(remap_local_usages=True)
    bpy.context.view_layer.objects.active = override
    addon("ui.stage").STAGE.session.takes[:] = takes
    addon("ui.takes").sync_takes(bpy.context.window_manager)
    for press in (bpy.ops.transflower.bake, bpy.ops.transflower.follow):
        with pytest.raises(RuntimeError, match=r"disconnect it in edit mode in rigs\.blend"):
            press()
