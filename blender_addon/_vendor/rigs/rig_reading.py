"""Which joint of a rig is which humanoid bone: by tables, word by word, or as a file says; and what stays unknown."""

import codecs
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .rig_names import BONE_PARENTS, HUMANOID, LABELS, TRUNK, best_table
from .rig_shape import guess_by_shape
from .rig_tree import children_of
from .rig_words import CORE, families, read_words

RigMap = Mapping[str, str | None]
"""What a file of `--map` says: joint to humanoid bone, None for a joint that is none."""

_NONE: Final = "-"
NO_JOINT: Final = "--map FILE names none of its joints"


class ReadingNote(NamedTuple):
    """What of a file is left out, guessed, or not as the file has it.

    Attributes:
        kind: unit, joints, stretch, names, map, or body where no body can be identified.
        text: A sentence for people, without the file's name.
        value: Of a unit its metres, of what stretches the metres; else 0.
    """

    kind: str
    text: str
    value: float = 0.0


_TURNS_RAD: Final = np.deg2rad(10.0)
"""A joint that turns by less in a whole recording does not move a figure."""
_REACH: Final = 0.1
"""What a joint moves matters from this share of the figure's size on: fingers, eyes and toes are less."""
_BETWEEN: Final = 0.02


def read_rig(names: Sequence[str], parents: Sequence[int] | None = None) -> tuple[str, dict[str, str]]:
    """What kind of rig has these joints, and each joint's humanoid bone.

    By the table of `rig_names.NAMES` that finds most; where that finds more of a whole figure, or as much of it and
    more beside, by one that knows the names without what many joints have in common, or word by word.

    Example:
        >>> kind, mapping = read_rig(["Hip", "LThigh", "LShin", "RThigh", "RShin"])
        >>> kind, mapping["RShin"]
        ('names', 'RightLowerLeg')
    """
    candidates = [best_table(names)]
    for members in families(names)[1:]:
        joints = {"".join(words): names[index] for index, words in members.items()}
        rig, by_table = best_table(list(joints))
        candidates.append((rig, {joints[joint]: bone for joint, bone in by_table.items()}))
    candidates.append(("names", read_words(names, parents)))
    kind, mapping = max(candidates, key=lambda candidate: _size(candidate[1]))
    return LABELS.get(kind, kind), mapping


def _size(mapping: Mapping[str, str]) -> tuple[int, int]:
    """How much of a whole figure is known, and how many bones in all but fingers and the face."""
    bones = set(mapping.values())
    return len(bones & set(CORE)), sum(not _is_small(bone) for bone in bones)


def read_map(path: Path) -> dict[str, str | None]:
    """A file that says which joint is which bone: `joint = Bone`, a line each or with ; between, or the same as JSON.

    `joint = -` takes a joint out. What stands behind # is for people. Joints that it does not name are read as ever.

    Raises:
        ValueError: A line cannot be meant; the message names it.
        OSError: The file cannot be read.
    """
    try:
        content = path.read_bytes()
        # PowerShell's `>` writes UTF-16
        is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = content.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path}: not text in UTF-8: save it so") from None
    entries: list[tuple[str, str, str]] = []
    if text.lstrip().startswith("{"):
        try:
            entries = [(str(path), joint, bone) for joint, bone in json.loads(text).items()]
        except ValueError as error:
            raise ValueError(f"{path}: not the JSON of a map of joints ({error})") from None
    else:
        for number, line in enumerate(text.splitlines(), 1):
            for entry in line.split("#", 1)[0].split(";"):  # as our messages write them
                joint, sign, bone = entry.strip().rpartition("=")
                if not sign and entry.strip():
                    what = f"{path}, line {number}: {entry.strip()!r}"
                    raise ValueError(f"{what} is no `joint = Bone`, such as `lThigh = LeftUpperLeg`")
                if sign:
                    entries.append((f"{path}, line {number}", joint.strip(), bone.strip()))
    bones = {bone.lower(): bone for bone in HUMANOID}
    found: dict[str, str | None] = {}
    for where, joint, bone in entries:
        if not isinstance(bone, str) or (bone != _NONE and bone.lower() not in bones):
            raise ValueError(
                f"{where}: {bone!r} is no humanoid bone: they are {', '.join(HUMANOID)}, or {_NONE} for none"
            )
        if joint in found:
            raise ValueError(f"{where}: {joint!r} stands there twice")
        found[joint] = None if bone == _NONE else bones[bone.lower()]
    if not found:
        raise ValueError(f"{path}: no line says which joint is which bone, such as `lThigh = LeftUpperLeg`")
    return found


def map_text(mapping: Mapping[str, str]) -> str:
    """A mapping as `read_map` reads it, in one line for a message."""
    order = list(BONE_PARENTS)
    some = sorted(mapping.items(), key=lambda entry: order.index(entry[1]))
    return "; ".join(f"{joint} = {bone}" for joint, bone in some)


def with_map(mapping: Mapping[str, str], rig_map: RigMap, names: Sequence[str]) -> dict[str, str]:
    """A mapping in which what a file says takes the place of what was read.

    Raises:
        ValueError: The file names joints of this figure and others that it has not. A file none of whose joints is here
            is another rig's, and changes nothing.
    """
    missing = [joint for joint in rig_map if joint not in names]
    if len(missing) == len(rig_map):
        return dict(mapping)
    if missing:
        raise ValueError(f"--map names {', '.join(missing)}, and the joints are {', '.join(names)}")
    chosen = {joint: bone for joint, bone in rig_map.items() if bone is not None}
    kept = {j: bone for j, bone in mapping.items() if j not in rig_map and bone not in chosen.values()}
    return kept | chosen


def unused_map(rig_map: RigMap | None, names: Sequence[str]) -> list[ReadingNote]:
    """A note where a file says nothing of a figure."""
    if not rig_map or set(rig_map) & set(names):
        return []
    few = ", ".join(list(rig_map)[:2])
    return [ReadingNote("map", f"{NO_JOINT} ({few}, ...) and changes nothing")]


def missing_bones(mapping: Mapping[str, str]) -> list[str]:
    """What a figure needs and a mapping lacks: hips, upper legs and something above the hips."""
    found = set(mapping.values())
    missing = sorted({"Hips", "LeftUpperLeg", "RightUpperLeg"} - found)
    if not {*TRUNK, "Neck", "Head"} & found:
        missing.append("Spine")
    return missing


def unknown_rig(
    mapping: Mapping[str, str], names: Sequence[str], parents: Sequence[int], places: NDArray[np.float64]
) -> str:
    """A sentence for a rig that cannot be read, with the way out and the mapping that its shape suggests."""
    guess = guess_by_shape(names, parents, places)
    sentence = (
        f"cannot tell which joints are {', '.join(missing_bones(mapping))} among {', '.join(names)}; "
        "say it with --map FILE, a line `joint = Bone` each"
    )
    return f"{sentence}; by its shape it may be: {map_text(guess)}" if guess else sentence


def _is_small(bone: str) -> bool:
    """Whether it is a finger, an eye or the jaw."""
    return bone.endswith(("Proximal", "Intermediate", "Distal", "Eye", "Jaw"))


def ignored_joints(
    mapping: Mapping[str, str],
    names: Sequence[str],
    parents: Sequence[int],
    offsets: NDArray[np.floating],
    local: NDArray[np.floating],
    ends: Sequence[tuple[int, tuple[float, float, float]]] = (),
) -> list[str]:
    """Joints that turn, move a limb by it, and are no bone of the mapping.

    Args:
        mapping: Joint to humanoid bone.
        names: Of the joints.
        parents: Index of each joint's parent, -1 for the root; parents first.
        offsets: (joints, 3), from the parent at rest.
        local: (frames, joints, 4), rotations relative to the parent.
        ends: Joint and offset of each tip without a joint.
    """
    places = np.zeros((len(names), 3))
    for joint, parent in enumerate(parents):
        places[joint] = offsets[joint] + (places[parent] if parent >= 0 else 0.0) if joint else 0.0
    size = max(float(np.ptp(places, axis=0).max()), 1e-9)
    cosines = np.abs(np.sum(local * local[:1], axis=-1)).min(axis=0)  # (joints,)
    turns = 2.0 * np.arccos(np.clip(cosines, 0.0, 1.0)) > _TURNS_RAD
    children = children_of(parents)
    tips: dict[int, list[NDArray[np.float64]]] = {}
    for joint, offset in ends:
        tips.setdefault(joint, []).append(places[joint] + np.array(offset))
    bone_of = [mapping.get(name) for name in names]
    hips = bone_of.index("Hips") if "Hips" in bone_of else -1

    def below(joint: int) -> list[int]:
        found, waiting = [], list(children[joint])
        while waiting:
            found.append(waiting.pop())
            if bone_of[found[-1]] is None:
                waiting += children[found[-1]]
        return found

    ignored = []
    for joint, name in enumerate(names):
        above = parents[joint]
        while above >= 0 and bone_of[above] is None:
            above = parents[above]
        if bone_of[joint] is not None or not turns[joint] or (above < 0 and hips >= 0):
            continue  # what stands above the hips turns them, and is not lost
        following = below(joint)
        limbs = [child for child in following if bone_of[child] is not None]
        if limbs:
            if all(_is_small(bone_of[child] or "") for child in limbs):
                continue  # a palm, which moves fingers alone
            middle = {"Hips", *TRUNK, "Neck", "Head"}
            if all(bone_of[child] in middle for child in limbs) and bone_of[above] in middle:
                continue  # a back of more parts than ours, which bends as a whole
            reach, least = max(float(np.linalg.norm(places[child] - places[joint])) for child in limbs), _BETWEEN
        else:
            ends_below = [places[c] for c in following] + [p for c in (joint, *following) for p in tips.get(c, ())]
            reach = max((float(np.linalg.norm(place - places[joint])) for place in ends_below), default=0.0)
            least = _REACH
        if reach > least * size:
            ignored.append(name)
    return ignored
