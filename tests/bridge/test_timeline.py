"""The timeline is gapless: silence where a source gave nothing, and nothing twice."""

import numpy as np

from bridge.sources.source import SoundBlock
from tests.bridge.running_timeline import RunningTimeline

RATE_HZ = 1000


def block(start_s: float, end_s: float) -> SoundBlock:
    """Sound from one time to another, its samples numbered by the millisecond."""
    samples = np.arange(round(start_s * RATE_HZ), round(end_s * RATE_HZ)).astype(np.float32)
    return SoundBlock(samples, round(end_s * 1e6))


def test_blocks_pass_as_they_are():
    timeline = RunningTimeline(RATE_HZ, 0.0)
    assert len(timeline.accept(block(0.0, 0.1))) == 100
    assert len(timeline.accept(block(0.1, 0.15))) == 50
    assert timeline.until_s == 0.15
    assert timeline.silence_s == 0.0


def test_a_short_pause_is_waited_for():
    timeline = RunningTimeline(RATE_HZ, 0.0)
    assert len(timeline.fill(0.29)) == 0


def test_silence_stands_in_for_a_source_that_gives_nothing_and_keeps_pace_with_the_clock():
    timeline = RunningTimeline(RATE_HZ, 0.0)
    timeline.accept(block(0.0, 1.0))
    silence = [timeline.fill(now) for now in (1.2, 1.4, 1.45, 1.5)]
    assert [len(samples) for samples in silence] == [0, 350, 50, 50]
    assert not np.concatenate(silence).any()
    assert np.isclose(timeline.until_s, 1.45)
    assert np.isclose(timeline.silence_s, 0.45)


def test_what_was_filled_is_not_heard_again_when_the_device_comes_back():
    timeline = RunningTimeline(RATE_HZ, 0.0)
    timeline.fill(1.05)  # until 1.0
    assert len(timeline.accept(block(0.0, 0.8))) == 0
    kept = timeline.accept(block(0.8, 1.2))
    assert kept[0] == 1000
    assert kept[-1] == 1199
    assert len(timeline.accept(block(1.2, 1.3))) == 100
