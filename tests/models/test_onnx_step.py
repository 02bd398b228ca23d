"""What stands beside the graph in an .onnx file is read back whole, without ONNX, or refused."""

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.files.onnx_properties import read_properties
from models.files.onnx_step import StepForm, states_from_text, states_to_text
from models.step.steering import SteeredLeaves, Steering

STEERED = SteeredLeaves(leaves={"style": "labels.style", "energy_m_s": "energy"}, num_styles=3, future_frames=4)
FORM = StepForm(
    leaves=("pose", "labels.style", "energy"), steered=STEERED, num_parameters=7, checked_frames=300,
    largest_step_difference=1e-6, largest_difference=2e-6, torch="2.13.0",
)  # fmt: skip


def test_a_form_names_inputs_and_outputs_and_comes_back():
    assert FORM.inputs[3:] == ["state.pose", "state.labels.style", "state.energy"]
    assert FORM.outputs == ["pose_vector", "next_state.pose", "next_state.labels.style", "next_state.energy"]
    assert StepForm.from_text(FORM.to_text()) == FORM


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('"step_version": 1', '"step_version": 2', "version 2, this program reads version 1"),
        ('"leaves": ["pose"', '"feuilles": ["pose"', "not described"),
        ('"num_styles": 3', '"num_styles": null', "no list of steered leaves"),
        ('"energy_m_s"', '"joy"', r"steers \['joy'\]"),
        ("{", "", "Extra data|Expecting|delimiter"),
    ],
)
def test_a_form_that_makes_no_sense_is_refused(before, after, message):
    text = FORM.to_text()
    assert before in text
    with pytest.raises(ValueError, match=message):
        StepForm.from_text(text.replace(before, after, 1))


def test_requests_become_numbers_and_impossible_ones_are_refused():
    values = STEERED.values(Steering(style=2, energy_m_s=0.5, groove=0.3))
    assert values == {"labels.style": 2, "energy": 0.5}
    free = STEERED.values(Steering())
    assert free["labels.style"] == 3
    assert np.isnan(free["energy"])
    with pytest.raises(ValueError, match=r"style must lie in 0..2, not 3"):
        STEERED.values(Steering(style=3))
    with pytest.raises(ValueError, match=r"0..4 frames, not 5"):
        STEERED.values(Steering(look_ahead_frames=5))


def test_initial_states_come_back_and_what_all_seeds_share_is_kept_once():
    states = {
        "pose": np.arange(6, dtype=np.float32).reshape(2, 3),
        "energy": np.full((2, 1), np.nan, np.float32),
        "cache.num_frames": np.zeros(2, np.int64),
        "cache.keys.0": np.zeros((2, 100, 100), np.float32),
    }
    text = states_to_text(states)
    assert len(text) < 2500
    read = states_from_text(text)
    assert [array.shape for array in read.values()] == [(2, 3), (1, 1), (1,), (1, 100, 100)]
    for name, array in read.items():
        assert array.dtype == states[name].dtype
        np.testing.assert_array_equal(np.broadcast_to(array, states[name].shape), states[name])


@pytest.mark.parametrize("damage", [lambda text: "", lambda text: text[:40], lambda text: "?" + text[1:]])
def test_damaged_initial_states_are_refused(damage):
    text = states_to_text({"pose": np.ones((1, 3), np.float32)})
    with pytest.raises(ValueError, match="initial states are damaged"):
        states_from_text(damage(text))


@pytest.fixture(scope="module")
def model():
    """A graph that adds, with weights, and with properties as a dancer has."""
    weights = onnx.numpy_helper.from_array(np.ones((64, 3), np.float32), "w")
    x, y = (onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [64, 3]) for name in "xy")
    graph = onnx.helper.make_graph([onnx.helper.make_node("Add", ["x", "w"], ["y"])], "adds", [x], [y], [weights])
    made = onnx.helper.make_model(graph, producer_name="test", doc_string="é" * 200)
    onnx.helper.set_model_props(made, {"transflower": "ü" * 1000, "empty": "", "other": "text"})
    return made


def test_properties_are_those_that_onnx_reads(model, tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(model.SerializeToString())
    assert read_properties(path) == {entry.key: entry.value for entry in onnx.load(path).metadata_props}


def test_a_cut_file_is_refused_or_lacks_properties_but_never_lies(model, tmp_path):
    path = tmp_path / "model.onnx"
    whole = model.SerializeToString()
    expected = {entry.key: entry.value for entry in model.metadata_props}
    num_refused = 0
    for cut in range(0, len(whole), 3):
        path.write_bytes(whole[:cut])
        try:
            found = read_properties(path)
        except ValueError:
            num_refused += 1
        else:
            assert found.items() <= expected.items()
            assert len(found) < len(expected)
    assert num_refused > 0.95 * len(whole) / 3


@given(data=st.binary(max_size=200))
def test_garbage_raises_nothing_but_value_errors(data, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "garbage.onnx"
    path.write_bytes(data)
    try:
        found = read_properties(path)
    except ValueError:
        return
    assert all(isinstance(value, str) for value in found.values())
