"""Dancers exported to .onnx files, and the same dance by whatever steps them."""

import hashlib
import os
import tempfile
from pathlib import Path

import numpy as np
from filelock import FileLock

from models import checkpoint
from models.onnx_export import export_step
from models.onnx_stepper import OnnxStepper
from models.steering import Steering
from models.stepper import DancerStepper

CHECKED_FRAMES = 60
"""So long the export compares a dance with PyTorch's: several windows of a tiny dancer after each of its wishes."""


def export_dancer(file: Path) -> Path:
    """Exports a checkpoint to a file beside it and returns its path.

    An export takes seconds; all tests of a run, in whatever process, that ask for the same checkpoint get the same one.
    """
    kept = Path(tempfile.gettempdir()) / f"exported-{hashlib.sha256(file.read_bytes()).hexdigest()}.onnx"
    with FileLock(kept.with_suffix(".lock")):  # who asks meanwhile waits instead of exporting it too
        if not kept.exists():
            part = kept.with_suffix(f".{os.getpid()}")
            part.write_bytes(export_step(checkpoint.load(file), checked_frames=CHECKED_FRAMES).data)
            part.replace(kept)  # whole or not at all
    path = file.with_suffix(".onnx")
    path.write_bytes(kept.read_bytes())
    return path


def rollout(
    stepper: DancerStepper | OnnxStepper,
    music: np.ndarray,
    steerings: dict[int, Steering] | None = None,
    *,
    seed: int = 1,
    temperature: float = 0.9,
) -> np.ndarray:
    """Pose vectors of a dance to music (frames, dims) that goes on from its own poses, steered at some frames."""
    rng = np.random.default_rng(seed)
    state = stepper.initial_state(seed)
    vectors = []
    for frame, heard in enumerate(music):
        if steerings and frame in steerings:
            state = stepper.steer(state, steerings[frame])
        noise = rng.standard_normal(stepper.noise_dims).astype(np.float32)
        vector, state = stepper.step(heard, state, noise, temperature)
        vectors.append(vector)
    return np.array(vectors)
