"""One layer of a transformer, for whole sequences and for one more frame."""

from torch import Tensor, nn
from torch.nn import functional as F

from models.networks.attention import Attention


class TransformerLayer(nn.Module):
    """Pre-norm transformer layer: self-attention under an additive bias, then a perceptron.

    What a frame may see and how far away it is, is all in the bias, so the layer is causal or not as its caller asks.

    Args:
        dims: Width of a token.
        num_heads: Attention heads; must divide dims.
        dropout: Probability in training, on both residual branches.
        mlp_dims: Hidden width of the perceptron; four times `dims` if None.
    """

    def __init__(self, dims: int, num_heads: int, dropout: float, mlp_dims: int | None = None) -> None:
        super().__init__()
        if dims % num_heads:
            raise ValueError(f"num_heads must divide dims: {dims} is no multiple of {num_heads}")
        mlp_dims = 4 * dims if mlp_dims is None else mlp_dims
        self.num_heads = num_heads
        self.dropout = dropout
        self.attention_norm = nn.LayerNorm(dims)
        self.attention = Attention()
        self.query_key_value = nn.Linear(dims, 3 * dims)
        self.attention_out = nn.Linear(dims, dims)
        self.mlp_norm = nn.LayerNorm(dims)
        self.mlp = nn.Sequential(nn.Linear(dims, mlp_dims), nn.GELU(), nn.Linear(mlp_dims, dims))

    def _heads(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values, each (batch, heads, frames, head_dims), of x (batch, frames, dims)."""
        batch, frames, _ = x.shape
        packed = self.query_key_value(self.attention_norm(x)).view(batch, frames, 3, self.num_heads, -1)
        q, k, v = packed.permute(2, 0, 3, 1, 4)
        return q, k, v

    def _residuals(self, x: Tensor, attended: Tensor) -> Tensor:
        merged = attended.transpose(1, 2).reshape(x.shape)
        x = x + F.dropout(self.attention_out(merged), self.dropout, self.training)
        return x + F.dropout(self.mlp(self.mlp_norm(x)), self.dropout, self.training)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """A whole sequence: x (batch, frames, dims), bias broadcastable to (batch, heads, frames, frames)."""
        q, k, v = self._heads(x)
        return self._residuals(x, self.attention(q, k, v, bias.to(q.dtype)))

    def step(
        self, x: Tensor, keys: Tensor, values: Tensor, slot: Tensor, bias: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """One new frame x (batch, 1, dims) against the ring; returns the output and the updated ring."""
        q, k, v = self._heads(x)
        keys = keys.index_copy(2, slot, k)
        values = values.index_copy(2, slot, v)
        return self._residuals(x, self.attention(q, keys, values, bias)), keys, values
