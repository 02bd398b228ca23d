"""Transflower: a multimodal transformer that conditions a flow over the next poses."""

from dataclasses import dataclass, field

from torch import Tensor, nn

from models.networks.coupling_nets import TransformerNet
from models.networks.modalities import OutputModality, WindowBatch
from models.networks.multimodal_encoder import EncoderSize, MultimodalEncoder
from models.window.flow_dancer import FlowConfig, FlowDancer


@dataclass(frozen=True, kw_only=True)
class EncodedFlowConfig(FlowConfig):
    """A flow conditioned by a multimodal encoder.

    Attributes:
        size: Of the encoders.
        coupling: Size of the coupling nets, `input_layers` being their depth.
        num_contexts: Contexts of each output; 0 makes one a predicted frame.
        residual: Whether a linear read-out of further contexts predicts a mean, from which the flow models the
            deviation.
    """

    size: EncoderSize = field(default_factory=EncoderSize)
    coupling: EncoderSize = field(default_factory=EncoderSize)
    num_contexts: int = 0
    residual: bool = False


class EncodedFlowDancer(FlowDancer):
    """A flow over the next poses, given contexts that a multimodal encoder reads from the window."""

    config: EncodedFlowConfig

    def __init__(self, config: EncodedFlowConfig) -> None:
        super().__init__(config)
        outputs = config.layout.outputs
        self._num_contexts = [config.num_contexts or item.frames for item in outputs]
        dims = config.size.dims
        counts = [
            count + item.frames * config.residual for count, item in zip(self._num_contexts, outputs, strict=True)
        ]
        self.encoder = MultimodalEncoder(
            config.layout,
            config.size,
            counts,
            [dims] * len(outputs),
            tells_known=config.tells_known,
            tells_changes=config.predicts_changes,
        )
        self.mean_heads = nn.ModuleList(nn.Linear(dims, item.dims) for item in outputs if config.residual)
        self.add_flows()

    def read(self, batch: WindowBatch) -> tuple[list[Tensor], list[Tensor] | None]:
        """For each output its contexts, and its mean if the model has one."""
        read = self.encoder(batch.inputs, batch.known)
        contexts = [part[:, :count] for part, count in zip(read, self._num_contexts, strict=True)]
        if not self.config.residual:
            return contexts, None
        rest = [part[:, count:] for part, count in zip(read, self._num_contexts, strict=True)]
        return contexts, [head(part) for head, part in zip(self.mean_heads, rest, strict=True)]


class Transflower(EncodedFlowDancer):
    """p(next N poses | window): encoders a modality, one across them, and a flow whose coupling nets are transformers.

    After Valle-Perez et al., "Transflower", 2021, with what the paper says and the original code lacks: relative
    positions in all three kinds of transformer, a look-ahead that may be cut, a window that may begin empty.
    """

    @dataclass(frozen=True, kw_only=True)
    class Config(EncodedFlowConfig):
        """A `Transflower`; see `EncodedFlowConfig`."""

    config: Config

    def __init__(self, config: Config) -> None:  # the annotation tells the command line what to ask for
        super().__init__(config)

    def make_net(self, output: OutputModality, kept_dims: int, out_dims: int) -> nn.Module:
        """A transformer over the predicted frames."""
        config = self.config
        count = config.num_contexts or output.frames
        return TransformerNet(kept_dims, config.size.dims, out_dims, output.frames, count, config.coupling)
