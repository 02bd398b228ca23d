"""A clip's motion, measured once: joints, speeds, the floor; and the moments in which a measure is beyond its limit."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from data.motion import rotations
from data.motion.feet import FEET
from data.motion.floor import floor_height, lowest_points
from data.motion.motion import Motion
from data.motion.skeleton import STATURE_M
from data.movement.stretches import stretches

AROUND_S: Final = 0.1
"""A jump is judged by what happens within this time before and after."""
MOST_OF_A_KIND: Final = 3
"""How many moments of one kind are reported of one clip; the worst one says how many there are."""
STANDING_M: Final = 0.03
SIZE_FACTOR: Final = 1.5
"""A figure taller than 1.6 m times this or shorter than 1.6 m by it is no grown person's: the unit is another."""
_EVENT_S: Final = 0.25

Curve = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Figure:
    """A clip's motion, measured once.

    Attributes:
        clip: Its name.
        motion: On humanoid bones if it can be; in metres of a figure of about 1.6 m where its unit is another.
        original_stature_m: Before that.
        positions: Joints in the world, (frames, joints, 3) float64.
        floor_m: Height of the floor.
        lowest_m: Height of the lowest point over the floor, (frames,).
        lowest_joint: Which it is, (frames,).
    """

    clip: str
    motion: Motion
    original_stature_m: float
    positions: NDArray[np.float64]
    floor_m: float
    lowest_m: NDArray[np.float64]
    lowest_joint: NDArray[np.int64]

    def time_s(self, frame: float) -> float:
        """Instant of a frame."""
        return float(frame / self.motion.rate_hz)


def measure(clip: str, motion: Motion, size_factor: float = SIZE_FACTOR) -> Figure:
    """The figure of a motion; one of an odd size is scaled to 1.6 m."""
    stature = motion.skeleton.stature_m
    if is_odd_size(stature, size_factor):
        scale = STATURE_M / stature
        skeleton = replace(
            motion.skeleton,
            offsets=motion.skeleton.offsets * scale,
            end_sites=tuple((j, (x * scale, y * scale, z * scale)) for j, (x, y, z) in motion.skeleton.end_sites),
        )
        motion = replace(motion, skeleton=skeleton, root_positions=(motion.root_positions * scale).astype(np.float32))
    floor = floor_height(motion)
    lowest, joints = lowest_points(motion)
    positions = motion.global_positions().astype(np.float64)
    return Figure(clip, motion, stature, positions, floor, lowest.astype(np.float64) - floor, joints)


def is_odd_size(stature_m: float, size_factor: float) -> bool:
    """Whether that is no grown person's."""
    return not 1 / size_factor <= stature_m / STATURE_M <= size_factor


def angular_speed(motion: Motion) -> Curve:
    """Of every joint on its parent, rad/s, (frames - 1, joints); value i lies between frames i and i + 1."""
    turned = rotations.normalise(motion.rotations.astype(np.float64))
    return np.asarray(rotations.angle_between(turned[1:], turned[:-1]) * motion.rate_hz)


def speed(positions: NDArray[np.float64], rate_hz: float) -> Curve:
    """Speed of points (frames, ..., 3), m/s, (frames - 1, ...)."""
    return np.asarray(np.linalg.norm(np.diff(positions, axis=0), axis=-1) * rate_hz)


def foot_speeds(figure: Figure) -> tuple[Curve, NDArray[np.bool_]]:
    """Horizontal speed of both ankles, m/s, (frames - 1, 2), and where they stand; no columns without such bones.

    A foot stands where it is less than `STANDING_M` above its own 5th percentile, wherever the floor is.
    """
    names = figure.motion.skeleton.names
    if not set(FEET) <= set(names) or len(figure.motion) < 2:
        return np.zeros((0, 0)), np.zeros((0, 0), bool)
    feet = figure.positions[:, [names.index(name) for name in FEET]]
    low = feet[..., 1] < np.percentile(feet[..., 1], 5, axis=0) + STANDING_M
    return speed(feet[..., [0, 2]], figure.motion.rate_hz), low[1:] & low[:-1]


def out_of_nothing(speeds: Curve, rate_hz: float) -> Curve:
    """By how much each speed (n, joints) is above the median of what comes before and of what comes after, (n, joints).

    A body speeds up and slows down over several frames; what does so within one has jumped. Medians do not mind the
    frame after, which a single wrong frame makes fast too.
    """
    reach = max(2, round(AROUND_S * rate_hz))
    # before the first and after the last is stillness, so that only the other side counts there
    padded = np.pad(speeds, ((reach, reach), (0, 0)))
    medians = np.median(sliding_window_view(padded, reach, axis=0), axis=-1)
    around = np.maximum(medians[: len(speeds)], medians[reach + 1 : reach + 1 + len(speeds)])
    return np.asarray(speeds - around)


def events(values: Curve, limit: float, rate_hz: float) -> Iterator[tuple[int, int, int, str]]:
    """Worst index and joint of values (n, joints) in every moment beyond a limit, worst moments first.

    With each comes how many joints are beyond it, and words on how many moments there are in all.
    """
    beyond = values > limit
    moments = stretches(np.asarray(beyond.any(axis=1), bool), bridge=round(_EVENT_S * rate_hz))
    moments.sort(key=lambda span: -float(values[span[0] : span[1]].max()))
    for number, (start, stop) in enumerate(moments[:MOST_OF_A_KIND]):
        at, joint = np.unravel_index(int(values[start:stop].argmax()), values[start:stop].shape)
        more = f"; {len(moments)} such moments in all" if number == 0 and len(moments) > 1 else ""
        yield start + int(at), int(joint), int(beyond[start:stop].any(axis=0).sum()), more
