"""Actions written curve by curve, all keys of a curve at once; legacy ones and those with slots alike.

Blender before 4.4 keeps curves in the action itself; from 4.4 on they lie in a slot's channelbag, and 5.0 removed the
old way. `keyframe_insert` costs more with every key that is there already; `foreach_set` does not.
"""

from typing import Any, Final, cast

import bpy
import numpy as np

from ..core.rotations import Floats

HAS_SLOTS: Final = bpy.app.version >= (4, 4, 0)
_LINEAR: Final = 1


class NewAction:
    """An action that is being written.

    Attributes:
        action: Blender's.
        slot: For the armature; None before 4.4.
    """

    def __init__(self, name: str, armature: bpy.types.Object) -> None:
        self.action = cast(Any, bpy.data.actions.new(name))  # of which versions know different things
        self.slot: Any = None
        if HAS_SLOTS:
            self.slot = self.action.slots.new(id_type="OBJECT", name=armature.name)
            strip: Any = self.action.layers.new("Layer").strips.new(type="KEYFRAME")
            self._bag = strip.channelbag(self.slot, ensure=True)
        else:
            self.action.id_root = "OBJECT"
            self._bag = self.action
        self._groups: dict[str, Any] = {}

    def write(self, path: str, group: str, frames: Floats, values: Floats) -> None:
        """One curve for each column of `values` (n, dims), keys at `frames` (n,), straight lines between them."""
        if group not in self._groups:
            self._groups[group] = self._bag.groups.new(group)
        num = len(frames)
        points = np.empty((num, 2), np.float32)
        points[:, 0] = frames
        linear = np.full(num, _LINEAR, np.uint8)  # of Blender's own width: copied at once, not number by number
        for index in range(values.shape[1]):
            curve = self._bag.fcurves.new(path, index=index)
            curve.group = self._groups[group]
            keys = curve.keyframe_points
            keys.add(num)
            points[:, 1] = values[:, index]
            keys.foreach_set("co", points.ravel())
            keys.foreach_set("interpolation", linear)
            # Handles along the lines, as `curve.update()` would find them in ten times the time.
            third = (points[1:] - points[:-1]) / 3
            left, right = points.copy(), points.copy()
            left[1:] -= third
            right[:-1] += third
            keys.foreach_set("handle_left", left.ravel())
            keys.foreach_set("handle_right", right.ravel())

    def assign(self, armature: bpy.types.Object) -> None:
        """Makes it the armature's action; the one before is kept in the file by a fake user."""
        animation = cast(Any, armature.animation_data or armature.animation_data_create())
        if animation.action is not None:
            animation.action.use_fake_user = True
        animation.action = self.action
        if self.slot is not None:
            animation.action_slot = self.slot

    def add_strip(self, armature: bpy.types.Object) -> bpy.types.NlaStrip:
        """Puts it on a track of its own, which shows nothing before and after."""
        animation = cast(Any, armature.animation_data or armature.animation_data_create())
        track = animation.nla_tracks.new()
        track.name = self.action.name
        strip = track.strips.new(self.action.name, round(self.action.frame_range[0]), self.action)
        if self.slot is not None and strip.action_slot != self.slot:
            strip.action_slot = self.slot
        strip.extrapolation = "NOTHING"
        return strip


def curves_of(action: bpy.types.Action, slot: Any = None) -> list[bpy.types.FCurve]:
    """All curves of an action, wherever this version keeps them."""
    found = cast(Any, action)
    if not HAS_SLOTS:
        return list(found.fcurves)
    return [
        curve
        for layer in found.layers
        for strip in layer.strips
        for bag in strip.channelbags
        if slot is None or bag.slot_handle == slot.handle
        for curve in bag.fcurves
    ]
