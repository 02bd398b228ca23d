"""ResidualFlower: one model of the family says what comes on the whole, another how it deviates."""

from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor

from models.networks.coupling_nets import Memory
from models.networks.modalities import WindowBatch
from models.step.config_dict import config_from_dict
from models.window.members import MEMBERS
from models.window.unfolding import single_steps
from models.window.window_dancer import WindowConfig, WindowDancer


class ResidualFlower(WindowDancer):
    """Poses as the sum of a mean, which one model predicts without noise, and a deviation, which another draws.

    The mean is trained by its own loss alone; the deviation is trained on what the mean leaves.
    """

    @dataclass(frozen=True, kw_only=True)
    class Config(WindowConfig):
        """A `ResidualFlower`.

        Attributes:
            mean: Name of the class of the mean, of `MEMBERS`.
            residual: Name of the class of the deviation.
            mean_options: Further options of the mean's Config, plain values; the layout and the other options here are
                common to both.
            residual_options: Further options of the deviation's Config.
            mean_weight: Weight of the mean's loss.
        """

        mean: str = "Transformer"
        residual: str = "Transflower"
        mean_options: dict[str, Any] = field(default_factory=dict)
        residual_options: dict[str, Any] = field(default_factory=dict)
        mean_weight: float = 1.0

        def __post_init__(self) -> None:
            super().__post_init__()
            for name in (self.mean, self.residual):
                if name not in MEMBERS:
                    raise ValueError(f"mean and residual are models of {sorted(MEMBERS)}, not {name!r}")

    config: Config

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        common = {
            "layout": config.layout,
            "num_seed_poses": 1,
            "tells_known": config.tells_known,
            "predicts_changes": config.predicts_changes,
        }
        mean_class, residual_class = MEMBERS[config.mean], MEMBERS[config.residual]
        self.mean = mean_class(config_from_dict(mean_class.Config, {**config.mean_options, **common}))
        in_a_row = {"training_frames": config.training_frames}
        self.residual = residual_class(
            config_from_dict(residual_class.Config, {**config.residual_options, **common, **in_a_row})
        )
        if self.mean.initial_memory(1):
            raise ValueError(f"a mean has no memory, so {config.mean} cannot be one; it can be the residual")
        self.noise_dims = self.residual.noise_dims
        self.loss_name, self.training_loss_name = self.residual.loss_name, self.residual.training_loss_name

    def _means(self, batch: WindowBatch) -> dict[str, Tensor]:
        """The mean of every output, (batch, frames, dims), of a window of one step or, frame by frame, of many."""
        windows, steps = single_steps(replace(batch, outputs={}), self.layout)
        some = next(iter(windows.inputs.values()))
        noise = torch.zeros(len(some), self.mean.noise_dims, device=self.pose_mean.device, dtype=self.pose_mean.dtype)
        means, _ = self.mean.predict(windows, noise, 0.0, ())
        if steps == 1:
            return means
        return {name: frames[:, 0].unflatten(0, (-1, steps)) for name, frames in means.items()}

    def window_loss(self, batch: WindowBatch) -> Tensor:
        """The deviation's loss and `mean_weight` times the mean's."""
        windows, _ = single_steps(batch, self.layout)
        deviation = self.residual.window_loss(self._deviation(batch))
        return deviation + self.config.mean_weight * self.mean.window_loss(windows)

    def judged_loss(self, batch: WindowBatch) -> Tensor:
        """The deviation's alone, which is that of the pose: a mean moves a density and does not stretch it."""
        return self.residual.judged_loss(self._deviation(batch))

    def loss_of_constant_pose(self, mean_squares: Tensor) -> Tensor:
        """As the deviation's model has it."""
        return self.residual.loss_of_constant_pose(mean_squares)

    def _deviation(self, batch: WindowBatch) -> WindowBatch:
        """The batch whose outputs are what the mean leaves."""
        with torch.no_grad():
            means = self._means(batch)
        left = {name: frames - means[name] for name, frames in batch.outputs.items()}
        return replace(batch, outputs=left)

    def initial_memory(self, batch_size: int) -> Memory:
        """That of the deviation's model."""
        return self.residual.initial_memory(batch_size)

    def predict(
        self, batch: WindowBatch, noise: Tensor, temperature: Tensor | float, memory: Memory
    ) -> tuple[dict[str, Tensor], Memory]:
        """Mean and deviation together."""
        means = self._means(batch)
        deviations, memory = self.residual.predict(batch, noise, temperature, memory)
        return {name: means[name] + deviation for name, deviation in deviations.items()}, memory
