"""Transformer: the deterministic baseline, as AI Choreographer's."""

from dataclasses import dataclass, field

from torch import Tensor

from models.networks.coupling_nets import Memory
from models.networks.modalities import WindowBatch
from models.networks.multimodal_encoder import EncoderSize, MultimodalEncoder
from models.window.window_dancer import WindowConfig, WindowDancer


class Transformer(WindowDancer):
    """One encoder a modality, one across them; the first outputs are the next poses. Trained by squared error.

    It has no noise, so it gives one dance for one song, and regresses to the mean of what may follow. After Li et al.,
    "AI Choreographer", 2021.
    """

    @dataclass(frozen=True, kw_only=True)
    class Config(WindowConfig):
        """A `Transformer`.

        Attributes:
            size: Of the encoders.
        """

        size: EncoderSize = field(default_factory=EncoderSize)

    config: Config
    loss_name = "mse"

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.noise_dims = 0
        outputs = config.layout.outputs
        self.encoder = MultimodalEncoder(
            config.layout,
            config.size,
            [item.frames for item in outputs],
            [item.dims for item in outputs],
            tells_known=config.tells_known,
            tells_changes=config.predicts_changes,
        )

    def _predicted(self, batch: WindowBatch) -> dict[str, Tensor]:
        predicted = self.encoder(batch.inputs, batch.known)
        return {item.name: frames for item, frames in zip(self.layout.outputs, predicted, strict=True)}

    def window_loss(self, batch: WindowBatch) -> Tensor:
        """Mean squared error in standard deviations, over all outputs' dimensions."""
        errors = [
            (frames - batch.outputs[name]).pow(2).mean() * (self.layout.output(name).dims / self.layout.pose_dims)
            for name, frames in self._predicted(batch).items()
        ]
        return sum(errors[1:], errors[0])

    def predict(
        self, batch: WindowBatch, noise: Tensor, temperature: Tensor | float, memory: Memory
    ) -> tuple[dict[str, Tensor], Memory]:
        """The next poses; noise and temperature are without effect."""
        return self._predicted(batch), ()
