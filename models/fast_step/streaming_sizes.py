"""What of a `StreamingTransflower`'s configuration its step depends on, and the shapes of its weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from models.fast_step.sizes import Shapes, linear_shapes, mixing_shapes, read_sizes, transformer_shapes

MODEL_CLASS: Final = "StreamingTransflower"
_NOT_FOR_STEPS: Final = {"dropout", "history_noise", "history_dropout", "style_dropout", "energy_dropout"} | {
    "spectral_dropout",
    "look_ahead_share",
    "target_noise",
}


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """What of a `StreamingTransflower.Config` a step depends on; defaults as there."""

    pose_dims: int
    music_dims: int
    num_styles: int
    dims: int = 256
    num_layers: int = 6
    num_heads: int = 4
    window_frames: int = 120
    flow_steps: int = 8
    flow_hidden_dims: int = 256
    future_frames: int = 30
    future_block_frames: int = 5
    spectral_dims: int = 112
    beat_column: int = 116
    num_seed_poses: int = 8
    reverts_to_mean: bool = False

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> "Sizes | None":
        """The sizes of a header's configuration; None if it is not one that is known here."""
        sizes = read_sizes(cls, config, _NOT_FOR_STEPS)
        if sizes is None:
            return None
        at_least_one = (
            *(sizes.music_dims, sizes.dims, sizes.num_heads, sizes.window_frames, sizes.flow_steps),
            *(sizes.flow_hidden_dims, sizes.future_block_frames, sizes.num_seed_poses),
        )
        makes_sense = (
            min(at_least_one) > 0
            and sizes.pose_dims >= 2
            and min(sizes.num_styles, sizes.num_layers, sizes.future_frames) >= 0
            and sizes.dims % sizes.num_heads == 0
            and sizes.future_frames % sizes.future_block_frames == 0
            and 0 <= sizes.spectral_dims <= sizes.music_dims
            and 0 <= sizes.beat_column < sizes.music_dims - 3
        )
        return sizes if makes_sense else None

    @property
    def num_blocks(self) -> int:
        """Blocks of future music."""
        return self.future_frames // self.future_block_frames

    @property
    def inputs_without_future(self) -> int:
        """Numbers of a token but for the music to come."""
        return 2 * self.pose_dims + 2 + self.music_dims + 1 + 2

    @cached_property
    def shapes(self) -> Shapes:
        """Shapes of the model's tensors by name."""
        d, hidden, pose = self.dims, self.flow_hidden_dims, self.pose_dims
        kept, moved = pose // 2, pose - pose // 2
        linear = {
            "enter_pose": (2 * pose + 2, d),
            "enter_music": (self.music_dims + 1, d),
            "enter_future": (self.num_blocks * (self.music_dims + 1), d),
            "enter_energy": (2, d),
            "enter_rhythm.0": (self.music_dims - self.spectral_dims, d),
            "enter_rhythm.2": (d, d),
            "flow.condition": (d, self.flow_steps * hidden),
        }
        shapes: Shapes = dict.fromkeys(("pose_mean", "pose_std", "change_std"), (pose,))
        shapes |= {"energy_mean_std": (2,), "seed_poses": (self.num_seed_poses, pose)}
        shapes |= {"enter_style.weight": (self.num_styles + 1, d)}
        shapes |= transformer_shapes("transformer", self.num_layers, d, self.num_heads, self.window_frames)
        for step in range(self.flow_steps):
            name = f"flow.steps.{step}"
            shapes |= mixing_shapes(name, pose) | {f"{name}.coupling.enter.weight": (hidden, kept)}
            linear[f"{name}.coupling.hidden"] = (hidden, hidden)
            linear[f"{name}.coupling.leave"] = (hidden, 2 * moved)
        for name, (inputs, outputs) in linear.items():
            shapes |= linear_shapes(name, inputs, outputs)
        return shapes
