"""Operators of rigs: create a dancer, let an armature follow, map its bones, keep mappings as presets."""

from typing import Final

import bpy
from bpy.props import EnumProperty

from ..core.retarget import Retarget
from ..core.skeleton import humanoid_skeleton
from ..scene import presets
from ..scene.armature import Mapping, guess_mapping, held_hips, read_rest
from ..scene.figure import create_dancer
from ..scene.hips import free_hips
from ..scene.rigify import switch_to_fk
from .preferences import ROOT
from .properties import ensure_mapping
from .stage import STAGE

_LEAST_BONES: Final = 6


def active_armature(context: bpy.types.Context) -> bpy.types.Object | None:
    """The armature that is meant: the active object, or the one that deforms it."""
    thing = context.object
    if thing is None or thing.type == "ARMATURE":
        return thing
    return thing.find_armature()


def why_unchangeable(armature: bpy.types.Object | None) -> str:
    """What forbids to change an armature, and the way out; empty if nothing does."""
    if armature is None:
        return "Select an armature first"
    if armature.library is not None:
        return f"{armature.name} is linked from another file: make it yours by Object > Library Override > Make"
    override = armature.override_library
    if override is not None and override.is_system_override:  # Blender made it with another, and locks it for people
        return f"{armature.name} is an override that Blender locks: make it yours by Object > Library Override > Make"
    return ""


def prepare_rig(context: bpy.types.Context, armature: bpy.types.Object) -> tuple[Mapping, str]:
    """Gets an armature ready to dance: its mapping, and what was changed on it, for people.

    Raises:
        ValueError: It cannot dance.
    """
    mapping = ensure_mapping(armature)
    _check_number(armature, mapping)
    changed = [free_hips(context, armature, mapping)]
    check_rig(armature, mapping)
    changed.append(switch_to_fk(armature))
    return mapping, "; ".join(one for one in changed if one)


def check_rig(armature: bpy.types.Object, mapping: Mapping) -> None:
    """Says why an armature cannot dance, if it cannot.

    Raises:
        ValueError: Too few bones are known, or they do not make a person.
    """
    _check_number(armature, mapping)
    Retarget(humanoid_skeleton(list(mapping)), read_rest(armature, mapping))


def _check_number(armature: bpy.types.Object, mapping: Mapping) -> None:
    if len(mapping) < _LEAST_BONES:
        raise ValueError(
            f"The names of only {len(mapping)} bones of {armature.name} are known: choose the others under Bones"
        )


class _OfArmature:
    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether an armature is active."""
        if active_armature(context) is None:
            cls.poll_message_set("Select an armature first")
            return False
        return True


class _ChangesArmature:
    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether an armature is active that can be changed."""
        why = why_unchangeable(active_armature(context))
        if why:
            cls.poll_message_set(why)
        return not why


class CreateDancer(bpy.types.Operator):
    """Make an armature with a simple body from the skeleton of the stream, or of the chosen take, and let it follow"""

    bl_idname = "transflower.create_dancer"
    bl_label = "Create Dancer"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether any skeleton is known."""
        if STAGE.session.frame is None and not STAGE.session.takes:
            cls.poll_message_set("Nothing has come in yet: connect to a stream, or import a take")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Makes it."""
        frame = STAGE.session.frame
        if frame is not None:
            skeleton = frame.skeleton
        else:
            takes = STAGE.session.takes
            skeleton = takes[min(context.window_manager.transflower.active_take, len(takes) - 1)].skeleton
        armature = create_dancer(context, skeleton)
        settings = armature.transflower
        settings.set_mapping("Dancer", {name: name for name in skeleton.names})
        settings.follows = True
        return {"FINISHED"}


class Follow(_ChangesArmature, bpy.types.Operator):
    """Show the stream on this armature. Its bones are recognised by their names; it keeps its rotation modes"""

    bl_idname = "transflower.follow"
    bl_label = "Follow the Stream"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Turns following on or off."""
        armature = active_armature(context)
        settings = armature.transflower
        if settings.follows:
            settings.follows = False
            return {"FINISHED"}
        try:
            mapping, changed = prepare_rig(context, armature)
        except ValueError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        settings.follows = True
        if changed:
            self.report({"WARNING"}, changed)
        self.report({"INFO"}, f"{settings.kind}: {len(mapping)} bones")
        return {"FINISHED"}


class RestPose(_ChangesArmature, bpy.types.Operator):
    """Put all bones of this armature back to rest"""

    bl_idname = "transflower.rest"
    bl_label = "Rest"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Clears rotations and locations of the mapped bones."""
        armature = active_armature(context)
        for name in armature.transflower.mapping().values():
            bone = armature.pose.bones.get(name)
            if bone is not None:
                bone.matrix_basis.identity()
                bone.location = (0.0, 0.0, 0.0)
                bone.rotation_quaternion = (1.0, 0.0, 0.0, 0.0)
                bone.rotation_euler = (0.0, 0.0, 0.0)
                bone.rotation_axis_angle = (0.0, 0.0, 1.0, 0.0)
        return {"FINISHED"}


class MapBones(_ChangesArmature, bpy.types.Operator):
    """Recognise the bones of this armature by their names: VRM, Unity, Rigify, Mixamo, Unreal, CMU, SMPL and others"""

    bl_idname = "transflower.map_bones"
    bl_label = "Recognise Bones"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Guesses the mapping."""
        armature = active_armature(context)
        try:
            kind, mapping = guess_mapping(armature)
        except ValueError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        armature.transflower.set_mapping(kind, mapping)
        held = held_hips(armature, mapping)
        try:
            if held is None:
                check_rig(armature, mapping)
            else:
                self.report({"INFO"}, f"Follow and Bake will disconnect {held.name} from its parent, so it can travel")
        except ValueError as error:
            self.report({"WARNING"}, str(error))
            return {"FINISHED"}
        self.report({"INFO"}, f"{kind}: {len(mapping)} bones")
        return {"FINISHED"}


class SavePreset(_OfArmature, bpy.types.Operator):
    """Keep the mapping of this armature under a name, for other files and rigs of the same kind"""

    bl_idname = "transflower.save_preset"
    bl_label = "Save Preset"

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Writes the file."""
        mapping = active_armature(context).transflower.mapping()
        try:
            path = presets.save(presets.folder(ROOT), context.scene.transflower.preset, mapping)
        except (ValueError, OSError) as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        self.report({"INFO"}, f"Saved {path}")
        return {"FINISHED"}


_PRESET_ITEMS: Final[list[tuple[str, str, str]]] = []


def _preset_items(self: object, context: bpy.types.Context) -> list[tuple[str, str, str]]:
    _PRESET_ITEMS[:] = [(name, name, "") for name in presets.names(presets.folder(ROOT))]  # Blender needs them kept
    return _PRESET_ITEMS


class LoadPreset(_ChangesArmature, bpy.types.Operator):
    """Map this armature as a preset says"""

    bl_idname = "transflower.load_preset"
    bl_label = "Load Preset"
    bl_options = {"REGISTER", "UNDO"}

    preset: EnumProperty(name="Preset", items=_preset_items)

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Replaces the mapping; bones that the rig lacks are left out."""
        armature = active_armature(context)
        try:
            mapping = presets.load(presets.folder(ROOT), self.preset)
        except ValueError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        found = {bone: name for bone, name in mapping.items() if name in armature.data.bones}
        armature.transflower.set_mapping(self.preset, found)
        self.report({"INFO"}, f"{self.preset}: {len(found)} of {len(mapping)} bones")
        return {"FINISHED"}


_CLASSES: Final = (CreateDancer, Follow, RestPose, MapBones, SavePreset, LoadPreset)


def register() -> None:
    """Adds the operators."""
    for cls in _CLASSES:
        bpy.utils.register_class(cls)


def unregister() -> None:
    """Takes them away."""
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
