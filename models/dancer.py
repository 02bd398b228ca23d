"""The step contract: what every model of the family offers to the trainer and to the stage."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Protocol

import torch
from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class DanceBatch:
    """Windows of danced music for training.

    Attributes:
        pose: Pose vectors in the codec's units, (batch, 2 + frames, pose_dims); the first two frames are history only.
        music: Feature frames, (batch, frames + future, music_dims); frame i belongs to pose frame 2 + i, the last
            ``future`` frames are the music that comes after.
        style: Index of the style (genre), (batch,) int64.
        energy: How much the body moves around each frame, mean joint speed in m/s, (batch, frames).
        valid: 1 where a frame is real, 0 where it pads a short sequence, (batch, frames).
    """

    pose: Tensor
    music: Tensor
    style: Tensor
    energy: Tensor
    valid: Tensor

    def to(self, device: torch.device | str, **kwargs: Any) -> DanceBatch:
        """The batch on another device; further arguments as `Tensor.to`."""
        moved = {field.name: getattr(self, field.name).to(device, **kwargs) for field in fields(self)}
        return DanceBatch(**moved)


class Dancer(Protocol):
    """A model that can be trained on windows and stepped live; the engine uses nothing else.

    ``step`` is pure: no clock, no random number (noise is an input), no host synchronisation, static shapes, and the
    state passed in is left as it was.
    """

    noise_dims: int

    def loss(self, batch: DanceBatch) -> Tensor:
        """Scalar training loss of a batch."""
        ...

    def initial_state(self, batch_size: int, seed: int = 0) -> Any:
        """State of dancers about to start; ``seed`` chooses the pose they start from."""
        ...

    def step(self, music_frame: Tensor, state: Any, noise: Tensor, temperature: Tensor | float) -> tuple[Tensor, Any]:
        """One frame: music_frame (batch, music_dims), noise (batch, noise_dims) -> pose vector (batch, pose_dims)."""
        ...
