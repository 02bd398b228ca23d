"""The picture of rigs in the README: one dance, baked on five rigs as they come, rendered by Workbench.

    python contact_sheet.py DANCE.npz OUTPUT.png

in Blender's Python, with EXTENSION_ZIP, BLENDER_USER_RESOURCES and AVATARS as `conftest.py` says. The dance is one of
`transflower generate`; each row is a moment of it, each column a rig, the dancer's own figure first.
"""

import importlib
import math
import os
import sys
from pathlib import Path

import bpy
import numpy as np
import rigs
from mathutils import Vector

PACKAGE = "bl_ext.user_default.transflower_bridge"
MOMENTS_S = (3.0, 5.4, 7.8)
APART_M, ROW_M = 1.9, 2.75


def addon(name: str):
    return importlib.import_module(f"{PACKAGE}.{name}")


def add_sticks(armature: bpy.types.Object, mapping: dict[str, str]) -> None:
    """A body for a rig that has none: a stick for each mapped bone, moved by it."""
    figure = addon("scene.figure")
    vertices, faces, groups = [], [], []
    hip, ankle = (armature.data.bones[mapping[bone]].head_local for bone in ("LeftUpperLeg", "LeftFoot"))
    leg = (hip - ankle).length
    for humanoid, name in mapping.items():
        bone = armature.data.bones[name]
        first = len(vertices)
        is_finger = humanoid.endswith(("Proximal", "Intermediate", "Distal"))
        radius = (0.012 if is_finger else 0.75 * figure._radius(humanoid)) * leg
        figure._tube(vertices, faces, bone.head_local, bone.tail_local, radius)
        groups.append((name, range(first, len(vertices))))
    mesh = bpy.data.meshes.new("Sticks")
    mesh.from_pydata([vertex.to_tuple() for vertex in vertices], [], faces)
    material = bpy.data.materials.new("Sticks")
    material.diffuse_color = (0.35, 0.6, 0.45, 1.0)
    mesh.materials.append(material)
    mesh.polygons.foreach_set("use_smooth", [True] * len(faces))
    body = bpy.data.objects.new("Sticks", mesh)
    bpy.context.collection.objects.link(body)
    body.parent = armature
    for name, rows in groups:
        body.vertex_groups.new(name=name).add(list(rows), 1.0, "REPLACE")
    body.modifiers.new("Armature", "ARMATURE").object = armature


def add_label(text: str, x: float, z: float, size: float = 0.17) -> None:
    curve = bpy.data.curves.new(text, "FONT")
    curve.body, curve.size, curve.align_x = text, size, "CENTER"
    label = bpy.data.objects.new(text, curve)
    label.location, label.rotation_euler = (x, -1.2, z), (math.pi / 2, 0, 0)
    bpy.context.collection.objects.link(label)
    material = bpy.data.materials.get("Label") or bpy.data.materials.new("Label")
    material.diffuse_color = (0.05, 0.05, 0.05, 1.0)
    curve.materials.append(material)


def main() -> None:
    bpy.ops.extensions.package_install_files(
        filepath=os.environ["EXTENSION_ZIP"], repo="user_default", enable_on_install=True
    )
    bpy.ops.wm.read_homefile(use_empty=True)
    rng = np.random.default_rng(4)
    (take,) = addon("core.motion_file").read_motion(Path(sys.argv[1]))
    avatars = Path(os.environ["AVATARS"])
    makers = [
        ("Create Dancer", lambda: addon("scene.figure").create_dancer(bpy.context, take.skeleton)),
        ("Mixamo, Y up, cm", lambda: rigs.mixamo(addon, rng)),
        ("Rigify metarig", lambda: rigs.rigify_metarig(addon, rng)),
        ("VRM, A-pose, Euler", lambda: rigs.vrm_a_pose(addon, rng)),
        ("Unreal names, man", lambda: rigs.gltf(avatars / "human-male.glb")),
        ("Unreal names, woman", lambda: rigs.gltf(avatars / "human-female.glb")),
    ]
    module, scene = addon("scene.bake"), bpy.context.scene
    dancers = []
    for column, (label, make) in enumerate(makers):
        armature = make()
        kind, mapping = addon("scene.armature").guess_mapping(armature)
        if not any(thing.find_armature() == armature for thing in bpy.data.objects if thing.type == "MESH"):
            add_sticks(armature, mapping)
        module.bake(scene, armature, mapping, take, module.BakeOptions(timing="TAKE", start_frame=1, into="ACTION"))
        dancers.append(armature)
        x = (column - (len(makers) - 1) / 2) * APART_M
        armature.location = Vector((x, 0.0, 0.0))
        add_label(label, x, -0.32)
        print(label, kind, len(mapping))
    for name in ("Icosphere",):  # the importer's own shape for bones
        if name in bpy.data.objects:
            bpy.data.objects[name].hide_render = True
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    camera.data.type, camera.data.ortho_scale = "ORTHO", APART_M * len(makers) + 0.3
    camera.location, camera.rotation_euler = (0.0, -20.0, 0.9), (math.pi / 2, 0.0, 0.0)
    scene.collection.objects.link(camera)
    scene.camera = camera
    scene.render.engine = "BLENDER_WORKBENCH"
    scene.display.shading.light, scene.display.shading.color_type = "STUDIO", "MATERIAL"
    scene.display.shading.show_shadows = scene.display.shading.show_cavity = True
    scene.display.shading.background_type = "VIEWPORT"
    scene.display.shading.background_color = (0.9, 0.9, 0.9)
    scene.render.resolution_x = 1320
    scene.render.resolution_y = round(1320 * ROW_M / camera.data.ortho_scale)
    scene.render.image_settings.file_format = "PNG"
    rows = []
    for number, moment_s in enumerate(MOMENTS_S):
        scene.frame_set(1 + round(moment_s * take.rate_hz))
        for armature in dancers:  # so that all stay in their columns
            hips = armature.pose.bones[addon("scene.armature").guess_mapping(armature)[1]["Hips"]]
            bpy.context.view_layer.update()
            place = armature.matrix_world @ hips.head
            armature.location.x += (dancers.index(armature) - (len(dancers) - 1) / 2) * APART_M - place.x
        path = Path(sys.argv[2]).with_suffix(f".{number}.png")
        scene.render.filepath = str(path)
        bpy.ops.render.render(write_still=True)
        rows.append(path)
    join(rows, Path(sys.argv[2]))


def join(rows: list[Path], output: Path) -> None:
    """One picture of all rows, the first on top."""
    images = [bpy.data.images.load(str(path)) for path in rows]
    width, height = images[0].size
    pixels = np.empty((len(images), height, width, 4), np.float32)
    for row, image in zip(pixels, reversed(images), strict=True):
        image.pixels.foreach_get(row.reshape(-1))
    alpha = pixels[..., 3:].copy()  # Workbench leaves the background open
    pixels[..., :3] += (1.0 - alpha) * 0.93
    pixels[..., 3] = 1.0
    sheet = bpy.data.images.new("Sheet", width, height * len(images))
    sheet.pixels.foreach_set(np.ascontiguousarray(pixels).ravel())
    sheet.filepath_raw, sheet.file_format = str(output), "PNG"
    sheet.save()
    for path in rows:
        path.unlink()


main()
sys.stdout.flush()
os._exit(0)
