"""Fitting the music detector's network to labelled scenes."""

from collections.abc import Callable, Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.music_detector.examples import MusicExamples
from training.music_detector.network import DetectorNetwork

_NUM_MEL, _FLOOR = 80, -3.0


def fit(
    examples: MusicExamples,
    *,
    num_epochs: int,
    batch_size: int = 64,
    crop_frames: int = 360,
    learning_rate: float = 6e-3,
    music_weight: float = 2.0,
    seed: int = 0,
    start: Mapping[str, NDArray[np.float32]] | None = None,
    on_epoch: Callable[[int, float], None] | None = None,
) -> DetectorNetwork:
    """The network after so many passes over the examples, each changed a little in every pass.

    Args:
        examples: Labelled stretches.
        num_epochs: Passes.
        batch_size: Stretches a step.
        crop_frames: Of each stretch so many frames a step, from anywhere in it.
        learning_rate: Its highest; it rises and falls over the run (Smith and Topin 2018).
        music_weight: What a missed frame of music costs, beside a frame of something else that is taken for music.
        seed: Of weights, order and changes.
        start: Weights to begin with, instead of such as are drawn.
        on_epoch: Called with (epoch, mean loss).
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    network = DetectorNetwork()
    if start is not None:
        network.begin_with(start)
    optimiser = torch.optim.AdamW(network.parameters(), lr=learning_rate, weight_decay=0.01)
    batch_size = min(batch_size, len(examples.labels))  # a few scenes are one step a pass, not none
    num_steps = num_epochs * (len(examples.labels) // batch_size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, learning_rate, total_steps=num_steps + 1)
    network.train()
    for epoch in range(num_epochs):
        losses = []
        order = rng.permutation(len(examples.labels))
        for first_row in range(0, len(order) - batch_size + 1, batch_size):
            rows = np.sort(order[first_row : first_row + batch_size])
            first = int(rng.integers(max(1, examples.labels.shape[1] - crop_frames + 1)))
            crop = (rows, slice(first, first + crop_frames))
            inputs = torch.from_numpy(varied(examples.inputs[crop].astype(np.float32), rng))
            loss = _loss(network(inputs, dropout=0.15), torch.from_numpy(examples.labels[crop]), music_weight)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
        if on_epoch is not None:
            on_epoch(epoch, float(np.mean(losses)))
    return network.eval()


def _loss(logits: Tensor, labels: Tensor, music_weight: float) -> Tensor:
    is_known = (labels >= 0).float()
    targets = (labels == 1).float()
    weights = is_known * torch.where(labels == 1, music_weight, 1.0)
    each = nn.functional.binary_cross_entropy_with_logits(logits, 0.02 + 0.96 * targets, reduction="none")
    return (weights * each).sum() / weights.sum().clamp(min=1.0)


def varied(inputs: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Inputs (batch, frames, 96) through another equaliser, a little louder or softer, some or all high bands lost."""
    batch = len(inputs)
    inputs = inputs.copy()
    mel = inputs[..., :_NUM_MEL]
    bands = np.linspace(0.0, 1.0, _NUM_MEL)
    for row in range(batch):
        curve = sum(rng.normal(0.0, 0.25) * np.cos(np.pi * order * bands) for order in range(4))
        is_heard = mel[row] > _FLOOR + 0.01
        mel[row] = np.where(is_heard, np.maximum(mel[row] + curve, _FLOOR), mel[row])
        if rng.random() < 0.3:
            low = int(rng.integers(_NUM_MEL))
            mel[row, :, low : low + int(rng.integers(1, 16))] = _FLOOR
        if rng.random() < 0.35:  # a telephone, an old file: nothing above some frequency from 2.5 kHz on
            mel[row, :, int(rng.integers(46, _NUM_MEL)) :] = _FLOOR
    mel += np.where(mel > _FLOOR + 0.01, rng.normal(0.0, 0.05, mel.shape), 0.0).astype(np.float32)
    inputs[..., _NUM_MEL : _NUM_MEL + 12] = np.stack(  # any key
        [np.roll(inputs[row, :, _NUM_MEL : _NUM_MEL + 12], int(rng.integers(12)), axis=-1) for row in range(batch)]
    )
    return inputs
