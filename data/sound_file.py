"""Sound files: any format libsndfile knows (WAV, FLAC, OGG, MP3, AIFF) to mono float32, and WAV back."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import soundfile

from data.streaming import FloatArray, check_mono_float32
from data.whole_file import whole_file

SAMPLE_RATES_HZ = (1_000, 768_000)
"""The lowest and the highest rate of what is sound and no mistake."""

_UNKNOWN_SIZE = 0x7FFFFF00


def read_sound(path: str | Path) -> tuple[FloatArray, int]:
    """A recording as mono samples.

    Args:
        path: A sound file; channels are averaged.

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
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"no sound file at {path}")
    if path.stat().st_size == 0:
        raise ValueError(f"{path} is empty (0 bytes): copy or record it again")
    try:
        with soundfile.SoundFile(path) as sound:
            num_expected, sample_rate_hz = sound.frames, int(sound.samplerate)
            samples = sound.read(dtype="float32", always_2d=True)  # (frames, channels)
            log = sound.extra_info
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise ValueError(
            f"{path} cannot be read as sound ({error}): use WAV, FLAC, OGG or MP3, or convert it with ffmpeg"
        ) from error
    low_hz, high_hz = SAMPLE_RATES_HZ
    if not low_hz <= sample_rate_hz <= high_hz:
        raise ValueError(
            f"{path} says that it has {sample_rate_hz} samples a second, and sound has {low_hz} to {high_hz}: "
            "export it again, or convert it with ffmpeg -ar 48000"
        )
    # the count in an MP3's header may be off by a block
    if len(samples) < num_expected - sample_rate_hz // 10 or _log_tells_of_a_cut(log):
        raise ValueError(f"{path} is cut off: it is shorter than its header says; copy it again")
    if len(samples) == 0:
        raise ValueError(f"{path} holds no samples: copy or record it again")
    mono = samples[:, 0] if samples.shape[1] == 1 else samples.mean(axis=1, dtype=np.float32)
    return np.ascontiguousarray(mono), sample_rate_hz


def _log_tells_of_a_cut(log: str) -> bool:
    """Whether libsndfile, which quietly shortens a file that was cut off, notes it in its log."""
    if "Ogg : File ended unexpectedly" in log:
        return True
    sizes = re.findall(r"(?:data|SSND|Data Size)\s*: (\d+) \(should be (\d+)\)", log)
    # a recorder that streams writes the largest number as "unknown": that is no cut
    return any(int(actual) < int(promised) < _UNKNOWN_SIZE for promised, actual in sizes)


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
