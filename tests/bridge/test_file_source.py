"""A file sounds as if it were live: every sample once, in real time, without drift."""

import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.sources.file import FileSource
from bridge.sources.source import SoundBlock, SoundSource
from tests.sound_card import SoundCard


def write_ramp(path: Path, num_samples: int, sample_rate_hz: int = 22050) -> np.ndarray:
    """A sound of which no two samples are equal, and what it must read as."""
    ramp = np.linspace(-0.9, 0.9, num_samples, dtype=np.float32)
    soundfile.write(path, ramp, sample_rate_hz, subtype="FLOAT")
    return ramp


def read_all(source: SoundSource) -> list[SoundBlock]:
    blocks = []
    while not source.ended:
        block = source.read(max_wait_s=1.0)
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


@pytest.mark.realtime
def test_paced_blocks_are_not_released_before_they_have_sounded(tmp_path: Path) -> None:
    ramp = write_ramp(tmp_path / "ramp.wav", 22050 // 2)
    with FileSource(tmp_path / "ramp.wav") as source:
        start_us = time.monotonic_ns() // 1000
        blocks = []
        while not source.ended:
            block = source.read(max_wait_s=0.2)
            assert block is not None
            assert block.capture_time_us <= time.monotonic_ns() // 1000
            blocks.append(block)
    np.testing.assert_array_equal(np.concatenate([block.samples for block in blocks]), ramp)
    assert abs(blocks[-1].capture_time_us - start_us - 500_000) < 20_000


@pytest.mark.realtime
def test_a_late_reader_gets_what_it_missed_at_once(tmp_path: Path) -> None:
    ramp = write_ramp(tmp_path / "ramp.wav", 22050)
    with FileSource(tmp_path / "ramp.wav") as source:
        time.sleep(0.3)
        blocks = [block for block in (source.read(max_wait_s=0.0) for _ in range(30)) if block is not None]
        samples = np.concatenate([block.samples for block in blocks])
        assert len(samples) >= 22050 * 0.29
        np.testing.assert_array_equal(samples, ramp[: len(samples)])


@pytest.mark.realtime
def test_a_short_wait_ends_without_a_block(tmp_path: Path) -> None:
    write_ramp(tmp_path / "ramp.wav", 22050)
    with FileSource(tmp_path / "ramp.wav") as source:
        while source.read(max_wait_s=0.0) is not None:
            pass
        assert source.read(max_wait_s=0.0) is None
        assert source.read(max_wait_s=0.5) is not None


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


@pytest.mark.soundcard
@pytest.mark.realtime
def test_played_aloud_the_sound_card_sets_the_pace(tmp_path: Path, sound_card: SoundCard) -> None:
    ramp = write_ramp(tmp_path / "ramp.wav", 2 * 48000, 48000)
    with FileSource(tmp_path / "ramp.wav", play_aloud="auto") as source:
        assert source.playing_aloud, source.silent_because
        blocks = []
        while not source.ended:
            block = source.read(max_wait_s=3.0)
            assert block is not None
            assert block.capture_time_us <= time.monotonic_ns() // 1000
            blocks.append(block)
        assert source.silent_because is source.notice is None, "the sound card kept playing to the end"
    np.testing.assert_array_equal(np.concatenate([block.samples for block in blocks]), ramp)
    seconds = (blocks[-1].capture_time_us - blocks[0].capture_time_us) * 1e-6
    assert seconds == pytest.approx(1.99, abs=0.1)


@pytest.mark.soundcard
@pytest.mark.realtime
def test_when_the_sound_card_goes_away_the_file_goes_on(tmp_path: Path, sound_card: SoundCard) -> None:
    ramp = write_ramp(tmp_path / "ramp.wav", 3 * 48000, 48000)
    with FileSource(tmp_path / "ramp.wav", play_aloud=True) as source:
        samples = [block.samples for block in (source.read(max_wait_s=3.0) for _ in range(20)) if block is not None]
        sound_card.process.terminate()
        samples += [block.samples for block in read_all(source)]
        assert not source.playing_aloud
        assert source.silent_because == "the sound card stopped playing"
    np.testing.assert_array_equal(np.concatenate(samples), ramp)
