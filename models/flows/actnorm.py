"""Activation normalisation: one learned shift and scale a dimension."""

import torch
from torch import Tensor, nn

from models.flows.batch_moments import batch_moments


class ActNorm(nn.Module):
    """Learned affine normalisation ``y = (x + shift) * exp(log_scale)``, log|det| = sum(log_scale).

    The first batch seen in training sets shift and scale so that y has zero mean and unit variance a dimension
    (data-dependent initialisation; Kingma and Dhariwal, "Glow", 2018, section 3.1).

    Args:
        dims: Size D of the normalised vector.

    Example:
        >>> norm = ActNorm(2)
        >>> y, log_det = norm(torch.tensor([[10.0, 1.0], [30.0, 5.0]]))  # in training the first batch sets it
        >>> y.round(decimals=3).tolist()
        [[-1.0, -1.0], [1.0, 1.0]]
    """

    initialised: Tensor

    def __init__(self, dims: int) -> None:
        super().__init__()
        self.shift = nn.Parameter(torch.zeros(dims))
        self.log_scale = nn.Parameter(torch.zeros(dims))
        self.register_buffer("initialised", torch.tensor(False))
        self._asked = False  # asked once: each look at a tensor on a GPU waits for it, and a graph cannot look at all

    @torch.no_grad()
    def initialise(self, x: Tensor) -> None:
        """Sets shift and scale from a batch x (..., D)."""
        mean, variance = batch_moments(x)
        self.shift.copy_(-mean)
        self.log_scale.copy_(-variance.sqrt().clamp_min(1e-3).log())
        self.initialised.fill_(True)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Normalises x (..., D); returns (y (..., D), log|det| as a scalar)."""
        if self.training and not self._asked:
            if not bool(self.initialised):
                self.initialise(x)
            self._asked = True
        return (x + self.shift) * self.log_scale.exp(), self.log_scale.sum()

    def inverse(self, y: Tensor) -> Tensor:
        """Undoes `forward`."""
        return y * (-self.log_scale).exp() - self.shift

    def inverse_affine(self) -> tuple[Tensor, Tensor]:
        """Scale and shift, each (D,) float64, with which ``x = y * scale + shift`` undoes `forward`."""
        return (-self.log_scale.double()).exp(), -self.shift.double()
