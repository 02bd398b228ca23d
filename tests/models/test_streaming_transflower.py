"""Stepping one token a frame is the same function as the whole-sequence form the model is trained with."""

from dataclasses import replace

import pytest
import torch

from models.step.dancer import DanceBatch
from models.streaming.streaming_state import StreamingTransflowerState
from models.streaming.streaming_transflower import StreamingTransflower

CONFIG = StreamingTransflower.Config(
    pose_dims=7,
    music_dims=6,
    num_styles=3,
    dims=16,
    num_layers=2,
    num_heads=2,
    window_frames=8,
    flow_steps=2,
    flow_hidden_dims=16,
    future_frames=6,
    future_block_frames=2,
    spectral_dims=2,
    beat_column=2,
    num_seed_poses=2,
)


@pytest.fixture(params=[False, True], ids=["from_the_last_pose", "reverting"])
def model(request) -> StreamingTransflower:
    """A small dancer with weights away from their initial zeros, in float64."""
    torch.manual_seed(0)
    model = StreamingTransflower(replace(CONFIG, reverts_to_mean=request.param)).double()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    model.set_statistics(
        pose_mean=torch.randn(7), pose_std=0.5 + torch.rand(7), change_std=0.02 + 0.02 * torch.rand(7),
        energy_mean=0.5, energy_std=0.2,
    )  # fmt: skip
    model.set_seed_poses(torch.randn(2, 7, dtype=torch.float64))
    return model.eval()


def dance(
    model: StreamingTransflower, music: torch.Tensor, noise: torch.Tensor, state: StreamingTransflowerState
) -> tuple[torch.Tensor, StreamingTransflowerState]:
    poses = []
    for frame in range(music.shape[1]):
        pose, state = model.step(music[:, frame], state, noise[:, frame], 1.0)
        poses.append(pose)
    return torch.stack(poses, 1), state


@torch.no_grad()
def test_what_is_predicted_is_what_a_step_would_do(model):
    """Of a dance that it stepped itself, the noise it was stepped with predicts the very changes."""
    music = 0.3 * torch.randn(2, 12 + CONFIG.future_frames, CONFIG.music_dims, dtype=torch.float64)
    noise = 0.3 * torch.randn(2, 12, CONFIG.pose_dims, dtype=torch.float64)
    state = model.initial_state(2)
    first = state.pose * model.pose_std + model.pose_mean
    danced, _ = dance(model, music[:, :12], noise, state)
    pose = torch.cat([first[:, None], first[:, None], danced], 1)
    ones = torch.ones(2, 12, dtype=torch.float64)
    style = torch.full((2,), CONFIG.num_styles)
    batch = DanceBatch(pose=pose, music=music, style=style, energy=ones, valid=ones)
    changes = (pose.diff(dim=1)[:, 1:] / model.pose_std) / model.change_std
    both = model.predict_changes(batch, torch.stack([noise, torch.randn_like(noise)]))
    torch.testing.assert_close(both[0], changes)
    assert not torch.allclose(both[1], changes, atol=0.1)
    torch.testing.assert_close(model.encode(batch), noise)


@torch.no_grad()
@pytest.mark.parametrize("look_ahead", [0, 3, 4, 6])
def test_stepping_equals_the_sequence_form_past_the_rings_wrap_around(model, look_ahead):
    frames = 5 * CONFIG.window_frames
    music = torch.randn(2, frames + CONFIG.future_frames, CONFIG.music_dims, dtype=torch.float64)
    noise = 0.3 * torch.randn(2, frames + look_ahead, CONFIG.pose_dims, dtype=torch.float64)
    state = replace(
        model.initial_state(2, seed=1),
        style=torch.tensor([0, 2]),
        look_ahead_frames=torch.full((2,), look_ahead),
    )
    # The budget's worth of music is there before the dance starts, as in a delay line.
    for frame in range(look_ahead):
        state = replace(state, music=torch.cat([state.music[:, 1:], music[:, frame : frame + 1]], 1))
    start = (state.pose * model.pose_std + model.pose_mean)[:, None]
    poses, _ = dance(model, music[:, look_ahead : look_ahead + frames], noise, state)
    batch = DanceBatch(
        pose=torch.cat([start, start, poses], 1),
        music=music,
        style=torch.tensor([0, 2]),
        energy=torch.zeros(2, frames, dtype=torch.float64),
        valid=torch.ones(2, frames, dtype=torch.float64),
    )
    torch.testing.assert_close(model.encode(batch, look_ahead), noise[:, :frames], atol=1e-9, rtol=1e-9)


@torch.no_grad()
def test_no_future_frame_changes_the_past(model):
    music, noise = torch.randn(1, 30, 6, dtype=torch.float64), torch.randn(1, 30, 7, dtype=torch.float64)
    poses, _ = dance(model, music, noise, model.initial_state())
    changed = music.clone()
    changed[:, 20:] += 1
    other, _ = dance(model, changed, noise, model.initial_state())
    assert torch.equal(poses[:, :20], other[:, :20])
    assert not torch.allclose(poses[:, 20:], other[:, 20:])


@torch.no_grad()
def test_a_step_leaves_its_state_alone_and_resumes_bit_exactly(model):
    music, noise = torch.randn(1, 24, 6, dtype=torch.float64), torch.randn(1, 24, 7, dtype=torch.float64)
    _, middle = dance(model, music[:, :12], noise[:, :12], model.initial_state())
    first, end = dance(model, music[:, 12:], noise[:, 12:], middle)
    second, _ = dance(model, music[:, 12:], noise[:, 12:], middle)
    assert torch.equal(first, second)
    assert all(a.shape == b.shape for a, b in zip(middle.cache.keys, end.cache.keys, strict=True))


@torch.no_grad()
def test_dancers_of_a_batch_do_not_see_each_other(model):
    music, noise = torch.randn(3, 10, 6, dtype=torch.float64), torch.randn(3, 10, 7, dtype=torch.float64)
    together, _ = dance(model, music, noise, model.initial_state(3))
    alone, _ = dance(model, music[1:2], noise[1:2], model.initial_state(1))
    torch.testing.assert_close(together[1:2], alone)


@torch.no_grad()
@pytest.mark.parametrize("steering", ["style", "energy", "look_ahead_frames"])
def test_steering_changes_the_dance(model, steering):
    music, noise = torch.randn(1, 10, 6, dtype=torch.float64), torch.zeros(1, 10, 7, dtype=torch.float64)
    free = model.initial_state()
    value = {
        "style": torch.tensor([1]),
        "energy": torch.tensor([1.5], dtype=torch.float64),
        "look_ahead_frames": torch.tensor([4]),
    }
    steered = replace(free, **{steering: value[steering]})
    assert not torch.allclose(dance(model, music, noise, free)[0], dance(model, music, noise, steered)[0])


@torch.no_grad()
def test_groove_slows_the_dance_on_the_beat_and_leaves_it_alone_when_the_beat_is_unsure(model):
    """Music columns 2 to 5: cos, sin, tempo, confidence."""
    noise, state = torch.zeros(1, 7, dtype=torch.float64), model.initial_state()
    grooving = replace(state, groove=torch.tensor([0.5], dtype=torch.float64))

    def size_of_change(start, beat, confidence):
        music = torch.tensor([[0.0, 0.0, beat, 0.0, 0.0, confidence]], dtype=torch.float64)
        pose, _ = model.step(music, start, noise)
        return (pose - (start.pose * model.pose_std + model.pose_mean)).norm()

    for beat, factor in ((1.0, 0.5), (-1.0, 1.5)):
        plain, pushed = size_of_change(state, beat, 1.0), size_of_change(grooving, beat, 1.0)
        torch.testing.assert_close(pushed, factor * plain)
    assert size_of_change(grooving, 1.0, 0.0) == size_of_change(state, 1.0, 0.0)


@torch.no_grad()
def test_wild_noise_stays_within_bounds(model):
    music = torch.randn(1, 50, 6, dtype=torch.float64)
    poses, _ = dance(model, music, 1e6 * torch.randn(1, 50, 7, dtype=torch.float64), model.initial_state())
    assert torch.isfinite(poses).all()


@torch.no_grad()
@pytest.mark.parametrize(("reverts", "spread"), [(True, 1.0), (False, 2.7)])
def test_noise_alone_keeps_to_the_spread_of_the_data_if_changes_revert_to_the_mean(reverts, spread):
    """The flow of a fresh dancer hands noise on as it is; a walk of as many steps has the root of their number."""
    torch.manual_seed(0)
    model = StreamingTransflower(replace(CONFIG, reverts_to_mean=reverts)).eval()
    model.change_std.fill_(0.2)
    state = model.initial_state(512)
    for _ in range(200):
        pose, state = model.step(torch.zeros(512, 6), state, torch.randn(512, 7))
    assert pose.std().item() == pytest.approx(spread, rel=0.1)


def test_padding_frames_do_not_change_the_loss_or_its_gradient(model):
    batch = DanceBatch(
        pose=torch.randn(2, 14, 7, dtype=torch.float64),
        music=torch.randn(2, 18, 6, dtype=torch.float64),
        style=torch.tensor([0, 1]),
        energy=torch.rand(2, 12, dtype=torch.float64),
        valid=torch.cat([torch.ones(2, 9), torch.zeros(2, 3)], 1).double(),
    )
    pose = batch.pose.clone()
    pose[:, 11:] = 1e3
    assert torch.equal(model.loss(batch), model.loss(replace(batch, pose=pose)))


def test_every_parameter_learns(model):
    model.train()
    batch = DanceBatch(
        pose=torch.randn(16, 14, 7, dtype=torch.float64),
        music=torch.randn(16, 18, 6, dtype=torch.float64),
        style=torch.randint(0, 3, (16,)),
        energy=torch.rand(16, 12, dtype=torch.float64),
        valid=torch.ones(16, 12, dtype=torch.float64),
    )
    model.loss(batch).backward()
    silent = [name for name, p in model.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
    assert not silent


def test_overfits_one_batch():
    torch.manual_seed(0)
    model = StreamingTransflower(replace(CONFIG, dropout=0.0, history_noise=0.0, history_dropout=0.0))
    time = torch.arange(62) / 8
    pose = torch.stack([torch.sin(time * (1 + k / 7)) for k in range(7)], -1)[None].repeat(4, 1, 1)
    batch = DanceBatch(
        pose=pose,
        music=torch.zeros(4, 66, 6),
        style=torch.zeros(4, dtype=torch.int64),
        energy=torch.ones(4, 60),
        valid=torch.ones(4, 60),
    )
    model.set_statistics(
        pose_mean=torch.zeros(7),
        pose_std=torch.ones(7),
        change_std=torch.full((7,), 0.1),
        energy_mean=1.0,
        energy_std=1.0,
    )
    optimiser = torch.optim.Adam(model.parameters(), 3e-3)
    losses = []
    for _ in range(60):
        optimiser.zero_grad()
        loss = model.loss(batch)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] - 1.5


def test_training_again_drops_the_folded_flow(model):
    stale = model.folded
    model.train()
    assert model.folded is None
    model.eval()
    assert model.folded is not stale


def test_configuration_errors_name_the_value():
    with pytest.raises(ValueError, match="7 of 2"):
        replace(CONFIG, future_frames=7)
    with pytest.raises(ValueError, match="9"):
        replace(CONFIG, spectral_dims=9)
