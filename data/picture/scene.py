"""A dance with its sound as a row of pictures, for the film and for the looping picture."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.motion.floor import floor_height
from data.motion.motion import Motion, resample
from data.picture.body import body_shapes
from data.picture.camera import follow, front_rad, view_axes
from data.picture.canvas import Box, Canvas
from data.picture.options import Trail
from data.picture.soundtrack import Soundtrack
from data.picture.stage import DrawableDance, backdrop
from data.picture.strip import WORDS, Strip

_LEAD_S: Final = 8.0
"""So much before and after what is shown is known to trail and camera."""
_STRIP_SHARE, _FEATURES_SHARE = 0.15, 0.27
_STRIP_S: Final = 6.0


@dataclass(frozen=True, kw_only=True)
class DanceSpan:
    """A part of a dance, in pictures a second.

    Attributes:
        start_s: Where it begins.
        num_frames: How many pictures.
        rate_hz: So many a second.
    """

    start_s: float
    num_frames: int
    rate_hz: float

    @property
    def duration_s(self) -> float:
        """Seconds until the last picture goes."""
        return self.num_frames / self.rate_hz


def cut(motion: Motion, *, start_s: float, seconds: float | None, rate_hz: float) -> DanceSpan:
    """The part of a motion that lasts `seconds`, or all from `start_s` on.

    Raises:
        ValueError: There is nothing there, or a number is none that can be meant.
    """
    if not (np.isfinite(rate_hz) and 0 < rate_hz <= 240):
        raise ValueError(f"--fps is a number of pictures a second, above 0 and up to 240, not {rate_hz:g}")
    if seconds is not None and not seconds > 0:
        raise ValueError(f"--seconds must be positive, not {seconds:g}")
    if not 0 <= start_s < motion.duration_s:
        raise ValueError(f"nothing to draw {start_s:g} s into {motion.duration_s:.1f} s of dance: lower --start-s")
    rest_s = motion.duration_s - start_s
    shown_s = rest_s if seconds is None else min(seconds, rest_s)
    return DanceSpan(start_s=start_s, num_frames=max(1, round(shown_s * rate_hz)), rate_hz=rate_hz)


class Scene:
    """A dance on its stage above the strip of its sound.

    Args:
        motion: The whole dance.
        span: The part of it that is shown.
        sound: Its sound; without it the stage fills the picture.
        size: Width and height of a picture, pixels.
        trail: What leaves one.
        shows_features: Show what a dancer hears of the sound.
        smooth: See `backdrop`.
        front_deg: Whence it is seen, about +Y from +Z towards +X; None is where it faces on average.
    """

    def __init__(
        self,
        motion: Motion,
        span: DanceSpan,
        sound: Soundtrack | None,
        *,
        size: tuple[int, int],
        trail: Trail = "hips",
        shows_features: bool = False,
        smooth: bool = True,
        front_deg: float | None = None,
    ) -> None:
        self.span = span
        self._canvas = Canvas(*size)
        width, height = size
        self._strip = None if sound is None else Strip(sound, shows_features=shows_features)
        share = 0.0 if self._strip is None else _FEATURES_SHARE if self._strip.has_features else _STRIP_SHARE
        strip_height = round(share * height)
        self._strip_box: Box = (0, 0, width, strip_height)
        box: Box = (0, strip_height, width, height - strip_height)
        facing_rad, floor = front_rad(motion, front_deg), floor_height(motion)
        # Whole pairs of seconds are whole frames at all usual rates, so the first picture is that of its instant.
        lead_s = 2.0 * np.floor(0.5 * min(span.start_s, _LEAD_S))
        first = round((span.start_s - lead_s) * motion.rate_hz)
        last = round((span.start_s + span.duration_s + _LEAD_S) * motion.rate_hz)
        near = resample(motion[first : last + 1], span.rate_hz)
        self._first_frame = round(lead_s * span.rate_hz)
        self._last_frame = len(near) - 1
        shapes = body_shapes(near)
        self.camera = follow(
            near.root_positions.astype(np.float64),
            shapes.centres.reshape(len(near), -1, 3),
            box=box,
            stature=near.skeleton.stature_m,
            floor=floor,
            axes=view_axes(facing_rad),
            rate_hz=span.rate_hz,
        )
        self._stage = DrawableDance(near, shapes, self.camera, floor, trail)
        backdrop(self._canvas, [box], smooth=smooth)
        self._backdrop = self._canvas.pixels.copy()

    def camera_frame(self, number: int) -> int:
        """The frame of the stage and its camera that picture `number` shows."""
        return min(self._first_frame + number, self._last_frame)

    def draw(self, number: int) -> NDArray[np.uint8]:
        """Picture `number` of the span, (height, width, 4); a view that the next call draws over."""
        canvas = self._canvas
        canvas.paint(self._backdrop)
        self._stage.draw(canvas, self.camera_frame(number))
        now_s = self.span.start_s + number / self.span.rate_hz
        letters = max(11.0, 0.028 * canvas.height)
        if self._strip is not None:
            half = _STRIP_S / 2
            self._strip.draw(canvas, self._strip_box, now_s - half, now_s + half, now_s)
        place = (0.8 * letters, self._strip_box[3] + 0.8 * letters)
        canvas.text(place, f"{now_s:.1f} s", letters, WORDS)
        return canvas.pixels
