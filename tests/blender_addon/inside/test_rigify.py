"""A rig that Rigify has generated dances by its controls: the bones that deform it point where the dancer's do."""

import bpy
import numpy as np
import pytest
from conftest import BODY
from test_rigs import LIMBS, degrees_between, poses

DEFORM = {
    **{"UpperArm": "upper_arm", "LowerArm": "forearm", "Hand": "hand"},
    **{"UpperLeg": "thigh", "LowerLeg": "shin", "Foot": "foot"},
}


@pytest.fixture(scope="module")
def generated(tmp_path_factory) -> str:
    """A file with the human rig; it takes half a minute to make."""
    bpy.ops.preferences.addon_enable(module="rigify")
    bpy.ops.wm.read_homefile(use_empty=True)
    bpy.ops.object.armature_human_metarig_add()
    assert bpy.ops.pose.rigify_generate() == {"FINISHED"}
    path = str(tmp_path_factory.mktemp("rigify") / "rig.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    return path


@pytest.fixture
def rig(generated, addon) -> bpy.types.Object:
    bpy.ops.wm.open_mainfile(filepath=generated)
    rig = bpy.data.objects["rig"]
    bpy.context.view_layer.objects.active = rig
    return rig


def place(rig: bpy.types.Object, bone: str) -> np.ndarray:
    shown = rig.evaluated_get(bpy.context.evaluated_depsgraph_get())
    name = f"DEF-{DEFORM[bone.removeprefix('Left').removeprefix('Right')]}.{bone[0]}"
    return np.array(shown.pose.bones[name].head)


def test_a_generated_rig_dances_by_its_controls_and_fingers_stay(addon, rig, rng, capfd) -> None:
    skeleton = addon("core.skeleton").humanoid_skeleton(BODY)
    roots, turned = poses(addon, skeleton, rng)
    take = addon("core.take").Take("Wild", skeleton, np.arange(len(roots)) / 30, roots, turned, 30.0)
    addon("ui.stage").STAGE.session.takes.append(take)
    addon("ui.takes").sync_takes(bpy.context.window_manager)
    bpy.context.scene.transflower.timing = "TAKE"
    assert bpy.ops.transflower.bake() == {"FINISHED"}
    said = capfd.readouterr().out
    assert "Switched to forward kinematics: " in said
    assert "does not show" not in said
    mapping = rig.transflower.mapping()
    assert not [bone for bone in mapping if "Index" in bone or "Thumb" in bone]
    worst = 0.0
    for k in range(len(roots)):
        bpy.context.scene.frame_set(1 + k)
        ours = skeleton.positions(roots[k], skeleton.global_rotations(turned[k]))[:, [0, 2, 1]] * np.array([1, -1, 1])
        for bone, end in LIMBS:
            expected = ours[skeleton.index[end]] - ours[skeleton.index[bone]]
            worst = max(worst, degrees_between(place(rig, end) - place(rig, bone), expected))
    with capfd.disabled():
        print(f"\n{bpy.app.version_string}: limbs of a generated rig off by {worst:.2g} degrees at most")
    assert worst < 0.5


def test_a_standing_dancer_stands_on_the_floor_and_turns_about_its_hips(addon, rig) -> None:
    skeleton = addon("core.skeleton").humanoid_skeleton(BODY)

    def hips() -> np.ndarray:
        return np.array(rig.evaluated_get(bpy.context.evaluated_depsgraph_get()).pose.bones["ORG-spine"].head)

    ankle, stood = place(rig, "LeftFoot"), hips()
    at_rest = stood
    still = np.tile(np.array([0.0, 0, 0, 1]), (len(skeleton.names), 1))
    bowed = still.copy()
    bowed[0] = addon("core.rotations").about(np.array([1.0, 0, 0]), 1.2)
    assert bpy.ops.transflower.follow() == {"FINISHED"}
    stage = addon("ui.stage").STAGE
    for k, local in enumerate((still, bowed)):
        frame = addon("core.frame").Frame(skeleton, k, 0.0, np.array([0, skeleton.hips_height_m, 0]), local)
        stage.show(frame, 1e9 + k)
        assert not stage.problems
        bpy.context.view_layer.update()
        np.testing.assert_allclose(hips()[:2], at_rest[:2], atol=1e-3)
        if k == 1:
            np.testing.assert_allclose(hips(), stood, atol=1e-3)
        if k == 0:
            assert place(rig, "LeftFoot")[2] == pytest.approx(ankle[2], abs=0.015)
            stood = hips()
