"""The fast step dances a plan as PyTorch does: the same phrases on the same beats, and the same poses."""

import pickle
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from models.fast_step.fast_stepper import FastStepper, why_not
from models.fast_step.forms import Form
from models.files import checkpoint
from models.files.checkpoint_header import default_path, with_changed_header
from models.step.state_tree import named_leaves, with_leaves
from models.step.steering import Steering
from models.step.stepper import DancerStepper
from tests.exported_dancer import rollout
from tests.models.fast_dances import (
    IN_A_DANCE,
    IN_A_STEP,
    differences,
    noise_of,
    of_last_bits,
    rollout_from,
    steppers,
)
from tests.tiny_dancer import LOOK_AHEAD_FRAMES, POSE_DIMS, write_tiny_planning_dancer
from tests.waiting import GENEROUS_S

SHIPPED = default_path()
UNITS = np.where(np.isin(np.arange(POSE_DIMS), (0, 1, 3)), 30.0, 1.0)
"""Floor velocity and turn rate are given per second, and danced per frame: metres and radians, as the rest is."""
REQUESTS = (
    Steering(style=1),
    Steering(style=0, energy_m_s=0.6, groove=0.15),
    Steering(style=0, look_ahead_frames=4, hold_phrase=True, plan=0.4),
    Steering(look_ahead_frames=LOOK_AHEAD_FRAMES, next_phrase=1, plan=0.9),
    Steering(energy_m_s=0.5, next_phrase=2),
    Steering(plan=0.0, next_phrase=2),
)
SIZES: dict[str, dict[str, Any]] = {
    "odd widths": {"moving_dims": 37, "dims": 15, "num_heads": 3, "told_dims": 7, "plan_dims": 5, "lags": 3},
    "feet are free, one lag, no spectrum": {"plants_feet": False, "lags": 1, "spectral_dims": 0, "num_layers": 2},
    "Student's t, all of the pose": {"degrees": 5.0, "moving_dims": POSE_DIMS, "volatility_kept": 0.8},
    "no future": {"future_frames": 0, "most_beats": 16, "num_phrases": 40, "step_noise_level": 0.02},
}


def music_for(stepper: Any, frames: int, bpm: float = 117.0) -> np.ndarray:
    """Noise with a beat that is nowhere near the border between two frames."""
    music = (0.3 * np.random.default_rng(0).standard_normal((frames, stepper.music_dims))).astype(np.float32)
    angle = 2 * np.pi * (0.31 + np.arange(frames) / 30 * bpm / 60)
    music[:, 116:120] = np.stack(
        [np.cos(angle), np.sin(angle), np.full(frames, np.log2(bpm / 120)), np.ones(frames)], 1
    )
    return music


def steerings_of(fast: FastStepper, every: int) -> dict[int, Steering]:
    """`REQUESTS`, as far as a dancer can look ahead, so many frames apart."""
    most = fast.model.steered.future_frames
    return {every * index: request for index, request in enumerate(REQUESTS) if request.look_ahead_frames <= most}


def assert_same_dance(
    fast: FastStepper, reference: DancerStepper, steerings: Mapping[int, Steering], music: np.ndarray
) -> None:
    """Each step is PyTorch's, and so is the dance, unless PyTorch itself makes another one of a last bit."""
    how: dict[str, Any] = {"music": music, "units": UNITS, "temperature": 0.5, "seed": 4}
    in_a_step, in_a_dance = differences(fast, reference, steerings, len(music), **how)
    assert in_a_step <= IN_A_STEP
    if in_a_dance > IN_A_DANCE:  # feet that begin to stand or to step turn a last bit into more, in PyTorch too
        assert in_a_dance <= 10 * of_last_bits(reference, steerings, **how)  # poses alone change there, once a frame


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_planning_dancer(tmp_path_factory.mktemp("dancer") / "tiny.safetensors", half=True)


@pytest.mark.parametrize("num_frames", [120, pytest.param(300, marks=pytest.mark.long)])
def test_the_shipped_dancer_dances_as_pytorch_steps_it(num_frames: int):
    fast, reference = steppers(SHIPPED)
    further = Steering(style=7, look_ahead_frames=17, next_phrase=1, plan=0.9)
    every = num_frames // 6
    music = music_for(fast, num_frames)
    assert_same_dance(fast, reference, {**steerings_of(fast, every), 3 * every: further}, music)
    for name in ("music_dims", "noise_dims", "num_parameters"):
        assert getattr(fast, name) == getattr(reference, name)


@pytest.mark.filterwarnings("ignore:Initializing zero-element tensors")
@pytest.mark.parametrize(("name", "half"), list(zip(SIZES, (False, True, False, True), strict=True)))
def test_every_size_dances_as_pytorch_steps_it(name: str, half: bool, tmp_path: Path):
    fast, reference = steppers(write_tiny_planning_dancer(tmp_path / "dancer.safetensors", half=half, **SIZES[name]))
    assert_same_dance(fast, reference, steerings_of(fast, every=25), music_for(fast, 150))
    assert fast.num_parameters == reference.num_parameters
    assert fast.noise_dims == reference.noise_dims


@pytest.mark.parametrize("form", ["avx512", "avx2", "plain"])
def test_every_form_dances_the_same(form: Form, tiny: Path):
    fast, reference = steppers(tiny, form)
    assert_same_dance(fast, reference, steerings_of(fast, every=10), music_for(fast, 60))


def phrases_of(fast: FastStepper, music: np.ndarray, request: Steering, change: Steering | None = None) -> list[int]:
    """The phrases of a dance, which is steered otherwise from its middle on."""
    state, phrases = fast.steer(fast.initial_state(1), request), []
    for frame, heard in enumerate(music):
        if change is not None and frame == len(music) // 2:
            state = fast.steer(state, change)
        _, state = fast.step(heard, state, noise_of(fast, frame))
        phrases.append(state.place.phrase)
    return phrases


def test_every_condition_matters(tiny: Path):
    fast = FastStepper(tiny)
    music = music_for(fast, 120)
    free = rollout(fast, music)
    for request in (Steering(style=0), Steering(energy_m_s=0.9), Steering(groove=0.5), Steering(look_ahead_frames=5)):
        assert np.abs(rollout(fast, music, {0: request}) - free).max() > 1e-4
    music = music_for(fast, 600)
    assert {0, 1, 2} <= set(phrases_of(fast, music, Steering()))
    assert set(phrases_of(fast, music, Steering(style=1))) == {1, 3}  # none, at first
    assert set(phrases_of(fast, music, Steering(plan=0.0))) == {3}
    held = Steering(hold_phrase=True)
    assert len(set(phrases_of(fast, music, held))) == 2
    assert len(set(phrases_of(fast, music, held, Steering(hold_phrase=True, next_phrase=1)))) == 3
    with pytest.raises(ValueError, match=r"style must lie in 0\.\.1, not 2"):
        fast.steer(fast.initial_state(), Steering(style=2))


def test_in_silence_and_without_a_beat_there_is_no_plan(tiny: Path):
    fast, reference = steppers(tiny)
    music = music_for(fast, 140)
    music[60:] = 0
    phrases = phrases_of(fast, music, Steering())
    assert phrases[59] < 3
    assert phrases[-1] == 3
    assert_same_dance(fast, reference, {}, music)


def test_states_are_values_that_can_be_saved(tiny: Path):
    fast = FastStepper(tiny)
    music, noise = music_for(fast, 80), [noise_of(fast, frame) for frame in range(80)]
    state = fast.steer(fast.initial_state(1), Steering(style=1, energy_m_s=0.6))
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


def test_dancers_of_a_batch_dance_as_if_each_were_alone(tiny: Path):
    fast = FastStepper(tiny)
    requests = [Steering(), Steering(style=1, groove=0.5), Steering(style=0, look_ahead_frames=3, energy_m_s=0.5)]
    states = [fast.steer(fast.initial_state(seed), request) for seed, request in enumerate(requests)]
    temperatures = [0.5, 1.0, 1.5]
    music = [music_for(fast, 40, bpm) for bpm in (90.0, 117.0, 133.0)]
    alone = [rollout_from(fast, *some) for some in zip(states, music, temperatures, strict=True)]
    for frame in range(40):
        noise = [noise_of(fast, frame)] * 3
        vectors, states = fast.step_together([own[frame] for own in music], states, noise, temperatures)
        for vector, expected in zip(vectors, alone, strict=True):
            assert np.array_equal(vector, expected[frame])


def test_the_leaves_of_a_state_are_those_of_pytorch(tiny: Path):
    fast, reference = steppers(tiny)
    steered = Steering(style=1, energy_m_s=0.4, groove=0.2, look_ahead_frames=2, plan=0.8, next_phrase=1)
    theirs, own = reference.steer(reference.initial_state(1), steered), fast.steer(fast.initial_state(1), steered)
    for frame, heard in enumerate(music_for(fast, 40)):
        _, theirs = reference.step(heard, theirs, noise_of(fast, frame))
        _, own = fast.step(heard, own, noise_of(fast, frame))
    leaves, expected = fast.leaves_of(own), named_leaves(theirs)
    assert sorted(leaves) == sorted(expected)
    for name, leaf in expected.items():
        assert leaves[name].shape == leaf.shape
        np.testing.assert_allclose(leaves[name], leaf.numpy(), atol=1e-3, err_msg=name)
    ours = with_leaves(theirs, [torch.from_numpy(np.array(leaves[name])) for name in expected])
    music, noise = music_for(fast, 1)[0], noise_of(fast, 99)
    vector, _ = fast.step(music, own, noise)
    np.testing.assert_allclose(reference.step(music, ours, noise)[0] / UNITS, vector / UNITS, atol=IN_A_STEP)


def test_what_is_no_number_stays_to_be_seen(tiny: Path):
    fast = FastStepper(tiny)
    music, state = music_for(fast, 40), fast.initial_state()
    for frame in range(39):
        _, state = fast.step(music[frame], state, noise_of(fast, frame))
    assert state.place.phrase < 3
    for heard in (
        np.full(fast.music_dims, np.nan, np.float32),
        np.where(np.arange(fast.music_dims) == 3, np.nan, music[-1]),
    ):
        vector, following = fast.step(heard.astype(np.float32), state, noise_of(fast, 0))
        assert np.isnan(vector).any()
        assert np.isnan(fast.step(music[-1], following, noise_of(fast, 1))[0]).any()


def test_files_that_do_not_fit_are_refused_by_name(tiny: Path, tmp_path: Path):
    header = checkpoint.read_header(tiny)
    assert why_not(tiny, header) is None
    config, other = header["model_config"], tmp_path / "other.safetensors"
    other.write_bytes(with_changed_header(tiny, {"model_config": {**config, "num_phrases": 4}}))
    with pytest.raises(ValueError, match=r"other\.safetensors: weights do not fit the configuration, first at '"):
        FastStepper(other)
    for name, change in (
        *(("dims", 15), ("moving_dims", POSE_DIMS + 1), ("future_frames", 5), ("lags", 0), ("degrees", 1.0)),
        *(("plants_feet", 1), ("degrees", "many"), ("num_phrases", 0), ("tempo", 1), ("volatility_kept", float("nan"))),
    ):
        assert "configuration" in str(why_not(tiny, {**header, "model_config": {**config, name: change}})), name
    model = checkpoint.load(tiny).model
    for name, value, reason in (
        ("moving", POSE_DIMS, "its moving dimensions are not in its pose vectors"),
        ("footing.columns", -1, "its legs are not in its pose vectors"),
        ("planner.group", 9, "of choreographies or styles that there are not"),
        ("planner.beats", 9, "its phrases are not of up to 8 beats"),
    ):
        kept = model.get_buffer(name).clone()
        model.get_buffer(name)[0] = value
        checkpoint.save(
            other, model, {key: header[key] for key in header if key not in ("model_class", "model_config")}
        )
        with pytest.raises(ValueError, match=rf"other\.safetensors: .*{reason}.*; train it again"):
            FastStepper(other)
        model.get_buffer(name).copy_(kept)


def test_neither_pytorch_nor_numba_is_loaded_to_dance(tiny: Path):
    code = (
        "import sys; from pathlib import Path; import numpy as np\n"
        "from models.fast_step.fast_stepper import FastStepper\n"
        "stepper = FastStepper(Path(sys.argv[1])); state = stepper.initial_state()\n"
        "music, noise = np.zeros(stepper.music_dims, 'f'), np.zeros(stepper.noise_dims, 'f')\n"
        "for _ in range(3): vector, state = stepper.step(music, state, noise)\n"
        "sys.exit(([name for name in ('torch', 'numba', 'onnxruntime', 'scipy') if name in sys.modules] or 0))"
    )
    FastStepper(tiny)  # compiled by now
    subprocess.run([sys.executable, "-c", code, tiny], check=True, timeout=4 * GENEROUS_S)
