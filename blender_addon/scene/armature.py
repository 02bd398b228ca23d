"""An armature as the core sees it: its bones at rest, and what is set to pose them."""

from dataclasses import replace
from typing import Any

import bpy
import numpy as np
from mathutils import Quaternion

from ..core import rotations
from ..core.frame import Frame
from ..core.humanoid import PARENTS
from ..core.retarget import RestBone, Retarget
from ..core.rig_names import best_mapping
from . import rigify

Mapping = dict[str, str]
"""Humanoid bone to the name of a rig's bone."""


def guess_mapping(armature: bpy.types.Object) -> tuple[str, Mapping]:
    """The kind of rig and its humanoid bones: as the VRM add-on says, if it has made the rig, otherwise by names.

    Raises:
        ValueError: It is in edit mode.
    """
    _refuse_edit_mode(armature)
    declared = _vrm_mapping(armature)
    if len(declared) > 10:
        return "VRM", declared
    bones = list(armature.data.bones)
    if rigify.is_generated(armature):
        return "Rigify", {bone: name for bone, (name, _) in rigify.controls().items() if name in armature.data.bones}
    if any(bone.name.startswith("ORG-") for bone in bones):  # of a rig that Rigify made: its constraints turn these
        bones = [bone for bone in bones if not bone.name.startswith(("ORG-", "MCH-", "DEF-"))]
    index = {bone.name: number for number, bone in enumerate(bones)}
    above = [next((index[name] for name in _names_above(bone) if name in index), -1) for bone in bones]
    return best_mapping(list(index), above)


def _refuse_edit_mode(armature: bpy.types.Object) -> None:
    if armature.mode == "EDIT":  # its bones are as they were before
        raise ValueError(f"{armature.name} is in edit mode: leave it (Tab) first")


def _names_above(bone: bpy.types.Bone) -> list[str]:
    """Of the bones that a bone hangs on, nearest first."""
    return [parent.name for parent in bone.parent_recursive]


def held_hips(armature: bpy.types.Object, mapping: Mapping) -> bpy.types.Bone | None:
    """The bone of the hips if it is connected to a parent, so that it cannot travel."""
    bone = armature.data.bones.get(mapping.get("Hips", ""))
    return bone if bone is not None and bone.use_connect and bone.parent is not None else None


def read_rest(armature: bpy.types.Object, mapping: Mapping) -> dict[str, RestBone]:
    """The mapped bones at rest.

    Raises:
        ValueError: It is in edit mode, or the hips cannot be moved.
    """
    _refuse_edit_mode(armature)
    bones = armature.data.bones
    rest = {}
    for humanoid, name in mapping.items():
        bone = bones.get(name)
        if bone is None:
            continue
        matrix = np.array(bone.matrix_local, np.float64)
        rest[humanoid] = RestBone(
            name,
            rotations.from_matrix(matrix[:3, :3]),
            matrix[:3, 3],
            tuple(parent.name for parent in bone.parent_recursive),
            bone.use_inherit_rotation,
            bone.use_local_location,
        )
    if rigify.is_generated(armature):
        _read_controls(armature, rest)
    held = held_hips(armature, mapping)
    if held is not None:
        raise ValueError(f"{held.name} is connected to its parent, so it cannot travel: disconnect it in edit mode")
    return rest


def _read_controls(armature: bpy.types.Object, rest: dict[str, RestBone]) -> None:
    """Of a rig that Rigify made: what turns with what, and where the hips are."""
    for humanoid, (name, above) in rigify.controls().items():
        bone = rest.get(humanoid)
        if bone is not None and bone.name == name:
            rest[humanoid] = replace(bone, ancestors=(above,) if above else bone.ancestors, inherits_rotation=True)
    hips = rest.get("Hips")
    if hips is not None and hips.name == rigify.controls()["Hips"][0]:
        joint = np.array(armature.data.bones[rigify.HIPS_JOINT].head_local, np.float64)
        rest["Hips"] = replace(hips, head=joint, pivot=hips.head - joint)


class LiveRig:
    """An armature that shows a stream. It holds names, never Blender's data, which undo and loading replace.

    Args:
        armature: Whose pose is set.
        mapping: Its bones.
        retarget: The way from the stream's figure to it.
    """

    def __init__(self, armature: bpy.types.Object, mapping: Mapping, retarget: Retarget) -> None:
        self.name = armature.name
        self.mapping = dict(mapping)
        self.retarget = retarget
        self._num_bones = len(armature.pose.bones)
        rows = [armature.pose.bones.find(name) for name in retarget.names]
        self._modes = [armature.pose.bones[row].rotation_mode for row in rows]
        self._quaternions = [i for i, mode in enumerate(self._modes) if mode == "QUATERNION"]
        self._others = [i for i, mode in enumerate(self._modes) if mode != "QUATERNION"]
        self._rows = np.array(rows)[self._quaternions]
        self._values = np.empty(4 * self._num_bones, np.float32)

    def fits(self, armature: bpy.types.Object, mapping: Mapping, frame: Frame) -> bool:
        """Whether it was made for this armature as it is now, and this stream."""
        bones = armature.pose.bones
        return (
            self.retarget.skeleton is frame.skeleton
            and self.mapping == mapping
            and len(bones) == self._num_bones
            and all(
                name in bones and bones[name].rotation_mode == mode
                for name, mode in zip(self.retarget.names, self._modes, strict=True)
            )
        )

    def apply(self, armature: bpy.types.Object, frame: Frame) -> None:
        """Poses the armature."""
        pose = self.retarget.pose(frame.root[None], frame.rotations[None])
        turned, location = self.retarget.channels(pose)
        turned = rotations.to_blender(turned[0])
        bones = armature.pose.bones
        bones.foreach_get("rotation_quaternion", self._values)
        table = self._values.reshape(-1, 4)
        table[self._rows] = rotations.near(turned[self._quaternions], table[self._rows])
        bones.foreach_set("rotation_quaternion", self._values)
        for index in self._others:
            set_rotation(bones[self.retarget.names[index]], turned[index])
        bones[self.retarget.names[0]].location = location[0].tolist()
        armature.update_tag(refresh={"OBJECT", "DATA"})


def live_rig(armature: bpy.types.Object, mapping: Mapping, frame: Frame) -> LiveRig:
    """A rig that shows a stream.

    Raises:
        ValueError: The rig lacks bones, or its hips cannot move.
    """
    return LiveRig(armature, mapping, Retarget(frame.skeleton, read_rest(armature, mapping)))


def set_rotation(bone: bpy.types.PoseBone, wxyz: np.ndarray) -> None:
    """Turns a bone in its own rotation mode, Euler angles near those that it has."""
    q = Quaternion(wxyz.tolist())
    if bone.rotation_mode == "QUATERNION":
        bone.rotation_quaternion = q
    elif bone.rotation_mode == "AXIS_ANGLE":
        axis: Any
        axis, angle = q.to_axis_angle()
        bone.rotation_axis_angle = (angle, *axis)
    else:
        bone.rotation_euler = q.to_euler(bone.rotation_mode, bone.rotation_euler)


def _vrm_mapping(armature: bpy.types.Object) -> Mapping:
    """What the VRM add-on (of others) keeps of an avatar's bones."""
    extension = getattr(armature.data, "vrm_addon_extension", None)
    human_bones = getattr(getattr(getattr(extension, "vrm1", None), "humanoid", None), "human_bones", None)
    if human_bones is None:
        return {}
    found = {}
    for attribute in dir(human_bones):
        name = getattr(getattr(getattr(human_bones, attribute, None), "node", None), "bone_name", "")
        humanoid = attribute.title().replace("_", "")
        if "Thumb" in humanoid:  # VRM 1 counts the thumb's bones from the wrist on
            humanoid = humanoid.replace("Proximal", "Intermediate").replace("Metacarpal", "Proximal")
        if name and humanoid in PARENTS:
            found[humanoid] = name
    return found
