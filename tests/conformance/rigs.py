"""Rigs by the names of their joints and how they hang, as programs write them; no motion and no lengths."""

from collections.abc import Mapping, Sequence

from data.rigs.rig_names import BONE_PARENTS, LABELS, NAMES
from tests.foreign_rigs import BONES, RIGS

Rig = tuple[tuple[str, ...], tuple[int, ...]]
"""Names of joints, and the index of each one's parent, -1 for the root."""

ABOVE = {
    **{"Hips": "", "Spine": "Hips", "Chest": "Spine", "Neck": "Chest", "Head": "Neck"},
    **{side + "Shoulder": "Chest" for side in ("Left", "Right")},
    **{side + "UpperLeg": "Hips" for side in ("Left", "Right")},
    **{
        side + bone: side + above
        for side in ("Left", "Right")
        for bone, above in (
            *(("UpperArm", "Shoulder"), ("LowerArm", "UpperArm"), ("Hand", "LowerArm")),
            *(("LowerLeg", "UpperLeg"), ("Foot", "LowerLeg"), ("Toes", "Foot")),
        )
    },
}


def tree(text: str) -> Rig:
    """A rig from lines of `joint > child > grandchild`; what begins a line is there already, or is the root."""
    names: list[str] = []
    parents: list[int] = []
    for line in text.strip().splitlines():
        above = -1
        for name in (part.strip() for part in line.split(" > ")):
            if name not in names:
                names.append(name)
                parents.append(above)
            above = names.index(name)
    return tuple(names), tuple(parents)


def both(text: str, left: str = "Left", right: str = "Right") -> str:
    """The lines for both sides: `{}` is the side's mark."""
    return "\n".join(line.replace("{}", mark) for mark in (left, right) for line in text.strip().splitlines())


TREES: Mapping[str, str] = {
    "CMU, B. Hahne's": "Hips > LowerBack > Spine > Spine1 > Neck > Neck1 > Head\n"
    + both("Hips > {0}HipJoint > {}UpLeg > {}Leg > {}Foot > {}ToeBase").replace("Left0", "L").replace("Right0", "R")
    + "\n"
    + both("Spine1 > {}Shoulder > {}Arm > {}ForeArm > {}Hand > {}FingerBase > {}HandIndex1\n{}Hand > {}Thumb"),
    "Mixamo with eyes and ends": "mixamorig:Hips > mixamorig:Spine > mixamorig:Spine1 > mixamorig:Spine2"
    " > mixamorig:Neck > mixamorig:Head > mixamorig:HeadTop_End\nmixamorig:Head > mixamorig:LeftEye\n"
    "mixamorig:Head > mixamorig:RightEye\n"
    + both(
        "mixamorig:Spine2 > mixamorig:{}Shoulder > mixamorig:{}Arm > mixamorig:{}ForeArm > mixamorig:{}Hand"
        " > mixamorig:{}HandThumb1 > mixamorig:{}HandThumb2 > mixamorig:{}HandThumb3 > mixamorig:{}HandThumb4\n"
        "mixamorig:Hips > mixamorig:{}UpLeg > mixamorig:{}Leg > mixamorig:{}Foot > mixamorig:{}ToeBase"
        " > mixamorig:{}Toe_End"
    ),
    "LAFAN1": "Hips > Spine > Spine1 > Spine2 > Neck > Head\n"
    + both("Hips > {}UpLeg > {}Leg > {}Foot > {}Toe\nSpine2 > {}Shoulder > {}Arm > {}ForeArm > {}Hand"),
    "SMPL": "Pelvis > Spine1 > Spine2 > Spine3 > Neck > Head\n"
    + both(
        "Pelvis > {}_Hip > {}_Knee > {}_Ankle > {}_Foot\n"
        "Spine3 > {}_Collar > {}_Shoulder > {}_Elbow > {}_Wrist > {}_Hand",
        "L",
        "R",
    ),
    "SMPL-X": "pelvis > spine1 > spine2 > spine3 > neck > head > jaw\nhead > left_eye_smplhf\nhead > right_eye_smplhf\n"
    + both(
        "pelvis > {}_hip > {}_knee > {}_ankle > {}_foot\nspine3 > {}_collar > {}_shoulder > {}_elbow > {}_wrist\n"
        "{}_wrist > {}_index1 > {}_index2 > {}_index3\n{}_wrist > {}_thumb1 > {}_thumb2 > {}_thumb3",
        "left",
        "right",
    ),
    "Biovision": "Hips > Chest > Chest2 > Chest3 > Chest4 > Neck > Head\n"
    + both("Hips > {}Hip > {}Knee > {}Ankle > {}Toe\nChest4 > {}Collar > {}Shoulder > {}Elbow > {}Wrist"),
    "VRChat": "Armature > Hips > Spine > Chest > Neck > Head > LeftEye\nHead > RightEye\n"
    + both("Hips > {} leg > {} knee > {} ankle > {} toe\nChest > {} shoulder > {} arm > {} elbow > {} wrist"),
    "Rigify, deforming bones with twists": "DEF-spine > DEF-spine.001 > DEF-spine.002 > DEF-spine.003 > DEF-spine.004"
    " > DEF-spine.005 > DEF-spine.006\n"
    + both(
        "DEF-spine > DEF-pelvis{}\nDEF-spine > DEF-thigh{} > DEF-thigh{}.001 > DEF-shin{} > DEF-shin{}.001 > DEF-foot{}"
        " > DEF-toe{}\nDEF-spine.003 > DEF-shoulder{} > DEF-upper_arm{} > DEF-upper_arm{}.001 > DEF-forearm{}"
        " > DEF-forearm{}.001 > DEF-hand{}\nDEF-spine.003 > DEF-breast{}",
        ".L",
        ".R",
    ),
    "Unreal mannequin with twists": "root > pelvis > spine_01 > spine_02 > spine_03 > neck_01 > head\n"
    "root > ik_foot_root > ik_foot_l\nik_foot_root > ik_foot_r\n"
    + both(
        "pelvis > thigh_{} > calf_{} > foot_{} > ball_{}\ncalf_{} > calf_twist_01_{}\n"
        "spine_03 > clavicle_{} > upperarm_{} > lowerarm_{} > hand_{} > index_01_{} > index_02_{} > index_03_{}\n"
        "upperarm_{} > upperarm_twist_01_{}\nthigh_{} > thigh_twist_01_{}",
        "l",
        "r",
    ),
    "Character Creator with its whole back": "CC_Base_BoneRoot > CC_Base_Hip > CC_Base_Pelvis\nCC_Base_Hip"
    " > CC_Base_Waist > CC_Base_Spine01 > CC_Base_Spine02 > CC_Base_NeckTwist01 > CC_Base_NeckTwist02 > CC_Base_Head\n"
    + both(
        "CC_Base_Pelvis > CC_Base_{}_Thigh > CC_Base_{}_Calf > CC_Base_{}_Foot > CC_Base_{}_ToeBase\n"
        "CC_Base_Spine02 > CC_Base_{}_Clavicle > CC_Base_{}_Upperarm > CC_Base_{}_Forearm > CC_Base_{}_Hand"
        " > CC_Base_{}_Mid1 > CC_Base_{}_Mid2 > CC_Base_{}_Mid3",
        "L",
        "R",
    ),
    "3ds Max Biped with fingers": "Bip001 > Bip001 Pelvis > Bip001 Spine > Bip001 Spine1 > Bip001 Neck > Bip001 Head\n"
    "Bip001 > Bip001 Footsteps\n"
    + both(
        "Bip001 Pelvis > Bip001 {} Thigh > Bip001 {} Calf > Bip001 {} Foot > Bip001 {} Toe0\n"
        "Bip001 Neck > Bip001 {} Clavicle > Bip001 {} UpperArm > Bip001 {} Forearm > Bip001 {} Hand\n"
        "Bip001 {} Hand > Bip001 {} Finger0 > Bip001 {} Finger01 > Bip001 {} Finger02\n"
        "Bip001 {} Hand > Bip001 {} Finger1 > Bip001 {} Finger11",
        "L",
        "R",
    ),
}


def whole(table: Mapping[str, str]) -> Rig:
    """The rig of a table with every bone that it has a name for, the usual name of each."""
    joint_of = {bone: joint for joint, bone in table.items()}
    names: list[str] = []
    parents: list[int] = []
    for bone, above in BONE_PARENTS.items():
        while above and above not in joint_of:
            above = BONE_PARENTS[above]
        if bone in joint_of:
            names.append(joint_of[bone])
            parents.append(names.index(joint_of[above]) if above else -1)
    return tuple(names), tuple(parents)


def plain(names: Sequence[str], without: Sequence[str] = ()) -> Rig:
    """The rig of 21 joints with names in the order of `BONES`."""
    kept = [bone for bone in BONES if bone not in without]
    return (
        tuple(names[BONES.index(bone)] for bone in kept),
        tuple(kept.index(ABOVE[bone]) if ABOVE[bone] else -1 for bone in kept),
    )


def all_rigs() -> dict[str, Rig]:
    """Every rig, by what people call it."""
    return {
        **{f"{LABELS[rig]}, as its table": whole(table) for rig, table in NAMES.items()},
        **{name: plain(names) for name, names in RIGS.items()},
        **{f"{name}, without toes": plain(RIGS[name], ("LeftToes", "RightToes")) for name in ("Poser", "SlimeVR")},
        **{name: tree(text) for name, text in TREES.items()},
    }
