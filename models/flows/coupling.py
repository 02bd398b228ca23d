"""Conditional affine coupling: one half of the vector moves the other."""

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

LOG_SCALE_BOUND: Final = 2.0
"""Largest |log scale| of one coupling: keeps the inverse well conditioned in float32."""


class AffineCoupling(nn.Module):
    """Invertible layer that keeps ``a`` and maps ``b -> (b + t) * exp(r)``; ``a`` and a condition give ``t, r``.

    The net is a residual perceptron; its condition enters as one addend to the hidden layer, so that a flow computes
    the addends of all its couplings in one matrix product. ``r`` is bounded smoothly by `LOG_SCALE_BOUND`. Starts as
    identity. Source: Dinh, Sohl-Dickstein, Bengio, "Density estimation using Real NVP", 2017, equations 7 and 8.

    Args:
        dims: Size D of the vector; ``a`` has D // 2 dimensions, ``b`` the rest.
        hidden_dims: Width H of the net, and size of the condition.
    """

    def __init__(self, dims: int, hidden_dims: int) -> None:
        super().__init__()
        self.kept_dims = dims // 2
        self.moved_dims = dims - self.kept_dims
        self.enter = nn.Linear(self.kept_dims, hidden_dims, bias=False)
        self.hidden = nn.Linear(hidden_dims, hidden_dims)
        self.leave = nn.Linear(hidden_dims, 2 * self.moved_dims)
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(self.leave.bias)

    def shift_and_log_scale(self, a: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """The shift t and bounded log scale r, each (..., D - D // 2), from a (..., D // 2) and condition (..., H)."""
        hidden = F.gelu(self.enter(a) + condition)
        hidden = hidden + F.gelu(self.hidden(hidden))
        shift, raw = self.leave(hidden).to(a.dtype).chunk(2, -1)
        return shift, LOG_SCALE_BOUND * torch.tanh(raw / LOG_SCALE_BOUND)

    def forward(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """Maps x (..., D) given condition (..., H); returns (y (..., D), log|det| (...))."""
        a, b = x.split([self.kept_dims, self.moved_dims], -1)
        shift, log_scale = self.shift_and_log_scale(a, condition)
        return torch.cat([a, (b + shift) * log_scale.exp()], -1), log_scale.sum(-1)

    def inverse(self, y: Tensor, condition: Tensor) -> Tensor:
        """Undoes `forward` for the same condition."""
        a, b = y.split([self.kept_dims, self.moved_dims], -1)
        shift, log_scale = self.shift_and_log_scale(a, condition)
        return torch.cat([a, b * (-log_scale).exp() - shift], -1)
