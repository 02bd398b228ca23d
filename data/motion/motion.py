"""Motion: a skeleton's poses at a steady frame rate, and the operations on whole clips."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from data.motion import rotations
from data.motion.rotations import slerp
from data.motion.skeleton import Skeleton

__all__ = ["Motion", "Pose", "blend", "change_speed", "concatenate", "mirror", "resample", "slerp"]


@dataclass(frozen=True, eq=False)
class Pose:
    """One frame of a figure.

    Attributes:
        root_position: (3,) float32, metres; right-handed, Y up.
        rotations: (joints, 4) float32 unit quaternions (x, y, z, w), relative to the parent joint.
    """

    root_position: NDArray[np.float32]
    rotations: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Motion:
    """A clip: frame k is the figure at k / rate_hz seconds.

    Attributes:
        skeleton: The joints.
        rate_hz: Frames a second.
        root_positions: (frames, 3) float32, metres; right-handed, Y up.
        rotations: (frames, joints, 4) float32 unit quaternions (x, y, z, w), relative to the parent joint.

    Raises:
        ValueError: shapes do not fit the skeleton, there is no frame, a number is not finite, or the rate is not
            positive.

    Example:
        >>> from data.motion.humanoid import default_skeleton
        >>> from data.motion.idle import IdleMotion
        >>> motion = IdleMotion(default_skeleton(), rate_hz=30).motion(60, seed=0)  # two seconds of standing
        >>> motion.duration_s, motion[30:].duration_s, len(resample(motion, 60))
        (2.0, 1.0, 119)
        >>> motion.global_positions().shape  # frames, joints, metres
        (60, 19, 3)
    """

    skeleton: Skeleton
    rate_hz: float
    root_positions: NDArray[np.float32]
    rotations: NDArray[np.float32]

    def __post_init__(self) -> None:
        object.__setattr__(self, "root_positions", np.asarray(self.root_positions, np.float32))
        object.__setattr__(self, "rotations", np.asarray(self.rotations, np.float32))
        frames, joints = len(self.root_positions), self.skeleton.num_joints
        if self.root_positions.shape != (frames, 3) or self.rotations.shape != (frames, joints, 4):
            raise ValueError(
                f"root positions {self.root_positions.shape} and rotations {self.rotations.shape} "
                f"are not (frames, 3) and (frames, {joints}, 4)"
            )
        if frames == 0:
            raise ValueError("a motion needs at least one frame")
        if not (np.isfinite(self.rate_hz) and self.rate_hz > 0):
            raise ValueError(f"the frame rate must be positive, not {self.rate_hz} Hz")
        if not (np.isfinite(self.root_positions).all() and np.isfinite(self.rotations).all()):
            raise ValueError("a motion must hold finite numbers only")

    def __len__(self) -> int:
        """Number of frames."""
        return len(self.root_positions)

    def __getitem__(self, frames: slice) -> "Motion":
        """The clip of some frames, `motion[30:60]`; steps would mislabel the rate and are refused: see `resample`."""
        if frames.step not in (None, 1):
            raise ValueError(f"a step of {frames.step} would change the frame rate; use resample")
        return replace(self, root_positions=self.root_positions[frames], rotations=self.rotations[frames])

    @property
    def duration_s(self) -> float:
        """Seconds from the first frame to the end of the last: frames / rate."""
        return len(self) / self.rate_hz

    def pose(self, frame: int) -> Pose:
        """The figure at one frame; negative numbers count from the end."""
        return Pose(self.root_positions[frame], self.rotations[frame])

    def global_positions(self) -> NDArray[np.float32]:
        """Joint positions in the world (frames, joints, 3), float32 metres."""
        positions, _ = self.skeleton.forward_kinematics(self.root_positions, self.rotations)
        return positions.astype(np.float32, copy=False)


def resample(motion: Motion, rate_hz: float) -> Motion:
    """The same movement at another frame rate: rotations by slerp, the root's path by straight lines.

    Output frame k is the input at exactly k / rate_hz seconds, so any ratio is right and the label is always true. The
    last output frame is the last that the input covers; nothing is extrapolated or held.
    """
    if rate_hz == motion.rate_hz:
        return motion
    if not (np.isfinite(rate_hz) and rate_hz > 0):
        raise ValueError(f"the frame rate must be positive, not {rate_hz} Hz")
    last_s = (len(motion) - 1) / motion.rate_hz
    num_frames = int(np.floor(last_s * rate_hz * (1 + 1e-9) + 1e-9)) + 1
    where = np.minimum(np.arange(num_frames) * (motion.rate_hz / rate_hz), len(motion) - 1)
    before = np.minimum(where.astype(np.int64), max(len(motion) - 2, 0))
    after = np.minimum(before + 1, len(motion) - 1)
    weight = where - before
    turned = slerp(
        motion.rotations[before].astype(np.float64), motion.rotations[after].astype(np.float64), weight[:, None]
    )
    start, end = motion.root_positions[before].astype(np.float64), motion.root_positions[after]
    return Motion(
        motion.skeleton,
        float(rate_hz),
        (start + weight[:, None] * (end - start)).astype(np.float32),
        rotations.make_continuous(turned).astype(np.float32),
    )


def change_speed(motion: Motion, factor: float) -> Motion:
    """The movement played `factor` times as fast, frame rate unchanged: a dance to 120 BPM, factor 1.1, fits 132."""
    return resample(replace(motion, rate_hz=motion.rate_hz * factor), motion.rate_hz)


def mirror(motion: Motion) -> Motion:
    """The movement in a mirror: left and right change places, reflected in the plane x = 0.

    Where the two sides of the skeleton differ, the result stands on the mirrored skeleton.

    Raises:
        ValueError: a sided joint has no counterpart on the other side.

    Example:
        >>> from data.motion.humanoid import default_skeleton
        >>> from data.motion.idle import IdleMotion
        >>> motion = IdleMotion(default_skeleton(), rate_hz=30).motion(2)
        >>> left, right = (motion.skeleton.index(f"{side}Hand") for side in ("Left", "Right"))
        >>> hand, other = motion.global_positions()[0, left], mirror(motion).global_positions()[0, right]
        >>> np.allclose(hand * [-1, 1, 1], other, atol=1e-6)
        True
    """
    partners = list(motion.skeleton.mirror_joints)
    return Motion(
        motion.skeleton.mirror(),
        motion.rate_hz,
        motion.root_positions * np.array([-1, 1, 1], np.float32),
        motion.rotations[:, partners] * np.array([1, -1, -1, 1], np.float32),
    )


def concatenate(motions: Sequence[Motion]) -> Motion:
    """The clips one after another, as they are: nothing is moved or blended, only quaternion signs are kept continuous.

    Raises:
        ValueError: there is no clip, or skeletons or frame rates differ.
    """
    if not motions:
        raise ValueError("nothing to concatenate")
    first = motions[0]
    for other in motions[1:]:
        if not other.skeleton.matches(first.skeleton):
            raise ValueError("cannot concatenate motions of different skeletons")
        if other.rate_hz != first.rate_hz:
            raise ValueError(f"cannot concatenate {first.rate_hz} Hz with {other.rate_hz} Hz; resample first")
    return Motion(
        first.skeleton,
        first.rate_hz,
        np.concatenate([motion.root_positions for motion in motions]),
        rotations.make_continuous(np.concatenate([motion.rotations for motion in motions])),
    )


def blend(a: Pose, b: Pose, weight: float) -> Pose:
    """The pose between two: `a` at weight 0, `b` at weight 1; each joint on the shorter arc, signs as in `a`."""
    return Pose(
        (a.root_position + np.float32(weight) * (b.root_position - a.root_position)).astype(np.float32),
        slerp(a.rotations, b.rotations, weight).astype(np.float32),
    )
