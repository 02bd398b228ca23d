"""DancerStepper: a dancer on a device, stepped from numpy, as one CUDA graph where there is a CUDA device."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils import _pytree as pytree

from models.step.dancer import Dancer
from models.step.state_tree import state_leaves, with_leaves
from models.step.steering import Steering

DEVICES: Final = ("auto", "cuda", "mps", "cpu")
_WARM_UP_STEPS: Final = 3


def resolve_device(name: str) -> torch.device:
    """The device for a name of `DEVICES`; ``auto`` takes CUDA, then MPS, then the CPU.

    Raises:
        ValueError: If the name is unknown or this machine has no such device.
    """
    if name not in DEVICES:
        raise ValueError(f"device must be one of {DEVICES}, not {name!r}")
    available = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        return torch.device(next(device for device in ("cuda", "mps", "cpu") if available[device]))
    if not available[name]:
        raise ValueError(f"this machine has no {name} device for torch {torch.__version__}; use --device auto or cpu")
    return torch.device(name)


class CapturedStep:
    """A pure function of tensors captured as a CUDA graph: one launch instead of hundreds.

    Inputs are copied into the graph's own tensors, so shapes must stay as in the first call. The outputs are copies.

    Args:
        function: Pure function from a tree of CUDA tensors to a tree of CUDA tensors.
        example: Arguments of the first call.
    """

    def __init__(self, function: Callable[..., Any], *example: Any) -> None:
        leaves, self._spec = pytree.tree_flatten(example)
        self._inputs = [leaf.clone() for leaf in leaves]
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(_WARM_UP_STEPS):
                function(*pytree.tree_unflatten(self._inputs, self._spec))
        torch.cuda.current_stream().wait_stream(side)
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self._graph):
            self._outputs = function(*pytree.tree_unflatten(self._inputs, self._spec))

    def __call__(self, *arguments: Any) -> Any:
        """Replays the graph on new values of the same shapes."""
        for own, new in zip(self._inputs, pytree.tree_leaves(arguments), strict=True):
            if own.shape != new.shape:
                raise ValueError(f"a captured step keeps its shapes: {tuple(own.shape)}, not {tuple(new.shape)}")
            own.copy_(new)
        self._graph.replay()
        return pytree.tree_map(torch.clone, self._outputs)


class DancerStepper:
    """One dancer stepped from numpy arrays, on any device.

    The same checkpoint, steering, music and noise give the same dance on the same device and library versions.

    Args:
        model: The dancer; it is moved to the device and put in evaluation mode.
        device: A name of `DEVICES`.
        cuda_graph: Captures the step as a CUDA graph; without effect on other devices. Off is the way out when a driver
            refuses the capture.

    Example:
        >>> from models.files.checkpoint import load
        >>> from models.files.checkpoint_header import default_path
        >>> from models.step.noise import frame_noise
        >>> stepper = DancerStepper(load(default_path()).model, device="cpu")
        >>> state = stepper.steer(stepper.initial_state(seed=1), Steering(style=2))
        >>> music = np.zeros(stepper.music_dims, np.float32)
        >>> vector, state = stepper.step(music, state, frame_noise(seed=1, frame=0, dims=stepper.noise_dims))
        >>> vector.shape  # of a `data.motion.pose_codec.PoseCodec`
        (118,)
    """

    def __init__(self, model: Dancer, device: str = "auto", *, cuda_graph: bool = True) -> None:
        self.device = resolve_device(device)
        self.model = model.to(self.device).eval()
        self.music_dims, self.noise_dims = model.music_dims, model.noise_dims
        self.num_parameters = sum(parameter.numel() for parameter in model.parameters())
        self.uses_cuda_graph = cuda_graph and self.device.type == "cuda"
        self._captured: dict[tuple[torch.Size, ...], CapturedStep] = {}

    @property
    def device_name(self) -> str:
        """The device as people know it."""
        if self.device.type == "cuda":
            graph = "CUDA graph" if self.uses_cuda_graph else "eager"
            return f"{torch.cuda.get_device_name(self.device)} ({graph})"
        return self.device.type

    def initial_state(self, seed: int = 0) -> Any:
        """State of the dancer before its first frame; ``seed`` chooses the pose it starts from."""
        with torch.inference_mode():
            return self.model.initial_state(1, seed)

    def steer(self, state: Any, steering: Steering) -> Any:
        """The state with the performer's requests in it.

        Raises:
            ValueError: If a request lies outside what the model was trained for.
        """
        with torch.inference_mode():
            return self.model.steer(state, steering)

    def step(
        self,
        music: NDArray[np.float32],
        state: Any,
        noise: NDArray[np.float32],
        temperature: float = 1.0,
    ) -> tuple[NDArray[np.float32], Any]:
        """Dances one frame: music (music_dims,), noise (noise_dims,) -> pose vector (pose_dims,) and the next state."""
        with torch.inference_mode():
            inputs = (
                torch.from_numpy(music)[None].to(self.device),
                state,
                torch.from_numpy(noise)[None].to(self.device),
                torch.tensor(temperature, dtype=torch.float32, device=self.device),
            )
            if self.uses_cuda_graph:
                vector, next_state = self._captured_step(*inputs)
            else:
                vector, next_state = self.model.step(*inputs)
            return vector[0].float().cpu().numpy(), next_state

    def _captured_step(self, music: Tensor, state: Any, noise: Tensor, temperature: Tensor) -> tuple[Tensor, Any]:
        own_leaves = state_leaves(state)

        def pure(
            music: Tensor, leaves: list[Tensor], noise: Tensor, temperature: Tensor
        ) -> tuple[Tensor, list[Tensor]]:
            vector, next_state = self.model.step(music, with_leaves(state, leaves), noise, temperature)
            return vector, state_leaves(next_state)

        form = tuple(leaf.shape for leaf in own_leaves)  # another one where a style is guided
        if form not in self._captured:
            self._captured[form] = CapturedStep(pure, music, own_leaves, noise, temperature)
        vector, leaves = self._captured[form](music, own_leaves, noise, temperature)
        return vector, with_leaves(state, leaves)
