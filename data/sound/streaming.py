"""The streaming contract: one class serves live and offline, and its state is a value.

A streaming thing has `initial_state()` and `step(x, state) -> (y, state)`. Offline means: the same object, fed
everything. How the input is cut into blocks changes no bit of the output, and nothing that comes later changes what was
given before.

Who owns a state, of whatever steps in any package: **whoever holds it owns it, and passing it to `step` gives it up, so
only the returned state is valid then, and who goes on from one state twice copies it first.** Some steps happen to
leave their argument as it was, and those of the models promise it (`models.step.dancer`).
"""

import dataclasses
from typing import Any, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
"""What crosses the borders of a streaming thing."""


class StreamingState:
    """Base of the state dataclasses: a value that can be copied, saved and restored.

    Every field is an ndarray, an int, a float or another `StreamingState`; shapes and dtypes never change.
    `copy()` branches.
    """

    def copy(self) -> Self:
        """An independent copy: stepping one leaves the other alone."""
        values: dict[str, Any] = {}
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            values[field.name] = value.copy() if isinstance(value, np.ndarray | StreamingState) else value
        return type(self)(**values)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """The state as named arrays for `np.savez(path, **arrays)`; nested names are joined by dots."""
        arrays: dict[str, NDArray[Any]] = {}
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            if isinstance(value, StreamingState):
                arrays |= {f"{field.name}.{name}": array for name, array in value.to_arrays().items()}
            else:
                arrays[field.name] = np.array(value)
        return arrays

    def restored(self, arrays: dict[str, NDArray[Any]]) -> Self:
        """The saved state, where `self` (an initial state of the same object) says what it must look like.

        Args:
            arrays: What `to_arrays` gave, for example `dict(np.load(path))`.

        Raises:
            ValueError: A name is missing, or a shape differs: the state was saved by another configuration.
        """
        values: dict[str, Any] = {}
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            name, value = field.name, getattr(self, field.name)
            if isinstance(value, StreamingState):
                prefix = f"{name}."
                nested = {key.removeprefix(prefix): array for key, array in arrays.items() if key.startswith(prefix)}
                values[name] = value.restored(nested)
                continue
            if name not in arrays:
                raise ValueError(f"the saved state lacks {name!r}: save it again from the same version")
            saved = np.asarray(arrays[name])
            if saved.shape != np.shape(value):
                raise ValueError(
                    f"the saved {name!r} has shape {saved.shape}, this object needs {np.shape(value)}: "
                    "restore it with the configuration that saved it"
                )
            values[name] = saved.astype(value.dtype) if isinstance(value, np.ndarray) else type(value)(saved)
        return type(self)(**values)


State = TypeVar("State", bound=StreamingState)


class Streaming(Protocol[State]):
    """What turns a stream of samples or frames into another stream."""

    @property
    def rate_hz(self) -> float:
        """Frames (or samples) a second that come out."""

    @property
    def latency_s(self) -> float:
        """How late the output describes the input, beyond the wait for its last sample."""

    @property
    def dims(self) -> int:
        """Numbers in one output frame (1 for samples)."""

    def initial_state(self) -> State:
        """The state before the first input."""

    def step(self, x: FloatArray, state: State, /) -> tuple[FloatArray, State]:
        """What `x` completes, and the state after it."""


def run_offline(streaming: Streaming[State], x: FloatArray) -> FloatArray:
    """The output for all of `x` at once: the live object from its initial state.

    Example:
        >>> from data.sound.resampler import PolyphaseResampler
        >>> resampler = PolyphaseResampler(44_100, 24_000)
        >>> sound = np.sin(np.arange(1000, dtype=np.float32))
        >>> first, state = resampler.step(sound[:333], resampler.initial_state())
        >>> second, state = resampler.step(sound[333:], state)
        >>> np.array_equal(np.concatenate([first, second]), run_offline(resampler, sound))  # not a bit differs
        True
    """
    return streaming.step(x, streaming.initial_state())[0]


def check_mono_float32(samples: FloatArray) -> None:
    """Refuse what is not mono float32, with the way out.

    Raises:
        ValueError: Another dtype (integer sound must be scaled, not cast) or more than one axis.
    """
    if not isinstance(samples, np.ndarray) or samples.dtype != np.float32:
        found = getattr(samples, "dtype", type(samples).__name__)
        raise ValueError(
            f"samples must be a float32 array in [-1, 1], not {found}: "
            "divide int16 by 32768, and use samples.astype(np.float32)"
        )
    if samples.ndim != 1:
        raise ValueError(
            f"samples must be mono with shape (n,), not {samples.shape}: mix (n, channels) down by samples.mean(axis=1)"
        )
