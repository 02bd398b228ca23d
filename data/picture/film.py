"""A film file: pictures piped to ffmpeg, which adds the sound: the system's, or that of imageio-ffmpeg (extra film).

Not PyAV: it would need code of its own for what the options below say (colours, encoders by rank, sound that begins to
the sample), and an encoder that hangs could not be killed, since it would run in this process.
"""

import math
import signal
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Final, Self

import numpy as np
import soundfile
from numpy.typing import NDArray

from data.formats.ffmpeg import find_ffmpeg
from data.formats.sound_file import read_channels
from data.formats.whole_file import whole_file

_ENCODERS: Final = {
    "libx264": ("-preset", "veryfast", "-crf", "19"),
    "libopenh264": ("-b:v", "5M"),
    "mpeg4": ("-q:v", "3"),
}
"""Encoders of video, the best first, and their options: distributions that shun patents ship ffmpeg without x264."""
FILM: Final = ("a film", "; a .gif or a .png needs nothing")
"""Who needs ffmpeg, in the message that it is not there."""


@dataclass(frozen=True)
class FilmSound:
    """The part of a sound file that a film plays.

    Attributes:
        path: The file.
        begin_s: Where in the file the film begins, seconds.
        delay_s: Silence before it, seconds; one of the two is 0.
        channels: Those that are played, from 1 on; None is all.
    """

    path: Path
    begin_s: float
    delay_s: float
    channels: tuple[int, ...] | None = None

    @classmethod
    def at(cls, path: Path, offset_s: float, channels: tuple[int, ...] | None = None) -> Self:
        """The sound of a film at whose beginning the file is `offset_s` seconds old; negative if it comes later."""
        return cls(path, max(offset_s, 0.0), max(-offset_s, 0.0), channels)


class Film:
    """An MP4 file that grows picture by picture; use it as a context, and pictures that were not closed are lost.

    Args:
        path: File to write, beside its final place.
        size: Width and height, even numbers of pixels.
        rate_hz: Pictures a second.
        duration_s: How long the sound may be.
        sound: What is heard.

    Raises:
        ValueError: ffmpeg is not installed.
    """

    def __init__(
        self, path: Path, *, size: tuple[int, int], rate_hz: float, duration_s: float, sound: FilmSound | None
    ) -> None:
        self._path = path
        program = find_ffmpeg(*FILM)
        encoder = _encoder(program)
        command = [program, "-hide_banner", "-loglevel", "error", "-y"]
        command += ["-f", "rawvideo", "-pix_fmt", "rgba", "-s", f"{size[0]}x{size[1]}", "-r", f"{rate_hz!r}"]
        command += ["-i", "pipe:0"]
        heard_s = duration_s - (sound.delay_s if sound else 0.0)
        if sound is not None and heard_s > 0:
            # `file:` because a colon in a name would else be taken for a protocol, and a dash for an option
            command += ["-i", f"file:{sound.path}"]
            command += ["-map", "0:v", "-map", "1:a:0", "-c:a", "aac", "-b:a", "192k"]
            cut = f"atrim=start={sound.begin_s:.6f}:duration={heard_s:.6f},asetpts=PTS-STARTPTS"
            command += ["-af", f"{cut},adelay={1e3 * sound.delay_s:.3f}:all=1" if sound.delay_s > 0 else cut]
        # Players take films of this size to be in the colours of television, BT.709, and so they are made.
        command += ["-vf", "scale=out_color_matrix=bt709:out_range=tv", "-pix_fmt", "yuv420p"]
        command += ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
        command += ["-c:v", encoder, *_ENCODERS[encoder], "-movflags", "+faststart", "-f", "mp4", f"file:{path}"]
        # A session of its own: Ctrl-C is ours to obey, and a film that it cut short would look whole.
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
        )
        self._words: list[bytes] = []
        # Read while it speaks: an ffmpeg whose complaints nobody takes stands still, and so would we.
        self._reader = threading.Thread(target=self._read_words, name="ffmpeg's words", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._process.kill()
        self._end()

    def write(self, pixels: NDArray[np.uint8]) -> None:
        """Adds a picture (height, width, 4).

        Raises:
            OSError: ffmpeg has given up; it says why.
        """
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(np.ascontiguousarray(pixels).data)
        except OSError:  # a broken pipe
            self._process.kill()
            raise OSError(f"ffmpeg gave up: {self._end()}") from None

    def close(self) -> None:
        """Ends the film.

        Raises:
            OSError: ffmpeg could not finish it; it says why.
        """
        words = self._end()
        if self._process.returncode != 0:
            raise OSError(f"ffmpeg gave up: {words}")
        # An ffmpeg whose disk is full says so and ends with status 0.
        if not _is_whole(self._path):
            raise OSError(f"ffmpeg could not write all of the film: {words}")

    def _end(self) -> str:
        """Waits for ffmpeg to end, and returns its first words."""
        assert self._process.stdin is not None
        assert self._process.stderr is not None
        with suppress(OSError):  # what was still in the pipe cannot be delivered; the exit status tells of it
            self._process.stdin.close()
        self._process.wait()
        self._reader.join()
        self._process.stderr.close()
        lines = b"".join(self._words).decode(errors="replace").splitlines()
        status = self._process.returncode
        silent = f"exit status {status}" if status >= 0 else f"it was ended by {signal.Signals(-status).name}"
        # The first line tells the cause, those after it what came of that.
        return lines[0].strip() if lines else f"{silent}, without a word"

    def _read_words(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if len(self._words) < 20:
                self._words.append(line)


@contextmanager
def film(
    path: Path, *, size: tuple[int, int], rate_hz: float, duration_s: float, sound: FilmSound | None
) -> Iterator[Film]:
    """A film that appears at `path` whole when the block ends well, or not at all.

    Raises:
        ValueError: ffmpeg is not installed.
        OSError: It could not write the film.
    """
    with (
        TemporaryDirectory() as folder,
        whole_file(path) as part,
        Film(
            part,
            size=size,
            rate_hz=rate_hz,
            duration_s=duration_s,
            sound=_as_it_was_heard(sound, duration_s, Path(folder)),
        ) as growing,
    ):
        yield growing
        growing.close()


def _as_it_was_heard(sound: FilmSound | None, duration_s: float, folder: Path) -> FilmSound | None:
    """The part of a sound that is played, cut to the sample by our own reader and written into a folder.

    ffmpeg's -ss before -i begins MP3 with up to 169 ms of damaged sound and shifts some cuts of Ogg Vorbis by up to
    21 ms; and it hears nothing of some files that were written into a pipe. What we cannot read is left to ffmpeg.
    """
    if sound is None:
        return None
    try:
        samples, sample_rate_hz = read_channels(sound.path)
    except (ValueError, OSError):
        return sound
    first, count = round(sound.begin_s * sample_rate_hz), math.ceil(duration_s * sample_rate_hz)
    if sound.channels is not None:
        samples = samples[:, [channel - 1 for channel in sound.channels]]
    soundfile.write(folder / "sound.wav", samples[first : first + count], sample_rate_hz, subtype="FLOAT")
    return FilmSound(folder / "sound.wav", 0.0, sound.delay_s)


def _is_whole(path: Path) -> bool:
    """Whether an MP4 file has its index, and ends where its last box does (ISO 14496-12, 4.2)."""
    kinds, position, end = set(), 0, path.stat().st_size
    with path.open("rb") as file:
        while position < end:
            file.seek(position)
            header = file.read(16).ljust(16, b"\0")
            size, kind, large = struct.unpack(">I4sQ", header)
            kinds.add(kind)
            size = large if size == 1 else size
            if size < 8:
                return False
            position += size
    return position == end and {b"moov", b"mdat"} <= kinds


def _encoder(program: str) -> str:
    """The best encoder that this ffmpeg has.

    Raises:
        ValueError: It has none of ours.
    """
    listing = subprocess.run(
        [program, "-hide_banner", "-encoders"], capture_output=True, text=True, stdin=subprocess.DEVNULL
    ).stdout
    known = {words[1] for line in listing.splitlines() if len(words := line.split()) > 1}
    found = next((name for name in _ENCODERS if name in known), None)
    if found is None:
        raise ValueError(f"{program} has none of the encoders {', '.join(_ENCODERS)}: install another ffmpeg")
    return found
