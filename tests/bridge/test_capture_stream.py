"""What the callback of a sound card does, with a sound card that is a few lines of Python."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bridge.sources import capture_child, input_stream
from bridge.sources.capture_child import Capture
from bridge.sources.capture_memory import CaptureMemory
from bridge.sources.capture_settings import CaptureSettings
from bridge.sources.portaudio import SoundDevice
from bridge.sources.ring import SampleRing
from tests.simulated_time import SimulatedTime

RATE_HZ = 48000
CARD = SoundDevice(
    index=7,
    name="Card",
    host_api="ALSA",
    max_input_channels=4,
    max_output_channels=0,
    default_sample_rate_hz=44100,
    is_default_input=True,
    is_default_output=False,
)


class FakeCard:
    """Stands in for sounddevice: opens only at the rates it has, and tells the time that the test tells it."""

    PortAudioError = OSError

    def __init__(self, monkeypatch: pytest.MonkeyPatch, rates_hz: set[int]) -> None:
        self.rates_hz = rates_hz
        self.clock = SimulatedTime(1000.0)
        self.opened: list[dict[str, Any]] = []
        self.active = True
        monkeypatch.setattr(input_stream, "load_sounddevice", lambda: self)
        monkeypatch.setattr(input_stream, "time", self.clock)

    @property
    def now_s(self) -> float:
        return self.clock.monotonic()

    @now_s.setter
    def now_s(self, time_s: float) -> None:
        self.clock.sleep_until(time_s)

    def InputStream(self, **settings: Any) -> "FakeCard":  # noqa: N802
        if settings["samplerate"] not in self.rates_hz:
            raise self.PortAudioError("invalid sample rate")
        self.opened.append(settings)
        return self

    @property
    def time(self) -> float:
        return self.now_s

    def start(self) -> None:
        pass

    def abort(self, ignore_errors: bool) -> None:
        pass

    def close(self, ignore_errors: bool) -> None:
        pass

    def call(self, sound: np.ndarray, *, age_s: float | None) -> None:
        """Hands out a block whose first sample has this age; without one the host leaves its times at zero."""
        adc_s = 0.0 if age_s is None else self.now_s - age_s
        times = SimpleNamespace(currentTime=self.now_s, inputBufferAdcTime=adc_s)
        self.opened[-1]["callback"](sound, len(sound), times, None)


def open_stream(ring: SampleRing, device_rate_hz: int = RATE_HZ, last_time_us: int | None = None) -> Any:
    return input_stream.InputStream(
        CARD,
        ring,
        lambda: None,
        device_rate_hz=device_rate_hz,
        ring_rate_hz=RATE_HZ,
        channels=(1, 2),
        block_size=0,
        latency="low",
        last_time_us=last_time_us,
    )


def shared_memory() -> tuple[CaptureMemory, CaptureMemory]:
    """One memory, as its two sides see it."""
    memory, handle = CaptureMemory.create()
    return memory, CaptureMemory.open(handle)


def all_of(ring: SampleRing) -> list[tuple[np.ndarray, int, bool]]:
    spans = []
    while (span := ring.read(1 << 20)) is not None:
        spans.append((span.samples, span.last_time_us, span.is_gap))
    return spans


@pytest.mark.parametrize(("age_s", "end_s"), [(0.03, 1000.0 - 0.03 + 0.01), (None, 1000.0), (60.0, 1000.0)])
def test_channels_are_mixed_and_the_last_sample_has_its_time(
    monkeypatch: pytest.MonkeyPatch, age_s: float | None, end_s: float
) -> None:
    card, ring = FakeCard(monkeypatch, {RATE_HZ}), SampleRing(RATE_HZ, RATE_HZ)
    open_stream(ring)
    card.call(np.tile(np.float32([1.0, 0.5]), (480, 1)), age_s=age_s)
    ((samples, time_us, is_gap),) = all_of(ring)
    np.testing.assert_array_equal(samples, np.full(480, 0.75, np.float32))
    assert time_us == pytest.approx(end_s * 1e6, abs=2)
    assert not is_gap


@pytest.mark.parametrize("pause_s", [0.15, 3600.0])
def test_a_pause_of_the_device_is_skipped_at_once_and_exactly(monkeypatch: pytest.MonkeyPatch, pause_s: float) -> None:
    card, ring = FakeCard(monkeypatch, {RATE_HZ}), SampleRing(RATE_HZ, RATE_HZ)
    open_stream(ring)
    block = np.ones((480, 2), np.float32)
    card.call(block, age_s=0.03)
    card.now_s += 0.01 + pause_s
    card.call(block, age_s=0.03)
    assert ring.skipped_samples == pytest.approx(pause_s * RATE_HZ, abs=1)


def test_a_late_call_that_lost_nothing_skips_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks that waited in the driver while the process was stopped are old, and known to be."""
    card, ring = FakeCard(monkeypatch, {RATE_HZ}), SampleRing(4 * RATE_HZ, RATE_HZ)
    open_stream(ring)
    block = np.ones((480, 2), np.float32)
    card.call(block, age_s=0.01)
    card.now_s += 2.0
    for waited in range(200):
        card.call(block, age_s=2.0 - 0.01 * waited)
    assert ring.skipped_samples == 0
    ((samples, time_us, _),) = all_of(ring)
    assert len(samples) == 201 * 480
    assert time_us == pytest.approx(card.now_s * 1e6, abs=2)


def test_a_device_that_comes_back_at_another_rate_is_resampled(monkeypatch: pytest.MonkeyPatch) -> None:
    card = FakeCard(monkeypatch, {44100})
    monkeypatch.setattr(capture_child, "find_again", lambda name, host_api, direction: CARD)
    memory, other = shared_memory()
    reader = other.ring(RATE_HZ)
    settings = CaptureSettings(
        device="Card", host_api="ALSA", sample_rate_hz=RATE_HZ, resume_us=round((card.now_s - 5.0) * 1e6)
    )
    capture = Capture(settings, memory, lambda: None)
    answer = capture.open()
    assert answer.sample_rate_hz == RATE_HZ
    assert card.opened[-1]["samplerate"] == 44100
    tone = np.sin(2 * np.pi * 440 * np.arange(44100) / 44100).astype(np.float32)
    for start in range(0, 44100, 441):
        card.now_s += 0.01
        card.call(np.repeat(tone[start : start + 441, np.newaxis], 2, axis=1), age_s=0.01)
    (zeros, _, is_gap), (samples, time_us, _) = all_of(reader)
    assert is_gap
    assert len(zeros) == 5 * RATE_HZ
    assert len(samples) == RATE_HZ
    assert time_us == pytest.approx(card.now_s * 1e6, abs=2)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    assert np.argmax(spectrum) == 440, "the pitch is the same"


def test_the_first_opening_must_have_the_rate_that_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    FakeCard(monkeypatch, {44100})
    monkeypatch.setattr(capture_child, "find_device", lambda device, direction: CARD)
    capture = Capture(CaptureSettings(device="Card", sample_rate_hz=96000), shared_memory()[0], lambda: None)
    with pytest.raises(ValueError, match="'Card' does not open at 96000 Hz with 2 channel"):
        capture.open()


def test_a_stream_that_broke_or_fell_silent_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    card = FakeCard(monkeypatch, {44100})
    monkeypatch.setattr(capture_child, "find_device", lambda device, direction: CARD)
    monkeypatch.setattr(capture_child, "find_again", lambda name, host_api, direction: CARD)
    monkeypatch.setattr(capture_child, "restart_portaudio", lambda: None)
    memory, _ = shared_memory()
    capture = Capture(CaptureSettings(device=None), memory, lambda: None)
    capture.open()
    now_us = round(card.now_s * 1e6)
    assert capture.look(now_us + 2_000_000), "wireless microphones take their time at first"
    card.call(np.ones((480, 2), np.float32), age_s=0.01)
    assert capture.look(now_us + 400_000)
    assert not capture.look(now_us + 600_000), "silent"
    assert capture.reopen()
    card.active = False
    assert not capture.look(now_us), "broken"
    card.rates_hz = set()
    assert not capture.reopen()
    card.rates_hz, card.active = {44100}, True
    assert capture.reopen()
    assert capture.look(now_us)
    assert memory.num_reopened == 2
