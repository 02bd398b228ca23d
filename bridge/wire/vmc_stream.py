"""A tolerant reader of anybody's VMC stream, as far as a figure can be drawn from it.

``receiver.VmcReceiver`` gives back exactly what this bridge sent. Others send any of the 55 bones, in bundles or one
message a datagram, with or without ``/VMC/Ext/T``, with zeros for positions and with a root that turns. All of that is
read here, and what a receiver would trip over is counted instead of raised.
"""

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bridge.wire.osc_message import OscMessage
from bridge.wire.vmc import POSITION_TO_UNITY, QUATERNION_TO_UNITY
from data.motion.humanoid import BONE_PARENTS, default_skeleton
from data.motion.motion import Pose
from data.motion.rotations import multiply, rotate
from data.motion.skeleton import Skeleton

MAX_BLEND_SHAPES: Final = 256
_MAX_NAME: Final = 64
_MAX_LIMB_M: Final = 5.0
_MAX_TRAVEL_M: Final = 1000.0
_UNIT_TOLERANCE: Final = 1e-2
_ZERO: Final = 1e-6
_TRANSFORM_TAGS: Final = "sfffffff"
_OPTIONAL: Final[dict[str, tuple[float, float, float]]] = {
    "UpperChest": (0.0, 0.115, 0.0),
    "LeftToes": (0.0, -0.06, 0.12),
    "RightToes": (0.0, -0.06, 0.12),
}
"""Bones that are drawn only when they are sent, and where they are when their position is not."""
_IN_VRM: Final = {name[0].lower() + name[1:]: name for name in BONE_PARENTS}
"""How VRM files write the bones, and senders in JavaScript that take their names from there."""


class VmcStream:
    """The newest state of one sender's figure, and what is odd about how it is sent.

    Use it from one thread at a time. Its size has a limit, whatever arrives.

    Attributes:
        num_frames: frames begun so far: counted by ``/VMC/Ext/T`` where the sender has it, else by bones that come
            again, else by ``/VMC/Ext/Blend/Apply``.
        time_s: the sender's own time, the newest ``/VMC/Ext/T``; ``None`` before any.
        is_loaded: the first number of the newest ``/VMC/Ext/OK``: whether the sender has its avatar.
        calibration: the second one: 3 is calibrated, and some receivers hide anything else; ``None`` if never sent.
        bones: position (3,) in metres and unit quaternion (4,) by bone, local, in the bridge's axes.
        root: the same of the model's root, which is the identity in most streams.
        blend_shapes: values by name; the first 256 names.
        num_not_finite: transforms with NaN or infinity; not used.
        num_not_unit: quaternions whose length was not 1; used after normalising, unless they were zero.
        num_not_float: messages whose numbers were not all of the protocol's kind, such as the integer 1; they are used.
        num_named_as_in_vrm: bones whose name begins with a small letter; they are used.
        num_implausible: bones more than five metres long, or places more than a kilometre away; not used.
    """

    def __init__(self) -> None:
        self.time_s: float | None = None
        self.is_loaded: bool | None = None
        self.calibration: int | None = None
        self.bones: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
        self.root = (np.zeros(3), np.array([0.0, 0.0, 0.0, 1.0]))
        self.blend_shapes: dict[str, float] = {}
        self.num_not_finite = 0
        self.num_not_unit = 0
        self.num_not_float = 0
        self.num_named_as_in_vrm = 0
        self.num_implausible = 0
        self._marks = {"time": 0, "bones": 0, "blend": 0}
        self._in_frame: set[str] = set()

    @property
    def num_frames(self) -> int:
        """Frames begun so far, by the best mark there is."""
        return next((count for count in self._marks.values() if count), 0)

    @property
    def has_zero_positions(self) -> bool:
        """Whether bones other than the hips come without positions, which some receivers apply all the same."""
        limbs = [position for name, (position, _) in self.bones.items() if name != "Hips"]
        return bool(limbs) and all(float(np.abs(position).max()) < _ZERO for position in limbs)

    def receive(self, message: OscMessage) -> bool:
        """Takes a message in; whether it is one of VMC that a figure, a face or a frame needs.

        Raises:
            ValueError: its arguments are not those of the protocol; it is not used.
        """
        match message.address:
            case "/VMC/Ext/T":
                seconds = float(self._read(message, "f")[0])
                self.time_s = seconds if math.isfinite(seconds) else self.time_s
                self._marks["time"] += 1
            case "/VMC/Ext/OK":
                self.is_loaded = bool(message.read_as("i", more=True)[0])
                if len(message.type_tags) > 1:
                    self.calibration = message.read_as("ii", more=True)[1]
            case "/VMC/Ext/Root/Pos":
                transform = self._transform(message, _MAX_TRAVEL_M)
                self.root = self.root if transform is None else transform
            case "/VMC/Ext/Bone/Pos":
                self._receive_bone(message)
            case "/VMC/Ext/Blend/Val":
                name, value = self._read(message, "sf")
                name = name[:_MAX_NAME]
                if math.isfinite(value) and (name in self.blend_shapes or len(self.blend_shapes) < MAX_BLEND_SHAPES):
                    self.blend_shapes[name] = value
            case "/VMC/Ext/Blend/Apply":
                self._marks["blend"] += 1
            case _:
                return False
        return True

    def figure(self) -> tuple[Skeleton, Pose]:
        """The newest figure: bones that never came, or came without a position, have human proportions.

        Frame of reference: right-handed, Y up, metres, the figure faces +Z.
        """
        base = default_skeleton()
        offsets = dict(zip(base.names, base.offsets, strict=True))
        if "UpperChest" in self.bones:  # it halves the way from the chest to the neck
            raised = np.array(_OPTIONAL["UpperChest"], np.float32)
            offsets |= {name: offsets[name] - raised for name in ("Neck", "LeftShoulder", "RightShoulder")}
        offsets |= {name: np.array(offset, np.float32) for name, offset in _OPTIONAL.items() if name in self.bones}
        names = [name for name in BONE_PARENTS if name in offsets]  # parents first
        rotations = np.tile(np.array([0.0, 0.0, 0.0, 1.0]), (len(names), 1))
        for index, name in enumerate(names):
            position, rotation = self.bones.get(name, (np.zeros(3), rotations[index]))
            rotations[index] = rotation
            if name != "Hips" and float(np.abs(position).max()) > _ZERO:
                offsets[name] = position.astype(np.float32)
        tips = tuple(
            (names.index(base.names[joint]), tip)
            for joint, tip in base.end_sites
            if base.names[joint].replace("Foot", "Toes") not in names
        )
        parents = tuple(names.index(_parent(name, names)) if name != "Hips" else -1 for name in names)
        skeleton = Skeleton(tuple(names), parents, np.stack([offsets[name] for name in names]), tips)
        hips = self.bones["Hips"][0] if "Hips" in self.bones else np.zeros(3)
        if float(np.abs(hips).max()) < _ZERO and abs(float(self.root[0][1])) < _ZERO:
            hips = np.array([0.0, skeleton.rest_height, 0.0])
        root_position, root_rotation = self.root
        rotations[0] = multiply(root_rotation, rotations[0])
        place = root_position + rotate(root_rotation, hips)
        return skeleton, Pose(place.astype(np.float32), rotations.astype(np.float32))

    def _receive_bone(self, message: OscMessage) -> None:
        name = str(self._read(message, _TRANSFORM_TAGS)[0])
        self.num_named_as_in_vrm += name in _IN_VRM
        name = _IN_VRM.get(name, name)
        transform = self._transform(message, _MAX_TRAVEL_M if name == "Hips" else _MAX_LIMB_M)
        if name not in BONE_PARENTS:
            raise ValueError(f"{name!r} is none of the 55 bones")
        if not self._in_frame or name in self._in_frame:
            self._marks["bones"] += 1
            self._in_frame.clear()
        self._in_frame.add(name)
        if transform is not None:
            self.bones[name] = transform

    def _read(self, message: OscMessage, type_tags: str) -> tuple[Any, ...]:
        """The first arguments as these types; more are allowed, as the protocol demands."""
        values = message.read_as(type_tags, more=True)
        self.num_not_float += not message.type_tags.startswith(type_tags)
        return values

    def _transform(self, message: OscMessage, limit_m: float) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
        """Position and unit quaternion of a message in the bridge's axes, or ``None`` where they make no sense."""
        values = np.array(self._read(message, _TRANSFORM_TAGS)[1:8], np.float64)
        if not np.isfinite(values).all():
            self.num_not_finite += 1
            return None
        if float(np.abs(values[:3]).max()) > limit_m:
            self.num_implausible += 1
            return None
        length = math.sqrt(float(np.square(values[3:]).sum()))
        if abs(length - 1.0) > _UNIT_TOLERANCE:
            self.num_not_unit += 1
            if length < _ZERO:
                return None
        return values[:3] * POSITION_TO_UNITY, values[3:] / length * QUATERNION_TO_UNITY


def _parent(name: str, names: list[str]) -> str:
    """The nearest bone above that the figure has."""
    parent = BONE_PARENTS[name]
    while parent not in names:
        parent = BONE_PARENTS[parent]
    return parent
