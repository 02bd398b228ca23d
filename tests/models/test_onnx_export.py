"""An exported step dances in ONNX Runtime what the model dances in PyTorch, however it is steered."""

import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import onnx
import pytest

from data.music import synthesise
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig
from models.files import checkpoint
from models.files.checkpoint_header import default_path, read_header
from models.files.onnx_export import export_step, largest_differences
from models.files.onnx_step import STATES_KEY, STEP_KEY, states_from_text
from models.files.onnx_stepper import OnnxStepper
from models.step.steering import Steering
from models.step.stepper import DancerStepper
from tests.exported_dancer import CHECKED_FRAMES, export_dancer, rollout
from tests.models.dancer_metadata import METADATA
from tests.models.family import AHEAD, make, music
from tests.tiny_dancer import write_tiny_dancer

STEERINGS = {
    0: Steering(groove=0.15),
    80: Steering(style=0, energy_m_s=0.6, groove=0.15),
    160: Steering(style=1, look_ahead_frames=6, groove=0.6),
    240: Steering(),
}


def saved(path: Path, name: str, **changes) -> Path:
    metadata = {**METADATA, "look_ahead_frames": AHEAD}
    checkpoint.save(path, make(name, **changes).eval(), metadata)
    return path


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """The checkpoint of a small streaming dancer, and its export."""
    path = write_tiny_dancer(tmp_path_factory.mktemp("dancer") / "tiny.safetensors")
    return path, export_dancer(path)


@pytest.mark.slow
@pytest.mark.long
def test_the_default_dancer_dances_the_same_for_300_frames(tmp_path):
    """The short form is `test_planning_transflower.py::test_an_exported_step_dances_the_same`: its class, small."""
    path = Path(shutil.copy(default_path(), tmp_path))
    reference, exported = DancerStepper(checkpoint.load(path).model, "cpu"), OnnxStepper(export_dancer(path))
    song = synthesise("house", 120.0, 24, 1, sample_rate_hz=24_000)
    features = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=24_000, rate_hz=30))
    heard = np.array(features.step(song.samples, features.initial_state())[0], np.float32)[:300]
    assert len(heard) == 300
    for seed, temperature, frames in ((1, 1.0, 300), (6, 0.6, 120)):
        expected = rollout(reference, heard[:frames], STEERINGS, seed=seed, temperature=temperature)
        danced = rollout(exported, heard[:frames], STEERINGS, seed=seed, temperature=temperature)
        assert np.ptp(expected, axis=0).max() > 0.2  # it dances
        np.testing.assert_allclose(danced, expected, atol=1e-4, rtol=0)
    assert exported.form.largest_step_difference <= exported.form.largest_difference < 1e-4
    assert exported.form.checked_frames == CHECKED_FRAMES
    assert exported.num_parameters == reference.num_parameters


def test_every_request_takes_effect_from_the_next_frame(tiny):
    stepper = OnnxStepper(tiny[1])
    heard = np.random.default_rng(3).standard_normal((30, stepper.music_dims)).astype(np.float32)
    free = rollout(stepper, heard)
    for request in ({"style": 1}, {"energy_m_s": 1.2}, {"look_ahead_frames": 4}, {"groove": 0.8}):
        steered = rollout(stepper, heard, {10: Steering(**request)})
        np.testing.assert_array_equal(steered[:10], free[:10])
        assert not np.allclose(steered[10:], free[10:], atol=1e-5), request
    np.testing.assert_array_equal(rollout(stepper, heard, {10: Steering()}), free)
    with pytest.raises(ValueError, match=r"style must lie in 0..1, not 2"):
        stepper.steer(stepper.initial_state(), Steering(style=2))
    with pytest.raises(ValueError, match=r"0..6 frames, not 7"):
        stepper.steer(stepper.initial_state(), Steering(look_ahead_frames=7))


def test_a_step_leaves_the_state_as_it_was_and_seeds_choose_the_first_pose(tiny):
    stepper = OnnxStepper(tiny[1])
    model = checkpoint.load(tiny[0]).model
    state = stepper.initial_state(1)
    before = {name: value.numpy().copy() for name, value in state.items()}
    noise, heard = np.ones(stepper.noise_dims, np.float32), np.ones(stepper.music_dims, np.float32)
    first, after = stepper.step(heard, state, noise)
    again, _ = stepper.step(heard, state, noise)
    np.testing.assert_array_equal(first, again)
    assert {name: (v.shape(), v.data_type()) for name, v in state.items()} == {
        name: (v.shape(), v.data_type()) for name, v in after.items()
    }
    for name, value in state.items():
        np.testing.assert_array_equal(value.numpy(), before[name])
    for seed in range(4):
        pose = stepper.initial_state(seed)["pose"].numpy()
        np.testing.assert_array_equal(pose, model.initial_state(1, seed).pose.numpy())
    assert not np.array_equal(stepper.initial_state(0)["pose"].numpy(), stepper.initial_state(1)["pose"].numpy())


def test_a_model_with_tokens_labels_memory_and_two_outputs(tmp_path):
    path = saved(tmp_path / "moglow.safetensors", "MoGlow")
    model, exported = checkpoint.load(path).model, OnnxStepper(export_dancer(path))
    assert {"labels.style", "memory.0"} <= set(exported.form.leaves)
    heard = music(150)[:, 0].numpy()
    steerings = {30: Steering(style=2), 75: Steering(style=1, look_ahead_frames=AHEAD), 110: Steering()}
    expected = rollout(DancerStepper(model, "cpu"), heard, steerings)
    np.testing.assert_allclose(rollout(exported, heard, steerings), expected, atol=1e-4, rtol=0)
    assert not np.allclose(rollout(exported, heard), expected, atol=1e-2)  # it was steered


def test_mixture_couplings_are_refused_with_the_reason(tmp_path):
    path = saved(tmp_path / "mixtures.safetensors", "Transformerflow, mixtures")
    with pytest.raises(ValueError, match=r"mixtures\.safetensors: its flow couples by mixtures"):
        export_step(checkpoint.load(path))


def test_a_step_of_other_weights_is_seen_to_dance_otherwise(tiny, tmp_path):
    other = checkpoint.load(write_tiny_dancer(tmp_path / "other.safetensors", seed=1)).model
    assert min(largest_differences(other, OnnxStepper(tiny[1]), frames=30)) > 1e-2


def test_the_file_holds_all_that_the_checkpoint_holds(tiny):
    path, exported = tiny
    assert read_header(exported) == read_header(path)
    model = onnx.load(exported)
    onnx.checker.check_model(model, full_check=True)
    assert {entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")} == {20}
    assert not [node.op_type for node in model.graph.node if "Random" in node.op_type]
    form = OnnxStepper(exported).form
    assert [entry.name for entry in model.graph.input] == form.inputs
    assert [entry.name for entry in model.graph.output] == form.outputs
    assert form.leaves[:3] == ("pose", "previous_pose", "music")
    assert asdict(form.steered) == asdict(checkpoint.load(path).model.steered)
    with pytest.raises(ValueError, match="PyTorch cannot read an ONNX file"):
        checkpoint.load(exported)


def test_its_ending_may_be_written_in_any_case(tiny, tmp_path):
    path, exported = tiny
    assert read_header(Path(shutil.copy(exported, tmp_path / "DANCER.ONNX"))) == read_header(path)


def test_dancing_needs_no_torch(tiny):
    code = (
        "import sys; from pathlib import Path; from models.files.onnx_stepper import OnnxStepper; import numpy as np\n"
        "from models.step.steering import Steering\n"
        "s = OnnxStepper(Path(sys.argv[1])); state = s.steer(s.initial_state(), Steering(groove=0.2))\n"
        "vector, _ = s.step(np.zeros(s.music_dims, np.float32), state, np.zeros(s.noise_dims, np.float32))\n"
        "assert np.isfinite(vector).all(); sys.exit('torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, tiny[1]], check=True)


def refused(path: Path, match: str) -> None:
    with pytest.raises(ValueError, match=match) as caught:
        OnnxStepper(path)
    assert str(path) in str(caught.value)


def test_damaged_files_are_refused(tiny, tmp_path):
    whole = tiny[1].read_bytes()
    path = tmp_path / "damaged.onnx"
    for cut in (0, 10, 1000, len(whole) // 2, len(whole) - 3):
        path.write_bytes(whole[:cut])
        refused(path, "export it again|export-model")
    for cut in (0, 10, 1000, len(whole) // 2):
        path.write_bytes(whole[:cut])
        with pytest.raises(ValueError, match=r"damaged\.onnx: damaged or no ONNX file"):
            read_header(path)


def rewritten(source: Path, path: Path, change) -> Path:
    model = onnx.load(source)
    change(model, {entry.key: entry for entry in model.metadata_props})
    path.write_bytes(model.SerializeToString())
    return path


def test_files_that_lie_are_refused(tiny, tmp_path):
    path, source = tmp_path / "lies.onnx", tiny[1]

    def forget(model, properties):
        model.metadata_props.remove(properties[STEP_KEY])

    def lose_an_output(model, properties):
        del model.graph.output[-1]

    def other_states(model, properties):
        properties[STATES_KEY].value = properties[STATES_KEY].value[:-30]

    refused(rewritten(source, path, forget), f"lack .*{STEP_KEY}.*export-model")
    refused(rewritten(source, path, lose_an_output), "its outputs are")
    refused(rewritten(source, path, other_states), "initial states are damaged")
    refused(
        rewritten(source, path, lambda model, properties: setattr(properties[STEP_KEY], "value", "{}")), "version None"
    )
    foreign = onnx.load(source)
    del foreign.metadata_props[:]
    path.write_bytes(foreign.SerializeToString())
    with pytest.raises(ValueError, match="no dancer of this project: its properties lack 'transflower'"):
        read_header(path)
    states = states_from_text({entry.key: entry.value for entry in onnx.load(source).metadata_props}[STATES_KEY])
    assert len(states["pose"]) == 2


def test_missing_packages_are_named_with_the_way_out(tiny, monkeypatch):
    for name in ("onnxruntime", "onnxscript"):
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, name, None)
            with pytest.raises(ValueError, match=rf"{name} is not installed: pip install .*\.\[onnx\]"):
                export_step(checkpoint.load(tiny[0]))
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ValueError, match="onnxruntime is not installed"):
        OnnxStepper(tiny[1])
