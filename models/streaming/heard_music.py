"""What a streaming dancer hears: the present frame, and a budget of the future in blocks."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class HeardMusic(nn.Module):
    """Tokens of the present music and of block averages of what follows, as far as the budget goes.

    Args:
        music_dims: Size of a feature frame.
        spectral_dims: Leading columns that describe timbre and harmony, which can be hidden together.
        future_frames: Largest look-ahead, a multiple of `block_frames`.
        block_frames: Frames of a block.
        dims: Width of a token.
    """

    def __init__(self, music_dims: int, spectral_dims: int, future_frames: int, block_frames: int, dims: int) -> None:
        super().__init__()
        self.music_dims, self.spectral_dims = music_dims, spectral_dims
        self.future_frames, self.block_frames = future_frames, block_frames
        self.num_blocks = future_frames // block_frames
        self.enter_music = nn.Linear(music_dims + 1, dims)
        self.enter_future = nn.Linear(self.num_blocks * (music_dims + 1), dims)

    def windows(self, music: Tensor, frames: int) -> tuple[Tensor, Tensor]:
        """Present frames (batch, frames, music_dims) and blocks (batch, frames, blocks, music_dims) of a window."""
        averages = F.avg_pool1d(music.transpose(1, 2), self.block_frames, stride=1).transpose(1, 2)
        starts = range(1, 1 + self.future_frames, self.block_frames)
        return music[:, :frames], torch.stack([averages[:, start : start + frames] for start in starts], 2)

    def budgeted(self, music: Tensor, look_ahead_frames: Tensor) -> tuple[Tensor, Tensor]:
        """The frame to dance, (batch, music_dims), and blocks of what follows, of a history with the newest last."""
        newest = self.future_frames
        offsets = torch.arange(1 + newest, device=music.device)
        # Frames past the newest are clamped here and masked by the budget in `forward`.
        index = (newest - look_ahead_frames[:, None] + offsets[None]).clamp(0, newest)
        ordered = music.gather(1, index[..., None].expand(-1, -1, music.shape[-1]))
        return ordered[:, 0], ordered[:, 1:].unflatten(1, (self.num_blocks, self.block_frames)).mean(2)

    def forward(self, present: Tensor, future: Tensor, has_spectrum: Tensor, look_ahead_frames: Tensor) -> Tensor:
        """Addends of tokens, (batch, frames, dims).

        Args:
            present: (batch, frames, music_dims).
            future: (batch, frames, blocks, music_dims).
            has_spectrum: 1 where the spectral columns are shown, (batch, 1, 1).
            look_ahead_frames: The budget, (batch,) int64.
        """
        frames = present.shape[1]
        has_spectrum = has_spectrum.expand(-1, frames, 1)
        shown = has_spectrum.expand(-1, -1, self.spectral_dims)
        keep = torch.cat([shown, torch.ones_like(present[..., self.spectral_dims :])], -1)
        token = self.enter_music(torch.cat([present * keep, has_spectrum], -1))
        block_ends = torch.arange(1, self.num_blocks + 1, device=present.device) * self.block_frames
        budgeted = (block_ends <= look_ahead_frames[:, None]).to(present.dtype)[:, None, :, None]
        budgeted = budgeted.expand(-1, frames, -1, -1)
        heard: Tensor = self.enter_future(torch.cat([future * keep[:, :, None] * budgeted, budgeted], -1).flatten(2))
        return token + heard
