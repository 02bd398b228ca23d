"""AIST++ as it is distributed: how its folders lie, what the names of its clips say, and how its motions are read.

Names and tempi are those of the AIST Dance Video Database (Tsuchida, Fukayama, Hamasaki, Goto, ISMIR 2019), motions
those of AIST++ (Li, Yang, Ross, Kanazawa, AI Choreographer, ICCV 2021).
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from data.dataset.choreography import ClipEntry
from data.formats.smpl import read_smpl, to_motion
from data.motion.motion import Motion

RATE_HZ: Final = 60.0
"""Frames a second of every motion; the files do not say it."""

MOTION_FOLDER: Final = "motions"
MUSIC_FOLDERS: Final = ("wav", "wavs", "mp3", "music", "musics", "all_musics", "audio", "sound")
"""Folders that may hold the pieces, beside the motions: no name is official, the music being AIST's own download."""

IGNORE_LIST: Final = "ignore_list.txt"

_CLIP_NAME: Final = re.compile(
    r"g(?P<genre>[A-Z]{2})_s(?P<situation>[A-Z]{2})_c(?P<camera>All|\d\d)_d(?P<dancer>\d\d)"
    r"_m(?P<music>[A-Z]{2}[0-5])_ch(?P<choreography>\d\d)"
)


@dataclass(frozen=True, kw_only=True)
class ClipName:
    """What `gBR_sBM_cAll_d06_mBR2_ch06` says.

    Attributes:
        genre: BR break, HO house, JB ballet jazz, JS street jazz, KR krump, LH LA-style hip-hop, LO lock, MH middle
            hip-hop, PO pop, WA waack.
        situation: BM basic dance, FM the dancer's own advanced choreography.
        camera: All, or the number of one.
        dancer: 01 to 40.
        music: genre and number of the piece, without the m before it.
        choreography: number among those of its genre and situation.

    Example:
        >>> name = ClipName.parse("gBR_sBM_cAll_d06_mBR2_ch06")
        >>> name.piece, name.group, name.bpm
        ('mBR2', 'gBR_sBM__ch06', 100.0)
    """

    genre: str
    situation: str
    camera: str
    dancer: str
    music: str
    choreography: str

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """What a file's name without its ending says, or None where it is no name of AIST++."""
        match = _CLIP_NAME.fullmatch(name)
        return cls(**match.groupdict()) if match else None

    @property
    def piece(self) -> str:
        """Name of the music's file without its ending: `mBR2`."""
        return f"m{self.music}"

    @property
    def group(self) -> str:
        """The choreography, whoever dances it to whatever piece: `gBR_sBM__ch06`."""
        return f"g{self.genre}_s{self.situation}__ch{self.choreography}"

    @property
    def bpm(self) -> float:
        """Tempo of the piece: six for each genre, from 80 by tens, for house from 110 by fives.

        The lengths of 126 basic dances bear it out: at these tempi each is 16 beats long.
        """
        number = int(self.music[-1])
        return 110.0 + 5 * number if self.music.startswith("HO") else 80.0 + 10 * number


def clip_entry(name: str) -> ClipEntry | None:
    """What a clip's name says, as a row of a clips.csv would; None where it is no name of AIST++.

    Dance and piece begin together, on the first beat of a bar.
    """
    clip = ClipName.parse(name)
    return ClipEntry(name, clip.genre, clip.group, clip.bpm) if clip else None


def sound_names(name: str) -> tuple[str, ...]:
    """Names that a clip's sound may have without their endings: its own, then its piece's."""
    clip = ClipName.parse(name)
    return (name, clip.piece) if clip else (name,)


def motion_folder(folder: Path) -> Path:
    """The motions in an unpacked download, at most two folders down; the folder itself where there is none."""
    found = [folder / MOTION_FOLDER, *sorted(folder.glob(f"*/{MOTION_FOLDER}"))]
    return next((place for place in found if place.is_dir()), folder)


def music_folders(motions: Path) -> list[Path]:
    """Folders beside the motions that may hold their music."""
    beside = {path.name.lower(): path for path in sorted(motions.parent.iterdir(), reverse=True) if path.is_dir()}
    return [beside[name] for name in MUSIC_FOLDERS if name in beside]


def ignored_clips(motions: Path) -> frozenset[str]:
    """Names of the clips that AIST++'s authors found badly reconstructed: the list beside the motions, or in them."""
    lists = [place / IGNORE_LIST for place in (motions.parent, motions) if (place / IGNORE_LIST).is_file()]
    return frozenset(name for path in lists for name in path.read_text(encoding="utf-8").split())


def read_motion(path: Path) -> Motion:
    """A motion file of AIST++, on humanoid bones at 60 frames a second.

    Raises:
        ValueError: it is none; see `data.formats.smpl.read_smpl`.
        OSError: the file cannot be read.
    """
    return to_motion(read_smpl(path), RATE_HZ)
