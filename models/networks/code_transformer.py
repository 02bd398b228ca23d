"""A causal transformer over a short row of tokens, of which the last is asked, and the row moves on now and then."""

import torch
from torch import Tensor, nn

from models.networks.causal_transformer import RelativeAgeBias
from models.networks.transformer_layer import TransformerLayer


class RowTransformer(nn.Module):
    """Each token of a row attends to itself and to those before it, by their distance in the row.

    A row is computed as a whole: what comes once a bar, at another frame for each dancer of a batch, is no ring.

    Args:
        dims: Width of a token.
        num_layers: Layers.
        num_heads: Attention heads.
        most_tokens: Longest row.
        dropout: Probability in training.
    """

    def __init__(self, dims: int, num_layers: int, num_heads: int, most_tokens: int, dropout: float) -> None:
        super().__init__()
        self.age_bias = RelativeAgeBias(num_heads, most_tokens)
        self.layers = nn.ModuleList(TransformerLayer(dims, num_heads, dropout, 2 * dims) for _ in range(num_layers))
        self.norm = nn.LayerNorm(dims)

    def forward(self, x: Tensor, num_known: Tensor | None = None) -> Tensor:
        """Rows (batch, tokens, dims) -> likewise; `num_known` (batch,) of the last tokens are there, None: all."""
        tokens = x.shape[1]
        bias = self.age_bias.band(tokens)
        if num_known is not None:
            place = torch.arange(tokens, device=x.device)
            unknown = place[None] < tokens - num_known[:, None]  # (batch, keys)
            hidden = unknown[:, None] & (place[:, None] != place[None])  # who is unknown still sees itself: no NaN
            bias = bias.masked_fill(hidden[:, None], float("-inf"))
        for layer in self.layers:
            x = layer(x, bias)
        out: Tensor = self.norm(x)
        return out
