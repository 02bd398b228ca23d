"""Anybody's VMC stream: any of the 55 bones, in bundles or not, with or without times, in Unity's axes."""

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from .frame import Frame
from .humanoid import PARENTS
from .osc import Message, read_as
from .rotations import IDENTITY, Floats, multiply, rotate
from .skeleton import Skeleton, humanoid_skeleton

_TO_RIGHT_HANDED: Final = np.array([-1.0, 1.0, 1.0])
_QUATERNION_TO_RIGHT_HANDED: Final = np.array([1.0, -1.0, -1.0, 1.0])
_MAX_TRAVEL_M: Final = 1000.0
_MAX_LIMB_M: Final = 3.0
_MAX_SECONDS: Final = 1e9
_LENGTH_CHANGE_M: Final = 0.002
_BONES: Final = {spelling: name for name in PARENTS for spelling in (name, name[0].lower() + name[1:])}
"""Bones as the protocol names them, and as VRM files do, from which senders in JavaScript have their names."""


@dataclass
class VmcStream:
    """Puts the bones of a VMC stream together to frames.

    A frame is whole when every bone of the frame before it has come again; then it is given at once. A bone that comes
    a second time begins the next frame: what the one before lacked, by loss or because the sender has fewer bones now,
    stays where it was.

    Attributes:
        num_incomplete: Frames of which a part was lost.
    """

    num_incomplete: int = 0
    _seconds: float | None = None
    _root: tuple[Floats, Floats] = (np.zeros(3), IDENTITY)
    _begun_with: tuple[float | None, tuple[Floats, Floats]] = (None, (np.zeros(3), IDENTITY))
    _bones: dict[str, tuple[Floats, Floats]] = field(default_factory=dict)
    _fresh: set[str] = field(default_factory=set)
    _expected: frozenset[str] = frozenset()
    _skeleton: Skeleton | None = None

    def read(self, message: Message, arrival_s: float) -> Frame | None:
        """The frame that a message completes, if it does.

        Raises:
            ValueError: The message is not as the protocol has it; nothing of it is used.
        """
        if message.address == "/VMC/Ext/T":
            seconds = float(read_as(message, "f", more=True)[0])
            if abs(seconds) > _MAX_SECONDS:
                raise ValueError(f"/VMC/Ext/T is {seconds:.3g}")
            self._seconds = seconds
        elif message.address == "/VMC/Ext/Root/Pos":
            self._root = _transform(message, _MAX_TRAVEL_M)
        elif message.address == "/VMC/Ext/Bone/Pos":
            return self._bone(message, arrival_s)
        return None

    def _bone(self, message: Message, arrival_s: float) -> Frame | None:
        name = _BONES.get(str(read_as(message, "sfffffff", more=True)[0]))
        if name is None:
            return None
        transform = _transform(message, _MAX_TRAVEL_M if name == "Hips" else _MAX_LIMB_M)
        begun = None
        if name in self._fresh:
            if self._expected and self._fresh < self._expected:
                self.num_incomplete += 1
            begun = self._frame(arrival_s, *self._begun_with)
            self._expected = frozenset(self._fresh)
            self._fresh = set()
        if not self._fresh:
            self._begun_with = self._seconds, self._root
        self._bones[name] = transform
        self._fresh.add(name)
        if self._expected and self._fresh >= self._expected:
            frame = self._frame(arrival_s, self._seconds, self._root)
            self._expected = frozenset(self._fresh)
            self._fresh = set()
            return frame
        return begun

    def _frame(self, arrival_s: float, seconds: float | None, root: tuple[Floats, Floats]) -> Frame:
        if "Hips" not in self._bones:
            self._bones["Hips"] = (np.array([0.0, humanoid_skeleton(list(self._bones)).hips_height_m, 0.0]), IDENTITY)
        skeleton = self._figure()
        turned = np.array([self._bones[name][1] for name in skeleton.names])
        place = root[0] + rotate(root[1], self._bones["Hips"][0])
        turned[0] = multiply(root[1], turned[0])
        time_us = round(1e6 * (arrival_s if seconds is None else seconds))
        return Frame(skeleton, time_us, arrival_s, place, turned)

    def _figure(self) -> Skeleton:
        """The figure that the bones' positions tell; a new one only where it has changed."""
        names = [bone for bone in PARENTS if bone in self._bones]
        offsets = {name: position for name, (position, _) in self._bones.items() if name != "Hips"}
        old = self._skeleton
        if old is not None and list(old.names) == names:
            given = [offsets.get(name, np.zeros(3)) for name in old.names]
            change = np.abs(np.array(given) - old.offsets).max(axis=1)
            is_given = np.linalg.norm(given, axis=1) > 1e-6
            if not (is_given & (change > _LENGTH_CHANGE_M)).any():
                return old
        self._skeleton = humanoid_skeleton(names, offsets)
        return self._skeleton


def _transform(message: Message, limit_m: float) -> tuple[Floats, Floats]:
    """Position and unit quaternion in our axes."""
    numbers = np.array(read_as(message, "sfffffff", more=True)[1:8], np.float64)
    if np.abs(numbers[:3]).max() > limit_m:
        raise ValueError(f"{message.address} is {np.abs(numbers[:3]).max():.3g} m away")
    length = math.sqrt(float(np.square(numbers[3:]).sum()))
    if not 0.1 < length < 10.0:
        raise ValueError(f"{message.address} holds a quaternion of length {length:.3g}")
    return numbers[:3] * _TO_RIGHT_HANDED, numbers[3:] / length * _QUATERNION_TO_RIGHT_HANDED
