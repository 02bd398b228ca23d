"""Batch normalisation as a step of a flow: running statistics, so that the density is the same in every batch."""

import torch
from torch import Tensor, nn

from models.flows.batch_moments import batch_moments


class FlowBatchNorm(nn.Module):
    """Normalises by running statistics, then scales and shifts: ``y = (x - mean) / std * exp(log_scale) + shift``.

    In training the statistics are updated first and then used, as constants; the batch's own would make the density of
    one pose depend on the others (Dinh et al., "Real NVP", 2017, section 3.7). The scale is learned by its logarithm:
    one that could cross zero would end in NaN.

    Args:
        dims: Size D of the normalised vector.
        momentum: Share of the newest batch in the running statistics; the first batch is taken whole.
    """

    mean: Tensor
    variance: Tensor
    initialised: Tensor

    def __init__(self, dims: int, momentum: float = 0.1) -> None:
        super().__init__()
        self.momentum = momentum
        self.log_scale = nn.Parameter(torch.zeros(dims))
        self.shift = nn.Parameter(torch.zeros(dims))
        self.register_buffer("mean", torch.zeros(dims))
        self.register_buffer("variance", torch.ones(dims))
        self.register_buffer("initialised", torch.tensor(False))

    @torch.no_grad()
    def _update(self, x: Tensor) -> None:
        mean, variance = batch_moments(x)
        share = torch.where(self.initialised, self.momentum, 1.0).to(mean.dtype)
        self.mean.lerp_(mean, share)
        self.variance.lerp_(variance, share)
        self.initialised.fill_(True)

    def _log_gain(self) -> Tensor:
        return self.log_scale - 0.5 * (self.variance + 1e-5).log()

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Normalises x (..., D); returns (y (..., D), log|det| as a scalar)."""
        if self.training:
            self._update(x)
        log_gain = self._log_gain()
        return (x - self.mean.clone()) * log_gain.exp() + self.shift, log_gain.sum()

    def inverse_affine(self) -> tuple[Tensor, Tensor]:
        """Scale and shift, each (D,) float64, with which ``x = y * scale + shift`` undoes `forward`."""
        scale = (-self._log_gain().double()).exp()
        return scale, self.mean.double() - self.shift.double() * scale
