"""Conditional flow over windows of frames: a density over the next poses together, and its sampler."""

from collections.abc import Callable, Sequence
from typing import Any, Final, cast

from torch import Tensor
from torch.nn import functional as F

from models.flows.actnorm import ActNorm
from models.flows.base_density import Gaussian, StudentT
from models.flows.flow import Conditions, Flow, FlowStep, FoldedFlow, check_sizes
from models.flows.flow_batch_norm import FlowBatchNorm
from models.flows.invertible_linear import InvertibleLinear
from models.flows.window_coupling import WindowCoupling
from models.networks.coupling_nets import LstmNet, Memory

NORMS: Final = ("actnorm", "batchnorm", "none")


class WindowFlow(Flow):
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
        check_sizes(dims, num_steps)
        if norm not in NORMS:
            raise ValueError(f"norm must be one of {NORMS}, not {norm!r}")
        make_norm = {"actnorm": ActNorm, "batchnorm": FlowBatchNorm}.get(norm)

        def step() -> FlowStep:
            coupling = make_coupling()  # first, as a seed has always drawn the weights
            return FlowStep(make_norm(dims) if make_norm else None, InvertibleLinear(dims), coupling)

        super().__init__(dims, (step() for _ in range(num_steps)), base)

    def conditions(self, *contexts: Tensor) -> Sequence[Conditions]:
        """The contexts (batch, K, C) themselves, for each step."""
        return [contexts] * len(self.steps)

    def initial_memory(self, batch_size: int) -> Memory:
        """What recurrent couplings remember before the first frame: the tensors of all steps in a row."""
        nets = [cast(Any, step).coupling.net for step in self.steps]
        return tuple(part for net in nets if isinstance(net, LstmNet) for part in net.initial_memory(batch_size))

    def fold(self) -> "FoldedWindowFlow":
        """The sampler of this flow with its present weights; make it anew after any change of them."""
        return FoldedWindowFlow(self)


class FoldedWindowFlow(FoldedFlow):
    """Sampler of a `WindowFlow`, whose couplings may remember earlier frames."""

    def forward(  # type: ignore[override]
        self, z: Tensor, contexts: Tensor, memory: Memory = ()
    ) -> tuple[Tensor, Memory]:
        """Latent to data: z (batch, N, D) -> x (batch, N, D), and the memory after these frames."""
        count = len(self._couplings)
        share = len(memory) // count
        remembered = [memory[i * share : (i + 1) * share] for i in range(count)]
        for index in reversed(range(count)):
            z, remembered[index] = self._couplings[index].inverse(z, contexts, remembered[index])
            z = F.linear(z, self.inverses[index], self.shifts[index])
        return z, tuple(part for parts in remembered for part in parts)
