"""Invertible linear map over the pose dimensions (the "invertible 1x1 convolution" of Glow), by its LU factors."""

import torch
from torch import Tensor, nn


class InvertibleLinear(nn.Module):
    """Learned invertible mixing ``y = W x`` with ``W = P L (U + diag(s))``, log|det W| = sum(log|s|).

    ``P`` is a fixed permutation, ``L`` unit lower triangular, ``U`` strictly upper triangular and the signs of ``s``
    are fixed, so that W can never become singular. Initialised as a random rotation.
    Source: Kingma and Dhariwal, "Glow", 2018, section 3.2.

    Args:
        dims: Size D of the mixed vector.
    """

    permutation: Tensor
    sign_s: Tensor

    def __init__(self, dims: int) -> None:
        super().__init__()
        if dims < 1:
            raise ValueError(f"dims must be at least 1, not {dims}")
        rotation, _ = torch.linalg.qr(torch.randn(dims, dims, dtype=torch.float64))
        permutation, lower, upper = torch.linalg.lu(rotation)
        s = upper.diagonal()
        dtype = torch.get_default_dtype()
        self.register_buffer("permutation", permutation.to(dtype))
        self.register_buffer("sign_s", s.sign().to(dtype))
        self.log_s = nn.Parameter(s.abs().log().to(dtype))
        self.lower = nn.Parameter(lower.tril(-1).to(dtype))
        self.upper = nn.Parameter(upper.triu(1).to(dtype))

    def matrix(self) -> Tensor:
        """The matrix W, (D, D)."""
        identity = torch.eye(self.log_s.shape[0], dtype=self.log_s.dtype, device=self.log_s.device)
        lower = self.lower.tril(-1) + identity
        upper = self.upper.triu(1) + torch.diag(self.sign_s * self.log_s.exp())
        return self.permutation @ lower @ upper

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mixes x (..., D); returns (y (..., D), log|det| as a scalar)."""
        # Under autocast the density would be that of a matrix rounded to bfloat16, not of W.
        with torch.autocast(x.device.type, enabled=False):
            return x @ self.matrix().T, self.log_s.sum()

    def inverse_matrix(self) -> Tensor:
        """W to the power -1 in float64, (D, D): solved from the factors, not by a general inverse."""
        dims = self.log_s.shape[0]
        identity = torch.eye(dims, dtype=torch.float64, device=self.log_s.device)
        lower = self.lower.double().tril(-1) + identity
        upper = self.upper.double().triu(1) + torch.diag(self.sign_s.double() * self.log_s.double().exp())
        solved = torch.linalg.solve_triangular(lower, self.permutation.double().T, upper=False, unitriangular=True)
        return torch.linalg.solve_triangular(upper, solved, upper=True)
