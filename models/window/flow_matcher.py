"""FlowMatcher: the multimodal transformer with a flow-matching head, the modern comparison."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from models.networks.coupling_nets import Memory, TransformerNet
from models.networks.modalities import WindowBatch
from models.networks.multimodal_encoder import EncoderSize, MultimodalEncoder
from models.window.window_dancer import WindowConfig, WindowDancer

_TIME_DIMS = 16


class FlowMatcher(WindowDancer):
    """Next poses carried from noise by a learned flow in artificial time, given contexts of the window.

    Paths are straight, ``x_t = (1 - t) noise + t pose`` (Lipman et al., "Flow Matching for Generative Modeling", 2023;
    Liu et al., "Rectified Flow", 2023). The head predicts the pose at a path's end, as diffusion models of motion do
    (Tevet et al., "Human Motion Diffusion Model", 2023, section 3): poses lie near a surface of few dimensions, noise
    does not, and the head need not carry it through its own width. The velocity is what gets there in the time left,
    so the last step ends on a predicted pose. It has no cheap likelihood; its loss is the squared error of that pose.
    """

    @dataclass(frozen=True, kw_only=True)
    class Config(WindowConfig):
        """A `FlowMatcher`.

        Attributes:
            size: Of the encoders.
            head: Of the transformer that predicts the end, `input_layers` being its depth.
            integration_steps: Euler steps of a frame; each evaluates the head once.
        """

        size: EncoderSize = field(default_factory=EncoderSize)
        head: EncoderSize = field(default_factory=EncoderSize)
        integration_steps: int = 8

        def __post_init__(self) -> None:
            super().__post_init__()
            if self.integration_steps < 1:
                raise ValueError(f"integration_steps must be at least 1, not {self.integration_steps}")

    config: Config
    loss_name = "mse"

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

    def _end(self, index: int, x: Tensor, time: Tensor, context: Tensor) -> Tensor:
        """Expected end of the paths that are at x (batch, frames, dims) at time (batch,) in 0..1."""
        turns = torch.arange(_TIME_DIMS // 2, device=x.device, dtype=x.dtype) * (0.5 * math.pi)
        angles = time[:, None] * turns
        told = torch.cat([angles.cos(), angles.sin()], -1)[:, None].expand(-1, x.shape[1], -1)
        end, _ = self.heads[index](torch.cat([x, told], -1), context)
        return end

    def window_loss(self, batch: WindowBatch) -> Tensor:
        """Mean squared error of the pose at a path's end, seen from random times."""
        total = batch.outputs[self.layout.outputs[0].name].new_zeros(())
        for index, context in enumerate(self.encoder(batch.inputs, batch.known)):
            item = self.layout.outputs[index]
            target = batch.outputs[item.name]
            noise = torch.randn_like(target)
            time = torch.rand(len(target), device=target.device, dtype=target.dtype)
            x = torch.lerp(noise, target, time[:, None, None])
            error = (self._end(index, x, time, context) - target).pow(2).mean()
            total = total + error * (item.dims / self.layout.pose_dims)
        return total

    def loss_of_constant_pose(self, mean_squares: Tensor) -> Tensor:
        """It sees the pose through noise: the error of who knows just the pose's distribution around the last one."""
        time = torch.linspace(0, 1, 1001, device=mean_squares.device)[:, None]
        noise = (1 - time) ** 2
        return (mean_squares * noise / (time**2 * mean_squares + noise)).mean()

    def predict(
        self, batch: WindowBatch, noise: Tensor, temperature: Tensor | float, memory: Memory
    ) -> tuple[dict[str, Tensor], Memory]:
        """Every output, integrated from noise."""
        outputs: dict[str, Tensor] = {}
        steps, start = self.config.integration_steps, 0
        for index, context in enumerate(self.encoder(batch.inputs, batch.known)):
            item = self.layout.outputs[index]
            count = item.frames * item.dims
            x = noise[:, start : start + count].unflatten(1, (item.frames, item.dims)) * temperature
            start += count
            for step in range(steps):
                time = x.new_full((len(x),), step / steps)
                x = x + (self._end(index, x, time, context) - x) / (steps - step)
            outputs[item.name] = x
        return outputs, ()
