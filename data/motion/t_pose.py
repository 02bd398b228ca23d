"""The T-pose of any humanoid rig: how its joints must be turned for it to stand in a T, facing +Z.

A rig's rest pose may be a T, an A, or nothing like a person where every joint's frame has one axis along its bone. What
is asked for is always the same: for each joint the rotation that takes its frame to where it would be in a T-pose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from data.motion import rotations
from data.motion.rotations import Floats
from data.motion.skeleton import Skeleton
from data.rigs.rig_names import BONE_PARENTS, TRUNK

_LIMBS: Final = ("UpperArm", "LowerArm", "UpperLeg", "LowerLeg")
"""In the T-pose these lie exactly along their axis; other bones keep the rest pose's slant (a curved back, a foot)."""

_STIFF: Final = (*TRUNK, "Neck", "Shoulder")
"""These never turn far on their parents, so a roll shows even where the rig's rest pose looks right."""

_NEVER_SLANTED: Final = (*TRUNK, "UpperLeg", "LowerLeg")
"""In every rest pose that shows a person these lie roughly as in a T-pose; arms and feet need not."""

_LARGEST_SLANT_RAD: Final = np.deg2rad(50)
"""More than this between a bone and its T-pose direction is no slant: the rig's joint frame is turned."""

_LEAST_BEND_RAD: Final = np.deg2rad(10)
_LARGEST_HINGE_ERROR_RAD: Final = np.deg2rad(60)
_LARGEST_MEAN_TURN_RAD: Final = np.deg2rad(75)
"""No joint is away from its parent by more than this on average, over a recording of a living person."""

_STRAIGHT: Final = np.array([0.0, 0.0, 0.0, 1.0])


@dataclass(frozen=True, eq=False)
class TPose:
    """A rig standing in a T, hips at the origin, in our axes.

    Attributes:
        rotations: (joints, 4) float64, global: from each joint's own frame to the world.
        positions: (joints, 3) float64, global, metres. Joints above the hips lie at the origin.
    """

    rotations: Floats
    positions: Floats


def pose_in_t(source: Skeleton, joint_of: Mapping[str, int], recorded: Floats) -> TPose:
    """The rig in a T.

    From the hips outwards each joint follows its parent, and turns the shortest way where its bone would not point as
    in a T-pose: that is how a person would pose the rig. If back and legs had not to turn far, that is all: the rest
    pose is a person's. Otherwise joint frames do not lie as the world's, and directions leave open how far a bone is
    rolled about itself, or how a head sits that has no next bone to point at. There the recording decides between right
    angles: elbows bend forwards, knees backwards, and no joint is twisted far from its parent for a whole recording.

    Args:
        source: The rig.
        joint_of: Humanoid bone to the rig's joint; the hips, both upper legs and something above the hips are needed.
        recorded: (frames, joints, 4), global rotations of a recording of it.

    Raises:
        ValueError: the joints around the hips all lie on the hips.
    """
    corrections: dict[str, Floats] = {}
    pose, in_doubt = _walk(source, joint_of, corrections)
    if not in_doubt:
        return pose
    for bone in BONE_PARENTS:
        parent = BONE_PARENTS[bone]
        while parent and parent not in joint_of:
            parent = BONE_PARENTS[parent]
        if bone not in joint_of or not parent:
            continue
        lower = bone.replace("Upper", "Lower")
        if lower != bone and lower in joint_of:  # an upper arm or leg
            best = _best_by_hinge(_relative(bone, lower, joint_of, recorded, pose), bone)
        elif bone in in_doubt:
            best = _best_by_mean_angle(_relative(parent, bone, joint_of, recorded, pose), in_doubt[bone])
        else:
            continue
        if best is not None:
            corrections[bone] = best
            pose, in_doubt = _walk(source, joint_of, corrections)
    return pose


def _walk(
    source: Skeleton, joint_of: Mapping[str, int], corrections: Mapping[str, Floats]
) -> tuple[TPose, dict[str, list[Floats]]]:
    """The T-pose by directions and corrections, and what else (4,) may hold for the bones that these leave in doubt."""
    bone_of = {joint: bone for bone, joint in joint_of.items()}
    in_doubt = {}
    any_slanted = False
    hips = joint_of["Hips"]
    turned = np.tile(_STRAIGHT, (source.num_joints, 1))
    positions = np.zeros((source.num_joints, 3))
    for joint, parent in enumerate(source.parents):
        if joint == hips:
            turned[joint] = _hips_to_axes(source, joint_of)
        if joint == hips or not _descends(source, joint, hips):
            continue
        offset = source.offsets[joint].astype(np.float64)
        positions[joint] = positions[parent] + rotations.rotate(turned[parent], offset)
        turned[joint] = turned[parent]
        bone = bone_of.get(joint)
        if bone is None:
            continue
        direction, along = _t_direction(bone), _along_bone(source, joint, bone, joint_of)
        if direction is not None and along is not None:
            points = rotations.rotate(turned[parent], along)
            slanted = points @ direction < np.linalg.norm(points) * np.cos(_LARGEST_SLANT_RAD)
            any_slanted |= bool(slanted) and bone.endswith(_NEVER_SLANTED)
            if slanted or bone.endswith(_STIFF):
                in_doubt[bone] = _rolls(direction)
            any_slanted |= bool(slanted) and bone.endswith(_NEVER_SLANTED)
            if slanted or bone.endswith(_LIMBS):
                turned[joint] = rotations.multiply(rotations.between(points, direction), turned[parent])
        else:
            in_doubt[bone] = _right_angles()
        if bone in corrections:
            turned[joint] = rotations.multiply(corrections[bone], turned[joint])
    return TPose(turned, positions), in_doubt if any_slanted else {}


def _relative(parent: str, bone: str, joint_of: Mapping[str, int], recorded: Floats, pose: TPose) -> Floats:
    """Recorded rotations (frames, 4) of a bone relative to another, both as they would be on a figure in a T-pose."""
    upper, lower = (
        rotations.multiply(recorded[:, joint_of[name]], rotations.inverse(pose.rotations[joint_of[name]]))
        for name in (parent, bone)
    )
    return rotations.multiply(rotations.inverse(upper), lower)


def _best_by_hinge(bends: Floats, bone: str) -> Floats | None:
    """The roll of an upper arm or leg with which the elbow or knee bends its own way; None where it does already."""
    direction = _t_direction(bone)
    assert direction is not None
    hinge = np.array([1.0, 0.0, 0.0]) if bone.endswith("Leg") else np.array([0.0, -direction[0], 0.0])
    axis = rotations.to_expmap(bends).mean(axis=0)
    axis -= (axis @ direction) * direction  # turning along the bone is no bending
    bend = np.linalg.norm(axis)
    if bend < _LEAST_BEND_RAD or axis @ hinge > bend * np.cos(_LARGEST_HINGE_ERROR_RAD):
        return None
    return max(_rolls(direction), key=lambda roll: float(rotations.rotate(roll, axis) @ hinge))


def _best_by_mean_angle(local: Floats, candidates: Sequence[Floats]) -> Floats | None:
    """The candidate that leaves a joint nearest to its parent's orientation; None where it is near already."""
    if float(rotations.angle_between(local, _STRAIGHT).mean()) < _LARGEST_MEAN_TURN_RAD:
        return None
    return min(candidates, key=lambda candidate: float(rotations.angle_between(local, candidate).mean()))


def _rolls(direction: Floats) -> list[Floats]:
    """The four rotations (4,) by right angles about a unit vector."""
    return [rotations.from_expmap(direction * (k * np.pi / 2)) for k in range(4)]


def _right_angles() -> list[Floats]:
    """The 24 rotations (4,) of a cube."""
    quarter = [[rotations.about_axis(axis, k * np.pi / 2) for k in range(4)] for axis in range(3)]
    facing = [*quarter[0], quarter[2][1], quarter[2][3]]  # each brings another face to the top
    return [rotations.multiply(turn, roll) for turn in facing for roll in quarter[1]]


def _t_direction(bone: str) -> Floats | None:
    """Where a bone points in the T-pose (3,), or None where that is not known (thumbs, eyes, jaw)."""
    side = 1.0 if bone.startswith("Left") else -1.0
    plain = bone.removeprefix("Left").removeprefix("Right")
    if plain in (*TRUNK, "Neck", "Head"):
        return np.array([0.0, 1.0, 0.0])
    if plain in ("UpperLeg", "LowerLeg"):
        return np.array([0.0, -1.0, 0.0])
    if plain == "Foot":
        return np.array([0.0, -0.447, 0.894])  # from the ankle down to the ball of the foot
    if plain == "Toes":
        return np.array([0.0, 0.0, 1.0])
    if plain in ("Eye", "Jaw") or plain.startswith("Thumb"):
        return None
    return np.array([side, 0.0, 0.0])


def _along_bone(source: Skeleton, joint: int, bone: str, joint_of: Mapping[str, int]) -> Floats | None:
    """Vector (3,) in the joint's rest frame along its bone: to the next bone; None where that is not known.

    End sites are no guide (many programs put them anywhere), but a foot without toes has nothing else.
    """
    side = bone[: len(bone) - len(bone.removeprefix("Left").removeprefix("Right"))]
    following = [*TRUNK, "Neck", "Head"]
    if bone in following:
        following = following[following.index(bone) + 1 :]
    elif bone == side + "Hand":
        following = [f"{side}{finger}Proximal" for finger in ("Middle", "Index", "Ring", "Little")]
    else:
        following = [child for child, parent in BONE_PARENTS.items() if parent == bone]
    for child in following:
        if child in joint_of and _descends(source, joint_of[child], joint):
            vector = _rest_vector(source, joint, joint_of[child])
            if np.linalg.norm(vector) > rotations.SMALLEST_LENGTH:
                return vector
    ends = [np.array(offset) for owner, offset in source.end_sites if owner == joint and bone.endswith("Foot")]
    return ends[0] if ends and np.linalg.norm(ends[0]) > rotations.SMALLEST_LENGTH else None


def _hips_to_axes(source: Skeleton, joint_of: Mapping[str, int]) -> Floats:
    """Rotation (4,) from the hips' rest frame to ours, right angles only.

    Rigs have their hips along the axes in some order, while the vectors to the joints around them slant by the anatomy.
    """
    hips = joint_of["Hips"]
    left = _rest_vector(source, hips, joint_of["LeftUpperLeg"]) - _rest_vector(source, hips, joint_of["RightUpperLeg"])
    above = [joint_of[bone] for bone in (*TRUNK, "Neck", "Head") if bone in joint_of]
    vectors = [_rest_vector(source, hips, joint) for joint in above]
    up = next((vector for vector in vectors if np.linalg.norm(vector) > rotations.SMALLEST_LENGTH), None)
    if up is None or np.linalg.norm(left) < rotations.SMALLEST_LENGTH:
        raise ValueError("the joints beside and above the hips all lie on the hips; there is no rest pose to go by")
    axes = np.zeros((3, 3))
    axis = int(np.abs(left).argmax())
    axes[0, axis] = np.sign(left[axis])
    up[axis] = 0
    axis = int(np.abs(up).argmax())
    axes[1, axis] = np.sign(up[axis])
    axes[2] = np.cross(axes[0], axes[1])
    return rotations.from_matrix(axes)


def _rest_vector(source: Skeleton, ancestor: int, joint: int) -> Floats:
    """From an ancestor to a joint (3,) in the ancestor's rest frame."""
    vector = np.zeros(3)
    while joint != ancestor:
        vector += source.offsets[joint]
        joint = source.parents[joint]
    return vector


def _descends(source: Skeleton, joint: int, ancestor: int) -> bool:
    while joint > ancestor:
        joint = source.parents[joint]
    return joint == ancestor
