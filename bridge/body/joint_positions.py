"""Where the joints of one pose are: forward kinematics for the live loop, a tenth of the cost of that for clips."""

import numpy as np
from numpy.typing import NDArray

from data.motion import Pose
from data.skeleton import Skeleton


class JointPositions:
    """Positions of a pose's joints in the room, by a chain of 4 x 4 matrices.

    Example:
        >>> from data.humanoid import default_skeleton
        >>> from data.idle import IdleMotion
        >>> standing = IdleMotion(default_skeleton(), 30).motion(1)
        >>> of = JointPositions(standing.skeleton)
        >>> positions = of(Pose(standing.root_positions[0], standing.rotations[0]))
        >>> bool(np.abs(positions - standing.global_positions()[0]).max() < 1e-5)
        True
    """

    def __init__(self, skeleton: Skeleton) -> None:
        self._parents = skeleton.parents
        self._local = np.zeros((skeleton.num_joints, 4, 4), np.float32)
        self._local[:, :3, 3] = skeleton.offsets
        self._local[:, 3, 3] = 1.0

    def __call__(self, pose: Pose) -> NDArray[np.float32]:
        """Positions (joints, 3), metres."""
        x, y, z, w = pose.rotations.T
        local = self._local.copy()
        local[:, 0, 0], local[:, 1, 1], local[:, 2, 2] = (
            1.0 - 2.0 * (y * y + z * z),
            1.0 - 2.0 * (x * x + z * z),
            1.0 - 2.0 * (x * x + y * y),
        )
        local[:, 0, 1], local[:, 1, 0] = 2.0 * (x * y - w * z), 2.0 * (x * y + w * z)
        local[:, 0, 2], local[:, 2, 0] = 2.0 * (x * z + w * y), 2.0 * (x * z - w * y)
        local[:, 1, 2], local[:, 2, 1] = 2.0 * (y * z - w * x), 2.0 * (y * z + w * x)
        local[0, :3, 3] = pose.root_position
        for joint, parent in enumerate(self._parents):
            if parent >= 0:
                local[joint] = local[parent] @ local[joint]
        return local[:, :3, 3].copy()
