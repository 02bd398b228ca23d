"""Causal transformer over frames with relative ages and a ring cache, so that one more frame costs one token."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.networks.transformer_layer import TransformerLayer


@dataclass(frozen=True, kw_only=True)
class RingCache:
    """Keys and values of the last W frames of every layer, and how many frames were written.

    Attributes:
        keys: One tensor a layer, (batch, heads, W, head_dims); slot = frame number modulo W.
        values: As `keys`.
        num_frames: Frames written so far, int64 scalar on the device of the keys: no host ever waits for it.
    """

    keys: tuple[Tensor, ...]
    values: tuple[Tensor, ...]
    num_frames: Tensor


class RelativeAgeBias(nn.Module):
    """Learned attention bias by head and by age (frames between query and key), shared by all layers.

    Depends on the difference of positions alone, so the network is the same at every moment of an endless dance.
    Starts as slopes of different steepness, so that heads differ from the start (Press et al., "Train Short, Test
    Long", 2022).
    """

    def __init__(self, num_heads: int, window_frames: int) -> None:
        super().__init__()
        slopes = 2.0 ** -torch.arange(1, num_heads + 1, dtype=torch.get_default_dtype())
        ages = torch.arange(window_frames, dtype=torch.get_default_dtype())
        self.bias = nn.Parameter(-slopes[:, None] * ages[None, :] * 0.5)  # (heads, W)

    def band(self, num_frames: int) -> Tensor:
        """Bias of a whole sequence, (1, heads, frames, frames); -inf for the future and for ages of W and more."""
        window = self.bias.shape[1]
        index = torch.arange(num_frames, device=self.bias.device)
        age = index[:, None] - index[None, :]
        visible = (age >= 0) & (age < window)
        return self.bias[:, age.clamp(0, window - 1)].masked_fill(~visible, float("-inf"))[None]

    def ring(self, num_frames: Tensor) -> Tensor:
        """Bias of one new frame against the W slots, (1, heads, 1, W), the new frame being number `num_frames`."""
        window = self.bias.shape[1]
        slots = torch.arange(window, device=self.bias.device)
        age = (num_frames - slots) % window
        return self.bias[:, age].masked_fill(age > num_frames, float("-inf"))[None, :, None]


class CausalTransformer(nn.Module):
    """Stack of causal layers whose one-frame step equals the whole-sequence form, also past the ring's wrap-around.

    Args:
        dims: Width of a token.
        num_layers: Number of layers; the receptive field is num_layers * (window_frames - 1) + 1 frames.
        num_heads: Attention heads; must divide dims.
        window_frames: Frames W that one layer sees, the newest included.
        dropout: Probability in training, on both residual branches.
    """

    def __init__(self, dims: int, num_layers: int, num_heads: int, window_frames: int, dropout: float) -> None:
        super().__init__()
        self.dims, self.num_heads, self.window_frames = dims, num_heads, window_frames
        self.age_bias = RelativeAgeBias(num_heads, window_frames)
        self.layers = nn.ModuleList(TransformerLayer(dims, num_heads, dropout) for _ in range(num_layers))
        self.norm = nn.LayerNorm(dims)

    def forward(self, x: Tensor) -> Tensor:
        """A whole sequence at once: (batch, frames, dims) -> (batch, frames, dims)."""
        bias = self.age_bias.band(x.shape[1])
        for layer in self.layers:
            x = layer(x, bias)
        out: Tensor = self.norm(x)
        return out

    def initial_cache(self, batch_size: int) -> RingCache:
        """An empty ring for a batch of dancers."""
        parameter = self.age_bias.bias
        shape = (batch_size, self.num_heads, self.window_frames, self.dims // self.num_heads)
        rings = [
            torch.zeros(shape, dtype=parameter.dtype, device=parameter.device) for _ in range(2 * len(self.layers))
        ]
        return RingCache(
            keys=tuple(rings[::2]),
            values=tuple(rings[1::2]),
            num_frames=torch.zeros((), dtype=torch.int64, device=parameter.device),
        )

    def step(self, x: Tensor, cache: RingCache) -> tuple[Tensor, RingCache]:
        """One more frame: x (batch, dims) -> (batch, dims) and the new ring; the ring passed in is left as it was."""
        slot = (cache.num_frames % self.window_frames).reshape(1)
        bias = self.age_bias.ring(cache.num_frames)
        token = x[:, None]
        keys, values = [], []
        for layer, layer_keys, layer_values in zip(self.layers, cache.keys, cache.values, strict=True):
            assert isinstance(layer, TransformerLayer)
            token, new_keys, new_values = layer.step(token, layer_keys, layer_values, slot, bias)
            keys.append(new_keys)
            values.append(new_values)
        out = self.norm(token[:, 0])
        return out, RingCache(keys=tuple(keys), values=tuple(values), num_frames=cache.num_frames + 1)
