"""Held-out losses, beside those of fresh weights and of a dancer who keeps its last pose."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import torch

from models.step.dancer import Dancer
from models.streaming.planning_transflower import PlanningTransflower
from models.window.window_dancer import WindowDancer

if TYPE_CHECKING:
    from training.data_modules.data_module import DancerData

_BATCH_SIZE: Final = 16


@dataclass(frozen=True, kw_only=True)
class HeldOutLoss:
    """What a dancer makes of dances that it has never seen.

    Likelihoods are those of standardised poses, in nats a dimension; squared errors are in the units in which the
    dancer predicts. A model that predicts more frames at once has a harder task, as its own constant pose shows.

    Attributes:
        name: ``nll`` or ``mse``.
        value: The dancer's.
        training: The dancer's on dance that it has learned from: much better than `value` is learned by heart.
        untrained: The same architecture's with fresh weights.
        constant_pose: That of a dancer who keeps its last pose: for likelihoods a Gaussian around it, whose deviation
            is fitted, dimension by dimension, to the very windows it is measured on.
    """

    name: str
    value: float
    training: float
    untrained: float
    constant_pose: float


def data_for(dancer: Dancer, folder: Path) -> "DancerData":
    """The data module that feeds a dancer who is judged, without a plan, connected to it."""
    # They bring Lightning with them, whose import takes longer than all others; who only dances does without.
    from training.data_modules.dance_data import DanceDataModule
    from training.data_modules.modality_data import ModalityDataModule
    from training.data_modules.phrase_data import PhraseDataModule

    data: DancerData
    if isinstance(dancer, PlanningTransflower):
        data = PhraseDataModule(folder, open_plan=True)
    else:
        data = ModalityDataModule(folder) if isinstance(dancer, WindowDancer) else DanceDataModule(folder)
    data.connect(dancer)
    return data


@torch.no_grad()
def held_out_loss(dancer: Dancer, folder: Path, max_frames: int) -> HeldOutLoss:
    """The losses on the validation split, and the dancer's on the training split.

    Args:
        dancer: In evaluation mode.
        folder: Prepared folder.
        max_frames: Frames that are predicted, in windows spread evenly.

    Raises:
        ValueError: If no window of the split is long enough.
    """
    data = data_for(dancer, folder)
    torch.manual_seed(0)  # the same untrained weights in every report
    fresh = type(dancer)(dancer.config).eval()
    data.fit_statistics(fresh)
    windows = data.windows("val")
    if not len(windows):
        raise ValueError(f"{folder}: no validation window is long enough for {type(dancer).__name__}")
    frames = data.collate([windows.window(0, None)]).num_targets
    chosen = np.unique(np.linspace(0, len(windows) - 1, max(1, max_frames // frames)).astype(int))
    sums, count, left, log_scales = np.zeros(2), 0, [], []
    for start in range(0, len(chosen), _BATCH_SIZE):
        batch = data.collate([windows.window(int(item), None) for item in chosen[start : start + _BATCH_SIZE]])
        for place, model in enumerate((dancer, fresh)):
            torch.manual_seed(start)  # for losses that draw noise
            sums[place] += batch.num_targets * float(model.held_out_loss(batch))
        count += batch.num_targets
        changes, scales = dancer.left_by_constant_pose(batch)
        left.append(changes)
        log_scales.append(scales)
    learned = data.windows("train")
    places = np.unique(np.linspace(0, len(learned) - 1, max(1, max_frames // frames)).astype(int))
    learned_sum, learned_count = 0.0, 0
    for start in range(0, len(places), _BATCH_SIZE):
        batch = data.collate([learned.window(int(item), None) for item in places[start : start + _BATCH_SIZE]])
        torch.manual_seed(start)
        learned_sum += batch.num_targets * float(dancer.held_out_loss(batch))
        learned_count += batch.num_targets
    # A density of changes in their own deviations is narrower by those in poses.
    narrower = float(torch.cat(log_scales).mean()) if dancer.loss_name == "nll" else 0.0
    constant = dancer.loss_of_constant_pose(torch.cat(left).square().mean(0).clamp_min(1e-8))
    return HeldOutLoss(
        name=dancer.loss_name,
        value=float(sums[0] / count) + narrower,
        training=learned_sum / learned_count + narrower,
        untrained=float(sums[1] / count) + narrower,
        constant_pose=float(constant) + narrower,
    )
