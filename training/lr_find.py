"""``transflower-train lr-find``: the learning rate at which the loss falls fastest, by Lightning's finder."""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib
from pytorch_lightning.tuner.tuning import Tuner

from training.lightning import command_line


def main(arguments: list[str]) -> None:
    """Entry point of ``transflower-train lr-find``."""
    parser = argparse.ArgumentParser(
        prog="transflower-train lr-find",
        description="Trains for a while with a learning rate that grows from step to step, and suggests the one at "
        "which the loss fell fastest. Further options are those of `transflower-train fit`.",
    )
    parser.add_argument("--config", required=True, help="configuration, as for fit")
    parser.add_argument("-o", "--output", type=Path, default=Path("learning_rate.png"), help="picture to write")
    parser.add_argument("--steps", type=int, default=100, help="steps of the search (default: %(default)s)")
    parser.add_argument("--min-lr", type=float, default=1e-6, help="smallest (default: %(default)s)")
    parser.add_argument("--max-lr", type=float, default=1.0, help="largest (default: %(default)s)")
    options, rest = parser.parse_known_args(arguments)
    quiet = ["--trainer.logger", "false", "--trainer.callbacks", "[]", "--trainer.enable_checkpointing", "false"]
    cli = command_line(["--config", options.config, *rest, *quiet], run=False)
    found = Tuner(cli.trainer).lr_find(
        cli.model,
        datamodule=cli.datamodule,
        min_lr=options.min_lr,
        max_lr=options.max_lr,
        num_training=options.steps,
        update_attr=False,
    )
    if found is None or found.suggestion() is None:
        raise ValueError("no learning rate stands out; try more --steps, or another --min-lr and --max-lr")
    matplotlib.use("Agg")
    figure = found.plot(suggest=True)
    assert figure is not None  # matplotlib is there
    options.output.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(options.output, dpi=110)
    print(f"--model.learning_rate {found.suggestion():.1e}   (picture: {options.output})")
