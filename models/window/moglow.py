"""MoGlow: a flow with recurrent couplings, conditioned by the window itself."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from models.networks.coupling_nets import LstmNet
from models.networks.modalities import OutputModality, WindowBatch
from models.window.flat_window import embeddings, flat_dims, flat_window
from models.window.flow_dancer import FlowConfig, FlowDancer
from models.window.window_dancer import WindowConfig


def check_one_frame(config: WindowConfig, what: str) -> None:
    """Refuses outputs of several frames, for what dances frame after frame.

    Raises:
        ValueError: If an output has more than one frame.
    """
    for item in config.layout.outputs:
        if item.frames != 1:
            raise ValueError(f"output {item.name}: {what} one frame at a time, not {item.frames}")


def check_recurrent(config: FlowConfig) -> None:
    """Refuses what a recurrent flow cannot do; see `check_one_frame`."""
    check_one_frame(config, "a recurrent flow predicts")


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
        self.embeddings = embeddings(config.layout)
        self._condition_dims = sum(flat_dims(config).values())
        self.add_flows()

    def make_net(self, output: OutputModality, kept_dims: int, out_dims: int) -> nn.Module:
        """An LSTM over the dance."""
        return LstmNet(kept_dims, self._condition_dims, out_dims, self.config.lstm_dims, self.config.lstm_layers)

    def read(self, batch: WindowBatch) -> tuple[list[Tensor], list[Tensor] | None]:
        """For each output the flattened window of every step, (batch, steps, condition dims)."""
        if self.training:
            batch = self._with_hidden_past(batch)
        return [flat_window(batch, self.embeddings, self.config)] * len(self.layout.outputs), None

    def _with_hidden_past(self, batch: WindowBatch) -> WindowBatch:
        """The batch without some frames of the past."""
        inputs, known = dict(batch.inputs), dict(batch.known)
        for item in self.layout.fed_back:
            shown = torch.rand_like(known[item.name]) >= self.config.history_dropout
            known[item.name] = known[item.name] * shown
            inputs[item.name] = inputs[item.name] * known[item.name][..., None]
        return replace(batch, inputs=inputs, known=known)
