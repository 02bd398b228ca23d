"""MoGlow: a flow with recurrent couplings, conditioned by the window itself."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.networks.coupling_nets import LstmNet
from models.networks.modalities import OutputModality, WindowBatch
from models.networks.pose_changes import with_changes
from models.window.flow_dancer import FlowConfig, FlowDancer
from models.window.unfolding import unfold


def check_recurrent(config: FlowConfig) -> None:
    """Refuses what a recurrent flow cannot do: it dances frame after frame.

    Raises:
        ValueError: If an output has more than one frame.
    """
    for item in config.layout.outputs:
        if item.frames != 1:
            raise ValueError(f"output {item.name}: a recurrent flow predicts one frame at a time, not {item.frames}")


class MoGlow(FlowDancer):
    """p(next pose | window, all that was before) as a Glow whose couplings are LSTMs; their memory is never reset.

    Source: Henter, Alexanderson, Beskow, "MoGlow", 2020. In training whole frames of the past are hidden at random
    (section 4.4 there), or the flow would learn to repeat them and not to listen.
    """

    @dataclass(frozen=True, kw_only=True)
    class Config(FlowConfig):
        """A `MoGlow`.

        Attributes:
            lstm_dims: Width of the LSTMs.
            lstm_layers: Layers of each.
            history_dropout: Share of the frames of the past that are hidden in training.
        """

        lstm_dims: int = 128
        lstm_layers: int = 2
        history_dropout: float = 0.05

        def __post_init__(self) -> None:
            super().__post_init__()
            check_recurrent(self)

    config: Config

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.embeddings = nn.ModuleDict(
            {
                item.name: nn.Embedding(item.num_tokens + 1, item.dims)
                for item in config.layout.inputs
                if item.kind != "continuous"
            }
        )
        told = int(config.tells_known)
        self._with_changes = {item.name for item in self.layout.fed_back if config.predicts_changes}
        self._condition_dims = sum(
            item.frames * (item.dims * (1 + (item.name in self._with_changes)) + (told if item.kind != "label" else 0))
            for item in config.layout.inputs
        )
        self.add_flows()

    def make_net(self, output: OutputModality, kept_dims: int, out_dims: int) -> nn.Module:
        """An LSTM over the dance."""
        return LstmNet(kept_dims, self._condition_dims, out_dims, self.config.lstm_dims, self.config.lstm_layers)

    def read(self, batch: WindowBatch) -> tuple[list[Tensor], list[Tensor] | None]:
        """For each output the flattened window of every step, (batch, steps, condition dims)."""
        parts = []
        fed_back = {item.name for item in self.layout.fed_back}
        for item in self.layout.inputs:
            x, known = batch.inputs[item.name], batch.known.get(item.name)
            if item.kind != "continuous":
                x = self.embeddings[item.name](x)
            if known is None:
                parts.append(x[:, None])
                continue
            if item.name in fed_back and self.training:
                known = known * (torch.rand_like(known) >= self.config.history_dropout)
                x = x * known[..., None]
            if item.name in self._with_changes:
                x = with_changes(x, known)
            if self.config.tells_known:
                x = torch.cat([x, known[..., None].to(x.dtype)], -1)
            parts.append(unfold(x, item.frames).flatten(2))
        steps = max(part.shape[1] for part in parts)
        condition = torch.cat([part.expand(-1, steps, -1) for part in parts], -1)
        return [condition] * len(self.layout.outputs), None
