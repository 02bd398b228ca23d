"""What every data module of the trainer offers, whatever its windows are."""

import abc
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
from torch.utils.data import DataLoader

from data.dataset.prepared_reader import PreparedFolder
from models.step.dancer import Dancer
from training.data_modules.examples import Windows, loader


def require_dims(folder: Path, dims: Iterable[tuple[str, int, int]]) -> None:
    """Says whether a dancer's configuration fits a folder.

    Args:
        folder: The folder, for the message.
        dims: Names in the configuration, what it says, and what the data have.

    Raises:
        ValueError: It does not; the message has every number that is another, and what to type.
    """
    others = [(name, own, theirs) for name, own, theirs in dims if own != theirs]
    if others:
        found = "; ".join(
            f"model.dancer.config.{name} is {own}, the data in {folder} have {theirs}" for name, own, theirs in others
        )
        typed = " ".join(f"--model.dancer.init_args.config.{name} {theirs}" for name, _, theirs in others)
        raise ValueError(f"{found}; so add {typed}")


class DancerData(pl.LightningDataModule, abc.ABC):
    """Windows of a folder in batches for one kind of dancer.

    The dancer says how long its windows are, so it is connected before batches are asked for.

    Args:
        folder: Where the features are.
        batch_size: Windows of a batch, over all processes together: the same on one device as on eight.
        num_workers: Processes that load windows; 0 loads in the training process, which is enough for memory-mapped
            files.
        seed: Order of the windows and all that is random in them.
    """

    def __init__(self, folder: Path, batch_size: int, num_workers: int, seed: int) -> None:
        super().__init__()
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, not {batch_size}")
        self.folder = Path(folder)
        self.batch_size, self.num_workers, self.seed = batch_size, num_workers, seed

    @property
    def prepared(self) -> PreparedFolder:
        """The folder with all that a live dancer needs: skeleton, codec, styles.

        Raises:
            ValueError: If ``transflower-data prepare`` did not write it.
        """
        return PreparedFolder.open(self.folder)

    @abc.abstractmethod
    def connect(self, dancer: Dancer) -> None:
        """Makes windows for this dancer.

        Raises:
            ValueError: If it is of another kind, or its dimensions are not those of the folder.
        """

    @abc.abstractmethod
    def fit_statistics(self, dancer: Dancer) -> None:
        """Gives a connected dancer its standardisation and the poses to start from, from the training sequences."""

    @abc.abstractmethod
    def windows(self, split: str) -> Windows:
        """The windows of a split, train or val, for the connected dancer."""

    @property
    @abc.abstractmethod
    def collate(self) -> Callable[[list[Any]], Any]:
        """Joins windows into a batch."""

    def train_dataloader(self) -> DataLoader[Any]:
        """Shuffled windows; a resumed run goes on where it was."""
        return self._loader("train", seed=self.seed)

    def val_dataloader(self) -> DataLoader[Any]:
        """The validation sequences, once each, in order; nothing, where no sequence is held out."""
        return self._loader("val", seed=None)

    def _loader(self, split: str, *, seed: int | None) -> DataLoader[Any]:
        trainer = self.trainer
        done = trainer.fit_loop.epoch_loop.batch_progress.current.completed if trainer and seed is not None else 0
        return loader(
            self.windows(split),
            self.collate,
            batch_size=self.batch_size,
            process=trainer.global_rank if trainer else 0,
            num_processes=trainer.world_size if trainer else 1,
            num_workers=self.num_workers,
            seed=seed,
            num_batches_done=done,
        )
