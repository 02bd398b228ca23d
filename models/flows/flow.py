"""Conditional normalizing flow: a density over one vector given a context, and its sampler."""

from __future__ import annotations

import math
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.flows.actnorm import ActNorm
from models.flows.coupling import AffineCoupling
from models.flows.invertible_linear import InvertibleLinear


class FlowStep(nn.Module):
    """One step of the flow: actnorm, invertible linear mixing, conditional affine coupling (Glow's step)."""

    def __init__(self, dims: int, hidden_dims: int) -> None:
        super().__init__()
        self.norm = ActNorm(dims)
        self.mixing = InvertibleLinear(dims)
        self.coupling = AffineCoupling(dims, hidden_dims)

    def forward(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """Data to latent: x (..., D), condition (..., H) -> (y (..., D), log|det| (...))."""
        x, log_det_norm = self.norm(x)
        x, log_det_mixing = self.mixing(x)
        x, log_det_coupling = self.coupling(x, condition)
        return x, log_det_norm + log_det_mixing + log_det_coupling


class ConditionalFlow(nn.Module):
    """Density p(x | context) of a vector x as a chain of invertible steps to a standard normal latent.

    log p(x | c) = log N(z; 0, 1) + sum of log|det|. Sampling goes through `fold`, which computes the inverse matrices
    once in float64 and merges actnorm into them.

    Args:
        dims: Size D of x.
        context_dims: Size C of the context.
        num_steps: Number K of flow steps.
        hidden_dims: Width H of the coupling nets.

    Example:
        >>> flow = ConditionalFlow(dims=3, context_dims=2, num_steps=4, hidden_dims=8).eval()
        >>> x, context = torch.randn(5, 3), torch.randn(5, 2)
        >>> z, log_det = flow(x, context)
        >>> torch.allclose(flow.fold()(z, context), x, atol=1e-4)
        True
        >>> flow.negative_log_likelihood(x, context).shape
        torch.Size([5])
    """

    def __init__(self, dims: int, context_dims: int, num_steps: int, hidden_dims: int) -> None:
        super().__init__()
        if dims < 2 or num_steps < 1:
            raise ValueError(f"a flow needs dims >= 2 and num_steps >= 1, not dims={dims}, num_steps={num_steps}")
        self.dims = dims
        self.steps = nn.ModuleList(FlowStep(dims, hidden_dims) for _ in range(num_steps))
        self.condition = nn.Linear(context_dims, num_steps * hidden_dims)

    def forward(self, x: Tensor, context: Tensor) -> tuple[Tensor, Tensor]:
        """Data to latent: x (..., D), context (..., C) -> (z (..., D), log|det| (...))."""
        log_det = torch.zeros(x.shape[:-1], dtype=x.dtype, device=x.device)
        for step, condition in zip(self.steps, self.condition(context).chunk(len(self.steps), -1), strict=True):
            x, step_log_det = step(x, condition)
            log_det = log_det + step_log_det
        return x, log_det

    def negative_log_likelihood(self, x: Tensor, context: Tensor) -> Tensor:
        """-log p(x | context) in nats a dimension, (...)."""
        z, log_det = self(x, context)
        log_base = -0.5 * z.pow(2).sum(-1) - 0.5 * self.dims * math.log(2 * math.pi)
        return -(log_base + log_det) / self.dims

    def fold(self) -> FoldedFlow:
        """The sampler of this flow with its present weights; make it anew after any change of them."""
        return FoldedFlow(self)


class FoldedFlow(nn.Module):
    """Sampler of a `ConditionalFlow`: latent to data with every inverse computed beforehand.

    Actnorm and mixing of a step become one affine map ``x = A z + b`` with ``A = exp(-log_scale) W^-1``. The coupling
    nets are shared with the flow. Holds no parameter of its own and leaves the state dict alone.
    """

    inverses: Tensor
    shifts: Tensor

    def __init__(self, flow: ConditionalFlow) -> None:
        super().__init__()
        steps = [cast(FlowStep, step) for step in flow.steps]
        affine = [s.norm.inverse_affine() for s in steps]
        inverses = [scale[:, None] * s.mixing.inverse_matrix() for (scale, _), s in zip(affine, steps, strict=True)]
        shifts = [shift for _, shift in affine]
        dtype = steps[0].norm.shift.dtype
        self.register_buffer("inverses", torch.stack(inverses).detach().to(dtype), persistent=False)
        self.register_buffer("shifts", torch.stack(shifts).detach().to(dtype), persistent=False)
        # A plain tuple: the nets stay registered (and saved) under the flow alone.
        self._couplings = tuple(s.coupling for s in steps)
        self._condition = (flow.condition,)

    def forward(self, z: Tensor, context: Tensor) -> Tensor:
        """Latent to data: z (..., D), context (..., C) -> x (..., D)."""
        conditions = self._condition[0](context).chunk(len(self._couplings), -1)
        for index in reversed(range(len(self._couplings))):
            z = self._couplings[index].inverse(z, conditions[index])
            z = F.linear(z, self.inverses[index], self.shifts[index])
        return z
