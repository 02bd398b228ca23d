"""Dancing a take again, from what was heard and asked: the proof that nothing else made the dance."""

import importlib.metadata
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.dancer.backends import BACKEND_TITLES
from bridge.dancer.checksum import dancer_digest, sha256
from bridge.dancer.dancer_file import DancerFile
from bridge.engine.engine import Engine
from bridge.takes.header import TakeHeader, engine_settings, stepped_by
from bridge.takes.take import Take
from data.motion.motion import Motion
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig
from models.files.checkpoint_header import default_path, read_header
from models.torch_install import require_torch, torch_version


@dataclass(frozen=True, eq=False)
class RedancedTake:
    """A take, danced again.

    Attributes:
        motion: What came out of the engine.
        first_difference: The first step whose pose is not the same bit for bit; None if all are.
        largest_difference: Of any number of any pose, metres or quaternion components.
    """

    motion: Motion
    first_difference: int | None
    largest_difference: float


class _GivenUp(Exception):  # noqa: N818 - it is no error, but the memory of one
    """Stands in for the error that the dancer raised on that evening."""


class _FailingDancer:
    """Fails once, as the dancer did then, so that the engine is left in the same state."""

    def __init__(self, dancer: Any) -> None:
        self._dancer = dancer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dancer, name)

    def step(self, *arguments: Any) -> Any:
        raise _GivenUp


def find_dancer(take: Take, checkpoint: Path | None = None) -> DancerFile:
    """The very dancer of a take: the one that is named; else one beside the take, or one of those that ship.

    It may have been stamped for another beat tracker since, or not yet: what was heard is in the take.

    Raises:
        ValueError: None of them is; the message says which one is wanted. Or what stepped it then cannot be had here.
    """
    header = take.header
    candidates = [checkpoint] if checkpoint is not None else [take.path.parent / header.checkpoint, *_shipped()]
    for path in candidates:
        if path.is_file() and _is_dancer_of(take, path):
            dancer = _opened(take, path)
            heard_now = AudioFeatures(AudioFeaturesConfig(rate_hz=dancer.rate_hz)).fingerprint
            return replace(dancer, metadata={**dancer.metadata, "audio_fingerprint": heard_now})
    looked = ", ".join(str(path) for path in candidates)
    raise ValueError(
        f"{take.path} was danced by {header.checkpoint} (sha256 {header.checkpoint_sha256[:16]}...), which is not "
        f"{looked}; name it by --checkpoint"
    )


def _shipped() -> list[Path]:
    """The default dancer, and the others beside it: a take may be older than the default, or of another name."""
    default = default_path()
    return [default, *sorted(path for path in default.parent.glob("*.safetensors") if path != default)]


def _is_dancer_of(take: Take, path: Path) -> bool:
    header = take.header
    if header.dancer_digest is None:  # of an earlier version, or an .onnx file
        return sha256(path) == header.checkpoint_sha256
    return dancer_digest(path) == header.dancer_digest


def _opened(take: Take, path: Path) -> DancerFile:
    """The dancer, stepped by what stepped it then."""
    if take.header.backend == "fast":
        from models.fast_step.fast_stepper import why_not
        from models.fast_step.machine_code import Kernel, UnavailableError

        try:
            reason = why_not(path, read_header(path))
            if reason is None:
                Kernel()  # compiled if need be, and put into memory that can be executed, if there may be any
        except UnavailableError as error:
            reason = str(error)
        if reason is not None:
            raise ValueError(
                f"{take.path}: danced by the fast step, which cannot be had here ({reason}); replay and export still "
                "work"
            )
    if take.header.backend == "torch":
        require_torch(f"{take.path}: danced by PyTorch: dancing it again")
    return DancerFile.open(path, take.header.backend)


def differences_to(header: TakeHeader) -> list[str]:
    """What of that by which a take was danced is another now: ``form avx512 then, avx2 now``; empty if nothing is."""
    now: dict[str, str | None] = {"torch": torch_version(), **stepped_by(header.backend)}
    then: dict[str, str | None] = {"torch": header.torch, **(header.stepped_by or {})}
    if header.backend != "torch":
        del now["torch"]
    now["this program"], then["this program"] = importlib.metadata.version("transflower-bridge"), header.program
    return [
        f"{name} {then.get(name, 'unknown')} then, {value} now"
        for name, value in now.items()
        if then.get(name) != value
    ]


def why_another(header: TakeHeader) -> str:
    """Why a take came out otherwise, as far as it is known, in words."""
    title = BACKEND_TITLES[header.backend]
    if differences := differences_to(header):
        return f"stepped by {title}: {'; '.join(differences)}"
    if header.backend == "torch":
        return f"stepped by {title} in the same version: another device or processor, or another sound was heard"
    return f"stepped by {title} on a processor of the same kind in the same versions: nothing that is known explains it"


def redance(take: Take, engine: Engine, on_step: Callable[[int, int], None] | None = None) -> RedancedTake:
    """Steps the engine with what it was given on that evening.

    Args:
        take: The evening.
        engine: Around the same dancer.
        on_step: Called with (steps done, steps in all).

    Raises:
        ValueError: The take holds no step, or this program's engine has other settings than that of the take.
    """
    steps = take.steps
    if len(steps.index) == 0:
        raise ValueError(f"{take.path}: nothing was danced in it")
    if take.header.engine != engine_settings():
        raise ValueError(
            f"{take.path}: made by version {take.header.program} of this program, whose engine had other settings; "
            "replay and export still work"
        )
    if steps.features.shape[1:] != (engine.music_dims,):
        raise ValueError(f"{take.path}: its sound features have shape {steps.features.shape[1:]}")
    dancer, state = engine.dancer, engine.initial_state(take.header.seed)
    roots, turned = np.empty_like(steps.root_positions), np.empty_like(steps.rotations)
    for row in range(len(steps.index)):
        level_dbfs, controls = float(steps.level_dbfs[row]), steps.controls[row]
        if steps.failed[row]:
            engine.dancer = _FailingDancer(dancer)
            try:
                engine.step(steps.features[row], level_dbfs, state, controls)
            except _GivenUp:
                state = engine.give_up_dancer(state)
            finally:
                engine.dancer = dancer
        pose, state = engine.step(steps.features[row], level_dbfs, state, controls)
        roots[row], turned[row] = pose.root_position, pose.rotations
        if on_step is not None:
            on_step(row + 1, len(steps.index))
    differs = ~(_same(roots, steps.root_positions) & _same(turned, steps.rotations))
    largest = max(float(np.abs(roots - steps.root_positions).max()), float(np.abs(turned - steps.rotations).max()))
    first = int(np.flatnonzero(differs)[0]) if differs.any() else None
    return RedancedTake(Motion(take.header.skeleton, take.header.rate_hz, roots, turned), first, largest)


def _same(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which rows are the same bit for bit."""
    first, second = (np.ascontiguousarray(array).view(np.uint32).reshape(len(array), -1) for array in (a, b))
    return np.asarray((first == second).all(axis=1))
