"""Vector quantisation: vectors become the nearest of a small codebook that follows them."""

from typing import Final

import torch
from torch import Tensor, nn

DEAD_SHARE: Final = 0.1
"""A code that stands for less than this share of what an average code does is given up and begun anew."""


class VectorQuantizer(nn.Module):
    """The nearest code of each vector, and a codebook of their moving averages.

    Codes are no parameters: each is the moving average of the vectors that chose it (van den Oord et al., "Neural
    Discrete Representation Learning", 2017, appendix A.1). One that hardly any vector chooses becomes a random vector
    of the batch (Dhariwal et al., "Jukebox", 2020, section 3.2), and so does each code at the first batch.

    Args:
        num_codes: Size K of the codebook.
        dims: Size D of a code.
        decay: Share of the old average that is kept at each batch.

    Attributes:
        codes: The codebook, (K, D).
        counts: How many vectors a batch each code stood for, a moving average, (K,); zeros before the first batch.

    Example:
        >>> quantizer = VectorQuantizer(num_codes=4, dims=2)
        >>> _ = quantizer.train()(torch.randn(32, 2))
        >>> quantised, index, _ = quantizer.eval()(torch.randn(5, 2))
        >>> torch.allclose(quantised, quantizer.codes[index])
        True
    """

    codes: Tensor
    counts: Tensor

    def __init__(self, num_codes: int, dims: int, decay: float = 0.99) -> None:
        super().__init__()
        if num_codes < 2 or not 0 < decay < 1:
            raise ValueError(f"num_codes={num_codes} must be at least 2, and decay={decay} between 0 and 1")
        self.decay = decay
        self.register_buffer("codes", torch.randn(num_codes, dims))
        self.register_buffer("counts", torch.zeros(num_codes))

    def nearest(self, x: Tensor) -> Tensor:
        """Index of the code nearest to each vector of x (..., D), (...) int64."""
        distances = self.codes.square().sum(-1) - 2 * x @ self.codes.T
        return distances.argmin(-1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Quantises; in training the codebook follows.

        Args:
            x: (N, D).

        Returns:
            Codes (N, D), whose gradient goes to x as if it were they; their indices (N,); and the commitment loss, the
            mean squared distance of x to its codes, a scalar.
        """
        with torch.autocast(x.device.type, enabled=False):  # distances of bfloat16 would choose neighbours
            x = x.to(self.codes.dtype)
            if self.training:
                self._restart_dead(x.detach())
            index = self.nearest(x.detach())
            chosen = self.codes[index]
            commitment = (x - chosen).square().mean()
            if self.training:
                self._follow(x.detach(), index)
            return x + (chosen - x).detach(), index, commitment

    @torch.no_grad()
    def _follow(self, x: Tensor, index: Tensor) -> None:
        chosen = nn.functional.one_hot(index, len(self.codes)).to(x.dtype)  # (N, K)
        counts = torch.lerp(chosen.sum(0), self.counts, self.decay)
        sums = torch.lerp(chosen.T @ x, self.codes * self.counts[:, None], self.decay)
        self.codes.copy_(torch.where(counts[:, None] > 0, sums / counts[:, None].clamp_min(1e-9), self.codes))
        self.counts.copy_(counts)

    @torch.no_grad()
    def _restart_dead(self, x: Tensor) -> None:
        """Puts a vector of the batch in the place of each dead code, which then counts as much as an average one."""
        total = self.counts.sum()
        average = torch.where(total > 0, total, total + len(x)) / len(self.codes)
        dead = self.counts < DEAD_SHARE * average
        drawn = torch.randint(len(x), (len(self.codes),), device=x.device)
        self.codes.copy_(torch.where(dead[:, None], x[drawn], self.codes))
        self.counts.copy_(torch.where(dead, average, self.counts))
