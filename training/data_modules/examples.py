"""Examples in an order, and with corruptions, that depend on the seed alone: not on processes, workers or a restart."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Protocol

import numpy as np
from torch.utils.data import DataLoader, Dataset, DistributedSampler


class Windows(Protocol):
    """Numbered windows of sequences."""

    def __len__(self) -> int:
        """How many there are."""
        ...

    def window(self, item: int, rng: np.random.Generator | None) -> Any:
        """Window number ``item``; what is random in it is drawn from the generator, without one nothing is."""
        ...


class Examples(Dataset[Any]):
    """Windows as a torch dataset, whose items are asked for by epoch and number.

    Args:
        windows: The windows.
        seed: Seeds what is random in them; None leaves them as they are.
    """

    def __init__(self, windows: Windows, seed: int | None) -> None:
        self._windows, self._seed = windows, seed

    def __len__(self) -> int:
        return len(self._windows)

    def __getitem__(self, place: tuple[int, int]) -> Any:
        """The window of a number as it is in an epoch."""
        epoch, item = place
        rng = None if self._seed is None else np.random.default_rng((self._seed, epoch, item))
        return self._windows.window(item, rng)


class ExampleSampler(DistributedSampler[Any]):
    """Yields (epoch, number) for this process; all processes together go through one order, whatever their number.

    Args:
        num_done: Examples of the first epoch that were used before the run was interrupted; they are passed over.
        dataset: What is sampled.
        options: As `DistributedSampler`.
    """

    def __init__(self, dataset: Examples, *, num_done: int = 0, **options: Any) -> None:
        super().__init__(dataset, **options)
        self._num_done = num_done

    def __iter__(self) -> Iterator[Any]:
        done, self._num_done = self._num_done, 0
        return ((self.epoch, item) for item in islice(super().__iter__(), done, None))


def loader(
    windows: Windows,
    collate: Callable[[list[Any]], Any],
    *,
    batch_size: int,
    process: int,
    num_processes: int,
    num_workers: int,
    seed: int | None,
    num_batches_done: int = 0,
) -> DataLoader[Any]:
    """Batches for one of several processes.

    Args:
        windows: What they are made of.
        collate: Joins windows into a batch.
        batch_size: Windows of a batch of all processes together.
        process: Number of this one.
        num_processes: How many there are.
        num_workers: Processes that load for this one.
        seed: Shuffles, and seeds what is random; None goes through the windows once, in order, as they are.
        num_batches_done: Batches of the first epoch to pass over.

    Raises:
        ValueError: If the processes cannot share a batch evenly.
    """
    if batch_size % num_processes:
        raise ValueError(
            f"a batch of {batch_size} windows cannot be shared by {num_processes} processes; "
            f"use --data.batch_size {-(-batch_size // num_processes) * num_processes}"
        )
    own_size = batch_size // num_processes
    examples = Examples(windows, seed)
    drop_last = seed is not None and len(windows) >= batch_size
    num_batches = len(windows) // batch_size if drop_last else 1
    sampler = ExampleSampler(
        examples,
        num_replicas=num_processes,
        rank=process,
        shuffle=seed is not None,
        seed=seed or 0,
        drop_last=drop_last,
        num_done=num_batches_done % num_batches * own_size,
    )
    return DataLoader(
        examples,
        batch_size=own_size,
        sampler=sampler,
        drop_last=drop_last,
        collate_fn=collate,
        num_workers=num_workers,
        persistent_workers=num_workers > 0,
    )
