"""The fast step dances as PyTorch does: every size, every request, every form; and its states are values."""

import json
import math
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from models.fast_step import machine_code
from models.fast_step.fast_stepper import FastStepper, why_not
from models.fast_step.forms import Form
from models.fast_step.machine_code import FORM_VARIABLE
from models.fast_step.ring import FrameRing
from models.fast_step.weights import Matrix, StoredWeights
from models.files import checkpoint
from models.files.checkpoint_header import default_path, with_changed_header
from models.step.state_tree import named_leaves, with_leaves
from models.step.steering import Steering
from models.step.stepper import DancerStepper
from models.streaming.streaming_transflower import StreamingTransflower
from tests.exported_dancer import rollout
from tests.models.dancer_metadata import METADATA
from tests.models.fast_dances import IN_A_DANCE, IN_A_STEP, differences, music_for, noise_of, rollout_from, steppers
from tests.waiting import GENEROUS_S

STEERINGS = {
    40: Steering(style=1, energy_m_s=0.8, groove=0.3),
    90: Steering(style=0, style_guidance=2.0),
    140: Steering(style=1, look_ahead_frames=4, style_guidance=0.5, groove=1.0),
    190: Steering(look_ahead_frames=6),
    230: Steering(energy_m_s=0.1),
}
SIZES: dict[str, dict[str, Any]] = {
    "odd widths": {"pose_dims": 37, "music_dims": 19, "dims": 36, "num_heads": 3, "flow_hidden_dims": 45},
    "the mean draws": {"reverts_to_mean": True, "window_frames": 5, "num_layers": 3},
    "no future, no spectrum": {"future_frames": 0, "spectral_dims": 0},
    "one of each": {
        **{"pose_dims": 2, "music_dims": 5, "spectral_dims": 1, "beat_column": 1, "dims": 3, "num_heads": 1},
        **{"num_layers": 1, "window_frames": 1, "flow_steps": 1, "flow_hidden_dims": 1, "num_seed_poses": 1},
    },
    "all spectrum, wide": {"spectral_dims": 16, "dims": 160, "num_heads": 5, "pose_dims": 64, "flow_hidden_dims": 33},
}


def write_dancer(path: Path, *, half: bool = False, seed: int = 0, **changes: Any) -> Path:
    """A random dancer of some size, whose every part matters."""
    torch.manual_seed(seed)
    sizes: dict[str, Any] = {
        **{"pose_dims": 12, "music_dims": 16, "num_styles": 2, "dims": 32, "num_layers": 2, "num_heads": 4},
        **{"window_frames": 16, "flow_steps": 3, "flow_hidden_dims": 24, "future_frames": 6, "future_block_frames": 2},
        **{"spectral_dims": 8, "beat_column": 8, "num_seed_poses": 2},
    }
    model = StreamingTransflower(StreamingTransflower.Config(**{**sizes, **changes}))
    pose_dims = model.config.pose_dims
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
        model.enter_style.weight.normal_()
    model.set_statistics(
        pose_mean=0.3 * torch.randn(pose_dims),
        pose_std=0.1 + torch.rand(pose_dims) / 5,
        change_std=0.05 + torch.rand(pose_dims) / 5,
        energy_mean=0.6,
        energy_std=0.2,
    )
    model.set_seed_poses(model.pose_mean + 0.2 * torch.randn(model.config.num_seed_poses, pose_dims))
    checkpoint.save(path, model.eval(), METADATA, half=half)
    return path


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dancer(tmp_path_factory.mktemp("dancer") / "small.safetensors", half=True)


def steerings_for(reference: DancerStepper) -> dict[int, Steering]:
    """`STEERINGS`, as far as a dancer can look ahead."""
    most = reference.model.steered.future_frames
    return {frame: request for frame, request in STEERINGS.items() if request.look_ahead_frames <= most}


def test_the_dancer_without_a_plan_dances_as_pytorch_steps_it():
    fast, reference = steppers(default_path().with_name("streaming.safetensors"))
    steerings = {**STEERINGS, 190: Steering(look_ahead_frames=17)}
    in_a_step, in_a_dance = differences(fast, reference, steerings)
    assert in_a_step <= IN_A_STEP
    assert in_a_dance <= IN_A_DANCE
    for name in ("music_dims", "noise_dims", "num_parameters"):
        assert getattr(fast, name) == getattr(reference, name)


@pytest.mark.filterwarnings("ignore:Initializing zero-element tensors")
@pytest.mark.parametrize("half", [True, False])
@pytest.mark.parametrize("name", SIZES)
def test_every_size_dances_as_pytorch_steps_it(name: str, half: bool, tmp_path: Path):
    fast, reference = steppers(write_dancer(tmp_path / "dancer.safetensors", half=half, **SIZES[name]))
    in_a_step, in_a_dance = differences(fast, reference, steerings_for(reference))
    assert in_a_step <= IN_A_STEP
    assert in_a_dance <= IN_A_DANCE
    assert fast.num_parameters == reference.num_parameters


def test_every_condition_matters(small: Path):
    fast = FastStepper(small)
    music = music_for(fast, 40)
    free = rollout(fast, music)
    for request in (
        Steering(style=0),
        Steering(style=0, style_guidance=2.0),
        Steering(energy_m_s=0.9),
        Steering(groove=0.5),
        Steering(look_ahead_frames=5),
    ):
        assert np.abs(rollout(fast, music, {0: request}) - free).max() > 1e-3
    with pytest.raises(ValueError, match=r"style must lie in 0\.\.1, not 2"):
        fast.steer(fast.initial_state(), Steering(style=2))


@pytest.mark.parametrize("form", ["avx512", "avx2", "plain"])
def test_every_form_dances_the_same(form: Form, small: Path):
    fast, reference = steppers(small, form)
    in_a_step, in_a_dance = differences(fast, reference, steerings_for(reference), frames=60)
    assert in_a_step <= IN_A_STEP
    assert in_a_dance <= IN_A_DANCE
    assert machine_code.FORM_TITLES[form] in fast.device_name


def test_states_are_values_that_can_be_saved(small: Path):
    fast = FastStepper(small)
    music, rng = music_for(fast, 80), np.random.default_rng(2)
    noise = rng.standard_normal((80, fast.noise_dims)).astype(np.float32)
    state = fast.steer(fast.initial_state(1), Steering(style=1, style_guidance=1.0))
    states, vectors = [state], []
    for frame in range(80):
        vector, state = fast.step(music[frame], state, noise[frame])
        states.append(state)
        vectors.append(vector)
    for frame in (70, 3, 41, 0, 41):  # whatever went on from it before, in whatever order
        saved = pickle.loads(pickle.dumps(states[frame]))
        through_leaves = fast.state_of(fast.leaves_of(states[frame]))
        for again in (states[frame], saved, through_leaves):
            for later in range(frame, min(frame + 20, 80)):
                vector, again = fast.step(music[later], again, noise[later])
                assert np.array_equal(vector, vectors[later])


def test_dancers_of_a_batch_dance_as_if_each_were_alone(small: Path):
    fast = FastStepper(small)
    requests = [Steering(), Steering(style=1, style_guidance=2.0), Steering(style=0, look_ahead_frames=3)]
    states = [fast.steer(fast.initial_state(seed), request) for seed, request in enumerate(requests)]
    temperatures = [0.5, 1.0, 1.5]
    music = [music_for(fast, 30, seed) for seed in range(3)]
    alone = [rollout_from(fast, *some) for some in zip(states, music, temperatures, strict=True)]
    for frame in range(30):
        noise = [noise_of(fast, frame)] * 3
        vectors, states = fast.step_together([own[frame] for own in music], states, noise, temperatures)
        for vector, expected in zip(vectors, alone, strict=True):
            assert np.array_equal(vector, expected[frame])


def test_the_leaves_of_a_state_are_those_of_pytorch(small: Path):
    fast, reference = steppers(small)
    steered = Steering(style=1, energy_m_s=0.4, groove=0.2, style_guidance=1.5, look_ahead_frames=2)
    theirs, own = reference.steer(reference.initial_state(1), steered), fast.steer(fast.initial_state(1), steered)
    for frame, heard in enumerate(music_for(fast, 40)):
        _, theirs = reference.step(heard, theirs, noise_of(fast, frame))
        _, own = fast.step(heard, own, noise_of(fast, frame))
    leaves = fast.leaves_of(own)
    expected = named_leaves(theirs)
    assert sorted(leaves) == sorted(expected)
    for name, leaf in expected.items():
        assert leaves[name].shape == leaf.shape
        np.testing.assert_allclose(leaves[name], leaf.numpy(), atol=1e-4, err_msg=name)
    ours = with_leaves(theirs, [torch.from_numpy(np.array(leaves[name])) for name in expected])
    music, noise = music_for(fast, 1)[0], noise_of(fast, 99)
    np.testing.assert_allclose(reference.step(music, ours, noise)[0], fast.step(music, own, noise)[0], atol=IN_A_STEP)


def test_what_is_no_number_stays_to_be_seen(small: Path):
    fast = FastStepper(small)
    music = np.full(fast.music_dims, np.nan, np.float32)
    vector, _ = fast.step(music, fast.initial_state(), noise_of(fast, 0))
    assert np.isnan(vector).any()


def test_a_ring_shares_its_room_until_it_is_full_or_forks():
    ring = FrameRing.empty(layers=1, window_frames=4, dims=2)
    rings = [ring]
    for frame in range(100):
        ring = ring.extended()
        ring.buffer.frames[:, :, ring.newest] = frame
        rings.append(ring)
    assert len({id(own.buffer) for own in rings}) < 5
    for count, own in enumerate(rings):
        seen = own.visible()[0, 0, :, 0].tolist()
        assert seen == [float(frame) for frame in range(max(0, count - 4), count)]
    other = rings[50].extended()
    assert other.buffer is not rings[51].buffer
    other.buffer.frames[:, :, other.newest] = -1
    assert rings[51].visible()[0, 0, :, 0].tolist() == [47.0, 48.0, 49.0, 50.0]
    assert other.visible()[0, 0, :, 0].tolist() == [47.0, 48.0, 49.0, -1.0]


def test_a_matrix_is_bfloat16_only_where_nothing_is_lost():
    whole = np.array([[1.5, -2.0], [0.25, 3.0], [0.0, 1.0]], np.float32)
    assert not Matrix.of(whole).is_wide
    assert np.array_equal(Matrix.of(whole).widened(), whole)
    fine = whole + np.float32(1e-4)
    assert Matrix.of(fine).is_wide
    assert np.array_equal(Matrix.of(fine).widened(), fine)


# ---- files that cannot be danced -----------------------------------------------------------------------------------


def test_files_that_do_not_fit_are_refused_by_name(small: Path, tmp_path: Path):
    header = checkpoint.read_header(small)
    other = tmp_path / "other.safetensors"
    config = {**header["model_config"], "num_layers": 3}
    other.write_bytes(with_changed_header(small, {"model_config": config}))
    with pytest.raises(ValueError, match=r"other\.safetensors: weights do not fit the configuration, first at 'trans"):
        FastStepper(other)
    other.write_bytes(with_changed_header(small, {"model_config": {**header["model_config"], "tempo": 1}}))
    with pytest.raises(ValueError, match="does not know this configuration"):
        FastStepper(other)
    for name, change in (("dims", 31), ("pose_dims", 1), ("future_frames", -2), ("num_heads", 0), ("dims", "wide")):
        config = {**header["model_config"], name: change}
        assert "configuration" in str(why_not(small, {**header, "model_config": config}))
    other.write_bytes(with_changed_header(small, {"model_class": "MoGlow"}))
    with pytest.raises(ValueError, match="does not know a MoGlow"):
        FastStepper(other)
    assert "onnx" in str(why_not(Path("dancer.onnx"), header))


@pytest.mark.parametrize("half", [True, False])
def test_weights_that_are_not_finite_are_refused(half: bool, tmp_path: Path):
    path = write_dancer(tmp_path / "broken.safetensors", half=half)
    model = checkpoint.load(path).model
    with torch.no_grad():
        model.get_parameter("flow.condition.weight")[3, 4] = math.inf
    checkpoint.save(path, model, METADATA, half=half)
    with pytest.raises(ValueError, match=r"not finite, first at 'flow\.condition\.weight'; train it again"):
        FastStepper(path)


def test_half_precision_of_another_kind_is_read_too(small: Path, tmp_path: Path):
    content = small.read_bytes()
    size = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:size])
    name = "enter_energy.bias"
    entry = header[name]
    begin, end = (size + offset for offset in entry["data_offsets"])
    bias = np.frombuffer(content[begin:end], np.float32)
    half = np.concatenate([bias.astype(np.float16), np.zeros(len(bias), np.float16)])
    entry["dtype"], entry["data_offsets"][1] = "F16", entry["data_offsets"][0] + 2 * len(bias)
    text = json.dumps(header).encode()
    path = tmp_path / "half.safetensors"
    path.write_bytes(len(text).to_bytes(8, "little") + text + content[size:begin] + half.tobytes() + content[end:])
    shapes = {key: tuple(value["shape"]) for key, value in header.items() if key != "__metadata__"}
    assert np.array_equal(StoredWeights(path, shapes)[name], bias.astype(np.float16).astype(np.float32))


# ---- machine code ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("nothing_prebuilt")
def test_machine_code_is_compiled_once_and_anew_if_it_is_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    code, compile_kernel, compiled = machine_code.prepare(), machine_code.compiled_apart, 0

    def count(wanted: machine_code.CodeTarget) -> bytes:
        nonlocal compiled
        compiled += 1
        return compile_kernel(wanted) if compiled == 2 else code

    monkeypatch.setattr(machine_code, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(machine_code, "compiled_apart", count)
    assert not machine_code.is_ready()
    assert machine_code.prepare() == machine_code.prepare() == code
    assert (machine_code.is_ready(), compiled) == (True, 1)
    (kept,) = (tmp_path / "cache").iterdir()
    content = kept.read_bytes()
    for damaged in (content[:-1] + b"?", b"", content[:100], b"?" + content[1:]):
        kept.write_bytes(damaged)
        assert not machine_code.is_ready()
        assert machine_code.prepare() == code
        assert kept.read_bytes() == content
    assert compiled == 5


@pytest.mark.usefixtures("nothing_prebuilt")
def test_what_older_versions_compiled_does_not_pile_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    code = machine_code.prepare()
    monkeypatch.setattr(machine_code, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(machine_code, "compiled_apart", lambda _: code)
    for number in range(40):
        (tmp_path / f"older-{number}.o").write_bytes(b"older")
        os.utime(tmp_path / f"older-{number}.o", (number, number))
    machine_code.prepare()
    assert machine_code.is_ready()
    assert len(list(tmp_path.iterdir())) < 20
    assert (tmp_path / "older-39.o").exists()


@pytest.mark.usefixtures("nothing_prebuilt")
def test_a_cache_that_cannot_be_written_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").write_bytes(b"in the way")
    code = machine_code.prepare()
    monkeypatch.setattr(machine_code, "cache_folder", lambda: tmp_path / "file" / "cache")
    monkeypatch.setattr(machine_code, "compiled_apart", lambda _: code)
    monkeypatch.setattr(machine_code, "_unkept", {})
    assert machine_code.prepare() == code


def test_the_form_can_be_chosen_and_the_fast_step_switched_off(small: Path, monkeypatch: pytest.MonkeyPatch):
    header = checkpoint.read_header(small)
    try:
        for value, expected in (("plain", None), ("off", f"{FORM_VARIABLE} is off"), ("fastest", "is 'fastest', not")):
            monkeypatch.setenv(FORM_VARIABLE, value)
            machine_code.target.cache_clear()
            reason = why_not(small, header)
            assert reason is None if expected is None else expected in str(reason)
            if expected is None:
                assert "plain form" in FastStepper(small).device_name
    finally:
        monkeypatch.undo()
        machine_code.target.cache_clear()


@pytest.mark.usefixtures("nothing_prebuilt")
def test_a_compiler_that_fails_is_reported_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(machine_code, "cache_folder", lambda: tmp_path)
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho first >&2; echo no space left >&2; exit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    with pytest.raises(machine_code.UnavailableError, match=r"could not be compiled \(no space left\)"):
        machine_code.prepare()


def test_neither_pytorch_nor_numba_is_loaded_to_dance(small: Path):
    code = (
        "import sys; from pathlib import Path; import numpy as np\n"
        "from models.fast_step.fast_stepper import FastStepper\n"
        "stepper = FastStepper(Path(sys.argv[1])); state = stepper.initial_state()\n"
        "music, noise = np.zeros(stepper.music_dims, 'f'), np.zeros(stepper.noise_dims, 'f')\n"
        "for _ in range(3): vector, state = stepper.step(music, state, noise)\n"
        "sys.exit(([name for name in ('torch', 'numba', 'onnxruntime', 'scipy') if name in sys.modules] or 0))"
    )
    FastStepper(small)  # compiled by now
    subprocess.run([sys.executable, "-c", code, small], check=True, timeout=4 * GENEROUS_S)
