"""BVH files as takes: those of the bridge, and of any rig whose joints can be identified."""

from pathlib import Path
from typing import Final

import numpy as np

from .._vendor.formats.bvh_bones import BvhBones, bones_of
from .._vendor.formats.bvh_text import BvhText, read_bvh_text
from .._vendor.rigs.rig_reading import RigMap, ignored_joints, missing_bones, unknown_rig
from .humanoid import PARENTS, nearest_parent
from .retarget import RestBone, facing
from .rotations import IDENTITY, Floats, about, continuous, inverse, multiply, rotate
from .skeleton import Skeleton
from .take import Take

_AXES: Final = np.eye(3)


def read_bvh(
    path: Path,
    *,
    rig_map: "RigMap | None" = None,
    metres_per_unit: "float | None" = None,
    notes: "list[str] | None" = None,
) -> Take:
    """The motion in a BVH file, on humanoid bones, turned so that the figure faces +Z at rest.

    Args:
        path: The file.
        rig_map: Joint to humanoid bone, where its name does not tell; None for a joint that is none.
        metres_per_unit: What one unit of length is; None guesses it from the legs.
        notes: Takes a sentence for whatever is left out, guessed, or not as the file has it.

    Raises:
        ValueError: The file is not whole, or nobody can tell which joint is which; the message names it.
        OSError: It cannot be read.
    """
    try:
        content = read_bvh_text(path)
    except ValueError as error:
        raise ValueError(f"{path.name} is not a whole BVH file ({str(error).removeprefix(f'{path}: ')})") from None
    try:
        bones = bones_of(content, metres_per_unit, rig_map)
        said = [note.text for note in bones.notes]
        if content.encoding not in ("utf-8", "utf-16"):
            said.append(f"names are not UTF-8 (read as {content.encoding})")
        take = _take(path.stem, content, bones, said)
    except ValueError as error:
        raise ValueError(f"{path.name}: {_for_the_dialog(str(error))}") from None
    if notes is not None:
        notes += [f"{path.name}: {_for_the_dialog(note)}" for note in said]
    return take


def _for_the_dialog(text: str) -> str:
    """A sentence that names options of commands, with those of the file dialog instead."""
    return (
        text.replace("--map FILE", "a file at Joints, in the dialog,")
        .replace("--map", "Joints")
        .replace("--unit", "Unit")
    )


def _take(name: str, content: BvhText, figure: BvhBones, notes: "list[str]") -> Take:
    names = [joint.name for joint in content.joints]
    parents = [joint.parent for joint in content.joints]
    local = _local(content)
    turned, placed, rest = _forward(content, figure, local)
    if missing_bones(figure.mapping):
        raise ValueError(unknown_rig(figure.mapping, names, parents, rest.astype(np.float64)))
    ignored = ignored_joints(figure.mapping, names, parents, figure.offsets, local, content.end_sites)
    if ignored:
        notes.append(
            f"joints that turn are not understood and left out: {', '.join(ignored[:8])}; --map FILE says which bones "
            "they are, a line `joint = Bone` each"
        )
    index = {bone: names.index(joint) for joint, bone in figure.mapping.items()}
    bones = [bone for bone in PARENTS if bone in index]
    own = [index[bone] for bone in bones]
    to_file = facing({bone: RestBone(bone, IDENTITY, rest[joint]) for bone, joint in zip(bones, own, strict=True)})
    to_ours = inverse(to_file)
    heads = {bone: rotate(to_ours, rest[joint]) for bone, joint in zip(bones, own, strict=True)}
    above = [nearest_parent(bone, set(bones)) for bone in bones]
    offsets = np.array(
        [heads[bone] - heads[parent] if parent else np.zeros(3) for bone, parent in zip(bones, above, strict=True)]
    )
    unit = figure.metres_per_unit
    skeleton = Skeleton(tuple(bones), tuple(bones.index(parent) if parent else -1 for parent in above), offsets * unit)
    world = multiply(multiply(to_ours, turned[:, own]), to_file)
    rotations = world.copy()
    for number, parent in enumerate(skeleton.parents):
        if parent >= 0:
            rotations[:, number] = multiply(inverse(world[:, parent]), world[:, number])
    times_s = np.arange(len(turned)) / content.rate_hz
    roots = unit * rotate(to_ours, placed[:, own[0]])
    return Take(name, skeleton, times_s, roots, continuous(rotations), content.rate_hz)


def _local(content: BvhText) -> Floats:
    """Rotation of every joint relative to its parent, (frames, joints, 4)."""
    local = np.tile(IDENTITY, (len(content.values), len(content.joints), 1))
    column = 0
    for number, joint in enumerate(content.joints):
        for channel in joint.channels or ():
            if channel[1] == "r":
                turn = about(_AXES["xyz".index(channel[0])], np.deg2rad(content.values[:, column]))
                local[:, number] = multiply(local[:, number], turn)
            column += 1
    return local


def _forward(content: BvhText, figure: BvhBones, local: Floats) -> "tuple[Floats, Floats, Floats]":
    """World rotations (frames, joints, 4), places (frames, joints, 3), and places at rest (joints, 3)."""
    turned = np.zeros(local.shape)
    placed = np.zeros((*local.shape[:2], 3))
    rest = np.zeros((len(content.joints), 3))
    for number, joint in enumerate(content.joints):
        offset = figure.placed.get(number, figure.offsets[number])
        if joint.parent < 0:
            turned[:, number], placed[:, number] = local[:, number], offset
        else:
            above = turned[:, joint.parent]
            turned[:, number] = multiply(above, local[:, number])
            placed[:, number] = placed[:, joint.parent] + rotate(above, offset)
            rest[number] = rest[joint.parent] + figure.offsets[number]
    return turned, placed, rest
