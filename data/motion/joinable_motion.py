"""Motion that forgot where it stands, so that pieces of it can be played at any tempo and joined without a jump."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.motion import rotations as quaternions
from data.motion.motion import Motion
from data.motion.rotations import Floats
from data.motion.skeleton import Skeleton

Array = NDArray[np.floating]

# A difference in speed fades sooner than one in pose: over a second it would swing an arm far past its aim.
SLOPE_FADE_S: Final = 0.3
# Past the last frame at most this many are extrapolated, at 30 a second, and as much time at higher rates: clips that
# hold 15.97 of 16 beats miss 1.4.
MAX_EXTRAPOLATED_FRAMES: Final = 2.5


def extrapolated_frames(rate_hz: float) -> float:
    """How many frames past its last a motion may be asked for."""
    return MAX_EXTRAPOLATED_FRAMES * max(1.0, rate_hz / 30.0)


@dataclass(frozen=True, eq=False)
class JoinableMotion:
    """Frames of motion with the root's place and heading replaced by its velocities.

    Args:
        skeleton: joints, root first.
        rate_hz: frames a second.
        steps: (frames, 4): the root's velocity to its left and forward (m/s, turning with its yaw), its height (m) and
            its turn rate (rad/s); the velocities are those of the interval before the frame.
        rotations: (frames, joints, 4) xyzw; the root's holds only what is left of it without its yaw.
    """

    skeleton: Skeleton
    rate_hz: float
    steps: Array
    rotations: Array

    def __len__(self) -> int:
        return len(self.steps)

    @classmethod
    def from_motion(cls, motion: Motion) -> "JoinableMotion":
        """Take place and heading off two or more frames; the first borrows the velocities of the second."""
        if len(motion.rotations) < 2:
            raise ValueError(f"a motion of {len(motion.rotations)} frames has no velocity: give two frames or more")
        rotations = motion.rotations.astype(np.float64)
        # The twist about Y, unlike the direction of the chest, stays defined when a dancer lies on the floor.
        yaws_rad = np.unwrap(2 * np.arctan2(rotations[:, 0, 1], rotations[:, 0, 3]))
        rotations[:, 0] = quaternions.multiply(about_y(-yaws_rad), rotations[:, 0])
        travel = np.diff(motion.root_positions.astype(np.float64), axis=0) * motion.rate_hz
        local = quaternions.rotate(about_y(-yaws_rad[1:]), travel)
        steps = np.stack(
            [local[:, 0], local[:, 2], motion.root_positions[1:, 1], np.diff(yaws_rad) * motion.rate_hz], axis=1
        )
        steps = np.concatenate([steps[:1], steps])
        steps[0, 2] = motion.root_positions[0, 1]
        return cls(motion.skeleton, motion.rate_hz, steps, quaternions.make_continuous(rotations))

    def frames(self, start: int, stop: int) -> "JoinableMotion":
        """The frames from `start` to before `stop`."""
        return replace(self, steps=self.steps[start:stop], rotations=self.rotations[start:stop])

    def to_motion(self) -> Motion:
        """Walk the steps from the origin, facing +Z."""
        yaws_rad = np.cumsum(self.steps[:, 3]) / self.rate_hz
        local = np.stack([self.steps[:, 0], np.zeros(len(self)), self.steps[:, 1]], axis=1)
        positions = np.cumsum(quaternions.rotate(about_y(yaws_rad), local), axis=0) / self.rate_hz
        positions -= positions[0]
        positions[:, 1] = self.steps[:, 2]
        rotations = self.rotations.copy()
        rotations[:, 0] = quaternions.multiply(about_y(yaws_rad), rotations[:, 0])
        return Motion(
            self.skeleton,
            self.rate_hz,
            positions.astype(np.float32),
            quaternions.make_continuous(rotations).astype(np.float32),
        )

    def sample(self, frames: Array, speed: float) -> "JoinableMotion":
        """Poses at fractional frame numbers, played `speed` times as fast as they were danced.

        Args:
            frames: (n,) frame numbers >= 0; up to `extrapolated_frames` past the end are extrapolated.
            speed: factor on the velocities, 1.1 for a dance played a tenth faster.
        """
        last = len(self) - 1 + extrapolated_frames(self.rate_hz)
        if frames.size and not (frames.min() >= -1e-6 and frames.max() <= last):
            raise ValueError(f"frames {frames.min():.2f} to {frames.max():.2f} asked of a motion of {len(self)} frames")
        low = np.clip(np.floor(frames).astype(int), 0, len(self) - 2)
        t = frames - low
        steps = (1 - t)[:, None] * self.steps[low] + t[:, None] * self.steps[low + 1]
        steps[:, [0, 1, 3]] *= speed
        # Neighbouring frames are a few degrees apart: there a normalised line is a slerp to 1e-4.
        rotations = (1 - t)[:, None, None] * self.rotations[low] + t[:, None, None] * self.rotations[low + 1]
        rotations /= np.linalg.norm(rotations, axis=-1, keepdims=True)
        return replace(self, steps=steps, rotations=rotations)


@dataclass(frozen=True)
class Joint:
    """How many seconds before and after a seam may change. No time before means: the dancer could not know."""

    before_s: float
    after_s: float


def join(parts: Sequence[JoinableMotion], joints: Sequence[Joint]) -> JoinableMotion:
    """Concatenate motions; at every seam pose and velocity differences fade away smoothly (inertialisation).

    The gap between the extrapolated end of one part and the start of the next is split between the two sides in
    proportion to their time and leaves by quintic Hermite curves, so that pose and velocity are continuous.
    Source: D. Bollo, Inertialization: High-Performance Animation Transitions in Gears of War, GDC 2018, where only the
    later side moves.

    Args:
        parts: motions of one skeleton and rate, one frame or more each, the first one two.
        joints: one for each seam, len(parts) - 1.
    """
    assert len(joints) == len(parts) - 1, f"{len(parts)} parts have {len(parts) - 1} seams, not {len(joints)}"
    whole = replace(
        parts[0],
        steps=np.concatenate([part.steps for part in parts]),
        rotations=quaternions.make_continuous(np.concatenate([part.rotations for part in parts])),
    )
    starts = np.cumsum([0, *(len(part) for part in parts)])
    for seam, joint in enumerate(joints, start=1):
        close_seam(whole, int(starts[seam]), joint, has_slope_after=len(parts[seam]) > 1)
    return whole


def close_seam(whole: JoinableMotion, at: int, joint: Joint, *, has_slope_after: bool) -> None:
    """Fade the difference between frames `at - 1` and `at` in place.

    A fade may run on across the next seam: it is smooth itself, and that seam's gap is measured with it on both sides.
    """
    before = min(round(joint.before_s * whole.rate_hz), at)
    after = min(round(joint.after_s * whole.rate_hz), len(whole) - at)
    if before + after == 0:
        return
    share = before / (before + after)
    slope_frames = max(1, round(SLOPE_FADE_S * whole.rate_hz))

    steps, turns = whole.steps, whole.rotations
    gap, slope = gap_and_slope(steps[at - 2 : at + 2])
    turn_gap, turn_slope = rotation_gap_and_slope(turns[at - 2 : at + 2])
    if not has_slope_after:
        slope, turn_slope = np.zeros_like(slope), np.zeros_like(turn_slope)
    for side, frames, part in ((-1, before, share), (1, after, 1 - share)):
        if frames == 0:
            continue
        distance = np.arange(1, frames + 1) if side < 0 else np.arange(frames)
        index = at + side * distance
        pose_fade = -side * part * fade(distance / frames)
        slope_length = min(frames, slope_frames)
        slope_fade = -part * slope_length * slope_fade_curve(np.minimum(distance / slope_length, 1.0))
        steps[index] += pose_fade[:, None] * gap + slope_fade[:, None] * slope
        vectors = pose_fade[:, None, None] * turn_gap + slope_fade[:, None, None] * turn_slope
        turns[index] = quaternions.multiply(quaternions.from_expmap(vectors), turns[index])
    whole.rotations[:] = quaternions.make_continuous(whole.rotations)


def gap_and_slope(four: Array) -> tuple[Array, Array]:
    """How far frame 2 lies from where frames 0 and 1 lead, and how the speed differs, per frame."""
    slope_before, slope_after = four[1] - four[0], four[3] - four[2]
    return four[2] - (four[1] + slope_before), slope_after - slope_before


def rotation_gap_and_slope(four: Array) -> tuple[Array, Array]:
    """The same for rotations (4, joints, 4): rotation vectors (joints, 3) in the parent's frame."""
    slope_before = quaternions.multiply(four[1], quaternions.inverse(four[0]))
    slope_after = quaternions.multiply(four[3], quaternions.inverse(four[2]))
    expected = quaternions.multiply(slope_before, four[1])
    gap = quaternions.to_expmap(quaternions.multiply(four[2], quaternions.inverse(expected)))
    return gap, quaternions.to_expmap(slope_after) - quaternions.to_expmap(slope_before)


def fade(s: Array) -> Array:
    """Quintic from 1 at s = 0 to 0 at s = 1, flat and without acceleration at both ends."""
    return 1 - s**3 * (10 - 15 * s + 6 * s**2)


def slope_fade_curve(s: Array) -> Array:
    """Quintic that is 0 at both ends with slope 1 at s = 0, and flat without acceleration at s = 1."""
    return s - s**3 * (6 - 8 * s + 3 * s**2)


def about_y(yaws_rad: Array) -> Floats:
    """Quaternions of turns about the vertical."""
    return quaternions.about_axis(1, yaws_rad)
