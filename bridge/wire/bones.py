"""Which bones an avatar is sent, where they are in its rest pose, and how the dancer's rotations become its own."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bridge.wire.target import Target
from bridge.wire.vrm_file import read_avatar
from data.rotations import inverse
from data.skeleton import Skeleton


@dataclass(frozen=True, eq=False)
class AvatarBones:
    """How a skeleton's poses are told to one avatar; right-handed axes, metres.

    Attributes:
        names: bones that are sent.
        joints: the same as indices into the skeleton, (n,).
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
            joints = np.array([skeleton.index(name) for name in names], np.intp)
            return cls(names, joints, skeleton.offsets[joints].astype(np.float32))
        avatar = read_avatar(target.vrm)
        if target.axes == "vrm1" and avatar.version != 1:
            raise ValueError(f"{target.vrm}: axes=vrm1 is for avatars of VRM 1; this one is of VRM {avatar.version}")
        names = tuple(name for name in names if name in avatar.bones)
        joints = np.array([skeleton.index(name) for name in names], np.intp)
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
        offsets = []
        for name, joint in zip(names, joints.tolist(), strict=True):
            parent = skeleton.parents[joint]
            while parent >= 0 and skeleton.names[parent] not in avatar.bones:
                parent = skeleton.parents[parent]
            above = np.zeros(3) if parent < 0 else avatar.bones[skeleton.names[parent]].position
            offsets.append(avatar.bones[name].position - above)
        return cls(names, joints, np.array(offsets, np.float32).reshape(-1, 3), scale)
