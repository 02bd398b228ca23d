"""Pose codec: poses to and from vectors that do not depend on where the dancer is or which way the dancer faces.

One vector a frame, in this order (`PoseCodec.columns`):

    floor_velocity  2   m/s along the figure's left (+X) and front (+Z), in the facing frame of this same frame
    height          1   m, of the hips above the floor
    turn_rate       1   rad/s about the vertical, positive to the left (counter-clockwise seen from above)
    tilt            6   rotation of the hips relative to the facing frame
    joints          6n  local rotation of every other joint, in the skeleton's order

Rotations are the first two columns of their matrices, one after the other ("6d": continuous, so that a network's small
errors stay small; Zhou et al., On the Continuity of Rotation Representations in Neural Networks, CVPR 2019), or three
numbers of axis times angle ("expmap", as in the Transflower paper).

The facing frame is the turn about the vertical that comes nearest to the hips' rotation (the twist of its swing-twist
decomposition). It stays well defined when the dancer lies down. Only upside down it does not: there the heading is
carried over smoothly from the moments before and after, and the tilt holds the rest, so decoding is exact all the same.

Velocity and turn rate at frame t lead from frame t - 1 to frame t. The decoder first turns, then moves along the new
facing frame: yaw += turn_rate / rate; position += turn(yaw) floor_velocity / rate. The first frame of a clip has no
past; it gets the second's velocity and turn rate (zero in a clip of one frame). `state_before` is the state from which
decoding then gives back the clip where it was.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from data.motion import rotations
from data.motion.motion import Motion, Pose
from data.motion.rotations import Floats
from data.motion.skeleton import Skeleton

Rotation = Literal["6d", "expmap"]

LARGEST_VALUE: Final = 100.0
"""No number of a human pose vector (m/s, m, rad/s, matrix entries, rad) comes near this; larger ones are rejected."""

_UPSIDE_DOWN: Final = 0.1
"""Below this cosine squared of half the hips' inclination (more than 143 degrees) the heading is bridged."""

_DEGENERATE: Final = 1e-4
"""Columns that are shorter than this once made orthogonal give no direction: the joint keeps its last rotation."""


@dataclass
class PoseDecoderState:
    """Where a decoded dancer is: everything that decoding the next frame needs.

    Attributes:
        root_position: (3,) float64, metres.
        yaw_rad: Direction of the facing frame; 0 looks along +Z, positive turns left.
        rotations: (joints, 4) float64, the last frame's local rotations, the root's included.
        num_rejected: Vectors that could not be decoded so far.
    """

    root_position: Floats
    yaw_rad: float
    rotations: Floats
    num_rejected: int = 0

    def copy(self) -> "PoseDecoderState":
        """A state that shares nothing with this one."""
        return replace(self, root_position=self.root_position.copy(), rotations=self.rotations.copy())


class PoseCodec:
    """The rule that turns a skeleton's poses into vectors and, frame by frame, back.

    Attributes:
        skeleton: The joints; joint 0 is the hips.
        rate_hz: Frames a second of the vectors.
        rotation: "6d" or "expmap".
        dims: Length of a vector.
        columns: Name of each part to its slice of the vector.
        latency_s: 0: a vector becomes its pose at once.

    Example:
        >>> from data.motion.humanoid import default_skeleton
        >>> from data.motion.idle import IdleMotion
        >>> codec = PoseCodec(default_skeleton(), rate_hz=30)
        >>> motion = IdleMotion(codec.skeleton, 30).motion(60)
        >>> vectors = codec.encode(motion)
        >>> vectors.shape, codec.columns["height"]
        ((60, 118), slice(2, 3, None))
        >>> again = codec.decode(vectors, codec.state_before(motion))
        >>> float(np.abs(again.global_positions() - motion.global_positions()).max()) < 1e-4
        True
    """

    latency_s = 0.0

    def __init__(self, skeleton: Skeleton, rate_hz: float, rotation: Rotation = "6d") -> None:
        if rotation not in get_args(Rotation):
            raise ValueError(f"rotation must be one of {', '.join(get_args(Rotation))}, not {rotation!r}")
        if not (math.isfinite(rate_hz) and rate_hz > 0):
            raise ValueError(f"the frame rate must be positive, not {rate_hz} Hz")
        self.skeleton = skeleton
        self.rate_hz = float(rate_hz)
        self.rotation: Rotation = rotation
        size = 6 if rotation == "6d" else 3
        self.dims = 4 + size * skeleton.num_joints
        self.columns = {
            "floor_velocity": slice(0, 2),
            "height": slice(2, 3),
            "turn_rate": slice(3, 4),
            "tilt": slice(4, 4 + size),
            "joints": slice(4 + size, self.dims),
        }
        self._rotation_columns = slice(4, self.dims)

    # ------------------------------------------------------------------------------------------------------- encoding

    def encode(self, motion: Motion) -> NDArray[np.float32]:
        """Vectors (frames, dims) float32 of a motion.

        Raises:
            ValueError: the motion has another skeleton or frame rate.
        """
        self._check(motion)
        yaw, local, root = self._facing(motion)
        steps = np.diff(root, axis=0, prepend=root[:1])
        turn_rate = np.diff(yaw, prepend=yaw[:1]) * self.rate_hz
        sine, cosine = np.sin(yaw), np.cos(yaw)
        vectors = np.empty((len(motion), self.dims))
        vectors[:, 0] = (cosine * steps[:, 0] - sine * steps[:, 2]) * self.rate_hz
        vectors[:, 1] = (sine * steps[:, 0] + cosine * steps[:, 2]) * self.rate_hz
        vectors[:, 2] = root[:, 1]
        vectors[:, 3] = turn_rate
        if len(motion) > 1:
            vectors[0, [0, 1, 3]] = vectors[1, [0, 1, 3]]
        local[:, 0] = rotations.multiply(rotations.about_axis(1, -yaw), local[:, 0])
        vectors[:, self._rotation_columns] = self._encode_rotations(local).reshape(len(motion), -1)
        return vectors.astype(np.float32)

    def _encode_rotations(self, q: Floats) -> Floats:
        """Rotations (frames, joints, 4) as (frames, joints, 6 or 3)."""
        if self.rotation == "6d":
            matrices = rotations.to_matrix(q)
            return np.concatenate([matrices[..., 0], matrices[..., 1]], axis=-1)
        vectors = rotations.to_expmap(q)
        # The same rotation is also 2 pi less the other way: take whichever is nearer to the frame before.
        for frame in range(1, len(vectors)):
            angle = np.linalg.norm(vectors[frame], axis=-1, keepdims=True)
            unit = vectors[frame] / np.maximum(angle, rotations.SMALLEST_LENGTH)
            turns = np.sum(unit * vectors[frame - 1], axis=-1, keepdims=True) - angle
            whole = np.where(angle > rotations.SMALLEST_LENGTH, np.round(turns / (2 * np.pi)), 0)
            vectors[frame] += unit * (2 * np.pi * whole)
        return vectors

    def _facing(self, motion: Motion) -> tuple[Floats, Floats, Floats]:
        """Unwrapped heading (frames,), local rotations (frames, joints, 4) and root path (frames, 3), all float64."""
        local = rotations.normalise(motion.rotations.astype(np.float64))
        hips = local[:, 0]
        uprightness = hips[:, 1] ** 2 + hips[:, 3] ** 2  # cosine squared of half the angle between hips' up and up
        clear = uprightness >= _UPSIDE_DOWN
        if not clear.any():
            return np.zeros(len(motion)), local, motion.root_positions.astype(np.float64)
        frames = np.arange(len(motion))
        yaw = np.unwrap(2 * np.arctan2(hips[clear, 1], hips[clear, 3]))
        return np.interp(frames, frames[clear], yaw), local, motion.root_positions.astype(np.float64)

    def _check(self, motion: Motion) -> None:
        if not motion.skeleton.matches(self.skeleton):
            raise ValueError("the motion's skeleton is not the codec's; see data.motion.humanoid.to_humanoid")
        if abs(motion.rate_hz - self.rate_hz) > 1e-6 * self.rate_hz:
            raise ValueError(f"the motion has {motion.rate_hz} Hz, the codec {self.rate_hz} Hz; resample first")

    # ------------------------------------------------------------------------------------------------------- decoding

    def initial_state(self, position_xz: tuple[float, float] = (0.0, 0.0), yaw_rad: float = 0.0) -> PoseDecoderState:
        """A dancer in the rest pose, standing at a place on the floor and facing a direction."""
        still = np.zeros((self.skeleton.num_joints, 4))
        still[:, 3] = 1
        still[0] = rotations.about_axis(1, yaw_rad)
        position = np.array([position_xz[0], self.skeleton.rest_height, position_xz[1]], np.float64)
        return PoseDecoderState(position, float(yaw_rad), still)

    def state_before(self, motion: Motion) -> PoseDecoderState:
        """The state from which `decode(encode(motion), state)` gives back `motion`, place and direction included."""
        self._check(motion)
        first = motion[:2]
        vector = self.encode(first)[0].astype(np.float64)
        yaw, local, root = self._facing(motion)
        step_x, step_z = _along(yaw[0], vector[0] / self.rate_hz, vector[1] / self.rate_hz)
        position = np.array([root[0, 0] - step_x, root[0, 1], root[0, 2] - step_z])
        return PoseDecoderState(position, float(yaw[0] - vector[3] / self.rate_hz), local[0].copy())

    def step(self, vector: Floats, state: PoseDecoderState) -> tuple[Pose, PoseDecoderState]:
        """The next pose, one vector (dims,) further on; changes and returns `state`.

        Quaternions are of length one whatever the vector holds, and keep the hemisphere of the frame before. A vector
        with NaN, infinity or a number beyond `LARGEST_VALUE` is rejected: the pose stays and `num_rejected` counts it.

        Raises:
            ValueError: the vector has another length.
        """
        if np.shape(vector) != (self.dims,):
            raise ValueError(f"expected a vector of {self.dims} numbers, got shape {np.shape(vector)}")
        v = np.asarray(vector, np.float64)
        if not np.abs(v).max() <= LARGEST_VALUE:  # written so that NaN fails too
            state.num_rejected += 1
            return _pose(state), state
        side_velocity, front_velocity, height, turn_rate = v[:4].tolist()
        # A full turn either way is the same heading; bounded so that hours of turning lose no digits.
        yaw = math.remainder(state.yaw_rad + turn_rate / self.rate_hz, 2 * math.pi)
        step_x, step_z = _along(yaw, side_velocity / self.rate_hz, front_velocity / self.rate_hz)
        position = state.root_position
        position[0] += step_x
        position[1] = height
        position[2] += step_z

        previous = state.rotations
        blocks = v[self._rotation_columns].reshape(self.skeleton.num_joints, -1)
        if self.rotation == "6d":
            local, bad = _from_6d(blocks.T)
        else:
            local, bad = rotations.from_expmap(blocks), None
        # The hips turn with the facing frame: quaternion of the yaw times the tilt, written out.
        x, y, z, w = local[0].tolist()
        sine, cosine = math.sin(yaw / 2), math.cos(yaw / 2)
        local[0] = (
            cosine * x + sine * z,
            cosine * y + sine * w,
            cosine * z - sine * x,
            cosine * w - sine * y,
        )
        if bad is not None:
            local[bad] = previous[bad]
        local[np.einsum("ij,ij->i", local, previous) < 0] *= -1
        state.rotations = local
        state.yaw_rad = yaw
        return _pose(state), state

    def decode(self, vectors: Floats, state: PoseDecoderState | None = None) -> Motion:
        """The motion (frames) of vectors (frames, dims): `step` for each; `state` itself stays as it was."""
        state = self.initial_state() if state is None else state.copy()
        poses = []
        for vector in np.asarray(vectors):
            pose, state = self.step(vector, state)
            poses.append(pose)
        if not poses:
            raise ValueError("there are no vectors to decode")
        return Motion(
            self.skeleton,
            self.rate_hz,
            np.stack([pose.root_position for pose in poses]),
            np.stack([pose.rotations for pose in poses]),
        )

    # --------------------------------------------------------------------------------------------------------- others

    def mirror(self, vectors: Floats) -> Floats:
        """Vectors (..., dims) of the mirrored poses: what `encode` gives for `data.motion.motion.mirror(motion)`."""
        vectors = np.asarray(vectors)
        blocks = vectors[..., self._rotation_columns].reshape(*vectors.shape[:-1], self.skeleton.num_joints, -1)
        # Reflection in x = 0 of a rotation S R S, S = diag(-1, 1, 1): by columns, and of axis times angle.
        signs = [1, -1, -1, -1, 1, 1] if self.rotation == "6d" else [1, -1, -1]
        mirrored = blocks[..., list(self.skeleton.mirror_joints), :] * np.array(signs, vectors.dtype)
        head = vectors[..., :4] * np.array([-1, 1, 1, -1], vectors.dtype)
        return np.concatenate([head, mirrored.reshape(*vectors.shape[:-1], -1)], axis=-1)

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and numbers that JSON can hold."""
        return {"skeleton": self.skeleton.to_dict(), "rate_hz": self.rate_hz, "rotation": self.rotation}

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> "PoseCodec":
        """The codec that `to_dict` wrote.

        Raises:
            ValueError: an entry is missing or unusable.
        """
        missing = {"skeleton", "rate_hz", "rotation"} - set(entries)
        if missing:
            raise ValueError(f"not a pose codec: entries {', '.join(sorted(missing))} are missing")
        return cls(Skeleton.from_dict(entries["skeleton"]), float(entries["rate_hz"]), entries["rotation"])


def _along(yaw_rad: float, side: float, front: float) -> tuple[float, float]:
    """World x and z of a step given along the left and the front of a figure that faces `yaw_rad`."""
    sine, cosine = math.sin(yaw_rad), math.cos(yaw_rad)
    return cosine * side + sine * front, cosine * front - sine * side


def _from_6d(columns: Floats) -> tuple[Floats, NDArray[np.bool_] | None]:
    """Unit quaternions (joints, 4) of 6D rotations (6, joints), and which joints had no direction (None: all had)."""
    a, b = columns[:3], columns[3:]
    length_a = np.sqrt(np.einsum("ij,ij->j", a, a))
    bad = length_a < _DEGENERATE
    a = a / np.maximum(length_a, _DEGENERATE)
    b = b - np.einsum("ij,ij->j", a, b) * a
    length_b = np.sqrt(np.einsum("ij,ij->j", b, b))
    bad |= length_b < _DEGENERATE
    b = b / np.maximum(length_b, _DEGENERATE)
    (ax, ay, az), (bx, by, bz) = a, b
    c = np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx])
    return rotations.from_columns(a, b, c), bad if bad.any() else None


def _pose(state: PoseDecoderState) -> Pose:
    return Pose(state.root_position.astype(np.float32), state.rotations.astype(np.float32))
