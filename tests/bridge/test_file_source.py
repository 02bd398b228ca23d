"""A file sounds as if it were live: every sample once, in real time, without drift."""

import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.sources.file import FileSource
from bridge.sources.source import SoundBlock, SoundSource
from tests.simulated_time import SimulatedTime
from tests.sound_card import SoundCard
from tests.waiting import GENEROUS_S, wait_until


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimulatedTime:
    """The clock by which a file is paced."""
    clock = SimulatedTime()
    monkeypatch.setattr("bridge.sources.file.time", clock)
    return clock


def write_ramp(path: Path, num_samples: int, sample_rate_hz: int = 22050) -> np.ndarray:
    """A sound of which no two samples are equal, and what it must read as."""
    ramp = np.linspace(-0.9, 0.9, num_samples, dtype=np.float32)
    soundfile.write(path, ramp, sample_rate_hz, subtype="FLOAT")
    return ramp


def read_all(source: SoundSource) -> list[SoundBlock]:
    blocks = []
    while not source.ended:
        block = source.read(max_wait_s=GENEROUS_S)
        assert block is not None
        blocks.append(block)
    return blocks


@pytest.mark.parametrize("num_samples", [1, 220, 221, 22050, 22051])
def test_unpaced_every_sample_is_read_once(tmp_path: Path, num_samples: int) -> None:
    ramp = write_ramp(tmp_path / "ramp.wav", num_samples)
    with FileSource(tmp_path / "ramp.wav", paced=False) as source:
        assert source.sample_rate_hz == 22050
        blocks = read_all(source)
        assert source.read(0.0) is None
    np.testing.assert_array_equal(np.concatenate([block.samples for block in blocks]), ramp)
    assert source.ended


def test_blocks_end_at_multiples_of_ten_milliseconds(tmp_path: Path) -> None:
    write_ramp(tmp_path / "ramp.wav", 22050)
    with FileSource(tmp_path / "ramp.wav", paced=False) as source:
        blocks = read_all(source)
    ends = np.cumsum([len(block.samples) for block in blocks])
    np.testing.assert_array_equal(ends, np.ceil(np.arange(1, 101) * 220.5))
    times_us = np.array([block.capture_time_us for block in blocks])
    np.testing.assert_allclose(times_us - times_us[0], (ends - ends[0]) / 22050 * 1e6, atol=1)


def test_a_loop_begins_again_without_a_seam(tmp_path: Path) -> None:
    ramp = write_ramp(tmp_path / "ramp.wav", 500)
    with FileSource(tmp_path / "ramp.wav", paced=False, loop=True) as source:
        heard = np.concatenate([block.samples for block in (source.read(0.0) for _ in range(20)) if block])
        assert not source.ended
    np.testing.assert_array_equal(heard, np.tile(ramp, 9)[: len(heard)])
    assert len(heard) == 4410


def test_paced_blocks_are_not_released_before_they_have_sounded(tmp_path: Path, clock: SimulatedTime) -> None:
    ramp = write_ramp(tmp_path / "ramp.wav", 22050 // 2)
    with FileSource(tmp_path / "ramp.wav") as source:
        start_us = clock.monotonic_ns() // 1000
        blocks = []
        while not source.ended:
            block = source.read(max_wait_s=0.2)
            assert block is not None
            assert 0 <= clock.monotonic_ns() // 1000 - block.capture_time_us <= 1, "neither early nor late"
            blocks.append(block)
    np.testing.assert_array_equal(np.concatenate([block.samples for block in blocks]), ramp)
    assert blocks[-1].capture_time_us - start_us == 500_000


@pytest.mark.realtime
def test_the_clock_that_paces_is_that_of_the_machine(tmp_path: Path) -> None:
    ramp = write_ramp(tmp_path / "ramp.wav", 22050 // 5)
    before_us = time.monotonic_ns() // 1000
    with FileSource(tmp_path / "ramp.wav") as source:
        after_us = time.monotonic_ns() // 1000
        blocks = read_all(source)
    assert blocks[-1].capture_time_us <= time.monotonic_ns() // 1000
    np.testing.assert_array_equal(np.concatenate([block.samples for block in blocks]), ramp)
    assert before_us + 200_000 <= blocks[-1].capture_time_us <= after_us + 200_000


def test_a_late_reader_gets_what_it_missed_at_once(tmp_path: Path, clock: SimulatedTime) -> None:
    ramp = write_ramp(tmp_path / "ramp.wav", 22050)
    with FileSource(tmp_path / "ramp.wav") as source:
        late_s = clock.monotonic() + 0.305
        clock.sleep_until(late_s)
        blocks = [block for block in (source.read(max_wait_s=0.0) for _ in range(31)) if block is not None]
        assert clock.monotonic() == pytest.approx(late_s, abs=1e-6)
    assert len(blocks) == 30
    np.testing.assert_array_equal(np.concatenate([block.samples for block in blocks]), ramp[: 22050 * 30 // 100])


def test_a_short_wait_ends_without_a_block(tmp_path: Path, clock: SimulatedTime) -> None:
    write_ramp(tmp_path / "ramp.wav", 22050)
    with FileSource(tmp_path / "ramp.wav") as source:
        begin_s = clock.monotonic()
        assert source.read(max_wait_s=0.0) is None
        assert source.read(max_wait_s=0.004) is None
        assert clock.monotonic() - begin_s == pytest.approx(0.004, abs=1e-6)
        assert source.read(max_wait_s=0.5) is not None
        assert clock.monotonic() - begin_s == pytest.approx(0.01, abs=1e-4)


def test_a_source_can_be_started_again(tmp_path: Path) -> None:
    ramp = write_ramp(tmp_path / "ramp.wav", 300)
    source = FileSource(tmp_path / "ramp.wav", paced=False)
    assert source.ended
    assert source.read(0.0) is None
    for _ in range(2):
        with source:
            np.testing.assert_array_equal(np.concatenate([block.samples for block in read_all(source)]), ramp)
    source.stop()


def test_what_is_no_sound_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("not a sound")
    with pytest.raises(ValueError, match=r"text\.wav"):
        FileSource(tmp_path / "text.wav").start()
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), 48000)
    with pytest.raises(ValueError, match=r"empty\.wav"):
        FileSource(tmp_path / "empty.wav").start()


def test_only_what_is_paced_can_be_played_aloud(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="paced=True"):
        FileSource(tmp_path / "ramp.wav", paced=False, play_aloud=True)


def test_without_an_output_device_auto_is_silent_and_true_is_refused(tmp_path: Path) -> None:
    write_ramp(tmp_path / "ramp.wav", 1000)
    with FileSource(tmp_path / "ramp.wav", play_aloud="auto", output_device="no such card") as source:
        assert not source.playing_aloud
        assert source.silent_because
        assert source.silent_because in str(source.notice)
        assert source.read(max_wait_s=1.0) is not None
    with pytest.raises((ValueError, RuntimeError)):
        FileSource(tmp_path / "ramp.wav", play_aloud=True, output_device="no such card").start()


class FakePlayback:
    """Stands in for the output: a sound card whose clock is slow, and which may stop."""

    def __init__(self, clock: SimulatedTime, rate_hz: float, stops_s: float) -> None:
        self._clock, self._rate_hz, self._stops_s = clock, rate_hz, stops_s

    def start(self) -> None:
        self._start_s = self._clock.monotonic()

    def heard_samples(self, time_us: int) -> int:
        return max(0, int(min(time_us * 1e-6 - self._start_s, self._stops_s) * self._rate_hz))

    def heard_time_us(self, num_samples: int) -> int:
        return round((self._start_s + num_samples / self._rate_hz) * 1e6)

    def close(self) -> None:
        pass


def test_the_pace_of_a_sound_card_is_followed_to_the_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: SimulatedTime
) -> None:
    """A card that plays a tenth too slowly, and stops after a second: then the clock goes on from there."""
    ramp = write_ramp(tmp_path / "ramp.wav", 2 * 48000, 48000)
    card = FakePlayback(clock, 0.9 * 48000, stops_s=1.0)
    monkeypatch.setattr("bridge.sources.file.Playback", lambda *arguments, **options: card)
    with FileSource(tmp_path / "ramp.wav", play_aloud=True) as source:
        start_s = clock.monotonic()
        blocks = read_all(source)
        assert source.silent_because == "the sound card stopped playing"
    np.testing.assert_array_equal(np.concatenate([block.samples for block in blocks]), ramp)
    times_s = np.array([block.capture_time_us for block in blocks]) * 1e-6 - start_s
    np.testing.assert_allclose(times_s[:89], np.arange(1, 90) / 90, rtol=0, atol=2e-6)
    np.testing.assert_allclose(np.diff(times_s[91:]), 0.01, rtol=0, atol=2e-6)
    assert 1.49 < times_s[90] < 1.52, "after half a second it is given up"


@pytest.mark.soundcard
@pytest.mark.realtime
def test_played_aloud_the_sound_card_sets_the_pace(
    tmp_path: Path, sound_card: SoundCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A busy machine may keep the card waiting.
    monkeypatch.setattr("bridge.sources.file._PLAYBACK_START_S", GENEROUS_S)
    monkeypatch.setattr("bridge.sources.file._PLAYBACK_STALL_S", GENEROUS_S)
    ramp = write_ramp(tmp_path / "ramp.wav", 48000, 48000)
    begin_us = time.monotonic_ns() // 1000
    with FileSource(tmp_path / "ramp.wav", play_aloud="auto") as source:
        assert source.playing_aloud, source.silent_because
        blocks = []
        while not source.ended:
            block = source.read(max_wait_s=GENEROUS_S)
            assert block is not None
            assert block.capture_time_us <= time.monotonic_ns() // 1000
            blocks.append(block)
        assert source.silent_because is source.notice is None, "the sound card kept playing to the end"
        assert source.playing_aloud
    np.testing.assert_array_equal(np.concatenate([block.samples for block in blocks]), ramp)
    # Whatever the card has in its hands is a fraction of this second.
    assert time.monotonic_ns() // 1000 - begin_us > 500_000, "it was not released before it was heard"


@pytest.mark.soundcard
@pytest.mark.realtime
def test_when_the_sound_card_goes_away_the_file_goes_on(tmp_path: Path, sound_card: SoundCard) -> None:
    ramp = write_ramp(tmp_path / "ramp.wav", 4800, 48000)
    with FileSource(tmp_path / "ramp.wav", play_aloud=True, loop=True) as source:
        samples: list[np.ndarray] = []

        def listen() -> None:
            if (block := source.read(max_wait_s=0.05)) is not None:
                samples.append(block.samples)

        wait_until(lambda: (listen(), len(samples) >= 20)[1], "the first fifth of a second")
        sound_card.kill()
        wait_until(lambda: (listen(), not source.playing_aloud)[1], "the card to be given up")
        assert source.silent_because == "the sound card stopped playing"
        num_before = len(samples)
        wait_until(lambda: (listen(), len(samples) >= num_before + 20)[1], "the file to go on")
        assert not source.playing_aloud
    heard = np.concatenate(samples)
    np.testing.assert_array_equal(heard, np.tile(ramp, len(heard) // len(ramp) + 1)[: len(heard)])
