"""Retargeting: a figure's poses on any humanoid rig, whatever its rest pose, bone rolls and proportions.

Each bone of the rig takes the rotation, in the world, that the figure's bone has relative to a T-pose. So limbs point
where the figure's limbs point, however the rig's bones are rolled and whether it rests in a T or an A. Bones that the
rig lacks fold into those it has: a back of fewer bones takes the turn of the figure's uppermost, and a limb points
right whatever is missing above it. Bones that the figure lacks (fingers, toes) are left to the artist.

The hips' way is scaled by the length of the legs, so that the feet meet the floor.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .._vendor.motion.heads_in_t import leg_m, t_pose_heads, t_pose_turns
from .humanoid import PARENTS, SIDES, TRUNK
from .rotations import Floats, from_matrix, inverse, multiply, rotate
from .skeleton import Skeleton

_LOWEST_ANKLE, _HIGHEST_ANKLE = -0.05, 0.35
"""In lengths of the leg: a rig whose ankles lie within these over its origin stands on its origin."""


@dataclass(frozen=True, eq=False)
class RestBone:
    """A bone of a rig at rest, in the armature's own space.

    Attributes:
        name: In the rig.
        rotation: (4,), from the bone's frame to the armature's.
        head: (3,).
        ancestors: Names of the bones above, nearest first.
        inherits_rotation: Whether it turns with its parent.
        has_local_location: Whether its location is meant in its own axes.
        pivot: About which it turns, from `head`, (3,): the control of a torso is not where the hips are.
    """

    name: str
    rotation: Floats
    head: Floats
    ancestors: tuple[str, ...] = ()
    inherits_rotation: bool = True
    has_local_location: bool = True
    pivot: Floats | None = None


@dataclass(frozen=True, eq=False)
class RigPose:
    """A rig's driven bones in poses, in the armature's space.

    Attributes:
        rotations: (frames, bones, 4).
        hips: Place of the hips' bone, (frames, 3).
    """

    rotations: Floats
    hips: Floats


class Retarget:
    """From a figure to a rig. It is made once, and then only multiplies.

    Attributes:
        bones: Humanoid names of the rig's bones that move, parents first; the hips are the first.
        names: The same bones in the rig.
        scale: The rig's size in that of the figure.
        ankle_m: Height of the rig's ankles over its floor, in the figure's metres.

    Args:
        skeleton: The figure.
        rest: The rig's bones by their humanoid names.

    Raises:
        ValueError: The rig has no hips or not both upper legs, so nobody can tell where it faces.
    """

    def __init__(self, skeleton: Skeleton, rest: dict[str, RestBone]) -> None:
        self.skeleton = skeleton
        self.to_rig = facing(rest)
        to_ours = inverse(self.to_rig)
        heads = {bone: rotate(to_ours, rest[bone].head) for bone in PARENTS if bone in rest}
        turns = t_pose_turns(heads)
        figure_heads = {bone: skeleton.rest_positions[index] for bone, index in skeleton.index.items()}
        figure_heads = {bone: head for bone, head in figure_heads.items() if bone in PARENTS}
        figure_turns = t_pose_turns(figure_heads)
        drivers = _drivers(set(rest), skeleton)

        self.bones = tuple(drivers)
        self.names = tuple(rest[bone].name for bone in self.bones)
        self._drivers = [skeleton.index[driver] for driver in drivers.values()]
        self._rest = np.array([rest[bone].rotation for bone in self.bones])
        self._heads = np.array([rest[bone].head for bone in self.bones])
        self._t_rotations = np.array(
            [multiply(turns[bone], multiply(to_ours, rest[bone].rotation)) for bone in self.bones]
        )
        self._to_t = multiply(
            inverse(np.array([figure_turns[driver] for driver in drivers.values()])), self._t_rotations
        )
        self._anchors = [_anchor(rest[bone], self.names) for bone in self.bones]
        self._follows = np.array(
            [
                anchor >= 0 and rest[bone].inherits_rotation
                for bone, anchor in zip(self.bones, self._anchors, strict=True)
            ]
        )
        self._between = np.array(
            [
                multiply(inverse(self._rest[anchor]), self._rest[index]) if self._follows[index] else self._rest[index]
                for index, anchor in enumerate(self._anchors)
            ]
        )
        self._location_axes = self._rest[0] if rest["Hips"].has_local_location else np.array([0.0, 0.0, 0.0, 1.0])

        self._pivot = rest["Hips"].pivot

        rig_leg = leg_m(t_pose_heads(heads, turns))
        figure_leg = leg_m(t_pose_heads(figure_heads, figure_turns)) or skeleton.leg_m
        self.scale = rig_leg / figure_leg if rig_leg else 1.0
        ankles = [heads[side + "Foot"][1] for side in SIDES if side + "Foot" in heads]
        rest_height = float(heads["Hips"][1])
        self.ankle_m = skeleton.ankle_m
        if rig_leg and ankles:
            ankle = float(np.mean(ankles))
            if not _LOWEST_ANKLE * rig_leg < ankle < _HIGHEST_ANKLE * rig_leg:
                ankle = skeleton.ankle_m * self.scale  # the rig's origin is not at its soles, as in BVH files
            rest_height = ankle + rig_leg
            self.ankle_m = ankle / self.scale
        self._home = np.array([heads["Hips"][0], rest_height, heads["Hips"][2]])
        self._figure_home = np.array([0.0, skeleton.hips_height_m, 0.0])

    def pose(self, roots: Floats, rotations: Floats) -> RigPose:
        """The rig in the figure's poses: roots (frames, 3) and local rotations (frames, bones, 4)."""
        turned = self.skeleton.global_rotations(rotations)[:, self._drivers]
        hips = self._home + self.scale * (roots - self._figure_home)
        return RigPose(multiply(self.to_rig, multiply(turned, self._to_t)), rotate(self.to_rig, hips))

    def channels(self, pose: RigPose) -> tuple[Floats, Floats]:
        """What the rig's bones are set to: rotations (frames, bones, 4), and the location of the hips (frames, 3)."""
        above = np.where(self._follows[:, None], pose.rotations[:, self._anchors], np.array([0.0, 0.0, 0.0, 1.0]))
        local = multiply(inverse(multiply(above, self._between)), pose.rotations)
        moved = pose.hips - self._heads[0]
        if self._pivot is not None:  # it is where the pivot is taken by the turn
            turned = multiply(pose.rotations[:, 0], inverse(self._rest[0]))
            moved = moved + rotate(turned, self._pivot) - self._pivot
        return local, rotate(inverse(self._location_axes), moved)

    def relative(self, turned: Floats) -> Floats:
        """From rotations in the armature's space to those relative to the bone above that moves too, (..., bones, 4).

        Bones that have none above, the hips for one, are given as at rest, since others may turn what they hang on.
        """
        local = multiply(inverse(turned[..., self._anchors, :]), turned)
        return np.where(self._follows[:, None], local, np.array([0.0, 0.0, 0.0, 1.0]))

    def heads(self, pose: RigPose) -> Floats:
        """Places of the joints in the armature's space, (frames, bones, 3)."""
        placed = np.zeros((len(pose.hips), len(self.bones), 3))
        unturned = inverse(self._rest)
        for index, anchor in enumerate(self._anchors):
            if index == 0:
                placed[:, 0] = pose.hips
            elif anchor < 0:
                placed[:, index] = self._heads[index]
            else:
                arm = rotate(unturned[anchor], self._heads[index] - self._heads[anchor])
                placed[:, index] = placed[:, anchor] + rotate(pose.rotations[:, anchor], arm)
        return placed

    def turns(self, pose: RigPose) -> Floats:
        """Rotations relative to the rig's own T, in the world of the figure, (frames, bones, 4)."""
        return multiply(multiply(inverse(self.to_rig), pose.rotations), inverse(self._t_rotations))

    @cached_property
    def index(self) -> dict[str, int]:
        """Humanoid bone to its place in `bones`."""
        return {bone: index for index, bone in enumerate(self.bones)}


def facing(rest: dict[str, RestBone]) -> Floats:
    """The rotation (4,) from our axes to the armature's: right angles only, since bodies slant and rigs do not."""
    missing = [bone for bone in ("Hips", "LeftUpperLeg", "RightUpperLeg") if bone not in rest]
    if missing:
        raise ValueError(f"The rig needs bones for {', '.join(missing)}: choose them in the list of bones")
    left = rest["LeftUpperLeg"].head - rest["RightUpperLeg"].head
    above = [rest[bone].head for bone in ("Head", "Neck", *reversed(TRUNK)) if bone in rest]
    below = [rest[bone].head for side in SIDES for bone in (side + "Foot", side + "LowerLeg") if bone in rest]
    up = (above[0] if above else rest["Hips"].head) - (np.mean(below, axis=0) if below else rest["Hips"].head)
    axes = np.zeros((3, 3))
    axis = int(np.abs(left).argmax())
    axes[axis, 0] = np.sign(left[axis])
    up = np.where(np.arange(3) == axis, 0.0, up)
    if np.linalg.norm(left) < 1e-6 or np.linalg.norm(up) < 1e-6:
        raise ValueError("The rig's hips, legs and head lie in one place: are the right bones chosen?")
    axis = int(np.abs(up).argmax())
    axes[axis, 1] = np.sign(up[axis])
    axes[:, 2] = np.cross(axes[:, 0], axes[:, 1])
    return from_matrix(axes)


def _drivers(rig: set[str], skeleton: Skeleton) -> dict[str, str]:
    """For each bone of the rig that moves the figure's bone that turns it."""
    drivers = {bone: bone for bone in PARENTS if bone in rig and bone in skeleton.index}
    back = [bone for bone in TRUNK if bone in skeleton.index]
    own = [bone for bone in TRUNK if bone in rig]
    if own and back:
        highest = own[-1]
        if TRUNK.index(back[-1]) > TRUNK.index(highest) or highest not in drivers:
            drivers[highest] = back[-1]
    return {bone: drivers[bone] for bone in PARENTS if bone in drivers}


def _anchor(bone: RestBone, names: tuple[str, ...]) -> int:
    """The nearest bone above that moves, as an index; -1 for none."""
    for name in bone.ancestors:
        if name in names:
            return names.index(name)
    return -1
