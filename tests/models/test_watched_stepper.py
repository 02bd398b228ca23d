"""Where a dancer looks is what its forward pass really did: weights times values are the layer's own output."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from models.fast_step.fast_stepper import FastStepper
from models.files.checkpoint import MODEL_CLASSES, load
from models.networks.attention import Attention, attention_weights, watched_attention
from models.step.noise import frame_noise
from models.step.stepper import DancerStepper
from models.watched_stepper import FRAME, TO_COME, SteppedBeside, WatchedStepper
from tests.models.family import AHEAD, PAST, config
from tests.tiny_dancer import MUSIC_DIMS, write_tiny_dancer, write_tiny_planning_dancer

WINDOW = 8


def streaming(folder: Path) -> DancerStepper:
    return DancerStepper(load(write_tiny_dancer(folder / "tiny.safetensors")).model, "cpu")


def window(name: str) -> DancerStepper:
    torch.manual_seed(0)
    model = MODEL_CLASSES[name.split(",")[0]](config(name))
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    return DancerStepper(model, "cpu")


def dance(stepper: DancerStepper | WatchedStepper | FastStepper | SteppedBeside, steps: int = 20) -> np.ndarray:
    """The poses of some steps to noise."""
    state, poses = stepper.initial_state(1), []
    music = np.random.default_rng(3).normal(size=(steps, stepper.music_dims)).astype(np.float32)
    for frame in range(steps):
        if isinstance(stepper, WatchedStepper):
            stepper.row = frame
        pose, state = stepper.step(music[frame], state, frame_noise(0, frame, stepper.noise_dims))
        poses.append(pose)
    return np.stack(poses)


@pytest.mark.parametrize("name", ["StreamingTransflower", "Transflower", "Transformer"])
def test_weights_times_values_are_what_the_layer_put_out(name: str, tmp_path: Path) -> None:
    stepper = streaming(tmp_path) if name == "StreamingTransflower" else window(name)
    compared = []

    def compare(module, arguments, output):
        q, k, v, bias = arguments
        weights = attention_weights(q, k, bias)
        torch.testing.assert_close(weights.sum(-1), torch.ones_like(weights[..., 0]), rtol=0, atol=1e-6)
        torch.testing.assert_close(weights @ v, output, rtol=0, atol=1e-6)
        compared.append(weights)

    for module in stepper.model.modules():
        if isinstance(module, Attention):
            module.register_forward_hook(compare)
    dance(stepper, 12)
    assert len(compared) >= 12


@pytest.mark.parametrize(
    "name", ["StreamingTransflower", "Transflower", "Transformer", "FlowMatcher", "ResidualFlower"]
)
def test_watching_changes_no_pose_and_leaves_nothing_behind(name: str, tmp_path: Path) -> None:
    stepper = streaming(tmp_path) if name == "StreamingTransflower" else window(name)
    alone = dance(stepper)
    watched = WatchedStepper(stepper)
    np.testing.assert_array_equal(dance(watched), alone)
    assert sorted(watched.weights) == list(range(20))
    for weights in watched.weights.values():
        assert weights.shape == (len(watched.field.kinds),)
        assert weights.sum() == pytest.approx(1.0, abs=1e-5)
    assert not any(module._forward_hooks for module in stepper.model.modules())


def test_a_streaming_dancer_looks_at_ages_also_past_the_rings_wrap_around(tmp_path: Path) -> None:
    stepper = streaming(tmp_path)
    bias = stepper.model.transformer.age_bias.bias
    with torch.no_grad():
        bias.fill_(-40.0)
        bias[:, 3] = 40.0  # so that only what is three frames old is seen
    watched = WatchedStepper(stepper)
    dance(watched)
    assert watched.field.kinds == (FRAME,) * WINDOW
    assert watched.field.offsets == tuple(-age for age in range(WINDOW))
    for frame in range(3, 20):
        assert watched.weights[frame].argmax() == 3, frame
    young = watched.weights[1]  # two frames are there: nothing older can be seen
    assert young[:2].sum() == pytest.approx(1.0, abs=1e-6)


def test_a_window_dancer_looks_at_modalities_at_their_times() -> None:
    stepper = window("Transflower")
    cross = stepper.model.encoder.cross[0]
    watched = WatchedStepper(stepper)
    kinds, offsets = watched.field.kinds, watched.field.offsets
    assert set(kinds) == {TO_COME, "pose", "audio", "onset", "chord", "style"}
    pose = [offset for kind, offset in zip(kinds, offsets, strict=True) if kind == "pose"]
    audio = [offset for kind, offset in zip(kinds, offsets, strict=True) if kind == "audio"]
    assert pose == list(range(-PAST, 0))
    assert audio == list(range(-PAST, AHEAD + 1))
    assert [offset for kind, offset in zip(kinds, offsets, strict=True) if kind == "style"] == [None]
    with torch.no_grad():
        cross.bias.by_pair.fill_(-40.0)
        groups = len(stepper.model.layout.inputs) + 1
        cross.bias.by_pair[:, [group * groups + 3 for group in range(groups)]] = 40.0  # everybody looks at group 3
        cross.bias.by_gap.zero_()
    dance(watched, 3)
    onset = np.array([kind == "onset" for kind in kinds])
    assert watched.weights[2][onset].sum() == pytest.approx(1.0, abs=1e-5)


def test_layers_and_heads_can_be_chosen_and_their_mean_is_all() -> None:
    stepper = window("Transformer")
    everything = WatchedStepper(stepper)
    dance(everything, 4)
    parts = []
    for layer in range(2):
        for head in range(2):
            one = WatchedStepper(stepper, layer, head)
            dance(one, 4)
            parts.append(one.weights[3])
    np.testing.assert_allclose(np.mean(parts, axis=0), everything.weights[3], atol=1e-6)
    assert np.abs(parts[0] - parts[3]).max() > 1e-3
    with pytest.raises(ValueError, match="layers 0 to 1"):
        WatchedStepper(stepper, 2)


def test_who_has_no_attention_or_does_not_show_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="MoGlow has no attention"):
        WatchedStepper(window("MoGlow"))
    with pytest.raises(ValueError, match="ONNX Runtime does not show"):
        WatchedStepper(object())


def test_the_weights_of_a_part_come_in_the_order_of_its_layers(tmp_path: Path) -> None:
    stepper = streaming(tmp_path)
    with watched_attention(stepper.model) as seen:
        state = stepper.initial_state(0)
        stepper.step(np.zeros(MUSIC_DIMS, np.float32), state, frame_noise(0, 0, stepper.noise_dims))
    assert [tuple(weights.shape) for weights in seen] == [(1, 2, 1, WINDOW)]


@pytest.mark.parametrize("write", [write_tiny_dancer, write_tiny_planning_dancer])
def test_beside_the_fast_step_pytorch_looks_from_where_it_is(write: Callable[[Path], Path], tmp_path: Path) -> None:
    path = write(tmp_path / "tiny.safetensors")
    watched = WatchedStepper(DancerStepper(load(path).model, "cpu"))
    alone = FastStepper(path)
    np.testing.assert_array_equal(dance(SteppedBeside(FastStepper(path), watched), 1), dance(alone, 1))
    state, beside = alone.initial_state(1), SteppedBeside(alone, watched)
    music = np.random.default_rng(3).normal(size=(20, alone.music_dims)).astype(np.float32)
    for frame in range(20):
        watched.row = frame
        _, state = beside.step(music[frame], state, frame_noise(0, frame, alone.noise_dims))
    for frame in (3, 19):
        assert watched.weights[frame].shape == (WINDOW,)
        assert watched.weights[frame].sum() == pytest.approx(1, abs=1e-5)
    assert (watched.weights[3][4:] == 0).all()  # before the first frame there is nothing to look at
    assert (watched.weights[19] > 0).all()
