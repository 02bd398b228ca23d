"""Rigs that Rigify has generated: which controls dance, what turns with what, and the switch to forward kinematics.

Constraints, not parents, carry most of such a rig: what is said here was found by turning each control of the human
rig of Blender 5.0 and looking which others turn. Fingers and faces are left to the artist.
"""

from typing import Any, Final

import bpy

_SIDES: Final = {"Left": "L", "Right": "R"}
_LIMBS: Final = {
    **{"Shoulder": ("shoulder", "chest"), "UpperArm": ("upper_arm_fk", "shoulder")},
    **{"LowerArm": ("forearm_fk", "upper_arm_fk"), "Hand": ("hand_fk", "forearm_fk")},
    **{"UpperLeg": ("thigh_fk", "torso"), "LowerLeg": ("shin_fk", "thigh_fk")},
    **{"Foot": ("foot_fk", "shin_fk"), "Toes": ("toe_fk", "foot_fk")},
}
"""Humanoid bone: control, and the control that turns it, of one side where there are two."""
_TRUNK: Final = {
    "Hips": ("torso", ""),
    "Chest": ("chest", "torso"),
    "Neck": ("neck", "torso"),
    "Head": ("head", "torso"),
}
_SETTINGS: Final = {"IK_FK": 1.0, "FK_limb_follow": 0.0, "neck_follow": 0.0, "head_follow": 0.0}
HIPS_JOINT: Final = "ORG-spine"
"""Where the hips are: the control of the torso turns about a place above them."""


def is_generated(armature: bpy.types.Object) -> bool:
    """Whether Rigify has made it, with arms and legs that have forward kinematics."""
    needed = ("torso", HIPS_JOINT, "thigh_fk.L", "thigh_fk.R")
    data: Any = armature.data
    return "rig_id" in data and all(name in data.bones for name in needed)


def controls() -> dict[str, tuple[str, str]]:
    """Humanoid bone to its control, and to the control that turns it; none for the hips."""
    found = dict(_TRUNK)
    for side, letter in _SIDES.items():
        for bone, (control, above) in _LIMBS.items():
            found[side + bone] = (f"{control}.{letter}", above if above in ("chest", "torso") else f"{above}.{letter}")
    return found


def switch_to_fk(armature: bpy.types.Object) -> str:
    """Lets arms and legs, neck and head be turned by their controls alone; what was changed, for people."""
    if not is_generated(armature):
        return ""
    changed = []
    pose: Any = armature.pose
    for bone in pose.bones:
        for name, value in _SETTINGS.items():
            if name in bone and bone[name] != value:
                bone[name] = value
                changed.append(f"{name} of {bone.name}")
    if changed:
        armature.update_tag()
    return f"Switched to forward kinematics: {', '.join(changed)}" if changed else ""
