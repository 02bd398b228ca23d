"""The 55 bones of Unity's HumanBodyBones, by which rigs, streams and takes understand each other."""

FINGERS = ("Thumb", "Index", "Middle", "Ring", "Little")
PHALANGES = ("Proximal", "Intermediate", "Distal")
SIDES = ("Left", "Right")
TRUNK = ("Spine", "Chest", "UpperChest")

_SIDED = {
    **{"Shoulder": "UpperChest", "UpperArm": "Shoulder", "LowerArm": "UpperArm", "Hand": "LowerArm"},
    **{finger + "Proximal": "Hand" for finger in FINGERS},
    **{finger + "Intermediate": finger + "Proximal" for finger in FINGERS},
    **{finger + "Distal": finger + "Intermediate" for finger in FINGERS},
    **{"UpperLeg": "Hips", "LowerLeg": "UpperLeg", "Foot": "LowerLeg", "Toes": "Foot"},
}

PARENTS: dict[str, str] = {
    **{"Hips": "", "Spine": "Hips", "Chest": "Spine", "UpperChest": "Chest", "Neck": "UpperChest", "Head": "Neck"},
    **{"LeftEye": "Head", "RightEye": "Head", "Jaw": "Head"},
    **{
        side + bone: parent if parent in ("Hips", "UpperChest") else side + parent
        for side in SIDES
        for bone, parent in _SIDED.items()
    },
}
"""Every bone's parent, parents first; where a figure lacks the parent, the parent's parent takes its place."""

BONES = tuple(PARENTS)


def nearest_parent(bone: str, present: "set[str] | frozenset[str] | dict[str, int]") -> str:
    """The nearest bone above that is present, or an empty string.

    Example:
        >>> nearest_parent("Neck", {"Hips", "Spine", "Chest"})  # this figure has no UpperChest
        'Chest'
    """
    parent = PARENTS[bone]
    while parent and parent not in present:
        parent = PARENTS[parent]
    return parent
