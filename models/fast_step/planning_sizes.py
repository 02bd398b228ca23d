"""What of a `PlanningTransflower`'s configuration its step depends on, and the shapes of its weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from models.fast_step.sizes import Shapes, linear_shapes, mixing_shapes, read_sizes, transformer_shapes

MODEL_CLASS: Final = "PlanningTransflower"
PLACE_DIMS: Final = 12
"""Numbers that tell the place in a phrase."""
KEYS_A_BEAT: Final = 2
"""Key poses of a phrase a beat."""
_FEWEST_DEGREES: Final = 3
_TILT_END: Final = 10
_NOT_FOR_STEPS: Final = {"dropout", "history_noise", "history_dropout", "style_dropout", "energy_dropout"} | {
    "phrase_dropout",
    "plan_dropout",
    "spectral_dropout",
    "look_ahead_share",
    "target_noise",
}


@dataclass(frozen=True, kw_only=True)
class PlanningSizes:
    """What of a `models.streaming.planning_config.PlanningConfig` a step depends on; defaults as there."""

    pose_dims: int
    moving_dims: int
    music_dims: int
    num_styles: int
    num_phrases: int
    num_groups: int
    most_beats: int = 16
    lags: int = 2
    dims: int = 256
    num_layers: int = 6
    num_heads: int = 4
    window_frames: int = 120
    told_dims: int = 128
    plan_dims: int = 48
    flow_steps: int = 8
    flow_hidden_dims: int = 256
    flow_scale_dims: int = 64
    degrees: float = 0.0
    plants_feet: bool = True
    step_noise_level: float = 0.2
    volatility_kept: float = 0.3
    future_frames: int = 30
    future_block_frames: int = 5
    spectral_dims: int = 112
    beat_column: int = 116
    num_seed_poses: int = 8

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> "PlanningSizes | None":
        """The sizes of a header's configuration; None if it is not one that is known here."""
        sizes = read_sizes(cls, config, _NOT_FOR_STEPS)
        if sizes is None:
            return None
        at_least_one = (
            *(sizes.music_dims, sizes.num_phrases, sizes.most_beats, sizes.lags, sizes.dims, sizes.num_heads),
            *(sizes.window_frames, sizes.told_dims, sizes.plan_dims, sizes.flow_steps, sizes.flow_hidden_dims),
            *(sizes.flow_scale_dims, sizes.future_block_frames, sizes.num_seed_poses),
        )
        makes_sense = (
            min(at_least_one) > 0
            and 2 <= sizes.moving_dims <= sizes.pose_dims
            and sizes.pose_dims >= _TILT_END
            and min(sizes.num_styles, sizes.num_groups, sizes.num_layers, sizes.future_frames) >= 0
            and sizes.dims % sizes.num_heads == 0
            and sizes.future_frames % sizes.future_block_frames == 0
            and 0 <= sizes.spectral_dims <= sizes.music_dims
            and 0 <= sizes.beat_column < sizes.music_dims - 3
            and (sizes.degrees == 0 or sizes.degrees >= _FEWEST_DEGREES)
        )
        return sizes if makes_sense else None

    @property
    def num_blocks(self) -> int:
        """Blocks of future music."""
        return self.future_frames // self.future_block_frames

    @property
    def key_dims(self) -> int:
        """Numbers that tell the next two key poses."""
        return 2 * self.moving_dims + 2

    @property
    def tell_dims(self) -> int:
        """Numbers from which the condition of every layer is made."""
        return 3 * self.plan_dims + PLACE_DIMS + self.music_dims - self.spectral_dims + 3

    @property
    def token_dims(self) -> int:
        """Numbers of a token but for the music to come."""
        return self.told_dims + self.key_dims + 3 * self.moving_dims + 2 + self.music_dims + 1

    @property
    def latent_dims(self) -> int:
        """Numbers of noise that the flow's latent is drawn from."""
        return self.moving_dims + (1 if self.degrees else 0)

    @cached_property
    def shapes(self) -> Shapes:
        """Shapes of the model's tensors by name."""
        d, condition_dims, moving, plan = self.dims, self.told_dims, self.moving_dims, self.plan_dims
        kept = moving // 2
        linear = {
            "enter_pose": (3 * moving + 2, d),
            "heard.enter_music": (self.music_dims + 1, d),
            "heard.enter_future": (self.num_blocks * (self.music_dims + 1), d),
            "tell.0": (self.tell_dims, 2 * condition_dims),
            "tell.2": (2 * condition_dims, condition_dims),
            "enter_told": (condition_dims, d),
            "enter_keys": (self.key_dims, d),
            "keys_to_context.0": (self.key_dims, d),
            "keys_to_context.2": (d, d),
            "transformer.modulate": (condition_dims, 2 * d * (self.num_layers + 1)),
            "flow.condition": (d + condition_dims, self.flow_steps * self.flow_hidden_dims),
            "flow.scale_condition": (condition_dims, self.flow_steps * self.flow_scale_dims),
        }
        shapes: Shapes = dict.fromkeys(
            ("moving", "pose_mean", "pose_std", "change_std", "prediction_bias", "innovation_std"), (moving,)
        )
        phrases = self.num_phrases + 1
        shapes |= {f"planner.{name}": (phrases,) for name in ("group", "beats", "style", "energy", "mirror")}
        shapes |= {
            "planner.keys": (phrases, self.most_beats * KEYS_A_BEAT + 1, moving),
            "footing.offsets": (2, 3, 3),
            "footing.columns": (24,),
            "footing.standing_m": (),
            "still_pose": (self.pose_dims,),
            "prediction_weights": (moving, (self.lags + 1) * moving),
            "usual_volatility": (),
            "energy_mean_std": (2,),
            "seed_poses": (self.num_seed_poses, moving),
            "style_embedding.weight": (self.num_styles + 1, plan),
            "phrase_embedding.weight": (phrases, plan),
            "group_embedding.weight": (self.num_groups + 1, plan),
        }
        shapes |= transformer_shapes("transformer.causal", self.num_layers, d, self.num_heads, self.window_frames)
        for step in range(self.flow_steps):
            name = f"flow.steps.{step}"
            coupling = f"{name}.coupling"
            shapes |= mixing_shapes(name, moving)
            shapes |= {f"{coupling}.enter.weight": (self.flow_hidden_dims, kept)}
            shapes |= {f"{coupling}.enter_scale.weight": (self.flow_scale_dims, kept)}
            linear[f"{coupling}.hidden"] = (self.flow_hidden_dims, self.flow_hidden_dims)
            linear[f"{coupling}.leave"] = (self.flow_hidden_dims, moving - kept)
            linear[f"{coupling}.leave_scale"] = (self.flow_scale_dims, moving - kept)
        for name, (inputs, outputs) in linear.items():
            shapes |= linear_shapes(name, inputs, outputs)
        return shapes
