"""The form of an exported step: names of its inputs and outputs, and what stands beside it in the file. No torch here.

Inputs are `music_frame` (1, music_dims), `noise` (1, noise_dims), `temperature` () and ``state.LEAF`` for each leaf of
the state; outputs are `pose_vector` (1, pose_dims) and ``next_state.LEAF`` in the same order. Whoever feeds each
``next_state.LEAF`` back as ``state.LEAF`` dances. Two properties of the file stand beside the header: `STEP_KEY` and
`STATES_KEY`.
"""

import base64
import binascii
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models.step.steering import SteeredLeaves

STEP_KEY: Final = "transflower_step"
"""The property that holds the `StepForm`, as JSON."""
STATES_KEY: Final = "transflower_initial_states"
"""The property that holds the initial states: an .npz in base64, see `InitialStates`."""
STEP_VERSION: Final = 1
MUSIC, NOISE, TEMPERATURE, POSE = "music_frame", "noise", "temperature", "pose_vector"


def state_input(leaf: str) -> str:
    """Name of the input that takes a leaf of the state."""
    return f"state.{leaf}"


def state_output(leaf: str) -> str:
    """Name of the output that gives it for the next step."""
    return f"next_state.{leaf}"


@dataclass(frozen=True, kw_only=True)
class StepForm:
    """What is to be known of an exported step beside the dancer's header.

    Attributes:
        leaves: Names of the state's leaves, in order.
        steered: Which of them hold the performer's requests.
        passes: Names of the leaves whose first axis counts the passes of a frame: 1, or 2 while a style is guided.
            Empty where the step cannot guide one, as in files that are older than that.
        num_parameters: Of the model.
        checked_frames: Length of the dance in which it was compared with PyTorch when it was exported.
        largest_step_difference: Of any number of a pose vector, where each step began from PyTorch's state.
        largest_difference: The same where each went on from its own poses, so that differences could grow.
        torch: Version of PyTorch that it was exported by.
    """

    leaves: tuple[str, ...]
    steered: SteeredLeaves
    passes: tuple[str, ...] = ()
    num_parameters: int
    checked_frames: int
    largest_step_difference: float
    largest_difference: float
    torch: str

    @property
    def inputs(self) -> list[str]:
        """Names of all inputs."""
        return [MUSIC, NOISE, TEMPERATURE, *(state_input(leaf) for leaf in self.leaves)]

    @property
    def outputs(self) -> list[str]:
        """Names of all outputs."""
        return [POSE, *(state_output(leaf) for leaf in self.leaves)]

    def to_text(self) -> str:
        """The property's text."""
        return json.dumps({"step_version": STEP_VERSION, **asdict(self)})

    @classmethod
    def from_text(cls, text: str) -> "StepForm":
        """Undoes `to_text`.

        Raises:
            ValueError: If it is damaged, or of another version of the program.
        """
        values: Any = json.loads(text)
        version = values.get("step_version") if isinstance(values, dict) else None
        if version != STEP_VERSION:
            raise ValueError(f"a step of version {version}, this program reads version {STEP_VERSION}")
        try:
            return cls(
                leaves=tuple(str(leaf) for leaf in values["leaves"]),
                steered=SteeredLeaves.from_dict(values["steered"]),
                passes=tuple(str(leaf) for leaf in values.get("passes", ())),
                num_parameters=int(values["num_parameters"]),
                checked_frames=int(values["checked_frames"]),
                largest_step_difference=float(values["largest_step_difference"]),
                largest_difference=float(values["largest_difference"]),
                torch=str(values["torch"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"its step is not described ({error!r})") from None


def states_to_text(states: Mapping[str, NDArray[Any]]) -> str:
    """Initial states, each leaf by name as (seeds, ...), as text: an .npz in base64.

    Most of a state is zeros at the beginning, so that compressed it is small; and a leaf that is the same for all seeds
    is kept once, as (1, ...).
    """
    kept = {name: array[:1] if _is_alike(array) else array for name, array in states.items()}
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **kept)
    return base64.b64encode(file.getvalue()).decode()


def states_from_text(text: str) -> dict[str, NDArray[Any]]:
    """Undoes `states_to_text`: seed s begins with entry ``s % len`` of each leaf.

    Raises:
        ValueError: If the text is damaged.
    """
    try:
        with np.load(io.BytesIO(base64.b64decode(text, validate=True)), allow_pickle=False) as arrays:
            states = {name: arrays[name] for name in arrays.files}
    except (binascii.Error, zipfile.BadZipFile, EOFError, OSError, KeyError, MemoryError) as error:
        raise ValueError(f"its initial states are damaged ({error})") from None
    if not states or any(array.ndim < 1 or len(array) == 0 for array in states.values()):
        raise ValueError("its initial states are damaged (a leaf is empty)")
    return states


def _is_alike(array: NDArray[Any]) -> bool:
    """Whether all entries are the same; a NaN is the same as a NaN."""
    return bool(np.array_equal(array, np.broadcast_to(array[:1], array.shape), equal_nan=True))
