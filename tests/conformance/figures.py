"""Figures, rigs and poses for the conformance fixtures: made by rule, seeded, rounded before anything is computed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blender_addon.core import rotations
from blender_addon.core.humanoid import PARENTS, nearest_parent
from blender_addon.core.retarget import RestBone
from blender_addon.core.rotations import Floats
from blender_addon.core.skeleton import Skeleton
from data.motion.humanoid import default_skeleton
from data.motion.two_bone import TwoBoneLeg, quaternion, vector

DIGITS = 5
NUM_POSES = 20
NUM_LEGS = 200
TWO_SIDES = (("Left", 1.0), ("Right", -1.0))


def rounded(values: Floats) -> Floats:
    """As the file has it."""
    return np.round(np.asarray(values, np.float64), DIGITS)


def unit(values: Floats) -> Floats:
    """Unit quaternions, as readers take them from the file."""
    return rotations.normalise(rounded(values))


def figure() -> Skeleton:
    """The default dancer's bones."""
    ours = default_skeleton()
    return Skeleton(ours.names, ours.parents, rounded(ours.offsets))


def poses(skeleton: Skeleton) -> tuple[Floats, Floats]:
    """Roots (poses, 3) and local rotations (poses, bones, 4); the first pose is the rest pose."""
    random = np.random.default_rng(21)
    roots = np.array([0.0, skeleton.hips_height_m, 0.0]) + 0.3 * random.normal(size=(NUM_POSES, 3))
    vectors = 0.5 * random.normal(size=(NUM_POSES, len(skeleton.names), 3))
    vectors[0] = 0.0
    angles = np.linalg.norm(vectors, axis=-1)
    axes = vectors / np.maximum(angles, 1e-9)[..., None]
    return rounded(roots), unit(rotations.about(axes, angles))


@dataclass(frozen=True)
class RigShape:
    """How a rig differs from the figure.

    Attributes:
        size: In the figure's.
        arms_rad: By how much its arms hang at rest; 0 is a T.
        legs_rad: By how much its legs are spread at rest.
        is_rolled: Whether each bone's frame is turned somehow.
        without: Bones that it lacks.
        more: Bones that it has beyond the figure's, and their offsets on the left.
        stretched: Bones that are longer or shorter, by a factor.
        is_at_hips: Whether its origin is at the hips, as in BVH files, and not at the soles.
    """

    size: float = 1.0
    arms_rad: float = 0.0
    legs_rad: float = 0.0
    is_rolled: bool = True
    without: tuple[str, ...] = ()
    more: tuple[tuple[str, tuple[float, float, float]], ...] = ()
    stretched: tuple[tuple[str, float], ...] = ()
    is_at_hips: bool = False

    @property
    def is_t(self) -> bool:
        """Whether it rests in a T, which is all that Unity gives its avatars' animations."""
        return self.arms_rad == self.legs_rad == 0.0


TOES = (("LeftToes", (0.0, -0.05, 0.13)), ("RightToes", (0.0, -0.05, 0.13)))
RIGS = {
    "the figure itself": RigShape(is_rolled=False),
    "rolled bones": RigShape(),
    "an A": RigShape(arms_rad=0.8),
    "legs apart": RigShape(legs_rad=0.2, arms_rad=0.3),
    "a giant without a chest": RigShape(size=1.6, without=("Chest", "LeftShoulder")),
    "a child with long arms": RigShape(size=0.6, stretched=(("LowerArm", 1.3), ("Hand", 1.2))),
    "short legs": RigShape(stretched=(("LowerLeg", 0.7), ("Foot", 0.8)), more=TOES),
    "a back of three": RigShape(more=(("UpperChest", (0.0, 0.1, 0.0)), *TOES), arms_rad=0.1),
    "no neck and no shoulders": RigShape(without=("Neck", "LeftShoulder", "RightShoulder")),
    "its origin at the hips": RigShape(is_at_hips=True, size=0.9, arms_rad=0.5),
}


def rest_of(shape: RigShape, skeleton: Skeleton) -> dict[str, RestBone]:
    """A rig at rest, Y up, facing +Z; its bones hang on each other as `nearest_parent` says."""
    random = np.random.default_rng(len(RIGS) + list(RIGS.values()).index(shape))
    offsets = dict(zip(skeleton.names, skeleton.offsets, strict=True))
    offsets |= {bone: np.array(offset) for bone, offset in shape.more}
    for bone in offsets:
        offsets[bone] = offsets[bone] * dict(shape.stretched).get(bone.removeprefix("Left").removeprefix("Right"), 1.0)
    heads: dict[str, Floats] = {}
    for bone in PARENTS:
        if bone in offsets:
            above = nearest_parent(bone, set(offsets))
            offset = _slanted(bone, offsets[bone], shape)
            heads[bone] = heads[above] + offset if above else np.zeros(3)
    soles = min(head[1] for bone, head in heads.items() if bone.endswith(("Foot", "Toes"))) - 0.06
    kept = [bone for bone in PARENTS if bone in heads and bone not in shape.without]
    raised = np.array([0.0, 0.0 if shape.is_at_hips else -soles, 0.0])
    rest = {}
    for bone in kept:
        turned = random.normal(size=4) if shape.is_rolled else rotations.IDENTITY
        rest[bone] = RestBone(
            bone, unit(rotations.normalise(turned)), rounded(shape.size * (heads[bone] + raised)), _above(bone, kept)
        )
    return rest


def _slanted(bone: str, offset: Floats, shape: RigShape) -> Floats:
    """The offset of a bone whose parent slants at rest."""
    side = 1.0 if bone.startswith("Left") else -1.0
    if bone.endswith(("LowerArm", "Hand")):
        angle = -side * shape.arms_rad
    elif bone.endswith(("LowerLeg", "Foot")):
        angle = side * shape.legs_rad
    else:
        return offset
    return rotations.rotate(rotations.about(np.array([0.0, 0.0, 1.0]), np.array(angle)), offset)


def _above(bone: str, kept: Sequence[str]) -> tuple[str, ...]:
    above, found = nearest_parent(bone, set(kept)), []
    while above:
        found.append(above)
        above = nearest_parent(above, set(kept))
    return tuple(found)


def legs() -> list[tuple[Floats, Floats, Floats, Floats, Floats]]:
    """Knee, ankle, reach (3,) each, rotations of thigh and shin: legs bent as legs bend, targets near and far."""
    random = np.random.default_rng(7)
    found = []
    for _ in range(NUM_LEGS):
        knee = rounded(np.array([0.0, -0.4, 0.0]) + 0.02 * random.normal(size=3))
        ankle = rounded(np.array([0.0, -0.38, 0.0]) + 0.02 * random.normal(size=3))
        thigh = rotations.normalise(rotations.IDENTITY + 0.4 * random.normal(size=4))
        bend = rotations.about(np.array([1.0, 0.0, 0.0]), np.array(random.uniform(0.0, 2.2)))
        slight = rotations.normalise(rotations.IDENTITY + 0.03 * random.normal(size=4))
        shin = rotations.multiply(rotations.multiply(thigh, bend), slight)
        thigh, shin = unit(thigh), unit(shin)
        given = rotations.rotate(thigh, knee) + rotations.rotate(shin, ankle)
        reach = rounded(given * random.uniform(0.5, 1.5) + 0.15 * random.normal(size=3))
        found.append((knee, ankle, reach, thigh, shin))
    return found


WALK_HZ = 30
_STEP_S, _SWING_S = 1.0, 0.35
_SPEED_M_S, _SLIDE_M_S, _LIFT_M = 0.5, 0.12, 0.12


def walk() -> tuple[Skeleton, Floats, Floats, NDArray[np.bool_]]:
    """Who walks, roots (frames, 3), local rotations (frames, bones, 4), and which of two feet stand (frames, 2).

    Feet that stand slide forward at 12 cm/s, as dancers' feet do that nobody locks.
    """
    skeleton = figure()
    times_s = np.arange(round(4.0 * WALK_HZ)) / WALK_HZ
    roots = np.stack([0.02 * np.sin(np.pi * times_s), 0.0 * times_s, _SPEED_M_S * times_s], axis=1)
    roots[:, 1] = 0.97 * skeleton.hips_height_m
    turned = np.tile(rotations.IDENTITY, (len(times_s), len(skeleton.names), 1))
    stands = np.zeros((len(times_s), 2), bool)
    for foot, (side, _) in enumerate(TWO_SIDES):
        upper, lower, ankle = (skeleton.index[side + bone] for bone in ("UpperLeg", "LowerLeg", "Foot"))
        bones = (skeleton.offsets[lower].tolist(), skeleton.offsets[ankle].tolist())
        leg = TwoBoneLeg(vector(bones[0]), vector(bones[1]))
        for frame, time_s in enumerate(times_s):
            place, stands[frame, foot] = _ankle(float(time_s) + 0.5 * _STEP_S * foot)
            across = float(skeleton.offsets[upper][0])
            target = np.array([across, skeleton.ankle_m + place[1], place[0] - 0.5 * _STEP_S * _SPEED_M_S * foot])
            reach = target - roots[frame] - skeleton.offsets[upper]
            still = quaternion(rotations.IDENTITY.tolist())
            thigh, shin = (np.array(one) for one in leg.solve(vector(reach.tolist()), still, still))
            turned[frame, upper] = thigh
            turned[frame, lower] = rotations.multiply(rotations.inverse(thigh), shin)
            turned[frame, ankle] = rotations.inverse(shin)
    return skeleton, rounded(roots), unit(turned), stands


def _ankle(time_s: float) -> tuple[tuple[float, float], bool]:
    """How far forward an ankle is and how high over where it stands, and whether it stands."""
    steps, in_step_s = divmod(time_s, _STEP_S)
    begins_m = steps * _STEP_S * _SPEED_M_S + 0.25 * _STEP_S * _SPEED_M_S
    stance_s = _STEP_S - _SWING_S
    if in_step_s < stance_s:
        return (begins_m + _SLIDE_M_S * in_step_s, 0.0), True
    share = (in_step_s - stance_s) / _SWING_S
    from_m, to_m = begins_m + _SLIDE_M_S * stance_s, begins_m + _STEP_S * _SPEED_M_S
    eased = share * share * (3.0 - 2.0 * share)
    return (from_m + eased * (to_m - from_m), _LIFT_M * float(np.sin(np.pi * share))), False
