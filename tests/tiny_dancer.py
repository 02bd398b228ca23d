"""A real checkpoint of a tiny dancer with random weights: it moves, it answers to everything, it loads in no time."""

from pathlib import Path

import torch

from data.audio_features import AudioFeatures
from data.humanoid import default_skeleton
from data.idle import IdleMotion
from data.pose_codec import PoseCodec
from models import checkpoint
from models.streaming_transflower import StreamingTransflower

STYLES = ("HO", "LO")
LOOK_AHEAD_FRAMES = 6


def write_tiny_dancer(path: Path, *, seed: int = 0) -> Path:
    """Writes the checkpoint and returns its path."""
    skeleton = default_skeleton()
    codec = PoseCodec(skeleton, 30)
    features = AudioFeatures()
    idle = torch.from_numpy(codec.encode(IdleMotion(skeleton, 30).motion(90, seed=0)))
    torch.manual_seed(seed)
    model = StreamingTransflower(
        StreamingTransflower.Config(
            pose_dims=codec.dims,
            music_dims=features.dims,
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
    with torch.no_grad():  # away from the initial zeros, so that music, style and energy matter
        for parameter in model.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    model.set_statistics(
        pose_mean=idle.mean(0),
        pose_std=torch.full((codec.dims,), 0.1),
        change_std=torch.full((codec.dims,), 0.1),
        energy_mean=0.6,
        energy_std=0.2,
    )
    model.set_seed_poses(idle[[0, 60]])
    metadata = {
        "frame_rate_hz": 30,
        "skeleton": skeleton.to_dict(),
        "pose_codec": codec.to_dict(),
        "audio_fingerprint": features.fingerprint,
        "styles": list(STYLES),
        "energy": {"mean": 0.6, "std": 0.2},
        "look_ahead_frames": LOOK_AHEAD_FRAMES,
        "seed_poses": ["standing", "standing later"],
        "provenance": "random weights",
        "licence": "MIT",
        "attribution": "nobody",
    }
    checkpoint.save(path, model.eval(), metadata)
    return path
