"""Every model of the family trains, steps, steers, and comes back from a checkpoint: one contract."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from models.files import checkpoint
from models.networks.modalities import InputModality, Layout, OutputModality
from models.step.state_tree import state_leaves
from models.step.steering import Steering
from models.step.stepper import DancerStepper
from models.window.residual_flower import ResidualFlower
from models.window.unfolding import single_steps
from tests.models.dancer_metadata import METADATA
from tests.models.family import AHEAD, OPTIONS, PAST, RECURRENT, batch, config, layout, make, music, with_input

ALL = pytest.mark.parametrize("name", sorted(OPTIONS))


def dance(model, frames, state, seed=0, size=1):
    generator = torch.Generator().manual_seed(seed)
    poses = []
    with torch.inference_mode():
        for frame in music(frames, size, seed):
            noise = torch.randn(size, model.noise_dims, generator=generator)
            pose, state = model.step(frame, state, noise, 0.9)
            poses.append(pose)
    return torch.stack(poses), state


@ALL
def test_the_loss_reaches_every_parameter(name):
    model = make(name).train()
    data = batch(model.config)
    model.loss(data)  # actnorm takes its first batch
    model.zero_grad()
    loss = model.loss(data)
    loss.backward()
    assert torch.isfinite(loss)
    # A row of an embedding that the batch does not hold gets no gradient, so tables are asked as a whole.
    unreached = [key for key, p in model.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
    # A bias that is the same for all keys leaves attention as it is; a single token attends to itself alone.
    harmless = ("query_key_value.bias", "by_gap", "by_pair")
    assert not [key for key in unreached if not key.endswith(harmless)]


@ALL
def test_one_batch_is_learned(name):
    model = make(name, history_noise=0.0, label_dropout=0.0).train()
    data = batch(model.config)
    optimiser = torch.optim.Adam(model.parameters(), 5e-3)
    losses = []
    for _ in range(16):
        optimiser.zero_grad()
        loss = model.loss(data)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        losses.append(loss.item())
    assert np.mean(losses[-3:]) < np.mean(losses[:3]) - 0.1


@ALL
def test_a_step_is_pure_and_keeps_the_form_of_the_state(name):
    model = make(name).eval()
    _, state = dance(model, 3, model.initial_state(2, 1), size=2)
    before = [leaf.clone() for leaf in state_leaves(state)]
    noise = torch.randn(2, model.noise_dims)
    with torch.inference_mode():
        first, after = model.step(music(1, 2)[0], state, noise, 1.0)
        again, _ = model.step(music(1, 2)[0], state, noise, 1.0)
    assert all(torch.equal(a, b) for a, b in zip(before, state_leaves(state), strict=True))
    assert torch.equal(first, again)
    assert first.shape == (2, 7)
    assert torch.isfinite(first).all()
    old, new = state_leaves(state), state_leaves(after)
    assert [(x.shape, x.dtype) for x in old] == [(x.shape, x.dtype) for x in new]


@ALL
def test_dancers_of_a_batch_do_not_know_each_other(name):
    model = make(name).eval()
    sound, noise = music(5, 3), torch.randn(5, 3, model.noise_dims)
    together, alone = model.initial_state(3), [model.initial_state(1) for _ in range(3)]
    with torch.inference_mode():
        for frame in range(5):
            poses, together = model.step(sound[frame], together, noise[frame], 1.0)
            for i in range(3):
                pose, alone[i] = model.step(sound[frame, i : i + 1], alone[i], noise[frame, i : i + 1], 1.0)
                torch.testing.assert_close(poses[i : i + 1], pose, atol=1e-4, rtol=1e-4)


@ALL
def test_a_checkpoint_dances_the_same_dance(name, tmp_path):
    model = make(name).eval()
    path = tmp_path / "dancer.safetensors"
    checkpoint.save(path, model, {**METADATA, "look_ahead_frames": AHEAD})
    loaded = checkpoint.load(path).model
    assert loaded.config == model.config
    expected, _ = dance(model, 4, model.initial_state(1, 1))
    danced, _ = dance(loaded, 4, loaded.initial_state(1, 1))
    assert torch.equal(danced, expected)


@ALL
def test_the_window_of_a_step_is_what_training_shows(name):
    """The live window after some frames equals the slice of music and dance that a data set would cut."""
    model = make(name).eval()
    frames, look_ahead = 12, 1
    state = model.steer(model.initial_state(1, 1), Steering(look_ahead_frames=look_ahead, style=2))
    sound = music(frames)
    noise = torch.randn(frames, 1, model.noise_dims)
    danced = [model.seed_poses[1] * model.pose_std + model.pose_mean]
    seen = []
    predict = model.predict
    model.predict = lambda window, *rest: (seen.append(window), predict(window, *rest))[1]
    with torch.inference_mode():
        for frame in range(frames):
            pose, state = model.step(sound[frame], state, noise[frame], 1.0)
            danced.append(pose[0])
    scaled_sound = (sound[:, 0] - model.music_mean) / model.music_std
    scaled_dance = (torch.stack(danced) - model.pose_mean) / model.pose_std
    for number, window in enumerate(seen):  # step `number` dances music frame number - look_ahead
        present = number - look_ahead
        for item in model.layout.heard:
            columns = {"audio": slice(0, 4), "onset": slice(4, 6), "chord": slice(6, 7)}[item.name]
            for i in range(item.frames):
                row = present + item.offset - PAST + i
                is_known = 0 <= row <= number
                assert window.known[item.name][0, i] == is_known
                value = window.inputs[item.name][0, i]
                if item.kind == "discrete":
                    assert value == (int(sound[row, 0, 6]) if is_known else 4)
                else:
                    expected = scaled_sound[row, columns] if is_known else torch.zeros(item.dims)
                    torch.testing.assert_close(value, expected)
        for i in range(PAST):
            row = number - (PAST - 1) + i  # in `danced`, which begins with the seed pose
            is_known = row >= 0
            assert window.known["pose"][0, i] == is_known
            expected = scaled_dance[row, :5] if is_known else torch.zeros(5)
            torch.testing.assert_close(window.inputs["pose"][0, i], expected, atol=1e-5, rtol=1e-4)
        assert window.inputs["style"].tolist() == [2]


@ALL
def test_music_and_style_matter_and_temperature_where_there_is_chance(name):
    model = make(name).eval()
    stepper = DancerStepper(model, "cpu")
    noise = np.random.default_rng(0).standard_normal(model.noise_dims).astype(np.float32)
    state = stepper.initial_state(0)

    def first(sound_seed=0, style=None, temperature=1.0):
        steered = stepper.steer(state, Steering(style=style, energy_m_s=1.0, groove=0.2))
        return stepper.step(music(1, 1, sound_seed)[0, 0].numpy(), steered, noise, temperature)[0]

    assert not np.allclose(first(), first(sound_seed=1), atol=1e-6)
    assert not np.allclose(first(style=0), first(style=1), atol=1e-6)
    assert np.allclose(first(), first(temperature=0.2), atol=1e-6) == (model.noise_dims == 0)


def test_impossible_requests_are_refused():
    model = make("Transflower").eval()
    with pytest.raises(ValueError, match=r"style must lie in 0..2, not 3"):
        model.steer(model.initial_state(), Steering(style=3))
    with pytest.raises(ValueError, match=r"0..2 frames, not 3"):
        model.steer(model.initial_state(), Steering(look_ahead_frames=3))


@pytest.mark.parametrize("name", RECURRENT)
def test_a_recurrent_flow_steps_as_it_trains(name):
    """Data to latent over a whole window, then the latents stepped one by one, gives the data back."""
    model = make(name).eval().double()
    data = batch(replace(model.config, training_frames=5), size=2)
    double = {
        field: {k: v.double() if v.is_floating_point() else v for k, v in getattr(data, field).items()}
        for field in ("inputs", "known", "outputs")
    }
    data = replace(data, **double)
    flows = model.residual if isinstance(model, ResidualFlower) else model
    with torch.no_grad():
        contexts, _ = flows.read(data)
        latent, _ = flows.flows[0](data.outputs["pose"], contexts[0])
        folded, memory, out = flows.flows[0].fold(), flows.flows[0].initial_memory(2), []
        for frame in range(5):
            x, memory = folded(latent[:, frame : frame + 1], contexts[0][:, frame : frame + 1], memory)
            out.append(x)
    torch.testing.assert_close(torch.cat(out, 1), data.outputs["pose"])


def test_a_held_out_likelihood_is_that_of_the_pose_alone():
    """A poor mean costs its training a loss; the likelihood of mean and deviation together has no such part."""
    model = make("ResidualFlower").eval()
    data = batch(model.config)
    with torch.no_grad():
        means = model._means(model._with_conditions(data))
        conditioned = model._with_conditions(data)
        left = {name: frames - means[name] for name, frames in conditioned.outputs.items()}
        expected = model.residual.window_loss(replace(conditioned, outputs=left))
        assert model.held_out_loss(data) == pytest.approx(expected.item())
        weighed = model.config.mean_weight * model.mean.window_loss(conditioned)
        assert model.loss(data) == pytest.approx((expected + weighed).item())
        assert weighed > 0


@ALL
def test_a_constant_pose_leaves_the_change_since_the_last_known_pose(name):
    model = make(name).eval()
    data = batch(model.config)
    left, log_scale = model.left_by_constant_pose(data)
    windows, _ = single_steps(model.standardise(data), model.layout)
    last = windows.inputs["pose"][:, -1:] * windows.known["pose"][:, -1:, None]
    expected = torch.cat([(windows.outputs["pose"] - last).flatten(1), windows.outputs["hands"].flatten(1)], 1)
    torch.testing.assert_close(left * log_scale.exp(), expected)
    assert torch.isfinite(model.loss_of_constant_pose(left.square().mean(0)))


def test_a_dancer_without_a_mask_begins_with_a_past_full_of_its_seed_pose():
    model = make("MoGlow", tells_known=False).eval()
    seen = []
    predict = model.predict
    model.predict = lambda window, *rest: (seen.append(window), predict(window, *rest))[1]
    dance(model, 1, model.initial_state(1, 1))
    torch.testing.assert_close(seen[0].inputs["pose"][0], model.seed_poses[1, :5].expand(PAST, 5))


LATE = OutputModality(name="face", dims=1, frames=1, offset=PAST + 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda: with_input(layout(), "pose", frames=PAST + 1), "input pose ends at frame 7"),
        (lambda: with_input(layout(), "pose", dims=4), "input pose is an output too"),
        (lambda: with_input(layout(), "audio", kind="discrete"), "discrete with num_tokens=0"),
        (lambda: with_input(layout(), "audio", frames=0), "frames=0 must be at least 1"),
        (lambda: with_input(layout(), "style", offset=1), "a label has no time"),
        (lambda: with_input(layout(), "onset", name="audio"), "names must differ"),
        (lambda: Layout(inputs=layout().inputs, outputs=()), "at least one input and one output"),
        (lambda: replace(layout(), outputs=(*layout().outputs, LATE)), "must begin at the same frame"),
        (lambda: InputModality(name="x", dims=1, kind="tokens"), "not 'tokens'"),
        (lambda: config("MoGlow", layout=layout(3)), "one frame at a time, not 3"),
        (lambda: config("Transformerflow", num_contexts=2), "not 2"),
        (lambda: config("ResidualFlower", mean="Waltz"), "'Waltz'"),
        (lambda: make("ResidualFlower, MoGlow", mean="MoGlow", mean_options={}), "a mean has no memory"),
        (lambda: make("Transflower", norm="layer"), "'layer'"),
        (lambda: make("Transflower", base="cauchy"), "'cauchy'"),
    ],
)  # fmt: skip
def test_impossible_configurations_say_why(change, message):
    with pytest.raises(ValueError, match=message):
        change()
