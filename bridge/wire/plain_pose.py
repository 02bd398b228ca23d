"""`/dance/floats`: poses for patches, in the types that every OSC implementation can read."""

import struct
from typing import Final

from bridge.wire.dance_protocol import DanceEncoder
from bridge.wire.osc_template import MAX_DATAGRAM_BYTES, message_head
from bridge.wire.pose_frame import PoseFrame
from data.motion.skeleton import Skeleton

PLAIN_MODULUS: Final = 2**24
"""Whole numbers below it are exact as float32, the only kind of number that Pure Data has."""


def plain_time_ms(time_us: int) -> int:
    """A time of the bridge's clock as patches get it: milliseconds, from 0 again every 4.66 hours."""
    return time_us // 1000 % PLAIN_MODULUS


class PlainDanceEncoder(DanceEncoder):
    """Turns pose frames into `/dance/floats`, a message of int32 and float32 alone; skeletons as `/dance/skeleton`.

    Example:
        >>> import numpy as np
        >>> from bridge.wire.osc_message import parse_datagram
        >>> from data.motion.humanoid import default_skeleton
        >>> encoder = PlainDanceEncoder(default_skeleton())
        >>> standing = np.tile(np.array([0, 0, 0, 1], np.float32), (19, 1))
        >>> (datagram,) = encoder.encode(PoseFrame(7, 1_000_000, np.array([0, 0.87, 0], np.float32), standing))
        >>> (message,) = parse_datagram(datagram)
        >>> message.address, message.arguments[:3], len(message.arguments)
        ('/dance/floats', (7, 1000, 0.0), 81)
    """

    def __init__(self, skeleton: Skeleton) -> None:
        super().__init__(skeleton)
        num_floats = 3 + 4 * skeleton.num_joints
        self._head = message_head("/dance/floats", "ii" + "f" * num_floats)
        if len(self._head) + 8 + 4 * num_floats > MAX_DATAGRAM_BYTES:
            raise ValueError(
                f"plain=yes: {skeleton.num_joints} bones do not fit into one datagram of {MAX_DATAGRAM_BYTES} bytes"
            )

    def encode(self, frame: PoseFrame) -> list[bytes]:
        """The one datagram of a frame.

        Raises:
            ValueError: a number is not finite, or the frame has another number of bones than the skeleton.
        """
        frame.require_sendable(self.skeleton.num_joints)
        numbers = struct.pack(">ii", frame.sequence % PLAIN_MODULUS, plain_time_ms(frame.time_us))
        floats = frame.root_position.astype(">f4").tobytes() + frame.rotations.astype(">f4").tobytes()
        return [self._head + numbers + floats]
