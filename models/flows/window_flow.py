"""Conditional flow over windows of frames: a density over the next poses together, and its sampler."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.flows.actnorm import ActNorm
from models.flows.base_density import Gaussian, StudentT
from models.flows.flow_batch_norm import FlowBatchNorm
from models.flows.invertible_linear import InvertibleLinear
from models.flows.window_coupling import WindowCoupling
from models.networks.coupling_nets import LstmNet, Memory

NORMS = ("actnorm", "batchnorm", "none")


class WindowFlowStep(nn.Module):
    """Norm, invertible mixing of the dimensions of each frame, coupling."""

    def __init__(self, dims: int, norm: str, coupling: WindowCoupling) -> None:
        super().__init__()
        if norm not in NORMS:
            raise ValueError(f"norm must be one of {NORMS}, not {norm!r}")
        self.norm = {"actnorm": ActNorm, "batchnorm": FlowBatchNorm}[norm](dims) if norm != "none" else None
        self.mixing = InvertibleLinear(dims)
        self.coupling = coupling

    def forward(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """Data to latent: x (batch, frames, D) -> (y, log|det| (batch, frames))."""
        log_det: Tensor | float = 0.0
        if self.norm is not None:
            x, log_det = self.norm(x)
        x, log_det_mixing = self.mixing(x)
        x, log_det_coupling = self.coupling(x, condition)
        return x, log_det + log_det_mixing + log_det_coupling

    def inverse_affine(self) -> tuple[Tensor, Tensor]:
        """Matrix (D, D) and shift (D,), float64, that undo mixing and norm together: ``x = y A^T + b``."""
        matrix = self.mixing.inverse_matrix()
        if self.norm is None:
            return matrix, matrix.new_zeros(len(matrix))
        scale, shift = self.norm.inverse_affine()
        return scale[:, None] * matrix, shift


class WindowFlow(nn.Module):
    """Density p(x | contexts) of a window x of N frames.

    Args:
        dims: Size D of a frame.
        num_steps: Steps.
        norm: ``actnorm``, ``batchnorm`` or ``none``.
        base: Density of a frame's latent.
        make_coupling: Makes one step's coupling.
    """

    def __init__(
        self,
        dims: int,
        num_steps: int,
        norm: str,
        base: Gaussian | StudentT,
        make_coupling: Callable[[], WindowCoupling],
    ) -> None:
        super().__init__()
        if dims < 2 or num_steps < 1:
            raise ValueError(f"a flow needs dims >= 2 and num_steps >= 1, not dims={dims}, num_steps={num_steps}")
        self.dims, self.base = dims, base
        self.steps = nn.ModuleList(WindowFlowStep(dims, norm, make_coupling()) for _ in range(num_steps))

    def forward(self, x: Tensor, contexts: Tensor) -> tuple[Tensor, Tensor]:
        """Data to latent: x (batch, N, D), contexts (batch, K, C) -> (z, log|det| (batch, N))."""
        log_det = torch.zeros(x.shape[:-1], dtype=x.dtype, device=x.device)
        for step in self.steps:
            x, step_log_det = step(x, contexts)
            log_det = log_det + step_log_det
        return x, log_det

    def negative_log_likelihood(self, x: Tensor, contexts: Tensor) -> Tensor:
        """-log p(x | contexts) in nats a dimension, shared out among frames, (batch, N)."""
        z, log_det = self(x, contexts)
        return -(self.base.log_density(z) + log_det) / self.dims

    def initial_memory(self, batch_size: int) -> Memory:
        """What recurrent couplings remember before the first frame: the tensors of all steps in a row."""
        nets = [cast(WindowFlowStep, step).coupling.net for step in self.steps]
        return tuple(part for net in nets if isinstance(net, LstmNet) for part in net.initial_memory(batch_size))

    def fold(self) -> FoldedWindowFlow:
        """The sampler of this flow with its present weights; make it anew after any change of them."""
        return FoldedWindowFlow(self)


class FoldedWindowFlow(nn.Module):
    """Sampler of a `WindowFlow` with all inverse matrices computed beforehand, in float64.

    Shares the couplings with the flow, has no parameters of its own and leaves the state dict alone.
    """

    inverses: Tensor
    shifts: Tensor

    def __init__(self, flow: WindowFlow) -> None:
        super().__init__()
        steps = [cast(WindowFlowStep, step) for step in flow.steps]
        affine = [step.inverse_affine() for step in steps]
        dtype = steps[0].mixing.log_s.dtype
        self.register_buffer("inverses", torch.stack([a for a, _ in affine]).detach().to(dtype), persistent=False)
        self.register_buffer("shifts", torch.stack([b for _, b in affine]).detach().to(dtype), persistent=False)
        # A plain tuple: the nets stay registered (and saved) under the flow alone.
        self._couplings = tuple(step.coupling for step in steps)

    def forward(self, z: Tensor, contexts: Tensor, memory: Memory = ()) -> tuple[Tensor, Memory]:
        """Latent to data: z (batch, N, D) -> x (batch, N, D), and the memory after these frames."""
        count = len(self._couplings)
        share = len(memory) // count
        remembered = [memory[i * share : (i + 1) * share] for i in range(count)]
        for index in reversed(range(count)):
            z, remembered[index] = self._couplings[index].inverse(z, contexts, remembered[index])
            z = F.linear(z, self.inverses[index], self.shifts[index])
        return z, tuple(part for parts in remembered for part in parts)
