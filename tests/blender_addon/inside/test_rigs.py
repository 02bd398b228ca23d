"""A dance on rigs as they come: limbs point where the dancer's point, feet meet the floor, modes and rest stay."""

from pathlib import Path

import bpy
import numpy as np
import pytest
import rigs
from conftest import random_rotations, smooth_take

LIMBS = [
    (side + bone, side + following)
    for side in ("Left", "Right")
    for bone, following in (
        ("UpperArm", "LowerArm"),
        ("LowerArm", "Hand"),
        ("UpperLeg", "LowerLeg"),
        ("LowerLeg", "Foot"),
    )
]
REACHES = [
    (side + bone, side + end)
    for side in ("Left", "Right")
    for bone, end in (("UpperArm", "Hand"), ("UpperLeg", "Foot"))
]
KINDS = ("mixamo", "rigify_metarig", "vrm_a_pose", "human-male.glb", "human-female.glb")
FILES = tuple(
    f"{made} {way}"
    for made in ("mixamo", "vrm_a_pose", "rigify_metarig")
    for way in ("import_scene.fbx", "wm.fbx_import", "gltf")
)
DANCER = "Hips Spine Chest Neck Head " + " ".join(
    f"{side}{bone}" for side in ("Left", "Right")
    for bone in ("Shoulder", "UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot")
)  # fmt: skip


@pytest.fixture(params=KINDS + FILES)
def rig(request, addon, rng, tmp_path) -> bpy.types.Object:
    if " " in request.param:
        made, way = request.param.split()
        if way == "wm.fbx_import" and bpy.app.version < (4, 5, 0):
            pytest.skip("Blender has no such importer yet")
        figure = getattr(rigs, made)(addon, rng)
        return rigs.by_gltf(figure, tmp_path) if way == "gltf" else rigs.by_fbx(figure, tmp_path, way)
    if request.param.endswith(".glb"):
        return rigs.gltf(request.getfixturevalue("avatars") / request.param)
    return getattr(rigs, request.param)(addon, rng)


def poses(addon, skeleton, rng, frames: int = 12):
    """Poses that bend every joint by up to a right angle or so."""
    rotations = addon("core.rotations")
    axes = rng.normal(size=(frames, len(skeleton.names), 3))
    axes /= np.linalg.norm(axes, axis=-1, keepdims=True)
    turned = rotations.about(axes, rng.uniform(0, 0.9, (frames, len(skeleton.names))))
    turned[:, 0] = rotations.multiply(rotations.about(np.array([0.0, 1, 0]), rng.uniform(-3, 3, frames)), turned[:, 0])
    roots = np.array([0.0, skeleton.hips_height_m, 0.0]) + rng.uniform(-0.3, 0.3, (frames, 3))
    return roots, turned


def degrees_between(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.degrees(np.arccos(np.clip(np.dot(a, b) / np.linalg.norm(a) / np.linalg.norm(b), -1, 1))))


def test_limbs_point_where_the_dancers_point(addon, rig, rng, capsys) -> None:
    skeleton = addon("core.skeleton").humanoid_skeleton(DANCER.split())
    armature_module, frame_of = addon("scene.armature"), addon("core.frame").Frame
    kind, mapping = armature_module.guess_mapping(rig)
    assert len(mapping) >= 19, (kind, mapping)
    modes = {bone.name: bone.rotation_mode for bone in rig.pose.bones}
    roots, turned = poses(addon, skeleton, rng)
    worst = {"limbs": 0.0, "reaches": 0.0}
    for root, local in zip(roots, turned, strict=True):
        frame = frame_of(skeleton, 0, 0.0, root, local)
        armature_module.live_rig(rig, mapping, frame).apply(rig, frame)
        bpy.context.view_layer.update()
        shown = rig.evaluated_get(bpy.context.evaluated_depsgraph_get())
        world = np.array(shown.matrix_world)

        def place(bone, shown=shown, world=world):
            return (world @ np.array([*shown.pose.bones[mapping[bone]].head, 1.0]))[:3]

        ours = skeleton.positions(root, skeleton.global_rotations(local))
        ours = ours[:, [0, 2, 1]] * np.array([1, -1, 1])  # as Blender has it
        for part, pairs in (("limbs", LIMBS), ("reaches", REACHES)):
            for bone, end in pairs:
                expected = ours[skeleton.index[end]] - ours[skeleton.index[bone]]
                worst[part] = max(worst[part], degrees_between(place(end) - place(bone), expected))
    with capsys.disabled():
        print(f"\n{bpy.app.version_string} {rig.name} ({kind}, {len(mapping)} bones): {worst}")
    assert worst["limbs"] < 0.05
    assert worst["reaches"] < 8.0, "arms and legs of other proportions, bent alike"
    assert {bone.name: bone.rotation_mode for bone in rig.pose.bones} == modes


def test_a_standing_dancer_stands_on_the_rigs_own_floor(addon, rig, rng) -> None:
    """And travels by the length of its legs."""
    skeleton = addon("core.skeleton").humanoid_skeleton(DANCER.split())
    armature_module, frame_of = addon("scene.armature"), addon("core.frame").Frame
    _, mapping = armature_module.guess_mapping(rig)
    at_rest = {
        bone: np.array(rig.matrix_world @ rig.data.bones[mapping[bone]].head_local) for bone in ("LeftFoot", "Hips")
    }
    still = np.tile(np.array([0.0, 0, 0, 1]), (len(skeleton.names), 1))
    places = []
    for x in (0.0, 1.0):
        root = np.array([x, skeleton.hips_height_m, 0.0])
        frame = frame_of(skeleton, 0, 0.0, root, still)
        rig_now = armature_module.live_rig(rig, mapping, frame)
        rig_now.apply(rig, frame)
        bpy.context.view_layer.update()
        shown = rig.evaluated_get(bpy.context.evaluated_depsgraph_get())
        places.append({bone: np.array(shown.matrix_world @ shown.pose.bones[mapping[bone]].head) for bone in at_rest})
    assert places[0]["LeftFoot"][2] == pytest.approx(at_rest["LeftFoot"][2], abs=0.012)
    np.testing.assert_allclose(places[0]["Hips"][:2], at_rest["Hips"][:2], atol=1e-4)
    size = np.linalg.norm(places[1]["Hips"] - places[0]["Hips"])
    leg = at_rest["Hips"][2] - at_rest["LeftFoot"][2]
    assert size == pytest.approx(leg / skeleton.leg_m, rel=0.03)
    assert places[1]["Hips"][0] > places[0]["Hips"][0], "the dancer's left is the rig's left"


def test_bones_that_the_dancer_lacks_are_left_to_the_artist(addon, rng) -> None:
    skeleton = addon("core.skeleton").humanoid_skeleton(DANCER.split())
    rig = rigs.mixamo(addon, rng)
    bone = rig.pose.bones["mixamorig:LeftToeBase"]
    bone.rotation_quaternion = (0.5, 0.5, 0.5, 0.5)
    armature_module = addon("scene.armature")
    frame = addon("core.frame").Frame(skeleton, 0, 0.0, np.zeros(3), random_rotations(rng, len(skeleton.names)))
    armature_module.live_rig(rig, armature_module.guess_mapping(rig)[1], frame).apply(rig, frame)
    assert list(bone.rotation_quaternion) == [0.5, 0.5, 0.5, 0.5]


def test_a_hips_bone_that_cannot_travel_is_reported(addon, rng) -> None:
    rig = rigs.mixamo(addon, rng)
    bpy.ops.object.mode_set(mode="EDIT")
    hips = rig.data.edit_bones["mixamorig:Hips"]
    root = rig.data.edit_bones.new("Root")
    root.head, root.tail = (0, 0, 0), hips.head
    hips.parent, hips.use_connect = root, True
    bpy.ops.object.mode_set(mode="OBJECT")
    with pytest.raises(ValueError, match="disconnect it in edit mode"):
        addon("scene.armature").read_rest(rig, {"Hips": "mixamorig:Hips"})


@pytest.mark.parametrize("local", [True, False])
def test_the_hips_travel_with_and_without_local_location(addon, rng, local: bool) -> None:
    skeleton = addon("core.skeleton").humanoid_skeleton(DANCER.split())
    rig = rigs.mixamo(addon, rng)
    rig.data.bones["mixamorig:Hips"].use_local_location = local
    armature_module = addon("scene.armature")
    frame = addon("core.frame").Frame(
        skeleton, 0, 0.0, np.array([0.3, 1.1, -0.4]), random_rotations(rng, len(skeleton.names))
    )
    live = armature_module.live_rig(rig, armature_module.guess_mapping(rig)[1], frame)
    live.apply(rig, frame)
    bpy.context.view_layer.update()
    shown = rig.evaluated_get(bpy.context.evaluated_depsgraph_get())
    pose = live.retarget.pose(frame.root[None], frame.rotations[None])
    np.testing.assert_allclose(shown.pose.bones["mixamorig:Hips"].head, pose.hips[0], atol=1e-3)


def test_feet_that_stand_are_pinned(addon, rng) -> None:
    """A figure that sways over feet that slide: after the lock the soles stay where they are."""
    skeleton = addon("core.skeleton").humanoid_skeleton(DANCER.split())
    rig = rigs.vrm_a_pose(addon, rng)
    armature_module, rotations = addon("scene.armature"), addon("core.rotations")
    retarget = addon("core.retarget").Retarget(
        skeleton, armature_module.read_rest(rig, armature_module.guess_mapping(rig)[1])
    )
    times = np.arange(120) / 30
    roots = np.stack(
        [0.05 * np.sin(3 * times), skeleton.hips_height_m - 0.06 + 0 * times, 0.03 * np.cos(2 * times)], axis=1
    )
    local = np.tile(np.array([0.0, 0, 0, 1]), (120, len(skeleton.names), 1))
    for side in ("Left", "Right"):  # knees bent so that the soles are on the floor
        for bone, degrees in (("UpperLeg", -22.5), ("LowerLeg", 45.0), ("Foot", -22.5)):
            local[:, skeleton.index[side + bone]] = rotations.about(np.array([1.0, 0, 0]), np.radians(degrees))
    pose = retarget.pose(roots, local)
    locked, pinned = addon("core.foot_lock").lock_feet(retarget, pose, 30.0)
    assert pinned >= 2
    for side in ("Left", "Right"):
        foot = retarget.index[side + "Foot"]
        slid, stays = (np.ptp(retarget.heads(p)[:, foot], axis=0)[:2].max() for p in (pose, locked))
        assert slid > 0.05
        assert stays < 0.002
        np.testing.assert_allclose(locked.rotations[:, foot], pose.rotations[:, foot], atol=1e-12)


@pytest.mark.parametrize("way", ["import_scene.fbx", "gltf"])
def test_a_rig_from_a_file_is_baked(addon, rng, tmp_path, way: str) -> None:
    made = rigs.mixamo(addon, rng)
    rig = rigs.by_gltf(made, tmp_path) if way == "gltf" else rigs.by_fbx(made, tmp_path, way)
    assert_baked_as_danced(addon, rng, rig, tmp_path)


def assert_baked_as_danced(addon, rng, rig: bpy.types.Object, folder: Path) -> None:
    """Recognised, baked, saved, and its limbs point where the dancer's point in every frame that is looked at."""
    skeleton = addon("core.skeleton").humanoid_skeleton(DANCER.split())
    kind, mapping = addon("scene.armature").guess_mapping(rig)
    assert set(skeleton.names) <= set(mapping), kind
    rig.transflower.set_mapping(kind, mapping)
    take, bake = smooth_take(addon, skeleton, rng, 30), addon("scene.bake")
    options = bake.BakeOptions(timing="TAKE", start_frame=1)
    baked = bake.bake(bpy.context.scene, rig, rig.transflower.mapping(), take, options)
    assert (baked.first_frame, baked.last_frame) == (1, 30)
    name, path = rig.name, str(folder / "baked.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.open_mainfile(filepath=path)
    for frame in (1, 12, 30):
        bpy.context.scene.frame_set(frame)
        shown = bpy.data.objects[name].evaluated_get(bpy.context.evaluated_depsgraph_get())
        root, local = take.roots[frame - 1], take.rotations[frame - 1]
        ours = skeleton.positions(root, skeleton.global_rotations(local))[:, [0, 2, 1]] * np.array([1, -1, 1])
        for bone, end in LIMBS:
            heads = [np.array(shown.matrix_world @ shown.pose.bones[mapping[one]].head) for one in (bone, end)]
            expected = ours[skeleton.index[end]] - ours[skeleton.index[bone]]
            assert degrees_between(heads[1] - heads[0], expected) < 0.05
