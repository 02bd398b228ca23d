"""Sound files: any format that libsndfile (WAV, FLAC, OGG, MP3, AIFF) or ffmpeg knows to mono float32, and WAV back."""

import io
import re
from pathlib import Path
from typing import Final

import numpy as np
import soundfile

from data.formats.ffmpeg import decoded, kind_of
from data.formats.sound_repairs import UNKNOWN_SIZE, Mp3Frames, mp3_frames, pieces_of, with_count
from data.formats.whole_file import whole_file
from data.sound.streaming import FloatArray, check_mono_float32

SAMPLE_RATES_HZ: Final = (1_000, 768_000)
"""The lowest and the highest rate of what is sound and no mistake."""

_UNKNOWN_IN_AIFF: Final = 0x7F000000
"""Of SoX, which writes into a pipe."""
_ENDLESS: Final = 1 << 40
_BLOCK_FRAMES: Final = 1 << 20
_CANCELLED: Final = 1e-3
"""Power of the mean of the channels in that of the loudest from which on they do not cancel each other: -30 dB. One
channel of eight alone has -18 dB in the mean."""


def read_sound(path: str | Path, *, channels: tuple[int, ...] | None = None) -> tuple[FloatArray, int]:
    """A recording as mono samples.

    Args:
        path: A sound file; channels are averaged, unless they cancel each other: then the loudest is taken.
        channels: Those that are heard, from 1 on; None is all.

    Returns:
        Samples float32 (n,) with full scale at 1, n > 0, and the sample rate in Hz.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It is empty, cut off, not a sound file, or of an impossible rate; the message names it.

    Example:
        >>> write_sound("noise.flac", np.zeros(24_000, np.float32), 48_000)
        >>> samples, sample_rate_hz = read_sound("noise.flac")
        >>> len(samples) / sample_rate_hz
        0.5
    """
    samples, sample_rate_hz = read_channels(path)
    if channels is not None:
        if max(channels) > samples.shape[1]:
            raise ValueError(f"{path} has {samples.shape[1]} channel(s), and no channel {max(channels)}")
        samples = samples[:, [channel - 1 for channel in channels]]
    return np.ascontiguousarray(_mono(samples)), sample_rate_hz


def read_channels(path: str | Path) -> tuple[FloatArray, int]:
    """All of a recording: samples float32 (n, channels), n > 0, and the sample rate in Hz.

    Of pieces that follow each other in one file, all are read; a picture beside the sound is passed over.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: See `read_sound`.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"no sound file at {path}")
    if path.stat().st_size == 0:
        raise ValueError(f"{path} is empty (0 bytes): copy or record it again")
    if kind_of(path) is not None:
        with decoded(path) as sound:
            parts = [_read_piece(path, sound)]
    else:
        parts = [_read_piece(path, piece) for piece in pieces_of(path)]
    rates_hz = [rate_hz for _, rate_hz in parts]
    if len(set(rates_hz)) > 1:
        raise ValueError(f"{path}: its pieces have {rates_hz} samples a second: make them one, by ffmpeg -ar 48000")
    if len(parts) > 1 and len({samples.shape[1] for samples, _ in parts}) > 1:
        parts = [(_mono(samples)[:, None], rate_hz) for samples, rate_hz in parts]
    samples = parts[0][0] if len(parts) == 1 else np.concatenate([samples for samples, _ in parts])
    if len(samples) == 0:
        raise ValueError(f"{path} holds no samples: copy or record it again")
    return samples, rates_hz[0]


def _read_piece(path: Path, piece: Path | io.BytesIO) -> tuple[FloatArray, int]:
    try:
        with soundfile.SoundFile(piece) as sound:
            num_expected, sample_rate_hz = sound.frames, int(sound.samplerate)
            counted = mp3_frames(path.read_bytes()) if sound.format in ("MP3", "MPEG") else None
            if counted is not None and counted.stated is None:
                num_expected = 0  # a guess from the first frames
            samples = _all_samples(sound)
            if counted is not None and counted.says_less_than(len(samples)):
                samples = _all_of_mp3(path, counted, samples)
            log = sound.extra_info
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise ValueError(
            f"{path} cannot be read as sound ({error}): use WAV, FLAC, OGG, MP3 or M4A, or convert it with ffmpeg"
        ) from error
    low_hz, high_hz = SAMPLE_RATES_HZ
    if not low_hz <= sample_rate_hz <= high_hz:
        raise ValueError(
            f"{path} says that it has {sample_rate_hz} samples a second, and sound has {low_hz} to {high_hz}: "
            "export it again, or convert it with ffmpeg -ar 48000"
        )
    # the count in an MP3's header may be off by a block
    if (len(samples) < num_expected - sample_rate_hz // 10 and num_expected < _ENDLESS) or _log_tells_of_a_cut(log):
        raise ValueError(f"{path} is cut off: it is shorter than its header says; copy it again")
    return samples, sample_rate_hz


def _all_of_mp3(path: Path, counted: Mp3Frames, beginning: FloatArray) -> FloatArray:
    """The samples of an MP3 that is longer than it, or libsndfile's guess, says; of its beginning as they are."""
    with soundfile.SoundFile(with_count(path.read_bytes(), counted)) as sound:
        samples = _all_samples(sound)
    # where a tag says how many frames there are, the decoder's own delay is taken off
    missing = counted.num_samples - len(samples)
    overlap = min(len(beginning) - missing, len(samples), 48_000)
    if counted.stated is None and missing > 0 and overlap > 0:
        is_same = np.abs(beginning[missing : missing + overlap] - samples[:overlap]).max() < 1e-3
        samples = np.concatenate([beginning[:missing], samples]) if is_same else samples
    return samples


def _all_samples(sound: soundfile.SoundFile) -> FloatArray:
    """What is in an open file, also where its header does not say how much that is."""
    if sound.frames < _ENDLESS:
        return sound.read(dtype="float32", always_2d=True)
    blocks = []
    while len(block := sound.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)):
        blocks.append(block)
    return np.concatenate(blocks) if blocks else np.zeros((0, sound.channels), np.float32)


def _mono(samples: FloatArray) -> FloatArray:
    """The mean of the channels (n, channels), or the loudest of them where they cancel each other."""
    if samples.shape[1] == 1:
        return samples[:, 0]
    mono = samples.mean(axis=1, dtype=np.float32)
    powers = np.mean(np.square(samples, dtype=np.float64), axis=0)
    if np.mean(np.square(mono, dtype=np.float64)) < _CANCELLED * float(powers.max()):
        return samples[:, int(powers.argmax())]
    return mono


def _log_tells_of_a_cut(log: str) -> bool:
    """Whether libsndfile, which quietly shortens a file that was cut off, notes it in its log."""
    if "Ogg : File ended unexpectedly" in log:
        return True
    sizes = re.findall(r"(data|SSND|Data Size)\s*: (\d+) \(should be (\d+)\)", log)
    # a recorder that streams writes the largest number as "unknown": that is no cut
    return any(
        int(actual) < int(promised) < (_UNKNOWN_IN_AIFF if name == "SSND" else UNKNOWN_SIZE)
        for name, promised, actual in sizes
    )


def write_sound(path: str | Path, samples: FloatArray, sample_rate_hz: int, *, subtype: str | None = None) -> None:
    """Write a mono recording; the file appears whole or not at all.

    Args:
        path: The ending names the format: .wav, .flac, .ogg.
        samples: Mono float32 (n,) in [-1, 1]; beyond is clipped unless the subtype is FLOAT.
        sample_rate_hz: Integer sample rate.
        subtype: Encoding as libsndfile names it, for example "FLOAT" or "PCM_16"; the format's default otherwise.

    Raises:
        ValueError: Samples are not mono float32 or not finite, or libsndfile does not know the format.
    """
    path = Path(path)
    check_mono_float32(samples)
    if not np.isfinite(samples).all():
        raise ValueError(f"samples for {path} hold NaN or infinity: use np.nan_to_num first")
    file_format = path.suffix.removeprefix(".").upper()
    if not file_format or not soundfile.check_format(file_format, subtype):
        raise ValueError(f"cannot write {path} as {file_format or 'a file without ending'} {subtype or ''}: use .wav")
    with whole_file(path) as part:
        soundfile.write(part, samples, sample_rate_hz, format=file_format, subtype=subtype)
