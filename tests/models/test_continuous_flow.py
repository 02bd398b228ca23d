"""The likelihood of a continuous flow is the density of what it makes: known densities are found, and sum to one."""

import math

import pytest
import torch
from torch import nn

from models.flows.continuous_flow import carried, foreseen_end, log_density, on_path
from models.flows.flow import ConditionalFlow
from tests.models.family import batch, make

NOISE = 0.02


def two_peaks() -> tuple:
    """A mixture of two round Gaussians of the plane: the expected end of its paths, and its log density."""
    means = torch.tensor([[-1.5, 0.0], [1.5, 0.5]], dtype=torch.float64)
    stds, weights = torch.tensor([0.4, 0.7], dtype=torch.float64), torch.tensor([0.4, 0.6], dtype=torch.float64)

    def end(x, time):
        time = time[:, None, None]
        left = 1 - (1 - NOISE) * time
        squares = (time * stds[:, None]).square() + left.square()  # (batch, peaks, 1)
        off = x - time * means
        share = (weights.log() - 0.5 * (off.square() / squares).sum(-1) - squares[..., 0].log()).softmax(-1)[..., None]
        return (share * (means + time * stds[:, None].square() / squares * off)).sum(1, keepdim=True)

    def true(x):
        squares = stds.square() + NOISE**2
        peaks = weights.log() - 0.5 * (x - means).square().sum(-1) / squares - (2 * math.pi * squares).log()
        return torch.logsumexp(peaks, -1)

    return end, true


def plane(half: float, points: int) -> tuple[torch.Tensor, float]:
    """A grid of the plane, (points^2, 1, 2), and the area that each of its points stands for."""
    axis = torch.linspace(-half, half, points, dtype=torch.float64)
    return torch.cartesian_prod(axis, axis)[:, None], (2 * half / (points - 1)) ** 2


def test_a_known_flow_has_its_known_density_which_sums_to_one():
    end, true = two_peaks()
    grid, area = plane(4.0, 25)
    logs, noise = log_density(end, grid, NOISE, solver_steps=16)
    assert logs.exp().sum() * area == pytest.approx(1.0, abs=0.002)
    likely = true(grid) > -12
    torch.testing.assert_close(logs[likely], true(grid)[likely], atol=0.02, rtol=0)
    torch.testing.assert_close(carried(end, noise[likely], NOISE, 256), grid[likely], atol=0.05, rtol=0)


def test_one_random_probe_is_right_in_the_mean():
    end, _ = two_peaks()
    torch.manual_seed(0)
    x = torch.randn(4, 1, 2, dtype=torch.float64)
    exact, _ = log_density(end, x, NOISE)
    drawn, _ = log_density(end, x.repeat(256, 1, 1), NOISE, exact=False)
    drawn = drawn.view(256, 4)
    assert (drawn.std(0) > 0.01).all()  # an estimate it is
    assert ((drawn.mean(0) - exact).abs() < 4 * drawn.std(0) / 16).all()


def bent(count: int) -> torch.Tensor:
    """Draws of a bent density of the plane, whose entropy is known."""
    first = torch.randn(count)
    return torch.stack([first, 0.5 * (first.square() - 1) + 0.5 * torch.randn(count)], -1)


ENTROPY = 0.5 * math.log(2 * math.pi * math.e) + 0.5 * math.log(0.5)
"""Of `bent`, nats a dimension."""


def test_a_discrete_and_a_continuous_flow_learn_the_same_density():
    """Both come within 0.06 nats a dimension of the truth, and sum to one within a hundredth."""
    torch.manual_seed(0)
    discrete = ConditionalFlow(2, 1, 4, 32).train()
    net = nn.Sequential(nn.Linear(3, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 2))
    nn.init.zeros_(net[-1].weight)

    def end_and_scale(x, time):
        foreseen, scale, x = foreseen_end(x, time, NOISE)
        said = net(torch.cat([x, scale.log()], -1)[:, 0].to(torch.float32))[:, None]
        return foreseen + scale * said.to(x.dtype), scale

    def end(x, time):
        return end_and_scale(x, time)[0]

    def train(part, steps, loss_of):
        optimiser = torch.optim.Adam(part.parameters(), 2e-2)
        for step in range(steps):
            for group in optimiser.param_groups:
                group["lr"] = 2e-2 * (1 - step / steps)
            optimiser.zero_grad()
            loss_of(bent(256)).backward()
            optimiser.step()

    def matching_loss(x):
        time, noise = torch.rand(len(x)), torch.randn(len(x), 1, 2)
        ended, scale = end_and_scale(on_path(noise, x[:, None], time, NOISE), time)
        return ((ended - x[:, None]) / scale).square().mean()

    nothing = torch.zeros(1, 1)
    train(discrete, 60, lambda x: discrete.negative_log_likelihood(x, nothing.expand(len(x), 1)).mean())
    train(net, 250, matching_loss)
    held_out, (grid, area) = bent(1000), plane(5.0, 33)
    discrete.eval()
    with torch.no_grad():
        by_discrete = discrete.negative_log_likelihood(held_out, nothing.expand(1000, 1)).mean()
        at_grid = -2 * discrete.negative_log_likelihood(grid[:, 0].float(), nothing.expand(len(grid), 1))
    by_continuous = -log_density(end, held_out[:, None], NOISE)[0].mean() / 2
    assert by_discrete == pytest.approx(ENTROPY, abs=0.06)
    assert by_continuous == pytest.approx(ENTROPY, abs=0.06)
    for logs in (at_grid, log_density(end, grid, NOISE)[0]):
        assert logs.exp().sum() * area == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("preconditioned", [False, True])
def test_the_held_out_loss_of_a_flow_matcher_is_its_likelihood(preconditioned):
    """A head that says nothing makes a density that anybody can write down: noise around the mean, or normal."""
    model = make("FlowMatcher", preconditioned=preconditioned).eval()
    for head in model.heads:
        nn.init.zeros_(head.leave.weight)
        nn.init.zeros_(head.leave.bias)
    data = batch(model.config)
    outputs = model._with_conditions(data).outputs.values()
    numbers = torch.cat([frames.flatten(1) for frames in outputs], 1)
    std = math.hypot(1, NOISE) if preconditioned else NOISE
    expected = (0.5 * (numbers / std).square() + math.log(std) + 0.5 * math.log(2 * math.pi)).mean().item()
    with torch.inference_mode():  # as a trainer validates
        assert model.held_out_loss(data).item() == pytest.approx(expected, rel=5e-4 if preconditioned else 5e-3)
    assert (model.loss_name, model.training_loss_name) == ("nll", "mse")
