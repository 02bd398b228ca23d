"""The one test of the streaming contract that every streaming thing passes."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np

from data.sound.streaming import FloatArray, Streaming, StreamingState, run_offline


def in_blocks(
    streaming: Streaming[Any], x: FloatArray, sizes: Sequence[int], state: StreamingState | None = None
) -> tuple[FloatArray, StreamingState]:
    """Outputs joined, and the last state, when `x` arrives in blocks of these sizes (repeated as needed)."""
    state = streaming.initial_state() if state is None else state
    outputs, start, index = [], 0, 0
    while start < len(x):
        stop = start + sizes[index % len(sizes)]
        y, state = streaming.step(x[start:stop], state)
        outputs.append(y)
        start, index = stop, index + 1
    return np.concatenate(outputs), state


def random_sizes(seed: int, largest: int = 4096) -> list[int]:
    """Block sizes from 0 (which happens) to `largest`, small ones often."""
    generator = np.random.default_rng(seed)
    return [0, 1, *(largest ** generator.uniform(0.0, 1.0, 200)).astype(int).tolist(), largest]


def shapes(state: StreamingState) -> dict[str, tuple[tuple[int, ...], str]]:
    return {name: (array.shape, array.dtype.str) for name, array in state.to_arrays().items()}


def verify_streaming_contract(streaming: Streaming[Any], x: FloatArray, *, largest_block: int = 4096) -> None:
    """Assert that blocks, the future, garbage in the future, and saving do not change a bit.

    Args:
        streaming: The object under test.
        x: Input (samples or frames first), long enough for a few hundred outputs.
        largest_block: Largest block along the first axis.
    """
    whole = run_offline(streaming, x.copy())
    assert len(whole) > 10
    assert np.isfinite(whole).all()

    # 1. blocks: any cut gives the same bits, and the input is never written to
    for seed in range(3):
        given = x.copy()
        cut, _ = in_blocks(streaming, given, random_sizes(seed, largest_block))
        np.testing.assert_array_equal(cut, whole, err_msg=f"block sizes of seed {seed} change the output")
        np.testing.assert_array_equal(given, x, err_msg="the input was written to")

    # 2. causality: the future replaced by something else, or by NaN, changes nothing already given
    half = len(x) // 2
    given_by_half, state_at_half = in_blocks(streaming, x[:half], [largest_block])
    assert 0 < len(given_by_half) < len(whole)
    for future in (10.0 * x[half:][::-1], np.full_like(x[half:], np.nan)):
        other = run_offline(streaming, np.concatenate([x[:half], future]))
        np.testing.assert_array_equal(other[: len(given_by_half)], given_by_half, err_msg="it looks into the future")

    # 3. the state is a value: invariant shapes, copies are independent, a saved state resumes to the bit
    assert shapes(state_at_half) == shapes(streaming.initial_state())
    branch = state_at_half.copy()
    streaming.step(x[:half], state_at_half.copy())
    file = io.BytesIO()
    np.savez(file, **branch.to_arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as saved:
        resumed = streaming.initial_state().restored(dict(saved))
    for state in (branch, resumed):
        rest, _ = in_blocks(streaming, x[half:], random_sizes(7, largest_block), state)
        np.testing.assert_array_equal(np.concatenate([given_by_half, rest]), whole)


class EachFrame:
    """Presents a streaming thing that takes one frame (or hop) a step as one that takes any number of them."""

    def __init__(self, streaming: Any, width: int | None = None) -> None:
        self._streaming = streaming
        self._width = width or streaming.dims
        self.rate_hz, self.latency_s, self.dims = streaming.rate_hz, streaming.latency_s, streaming.dims
        self.initial_state = streaming.initial_state

    def step(self, x: FloatArray, state: Any) -> tuple[FloatArray, Any]:
        outputs = []
        for frame in x:
            output, state = self._streaming.step(frame, state)
            outputs.append(output.copy())
        return np.array(outputs).reshape(len(outputs), self._width), state
