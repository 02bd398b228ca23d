"""The sizes of the paper: what its models are, to within a hundredth of their published parameter counts.

Valle-Perez et al., "Transflower", 2021, table 5: poses of 69 numbers and 85 sound features at 20 Hz, six seconds of
both behind the present and one second of sound ahead.
"""

from typing import Final

from models.networks.modalities import InputModality, Layout, OutputModality
from models.networks.multimodal_encoder import EncoderSize
from models.window.moglow import MoGlow
from models.window.transflower import Transflower
from models.window.transformer import Transformer

POSE_DIMS, SOUND_DIMS = 69, 85


def window(past_frames: int, sound_frames: int, output_frames: int) -> Layout:
    """Poses and sound of the past, sound of the future as far as `sound_frames` reach, the next poses as output."""
    return Layout(
        inputs=(
            InputModality(name="pose", dims=POSE_DIMS, frames=past_frames),
            InputModality(name="audio", dims=SOUND_DIMS, frames=sound_frames),
        ),
        outputs=(OutputModality(name="pose", dims=POSE_DIMS, frames=output_frames, offset=past_frames),),
    )


_ENCODER: Final = EncoderSize(dims=800, num_heads=10, input_layers=2, cross_layers=12, mlp_dims=800)
_COUPLING: Final = EncoderSize(dims=512, num_heads=8, input_layers=2, cross_layers=0, mlp_dims=512)


def transflower() -> Transflower.Config:
    """Transflower, 122 357 296 parameters."""
    return Transflower.Config(
        layout=window(120, 140, 3),
        size=_ENCODER,
        coupling=_COUPLING,
        flow_steps=16,
        norm="batchnorm",
        predicts_changes=False,
    )


def moglow() -> MoGlow.Config:
    """MoGlow, 281 933 456 parameters."""
    return MoGlow.Config(
        layout=window(40, 50, 1),
        flow_steps=16,
        lstm_dims=512,
        training_frames=80,
        tells_known=False,
        predicts_changes=False,
    )


def ai_choreographer() -> Transformer.Config:
    """The deterministic transformer (AI Choreographer), 63 670 469 parameters."""
    return Transformer.Config(layout=window(120, 160, 3), size=_ENCODER, predicts_changes=False)
