"""A causal transformer whose every layer is modulated by conditions."""

from torch import Tensor, nn

from models.networks.causal_transformer import CausalTransformer, RingCache
from models.networks.transformer_layer import TransformerLayer


class ModulatedTransformer(nn.Module):
    """A `CausalTransformer` before each of whose layers, and after the last, tokens are scaled and shifted.

    Scales and shifts are a linear function of the conditions (Perez et al., "FiLM", 2018), and 1 and 0 at first. A
    condition that stands in the token alone is one addend among many, which a dancer learns to overhear; here it turns
    every layer.

    Args:
        told_dims: Size of the condition.
        dims, num_layers, num_heads, window_frames, dropout: As of a `CausalTransformer`.
    """

    def __init__(
        self, told_dims: int, dims: int, num_layers: int, num_heads: int, window_frames: int, dropout: float
    ) -> None:
        super().__init__()
        self.causal = CausalTransformer(dims, num_layers, num_heads, window_frames, dropout)
        self.modulate = nn.Linear(told_dims, 2 * dims * (num_layers + 1))
        nn.init.zeros_(self.modulate.weight)
        nn.init.zeros_(self.modulate.bias)

    def _modulations(self, conditions: Tensor) -> list[tuple[Tensor, Tensor]]:
        parts = self.modulate(conditions).chunk(2 * (len(self.causal.layers) + 1), -1)
        return list(zip(parts[::2], parts[1::2], strict=True))

    def forward(self, x: Tensor, conditions: Tensor) -> Tensor:
        """A whole sequence at once: (batch, frames, dims) and (batch, frames, told_dims) -> (batch, frames, dims)."""
        bias = self.causal.age_bias.band(x.shape[1])
        *inner, (last_scale, last_shift) = self._modulations(conditions)
        for layer, (scale, shift) in zip(self.causal.layers, inner, strict=True):
            x = layer(x + x * scale + shift, bias)
        x = self.causal.norm(x)
        return x + x * last_scale + last_shift

    def initial_cache(self, batch_size: int) -> RingCache:
        """An empty ring for a batch of dancers."""
        return self.causal.initial_cache(batch_size)

    def step(self, x: Tensor, conditions: Tensor, cache: RingCache) -> tuple[Tensor, RingCache]:
        """One more frame: (batch, dims) and (batch, told_dims) -> (batch, dims) and the new ring."""
        slot = (cache.num_frames % self.causal.window_frames).reshape(1)
        bias = self.causal.age_bias.ring(cache.num_frames)
        *inner, (last_scale, last_shift) = self._modulations(conditions)
        token = x[:, None]
        keys, values = [], []
        for number, (layer, (scale, shift)) in enumerate(zip(self.causal.layers, inner, strict=True)):
            assert isinstance(layer, TransformerLayer)
            token = token + token * scale[:, None] + shift[:, None]
            token, new_keys, new_values = layer.step(token, cache.keys[number], cache.values[number], slot, bias)
            keys.append(new_keys)
            values.append(new_values)
        out = self.causal.norm(token[:, 0])
        out = out + out * last_scale + last_shift
        return out, RingCache(keys=tuple(keys), values=tuple(values), num_frames=cache.num_frames + 1)
