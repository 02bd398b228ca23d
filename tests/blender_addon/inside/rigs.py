"""Rigs as they come: made here, or imported, each with its own names, rest pose, rolls, units and axes."""

import math
from pathlib import Path

import addon_utils
import bpy
import numpy as np
from mathutils import Matrix, Vector

_TRUNK = {
    **{"Hips": (None, (0, 0.01, 0.98)), "Spine": ("Hips", (0, 0.02, 1.09)), "Chest": ("Spine", (0, 0.03, 1.21))},
    **{"UpperChest": ("Chest", (0, 0.025, 1.34)), "Neck": ("UpperChest", (0, 0.01, 1.5))},
    "Head": ("Neck", (0, -0.01, 1.59)),
}
_LEFT = {
    **{"Shoulder": ("UpperChest", (0.03, 0.0, 1.45)), "UpperArm": ("Shoulder", (0.17, 0.01, 1.44))},
    **{"LowerArm": ("UpperArm", (0.45, 0.02, 1.44)), "Hand": ("LowerArm", (0.71, 0.0, 1.44))},
    **{"UpperLeg": ("Hips", (0.1, 0.0, 0.93)), "LowerLeg": ("UpperLeg", (0.11, -0.01, 0.52))},
    **{"Foot": ("LowerLeg", (0.11, 0.03, 0.09)), "Toes": ("Foot", (0.13, -0.11, 0.02))},
}


def joints(arms_down_deg: float = 0.0, legs_apart_deg: float = 0.0) -> dict[str, tuple[str | None, Vector]]:
    """A person's joints in Blender's axes, arms lowered from a T."""
    placed = {name: (parent, Vector(head)) for name, (parent, head) in _TRUNK.items()}
    for side, sign in (("Left", 1.0), ("Right", -1.0)):
        for name, (parent, head) in _LEFT.items():
            pivot, degrees = (_LEFT["UpperArm"][1], arms_down_deg) if name in ("LowerArm", "Hand") else (None, 0.0)
            if name in ("LowerLeg", "Foot", "Toes"):
                pivot, degrees = _LEFT["UpperLeg"][1], -legs_apart_deg
            place = Vector(head)
            if pivot is not None:
                turn = Matrix.Rotation(math.radians(degrees), 3, "Y")
                place = Vector(pivot) + turn @ (place - Vector(pivot))
            place.x *= sign
            above = parent if parent in _TRUNK else side + str(parent)
            placed[side + name] = (above, place)
    return placed


def make_rig(
    name: str,
    names: dict[str, str],
    *,
    rng: np.random.Generator,
    arms_down_deg: float = 0.0,
    legs_apart_deg: float = 0.0,
    to_armature: Matrix | None = None,
    mode: str = "QUATERNION",
) -> bpy.types.Object:
    """An armature whose bones point along the limbs, rolled at random.

    Args:
        name: Of the armature.
        names: Humanoid bone to the rig's; others are left out.
        rng: Rolls the bones.
        arms_down_deg: From a T.
        legs_apart_deg: From a T.
        to_armature: From Blender's world to the armature's space; the object is turned and scaled back.
        mode: Rotation mode of all bones.
    """
    to_armature = Matrix.Identity(4) if to_armature is None else to_armature
    placed = {bone: value for bone, value in joints(arms_down_deg, legs_apart_deg).items() if bone in names}
    data = bpy.data.armatures.new(name)
    armature = bpy.data.objects.new(name, data)
    bpy.context.collection.objects.link(armature)
    armature.matrix_world = to_armature.inverted()
    bpy.context.view_layer.objects.active = armature
    bpy.ops.object.mode_set(mode="EDIT")
    for bone, (parent, head) in placed.items():
        while parent is not None and parent not in placed:
            parent = joints()[parent][0]
        children = [place for _, (above, place) in placed.items() if above == bone]
        tail = children[0] if children else head + Vector((0.1 * np.sign(head.x), -0.05, 0.02))
        edit = data.edit_bones.new(names[bone])
        edit.head, edit.tail = to_armature @ head, to_armature @ tail
        edit.roll = float(rng.uniform(-math.pi, math.pi))
        if parent is not None:
            edit.parent = data.edit_bones[names[parent]]
    bpy.ops.object.mode_set(mode="OBJECT")
    for bone in armature.pose.bones:
        bone.rotation_mode = mode
    return armature


def mixamo(addon, rng: np.random.Generator) -> bpy.types.Object:
    """As an FBX of Mixamo comes in: centimetres, Y up, prefixed names."""
    names = {bone: f"mixamorig:{joint}" for joint, bone in addon("core.rig_names").TABLES["Mixamo"].items()}
    to_armature = Matrix.Scale(100.0, 4) @ Matrix.Rotation(math.radians(-90), 4, "X")
    return make_rig("Mixamo", names, rng=rng, to_armature=to_armature)


def vrm_a_pose(addon, rng: np.random.Generator) -> bpy.types.Object:
    """Names of VRM 1, arms 45 degrees down, feet apart, Euler angles, no upper chest."""
    names = {bone: bone[0].lower() + bone[1:] for bone in joints() if bone not in ("UpperChest", "LeftToes")}
    return make_rig("VRM A-pose", names, rng=rng, arms_down_deg=45, legs_apart_deg=6, mode="XYZ")


def rigify_metarig(addon, rng: np.random.Generator) -> bpy.types.Object:
    """The human metarig of Blender's own Rigify."""
    addon_utils.enable("rigify", default_set=True)
    bpy.ops.object.armature_human_metarig_add()
    return bpy.context.object


def by_fbx(rig: bpy.types.Object, folder: Path, importer: str) -> bpy.types.Object:
    """A rig as it comes back from an FBX file, by one of Blender's own: `import_scene.fbx` or `wm.fbx_import`."""
    addon_utils.enable("io_scene_fbx")
    bpy.ops.object.select_all(action="DESELECT")
    rig.select_set(True)
    path = folder / "rig.fbx"
    bpy.ops.export_scene.fbx(
        filepath=str(path), use_selection=True, object_types={"ARMATURE"}, add_leaf_bones=False, bake_anim=False
    )
    bpy.data.objects.remove(rig)
    return imported(importer, path)


def by_gltf(rig: bpy.types.Object, folder: Path) -> bpy.types.Object:
    """A rig as it comes back from a glTF file, by Blender's own importer."""
    addon_utils.enable("io_scene_gltf2")
    bpy.ops.object.select_all(action="DESELECT")
    rig.select_set(True)
    path = folder / "rig.glb"
    bpy.ops.export_scene.gltf(filepath=str(path), use_selection=True, export_animations=False)
    bpy.data.objects.remove(rig)
    return gltf(path)


def imported(importer: str, path: Path) -> bpy.types.Object:
    """The armature that an importer makes of a file."""
    before = set(bpy.data.objects)
    module, name = importer.split(".")
    getattr(getattr(bpy.ops, module), name)(filepath=str(path))
    new = [thing for thing in bpy.data.objects if thing not in before]
    return next(thing for thing in new if thing.type == "ARMATURE")


def gltf(path: Path) -> bpy.types.Object:
    """A glTF person."""
    addon_utils.enable("io_scene_gltf2")
    before = set(bpy.data.objects)
    bpy.ops.import_scene.gltf(filepath=str(path))
    new = [thing for thing in bpy.data.objects if thing not in before]
    return next(thing for thing in new if thing.type == "ARMATURE")
