"""Rig names: the humanoid bones, and what the joints of common rigs are called: tables that a new rig extends.

The common currency is `HUMANOID`, the bones of Unity's HumanBodyBones, which VMC uses too.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

_FINGERS: Final = ("Thumb", "Index", "Middle", "Ring", "Little")
_PHALANGES: Final = ("Proximal", "Intermediate", "Distal")

HUMANOID: Final[tuple[str, ...]] = (
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

BONE_PARENTS: Final[dict[str, str]] = {
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

TRUNK: Final = ("Spine", "Chest", "UpperChest")
"""The back from below to above."""


def _sided(left: str, right: str, entries: Mapping[str, str]) -> dict[str, str]:
    """Entries for both sides: `{}` in a joint's name stands for the side's mark, bones get Left and Right."""
    marks = ((left, "Left"), (right, "Right"))
    return {joint.format(mark): side + bone for mark, side in marks for joint, bone in entries.items()}


def _fingers(pattern: str, names: Sequence[str], numbers: Sequence[str] = ("1", "2", "3")) -> dict[str, str]:
    """Entries of the fingers: the pattern's `{finger}` and `{number}` filled in, its `{}` left for the side."""
    return {
        pattern.format("{}", finger=name, number=number): finger + phalanx
        for name, finger in zip(names, _FINGERS, strict=True)
        for number, phalanx in zip(numbers, _PHALANGES, strict=True)
    }


_MIXAMO: Final = {
    **{"Hips": "Hips", "Spine": "Spine", "Spine1": "Chest", "Spine3": "UpperChest", "Spine2": "UpperChest"},
    **{"Neck": "Neck", "Head": "Head", "Jaw": "Jaw", "LeftEye": "LeftEye", "RightEye": "RightEye"},
    **_sided(
        "Left",
        "Right",
        {
            **{"{}Shoulder": "Shoulder", "{}Arm": "UpperArm", "{}ForeArm": "LowerArm", "{}Hand": "Hand"},
            **{"{}UpLeg": "UpperLeg", "{}Leg": "LowerLeg", "{}Foot": "Foot", "{}Toe": "Toes", "{}ToeBase": "Toes"},
            **_fingers("{}Hand{finger}{number}", ("Thumb", "Index", "Middle", "Ring", "Pinky")),
        },
    ),
}

NAMES: Final[dict[str, Mapping[str, str]]] = {
    "humanoid": {bone: bone for bone in HUMANOID},
    "mixamo": _MIXAMO,  # also MotionBuilder, Rokoko, LAFAN1
    "cmu": {  # B. Hahne's BVH conversion
        **{joint: bone for joint, bone in _MIXAMO.items() if joint not in ("Spine2", "Spine3")},
        **{"LowerBack": "Spine", "Spine": "Chest", "Spine1": "UpperChest"},
    },
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
                **_fingers("{}{finger}{number}", ("thumb", "index", "middle", "ring", "pinky")),
            },
        ),
    },
    "biovision": {
        **{"Hips": "Hips", "Chest": "Spine", "Chest2": "Chest", "Chest4": "UpperChest", "Chest3": "UpperChest"},
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
                **_fingers("{finger}_{number}_{}", ("thumb", "index", "middle", "ring", "pinky"), ("01", "02", "03")),
            },
        ),
    },
    "vroid": {
        **{"J_Bip_C_Hips": "Hips", "J_Bip_C_Spine": "Spine", "J_Bip_C_Chest": "Chest"},
        **{"J_Bip_C_UpperChest": "UpperChest", "J_Bip_C_Neck": "Neck", "J_Bip_C_Head": "Head"},
        **_sided(
            "L",
            "R",
            {
                **{f"J_Bip_{{}}_{bone}": bone for bone in ("Shoulder", "UpperArm", "LowerArm", "Hand")},
                **{"J_Bip_{}_UpperLeg": "UpperLeg", "J_Bip_{}_LowerLeg": "LowerLeg", "J_Bip_{}_Foot": "Foot"},
                **{"J_Bip_{}_ToeBase": "Toes", "J_Adj_{}_FaceEye": "Eye"},
                **_fingers("J_Bip_{}_{finger}{number}", ("Thumb", "Index", "Middle", "Ring", "Little")),
            },
        ),
    },
    "rigify": {  # the metarig
        **{"spine": "Hips", "spine.001": "Spine", "spine.002": "Chest", "spine.003": "UpperChest"},
        **{"spine.004": "Neck", "spine.006": "Head", "jaw": "Jaw"},
        **_sided(
            ".L",
            ".R",
            {
                **{"shoulder{}": "Shoulder", "upper_arm{}": "UpperArm", "forearm{}": "LowerArm", "hand{}": "Hand"},
                **{"thigh{}": "UpperLeg", "shin{}": "LowerLeg", "foot{}": "Foot", "toe{}": "Toes", "eye{}": "Eye"},
                **{f"thumb.0{n}{{}}": "Thumb" + phalanx for n, phalanx in enumerate(_PHALANGES, 1)},
                **{
                    f"f_{name}.0{n}{{}}": finger + phalanx
                    for name, finger in zip(("index", "middle", "ring", "pinky"), _FINGERS[1:], strict=True)
                    for n, phalanx in enumerate(_PHALANGES, 1)
                },
            },
        ),
    },
    "vrchat": {
        **{"Hips": "Hips", "Spine": "Spine", "Chest": "Chest", "Upper Chest": "UpperChest"},
        **{"Neck": "Neck", "Head": "Head"},
        **_sided(
            "Left",
            "Right",
            {
                **{"{} shoulder": "Shoulder", "{} arm": "UpperArm", "{} elbow": "LowerArm", "{} wrist": "Hand"},
                **{"{} leg": "UpperLeg", "{} knee": "LowerLeg", "{} ankle": "Foot", "{} toe": "Toes"},
            },
        ),
    },
    "biped": {
        **{"Bip01 Pelvis": "Hips", "Bip01 Spine": "Spine", "Bip01 Spine1": "Chest", "Bip01 Spine2": "UpperChest"},
        **{"Bip01 Neck": "Neck", "Bip01 Head": "Head"},
        **_sided(
            "L",
            "R",
            {
                **{"Bip01 {} Clavicle": "Shoulder", "Bip01 {} UpperArm": "UpperArm", "Bip01 {} Forearm": "LowerArm"},
                **{"Bip01 {} Hand": "Hand", "Bip01 {} Thigh": "UpperLeg", "Bip01 {} Calf": "LowerLeg"},
                **{"Bip01 {} Foot": "Foot", "Bip01 {} Toe0": "Toes"},
            },
        ),
    },
}
"""Rig to its joints' names and what they are; case, spaces, `_`, `-` and a prefix such as `mixamorig:` do not matter.

Where two joints of a rig name one bone, the later one in the hierarchy is that bone; of two names, the usual one comes
last.
"""

LABELS: Final[dict[str, str]] = {
    **{"humanoid": "VRM / Unity", "mixamo": "Mixamo", "cmu": "CMU", "smpl": "SMPL", "smplx": "SMPL-X"},
    **{"biovision": "Biovision", "unreal": "Unreal", "vroid": "VRoid", "rigify": "Rigify", "vrchat": "VRChat"},
    "biped": "3ds Max Biped",
}
"""What people call the rigs of `NAMES`."""


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


def best_table(joints: Sequence[str]) -> tuple[str, dict[str, str]]:
    """The rig of `NAMES` that finds most bones among `joints`, the first of equals, and each joint's bone by it."""
    found = []
    for rig, table in NAMES.items():
        by_plain_name = {_plain(name): bone for name, bone in table.items()}
        mapping = {joint: by_plain_name[_plain(joint)] for joint in joints if _plain(joint) in by_plain_name}
        found.append((rig, mapping))
    return max(found, key=lambda entry: len(set(entry[1].values())))


def best_mapping(joints: Sequence[str]) -> dict[str, str]:
    """Joint to humanoid bone by the table of `NAMES` that finds most bones among `joints`; the first of equals."""
    return best_table(joints)[1]


@lru_cache(maxsize=8192)
def _plain(name: str) -> str:
    return re.sub(r"[\s_.-]", "", name.rsplit(":", 1)[-1]).lower()
