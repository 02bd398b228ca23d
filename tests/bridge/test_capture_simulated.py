"""A device source in simulated time, from the card's callback to the dancer's timeline: to the sample, on any machine.

The sound card is a few lines of Python that say when it calls; all else is what runs in a performance, but in one
process and without waiting.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from bridge.sources import device
from bridge.sources.capture_memory import CaptureMemory
from bridge.sources.capture_settings import CaptureAnswer, CaptureSettings
from bridge.sources.device import DeviceSource
from tests.bridge.numbered_sound import Holes, numbered, numbers_of
from tests.bridge.running_timeline import RunningTimeline
from tests.bridge.test_capture_stream import RATE_HZ, FakeCard, open_stream

BLOCK = 256
BEGIN_S = 1000.0
END_S = 1010.0


@dataclass(frozen=True)
class Call:
    """The card hands out a block.

    Attributes:
        time_s: When it calls.
        first: Number of the block's first sample. Sample n is in the room n / rate after the beginning.
    """

    time_s: float
    first: int


class SimulatedCapture:
    """Stands in for the process that captures. The card calls while the reader waits for it."""

    def __init__(self, card: FakeCard, settings: CaptureSettings, calls: Iterator[Call], dies_s: float) -> None:
        self.has_ended = False
        self.started_s = card.now_s
        self.memory, handle = CaptureMemory.create()
        ring = CaptureMemory.open(handle).ring(RATE_HZ, settings.buffer_s)
        open_stream(ring, last_time_us=settings.resume_us)
        self._card = card
        self._calls = calls
        self._next = next(calls)
        self._dies_s = dies_s

    def wait_until_open(self) -> CaptureAnswer:
        return CaptureAnswer(name="Card", device="Card", host_api="ALSA", sample_rate_hz=RATE_HZ)

    def wait(self, max_wait_s: float) -> None:
        until_s = self._card.now_s + max(max_wait_s, 0.0)
        if self._dies_s <= min(until_s, self._next.time_s):
            self._card.now_s = self._dies_s
            self.has_ended = True
        elif self._next.time_s > until_s:
            self._card.now_s = until_s
        else:
            self._card.now_s = self._next.time_s
            age_s = self._card.now_s - BEGIN_S - self._next.first / RATE_HZ
            sound = np.repeat(numbered(BLOCK, self._next.first + 1)[:, np.newaxis], 2, axis=1)
            self._card.call(sound, age_s=age_s)
            self._next = next(self._calls)

    def close(self) -> None:
        self._next = Call(float("inf"), 0)


def calls_of(late_s: np.ndarray, lost: range = range(0)) -> list[Call]:
    """The calls of a card: each block when it is full, or as much later as is said; none for those that it loses."""
    ends_s = BEGIN_S + (np.arange(len(late_s)) + 1) * BLOCK / RATE_HZ
    times_s = np.maximum.accumulate(ends_s + late_s)
    return [Call(time_s, BLOCK * k) for k, time_s in enumerate(times_s.tolist()) if k not in lost]


def open_source(
    monkeypatch: pytest.MonkeyPatch, calls: list[Call], dies_s: float = np.inf
) -> tuple[FakeCard, DeviceSource]:
    """A source that listens to these calls. The process dies once, if at all; the next one hears what comes then."""
    card = FakeCard(monkeypatch, {RATE_HZ})
    monkeypatch.setattr(device, "time", card.clock)
    deaths_s = iter([dies_s])

    def start(settings: CaptureSettings) -> SimulatedCapture:
        now_s = card.now_s
        later = iter([call for call in calls if call.time_s > now_s] + [Call(np.inf, 0)] * 2)
        return SimulatedCapture(card, settings, later, next(deaths_s, np.inf))

    monkeypatch.setattr(device, "CaptureProcess", start)
    return card, DeviceSource("Card", sample_rate_hz=RATE_HZ)


def lateness(kind: str, num_blocks: int) -> np.ndarray:
    """By how much a machine that is busy in one way or another makes each call late, seconds."""
    rng = np.random.default_rng(0)
    late_s = np.zeros(num_blocks)
    if kind == "always a little":
        late_s = rng.uniform(0.0, 0.02, num_blocks)
    elif kind == "at times very much":
        starts = rng.choice(num_blocks, 20, replace=False)
        late_s[starts] = rng.uniform(0.05, 1.0, len(starts))
    return late_s


@pytest.mark.parametrize("kind", ["never", "always a little", "at times very much"])
def test_count_and_clock_agree_however_late_the_card_calls(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """What came late is known to be old: nothing is taken for lost, and each block has its time."""
    card, source = open_source(monkeypatch, calls_of(lateness(kind, round(9 * RATE_HZ / BLOCK))))
    blocks = []
    with source:
        while card.now_s < END_S:
            if (block := source.read(1 / 30)) is not None:
                assert block.capture_time_us <= card.now_s * 1e6
                blocks.append(block)
    numbers = numbers_of(np.concatenate([block.samples for block in blocks]))
    np.testing.assert_array_equal(numbers, np.arange(1, len(numbers) + 1))
    assert len(numbers) > 8.9 * RATE_HZ
    assert (source.gap_samples, source.overflow_samples) == (0, 0)
    ends = np.cumsum([len(block.samples) for block in blocks])
    times_s = 1e-6 * np.array([block.capture_time_us for block in blocks])
    np.testing.assert_allclose(times_s, BEGIN_S + ends / RATE_HZ, rtol=0, atol=5e-6)


@pytest.mark.parametrize("away_s", [0.2, 0.4, 2.0])
@pytest.mark.parametrize("what", ["kept", "lost", "died"])
def test_the_timeline_is_as_long_as_the_time_that_passed(
    monkeypatch: pytest.MonkeyPatch, away_s: float, what: str
) -> None:
    """The card is away for a while: it keeps what it heard meanwhile, or loses it, or the process dies that listens."""
    num_blocks = round(9 * RATE_HZ / BLOCK)
    away = range(round(3 * RATE_HZ / BLOCK), round((3 + away_s) * RATE_HZ / BLOCK))
    late_s = np.zeros(num_blocks)
    late_s[away.start] = len(away) * BLOCK / RATE_HZ
    calls = calls_of(late_s, lost=range(0) if what == "kept" else away)
    card, source = open_source(monkeypatch, calls, dies_s=BEGIN_S + 3.001 if what == "died" else np.inf)
    with source:
        timeline = RunningTimeline(RATE_HZ, BEGIN_S)
        given = []
        while card.now_s < END_S - 1.5:
            block = source.read(1 / 30)
            given.append(timeline.fill(card.now_s) if block is None else timeline.accept(block))
            num_given = sum(map(len, given))
            assert num_given / RATE_HZ == pytest.approx(timeline.until_s - BEGIN_S, abs=3 / RATE_HZ)
    numbers = numbers_of(np.concatenate(given))
    positions = np.flatnonzero(numbers)
    np.testing.assert_allclose(numbers[positions], positions + 1, rtol=0, atol=3, err_msg="each sample at its time")
    assert Holes.of(numbers).zeros.max() <= (away_s + 0.1) * RATE_HZ
    assert source.gap_samples == pytest.approx(0 if what == "kept" else len(away) * BLOCK, abs=2)
