from dataclasses import dataclass

import numpy as np
import pytest

from data.sound.streaming import FloatArray, StreamingState, check_mono_float32, run_offline


@dataclass(eq=False)
class CounterState(StreamingState):
    count: int
    mean: float


@dataclass(eq=False)
class SumState(StreamingState):
    total: FloatArray
    counter: CounterState


class RunningSum:
    rate_hz, latency_s, dims = 1.0, 0.0, 1

    def initial_state(self) -> SumState:
        return SumState(total=np.zeros(1, np.float32), counter=CounterState(count=0, mean=0.5))

    def step(self, x: FloatArray, state: SumState) -> tuple[FloatArray, SumState]:
        output = state.total + np.cumsum(x, dtype=np.float32)
        state.total[:] += x.sum()
        state.counter.count += len(x)
        return output, state


def test_offline_is_the_live_object_fed_everything() -> None:
    np.testing.assert_array_equal(run_offline(RunningSum(), np.ones(3, np.float32)), [1, 2, 3])


def test_a_copy_is_another_stream() -> None:
    state = RunningSum().initial_state()
    branch = state.copy()
    RunningSum().step(np.ones(3, np.float32), branch)
    assert state.total[0] == 0.0
    assert state.counter.count == 0
    assert branch.counter.count == 3


def test_a_state_survives_saving_with_its_types() -> None:
    _, state = RunningSum().step(np.ones(3, np.float32), RunningSum().initial_state())
    again = RunningSum().initial_state().restored(state.to_arrays())
    assert again.total.dtype == np.float32
    assert again.total[0] == 3.0
    assert type(again.counter.count) is int
    assert again.counter.count == 3
    assert type(again.counter.mean) is float


def test_a_state_of_another_configuration_is_refused() -> None:
    arrays = RunningSum().initial_state().to_arrays()
    with pytest.raises(ValueError, match=r"'count'"):
        RunningSum().initial_state().restored({"total": arrays["total"]})
    with pytest.raises(ValueError, match=r"shape \(2,\)"):
        RunningSum().initial_state().restored(arrays | {"total": np.zeros(2)})


def test_integer_sound_is_not_taken_silently() -> None:
    with pytest.raises(ValueError, match="divide int16 by 32768"):
        check_mono_float32(np.zeros(4, np.int16))  # type: ignore[arg-type]
