"""Conditional normalizing flows: a chain of invertible steps to a latent, its density, and its sampler."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.flows.actnorm import ActNorm
from models.flows.base_density import Gaussian, StudentT, make_base
from models.flows.coupling import AffineCoupling
from models.flows.flow_batch_norm import FlowBatchNorm
from models.flows.invertible_linear import InvertibleLinear

Conditions = tuple[Tensor, ...]
"""What the coupling of one step is given."""


class FlowStep(nn.Module):
    """One step of a flow: norm, invertible mixing of the dimensions, conditional coupling (Glow's step).

    Args:
        norm: An invertible norm; None for none.
        mixing: The mixing.
        coupling: Takes x and the conditions of the step to y and log|det|, and has an `inverse`.
    """

    def __init__(self, norm: ActNorm | FlowBatchNorm | None, mixing: InvertibleLinear, coupling: nn.Module) -> None:
        super().__init__()
        self.norm = norm
        self.mixing = mixing
        self.coupling = coupling

    def forward(self, x: Tensor, *conditions: Tensor) -> tuple[Tensor, Tensor]:
        """Data to latent: x (..., D) -> (y (..., D), log|det| (...))."""
        log_det: Tensor | float = 0.0
        if self.norm is not None:
            x, log_det = self.norm(x)
        x, log_det_mixing = self.mixing(x)
        x, log_det_coupling = self.coupling(x, *conditions)
        return x, log_det + log_det_mixing + log_det_coupling

    def inverse_affine(self) -> tuple[Tensor, Tensor]:
        """Matrix (D, D) and shift (D,), float64, that undo mixing and norm together: ``x = y A^T + b``."""
        matrix = self.mixing.inverse_matrix()
        if self.norm is None:
            return matrix, matrix.new_zeros(len(matrix))
        scale, shift = self.norm.inverse_affine()
        return scale[:, None] * matrix, shift


class Flow(nn.Module, ABC):
    """Density p(x | contexts) of x (..., D) as a chain of invertible steps to a latent of `base`.

    log p(x | contexts) = log p(z) + sum of log|det|. Sampling goes through `fold`, which computes the inverse matrices
    once in float64 and merges the norms into them. Classes differ in their couplings and in how contexts become
    the conditions of each step.

    Args:
        dims: Size D of x.
        steps: The steps, in the order from data to latent.
        base: Density of the latent.
    """

    def __init__(self, dims: int, steps: Iterable[FlowStep], base: Gaussian | StudentT) -> None:
        super().__init__()
        self.dims, self.base = dims, base
        self.steps = nn.ModuleList(steps)

    @abstractmethod
    def conditions(self, *contexts: Tensor) -> Sequence[Conditions]:
        """The conditions of each step."""

    def forward(self, x: Tensor, *contexts: Tensor) -> tuple[Tensor, Tensor]:
        """Data to latent: x (..., D), contexts (..., C) -> (z (..., D), log|det| (...))."""
        log_det = torch.zeros(x.shape[:-1], dtype=x.dtype, device=x.device)
        for step, conditions in zip(self.steps, self.conditions(*contexts), strict=True):
            x, step_log_det = step(x, *conditions)
            log_det = log_det + step_log_det
        return x, log_det

    def negative_log_likelihood(self, x: Tensor, *contexts: Tensor) -> Tensor:
        """-log p(x | contexts) in nats a dimension, (...)."""
        z, log_det = self(x, *contexts)
        return -(self.base.log_density(z) + log_det) / self.dims

    def fold(self) -> "FoldedFlow":
        """The sampler of this flow with its present weights; make it anew after any change of them."""
        return FoldedFlow(self)


class FoldedFlow(nn.Module):
    """Sampler of a `Flow`: latent to data with every inverse computed beforehand.

    Norm and mixing of a step become one affine map ``x = A z + b`` with ``A = exp(-log_scale) W^-1``. All nets are
    shared with the flow. Holds no parameter of its own and leaves the state dict alone.
    """

    inverses: Tensor
    shifts: Tensor

    def __init__(self, flow: Flow) -> None:
        super().__init__()
        steps = [cast(FlowStep, step) for step in flow.steps]
        affine = [step.inverse_affine() for step in steps]
        dtype = steps[0].mixing.log_s.dtype
        self.register_buffer("inverses", torch.stack([a for a, _ in affine]).detach().to(dtype), persistent=False)
        self.register_buffer("shifts", torch.stack([b for _, b in affine]).detach().to(dtype), persistent=False)
        # In plain tuples: the nets stay registered (and saved) under the flow alone.
        self._flow = (flow,)
        self._couplings: tuple[Any, ...] = tuple(step.coupling for step in steps)

    def forward(self, z: Tensor, *contexts: Tensor) -> Tensor:
        """Latent to data: z (..., D), contexts (..., C) -> x (..., D)."""
        conditions = self._flow[0].conditions(*contexts)
        for index in reversed(range(len(self._couplings))):
            z = self._couplings[index].inverse(z, *conditions[index])
            z = F.linear(z, self.inverses[index], self.shifts[index])
        return z


def check_sizes(dims: int, num_steps: int) -> None:
    """Refuses what is no flow.

    Raises:
        ValueError: Nothing could be coupled, or there is no step.
    """
    if dims < 2 or num_steps < 1:
        raise ValueError(f"a flow needs dims >= 2 and num_steps >= 1, not dims={dims}, num_steps={num_steps}")


class ConditionalFlow(Flow):
    """Density of a vector x given one context; its latent is standard normal.

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
        check_sizes(dims, num_steps)
        steps = (
            FlowStep(ActNorm(dims), InvertibleLinear(dims), AffineCoupling(dims, hidden_dims)) for _ in range(num_steps)
        )
        super().__init__(dims, steps, make_base("gaussian", dims, 0.0))
        self.condition = nn.Linear(context_dims, num_steps * hidden_dims)

    def conditions(self, *contexts: Tensor) -> Sequence[Conditions]:
        """The conditions of each step, from the one context (..., C)."""
        (context,) = contexts
        return [(condition,) for condition in self.condition(context).chunk(len(self.steps), -1)]
