"""The metadata of a checkpoint, from the data it was trained on."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch

from data.dataset.modality_description import FolderDescription
from data.dataset.prepared_reader import PreparedFolder
from models.files import checkpoint, modality_checkpoint
from models.step.dancer import Dancer
from models.streaming.planning_transflower import PlanningTransflower
from models.streaming.streaming_transflower import StreamingTransflower
from models.window.window_dancer import STYLE, WindowDancer
from training.data_modules.seed_poses import seed_poses


def save_trained(path: Path, dancer: Dancer, metadata: dict[str, Any]) -> None:
    """Writes a dancer whose training came to something; see `models.files.checkpoint.save`.

    Raises:
        ValueError: A weight is no finite number; an older file stays as it was.
    """
    _check_weights(path, dancer)
    checkpoint.save(path, dancer, metadata, half=True)


def _check_weights(path: Path, dancer: Dancer) -> None:
    bad = [name for name, tensor in dancer.state_dict().items() if not torch.isfinite(tensor.float()).all()]
    if bad:
        raise ValueError(f"{path}: not written, for {bad[0]} of the dancer is NaN or infinite")


def checkpoint_metadata(
    prepared: PreparedFolder, dancer: Dancer, *, provenance: str, licence: str | None, attribution: str | None
) -> dict[str, Any]:
    """Everything that performing with the dancer needs beside its weights; see `models.files.checkpoint.Checkpoint`.

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


def modality_metadata(
    folder: Path, dancer: WindowDancer, *, provenance: str, licence: str | None, attribution: str | None
) -> dict[str, Any]:
    """What generating with a model of other modalities needs beside its weights; see `modality_checkpoint`."""
    description = FolderDescription.read(folder)
    names = {item.name for item in dancer.layout.inputs} | {item.name for item in dancer.layout.outputs}
    return {
        "frame_rate_hz": description.frame_rate_hz,
        "modalities": {name: asdict(entry) for name, entry in description.modalities.items() if name in names},
        "token_names": {name: list(tokens) for name, tokens in description.token_names.items() if name in names},
        "provenance": provenance,
        "licence": licence or "not stated",
        "attribution": attribution or "",
    }


def save_modal(path: Path, dancer: Dancer, metadata: dict[str, Any]) -> None:
    """Writes a model of other modalities whose training came to something.

    Raises:
        ValueError: A weight is no finite number; an older file stays as it was.
    """
    _check_weights(path, dancer)
    modality_checkpoint.save(path, dancer, metadata, half=True)


def look_ahead_frames(dancer: Dancer) -> int:
    """The largest look-ahead budget of a dancer."""
    frames = dancer.layout.future_frames if isinstance(dancer, WindowDancer) else dancer.config.future_frames
    return int(frames)


def why_no_stage(dancer: Dancer, folder: Path) -> str | None:
    """Why a bridge could not perform with a dancer of a folder, in words; None if it could."""
    try:
        check_can_perform(dancer)
    except ValueError as error:
        return str(error)
    if not (folder / "fingerprint.json").is_file():
        return f"a live dancer needs what `transflower-data prepare` writes, and {folder} has no fingerprint.json"
    return None


def check_can_perform(dancer: Dancer) -> None:
    """Refuses a dancer that a bridge could not feed: it hears sound and dances poses, nothing else.

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
            f"dances {outputs} and knows {labels}"
        )
