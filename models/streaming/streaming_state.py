"""What a `StreamingTransflower` remembers, and what a window of frames tells it beside poses and music."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from models.networks.causal_transformer import RingCache


@dataclass(frozen=True, kw_only=True)
class StreamingTransflowerState:
    """Everything a batch of dancers remembers.

    Attributes:
        pose: Newest pose, standardised, (batch, pose_dims).
        previous_pose: The pose before it, likewise.
        music: Ring-less history of feature frames, newest last, (batch, 1 + future_frames, music_dims).
        cache: Keys and values of the transformer; while a style is guided, those of a second pass without a style
            follow each dancer's own.
        style: Style index, (batch,) int64; `Config.num_styles` leaves it to the dancer.
        energy: Requested mean joint speed in m/s, (batch,); NaN leaves it to the dancer.
        look_ahead_frames: Frames by which the music runs ahead of the dance, (batch,) int64.
        groove: How much the beat modulates the speed of the dance, (batch,), 0 to 1; see `StreamingTransflower.step`.
        style_guidance: How far the style is exaggerated, (batch,); see `guided_context`.
    """

    pose: Tensor
    previous_pose: Tensor
    music: Tensor
    cache: RingCache
    style: Tensor
    energy: Tensor
    look_ahead_frames: Tensor
    groove: Tensor
    style_guidance: Tensor

    @property
    def num_passes(self) -> int:
        """How often each dancer's transformer is computed for a frame: 2 while a style is guided, else 1."""
        return self.cache.keys[0].shape[0] // self.pose.shape[0]

    def with_passes(self, num_passes: int) -> "StreamingTransflowerState":
        """The state for so many passes: a new one begins with the past of the dancer's own, which always remains."""
        if num_passes == self.num_passes:
            return self

        def made(ring: Tensor) -> Tensor:
            own = ring.unflatten(0, (self.pose.shape[0], -1))[:, :1]
            return own.repeat(1, num_passes, 1, 1, 1).flatten(0, 1)

        keys, values = tuple(map(made, self.cache.keys)), tuple(map(made, self.cache.values))
        return replace(self, cache=replace(self.cache, keys=keys, values=values))


def styles_of_passes(style: Tensor, num_passes: int, free: int) -> Tensor:
    """The style of each pass: the dancer's own, then none; (batch,) -> (batch, passes)."""
    own = torch.arange(num_passes, device=style.device) == 0
    return torch.where(own, style[:, None], free)


def guided_context(contexts: Tensor, guidance: Tensor) -> Tensor:
    """The context from which a guided frame is drawn: styled + guidance * (styled - free), (batch, dims).

    Source: J. Ho, T. Salimans, Classifier-Free Diffusion Guidance, 2022, equation 6, here for the context of a flow.

    Args:
        contexts: Of the passes, (batch, passes, dims); of one pass it is given back.
        guidance: (batch,).
    """
    num_passes = contexts.shape[1]
    own = torch.arange(num_passes, device=contexts.device) == 0
    weight = guidance[:, None] * (num_passes - 1)  # (batch, 1)
    return (torch.where(own, 1 + weight, -weight)[..., None] * contexts).sum(1)


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """The conditions of a window of frames: all inputs but poses and music.

    Attributes:
        level: Corruption of the past poses, in standard deviations, (batch, 1, 1).
        known: 1 where the past pose is shown, (batch, frames, 1).
        style: (batch,) int64, `num_styles` = free.
        energy: m/s, (batch, frames), NaN = free.
        has_spectrum: 1 where the spectral columns are shown, (batch, 1, 1).
        look_ahead_frames: Budget, (batch,) int64.
    """

    level: Tensor
    known: Tensor
    style: Tensor
    energy: Tensor
    has_spectrum: Tensor
    look_ahead_frames: Tensor
