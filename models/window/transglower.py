"""Transglower: the multimodal transformer conditions MoGlow's recurrent flow."""

from dataclasses import dataclass

from torch import Tensor, nn

from models.networks.coupling_nets import LstmNet
from models.networks.modalities import OutputModality, WindowBatch
from models.window.moglow import check_recurrent
from models.window.transflower import EncodedFlowConfig, EncodedFlowDancer
from models.window.unfolding import single_steps


class Transglower(EncodedFlowDancer):
    """p(next pose | window, all that was before): one context a step, read by the encoders, and LSTM couplings.

    Its training windows hold many steps in a row; every step's window is encoded by itself, all in one batch.
    """

    @dataclass(frozen=True, kw_only=True)
    class Config(EncodedFlowConfig):
        """A `Transglower`.

        Attributes:
            lstm_dims: Width of the LSTMs.
            lstm_layers: Layers of each.
        """

        lstm_dims: int = 128
        lstm_layers: int = 2

        def __post_init__(self) -> None:
            super().__post_init__()
            check_recurrent(self)
            if self.num_contexts not in (0, 1):
                raise ValueError(f"num_contexts must be 0 or 1 for a recurrent flow, not {self.num_contexts}")

    config: Config

    def __init__(self, config: Config) -> None:  # the annotation tells the command line what to ask for
        super().__init__(config)

    def make_net(self, output: OutputModality, kept_dims: int, out_dims: int) -> nn.Module:
        """An LSTM over the dance."""
        return LstmNet(kept_dims, self.config.size.dims, out_dims, self.config.lstm_dims, self.config.lstm_layers)

    def read(self, batch: WindowBatch) -> tuple[list[Tensor], list[Tensor] | None]:
        """For each output one context a step, and the mean of every step if the model has one."""
        windows, steps = single_steps(batch, self.layout)
        contexts, means = super().read(windows)
        in_rows = [part.reshape(-1, steps, part.shape[-1]) for part in contexts]
        return in_rows, None if means is None else [part.reshape(-1, steps, part.shape[-1]) for part in means]
