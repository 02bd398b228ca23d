"""Which bones an avatar is sent, where they are in its rest pose, and how the dancer's rotations become its own.

An avatar may have a bone between two of the dancer's, most often an UpperChest between chest and neck. It is sent too,
at rest: a receiver that applies positions would else leave it where the avatar has it, and what hangs on it too far.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bridge.wire.target import Target
from bridge.wire.vrm_file import read_avatar
from data.motion.humanoid import BONE_PARENTS
from data.motion.rotations import inverse
from data.motion.skeleton import Skeleton


@dataclass(frozen=True, eq=False)
class AvatarBones:
    """How a skeleton's poses are sent to one avatar; right-handed axes, metres.

    Attributes:
        names: bones that are sent.
        joints: the same as indices into the skeleton, (n,); -1 for a bone that the dancer does not have, which rests.
        offsets: rest positions relative to the parent, (n, 3); the hips' is not used.
        travel_scale: the avatar's size in that of the dancer, for the path over the floor.
        before: rotation multiplied from the left, (n, 4), or ``None``.
        after: rotation multiplied from the right, (n, 4), or ``None``.
    """

    names: tuple[str, ...]
    joints: NDArray[np.intp]
    offsets: NDArray[np.float32]
    travel_scale: float = 1.0
    before: NDArray[np.float32] | None = None
    after: NDArray[np.float32] | None = None

    @classmethod
    def of(cls, skeleton: Skeleton, target: Target | None = None) -> Self:
        """The bones that a target wants; all of them, in the dancer's own size, for none.

        Raises:
            ValueError: the target names bones or an avatar that there are not.
        """
        names = skeleton.names if target is None else target.sent_bones(skeleton.names)
        if target is None or target.vrm is None:
            offsets = dict(zip(skeleton.names, skeleton.offsets.astype(np.float32), strict=True))
            if target is not None and target.sends_upper_chest:
                names = _with_upper_chest(names, offsets)
            return cls(names, _joints(names, skeleton), np.array([offsets[name] for name in names], np.float32))
        avatar = read_avatar(target.vrm)
        if target.axes == "vrm1" and avatar.version != 1:
            raise ValueError(f"{target.vrm}: axes=vrm1 is for avatars of VRM 1; this one is of VRM {avatar.version}")
        names = _with_bones_between(tuple(name for name in names if name in avatar.bones), avatar.bones)
        joints = _joints(names, skeleton)
        scale = avatar.hips_height_m / skeleton.rest_height
        bones = [avatar.bones[name] for name in names]
        if target.axes == "vrm1":
            # Normalised rotations live in the world's axes; a bone's own are those seen from its parent's rest frame,
            # on top of its own rest rotation (VRM 1.0, how to transform a human pose).
            return cls(
                names,
                joints,
                np.array([bone.local_position for bone in bones], np.float32).reshape(-1, 3),
                scale,
                np.array([inverse(bone.parent_rotation) for bone in bones], np.float32).reshape(-1, 4),
                np.array([bone.rotation for bone in bones], np.float32).reshape(-1, 4),
            )
        above = [_parent(name, avatar.bones) for name in names]
        places = [
            avatar.bones[name].position - (np.zeros(3) if parent is None else avatar.bones[parent].position)
            for name, parent in zip(names, above, strict=True)
        ]
        return cls(names, joints, np.array(places, np.float32).reshape(-1, 3), scale)


def _joints(names: tuple[str, ...], skeleton: Skeleton) -> NDArray[np.intp]:
    return np.array([skeleton.index(name) if name in skeleton.names else -1 for name in names], np.intp)


def _parent(name: str, bones: Collection[str]) -> str | None:
    """The nearest bone above that there is."""
    parent = BONE_PARENTS.get(name)
    while parent and parent not in bones:
        parent = BONE_PARENTS.get(parent)
    return parent or None


def _with_bones_between(names: tuple[str, ...], bones: Collection[str]) -> tuple[str, ...]:
    """The names, and those bones of an avatar that lie between two of them, each after its parent."""
    added: dict[str, None] = {}
    for name in names:
        way = []
        parent = _parent(name, bones)
        while parent is not None and parent not in names:
            way.append(parent)
            parent = _parent(parent, bones)
        if parent is not None:
            added |= dict.fromkeys(way)
    if not added:
        return names
    return _in_order((*names, *added))


def _with_upper_chest(names: tuple[str, ...], offsets: dict[str, NDArray[np.float32]]) -> tuple[str, ...]:
    """The names with an UpperChest that halves the way from chest to neck; what hangs on it is moved in `offsets`."""
    hanging = [name for name in offsets if _parent(name, {*offsets, "UpperChest"}) == "UpperChest"]
    if "UpperChest" in offsets or "Neck" not in hanging:
        return names
    half = offsets["Neck"] / np.float32(2)
    for name in hanging:
        offsets[name] = offsets[name] - half
    offsets["UpperChest"] = half
    return _in_order((*names, "UpperChest"))


def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    """Parents before their children; what is no human bone last."""
    order = {name: place for place, name in enumerate(BONE_PARENTS)}
    return tuple(sorted(names, key=lambda name: order.get(name, len(order))))
