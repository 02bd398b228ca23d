"""BVH files of one dance as other programs write them: their names of joints, units, roots and habits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from data.formats.bvh import write_bvh
from data.motion import rotations
from data.motion.motion import Motion
from data.motion.skeleton import Skeleton

BONES = (
    *("Hips", "Spine", "Chest", "Neck", "Head"),
    *(side + bone for side in ("Left", "Right") for bone in ("Shoulder", "UpperArm", "LowerArm", "Hand")),
    *(side + bone for side in ("Left", "Right") for bone in ("UpperLeg", "LowerLeg", "Foot", "Toes")),
)


def sided(pattern: str, left: str, right: str, limbs: Sequence[str]) -> tuple[str, ...]:
    """Names of the eight joints of both sides; the pattern has a place for the side and one for the limb."""
    return tuple(pattern.format(side=side, limb=limb) for side in (left, right) for limb in limbs)


def rig(
    middle: Sequence[str], pattern: str, left: str, right: str, arms: Sequence[str], legs: Sequence[str]
) -> tuple[str, ...]:
    """A rig's names in the order of `BONES`."""
    return (*middle, *sided(pattern, left, right, arms), *sided(pattern, left, right, legs))


MIXAMO = (
    ("Hips", "Spine", "Spine1", "Neck", "Head"),
    ("Shoulder", "Arm", "ForeArm", "Hand"),
    ("UpLeg", "Leg", "Foot", "ToeBase"),
)


def prefixed(prefix: str) -> tuple[str, ...]:
    middle, arms, legs = MIXAMO
    return rig([prefix + name for name in middle], prefix + "{side}{limb}", "Left", "Right", arms, legs)


RIGS: Mapping[str, tuple[str, ...]] = {
    "mocopi": rig(
        ("root", "torso_1", "torso_7", "neck_1", "head"), "{side}_{limb}", "l", "r",
        ("shoulder", "up_arm", "low_arm", "hand"), ("up_leg", "low_leg", "foot", "toes"),
    ),
    "Motive": rig(
        ("Hip", "Ab", "Chest", "Neck", "Head"), "{side}{limb}", "L", "R",
        ("Shoulder", "UArm", "FArm", "Hand"), ("Thigh", "Shin", "Foot", "Toe"),
    ),
    "Poser": rig(
        ("hip", "abdomen", "chest", "neck", "head"), "{side}{limb}", "l", "r",
        ("Collar", "Shldr", "ForeArm", "Hand"), ("Thigh", "Shin", "Foot", "Toe"),
    ),
    "Daz": rig(
        ("hip", "abdomenLower", "chestLower", "neckLower", "head"), "{side}{limb}", "l", "r",
        ("Collar", "ShldrBend", "ForearmBend", "Hand"), ("ThighBend", "Shin", "Foot", "Toe"),
    ),
    "Biped": rig(
        ("Bip01", "Bip01 Spine", "Bip01 Spine1", "Bip01 Neck", "Bip01 Head"), "Bip01 {side} {limb}", "L", "R",
        ("Clavicle", "UpperArm", "Forearm", "Hand"), ("Thigh", "Calf", "Foot", "Toe0"),
    ),
    "Biped of three digits": rig(
        ("Bip001 Pelvis", "Bip001 Spine", "Bip001 Spine1", "Bip001 Neck", "Bip001 Head"), "Bip001 {side} {limb}",
        "L", "R",
        ("Clavicle", "UpperArm", "Forearm", "Hand"), ("Thigh", "Calf", "Foot", "Toe0"),
    ),
    "MakeHuman": rig(
        ("root", "spine05", "spine01", "neck01", "head"), "{limb}.{side}", "L", "R",
        ("clavicle", "upperarm01", "lowerarm01", "wrist"), ("upperleg01", "lowerleg01", "foot", "toe1-1"),
    ),
    "HumanIK": prefixed("Character1_"),
    "Neuron": prefixed("Robot_"),
    "Mixamo through three.js": prefixed("mixamorig"),
    "Mixamo with an underscore": prefixed("mixamorig_"),
    "Mixamo of a second figure": prefixed("mixamorig7:"),
    "SlimeVR": rig(
        ("HIP", "WAIST", "CHEST", "NECK", "HEAD"), "{side}_{limb}", "LEFT", "RIGHT",
        ("SHOULDER", "UPPER_ARM", "LOWER_ARM", "HAND"), ("UPPER_LEG", "LOWER_LEG", "FOOT", "TOE"),
    ),
    "Bandai-Namco": rig(
        ("Hips", "Spine", "Chest", "Neck", "Head"), "{limb}_{side}", "L", "R",
        ("Shoulder", "UpperArm", "LowerArm", "Hand"), ("UpperLeg", "LowerLeg", "Foot", "Toes"),
    ),
    "Biovision's sample": rig(
        ("Hips", "Chest", "Chest2", "Neck", "Head"), "{side}{limb}", "Left", "Right",
        ("Collar", "UpArm", "LowArm", "Hand"), ("UpLeg", "LowLeg", "Foot", "Toe"),
    ),
    "Character Creator": rig(
        ("CC_Base_Hip", "CC_Base_Waist", "CC_Base_Spine02", "CC_Base_NeckTwist01", "CC_Base_Head"),
        "CC_Base_{side}_{limb}", "L", "R",
        ("Clavicle", "Upperarm", "Forearm", "Hand"), ("Thigh", "Calf", "Foot", "ToeBase"),
    ),
    "Rigify's deforming bones": rig(
        ("DEF-spine", "DEF-spine.001", "DEF-spine.002", "DEF-spine.004", "DEF-spine.006"), "DEF-{limb}.{side}",
        "L", "R",
        ("shoulder", "upper_arm", "forearm", "hand"), ("thigh", "shin", "foot", "toe"),
    ),
    "Acclaim": rig(
        ("root", "lowerback", "thorax", "upperneck", "head"), "{side}{limb}", "l", "r",
        ("clavicle", "humerus", "radius", "hand"), ("femur", "tibia", "foot", "toes"),
    ),
    "Kinect": rig(
        ("HipCenter", "SpineBase", "SpineMid", "Neck", "Head"), "{limb}{side}", "Left", "Right",
        ("Collar", "Shoulder", "Elbow", "Wrist"), ("Hip", "Knee", "Ankle", "Foot"),
    ),
    "Auto-Rig Pro": rig(
        ("root.x", "spine_01.x", "spine_02.x", "neck.x", "head.x"), "{limb}.{side}", "l", "r",
        ("shoulder", "arm_stretch", "forearm_stretch", "hand"), ("thigh_stretch", "leg_stretch", "foot", "toes_01"),
    ),
    "Advanced Skeleton": rig(
        ("Root_M", "Spine1_M", "Chest_M", "Neck_M", "Head_M"), "{limb}_{side}", "L", "R",
        ("Scapula", "Shoulder", "Elbow", "Wrist"), ("Hip", "Knee", "Ankle", "Toes"),
    ),
    "DeepMotion": rig(
        ("hips_JNT", "spine_JNT", "spine1_JNT", "neck_JNT", "head_JNT"), "{side}_{limb}_JNT", "l", "r",
        ("shoulder", "arm", "forearm", "hand"), ("upleg", "leg", "foot", "toebase"),
    ),
    "Source": rig(
        tuple(f"ValveBiped.Bip01_{name}" for name in ("Pelvis", "Spine", "Spine2", "Neck1", "Head1")),
        "ValveBiped.Bip01_{side}_{limb}", "L", "R",
        ("Clavicle", "UpperArm", "Forearm", "Hand"), ("Thigh", "Calf", "Foot", "Toe0"),
    ),
    "Second Life": rig(
        ("mPelvis", "mTorso", "mChest", "mNeck", "mHead"), "m{limb}{side}", "Left", "Right",
        ("Collar", "Shoulder", "Elbow", "Wrist"), ("Hip", "Knee", "Ankle", "Toe"),
    ),
    "SMPL in Maya": rig(
        ("m_avg_Pelvis", "m_avg_Spine1", "m_avg_Spine2", "m_avg_Neck", "m_avg_Head"), "m_avg_{side}_{limb}", "L", "R",
        ("Collar", "Shoulder", "Elbow", "Wrist"), ("Hip", "Knee", "Ankle", "Foot"),
    ),
    "Xsens": rig(
        ("Pelvis", "L5", "T8", "Neck", "Head"), "{side}{limb}", "Left", "Right",
        ("Shoulder", "UpperArm", "Forearm", "Hand"), ("UpperLeg", "LowerLeg", "Foot", "Toe"),
    ),
    "Movement SDK": rig(
        ("FullBody_Hips", "FullBody_SpineLower", "FullBody_Chest", "FullBody_Neck", "FullBody_Head"),
        "FullBody_{side}{limb}", "Left", "Right",
        ("Shoulder", "ArmUpper", "ArmLower", "HandWrist"), ("UpperLeg", "LowerLeg", "FootAnkle", "FootBall"),
    ),
    "iPi": rig(
        ("Hip", "LowerSpine", "MiddleSpine", "Neck", "Head"), "{side}{limb}", "L", "R",
        ("Clavicle", "Shoulder", "Forearm", "Hand"), ("Thigh", "Shin", "Foot", "Toe"),
    ),
    "what they have in common at the end": rig(
        ("Hips_Ref", "Spine_Ref", "Chest_Ref", "Neck_Ref", "Head_Ref"), "{side}{limb}_Ref", "Left", "Right",
        ("Shoulder", "Arm", "ForeArm", "Hand"), ("UpLeg", "Leg", "Foot", "Toe"),
    ),
    "limbs before up and low": rig(
        ("hips", "spine", "chest", "neck", "head"), "{limb}_{side}", "l", "r",
        ("shoulder", "arm_up", "arm_low", "palm"), ("leg_up", "leg_low", "foot", "toe"),
    ),
    "limbs by number": rig(
        ("HIPS", "SPINE", "CHEST", "NECK", "HEAD"), "{side}_{limb}", "L", "R",
        ("SHOULDER", "ARM_01", "ARM_02", "HAND"), ("LEG_01", "LEG_02", "FOOT", "TOE"),
    ),
    "Chinese": rig(
        ("骨盆", "腰", "胸", "颈", "头"), "{side}{limb}", "左", "右",
        ("锁骨", "上臂", "前臂", "手"), ("大腿", "小腿", "脚踝", "脚"),
    ),
    "MMD": rig(
        ("センター", "上半身", "上半身2", "首", "頭"), "{side}{limb}", "左", "右",
        ("肩", "腕", "ひじ", "手首"), ("足", "ひざ", "足首", "つま先"),
    ),
}  # fmt: skip


def dance(names: Sequence[str] = BONES, *, seconds: float = 2.0, scale: float = 1.0) -> Motion:
    """A dance of a figure of 1.7 m whose joints bear other names; all limbs turn."""
    offset = dict.fromkeys(BONES, (0.0, 0.1, 0.0)) | {"Hips": (0.0, 0.0, 0.0), "Chest": (0.0, 0.15, 0.0)}
    offset["Neck"] = (0.0, 0.25, 0.0)
    for side, x in (("Left", 1.0), ("Right", -1.0)):
        offset |= {f"{side}Shoulder": (0.05 * x, 0.2, 0.0), f"{side}UpperArm": (0.12 * x, 0.0, 0.0)}
        offset |= {f"{side}LowerArm": (0.28 * x, 0.0, 0.0), f"{side}Hand": (0.25 * x, 0.0, 0.0)}
        offset |= {f"{side}UpperLeg": (0.09 * x, -0.05, 0.0), f"{side}LowerLeg": (0.0, -0.42, 0.0)}
        offset |= {f"{side}Foot": (0.0, -0.4, 0.0), f"{side}Toes": (0.0, -0.06, 0.14)}
    above = {"Hips": "", "Spine": "Hips", "Chest": "Spine", "Neck": "Chest", "Head": "Neck"}
    for side in ("Left", "Right"):
        above |= {
            f"{side}Shoulder": "Chest",
            f"{side}UpperArm": f"{side}Shoulder",
            f"{side}LowerArm": f"{side}UpperArm",
        }
        above |= {f"{side}Hand": f"{side}LowerArm", f"{side}UpperLeg": "Hips", f"{side}LowerLeg": f"{side}UpperLeg"}
        above |= {f"{side}Foot": f"{side}LowerLeg", f"{side}Toes": f"{side}Foot"}
    tips = (
        (4, (0.0, 0.2, 0.0)),
        (8, (0.18, 0.0, 0.0)),
        (12, (-0.18, 0.0, 0.0)),
        (16, (0.0, 0.0, 0.06)),
        (20, (0, 0, 0.06)),
    )
    skeleton = Skeleton(
        tuple(names),
        tuple(BONES.index(above[bone]) if above[bone] else -1 for bone in BONES),
        scale * np.array([offset[bone] for bone in BONES]),
        tuple((joint, tuple(scale * value for value in tip)) for joint, tip in tips),
    )
    times_s = np.arange(round(30 * seconds)) / 30
    vectors = np.zeros((len(times_s), len(BONES), 3))
    for joint in range(1, len(BONES)):
        vectors[:, joint, joint % 3] = 0.35 * np.sin(2 * np.pi * (times_s + 0.05 * joint))
    way = np.stack([0.2 * np.sin(times_s), 0.93 + 0.01 * np.cos(times_s), 0.3 * times_s], axis=1)
    return Motion(skeleton, 30.0, scale * way, rotations.from_expmap(vectors))


def write_rig(path: Path, names: Sequence[str] = BONES, *, metres_per_unit: float = 0.01, seconds: float = 2.0) -> Path:
    """The dance as a BVH file of such names."""
    write_bvh(path, dance(names, seconds=seconds), metres_per_unit=metres_per_unit)
    return path


def with_positions(
    path: Path, placed: Mapping[str, np.ndarray], offsets: Mapping[str, Sequence[float]] | None = None
) -> None:
    """Gives joints of a BVH file position channels (frames, 3), in its unit, and other OFFSETs."""
    head, _, tail = path.read_text(encoding="utf-8").partition("MOTION")
    lines = head.splitlines()
    joints = [line.split(maxsplit=1)[1] for line in lines if line.split()[:1] in (["ROOT"], ["JOINT"])]
    rows = [line.split() for line in tail.strip().splitlines()[2:]]
    starts = [0, *(6 + 3 * number for number in range(len(joints) - 1))]
    for number in reversed(range(len(joints))):
        if joints[number] in placed and number:
            for row, place in zip(rows, placed[joints[number]], strict=True):
                row[starts[number] : starts[number]] = [f"{value:.6f}" for value in place]
    current = ""
    for number, line in enumerate(lines):
        words = line.split()
        if words[:1] in (["ROOT"], ["JOINT"]):
            current = line.split(maxsplit=1)[1]
        elif words[:1] == ["CHANNELS"] and current in placed and words[1] == "3":
            lines[number] = line.replace("CHANNELS 3", "CHANNELS 6 Xposition Yposition Zposition")
        elif words[:1] == ["OFFSET"] and current in (offsets or {}):
            lines[number] = "OFFSET " + " ".join(f"{value:g}" for value in (offsets or {})[current])
        elif words[:1] == ["End"]:
            current = ""
    header = tail.strip().splitlines()[:2]
    text = "\n".join([*lines, "MOTION", *header, *(" ".join(row) for row in rows)])
    path.write_text(text + "\n", encoding="utf-8")


def under_root(motion: Motion, name: str = "reference") -> Motion:
    """The same dance on a root that stands still at the world's origin; the hips lose their way."""
    skeleton = motion.skeleton
    offsets = np.concatenate([[[0, 0, 0]], [[0, 0.93, 0]], skeleton.offsets[1:]])
    rooted = Skeleton(
        (name, *skeleton.names),
        (-1, *(parent + 1 for parent in skeleton.parents)),
        offsets,
        tuple((joint + 1, tip) for joint, tip in skeleton.end_sites),
    )
    still = np.tile(np.array([0.0, 0, 0, 1]), (len(motion), 1, 1))
    return replace(
        motion,
        skeleton=rooted,
        root_positions=np.zeros_like(motion.root_positions),
        rotations=np.concatenate([still, motion.rotations], axis=1),
    )
