"""Dance to this sound strip: `transflower generate` in the background, its dance baked frame-exactly."""

from dataclasses import replace
from typing import Final

import bpy

from ..core.controls import CONTROLS, option_words
from ..core.generate_job import GenerateJob
from ..core.sampling import fps_of
from ..core.take import Take
from ..scene.bake import bake
from ..scene.figure import create_dancer
from ..scene.place import mark
from ..scene.sound import StripSound, active_sound_strip, strip_sound
from .bridge_controls import attribute_of
from .preferences import command
from .rig import active_armature, prepare_rig, why_unchangeable
from .stage import STAGE, start_ticking
from .takes import bake_options, report_of, sync_takes, warnings_of


class DanceToSound(bpy.types.Operator):
    """Make a dance to the active sound strip with `transflower generate`, and bake it on this armature, or on a new
    dancer, in time with the strip"""

    bl_idname = "transflower.dance_to_sound"
    bl_label = "Dance to This Sound Strip"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether there is a sound strip, and no dance in the making."""
        if STAGE.job is not None:
            cls.poll_message_set("A dance is being made already")
            return False
        if active_sound_strip(context.scene) is None:
            cls.poll_message_set("Choose a sound strip in the sequencer")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Starts the program; Blender goes on."""
        settings, scene = context.scene.transflower, context.scene
        armature = active_armature(context)
        try:
            if armature is not None:
                if why_unchangeable(armature):
                    raise ValueError(why_unchangeable(armature))
                _, changed = prepare_rig(context, armature)
                if changed:
                    self.report({"WARNING"}, changed)
                    bpy.ops.ed.undo_push(message="Disconnect hips")
            sound = strip_sound(active_sound_strip(scene))
            job = GenerateJob(command(context), sound.path, _words(settings))
        except ValueError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        scene_name, name = scene.name, "" if armature is None else armature.name
        STAGE.start_job(job, lambda take: _bake(take, sound, scene_name, name))
        start_ticking()
        return {"FINISHED"}


class CancelDance(bpy.types.Operator):
    """Stop making the dance"""

    bl_idname = "transflower.cancel_dance"
    bl_label = "Cancel"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether one is being made."""
        return STAGE.job is not None

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Ends the program."""
        STAGE.cancel_job()
        return {"FINISHED"}


def _words(settings: bpy.types.PropertyGroup) -> tuple[str, ...]:
    words = ["--look-ahead-s", f"{settings.look_ahead_s:.3f}"]
    for control in CONTROLS:
        if control.option != "dance" and control.name != "seed":
            continue
        attribute = attribute_of(control)
        is_dancers_own = control.default is None and control.name != "seed"  # until somebody sets it
        if not is_dancers_own or settings.is_property_set(attribute):
            words += option_words(control, getattr(settings, attribute))
    return tuple(words)


def _bake(take: Take, sound: StripSound, scene_name: str, armature_name: str) -> str:
    """Bakes the dance where the sound is; what was done, for people.

    Pose k of a generated dance is the one at the end of the sound's frame k, so it belongs (k + 1) frames after the
    sound's beginning. The strip may have been cut or moved meanwhile: its place is as it was when the dance began.

    Raises:
        ValueError: The scene or the armature is gone, or cannot dance any more.
    """
    context = bpy.context
    scene = bpy.data.scenes.get(scene_name)
    if scene is None:
        raise ValueError(f"The scene {scene_name} is gone; the dance is among the takes")
    STAGE.session.takes.append(take)
    sync_takes(context.window_manager)
    armature = bpy.data.objects.get(armature_name)
    if armature is None:
        armature = create_dancer(context, take.skeleton)
        armature.transflower.set_mapping("Dancer", {name: name for name in take.skeleton.names})
        if scene != context.scene:
            _move(armature, scene)
    fps = fps_of(scene.render.fps, scene.render.fps_base)
    first_s, last_s = ((frame - sound.start_frame) / fps for frame in (sound.first_frame, sound.last_frame))
    take = replace(take, times_s=take.times_s + 1.0 / take.rate_hz).part(
        first_s - 1 / take.rate_hz, last_s + 1 / take.rate_hz
    )
    if take is None:
        raise ValueError("The strip is shorter than a pose; the dance is among the takes")
    if scene.transflower.timing == "TAKE":
        fps = take.rate_hz
    options = bake_options(context, start_frame=sound.start_frame + fps * take.times_s[0])
    baked = bake(scene, armature, armature.transflower.mapping(), take, options)
    mark(baked.action, take, sound.start_frame + fps / take.rate_hz)  # of the whole, as it is among the takes
    armature.transflower.follows = False
    warnings = warnings_of(scene, armature, baked)
    bpy.ops.ed.undo_push(message="Dance to sound strip")
    return ". ".join([report_of(baked, options), *warnings])


def _move(armature: bpy.types.Object, scene: bpy.types.Scene) -> None:
    """From the scene that is shown to another, with the body."""
    for thing in (armature, *armature.children):
        for collection in thing.users_collection:
            collection.objects.unlink(thing)
        scene.collection.objects.link(thing)


_CLASSES: Final = (DanceToSound, CancelDance)


def register() -> None:
    """Adds the operators."""
    for cls in _CLASSES:
        bpy.utils.register_class(cls)


def unregister() -> None:
    """Takes them away."""
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
