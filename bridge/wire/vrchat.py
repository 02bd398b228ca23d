"""Poses as VRChat's OSC trackers: eight points of the body, and the head.

VRChat takes no VMC; it takes positions of trackers and drives its own inverse kinematics
(https://docs.vrchat.com/docs/osc-trackers). Which number sits where follows what other senders do (SlimeVR), since
people calibrate once and keep it.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bridge.wire.osc_template import BundleTemplate, MessageTemplate, message_head
from bridge.wire.pose_frame import PoseFrame
from bridge.wire.vmc import POSITION_TO_UNITY, QUATERNION_TO_UNITY
from data.motion.skeleton import Skeleton

TRACKERS: Final = (
    "Hips",
    "LeftFoot",
    "RightFoot",
    "LeftLowerLeg",
    "RightLowerLeg",
    "Chest",
    "LeftLowerArm",
    "RightLowerArm",
)
"""Bones of the trackers 1 to 8."""
_SUBSTITUTES: Final = {"Chest": ("UpperChest", "Chest", "Spine")}
_HEAD: Final = "Head"


class VrchatEncoder:
    """Turns pose frames into one bundle of tracker messages.

    Positions are metres in Unity's axes in the dancer's own size; rotations are Unity's Euler angles in degrees, which
    turn about z, then x, then y. Use it from one thread at a time.
    """

    def __init__(self, skeleton: Skeleton) -> None:
        """Prepares the bytes.

        Raises:
            ValueError: the skeleton lacks a bone that carries a tracker.
        """
        self.skeleton = skeleton
        bones = [_find(skeleton, bone) for bone in (*TRACKERS, _HEAD)]
        self._joints = np.array(bones)
        names = [*(str(number + 1) for number in range(len(TRACKERS))), "head"]
        self._bundle = BundleTemplate(
            [
                MessageTemplate(message_head(f"/tracking/trackers/{name}/{what}", "fff"), 3)
                for name in names
                for what in ("position", "rotation")
            ]
        )
        self._values = np.zeros((len(names), 2, 3), np.float32)

    def encode(self, frame: PoseFrame) -> list[bytes]:
        """The one datagram of a frame.

        Raises:
            ValueError: a number is not finite, or the frame has another number of bones than the skeleton.
        """
        frame.require_sendable(self.skeleton.num_joints)
        positions, rotations = self.skeleton.forward_kinematics(frame.root_position, frame.rotations)
        self._values[:, 0] = positions[self._joints] * POSITION_TO_UNITY
        self._values[:, 1] = euler_degrees(rotations[self._joints] * QUATERNION_TO_UNITY)
        return [self._bundle.fill(self._values.reshape(-1))]


def euler_degrees(rotations: NDArray[np.floating]) -> NDArray[np.float64]:
    """Unity's Euler angles (n, 3) about x, y and z in degrees of unit quaternions (n, 4): R = R_y R_x R_z.

    At the poles, where x is a right angle, all of the turn is given to y.
    """
    x, y, z, w = np.asarray(rotations, np.float64).T
    sine = np.clip(2.0 * (w * x - y * z), -1.0, 1.0)
    pole = np.abs(sine) > 1.0 - 1e-9
    about_x = np.arcsin(sine)
    about_y = np.where(
        pole,
        np.arctan2(2.0 * (w * y - x * z), 1.0 - 2.0 * (y * y + z * z)),
        np.arctan2(2.0 * (w * y + x * z), 1.0 - 2.0 * (x * x + y * y)),
    )
    about_z = np.where(pole, 0.0, np.arctan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (x * x + z * z)))
    return np.degrees(np.stack([about_x, about_y, about_z], axis=-1))


def _find(skeleton: Skeleton, bone: str) -> int:
    for name in _SUBSTITUTES.get(bone, (bone,)):
        if name in skeleton.names:
            return skeleton.index(name)
    raise ValueError(f"VRChat's trackers need the bone {bone}, which this dancer lacks")
