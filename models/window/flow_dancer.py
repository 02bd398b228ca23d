"""Window models whose poses are drawn from a flow, given contexts of the window."""

import abc
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor, nn

from models.flows.base_density import make_base
from models.flows.window_coupling import WindowCoupling
from models.flows.window_flow import FoldedWindowFlow, WindowFlow
from models.networks.coupling_nets import Memory
from models.networks.modalities import OutputModality, WindowBatch
from models.window.window_dancer import WindowConfig, WindowDancer


@dataclass(frozen=True, kw_only=True)
class FlowConfig(WindowConfig):
    """A window model with a flow.

    Attributes:
        flow_steps: Steps of the flow.
        norm: ``actnorm``, ``batchnorm`` or ``none``.
        base: Density of the latent: ``gaussian`` or ``student_t``.
        degrees: Degrees of freedom of Student's t.
        num_mixtures: Logistics of a mixture coupling; 0 couples affinely.
        target_noise: Noise added to the modelled poses in training, in standard deviations: it keeps the density finite
            where a dimension is constant or redundant.
    """

    flow_steps: int = 8
    norm: str = "actnorm"
    base: str = "gaussian"
    degrees: float = 50.0
    num_mixtures: int = 0
    target_noise: float = 0.02


class FlowDancer(WindowDancer):
    """p(next poses | contexts of the window) as one `WindowFlow` for each output.

    Stepping uses folded flows, which `eval` makes and `train` drops.
    """

    config: FlowConfig

    def __init__(self, config: FlowConfig) -> None:
        super().__init__(config)
        self.flows = nn.ModuleList()
        self.folded: nn.ModuleList | None = None

    def add_flows(self) -> None:
        """Makes the flows; called by a class once it knows what `make_net` needs."""
        config = self.config
        for output in self.layout.outputs:
            base = make_base(config.base, output.dims, config.degrees)
            numbers = WindowCoupling.num_numbers(output.dims, config.num_mixtures)

            def make(output: OutputModality = output, numbers: int = numbers) -> WindowCoupling:
                net = self.make_net(output, output.dims // 2, numbers)
                return WindowCoupling(output.dims, net, config.num_mixtures)

            self.flows.append(WindowFlow(output.dims, config.flow_steps, config.norm, base, make))
        pairs = zip(self.layout.outputs, self._flows(), strict=True)
        self.noise_dims = sum(output.frames * flow.base.noise_dims for output, flow in pairs)

    def _flows(self) -> list[WindowFlow]:
        return [cast(WindowFlow, flow) for flow in self.flows]

    @abc.abstractmethod
    def make_net(self, output: OutputModality, kept_dims: int, out_dims: int) -> nn.Module:
        """The net of one coupling of an output's flow; see `models.networks.coupling_nets`."""

    @abc.abstractmethod
    def read(self, batch: WindowBatch) -> tuple[list[Tensor], list[Tensor] | None]:
        """The contexts of the flows, from a standardised batch of any length.

        Returns:
            For each output its contexts, (batch, contexts, context dims); and, from models that predict one, the mean
            that the flow models the deviation from, (batch, frames, dims).
        """

    def train(self, mode: bool = True) -> "FlowDancer":
        """As `nn.Module.train`; leaving training folds the flows anew, so that no stale inverse can be stepped."""
        super().train(mode)
        self.folded = None if mode else nn.ModuleList(flow.fold() for flow in self._flows())
        return self

    def window_loss(self, batch: WindowBatch) -> Tensor:
        """Mean negative log-likelihood, nats a dimension; with means, their squared error is added."""
        total = batch.outputs[self.layout.outputs[0].name].new_zeros(())
        contexts, means = self.read(batch)
        for index, (output, context) in enumerate(zip(self.layout.outputs, contexts, strict=True)):
            target = batch.outputs[output.name]
            if self.training:
                target = target + self.config.target_noise * torch.randn_like(target)
            share = output.dims / self.layout.pose_dims
            if means is not None:
                total = total + share * (means[index] - target).pow(2).mean()
                target = target - means[index].detach()
            total = total + share * self._flows()[index].negative_log_likelihood(target, context).mean()
        return total

    def initial_memory(self, batch_size: int) -> Memory:
        """What recurrent couplings remember before the first frame."""
        return tuple(part for flow in self._flows() for part in flow.initial_memory(batch_size))

    def predict(
        self, batch: WindowBatch, noise: Tensor, temperature: Tensor | float, memory: Memory
    ) -> tuple[dict[str, Tensor], Memory]:
        """Draws every output."""
        folded: Any = self.folded if self.folded is not None else [flow.fold() for flow in self._flows()]
        contexts, means = self.read(batch)
        share = len(memory) // len(self.flows)
        outputs: dict[str, Tensor] = {}
        remembered: list[Tensor] = []
        start = 0
        for index, (output, context) in enumerate(zip(self.layout.outputs, contexts, strict=True)):
            base = self._flows()[index].base
            count = output.frames * base.noise_dims
            latent = base.draw(noise[:, start : start + count].unflatten(1, (output.frames, -1)), temperature)
            start += count
            sampler = cast(FoldedWindowFlow, folded[index])
            x, kept = sampler(latent, context, memory[index * share : (index + 1) * share])
            outputs[output.name] = x if means is None else x + means[index]
            remembered.extend(kept)
        return outputs, tuple(remembered)
