"""Continuous flow: noise carried to data by an ordinary differential equation, and the density of what arrives.

Paths from noise e to data y are straight, ``x = t y + (1 - k t) e`` for times t in 0..1, where k = 1 - target noise
(Lipman et al., "Flow Matching for Generative Modeling", 2023, equation 22), so what arrives has the density of the data
with that much noise, as what the other flows learn has. Of all paths through x the expected end E is learned; the flow
is ``dx/dt = (E - k x) / (1 - k t)``. Along it the density changes by the trace of its Jacobian (Chen et al., "Neural
Ordinary Differential Equations", 2018, theorem 1).
"""

import math
from collections.abc import Callable
from typing import Final

import torch
from torch import Tensor

End = Callable[[Tensor, Tensor], Tensor]
"""Expected end of the paths that are at x (batch, frames, dims) at times (batch,)."""
SOLVER_STEPS: Final = 12
"""Steps of fourth order along a path. With 8 a density that is known was missed by 0.002 nats a dimension."""
EXACT_DIMS: Final = 8
"""Numbers of an output up to which the trace is taken number by number; beyond, by one random probe a window."""


def on_path(noise: Tensor, data: Tensor, time: Tensor, target_noise: float) -> Tensor:
    """Where the path from noise to data, (batch, frames, dims) each, is at times (batch,)."""
    time = time[:, None, None]
    return time * data + (1 - (1 - target_noise) * time) * noise


def foreseen_end(x: Tensor, time: Tensor, target_noise: float) -> tuple[Tensor, Tensor, Tensor]:
    """What could be said of the end of the paths at x (batch, frames, dims) if data were standard normal.

    Returns:
        The expected end; its deviation, (batch, 1, 1), from 1 at the beginning to about the target noise at the end;
        and x in its own deviation.
    """
    time = time[:, None, None]
    left = 1 - (1 - target_noise) * time
    square = time.square() + left.square()
    return time / square * x, left * square.rsqrt(), x * square.rsqrt()


def carried(end: End, noise: Tensor, target_noise: float, steps: int) -> Tensor:
    """Noise (batch, frames, dims) carried to data by so many of Euler's steps, which are exact on straight paths."""
    kept, x = 1 - target_noise, noise
    for step in range(steps):
        time = step / steps
        x = x + (end(x, x.new_full((len(x),), time)) - kept * x) / (steps * (1 - kept * time))
    return x


def log_density(
    end: End, x: Tensor, target_noise: float, *, solver_steps: int = SOLVER_STEPS, exact: bool | None = None
) -> tuple[Tensor, Tensor]:
    """The logarithm of the density at which noise arrives at x, and the noise that does.

    It is solved against the time, in u = -log(1 - k t), in which the flow ``dx/du = E / k - x`` is smooth to the end.
    The trace of its Jacobian is exact for up to `EXACT_DIMS` numbers, else Hutchinson's estimate by one probe of random
    signs (Grathwohl et al., "FFJORD", 2019, section 3.1): right in the mean, and over many windows nearly so.

    Args:
        end: The expected end; it is differentiated.
        x: (batch, frames, dims).
        target_noise: Of the paths, above 0: without it the density of data on a surface is infinite.
        solver_steps: Of the solver.
        exact: Whether the trace is; None decides by the size.

    Returns:
        Nats, (batch,), and noise (batch, frames, dims), both without a graph.

    Raises:
        ValueError: torchdiffeq is not installed.
    """
    try:
        from torchdiffeq import odeint
    except ImportError:
        raise ValueError(
            "the likelihood of a continuous flow needs torchdiffeq: pip install -c constraints.txt -e '.[train]'"
        ) from None
    kept, size = 1 - target_noise, x[0].numel()
    exact = size <= EXACT_DIMS if exact is None else exact
    whole_precision = torch.autocast(x.device.type, enabled=False)
    with torch.inference_mode(False), torch.enable_grad(), whole_precision:
        start = x.detach().clone()
        if exact:
            probes = torch.eye(size, dtype=x.dtype, device=x.device).view(size, 1, *x.shape[1:]).expand(-1, *x.shape)
        else:
            probes = torch.randint(0, 2, (1, *x.shape), device=x.device).to(x.dtype) * 2 - 1

        def flow(u: Tensor, state: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
            here = state[0].detach().requires_grad_()
            time = ((1 - (-u).exp()) / kept).to(x.dtype).expand(len(here))
            ended = end(here, time).to(x.dtype)
            trace = torch.zeros_like(state[1])
            for probe in probes:
                (row,) = torch.autograd.grad(ended, here, probe, retain_graph=True)
                trace = trace + (row * probe).flatten(1).sum(1)
            return (ended / kept - here).detach(), trace / kept - size

        times = torch.linspace(-math.log(target_noise), 0.0, solver_steps + 1, dtype=x.dtype, device=x.device)
        noises, changes = odeint(flow, (start, start.new_zeros(len(start))), times, method="rk4")
    noise = noises[-1].detach()
    base = -0.5 * noise.square().flatten(1).sum(1) - 0.5 * size * math.log(2 * math.pi)
    return base + changes[-1].detach(), noise
