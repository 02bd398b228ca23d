"""The metadata of a checkpoint, from the data it was trained on."""

from __future__ import annotations

from typing import Any

from models.streaming_transflower import StreamingTransflower
from training.data_module import DanceDataModule


def checkpoint_metadata(
    data: DanceDataModule, dancer: StreamingTransflower, *, provenance: str, licence: str, attribution: str
) -> dict[str, Any]:
    """Everything that performing with the dancer needs beside its weights; see `models.checkpoint.Checkpoint`."""
    fingerprint = data.folder.fingerprint
    mean, std = (float(value) for value in dancer.energy_mean_std)
    return {
        "frame_rate_hz": fingerprint["frame_rate_hz"],
        "skeleton": fingerprint["pose_codec"]["skeleton"],
        "pose_codec": fingerprint["pose_codec"],
        "audio_fingerprint": fingerprint["audio_fingerprint"],
        "styles": data.folder.styles,
        "energy": {"mean": mean, "std": std},
        "look_ahead_frames": dancer.config.future_frames,
        "seed_poses": list(data.seed_poses(dancer.config.num_seed_poses)),
        "provenance": provenance,
        "licence": licence,
        "attribution": attribution,
    }
