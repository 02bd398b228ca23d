"""Lightning's command line over the models and the datasets: fit, validate, test, predict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from lightning_utilities.core.rank_zero import rank_zero_info
from pytorch_lightning.cli import LightningArgumentParser, LightningCLI

# Subclasses are found by their short names once they are imported.
from models.checkpoint import MODEL_CLASSES
from training.callbacks import AveragedWeights, ExportDancer, RolloutMetrics
from training.dance_data import DanceDataModule
from training.dancer_training import DancerTraining
from training.data_module import DancerData
from training.data_sizes import fit_sizes, sizes_of
from training.modality_data import ModalityDataModule
from training.phrase_data import PhraseDataModule

TRAINER_DEFAULTS = Path(__file__).parent / "hparams" / "trainer.yaml"
"""Trainer options common to all models; a configuration file overrides them."""

__all__ = ["MODEL_CLASSES", "AveragedWeights", "DanceDataModule", "ExportDancer", "ModalityDataModule"]
__all__ += ["PhraseDataModule", "RolloutMetrics", "command_line"]


class _CommandLine(LightningCLI):
    def add_arguments_to_parser(self, parser: LightningArgumentParser) -> None:
        parser.link_arguments("seed_everything", "model.seed", compute_fn=int)
        parser.link_arguments("seed_everything", "data.init_args.seed", compute_fn=int)

    def before_instantiate_classes(self) -> None:
        """Takes from the data what they decide, in a training that begins: dimensions, and the number of styles."""
        if self.subcommand != "fit" or self.config.fit.get("ckpt_path") or self.config.fit.model.get("start_from"):
            return
        config = self.config.fit.model.dancer.get("init_args", {}).get("config")
        folder = Path(self.config.fit.data.init_args.folder)
        changed = [] if config is None else fit_sizes(config, sizes_of(folder))
        if changed:
            rank_zero_info(f"as in {folder}: {', '.join(changed)}")

    def after_fit(self) -> None:
        """Ends with an error where nothing was learned."""
        self.model.check_learned()


def command_line(arguments: list[str], *, run: bool) -> LightningCLI:
    """Lightning's command line; with `run` it does what the first argument says, else it only makes the parts."""
    torch.set_float32_matmul_precision("high")
    defaults: dict[str, Any] = {"default_config_files": [str(TRAINER_DEFAULTS)]}
    if run:
        defaults = dict.fromkeys(("fit", "validate", "test", "predict"), defaults)
    return _CommandLine(
        DancerTraining,
        DancerData,
        subclass_mode_data=True,
        seed_everything_default=0,
        save_config_kwargs={"overwrite": True},
        auto_configure_optimizers=False,
        parser_kwargs=defaults,
        args=arguments,
        run=run,
    )


def main(arguments: list[str]) -> None:
    """Runs fit, validate, test or predict."""
    command_line(arguments, run=True)
