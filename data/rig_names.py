"""Rig names: the humanoid bones, and what the joints of common rigs are called: tables that a new rig extends.

The common currency is `HUMANOID`, the bones of Unity's HumanBodyBones, which VMC uses too.
"""

import re
from collections.abc import Mapping, Sequence

_FINGERS = ("Thumb", "Index", "Middle", "Ring", "Little")
_PHALANGES = ("Proximal", "Intermediate", "Distal")

HUMANOID: tuple[str, ...] = (
    *(
        "Hips",
        "LeftUpperLeg",
        "RightUpperLeg",
        "LeftLowerLeg",
        "RightLowerLeg",
        "LeftFoot",
        "RightFoot",
        "Spine",
        "Chest",
    ),
    *(
        "Neck",
        "Head",
        "LeftShoulder",
        "RightShoulder",
        "LeftUpperArm",
        "RightUpperArm",
        "LeftLowerArm",
        "RightLowerArm",
    ),
    *("LeftHand", "RightHand", "LeftToes", "RightToes", "LeftEye", "RightEye", "Jaw"),
    *(f"{side}{finger}{bone}" for side in ("Left", "Right") for finger in _FINGERS for bone in _PHALANGES),
    "UpperChest",
)
"""The 55 bones in the order of UnityEngine.HumanBodyBones."""

BONE_PARENTS: dict[str, str] = {
    **{"Hips": "", "Spine": "Hips", "Chest": "Spine", "UpperChest": "Chest", "Neck": "UpperChest", "Head": "Neck"},
    **{"LeftEye": "Head", "RightEye": "Head", "Jaw": "Head"},
    **{
        side + bone: side + parent if parent not in ("UpperChest", "Hips") else parent
        for side in ("Left", "Right")
        for bone, parent in {
            **{"Shoulder": "UpperChest", "UpperArm": "Shoulder", "LowerArm": "UpperArm", "Hand": "LowerArm"},
            **{finger + "Proximal": "Hand" for finger in _FINGERS},
            **{finger + "Intermediate": finger + "Proximal" for finger in _FINGERS},
            **{finger + "Distal": finger + "Intermediate" for finger in _FINGERS},
        }.items()
    },
    **{
        side + bone: side + parent if parent != "Hips" else parent
        for side in ("Left", "Right")
        for bone, parent in (("UpperLeg", "Hips"), ("LowerLeg", "UpperLeg"), ("Foot", "LowerLeg"), ("Toes", "Foot"))
    },
}
"""Every humanoid bone's parent, parents first; where a figure lacks the parent, the parent's parent takes its place."""

TRUNK = ("Spine", "Chest", "UpperChest")
"""The back from below to above."""


def _sided(left: str, right: str, entries: Mapping[str, str]) -> dict[str, str]:
    """Entries for both sides: `{}` in a joint's name stands for the side's mark, bones get Left and Right."""
    marks = ((left, "Left"), (right, "Right"))
    return {joint.format(mark): side + bone for mark, side in marks for joint, bone in entries.items()}


_MIXAMO = {
    **{"Hips": "Hips", "Spine": "Spine", "Spine1": "Chest", "Spine2": "UpperChest", "Spine3": "UpperChest"},
    **{"Neck": "Neck", "Head": "Head", "Jaw": "Jaw", "LeftEye": "LeftEye", "RightEye": "RightEye"},
    **_sided(
        "Left",
        "Right",
        {
            **{"{}Shoulder": "Shoulder", "{}Arm": "UpperArm", "{}ForeArm": "LowerArm", "{}Hand": "Hand"},
            **{"{}UpLeg": "UpperLeg", "{}Leg": "LowerLeg", "{}Foot": "Foot", "{}ToeBase": "Toes", "{}Toe": "Toes"},
            **{
                f"{{}}Hand{joint}{number}": finger + phalanx
                for joint, finger in zip(("Thumb", "Index", "Middle", "Ring", "Pinky"), _FINGERS, strict=True)
                for number, phalanx in enumerate(_PHALANGES, 1)
            },
        },
    ),
}

NAMES: dict[str, Mapping[str, str]] = {
    "humanoid": {bone: bone for bone in HUMANOID},
    "mixamo": _MIXAMO,  # also MotionBuilder, Rokoko, LAFAN1
    "cmu": _MIXAMO | {"LowerBack": "Spine", "Spine": "Chest", "Spine1": "UpperChest"},  # B. Hahne's BVH conversion
    "smpl": {
        **{"Pelvis": "Hips", "Spine1": "Spine", "Spine2": "Chest", "Spine3": "UpperChest", "Neck": "Neck"},
        **{"Head": "Head", "Jaw": "Jaw"},
        **_sided(
            "L_",
            "R_",
            {
                **{"{}Hip": "UpperLeg", "{}Knee": "LowerLeg", "{}Ankle": "Foot", "{}Foot": "Toes"},
                **{"{}Collar": "Shoulder", "{}Shoulder": "UpperArm", "{}Elbow": "LowerArm", "{}Wrist": "Hand"},
            },
        ),
    },
    "smplx": {
        **{"pelvis": "Hips", "spine1": "Spine", "spine2": "Chest", "spine3": "UpperChest", "neck": "Neck"},
        **{"head": "Head", "jaw": "Jaw", "left_eye_smplhf": "LeftEye", "right_eye_smplhf": "RightEye"},
        **_sided(
            "left_",
            "right_",
            {
                **{"{}hip": "UpperLeg", "{}knee": "LowerLeg", "{}ankle": "Foot", "{}foot": "Toes"},
                **{"{}collar": "Shoulder", "{}shoulder": "UpperArm", "{}elbow": "LowerArm", "{}wrist": "Hand"},
                **{
                    f"{{}}{joint}{number}": finger + phalanx
                    for joint, finger in zip(("thumb", "index", "middle", "ring", "pinky"), _FINGERS, strict=True)
                    for number, phalanx in enumerate(_PHALANGES, 1)
                },
            },
        ),
    },
    "biovision": {
        **{"Hips": "Hips", "Chest": "Spine", "Chest2": "Chest", "Chest3": "UpperChest", "Chest4": "UpperChest"},
        **{"Neck": "Neck", "Head": "Head"},
        **_sided(
            "Left",
            "Right",
            {
                **{"{}Hip": "UpperLeg", "{}Knee": "LowerLeg", "{}Ankle": "Foot", "{}Toe": "Toes"},
                **{"{}Collar": "Shoulder", "{}Shoulder": "UpperArm", "{}Elbow": "LowerArm", "{}Wrist": "Hand"},
            },
        ),
    },
    "unreal": {
        **{"pelvis": "Hips", "spine_01": "Spine", "spine_02": "Chest", "spine_03": "UpperChest", "neck_01": "Neck"},
        "head": "Head",
        **_sided(
            "l",
            "r",
            {
                **{"clavicle_{}": "Shoulder", "upperarm_{}": "UpperArm", "lowerarm_{}": "LowerArm", "hand_{}": "Hand"},
                **{"thigh_{}": "UpperLeg", "calf_{}": "LowerLeg", "foot_{}": "Foot", "ball_{}": "Toes"},
            },
        ),
    },
}
"""Rig to its joints' names and what they are; case, spaces, `_`, `-` and a prefix such as `mixamorig:` do not matter.

Where two joints of a rig name one bone, the later one in the hierarchy is that bone.
"""


def humanoid_name(joint: str, rig: str | None = None) -> str | None:
    """The humanoid bone that a joint's name means, or None.

    Some names mean different bones in different rigs (`Spine1`, `LeftShoulder`): give the rig, a key of `NAMES`, where
    it is known. Without it the first table that has the name answers.
    """
    tables = NAMES.values() if rig is None else (NAMES[rig],)
    plain = _plain(joint)
    for table in tables:
        for name, bone in table.items():
            if _plain(name) == plain:
                return bone
    return None


def best_mapping(joints: Sequence[str]) -> dict[str, str]:
    """Joint to humanoid bone by the table of `NAMES` that finds most bones among `joints`; the first of equals."""
    mappings = []
    for table in NAMES.values():
        by_plain_name = {_plain(name): bone for name, bone in table.items()}
        mappings.append({joint: by_plain_name[_plain(joint)] for joint in joints if _plain(joint) in by_plain_name})
    return max(mappings, key=lambda mapping: len(set(mapping.values())))


def _plain(name: str) -> str:
    return re.sub(r"[\s_.-]", "", name.rsplit(":", 1)[-1]).lower()
