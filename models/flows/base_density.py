"""Base densities of flows: what the latent of one frame is drawn from."""

import math

import torch
from torch import Tensor


class Gaussian:
    """Standard normal density.

    Args:
        dims: Size D of a latent vector.
    """

    def __init__(self, dims: int) -> None:
        self.dims = dims
        self.noise_dims = dims

    def log_density(self, z: Tensor) -> Tensor:
        """Log p(z), (...), of z (..., D)."""
        return -0.5 * z.pow(2).sum(-1) - 0.5 * self.dims * math.log(2 * math.pi)

    def draw(self, noise: Tensor, temperature: Tensor | float) -> Tensor:
        """A latent (..., D) from standard normal noise (..., noise_dims); temperature scales its deviation."""
        return noise * temperature


class StudentT:
    """Multivariate Student's t density: heavier tails, so that a rare pose pulls less on the flow.

    Source: Alexanderson and Henter, "Robust model training and generalisation with studentising flows", 2020.

    Args:
        dims: Size D of a latent vector.
        degrees: Degrees of freedom; the larger, the more Gaussian.
    """

    def __init__(self, dims: int, degrees: float) -> None:
        if degrees < 3:
            raise ValueError(f"degrees of freedom must be at least 3, not {degrees}: a deviation has to exist")
        self.dims, self.degrees = dims, degrees
        self.noise_dims = dims + 1

    def log_density(self, z: Tensor) -> Tensor:
        """Log p(z), (...), of z (..., D)."""
        degrees, dims = self.degrees, self.dims
        constant = (
            math.lgamma((degrees + dims) / 2) - math.lgamma(degrees / 2) - 0.5 * dims * math.log(degrees * math.pi)
        )
        return constant - 0.5 * (degrees + dims) * torch.log1p(z.pow(2).sum(-1) / degrees)

    def draw(self, noise: Tensor, temperature: Tensor | float) -> Tensor:
        """A latent (..., D) from standard normal noise (..., noise_dims); temperature scales its deviation.

        The last number becomes a chi-square draw by the cube of a normal, which is off by less than a percent from
        three degrees on (Wilson and Hilferty, 1931): a step must not draw random numbers of its own.
        """
        part = 2 / (9 * self.degrees)
        chi_square = self.degrees * (1 - part + math.sqrt(part) * noise[..., -1:]).clamp_min(0.05).pow(3)
        return noise[..., :-1] * (self.degrees / chi_square).sqrt() * temperature


def make_base(name: str, dims: int, degrees: float) -> Gaussian | StudentT:
    """The density of a name: ``gaussian`` or ``student_t``."""
    if name == "gaussian":
        return Gaussian(dims)
    if name == "student_t":
        return StudentT(dims, degrees)
    raise ValueError(f"base must be 'gaussian' or 'student_t', not {name!r}")
