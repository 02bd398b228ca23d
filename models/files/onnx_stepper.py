"""OnnxStepper: a dancer's exported step in ONNX Runtime, stepped from numpy. No torch here."""

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from models.files.onnx_step import (
    MUSIC,
    NOISE,
    POSE,
    STATES_KEY,
    STEP_KEY,
    TEMPERATURE,
    StepForm,
    state_input,
    state_output,
    states_from_text,
)
from models.step.steering import Steering

if TYPE_CHECKING:
    import onnxruntime

_ERRORS_ONLY: Final = 3
_DTYPES: Final = {"tensor(float)": np.dtype(np.float32), "tensor(int64)": np.dtype(np.int64)}


def require_onnx(*packages: str) -> None:
    """Sees that packages of the extra `onnx` are installed, without importing them.

    Raises:
        ValueError: One is missing; the message says how it is installed.
    """
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        raise ValueError(f"{', '.join(missing)} is not installed: pip install -c constraints.txt -e '.[onnx]'")


class OnnxStepper:
    """One dancer stepped from numpy arrays by ONNX Runtime on the processor; offers what `DancerStepper` does.

    A state is a dict of ONNX Runtime's own tensors by the leaf's name, so that nothing is copied on its way from one
    step to the next; the step leaves the state passed in as it was. One thread, for the reason stated at
    `bridge.dancer.dancer_file.DancerFile.load_stepper`.

    Args:
        model: The exported step: an .onnx file, or what such a file holds.
        name: What to call it in messages; the file's path, if not given.

    Raises:
        ValueError: ONNX Runtime is not installed, or this is no whole step of a dancer; the message names it.
    """

    def __init__(self, model: Path | bytes, name: str | None = None) -> None:
        require_onnx("onnxruntime")
        import onnxruntime

        self.name = name or (str(model) if isinstance(model, Path) else "the exported step")
        self._ort = onnxruntime
        self._session = self._open(model)
        properties = self._session.get_modelmeta().custom_metadata_map
        missing = [key for key in (STEP_KEY, STATES_KEY) if key not in properties]
        if missing:
            raise ValueError(
                f"{self.name}: an ONNX file, but no dancer's step: its properties lack {missing}; make one by "
                "`transflower export-model`"
            )
        try:
            self.form = StepForm.from_text(properties[STEP_KEY])
            states = states_from_text(properties[STATES_KEY])
            self._check(states)
        except ValueError as error:
            raise ValueError(f"{self.name}: damaged, or of another version ({error}); export it again") from None
        inputs = {entry.name: entry.shape for entry in self._session.get_inputs()}
        self.music_dims, self.noise_dims = int(inputs[MUSIC][1]), int(inputs[NOISE][1])
        self.num_parameters = self.form.num_parameters
        self._outputs = self.form.outputs
        self._starts = {name: [self._value(array) for array in arrays] for name, arrays in states.items()}
        self._shapes = {name: (arrays.shape[1:], arrays.dtype) for name, arrays in states.items()}

    def _open(self, model: Path | bytes) -> "onnxruntime.InferenceSession":
        options = self._ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = _ERRORS_ONLY
        source = str(model) if isinstance(model, Path) else model
        try:
            return self._ort.InferenceSession(source, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime's errors have no class in common
            reason = str(error).splitlines()[0]
            raise ValueError(f"{self.name}: ONNX Runtime cannot load it ({reason}); export it again") from None

    def _check(self, states: dict[str, NDArray[Any]]) -> None:
        """Refuses a graph that is not the step that the properties describe."""
        leaves, form, session = list(self.form.leaves), self.form, self._session
        for kind, expected, found in (
            ("inputs", form.inputs, [entry.name for entry in session.get_inputs()]),
            ("outputs", form.outputs, [entry.name for entry in session.get_outputs()]),
            ("initial states", leaves, list(states)),
        ):
            if sorted(expected) != sorted(found):
                raise ValueError(f"its {kind} are {found}, not {expected}")
        unknown = sorted({*form.steered.leaves.values(), *form.passes} - set(leaves))
        if unknown:
            raise ValueError(f"it steers {unknown}, which its state does not hold")
        entries = {entry.name: (tuple(entry.shape), _DTYPES.get(entry.type)) for entry in session.get_inputs()}
        for leaf, arrays in states.items():
            shape, dtype = entries[state_input(leaf)]
            fixed = 1 if leaf in form.passes else 0  # the number of passes is free
            if (shape[fixed:], dtype) != (arrays.shape[1 + fixed :], arrays.dtype):
                raise ValueError(f"the initial state {leaf} is {arrays.dtype} {arrays.shape[1:]}")

    @property
    def device_name(self) -> str:
        """What it runs on, as people know it."""
        return f"cpu, ONNX Runtime {self._ort.__version__}"

    def state_of(self, leaves: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
        """The state whose leaves hold these numbers; names and shapes are those of the form."""
        return {name: self._value(leaves[name]) for name in self.form.leaves}

    def initial_state(self, seed: int = 0) -> dict[str, Any]:
        """State of the dancer before its first frame; ``seed`` chooses the pose it starts from."""
        return {name: starts[seed % len(starts)] for name, starts in self._starts.items()}

    def steer(self, state: dict[str, Any], steering: Steering) -> dict[str, Any]:
        """The state with the performer's requests in it.

        Raises:
            ValueError: If a request lies outside what the model was trained for.
        """
        filled = {}
        for leaf, number in self.form.steered.values(steering).items():
            shape, dtype = self._shapes[leaf]
            filled[leaf] = self._value(np.full(shape, number, dtype))
        return self._with_passes(state | filled, 2 if steering.is_guided else 1)

    def _with_passes(self, state: dict[str, Any], num_passes: int) -> dict[str, Any]:
        """The state for so many passes of a frame; see `models.streaming.streaming_state.StreamingTransflowerState`."""
        if not self.form.passes or state[self.form.passes[0]].shape()[0] == num_passes:
            return state
        own = {name: state[name].numpy()[:1] for name in self.form.passes}
        return state | {name: self._value(np.repeat(ring, num_passes, 0)) for name, ring in own.items()}

    def step(
        self, music: NDArray[np.float32], state: dict[str, Any], noise: NDArray[np.float32], temperature: float = 1.0
    ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Dances one frame: music (music_dims,), noise (noise_dims,) -> pose vector (pose_dims,) and the next state."""
        feeds = {state_input(leaf): value for leaf, value in state.items()}
        feeds[MUSIC], feeds[NOISE] = self._value(music[None]), self._value(noise[None])
        feeds[TEMPERATURE] = self._value(np.array(temperature, np.float32))
        found = dict(zip(self._outputs, self._session.run_with_ort_values(self._outputs, feeds), strict=True))
        vector: NDArray[np.float32] = found[POSE].numpy()
        return vector[0], {leaf: found[state_output(leaf)] for leaf in self.form.leaves}

    def _value(self, array: NDArray[Any]) -> Any:
        """ONNX Runtime's view of an array, which it keeps and never changes."""
        return self._ort.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(array))
