"""The 55 bones of Unity's HumanBodyBones, by which rigs, streams and takes understand each other."""

from typing import Final

from .._vendor.rigs.rig_names import BONE_PARENTS, TRUNK

__all__ = ["BONES", "PARENTS", "SIDES", "TRUNK", "nearest_parent"]

SIDES: Final = ("Left", "Right")
PARENTS: Final = BONE_PARENTS
"""Every bone's parent, parents first; where a figure lacks the parent, the parent's parent takes its place."""

BONES: Final = tuple(PARENTS)


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
