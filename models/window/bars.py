"""When a bar begins: on every so manieth beat of the oscillator, or after so many frames."""

import math
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

PLACE_DIMS: Final = 9
"""Numbers that say where in a bar a frame is."""
_SHORTEST_SHARE: Final = 4
"""No bar is shorter than this part of the longest, so that one window of training holds so many and no more."""


@dataclass(frozen=True, kw_only=True)
class BarCounter:
    """Counts beats, frame by frame; a value, so that it counts in training as it does live.

    A beat is where the phase of the oscillator passes zero forwards. The count is three numbers a dancer, (batch, 3):
    frames and beats since the bar began, and the sine of the phase one frame before.

    Attributes:
        frames: Longest bar; the length of all of them where `beats` is 0.
        beats: Beats of a bar.
    """

    frames: int
    beats: int

    @property
    def shortest(self) -> int:
        """Frames of the shortest bar."""
        return max(1, self.frames // _SHORTEST_SHARE) if self.beats else self.frames

    def most_bars(self, frames: int) -> int:
        """How many bars so many frames from the beginning of one can hold."""
        return -(-frames // self.shortest)

    def initial(self, batch_size: int, device: torch.device) -> Tensor:
        """The count before the first frame, which begins a bar."""
        return torch.tensor([float(self.frames), 0.0, 0.0], device=device).expand(batch_size, 3).clone()

    def step(self, count: Tensor, cosine: Tensor, sine: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Counts one frame.

        Args:
            count: Of the frame before.
            cosine: Of the phase of the beat, 1 on a beat, (batch,).
            sine: Likewise.

        Returns:
            Whether a bar begins, (batch,) bool; where in the bar the frame is, (batch, PLACE_DIMS); the count.
        """
        since, beats, before = count.unbind(-1)
        since = since + 1
        if self.beats:
            beats = beats + ((before < 0) & (sine >= 0) & (cosine > 0)).to(beats.dtype)
        begins = since >= self.frames
        if self.beats:
            begins = begins | ((beats >= self.beats) & (since >= self.shortest))
        since, beats = since.masked_fill(begins, 0), beats.masked_fill(begins, 0)
        by_time, by_beat = since / self.frames, beats / max(1, self.beats)
        place = [by_time]
        for share, turns in ((by_time, 0.5), (by_time, 1.0), (by_time, 2.0), (by_beat, 1.0)):
            angle = 2 * math.pi * turns * share
            place += [angle.cos(), angle.sin()]
        return begins, torch.stack(place, -1), torch.stack([since, beats, sine], -1)

    def count(self, cosine: Tensor, sine: Tensor) -> tuple[Tensor, Tensor]:
        """Counts frames, (batch, frames): whether each begins a bar, and its place (batch, frames, PLACE_DIMS)."""
        count = self.initial(len(cosine), cosine.device).to(cosine.dtype)
        begins, places = [], []
        for frame in range(cosine.shape[1]):
            begin, place, count = self.step(count, cosine[:, frame], sine[:, frame])
            begins.append(begin)
            places.append(place)
        return torch.stack(begins, 1), torch.stack(places, 1)
