"""Attention of queries to keys, and who may watch it at work."""

import math
from collections.abc import Iterator
from contextlib import contextmanager

from torch import Tensor, nn
from torch.nn import functional as F


class Attention(nn.Module):
    """Softmax attention under an additive bias, by torch's fused kernel; a module of its own, to be watched."""

    def forward(self, q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> Tensor:
        """What is attended to, (batch, heads, queries, head_dims); k and v are (batch, heads, keys, head_dims)."""
        return F.scaled_dot_product_attention(q, k, v, attn_mask=bias)


def attention_weights(q: Tensor, k: Tensor, bias: Tensor) -> Tensor:
    """The weights, (batch, heads, queries, keys), which the fused kernel keeps to itself; each row sums to 1."""
    return (q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1]) + bias).softmax(-1)


@contextmanager
def watched_attention(part: nn.Module) -> Iterator[list[Tensor]]:
    """The weights of every attention in a part of a model, in the order in which they were computed.

    The list fills while the model runs inside of the block. Outside of it nothing is computed twice. A step that was
    captured as a CUDA graph does not come by here.
    """
    seen: list[Tensor] = []

    def look(module: nn.Module, arguments: tuple[Tensor, ...], output: Tensor) -> None:
        q, k, _, bias = arguments
        seen.append(attention_weights(q, k, bias).detach())

    hooks = [module.register_forward_hook(look) for module in part.modules() if isinstance(module, Attention)]
    try:
        yield seen
    finally:
        for hook in hooks:
            hook.remove()
