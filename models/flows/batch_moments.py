"""Mean and variance of a batch, of the whole of it where several processes train together."""

import torch
from torch import Tensor
from torch import distributed as dist


@torch.no_grad()
def batch_moments(x: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and (population) variance of each column of x (..., D), over the equal shares of all processes."""
    flat = x.reshape(-1, x.shape[-1])
    mean, variance = flat.mean(0), flat.var(0, correction=0)
    if not (dist.is_available() and dist.is_initialized()):
        return mean, variance
    own_mean = mean.clone()
    dist.all_reduce(mean)
    mean /= dist.get_world_size()
    variance += (own_mean - mean) ** 2
    dist.all_reduce(variance)
    return mean, variance / dist.get_world_size()
