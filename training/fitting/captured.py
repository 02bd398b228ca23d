"""Training whose every step is one CUDA graph: windows, corruption, loss, gradient, optimiser, moving average."""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn

from training.data_modules.phrase_data import PhraseDataModule
from training.fitting.dancer_training import DancerTraining, check_finite
from training.fitting.export import checkpoint_metadata, save_trained
from training.fitting.lightning import command_line

AVERAGE_KEPT: Final = 0.998
"""Share of the moving average of the weights that is kept at each step; less at first."""
_WARM_UP_STEPS: Final = 3
_STEPS_A_WAIT: Final = 16


class CapturedTraining:
    """The optimisation of a `DancerTraining` over a `PhraseDataModule`, without Lightning's loop.

    On a GPU the host launches one graph a step; elsewhere the same step runs as it is. A step whose gradient is not
    finite changes no gradient-free part of the weights: its gradient counts as zero.

    Args:
        training: The dancer, the schedule and the budget in steps.
        data: The windows; it is connected, and the dancer is given its statistics.
        device: Where to train.
    """

    def __init__(self, training: DancerTraining, data: PhraseDataModule, device: torch.device) -> None:
        self.training, self.data, self.device = training, data, device
        self.dancer = training.dancer
        data.connect(self.dancer)
        data.fit_statistics(self.dancer)
        check_finite(self.dancer, data.folder)
        torch.manual_seed(training.seed)
        self.dancer.to(device).train()
        self._parameters = [p for p in self.dancer.parameters() if p.requires_grad]
        self._average = [p.detach().clone() for p in self._parameters]
        self._kept = torch.zeros((), device=device)
        self._skipped = torch.zeros((), device=device)
        self._rate: Any = torch.tensor(1e-6, device=device) if device.type == "cuda" else 1e-6
        groups: list[dict[str, Any]] = [
            {"params": [p for p in self._parameters if p.ndim >= 2], "weight_decay": training.weight_decay},
            {"params": [p for p in self._parameters if p.ndim < 2], "weight_decay": 0.0},
        ]
        captured = device.type == "cuda"
        self._optimiser = torch.optim.AdamW(groups, lr=self._rate, betas=(0.9, 0.99), capturable=captured, foreach=True)
        with torch.no_grad():
            self._loss()  # actnorm takes its first batch

    def _loss(self) -> Tensor:
        batch = self.data.draw(self.data.batch_size, self.device)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            loss: Tensor = self.dancer.loss(batch)
        return loss

    def _step(self) -> Tensor:
        self._optimiser.zero_grad(set_to_none=True)
        loss = self._loss()
        loss.backward()
        gradients = [p.grad for p in self._parameters if p.grad is not None]
        norm = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients)))
        share = (self.training.gradient_clip_norm / (norm + 1e-6)).clamp_max(1.0)
        share = torch.where(torch.isfinite(norm), share, torch.zeros_like(share))
        self._skipped += (~torch.isfinite(norm)).float()
        for gradient in gradients:
            gradient.nan_to_num_(0.0, 0.0, 0.0)
        torch._foreach_mul_(gradients, share)
        self._optimiser.step()
        with torch.no_grad():
            steps = torch._foreach_sub([p.detach() for p in self._parameters], self._average)
            torch._foreach_mul_(steps, 1 - self._kept)
            torch._foreach_add_(self._average, steps)
        return loss.detach()

    def _captured(self) -> Callable[[], Tensor]:
        if self.device.type != "cuda":
            return self._step
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(_WARM_UP_STEPS):
                self._step()
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            loss = self._step()

        def replay() -> Tensor:
            graph.replay()
            return loss

        return replay

    def run(self, budget_s: float = float("inf"), on_progress: Callable[[int, float], None] = lambda *_: None) -> int:
        """Trains for the budget in steps or seconds, whichever ends first; the dancer then has the averaged weights.

        Args:
            budget_s: Seconds on the wall, the capture left out.
            on_progress: Called with the step and the loss, now and then.

        Returns:
            Steps.

        Raises:
            ValueError: If no step was taken, or no gradient was finite: then nothing was learned.
        """
        step_once, training = self._captured(), self.training
        started_s, step = time.monotonic(), 0
        while step < training.budget_steps and (done_s := time.monotonic() - started_s) < budget_s:
            training.trained_minutes = done_s / 60
            self._set_rate(training.learning_rate * training.learning_rate_share(step))
            self._kept.fill_(min(AVERAGE_KEPT, (1 + step) / (10 + step)))
            loss = step_once()
            step += 1
            if step % _STEPS_A_WAIT == 0:  # so that the clock means what has been done
                on_progress(step, float(loss))
        if step == 0 or float(self._skipped) >= step:
            raise ValueError(
                f"nothing was learned from {self.data.folder}: {step} steps, of which {float(self._skipped):.0f} had a "
                "gradient that is no finite number"
            )
        with torch.no_grad():
            torch._foreach_copy_([p.detach() for p in self._parameters], self._average)
        self.dancer.eval()
        return step

    def _set_rate(self, rate: float) -> None:
        if isinstance(self._rate, Tensor):
            self._rate.fill_(rate)
            return
        for group in self._optimiser.param_groups:
            group["lr"] = rate


def main(arguments: list[str]) -> None:
    """``transflower-train captured``: trains and exports a dancer.

    Raises:
        ValueError: If the configuration is not one of a `PhraseDataModule`.
    """
    parser = argparse.ArgumentParser(prog="transflower-train captured", description=__doc__)
    parser.add_argument("--config", required=True, help="configuration, as for fit")
    parser.add_argument("-o", "--out", type=Path, required=True, help="the dancer to write, .safetensors")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="longest time of training")
    parser.add_argument("--provenance", default="not stated", help="what a user of the weights should know")
    own, rest = parser.parse_known_args(arguments)
    parts = command_line(["--config", own.config, *rest, "--trainer.logger", "false"], run=False, is_training=True)
    if not isinstance(parts.datamodule, PhraseDataModule):
        raise ValueError("captured training is for PhraseDataModule; use fit")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    captured = CapturedTraining(parts.model, parts.datamodule, device)
    parts.model.budget_minutes = own.seconds / 60 if own.seconds < float("inf") else None

    def say(step: int, loss: float) -> None:
        if step % 256 == 0:
            print(f"step {step}, loss {loss:.3f}", flush=True)

    steps = captured.run(own.seconds, say)
    dancer: nn.Module = captured.dancer.cpu()
    assert dancer is captured.dancer
    captured.dancer.train()
    captured.dancer.eval()  # folds anew, on this device
    metadata = checkpoint_metadata(
        parts.datamodule.prepared, captured.dancer, provenance=own.provenance, licence=None, attribution=None
    )
    metadata["training"] = {"steps": steps, "loss": captured.dancer.loss_name}
    save_trained(own.out, captured.dancer, metadata)
    print(f"{steps} steps, {own.out}")
