"""Poses as datagrams of the Virtual Motion Capture Protocol, from performer to marionette.

The protocol: https://protocol.vmc.info/english. Packet 1 of a frame is a bundle of ``/VMC/Ext/OK``, ``/VMC/Ext/T`` and
``/VMC/Ext/Root/Pos``; the bones follow in bundles of whole ``/VMC/Ext/Bone/Pos`` messages. Which
receivers want what, and why: ``PROTOCOL.md``.
"""

import struct
from typing import Final

import numpy as np

from bridge.wire.bones import AvatarBones
from bridge.wire.osc_template import BundleTemplate, MessageTemplate, bundle_templates, message_head, osc_string
from bridge.wire.pose_frame import PoseFrame
from bridge.wire.target import Travel
from data.motion.rotations import multiply
from data.motion.skeleton import Skeleton

POSITION_TO_UNITY: Final = np.array([-1.0, 1.0, 1.0], np.float32)
"""Right-handed (x, y, z) times this is Unity's left-handed position; its own inverse."""

QUATERNION_TO_UNITY: Final = np.array([1.0, -1.0, -1.0, 1.0], np.float32)
"""Right-handed (x, y, z, w) times this is the same rotation in Unity's axes; its own inverse."""


class VmcEncoder:
    """Turns pose frames into the datagrams of the VMC protocol.

    Use it from one thread at a time: the bytes of the last frame are its working memory.

    Attributes:
        skeleton: whose bones are sent, under their own names, in their own order.
        bones: those of them that are sent, and how.

    Example:
        >>> from bridge.wire.osc_message import parse_datagram
        >>> from data.motion.humanoid import default_skeleton
        >>> encoder = VmcEncoder(default_skeleton())
        >>> standing = np.tile(np.array([0, 0, 0, 1], np.float32), (19, 1))
        >>> datagrams = encoder.encode(PoseFrame(0, 0, np.array([0, 0.87, 0], np.float32), standing))
        >>> [message.address for message in parse_datagram(datagrams[0])]
        ['/VMC/Ext/OK', '/VMC/Ext/T', '/VMC/Ext/Root/Pos']
        >>> sum(len(parse_datagram(datagram)) for datagram in datagrams[1:])  # a message for each bone
        19
    """

    def __init__(
        self,
        skeleton: Skeleton,
        *,
        bones: AvatarBones | None = None,
        start_time_us: int = 0,
        travel: Travel = "hips",
    ) -> None:
        """Prepares the bytes.

        Args:
            skeleton: names are those of Unity's ``HumanBodyBones``; rest offsets in metres.
            bones: which are sent to an avatar of which size; all, in the dancer's own, if not given.
            start_time_us: what ``/VMC/Ext/T`` counts from. A float32 of seconds since the machine booted is too coarse
                after a few days, so give the time at which the performance began.
            travel: what carries the dancer over the floor. ``hips``: the root stays at the origin and the hips hold the
                absolute position, so that receivers that ignore the root still travel and no frame is torn between two
                datagrams. ``root``: the root holds x and z and the hips their height, for receivers set to ignore
                bone positions.
        """
        self.skeleton = skeleton
        self.bones = bones or AvatarBones.of(skeleton)
        sends_all = self.bones.names == skeleton.names
        self._joints = None if sends_all else self.bones.joints  # choosing among all costs as much as sending one
        self._resting = np.flatnonzero(self.bones.joints < 0)
        self._sends_hips = bool(self.bones.names) and self.bones.names[0] == skeleton.names[0]
        self._start_time_us = start_time_us
        self._travels_by_root = travel == "root"
        tags = "s" + "f" * 7
        self._status = BundleTemplate(
            [
                MessageTemplate(message_head("/VMC/Ext/OK", "iiii") + struct.pack(">4i", 1, 3, 0, 1), 0),
                MessageTemplate(message_head("/VMC/Ext/T", "f"), 1),
                MessageTemplate(message_head("/VMC/Ext/Root/Pos", tags) + osc_string("root"), 7),
            ]
        )
        bone_head = message_head("/VMC/Ext/Bone/Pos", tags)
        names = self.bones.names
        self._templates = bundle_templates([MessageTemplate(bone_head + osc_string(name), 7) for name in names])
        # seconds, then root position and rotation
        self._status_values = np.array([0, 0, 0, 0, 0, 0, 0, 1], np.float32)
        self._bone_values = np.zeros((len(names), 7), np.float32)  # (bones, position and quaternion)
        self._bone_values[:, :3] = self.bones.offsets * POSITION_TO_UNITY

    def encode(self, frame: PoseFrame) -> list[bytes]:
        """The datagrams of one frame, each of at most 1472 bytes, in the order in which they must leave.

        The first holds status, time and root, the others the bones.

        Raises:
            ValueError: a number is not finite, or the frame has another number of bones than the skeleton.
        """
        frame.require_sendable(self.skeleton.num_joints)
        status, values, bones = self._status_values, self._bone_values, self.bones
        root = np.multiply(frame.root_position, POSITION_TO_UNITY, dtype=np.float32)
        if bones.travel_scale != 1.0:
            root *= np.float32(bones.travel_scale)
        rotations = frame.rotations if self._joints is None else frame.rotations[self._joints]
        if self._resting.size:
            rotations[self._resting] = (0.0, 0.0, 0.0, 1.0)  # a copy, since not all are sent as they are
        if bones.before is not None and bones.after is not None:
            rotations = multiply(multiply(bones.before, rotations), bones.after)
        np.multiply(rotations, QUATERNION_TO_UNITY, out=values[:, 3:], casting="same_kind")
        status[0] = (frame.time_us - self._start_time_us) * 1e-6
        if self._sends_hips:
            values[0, :3] = root
        if self._travels_by_root:
            status[1], status[3] = root[0], root[2]
            if self._sends_hips:
                values[0, 0] = values[0, 2] = 0.0
        datagrams = [self._status.fill(status)]
        flat = values.reshape(-1)
        start = 0
        for template in self._templates:
            datagrams.append(template.fill(flat[start : start + template.num_floats]))
            start += template.num_floats
        return datagrams
