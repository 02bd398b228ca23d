"""What is kept in a file: how a rig's bones are mapped, and the settings of the panel."""

from typing import Final

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    FloatProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)

from ..core.humanoid import BONES
from ..core.session import DANCE_PORT
from ..scene.armature import Mapping, guess_mapping
from . import overrides
from .bridge_controls import BridgeControls
from .stage import STAGE


def _mapped_anew(self: bpy.types.PropertyGroup, context: bpy.types.Context) -> None:
    STAGE.forget_rigs()
    overrides.keep(self.id_data)


_OF_RIG: Final = {"LIBRARY_OVERRIDABLE"}  # a rig of another file is changed, and kept, by an override


class BoneChoice(bpy.types.PropertyGroup):
    """One humanoid bone (its name) and the rig's bone that it is."""

    bone: StringProperty(
        name="Bone",
        description="The rig's bone that this bone of the dancer moves; empty for none",
        update=_mapped_anew,
        override=_OF_RIG,
    )


class RigSettings(bpy.types.PropertyGroup):
    """Of an armature."""

    follows: BoolProperty(
        name="Follows the Stream",
        description="The newest pose of the stream is shown on this armature",
        update=_mapped_anew,
        override=_OF_RIG,
    )
    kind: StringProperty(name="Kind of Rig", description="By which names the bones were recognised", override=_OF_RIG)
    bones: CollectionProperty(type=BoneChoice, override={*_OF_RIG, "USE_INSERTION"})
    active_bone: IntProperty(override=_OF_RIG)

    def mapping(self) -> Mapping:
        """Humanoid bone to the rig's."""
        return {choice.name: choice.bone for choice in self.bones if choice.bone}

    def set_mapping(self, kind: str, mapping: Mapping) -> None:
        """Replaces the mapping. No entry is taken away: of an override only those that the other file lacks can be."""
        self.kind = kind
        for bone in BONES:
            if bone not in self.bones:
                self.bones.add().name = bone
        for choice in self.bones:
            choice.bone = mapping.get(choice.name, "")
        overrides.keep(self.id_data)
        STAGE.forget_rigs()


def ensure_mapping(armature: bpy.types.Object) -> Mapping:
    """The armature's mapping; guessed by its bones' names if there is none yet."""
    settings = armature.transflower
    if not settings.mapping():
        settings.set_mapping(*guess_mapping(armature))
    return settings.mapping()


class TakeEntry(bpy.types.PropertyGroup):
    """A take in the list; the take itself is in the session, at the same place."""

    def _rename(self, context: bpy.types.Context) -> None:
        from .takes import rename_take

        rename_take(self)

    label: StringProperty(name="Name", description="Name of the take, its action and its NLA track", update=_rename)
    info: StringProperty()


class DanceSettings(BridgeControls, bpy.types.PropertyGroup):
    """Of a scene."""

    host: StringProperty(
        name="Address",
        description="Where to listen: 127.0.0.1 hears programs on this machine, 0.0.0.0 the whole network",
        default="127.0.0.1",
    )
    port: IntProperty(
        name="Port",
        description="UDP port: 39550 for the bridge's own protocol, 39539 for VMC from any program; 0 takes a free one",
        default=DANCE_PORT,
        min=0,
        max=65535,
    )
    preset: StringProperty(name="Preset", description="Name of the mapping to save", default="My Rig")
    # How takes become keyframes.
    at: EnumProperty(
        name="At",
        description="Where on the timeline a take begins",
        items=(
            (
                "TIME",
                "In Time",
                "Where the timeline was while it was recorded; else where the same take lies already, where the song "
                "begins (the active sound strip or the only one), where the first take lies, or at the playhead",
            ),
            ("PLAYHEAD", "Playhead", "At the current frame"),
            ("FRAME", "Frame", "At a frame that you say"),
        ),
        default="TIME",
    )
    at_frame: IntProperty(name="Frame", description="Where a take begins", default=1)
    timing: EnumProperty(
        name="Rate",
        description="At which frames keyframes lie",
        items=(
            ("SCENE", "Scene's Rate", "Keyframes on the scene's frames; poses between those of the take by slerp"),
            ("TAKE", "Take's Rate", "Sets the scene to the take's rate; every pose of the take on a frame, untouched"),
        ),
        default="SCENE",
    )
    into: EnumProperty(
        name="Into",
        description="Where the keyframes go",
        items=(
            ("NLA", "NLA Strip", "A strip on a track of its own, beside other takes"),
            ("ACTION", "Action", "The armature's active action; the one before is kept in the file"),
        ),
        default="NLA",
    )
    foot_lock: BoolProperty(
        name="Lock Feet", description="Pins feet that stand, by the legs' inverse kinematics, eased in and out"
    )
    decimate_deg: FloatProperty(
        name="Decimate",
        description="Leaves out keyframes as long as no bone is off by more degrees than this; 0 keeps all",
        default=0.0,
        min=0.0,
        max=10.0,
        precision=2,
    )
    look_ahead_s: FloatProperty(
        name="Look-Ahead",
        description="How many seconds of the music to come the dancer hears while a dance is made to a song",
        default=0.0,
        min=0.0,
        max=1.0,
    )


class DanceWindow(bpy.types.PropertyGroup):
    """Of the window manager: what belongs to the session, not to a file."""

    takes: CollectionProperty(type=TakeEntry)
    active_take: IntProperty()


_CLASSES: Final = (BoneChoice, RigSettings, TakeEntry, DanceSettings, DanceWindow)


def register() -> None:
    """Adds the properties."""
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Object.transflower = PointerProperty(type=RigSettings)
    bpy.types.Scene.transflower = PointerProperty(type=DanceSettings)
    bpy.types.WindowManager.transflower = PointerProperty(type=DanceWindow)


def unregister() -> None:
    """Takes them away."""
    del bpy.types.WindowManager.transflower, bpy.types.Scene.transflower, bpy.types.Object.transflower
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
