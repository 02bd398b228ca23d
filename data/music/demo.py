"""The demo track: one song in full form, rendered at first use and kept in the user's cache folder."""

import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.formats.sound_file import write_sound
from data.music.synthesiser import RenderedSong, synthesise

_STYLE, _BPM, _NUM_BEATS, _SEED = "house", 116.0, 144, 4
_SAMPLE_RATE_HZ: Final = 48000


def user_cache_dir() -> Path:
    """The folder for things that can be made again, by the custom of each platform."""
    if configured := os.environ.get("XDG_CACHE_HOME"):
        base = Path(configured)
    elif local := os.environ.get("LOCALAPPDATA"):
        base = Path(local)
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path.home() / ".cache"
    return base / "transflower"


def render_demo() -> RenderedSong:
    """The demo track, 74.5 s at 48 kHz: intro, two themes, a break, the first theme again, an ending."""
    return synthesise(_STYLE, _BPM, _NUM_BEATS, _SEED, sample_rate_hz=_SAMPLE_RATE_HZ, structure="song")


def demo_song(cache_dir: Path | None = None) -> Path:
    """The demo track as a FLAC file; it is rendered if it is not in the cache, or not whole.

    Its beats lie beside it as JSON (see `demo_beat_times`). Writing is atomic, so that two processes may both ask.

    Args:
        cache_dir: where it is kept; the user's cache folder if None.

    Returns:
        The path of a 48 kHz mono 16-bit file. Its name changes with the synthesiser.
    """
    folder = cache_dir or user_cache_dir()
    path = folder / f"demo-{_fingerprint()}.flac"
    if not _is_whole(path):
        song = render_demo()
        folder.mkdir(parents=True, exist_ok=True)
        truth = {
            "style": song.style,
            "bpm": song.bpm,
            "num_samples": len(song.samples),
            "beat_times_s": song.beat_times_s.tolist(),
            "downbeat_times_s": song.downbeat_times_s.tolist(),
            "sections": [[s.name, s.start_beat, s.end_beat] for s in song.sections],
        }
        write_sound(path, song.samples, song.sample_rate_hz, subtype="PCM_16")
        truth["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        _replace(path.with_suffix(".json"), json.dumps(truth, indent=1).encode())
    return path


def demo_beat_times(path: Path) -> NDArray[np.float64]:
    """The exact beat times of the file that `demo_song` returned, seconds."""
    return np.array(json.loads(path.with_suffix(".json").read_text())["beat_times_s"], dtype=np.float64)


def _fingerprint() -> str:
    """A name for what this synthesiser would render: a digest of its own source."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]


def _is_whole(path: Path) -> bool:
    """Whether the file is the one that its JSON describes."""
    try:
        truth = json.loads(path.with_suffix(".json").read_text())
        return bool(truth["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest() and truth["beat_times_s"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _replace(path: Path, content: bytes) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        temporary = Path(folder) / path.name
        temporary.write_bytes(content)
        temporary.replace(path)
