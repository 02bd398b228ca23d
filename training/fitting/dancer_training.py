"""DancerTraining: the Lightning module that trains any dancer of the family."""

import math
import time
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytorch_lightning as pl
import torch
from lightning_utilities.core.rank_zero import rank_zero_warn
from pytorch_lightning.callbacks import EarlyStopping
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from models.step.dancer import Dancer
from training.data_modules.data_module import DancerData
from training.fitting.resuming import check_fits, check_goes_on, other_data, trained_parameters

Schedule = Literal["cosine", "linear", "constant"]
Clock = Literal["wall", "processor"]


class DancerTraining(pl.LightningModule):
    """Training with a warm-up, a schedule and guards.

    The schedule runs over `budget_steps` optimiser steps or `budget_minutes` of training, whichever ends first, so
    that a run on a busy machine still ends with a small learning rate. A step whose gradient is not finite is left out
    and counted (``guard/skipped_steps``).

    All randomness is a function of the seed, the step and the process: a run that was interrupted goes on from its
    checkpoint to the same weights. (A budget in minutes is not: no two runs take the same time.)

    Args:
        dancer: What is trained; its dimensions must be those of the data.
        learning_rate: Peak of the schedule.
        schedule: How the learning rate falls after the warm-up: by a half cosine, in a straight line, or not at all.
        final_share: The last learning rate as a share of the peak.
        weight_decay: AdamW's, on matrices only.
        warmup_steps: Steps of linear warm-up.
        budget_steps: Steps over which the schedule runs.
        budget_minutes: Minutes over which the schedule runs; null counts steps alone.
        budget_clock: What those minutes are: time on the wall, or time that this process spent on processors, over all
            of its threads. The latter gives dancers equal budgets on a machine that other work shares, if each trains
            on the same number of threads; on a GPU it counts only who waits for it.
        gradient_clip_norm: Longer gradients are shortened to this length.
        start_from: A dancer (.safetensors) whose weights and standardisation are taken over where name and shape agree;
            the rest starts fresh. For fine-tuning, and for going on after a change of architecture.
        freeze: Patterns of parameter names that are not trained, such as ``encoder.*``.
        seed: Seeds dropout and all noise.
    """

    def __init__(
        self,
        dancer: Dancer,
        learning_rate: float = 1e-3,
        schedule: Schedule = "cosine",
        final_share: float = 0.02,
        weight_decay: float = 0.01,
        warmup_steps: int = 200,
        budget_steps: int = 20000,
        budget_minutes: float | None = None,
        budget_clock: Clock = "wall",
        gradient_clip_norm: float = 1.0,
        start_from: Path | None = None,
        freeze: Sequence[str] = (),
        seed: int = 0,
    ) -> None:
        super().__init__()
        if warmup_steps < 1 or budget_steps < 1:
            raise ValueError(f"warmup_steps={warmup_steps} and budget_steps={budget_steps} must be at least 1")
        self.dancer = dancer
        self.learning_rate, self.schedule, self.final_share = learning_rate, schedule, final_share
        self.weight_decay, self.warmup_steps = weight_decay, warmup_steps
        self.budget_steps, self.budget_minutes = budget_steps, budget_minutes
        self._now_s = {"wall": time.monotonic, "processor": time.process_time}[budget_clock]
        self.gradient_clip_norm, self.start_from, self.seed = gradient_clip_norm, start_from, seed
        self.trained_minutes, self.skipped_steps = 0.0, 0
        self._batch_started_s = 0.0
        self._begun_with: DancerData | None = None
        self._started_from = None if start_from is None else str(start_from)
        self._patience: list[tuple[EarlyStopping, int]] = []
        freeze_parameters(dancer, freeze)

    @property
    def data(self) -> DancerData:
        """The data module of the trainer."""
        module = getattr(self.trainer, "datamodule")  # noqa: B009 - set by the trainer at run time
        assert isinstance(module, DancerData)
        return module

    def begin(self, data: DancerData) -> None:
        """Connects data and dancer, and gives it their standardisation; `setup` does so where nobody did before.

        What cannot be trained is refused here, before a trainer has made its folder.

        Raises:
            ValueError: The dancer does not fit the data, or these are no numbers, or none of them is long enough.
        """
        data.connect(self.dancer)
        fresh = ["pose_mean"] if self.start_from is None else take_over(self.dancer, self.start_from)
        if "pose_mean" in fresh:
            data.fit_statistics(self.dancer)
        check_finite(self.dancer, data.folder)
        data.windows("train")
        self._begun_with = data

    def setup(self, stage: str) -> None:
        """Standardisation comes from the data before the first step; a resumed run overwrites it with its own."""
        if stage != "fit":
            self.data.connect(self.dancer)
        elif self._begun_with is not self.data:
            self.begin(self.data)
        self._patience = [(stopping, stopping.patience) for stopping in self._early_stopping()]
        if "bf16" in str(self.trainer.precision) and self.device.type == "cpu" and not has_bfloat16():
            rank_zero_warn(
                "this processor has no bfloat16 instructions: training will take about ten times as long as with "
                "--trainer.precision 32-true"
            )

    def check_learned(self) -> None:
        """Refuses to call it a training if nothing was learned; to be asked when it has ended.

        Raises:
            ValueError: No step was taken, or every one was left out.
        """
        steps = self.trainer.global_step
        if steps == 0:
            raise ValueError(
                f"{self.data.folder}: not one step was taken, so nothing was learned: no training sequence is as long "
                "as a window of the model, or the budget is used up already"
            )
        if self.skipped_steps >= steps:
            raise ValueError(
                f"nothing was learned: the gradients of all {steps} steps were no finite numbers and were left out; "
                f"try a smaller --model.learning_rate than {self.learning_rate:g}, and `transflower-data inspect "
                f"{self.data.folder}`"
            )

    def progress(self, step: int) -> float:
        """Share of the budget used, 0 to 1."""
        minutes = 0.0 if self.budget_minutes is None else self.trained_minutes / self.budget_minutes
        return min(1.0, max(step / self.budget_steps, minutes))

    def learning_rate_share(self, step: int) -> float:
        """The learning rate of a step as a share of its peak."""
        warmup = min(1.0, (step + 1) / self.warmup_steps)
        progress = self.progress(step)
        left = {"cosine": 0.5 * (1 + math.cos(math.pi * progress)), "linear": 1 - progress, "constant": 1.0}
        return warmup * (self.final_share + (1 - self.final_share) * left[self.schedule])

    def configure_optimizers(self) -> Any:
        """AdamW with the schedule; vectors (biases, norms, scales) are not decayed."""
        matrices, vectors = trained_parameters(self.dancer)
        groups: list[dict[str, Any]] = [
            {"params": matrices, "weight_decay": self.weight_decay},
            {"params": vectors, "weight_decay": 0.0},
        ]
        optimizer = torch.optim.AdamW(groups, lr=self.learning_rate)
        scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, self.learning_rate_share)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": scheduler, "interval": "step"}}

    def on_train_start(self) -> None:
        """The settings of this run hold; a resumed one brings those of the run before."""
        for stopping, patience in self._patience:
            if stopping.patience != patience:
                rank_zero_warn(f"the run goes on with patience {patience} instead of {stopping.patience}")
                stopping.patience = patience
        (optimizer,), (scheduler,) = self.trainer.optimizers, (c.scheduler for c in self.trainer.lr_scheduler_configs)
        if not isinstance(scheduler, torch.optim.lr_scheduler.LambdaLR):
            return  # lr-find's, which begins where that was told to
        before = {"learning_rate": scheduler.base_lrs[0], "weight_decay": optimizer.param_groups[0]["weight_decay"]}
        settings = {"learning_rate": self.learning_rate, "weight_decay": self.weight_decay}
        changed = [
            f"{name} {settings[name]:g} instead of {before[name]:g}"
            for name in settings
            if settings[name] != before[name]
        ]
        if not changed:
            return
        rank_zero_warn(f"the run goes on with {' and '.join(changed)}, as it was asked now")
        optimizer.param_groups[0]["weight_decay"] = self.weight_decay
        scheduler.base_lrs = [self.learning_rate] * len(scheduler.base_lrs)
        for group in optimizer.param_groups:
            group["initial_lr"] = self.learning_rate
            group["lr"] = self.learning_rate * self.learning_rate_share(scheduler.last_epoch)

    def _early_stopping(self) -> list[EarlyStopping]:
        callbacks = getattr(self.trainer, "callbacks")  # noqa: B009 - set by the trainer at run time
        return [callback for callback in callbacks if isinstance(callback, EarlyStopping)]

    def on_train_batch_start(self, batch: Any, batch_index: int) -> None:
        """Seeds the batch, and starts its clock."""
        place = (self.seed, self.current_epoch, batch_index, self.global_rank)
        torch.manual_seed(int(np.random.SeedSequence(place).generate_state(1, np.uint64)[0] >> 1))
        self._batch_started_s = self._now_s()

    def training_step(self, batch: Any, batch_index: int) -> Tensor:
        """The loss of a batch under corruption and dropped conditions."""
        loss = self.dancer.loss(batch) * self._weight(batch)
        self.log("train/loss", loss, prog_bar=True, batch_size=1, sync_dist=True)
        self.log("train/learning_rate", self.trainer.optimizers[0].param_groups[0]["lr"])
        return loss

    def _weight(self, batch: Any) -> float | Tensor:
        """Makes the mean over processes, whose shares may have different numbers of targets, the mean over targets."""
        if self.trainer.world_size == 1:
            return 1.0
        own = torch.tensor(float(batch.num_targets), device=self.device)
        return own / self.trainer.strategy.reduce(own.clone(), reduce_op="mean")

    def on_before_optimizer_step(self, optimizer: torch.optim.Optimizer) -> None:
        """Clips the gradient and leaves the step out when it is not finite."""
        trained = [p for p in self.dancer.parameters() if p.requires_grad]
        norm = nn.utils.clip_grad_norm_(trained, self.gradient_clip_norm)
        if not torch.isfinite(norm):
            optimizer.zero_grad(set_to_none=True)  # AdamW leaves parameters without a gradient alone
            self.skipped_steps += 1
        self.log("guard/skipped_steps", float(self.skipped_steps))
        self.log("guard/gradient_norm", torch.nan_to_num(norm))

    def on_validation_batch_start(self, batch: Any, batch_index: int, dataloader_idx: int = 0) -> None:
        """Seeds the batch: models that draw noise for their loss draw the same in every validation."""
        torch.manual_seed(batch_index)

    def validation_step(self, batch: Any, batch_index: int) -> None:
        """The loss on held-out choreographies, as on a stage; `Dancer.loss_name` says what it is."""
        loss = self.dancer.held_out_loss(batch)
        self.log("val/loss", loss, prog_bar=True, batch_size=batch.num_targets, sync_dist=True)

    def on_validation_model_train(self) -> None:
        """Back to training: what evaluation folded is dropped, which Lightning's own way would keep."""
        self.train()

    def on_train_batch_end(self, outputs: Any, batch: Any, batch_index: int) -> None:
        """Counts the time spent on training alone, and ends the run when the budget is used."""
        minutes = self.trained_minutes + (self._now_s() - self._batch_started_s) / 60
        if self.budget_minutes is not None:
            # Processes must agree on the schedule and on the end.
            minutes = float(self.trainer.strategy.reduce(torch.tensor(minutes, device=self.device), reduce_op="max"))
        self.trained_minutes = minutes
        self.log("train/minutes", minutes)
        if self.progress(self.global_step) >= 1:
            self.trainer.should_stop = True

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Keeps what the budget has used."""
        checkpoint["budget"] = {
            "trained_minutes": self.trained_minutes,
            "skipped_steps": self.skipped_steps,
            "started_from": self._started_from,
        }

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Takes it back.

        Raises:
            ValueError: The checkpoint is of another dancer, or of none, or cannot be resumed with the settings of this
                run.
        """
        check_fits(self, checkpoint)
        self.trained_minutes = float(checkpoint["budget"]["trained_minutes"])
        self.skipped_steps = int(checkpoint["budget"]["skipped_steps"])
        self._started_from = checkpoint["budget"].get("started_from")
        if self.trainer.state.fn == "fit":
            check_goes_on(checkpoint, [len(group) for group in trained_parameters(self.dancer)], self.progress)
            said = other_data(self.dancer, checkpoint)
            if said is not None:
                rank_zero_warn(said)


def check_finite(module: nn.Module, folder: Path) -> None:
    """Refuses statistics of data that are no numbers, before they spoil every step.

    Raises:
        ValueError: Naming them.
    """
    bad = [name for name, buffer in module.named_buffers() if not torch.isfinite(buffer.float()).all()]
    if bad:
        raise ValueError(
            f"{folder}: {', '.join(bad)} of the training sequences is NaN or infinite; `transflower-data inspect "
            f"{folder}` says where"
        )


def has_bfloat16() -> bool:
    """Whether this processor computes in bfloat16 itself."""
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def freeze_parameters(module: nn.Module, patterns: Sequence[str]) -> None:
    """Excludes parameters from training.

    Raises:
        ValueError: If a pattern fits no parameter, or nothing is left to train.
    """
    parameters = dict(module.named_parameters())
    for pattern in patterns:
        names = [name for name in parameters if fnmatchcase(name, pattern)]
        if not names:
            beginnings = sorted({name.split(".")[0] for name in parameters})
            raise ValueError(f"freeze: {pattern!r} fits no parameter; their names begin with {beginnings}")
        for name in names:
            parameters[name].requires_grad_(False)
    if not any(p.requires_grad for p in parameters.values()):
        raise ValueError(f"freeze: {list(patterns)} leaves nothing to train")


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
