from pathlib import Path

import numpy as np
import pytest
import soundfile

from data.formats.sound_file import read_sound, write_sound

TONE = (0.5 * np.sin(2 * np.pi * 440 * np.arange(24_000) / 24_000)).astype(np.float32)


@pytest.mark.parametrize(("name", "tolerance"), [("a.wav", 1e-4), ("a.flac", 1e-4), ("a.ogg", 0.05)])
def test_what_is_written_is_read(tmp_path: Path, name: str, tolerance: float) -> None:
    write_sound(tmp_path / name, TONE, 24_000)
    samples, rate_hz = read_sound(tmp_path / name)
    assert rate_hz == 24_000
    assert samples.dtype == np.float32
    assert samples.shape == TONE.shape
    np.testing.assert_allclose(samples, TONE, atol=tolerance)
    assert [path.name for path in tmp_path.iterdir()] == [name]  # nothing half-written stays


def test_float_wav_is_exact(tmp_path: Path) -> None:
    write_sound(tmp_path / "a.wav", TONE, 24_000, subtype="FLOAT")
    np.testing.assert_array_equal(read_sound(tmp_path / "a.wav")[0], TONE)


def test_channels_are_averaged(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "s.wav", np.stack([TONE, 0 * TONE], axis=1), 24_000, subtype="FLOAT")
    np.testing.assert_allclose(read_sound(tmp_path / "s.wav")[0], TONE / 2, atol=1e-7)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.wav"):
        read_sound(tmp_path / "nowhere.wav")


def test_a_folder_is_not_a_sound(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no sound file"):
        read_sound(tmp_path)


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.wav").touch()
    with pytest.raises(ValueError, match=r"empty\.wav is empty"):
        read_sound(tmp_path / "empty.wav")


def test_text_is_not_a_sound(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("HIERARCHY ROOT Hips " * 100)
    with pytest.raises(ValueError, match=r"text\.wav cannot be read as sound"):
        read_sound(tmp_path / "text.wav")


def test_a_header_without_samples_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "none.wav", np.zeros(0, np.float32), 24_000)
    with pytest.raises(ValueError, match=r"none\.wav holds no samples"):
        read_sound(tmp_path / "none.wav")


@pytest.mark.parametrize("name", ["cut.wav", "cut.flac", "cut.aiff", "cut.ogg"])
def test_a_file_cut_off_is_refused(tmp_path: Path, name: str) -> None:
    soundfile.write(tmp_path / name, np.random.default_rng(0).uniform(-0.5, 0.5, 24_000), 24_000)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match=name):
        read_sound(tmp_path / name)


def test_a_streamed_wav_of_unknown_length_is_no_cut(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", TONE, 24_000)
    content = bytearray((tmp_path / "a.wav").read_bytes())
    content[4:8] = content[40:44] = b"\xff\xff\xff\xff"
    (tmp_path / "a.wav").write_bytes(content)
    assert len(read_sound(tmp_path / "a.wav")[0]) == len(TONE)


def test_nothing_stays_behind_when_writing_fails(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="NaN"):
        write_sound(tmp_path / "a.wav", np.full(10, np.nan, np.float32), 24_000)
    with pytest.raises(ValueError, match="cannot write"):
        write_sound(tmp_path / "a.xyz", TONE, 24_000)
    with pytest.raises(soundfile.LibsndfileError):
        write_sound(tmp_path / "a.wav", TONE, -1)
    assert not list(tmp_path.iterdir())
