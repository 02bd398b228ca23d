"""Codes of bars: a codebook that follows its vectors, beats that end a bar, and a step that is what was trained."""

from dataclasses import replace

import pytest
import torch

from models.networks.code_transformer import RowTransformer
from models.networks.vector_quantizer import VectorQuantizer
from models.window.bars import BarCounter
from models.window.unfolding import single_steps
from tests.models.family import PAST, batch, config, layout, make, with_input


def around(centres: torch.Tensor, count: int) -> torch.Tensor:
    """Vectors close to some centres, which take turns."""
    return centres[torch.arange(count) % len(centres)] + 0.05 * torch.randn(count, centres.shape[1])


def test_codes_become_the_means_of_what_chose_them_and_dead_ones_begin_anew():
    torch.manual_seed(0)
    centres = torch.tensor([[3.0, 0.0], [-3.0, 1.0], [0.0, 4.0]])
    quantizer = VectorQuantizer(num_codes=6, dims=2, decay=0.9).train()
    quantizer.codes.fill_(100.0)  # nobody's nearest but by chance: dead, all of them
    for _ in range(60):
        quantised, index, commitment = quantizer(around(centres, 24))
    distances = torch.cdist(quantizer.codes, centres).amin(1)
    assert (distances < 0.2).all()
    assert torch.unique(torch.cdist(quantizer.codes, centres).argmin(1)).tolist() == [0, 1, 2]
    assert commitment < 0.01
    assert (quantizer.counts.sum() - 24).abs() < 6

    before = quantizer.codes.clone()
    quantised, index, _ = quantizer.eval()(around(centres, 9) + 1)
    assert torch.equal(quantizer.codes, before)
    torch.testing.assert_close(quantised, quantizer.codes[index])


def test_the_gradient_passes_a_code_as_if_it_were_the_vector():
    quantizer = VectorQuantizer(num_codes=4, dims=3).eval()
    x = torch.randn(5, 3, requires_grad=True)
    quantised, _, _ = quantizer(x)
    slope = torch.randn(5, 3)
    (quantised * slope).sum().backward()
    torch.testing.assert_close(x.grad, slope)


def oscillator(num_frames: int, bpm: float, rate_hz: float = 30.0) -> tuple[torch.Tensor, torch.Tensor]:
    phase = 2 * torch.pi * (torch.arange(num_frames) * bpm / 60 / rate_hz + 0.5)
    return phase.cos()[None], phase.sin()[None]


@pytest.mark.parametrize(("bpm", "bar"), [(120.0, 60), (90.0, 80), (150.0, 48)])
def test_a_bar_is_so_many_beats(bpm, bar):
    begins, _ = BarCounter(frames=96, beats=4).count(*oscillator(300, bpm))
    starts = begins[0].nonzero()[:, 0]
    assert starts[0] == 0
    lengths = starts.diff()
    assert (lengths[1:] == bar).all()
    assert lengths[0] < bar  # the dance began between two beats


def test_without_a_beat_bars_are_as_long_as_they_may_be_and_noise_makes_none_too_short():
    counter, silence = BarCounter(frames=24, beats=4), torch.zeros(1, 100)
    begins, _ = counter.count(silence, silence)
    assert begins[0].nonzero()[:, 0].tolist() == [0, 24, 48, 72, 96]
    torch.manual_seed(0)
    begins, place = counter.count(torch.ones(2, 200), torch.randn(2, 200))
    for row in begins:
        assert row.nonzero()[:, 0].diff().min() >= counter.shortest
        assert row.sum() <= counter.most_bars(200)
    assert torch.isfinite(place).all()


def test_a_row_that_is_not_full_yet_says_what_a_shorter_row_says():
    torch.manual_seed(0)
    transformer = RowTransformer(8, 2, 2, 5, 0.0).eval()
    row = torch.randn(3, 5, 8)
    known = torch.tensor([1, 3, 5])
    with torch.no_grad():
        asked = transformer(row, known)[:, -1]
        for i, count in enumerate(known):
            torch.testing.assert_close(asked[i], transformer(row[i : i + 1, 5 - count :])[0, -1])
            torch.testing.assert_close(transformer(row)[:, :count], transformer(row[:, :count]))


def test_stepping_is_what_was_trained():
    """The codes of real bars, drawn again by noise that chooses them: the same chances of codes, the same frames."""
    frames, sound = 12, with_input(layout(1), "audio", dims=6)
    model = make("VQDancer", layout=sound, training_frames=frames, bar_frames=4, bar_beats=1, beat_column=2).eval()
    data = batch(model.config, 3)
    conditioned = model._with_conditions(data)
    chances = []
    model.leave_code.register_forward_hook(lambda module, inputs, output: chances.append(output))
    with torch.no_grad():
        bars = model._bars_of(conditioned)
        target = torch.cat(list(conditioned.outputs.values()), -1)
        _, index, _ = model._quantised(target, *bars[1:])  # (batch, bars)
        whole = model._losses(conditioned)[0]
        expected = chances.pop()

        windows, steps = single_steps(conditioned, model.layout)
        memory, total = model.initial_memory(3), 0.0
        assert steps == frames
        for frame in range(frames):
            rows = torch.arange(3) * frames + frame
            window = replace(
                windows, outputs={}, known={name: x[rows] for name, x in windows.known.items()},
                inputs={name: x[rows] for name, x in windows.inputs.items()},
            )  # fmt: skip
            bar = bars[2][:, frame].argmax(-1)
            noise = torch.full((3, model.noise_dims), -5.0)
            noise[torch.arange(3), 7 + index[torch.arange(3), bar]] = 5.0
            drawn = []
            for shake in (0.0, 1.0):
                noise[:, :7] = shake
                outputs, after = model.predict(window, noise, 3.0, memory)
                drawn.append(torch.cat([outputs[name][:, 0] for name in conditioned.outputs], -1))
            mean, std = drawn[0], (drawn[1] - drawn[0]) / 3.0
            memory = after
            begun = bars[0][:, frame] > 0
            torch.testing.assert_close(chances.pop()[begun], expected[torch.arange(3), bar][begun], atol=1e-4, rtol=0)
            density = torch.distributions.Normal(mean, std)
            total -= density.log_prob(target[:, frame]).mean().item()
    assert len(torch.unique(bars[0].sum(1))) > 1  # the dancers' bars are of different lengths
    assert total / frames == pytest.approx(whole.item(), abs=1e-4)


def test_the_held_out_loss_counts_the_codes():
    model = make("VQDancer").eval()
    data = batch(model.config)
    with torch.no_grad():
        frames, codes, _, bars = model._losses(model._with_conditions(data))
        assert model.held_out_loss(data) == pytest.approx((frames + codes * bars / 7).item())
    assert bars == pytest.approx(1 / model.config.bar_frames)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"layout": layout(3)}, "one frame at a time, not 3"),
        ({"bar_frames": 0}, "bar_frames=0"),
        ({"bar_beats": 4}, "None is none of them"),
        ({"bar_beats": 4, "beat_column": 5}, "5 is none of them"),  # the last of the onsets
        ({"bar_beats": 4, "beat_column": 0, "layout": with_input(layout(1), "audio", frames=PAST)}, "at frame 6"),
        ({"num_codes": 1}, "num_codes=1"),
    ],
)
def test_impossible_bars_say_why(changes, message):
    with pytest.raises(ValueError, match=message):
        type(make("VQDancer"))(config("VQDancer", **changes))
