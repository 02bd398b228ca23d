"""Operators of takes: record, import, bake, delete, and a song to hear with them."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import bpy
from bpy.props import EnumProperty, FloatProperty, StringProperty
from bpy_extras.io_utils import ImportHelper

from .._vendor.rigs.rig_units import UNITS_M
from ..core.motion_file import SUFFIXES, read_motion
from ..core.sampling import fps_of
from ..core.take import Take
from ..scene.bake import Baked, BakeOptions, bake
from ..scene.place import TakePlace, place_before, place_in_time, why_not_played
from ..scene.shown import why_hidden
from ..scene.sound import add_song
from .rig import active_armature, prepare_rig, why_unchangeable
from .stage import STAGE


def sync_takes(manager: bpy.types.WindowManager) -> None:
    """Brings the list of the panel up to date with the session's takes; the newest is chosen if one was added."""
    window = manager.transflower
    takes = STAGE.session.takes
    rows = [(take.name, _info(take)) for take in takes]
    if [(entry.label, entry.info) for entry in window.takes] == rows:
        return
    has_more = len(rows) > len(window.takes)
    window.takes.clear()
    for label, info in rows:
        entry = window.takes.add()
        entry.info = info
        entry["label"] = label  # not by its setter, which renames
    window.active_take = len(rows) - 1 if has_more else max(0, min(window.active_take, len(rows) - 1))


def rename_take(entry: bpy.types.PropertyGroup) -> None:
    """After the list's name was edited: the take gets it."""
    for index, other in enumerate(bpy.context.window_manager.transflower.takes):
        if other == entry and index < len(STAGE.session.takes):
            name = entry.label.strip() or STAGE.session.takes[index].name
            STAGE.session.takes[index] = replace(STAGE.session.takes[index], name=name)


def chosen_take(context: bpy.types.Context) -> Take | None:
    """The take that is chosen in the list."""
    index = context.window_manager.transflower.active_take
    takes = STAGE.session.takes
    return takes[index] if 0 <= index < len(takes) else None


def bake_options(context: bpy.types.Context, start_frame: float | None = None) -> BakeOptions:
    """As the panel says."""
    settings = context.scene.transflower
    return BakeOptions(
        timing=settings.timing,
        start_frame=start_frame,
        into=settings.into,
        foot_lock=settings.foot_lock,
        decimate_deg=settings.decimate_deg,
    )


def chosen_place(context: bpy.types.Context, take: Take) -> TakePlace:
    """Where the panel says that a take lands."""
    settings, scene = context.scene.transflower, context.scene
    if settings.at == "FRAME":
        return TakePlace(float(settings.at_frame), "where you said")
    if settings.at == "PLAYHEAD":
        return TakePlace(float(scene.frame_current), "at the playhead")
    return place_in_time(scene, take)


def report_of(baked: Baked, options: BakeOptions) -> str:
    """What was baked, for people."""
    text = f"{baked.action.name}: frames {baked.first_frame} to {baked.last_frame}, {baked.num_keys} keyframes"
    if options.decimate_deg > 0:
        part = 100.0 * baked.num_keys / max(1, baked.num_possible_keys)
        text += f" ({part:.0f} % of all, bones within {options.decimate_deg:.2f} degrees)"
    return text + (f", feet pinned {baked.num_pinned} times" if options.foot_lock else "")


def warnings_of(scene: bpy.types.Scene, armature: bpy.types.Object, baked: Baked) -> list[str]:
    """What keeps a bake from being seen as it was danced, and the ways out."""
    found = [
        why_hidden(scene, armature, baked.action, baked.probe),
        why_not_played(scene, baked.first_frame, baked.last_frame),
    ]
    if abs(baked.fps - baked.fps_before) > 1e-3:
        found.append(
            f"The scene's rate was changed from {baked.fps_before:.5g} to {baked.fps:.5g} frames a second: what was "
            "there before it plays at another speed now; Scene's Rate leaves it"
        )
    return [one for one in found if one]


def _info(take: Take) -> str:
    return f"{take.duration_s:.1f} s, {take.rate_hz:.4g} fps"


class Record(bpy.types.Operator):
    """Keep every pose of the stream as a take, until pressed again. If the timeline plays, the take will lie in time
    with it"""

    bl_idname = "transflower.record"
    bl_label = "Record"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether there is a connection."""
        if not STAGE.session.is_connected:
            cls.poll_message_set("Connect first")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Starts or ends."""
        session = STAGE.session
        if not session.is_recording:
            session.start_recording()
            return {"FINISHED"}
        take = session.stop_recording()
        sync_takes(context.window_manager)
        if take is None:
            self.report({"WARNING"}, "Nothing came in, so there is no take")
        else:
            self.report({"INFO"}, f"{take.name}: {len(take)} poses, {_info(take)}")
        return {"FINISHED"}


class BakeTake(bpy.types.Operator):
    """Write the chosen take as keyframes of this armature, all at once"""

    bl_idname = "transflower.bake"
    bl_label = "Bake"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether there are a take and an armature."""
        if chosen_take(context) is None:
            cls.poll_message_set("Record or import a take first")
            return False
        why = why_unchangeable(active_armature(context))
        if why:
            cls.poll_message_set(why)
        return not why

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Bakes."""
        armature, take = active_armature(context), chosen_take(context)
        place = chosen_place(context, take)
        options = bake_options(context, start_frame=place.frame)
        try:
            mapping, changed = prepare_rig(context, armature)
            baked = bake(context.scene, armature, mapping, take, options)
        except ValueError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        armature.transflower.follows = False
        self.report({"INFO"}, f"{report_of(baked, options)}; {place.why}")
        if changed:
            self.report({"WARNING"}, changed)
        for warning in warnings_of(context.scene, armature, baked):
            self.report({"WARNING"}, warning)
        return {"FINISHED"}


class DeleteTake(bpy.types.Operator):
    """Forget the chosen take. Actions that were baked from it stay"""

    bl_idname = "transflower.delete_take"
    bl_label = "Delete Take"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether there is one."""
        return chosen_take(context) is not None

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Forgets it."""
        del STAGE.session.takes[context.window_manager.transflower.active_take]
        sync_takes(context.window_manager)
        return {"FINISHED"}


class ImportDance(bpy.types.Operator, ImportHelper):
    """Read a take of `transflower perform` (.take), a dance of `transflower generate` (.bvh, .npz), or any BVH file"""

    bl_idname = "transflower.import_dance"
    bl_label = "Import Dance"

    filter_glob: StringProperty(default=";".join(f"*{suffix}" for suffix in SUFFIXES), options={"HIDDEN"})
    joints: StringProperty(
        name="Joints",
        description="Path of a file that says which joint of a BVH file is which bone, where their names do not tell: "
        "a line such as lThigh = LeftUpperLeg each",
    )
    unit: EnumProperty(
        name="Unit",
        description="Of length in a BVH file",
        items=[
            ("auto", "From the Legs", "The unit in which the legs are a person's"),
            *((name, name, f"{metres:g} m") for name, metres in UNITS_M.items()),
        ],
    )

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Adds it to the takes."""
        notes: list[str] = []
        joints = Path(bpy.path.abspath(self.joints)) if self.joints.strip() else None
        try:
            takes = read_motion(Path(self.filepath), joints=joints, unit=self.unit, notes=notes)
        except (ValueError, OSError) as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        STAGE.session.takes.extend(takes)
        sync_takes(context.window_manager)
        self.report({"INFO"}, ", ".join(f"{take.name}: {_info(take)}" for take in takes))
        for note in notes:
            self.report({"WARNING"}, note)
        return {"FINISHED"}


class AddSong(bpy.types.Operator, ImportHelper):
    """Add the song of the chosen take to the sequencer, so that picture and sound run together"""

    bl_idname = "transflower.add_song"
    bl_label = "Add Song"
    bl_options = {"REGISTER", "UNDO"}

    filter_glob: StringProperty(default="*.wav;*.flac;*.ogg;*.mp3;*.m4a;*.aiff", options={"HIDDEN"})
    offset_s: FloatProperty(
        name="Offset",
        description="Seconds from the beginning of the take to the beginning of the song",
        subtype="TIME_ABSOLUTE",
    )

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Adds the strip, and lets playback follow the sound."""
        scene = context.scene
        take = chosen_take(context)
        begin = float(scene.frame_current)
        if take is not None:
            before = place_before(scene, take)
            begin = before.frame if before is not None else begin if take.start_frame is None else take.start_frame
        frame = round(begin + self.offset_s * fps_of(scene.render.fps, scene.render.fps_base))
        try:
            strip = add_song(scene, Path(self.filepath), frame)
        except (ValueError, OSError) as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        scene.sync_mode = "AUDIO_SYNC"
        self.report({"INFO"}, f"{strip.name} begins at frame {frame}")
        return {"FINISHED"}


_CLASSES: Final = (Record, BakeTake, DeleteTake, ImportDance, AddSong)


def register() -> None:
    """Adds the operators."""
    for cls in _CLASSES:
        bpy.utils.register_class(cls)


def unregister() -> None:
    """Takes them away."""
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
