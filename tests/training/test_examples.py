"""Which examples come, in what order and how corrupted, depends on the seed alone."""

import numpy as np
import pytest

from training.data_modules.examples import loader


class Numbers:
    """Windows that are their number and, with a generator, a draw from it."""

    def __len__(self):
        return 23

    def window(self, item, rng):
        return item, 0.0 if rng is None else rng.random()


def batches(*, processes: int = 1, workers: int = 0, done: int = 0, seed: int | None = 5, epoch: int = 0) -> list[set]:
    """The batches of an epoch, those of all processes joined."""
    parts = []
    for process in range(processes):
        own = loader(
            Numbers(), list, batch_size=4, process=process, num_processes=processes, num_workers=workers, seed=seed,
            num_batches_done=done,
        )  # fmt: skip
        own.sampler.set_epoch(epoch)
        parts.append(list(own))
    return [set().union(*batch) for batch in zip(*parts, strict=True)]


def test_two_processes_share_the_batches_of_one():
    assert batches(processes=2) == batches(processes=1)
    assert batches(processes=4) == batches(processes=1)


def test_workers_change_nothing():
    assert batches(workers=2) == batches()


def test_every_epoch_has_its_own_order_and_corruptions_and_each_window_once():
    first, second = batches(), batches(epoch=1)
    assert first != second
    numbers = [item for batch in first for item, _ in batch]
    assert len(set(numbers)) == len(numbers) == 20  # the last batch would not be whole
    draws = (
        dict(example for batch in first for example in batch),
        dict(example for batch in second for example in batch),
    )
    assert all(draws[0][item] != draws[1][item] for item in draws[0].keys() & draws[1].keys())


def test_an_interrupted_epoch_goes_on_where_it_was():
    assert batches(done=3) == batches()[3:]
    assert batches(done=3 + 5) == batches()[3:]  # in the second epoch as in the first, as counted by the trainer
    resumed = loader(
        Numbers(), list, batch_size=4, process=0, num_processes=1, num_workers=0, seed=5, num_batches_done=3
    )
    assert len(list(resumed)) == 2
    resumed.sampler.set_epoch(1)
    assert len(list(resumed)) == 5


def test_validation_goes_through_everything_once_and_as_it_is():
    assert batches(seed=None) == [
        {(item, 0.0) for item in range(start, min(start + 4, 23))} for start in range(0, 23, 4)
    ]


def test_a_batch_must_be_shared_evenly():
    with pytest.raises(ValueError, match=r"4 windows cannot be shared by 3 processes; use --data.batch_size 6"):
        batches(processes=3)


def test_fewer_windows_than_a_batch_still_make_one():
    class Few(Numbers):
        def __len__(self):
            return 3

    own = loader(Few(), list, batch_size=8, process=0, num_processes=1, num_workers=0, seed=0)
    assert [len(batch) for batch in own] == [3]
    assert np.isfinite([draw for batch in own for _, draw in batch]).all()
