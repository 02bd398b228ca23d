"""``transflower-train overfit``: a self-test of a model and its data: one batch to nearly no loss."""

import argparse
import sys
from typing import Final

import torch
from rich.progress import Progress
from torch import Tensor

from models.step.dancer import Dancer
from training.fitting.lightning import command_line

GOALS: Final = {"nll": -1.0, "mse": 0.02}
"""A likelihood as of errors of a tenth of a standard deviation, and a squared error of a fiftieth of the variance."""


def overfit(dancer: Dancer, batch: object, *, steps: int, learning_rate: float, goal: float) -> list[float]:
    """Trains on one batch without dropout, noise or corruption, until the loss has come down to the goal.

    Args:
        dancer: With the statistics of its data.
        batch: Of the kind that it trains on.
        steps: At most so many.
        learning_rate: Of Adam.
        goal: The loss to reach, as a mean of ten steps: some losses draw noise.

    Returns:
        The loss of every step.
    """
    dancer.train()
    with torch.no_grad():
        dancer.loss(batch)  # normalisations that begin with what they see see it now
    dancer.eval()
    optimizer = torch.optim.Adam((p for p in dancer.parameters() if p.requires_grad), learning_rate)
    losses: list[float] = []
    with Progress(*Progress.get_default_columns(), transient=True) as progress:
        bar = progress.add_task("", total=steps)
        for step in range(steps):
            # A fall by half a cosine lets the last steps settle.
            for group in optimizer.param_groups:
                group["lr"] = learning_rate * (1 - 0.9 * step / steps)
            loss: Tensor = dancer.loss(batch)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(dancer.parameters(), 1.0)
            optimizer.step()
            losses.append(float(loss))
            progress.update(bar, advance=1, description=f"loss {losses[-1]:.3f}")
            if len(losses) >= 10 and sum(losses[-10:]) / 10 <= goal:
                break
    return losses


def main(arguments: list[str]) -> None:
    """Entry point of ``transflower-train overfit``."""
    parser = argparse.ArgumentParser(
        prog="transflower-train overfit",
        description="Trains on one batch until it is known by heart. A model that cannot do that has a fault, or its "
        "data have: exit status 1. Further options are those of `transflower-train fit`.",
    )
    parser.add_argument("--config", required=True, help="configuration, as for fit")
    parser.add_argument("--steps", type=int, default=1000, help="at most so many steps (default: %(default)s)")
    parser.add_argument("--learning-rate", type=float, default=2e-3, help="of Adam (default: %(default)s)")
    options, rest = parser.parse_known_args(arguments)
    quiet = ["--trainer.logger", "false", "--trainer.callbacks", "[]"]
    cli = command_line(["--config", options.config, *rest, *quiet], run=False, is_training=True)
    dancer: Dancer = cli.model.dancer
    cli.datamodule.connect(dancer)
    cli.datamodule.fit_statistics(dancer)
    batch = cli.datamodule.on_after_batch_transfer(next(iter(cli.datamodule.train_dataloader())), 0)
    name = dancer.training_loss_name or dancer.loss_name
    goal = GOALS[name]
    losses = overfit(dancer, batch, steps=options.steps, learning_rate=options.learning_rate, goal=goal)
    last = sum(losses[-10:]) / len(losses[-10:])
    print(f"{type(dancer).__name__}: {name} {losses[0]:.3f} -> {last:.3f} in {len(losses)} steps")
    if not last <= goal:  # NaN too
        print(f"it should come down to {goal}: more --steps, another --learning-rate, or a fault", file=sys.stderr)
        sys.exit(1)
