"""The ring between the sound card and the reader: nothing is lost silently and time never shifts."""

import threading

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bridge.sources.ring import SampleRing

RATE_HZ = 1000  # so that one sample is one millisecond


def counting(start: int, num_samples: int) -> np.ndarray:
    return np.arange(start, start + num_samples, dtype=np.float32)


def test_what_is_written_is_read_with_its_time() -> None:
    ring = SampleRing(16, RATE_HZ)
    assert ring.read(100) is None
    assert ring.write(counting(0, 4), last_time_us=3_000)
    assert ring.write(counting(4, 3), last_time_us=6_000)
    span = ring.read(100)
    assert span is not None
    np.testing.assert_array_equal(span.samples, counting(0, 7))
    assert (span.last_time_us, span.is_gap) == (6_000, False)
    assert ring.read(100) is None


def test_a_read_may_end_within_a_block() -> None:
    ring = SampleRing(16, RATE_HZ)
    ring.write(counting(0, 4), last_time_us=3_000)
    ring.write(counting(4, 6), last_time_us=9_000)
    spans = [ring.read(3), ring.read(3), ring.read(3), ring.read(3)]
    assert [span.samples.tolist() for span in spans if span] == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]]
    assert [span.last_time_us for span in spans if span] == [2_000, 5_000, 8_000, 9_000]


def test_a_full_ring_drops_the_new_block_and_zeros_take_its_place() -> None:
    ring = SampleRing(8, RATE_HZ)
    assert ring.write(counting(0, 6), last_time_us=5_000)
    assert not ring.write(counting(6, 3), last_time_us=8_000)
    assert not ring.write(counting(9, 4), last_time_us=12_000)
    assert ring.write(counting(13, 2), last_time_us=14_000)
    assert ring.dropped_samples == 7

    spans = [ring.read(100), ring.read(5), ring.read(100), ring.read(100)]

    assert [(span.samples.tolist(), span.last_time_us, span.is_gap) for span in spans if span] == [
        ([0, 1, 2, 3, 4, 5], 5_000, False),
        ([0] * 5, 10_000, True),
        ([0] * 2, 12_000, True),
        ([13, 14], 14_000, False),
    ]
    assert ring.read(100) is None


def test_a_block_larger_than_the_ring_is_dropped() -> None:
    ring = SampleRing(8, RATE_HZ)
    assert not ring.write(counting(0, 9), last_time_us=8_000)
    assert ring.write(counting(9, 8), last_time_us=16_000)
    gap, sound = ring.read(100), ring.read(100)
    assert gap is not None
    assert sound is not None
    assert (len(gap.samples), gap.is_gap, gap.last_time_us) == (9, True, 8_000)
    np.testing.assert_array_equal(sound.samples, counting(9, 8))


def test_the_reader_owns_what_it_reads() -> None:
    ring = SampleRing(4, RATE_HZ)
    ring.write(counting(0, 4), last_time_us=3_000)
    span = ring.read(4)
    ring.write(counting(4, 4), last_time_us=7_000)
    assert span is not None
    np.testing.assert_array_equal(span.samples, counting(0, 4))


@given(
    st.integers(1, 40),
    st.lists(
        st.one_of(st.tuples(st.just("write"), st.integers(0, 50)), st.tuples(st.just("read"), st.integers(1, 60)))
    ),
)
def test_any_order_of_writes_and_reads_keeps_every_sample_at_its_place(
    capacity: int, steps: list[tuple[str, int]]
) -> None:
    """Sample k has the value k + 1 and the time k: wherever it is found, all three must agree; zeros are drops."""
    ring = SampleRing(capacity, RATE_HZ)
    written = read = zeros = 0
    for action, amount in [*steps, *[("read", 1000)] * (2 * len(steps) + 2)]:
        if action == "write":
            ring.write(counting(written + 1, amount), last_time_us=1000 * (written + amount - 1))
            written += amount
        elif (span := ring.read(amount)) is not None:
            assert 1 <= len(span.samples) <= amount
            expected = np.zeros(len(span.samples)) if span.is_gap else counting(read + 1, len(span.samples))
            np.testing.assert_array_equal(span.samples, expected)
            read += len(span.samples)
            zeros += len(span.samples) * span.is_gap
            assert span.last_time_us == 1000 * (read - 1)
    # Drops at the very end have no block after them that could tell of them.
    assert read - zeros == written - ring.dropped_samples
    assert zeros <= ring.dropped_samples


def test_a_writing_and_a_reading_thread_agree_on_every_sample() -> None:
    """The writer never waits, as a sound card does not; sample k has the value k + 1, or 0 if it found no room."""
    ring = SampleRing(1024, RATE_HZ)
    sizes = np.random.default_rng(0).integers(1, 200, size=2000).tolist()

    def produce() -> None:
        written = 0
        for size in sizes:
            ring.write(counting(written + 1, size), last_time_us=0)
            written += size

    writer = threading.Thread(target=produce)
    writer.start()
    read = zeros = 0
    finished = False
    while not finished:
        finished = not writer.is_alive()  # asked before the read: what came until then is still taken out
        while (span := ring.read(300)) is not None:
            expected = np.zeros(len(span.samples)) if span.is_gap else counting(read + 1, len(span.samples))
            np.testing.assert_array_equal(span.samples, expected)
            read += len(span.samples)
            zeros += len(span.samples) * span.is_gap
    assert read - zeros == sum(sizes) - ring.dropped_samples
    assert zeros <= ring.dropped_samples
