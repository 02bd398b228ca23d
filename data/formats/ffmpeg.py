"""The program ffmpeg: the system's, or that of imageio-ffmpeg (extra film); and sound that only it can decode."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import soundfile

_HOW_TO_GET_IT: Final = (
    "which is not here: install it (Debian and Ubuntu: apt install ffmpeg; macOS: brew install ffmpeg; Windows: winget "
    "install ffmpeg), or let pip bring one: pip install -e '.[film]'"
)
_KINDS: Final = (
    (4, b"ftyp", "MPEG-4"),
    (0, b"\x1a\x45\xdf\xa3", "Matroska or WebM"),
    (0, b"\x30\x26\xb2\x75", "Windows Media"),
    (0, b"\xff\xf1", "AAC"),
    (0, b"\xff\xf9", "AAC"),
    (0, b"wvpk", "WavPack"),
    (0, b"MAC ", "Monkey's Audio"),
    (28, b"\x7fFLAC", "FLAC in Ogg"),
    (28, b"Speex   ", "Speex"),
)
"""Files that libsndfile does not know: where their mark is, and what they are. Others that it cannot read are broken,
and ffmpeg would make of them whatever is left."""
_CUT: Final = ("partial file", "ended prematurely", "moov atom not found", "truncat")
"""How ffmpeg tells of a file that was cut off; it mostly ends with status 0 then."""
_DURATION: Final = re.compile(r"Duration: (\d+):(\d\d):(\d\d\.\d+)")
_NO_DURATION: Final = ("Estimating duration", "Video:")
"""Of these files it is a guess, or that of the pictures."""
_SHORTER_S: Final = 0.2


def find_ffmpeg(who: str, otherwise: str = "") -> str:
    """The program.

    Args:
        who: Who needs it, for the message.
        otherwise: What the message says at its end.

    Raises:
        ValueError: There is none.
    """
    program = shutil.which("ffmpeg")
    if program is not None:
        return program
    try:
        import imageio_ffmpeg  # the extra film

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):  # not installed, or without a program for this system
        raise ValueError(f"{who} needs ffmpeg, {_HOW_TO_GET_IT}{otherwise}") from None


def kind_of(path: Path) -> str | None:
    """What a file is that ffmpeg alone decodes; None for any other."""
    with path.open("rb") as file:
        head = file.read(36)
    return next((kind for at, mark, kind in _KINDS if head[at : at + len(mark)] == mark), None)


@contextmanager
def decoded(path: Path) -> Iterator[Path]:
    """The first sound in a file, all of its channels, as a WAV that is there within the block.

    Raises:
        ValueError: There is no ffmpeg, the file holds no sound, or it is cut off; the message names it.
    """
    program = find_ffmpeg(f"{path}: {kind_of(path)}")
    with TemporaryDirectory() as folder:
        sound = Path(folder) / "sound.wav"
        # `file:` because a colon in a name would else be taken for a protocol, and a dash for an option
        command = [program, "-hide_banner", "-nostats", "-nostdin", "-i", f"file:{path}", "-map", "0:a:0", "-vn"]
        command += ["-c:a", "pcm_f32le", "-rf64", "auto", "-f", "wav", str(sound)]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        words = done.stderr.strip()
        if any(word in words for word in _CUT) or (done.returncode == 0 and _is_shorter(sound, words)):
            raise ValueError(f"{path} is cut off: it is shorter than its header says; copy it again")
        if done.returncode != 0:
            why = "it holds no sound" if "matches no streams" in words else (words.splitlines() or ["no reason"])[-1]
            raise ValueError(f"{path} cannot be read as sound by ffmpeg: {why}")
        yield sound


def _is_shorter(sound: Path, words: str) -> bool:
    """Whether a sound that was decoded is shorter than its file said to ffmpeg."""
    duration = _DURATION.search(words)
    if duration is None or any(word in words for word in _NO_DURATION):
        return False
    hours, minutes, seconds = duration.groups()
    with soundfile.SoundFile(sound) as file:
        return file.frames / file.samplerate < 3600 * int(hours) + 60 * int(minutes) + float(seconds) - _SHORTER_S
