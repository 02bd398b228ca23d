"""The metadata of a checkpoint, from the data it was trained on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from models import checkpoint
from models.dancer import Dancer
from models.planning_transflower import PlanningTransflower
from models.streaming_transflower import StreamingTransflower
from models.window_dancer import STYLE, WindowDancer
from training.seed_poses import seed_poses
from training.windows import PreparedFolder


def save_trained(path: Path, dancer: Dancer, metadata: dict[str, Any]) -> None:
    """Writes a dancer whose training came to something; see `models.checkpoint.save`.

    Raises:
        ValueError: A weight is no finite number; an older file stays as it was.
    """
    bad = [name for name, tensor in dancer.state_dict().items() if not torch.isfinite(tensor.float()).all()]
    if bad:
        raise ValueError(f"{path}: not written, for {bad[0]} of the dancer is NaN or infinite")
    checkpoint.save(path, dancer, metadata, half=True)


def checkpoint_metadata(
    prepared: PreparedFolder, dancer: Dancer, *, provenance: str, licence: str | None, attribution: str | None
) -> dict[str, Any]:
    """Everything that performing with the dancer needs beside its weights; see `models.checkpoint.Checkpoint`.

    Args:
        prepared: The folder it was trained on.
        dancer: The dancer.
        provenance: What a user of the weights should know.
        licence: Of the weights; None takes that of the data.
        attribution: Credit that the licence asks for; None takes that of the data.
    """
    fingerprint = prepared.fingerprint
    training = prepared.sequences("train")
    energy = np.concatenate([sequence.energy[sequence.sounding] for sequence in training])
    return {
        "frame_rate_hz": fingerprint["frame_rate_hz"],
        "skeleton": fingerprint["pose_codec"]["skeleton"],
        "pose_codec": fingerprint["pose_codec"],
        "audio_fingerprint": fingerprint["audio_fingerprint"],
        "styles": prepared.styles,
        "energy": {"mean": float(energy.mean()), "std": float(max(energy.std(), 1e-3))},
        "look_ahead_frames": look_ahead_frames(dancer),
        "seed_poses": list(seed_poses(training, prepared.styles, dancer.config.num_seed_poses)),
        "provenance": provenance,
        "licence": fingerprint.get("licence", "not stated") if licence is None else licence,
        "attribution": fingerprint.get("attribution", "") if attribution is None else attribution,
    }


def look_ahead_frames(dancer: Dancer) -> int:
    """The largest look-ahead budget of a dancer."""
    frames = dancer.layout.future_frames if isinstance(dancer, WindowDancer) else dancer.config.future_frames
    return int(frames)


def check_can_perform(dancer: Dancer) -> None:
    """Refuses a dancer that a bridge could not feed: it hears the features of sound and dances poses, nothing else.

    Raises:
        ValueError: With what its layout has too much.
    """
    if isinstance(dancer, StreamingTransflower | PlanningTransflower):
        return
    assert isinstance(dancer, WindowDancer)
    layout = dancer.layout
    heard, outputs = [item.name for item in layout.heard], [item.name for item in layout.outputs]
    labels = [item.name for item in layout.labels]
    if heard != ["audio"] or outputs != ["pose"] or not set(labels) <= {STYLE}:
        raise ValueError(
            f"a live dancer hears ['audio'], dances ['pose'] and knows the label {STYLE!r}, this one hears {heard}, "
            f"dances {outputs} and knows {labels}; leave out the callback ExportDancer"
        )
