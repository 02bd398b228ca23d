"""FastStepper: a dancer's checkpoint stepped from numpy on the processor, without PyTorch or ONNX Runtime."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models.fast_step import machine_code
from models.fast_step.forms import Form
from models.fast_step.machine_code import FORM_TITLES, Kernel
from models.fast_step.planning import FastPlanning
from models.fast_step.planning_sizes import MODEL_CLASS as PLANNING
from models.fast_step.planning_sizes import PlanningSizes
from models.fast_step.streaming import FastStreaming
from models.fast_step.streaming_sizes import MODEL_CLASS as STREAMING
from models.fast_step.streaming_sizes import Sizes
from models.files.checkpoint_header import ONNX_SUFFIX, default_path, read_header
from models.step.steering import Steering

Array = NDArray[np.float32]
_KINDS: Final[Mapping[str, tuple[Any, Any]]] = {
    STREAMING: (Sizes, FastStreaming),
    PLANNING: (PlanningSizes, FastPlanning),
}
"""Sizes and step of each class that is known here, by its name."""


def why_not(path: Path, header: Mapping[str, Any]) -> str | None:
    """Why the fast step cannot dance a dancer's file, in a sentence; None if it can.

    Args:
        path: The file.
        header: As of `models.files.checkpoint_header.read_header`.
    """
    if path.suffix.lower() == ONNX_SUFFIX:
        return "the fast step reads .safetensors files, and ONNX Runtime .onnx files"
    if header["model_class"] not in _KINDS:
        return f"the fast step does not know a {header['model_class']}, but a {' or a '.join(_KINDS)}"
    kind, _ = _KINDS[header["model_class"]]
    if kind.of(header["model_config"]) is None:
        return "the fast step does not know this configuration"
    try:
        machine_code.target()
    except machine_code.UnavailableError as error:
        return str(error)
    return None


class FastStepper:
    """One dancer stepped from numpy arrays by the fast step; offers what `models.step.stepper.DancerStepper` does.

    Its poses are those of PyTorch to within rounding: weights are the same, sums are taken in another order. On one
    processor the same steering, music and noise give the same dance bit for bit, whoever else dances in the same batch.

    Args:
        path: The dancer's checkpoint.
        form: Another form than the processor's best.
        kernel: One that is linked already.

    Raises:
        ValueError: The file is damaged, is not known here, or the fast step cannot be had on this machine.

    Example:
        >>> from models.step.noise import frame_noise
        >>> stepper = FastStepper(default_path())
        >>> state = stepper.steer(stepper.initial_state(seed=1), Steering(style=2))
        >>> music = np.zeros(stepper.music_dims, np.float32)
        >>> vector, state = stepper.step(music, state, frame_noise(seed=1, frame=0, dims=stepper.noise_dims))
        >>> vector.shape  # of a `data.motion.pose_codec.PoseCodec`
        (118,)
    """

    def __init__(
        self,
        path: Path = default_path(),  # noqa: B008 - a constant
        form: Form | None = None,
        *,
        kernel: Kernel | None = None,
    ) -> None:
        header = read_header(path)
        if (reason := why_not(path, header)) is not None:
            raise ValueError(f"{path}: {reason}")
        kind, step = _KINDS[header["model_class"]]
        kernel = kernel or Kernel(form)
        self._form = kernel.target.form
        self.model = step(path, kind.of(header["model_config"]), kernel)
        self.music_dims, self.noise_dims = self.model.music_dims, self.model.noise_dims
        self.num_parameters = self.model.num_parameters

    @property
    def device_name(self) -> str:
        """What it runs on, as people know it."""
        return f"cpu, fast step ({FORM_TITLES[self._form]})"

    def initial_state(self, seed: int = 0) -> Any:
        """State of the dancer before its first frame; ``seed`` chooses the pose it starts from."""
        return self.model.initial_state(seed)

    def steer(self, state: Any, steering: Steering) -> Any:
        """The state with the performer's requests in it.

        Raises:
            ValueError: If a request lies outside what the model was trained for.
        """
        return self.model.steer(state, steering)

    def step(self, music: Array, state: Any, noise: Array, temperature: float = 1.0) -> tuple[Array, Any]:
        """Dances one frame: music (music_dims,), noise (noise_dims,) -> pose vector (pose_dims,) and the next state."""
        (vector,), (following,) = self.model.step((music,), (state,), (noise,), (temperature,))
        return vector, following

    def step_together(
        self,
        music: Sequence[Array],
        states: Sequence[Any],
        noise: Sequence[Array],
        temperatures: Sequence[float],
    ) -> tuple[list[Array], list[Any]]:
        """One frame of several dancers, each as `step` dances it, bit for bit; weights are read once for all."""
        return self.model.step(music, states, noise, temperatures)

    def leaves_of(self, state: Any) -> dict[str, NDArray[Any]]:
        """The state as the leaves that PyTorch's has, by name; a batch of one."""
        return self.model.leaves_of(state)

    def state_of(self, leaves: Mapping[str, NDArray[Any]]) -> Any:
        """The state whose leaves hold these numbers."""
        return self.model.state_of(leaves)
