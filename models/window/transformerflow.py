"""Transformerflow: the multimodal transformer with Flow++'s coupling nets."""

from dataclasses import dataclass

from torch import nn

from models.networks.coupling_nets import GatedNet
from models.networks.modalities import OutputModality
from models.window.transflower import EncodedFlowConfig, EncodedFlowDancer


class Transformerflow(EncodedFlowDancer):
    """As Transflower, with gated convolutions and gated attention in the coupling nets, and mixtures if asked for.

    After the original's ``TransFlowpp`` and Ho et al., "Flow++", 2019.
    """

    @dataclass(frozen=True, kw_only=True)
    class Config(EncodedFlowConfig):
        """A `Transformerflow`; see `EncodedFlowConfig`."""

        def __post_init__(self) -> None:
            super().__post_init__()
            if self.num_contexts:
                raise ValueError(f"num_contexts must be 0 (one a frame) for gated nets, not {self.num_contexts}")

    config: Config

    def __init__(self, config: Config) -> None:  # the annotation tells the command line what to ask for
        super().__init__(config)

    def make_net(self, output: OutputModality, kept_dims: int, out_dims: int) -> nn.Module:
        """Gated convolutions and attention over the predicted frames."""
        return GatedNet(kept_dims, self.config.size.dims, out_dims, output.frames, self.config.coupling)
