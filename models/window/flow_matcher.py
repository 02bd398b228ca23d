"""FlowMatcher: the multimodal transformer with a flow-matching head, the modern comparison."""

import math
from dataclasses import dataclass, field
from typing import Final

import torch
from torch import Tensor, nn

from models.flows.continuous_flow import End, carried, foreseen_end, log_density, on_path
from models.networks.coupling_nets import Memory, TransformerNet
from models.networks.modalities import WindowBatch
from models.networks.multimodal_encoder import EncoderSize, MultimodalEncoder
from models.window.window_dancer import WindowConfig, WindowDancer

_TIME_DIMS: Final = 16


class FlowMatcher(WindowDancer):
    """Next poses carried from noise by a learned flow in artificial time, given contexts of the window.

    Paths are straight (`models.flows.continuous_flow`). The head predicts the pose at a path's end, as diffusion models
    of motion do (Tevet et al., "Human Motion Diffusion Model", 2023, section 3): poses lie near a surface of few
    dimensions, noise does not, and the head need not carry it through its own width. The velocity is what gets there in
    the time left.

    It is trained by the squared error of that pose, and judged by its likelihood, which follows from the differential
    equation: that of the flow itself, of which a step's few Euler steps are an approximation.
    """

    @dataclass(frozen=True, kw_only=True)
    class Config(WindowConfig):
        """A `FlowMatcher`.

        Attributes:
            size: Of the encoders.
            head: Of the transformer that predicts the end, `input_layers` being its depth.
            integration_steps: Euler steps of a frame; each evaluates the head once.
            target_noise: Noise that a path ends with, in standard deviations of what is predicted: it keeps the density
                finite where a dimension is constant or redundant, as that of the other flows does.
            preconditioned: Whether the head says how the end differs from what it would be if everything were standard
                normal, in its deviation there, and is trained on that at all times alike (Karras et al., "Elucidating
                the Design Space of Diffusion-Based Generative Models", 2022, table 1). It decides the likelihood: near
                the end a head that writes the end itself must copy x to the last hundredth. False as in older files.
        """

        size: EncoderSize = field(default_factory=EncoderSize)
        head: EncoderSize = field(default_factory=EncoderSize)
        integration_steps: int = 8
        target_noise: float = 0.02
        preconditioned: bool = False

        def __post_init__(self) -> None:
            super().__post_init__()
            if self.integration_steps < 1:
                raise ValueError(f"integration_steps must be at least 1, not {self.integration_steps}")
            if not 0 < self.target_noise < 1:
                raise ValueError(f"target_noise must lie between 0 and 1, not {self.target_noise}")

    config: Config
    training_loss_name = "mse"

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        outputs, dims = config.layout.outputs, config.size.dims
        self.encoder = MultimodalEncoder(
            config.layout,
            config.size,
            [item.frames for item in outputs],
            [dims] * len(outputs),
            tells_known=config.tells_known,
            tells_changes=config.predicts_changes,
        )
        self.heads = nn.ModuleList(
            TransformerNet(item.dims + _TIME_DIMS, dims, item.dims, item.frames, item.frames, config.head)
            for item in outputs
        )
        self.noise_dims = sum(item.frames * item.dims for item in outputs)

    def _end(self, index: int, x: Tensor, time: Tensor, context: Tensor) -> tuple[Tensor, Tensor]:
        """Expected end of the paths that are at x (batch, frames, dims) at time (batch,) in 0..1.

        Returns:
            It, and the scale of what the head knows of it, (batch, 1, 1): 1 if it writes all of it.
        """
        turns = torch.arange(_TIME_DIMS // 2, device=x.device, dtype=x.dtype) * (0.5 * math.pi)
        foreseen, scale = torch.zeros_like(x), torch.ones_like(time)[:, None, None]
        network_time = time
        if self.config.preconditioned:
            foreseen, scale, x = foreseen_end(x, time, self.config.target_noise)
            network_time = scale[:, 0, 0].log() / math.log(self.config.target_noise)  # even steps of it are even in u
        angles = network_time[:, None] * turns
        time_features = torch.cat([angles.cos(), angles.sin()], -1)[:, None].expand(-1, x.shape[1], -1)
        said, _ = self.heads[index](torch.cat([x, time_features], -1), context)
        return foreseen + scale * said, scale

    def _ends(self, index: int, context: Tensor) -> End:
        """The expected ends of the paths to an output."""
        return lambda x, time: self._end(index, x, time, context)[0]

    def window_loss(self, batch: WindowBatch) -> Tensor:
        """Mean squared error of the pose at a path's end, seen from random times, in the head's scale there."""
        total = batch.outputs[self.layout.outputs[0].name].new_zeros(())
        for index, context in enumerate(self.encoder(batch.inputs, batch.known)):
            item = self.layout.outputs[index]
            target = batch.outputs[item.name]
            noise = torch.randn_like(target)
            time = torch.rand(len(target), device=target.device, dtype=target.dtype)
            end, scale = self._end(index, on_path(noise, target, time, self.config.target_noise), time, context)
            total = total + ((end - target) / scale).pow(2).mean() * (item.dims / self.layout.pose_dims)
        return total

    def judged_loss(self, batch: WindowBatch) -> Tensor:
        """Mean negative log-likelihood, nats a dimension; its trace is estimated where there are many of them."""
        total = batch.outputs[self.layout.outputs[0].name].new_zeros(())
        for index, context in enumerate(self.encoder(batch.inputs, batch.known)):
            target = batch.outputs[self.layout.outputs[index].name]
            with torch.inference_mode(False):
                context = context.clone()  # so that it may stand in a graph
            logs, _ = log_density(self._ends(index, context), target, self.config.target_noise)
            total = total - logs.mean() / (target.shape[1] * self.layout.pose_dims)
        return total

    def predict(
        self, batch: WindowBatch, noise: Tensor, temperature: Tensor | float, memory: Memory
    ) -> tuple[dict[str, Tensor], Memory]:
        """Every output, integrated from noise."""
        outputs: dict[str, Tensor] = {}
        start = 0
        for index, context in enumerate(self.encoder(batch.inputs, batch.known)):
            item = self.layout.outputs[index]
            count = item.frames * item.dims
            drawn = noise[:, start : start + count].unflatten(1, (item.frames, item.dims)) * temperature
            start += count
            config = self.config
            ends = self._ends(index, context)
            outputs[item.name] = carried(ends, drawn, config.target_noise, config.integration_steps)
        return outputs, ()
