"""The figure that a stream or a take moves: right-handed, Y up, metres, facing +Z, in a T at rest.

The bridge's own skeleton (`_vendor/motion/skeleton.py`) reads BVH files here. This one is what a picture of a stream
needs: rotations without positions and the other way round, where the bridge's computes both; in double precision, as
Blender's matrices are built from it; and lengths of bones that a stream did not tell, which the bridge never lacks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from .._vendor.motion.body_constants import BODY
from .humanoid import PARENTS, nearest_parent
from .rotations import Floats, multiply, rotate

_ANKLE_OF_LEG: Final = BODY["leg"]["ankle_of_leg"]
"""Height of the ankle over the floor in lengths of the leg, where a stream does not tell: as the default dancer's."""

_TYPICAL_OFFSETS_M: Final[dict[str, tuple[float, float, float]]] = {
    **{"Hips": (0.0, 0.93, 0.0), "Spine": (0.0, 0.1, 0.0), "Chest": (0.0, 0.12, 0.0), "UpperChest": (0.0, 0.12, 0.0)},
    **{"Neck": (0.0, 0.14, 0.0), "Head": (0.0, 0.09, 0.0), "Jaw": (0.0, 0.02, 0.06)},
    **{"LeftEye": (0.03, 0.06, 0.08), "LeftShoulder": (0.03, 0.11, 0.0), "LeftUpperArm": (0.12, 0.0, 0.0)},
    **{"LeftLowerArm": (0.27, 0.0, 0.0), "LeftHand": (0.25, 0.0, 0.0), "LeftUpperLeg": (0.09, -0.04, 0.0)},
    **{"LeftLowerLeg": (0.0, -0.4, 0.0), "LeftFoot": (0.0, -0.41, 0.0), "LeftToes": (0.0, -0.06, 0.13)},
}


@dataclass(frozen=True, eq=False)
class Skeleton:
    """Bones in an order in which parents come first.

    Attributes:
        names: Of Unity's HumanBodyBones, where the bone is one of them.
        parents: Index of each bone's parent, -1 for the root alone.
        offsets: From the parent at rest, (bones, 3), metres; the root's own is not used.
    """

    names: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: Floats

    def __post_init__(self) -> None:
        if not self.names or self.offsets.shape != (len(self.names), 3) or len(self.parents) != len(self.names):
            raise ValueError("a skeleton needs a name, a parent and an offset for each bone")
        if len(set(self.names)) < len(self.names):
            raise ValueError("two bones of the skeleton bear the same name")
        if any((parent != -1) if index == 0 else not 0 <= parent < index for index, parent in enumerate(self.parents)):
            raise ValueError("a bone of the skeleton comes before its parent")
        if not np.isfinite(self.offsets).all():
            raise ValueError("an offset of the skeleton is not finite")

    def is_like(self, other: "Skeleton") -> bool:
        """Whether both are the same figure."""
        return self is other or (
            self.names == other.names and self.parents == other.parents and np.array_equal(self.offsets, other.offsets)
        )

    @cached_property
    def index(self) -> dict[str, int]:
        """Bone to its index."""
        return {name: index for index, name in enumerate(self.names)}

    @cached_property
    def _levels(self) -> list[tuple[list[int], list[int]]]:
        """Bones and their parents, by how far they are from the root: what can be turned at once."""
        depth = [0]
        for parent in self.parents[1:]:
            depth.append(depth[parent] + 1)
        bones = [[bone for bone, d in enumerate(depth) if d == level] for level in range(1, max(depth) + 1)]
        return [(level, [self.parents[bone] for bone in level]) for level in bones]

    def global_rotations(self, local: Floats) -> Floats:
        """(..., bones, 4) local to world."""
        turned = np.array(local, np.float64)
        for bones, parents in self._levels:
            turned[..., bones, :] = multiply(turned[..., parents, :], turned[..., bones, :])
        return turned

    def positions(self, root: Floats, turned: Floats) -> Floats:
        """Of all bones in the world (..., bones, 3), for roots (..., 3) and global rotations (..., bones, 4)."""
        placed = np.zeros((*turned.shape[:-1], 3))
        placed[..., 0, :] = root
        for bones, parents in self._levels:
            placed[..., bones, :] = placed[..., parents, :] + rotate(turned[..., parents, :], self.offsets[bones])
        return placed

    @cached_property
    def rest_positions(self) -> Floats:
        """In a T with the hips where they belong when the soles are on the floor, (bones, 3)."""
        still = np.tile(np.array([0.0, 0.0, 0.0, 1.0]), (len(self.names), 1))
        return self.positions(np.array([0.0, self.hips_height_m, 0.0]), still)

    @cached_property
    def leg_m(self) -> float:
        """From the hips down to the ankles at rest; the height of what the figure has, if it has no legs."""
        still = np.tile(np.array([0.0, 0.0, 0.0, 1.0]), (len(self.names), 1))
        heights = self.positions(np.zeros(3), still)[:, 1]
        feet = [heights[self.index[foot]] for foot in ("LeftFoot", "RightFoot") if foot in self.index]
        return max(float(-np.mean(feet)) if feet else float(np.ptp(heights)), 0.01)

    @cached_property
    def ankle_m(self) -> float:
        """Height of the ankles over the floor; guessed, since no stream tells it."""
        toes = [-float(self.offsets[self.index[toe]][1]) for toe in ("LeftToes", "RightToes") if toe in self.index]
        return max([_ANKLE_OF_LEG * self.leg_m, *toes])

    @property
    def hips_height_m(self) -> float:
        """Of the root over the floor at rest."""
        return self.leg_m + self.ankle_m


def humanoid_skeleton(names: Sequence[str], offsets: dict[str, Floats] | None = None) -> Skeleton:
    """A figure of these humanoid bones; offsets that are not given or zero are typical ones."""
    present = [bone for bone in PARENTS if bone in set(names) | {"Hips"}]
    index = {bone: i for i, bone in enumerate(present)}
    parents = []
    placed: list[Floats] = []
    for bone in present:
        above = nearest_parent(bone, index)
        parents.append(index[above] if above else -1)
        given = (offsets or {}).get(bone)
        if given is not None and np.linalg.norm(given) > 1e-6:
            placed.append(np.asarray(given, np.float64))
        else:
            placed.append(_typical_offset(bone, above))
    return Skeleton(tuple(present), tuple(parents), np.array(placed))


def _typical_offset(bone: str, above: str) -> Floats:
    """From `above`, over the bones between that the figure lacks."""
    total: Floats = np.zeros(3)
    while bone and bone != above:
        left = bone.replace("Right", "Left")
        x, y, z = _TYPICAL_OFFSETS_M.get(left, (0.03, 0.0, 0.0))
        total += (-x if bone.startswith("Right") else x, y, z)
        bone = PARENTS[bone]
    return total
