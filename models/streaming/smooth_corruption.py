"""Corruption of a history as smooth as motion is, so that velocity and acceleration stay true."""

import math
from typing import Final

import torch
from torch import Tensor

KEPT: Final = 0.9
"""Share of a corruption's wave that is left a frame later, of each of its two poles."""
OFFSET_KEPT: Final = 0.9
"""Share of a corruption's offset that is left a frame later in where the dancer is led."""
WHITE_SHARE: Final = 0.005
"""Share of white noise."""
_BEFORE: Final = 60
"""Frames before the window, so that the wave is stationary within it."""


def corrupted(clean: Tensor, level: Tensor, history: int) -> tuple[Tensor, Tensor]:
    """Corrupted poses, and where beside the clean pose each danced frame is to be led.

    White noise on poses drowns their changes, and leads back within a frame. This is a wave of second order (a double
    pole), an offset, and hardly any white noise, which leads back as slowly as it dies away by itself.

    Args:
        clean: Standardised poses, (batch, history + frames, dims).
        level: Deviation of the corruption, (batch, 1, 1).
        history: Poses before the first danced frame, at least 2.

    Returns:
        The poses, and the offsets, (batch, frames, dims), of where the dance is led from the clean poses.
    """
    size, total, dims = clean.shape
    number = torch.arange(_BEFORE + total, device=clean.device)
    age = (number[_BEFORE:, None] - number[None]).to(clean.dtype)
    kernel = (age + 1) * KEPT ** age.clamp_min(0) * (age >= 0)
    kernel = kernel / kernel[-1].norm()
    noise = torch.randn(size, _BEFORE + total, dims, device=clean.device, dtype=clean.dtype)
    half = math.sqrt(0.5)
    wave = torch.einsum("ts,bsd->btd", kernel, noise) * level * half
    offset = torch.randn_like(clean[:, :1]) * level * half
    poses = clean + wave + offset + WHITE_SHARE * level * torch.randn_like(clean)
    led = 2 * KEPT * wave[:, history - 1 : -1] - KEPT**2 * wave[:, history - 2 : -2]
    return poses, led + OFFSET_KEPT * offset
