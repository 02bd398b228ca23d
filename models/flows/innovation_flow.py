"""A flow over innovations: one context says where they lie, another from outside how large they are."""

from collections.abc import Sequence
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.flows.actnorm import ActNorm
from models.flows.base_density import make_base
from models.flows.flow import Conditions, Flow, FlowStep, check_sizes
from models.flows.invertible_linear import InvertibleLinear

LOG_SCALE_BOUND: Final = 1.0
"""Largest |log scale| of one coupling."""


class InnovationCoupling(nn.Module):
    """Affine coupling, ``b -> (b + t) * exp(r)``, whose shift t and log scale r come from nets of their own.

    The shift's net sees the kept half and a condition made of the context, the scale's net the kept half and a
    condition made of the scale context. Were the scale a function of the context, which holds the dancer's own motion,
    calm would beget calm: in roll-outs innovations shrink, and the dance with them.

    Args:
        dims: Size D of the vector; the first D // 2 are kept.
        hidden_dims: Width of the shift's net, and size of its condition.
        scale_dims: The same of the scale's net.
    """

    def __init__(self, dims: int, hidden_dims: int, scale_dims: int) -> None:
        super().__init__()
        self.kept_dims = dims // 2
        self.moved_dims = dims - self.kept_dims
        self.enter = nn.Linear(self.kept_dims, hidden_dims, bias=False)
        self.hidden = nn.Linear(hidden_dims, hidden_dims)
        self.leave = nn.Linear(hidden_dims, self.moved_dims)
        self.enter_scale = nn.Linear(self.kept_dims, scale_dims, bias=False)
        self.leave_scale = nn.Linear(scale_dims, self.moved_dims)
        for last in (self.leave, self.leave_scale):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def _numbers(self, kept: Tensor, condition: Tensor, scale_condition: Tensor) -> tuple[Tensor, Tensor]:
        hidden = F.gelu(self.enter(kept) + condition)
        hidden = hidden + F.gelu(self.hidden(hidden))
        raw = self.leave_scale(F.gelu(self.enter_scale(kept) + scale_condition)).to(kept.dtype)
        return self.leave(hidden).to(kept.dtype), LOG_SCALE_BOUND * torch.tanh(raw / LOG_SCALE_BOUND)

    def forward(self, x: Tensor, condition: Tensor, scale_condition: Tensor) -> tuple[Tensor, Tensor]:
        """Data to latent: x (..., D) -> (y (..., D), log|det| (...))."""
        kept, moved = x.split([self.kept_dims, self.moved_dims], -1)
        shift, log_scale = self._numbers(kept, condition, scale_condition)
        return torch.cat([kept, (moved + shift) * log_scale.exp()], -1), log_scale.sum(-1)

    def inverse(self, y: Tensor, condition: Tensor, scale_condition: Tensor) -> Tensor:
        """Undoes `forward` for the same conditions."""
        kept, moved = y.split([self.kept_dims, self.moved_dims], -1)
        shift, log_scale = self._numbers(kept, condition, scale_condition)
        return torch.cat([kept, moved * (-log_scale).exp() - shift], -1)


class InnovationFlow(Flow):
    """Density p(x | context, scale context): where x lies, and how large it is.

    Args:
        dims: Size D of x.
        context_dims: Size of the context, on which the place of x depends.
        told_dims: Size of the condition on which its scale depends.
        num_steps: Steps of the flow.
        hidden_dims: Width of the shifts' nets.
        scale_dims: Width of the scales' nets.
        degrees: Degrees of freedom of the latent's Student t; 0 for a normal latent.
    """

    def __init__(
        self,
        *,
        dims: int,
        context_dims: int,
        told_dims: int,
        num_steps: int,
        hidden_dims: int,
        scale_dims: int,
        degrees: float,
    ) -> None:
        check_sizes(dims, num_steps)
        steps = (
            FlowStep(ActNorm(dims), InvertibleLinear(dims), InnovationCoupling(dims, hidden_dims, scale_dims))
            for _ in range(num_steps)
        )
        super().__init__(dims, steps, make_base("student_t" if degrees else "gaussian", dims, degrees))
        self.condition = nn.Linear(context_dims, num_steps * hidden_dims)
        self.scale_condition = nn.Linear(told_dims, num_steps * scale_dims)

    def conditions(self, *contexts: Tensor) -> Sequence[Conditions]:
        """The conditions of each step, from the context (..., C) and the scales' context (..., T)."""
        context, scale_context = contexts
        count = len(self.steps)
        both = self.condition(context).chunk(count, -1), self.scale_condition(scale_context).chunk(count, -1)
        return list(zip(*both, strict=True))
