"""A flow over innovations: contexts say where they lie, and what is told from outside says how large they are."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.flows.actnorm import ActNorm
from models.flows.base_density import make_base
from models.flows.invertible_linear import InvertibleLinear

LOG_SCALE_BOUND = 1.0
"""Largest |log scale| of one coupling."""


class InnovationCoupling(nn.Module):
    """Affine coupling, ``b -> (b + t) * exp(r)``, whose shift t and log scale r come from nets of their own.

    The shift's net sees the kept half and a condition made of the context, the scale's net the kept half and a
    condition made of what is told. Were the scale a function of the context, which holds the dancer's own motion, calm
    would beget calm: in roll-outs innovations shrink, and the dance with them.

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


class InnovationFlowStep(nn.Module):
    """Actnorm, invertible mixing, coupling (Glow's step)."""

    def __init__(self, dims: int, hidden_dims: int, scale_dims: int) -> None:
        super().__init__()
        self.norm = ActNorm(dims)
        self.mixing = InvertibleLinear(dims)
        self.coupling = InnovationCoupling(dims, hidden_dims, scale_dims)

    def forward(self, x: Tensor, condition: Tensor, scale_condition: Tensor) -> tuple[Tensor, Tensor]:
        """Data to latent: x (..., D) -> (y (..., D), log|det| (...))."""
        x, log_det_norm = self.norm(x)
        x, log_det_mixing = self.mixing(x)
        x, log_det_coupling = self.coupling(x, condition, scale_condition)
        return x, log_det_norm + log_det_mixing + log_det_coupling


class InnovationFlow(nn.Module):
    """Density p(x | context, told) as a chain of invertible steps to a latent of `base`.

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
        super().__init__()
        if dims < 2 or num_steps < 1:
            raise ValueError(f"a flow needs dims >= 2 and num_steps >= 1, not dims={dims}, num_steps={num_steps}")
        self.dims = dims
        self.steps = nn.ModuleList(InnovationFlowStep(dims, hidden_dims, scale_dims) for _ in range(num_steps))
        self.condition = nn.Linear(context_dims, num_steps * hidden_dims)
        self.scale_condition = nn.Linear(told_dims, num_steps * scale_dims)
        self.base = make_base("student_t" if degrees else "gaussian", dims, degrees)

    def conditions(self, context: Tensor, told: Tensor) -> list[tuple[Tensor, Tensor]]:
        """The conditions of each step."""
        count = len(self.steps)
        both = self.condition(context).chunk(count, -1), self.scale_condition(told).chunk(count, -1)
        return list(zip(*both, strict=True))

    def forward(self, x: Tensor, context: Tensor, told: Tensor) -> tuple[Tensor, Tensor]:
        """Data to latent: x (..., D), context (..., C), told (..., T) -> (z (..., D), log|det| (...))."""
        log_det = torch.zeros(x.shape[:-1], dtype=x.dtype, device=x.device)
        for step, conditions in zip(self.steps, self.conditions(context, told), strict=True):
            x, step_log_det = step(x, *conditions)
            log_det = log_det + step_log_det
        return x, log_det

    def negative_log_likelihood(self, x: Tensor, context: Tensor, told: Tensor) -> Tensor:
        """-log p(x | context, told) in nats a dimension, (...)."""
        z, log_det = self(x, context, told)
        return -(self.base.log_density(z) + log_det) / self.dims

    def fold(self) -> FoldedInnovationFlow:
        """The sampler of this flow with its present weights; make it anew after any change of them."""
        return FoldedInnovationFlow(self)


class FoldedInnovationFlow(nn.Module):
    """Sampler of an `InnovationFlow`, with inverses computed beforehand; shares the flow's nets, holds no parameter."""

    inverses: Tensor
    shifts: Tensor

    def __init__(self, flow: InnovationFlow) -> None:
        super().__init__()
        steps = [cast(InnovationFlowStep, step) for step in flow.steps]
        affine = [s.norm.inverse_affine() for s in steps]
        inverses = [scale[:, None] * s.mixing.inverse_matrix() for (scale, _), s in zip(affine, steps, strict=True)]
        dtype = steps[0].norm.shift.dtype
        self.register_buffer("inverses", torch.stack(inverses).detach().to(dtype), persistent=False)
        self.register_buffer("shifts", torch.stack([s for _, s in affine]).detach().to(dtype), persistent=False)
        # In a tuple: the nets stay registered (and saved) under the flow alone.
        self._flow = (flow,)
        self._couplings = tuple(s.coupling for s in steps)

    def forward(self, z: Tensor, context: Tensor, told: Tensor) -> Tensor:
        """Latent to data: z (..., D) -> x (..., D)."""
        conditions = self._flow[0].conditions(context, told)
        for index in reversed(range(len(self._couplings))):
            z = self._couplings[index].inverse(z, *conditions[index])
            z = F.linear(z, self.inverses[index], self.shifts[index])
        return z
