"""From a checkpoint to an .onnx file: the step as one graph, compared with PyTorch before it is given away."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from models.files.checkpoint import Checkpoint, header_text
from models.files.checkpoint_header import HEADER_KEY
from models.files.onnx_step import MUSIC, NOISE, STATES_KEY, STEP_KEY, TEMPERATURE, StepForm, states_to_text
from models.files.onnx_stepper import OnnxStepper, require_onnx
from models.flows.window_coupling import WindowCoupling
from models.step.dancer import Dancer
from models.step.noise import frame_noise
from models.step.state_tree import named_leaves, state_leaves, with_leaves
from models.step.steering import Steering
from models.step.stepper import DancerStepper

OPSET: Final = 20
"""The lowest that has Gelu. At 23 and 24, where attention becomes one operator, a step is as near to PyTorch's (3e-7
with ONNX Runtime 1.32); 20 is read by older versions too."""
CHECKED_FRAMES: Final = 300
TOLERANCE: Final = 1e-4
"""Largest difference of a step from PyTorch's, of any number of a pose vector."""


@dataclass(frozen=True, eq=False)
class ExportedStep:
    """What an .onnx file is to hold.

    Attributes:
        data: The file's bytes.
        form: What the file says of its step, the comparison with PyTorch included.
    """

    data: bytes
    form: StepForm


class _FlatStep(nn.Module):
    """A dancer's step from tensors to tensors, the state's leaves in a row."""

    def __init__(self, model: Dancer, state: Any) -> None:
        super().__init__()
        self.model = model
        self._state = state

    def forward(self, music_frame: Tensor, noise: Tensor, temperature: Tensor, *leaves: Tensor) -> tuple[Tensor, ...]:
        state = with_leaves(self._state, list(leaves))
        vector, next_state = self.model.step(music_frame, state, noise, temperature)
        return (vector, *state_leaves(next_state))


def export_step(checkpoint: Checkpoint, *, checked_frames: int = CHECKED_FRAMES) -> ExportedStep:
    """The step of a dancer as an ONNX model for one dancer, with all that a bridge has to know of it.

    Shapes are fixed and nothing is random: noise and temperature are inputs, the state goes in and comes out (see
    `models.files.onnx_step`). Matrices are float32, whatever the checkpoint stores. The model is checked by ONNX
    itself, and compared with PyTorch's in a dance.

    Takes ten seconds for the streaming dancer, minutes for the largest window models.

    Args:
        checkpoint: The dancer.
        checked_frames: Length of that dance.

    Raises:
        ValueError: A package is missing, the model cannot be exported, or what came out does not dance as PyTorch does.
    """
    require_onnx("onnx", "onnxscript", "onnxruntime")
    import onnx

    model, path = checkpoint.model, checkpoint.path
    if any(isinstance(part, WindowCoupling) and part.num_mixtures for part in model.modules()):
        raise ValueError(
            f"{path}: its flow couples by mixtures (num_mixtures), whose inverse is a search of sixty rounds and would "
            "become thousands of operators; perform it with PyTorch"
        )
    state = model.initial_state(1, 0)
    form = StepForm(
        leaves=tuple(named_leaves(state)),
        steered=model.steered,
        passes=_pass_leaves(model),
        num_parameters=sum(parameter.numel() for parameter in model.parameters()),
        checked_frames=checked_frames,
        largest_step_difference=0.0,
        largest_difference=0.0,
        torch=torch.__version__,
    )
    graph = _graph(model, state, form)
    header = header_text(model, checkpoint.metadata)
    onnx.helper.set_model_props(graph, _properties(header, form, model))
    try:
        onnx.checker.check_model(graph, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise ValueError(f"{path}: no valid ONNX model came out ({error})") from None
    stepper = OnnxStepper(graph.SerializeToString(), f"the step of {path.name}")
    in_a_step, in_a_dance = largest_differences(model, stepper, checked_frames)
    if not in_a_step <= TOLERANCE:
        raise ValueError(
            f"{path}: its {type(model).__name__} steps otherwise in ONNX Runtime than in PyTorch, by up to "
            f"{in_a_step:g} in {checked_frames} frames ({TOLERANCE:g} is allowed); perform it with PyTorch"
        )
    form = replace(form, largest_step_difference=in_a_step, largest_difference=in_a_dance)
    onnx.helper.set_model_props(graph, _properties(header, form, model))
    return ExportedStep(graph.SerializeToString(), form)


def largest_differences(model: Dancer, stepper: OnnxStepper, frames: int = CHECKED_FRAMES) -> tuple[float, float]:
    """Largest differences of any number of a pose vector between PyTorch and ONNX Runtime: in a step, and in a dance.

    For the first each step begins from PyTorch's state, for the second each goes on from its own poses. Only the first
    tells right from wrong: a dancer who is driven hard may be so sensitive that the last bit of a number becomes
    another dance, in PyTorch alone as well. It is steered at a third, its style guided from the middle on, and it is
    left free again at two thirds of the dance.
    """
    reference = DancerStepper(model, "cpu")
    known = model.steered
    style = 0 if known.num_styles else None
    requests = Steering(style=style, energy_m_s=0.7, look_ahead_frames=known.future_frames, groove=0.5)
    state, own = reference.initial_state(1), stepper.initial_state(1)
    in_a_step = in_a_dance = 0.0
    for frame in range(frames):
        steering = {
            frames // 3: requests, frames // 2: replace(requests, style_guidance=2.0), 2 * frames // 3: Steering()
        }.get(frame)  # fmt: skip
        if steering is not None:
            state, own = reference.steer(state, steering), stepper.steer(own, steering)
        music, noise = frame_noise(1, frame, model.music_dims), frame_noise(2, frame, model.noise_dims)
        same = stepper.state_of({name: leaf.numpy() for name, leaf in named_leaves(state).items()})
        expected, state = reference.step(music, state, noise, 0.9)
        stepped, _ = stepper.step(music, same, noise, 0.9)
        danced, own = stepper.step(music, own, noise, 0.9)
        # Not by `max`, which lets NaN pass.
        in_a_step = float(np.maximum(in_a_step, np.abs(stepped - expected).max()))
        in_a_dance = float(np.maximum(in_a_dance, np.abs(danced - expected).max()))
    return in_a_step, in_a_dance


def _graph(model: Dancer, state: Any, form: StepForm) -> Any:
    """The step as an onnx.ModelProto; the number of passes of a frame is left open where the dancer guides styles."""
    if form.passes:
        state = model.with_passes(state, 2)
    example = {
        MUSIC: torch.zeros(1, model.music_dims),
        NOISE: torch.zeros(1, model.noise_dims),
        TEMPERATURE: torch.ones(()),
    }
    arguments = (*example.values(), *state_leaves(state))
    passes = torch.export.Dim("passes", min=1, max=8)
    shapes = [{0: passes} if leaf in form.passes else None for leaf in form.leaves]
    # The kernels of attention for processors lay out their result in ways that the exporter cannot follow.
    with _quiet(), torch.inference_mode(False), torch.no_grad(), sdpa_kernel(SDPBackend.MATH):
        program = torch.onnx.export(
            _FlatStep(model, state).eval(),
            arguments,
            input_names=form.inputs,
            output_names=form.outputs,
            opset_version=OPSET,
            dynamic_shapes=(*(None for _ in example), tuple(shapes)),
            dynamo=True,
            verbose=False,
        )
    assert program is not None
    return program.model_proto


def _pass_leaves(model: Dancer) -> tuple[str, ...]:
    """The leaves of a state that grow with the number of passes."""
    one, two = (named_leaves(model.with_passes(model.initial_state(1, 0), passes)) for passes in (1, 2))
    return tuple(leaf for leaf in one if one[leaf].shape != two[leaf].shape)


def _properties(header: str, form: StepForm, model: Dancer) -> dict[str, str]:
    """The file's properties by key."""
    seeds = [named_leaves(model.initial_state(1, seed)) for seed in range(model.config.num_seed_poses)]
    states = {leaf: np.stack([seed[leaf].numpy() for seed in seeds]) for leaf in form.leaves}
    return {HEADER_KEY: header, STEP_KEY: form.to_text(), STATES_KEY: states_to_text(states)}


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what torch's exporter says about torch itself: packages it does not find, names it will change."""
    log = logging.getLogger("torch.onnx")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=FutureWarning, module="copyreg")
            warnings.filterwarnings("ignore", category=FutureWarning, message=".*LeafSpec.*")
            warnings.filterwarnings("ignore", category=UserWarning, message="# The axis name")
            yield
    finally:
        log.setLevel(level)
