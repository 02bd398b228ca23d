"""DancerTraining: the Lightning module that trains a dancer of the family."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from models.dancer import DanceBatch
from models.streaming_transflower import StreamingTransflower
from training.data_module import DanceDataModule


class DancerTraining(pl.LightningModule):
    """Maximum-likelihood training with a warm-up, a cosine schedule and guards.

    The schedule runs over `budget_steps` optimiser steps or `budget_minutes` of training, whichever ends first, so
    that a run on a busy machine still ends with a small learning rate. A step whose gradient is not finite is left out
    and counted (``guard/skipped_steps``).

    Args:
        config: Architecture; its dimensions must be those of the data.
        learning_rate: Peak of the schedule.
        final_share: The last learning rate as a share of the peak.
        weight_decay: AdamW's, on matrices only.
        warmup_steps: Steps of linear warm-up.
        budget_steps: Steps over which the schedule runs.
        budget_minutes: Minutes over which the schedule runs.
        start_from: A dancer (.safetensors) whose weights are taken over where name and shape agree; the rest starts
            fresh. For fine-tuning, and for going on after a change of architecture.
    """

    def __init__(
        self,
        config: StreamingTransflower.Config,
        learning_rate: float = 1e-3,
        final_share: float = 0.02,
        weight_decay: float = 0.01,
        warmup_steps: int = 200,
        budget_steps: int = 20000,
        budget_minutes: float = 1e9,
        start_from: Path | None = None,
    ) -> None:
        super().__init__()
        self.dancer = StreamingTransflower(config)
        self.learning_rate, self.final_share = learning_rate, final_share
        self.weight_decay, self.warmup_steps = weight_decay, warmup_steps
        self.budget_steps, self.budget_minutes = budget_steps, budget_minutes
        self.start_from = start_from
        self.register_buffer("trained_minutes", torch.zeros(()))
        self.register_buffer("skipped_steps", torch.zeros((), dtype=torch.int64))
        self.trained_minutes: Tensor
        self.skipped_steps: Tensor
        self._batch_started_s = 0.0

    @property
    def data(self) -> DanceDataModule:
        """The data module of the trainer."""
        module = getattr(self.trainer, "datamodule")  # noqa: B009 - set by the trainer at run time
        assert isinstance(module, DanceDataModule)
        return module

    def setup(self, stage: str) -> None:
        """Standardisation comes from the data before the first step; a resumed run overwrites it with its own."""
        if stage == "fit":
            if self.start_from is not None:
                take_over(self.dancer, self.start_from)
            self.data.fit_statistics(self.dancer)

    def progress(self) -> float:
        """Share of the budget used, 0 to 1."""
        used = max(self.global_step / self.budget_steps, float(self.trained_minutes) / self.budget_minutes)
        return min(1.0, used)

    def learning_rate_share(self) -> float:
        """The present learning rate as a share of its peak."""
        warmup = min(1.0, (self.global_step + 1) / self.warmup_steps)
        cosine = 0.5 * (1 + math.cos(math.pi * self.progress()))
        return warmup * (self.final_share + (1 - self.final_share) * cosine)

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """AdamW; vectors (biases, norms, scales) are not decayed."""
        parameters = list(self.dancer.parameters())
        groups: list[dict[str, Any]] = [
            {"params": [p for p in parameters if p.ndim >= 2], "weight_decay": self.weight_decay},
            {"params": [p for p in parameters if p.ndim < 2], "weight_decay": 0.0},
        ]
        return torch.optim.AdamW(groups, lr=self.learning_rate)

    def training_step(self, batch: DanceBatch, batch_index: int) -> Tensor:
        """Negative log-likelihood of a batch under corruption and dropped conditions."""
        for group in self.trainer.optimizers[0].param_groups:
            group["lr"] = self.learning_rate * self.learning_rate_share()
        loss = self.dancer.loss(batch)
        self.log("train/nll", loss, prog_bar=True, batch_size=len(batch.style))
        self.log("train/learning_rate", self.learning_rate * self.learning_rate_share())
        return loss

    def on_before_optimizer_step(self, optimizer: torch.optim.Optimizer) -> None:
        """Clips the gradient and leaves the step out when it is not finite."""
        norm = torch.nn.utils.clip_grad_norm_(self.dancer.parameters(), 1.0)
        if not torch.isfinite(norm):
            optimizer.zero_grad(set_to_none=True)  # AdamW leaves parameters without a gradient alone
            self.skipped_steps += 1
        self.log("guard/skipped_steps", self.skipped_steps.float())
        self.log("guard/gradient_norm", torch.nan_to_num(norm))

    def validation_step(self, batch: DanceBatch, batch_index: int) -> None:
        """Negative log-likelihood on held-out choreographies, as on a stage."""
        self.log("val/nll", self.dancer.loss(batch), prog_bar=True, batch_size=int(batch.valid.sum()))

    def on_train_batch_start(self, batch: DanceBatch, batch_index: int) -> None:
        """Starts the clock of the batch."""
        self._batch_started_s = time.monotonic()

    def on_train_batch_end(self, outputs: Any, batch: DanceBatch, batch_index: int) -> None:
        """Counts the time spent on training alone, and ends the run when the budget is used."""
        self.trained_minutes += (time.monotonic() - self._batch_started_s) / 60
        self.log("train/minutes", self.trained_minutes)
        if self.progress() >= 1:
            self.trainer.should_stop = True


def take_over(module: nn.Module, path: Path) -> list[str]:
    """Copies the weights of a file into a module where name and shape agree; returns the names that start fresh.

    Raises:
        ValueError: If the file cannot be read or nothing in it fits.
    """
    try:
        weights = load_file(path)
    except (OSError, SafetensorError) as error:
        raise ValueError(f"{path}: cannot start from it ({error})") from None
    own = module.state_dict()
    fitting = {
        name: value.to(own[name].dtype)
        for name, value in weights.items()
        if name in own and value.shape == own[name].shape
    }
    if not fitting:
        raise ValueError(f"{path}: no weight in it fits this architecture")
    module.load_state_dict(fitting, strict=False)
    return sorted(own.keys() - fitting.keys())
