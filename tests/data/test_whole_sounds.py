"""A whole file is read whole, whatever it says of its length, and of what else lies in it."""

import shutil
import struct
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import soundfile
from scipy.signal import fftconvolve

from data.dataset.recordings import SOUND_ENDINGS, sounds_by_name
from data.formats.sound_file import read_channels, read_sound
from data.formats.sound_repairs import mp3_frames, pieces_of
from data.music import synthesise

RATE_HZ = 48_000
SONG = synthesise("house", 120, 8, 3, sample_rate_hz=RATE_HZ).samples  # 4 s
QUIET_FIRST = np.concatenate([SONG[:RATE_HZ] * 1e-4, SONG])
"""Its first seconds take few bits in MP3, so that all would be guessed to be short."""


def wav(size: int, *, riff: bytes = b"RIFF", tail: bytes = b"", ds64: bytes = b"") -> bytes:
    """A WAV of the song whose header says that its sound is so many bytes long."""
    sound = (SONG * 32767).astype("<i2").tobytes()
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE_HZ, 2 * RATE_HZ, 2, 16)
    return b"".join([riff, struct.pack("<I", size), b"WAVE", ds64, form, b"data", struct.pack("<I", size), sound, tail])


TAIL = b"LIST" + struct.pack("<I", 26) + b"INFOISFT" + struct.pack("<I", 14) + b"Lavf58.29.100\0"


@pytest.mark.parametrize("tail", [b"", TAIL], ids=["sound alone", "a LIST behind it"])
@pytest.mark.parametrize("size", [0, 0x7FFF0000, 0x7FFFFFFF, 0xFFFFFFFF, 0x7FFFFFDB])
def test_a_wav_that_was_written_into_a_pipe(tmp_path: Path, size: int, tail: bytes) -> None:
    """By mpg123, GStreamer, LAME, FFmpeg and SoX; what stands behind the sound is no sound."""
    (tmp_path / "a.wav").write_bytes(wav(size, tail=tail))
    samples, rate_hz = read_sound(tmp_path / "a.wav")
    assert rate_hz == RATE_HZ
    np.testing.assert_allclose(samples, SONG, atol=1e-4)


def test_a_wav_of_64_bits_that_was_written_into_a_pipe(tmp_path: Path) -> None:
    ds64 = struct.pack("<4sIQQQI", b"ds64", 28, 0, 0, 0, 0)
    (tmp_path / "a.wav").write_bytes(wav(0xFFFFFFFF, riff=b"RF64", ds64=ds64))
    np.testing.assert_allclose(read_sound(tmp_path / "a.wav")[0], SONG, atol=1e-4)


@pytest.mark.parametrize("size", [0x7FFE0000, 2 * len(SONG) + 100_000])
def test_a_wav_that_promises_more_than_it_holds_is_still_cut_off(tmp_path: Path, size: int) -> None:
    (tmp_path / "a.wav").write_bytes(wav(size))
    with pytest.raises(ValueError, match=r"a\.wav is cut off"):
        read_sound(tmp_path / "a.wav")


def test_a_wav_without_sound_holds_none_whatever_follows(tmp_path: Path) -> None:
    content = wav(0)[: -2 * len(SONG)] + TAIL
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(ValueError, match="holds no samples"):
        read_sound(tmp_path / "a.wav")


@pytest.mark.parametrize(
    ("name", "at", "size"), [("a.flac", 21, 5), ("a.aiff", -1, 4), ("a.caf", -1, 8), ("a.au", 8, 4)]
)
def test_other_formats_that_were_written_into_a_pipe(tmp_path: Path, name: str, at: int, size: int) -> None:
    path = tmp_path / name
    soundfile.write(path, SONG, RATE_HZ)
    whole, _ = read_sound(path)
    content = bytearray(path.read_bytes())
    if name == "a.flac":
        content[21] &= 0xF0
        content[22:26] = bytes(4)
    elif name == "a.au":
        content[8:12] = b"\xff" * 4
    elif name == "a.aiff":
        at = content.index(b"SSND") + 4
        content[at : at + size] = struct.pack(">I", 0x7F0007C8)  # SoX
    else:
        at = content.index(b"data") + 4
        content[at : at + size] = bytes(size)
    path.write_bytes(content)
    np.testing.assert_array_equal(read_sound(path)[0], whole)


def mp3(path: Path, samples: np.ndarray, *, has_tag: bool, rate_hz: int = RATE_HZ) -> Path:
    """A file of a variable bit rate, with or without the tag that says how long it is."""
    with soundfile.SoundFile(
        path, "w", rate_hz, 1, format="MP3", subtype="MPEG_LAYER_III", bitrate_mode="VARIABLE", compression_level=0.9
    ) as file:
        file.write(samples)
    if not has_tag:
        content = path.read_bytes()
        frames = mp3_frames(content)
        assert frames is not None
        assert frames.stated is not None
        start = frames.first
        following = content.index(content[start : start + 2], start + 4)
        path.write_bytes(content[following:])
    return path


@pytest.mark.parametrize("rate_hz", [48_000, 44_100, 24_000])
@pytest.mark.parametrize("samples", [QUIET_FIRST, QUIET_FIRST[::-1]], ids=["quiet first", "quiet last"])
def test_an_mp3_that_does_not_say_how_long_it_is(tmp_path: Path, samples: np.ndarray, rate_hz: int) -> None:
    """Guessed from its first frames to be much shorter or much longer than it is."""
    path = mp3(tmp_path / "a.mp3", samples, has_tag=False, rate_hz=rate_hz)
    read, _ = read_sound(path)
    counted = mp3_frames(path.read_bytes())
    assert counted is not None
    assert counted.stated is None
    assert abs(len(read) - counted.num_samples) <= counted.samples_a_frame
    with_tag, _ = read_sound(mp3(tmp_path / "b.mp3", samples, has_tag=True, rate_hz=rate_hz))
    # an encoder's and a decoder's delay, which only a tag tells, stays
    late = np.argmax(fftconvolve(read, with_tag[::-1])) - len(with_tag) + 1
    assert 0 <= late < 3000
    both = min(len(with_tag), len(read) - late)
    assert np.corrcoef(read[late : late + both], with_tag[:both])[0, 1] > 0.99


def test_an_mp3_whose_tag_is_that_of_its_first_piece(tmp_path: Path) -> None:
    one = mp3(tmp_path / "a.mp3", SONG, has_tag=True)
    (tmp_path / "two.mp3").write_bytes(2 * one.read_bytes())
    samples, _ = read_sound(tmp_path / "two.mp3")
    assert 2 * len(SONG) - 3000 < len(samples) < 2 * len(SONG) + 3000
    np.testing.assert_array_equal(samples[:100_000], read_sound(one)[0][:100_000])


def test_an_mp3_that_is_cut_off_is_still_refused(tmp_path: Path) -> None:
    path = mp3(tmp_path / "a.mp3", SONG, has_tag=True)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ValueError, match=r"a\.mp3 is cut off"):
        read_sound(path)


def test_an_mp3_with_a_tag_is_read_as_ever(tmp_path: Path) -> None:
    path = mp3(tmp_path / "a.mp3", SONG, has_tag=True)
    samples, _ = read_sound(path)
    np.testing.assert_array_equal(samples, soundfile.read(path, dtype="float32")[0])
    with_picture = tmp_path / "b.mp3"
    with_picture.write_bytes(b"ID3\x03\0\0" + bytes([0, 0, 2, 0]) + b"\xff\xfb\x90\0" * 64 + path.read_bytes())
    counted = mp3_frames(with_picture.read_bytes())
    assert counted is not None
    assert counted.stated == counted.count


def ogg_page(serial: int, flags: int, body: bytes) -> bytes:
    table = bytes([255] * (len(body) // 255) + [len(body) % 255])
    return b"OggS" + bytes([0, flags]) + struct.pack("<QIII", 0, serial, 0, 0) + bytes([len(table)]) + table + body


@pytest.mark.parametrize("codec", ["VORBIS", "OPUS"])
def test_an_ogg_with_its_cover_as_a_film_beside_the_sound(tmp_path: Path, codec: str) -> None:
    soundfile.write(tmp_path / "a.ogg", SONG, RATE_HZ, format="OGG", subtype=codec)
    whole, _ = read_sound(tmp_path / "a.ogg")
    content = (tmp_path / "a.ogg").read_bytes()
    second = content.index(b"OggS", 4)
    third = content.index(b"OggS", second + 4)
    cover = ogg_page(7, 2, b"\x80theora" + bytes(35)), ogg_page(7, 4, bytes(600))
    (tmp_path / "b.ogg").write_bytes(b"".join([cover[0], content[:third], cover[1], content[third:]]))
    assert pieces_of(tmp_path / "b.ogg") != [tmp_path / "b.ogg"]
    np.testing.assert_array_equal(read_sound(tmp_path / "b.ogg")[0], whole)


def test_an_ogg_of_several_pieces_is_read_to_its_end(tmp_path: Path) -> None:
    """As a station writes it, a piece a song; the second is in stereo."""
    soundfile.write(tmp_path / "a.ogg", SONG, RATE_HZ)
    soundfile.write(tmp_path / "b.ogg", np.stack([SONG, 0.5 * SONG], 1), RATE_HZ)
    (tmp_path / "c.ogg").write_bytes((tmp_path / "a.ogg").read_bytes() + (tmp_path / "b.ogg").read_bytes())
    expected = np.concatenate([read_sound(tmp_path / "a.ogg")[0], read_sound(tmp_path / "b.ogg")[0]])
    np.testing.assert_array_equal(read_sound(tmp_path / "c.ogg")[0], expected)
    soundfile.write(tmp_path / "b.ogg", SONG, 44_100)
    (tmp_path / "c.ogg").write_bytes((tmp_path / "a.ogg").read_bytes() + (tmp_path / "b.ogg").read_bytes())
    with pytest.raises(ValueError, match=r"c\.ogg: its pieces have \[48000, 44100\] samples a second.*ffmpeg"):
        read_sound(tmp_path / "c.ogg")


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is missing: apt install ffmpeg")
@pytest.mark.parametrize(
    ("name", "codec"), [("a.m4a", "aac"), ("a.m4a", "alac"), ("a.mka", "flac"), ("a.wv", "wavpack"), ("a.oga", "flac")]
)
def test_what_libsndfile_does_not_know_is_read_whole_by_ffmpeg(tmp_path: Path, name: str, codec: str) -> None:
    soundfile.write(tmp_path / "song.wav", np.stack([SONG, 0.5 * SONG], 1), RATE_HZ)
    encode = ["ffmpeg", "-v", "error", "-i", tmp_path / "song.wav", "-c:a", codec, tmp_path / name]
    subprocess.run(encode, check=True)
    samples, rate_hz = read_channels(tmp_path / name)
    assert rate_hz == RATE_HZ
    assert abs(len(samples) - len(SONG)) < 2048
    assert np.corrcoef(samples[: len(SONG), 1], SONG[: len(samples)])[0, 1] > 0.95
    if name != "a.oga":  # which says nowhere how long it is
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[: (tmp_path / name).stat().st_size // 2])
        with pytest.raises(ValueError, match=r"is cut off"):
            read_sound(tmp_path / name)


def test_without_ffmpeg_a_file_that_needs_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    (tmp_path / "a.m4a").write_bytes(b"\0\0\0\x1cftypM4A \0\0\2\0")
    with pytest.raises(ValueError, match=r"a\.m4a: MPEG-4 needs ffmpeg, .*apt install ffmpeg"):
        read_sound(tmp_path / "a.m4a")


def test_channels_that_cancel_each_other_are_no_silence(tmp_path: Path) -> None:
    """A cable with two of its wires exchanged: the mean of both channels is nothing."""
    soundfile.write(tmp_path / "a.wav", np.stack([0.5 * SONG, -0.5 * SONG, 0 * SONG], 1), RATE_HZ, subtype="FLOAT")
    np.testing.assert_allclose(read_sound(tmp_path / "a.wav")[0], 0.5 * SONG, atol=1e-6)
    soundfile.write(tmp_path / "b.wav", np.stack([SONG, *[0 * SONG] * 7], 1), RATE_HZ, subtype="FLOAT")
    np.testing.assert_allclose(read_sound(tmp_path / "b.wav")[0], SONG / 8, atol=1e-6)
    assert read_channels(tmp_path / "b.wav")[0].shape == (len(SONG), 8)


def test_all_endings_of_sound_are_found_in_any_case(tmp_path: Path) -> None:
    for ending in SOUND_ENDINGS:
        (tmp_path / f"a{ending[1:]}{ending.upper()}").touch()
    assert len(sounds_by_name([tmp_path])) == len(SOUND_ENDINGS)


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.mp3", "a.caf", "a.aiff"])
def test_a_damaged_file_is_read_or_refused_by_name_and_nothing_else(tmp_path: Path, name: str) -> None:
    soundfile.write(tmp_path / name, SONG[:20_000], RATE_HZ)
    whole = (tmp_path / name).read_bytes()
    rng = np.random.default_rng(0)
    for trial in range(60):
        content = bytearray(whole)
        for _ in range(int(rng.integers(1, 6))):
            content[int(rng.integers(0, min(len(content), 200 if trial % 2 else len(content))))] = int(
                rng.integers(256)
            )
        if trial % 3 == 0:
            del content[int(rng.integers(1, len(content))) :]
        (tmp_path / name).write_bytes(content)
        with suppress(ValueError):
            assert len(read_sound(tmp_path / name)[0])
            continue
        with pytest.raises(ValueError, match=name.replace(".", r"\.")):
            read_sound(tmp_path / name)
