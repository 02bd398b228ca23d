"""The avatar's bones: those of the dancer, and between the parts of a limb one that turns half as far.

An elbow that bends by 100 degrees, skinned to its two bones alone, loses a third of its thickness and, twisted, wrings
like a sweet's paper. So each big joint has a bone in its place that a `VRMC_node_constraint` turns half as far as the
limb: two gentle bends in place of a hard one. Where nothing applies the constraint, the half bone rests on its parent.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from bridge.stage.default_avatar.distance import Points
from data.motion.humanoid import default_skeleton

HALF_TURNED: Final = tuple(
    side + limb for side in ("Left", "Right") for limb in ("UpperArm", "LowerArm", "UpperLeg", "LowerLeg")
)
"""The bones beside which there is a half bone."""


@dataclass(frozen=True, eq=False)
class Bones:
    """The rest pose: a T, every rotation the identity, Y up, facing +Z, left along +X, the soles at y = 0.

    Attributes:
        names: of the bones, parents first; a half bone's is that of its source and ``Half``.
        parents: index of each bone's parent, -1 for the hips.
        positions: (bones, 3) metres, in the world.
        half_of: half bone to the bone that it turns half as far as, by index.
    """

    names: tuple[str, ...]
    parents: tuple[int, ...]
    positions: Points
    half_of: dict[int, int]

    def place(self, name: str) -> tuple[float, float, float]:
        """Where a bone begins, metres."""
        x, y, z = self.positions[self.names.index(name)].tolist()
        return x, y, z


def dancer_bones() -> Bones:
    """The bones of the figure that the dancer is trained on, so that it needs no retargeting, and the half bones."""
    skeleton = default_skeleton()
    standing = skeleton.rest_positions.astype(np.float64) + np.array([0.0, skeleton.rest_height, 0.0])
    standing = np.round(standing, 6)  # float32's noise off
    names, parents, positions = list(skeleton.names), list(skeleton.parents), list(standing)
    half_of = {}
    for name in HALF_TURNED:
        source = skeleton.index(name)
        half_of[len(names)] = source
        names.append(name + "Half")
        parents.append(parents[source])
        positions.append(standing[source])
    return Bones(tuple(names), tuple(parents), np.array(positions), half_of)
