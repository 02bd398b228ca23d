"""Lost samples are found by the clock, and nothing else is taken for a loss."""

import numpy as np
import pytest

from bridge.sources.gap_detector import GapDetector

RATE_HZ = 48000


def missing_samples(
    num_blocks: int,
    block: int,
    *,
    jitter_s: float = 0.0,
    losses: dict[int, int] | None = None,
    drift: float = 0.0,
    late: range = range(0),
    seed: int = 0,
) -> list[int]:
    """What the detector finds in a stream whose blocks are stamped up to `jitter_s` too late.

    `losses` are samples lost before a block; the blocks of `late` are all stamped when the last of them comes.
    """
    rng = np.random.default_rng(seed)
    detector = GapDetector(RATE_HZ)
    found = []
    device_samples = 0
    late_until_s = 0.0
    for index in range(num_blocks):
        device_samples += block + (losses or {}).get(index, 0)
        time_s = device_samples / RATE_HZ * (1 + drift) + rng.uniform(0, jitter_s) + 1000.0
        if index in late:
            late_until_s = 1000.0 + (device_samples + (late.stop - 1 - index) * block) / RATE_HZ
            time_s = late_until_s
        found.append(detector.step(block, round(max(time_s, late_until_s) * 1e6)))
    return found


@pytest.mark.parametrize("block", [64, 256, 2048])
@pytest.mark.parametrize("drift", [-2e-4, 0.0, 2e-4])
def test_jitter_and_drift_are_no_losses(block: int, drift: float) -> None:
    assert sum(missing_samples(60 * RATE_HZ // block, block, jitter_s=0.02, drift=drift)) == 0


@pytest.mark.parametrize("block", [64, 256, 2048])
def test_a_loss_is_found_within_half_a_second_to_within_the_jitter(block: int) -> None:
    second = RATE_HZ // block
    found = missing_samples(20 * second, block, jitter_s=0.004, losses={10 * second: 9600})
    assert sum(found[: 10 * second]) == 0
    assert abs(sum(found) - 9600) < 0.004 * RATE_HZ
    (where,) = np.flatnonzero(found)
    assert where - 10 * second <= 1.1 * second


def test_small_losses_add_up() -> None:
    second = RATE_HZ // 256
    losses = dict.fromkeys(range(5 * second, 25 * second, second), 480)  # ten milliseconds in each second
    found = missing_samples(40 * second, 256, jitter_s=0.002, losses=losses)
    assert abs(sum(found) - 20 * 480) < 0.035 * RATE_HZ


def test_blocks_that_come_late_in_a_burst_are_no_loss() -> None:
    second = RATE_HZ // 256
    assert sum(missing_samples(20 * second, 256, late=range(10 * second, 10 * second + second // 4))) == 0
