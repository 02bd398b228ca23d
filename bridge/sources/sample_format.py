"""How samples are written as bytes: the raw forms and WAV headers that a pipe may carry."""

import struct
from dataclasses import dataclass
from typing import BinaryIO, Final, Self

import numpy as np
from numpy.typing import NDArray

from data.formats.sound_file import SAMPLE_RATES_HZ
from data.formats.sound_repairs import is_unknown_size

_BYTES: Final = {"u8": 1, "s16le": 2, "s24le": 3, "s32le": 4, "f32le": 4}
_WAV_FORMS: Final = {(1, 8): "u8", (1, 16): "s16le", (1, 24): "s24le", (1, 32): "s32le", (3, 32): "f32le"}
_EXTENSIBLE: Final = 0xFFFE
_MAX_CHANNELS: Final = 256
_MAX_HEADER_BYTES: Final = 1 << 24  # pictures of an album may stand before the sound
_WAY_OUT: Final = "make WAV with `ffmpeg -i SOUND -f wav -`, or say what the samples are, such as --raw s16le:48000:2"


@dataclass(frozen=True)
class SampleFormat:
    """The form of interleaved samples.

    Attributes:
        form: `u8`, `s16le`, `s24le`, `s32le` (integers, full scale is the largest) or `f32le` (full scale is 1).
        rate_hz: Samples a second.
        channels: Channels, one sample of each in a frame.
    """

    form: str
    rate_hz: int
    channels: int

    def __post_init__(self) -> None:
        if self.form not in _BYTES:
            raise ValueError(f"samples of the form {self.form!r} are not understood, only {', '.join(_BYTES)}")
        low_hz, high_hz = SAMPLE_RATES_HZ
        if not low_hz <= self.rate_hz <= high_hz:
            raise ValueError(f"the sample rate must be {low_hz} to {high_hz} Hz, not {self.rate_hz}")
        if not 1 <= self.channels <= _MAX_CHANNELS:
            raise ValueError(f"there must be 1 to {_MAX_CHANNELS} channels, not {self.channels}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The form that `s16le:48000:2` names: samples, rate in Hz, channels.

        Raises:
            ValueError: It names none.
        """
        form, *numbers = text.strip().casefold().split(":")
        if len(numbers) != 2 or not all(number.isascii() and number.isdecimal() for number in numbers):
            raise ValueError(f"{text!r} is not FORM:RATE:CHANNELS, such as s16le:48000:2 or f32le:44100:1")
        try:
            return cls(form, int(numbers[0]), int(numbers[1]))
        except ValueError as error:
            raise ValueError(f"{text!r}: {error}") from error

    @property
    def frame_bytes(self) -> int:
        """Bytes of one sample of every channel."""
        return _BYTES[self.form] * self.channels

    def to_mono(self, frames: bytes) -> NDArray[np.float32]:
        """The mean of the channels, float32 (n,), of n whole frames; what is not finite becomes 0."""
        mono: NDArray[np.float32] = self.to_channels(frames).mean(axis=1).astype(np.float32)
        return mono

    def to_channels(self, frames: bytes) -> NDArray[np.float64]:
        """All channels (n, channels) of n whole frames, full scale is 1; what is not finite becomes 0."""
        match self.form:
            case "u8":
                samples = (np.frombuffer(frames, np.uint8) - np.float64(128.0)) / 128.0
            case "s16le":
                samples = np.frombuffer(frames, "<i2") / 2.0**15
            case "s24le":
                wide = np.zeros((len(frames) // 3, 4), np.uint8)  # the lowest byte stays 0
                wide[:, 1:] = np.frombuffer(frames, np.uint8).reshape(-1, 3)
                samples = wide.view("<i4")[:, 0] / 2.0**31
            case "s32le":
                samples = np.frombuffer(frames, "<i4") / 2.0**31
            case _:
                floats = np.frombuffer(frames, "<f4")
                samples = np.where(np.isfinite(floats), floats, np.float32(0.0)).astype(np.float64)
        return samples.reshape(-1, self.channels)


def read_wav_header(stream: BinaryIO) -> tuple[SampleFormat, int | None]:
    """Reads the header of a WAV stream, up to the first byte of sound.

    RIFF and RF64, PCM of 8 to 32 bits, 32-bit floats, plain or as WAVE_FORMAT_EXTENSIBLE (Microsoft, "Multiple Channel
    Audio Data and WAVE Files"; EBU Tech 3306 for RF64).

    Args:
        stream: At its beginning; need not be able to seek.

    Returns:
        The form of the samples, and how many bytes of them follow, `None` where the writer did not know.

    Raises:
        ValueError: It is no such stream; the message says what to do.
    """
    head = _read(stream, 12)
    if not head:
        raise ValueError(f"nothing came through the pipe; {_WAY_OUT}")
    if len(head) < 12 or head[:4] not in (b"RIFF", b"RF64") or head[8:] != b"WAVE":
        raise ValueError(f"what comes through the pipe is no WAV: it begins with {head!r}; {_WAY_OUT}")
    format_: SampleFormat | None = None
    long_size: int | None = None
    num_bytes = 0
    while len(head := _read(stream, 8)) == 8:
        name, size = struct.unpack("<4sI", head)
        if name == b"data":
            if format_ is None:
                raise ValueError(f"the WAV from the pipe has no `fmt ` before its sound; {_WAY_OUT}")
            if size == 0xFFFFFFFF and long_size:
                return format_, long_size
            return format_, None if is_unknown_size(size) else size
        num_bytes += size
        if num_bytes > _MAX_HEADER_BYTES:
            raise ValueError(f"the WAV from the pipe has no sound: {name!r} would be {size} bytes long; {_WAY_OUT}")
        body = _read(stream, size + size % 2)
        if name == b"fmt ":
            format_ = _parse_fmt(body)
        elif name == b"ds64" and len(body) >= 16:
            (long_size,) = struct.unpack_from("<Q", body, 8)
    raise ValueError(f"the WAV from the pipe ends within its header; {_WAY_OUT}")


def _parse_fmt(body: bytes) -> SampleFormat:
    if len(body) < 16:
        raise ValueError(f"the WAV from the pipe has a `fmt ` of {len(body)} bytes, not 16; {_WAY_OUT}")
    tag, channels, rate_hz, _, frame_bytes, bits = struct.unpack_from("<HHIIHH", body)
    if tag == _EXTENSIBLE and len(body) >= 26:
        (tag,) = struct.unpack_from("<H", body, 24)  # the GUID of the form begins with its old tag
    form = _WAV_FORMS.get((tag, bits))
    if form is None:
        raise ValueError(f"WAV of format {tag:#06x} with {bits} bits is not understood; {_WAY_OUT}")
    try:
        format_ = SampleFormat(form, rate_hz, channels)
    except ValueError as error:
        raise ValueError(f"the WAV from the pipe: {error}; {_WAY_OUT}") from error
    if frame_bytes != format_.frame_bytes:
        raise ValueError(
            f"the WAV from the pipe says that a frame has {frame_bytes} bytes, but {channels} x {bits} bits need "
            f"{format_.frame_bytes}; {_WAY_OUT}"
        )
    return format_


def _read(stream: BinaryIO, num_bytes: int) -> bytes:
    """So many bytes, or fewer at the end; a pipe gives them in pieces of any size."""
    pieces = []
    while num_bytes > 0 and (piece := stream.read(min(num_bytes, 1 << 16))):
        pieces.append(piece)
        num_bytes -= len(piece)
    return b"".join(pieces)
