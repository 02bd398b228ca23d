"""What a BVH file's position channels mean: bones of fixed length, the way of the hips, and the unit of length."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..rigs.rig_reading import ReadingNote, RigMap, read_rig, unused_map, with_map
from ..rigs.rig_tree import descends
from ..rigs.rig_units import UNITS_M, guess_unit, unit_name
from .bvh_text import BvhText

_STILL_M: Final = 1e-3
"""By less a joint does not move on its parent."""
_STRETCH_M: Final = 0.03
"""Suits and solvers stretch bones by millimetres; by more than this no mean length shows what was danced."""


@dataclass
class BvhBones:
    """The figure of a file.

    Attributes:
        metres_per_unit: What one unit of length is.
        mapping: Joint to humanoid bone, as far as it is known.
        hips: Index of the joint whose way is the dancer's; 0 is the root.
        offsets: (joints, 3) float64, the file's unit; of joints up to the hips as the file has them.
        placed: Place on the parent of each joint from the root to the hips, (frames, 3), the file's unit.
        stretched: How far joints move on their parents that have their mean places, metres.
        notes: A sentence for whatever is not as the file says.
    """

    metres_per_unit: float
    mapping: dict[str, str]
    hips: int
    offsets: NDArray[np.float64]
    placed: dict[int, NDArray[np.float64]]
    stretched: dict[str, float] = field(default_factory=dict)
    notes: list[ReadingNote] = field(default_factory=list)


def bones_of(content: BvhText, metres_per_unit: float | None, rig_map: RigMap | None = None) -> BvhBones:
    """The figure of a file's text.

    The root's position channels are the figure's way. Where a joint between the root and the hips has such a way too,
    it is the hips' way that counts, and `hips` tells of them. Any other joint keeps its place on its parent: the
    OFFSET, where exporters repeat it in the channels or write zeros; another place, where they hold another; and the
    mean, where it moves by up to three centimetres, as bones of suits do.

    Args:
        content: The text.
        metres_per_unit: What one unit of length is; None guesses it from the legs.
        rig_map: What is said of the joints beside what their names tell.

    Raises:
        ValueError: A joint moves on its parent by more.
    """
    names = [joint.name for joint in content.joints]
    parents = [joint.parent for joint in content.joints]
    mapping = read_rig(names, parents)[1]
    if rig_map is not None:
        mapping = with_map(mapping, rig_map, names)
    moved = _placed(content)
    bones = BvhBones(0.01, mapping, 0, np.array([joint.offset for joint in content.joints]), {})
    bones.notes += unused_map(rig_map, names)
    bones.metres_per_unit = metres_per_unit or _guessed(bones, moved, names, parents)
    still = _STILL_M / bones.metres_per_unit
    joint_of = {bone: names.index(joint) for joint, bone in mapping.items()}
    line = _line(parents, joint_of.get("Hips", 0))
    if any(float(np.ptp(moved[joint], axis=0).max()) > still for joint in line[1:] if joint in moved):
        bones.hips = line[-1]
    for joint in range(len(names)):
        where = moved.get(joint)
        if joint == 0 or (bones.hips and joint in line):
            if where is None or (joint and np.abs(where).max() == 0):  # exporters that write zeros mean the OFFSET
                where = np.tile(bones.offsets[joint], (len(content.values), 1))
            bones.placed[joint] = where
        elif where is not None:
            matters = not joint_of or any(descends(parents, bone, joint) for bone in joint_of.values())
            bones.offsets[joint] = _fixed(bones, names[joint], bones.offsets[joint], where, matters=matters)
    if bones.stretched:
        shown, most_m = list(bones.stretched)[:3], max(bones.stretched.values())
        more = f" and {len(bones.stretched) - len(shown)} more" if len(bones.stretched) > len(shown) else ""
        text = (
            f"joints move on their parents by up to {100 * most_m:.1f} cm, {', '.join(shown)}{more}: bones have their "
            "mean lengths"
        )
        bones.notes.append(ReadingNote("stretch", text, most_m))
    return bones


def carried_joints(content: BvhText, rig_map: RigMap | None = None) -> list[int]:
    """The joints from the root to the hips, whose position channels are the figure's way."""
    names = [joint.name for joint in content.joints]
    parents = [joint.parent for joint in content.joints]
    mapping = read_rig(names, parents)[1]
    if rig_map is not None:
        mapping = with_map(mapping, rig_map, names)
    hips = next((joint for joint, bone in mapping.items() if bone == "Hips"), names[0])
    return _line(parents, names.index(hips))


def _placed(content: BvhText) -> dict[int, NDArray[np.float64]]:
    """What position channels say, (frames, 3), of each joint that has any."""
    moved = {}
    column = 0
    for index, joint in enumerate(content.joints):
        channels = joint.channels or ()
        if any(channel[1] == "p" for channel in channels):
            placed = np.array(joint.offset) + np.zeros((len(content.values), 3))
            for number, channel in enumerate(channels):
                if channel[1] == "p":
                    placed[:, "xyz".index(channel[0])] = content.values[:, column + number]
            moved[index] = placed
        column += len(channels)
    return moved


def _line(parents: Sequence[int], joint: int) -> list[int]:
    """The joints from the root to one."""
    line = [joint]
    while parents[line[0]] >= 0:
        line.insert(0, parents[line[0]])
    return line


def _guessed(
    bones: BvhBones, moved: dict[int, NDArray[np.float64]], names: Sequence[str], parents: Sequence[int]
) -> float:
    """Metres in the file's unit, by its legs; what is not the usual centimetre is noted."""
    legs = []
    joint_of = {bone: names.index(joint) for joint, bone in bones.mapping.items()}
    for side in ("Left", "Right"):
        upper, foot = joint_of.get(f"{side}UpperLeg"), joint_of.get(f"{side}Foot", joint_of.get(f"{side}LowerLeg"))
        if upper is None or foot is None or not descends(parents, foot, upper):
            continue
        leg, joint = 0.0, foot
        while joint != upper:
            where = moved.get(joint)
            is_given = where is not None and float(np.abs(where).max()) > 0.0
            offset = np.median(where, axis=0) if where is not None and is_given else bones.offsets[joint]
            leg += float(np.linalg.norm(offset))
            joint = parents[joint]
        legs.append(leg if f"{side}Foot" in joint_of else 2.0 * leg)
    leg = float(np.mean(legs)) if legs else 0.0
    metres = guess_unit(leg)
    if metres != UNITS_M["cm"]:
        text = (
            f"lengths are taken to be in {unit_name(metres)}, since the legs are {leg:.3g} long; --unit says it if "
            "that is wrong"
        )
        bones.notes.append(ReadingNote("unit", text, metres))
    return metres


def _fixed(
    bones: BvhBones, name: str, offset: NDArray[np.float64], placed: NDArray[np.float64], *, matters: bool
) -> NDArray[np.float64]:
    """The one place on its parent that a joint's position channels stand for."""
    metres = bones.metres_per_unit
    still = _STILL_M / metres
    if np.abs(placed - offset).max() <= still or np.abs(placed).max() == 0:
        return offset
    middle = np.median(placed, axis=0)
    frame = int(np.abs(placed - middle).max(axis=1).argmax())
    if np.abs(placed[frame] - middle).max() <= still:
        return middle
    mean = np.asarray(placed.mean(axis=0))
    frame = int(np.linalg.norm(placed - mean, axis=1).argmax())
    away_m = float(np.linalg.norm(placed[frame] - mean)) * metres
    if away_m > _STRETCH_M and matters:
        raise ValueError(
            f"position channels move joint {name!r} on its parent by {100 * away_m:.0f} cm (frame {frame + 1}), which "
            "a skeleton of fixed bones cannot show; export with rotations only"
        )
    if matters:
        bones.stretched[name] = away_m
    return mean
