"""Humanoid motion: the bones of Unity's HumanBodyBones and VMC, and the way there from other rigs.

A humanoid motion here has a T-pose as its rest pose, joint frames parallel to the world, Y up, facing +Z, left along
+X. `to_humanoid` brings recordings of other rigs into that form: it poses the source's skeleton in a T
(`data.motion.t_pose`), and takes every joint's global rotation relative to that, so that each limb points where the
source's limb points. A rig whose names `data.rigs.rig_reading` cannot read needs only these: `to_humanoid(motion,
{"my_hip": "Hips", ...})`.
"""

from collections.abc import Mapping

import numpy as np

from data.motion import rotations
from data.motion.motion import Motion
from data.motion.rotations import Floats
from data.motion.skeleton import Skeleton
from data.motion.t_pose import TPose, pose_in_t
from data.rigs.rig_names import BONE_PARENTS, HUMANOID, TRUNK, humanoid_name
from data.rigs.rig_reading import missing_bones, read_rig, unknown_rig

__all__ = ["BONE_PARENTS", "HUMANOID", "default_skeleton", "humanoid_name", "to_humanoid"]


def default_skeleton() -> Skeleton:
    """The figure that the dancer is trained on: 19 bones, about 1.6 m, as in the bundled AIST++ recordings.

    Example:
        >>> figure = default_skeleton()
        >>> figure.num_joints, round(figure.stature_m, 2), figure.names[figure.parents[figure.index("LeftHand")]]
        (19, 1.55, 'LeftLowerArm')
    """
    rows: list[tuple[str, str, tuple[float, float, float]]] = [
        ("Hips", "", (0.0, 0.0, 0.0)),
        ("Spine", "Hips", (0.0, 0.06, 0.0)),
        ("Chest", "Spine", (0.0, 0.13, 0.0)),
        ("Neck", "Chest", (0.0, 0.23, 0.0)),
        ("Head", "Neck", (0.0, 0.08, 0.0)),
    ]
    for side, x in (("Left", 1.0), ("Right", -1.0)):
        rows += [
            (f"{side}Shoulder", "Chest", (x * 0.03, 0.18, 0.0)),
            (f"{side}UpperArm", f"{side}Shoulder", (x * 0.09, 0.0, 0.0)),
            (f"{side}LowerArm", f"{side}UpperArm", (x * 0.24, 0.0, 0.0)),
            (f"{side}Hand", f"{side}LowerArm", (x * 0.22, 0.0, 0.0)),
        ]
    for side, x in (("Left", 1.0), ("Right", -1.0)):
        rows += [
            (f"{side}UpperLeg", "Hips", (x * 0.08, -0.04, 0.0)),
            (f"{side}LowerLeg", f"{side}UpperLeg", (0.0, -0.38, 0.0)),
            (f"{side}Foot", f"{side}LowerLeg", (0.0, -0.39, 0.0)),
        ]
    names = [name for name, _, _ in rows]
    tips = {"Head": (0.0, 0.18, 0.0), "LeftHand": (0.18, 0.0, 0.0), "RightHand": (-0.18, 0.0, 0.0)}
    tips |= {"LeftFoot": (0.0, -0.06, 0.12), "RightFoot": (0.0, -0.06, 0.12)}
    return Skeleton(
        tuple(names),
        tuple(names.index(parent) if parent else -1 for _, parent, _ in rows),
        np.array([offset for _, _, offset in rows], np.float32),
        tuple((names.index(name), tip) for name, tip in tips.items()),
    )


def to_humanoid(
    motion: Motion,
    mapping: Mapping[str, str] | None = None,
    skeleton: Skeleton | None = None,
    *,
    scale_root: bool = True,
) -> Motion:
    """The same movement on humanoid bones.

    Joints that are no humanoid bone fold away: their turning is part of the next bone's. Bones that the source lacks
    stay straight on their parents. The recording's up axis (Y or Z) is found from the hips; the figure may begin facing
    anywhere.

    Args:
        motion: Any rig whose joints have names that `data.rigs.rig_reading` reads, in a rest pose that need not be a
            T-pose.
        mapping: Joint name to humanoid bone, in place of what the names tell.
        skeleton: Figure to move, such as `default_skeleton()`, a T-pose with humanoid names. Without it: the source's
            own bones with the source's lengths.
        scale_root: Multiply the root's path by the ratio of the hips' rest heights, so that a smaller figure takes
            smaller steps and its feet meet the floor. Only with `skeleton`.

    Raises:
        ValueError: the hips, the upper legs or anything above the hips cannot be identified from the names.
    """
    source = motion.skeleton
    joint_of = _joint_of_bone(source, mapping)
    hips = joint_of["Hips"]
    positions, turned = source.forward_kinematics(
        motion.root_positions.astype(np.float64), motion.rotations.astype(np.float64)
    )
    t_pose = pose_in_t(source, joint_of, turned)
    figure = _t_posed_skeleton(source, joint_of, t_pose)
    upright = _to_y_up(turned[:, hips], t_pose.rotations[hips])
    root_positions = rotations.rotate(upright, positions[:, hips])
    if skeleton is None:
        skeleton = figure
    elif scale_root:
        root_positions *= skeleton.rest_height / figure.rest_height

    drivers = _drivers(skeleton, joint_of)
    globals_ = np.zeros((len(motion), skeleton.num_joints, 4))
    for bone, driver in enumerate(drivers):
        if driver is None:
            globals_[:, bone] = globals_[:, skeleton.parents[bone]]
        else:
            posed = rotations.multiply(upright, turned[:, driver])
            globals_[:, bone] = rotations.multiply(posed, rotations.inverse(t_pose.rotations[driver]))
    local = rotations.make_continuous(rotations.normalise(skeleton.local_rotations(globals_)))
    return Motion(skeleton, motion.rate_hz, root_positions.astype(np.float32), local.astype(np.float32))


def _joint_of_bone(source: Skeleton, mapping: Mapping[str, str] | None) -> dict[str, int]:
    """Humanoid bone to the index of the source's joint."""
    if mapping is None:
        mapping = read_rig(source.names, source.parents)[1]
    unknown = sorted(set(mapping.values()) - set(HUMANOID))
    if unknown:
        raise ValueError(f"not humanoid bones: {', '.join(unknown)}; they are {', '.join(HUMANOID)}")
    joint_of = {bone: index for index, bone in sorted((source.index(joint), bone) for joint, bone in mapping.items())}
    if missing_bones(mapping):
        raise ValueError(unknown_rig(mapping, source.names, source.parents, source.rest_positions.astype(np.float64)))
    return joint_of


def _drivers(figure: Skeleton, joint_of: Mapping[str, int]) -> list[int | None]:
    """For each bone of the figure the source's joint that turns it; None for bones that stay straight.

    A part of the back that the figure lacks folds into the part below, which carries the arms and the neck instead.
    """
    drivers = {bone: joint_of.get(bone) for bone in figure.names}
    lowest = None
    for bone in ("Hips", *TRUNK):
        if bone in drivers:
            lowest = bone
        elif bone in joint_of and lowest not in (None, "Hips"):
            assert lowest is not None
            drivers[lowest] = joint_of[bone]
    if drivers[figure.names[0]] is None:
        raise ValueError(f"the figure's root must be the hips, not {figure.names[0]!r}")
    return [drivers[bone] for bone in figure.names]


def _t_posed_skeleton(source: Skeleton, joint_of: Mapping[str, int], t_pose: TPose) -> Skeleton:
    """The source's own figure: its humanoid bones and their lengths, in a T-pose."""
    bones = [bone for bone in BONE_PARENTS if bone in joint_of]
    parents, offsets = [], []
    for bone in bones:
        parent = BONE_PARENTS[bone]
        while parent and parent not in joint_of:
            parent = BONE_PARENTS[parent]
        parents.append(bones.index(parent) if parent else -1)
        offsets.append(t_pose.positions[joint_of[bone]] - t_pose.positions[joint_of[parent]] if parent else np.zeros(3))
    tips = []
    for owner, offset in source.end_sites:
        tip = t_pose.positions[owner] + rotations.rotate(t_pose.rotations[owner], np.array(offset))
        joint = owner
        while joint >= 0 and joint not in joint_of.values():
            joint = source.parents[joint]
        if joint >= 0:
            bone = next(bone for bone in bones if joint_of[bone] == joint)
            x, y, z = (tip - t_pose.positions[joint]).tolist()
            tips.append((bones.index(bone), (x, y, z)))
    return Skeleton(tuple(bones), tuple(parents), np.array(offsets, np.float32), tuple(tips))


def _to_y_up(hips: Floats, to_t_pose: Floats) -> Floats:
    """Rotation (4,) of the recording's world that brings its up axis to +Y.

    The up axis is the one that is up in the rest pose, unless the hips (frames, 4) mostly point elsewhere: rigs with
    one axis along every bone have a rest pose that says nothing of the world.
    """
    up_in_hips = rotations.rotate(rotations.inverse(to_t_pose), np.array([0.0, 1.0, 0.0]))
    mean = rotations.rotate(hips, up_in_hips).mean(axis=0)
    up = np.round(up_in_hips)
    if mean @ up < 0.3:
        up = np.zeros(3)
        axis = int(np.abs(mean).argmax())
        up[axis] = np.sign(mean[axis])
    return rotations.between(up, np.array([0.0, 1.0, 0.0]))
