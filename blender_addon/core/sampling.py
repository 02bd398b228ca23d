"""Which moments of a take become keyframes, and where."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from .rotations import Floats
from .take import Take

Timing = Literal["SCENE", "TAKE"]
_SAME_FRAME: Final = 1e-3
"""In frames: what lies as near to a whole frame lies on it, so that a take ends with its last pose."""


@dataclass(frozen=True, eq=False)
class Samples:
    """Poses at frames of the timeline.

    Attributes:
        frames: (n,), whole numbers.
        roots: (n, 3).
        rotations: (n, bones, 4).
        rate_hz: Of the timeline.
    """

    frames: Floats
    roots: Floats
    rotations: Floats
    rate_hz: float


def sample(take: Take, timing: Timing, scene_fps: float, start_frame: float) -> Samples:
    """The take at whole frames of the timeline.

    Args:
        take: What was danced.
        timing: `SCENE`: poses at the scene's own frames, by slerp between those of the take. `TAKE`: every pose of the
            take on a frame of its own, untouched, which asks for a scene at the take's rate.
        scene_fps: The scene's rate, for `SCENE`.
        start_frame: Where the take's beginning lies; with `TAKE`, the nearest whole frame.

    Returns:
        At least one pose.
    """
    if timing == "TAKE":
        steady = take.on_grid()
        frames = round(start_frame) + np.arange(len(steady), dtype=np.float64)
        return Samples(frames, steady.roots, steady.rotations, take.rate_hz)
    fps = take.frames_per_s or scene_fps
    times_s = take.times_s - take.times_s[0]
    first = np.ceil(start_frame - _SAME_FRAME)
    last = max(first, np.floor(start_frame + times_s[-1] * fps + _SAME_FRAME))
    frames = np.arange(first, last + 1)
    roots, turned = take.at(take.times_s[0] + (frames - start_frame) / fps)
    return Samples(frames, roots, turned, scene_fps)


def fps_of(fps: int, fps_base: float) -> float:
    """Frames a second of a scene. Blender keeps the divisor with seven digits, which loses a frame in some minutes.

    Example:
        >>> fps_of(24, 1.00100004673) == 24 / 1.001
        True
    """
    return fps / round(fps_base, 6)


def whole_fps(rate_hz: float) -> tuple[int, float]:
    """Blender's pair of a whole rate and its divisor: 30 is (30, 1.0), 29.97 is (30, 1.001).

    Example:
        >>> whole_fps(30.0), whole_fps(30 / 1.001)
        ((30, 1.0), (30, 1.001))
    """
    fps = max(1, int(np.ceil(rate_hz - 1e-6)))
    base = fps / rate_hz
    return fps, round(base, 6) if abs(base - round(base, 6)) < 1e-6 else base
