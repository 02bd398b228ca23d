"""Which sounds a folder holds, and where their beats are written down."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from data.formats.sound_file import read_sound
from data.music import TempoMap
from data.sound.streaming import FloatArray
from training.beats.annotation import Annotation, read_clip_tempi, read_lines, read_tempo_map, steady
from training.beats.midi import read_delay_s, read_midi

SOUNDS: Final = (".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff")
TABLE, GAME_NOTES = "clips.csv", "notes.mid"
GAME_SOUNDS: Final = ("song.ogg", "guitar.ogg", "rhythm.ogg", "drums.ogg")
FORMS: Final = (
    "NAME.beats or NAME.txt (seconds, and in .beats the place in the bar), NAME.mid, NAME.json (tempo map) or clips.csv"
)

_READERS: Final[dict[str, Callable[[Path, float], Annotation]]] = {
    ".beats": lambda path, duration_s: read_lines(path, knows_places=True).cut(str(path), duration_s),
    ".txt": lambda path, duration_s: read_lines(path, knows_places=False).cut(str(path), duration_s),
    ".mid": read_midi,
    ".midi": read_midi,
    ".json": read_tempo_map,
}
"""By ending; the first that is there is taken."""


@dataclass(frozen=True)
class BeatClip:
    """A recording whose beats are known.

    Attributes:
        name: Of the recording: its file without ending, with the folders below the one that was named.
        group: The folder that it lies in.
        sounds: Its files; what belongs to a game's song is heard together.
        beats: The file that says where its beats are.
    """

    name: str
    group: str
    sounds: tuple[Path, ...]
    beats: Path

    def read(self) -> tuple[FloatArray, int, Annotation]:
        """Mono samples (n,), their rate in Hz, and the beats within them.

        Raises:
            ValueError: The sound or the beats cannot be read, or do not belong together.
        """
        parts = [read_sound(path) for path in self.sounds]
        samples, rate_hz = parts[0]
        for path, (more, other_hz) in zip(self.sounds[1:], parts[1:], strict=True):
            if other_hz != rate_hz:
                raise ValueError(f"{path} has {other_hz} samples a second, {self.sounds[0]} {rate_hz}: make them one")
            length = max(len(samples), len(more))
            samples = np.pad(samples, (0, length - len(samples))) + np.pad(more, (0, length - len(more)))
        return samples, rate_hz, self.annotation(len(samples) / rate_hz)

    def annotation(self, duration_s: float) -> Annotation:
        """Its beats within so much sound."""
        if self.beats.name == TABLE:
            bpm, offset_s, per_bar = read_clip_tempi(self.beats)[self.sounds[0].stem]
            return steady(self.beats, TempoMap.constant(bpm), offset_s, per_bar, duration_s).cut(
                f"{self.beats}, {self.sounds[0].stem}", duration_s
            )
        if self.beats.name == GAME_NOTES:
            found = read_midi(self.beats, duration_s, read_delay_s(self.beats.with_name("song.ini")))
        else:
            found = _READERS[self.beats.suffix.lower()](self.beats, duration_s)
        return found.cut(str(self.beats), duration_s)


@dataclass(frozen=True)
class Found:
    """What folders hold.

    Attributes:
        clips: Recordings with beats, in the order of their names.
        without_beats: Sounds of which nobody wrote down the beats.
    """

    clips: tuple[BeatClip, ...]
    without_beats: tuple[Path, ...]


def find_clips(folders: tuple[Path, ...]) -> Found:
    """The recordings of folders and of all folders below, each with the beats that lie beside it.

    Raises:
        ValueError: A folder is not there, or holds no sound with beats.
    """
    clips: list[BeatClip] = []
    without: list[Path] = []
    for folder in folders:
        if not folder.is_dir():
            raise ValueError(f"{folder}: there is no such folder; name one that holds sounds with their beats")
        prefix = "" if len(folders) == 1 else f"{folder.name}/"
        some: list[BeatClip] = []
        for place in sorted({path.parent for path in folder.rglob("*") if _is_sound(path)}):
            below = place.relative_to(folder).as_posix()
            group = folder.name or str(folder) if below == "." else f"{prefix}{below}"
            found, missing = _in_folder(place, group)
            some += found
            without += missing
        if not some:
            what = f"none of its {len(without)} sounds has beats" if without else f"no sound ({', '.join(SOUNDS)})"
            raise ValueError(f"{folder}: {what}; beats lie beside a sound as {FORMS}")
        clips += some
    return Found(tuple(clips), tuple(without))


def _is_sound(path: Path) -> bool:
    return path.suffix.lower() in SOUNDS and path.is_file()


def _in_folder(place: Path, group: str) -> tuple[list[BeatClip], list[Path]]:
    """The clips of one folder, and its sounds without beats."""
    sounds = sorted(path for path in place.iterdir() if _is_sound(path))
    if (notes := place / GAME_NOTES).is_file() and (parts := [path for path in sounds if path.name in GAME_SOUNDS]):
        upper, _, name = group.rpartition("/")
        parts.sort(key=lambda path: GAME_SOUNDS.index(path.name))
        return [BeatClip(group, upper or name, tuple(parts), notes)], []
    named = read_clip_tempi(place / TABLE) if (place / TABLE).is_file() else {}
    stems = {path.stem for path in sounds}
    clips, without = [], []
    for sound in sounds:
        beats = _beats_of(sound, stems)
        if beats is None and sound.stem in named:
            beats = place / TABLE
        if beats is None:
            without.append(sound)
        else:
            clips.append(BeatClip(f"{group}/{sound.stem}", group, (sound,), beats))
    return clips, without


def _beats_of(sound: Path, stems: set[str]) -> Path | None:
    """The file of a sound's beats: of its name, or, as the SMC set has it, of a name that goes on behind it."""
    for ending in _READERS:
        if (exact := sound.with_name(sound.stem + ending)).is_file():
            return exact
    longer = [
        path
        for path in sorted(sound.parent.iterdir())
        if path.suffix.lower() in _READERS and path.name.startswith(f"{sound.stem}_") and path.stem not in stems
    ]
    return longer[0] if len(longer) == 1 else None
