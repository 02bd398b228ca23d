"""Create dancer: an armature with a simple skinned body, made from a stream's skeleton."""

from typing import Any, Final

import bpy
from mathutils import Vector

from ..core.rotations import Floats
from ..core.skeleton import Skeleton

LEFT, RIGHT, MIDDLE = (0.93, 0.33, 0.24, 1.0), (0.2, 0.42, 0.85, 1.0), (0.82, 0.8, 0.76, 1.0)
_SIDES_OF_TUBE: Final = 12
_RADII_PER_LEG: Final = (
    *(("Hips", 0.15), ("Spine", 0.14), ("Chest", 0.16), ("Neck", 0.06), ("Head", 0.12), ("Shoulder", 0.07)),
    *(("UpperArm", 0.055), ("LowerArm", 0.048), ("Hand", 0.045), ("UpperLeg", 0.095), ("LowerLeg", 0.07)),
    *(("Foot", 0.06), ("Toes", 0.045)),
)


def create_dancer(context: bpy.types.Context, skeleton: Skeleton) -> bpy.types.Object:
    """Adds the armature and its body to the scene; the armature becomes the active object.

    Bones bear the names of the skeleton's and are posed by quaternions. The origin is on the floor under the hips.
    """
    if context.object is not None and context.object.mode != "OBJECT":
        bpy.ops.object.mode_set(mode="OBJECT")
    heads = [_to_blender(place) for place in skeleton.rest_positions]
    tails = [_tail(skeleton, heads, index) for index in range(len(heads))]
    data = bpy.data.armatures.new("Dancer")
    armature = bpy.data.objects.new("Dancer", data)
    collection: Any = context.collection
    collection.objects.link(armature)
    for other in context.selected_objects:
        other.select_set(False)
    layer: Any = context.view_layer
    layer.objects.active = armature
    armature.select_set(True)
    bpy.ops.object.mode_set(mode="EDIT")
    for index, name in enumerate(skeleton.names):
        bone = data.edit_bones.new(name)
        bone.head, bone.tail = heads[index], tails[index]
        if skeleton.parents[index] >= 0:
            bone.parent = data.edit_bones[skeleton.names[skeleton.parents[index]]]
    bpy.ops.object.mode_set(mode="OBJECT")
    pose: Any = armature.pose
    for posed in pose.bones:
        posed.rotation_mode = "QUATERNION"
    data.display_type = "STICK"
    armature.show_in_front = False
    _add_body(context, armature, skeleton, heads, tails)
    return armature


def _to_blender(place: Floats) -> Vector:
    x, y, z = place.tolist()
    return Vector((x, -z, y))


def _tail(skeleton: Skeleton, heads: list[Vector], index: int) -> Vector:
    """Where a bone ends: at the child that goes on, or as far as such a bone usually reaches."""
    name, head, leg = skeleton.names[index], heads[index], skeleton.leg_m
    children = [child for child, parent in enumerate(skeleton.parents) if parent == index]
    following = {"Hips": ("Spine",), "Head": (), "Foot": ("Toes",), "Hand": ("Middle", "Index")}
    plain = name.replace("Left", "").replace("Right", "")
    wanted = following.get(plain)
    for child in children:
        child_name = skeleton.names[child].replace("Left", "").replace("Right", "")
        is_next = child_name.startswith(wanted) if wanted else wanted is None and not child_name.startswith("Shoulder")
        if is_next and (heads[child] - head).length > 1e-3:
            return heads[child]
    if plain == "Foot":
        return head + Vector((0.0, -0.16 * leg, -0.8 * skeleton.ankle_m))
    if plain in ("Toes", "Eye", "Jaw"):
        return head + Vector((0.0, -0.07 * leg, 0.0))
    if plain in ("Head", "Hips", "Spine", "Chest", "UpperChest", "Neck"):
        return head + Vector((0.0, 0.0, 0.23 * leg if plain == "Head" else 0.12 * leg))
    side = -1.0 if name.startswith("Right") else 1.0
    return head + Vector((side * (0.2 * leg if plain == "Hand" else 0.03 * leg), 0.0, 0.0))


def _add_body(
    context: bpy.types.Context,
    armature: bpy.types.Object,
    skeleton: Skeleton,
    heads: list[Vector],
    tails: list[Vector],
) -> None:
    """One mesh of a rounded tube for each bone, each moved by its bone alone."""
    vertices: list[Vector] = []
    faces: list[tuple[int, ...]] = []
    groups: list[tuple[str, range]] = []
    colours: list[int] = []
    for name, head, tail in zip(skeleton.names, heads, tails, strict=True):
        radius = _radius(name) * skeleton.leg_m
        if name.endswith(("Proximal", "Intermediate", "Distal")):
            radius = 0.012 * skeleton.leg_m
        first = len(vertices)
        _tube(vertices, faces, head, tail, radius)
        colours += [1 if name.startswith("Left") else 2 if name.startswith("Right") else 0] * (
            len(faces) - len(colours)
        )
        groups.append((name, range(first, len(vertices))))
    mesh = bpy.data.meshes.new("Dancer body")
    mesh.from_pydata([vertex.to_tuple() for vertex in vertices], [], faces)
    for name, colour in (("Dancer", MIDDLE), ("Dancer left", LEFT), ("Dancer right", RIGHT)):
        material: Any = bpy.data.materials.get(name) or bpy.data.materials.new(name)
        material.diffuse_color = colour
        mesh.materials.append(material)
    mesh.polygons.foreach_set("material_index", colours)
    mesh.polygons.foreach_set("use_smooth", [True] * len(faces))
    mesh.update()
    body = bpy.data.objects.new("Dancer body", mesh)
    collection: Any = context.collection
    collection.objects.link(body)
    for name, rows in groups:
        body.vertex_groups.new(name=name).add(list(rows), 1.0, "REPLACE")
    body.parent = armature
    modifier: Any = body.modifiers.new("Armature", "ARMATURE")
    modifier.object = armature


def _radius(name: str) -> float:
    return next((radius for bone, radius in _RADII_PER_LEG if name.endswith(bone)), 0.03)


def _tube(vertices: list[Vector], faces: list[tuple[int, ...]], head: Vector, tail: Vector, radius: float) -> None:
    """A tube with round ends, along a bone."""
    from math import cos, pi, sin, sqrt

    along = tail - head
    length = max(along.length, 1e-4)
    turn = along.to_track_quat("Z", "Y")
    rings = [(-0.6, 0.35), (-0.35, 0.75), (0.0, 1.0)]
    rings = [(z * radius, r) for z, r in rings] + [(length - z * radius, r) for z, r in reversed(rings)]
    first = len(vertices)
    for z, shape in rings:
        for k in range(_SIDES_OF_TUBE):
            angle = 2 * pi * k / _SIDES_OF_TUBE
            vertices.append(
                head + turn @ Vector((cos(angle) * radius * shape, sin(angle) * radius * sqrt(shape) * shape, z))
            )
    for ring in range(len(rings) - 1):
        for k in range(_SIDES_OF_TUBE):
            a, b = first + ring * _SIDES_OF_TUBE + k, first + ring * _SIDES_OF_TUBE + (k + 1) % _SIDES_OF_TUBE
            faces.append((a, b, b + _SIDES_OF_TUBE, a + _SIDES_OF_TUBE))
    last = first + (len(rings) - 1) * _SIDES_OF_TUBE
    faces.append(tuple(first + k for k in reversed(range(_SIDES_OF_TUBE))))
    faces.append(tuple(last + k for k in range(_SIDES_OF_TUBE)))
