"""The strip under the dance: waveform, beats and seconds, and, for those who ask, what the dancer hears of them."""

import math
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from data.picture.canvas import Box, Canvas, colour
from data.picture.soundtrack import ENVELOPE_HZ, Soundtrack
from data.picture.stage import TRAIL
from data.sound.audio_features import AudioFeatures

GROUND, PLAYED, COMING = colour("#0d0f14"), colour("#8fa3d1"), colour("#4b587a")
BEAT, PLAYHEAD, WORDS = TRAIL, colour("#ffffff"), colour("#a7adbd")
ONSET: Final = colour("#ff6f61")
_Time = TypeVar("_Time", float, NDArray[np.float64])
_FLASH_S: Final = 0.16
_HEAT: Final = np.array([[13, 15, 20], [34, 42, 84], [92, 71, 140], [200, 92, 105], [248, 190, 110]], np.float64)
"""Colours of the spectrum from silent to loud."""
_QUIET, _LOUD = -2.0, 2.0
"""Mel columns, see `AudioFeatures`: what is hardly heard in music, and the loudest."""
_STRONGEST_ONSET: Final = 3.0


@dataclass(frozen=True)
class _TimeAxis:
    """Where a time is in the picture.

    Attributes:
        left: Pixel at which `begin_s` is.
        begin_s: Seconds since the dance began.
        end_s: At the right end.
        pixels_a_second: Scale.
    """

    left: float
    begin_s: float
    end_s: float
    pixels_a_second: float

    def x(self, time_s: _Time) -> _Time:
        """Pixel of a time, or of many."""
        return self.left + (time_s - self.begin_s) * self.pixels_a_second


class Strip:
    """The sound of a dance over time, from left to right.

    Args:
        sound: What is shown.
        shows_features: Also the mel spectrum and the onset strength that a dancer hears, above the waveform.
    """

    def __init__(self, sound: Soundtrack, *, shows_features: bool = False) -> None:
        self._sound = sound
        self._beats_s = sound.beats.times_s + sound.starts_s
        self._heat: NDArray[np.uint8] | None = None
        if shows_features and len(sound.features):
            columns = AudioFeatures().columns
            loudness = np.clip((sound.features[:, columns["mel"]] - _QUIET) / (_LOUD - _QUIET), 0.0, 1.0)
            place = loudness * (len(_HEAT) - 1)
            below = np.minimum(place.astype(int), len(_HEAT) - 2)
            share = (place - below)[..., None]
            heat = _HEAT[below] * (1 - share) + _HEAT[below + 1] * share
            self._heat = np.concatenate([heat, np.full((*heat.shape[:2], 1), 255)], axis=-1).astype(np.uint8)
            self._onsets = np.clip(sound.features[:, columns["onset"]][:, 0] / _STRONGEST_ONSET, 0.0, 1.0)

    @property
    def has_features(self) -> bool:
        """Whether there is a spectrum to show."""
        return self._heat is not None

    def draw(self, canvas: Canvas, box: Box, begin_s: float, end_s: float, playhead_s: float | None) -> None:
        """Draws the sound from `begin_s` to `end_s`, seconds since the dance began, into a box.

        Args:
            canvas: Where to.
            box: Part of it.
            begin_s: At the left edge; may be before the dance.
            end_s: At the right edge.
            playhead_s: What sounds now: a line there, what was played before it is brighter. None for neither.
        """
        left, bottom, width, height = box
        axis = _TimeAxis(left, begin_s, end_s, width / (end_s - begin_s))
        canvas.clip(box)
        canvas.polygon(_rectangle(box), GROUND)
        words = min(0.3 * height, 15.0 * max(1.0, canvas.height / 720))
        letters = 0.72 * words
        wave_height = height - words
        if self._heat is not None:
            wave_height *= 0.4
            self._draw_features(canvas, axis, (left, bottom + words + wave_height, width, height - words - wave_height))
        wave: Box = (left, bottom + words, width, wave_height)
        now_s = end_s if playhead_s is None else playhead_s
        self._draw_wave(canvas, axis, wave, now_s)
        canvas.clip(box)
        self._draw_beats(canvas, axis, (left, bottom + words, width, height - words), playhead_s)
        self._draw_seconds(canvas, axis, bottom + 0.5 * (words - 0.72 * letters), bottom + words, letters)
        if playhead_s is not None:
            x = axis.x(playhead_s)
            canvas.lines(
                np.array([[[x, bottom + words], [x, bottom + height]]]), PLAYHEAD, max(1.5, canvas.height / 400)
            )
        canvas.clip(None)

    def _draw_wave(self, canvas: Canvas, axis: _TimeAxis, box: Box, now_s: float) -> None:
        left, bottom, width, height = box
        starts_s = self._sound.starts_s
        first = max(0, math.floor((axis.begin_s - starts_s) * ENVELOPE_HZ))
        last = min(len(self._sound.envelope), math.ceil((axis.end_s - starts_s) * ENVELOPE_HZ) + 1)
        if last - first < 2:
            return
        # several bins a pixel say no more than one; whole groups keep the shape while it moves
        group = max(1, math.floor(ENVELOPE_HZ / axis.pixels_a_second))
        first -= first % group
        bins = self._sound.envelope[first:last]
        starts = np.arange(0, len(bins), group)
        low, high = np.minimum.reduceat(bins[:, 0], starts), np.maximum.reduceat(bins[:, 1], starts)
        times_s = starts_s + (first + starts + 0.5 * group) / ENVELOPE_HZ
        x = axis.x(times_s)
        middle, half = bottom + height / 2, 0.46 * height
        thin = 0.6  # silence is a line
        top = middle + half * np.clip(high, 0.0, 1.0) + thin
        under = middle + half * np.clip(low, -1.0, 0.0) - thin
        now_x = axis.x(now_s)
        played = int(np.searchsorted(x, now_x))
        for part, paint in ((slice(0, played + 1), PLAYED), (slice(max(played - 1, 0), None), COMING)):
            if len(x[part]) < 2:
                continue
            begin_x, end_x = (left, now_x) if paint == PLAYED else (now_x, left + width)
            canvas.clip((begin_x, bottom, end_x - begin_x, height))
            outline = np.concatenate([np.stack([x, top], 1)[part], np.stack([x, under], 1)[part][::-1]])
            canvas.polygon(outline, paint)

    def _draw_beats(self, canvas: Canvas, axis: _TimeAxis, box: Box, playhead_s: float | None) -> None:
        """A line for each beat, the paler the less sure; the one that has just been flashes."""
        _, bottom, _, height = box
        pixel = max(1.0, canvas.height / 720)
        shown = (self._beats_s >= axis.begin_s) & (self._beats_s <= axis.end_s)
        times_s = self._beats_s[shown]
        x = axis.x(times_s)
        opacity = np.round(np.clip(1.15 * self._sound.beats.confidence[shown], 0.0, 1.0) * 6) / 6
        radius = np.full(len(x), 3.0 * pixel)
        if playhead_s is not None:
            age = (playhead_s - times_s) / _FLASH_S
            radius *= np.where((age >= 0) & (age < 1), 1.0 + 1.4 * (1.0 - age), 1.0)
        for strength in np.unique(opacity[opacity > 0]):
            same = opacity == strength
            ends = np.stack([np.stack([x[same], np.full(same.sum(), y)], 1) for y in (bottom, bottom + height)], 1)
            canvas.lines(ends, (*BEAT[:3], 0.45 * strength), 1.4 * pixel)
            centres = np.stack([x[same], np.full(same.sum(), bottom + height - 4.0 * pixel)], 1)
            canvas.discs(centres, radius[same], (*BEAT[:3], strength))

    def _draw_seconds(self, canvas: Canvas, axis: _TimeAxis, base: float, top: float, letters: float) -> None:
        pixel = max(1.0, canvas.height / 720)
        every = next((step for step in (1, 2, 5, 10, 30, 60) if step * axis.pixels_a_second > 3.2 * letters), 120)
        for second in range(math.ceil(max(axis.begin_s, 0.0) / every) * every, math.floor(axis.end_s) + 1, every):
            x = axis.x(second)
            canvas.lines(np.array([[[x, top - 0.25 * letters], [x, top]]]), WORDS, pixel)
            if axis.left + 1.5 * letters < x < axis.x(axis.end_s) - 1.5 * letters:  # no half words at the edges
                canvas.text((x, base), clock(second), letters, WORDS, align=0.5)

    def _draw_features(self, canvas: Canvas, axis: _TimeAxis, box: Box) -> None:
        """The mel spectrum, low bands below, and the onset strength as a line over it."""
        assert self._heat is not None
        left, bottom, width, height = box
        columns = np.arange(math.ceil(left), math.floor(left + width))
        times_s = axis.begin_s + (columns + 0.5 - left) / axis.pixels_a_second - self._sound.starts_s
        rate_hz = self._sound.features_hz
        rows = np.floor(times_s * rate_hz).astype(int)  # row k ends at (k + 1) / rate
        num_pixels = math.floor(height)
        bands = (np.arange(num_pixels)[::-1] * self._heat.shape[1]) // num_pixels
        heard = (rows >= 0) & (rows < len(self._heat))
        pixels = self._heat[np.clip(rows, 0, len(self._heat) - 1)][:, bands].swapaxes(0, 1)
        pixels[:, ~heard] = np.round(255 * np.array(GROUND)).astype(np.uint8)
        canvas.paste((math.ceil(left), math.floor(bottom)), pixels)
        first, last = max(int(rows[0]) - 1, 0), min(int(rows[-1]) + 2, len(self._onsets))
        if last - first >= 2:
            x = axis.x(self._sound.starts_s + (np.arange(first, last) + 1) / rate_hz)
            y = bottom + 0.9 * height * self._onsets[first:last]
            canvas.polyline(np.stack([x, y], axis=1), (*ONSET[:3], 0.9), max(1.2, canvas.height / 500))


def _rectangle(box: Box) -> NDArray[np.float64]:
    left, bottom, width, height = box
    return np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]) * [width, height] + [left, bottom]


def clock(seconds: float) -> str:
    """A time as people write it: 7 s, 1:07."""
    minutes, rest = divmod(math.floor(seconds), 60)
    return f"{minutes}:{rest:02}" if minutes else f"{rest} s"
