"""Sound files whose own words on their length are missing or wrong, as libsndfile needs them to read all of them.

Who writes into a pipe cannot go back to write a length; MP3 has none but in a tag; and an Ogg file may hold a picture
beside its sound, or several pieces one after another. libsndfile believes what a file says and passes over the rest.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

UNKNOWN_SIZE: Final = 0x7FFF0000
"""From here on a number of bytes that a file does not hold means "unknown", and so does 0: GStreamer writes this very
number, SoX 2^31 - 37, LAME 2^31 - 1, FFmpeg 2^32 - 1, mpg123 0."""

_TAIL_BYTES: Final = 1 << 16
_TAIL_CHUNKS: Final = (b"LIST", b"id3 ", b"ID3 ", b"bext", b"cue ", b"PAD ", b"JUNK")
_SOUND_IN_OGG: Final = (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   ")


def is_unknown_size(size: int) -> bool:
    """Whether a size in a header stands for "as much as comes"."""
    return size == 0 or size >= UNKNOWN_SIZE


def pieces_of(path: Path) -> list[Path | io.BytesIO]:
    """What libsndfile has to read, one after another, to read all of a file: mostly the file itself.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(12)
    if head[:4] == b"OggS":
        return _ogg(path)
    if head[:4] in (b"RIFF", b"RF64") and head[8:] == b"WAVE":
        return _wav(path)
    if head[:4] == b"caff":
        return _caf(path)
    if head[:4] == b"fLaC":
        return _flac(path)
    return [path]


# ---- WAV, CAF and FLAC ----------------------------------------------------------------------------------------------


def _wav(path: Path) -> list[Path | io.BytesIO]:
    """A WAV with the true size of its sound, if its header does not know it."""
    size = path.stat().st_size
    form, long_size, position = b"", 0, 12
    with path.open("rb") as file:
        is_riff = file.read(4) == b"RIFF"
        while position + 8 <= size:
            file.seek(position)
            name, length = struct.unpack("<4sI", file.read(8))
            if name == b"data":
                break
            body = file.read(min(length, 1 << 16))
            if name == b"fmt ":
                form = body
            elif name == b"ds64" and len(body) >= 16:
                (long_size,) = struct.unpack_from("<Q", body, 8)
            position += 8 + length + length % 2
        else:
            return [path]
        start = position + 8
        stated_size = long_size if length == 0xFFFFFFFF and long_size else length
        if not form or not is_unknown_size(stated_size) or (stated_size and start + stated_size <= size):
            return [path]
        file.seek(max(start, size - _TAIL_BYTES))
        end = size - _trailing_bytes(file.read())
        if end == size and stated_size and is_riff:
            return [path]  # libsndfile reads to the end of the file then
        if not 0 < end - start < 0xFFFFFF00:
            return [path]
        file.seek(start)
        sound = file.read(end - start)
    sizes = struct.pack("<4sI4s4sI", b"RIFF", 20 + len(form) + len(sound), b"WAVE", b"fmt ", len(form))
    return [io.BytesIO(sizes + form + struct.pack("<4sI", b"data", len(sound)) + sound)]


def _trailing_bytes(tail: bytes) -> int:
    """How many bytes of the end of a file are chunks that follow its sound."""
    for name in _TAIL_CHUNKS:
        at = tail.rfind(name)
        while at >= 0:
            if at + 8 <= len(tail):
                (length,) = struct.unpack_from("<I", tail, at + 4)
                if at + 8 + length + length % 2 >= len(tail) >= at + 8 + length:
                    return len(tail) - at + _trailing_bytes(tail[:at])
            at = tail.rfind(name, 0, at)
    return 0


def _caf(path: Path) -> list[Path | io.BytesIO]:
    """A Core Audio file with the true size of its sound, if its header does not know it (SoX writes 0 into a pipe)."""
    content = path.read_bytes()
    position = 8
    while position + 12 <= len(content):
        name, length = struct.unpack_from(">4sq", content, position)
        if name == b"data":
            rest = len(content) - position - 12
            if length > 4 or rest <= 4:
                return [path]
            return [io.BytesIO(content[: position + 4] + struct.pack(">q", rest) + content[position + 12 :])]
        if length < 0:
            return [path]
        position += 12 + length
    return [path]


def _flac(path: Path) -> list[Path | io.BytesIO]:
    """A FLAC file with the true number of its samples, if its header does not know it (RFC 9639, 8.2 and 9.1)."""
    with path.open("rb") as file:
        head = file.read(26)
        if len(head) < 26 or head[4] & 0x7F != 0 or head[21] & 0x0F or any(head[22:26]):
            return [path]
        content = head + file.read()
    (block,) = struct.unpack_from(">H", content, 10)
    at = len(content)
    while (at := content.rfind(b"\xff\xf8", 0, at)) > 0:
        found = _flac_frame(content[at : at + 16])
        if found is not None:
            number, samples = found
            total = number * block + samples
            count_bytes = bytes([head[21] & 0xF0 | total >> 32 & 0x0F]) + struct.pack(">I", total & 0xFFFFFFFF)
            return [io.BytesIO(content[:21] + count_bytes + content[26:])]
    return [path]


def _flac_frame(head: bytes) -> tuple[int, int] | None:
    """Number and samples of the frame of a fixed size that begins with these bytes; None where none does."""
    ones = 8 - (head[4] ^ 0xFF).bit_length() if len(head) == 16 else 1
    if ones in (1, 8) or ones > 7:
        return None
    number = head[4] & (0xFF >> (ones + 1))
    for byte in head[5 : 4 + max(ones, 1)]:
        number = number << 6 | byte & 0x3F
    end, size = 4 + max(ones, 1), head[2] >> 4
    if size in (6, 7):
        samples = 1 + int.from_bytes(head[end : end + size - 5])
        end += size - 5
    else:
        samples = 192 if size == 1 else 576 << (size - 2) if size < 6 else 256 << (size - 8)
    end += {12: 1, 13: 2, 14: 2}.get(head[2] & 15, 0)
    checksum = 0
    for byte in head[:end]:
        for bit in range(7, -1, -1):
            carry = checksum >> 7 ^ byte >> bit & 1
            checksum = checksum << 1 & 0xFF ^ (7 if carry else 0)
    return (number, samples) if size and checksum == head[end] else None


# ---- Ogg ------------------------------------------------------------------------------------------------------------


def _ogg(path: Path) -> list[Path | io.BytesIO]:
    """The pages of sound of an Ogg file (RFC 3533), a piece for each that follows another one.

    Of streams that run beside each other the first that is sound counts: a song, not the film of its cover.
    """
    pieces: list[bytearray] = []
    open_streams: dict[int, int | None] = {}  # serial number to the piece that it is part of
    is_plain = True
    content = memoryview(path.read_bytes())
    for page, serial, is_first, is_last, body in _ogg_pages(content):
        if is_first:
            running = any(piece is not None for piece in open_streams.values())
            is_sound = bytes(body[:8]).startswith(_SOUND_IN_OGG)
            is_plain &= is_sound and not pieces
            if is_sound and not running:
                pieces.append(bytearray())
            open_streams[serial] = len(pieces) - 1 if is_sound and not running else None
        piece = open_streams.get(serial)
        if piece is not None:
            pieces[piece] += page
        if is_last:
            open_streams.pop(serial, None)
    return [path] if is_plain or not pieces else [io.BytesIO(bytes(piece)) for piece in pieces]


def _ogg_pages(content: memoryview) -> Iterator[tuple[memoryview, int, bool, bool, memoryview]]:
    """Each page: all of it, its stream's number, whether it begins or ends that, and what it carries."""
    position = 0
    while position + 27 <= len(content) and bytes(content[position : position + 4]) == b"OggS":
        flags, count = content[position + 5], content[position + 26]
        (serial,) = struct.unpack_from("<I", content, position + 14)
        table = content[position + 27 : position + 27 + count]
        end = position + 27 + count + sum(table)
        yield content[position:end], serial, bool(flags & 2), bool(flags & 4), content[position + 27 + count : end]
        position = end


# ---- MP3 ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mp3Frames:
    """The frames of an MP3 file, counted.

    Attributes:
        count: How many there are, that of a tag left out.
        samples_a_frame: Samples in each.
        stated: How many a tag says; None without one.
        stated_at: Where in the file it says so.
        first: Where the first frame begins.
    """

    count: int
    samples_a_frame: int
    stated: int | None
    stated_at: int
    first: int

    @property
    def num_samples(self) -> int:
        """Samples of all frames."""
        return self.count * self.samples_a_frame

    def says_less_than(self, num_read: int) -> bool:
        """Whether there is more than the file says, or a reader of so many samples guessed."""
        if self.stated is not None:
            return self.stated + 3 < self.count
        return num_read + self.samples_a_frame < self.num_samples


_RATES_HZ: Final = (44_100, 48_000, 32_000)
_KBITS: Final = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""By version of MPEG, layer III; ISO 11172-3 and 13818-3."""


def mp3_frames(content: bytes) -> Mp3Frames | None:
    """Counts the frames of an MP3 file; None where it is none, or of a free bit rate."""
    position = 0
    if content[:3] == b"ID3" and len(content) > 10:
        position = 10 + sum((content[6 + i] & 0x7F) << (21 - 7 * i) for i in range(4))
    count, first, samples, stated, stated_at, version = 0, -1, 0, None, -1, 0
    while position + 4 <= len(content):
        found = _mp3_frame(content, position)
        if found is None or (version and found[2] != version):
            position = content.find(b"\xff", position + 1)
            if position < 0:
                break
            continue
        length, samples_now, version_now = found
        follows = position + length
        if first < 0 and follows + 4 <= len(content) and _mp3_frame(content, follows) is None:
            position += 1  # bytes that look like a frame by chance
            continue
        if first < 0:
            first, samples, version = position, samples_now, version_now
        at = _tag(content, position, follows)
        if at is None:
            count += follows <= len(content)
        elif stated is None:
            stated, stated_at = at
        position = follows
    return None if first < 0 else Mp3Frames(count, samples, stated, stated_at, first)


def with_count(content: bytes, frames: Mp3Frames) -> io.BytesIO:
    """The same MP3 with a tag that says how many frames there are."""
    if frames.stated is not None:
        return io.BytesIO(
            content[: frames.stated_at] + struct.pack(">I", frames.count) + content[frames.stated_at + 4 :]
        )
    head = bytearray(content[frames.first : frames.first + 4])
    head[1] |= 1  # no checksum
    head[2] = (head[2] & 0x0D) | 0x90  # a bit rate whose frame has room for the tag, no padding
    found = _mp3_frame(bytes(head), 0)
    assert found is not None
    begin = _tag_offset(bytes(head), 0)
    tag = bytes(head).ljust(begin, b"\0") + struct.pack(">4sII", b"Xing", 1, frames.count)
    return io.BytesIO(tag.ljust(found[0], b"\0") + content[frames.first :])


def _mp3_frame(content: bytes, at: int) -> tuple[int, int, int] | None:
    """Bytes and samples of the frame that begins somewhere, and its version of MPEG; None where none does."""
    if content[at] != 0xFF or content[at + 1] & 0xE6 != 0xE2:  # eleven bits, and layer III
        return None
    version = {3: 1, 2: 2, 0: 3}.get(content[at + 1] >> 3 & 3)  # 3 stands for MPEG 2.5
    rate, bits = content[at + 2] >> 2 & 3, content[at + 2] >> 4
    if version is None or rate == 3 or bits in (0, 15):
        return None
    rate_hz = _RATES_HZ[rate] >> (version - 1)
    samples = 1152 if version == 1 else 576
    kbits = _KBITS[min(version, 2)][bits]
    return samples // 8 * kbits * 1000 // rate_hz + (content[at + 2] >> 1 & 1), samples, version


def _tag_offset(content: bytes, at: int) -> int:
    """Where in a frame a tag would be: behind the head and the side information."""
    is_mono = content[at + 3] >> 6 == 3
    is_first_version = content[at + 1] >> 3 & 3 == 3
    return 4 + ((17 if is_mono else 32) if is_first_version else (9 if is_mono else 17))


def _tag(content: bytes, at: int, end: int) -> tuple[int | None, int] | None:
    """What the tag in a frame says of the number of frames, and where; None for a frame of sound."""
    begin = at + _tag_offset(content, at)
    if content[begin : begin + 4] in (b"Xing", b"Info") and begin + 12 <= end <= len(content):
        has_count = content[begin + 7] & 1
        return (struct.unpack_from(">I", content, begin + 8)[0], begin + 8) if has_count else (None, -1)
    if content[at + 36 : at + 40] == b"VBRI" and at + 54 <= end <= len(content):
        return struct.unpack_from(">I", content, at + 50)[0], at + 50
    return None
