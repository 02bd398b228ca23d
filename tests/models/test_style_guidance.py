"""Style guidance: frames are drawn from the style's context, extrapolated from that of no style; else all is as was."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from models.files import checkpoint
from models.files.onnx_stepper import OnnxStepper
from models.step.dancer import DanceBatch
from models.step.state_tree import named_leaves, together
from models.step.steering import Steering
from models.step.stepper import DancerStepper
from models.streaming.streaming_transflower import StreamingTransflower
from tests.exported_dancer import export_dancer, rollout
from tests.models.family import make
from tests.models.test_streaming_transflower import CONFIG, dance
from tests.tiny_dancer import write_tiny_dancer
from training.fitting.rollout import roll_out

FRAMES = 4 * CONFIG.window_frames
GUIDED = Steering(style=1, style_guidance=2.5)


@pytest.fixture
def model() -> StreamingTransflower:
    """A small dancer, in float64, whose styles differ."""
    torch.manual_seed(1)
    model = StreamingTransflower(CONFIG).double()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
        model.enter_style.weight.normal_()
    model.set_statistics(
        pose_mean=torch.randn(7), pose_std=0.5 + torch.rand(7), change_std=0.02 + 0.02 * torch.rand(7),
        energy_mean=0.5, energy_std=0.2,
    )  # fmt: skip
    model.set_seed_poses(torch.randn(2, 7, dtype=torch.float64))
    return model.eval()


def heard(batch: int = 1, frames: int = FRAMES) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(2)
    return torch.randn(batch, frames, 6).double(), 0.3 * torch.randn(batch, frames, 7).double()


@torch.no_grad()
@pytest.mark.parametrize("steering", [Steering(style_guidance=4.0), Steering(style=1), Steering(style=1, groove=0.1)])
def test_without_a_style_or_without_guidance_a_dancer_is_computed_once_and_dances_as_ever(model, steering):
    plain = model.steer(model.initial_state(), replace(steering, style_guidance=0.0))
    state = model.steer(model.initial_state(), steering)
    assert state.num_passes == 1
    assert torch.equal(dance(model, *heard(), state)[0], dance(model, *heard(), plain)[0])


@torch.no_grad()
def test_a_guided_dance_is_drawn_from_the_extrapolated_context_past_the_rings_wrap_around(model):
    """Stepped with two rings, judged by the form for whole sequences, which knows of no ring."""
    music, noise = heard()
    state = model.steer(model.initial_state(1, 1), GUIDED)
    start = (state.pose * model.pose_std + model.pose_mean)[:, None]
    poses, _ = dance(model, music, noise, state)
    batch = DanceBatch(
        pose=torch.cat([start, start, poses], 1),
        music=torch.cat([music, torch.zeros(1, CONFIG.future_frames, 6).double()], 1),
        style=torch.tensor([1]),
        energy=torch.zeros(1, FRAMES).double(),
        valid=torch.ones(1, FRAMES).double(),
    )
    standardised = (batch.pose - model.pose_mean) / model.pose_std
    styled, free = (
        model._contexts(standardised, batch.music, replace(model._stage_conditions(batch), style=torch.tensor([style])))
        for style in (1, CONFIG.num_styles)
    )
    change = (standardised[:, 2:] - standardised[:, 1:-1]) / model.change_std
    drawn, _ = model.flow(change, styled + GUIDED.style_guidance * (styled - free))
    torch.testing.assert_close(drawn, noise, atol=1e-9, rtol=1e-9)


@torch.no_grad()
def test_guided_dancers_of_a_batch_are_as_alone_also_beside_one_who_has_no_style(model):
    requests = [Steering(style=style, style_guidance=3.0) for style in (2, None, 0)]
    music, noise = heard(3, 20)
    alone = [model.steer(model.initial_state(1, seed), request) for seed, request in enumerate(requests)]
    all_together = together([model.with_passes(state, 2) for state in alone])
    expected = torch.cat([dance(model, music[i : i + 1], noise[i : i + 1], state)[0] for i, state in enumerate(alone)])
    torch.testing.assert_close(dance(model, music, noise, all_together)[0], expected)


@torch.no_grad()
def test_guidance_comes_and_goes_without_a_jump(model):
    music, noise = heard()
    middle = dance(model, music[:, :20], noise[:, :20], model.steer(model.initial_state(), Steering(style=1)))[1]
    hardly = model.steer(middle, replace(GUIDED, style_guidance=1e-9))
    after = dance(model, music[:, 20:], noise[:, 20:], middle)[0]
    torch.testing.assert_close(dance(model, music[:, 20:], noise[:, 20:], hardly)[0], after, atol=1e-6, rtol=0)
    back = model.steer(hardly, Steering(style=1))
    assert {name: leaf.shape for name, leaf in named_leaves(back).items()} == {
        name: leaf.shape for name, leaf in named_leaves(middle).items()
    }
    torch.testing.assert_close(dance(model, music[:, 20:], noise[:, 20:], back)[0], after, atol=1e-6, rtol=0)


def test_more_guidance_leads_further_from_the_dance_of_no_style(model):
    music, noise = heard()
    with torch.no_grad():
        free = dance(model, music, noise, model.initial_state())[0]
        distances = [
            float((dance(model, music, noise, model.steer(model.initial_state(), request))[0] - free).abs().mean())
            for request in (
                Steering(style=1),
                Steering(style=1, style_guidance=1.0),
                Steering(style=1, style_guidance=4.0),
            )
        ]
    assert distances[0] < distances[1] < distances[2]


@pytest.mark.parametrize("wrong", [-1.0, 8.5, float("nan")])
def test_guidance_out_of_range_is_refused(model, wrong):
    with pytest.raises(ValueError, match=r"style guidance must lie in 0\.\.8"):
        model.steer(model.initial_state(), Steering(style=1, style_guidance=wrong))


def test_dancers_who_cannot_guide_leave_the_request_alone():
    model = make("MoGlow").eval()
    assert not model.guides_style
    state = model.steer(model.initial_state(), Steering(style=1, style_guidance=4.0))
    expected = named_leaves(model.steer(model.initial_state(), Steering(style=1)))
    assert all(torch.equal(leaf, expected[name]) for name, leaf in named_leaves(state).items())


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """The checkpoint of a small streaming dancer, and its export."""
    path = write_tiny_dancer(tmp_path_factory.mktemp("dancer") / "tiny.safetensors")
    return path, export_dancer(path)


STEERINGS = {
    20: Steering(style=0, style_guidance=4.0, groove=0.15),
    60: Steering(style=1, style_guidance=1.0),
    90: Steering(style=1),
    110: Steering(style_guidance=4.0),
}


def test_onnx_runtime_guides_as_pytorch_does_and_says_that_it_can(tiny):
    reference, exported = DancerStepper(checkpoint.load(tiny[0]).model, "cpu"), OnnxStepper(tiny[1])
    music = np.random.default_rng(3).standard_normal((140, exported.music_dims)).astype(np.float32)
    expected = rollout(reference, music, STEERINGS)
    np.testing.assert_allclose(rollout(exported, music, STEERINGS), expected, atol=1e-4, rtol=0)
    plain = {frame: replace(request, style_guidance=0.0) for frame, request in STEERINGS.items()}
    unguided = rollout(exported, music, plain)
    np.testing.assert_array_equal(unguided[:20], rollout(exported, music, STEERINGS)[:20])
    assert not np.allclose(unguided[20:], expected[20:], atol=1e-2)
    guided = exported.steer(exported.initial_state(), STEERINGS[20])
    sizes = {leaf: guided[leaf].shape()[0] for leaf in exported.form.leaves}
    assert {leaf for leaf, size in sizes.items() if size == 2} == set(exported.form.passes) != set()


def test_an_export_without_guidance_is_stepped_as_it_is(tmp_path):
    from tests.models.test_onnx_export import saved

    exported = OnnxStepper(export_dancer(saved(tmp_path / "moglow.safetensors", "MoGlow")))
    assert exported.form.passes == ()
    asked, plain = (exported.steer(exported.initial_state(), Steering(style=1, style_guidance=w)) for w in (4.0, 0.0))
    for leaf in exported.form.leaves:
        np.testing.assert_array_equal(asked[leaf].numpy(), plain[leaf].numpy())


def test_a_batch_dances_what_each_dances_alone_with_guidance_and_correlated_noise(tiny):
    """Roll-outs and the stepper of the stage: live is offline is any batch."""
    from models.step.noise import frame_noise

    model = checkpoint.load(tiny[0]).model
    music = np.random.default_rng(4).standard_normal((3, 25, model.music_dims)).astype(np.float32)
    options = {"style_guidance": 3.0, "noise_correlation": 0.6}
    batch = roll_out(model, music, [1, None, 0], seed=5, **options)
    stepper = DancerStepper(model, "cpu")
    for number, style in enumerate((1, None, 0)):
        request = Steering(style=style, style_guidance=3.0)
        state = stepper.steer(stepper.initial_state(5 + number), request)
        for frame in range(25):
            noise = frame_noise(5 + number, frame, stepper.noise_dims, 0.6)
            vector, state = stepper.step(music[number, frame], state, noise)
            np.testing.assert_allclose(vector, batch[number, frame], atol=1e-4)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device on this machine")
def test_a_graph_is_captured_for_each_form_of_the_step(tiny):
    model = checkpoint.load(tiny[0]).model
    eager, captured = (DancerStepper(model, "cuda", cuda_graph=graph) for graph in (False, True))
    music = np.random.default_rng(3).standard_normal((140, eager.music_dims)).astype(np.float32)
    np.testing.assert_allclose(rollout(captured, music, STEERINGS), rollout(eager, music, STEERINGS), atol=1e-4)
    assert len(captured._captured) == 2
