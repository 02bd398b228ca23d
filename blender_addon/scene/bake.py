"""Baking: a take becomes an action of a rig."""

from dataclasses import dataclass
from typing import Any, Literal

import bpy
import numpy as np
from mathutils import Quaternion

from ..core import decimate, rotations
from ..core.foot_lock import lock_feet
from ..core.retarget import Retarget
from ..core.rotations import Floats
from ..core.sampling import Timing, fps_of, sample, whole_fps
from ..core.take import Take
from .actions import NewAction
from .armature import Mapping, read_rest
from .place import mark, place_in_time
from .shown import Probe, probe

Into = Literal["NLA", "ACTION"]


@dataclass(frozen=True)
class BakeOptions:
    """How a take becomes keyframes.

    Attributes:
        timing: `SCENE` keeps the scene's rate, poses are interpolated; `TAKE` sets the scene to the take's rate.
        start_frame: Where the take begins; None for where it is in time with the scene, see `place_in_time`.
        into: A strip on a track of its own, or the armature's action.
        foot_lock: Pin feet that stand.
        decimate_deg: Leave out keys as long as no bone is off by more than this; 0 keeps all.
        decimate_m: Likewise for the hips' place.
        extend_timeline: Let the scene end no earlier than the take.
    """

    timing: Timing = "SCENE"
    start_frame: float | None = None
    into: Into = "NLA"
    foot_lock: bool = False
    decimate_deg: float = 0.0
    decimate_m: float = 0.002
    extend_timeline: bool = True


@dataclass(frozen=True)
class Baked:
    """What came of it.

    Attributes:
        action: The action.
        first_frame: Of the take on the timeline.
        last_frame: Likewise.
        num_keys: Keyframes in all curves.
        num_possible_keys: What they would be without decimation.
        num_pinned: Times that a foot was pinned.
        probe: By which it can be checked whether Blender shows it.
        fps_before: The scene's rate before, in frames a second.
        fps: And after.
    """

    action: bpy.types.Action
    first_frame: int
    last_frame: int
    num_keys: int
    num_possible_keys: int
    num_pinned: int
    probe: Probe
    fps_before: float
    fps: float


def bake(
    scene: bpy.types.Scene, armature: bpy.types.Object, mapping: Mapping, take: Take, options: BakeOptions
) -> Baked:
    """Writes a take as an action.

    Raises:
        ValueError: The rig lacks bones.
    """
    retarget = Retarget(take.skeleton, read_rest(armature, mapping))
    fps_before = scene_fps = fps_of(scene.render.fps, scene.render.fps_base)
    if options.timing == "TAKE":
        scene.render.fps, scene.render.fps_base = whole_fps(take.rate_hz)
        scene_fps = fps_of(scene.render.fps, scene.render.fps_base)
    start_frame = options.start_frame
    if start_frame is None:
        start_frame = place_in_time(scene, take).frame
    samples = sample(take, options.timing, scene_fps, start_frame)
    pose = retarget.pose(samples.roots, samples.rotations)
    num_pinned = 0
    if options.foot_lock:
        pose, num_pinned = lock_feet(retarget, pose, samples.rate_hz)
    turned, location = retarget.channels(pose)
    turned = rotations.continuous(turned)

    action = NewAction(take.name, armature)
    mark(action.action, take, start_frame)
    writer = _Writer(action, samples.frames, np.deg2rad(options.decimate_deg), options.decimate_m * retarget.scale)
    for index, name in enumerate(retarget.names):
        writer.rotation(armature.pose.bones[name], turned[:, index])
    writer.location(armature.pose.bones[retarget.names[0]], location)
    if options.into == "NLA":
        action.add_strip(armature)
    else:
        action.assign(armature)
    first, last = int(samples.frames[0]), int(samples.frames[-1])
    if options.extend_timeline:
        scene.frame_end = max(scene.frame_end, last)
    wanted = probe(retarget, samples.frames, pose, options.decimate_deg)
    keys = writer.num_keys, writer.num_possible_keys
    return Baked(action.action, first, last, *keys, num_pinned, wanted, fps_before, scene_fps)


class _Writer:
    """Writes channels in each bone's own rotation mode."""

    def __init__(self, action: NewAction, frames: Floats, largest_rad: float, largest_m: float) -> None:
        self.num_keys = self.num_possible_keys = 0
        self._action, self._frames = action, frames
        self._largest_rad, self._largest_m = largest_rad, largest_m

    def rotation(self, bone: bpy.types.PoseBone, turned: Floats) -> None:
        """The rotation (n, 4) of a bone."""
        mode = bone.rotation_mode
        wxyz = rotations.to_blender(turned)
        path = {"QUATERNION": "rotation_quaternion", "AXIS_ANGLE": "rotation_axis_angle"}.get(mode, "rotation_euler")
        if mode == "QUATERNION":
            values = wxyz if wxyz[0, 0] >= 0 else -wxyz
            kept = decimate.kept_rotations(self._frames, turned, self._largest_rad) if self._largest_rad else None
        else:
            values = _axis_angles(wxyz) if mode == "AXIS_ANGLE" else _eulers(wxyz, mode)
            kept = decimate.kept_values(self._frames, values, self._largest_rad) if self._largest_rad else None
        self._write(bone, path, values, kept)

    def location(self, bone: bpy.types.PoseBone, location: Floats) -> None:
        """The location (n, 3) of a bone."""
        kept = decimate.kept_values(self._frames, location, self._largest_m) if self._largest_rad else None
        self._write(bone, "location", location, kept)

    def _write(self, bone: bpy.types.PoseBone, path: str, values: Floats, kept: "np.ndarray | None") -> None:
        frames = self._frames
        self.num_possible_keys += values.size
        if kept is not None:
            frames, values = frames[kept], values[kept]
        self.num_keys += values.size
        self._action.write(bone.path_from_id(path), bone.name, frames, values)


def _eulers(wxyz: Floats, mode: str) -> Floats:
    """Euler angles (n, 3), each near the one before."""
    before: Any = Quaternion(wxyz[0].tolist()).to_euler(mode)
    angles = np.empty((len(wxyz), 3))
    for index, row in enumerate(wxyz.tolist()):
        before = Quaternion(row).to_euler(mode, before)
        angles[index] = before
    return angles


def _axis_angles(wxyz: Floats) -> Floats:
    """Angle and axis (n, 4); as continuous as the quaternions are."""
    length = np.linalg.norm(wxyz[:, 1:], axis=1)
    half = np.arctan2(length, wxyz[:, 0])
    axis = np.where(length[:, None] > 1e-9, wxyz[:, 1:] / np.maximum(length[:, None], 1e-9), [0.0, 1.0, 0.0])
    return np.concatenate([2.0 * half[:, None], axis], axis=1)
