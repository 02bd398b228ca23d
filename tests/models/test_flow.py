"""The flow is a density: exactly invertible, with the log-determinant that autograd finds. All in float64."""

import math

import pytest
import torch
import zuko
from torch import Tensor, nn

from models.flows.actnorm import ActNorm
from models.flows.coupling import LOG_SCALE_BOUND, AffineCoupling
from models.flows.flow import ConditionalFlow
from models.flows.invertible_linear import InvertibleLinear


@pytest.fixture(autouse=True)
def _float64():
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    yield
    torch.set_default_dtype(torch.float32)


def randomise(module: nn.Module, scale: float = 0.2) -> nn.Module:
    """Moves every parameter away from its (partly zero) initial value."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(scale * torch.randn_like(parameter))
    return module


def log_det_by_autograd(function, x: Tensor) -> Tensor:
    jacobian = torch.autograd.functional.jacobian(function, x)
    return torch.linalg.slogdet(jacobian)[1]


@pytest.mark.parametrize("dims", [1, 2, 7, 32])
def test_invertible_linear_inverse_and_log_det(dims):
    layer = randomise(InvertibleLinear(dims))
    x = torch.randn(dims)
    y, log_det = layer(x)
    torch.testing.assert_close(layer.inverse_matrix() @ y, x)
    torch.testing.assert_close(log_det, log_det_by_autograd(lambda v: layer(v)[0], x))


def test_invertible_linear_starts_as_a_rotation():
    matrix = InvertibleLinear(9).matrix()
    torch.testing.assert_close(matrix @ matrix.T, torch.eye(9))


def test_actnorm_whitens_its_first_training_batch_only():
    layer = ActNorm(3)
    first = torch.randn(100, 3) * torch.tensor([1.0, 5.0, 0.1]) + 2
    y, _ = layer(first)
    torch.testing.assert_close(y.mean(0), torch.zeros(3))
    torch.testing.assert_close(y.std(0, correction=0), torch.ones(3))
    shift = layer.shift.clone()
    layer(first * 3)
    torch.testing.assert_close(layer.shift, shift)


def test_actnorm_is_left_alone_in_evaluation():
    layer = ActNorm(3).eval()
    layer(torch.randn(10, 3) + 5)
    assert not bool(layer.initialised)


def test_actnorm_survives_a_constant_dimension():
    y, log_det = ActNorm(2)(torch.ones(10, 2))
    assert torch.isfinite(y).all()
    assert torch.isfinite(log_det)


@pytest.mark.parametrize("dims", [2, 5, 8])
def test_coupling_inverse_and_log_det(dims):
    layer = randomise(AffineCoupling(dims, 16), 0.5)
    x, condition = torch.randn(dims), torch.randn(16)
    y, log_det = layer(x, condition)
    torch.testing.assert_close(layer.inverse(y, condition), x)
    torch.testing.assert_close(log_det, log_det_by_autograd(lambda v: layer(v, condition)[0], x))


def test_coupling_scale_is_bounded_whatever_comes_in():
    layer = randomise(AffineCoupling(6, 16), 50.0)
    _, log_scale = layer.shift_and_log_scale(1e6 * torch.randn(100, 3), 1e6 * torch.randn(100, 16))
    assert log_scale.abs().max() <= LOG_SCALE_BOUND


@pytest.mark.parametrize("num_steps", [1, 4])
def test_flow_inverse_log_det_and_folding(num_steps):
    flow = randomise(ConditionalFlow(dims=6, context_dims=5, num_steps=num_steps, hidden_dims=16)).eval()
    x, context = torch.randn(6), torch.randn(5)
    z, log_det = flow(x, context)
    torch.testing.assert_close(flow.fold()(z, context), x)
    torch.testing.assert_close(log_det, log_det_by_autograd(lambda v: flow(v, context)[0], x))


def test_density_integrates_to_one():
    flow = randomise(ConditionalFlow(dims=2, context_dims=3, num_steps=3, hidden_dims=8), 0.1).eval()
    axis = torch.linspace(-14, 14, 281)
    grid = torch.cartesian_prod(axis, axis)
    context = torch.randn(3).expand(len(grid), 3)
    density = (-2 * flow.negative_log_likelihood(grid, context)).exp()
    mass = density.sum() * (axis[1] - axis[0]) ** 2
    torch.testing.assert_close(mass, torch.tensor(1.0), atol=2e-3, rtol=0)


def test_identity_flow_is_the_standard_normal():
    flow = ConditionalFlow(dims=4, context_dims=2, num_steps=2, hidden_dims=8).eval()  # couplings start as identity
    x = torch.randn(50, 4)
    expected = (0.5 * x.pow(2).sum(-1) + 2 * math.log(2 * math.pi)) / 4
    torch.testing.assert_close(flow.negative_log_likelihood(x, torch.randn(50, 2)), expected)


def test_folding_follows_the_weights_and_holds_no_parameters():
    flow = ConditionalFlow(dims=4, context_dims=2, num_steps=2, hidden_dims=8).eval()
    z, context = torch.randn(4), torch.randn(2)
    before = flow.fold()(z, context)
    randomise(flow)
    assert not torch.allclose(flow.fold()(z, context), before)
    assert not list(flow.fold().parameters())
    assert not flow.fold().state_dict()


def test_learns_a_conditional_density_as_well_as_an_independent_flow():
    """Two moons whose side is the condition: our NLL reaches that of zuko's RealNVP-like flow of similar size."""

    def sample(num: int) -> tuple[Tensor, Tensor]:
        side = torch.randint(0, 2, (num, 1)).to(torch.get_default_dtype()) * 2 - 1
        angle = torch.rand(num, 1) * math.pi
        moon = torch.cat([angle.cos() * 2, side * angle.sin() * 2], 1)
        return moon + 0.2 * torch.randn(num, 2), side

    def train(module: nn.Module, nll) -> float:
        optimiser = torch.optim.Adam(module.parameters(), 5e-3)
        for _ in range(150):
            x, context = sample(256)
            optimiser.zero_grad()
            nll(x, context).mean().backward()
            optimiser.step()
        with torch.no_grad():
            torch.manual_seed(1)
            return float(nll(*sample(4000)).mean())

    ours = ConditionalFlow(dims=2, context_dims=1, num_steps=6, hidden_dims=32)
    theirs = zuko.flows.MAF(2, 1, transforms=6, hidden_features=(32, 32))
    our_nll = train(ours, lambda x, c: 2 * ours.negative_log_likelihood(x, c))
    their_nll = train(theirs, lambda x, c: -theirs(c).log_prob(x))
    assert our_nll < their_nll + 0.1
