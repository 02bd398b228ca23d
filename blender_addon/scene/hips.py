"""Hips that are connected to a bone above: Blender ignores their location, so they cannot travel until they are not."""

import bpy

from .armature import Mapping, held_hips


def free_hips(context: bpy.types.Context, armature: bpy.types.Object, mapping: Mapping) -> str:
    """Disconnects the hips if they are connected, and nothing else; what was done, for people. Rest poses stay.

    Raises:
        ValueError: They are in another file, or this one does not let them be edited now.
    """
    bone = held_hips(armature, mapping)
    if bone is None or armature.mode == "EDIT":
        return ""
    name, parent = bone.name, bone.parent.name
    why = f"{name} is connected to its parent, so it cannot travel: disconnect it in edit mode"
    data = armature.data
    if data.library is not None or data.override_library is not None:
        library = data.library or data.override_library.reference.library
        raise ValueError(f"{why} in {bpy.path.basename(library.filepath)}, where the armature is")
    objects = context.view_layer.objects
    active, mode, is_hidden = objects.active, armature.mode, armature.hide_get()
    try:
        if is_hidden:  # what is hidden has no modes
            armature.hide_set(False)
        objects.active = armature
        bpy.ops.object.mode_set(mode="EDIT")
        data.edit_bones[name].use_connect = False
        bpy.ops.object.mode_set(mode=mode)
    except RuntimeError as error:
        raise ValueError(f"{why} ({str(error).strip()})") from None
    finally:
        objects.active = active
        if is_hidden:
            armature.hide_set(True)
    if held_hips(armature, mapping) is not None:
        raise ValueError(why)
    return f"{name} was disconnected from {parent}, so that it can travel"
