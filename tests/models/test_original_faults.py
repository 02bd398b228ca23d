"""What went wrong in the original's models and could again; tests/README.md lists where its other faults are tested."""

import math
from dataclasses import replace

import pytest
import torch

from models.networks.multimodal_encoder import MultimodalEncoder, RelativeTransformer
from models.window.window_dancer import WindowDancer
from tests.models.family import OPTIONS, PAST, batch, make

ENCODED = sorted(set(OPTIONS) - {"MoGlow", "VQDancer"})


def all_known(model: WindowDancer, size: int = 2):
    """A standardised window in which nothing is unknown."""
    data = model.standardise(batch(replace(model.config, training_frames=1), size))
    return replace(data, known={name: torch.ones_like(known) for name, known in data.known.items()})


def predicted(model: WindowDancer, window) -> torch.Tensor:
    noise = torch.zeros(len(window.inputs["pose"]), model.noise_dims)
    with torch.no_grad():
        outputs, _ = model.predict(window, noise, 1.0, model.initial_state(len(noise)).memory)
    return torch.cat([frames[:, 0] for frames in outputs.values()], -1)


@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_the_order_of_the_past_matters(name):
    """The published configuration was blind to it: shuffled motion and sound moved its latent by 2e-6."""
    model = make(name).eval()
    window = all_known(model)
    in_order = predicted(model, window)
    order = [*reversed(range(PAST - 1)), PAST - 1]  # the last pose stays: it is given once more by itself
    for item, frames in (("pose", order), ("audio", [*reversed(range(window.inputs["audio"].shape[1]))])):
        shuffled = {**window.inputs, item: window.inputs[item][:, frames]}
        assert (predicted(model, replace(window, inputs=shuffled)) - in_order).abs().max() > 1e-4, item


@pytest.mark.parametrize("name", ENCODED)
def test_positions_are_learned_in_all_three_encoders(name):
    """The original kept them as a buffer of zeros."""
    model = make(name).train()
    data = batch(model.config)
    model.loss(data)  # actnorm takes its first batch
    model.zero_grad()
    model.loss(data).backward()
    transformers = {path: net for path, net in model.named_modules() if isinstance(net, RelativeTransformer)}
    asked = {path: net for path, net in transformers.items() if net.bias.span > 0}
    assert any(".inputs." in path for path in asked)
    assert any(".cross." in path for path in asked)
    for path, net in asked.items():
        assert net.bias.by_gap.grad is not None, path
        assert net.bias.by_gap.grad.abs().sum() > 0, path


def test_what_is_read_out_has_the_time_of_the_frame_it_predicts():
    """The original reads the outputs of the oldest motion frames. Here three tokens that are alike but for their times
    say three things, and a later token has the past further behind."""
    model = make("Transformer")
    encoder = model.encoder
    assert isinstance(encoder, MultimodalEncoder)
    with torch.no_grad():
        for queries in encoder.queries:
            queries.copy_(queries[:1].expand_as(queries))
        window = all_known(model)
        contexts = encoder.eval()(window.inputs, window.known)[0]
    assert (contexts[:, 1:] - contexts[:, :-1]).abs().max(-1).values.min() > 1e-4
    bias = encoder.cross[0].bias
    pose_end = 3 + PAST  # three queries, then the past
    gaps = bias.gaps[:3, 3:pose_end] - bias.span
    assert gaps[:, -1].tolist() == [1, 2, 3]
    assert (gaps[:, :-1] - gaps[:, 1:] == 1).all()


@pytest.mark.parametrize(
    "name", [pytest.param("Transflower", marks=pytest.mark.long), "Transformerflow, mixtures", "MoGlow"]
)
def test_a_column_that_never_moves_does_not_run_away_with_the_likelihood(name):
    """Two of the original's 69 columns were constant: the better the fit, the more they paid, without bound."""
    torch.manual_seed(0)
    model = make(name, history_noise=0.0, label_dropout=0.0, predicts_changes=False).train()
    data = batch(model.config, 8)
    data = replace(data, outputs={item: torch.zeros_like(frames) for item, frames in data.outputs.items()})
    optimiser = torch.optim.Adam(model.parameters(), 1e-2)
    losses = []
    for _ in range(50):
        loss = model.loss(data)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    entropy = math.log(model.config.target_noise) + 0.5 * math.log(2 * math.pi * math.e)  # of that noise
    assert sum(losses[-10:]) / 10 == pytest.approx(entropy, abs=0.3)
