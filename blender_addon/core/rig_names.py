"""What the bones of common rigs are called, as tables that a new rig extends, and a reader of names in no table."""

import re
from collections.abc import Sequence

from .humanoid import FINGERS, PARENTS, PHALANGES, SIDES

Table = dict[str, str]


def _sided(entries: Table, left: str, right: str) -> Table:
    """Entries for both sides; `{}` in a joint's name stands for the side's mark."""
    return {
        joint.format(mark): side + bone
        for mark, side in ((left, "Left"), (right, "Right"))
        for joint, bone in entries.items()
    }


def _fingers(pattern: str, names: Sequence[str], numbers: Sequence[str] = ("1", "2", "3")) -> Table:
    """Entries of the fingers: the pattern's `{finger}` and `{number}` filled in, its `{}` left for the side."""
    return {
        pattern.format("{}", finger=name, number=number): finger + phalanx
        for name, finger in zip(names, FINGERS, strict=True)
        for number, phalanx in zip(numbers, PHALANGES, strict=True)
    }


_MIXAMO = {
    **{"Hips": "Hips", "Spine": "Spine", "Spine1": "Chest", "Spine2": "UpperChest", "Neck": "Neck", "Head": "Head"},
    **{"LeftEye": "LeftEye", "RightEye": "RightEye", "Jaw": "Jaw"},
    **_sided(
        {
            **{"{}Shoulder": "Shoulder", "{}Arm": "UpperArm", "{}ForeArm": "LowerArm", "{}Hand": "Hand"},
            **{"{}UpLeg": "UpperLeg", "{}Leg": "LowerLeg", "{}Foot": "Foot", "{}ToeBase": "Toes"},
            **_fingers("{}Hand{finger}{number}", ("Thumb", "Index", "Middle", "Ring", "Pinky")),
        },
        "Left",
        "Right",
    ),
}
_SMPL_BODY = {
    **{"{}Hip": "UpperLeg", "{}Knee": "LowerLeg", "{}Ankle": "Foot", "{}Foot": "Toes"},
    **{"{}Collar": "Shoulder", "{}Shoulder": "UpperArm", "{}Elbow": "LowerArm", "{}Wrist": "Hand"},
}
_SMPL_TRUNK = {"Pelvis": "Hips", "Spine1": "Spine", "Spine2": "Chest", "Spine3": "UpperChest"} | {
    **{"Neck": "Neck", "Head": "Head", "Jaw": "Jaw"}
}

TABLES: dict[str, Table] = {
    "VRM / Unity": {bone: bone for bone in PARENTS},
    "VRoid": {
        **{"J_Bip_C_Hips": "Hips", "J_Bip_C_Spine": "Spine", "J_Bip_C_Chest": "Chest"},
        **{"J_Bip_C_UpperChest": "UpperChest", "J_Bip_C_Neck": "Neck", "J_Bip_C_Head": "Head"},
        **_sided(
            {
                **{f"J_Bip_{{}}_{bone}": bone for bone in ("Shoulder", "UpperArm", "LowerArm", "Hand")},
                **{"J_Bip_{}_UpperLeg": "UpperLeg", "J_Bip_{}_LowerLeg": "LowerLeg", "J_Bip_{}_Foot": "Foot"},
                **{"J_Bip_{}_ToeBase": "Toes", "J_Adj_{}_FaceEye": "Eye"},
                **_fingers("J_Bip_{}_{finger}{number}", ("Thumb", "Index", "Middle", "Ring", "Little")),
            },
            "L",
            "R",
        ),
    },
    "Rigify": {
        **{"spine": "Hips", "spine.001": "Spine", "spine.002": "Chest", "spine.003": "UpperChest"},
        **{"spine.004": "Neck", "spine.006": "Head", "jaw": "Jaw"},
        **_sided(
            {
                **{"shoulder{}": "Shoulder", "upper_arm{}": "UpperArm", "forearm{}": "LowerArm", "hand{}": "Hand"},
                **{"thigh{}": "UpperLeg", "shin{}": "LowerLeg", "foot{}": "Foot", "toe{}": "Toes", "eye{}": "Eye"},
                **{f"thumb.0{n}{{}}": "Thumb" + phalanx for n, phalanx in enumerate(PHALANGES, 1)},
                **{
                    f"f_{name}.0{n}{{}}": finger + phalanx
                    for name, finger in zip(("index", "middle", "ring", "pinky"), FINGERS[1:], strict=True)
                    for n, phalanx in enumerate(PHALANGES, 1)
                },
            },
            ".L",
            ".R",
        ),
    },
    "Mixamo": _MIXAMO,  # also MotionBuilder, Rokoko, LAFAN1
    "CMU": {  # B. Hahne's BVH conversion
        **{joint: bone for joint, bone in _MIXAMO.items() if joint != "Spine2"},
        **{"LowerBack": "Spine", "Spine": "Chest", "Spine1": "UpperChest"},
    },
    "Unreal": {
        **{"pelvis": "Hips", "spine_01": "Spine", "spine_02": "Chest", "spine_03": "UpperChest"},
        **{"neck_01": "Neck", "head": "Head"},
        **_sided(
            {
                **{"clavicle_{}": "Shoulder", "upperarm_{}": "UpperArm", "lowerarm_{}": "LowerArm", "hand_{}": "Hand"},
                **{"thigh_{}": "UpperLeg", "calf_{}": "LowerLeg", "foot_{}": "Foot", "ball_{}": "Toes"},
                **_fingers("{finger}_{number}_{}", ("thumb", "index", "middle", "ring", "pinky"), ("01", "02", "03")),
            },
            "l",
            "r",
        ),
    },
    "SMPL": _SMPL_TRUNK | _sided(_SMPL_BODY, "L_", "R_"),
    "SMPL-X": {
        **_SMPL_TRUNK,
        **_sided(
            _SMPL_BODY | _fingers("{}{finger}{number}", ("thumb", "index", "middle", "ring", "pinky")),
            "left_",
            "right_",
        ),
        **{"left_eye_smplhf": "LeftEye", "right_eye_smplhf": "RightEye"},
    },
    "Biovision": {
        **{"Hips": "Hips", "Chest": "Spine", "Chest2": "Chest", "Chest3": "UpperChest"},
        **{"Neck": "Neck", "Head": "Head"},
        **_sided(
            {
                **{"{}Hip": "UpperLeg", "{}Knee": "LowerLeg", "{}Ankle": "Foot", "{}Toe": "Toes"},
                **{"{}Collar": "Shoulder", "{}Shoulder": "UpperArm", "{}Elbow": "LowerArm", "{}Wrist": "Hand"},
            },
            "Left",
            "Right",
        ),
    },
    "VRChat": {
        **{"Hips": "Hips", "Spine": "Spine", "Chest": "Chest", "Upper Chest": "UpperChest"},
        **{"Neck": "Neck", "Head": "Head"},
        **_sided(
            {
                **{"{} shoulder": "Shoulder", "{} arm": "UpperArm", "{} elbow": "LowerArm", "{} wrist": "Hand"},
                **{"{} leg": "UpperLeg", "{} knee": "LowerLeg", "{} ankle": "Foot", "{} toe": "Toes"},
            },
            "Left",
            "Right",
        ),
    },
    "3ds Max Biped": {
        **{"Bip01 Pelvis": "Hips", "Bip01 Spine": "Spine", "Bip01 Spine1": "Chest", "Bip01 Spine2": "UpperChest"},
        **{"Bip01 Neck": "Neck", "Bip01 Head": "Head"},
        **_sided(
            {
                **{"Bip01 {} Clavicle": "Shoulder", "Bip01 {} UpperArm": "UpperArm", "Bip01 {} Forearm": "LowerArm"},
                **{"Bip01 {} Hand": "Hand", "Bip01 {} Thigh": "UpperLeg", "Bip01 {} Calf": "LowerLeg"},
                **{"Bip01 {} Foot": "Foot", "Bip01 {} Toe0": "Toes"},
            },
            "L",
            "R",
        ),
    },
}
"""Rig to its bones' names and what they are. Case, spaces, `_`, `-`, `.` and a prefix up to `:` do not matter."""

_WORDS: Table = {
    **dict.fromkeys(("hips", "hip", "pelvis"), "Hips"),
    **dict.fromkeys(("spine", "spine0", "spine1", "spine01", "spinelower"), "Spine"),
    **dict.fromkeys(("chest", "spine2", "spine02", "spinemid"), "Chest"),
    **dict.fromkeys(("upperchest", "chest2", "spine3", "spine03", "spineupper"), "UpperChest"),
    **dict.fromkeys(("neck", "neck1", "neck01"), "Neck"),
    "head": "Head",
}
_SIDED_WORDS: Table = {
    **dict.fromkeys(("shoulder", "clavicle", "collar", "collarbone"), "Shoulder"),
    **dict.fromkeys(("upperarm", "arm", "uparm", "armupper", "bicep"), "UpperArm"),
    **dict.fromkeys(("lowerarm", "forearm", "elbow", "armlower"), "LowerArm"),
    **dict.fromkeys(("hand", "wrist"), "Hand"),
    **dict.fromkeys(("upperleg", "thigh", "upleg", "legupper"), "UpperLeg"),
    **dict.fromkeys(("lowerleg", "calf", "shin", "knee", "leglower", "leg"), "LowerLeg"),
    **dict.fromkeys(("foot", "ankle"), "Foot"),
    **dict.fromkeys(("toe", "toes", "ball", "toebase"), "Toes"),
    "eye": "Eye",
}
_SIDE = re.compile(r"^(left|right|l|r)[\s_.\-]+|[\s_.\-]+(left|right|l|r)$|^(left|right)(?=[a-z])|(left|right)$", re.I)


def best_mapping(bones: Sequence[str]) -> tuple[str, dict[str, str]]:
    """The rig and its humanoid bones to the bones' names, by the table that finds most among `bones`.

    Names that are in no table are read word by word, if that finds more. Of equals the first wins.
    """
    found = []
    for rig, table in TABLES.items():
        by_plain_name = {_plain(name): bone for name, bone in table.items()}
        mapping: dict[str, str] = {}
        for name in bones:
            bone = by_plain_name.get(_plain(name))
            if bone is not None:
                mapping.setdefault(bone, name)
        found.append((rig, mapping))
    mapping = {}
    for name in bones:
        bone = _read(name)
        if bone is not None:
            mapping.setdefault(bone, name)
    found.append(("names", mapping))
    return max(found, key=lambda entry: len(entry[1]))


def _read(name: str) -> str | None:
    """What a name says in words, such as `Left arm` or `UpperLeg.R`."""
    name = name.rsplit(":", 1)[-1]
    match = _SIDE.search(name)
    if match is None:
        return _WORDS.get(_plain(name))
    side = SIDES["right".startswith(match.group(0).strip(" _.-").lower())]
    bone = _SIDED_WORDS.get(_plain(name[: match.start()] + name[match.end() :]))
    return side + bone if bone else None


def _plain(name: str) -> str:
    return re.sub(r"[\s_.\-]", "", name.rsplit(":", 1)[-1]).lower()
