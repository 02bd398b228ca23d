"""How far a rig's rest pose is from a T, by the places of its joints: so an A-pose rig and a T-pose rig do the same.

`t_pose` asks the same of a recording, whose joints have frames of their own. The Blender extension has a byte-equal
copy of this file, and the page is held to it by the conformance fixtures.
"""

from collections.abc import Container, Mapping
from typing import Final

import numpy as np

from ..rigs.rig_names import BONE_PARENTS
from .rotations import SMALLEST_LENGTH, Floats, angle_between, between, multiply, rotate

SIDES: Final = ("Left", "Right")
_IDENTITY: Final = np.array([0.0, 0.0, 0.0, 1.0])
_DOWN: Final = (0.0, -1.0, 0.0)
_LARGEST_SLANT_RAD: Final = np.deg2rad(50.0)
"""A bone that is farther than this from where it should point does not slant: it is posed otherwise."""

_NEXT: Final = {
    **{side + bone: side + child for side in SIDES for bone, child in (("UpperArm", "LowerArm"), ("LowerArm", "Hand"))},
    **{side + bone: side + child for side in SIDES for bone, child in (("UpperLeg", "LowerLeg"), ("LowerLeg", "Foot"))},
}


def t_pose_turns(heads: Mapping[str, Floats]) -> dict[str, Floats]:
    """For each bone the turn (4,), in the world, from its rest pose to where it is in a T.

    Upper and lower arms come to lie along X, upper and lower legs along Y, each turned the shortest way; what hangs on
    them follows. Feet stay flat: a figure that stands with its legs apart still has its soles on the floor. All others
    keep their slant, which is the figure's own (a curved back, sloping shoulders).

    Args:
        heads: Bone to the place of its joint at rest (3,); Y up, the figure faces +Z.
    """
    turns: dict[str, Floats] = {}
    for bone in BONE_PARENTS:
        if bone not in heads:
            continue
        above = _nearest_parent(bone, heads)
        turn = turns[above] if above else _IDENTITY
        if bone.endswith(("Foot", "Toes")) and angle_between(turn, _IDENTITY) < _LARGEST_SLANT_RAD:
            turn = _IDENTITY
        following = _NEXT.get(bone)
        if following in heads:
            assert following is not None
            direction = np.array(_DOWN if bone.endswith("Leg") else (1.0 if bone.startswith("Left") else -1.0, 0, 0))
            points = rotate(turn, heads[following] - heads[bone])
            if np.linalg.norm(points) > SMALLEST_LENGTH:
                turn = multiply(between(points, direction), turn)
        turns[bone] = turn
    return turns


def t_pose_heads(heads: Mapping[str, Floats], turns: Mapping[str, Floats]) -> dict[str, Floats]:
    """Places of the joints (3,) in the T, the first bone where it was."""
    placed: dict[str, Floats] = {}
    for bone in BONE_PARENTS:
        if bone in heads:
            above = _nearest_parent(bone, heads)
            placed[bone] = (
                placed[above] + rotate(turns[above], heads[bone] - heads[above]) if above else np.array(heads[bone])
            )
    return placed


def leg_m(heads: Mapping[str, Floats]) -> float | None:
    """From the hips down to the ankles, in a T; None for a figure without whole legs."""
    feet = [heads[side + "Foot"][1] for side in SIDES if side + "Foot" in heads]
    if not feet or "Hips" not in heads:
        return None
    return float(heads["Hips"][1] - np.mean(feet))


def _nearest_parent(bone: str, present: Container[str]) -> str:
    """The nearest bone above that is present, or an empty string."""
    parent = BONE_PARENTS[bone]
    while parent and parent not in present:
        parent = BONE_PARENTS[parent]
    return parent
