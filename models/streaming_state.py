"""What a `StreamingTransflower` remembers, and what a window of frames tells it beside poses and music."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from models.causal_transformer import RingCache


@dataclass(frozen=True, kw_only=True)
class StreamingTransflowerState:
    """Everything a batch of dancers remembers.

    Attributes:
        pose: Newest pose, standardised, (batch, pose_dims).
        previous_pose: The pose before it, likewise.
        music: Ring-less history of feature frames, newest last, (batch, 1 + future_frames, music_dims).
        cache: Keys and values of the transformer.
        style: Style index, (batch,) int64; `Config.num_styles` leaves it to the dancer.
        energy: Wished mean joint speed in m/s, (batch,); NaN leaves it to the dancer.
        look_ahead_frames: Frames by which the music runs ahead of the dance, (batch,) int64.
        groove: How much the beat modulates the speed of the dance, (batch,), 0 to 1; see `StreamingTransflower.step`.
    """

    pose: Tensor
    previous_pose: Tensor
    music: Tensor
    cache: RingCache
    style: Tensor
    energy: Tensor
    look_ahead_frames: Tensor
    groove: Tensor


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What a window of frames is told beside poses and music.

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
