"""Channels are chosen, and no sum of them cancels: of devices, pipes and files alike."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.sources.device import DeviceSource
from bridge.sources.file import FileSource
from bridge.sources.mixdown import Mixdown, check_channels
from bridge.sources.source import SoundSource
from bridge.sources.stdin import StdinSource
from data.formats.sound_file import read_sound
from data.sound.channels import parse_channels
from tests.bridge.numbered_sound import RATE_HZ, Recorder, numbered, numbers_of
from tests.sound_card import DEVICE, SoundCard


def tone(seconds: float = 0.5, hz: float = 220.0) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * hz * np.arange(int(seconds * RATE_HZ)) / RATE_HZ)).astype(np.float32)


def mixed(sound: np.ndarray, channels: tuple[int, ...] | None = None, block: int = 480) -> np.ndarray:
    mixdown = Mixdown(sound.shape[1], RATE_HZ, channels)
    state, parts = mixdown.initial_state(), []
    for start in range(0, len(sound), block):
        mono, state = mixdown.step(sound[start : start + block], state)
        parts.append(mono)
    return np.concatenate(parts)


@pytest.mark.parametrize("block", [1, 64, 480, 100_000])
def test_channels_that_are_each_others_opposite_are_heard(block: int) -> None:
    left = tone(0.1)
    begun = 0.002 * RATE_HZ if block < 100 else 0
    after = slice(int(begun) + block if begun else 0, None)
    np.testing.assert_array_equal(mixed(np.stack([left, -left], 1), block=block)[after], left[after])
    four = np.stack([left, -left, 0.5 * left, -0.5 * left], 1)
    np.testing.assert_array_equal(np.abs(mixed(four, block=block)[after]), np.abs(left[after]))


def test_what_does_not_cancel_is_the_mean() -> None:
    left, right = tone(hz=220), tone(hz=330)
    np.testing.assert_array_equal(mixed(np.stack([left, left], 1)), left)
    np.testing.assert_allclose(mixed(np.stack([left, right], 1)), (left + right) / 2, atol=1e-7)
    alone = np.zeros((len(left), 8), np.float32)
    alone[:, 3] = left
    np.testing.assert_array_equal(mixed(alone), left / 8)


def test_it_goes_over_without_a_click_and_comes_back() -> None:
    left = tone(4.0)
    right = left.copy()
    right[len(left) // 4 : len(left) // 2] *= -1
    heard = mixed(np.stack([left, right], 1))
    assert np.abs(np.diff(heard)).max() < 2.5 * np.abs(np.diff(left)).max() + 0.5 / 240
    second = heard[len(left) // 2 - RATE_HZ // 4 : len(left) // 2]
    assert np.sqrt(np.mean(second**2)) > 0.3, "heard while they cancel"
    np.testing.assert_array_equal(heard[-RATE_HZ // 10 :], left[-RATE_HZ // 10 :])


def test_silence_stays_silence() -> None:
    assert not mixed(np.zeros((4800, 2), np.float32)).any()


def test_chosen_channels_alone_are_heard() -> None:
    sound = np.stack([tone(hz=hz) for hz in (100, 200, 300, 400)], 1)
    np.testing.assert_array_equal(mixed(sound, (3,)), sound[:, 2])
    np.testing.assert_array_equal(mixed(sound, (4, 1)), (sound[:, 3] + sound[:, 0]) * np.float32(0.5))


@pytest.mark.parametrize("text", ["", "0", "3,", "a", "1;2", "3,3", "-1", "300"])
def test_a_bad_list_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="--channels"):
        parse_channels(text)


def test_channels_that_are_not_there_are_named() -> None:
    with pytest.raises(ValueError, match="has channels 1 to 2, and no channel 4"):
        check_channels((3, 4), 2, "the pipe")


def wav(path: Path, *channels: np.ndarray) -> Path:
    soundfile.write(path, np.stack(channels, 1), RATE_HZ, subtype="FLOAT")
    return path


def all_of(source: SoundSource) -> np.ndarray:
    parts = []
    with source:
        while not source.ended:
            if (block := source.read(1.0)) is not None:
                parts.append(block.samples)
    return np.concatenate(parts)


def test_files_and_pipes_choose_and_do_not_cancel(tmp_path: Path) -> None:
    left = tone(0.2)
    opposite = wav(tmp_path / "opposite.wav", left, -left)
    four = wav(tmp_path / "four.wav", 0 * left, 0 * left, left, tone(0.2, 330))
    for path, channels in ((opposite, None), (four, (3,))):
        np.testing.assert_array_equal(read_sound(path, channels=channels)[0], left)
        np.testing.assert_array_equal(all_of(FileSource(path, paced=False, channels=channels)), left)
        piped = all_of(StdinSource(stream=io.BytesIO(path.read_bytes()), channels=channels))
        np.testing.assert_array_equal(piped[:-1], left[:-1])
    for source in (FileSource(four, channels=(5,)), StdinSource(stream=io.BytesIO(four.read_bytes()), channels=(5,))):
        with pytest.raises(ValueError, match="no channel 5"):
            source.start()


@pytest.mark.soundcard
@pytest.mark.realtime
@pytest.mark.parametrize("channels", [(2,), None])
def test_a_device_hears_the_channel_that_is_chosen_or_that_is_not_cancelled(
    channels: tuple[int, ...] | None, tmp_path: Path, sound_card: SoundCard
) -> None:
    second = numbered(10 * RATE_HZ)
    first = 0 * second if channels else -second
    sound_card.play_from_memory(wav(tmp_path / f"two_{len(channels or ())}.wav", first, second))
    with DeviceSource(DEVICE, sample_rate_hz=RATE_HZ, channels=channels) as source:
        recorder = Recorder(source)
        recorder.read_until(
            lambda: sum(np.count_nonzero(block.samples) for block in recorder.blocks) > RATE_HZ // 4, "sound"
        )
    numbers = numbers_of(np.concatenate([block.samples for block in recorder.blocks]))
    sounding = np.abs(numbers[np.flatnonzero(numbers)])
    assert (np.diff(sounding) > 0).all(), "one channel, unchanged"


@pytest.mark.soundcard
@pytest.mark.realtime
def test_a_device_without_that_channel_says_which_it_has(sound_card: SoundCard) -> None:
    with pytest.raises(ValueError, match=r"and no channel 200"):
        DeviceSource(DEVICE, channels=(200,)).start()
