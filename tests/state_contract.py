"""The one test of states that everything with `initial_state` and `step` passes, whatever it takes and gives.

Who owns a state says `data/sound/streaming.py`: passed to `step` it is given up, so who needs it twice copies it. What
turns arrays into arrays passes `tests/data/streaming_contract.py` besides, which cuts its input into blocks.
"""

import copy
import dataclasses
import pickle
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

Step = Callable[[Any, Any], tuple[Any, Any]]


def verify_states(initial: Callable[[], Any], step: Step, inputs: Sequence[Any]) -> None:
    """Asserts that nothing but the state is remembered, and that the state is a value.

    Args:
        initial: Makes the state before the first input.
        step: Input and state to output and state.
        inputs: So many that the outputs differ.
    """
    half, other = len(inputs) // 2, list(inputs)[::-1]
    whole, _ = outputs(step, inputs, initial())
    reversed_alone, _ = outputs(step, other, initial())
    assert len(whole) > 10
    assert any(not is_same(one, whole[0]) for one in whole), "it always gives the same, which proves nothing"

    # 1. nothing is remembered outside the state: a second run is the first, also beside another stream
    assert_same(outputs(step, inputs, initial())[0], whole, "a second run differs")
    mine, theirs, ours, others = initial(), initial(), [], []
    for one, another in zip(inputs, other, strict=True):
        given, mine = step(one, mine)
        ours.append(copy.deepcopy(given))
        given, theirs = step(another, theirs)
        others.append(copy.deepcopy(given))
    assert_same(ours, whole, "another stream changes this one")
    assert_same(others, reversed_alone, "this stream changes another one")

    # 2. causality: another future changes nothing that was given before
    mixed, _ = outputs(step, [*inputs[:half], *other[half:]], initial())
    assert_same(mixed[:half], whole[:half], "it looks into the future")

    # 3. the state is a value: it keeps its form, and copied or saved it goes on to the bit
    _, at_half = outputs(step, inputs[:half], initial())
    assert type(at_half) is type(initial())
    for name, shape in shapes(initial()).items():
        assert shapes(at_half).get(name, shape) == shape, f"{name} changes its form"
    branches = {"a copy": copy.deepcopy(at_half), "a saved state": pickle.loads(pickle.dumps(at_half))}
    if hasattr(at_half, "copy"):
        branches["its own copy"] = at_half.copy()
    outputs(step, other, copy.deepcopy(at_half))
    for name, state in {**branches, "the state itself": at_half}.items():
        assert_same(outputs(step, inputs[half:], state)[0], whole[half:], f"{name} goes on otherwise")


def outputs(step: Step, inputs: Sequence[Any], state: Any) -> tuple[list[Any], Any]:
    """What comes out, copied at once, since an output may be working memory; and the last state."""
    given = []
    for one in inputs:
        output, state = step(one, state)
        given.append(copy.deepcopy(output))
    return given, state


def parts(value: Any, name: str = "") -> dict[str, Any]:
    """A tree of dataclasses, tuples and mappings as named leaves."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        children = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    elif isinstance(value, Mapping):
        children = {str(key): one for key, one in value.items()}
    elif isinstance(value, list | tuple):
        children = {str(index): one for index, one in enumerate(value)}
    else:
        return {name: value}
    return {key: leaf for child, one in children.items() for key, leaf in parts(one, f"{name}.{child}").items()}


def shapes(state: Any) -> dict[str, tuple[tuple[int, ...], str]]:
    """Of the arrays of a state, by name."""
    return {name: (leaf.shape, str(leaf.dtype)) for name, leaf in parts(state).items() if isinstance(leaf, np.ndarray)}


def is_same(one: Any, other: Any) -> bool:
    """To the bit, NaN included."""
    mine, theirs = parts(one), parts(other)
    return mine.keys() == theirs.keys() and all(_is_same_leaf(leaf, theirs[name]) for name, leaf in mine.items())


def _is_same_leaf(one: Any, other: Any) -> bool:
    if isinstance(one, float | np.ndarray | np.floating):
        return np.array_equal(one, other, equal_nan=True)
    return bool(one == other)


def assert_same(given: Sequence[Any], wanted: Sequence[Any], why: str) -> None:
    assert len(given) == len(wanted)
    for index, (one, other) in enumerate(zip(given, wanted, strict=True)):
        assert is_same(one, other), f"{why}, from step {index} on"
