"""The sidebar: what is happening, and what can be done about it."""

import time
from typing import Final

import bpy

from .bridge_controls import NUDGE_BEATS, PANELS, attribute_of, offered, triggers
from .rig import active_armature
from .stage import STAGE
from .takes import chosen_take

_HAS_PROGRESS: Final = hasattr(bpy.types.UILayout, "progress")


class _Panel:
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Dance"


class DANCE_PT_stream(_Panel, bpy.types.Panel):
    """Connection and its state."""

    bl_label = "Stream"

    def draw(self, context: bpy.types.Context) -> None:
        """Draws it."""
        layout, session, settings = self.layout, STAGE.session, context.scene.transflower
        if not session.is_connected:
            column = layout.column(align=True)
            column.prop(settings, "host")
            column.prop(settings, "port")
            layout.operator("transflower.connect", icon="LINKED")
            if session.error:
                _lines(layout, session.error, icon="ERROR")
            return
        layout.operator("transflower.disconnect", icon="UNLINKED")
        host, port = session.address
        now_s = time.monotonic()
        why = session.why(now_s)
        column = layout.column(align=True)
        if not session.is_streaming(now_s):
            column.label(text=f"Listening at {host}:{port}", icon="SORTTIME")
            if not why:
                column.label(text="Start: transflower perform" if session.sender is None else "Silent")
        else:
            sender = session.sender
            column.label(text=f"{session.protocol} from {sender[0]}", icon="CHECKMARK")
            self._draw_stream(column)
        if why:
            _lines(layout, why, icon="INFO")
            column = layout.column(align=True)
        if host not in ("127.0.0.1", "localhost"):
            column.label(text="Open to the network", icon="WORLD")
        if session.num_bad:
            column.label(text=f"{session.num_bad} datagrams made no sense")
        if session.num_foreign:
            column.label(text="Another sender is ignored", icon="ERROR")

    def _draw_stream(self, column: bpy.types.UILayout) -> None:
        session, latest = STAGE.session, STAGE.session.latest
        clock = session.clock
        lost = f"{session.num_lost} lost" if session.num_lost else "none lost"
        column.label(text=f"{clock.rate_hz:.1f} poses/s, {lost}")
        if "latency" in latest:
            column.label(text=f"Sound to pose {latest['latency']['total_ms']:.0f} ms")
        network = "" if clock.round_trip_s is None else f"Network {500 * clock.round_trip_s:.1f} ms, "
        column.label(text=f"{network}jitter {1e3 * clock.jitter_s:.1f} ms".capitalize())
        if "status" in latest:
            word = "".join(letter for letter in latest["status"]["state"][:20] if letter.isprintable())
            column.label(text=f"Bridge: {word}")
            if latest["status"]["dropped"]:
                column.label(text=f"Deadlines missed: {latest['status']['dropped']}")
        if "beat" in latest:
            beat = latest["beat"]
            dots = "".join("●" if k == beat["beat"] % 4 else "○" for k in range(4))
            column.label(text=f"{beat['bpm']:.1f} bpm {dots} sure {100 * beat['confidence']:.0f} %")


class DANCE_PT_rig(_Panel, bpy.types.Panel):
    """Who dances."""

    bl_label = "Dancer"

    def draw(self, context: bpy.types.Context) -> None:
        """Draws it."""
        layout = self.layout
        layout.operator("transflower.create_dancer", icon="OUTLINER_OB_ARMATURE")
        armature = active_armature(context)
        if armature is None:
            layout.label(text="Or select an armature")
            return
        settings = armature.transflower
        row = layout.row(align=True)
        icon = "PAUSE" if settings.follows else "PLAY"
        text = f"{armature.name} Follows" if settings.follows else f"Let {armature.name} Follow"
        row.operator("transflower.follow", text=text, icon=icon, depress=settings.follows)
        row.operator("transflower.rest", text="", icon="ARMATURE_DATA")
        problem = STAGE.problems.get(armature.name)
        if problem:
            _lines(layout, problem, icon="ERROR")


class DANCE_UL_bones(bpy.types.UIList):
    """Humanoid bones and the rig's."""

    def draw_item(self, context, layout, data, item, icon, active_data, active_property, index=0, flt_flag=0) -> None:
        """Draws one bone; the rig is the active object's."""
        armature = active_armature(context)
        row = layout.split(factor=0.45)
        row.label(text=item.name)
        if armature is not None:
            missing = bool(item.bone) and item.bone not in armature.data.bones
            row.alert = missing
            row.prop_search(item, "bone", armature.data, "bones", text="", icon="BONE_DATA")


class DANCE_PT_bones(_Panel, bpy.types.Panel):
    """The mapping of the rig's bones."""

    bl_label = "Bones"
    bl_parent_id = "DANCE_PT_rig"
    bl_options = {"DEFAULT_CLOSED"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether an armature is active."""
        return active_armature(context) is not None

    def draw(self, context: bpy.types.Context) -> None:
        """Draws it."""
        layout = self.layout
        settings = active_armature(context).transflower
        layout.operator("transflower.map_bones", icon="VIEWZOOM")
        if settings.bones:
            layout.label(text=f"{settings.kind}: {len(settings.mapping())} bones")
            layout.template_list("DANCE_UL_bones", "", settings, "bones", settings, "active_bone", rows=8)
        row = layout.row(align=True)
        row.prop(context.scene.transflower, "preset", text="")
        row.operator("transflower.save_preset", text="", icon="ADD")
        layout.operator_menu_enum("transflower.load_preset", "preset", text="Load Preset")


class DANCE_UL_takes(bpy.types.UIList):
    """Takes."""

    def draw_item(self, context, layout, data, item, icon, active_data, active_property, index=0, flt_flag=0) -> None:
        """Draws one take."""
        row = layout.split(factor=0.55)
        row.prop(item, "label", text="", emboss=False, icon="ACTION")
        row.label(text=item.info)


class DANCE_PT_takes(_Panel, bpy.types.Panel):
    """Recording and baking."""

    bl_label = "Takes"

    def draw(self, context: bpy.types.Context) -> None:
        """Draws it."""
        layout, session = self.layout, STAGE.session
        window, settings = context.window_manager.transflower, context.scene.transflower
        row = layout.row(align=True)
        text = f"Stop ({session.num_recorded} poses)" if session.is_recording else "Record"
        row.operator("transflower.record", text=text, icon="REC", depress=session.is_recording)
        row.operator("transflower.import_dance", text="", icon="IMPORT")
        if len(window.takes):
            row = layout.row()
            row.template_list("DANCE_UL_takes", "", window, "takes", window, "active_take", rows=3)
            row.operator("transflower.delete_take", text="", icon="TRASH")
        if chosen_take(context) is None:
            return
        column = layout.column()
        column.use_property_split = True
        column.use_property_decorate = False
        column.prop(settings, "at")
        if settings.at == "FRAME":
            column.prop(settings, "at_frame")
        column.prop(settings, "timing")
        column.prop(settings, "into")
        column.prop(settings, "decimate_deg")
        column.prop(settings, "foot_lock")
        armature = active_armature(context)
        text = "Bake" if armature is None else f"Bake on {armature.name}"
        layout.operator("transflower.bake", text=text, icon="KEYTYPE_KEYFRAME_VEC")
        layout.operator("transflower.add_song", icon="SOUND")


class DANCE_PT_controls(_Panel, bpy.types.Panel):
    """The bridge's controls."""

    bl_label = "Bridge"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        """Draws it."""
        layout, settings = self.layout, context.scene.transflower
        layout.active = STAGE.session.sender is not None
        for panel in PANELS:
            _draw_controls(layout, settings, panel)


def _draw_controls(layout: bpy.types.UILayout, settings: bpy.types.PropertyGroup, panel: str) -> None:
    """What the bridge's own page shows in one of its panels."""
    column = layout.column(align=True)
    for control in offered(panel, "number", "whole", "text"):
        column.prop(settings, attribute_of(control), slider=control.kind == "number" and not control.unit)
    for control in offered(panel, "switch"):
        column.prop(settings, attribute_of(control), toggle=panel in ("top", "takes"))
    row = layout.row(align=True)
    for control in triggers(panel):
        row.operator("transflower.trigger", text=control.title).name = control.name
    if panel == "beat":
        row = layout.row(align=True)
        for text, beats in (("Nudge Back", -NUDGE_BEATS), ("Nudge Forward", NUDGE_BEATS)):
            row.operator("transflower.nudge", text=text).beats = beats


def _draw_song(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    settings, job = context.scene.transflower, STAGE.job
    if job is None:
        column = layout.column()
        column.use_property_split = True
        column.use_property_decorate = False
        column.prop(settings, "look_ahead_s")
        column.prop(settings, "seed")
        layout.operator("transflower.dance_to_sound", icon="OUTLINER_OB_SPEAKER")
    else:
        row = layout.row(align=True)
        text = f"{job.song.name[:24]}: {job.message if job.progress == 0 else f'{100 * job.progress:.0f} %'}"
        if _HAS_PROGRESS:
            row.progress(factor=job.progress, type="BAR", text=text)
        else:
            row.label(text=text, icon="SORTTIME")
        row.operator("transflower.cancel_dance", text="", icon="CANCEL")
    if STAGE.message:
        _lines(layout, STAGE.message, icon="INFO")


class DANCE_PT_song(_Panel, bpy.types.Panel):
    """A dance to a song, offline."""

    bl_label = "Dance to a Song"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        """Draws it."""
        _draw_song(self.layout, context)


class DANCE_PT_song_in_sequencer(bpy.types.Panel):
    """The same beside the strips."""

    bl_label = "Dance to a Song"
    bl_space_type = "SEQUENCE_EDITOR"
    bl_region_type = "UI"
    bl_category = "Dance"

    def draw(self, context: bpy.types.Context) -> None:
        """Draws it."""
        _draw_song(self.layout, context)


def _lines(layout: bpy.types.UILayout, text: str, icon: str, width: int = 38) -> None:
    """Text that is too long for one line of a sidebar."""
    lines = [""]
    for word in text[:400].split():
        if lines[-1] and len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    column = layout.column(align=True)
    for index, line in enumerate(lines):
        column.label(text=line, icon=icon if index == 0 else "BLANK1")


_CLASSES: Final = (
    *(DANCE_UL_bones, DANCE_UL_takes, DANCE_PT_stream, DANCE_PT_rig, DANCE_PT_bones, DANCE_PT_takes),
    *(DANCE_PT_controls, DANCE_PT_song, DANCE_PT_song_in_sequencer),
)


def register() -> None:
    """Adds the panels."""
    for cls in _CLASSES:
        bpy.utils.register_class(cls)


def unregister() -> None:
    """Takes them away."""
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
