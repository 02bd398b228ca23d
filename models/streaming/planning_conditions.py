"""Conditions of a `PlanningTransflower`: its inputs for a window of frames beside poses and music."""

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from models.step.dancer import DanceBatch
from models.streaming.planning_config import PlanningConfig
from models.streaming.planning_state import PlannedBatch

STEP_NOISE_LEVEL: Final = 0.02
"""Corruption level given while nothing is planned: the dancer's own past is nearly, not wholly, to be trusted."""


@dataclass(frozen=True, kw_only=True)
class PlanConditions:
    """The conditions of a window of frames: all inputs but poses and music.

    Attributes:
        level: Corruption of the past poses, in standard deviations, (batch, 1, 1).
        known: 1 where the past pose is shown, (batch, frames, 1).
        style: (batch,) int64, `num_styles` = free.
        energy: m/s, (batch, frames), NaN = free.
        has_spectrum: 1 where the spectral columns are shown, (batch, 1, 1).
        look_ahead_frames: Budget, (batch,) int64.
        phrase: (batch, frames) int64; the number of phrases leaves it open.
        group: (batch, frames) int64; the number of choreographies leaves it, and with it the place, open.
        beat: Beats since the phrase began, (batch, frames).
        beats: Beats of the phrase, (batch, frames).
    """

    level: Tensor
    known: Tensor
    style: Tensor
    energy: Tensor
    has_spectrum: Tensor
    look_ahead_frames: Tensor
    phrase: Tensor
    group: Tensor
    beat: Tensor
    beats: Tensor


def random_conditions(batch: PlannedBatch, config: PlanningConfig) -> PlanConditions:
    """Conditions for training: each is left out of some windows."""
    size, frames = batch.energy.shape
    device = batch.pose.device

    def chance(share: float) -> Tensor:
        return torch.rand(size, device=device) < share

    look_ahead = torch.randint(1, config.future_frames + 1, (size,), device=device)
    hidden_share = torch.rand(size, 1, 1, device=device) * config.history_dropout
    draw = torch.rand(size, 1, device=device)
    no_plan = draw < config.plan_dropout
    no_phrase = draw < config.plan_dropout + config.phrase_dropout
    return PlanConditions(
        level=torch.rand(size, 1, 1, device=device).square() * config.history_noise,
        known=(torch.rand(size, frames, 1, device=device) >= hidden_share).to(batch.pose.dtype),
        style=batch.style.masked_fill(chance(config.style_dropout), config.num_styles),
        energy=batch.energy.masked_fill(chance(config.energy_dropout)[:, None], float("nan")),
        has_spectrum=(~chance(config.spectral_dropout)).to(batch.pose.dtype)[:, None, None],
        look_ahead_frames=look_ahead * chance(config.look_ahead_share),
        phrase=batch.phrase.masked_fill(no_phrase, config.num_phrases),
        group=batch.group.masked_fill(no_plan, config.num_groups),
        beat=batch.beat,
        beats=batch.beats,
    )


def open_conditions(batch: DanceBatch, config: PlanningConfig) -> PlanConditions:
    """Conditions of a performance without a plan."""
    shape = batch.energy.shape
    return PlanConditions(
        level=torch.full_like(batch.energy[:, :1, None], STEP_NOISE_LEVEL),
        known=torch.ones_like(batch.energy)[..., None],
        style=batch.style,
        energy=torch.full_like(batch.energy, float("nan")),
        has_spectrum=torch.ones_like(batch.energy[:, :1, None]),
        look_ahead_frames=torch.zeros_like(batch.style),
        phrase=batch.style.new_full(shape, config.num_phrases),
        group=batch.style.new_full(shape, config.num_groups),
        beat=torch.zeros_like(batch.energy),
        beats=torch.ones_like(batch.energy),
    )
