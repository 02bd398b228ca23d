"""Fitting the beat network."""

import copy
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.beat_network.batches import Batch
from training.beat_network.network import TrainedNetwork, network_of


@dataclass(frozen=True, kw_only=True)
class FitConfig:
    """How the network is fitted.

    Attributes:
        num_steps: Batches.
        learning_rate: Its highest, reached after `warm_steps`; then it falls along a cosine to a fiftieth.
        warm_steps: Steps in which it rises.
        weight_decay: Of AdamW.
        dropout: Share of units left out, of the first layer's and of what is read out.
        clock_weight: Of the clock's squared error, beside the cross-entropy of the labels.
        downbeat_weight: Of the cross-entropy of downbeats, beside that of beats.
        average: Share of the average of weights (Polyak and Juditsky 1992) that stays each step.
        seed: Of weights and dropout.
    """

    num_steps: int = 4000
    learning_rate: float = 3e-3
    warm_steps: int = 100
    weight_decay: float = 1e-3
    dropout: float = 0.1
    clock_weight: float = 0.15
    downbeat_weight: float = 0.7
    average: float = 0.995
    seed: int = 0


def fit(
    make: Callable[[], Batch],
    config: FitConfig,
    *,
    start: Mapping[str, NDArray[np.float32]] | None = None,
    on_step: Callable[[int, float, TrainedNetwork], None] | None = None,
    network: TrainedNetwork | None = None,
) -> TrainedNetwork:
    """The average of the network's weights over the newest steps.

    Args:
        make: A new batch at every call.
        config: How.
        start: Weights to begin with instead of such as are drawn; the size is theirs.
        on_step: Called with (step from 1, loss, the averaged network).
        network: Of another size than usual; unused with `start`.
    """
    torch.manual_seed(config.seed)
    trained = network_of(start) if start is not None else network or TrainedNetwork()
    averaged = copy.deepcopy(trained).eval()
    optimiser = torch.optim.AdamW(trained.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)
    trained.train()
    for step in range(config.num_steps):
        warm = min(1.0, (step + 1) / config.warm_steps)
        fall = 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / config.num_steps))
        for group in optimiser.param_groups:
            group["lr"] = config.learning_rate * warm * fall
        loss = loss_of(trained, make(), config, config.dropout)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(trained.parameters(), 1.0)
        optimiser.step()
        keep = min(config.average, (step + 1) / (step + 10))
        with torch.no_grad():
            for mean, now in zip(averaged.parameters(), trained.parameters(), strict=True):
                mean.lerp_(now, 1.0 - keep)
        if on_step is not None:
            on_step(step + 1, float(loss.detach()), averaged)
    return averaged


def loss_of(network: TrainedNetwork, batch: Batch, config: FitConfig, dropout: float = 0.0) -> Tensor:
    """Cross-entropy of beats and downbeats, and the clock's error, a frame."""
    log_odds, clock = network(torch.from_numpy(batch.inputs), dropout)
    weights = torch.from_numpy(batch.weights)
    cross = nn.functional.binary_cross_entropy_with_logits(log_odds, torch.from_numpy(batch.labels), reduction="none")
    cross = cross.reshape(*cross.shape[:2], 2, 2).sum(dim=2)  # (batch, frames, (beat, downbeat))
    error = (clock - torch.from_numpy(batch.clock)).square().reshape(*clock.shape[:2], 2, 2).sum(dim=-1)
    importance = weights * torch.tensor([1.0, config.downbeat_weight])
    total = (importance * (cross + config.clock_weight * error)).sum()
    return total / weights[..., 0].sum().clamp(min=1.0)
