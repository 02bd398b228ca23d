"""Settings of rigs that are linked from another file and overridden here, kept in a line of text.

Blender (4.2 to 5.0) keeps overrides of plain properties. A group of them is read back only if the other file has the
group too, as one without our settings has not; so they are written beside it as text, and read when a file is opened.
"""

import json

import bpy
from bpy.app.handlers import persistent
from bpy.props import StringProperty

from .stage import STAGE


def keep(armature: bpy.types.Object) -> None:
    """After a setting of an armature was changed."""
    if armature.override_library is None:
        return
    settings = armature.transflower
    kept = {"follows": settings.follows, "kind": settings.kind, "bones": settings.mapping()}
    armature.transflower_kept = json.dumps(kept)


def take_back(armature: bpy.types.Object) -> None:
    """After a file was opened: its settings as they were kept."""
    if armature.override_library is None or not armature.transflower_kept:
        return
    kept = json.loads(armature.transflower_kept)
    armature.transflower.set_mapping(kept["kind"], kept["bones"])
    armature.transflower.follows = kept["follows"]


@persistent
def _after_load(*_: object) -> None:
    for thing in bpy.data.objects:
        if thing.type == "ARMATURE":
            try:
                take_back(thing)
            except (ValueError, KeyError, TypeError, AttributeError) as error:  # text that somebody has edited
                STAGE.message = f"The settings of {thing.name} cannot be read ({error}): recognise its bones again"


def register() -> None:
    """Adds the property and the handler."""
    bpy.types.Object.transflower_kept = StringProperty(
        name="Settings of an Overridden Rig", options={"HIDDEN"}, override={"LIBRARY_OVERRIDABLE"}
    )
    bpy.app.handlers.load_post.append(_after_load)


def unregister() -> None:
    """Takes them away."""
    if _after_load in bpy.app.handlers.load_post:
        bpy.app.handlers.load_post.remove(_after_load)
    del bpy.types.Object.transflower_kept
