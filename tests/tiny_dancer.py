"""Real checkpoints of tiny dancers with random weights: they move, answer to everything, load in no time."""

from pathlib import Path
from typing import Any

import numpy as np
import torch

from data.dataset.prepared_reader import PreparedSequence
from data.motion.humanoid import default_skeleton
from data.motion.idle import IdleMotion
from data.motion.pose_codec import PoseCodec
from data.sound.audio_features import AudioFeatures
from models.files import checkpoint
from models.step.config_dict import config_from_dict
from models.step.dancer import Dancer
from models.streaming.planning_config import PlanningConfig
from models.streaming.planning_transflower import PlanningTransflower
from models.streaming.streaming_transflower import StreamingTransflower
from training.data_modules.phrase_statistics import fit_footing

STYLES = ("HO", "LO")
LOOK_AHEAD_FRAMES = 6
POSE_DIMS, MUSIC_DIMS = PoseCodec(default_skeleton(), 30).dims, AudioFeatures().dims
SIZE = {"dims": 16, "num_heads": 2, "input_layers": 1, "cross_layers": 1, "mlp_dims": 16}
FLOW = {"flow_steps": 1, "coupling": SIZE, "size": SIZE}
FAMILY: dict[str, dict[str, Any]] = {
    "Transformer": {"size": SIZE},
    "Transflower": FLOW,
    "Transformerflow": FLOW,
    "Transglower": {**FLOW, "flow_steps": 2, "lstm_dims": 16},
    "MoGlow": {"flow_steps": 2, "lstm_dims": 16},
    "FlowMatcher": {"size": SIZE, "head": SIZE, "integration_steps": 2},
    "ResidualFlower": {"mean_options": {"size": SIZE}, "residual_options": FLOW},
    "VQDancer": {
        **{"training_frames": 16, "bar_frames": 16, "bar_beats": 1, "beat_column": 116, "num_codes": 8, "code_dims": 4},
        # Shaken weights that read changes of poses make a dancer so sensitive that a last bit is another dance.
        **{"dims": 16, "num_heads": 2, "code_layers": 1, "frame_layers": 1, "predicts_changes": False},
    },
}
"""Options of a tiny model of each class of the family but the streaming one."""


def write_tiny_dancer(path: Path, *, seed: int = 0) -> Path:
    """Writes the checkpoint of a streaming dancer and returns its path."""
    torch.manual_seed(seed)
    model = StreamingTransflower(
        StreamingTransflower.Config(
            pose_dims=POSE_DIMS,
            music_dims=MUSIC_DIMS,
            num_styles=len(STYLES),
            dims=16,
            num_layers=1,
            num_heads=2,
            window_frames=8,
            flow_steps=2,
            flow_hidden_dims=16,
            future_frames=LOOK_AHEAD_FRAMES,
            future_block_frames=2,
            num_seed_poses=2,
        )
    )
    _shake(model)
    idle = _idle_poses()
    model.set_statistics(
        pose_mean=idle.mean(0),
        pose_std=torch.full((POSE_DIMS,), 0.1),
        change_std=torch.full((POSE_DIMS,), 0.1),
        energy_mean=0.6,
        energy_std=0.2,
    )
    model.set_seed_poses(idle[[0, 60]])
    return _save(path, model)


def write_tiny_planning_dancer(path: Path, *, seed: int = 0, half: bool = False, **changes: Any) -> Path:
    """Writes the checkpoint of a dancer with a plan, three phrases of two styles, and returns its path."""
    torch.manual_seed(seed)
    sizes: dict[str, Any] = {
        **{"pose_dims": POSE_DIMS, "moving_dims": 50, "music_dims": MUSIC_DIMS, "num_styles": len(STYLES)},
        **{"num_phrases": 3, "num_groups": 2, "most_beats": 8, "dims": 16, "num_layers": 1, "num_heads": 2},
        **{"window_frames": 8, "told_dims": 12, "plan_dims": 4, "flow_steps": 2, "flow_hidden_dims": 16},
        **{"flow_scale_dims": 8, "future_frames": LOOK_AHEAD_FRAMES, "future_block_frames": 2, "num_seed_poses": 2},
    }
    model = PlanningTransflower(PlanningConfig(**{**sizes, **changes}))
    moving, planner, footing = model.config.moving_dims, model.planner, model.footing
    _shake(model)
    idle = _idle_poses()
    codec = PoseCodec(default_skeleton(), 30)
    with torch.no_grad():
        model.still_pose.copy_(idle[0])
        model.moving.copy_(torch.arange(moving) * 2 % POSE_DIMS if 2 * moving <= POSE_DIMS else torch.arange(moving))
        model.pose_mean.copy_(idle.mean(0)[model.moving])
        model.pose_std.copy_(0.02 + 0.05 * torch.rand(moving))
        model.pose_std[torch.isin(model.moving, torch.tensor([0, 1, 3]))] = 0.7  # m/s and rad/s
        model.change_std.copy_(0.1 + 0.1 * torch.rand(moving))
        model.innovation_std.copy_(0.4 + 0.2 * torch.rand(moving))
        model.prediction_weights.copy_(0.02 * torch.randn(model.prediction_weights.shape))
        model.prediction_weights[:, :moving] += 0.5 * torch.eye(moving)
        model.prediction_bias.copy_(0.01 * torch.randn(moving))
        model.usual_volatility.fill_(-0.1)
        model.energy_mean_std.copy_(torch.tensor([0.6, 0.2]))
        model.seed_poses.copy_(0.1 * torch.randn(2, moving))
        phrases = model.config.num_phrases
        planner.beats[:phrases] = float(model.config.most_beats // 2)
        planner.style[:phrases] = torch.arange(phrases) % len(STYLES)
        planner.group[:phrases] = torch.arange(phrases) % 2
        planner.energy[:phrases] = 0.4 + 0.3 * torch.rand(phrases)
        planner.mirror[:2] = torch.tensor([1, 0])
        planner.keys[:phrases] = 0.3 * torch.randn(phrases, planner.keys.shape[1], moving)
    rows = PreparedSequence("standing", idle.numpy(), np.zeros((90, 8)), 0, np.zeros(90), np.ones(90))
    fit_footing(footing, codec, [rows])
    return _save(path, model, half=half)


def write_tiny_window_dancer(path: Path, name: str, *, seed: int = 0) -> Path:
    """Writes the checkpoint of a window model of `FAMILY` and returns its path."""
    torch.manual_seed(seed)
    past = 10
    layout = {
        "inputs": [
            {"name": "pose", "dims": POSE_DIMS, "frames": past},
            {"name": "audio", "dims": MUSIC_DIMS, "frames": past + 1 + LOOK_AHEAD_FRAMES},
            {"name": "style", "dims": 4, "kind": "label", "num_tokens": len(STYLES)},
        ],
        "outputs": [{"name": "pose", "dims": POSE_DIMS, "frames": 1, "offset": past}],
    }
    kind = checkpoint.MODEL_CLASSES[name]
    model = kind(config_from_dict(kind.Config, {"layout": layout, "num_seed_poses": 2, **FAMILY[name]}))
    _shake(model)
    idle = _idle_poses()
    model.set_statistics(
        pose_mean=idle.mean(0),
        pose_std=torch.full((POSE_DIMS,), 0.02),
        music_mean=torch.zeros(MUSIC_DIMS),
        music_std=torch.ones(MUSIC_DIMS),
    )
    model.set_seed_poses(idle[[0, 60]])
    return _save(path, model)


def _idle_poses() -> torch.Tensor:
    skeleton = default_skeleton()
    return torch.from_numpy(PoseCodec(skeleton, 30).encode(IdleMotion(skeleton, 30).motion(90, seed=0)))


def _shake(model: Dancer) -> None:
    """Moves weights away from the initial zeros, so that music, style and energy matter."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))


def _save(path: Path, model: Dancer, *, half: bool = False) -> Path:
    skeleton = default_skeleton()
    metadata = {
        "frame_rate_hz": 30,
        "skeleton": skeleton.to_dict(),
        "pose_codec": PoseCodec(skeleton, 30).to_dict(),
        "audio_fingerprint": AudioFeatures().fingerprint,
        "styles": list(STYLES),
        "energy": {"mean": 0.6, "std": 0.2},
        "look_ahead_frames": LOOK_AHEAD_FRAMES,
        "seed_poses": ["standing", "standing later"],
        "provenance": "random weights",
        "licence": "MIT",
        "attribution": "nobody",
    }
    checkpoint.save(path, model.eval(), metadata, half=half)
    return path
