"""Where a run leaves its files, and what its logger records of it, whichever logger that is."""

import importlib.util
from pathlib import Path
from typing import Final

import pytorch_lightning as pl
import yaml
from pytorch_lightning.cli import SaveConfigCallback
from pytorch_lightning.loggers import CSVLogger, TensorBoardLogger

_HAVE_FOLDERS: Final = (TensorBoardLogger, CSVLogger)


_PACKAGES: Final = {"WandbLogger": "wandb", "MLFlowLogger": "mlflow"}


def check_logger(class_path: str) -> None:
    """Refuses a logger whose package is not installed.

    Raises:
        ValueError: With the line that installs it.
    """
    name = class_path.rpartition(".")[2]
    package = _PACKAGES.get(name)
    if package is not None and importlib.util.find_spec(package) is None:
        pins = "" if package == "mlflow" else "-c constraints.txt "  # see docs/long_trainings.md
        raise ValueError(f"--trainer.logger {name}: {package} is not installed: pip install {pins}-e '.[{package}]'")


class RunTrainer(pl.Trainer):
    """Lightning's trainer, each run of which has a folder of its own with any logger.

    With others than TensorBoard's and the CSV logger Lightning takes the folder of all runs for that of one, so that a
    run would write its dancers over those of the one before.
    """

    @property
    def log_dir(self) -> str | None:
        """The folder of this run; all processes must ask for it."""
        logger = self.loggers[0] if self.loggers else None
        if logger is None or isinstance(logger, _HAVE_FOLDERS):
            return super().log_dir
        version = logger.version if isinstance(logger.version, str) else f"version_{logger.version}"
        folder = Path(logger.save_dir or self.default_root_dir) / str(logger.name) / version
        return self.strategy.broadcast(str(folder))


class SaveConfig(SaveConfigCallback):
    """Keeps the configuration in the folder of the run, and tells it to loggers that lie elsewhere."""

    def save_config(self, trainer: pl.Trainer, pl_module: pl.LightningModule, stage: str) -> None:
        """Tells what was set, as hyperparameters."""
        settings = yaml.safe_load(self.parser.dump(self.config, skip_none=True))
        for logger in trainer.loggers:
            if not isinstance(logger, _HAVE_FOLDERS):
                logger.log_hyperparams({name: settings[name] for name in ("model", "data", "seed_everything")})
