"""Window flows are densities: exactly invertible, with the log-determinant that autograd finds. All in float64."""

import math

import numpy as np
import pytest
import scipy.stats
import torch
from torch import nn

from models.flows.base_density import Gaussian, StudentT
from models.flows.flow_batch_norm import FlowBatchNorm
from models.flows.window_coupling import WindowCoupling
from models.flows.window_flow import NORMS, WindowFlow
from models.networks.coupling_nets import GatedNet, LstmNet, TransformerNet
from models.networks.multimodal_encoder import EncoderSize, RelativeTimeBias, RelativeTransformer

DIMS, FRAMES, CONTEXT = 5, 3, 4
SIZE = EncoderSize(dims=8, num_heads=2, input_layers=1, cross_layers=0, mlp_dims=8, dropout=0.0)


@pytest.fixture(autouse=True)
def _float64():
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    yield
    torch.set_default_dtype(torch.float32)


def randomise(module: nn.Module, scale: float = 0.3) -> nn.Module:
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(scale * torch.randn_like(parameter))
    return module


def net(name: str, out_dims: int) -> nn.Module:
    kept = DIMS // 2
    if name == "lstm":
        return LstmNet(kept, CONTEXT, out_dims, 6, 2)
    if name == "gated":
        return GatedNet(kept, CONTEXT, out_dims, FRAMES, SIZE)
    num_contexts = {"transformer": FRAMES, "transformer, contexts in time": 7}[name]
    return TransformerNet(kept, CONTEXT, out_dims, FRAMES, num_contexts, SIZE)


def make_flow(name: str, norm: str, num_mixtures: int) -> tuple[WindowFlow, torch.Tensor]:
    """A flow away from the identity, in evaluation mode, and contexts for two dancers."""
    numbers = WindowCoupling.num_numbers(DIMS, num_mixtures)
    flow = WindowFlow(DIMS, 3, norm, Gaussian(DIMS), lambda: WindowCoupling(DIMS, net(name, numbers), num_mixtures))
    randomise(flow).train()
    contexts = torch.randn(2, 7 if "time" in name else FRAMES, CONTEXT)
    flow(3 * torch.randn(2, FRAMES, DIMS) + 1, contexts)  # norms take their statistics
    return flow.eval(), contexts


NETS = pytest.mark.parametrize("name", ["transformer", "transformer, contexts in time", "gated", "lstm"])


@NETS
@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("num_mixtures", [0, 1, 3])
def test_flow_inverts_exactly(name, norm, num_mixtures):
    flow, contexts = make_flow(name, norm, num_mixtures)
    x = 2 * torch.randn(2, FRAMES, DIMS)
    with torch.no_grad():
        latent, _ = flow(x, contexts)
        back, _ = flow.fold()(latent, contexts)
    torch.testing.assert_close(back, x, atol=1e-9, rtol=1e-9)
    assert not torch.allclose(latent, x, atol=0.1)


@NETS
@pytest.mark.parametrize("num_mixtures", [0, 3])
def test_log_determinant_is_that_of_autograd(name, num_mixtures):
    flow, contexts = make_flow(name, "batchnorm", num_mixtures)
    x = torch.randn(FRAMES * DIMS)

    def latent(flat: torch.Tensor) -> torch.Tensor:
        return flow(flat.reshape(1, FRAMES, DIMS), contexts[:1])[0].flatten()

    jacobian = torch.autograd.functional.jacobian(latent, x)
    _, log_det = flow(x.reshape(1, FRAMES, DIMS), contexts[:1])
    torch.testing.assert_close(log_det.sum(), torch.linalg.slogdet(jacobian)[1])


def test_folding_again_after_training_follows_the_weights():
    """The original cached its inverse matrices for ever."""
    flow, contexts = make_flow("transformer", "actnorm", 0)
    flow.fold()(torch.randn(2, FRAMES, DIMS), contexts)
    randomise(flow)
    x = torch.randn(2, FRAMES, DIMS)
    torch.testing.assert_close(flow.fold()(flow(x, contexts)[0], contexts)[0], x)


def test_a_mixture_can_bend_a_density_that_a_scale_cannot():
    """Two peaks: the mixture of logistics finds them, the affine coupling does not."""
    generator = torch.Generator().manual_seed(0)
    peaks = torch.where(torch.rand(512, 1, 1, generator=generator) < 0.5, -2.0, 2.0)
    x = torch.cat(
        [torch.randn(512, 1, 1, generator=generator), peaks + 0.2 * torch.randn(512, 1, 1, generator=generator)], -1
    )
    contexts = torch.zeros(512, 1, CONTEXT)
    reached = {}
    for num_mixtures in (0, 4):
        torch.manual_seed(1)
        numbers = WindowCoupling.num_numbers(2, num_mixtures)
        coupling = WindowCoupling(2, TransformerNet(1, CONTEXT, numbers, 1, 1, SIZE), num_mixtures)
        optimiser = torch.optim.Adam(coupling.parameters(), 1e-2)
        base = Gaussian(2)
        for _ in range(150):
            optimiser.zero_grad()
            z, log_det = coupling(x, contexts)
            loss = -(base.log_density(z) + log_det).mean() / 2
            loss.backward()
            optimiser.step()
        reached[num_mixtures] = loss.item()
    assert reached[4] < reached[0] - 0.3


def test_lstm_by_hand_is_the_lstm():
    lstm = randomise(net("lstm", 6))
    kept, condition = torch.randn(2, 9, DIMS // 2), torch.randn(2, 9, CONTEXT)
    whole, memory_after = lstm(kept, condition)
    memory, frames = lstm.initial_memory(2), []
    for i in range(9):
        out, memory = lstm(kept[:, i : i + 1], condition[:, i : i + 1], memory)
        frames.append(out)
    torch.testing.assert_close(torch.cat(frames, 1), whole)
    torch.testing.assert_close(memory, memory_after)


def test_student_t_is_the_density_of_scipy():
    base = StudentT(4, 7.0)
    z = torch.randn(10, 4) * 2
    oracle = scipy.stats.multivariate_t(np.zeros(4), np.eye(4), df=7).logpdf(z.numpy())
    np.testing.assert_allclose(base.log_density(z).numpy(), oracle)


@pytest.mark.parametrize("degrees", [3.0, 8.0, 50.0])
def test_student_t_draws_what_it_says(degrees):
    base = StudentT(2, degrees)
    draws = base.draw(torch.randn(200_000, base.noise_dims), 1.0)[:, 0].numpy()
    shares = np.array([0.01, 0.1, 0.5, 0.9, 0.99])
    np.testing.assert_allclose(scipy.stats.t(degrees).cdf(np.quantile(draws, shares)), shares, atol=0.005)


def test_student_t_needs_a_deviation():
    with pytest.raises(ValueError, match=r"at least 3, not 2"):
        StudentT(3, 2)


def test_gaussian_temperature():
    base = Gaussian(3)
    torch.testing.assert_close(base.draw(torch.ones(1, 3), 0.5), torch.full((1, 3), 0.5))
    torch.testing.assert_close(base.log_density(torch.zeros(1, 3)), torch.tensor([-1.5 * math.log(2 * math.pi)]))


def test_batch_norm_uses_the_same_statistics_for_every_pose_of_every_batch():
    norm = FlowBatchNorm(3).train()
    norm(torch.randn(500, 3) * torch.tensor([1.0, 5.0, 0.1]) + 2)
    norm.eval()
    x = torch.randn(8, 3)
    together, log_det = norm(x)
    alone, log_det_alone = norm(x[:1])
    torch.testing.assert_close(together[:1], alone)
    torch.testing.assert_close(log_det, log_det_alone)
    scale, shift = norm.inverse_affine()
    torch.testing.assert_close(together * scale + shift, x)


def test_batch_norm_stays_finite_wherever_its_scale_is_driven():
    """The original's scale could cross zero, and the likelihood became NaN."""
    norm = FlowBatchNorm(2)
    optimiser = torch.optim.SGD(norm.parameters(), 1.0)
    for _ in range(50):
        optimiser.zero_grad()
        y, log_det = norm.train()(torch.randn(16, 2))
        (y.pow(2).sum() * 0.01 + log_det).backward()  # pushes the scale down
        optimiser.step()
    assert torch.isfinite(norm(torch.randn(4, 2))[1])


def test_relative_positions_are_relative():
    """A window reads the same wherever it lies in time; the original's free matrix tied weights to places."""
    early, late = (RelativeTimeBias(2, [start + i for i in range(6)], [0] * 6) for start in (0, 100))
    randomise(early)
    late.load_state_dict(early.state_dict())
    torch.testing.assert_close(early(), late())
    bias = early()[0]
    for gap in range(-5, 6):
        diagonal = bias.diagonal(gap, 1, 2)
        torch.testing.assert_close(diagonal, diagonal[:, :1].expand_as(diagonal))


def test_order_matters_to_a_relative_transformer():
    """The original at its last commit read a window in any order."""
    transformer = randomise(RelativeTransformer(SIZE, 2, list(range(6))))
    x = torch.randn(1, 6, 8)
    shuffled = torch.tensor([0, 3, 1, 5, 2, 4])
    straight = transformer(x)
    assert not torch.allclose(transformer(x[:, shuffled]), straight[:, shuffled], atol=1e-3)


def test_tokens_without_a_time_see_all_times_alike():
    bias = randomise(RelativeTimeBias(2, [0, 1, 2, None], [0, 0, 0, 1]))()[0]
    torch.testing.assert_close(bias[:, 3, :3], bias[:, 3, :1].expand(2, 3))
