"""Couplings of window flows: the kept half of a frame moves the other half, affinely or by mixtures of logistics."""

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.flows.coupling import LOG_SCALE_BOUND
from models.networks.coupling_nets import Memory

_BISECTIONS: Final = 60


class WindowCoupling(nn.Module):
    """Invertible layer on windows: ``b -> (g(b) + t) * exp(r)``, with t, r (and g) from the kept half and a condition.

    ``g`` is the identity, or with mixtures the logit of a mixture of logistic distributions' cumulative function, which
    can bend a density as well as move it (Ho et al., "Flow++", 2019, equations 14 to 19).

    Args:
        dims: Size D of a frame; D // 2 are kept.
        net: A net of `coupling_nets` for ``num_numbers(dims, num_mixtures)`` numbers.
        num_mixtures: Logistics in a mixture; 0 couples affinely.
    """

    centres: Tensor

    def __init__(self, dims: int, net: nn.Module, num_mixtures: int = 0) -> None:
        super().__init__()
        self.kept_dims, self.moved_dims = dims // 2, dims - dims // 2
        self.num_mixtures = num_mixtures
        self.net = net
        # Mixtures that began alike would stay alike.
        centres = torch.linspace(-1, 1, num_mixtures) if num_mixtures > 1 else torch.zeros(num_mixtures)
        self.register_buffer("centres", centres, persistent=False)

    @staticmethod
    def num_numbers(dims: int, num_mixtures: int) -> int:
        """Numbers that the net gives for each frame."""
        return (dims - dims // 2) * (2 + 3 * num_mixtures)

    def _numbers(self, kept: Tensor, condition: Tensor, memory: Memory) -> tuple[Tensor, Tensor, Tensor, Memory]:
        """Shift and log scale, each (batch, frames, moved), and mixtures (batch, frames, moved, 3, mixtures)."""
        numbers, memory = self.net(kept, condition, memory)
        numbers = numbers.to(kept.dtype).unflatten(-1, (self.moved_dims, 2 + 3 * self.num_mixtures))
        shift, log_scale = numbers[..., 0], LOG_SCALE_BOUND * torch.tanh(numbers[..., 1] / LOG_SCALE_BOUND)
        return shift, log_scale, numbers[..., 2:].unflatten(-1, (3, self.num_mixtures)), memory

    def forward(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """Maps x (batch, frames, D); returns (y, log|det| (batch, frames))."""
        a, b = x.split([self.kept_dims, self.moved_dims], -1)
        shift, log_scale, mixtures, _ = self._numbers(a, condition, ())
        log_slope = torch.zeros_like(b)
        if self.num_mixtures:
            b, log_slope = self._bend(b, mixtures)
        return torch.cat([a, (b + shift) * log_scale.exp()], -1), (log_slope + log_scale).sum(-1)

    def inverse(self, y: Tensor, condition: Tensor, memory: Memory = ()) -> tuple[Tensor, Memory]:
        """Undoes `forward`; also returns the memory of the net after these frames."""
        a, b = y.split([self.kept_dims, self.moved_dims], -1)
        shift, log_scale, mixtures, memory = self._numbers(a, condition, memory)
        b = b * (-log_scale).exp() - shift
        if self.num_mixtures:
            b = self._unbend(b, mixtures)
        return torch.cat([a, b], -1), memory

    def _mixture(self, mixtures: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Log weights, means and log widths, each (batch, frames, moved, mixtures)."""
        weights, means, widths = mixtures.unbind(-2)
        return F.log_softmax(weights, -1), means + self.centres.to(means.dtype), LOG_SCALE_BOUND * torch.tanh(widths)

    def _bend(self, b: Tensor, mixtures: Tensor) -> tuple[Tensor, Tensor]:
        """The logit of the mixture's cumulative function at b, and the log of its slope."""
        log_weights, means, log_widths = self._mixture(mixtures)
        inside = (b[..., None] - means) * (-log_widths).exp()
        below, above = F.logsigmoid(inside), F.logsigmoid(-inside)
        log_below = torch.logsumexp(log_weights + below, -1)
        log_above = torch.logsumexp(log_weights + above, -1)
        log_density = torch.logsumexp(log_weights + below + above - log_widths, -1)
        return log_below - log_above, log_density - log_below - log_above

    def _unbend(self, bent: Tensor, mixtures: Tensor) -> Tensor:
        """Undoes `_bend` by bisection, a fixed number of times.

        Where each logistic alone would have this logit bounds where their mixture has it.
        """
        _, means, log_widths = self._mixture(mixtures)
        alone = means + bent[..., None] * log_widths.exp()
        low, high = alone.amin(-1), alone.amax(-1)
        for _ in range(_BISECTIONS):
            middle = 0.5 * (low + high)
            is_low = self._bend(middle, mixtures)[0] < bent
            low, high = torch.where(is_low, middle, low), torch.where(is_low, high, middle)
        return 0.5 * (low + high)
