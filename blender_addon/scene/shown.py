"""Whether Blender shows what was baked, and if not, what hides it and the way out."""

from dataclasses import dataclass
from typing import Final

import bpy
import numpy as np

from ..core import rotations
from ..core.retarget import Retarget, RigPose
from ..core.rotations import Floats

_LARGEST_RAD: Final = float(np.radians(2.0))


@dataclass(frozen=True, eq=False)
class Probe:
    """A few poses of a bake, to be compared with what Blender makes of them.

    Attributes:
        retarget: Whose bones they are.
        frames: On the timeline, (n,).
        relative: Rotations to the bone above that moves too, (n, bones, 4): the artist may have turned what is between
            the armature and the hips.
        tolerance_rad: By which a bone may be off.
    """

    retarget: Retarget
    frames: tuple[int, ...]
    relative: Floats
    tolerance_rad: float


def probe(retarget: Retarget, frames: Floats, pose: RigPose, decimate_deg: float) -> Probe:
    """The first pose, the last, and one between; `pose` is that at `frames` (n,)."""
    rows = sorted({0, len(frames) // 2, len(frames) - 1})
    tolerance_rad = _LARGEST_RAD + 2.0 * float(np.radians(decimate_deg))
    relative = retarget.relative(pose.rotations[rows])
    return Probe(retarget, tuple(int(frames[row]) for row in rows), relative, tolerance_rad)


def why_unseen(armature: bpy.types.Object) -> str:
    """What hides any pose of an armature, and the way out; empty if nothing does."""
    if armature.data.pose_position == "REST":
        return "it is in Rest Position: choose Pose Position in the armature's properties"
    return ""


def why_hidden(scene: bpy.types.Scene, armature: bpy.types.Object, action: bpy.types.Action, wanted: Probe) -> str:
    """What keeps a baked action from being seen, and the way out; empty if it is seen.

    The scene is evaluated at the frames of the probe, and set back to where it was.
    """
    layers = [layer for layer in (bpy.context.view_layer, *scene.view_layers) if layer.id_data == scene]
    for each in layers:
        each.update()  # a rig that was made just now is in none before
    layer = next((layer for layer in layers if armature.name in layer.objects), None)
    if layer is None:
        return f"{armature.name} is in no view layer of the scene {scene.name}: link it there"
    off = _bones_off(scene, layer, armature, wanted)
    if not off:
        return ""
    reasons = [why_unseen(armature), _stretched(scene), *_animation_reasons(armature, action)]
    reasons = [reason for reason in reasons if reason] or _bone_reasons(armature, off)
    reasons = reasons or [f"something else moves {_listed(off)}"]
    return f"{armature.name} does not show the take: {'; '.join(reasons)}"


def _stretched(scene: bpy.types.Scene) -> str:
    old, new = scene.render.frame_map_old, scene.render.frame_map_new
    return (
        "" if old == new else f"the scene stretches time from {old} to {new}: set both alike in the output properties"
    )


def _bones_off(
    scene: bpy.types.Scene, layer: bpy.types.ViewLayer, armature: bpy.types.Object, wanted: Probe
) -> list[str]:
    """Names of the bones that are not where the action has them."""
    before = scene.frame_current, scene.frame_subframe
    names, worst = wanted.retarget.names, np.zeros(len(wanted.retarget.names))
    for frame, relative in zip(wanted.frames, wanted.relative, strict=True):
        scene.frame_set(frame)
        shown = armature.evaluated_get(layer.depsgraph).pose.bones
        turned = np.array([list(shown[name].matrix.to_quaternion()) for name in names])
        expected = wanted.retarget.relative(rotations.from_blender(turned)[None])[0]
        worst = np.maximum(worst, rotations.angle(rotations.multiply(rotations.inverse(relative), expected)))
    scene.frame_set(before[0], subframe=before[1])
    return [name for name, off in zip(names, worst, strict=True) if off > wanted.tolerance_rad]


def _animation_reasons(armature: bpy.types.Object, action: bpy.types.Action) -> list[str]:
    animation = armature.animation_data
    is_active = animation.action == action
    reasons = []
    solo = next((track for track in animation.nla_tracks if track.is_solo), None)
    if animation.use_tweak_mode:
        reasons.append("a strip of its NLA is being tweaked: leave that (Tab in the NLA editor)")
    elif not animation.use_nla and not is_active:
        reasons.append("its NLA is off: switch it on in the NLA editor")
    elif solo is not None and (is_active or all(strip.action != action for strip in solo.strips)):
        reasons.append(f"its track {solo.name} is solo: take away the star in the NLA editor")
    elif animation.action is not None and not is_active:
        reasons.append("it has an active action, which hides the strip: push it down")
    elif is_active and (animation.action_influence < 1.0 or animation.action_blend_type != "REPLACE"):
        how = f"an influence of {100 * animation.action_influence:.0f} %: set it to 100 %"
        if animation.action_blend_type != "REPLACE":
            how = f"the blending {animation.action_blend_type.title()}: set it to Replace"
        reasons.append(f"its action has {how}")
    return reasons


def _bone_reasons(armature: bpy.types.Object, off: list[str]) -> list[str]:
    bones, reasons = armature.pose.bones, []
    held = [name for name in off if any(not one.mute and one.influence > 0 for one in bones[name].constraints)]
    if held:
        reasons.append(f"constraints turn {_listed(held)}: mute them")
    paths = [curve.data_path for curve in armature.animation_data.drivers if not curve.mute]
    driven = [name for name in off if any(path.startswith(bones[name].path_from_id() + ".") for path in paths)]
    if driven:
        reasons.append(f"drivers turn {_listed(driven)}: take them away")
    return reasons


def _listed(names: list[str]) -> str:
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more bones" if len(names) > 4 else "")
