"""Dancers exported to .onnx files, and the same dance by whatever steps them."""

import hashlib
import logging
import os
import shutil
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

from models.fast_step.fast_stepper import FastStepper
from models.files import checkpoint
from models.files.onnx_export import export_step
from models.files.onnx_stepper import OnnxStepper
from models.step.steering import Steering
from models.step.stepper import DancerStepper

CHECKED_FRAMES = 60
"""So long the export compares a dance with PyTorch's: several windows of a tiny dancer after each of its requests."""
_ROOT = Path(__file__).parents[1]
_KEPT = _ROOT / ".pytest_cache" / "d" / "exported"
# pytest (9.2) listens at every logger that does not propagate, and where somebody listens at this one, PyTorch
# describes each step of an export at length, which takes time and fills what is printed of a test that fails.
logging.getLogger("torch.__trace").propagate = True
_PACKAGES = ("torch", "onnx", "onnx_ir", "onnxscript", "onnxruntime", "numpy")


def export_dancer(file: Path) -> Path:
    """Exports a checkpoint to a file beside it and returns its path.

    An export takes seconds; all tests, in whatever process and run, that ask for the same checkpoint get the same one,
    as long as nothing that an export comes from has changed: our sources, Python, and the packages.
    """
    folder = _KEPT / _what_exports()
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{hashlib.sha256(file.read_bytes()).hexdigest()[:32]}.onnx"
    with FileLock(kept.with_suffix(".lock")):  # who asks meanwhile waits instead of exporting it too
        if not kept.exists():
            _keep_table_of_operators()
            part = kept.with_suffix(f".{os.getpid()}")
            part.write_bytes(export_step(checkpoint.load(file), checked_frames=CHECKED_FRAMES).data)
            part.replace(kept)  # whole or not at all
    path = file.with_suffix(".onnx")
    path.write_bytes(kept.read_bytes())
    return path


@cache
def _keep_table_of_operators() -> None:
    """PyTorch makes a table of the operators that it can export anew for each export: a fifth of a tiny one's time."""
    from torch.onnx._internal.exporter._registration import ONNXRegistry

    ONNXRegistry.from_torchlib = staticmethod(cache(ONNXRegistry.from_torchlib))


@cache
def _what_exports() -> str:
    """A name for all that an export comes from beside the checkpoint; what is kept under other names is removed."""
    digest = hashlib.sha256(" ".join([sys.version, *map(version, _PACKAGES)]).encode())
    for source in sorted([Path(__file__), *(_ROOT / "models").rglob("*.py")]):
        digest.update(source.read_bytes())
    name = digest.hexdigest()[:16]
    for other in _KEPT.glob("*"):
        if other.name != name:
            shutil.rmtree(other, ignore_errors=True)
    return name


def rollout(
    stepper: DancerStepper | OnnxStepper | FastStepper,
    music: np.ndarray,
    steerings: dict[int, Steering] | None = None,
    *,
    seed: int = 1,
    temperature: float = 0.9,
) -> np.ndarray:
    """Pose vectors of a dance to music (frames, dims) that goes on from its own poses, steered at some frames."""
    rng = np.random.default_rng(seed)
    state: Any = stepper.initial_state(seed)
    vectors = []
    for frame, heard in enumerate(music):
        if steerings and frame in steerings:
            state = stepper.steer(state, steerings[frame])
        noise = rng.standard_normal(stepper.noise_dims).astype(np.float32)
        vector, state = stepper.step(heard, state, noise, temperature)
        vectors.append(vector)
    return np.array(vectors)
