"""How the tests run the trainer: the shipped configurations, made small, by the command line itself."""

import csv
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import yaml

from training.cli import main

HPARAMS = Path(__file__).parents[2] / "training/hparams"
MODELS = sorted(path.stem for path in (HPARAMS / "debug").glob("*.yaml"))


def run(*arguments: object) -> None:
    """Calls ``transflower-train`` in this process."""
    before = sys.argv
    sys.argv = ["transflower-train", *map(str, arguments)]
    try:
        main()
    finally:
        sys.argv = before


def write_config(path: Path, name: str, prepared: Path, *, steps: int, **changes: dict[str, Any]) -> Path:
    """The debug configuration of a model for the fixture's data of two styles, so many steps, on one CPU.

    Args:
        path: File to write; its folder is where the run goes.
        name: The model, as its file is called.
        prepared: The data.
        steps: Optimiser steps.
        changes: By section (dancer, model, data, trainer), further values.
    """
    values = yaml.safe_load((HPARAMS / "debug" / f"{name}.yaml").read_text(encoding="utf-8"))
    config = values["model"]["dancer"]["init_args"]["config"]
    if "num_styles" in config:
        config["num_styles"] = 2
    else:
        for item in config["layout"]["inputs"]:
            if item["name"] == "style":
                item["num_tokens"] = 2
    config |= changes.get("dancer", {})
    values["model"] |= {"warmup_steps": 5, "budget_steps": steps, **changes.get("model", {})}
    values["data"]["init_args"] |= {"folder": str(prepared), "batch_size": 4, **changes.get("data", {})}
    values["trainer"] |= {
        "accelerator": "cpu", "devices": 1, "precision": "32-true", "val_check_interval": max(1, steps // 2),
        "limit_val_batches": 4, "log_every_n_steps": 1, "enable_progress_bar": False, "enable_model_summary": False,
        "default_root_dir": str(path.parent),
        **changes.get("trainer", {}),
    }  # fmt: skip
    values["trainer"]["logger"]["init_args"]["save_dir"] = str(path.parent)
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    return path


def quiet_callbacks(seconds: float = 2.0) -> list[dict[str, Any]]:
    """The callbacks of ``hparams/trainer.yaml`` but early stopping, with short roll-outs."""
    return [
        {
            "class_path": "training.fitting.callbacks.RolloutMetrics",
            "init_args": {"num_dancers": 2, "seconds": seconds},
        },
        {"class_path": "training.fitting.callbacks.ExportDancer"},
        {"class_path": "training.fitting.callbacks.AveragedWeights"},
        {
            "class_path": "pytorch_lightning.callbacks.ModelCheckpoint",
            "init_args": {"monitor": "val/loss", "save_last": True, "filename": "best"},
        },
    ]


class Killed(pl.Callback):
    """Kills its own process without warning after a step, as a power cut or a kernel short of memory would."""

    def __init__(self, step: int) -> None:
        self.step = step

    def on_train_batch_end(self, trainer: pl.Trainer, *_: Any) -> None:
        if trainer.global_step == self.step:
            os.kill(os.getpid(), signal.SIGKILL)


def logged(folder: Path, name: str) -> list[float]:
    """A quantity over the run whose CSVLogger wrote to a folder."""
    with next(folder.rglob("metrics.csv")).open(encoding="utf-8") as file:
        return [float(row[name]) for row in csv.DictReader(file) if row.get(name)]
