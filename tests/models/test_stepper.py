"""The stepper dances from numpy what the model dances from tensors; on CUDA, captured equals eager."""

import numpy as np
import pytest
import torch

from models.step.state_tree import state_leaves, with_leaves
from models.step.steering import Steering
from models.step.stepper import DancerStepper, resolve_device
from models.streaming.streaming_transflower import StreamingTransflower

CONFIG = StreamingTransflower.Config(
    pose_dims=7, music_dims=6, num_styles=3, dims=16, num_layers=1, num_heads=2, window_frames=8, flow_steps=2,
    flow_hidden_dims=16, future_frames=6, future_block_frames=2, spectral_dims=2, beat_column=2, num_seed_poses=2,
)  # fmt: skip


@pytest.fixture
def model():
    torch.manual_seed(0)
    return StreamingTransflower(CONFIG).eval()


def rollout(stepper: DancerStepper, frames: int = 20, steering: Steering | None = None) -> np.ndarray:
    rng = np.random.default_rng(0)
    state = stepper.initial_state(1)
    poses = []
    for frame in range(frames):
        if frame == 10 and steering:
            state = stepper.steer(state, steering)
        music, noise = rng.standard_normal((2, 7)).astype(np.float32)
        pose, state = stepper.step(music[:6], state, noise, 0.9)
        poses.append(pose)
    return np.stack(poses)


def test_stepper_equals_the_model(model):
    rng = np.random.default_rng(0)
    state = model.initial_state(1, 1)
    expected = []
    with torch.no_grad():
        for _ in range(20):
            music, noise = torch.from_numpy(rng.standard_normal((2, 7)).astype(np.float32))
            pose, state = model.step(music[None, :6], state, noise[None], 0.9)
            expected.append(pose[0].numpy())
    np.testing.assert_array_equal(rollout(DancerStepper(model, "cpu")), np.stack(expected))


@pytest.mark.parametrize(
    "steering", [Steering(style=2), Steering(energy_m_s=1.0), Steering(look_ahead_frames=4), Steering(groove=0.5)]
)
def test_steering_takes_effect_from_the_next_frame(model, steering):
    # A fresh model's energy and style differ little from free ones; move the weights so that they matter.
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.2 * torch.randn_like(parameter))
    stepper = DancerStepper(model, "cpu")
    free, steered = rollout(stepper), rollout(stepper, steering=steering)
    np.testing.assert_array_equal(free[:10], steered[:10])
    assert not np.allclose(free[10:], steered[10:])
    np.testing.assert_array_equal(rollout(stepper, steering=Steering()), free)


def test_impossible_requests_are_refused(model):
    stepper = DancerStepper(model, "cpu")
    with pytest.raises(ValueError, match=r"style must lie in 0..2, not 3"):
        stepper.steer(stepper.initial_state(), Steering(style=3))
    with pytest.raises(ValueError, match=r"0..6 frames, not 7"):
        stepper.steer(stepper.initial_state(), Steering(look_ahead_frames=7))


def test_a_flattened_state_is_the_same_state(model):
    state = model.initial_state(1)
    leaves = state_leaves(state)
    again = state_leaves(with_leaves(state, leaves))
    assert len(leaves) > 8
    assert all(a is b for a, b in zip(leaves, again, strict=True))


def test_devices():
    assert resolve_device("cpu").type == "cpu"
    assert resolve_device("auto").type in ("cuda", "mps", "cpu")
    with pytest.raises(ValueError, match="'tpu'"):
        resolve_device("tpu")


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a CUDA device")
def test_a_missing_device_is_named_with_the_way_out():
    with pytest.raises(ValueError, match=r"no cuda device.*--device auto or cpu"):
        resolve_device("cuda")


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device on this machine")
def test_captured_step_equals_eager_on_cuda(model):
    eager = rollout(DancerStepper(model, "cuda", cuda_graph=False), steering=Steering(style=1))
    captured = rollout(DancerStepper(model, "cuda", cuda_graph=True), steering=Steering(style=1))
    np.testing.assert_allclose(captured, eager, atol=1e-5)
